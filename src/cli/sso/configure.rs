//! `provost sso configure`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, ValueEnum};

use super::not_configured;
use crate::admin::sso::{
    ConfigureSso, IdpSettings, NameIdFormat, Sso, SsoBinding, SsoSource, SsoStatus,
};
use crate::admin::{AdminError, AdminErrorKind};
use crate::cli::confirm::confirm;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::written;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 4 * 1_024 * 1_024;

/// Set the identity provider, from its metadata or by hand. Nobody's sign-in changes by it.
///
/// As soon as it is set, it can be tried (`provost sso test`). Our own entity id and addresses, to be entered at the identity
/// provider, are shown by `provost sso show`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("source").required(true).multiple(false),
    after_help = "Examples:
  provost sso configure --metadata https://idp.example.com/saml/metadata
  provost sso configure --metadata okta.xml
  provost sso configure --refresh
  provost sso configure --add-certificate new.pem
  provost sso configure --entity-id https://idp.example.com --sign-in-url https://idp.example.com/sso --certificate idp.pem"
)]
pub struct ConfigureVerb {
    /// Its metadata: a file, a URL, or `-` for the standard input.
    #[arg(long, value_name = "FILE-OR-URL", group = "source")]
    metadata: Option<String>,
    /// Fetch the metadata again from where it came. What else was set stays.
    #[arg(long, group = "source", conflicts_with = "idp_initiated")]
    refresh: bool,
    /// Accept another signing certificate besides, PEM or base64: for the day the identity provider changes to it.
    #[arg(long, value_name = "FILE", group = "source")]
    add_certificate: Option<PathBuf>,
    /// Accept a signing certificate no longer: its SHA-256 fingerprint, or the beginning of it.
    #[arg(long, value_name = "FINGERPRINT", group = "source")]
    remove_certificate: Option<String>,
    /// By hand: where requests go.
    #[arg(long, value_name = "URL", group = "source", requires_all = ["entity_id", "certificate"])]
    sign_in_url: Option<String>,
    /// Keep the identity provider as it is and change only `--idp-initiated`.
    #[arg(long, group = "source", requires = "idp_initiated")]
    keep: bool,
    /// Its entity id; with metadata of several identity providers, which one is meant.
    #[arg(long, value_name = "ENTITY-ID")]
    entity_id: Option<String>,
    /// By hand: a signing certificate, PEM or base64; up to four.
    #[arg(long, value_name = "FILE", requires = "sign_in_url")]
    certificate: Vec<PathBuf>,
    /// By hand: how requests travel.
    #[arg(long, value_enum, default_value_t, requires = "sign_in_url")]
    binding: Binding,
    /// By hand: which NameID format is asked for.
    #[arg(long, value_enum, default_value_t, requires = "sign_in_url")]
    name_id: NameId,
    /// By hand: sign requests.
    #[arg(long, requires = "sign_in_url")]
    signed_requests: bool,
    /// Whether a sign-in may begin at the identity provider.
    #[arg(long, value_enum, value_name = "yes|no")]
    idp_initiated: Option<YesNo>,
}

/// How requests travel.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Binding {
    /// In a URL.
    #[default]
    Redirect,
    /// In a form.
    Post,
}

/// Which NameID format is asked for.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum NameId {
    /// An e-mail address.
    #[default]
    Email,
    /// Whatever the identity provider is set to send.
    Unspecified,
    /// The request says nothing of it.
    Unsaid,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum YesNo {
    /// It may.
    Yes,
    /// It may not.
    No,
}

/// Sets it.
pub async fn run(session: &mut Session, verb: ConfigureVerb) -> Result<(), CliError> {
    let files = Files::read(&verb)?;
    let reach = session.reach_to_write().await?;
    let (reach, status) = reach.keep(async |read| read.sso().await).await?;
    let source = match source(&verb, files, &status) {
        Ok(source) => source,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let reach = match &status.sso {
        Some(sso) => confirm(session, reach, "sso configure", &question(sso)).await?,
        None => reach,
    };
    let before = status.sso.is_some_and(|it| it.allow_unsolicited);
    let configure = ConfigureSso {
        source,
        allow_unsolicited: verb.idp_initiated.map_or(before, |it| it == YesNo::Yes),
        if_version: Some(status.version),
    };
    let done = async { Ok::<_, CliError>(reach.write()?.configure_sso(configure).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, "configure single sign-on")
}

fn question(sso: &Sso) -> String {
    format!(
        "Change the identity provider {}? Single sign-on is {}; a test-drive has to show that the new settings work.",
        sso.identity_provider.entity_id, sso.state
    )
}

/// What the files named hold. They are read before an engine is looked for.
#[derive(Default)]
struct Files {
    metadata: Option<String>,
    certificates: Vec<String>,
}

impl Files {
    fn read(verb: &ConfigureVerb) -> Result<Self, CliError> {
        let metadata = verb.metadata.as_deref().filter(|it| !is_url(it));
        let certificates = verb.certificate.iter().chain(&verb.add_certificate);
        Ok(Self {
            metadata: metadata.map(|it| read(Path::new(it))).transpose()?,
            certificates: certificates.map(|it| read(it)).collect::<Result<_, _>>()?,
        })
    }
}

fn source(verb: &ConfigureVerb, files: Files, status: &SsoStatus) -> Result<SsoSource, CliError> {
    let entity_id = verb.entity_id.clone();
    if let Some(xml) = files.metadata {
        return Ok(SsoSource::Metadata { xml, entity_id });
    }
    if let Some(url) = verb.metadata.clone() {
        return Ok(SsoSource::MetadataUrl { url, entity_id });
    }
    if verb.refresh {
        return Ok(SsoSource::Refresh);
    }
    if let (Some(sign_in_url), Some(entity_id)) = (verb.sign_in_url.clone(), entity_id) {
        let identity_provider = IdpSettings {
            entity_id,
            sign_in_url,
            binding: match verb.binding {
                Binding::Redirect => SsoBinding::Redirect,
                Binding::Post => SsoBinding::Post,
            },
            certificates: files.certificates,
            name_id_format: match verb.name_id {
                NameId::Email => NameIdFormat::EmailAddress,
                NameId::Unspecified => NameIdFormat::Unspecified,
                NameId::Unsaid => NameIdFormat::Unsaid,
            },
            wants_signed_requests: verb.signed_requests,
            metadata_url: None,
            metadata_at: None,
            valid_until: None,
            outside: std::collections::BTreeMap::new(),
        };
        return Ok(SsoSource::ByHand { identity_provider });
    }
    let Some(sso) = &status.sso else {
        return Err(not_configured().into());
    };
    let mut identity_provider = sso.identity_provider.clone();
    identity_provider.certificates.extend(files.certificates);
    if let Some(wanted) = &verb.remove_certificate {
        let wanted = plain(wanted);
        let fits = |at: usize| {
            let known = status.certificates.get(at);
            known.is_some_and(|it| plain(&it.fingerprint).starts_with(&wanted))
        };
        let (out, stay): (Vec<_>, Vec<_>) =
            (0..identity_provider.certificates.len()).partition(|at| fits(*at));
        if out.len() != 1 || wanted.len() < 8 {
            return Err(error(
                AdminErrorKind::NotFound,
                "no one certificate has this fingerprint; give at least its first 8 hex digits (`provost sso show`)",
            ));
        }
        identity_provider.certificates = stay
            .into_iter()
            .filter_map(|at| identity_provider.certificates.get(at).cloned())
            .collect();
    }
    Ok(SsoSource::ByHand { identity_provider })
}

fn plain(fingerprint: &str) -> String {
    let digits = fingerprint.chars().filter(char::is_ascii_hexdigit);
    digits.collect::<String>().to_uppercase()
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn error(kind: AdminErrorKind, detail: &str) -> CliError {
    AdminError::new(kind, detail).into()
}

/// A text file, or the standard input for `-`.
pub fn read(path: &Path) -> Result<String, CliError> {
    let failed = |source| CliError::File {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_string(&mut text)
    } else {
        let file = File::open(path).map_err(failed)?;
        file.take(LARGEST + 1).read_to_string(&mut text)
    };
    let length = read.map_err(failed)?;
    if length as u64 > LARGEST {
        return Err(failed(io::Error::other("larger than 4 MiB")));
    }
    Ok(text)
}
