//! Brings a database to the schema this program knows. Migrations are numbered SQL files, embedded, applied once each in
//! one transaction, and remembered with their checksum. `user_version` holds the newest one.
//!
//! A database of a newer Provost is refused before anything is written to it.

use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use super::failure::{Failure, Fallible};
use super::values::nanos;
use crate::store::StoreError;

/// `PRVS` in the header of the file: the database is Provost's.
const APPLICATION_ID: i64 = 0x5052_5653;

/// One step of the schema. Never changed after a release: its checksum is kept.
struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

/// All of them, in order, numbered from 1 without gaps.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "directory",
        sql: include_str!("migrations/0001_directory.sql"),
    },
    Migration {
        version: 2,
        name: "sorting",
        sql: include_str!("migrations/0002_sorting.sql"),
    },
    Migration {
        version: 3,
        name: "oauth",
        sql: include_str!("migrations/0003_oauth.sql"),
    },
    Migration {
        version: 4,
        name: "events",
        sql: include_str!("migrations/0004_events.sql"),
    },
    Migration {
        version: 5,
        name: "flags",
        sql: include_str!("migrations/0005_flags.sql"),
    },
    Migration {
        version: 6,
        name: "settings",
        sql: include_str!("migrations/0006_settings.sql"),
    },
    Migration {
        version: 7,
        name: "unique",
        sql: include_str!("migrations/0007_unique.sql"),
    },
    Migration {
        version: 8,
        name: "undo",
        sql: include_str!("migrations/0008_undo.sql"),
    },
    Migration {
        version: 9,
        name: "link",
        sql: include_str!("migrations/0009_link.sql"),
    },
    Migration {
        version: 10,
        name: "lives",
        sql: include_str!("migrations/0010_lives.sql"),
    },
    Migration {
        version: 11,
        name: "teams",
        sql: include_str!("migrations/0011_teams.sql"),
    },
    Migration {
        version: 12,
        name: "guards",
        sql: include_str!("migrations/0012_guards.sql"),
    },
    Migration {
        version: 13,
        name: "namesakes",
        sql: include_str!("migrations/0013_namesakes.sql"),
    },
    Migration {
        version: 14,
        name: "released",
        sql: include_str!("migrations/0014_released.sql"),
    },
    Migration {
        version: 15,
        name: "roles",
        sql: include_str!("migrations/0015_roles.sql"),
    },
    Migration {
        version: 16,
        name: "sso",
        sql: include_str!("migrations/0016_sso.sql"),
    },
    Migration {
        version: 17,
        name: "password_links",
        sql: include_str!("migrations/0017_password_links.sql"),
    },
    Migration {
        version: 18,
        name: "invited",
        sql: include_str!("migrations/0018_invited.sql"),
    },
    Migration {
        version: 19,
        name: "refresh",
        sql: include_str!("migrations/0019_refresh.sql"),
    },
];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied INTEGER NOT NULL
) STRICT";

/// Checks whose database this is and applies what is missing.
pub fn migrate(connection: &mut Connection, path: &Path) -> Fallible<()> {
    migrate_with(connection, path, MIGRATIONS)
}

fn migrate_with(
    connection: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Fallible<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let application: i64 = transaction.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let tables: Vec<String> = transaction
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 4")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if application != APPLICATION_ID && !(application == 0 && tables.is_empty()) {
        return Err(Failure::Refused(StoreError::Corrupt {
            path: path.to_owned(),
            reason: format!(
                "it is an SQLite database of another program (application id {application}, tables {})",
                if tables.is_empty() {
                    "none".to_owned()
                } else {
                    tables.join(", ")
                }
            ),
        }));
    }
    let found: u32 = transaction.pragma_query_value(None, "user_version", |r| r.get(0))?;
    let known = migrations.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(Failure::Refused(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        }));
    }
    transaction.execute_batch(LEDGER)?;
    for migration in migrations {
        let checksum = checksum(migration.sql);
        if migration.version <= found {
            verify(&transaction, path, migration, &checksum)?;
            continue;
        }
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO migration (version, name, checksum, applied) VALUES (?1, ?2, ?3, ?4)",
            params![
                migration.version,
                migration.name,
                checksum,
                nanos(Timestamp::now())
            ],
        )?;
    }
    if found < known {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", known)?;
        transaction.commit()?;
    }
    Ok(())
}

/// An applied migration must be the one this program would apply, else the schema is not what the code thinks.
fn verify(
    connection: &Connection,
    path: &Path,
    migration: &Migration,
    checksum: &str,
) -> Fallible<()> {
    let applied: Option<String> = rusqlite::OptionalExtension::optional(connection.query_row(
        "SELECT checksum FROM migration WHERE version = ?1",
        [migration.version],
        |row| row.get(0),
    ))?;
    if applied.as_deref() == Some(checksum) {
        return Ok(());
    }
    Err(Failure::Refused(StoreError::Corrupt {
        path: path.to_owned(),
        reason: format!(
            "migration {} ({}) differs from the one this program knows",
            migration.version, migration.name
        ),
    }))
}

fn checksum(sql: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in digest(&SHA256, sql.as_bytes()).as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(sql: &'static str) -> Vec<Migration> {
        vec![Migration {
            version: 1,
            name: "first",
            sql,
        }]
    }

    fn version(connection: &Connection) -> u32 {
        connection
            .pragma_query_value(None, "user_version", |r| r.get(0))
            .expect("a version")
    }

    #[test]
    fn numbers_have_no_gaps() {
        let versions: Vec<u32> = MIGRATIONS.iter().map(|m| m.version).collect();
        let expected: Vec<u32> = (1..).take(versions.len()).collect();
        assert_eq!(versions, expected);
    }

    #[test]
    fn applies_each_once_and_only_what_is_missing() {
        let mut connection = Connection::open_in_memory().expect("memory");
        let path = Path::new("provost.db");
        let mut all = first("CREATE TABLE a (x)");
        migrate_with(&mut connection, path, &all).expect("first");
        all.push(Migration {
            version: 2,
            name: "second",
            sql: "CREATE TABLE b (x)",
        });
        migrate_with(&mut connection, path, &all).expect("second");
        migrate_with(&mut connection, path, &all).expect("nothing to do");
        assert_eq!(version(&connection), 2);
    }

    #[test]
    fn a_failing_migration_leaves_nothing_behind() {
        let mut connection = Connection::open_in_memory().expect("memory");
        let path = Path::new("provost.db");
        let broken = first("CREATE TABLE a (x); CREATE TABLE a (x)");
        assert!(migrate_with(&mut connection, path, &broken).is_err());
        assert_eq!(version(&connection), 0);
        migrate_with(&mut connection, path, &first("CREATE TABLE a (x)")).expect("clean");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let mut connection = Connection::open_in_memory().expect("memory");
        let path = Path::new("provost.db");
        migrate_with(&mut connection, path, &first("CREATE TABLE a (x)")).expect("first");

        let altered = first("CREATE TABLE a (y)");
        let error = migrate_with(&mut connection, path, &altered).expect_err("altered");
        assert!(
            matches!(error, Failure::Refused(StoreError::Corrupt { reason, .. }) if reason.contains("migration 1"))
        );

        connection
            .pragma_update(None, "user_version", 7)
            .expect("newer");
        let error = migrate_with(&mut connection, path, &altered).expect_err("newer");
        assert!(matches!(
            error,
            Failure::Refused(StoreError::Newer {
                found: 7,
                known: 1,
                ..
            })
        ));
    }

    #[test]
    fn names_the_database_of_another_program() {
        let mut connection = Connection::open_in_memory().expect("memory");
        connection
            .execute_batch("CREATE TABLE moz_places (x)")
            .expect("a table");
        let error = migrate(&mut connection, Path::new("places.sqlite")).expect_err("foreign");
        assert!(
            matches!(error, Failure::Refused(StoreError::Corrupt { reason, .. }) if reason.contains("moz_places"))
        );
    }
}
