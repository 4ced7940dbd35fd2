//! The table `[smtp]`: by which server mail is sent. Without it no mail is.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::error::ConfigError;

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpTable {
    /// The server.
    pub host: Option<String>,
    /// Its port; what is usual for `tls` where absent.
    pub port: Option<u16>,
    /// How the connection is kept from others, one of [`TLS`].
    pub tls: Option<String>,
    /// Who signs in there.
    pub user: Option<String>,
    /// A file with their password.
    pub password_file: Option<PathBuf>,
    /// From whom mail is: an address, perhaps with a name.
    pub from: Option<String>,
}

/// The values of `smtp.tls`.
pub const TLS: &[&str] = &["starttls", "tls", "none"];

/// How a connection to a mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// TLS after a first word in the clear; nothing is sent without it.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all, on this machine.
    None,
}

/// By which server mail is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub tls: SmtpTls,
    /// Who signs in there, and the file with their password.
    pub login: Option<(String, PathBuf)>,
    /// From whom mail is.
    pub from: String,
}

impl SmtpTable {
    /// What holds; `None` where the table is not there.
    pub(super) fn settings(self) -> Result<Option<SmtpSettings>, ConfigError> {
        if self == Self::default() {
            return Ok(None);
        }
        let needs = |given, missing| ConfigError::HalfTls { given, missing };
        let host = self.host.ok_or_else(|| needs("[smtp]", "smtp.host"))?;
        let from = self.from.ok_or_else(|| needs("smtp.host", "smtp.from"))?;
        let tls = match self.tls.as_deref() {
            Some("tls") => SmtpTls::Tls,
            Some("none") => SmtpTls::None,
            _ => SmtpTls::Starttls,
        };
        // A link in a mail opens an account; and so does the password of the server.
        if tls == SmtpTls::None && !is_this_machine(&host) {
            return Err(ConfigError::WrongFlag {
                name: "smtp.tls",
                found: "none".into(),
                expected: "starttls or tls, since the server is another machine",
            });
        }
        let login = match (self.user, self.password_file) {
            (Some(user), Some(file)) => Some((user, file)),
            (None, None) => None,
            (Some(_), None) => return Err(needs("smtp.user", "smtp.password_file")),
            (None, Some(_)) => return Err(needs("smtp.password_file", "smtp.user")),
        };
        Ok(Some(SmtpSettings {
            port: self.port.unwrap_or(match tls {
                SmtpTls::Starttls => 587,
                SmtpTls::Tls => 465,
                SmtpTls::None => 25,
            }),
            host,
            tls,
            login,
            from,
        }))
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn table() -> SmtpTable {
        SmtpTable {
            host: Some("mail.example.com".into()),
            from: Some("provost@example.com".into()),
            ..SmtpTable::default()
        }
    }

    #[test]
    fn without_a_table_there_is_no_mail() {
        assert_eq!(SmtpTable::default().settings().unwrap(), None);
        let settings = table().settings().unwrap().unwrap();
        assert_eq!((settings.tls, settings.port), (SmtpTls::Starttls, 587));
    }

    #[rstest]
    #[case::no_host(SmtpTable { host: None, ..table() }, "smtp.host")]
    #[case::no_from(SmtpTable { from: None, ..table() }, "smtp.from")]
    #[case::no_password(SmtpTable { user: Some("u".into()), ..table() }, "smtp.password_file")]
    #[case::in_the_clear(SmtpTable { tls: Some("none".into()), ..table() }, "another machine")]
    fn half_a_table_is_refused(#[case] table: SmtpTable, #[case] expected: &str) {
        let error = table.settings().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
