//! A change of single sign-on as people read it.

use super::sso::{Outside, Sso, SsoState};
use crate::saml::Claim;
use crate::saml::certificate::SigningCertificate;

/// Notes each part of single sign-on that differs.
pub(super) fn note(
    before: Option<&Sso>,
    after: Option<&Sso>,
    note: &mut impl FnMut(&str, String, String),
) {
    let mut part = |path: &str, text: &dyn Fn(&Sso) -> String| {
        let of = |sso: Option<&Sso>| sso.map(text).unwrap_or_default();
        note(path, of(before), of(after));
    };
    part("sso.entityId", &|it| it.identity_provider.entity_id.clone());
    part("sso.signInUrl", &|it| {
        it.identity_provider.sign_in_url.clone()
    });
    part("sso.certificates", &fingerprints);
    part("sso.certificatesOutsideMetadata", &|it| {
        let outside = it.identity_provider.outside.iter();
        let words = outside.map(|(print, why)| match why {
            Outside::Added => format!("{print} accepted by an admin"),
            Outside::Left { since } => format!("{print} left the metadata {since}"),
        });
        words.collect::<Vec<_>>().join(", ")
    });
    part("sso.signedRequests", &|it| {
        it.identity_provider.wants_signed_requests.to_string()
    });
    part("sso.binding", &|it| {
        format!("{:?}", it.identity_provider.binding).to_lowercase()
    });
    part("sso.nameIdFormat", &|it| {
        format!("{:?}", it.identity_provider.name_id_format)
    });
    for claim in Claim::ALL {
        let path = format!("sso.claims.{}", claim.as_str());
        part(&path, &|it| match it.claims.names(claim) {
            [] => "none".to_owned(),
            names => names.join(", "),
        });
    }
    part("sso.allowUnsolicited", &|it| {
        it.allow_unsolicited.to_string()
    });
    let state = |sso: Option<&Sso>| sso.map_or(SsoState::Off, |it| it.state).to_string();
    note("sso.state", state(before), state(after));
}

fn fingerprints(sso: &Sso) -> String {
    let certificates = sso.identity_provider.certificates.iter();
    let prints = certificates.map(|text| {
        SigningCertificate::from_text(text).map_or_else(
            |_| "unreadable".to_owned(),
            |it| it.fingerprint().to_string(),
        )
    });
    prints.collect::<Vec<_>>().join(", ")
}
