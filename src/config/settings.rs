//! What holds: flags and environment laid over the file, the file over the defaults.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use url::Url;

use super::database::Database;
use super::error::ConfigError;
use super::file::{ConfigFile, Context, ScimTable};
use super::keys;
use super::limits::LimitsTable;
use super::policy::PolicyTable;
use super::smtp::SmtpSettings;
use crate::paths::{DataDir, Places};

/// Where an engine listens unless told otherwise.
pub const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8470);

/// What flags and environment say; both arrive here, the flag having gone over the variable.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The configuration file to read instead of the default one.
    pub config: Option<PathBuf>,
    /// The data directory.
    pub data_dir: Option<PathBuf>,
    /// The database URL.
    pub database: Option<String>,
    /// Address and port of the HTTP server.
    pub listen: Option<String>,
    /// The URL by which clients reach this engine.
    pub public_url: Option<String>,
    /// The context to use.
    pub context: Option<String>,
    /// Refuse every change.
    pub read_only: bool,
    /// The certificate chain.
    pub tls_cert: Option<PathBuf>,
    /// Its private key.
    pub tls_key: Option<PathBuf>,
    /// A proxy in front terminates TLS.
    pub behind_proxy: bool,
    /// What the engine says of itself.
    pub log_level: Option<String>,
    /// How the console looks.
    pub theme: Option<String>,
    /// Whether the console begins on Home and remembers nothing.
    pub fresh: bool,
}

/// How long the request log is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Lines older than this many days are removed.
    pub days: u32,
    /// The oldest lines beyond this number are removed.
    pub rows: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            days: 90,
            rows: 1_000_000,
        }
    }
}

/// How fast one token or OAuth client may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests a second.
    pub per_second: NonZeroU32,
    /// How many may come at once after a pause.
    pub burst: NonZeroU32,
}

/// Identity providers send tens of requests a second; a full synchronisation begins with more at once.
const RATE_PER_SECOND: u32 = 200;
const RATE_BURST: NonZeroU32 = NonZeroU32::new(2_000).expect("it is not 0");

/// How long access tokens live unless told otherwise, in seconds.
const TOKEN_SECONDS: u32 = 3_600;

/// How often the metadata of the identity provider is read again unless told otherwise, in seconds: once a day.
const SSO_REFRESH_SECONDS: u32 = 86_400;

/// Certificate and key of the HTTP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// What the engine says of itself, least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// And what should be looked at.
    Warn,
    /// And what it does.
    #[default]
    Info,
    /// And how.
    Debug,
    /// And everything.
    Trace,
}

impl LogLevel {
    /// The word of flag, file and filter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    fn parse(word: &str) -> Result<Self, ConfigError> {
        [
            Self::Error,
            Self::Warn,
            Self::Info,
            Self::Debug,
            Self::Trace,
        ]
        .into_iter()
        .find(|level| level.as_str() == word)
        .ok_or_else(|| ConfigError::WrongFlag {
            name: "log_level",
            found: word.to_owned(),
            expected: "error, warn, info, debug or trace",
        })
    }
}

/// Everything the program was told, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file that was read; `None` where there was none.
    pub file: Option<PathBuf>,
    /// The data directory.
    pub data_dir: DataDir,
    /// Where the console keeps its sessions and its log; beside the data where there is no home directory.
    pub state_dir: PathBuf,
    /// Where the user's own files are: the configuration unless another was named, the console's keys.
    pub config_dir: Option<PathBuf>,
    /// Where the state is kept.
    pub database: Database,
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// The URL by which clients reach this engine, without a trailing slash; `None` follows from where it listens.
    pub public_url: Option<String>,
    /// Certificate and key; `None` serves plain HTTP.
    pub tls: Option<TlsFiles>,
    /// A proxy in front terminates TLS.
    pub behind_proxy: bool,
    /// The context in use, with its name.
    pub context: Option<(String, Context)>,
    /// Every context by name.
    pub contexts: BTreeMap<String, Context>,
    /// Refuse every change, whatever the context says.
    pub read_only: bool,
    /// How long the request log is kept.
    pub request_log: Retention,
    /// What the file says of how much the HTTP server takes; the server has the defaults.
    pub limits: LimitsTable,
    /// How fast one token or OAuth client may go; `None` holds nobody up.
    pub rate: Option<RateLimit>,
    /// How long the access tokens of OAuth clients live, in seconds.
    pub token_seconds: u32,
    /// How often the metadata of the identity provider is read again, in seconds; 0 never.
    pub sso_refresh_seconds: u32,
    /// By which server mail is sent; `None` sends none.
    pub smtp: Option<SmtpSettings>,
    /// The SCIM provider.
    pub scim: ScimTable,
    /// What the file says about the policy.
    pub policy: PolicyTable,
    /// What the engine says of itself.
    pub log_level: LogLevel,
    /// How the console looks: the name of a theme or the path of a file; `None` follows the environment.
    pub theme: Option<String>,
    /// Whether the console begins on Home and remembers nothing.
    pub fresh: bool,
}

impl Settings {
    /// Reads the file, if there is one, and lays everything over each other.
    pub fn load(overrides: Overrides) -> Result<Self, ConfigError> {
        let places = Places::of_user();
        let (path, file) = match &overrides.config {
            Some(path) => (Some(path.clone()), ConfigFile::read(path)?),
            None => match places.as_ref().map(|places| &places.config_file) {
                Some(path) if path.exists() => (Some(path.clone()), ConfigFile::read(path)?),
                _ => (None, ConfigFile::default()),
            },
        };
        Self::resolve(overrides, file, path, places)
    }

    /// Lays flags over file over defaults.
    pub fn resolve(
        overrides: Overrides,
        file: ConfigFile,
        path: Option<PathBuf>,
        places: Option<Places>,
    ) -> Result<Self, ConfigError> {
        // Whoever names a data directory means the engine there, not the remote one the file prefers.
        let is_local = overrides.data_dir.is_some() || overrides.database.is_some();
        let data_dir = overrides
            .data_dir
            .or(file.data_dir)
            .or_else(|| places.as_ref().map(|places| places.data_dir.clone()))
            .ok_or(ConfigError::NoDataDir)?;
        let config_dir = places
            .as_ref()
            .and_then(|places| places.config_file.parent().map(PathBuf::from));
        let state_dir = places.map_or_else(|| data_dir.join("state"), |places| places.state_dir);
        let database = overrides
            .database
            .or(file.database)
            .map_or(Ok(Database::InDataDir), |url| Database::parse(&url))?;
        let listen = overrides
            .listen
            .or(file.listen)
            .map_or(Ok(DEFAULT_LISTEN), |text| parse_listen(&text))?;
        let public_url = overrides
            .public_url
            .or(file.public_url)
            .map(|text| parse_public_url(&text))
            .transpose()?;
        let tls = match (
            overrides.tls_cert.or(file.tls.cert),
            overrides.tls_key.or(file.tls.key),
        ) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(ConfigError::HalfTls {
                    given: "tls.cert",
                    missing: "tls.key",
                });
            }
            (None, Some(_)) => {
                return Err(ConfigError::HalfTls {
                    given: "tls.key",
                    missing: "tls.cert",
                });
            }
        };
        let preferred = file.context.filter(|_| !is_local);
        let context = match overrides.context.or(preferred) {
            Some(name) => Some(find_context(&file.contexts, name)?),
            None => None,
        };
        let retention = Retention::default();
        Ok(Self {
            file: path,
            data_dir: DataDir::at(data_dir),
            state_dir,
            config_dir,
            database,
            listen,
            public_url,
            tls,
            behind_proxy: overrides.behind_proxy || file.behind_proxy.unwrap_or(false),
            context,
            contexts: file.contexts,
            read_only: overrides.read_only || file.read_only.unwrap_or(false),
            request_log: Retention {
                days: file.request_log.days.unwrap_or(retention.days),
                rows: file.request_log.rows.unwrap_or(retention.rows),
            },
            limits: file.limits,
            rate: NonZeroU32::new(file.rate.per_second.unwrap_or(RATE_PER_SECOND)).map(
                |per_second| RateLimit {
                    per_second,
                    burst: file.rate.burst.unwrap_or(RATE_BURST),
                },
            ),
            token_seconds: file.oauth.token_seconds.unwrap_or(TOKEN_SECONDS),
            sso_refresh_seconds: file.sso.refresh_seconds.unwrap_or(SSO_REFRESH_SECONDS),
            smtp: file.smtp.settings()?,
            scim: file.scim,
            policy: file.policy,
            log_level: overrides
                .log_level
                .or(file.log_level)
                .map_or(Ok(LogLevel::default()), |word| LogLevel::parse(&word))?,
            theme: overrides.theme.or(file.theme),
            fresh: overrides.fresh || file.fresh.unwrap_or(false),
        })
    }

    /// The console's keys, where the user has a file with their own.
    pub fn keymap_file(&self) -> Option<PathBuf> {
        let file = self.config_dir.as_ref()?.join("keymap.toml");
        file.is_file().then_some(file)
    }

    /// The file of the console's saved views.
    pub fn views_file(&self) -> Option<PathBuf> {
        Some(self.config_dir.as_ref()?.join("views.toml"))
    }

    /// The database file.
    pub fn database_file(&self) -> PathBuf {
        self.database.file(&self.data_dir.database()).to_owned()
    }

    /// The URL by which clients reach an engine that listens on `listen`, without a trailing slash.
    pub fn public_url_at(&self, listen: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| {
            let scheme = if self.tls.is_some() { "https" } else { "http" };
            format!("{scheme}://{listen}")
        })
    }
}

fn find_context(
    contexts: &BTreeMap<String, Context>,
    name: String,
) -> Result<(String, Context), ConfigError> {
    match contexts.get(&name) {
        Some(context) => Ok((name, context.clone())),
        None => Err(ConfigError::UnknownContext {
            name,
            known: contexts.keys().cloned().collect(),
        }),
    }
}

/// Reads `ADDRESS:PORT`; `localhost` and a bare port stand for loopback.
pub(super) fn parse_listen(text: &str) -> Result<SocketAddr, ConfigError> {
    let full = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("127.0.0.1:{text}"),
        None => text.to_owned(),
    };
    full.parse().map_err(|_| ConfigError::WrongFlag {
        name: "listen",
        found: text.to_owned(),
        expected: keys::ADDRESS,
    })
}

pub(super) fn parse_public_url(text: &str) -> Result<String, ConfigError> {
    let wrong = || ConfigError::WrongFlag {
        name: "public_url",
        found: text.to_owned(),
        expected: keys::URL,
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_plain {
        return Err(wrong());
    }
    let trimmed = url.as_str().trim_end_matches('/');
    // The SCIM base URL is what people copy from an identity provider's form.
    Ok(trimmed
        .strip_suffix("/scim/v2")
        .unwrap_or(trimmed)
        .to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rstest::rstest;

    use super::*;

    fn settings(overrides: Overrides, file: &str) -> Result<Settings, ConfigError> {
        let path = Path::new("/etc/provost.toml");
        let places = Places {
            config_file: path.to_owned(),
            data_dir: "/home/ada/data".into(),
            state_dir: "/home/ada/state".into(),
        };
        let file = ConfigFile::parse(file, path)?;
        Settings::resolve(overrides, file, Some(path.to_owned()), Some(places))
    }

    #[test]
    fn a_flag_goes_over_the_file_and_the_file_over_the_default() {
        let none = settings(Overrides::default(), "").unwrap();
        assert_eq!(none.listen, DEFAULT_LISTEN);
        assert_eq!(none.data_dir.path(), Path::new("/home/ada/data"));
        let file = "listen = \"127.0.0.1:1\"\ndata_dir = \"/srv\"";
        let from_file = settings(Overrides::default(), file).unwrap();
        assert_eq!(from_file.listen.port(), 1);
        let flags = Overrides {
            listen: Some("127.0.0.1:2".into()),
            ..Overrides::default()
        };
        let from_flag = settings(flags, file).unwrap();
        assert_eq!(from_flag.listen.port(), 2);
        assert_eq!(from_flag.data_dir.path(), Path::new("/srv"));
    }

    #[rstest]
    #[case::port("9000", "127.0.0.1:9000")]
    #[case::localhost("localhost:9000", "127.0.0.1:9000")]
    #[case::v6("[::1]:9000", "[::1]:9000")]
    fn an_address_can_be_short(#[case] given: &str, #[case] expected: &str) {
        assert_eq!(parse_listen(given).unwrap().to_string(), expected);
    }

    #[rstest]
    #[case::no_port("127.0.0.1")]
    #[case::port_too_large("127.0.0.1:70000")]
    #[case::name("example.com:80")]
    #[case::empty("")]
    fn an_address_that_is_none_is_refused(#[case] given: &str) {
        assert!(parse_listen(given).is_err());
    }

    #[rstest]
    #[case::slash("https://p.example.com/", "https://p.example.com")]
    #[case::scim_base("https://p.example.com/scim/v2/", "https://p.example.com")]
    #[case::path("https://example.com/provost", "https://example.com/provost")]
    fn a_public_url_is_kept_without_its_end(#[case] given: &str, #[case] expected: &str) {
        assert_eq!(parse_public_url(given).unwrap(), expected);
    }

    #[rstest]
    #[case::no_scheme("p.example.com")]
    #[case::file("file:///etc/passwd")]
    #[case::user("https://u:p@example.com")]
    #[case::query("https://example.com/?a=b")]
    fn a_public_url_that_is_none_is_refused(#[case] given: &str) {
        assert!(parse_public_url(given).is_err());
    }

    #[test]
    fn a_rate_of_nothing_holds_nobody_up() {
        let rate = |file| settings(Overrides::default(), file).unwrap().rate;
        assert_eq!(rate("").unwrap().per_second.get(), RATE_PER_SECOND);
        assert_eq!(rate("rate.burst = 7").unwrap().burst.get(), 7);
        assert_eq!(rate("rate.per_second = 0"), None);
    }

    #[test]
    fn half_of_tls_is_refused() {
        let refused = settings(Overrides::default(), "tls.cert = \"c.pem\"").unwrap_err();
        assert_eq!(refused.to_string(), "`tls.cert` needs `tls.key` beside it");
    }

    #[test]
    fn a_named_data_directory_goes_over_the_preferred_context() {
        let file = "context = \"prod\"\n[contexts.prod]\nurl = \"https://x\"";
        let preferred = settings(Overrides::default(), file).unwrap();
        assert!(preferred.context.is_some());
        let flags = Overrides {
            data_dir: Some("/srv".into()),
            ..Overrides::default()
        };
        assert!(settings(flags, file).unwrap().context.is_none());
    }

    #[test]
    fn an_unknown_context_is_told_with_those_there_are() {
        let flags = Overrides {
            context: Some("prd".into()),
            ..Overrides::default()
        };
        let refused = settings(flags, "[contexts.prod]\nurl = \"https://x\"").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "no context `prd` in the configuration, which has prod"
        );
    }
}
