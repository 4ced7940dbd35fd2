//! The table `[policy]`: texts with their lines. Which presets, keys and values there are is known above this room, where
//! each entry is held against them.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use toml_edit::{Document, Item, TableLike, Value};

use super::error::ConfigError;
use super::file::{describe, position};

/// What a file says about the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyTable {
    /// The file, for messages.
    pub path: PathBuf,
    /// Each key in the order of the file.
    pub entries: Vec<PolicyEntry>,
    /// The tables in it, also those that hold no key, with their lines.
    pub groups: Vec<(String, usize)>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyEntry {
    /// `preset`, or a policy key such as `users.on_inactive`.
    pub key: String,
    /// The value as a policy key's value is written: lists with commas between their parts.
    pub value: String,
    /// The line, from 1.
    pub line: usize,
}

/// The table is read by [`PolicyTable::read`]; for serde it is there and no more.
impl<'de> Deserialize<'de> for PolicyTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}

impl PolicyTable {
    /// Reads a file that holds a policy and nothing else: what `policy export` writes.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let document = super::file::document(text, path)?;
        for (name, item) in document.as_table() {
            if name != "policy" {
                let start = item.span().map_or(0, |span| span.start);
                return Err(ConfigError::UnknownKey {
                    path: path.to_owned(),
                    line: position(text, start).0,
                    key: name.to_owned(),
                    nearest: Some("policy".into()),
                });
            }
        }
        Self::read(&document, text, path)
    }

    /// The table of a document, if it has one.
    pub(super) fn read(
        document: &Document<&str>,
        text: &str,
        path: &Path,
    ) -> Result<Self, ConfigError> {
        let mut table = Self {
            path: path.to_owned(),
            ..Self::default()
        };
        let Some(item) = document.as_table().get("policy") else {
            return Ok(table);
        };
        let reader = Reader { text, path };
        match item.as_table_like() {
            Some(inner) => reader.table(inner, "", &mut table)?,
            None => return Err(reader.wrong("policy", item, 0, "a table")),
        }
        Ok(table)
    }
}

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Reader<'_> {
    /// Two tables deep: a group, and its words. `"users.on_inactive"` in quotes is the same key.
    fn table(
        &self,
        table: &dyn TableLike,
        group: &str,
        read: &mut PolicyTable,
    ) -> Result<(), ConfigError> {
        for (name, item) in table.iter() {
            let span = table.get_key_value(name).and_then(|(key, _)| key.span());
            let span = span.or_else(|| item.span());
            let start = span.map_or(0, |span| span.start);
            let key = match group {
                "" => name.to_owned(),
                group => format!("{group}.{name}"),
            };
            if let (Some(inner), "") = (item.as_table_like(), group) {
                // A dotted key such as `users.case` makes a table, too; what is wrong with it is told of its key.
                if inner.is_empty() || !inner.is_dotted() {
                    let line = position(self.text, start).0;
                    read.groups.push((name.to_owned(), line));
                }
                self.table(inner, name, read)?;
                continue;
            }
            let Some(value) = written(item) else {
                return Err(self.wrong(
                    &format!("policy.{key}"),
                    item,
                    start,
                    "a word, a number, true, false or a list of words",
                ));
            };
            read.entries.push(PolicyEntry {
                key,
                value,
                line: position(self.text, start).0,
            });
        }
        Ok(())
    }

    fn wrong(&self, key: &str, item: &Item, start: usize, expected: &str) -> ConfigError {
        let start = item.span().map_or(start, |span| span.start);
        ConfigError::WrongValue {
            path: self.path.to_owned(),
            line: position(self.text, start).0,
            key: key.to_owned(),
            found: describe(item),
            expected: expected.to_owned(),
        }
    }
}

fn written(item: &Item) -> Option<String> {
    fn scalar(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.value().clone()),
            Value::Integer(number) => Some(number.value().to_string()),
            Value::Boolean(flag) => Some(flag.value().to_string()),
            _ => None,
        }
    }
    match item.as_value()? {
        Value::Array(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(scalar).collect();
            parts.map(|parts| parts.join(","))
        }
        other => scalar(other),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String, usize)>, String> {
        PolicyTable::parse(text, Path::new("/etc/p.toml"))
            .map(|table| {
                let entries = table.entries.into_iter();
                entries.map(|it| (it.key, it.value, it.line)).collect()
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn keys_are_read_in_every_way_of_writing_them() {
        let text = "[policy]\npreset = \"safe\"\nusers.match = [\"email\", \"userName\"]\n\
            \"users.on_delete\" = \"remove\"\n[policy.scim]\nmax_connections = 2\nrequires_sso = true\n";
        let entry = |key: &str, value: &str, line| (key.to_owned(), value.to_owned(), line);
        assert_eq!(
            read(text).unwrap(),
            [
                entry("preset", "safe", 2),
                entry("users.match", "email,userName", 3),
                entry("users.on_delete", "remove", 4),
                entry("scim.max_connections", "2", 6),
                entry("scim.requires_sso", "true", 7),
            ]
        );
    }

    #[rstest]
    #[case::no_table("policy = 3", "/etc/p.toml:1: `policy` is 3, expected a table")]
    #[case::a_date(
        "[policy]\nusers.case = 2020-01-01",
        "/etc/p.toml:2: `policy.users.case` is a date"
    )]
    #[case::too_deep(
        "[policy]\nusers.case.x = 1",
        "/etc/p.toml:2: `policy.users.case` is a table"
    )]
    #[case::something_else(
        "[policy]\n[tls]\ncert = \"x\"",
        "unknown key `tls`, did you mean `policy`?"
    )]
    fn a_mistake_is_told_with_its_line(#[case] text: &str, #[case] says: &str) {
        let error = read(text).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}
