//! Engines in other processes: which one, with which token, over which wire.
//!
//! A token comes from a file or from the environment and never from the command line, where every user of the machine
//! could read it.

use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use super::args::GlobalArguments;
use super::connect::Changes;
use super::error::CliError;
use crate::admin::http::HttpAdmin;
use crate::admin::{AdminError, AdminWrite};
use crate::config::Settings;
use crate::secret::Secret;

/// The variable that holds an admin token.
pub const TOKEN_VARIABLE: &str = "PROVOST_TOKEN";
/// No token is longer, in bytes.
const TOKEN_LIMIT: u64 = 4096;

/// A remote engine.
pub struct Target {
    /// Its URL, without a trailing slash.
    pub url: String,
    /// The admin token.
    pub token: Secret,
    /// Whether its context refuses every change.
    pub read_only: bool,
}

/// The remote engine that flags or settings name, if they name one.
pub fn target(settings: &Settings, global: &GlobalArguments) -> Result<Option<Target>, CliError> {
    let (url, context_file, read_only) = match (&global.url, &settings.context) {
        (Some(url), _) => (url.clone(), None, false),
        (None, Some((name, context))) => {
            let url = context
                .url
                .clone()
                .ok_or_else(|| CliError::NoUrl { name: name.clone() })?;
            let read_only = context.read_only.unwrap_or(false);
            (url, context.token_file.as_deref(), read_only)
        }
        (None, None) => return Ok(None),
    };
    let file = global.token_file.as_deref();
    let variable = std::env::var(TOKEN_VARIABLE)
        .ok()
        .map(|token| Secret::new(token.trim().to_owned()))
        .filter(|token| !token.expose().is_empty());
    let token = match (file, variable, context_file) {
        (None, Some(token), _) => token,
        (Some(file), ..) | (None, None, Some(file)) => read_token(file)?,
        (None, None, None) => return Err(CliError::NoToken { url }),
    };
    Ok(Some(Target {
        url: engine_url(&url).to_owned(),
        token,
        read_only,
    }))
}

/// The base paths of the presets, those first that end in another one.
const BASE_PATHS: [&str; 5] = [
    "/trust/scim/v2",
    "/api/v1/scim/v2",
    "/api/v2/scim",
    "/scim/v2",
    "/scim",
];

/// The engine's URL without its end: what people have at hand is the SCIM base URL, and it names the same engine.
fn engine_url(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    let mut ends = BASE_PATHS.iter();
    ends.find_map(|end| url.strip_suffix(end)).unwrap_or(url)
}

/// A client over HTTP, after both sides have found that they speak the same admin API.
pub async fn over_http(
    target: Target,
    changes: Changes,
) -> Result<Arc<dyn AdminWrite>, AdminError> {
    let admin = HttpAdmin::url(&target.url, target.token)?;
    admin.connect().await?;
    Ok(shared(admin, changes))
}

/// A client over the socket of a data directory. The audit calls it `actor`.
pub fn over_socket(
    socket: &Path,
    actor: &'static str,
    changes: Changes,
) -> Result<Arc<dyn AdminWrite>, AdminError> {
    Ok(shared(HttpAdmin::unix(socket)?.acting_as(actor), changes))
}

fn shared(admin: HttpAdmin, changes: Changes) -> Arc<dyn AdminWrite> {
    Arc::new(match changes {
        Changes::Made => admin,
        Changes::Previewed => admin.previewing(),
    })
}

/// Why a URL cannot be an engine's, or nothing.
pub fn url_fault(url: &str) -> Option<AdminError> {
    HttpAdmin::url(url, Secret::new(String::new())).err()
}

/// Whether others than its owner can read a file.
pub fn is_readable_by_others(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// Whether a file with a secret is one that its owner forgot to close. As ssh does it: a file of another user (a secret
/// that a service manager hands in) is closed or open by that user's decision, and a pipe is nobody else's.
fn is_open_to_others(found: &Metadata) -> bool {
    found.is_file()
        && found.uid() == rustix::process::geteuid().as_raw()
        && found.permissions().mode() & 0o077 != 0
}

fn read_token(path: &Path) -> Result<Secret, CliError> {
    let text = read_private(path)?;
    let token = text.expose().trim();
    if token.is_empty() || token.contains(char::is_whitespace) {
        return Err(CliError::File {
            path: path.to_owned(),
            source: std::io::Error::other("it does not hold one token on one line"),
        });
    }
    Ok(Secret::new(token.to_owned()))
}

/// Reads a file that holds a secret.
pub fn read_private(path: &Path) -> Result<Secret, CliError> {
    let failed = |source| CliError::File {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    // Asked of what was opened, so that nothing can be put in its place meanwhile.
    if is_open_to_others(&file.metadata().map_err(failed)?) {
        return Err(CliError::OpenToken {
            path: path.to_owned(),
        });
    }
    let mut text = String::new();
    file.take(TOKEN_LIMIT)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("https://p.example.com", "https://p.example.com")]
    #[case::slash("https://p.example.com/", "https://p.example.com")]
    #[case::scim_base("https://p.example.com/scim/v2/", "https://p.example.com")]
    #[case::launchdarkly("https://p.example.com/trust/scim/v2", "https://p.example.com")]
    #[case::unleash("https://p.example.com/scim", "https://p.example.com")]
    #[case::flagsmith("https://p.example.com/api/v1/scim/v2", "https://p.example.com")]
    #[case::datadog("https://p.example.com/x/api/v2/scim", "https://p.example.com/x")]
    #[case::path("https://example.com/provost", "https://example.com/provost")]
    fn an_engine_is_known_by_its_scim_base_url_too(#[case] given: &str, #[case] expected: &str) {
        assert_eq!(engine_url(given), expected);
    }

    #[test]
    fn a_token_file_holds_one_token() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "prv_admin_x\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(read_token(&path), Err(CliError::OpenToken { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_token(&path).unwrap().expose(), "prv_admin_x");
        std::fs::write(&path, "two words\n").unwrap();
        let refused = read_token(&path).unwrap_err().whole();
        assert!(!refused.contains("words"), "{refused}");
        std::fs::write(&path, "").unwrap();
        assert!(read_token(&path).is_err());
    }
}
