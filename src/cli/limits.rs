//! How much of anything the HTTP server takes: the table of the configuration file over the server's defaults.

use std::time::Duration;

use crate::config::{LimitsTable, Settings};
use crate::server::{Limits, Rate};

/// The limits that hold.
pub fn limits(settings: &Settings) -> Limits {
    let rate = settings.rate;
    Limits {
        rate: rate.map(|limit| Rate::per_second(limit.per_second, limit.burst)),
        access_token_ttl: Duration::from_secs(settings.token_seconds.into()),
        ..of_table(&settings.limits)
    }
}

fn of_table(table: &LimitsTable) -> Limits {
    let default = Limits::default();
    let seconds =
        |given: Option<u64>, default: Duration| given.map_or(default, Duration::from_secs);
    Limits {
        connections: table.connections.unwrap_or(default.connections),
        unix_connections: table.unix_connections.unwrap_or(default.unix_connections),
        streams: table.streams.unwrap_or(default.streams),
        header_count: table.header_count.unwrap_or(default.header_count),
        header_bytes: table.header_bytes.unwrap_or(default.header_bytes),
        body_bytes: table.body_bytes.unwrap_or(default.body_bytes),
        handshake_timeout: seconds(table.handshake_seconds, default.handshake_timeout),
        header_timeout: seconds(table.header_seconds, default.header_timeout),
        body_timeout: seconds(table.body_seconds, default.body_timeout),
        request_timeout: seconds(table.request_seconds, default.request_timeout),
        write_timeout: seconds(table.write_seconds, default.write_timeout),
        idle_timeout: seconds(table.idle_seconds, default.idle_timeout),
        auth_failures: table
            .wrong_tokens_per_minute
            .unwrap_or(default.auth_failures),
        unauthenticated_log: table
            .unauthenticated_log_per_minute
            .unwrap_or(default.unauthenticated_log),
        ..default
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::ConfigFile;

    fn parse(text: &str) -> Limits {
        of_table(&ConfigFile::parse(text, Path::new("p.toml")).unwrap().limits)
    }

    #[test]
    fn what_the_file_does_not_say_is_the_server_s_default() {
        assert_eq!(parse(""), Limits::default());
        let one = parse("limits.body_bytes = 65536");
        assert_eq!(one.body_bytes, 65_536);
        assert_eq!(one.connections, Limits::default().connections);
    }

    /// Uncommenting a line of the example changes nothing, and each key reaches the limit it names.
    #[test]
    fn the_example_shows_the_defaults_and_every_key_counts() {
        let example: Vec<&str> = include_str!("../../assets/provost.example.toml")
            .lines()
            .filter_map(|line| line.strip_prefix("#= "))
            .skip_while(|line| *line != "[limits]")
            .enumerate()
            .take_while(|(at, line)| *at == 0 || !line.starts_with('['))
            .map(|(_, line)| line)
            .collect();
        assert_eq!(parse(&example.join("\n")), Limits::default());
        for line in &example[1..] {
            let (key, value) = line.split_once(" = ").unwrap();
            let other = value.parse::<u64>().unwrap() + 1;
            let changed = parse(&format!("[limits]\n{key} = {other}"));
            assert_ne!(changed, Limits::default(), "{key} does nothing");
            assert!(format!("{changed:?}").contains(&other.to_string()), "{key}");
        }
    }
}
