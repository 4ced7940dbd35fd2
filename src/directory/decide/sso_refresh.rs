//! The metadata of the identity provider read once more, and what Provost notices about single sign-on by itself.

use super::Request;
use super::settings::{expect_settings, settle};
use super::sso::{check, configured, unfit};
use super::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::roll_over::{moved, refreshed};
use crate::directory::sso::{IdpSettings, Outside, Sso};
use crate::directory::sso_finding::SsoFinding;
use crate::saml::certificate::SigningCertificate;

/// Takes over what the metadata says. Another identity provider never comes in by this, and another place to sign in only
/// when an admin asks; everything that is not the metadata's to say stays as it is.
pub(super) fn refresh(
    request: &Request<'_>,
    draft: Draft,
    read: &IdpSettings,
    may_move: bool,
    if_version: Option<u64>,
) -> Verdict {
    let draft = expect_settings(request, draft, if_version)?;
    let (mut draft, sso) = configured(request, draft)?;
    let before = &sso.identity_provider;
    if before.metadata_url.is_none() || before.metadata_url != read.metadata_url {
        let what = "the metadata comes from another place by now; read it again";
        let step = TraceStep::failed(Stage::Match, what);
        return Err(draft.refuse(RefusalKind::VersionMismatch, "VERSION_MISMATCH", step));
    }
    if before.entity_id != read.entity_id {
        let what = "the metadata describes another identity provider";
        let step = TraceStep::failed(Stage::Guard, what)
            .comparing(before.entity_id.as_str(), read.entity_id.as_str());
        return Err(draft.refuse(RefusalKind::Forbidden, "SSO_METADATA_MOVED", step));
    }
    if let Some(place) = moved(before, read) {
        let what = "the metadata sends members to another place";
        if !may_move {
            let step =
                TraceStep::failed(Stage::Guard, what).comparing(before.sign_in_url.as_str(), place);
            return Err(draft.refuse(RefusalKind::Forbidden, "SSO_METADATA_MOVED", step));
        }
        draft.step(TraceStep::noted(
            Stage::Guard,
            format!("{what}, {place}, as an admin has asked"),
        ));
    }
    let after = refreshed(before, read, request.circumstance.now);
    if let Err(reason) = check(&after) {
        return Err(unfit(draft, &reason));
    }
    tell(&mut draft, before, &after);
    let mut settings = request.facts.settings.as_ref().clone();
    settings.sso = Some(Sso {
        identity_provider: after,
        ..sso
    });
    settle(request, draft, settings)
}

/// Says what becomes of each certificate.
fn tell(draft: &mut Draft, before: &IdpSettings, after: &IdpSettings) {
    let print = |text: &String| {
        let read = SigningCertificate::from_text(text).ok()?;
        Some(read.fingerprint().to_string())
    };
    let mut say = |what: String| draft.step(TraceStep::noted(Stage::Match, what));
    for text in &after.certificates {
        let Some(print) = print(text) else { continue };
        let left = matches!(after.outside.get(&print), Some(Outside::Left { .. }));
        if !before.certificates.contains(text) {
            say(format!("the certificate {print} is believed from now on"));
        } else if left && !before.outside.contains_key(&print) {
            say(format!(
                "the certificate {print} has left the metadata and is believed for some days more"
            ));
        }
    }
    for text in &before.certificates {
        if !after.certificates.contains(text)
            && let Some(print) = print(text)
        {
            say(format!("the certificate {print} is believed no more"));
        }
    }
}

/// Raises an incident, unless one tells of it already.
pub(super) fn report(request: &Request<'_>, mut draft: Draft, finding: &SsoFinding) -> Decision {
    if !finding.is_told_by(request.facts.incident.as_ref()) {
        draft.raise(finding.raised());
    }
    draft.done(Vec::new())
}
