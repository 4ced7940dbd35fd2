//! Where the state is kept: a SQLite file today, behind the same URL that will name a PostgreSQL server.

use std::path::{Path, PathBuf};

use super::error::ConfigError;

/// A database to keep the state in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// The file in the data directory.
    InDataDir,
    /// Another SQLite file.
    Sqlite(PathBuf),
}

impl Database {
    /// Reads `sqlite:FILE`, `sqlite:` (the file in the data directory) and, to say that they come later, `postgres:` URLs.
    pub fn parse(url: &str) -> Result<Self, ConfigError> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        match scheme {
            "sqlite" => {
                // `sqlite:///var/x` names /var/x as other programs write it; `sqlite:x` is relative.
                let file = rest.strip_prefix("//").unwrap_or(rest);
                Ok(if file.is_empty() {
                    Self::InDataDir
                } else {
                    Self::Sqlite(PathBuf::from(file))
                })
            }
            "postgres" | "postgresql" => Err(ConfigError::PostgresComesLater {
                scheme: scheme.to_owned(),
            }),
            _ => Err(ConfigError::WrongFlag {
                name: "database",
                // A URL may hold a password: only its beginning is repeated.
                found: scheme.to_owned(),
                expected: "sqlite:FILE",
            }),
        }
    }

    /// The file, given the one of the data directory.
    pub fn file<'a>(&'a self, in_data_dir: &'a Path) -> &'a Path {
        match self {
            Self::InDataDir => in_data_dir,
            Self::Sqlite(file) => file,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::relative("sqlite:state.db", "state.db")]
    #[case::absolute("sqlite:/var/lib/p.db", "/var/lib/p.db")]
    #[case::three_slashes("sqlite:///var/lib/p.db", "/var/lib/p.db")]
    fn a_sqlite_file_is_named(#[case] url: &str, #[case] file: &str) {
        assert_eq!(Database::parse(url).unwrap(), Database::Sqlite(file.into()));
    }

    #[test]
    fn the_bare_scheme_means_the_data_directory() {
        assert_eq!(Database::parse("sqlite:").unwrap(), Database::InDataDir);
    }

    #[rstest]
    #[case::postgres("postgres://u:secret@db/provost")]
    #[case::postgresql("postgresql://u:secret@db/provost")]
    #[case::mysql("mysql://u:secret@db/provost")]
    #[case::no_scheme("provost.db")]
    fn another_database_is_refused_without_its_password(#[case] url: &str) {
        let refused = Database::parse(url).unwrap_err().to_string();
        assert!(
            refused.to_lowercase().contains("sqlite") && !refused.contains("secret"),
            "{refused}"
        );
    }
}
