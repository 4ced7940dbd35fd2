//! What a configuration file says: read, checked key by key, and refused whole when anything in it is wrong.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml_edit::{Document, Item, TableLike, Value};

use super::error::ConfigError;
use super::keys::{self, Kind};
use super::limits::LimitsTable;
use super::policy::PolicyTable;
use super::settings;
use super::smtp::SmtpTable;

/// Larger files are refused unread.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// What a file says; what it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    /// The data directory.
    pub data_dir: Option<PathBuf>,
    /// The database URL.
    pub database: Option<String>,
    /// Address and port of the HTTP server.
    pub listen: Option<String>,
    /// The URL by which clients reach this engine.
    pub public_url: Option<String>,
    /// Whether a proxy in front terminates TLS.
    pub behind_proxy: Option<bool>,
    /// The context to use when none is named.
    pub context: Option<String>,
    /// Whether every change is refused.
    pub read_only: Option<bool>,
    /// What the engine says of itself.
    pub log_level: Option<String>,
    /// How the console looks: the name of a theme, or a path, which ends in `.toml` or has a slash.
    pub theme: Option<String>,
    /// Whether the console begins on Home and remembers nothing.
    pub fresh: Option<bool>,
    /// Certificate and key.
    pub tls: TlsTable,
    /// Retention of the request log.
    pub request_log: RequestLogTable,
    /// How much of anything the HTTP server takes.
    pub limits: LimitsTable,
    /// How fast clients may go.
    pub rate: RateTable,
    /// The authorization server.
    pub oauth: OAuthTable,
    /// Single sign-on.
    pub sso: SsoTable,
    /// The mail server.
    pub smtp: SmtpTable,
    /// The SCIM provider.
    pub scim: ScimTable,
    /// What goes over the policy that admins set.
    pub policy: PolicyTable,
    /// Remote engines by name.
    pub contexts: BTreeMap<String, Context>,
}

/// The table `[tls]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsTable {
    /// The certificate chain, PEM.
    pub cert: Option<PathBuf>,
    /// Its private key, PEM.
    pub key: Option<PathBuf>,
}

/// The table `[request_log]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestLogTable {
    /// Lines older than this many days are removed.
    pub days: Option<u32>,
    /// The oldest lines beyond this number are removed.
    pub rows: Option<u64>,
}

/// The table `[rate]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateTable {
    /// Requests a second of one token or client; 0 holds nobody up.
    pub per_second: Option<u32>,
    /// How many may come at once after a pause.
    pub burst: Option<NonZeroU32>,
}

/// The table `[oauth]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OAuthTable {
    /// How long access tokens live, in seconds.
    pub token_seconds: Option<u32>,
}

/// The table `[sso]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SsoTable {
    /// How often the metadata of the identity provider is read again, in seconds; 0 never.
    pub refresh_seconds: Option<u32>,
}

/// The table `[scim]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScimTable {
    /// Files with extensions of User.
    pub user_schemas: Vec<PathBuf>,
    /// Files with extensions of Group.
    pub group_schemas: Vec<PathBuf>,
}

/// A table `[contexts.NAME]`: a remote engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Context {
    /// The engine's URL.
    pub url: Option<String>,
    /// A file with an admin token.
    pub token_file: Option<PathBuf>,
    /// The colour by which the console marks it, one of [`keys::COLOURS`].
    pub colour: Option<String>,
    /// Whether every change there is refused.
    pub read_only: Option<bool>,
}

impl ConfigFile {
    /// Reads a file that must be there.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(unreadable)?;
        let mut text = String::new();
        file.take(SIZE_LIMIT + 1)
            .read_to_string(&mut text)
            .map_err(unreadable)?;
        if text.len() as u64 > SIZE_LIMIT {
            return Err(ConfigError::TooLarge {
                path: path.to_owned(),
                limit: SIZE_LIMIT,
            });
        }
        Self::parse(&text, path)
    }

    /// Reads the text of a file; `path` is for the messages and for the paths relative to it.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let document = document(text, path)?;
        Check { text, path }.table(document.as_table(), &mut Vec::new())?;
        let mut file: Self = toml::from_str(text).map_err(|error| {
            // Everything serde could refuse was refused above with a better message; this is what a new key that
            // `KEYS` describes wrongly would come to.
            let (line, _) = position(text, error.span().map_or(0, |span| span.start));
            ConfigError::WrongValue {
                path: path.to_owned(),
                line,
                key: "value".into(),
                found: "not readable".into(),
                expected: error.message().to_owned(),
            }
        })?;
        file.policy = PolicyTable::read(&document, text, path)?;
        file.resolve_paths(path.parent().unwrap_or(Path::new("")));
        Ok(file)
    }

    fn resolve_paths(&mut self, base: &Path) {
        let paths = [&mut self.data_dir, &mut self.tls.cert, &mut self.tls.key]
            .into_iter()
            .chain([&mut self.smtp.password_file])
            .chain(self.contexts.values_mut().map(|c| &mut c.token_file));
        let schemas = self
            .scim
            .user_schemas
            .iter_mut()
            .chain(&mut self.scim.group_schemas);
        for path in paths.flatten().chain(schemas) {
            *path = base.join(crate::paths::expand_home(path));
        }
        if let Some(theme) = &mut self.theme
            && is_theme_file(theme)
        {
            let path = base.join(crate::paths::expand_home(Path::new(theme)));
            *theme = path.display().to_string();
        }
    }
}

/// A text as TOML.
pub(super) fn document<'t>(text: &'t str, path: &Path) -> Result<Document<&'t str>, ConfigError> {
    Document::parse(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        ConfigError::Syntax {
            path: path.to_owned(),
            line,
            column,
            message: error.message().trim().replace('\n', ", "),
        }
    })
}

/// Whether what chooses a theme is the path of a file, not the name of a theme.
pub fn is_theme_file(choice: &str) -> bool {
    choice.contains('/')
        || Path::new(choice)
            .extension()
            .is_some_and(|ext| ext == "toml")
}

/// Holds every key of a document against [`keys::KEYS`].
struct Check<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Check<'_> {
    /// Bounded in depth: no key lies deeper than three tables, and a table that holds no key is refused before its
    /// content is looked at.
    fn table<'t>(
        &self,
        table: &'t dyn TableLike,
        path: &mut Vec<&'t str>,
    ) -> Result<(), ConfigError> {
        for (name, item) in table.iter() {
            // Read by itself, with keys that are known further up.
            if path.is_empty() && name == "policy" {
                continue;
            }
            path.push(name);
            let span = table
                .get_key_value(name)
                .and_then(|(key, _)| key.span())
                .or_else(|| item.span());
            match (keys::find(path), item.as_table_like()) {
                (Some(key), _) => self.value(item, key.kind, path, span)?,
                (None, Some(inner)) if keys::is_table(path) => self.table(inner, path)?,
                (None, _) if keys::is_table(path) => {
                    return Err(self.wrong(path, span, item, "a table".into()));
                }
                (None, _) => return Err(self.unknown(item, path, span)),
            }
            path.pop();
        }
        Ok(())
    }

    fn unknown(&self, item: &Item, path: &[&str], span: Option<Range<usize>>) -> ConfigError {
        // In an unknown table the first key inside tells best what was meant.
        let inner = item.as_table_like().and_then(|table| table.iter().next());
        let mut like = path.to_vec();
        like.extend(inner.map(|(name, _)| name));
        ConfigError::UnknownKey {
            path: self.path.to_owned(),
            line: self.line(span),
            key: path.join("."),
            nearest: keys::nearest(&like).or_else(|| keys::nearest(path)),
        }
    }

    fn value(
        &self,
        item: &Item,
        kind: Kind,
        path: &[&str],
        span: Option<Range<usize>>,
    ) -> Result<(), ConfigError> {
        let is_right = match kind {
            Kind::Text | Kind::Path => item.as_str().is_some_and(|text| !text.is_empty()),
            Kind::Address => item
                .as_str()
                .is_some_and(|text| settings::parse_listen(text).is_ok()),
            Kind::Url => item
                .as_str()
                .is_some_and(|text| settings::parse_public_url(text).is_ok()),
            Kind::Paths => item.as_array().is_some_and(|list| {
                let is_path = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
                list.iter().all(is_path)
            }),
            Kind::Flag => item.as_bool().is_some(),
            Kind::Number { min, max } => item
                .as_integer()
                .is_some_and(|number| (min..=max).contains(&number)),
            Kind::Choice(words) => item.as_str().is_some_and(|word| words.contains(&word)),
        };
        if is_right {
            return Ok(());
        }
        Err(self.wrong(path, span, item, kind.to_string()))
    }

    fn wrong(
        &self,
        path: &[&str],
        span: Option<Range<usize>>,
        item: &Item,
        expected: String,
    ) -> ConfigError {
        ConfigError::WrongValue {
            path: self.path.to_owned(),
            line: self.line(span),
            key: path.join("."),
            found: describe(item),
            expected,
        }
    }

    fn line(&self, span: Option<Range<usize>>) -> usize {
        position(self.text, span.map_or(0, |span| span.start)).0
    }
}

/// What stands there, short; a long text is not repeated.
pub(super) fn describe(item: &Item) -> String {
    match item {
        Item::Value(Value::String(text)) if text.value().len() > 60 => "a long text".into(),
        Item::Value(Value::String(text)) => format!("\"{}\"", text.value().escape_debug()),
        Item::Value(Value::Integer(number)) => number.value().to_string(),
        Item::Value(Value::Float(number)) => number.value().to_string(),
        Item::Value(Value::Boolean(flag)) => flag.value().to_string(),
        Item::Value(Value::Datetime(_)) => "a date".into(),
        Item::Value(Value::Array(_)) | Item::ArrayOfTables(_) => "a list".into(),
        Item::Value(Value::InlineTable(_)) | Item::Table(_) => "a table".into(),
        Item::None => "nothing".into(),
    }
}

/// Line and column, from 1, of a byte offset.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn parse(text: &str) -> Result<ConfigFile, String> {
        ConfigFile::parse(text, Path::new("/etc/provost.toml")).map_err(|error| error.to_string())
    }

    #[rstest]
    #[case::typo(
        "\nlisen = \"x\"",
        "/etc/provost.toml:2: unknown key `lisen`, did you mean `listen`?"
    )]
    #[case::in_a_table(
        "[request_log]\ndays = 3\nrow = 5000",
        "/etc/provost.toml:3: unknown key `request_log.row`, did you mean `request_log.rows`?"
    )]
    #[case::unknown_table(
        "[request-log]\ndays = 3",
        "/etc/provost.toml:1: unknown key `request-log`, did you mean `request_log.days`?"
    )]
    #[case::in_a_context(
        "[contexts.prod]\nurl = \"https://x\"\ntokenfile = \"t\"",
        "/etc/provost.toml:3: unknown key `contexts.prod.tokenfile`, did you mean `contexts.prod.token_file`?"
    )]
    #[case::wrong_type(
        "listen = 8470",
        "/etc/provost.toml:1: `listen` is 8470, expected an address and a port, such as 127.0.0.1:8470 or [::]:8470"
    )]
    #[case::out_of_range(
        "request_log.days = 0",
        "/etc/provost.toml:1: `request_log.days` is 0, expected a whole number from 1 to 3650"
    )]
    #[case::not_a_choice(
        "contexts.a.colour = \"pink\"",
        "/etc/provost.toml:1: `contexts.a.colour` is \"pink\", expected one of \"red\", \"green\", \"yellow\", \"blue\", \"magenta\", \"cyan\", \"white\", \"grey\""
    )]
    #[case::not_a_list(
        "scim.user_schemas = \"a.json\"",
        "/etc/provost.toml:1: `scim.user_schemas` is \"a.json\", expected a list of paths in quotes"
    )]
    #[case::table_is_a_value("tls = true", "/etc/provost.toml:1: `tls` is true, expected a table")]
    #[case::list(
        "listen = [1]",
        "/etc/provost.toml:1: `listen` is a list, expected an address and a port, such as 127.0.0.1:8470 or [::]:8470"
    )]
    #[case::no_address(
        "\n\nlisten = \"everywhere\"",
        "/etc/provost.toml:3: `listen` is \"everywhere\", expected an address and a port, such as 127.0.0.1:8470 or [::]:8470"
    )]
    #[case::no_url(
        "public_url = \"provost.example.com\"",
        "/etc/provost.toml:1: `public_url` is \"provost.example.com\", expected a URL such as https://provost.example.com, without query and user"
    )]
    #[case::limit_too_small(
        "[limits]\nbody_bytes = 10",
        "/etc/provost.toml:2: `limits.body_bytes` is 10, expected a whole number from 65536 to 67108864"
    )]
    #[case::limit_negative(
        "[limits]\nconnections = -1",
        "/etc/provost.toml:2: `limits.connections` is -1, expected a whole number from 1 to 100000"
    )]
    #[case::limit_no_number(
        "[limits]\nbody_seconds = \"30s\"",
        "/etc/provost.toml:2: `limits.body_seconds` is \"30s\", expected a whole number from 1 to 3600"
    )]
    #[case::limit_mistyped(
        "[limits]\nstreams = 3\nbody_byte = 3",
        "/etc/provost.toml:3: unknown key `limits.body_byte`, did you mean `limits.body_bytes`?"
    )]
    #[case::limit_in_another_table(
        "[limit]\nconnections = 3",
        "/etc/provost.toml:1: unknown key `limit`, did you mean `limits.connections`?"
    )]
    fn a_mistake_is_told_with_line_and_key(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parse(text).unwrap_err(), expected);
    }

    #[test]
    fn broken_syntax_is_told_with_line_and_column() {
        let error = parse("listen = \"a\"\npublic_url = = 2").unwrap_err();
        assert!(
            error.starts_with("/etc/provost.toml:2:14: not valid TOML"),
            "{error}"
        );
    }

    #[test]
    fn deep_nesting_is_refused_without_recursion() {
        let text = format!("x = {}{}", "[".repeat(50_000), "]".repeat(50_000));
        assert!(parse(&text).is_err());
    }

    #[test]
    fn relative_paths_start_at_the_file() {
        let file = parse("data_dir = \"state\"\ncontexts.a.token_file = \"/t\"").unwrap();
        assert_eq!(file.data_dir.as_deref(), Some(Path::new("/etc/state")));
        let file = parse(
            "scim.user_schemas = [\"acme.json\", \"/x.json\"]\ncontexts.a.token_file = \"/t\"",
        )
        .unwrap();
        let paths: Vec<&str> = file
            .scim
            .user_schemas
            .iter()
            .map(|path| path.to_str().unwrap())
            .collect();
        assert_eq!(paths, ["/etc/acme.json", "/x.json"]);
        let context = file.contexts.get("a").unwrap();
        assert_eq!(context.token_file.as_deref(), Some(Path::new("/t")));
    }

    /// The example names every key, each commented out, and is right once they are not.
    #[test]
    fn the_example_file_holds_every_key() {
        let example = include_str!("../../assets/provost.example.toml");
        let lines: Vec<&str> = example
            .lines()
            .map(|line| line.strip_prefix("#= ").unwrap_or(line))
            .collect();
        let all = lines.join("\n");
        parse(&all).unwrap();
        let mut nothing = ConfigFile::default();
        // Where it stands is known of a table that says nothing, too.
        nothing.policy.path = parse(example).unwrap().policy.path;
        assert_eq!(parse(example).unwrap(), nothing);
        let document = Document::parse(&all).unwrap();
        for key in keys::KEYS {
            let path = key.path.replace('*', "prod");
            let mut item: Option<&Item> = Some(document.as_item());
            for name in path.split('.') {
                item = item.and_then(|table| table.get(name));
            }
            assert!(item.is_some(), "the example does not show {path}");
            assert!(
                example.contains(key.meaning),
                "the example does not explain {path}"
            );
        }
    }
}
