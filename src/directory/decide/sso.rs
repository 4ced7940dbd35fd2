//! Single sign-on: configured, tried, enabled, disabled, removed.

use super::Request;
use super::settings::{expect_settings, settle};
use super::verdict::{Draft, Verdict};
use crate::counted::counted;
use crate::directory::access;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::policy::{OnEnable, RecoveryAdmin, SsoMachine};
use crate::directory::sso::{CERTIFICATES, IdpSettings, Sso, SsoBinding, SsoState};
use crate::saml::certificate::SigningCertificate;
use crate::saml::{ClaimMapping, EntityId};

/// Sets the identity provider. Valid, it can be tried at once. While single sign-on is enabled it stays so, as long as it
/// is the same identity provider: its certificates change without a day on which nobody can sign in.
pub(super) fn configure(
    request: &Request<'_>,
    draft: Draft,
    idp: &IdpSettings,
    allow_unsolicited: bool,
    if_version: Option<u64>,
) -> Verdict {
    let mut draft = expect_settings(request, draft, if_version)?;
    if let Err(reason) = check(idp) {
        return Err(unfit(draft, &reason));
    }
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("the configuration of {} is valid", idp.entity_id),
    ));
    let before = request.facts.settings.sso.as_ref();
    let machine = request.policy.sso.machine;
    draft.policy("sso.machine", machine, "which states single sign-on has");
    let stays = before.filter(|sso| {
        sso.state == SsoState::Enabled && sso.identity_provider.entity_id == idp.entity_id
    });
    let state = match (stays, machine) {
        (Some(_), _) => SsoState::Enabled,
        (None, SsoMachine::TestDrive) => SsoState::TestDrive,
        (None, SsoMachine::OnOff) => SsoState::Off,
    };
    if before.is_some_and(|sso| sso.state == SsoState::Enabled) && stays.is_none() {
        let what = "another identity provider cannot take over while single sign-on is enabled; disable it first, so that passwords work while the new one is tried";
        let step = TraceStep::failed(Stage::Guard, what).comparing(
            before.map_or("", |sso| sso.identity_provider.entity_id.as_str()),
            idp.entity_id.as_str(),
        );
        return Err(draft.refuse(RefusalKind::Forbidden, "SSO_OTHER_IDP", step));
    }
    if let Some(sso) = stays {
        draft = stays_tested(request, draft, sso, idp)?;
    }
    let mut after = request.facts.settings.as_ref().clone();
    after.sso = Some(Sso {
        state,
        identity_provider: idp.clone(),
        claims: before.map(|sso| sso.claims.clone()).unwrap_or_default(),
        allow_unsolicited,
    });
    settle(request, draft, after)
}

/// Keeps what a test-drive has proven while everybody signs in by it: where members are sent, and the certificate that
/// signed.
fn stays_tested(
    request: &Request<'_>,
    draft: Draft,
    before: &Sso,
    idp: &IdpSettings,
) -> Result<Draft, Decision> {
    let facts = &request.facts.sso;
    if request.policy.sso.machine != SsoMachine::TestDrive || facts.green_test.is_none() {
        return Ok(draft);
    }
    let known = &before.identity_provider;
    let step = if (&known.sign_in_url, known.binding) != (&idp.sign_in_url, idp.binding) {
        let what = "members would be sent to a place that no test-drive has been to, while single sign-on is enabled; disable it first, so that passwords work while the new place is tried";
        TraceStep::failed(Stage::Guard, what)
            .comparing(known.sign_in_url.as_str(), idp.sign_in_url.as_str())
    } else if facts.green_then.is_none() {
        let what = "the certificate that signed the last good test-drive would no longer be believed, while single sign-on is enabled; add the new one beside it, run a test-drive that it signs, and then take the old one away";
        TraceStep::failed(Stage::Guard, what).comparing("a certificate that was tried", "none")
    } else {
        return Ok(draft);
    };
    Err(draft.refuse(RefusalKind::Forbidden, "SSO_NOT_TESTED", step))
}

/// Sets by which attribute names the claims may come.
pub(super) fn map_claims(
    request: &Request<'_>,
    draft: Draft,
    claims: &ClaimMapping,
    if_version: Option<u64>,
) -> Verdict {
    let draft = expect_settings(request, draft, if_version)?;
    let (draft, sso) = configured(request, draft)?;
    let mut after = request.facts.settings.as_ref().clone();
    after.sso = Some(Sso {
        claims: claims.clone(),
        ..sso
    });
    settle(request, draft, after)
}

/// Goes on to another state.
pub(super) fn switch(
    request: &Request<'_>,
    draft: Draft,
    state: SsoState,
    if_version: Option<u64>,
) -> Verdict {
    let draft = expect_settings(request, draft, if_version)?;
    let (mut draft, sso) = configured(request, draft)?;
    if sso.state == state {
        return Ok(draft.done(Vec::new()));
    }
    draft = match state {
        SsoState::Enabled => may_enable(request, draft)?,
        SsoState::TestDrive | SsoState::Off if sso.state == SsoState::Enabled => {
            disabling(request, draft)
        }
        SsoState::TestDrive | SsoState::Off => draft,
    };
    let mut after = request.facts.settings.as_ref().clone();
    after.sso = Some(Sso { state, ..sso });
    settle(request, draft, after)
}

/// Forgets the identity provider.
pub(super) fn remove(request: &Request<'_>, draft: Draft, if_version: Option<u64>) -> Verdict {
    let draft = expect_settings(request, draft, if_version)?;
    let (draft, sso) = configured(request, draft)?;
    if sso.state == SsoState::Enabled {
        let what =
            "single sign-on is enabled; disable it first, so that members can sign in by password";
        let step = TraceStep::failed(Stage::Guard, what).comparing("off", "enabled");
        return Err(draft.refuse(RefusalKind::Forbidden, "SSO_ENABLED", step));
    }
    let draft = forgetting(request, draft);
    let mut after = request.facts.settings.as_ref().clone();
    after.sso = None;
    settle(request, draft, after)
}

pub(super) fn configured(request: &Request<'_>, draft: Draft) -> Result<(Draft, Sso), Decision> {
    match &request.facts.settings.sso {
        Some(sso) => Ok((draft, sso.clone())),
        None => {
            let what = "no identity provider is configured for single sign-on";
            let step = TraceStep::failed(Stage::Match, what);
            Err(draft.refuse(RefusalKind::NotFound, "SSO_NOT_CONFIGURED", step))
        }
    }
}

/// What it means to enable single sign-on without a recovery admin.
const ALL_ON_THE_IDP: &str = "nobody is kept for recovery who has a password: when the identity provider fails, nobody can sign in; provost recover mark keeps an admin";

/// Whether it can be enabled: a test-drive went well, and somebody can come back by password.
fn may_enable(request: &Request<'_>, mut draft: Draft) -> Result<Draft, Decision> {
    let (policy, facts) = (request.policy, &request.facts.sso);
    draft.policy(
        "sso.machine",
        policy.sso.machine,
        "whether enabling needs a test-drive that went well",
    );
    if policy.sso.machine == SsoMachine::TestDrive && facts.green_test.is_none() {
        let what = "no test-drive has gone well under this configuration; run one first";
        let step = TraceStep::failed(Stage::Guard, what).comparing("a green test-drive", "none");
        return Err(draft.refuse(RefusalKind::Forbidden, "SSO_NOT_TESTED", step));
    }
    let no_password = policy.sso.on_enable.contains(&OnEnable::NoPassword);
    draft.policy(
        "sso.on_enable",
        &policy.sso.on_enable,
        "what ends when single sign-on is enabled",
    );
    if no_password && policy.guard.recovery_admin == RecoveryAdmin::RequireProven {
        draft.policy(
            "guard.recovery_admin",
            policy.guard.recovery_admin,
            "who can still sign in by password",
        );
        let now = request.circumstance.now;
        let is_proven = facts
            .recovery_proven
            .is_some_and(|at| now.duration_since(at) <= access::PROOF_HOLDS);
        if !is_proven {
            let what = "no recovery admin has shown lately that they can sign in by password; mark one and prove them first, or everybody is locked out when the identity provider fails";
            let step = TraceStep::failed(Stage::Guard, what).comparing(
                "a recovery admin who has shown it within 90 days".to_owned(),
                facts.recovery_proven.map_or_else(
                    || {
                        format!(
                            "{} never proven",
                            counted(facts.recovery_admins, "recovery admin")
                        )
                    },
                    |at| format!("proven {at}"),
                ),
            );
            return Err(draft.refuse(RefusalKind::Forbidden, "SSO_NO_RECOVERY", step));
        }
    }
    if no_password {
        draft.step(TraceStep::noted(
            Stage::Policy,
            format!(
                "{} can no longer sign in by password; {} still can",
                counted(
                    facts.with_password.saturating_sub(facts.recovery_admins),
                    "member"
                ),
                counted(facts.recovery_admins, "recovery admin"),
            ),
        ));
    }
    if no_password && facts.recovery_admins == 0 {
        draft.step(TraceStep::noted(Stage::Guard, ALL_ON_THE_IDP));
    }
    if policy.sso.on_enable.contains(&OnEnable::NoInvite) {
        draft.step(TraceStep::noted(
            Stage::Policy,
            "invitations end, and nobody is invited while single sign-on is enabled",
        ));
    }
    Ok(draft)
}

/// What disabling means, said aloud.
fn disabling(request: &Request<'_>, mut draft: Draft) -> Draft {
    let facts = &request.facts.sso;
    let resets = request.policy.sso.on_disable_reset;
    draft.policy(
        "sso.on_disable_reset",
        resets,
        "whether members without a password must set one",
    );
    if resets && facts.without_password > 0 {
        draft.step(TraceStep::noted(
            Stage::Policy,
            format!(
                "{} came by single sign-on and must set a password before they can sign in",
                counted(facts.without_password, "member")
            ),
        ));
    }
    if facts.is_scim_linked {
        draft.step(TraceStep::noted(
            Stage::Guard,
            "an identity provider still provisions; end its SCIM connection too, or members it creates cannot sign in",
        ));
    }
    draft
}

/// What forgetting the identity provider means while another one, or the same, provisions.
fn forgetting(request: &Request<'_>, mut draft: Draft) -> Draft {
    let requires = request.policy.scim.requires_sso;
    if requires && request.facts.sso.is_scim_linked {
        draft.policy(
            "scim.requires_sso",
            requires,
            "whether provisioning needs single sign-on to be configured first",
        );
        draft.step(TraceStep::noted(
            Stage::Guard,
            "an identity provider still provisions; it goes on, and cannot be connected anew before single sign-on is configured",
        ));
    }
    draft
}

/// Why settings of an identity provider cannot be used.
pub(super) fn check(idp: &IdpSettings) -> Result<(), String> {
    EntityId::parse(&idp.entity_id).map_err(|error| format!("the entity id: {error}"))?;
    let url = &idp.sign_in_url;
    let has_host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['));
    if !has_host || url.contains('#') || url.chars().any(|c| c.is_control() || c == ' ') {
        return Err(
            "the sign-in URL must be http or https, with a host and without a fragment".into(),
        );
    }
    let count = idp.certificates.len();
    if count == 0 || count > CERTIFICATES {
        return Err(format!(
            "{} given; from 1 to {CERTIFICATES} signing certificates are taken",
            counted(count as u64, "signing certificate")
        ));
    }
    for text in &idp.certificates {
        SigningCertificate::from_text(text)
            .map_err(|error| format!("a signing certificate: {error}"))?;
    }
    if idp.wants_signed_requests && idp.binding == SsoBinding::Post {
        return Err("the identity provider wants requests to be signed; that is offered with the redirect binding alone".into());
    }
    Ok(())
}

pub(super) fn unfit(draft: Draft, reason: &str) -> Decision {
    let step = TraceStep::failed(Stage::Match, reason);
    draft.refuse(RefusalKind::Invalid, "SSO_BAD_CONFIGURATION", step)
}
