//! Every key of the configuration file, once: its path, what it holds, what it means.

use std::fmt;

/// One key of the file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The path, tables joined by dots; `*` stands for a name the user chooses.
    pub path: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// What it is for, one line, as the example file says it.
    pub meaning: &'static str,
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text that is not empty.
    Text,
    /// A path; relative to the directory of the file, `~/` for home.
    Path,
    /// Where to listen.
    Address,
    /// The URL of an engine.
    Url,
    /// A list of paths, each like [`Kind::Path`].
    Paths,
    /// `true` or `false`.
    Flag,
    /// A whole number within limits, both included.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// What is expected of an address.
pub const ADDRESS: &str = "an address and a port, such as 127.0.0.1:8470 or [::]:8470";
/// What is expected of a URL.
pub const URL: &str = "a URL such as https://provost.example.com, without query and user";

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a text in quotes"),
            Self::Path => f.write_str("a path in quotes"),
            Self::Address => f.write_str(ADDRESS),
            Self::Url => f.write_str(URL),
            Self::Paths => f.write_str("a list of paths in quotes"),
            Self::Flag => f.write_str("true or false"),
            Self::Number { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Choice(words) => write!(f, "one of \"{}\"", words.join("\", \"")),
        }
    }
}

/// The colours by which a context is told apart, the 8 of every terminal.
pub const COLOURS: &[&str] = &[
    "red", "green", "yellow", "blue", "magenta", "cyan", "white", "grey",
];

/// The levels of the log, least first.
pub const LEVELS: &[&str] = &["error", "warn", "info", "debug", "trace"];

/// Every key, in the order of the example file.
pub const KEYS: &[Key] = &[
    Key {
        path: "data_dir",
        kind: Kind::Path,
        meaning: "the directory with the database and the engine's socket",
    },
    Key {
        path: "database",
        kind: Kind::Text,
        meaning: "sqlite:FILE where the database shall lie elsewhere",
    },
    Key {
        path: "listen",
        kind: Kind::Address,
        meaning: "address and port of the HTTP server",
    },
    Key {
        path: "public_url",
        kind: Kind::Url,
        meaning: "the URL by which identity providers reach this engine, without /scim/v2",
    },
    Key {
        path: "behind_proxy",
        kind: Kind::Flag,
        meaning: "a proxy in front terminates TLS, so a public address without a certificate is right",
    },
    Key {
        path: "context",
        kind: Kind::Text,
        meaning: "the remote engine to speak to when none is named; see [contexts]",
    },
    Key {
        path: "read_only",
        kind: Kind::Flag,
        meaning: "refuse every change, wherever it would go",
    },
    Key {
        path: "log_level",
        kind: Kind::Choice(LEVELS),
        meaning: "what the engine says of itself",
    },
    Key {
        path: "theme",
        kind: Kind::Text,
        meaning: "how the console looks: ansi16, mono, dark, light, or a TOML file with a theme of your own",
    },
    Key {
        path: "fresh",
        kind: Kind::Flag,
        meaning: "open the console on Home, and neither restore nor remember where it was left",
    },
    Key {
        path: "tls.cert",
        kind: Kind::Path,
        meaning: "the certificate chain, PEM",
    },
    Key {
        path: "tls.key",
        kind: Kind::Path,
        meaning: "its private key, PEM, readable by the engine's user alone",
    },
    Key {
        path: "request_log.days",
        kind: Kind::Number { min: 1, max: 3650 },
        meaning: "lines older than this are removed",
    },
    Key {
        path: "request_log.rows",
        kind: Kind::Number {
            min: 1_000,
            max: 1_000_000_000,
        },
        meaning: "the oldest lines beyond this number are removed",
    },
    number(
        "limits.body_bytes",
        65_536,
        67_108_864,
        "bytes of one request body; /ServiceProviderConfig announces it",
    ),
    number(
        "limits.header_bytes",
        8_192,
        1_048_576,
        "bytes of request line and headers",
    ),
    number("limits.header_count", 20, 1_000, "headers of one request"),
    number(
        "limits.connections",
        1,
        100_000,
        "connections at a time; those beyond are told 503",
    ),
    number(
        "limits.unix_connections",
        1,
        10_000,
        "connections to the socket in the data directory at a time",
    ),
    number("limits.streams", 1, 10_000, "live tails at a time"),
    number("limits.handshake_seconds", 1, 300, "for a TLS handshake"),
    number(
        "limits.header_seconds",
        1,
        300,
        "from the first byte of a request to the end of its headers",
    ),
    number(
        "limits.body_seconds",
        1,
        3_600,
        "from there to the end of the body",
    ),
    number(
        "limits.request_seconds",
        1,
        3_600,
        "from there to the answer",
    ),
    number(
        "limits.write_seconds",
        1,
        3_600,
        "how long a client may leave an answer unread",
    ),
    number(
        "limits.idle_seconds",
        1,
        3_600,
        "how long a connection may wait for its next request",
    ),
    number(
        "limits.wrong_tokens_per_minute",
        1,
        100_000,
        "wrong tokens of one client a minute; further ones are told 429",
    ),
    number(
        "limits.unauthenticated_log_per_minute",
        1,
        100_000,
        "requests of one client a minute that are logged although they brought no valid token",
    ),
    Key {
        path: "rate.per_second",
        kind: Kind::Number {
            min: 0,
            max: 1_000_000,
        },
        meaning: "requests a second of one token or OAuth client; faster ones are told 429; 0 holds nobody up",
    },
    Key {
        path: "rate.burst",
        kind: Kind::Number {
            min: 1,
            max: 1_000_000,
        },
        meaning: "how many of them may come at once after a pause",
    },
    Key {
        path: "oauth.token_seconds",
        kind: Kind::Number {
            min: 60,
            max: 86_400,
        },
        meaning: "how long the access tokens live that OAuth clients fetch, in seconds",
    },
    Key {
        path: "sso.refresh_seconds",
        kind: Kind::Number {
            min: 0,
            max: 2_592_000,
        },
        meaning: "how often the metadata of the identity provider is read again, in seconds; 0 leaves it to admins",
    },
    Key {
        path: "smtp.host",
        kind: Kind::Text,
        meaning: "the server by which links to set a password are mailed; without it an admin copies them",
    },
    Key {
        path: "smtp.port",
        kind: Kind::Number {
            min: 1,
            max: 65_535,
        },
        meaning: "its port; 587, or 465 for tls",
    },
    Key {
        path: "smtp.tls",
        kind: Kind::Choice(super::smtp::TLS),
        meaning: "none is for a server on this machine alone",
    },
    Key {
        path: "smtp.user",
        kind: Kind::Text,
        meaning: "who signs in there",
    },
    Key {
        path: "smtp.password_file",
        kind: Kind::Path,
        meaning: "a file, readable by you alone, with their password",
    },
    Key {
        path: "smtp.from",
        kind: Kind::Text,
        meaning: "from whom mail is",
    },
    Key {
        path: "scim.user_schemas",
        kind: Kind::Paths,
        meaning: "files with your own attributes of members, as RFC 7643 writes schemas",
    },
    Key {
        path: "scim.group_schemas",
        kind: Kind::Paths,
        meaning: "files with your own attributes of teams",
    },
    Key {
        path: "contexts.*.url",
        kind: Kind::Url,
        meaning: "the URL of the engine",
    },
    Key {
        path: "contexts.*.token_file",
        kind: Kind::Path,
        meaning: "a file, readable by you alone, with an admin token",
    },
    Key {
        path: "contexts.*.colour",
        kind: Kind::Choice(COLOURS),
        meaning: "the colour by which the console marks it",
    },
    Key {
        path: "contexts.*.read_only",
        kind: Kind::Flag,
        meaning: "refuse every change in this context",
    },
];

const fn number(path: &'static str, min: i64, max: i64, meaning: &'static str) -> Key {
    Key {
        path,
        kind: Kind::Number { min, max },
        meaning,
    }
}

/// The key that a path in a file means. A path is what the file nests, each part a name.
pub fn find(path: &[&str]) -> Option<&'static Key> {
    KEYS.iter().find(|key| fits(key.path, path, Part::Whole))
}

/// Whether a path is that of a table which holds keys.
pub fn is_table(path: &[&str]) -> bool {
    path.is_empty() || KEYS.iter().any(|key| fits(key.path, path, Part::Beginning))
}

/// The valid key that a mistyped one most likely means.
pub fn nearest(path: &[&str]) -> Option<String> {
    let tables = KEYS.iter().filter_map(|key| key.path.split_once('.'));
    let candidates: Vec<String> = KEYS
        .iter()
        .map(|key| fill(key.path, path))
        .chain(tables.map(|(table, _)| table.to_owned()))
        .chain(["policy".to_owned()])
        .collect();
    let candidates = candidates.iter().map(String::as_str);
    crate::nearest::nearest(&path.join("."), candidates).map(str::to_owned)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Beginning,
}

fn fits(pattern: &str, path: &[&str], part: Part) -> bool {
    let names = pattern.split('.');
    let count = names.clone().count();
    let length_fits = match part {
        Part::Whole => path.len() == count,
        Part::Beginning => path.len() < count,
    };
    length_fits
        && names
            .zip(path)
            .all(|(name, given)| name == "*" || name == *given)
}

/// Puts the user's own name in the place of `*`, so that only the mistyped part differs.
fn fill(pattern: &str, path: &[&str]) -> String {
    let parts: Vec<&str> = pattern
        .split('.')
        .enumerate()
        .map(|(at, name)| match path.get(at) {
            Some(given) if name == "*" => given,
            _ => name,
        })
        .collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::top(&["lisen"], Some("listen"))]
    #[case::dash(&["public-url"], Some("public_url"))]
    #[case::table(&["request_log", "day"], Some("request_log.days"))]
    #[case::wrong_table(&["requestlog", "days"], Some("request_log.days"))]
    #[case::context(&["contexts", "prod", "color"], Some("contexts.prod.colour"))]
    #[case::the_table_itself(&["context", "prod", "url"], Some("contexts.prod.url"))]
    #[case::nothing_like_it(&["zzz"], None)]
    fn a_mistyped_key_finds_its_neighbour(#[case] path: &[&str], #[case] expected: Option<&str>) {
        assert_eq!(nearest(path).as_deref(), expected);
    }

    #[test]
    fn tables_and_keys_are_told_apart() {
        assert!(is_table(&["contexts", "prod"]) && find(&["contexts", "prod"]).is_none());
        assert!(!is_table(&["listen"]) && find(&["listen"]).is_some());
    }
}
