//! The configuration: which file was read, and whether its contexts can be used.

use super::findings::Findings;
use crate::admin::policy_file;
use crate::cli::remote::{is_readable_by_others, url_fault};
use crate::cli::session::Session;
use crate::config::Context;

/// Looks at the file and each context.
pub fn check(session: &Session, findings: &mut Findings) {
    match (
        &session.settings.file,
        policy_file::fixed(&session.settings.policy),
    ) {
        (Some(_), Err(error)) => findings.error(
            "configuration",
            error.to_string(),
            "correct it; the engine does not start with it",
        ),
        (Some(file), Ok(_)) => {
            findings.ok("configuration", format!("{} is right", file.display()));
        }
        (None, _) => findings.ok(
            "configuration",
            "no file, so defaults, flags and environment hold",
        ),
    }
    for (name, context) in &session.settings.contexts {
        self::context(name, context, findings);
    }
}

fn context(name: &str, context: &Context, findings: &mut Findings) {
    let check = format!("context {name}");
    let Some(url) = &context.url else {
        findings.error(
            &check,
            "it has no url",
            "add url to its table in the configuration",
        );
        return;
    };
    if let Some(fault) = url_fault(url) {
        findings.error(
            &check,
            fault.to_string(),
            "correct its url in the configuration",
        );
        return;
    }
    match &context.token_file {
        None => findings.ok(&check, "its token comes from PROVOST_TOKEN"),
        Some(file) if !file.is_file() => findings.error(
            &check,
            format!("its token file {} is not there", file.display()),
            "make a token on that engine: provost token new --scope admin",
        ),
        Some(file) if is_readable_by_others(file) => findings.warning(
            &check,
            format!("its token file {} can be read by others", file.display()),
            format!("close it: chmod 600 {}", file.display()),
        ),
        Some(file) => findings.ok(&check, format!("its token is in {}", file.display())),
    }
}
