//! The account, and what admins have set.

use rusqlite::{Connection, OptionalExtension};
use serde::de::DeserializeOwned;

use crate::directory::Settings;
use crate::store::Account;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};

/// The account.
pub fn account(connection: &Connection) -> Fallible<Option<Account>> {
    setting(connection, "account", "the account")
}

/// What admins have set; `None` where nobody has set anything yet.
pub fn settings(connection: &Connection) -> Fallible<Option<Settings>> {
    setting(connection, "settings", "the settings")
}

fn setting<T: DeserializeOwned>(
    connection: &Connection,
    name: &str,
    what: &'static str,
) -> Fallible<Option<T>> {
    let text: Option<String> = connection
        .statement(Statement::Setting)?
        .query_row([name], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| Failure::damaged(what, error)))
        .transpose()
}
