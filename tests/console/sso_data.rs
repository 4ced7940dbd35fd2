//! Single sign-on as the engine that is none tells it: an identity provider, sign-ins of every kind, sessions.

use jiff::{SignedDuration, Timestamp};
use provost::admin::sso::{
    CertificateState, CheckRow, Decoded, IdpSettings, NameIdFormat, NextStep, SessionRow,
    SignInMethod, SignInPurpose, SignInRow, Sso, SsoBinding, SsoRefresh, SsoState, SsoStatus,
    Would,
};
use provost::admin::types::RequestId;
use provost::console::fingerprint::fingerprint;
use uuid::Uuid;

use super::data::member_id;

/// The certificate that is believed, and the one that a Response came with.
pub const KNOWN: &str = "AQIDBAUG";
pub const OTHER: &str = "BgUEAwIB";

/// Every check, in its order.
pub const CHECKS: [&str; 19] = [
    "transport",
    "document",
    "response",
    "status",
    "response_signature",
    "destination",
    "in_response_to",
    "response_issuer",
    "decryption",
    "assertion_signature",
    "assertion",
    "subject",
    "subject_confirmation",
    "conditions",
    "audience",
    "authn_statement",
    "replay",
    "attributes",
    "provisioning",
];

fn before(now: Timestamp, seconds: i64) -> Timestamp {
    now - SignedDuration::from_secs(seconds)
}

pub fn identity_provider(now: Timestamp) -> IdpSettings {
    IdpSettings {
        entity_id: "http://www.okta.com/exk1fcia6d6EMsf331d8".into(),
        sign_in_url: "https://acme.okta.com/app/acme_provost_1/exk1fcia6d6EMsf331d8/sso/saml"
            .into(),
        binding: SsoBinding::Redirect,
        certificates: vec![KNOWN.into()],
        name_id_format: NameIdFormat::EmailAddress,
        wants_signed_requests: false,
        metadata_url: Some(
            "https://acme.okta.com/app/exk1fcia6d6EMsf331d8/sso/saml/metadata".into(),
        ),
        metadata_at: Some(before(now, 3 * 86_400)),
        valid_until: None,
        outside: std::collections::BTreeMap::new(),
    }
}

pub fn certificate(text: &str, now: Timestamp, days: i64) -> CertificateState {
    CertificateState {
        fingerprint: fingerprint(text).unwrap(),
        subject: "CN=acme, O=Okta".into(),
        not_before: Some(before(now, 300 * 86_400)),
        not_after: Some(before(now, -days * 86_400)),
        days_left: Some(days),
        outside: None,
    }
}

/// Nothing is configured.
pub fn nothing() -> SsoStatus {
    SsoStatus {
        version: 1,
        state: SsoState::Off,
        sso: None,
        entity_id: "https://provost.x.io/trust/saml2/metadata".into(),
        acs_url: "https://provost.x.io/trust/saml2/acs".into(),
        metadata_url: "https://provost.x.io/trust/saml2/metadata".into(),
        sign_in_url: "https://provost.x.io/trust/saml2/login".into(),
        certificates: Vec::new(),
        refresh: None,
        last_green: None,
        jit: ("off_when_scim".into(), false),
        next: Vec::new(),
        remarks: Vec::new(),
        without_password: Vec::new(),
    }
}

/// The same once an identity provider is, as far as follows from its state.
pub fn settled(mut status: SsoStatus, now: Timestamp) -> SsoStatus {
    let Some(sso) = &status.sso else {
        return SsoStatus {
            version: status.version,
            ..nothing()
        };
    };
    status.state = sso.state;
    let read = sso.identity_provider.metadata_at;
    status.refresh = read.map(|_| SsoRefresh {
        url: sso
            .identity_provider
            .metadata_url
            .clone()
            .unwrap_or_default(),
        looked: before(now, 3 * 3_600),
        went_well: Some(before(now, 3 * 3_600)),
        failing: None,
        next: Some(before(now, -20 * 3_600)),
        valid_until: None,
    });
    status.certificates = sso
        .identity_provider
        .certificates
        .iter()
        .zip([412, 19, 1, 1])
        .map(|(text, days)| certificate(text, now, days))
        .collect();
    status.without_password = (0..12)
        .map(|index| (member_id(index), format!("jit.{index}@acme.io")))
        .collect();
    status.next = vec![match sso.state {
        SsoState::Enabled => NextStep {
            to: SsoState::Off,
            changes: vec![
                "passwords work again".into(),
                "12 members came by single sign-on and must set a password".into(),
            ],
            missing: Vec::new(),
            ways: Vec::new(),
        },
        SsoState::Off | SsoState::TestDrive => NextStep {
            to: SsoState::Enabled,
            changes: vec![
                "1,776 members can no longer sign in by password".into(),
                "1 recovery admin still can".into(),
            ],
            missing: if status.last_green.is_some() {
                Vec::new()
            } else {
                vec![
                    "a test-drive that goes well under this configuration".into(),
                    "a recovery admin who has shown within 90 days that they can sign in".into(),
                ]
            },
            ways: if status.last_green.is_some() {
                Vec::new()
            } else {
                vec![
                    "provost sso test".into(),
                    "provost recover mark MEMBER, then provost recover prove MEMBER".into(),
                ]
            },
        },
    }];
    status
}

pub fn configured(now: Timestamp, state: SsoState) -> SsoStatus {
    let status = SsoStatus {
        version: 7,
        sso: Some(Sso {
            state,
            identity_provider: identity_provider(now),
            claims: Default::default(),
            allow_unsolicited: false,
        }),
        last_green: (state == SsoState::Enabled).then(|| before(now, 86_400)),
        ..nothing()
    };
    settled(status, now)
}

fn check(id: &str, state: &str, detail: &str) -> CheckRow {
    CheckRow {
        id: id.into(),
        state: state.into(),
        expected: None,
        received: None,
        detail: detail.into(),
    }
}

/// A row whose checks went well up to one, which did not.
fn row(number: u64, at: Timestamp, failed: Option<&str>) -> SignInRow {
    let request = RequestId(4_900 - number);
    let mut row = SignInRow::new(request, at, SignInPurpose::SignIn, SignInMethod::Saml);
    row.name = format!("ada.{number}@acme.io");
    row.ok = failed.is_none();
    row.detail = match failed {
        None => "signed in".into(),
        Some(check) => format!("{check}: it does not hold"),
    };
    row.code = failed.map(|check| format!("SAML_{}", check.to_uppercase()));
    let at = failed.map(|id| CHECKS.iter().position(|known| *known == id).unwrap());
    row.checks = CHECKS
        .iter()
        .enumerate()
        .map(|(index, id)| match at {
            Some(at) if index == at => check(id, "failed", "it does not hold"),
            Some(at) if index > at => check(
                id,
                "not_reached",
                &format!(
                    "there is nothing to look at after the failure of {}",
                    CHECKS[at]
                ),
            ),
            _ => check(id, "passed", "it holds"),
        })
        .collect();
    row
}

pub fn sign_ins(now: Timestamp) -> Vec<SignInRow> {
    (0..20)
        .map(|number| {
            let at = before(now, i64::try_from(number).unwrap() * 2_700 + 90);
            let failed = [None, None, Some("conditions"), None, Some("audience")];
            let mut row = row(number, at, failed[usize::try_from(number).unwrap() % 5]);
            if number == 2 {
                // A request that the log explains.
                row.request = RequestId(4_994);
            }
            if number % 7 == 3 {
                row.how = SignInMethod::Password;
                row.checks = Vec::new();
                row.member = Some(member_id(number));
            }
            row
        })
        .collect()
}

const ASSERTION: &str = r#"<saml:Assertion ID="_b07b804c" IssueInstant="2026-03-04T11:59:57Z" Version="2.0">
  <saml:Issuer>http://www.okta.com/exk1fcia6d6EMsf331d8</saml:Issuer>
  <ds:Signature>…</ds:Signature>
  <saml:Subject>
    <saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">zoe@acme.io</saml:NameID>
  </saml:Subject>
  <saml:AttributeStatement>
    <saml:Attribute Name="groups">
      <saml:AttributeValue>Platform</saml:AttributeValue>
    </saml:Attribute>
  </saml:AttributeStatement>
</saml:Assertion>"#;

fn decoded(certificate: &str) -> Decoded {
    Decoded {
        values: vec![
            ("NameID".into(), "zoe@acme.io".into()),
            ("role".into(), "writer".into()),
            ("groups".into(), "Platform".into()),
            ("groups".into(), "Payments".into()),
        ],
        xml: ASSERTION.into(),
        clock_skew: Some(3),
        certificate: Some(certificate.into()),
    }
}

/// A test-drive that went well, with a warning.
pub fn green(now: Timestamp, drive: Uuid) -> SignInRow {
    let mut row = row(0, before(now, 2), None);
    row.request = RequestId(5_010);
    row.purpose = SignInPurpose::TestDrive;
    row.drive = Some(drive);
    row.name = "zoe@acme.io".into();
    row.detail = "zoe@acme.io would become a member".into();
    if let Some(last) = row.checks.last_mut() {
        *last = check(
            "provisioning",
            "warned",
            "these roles are not known here and are left out: boss",
        );
        last.received = Some("boss".into());
    }
    row.decoded = Some(Box::new(decoded(KNOWN)));
    row.would = Some(Box::new(Would {
        user_name: "zoe@acme.io".into(),
        is_new: true,
        role: Some("writer".into()),
        custom_roles: vec!["deployer".into()],
        teams: vec!["Platform".into()],
        overridden_teams: vec!["Payments".into()],
        notes: vec!["the role boss is not known here and is left out".into()],
    }));
    row
}

/// A test-drive whose Response was signed with a certificate that nobody knows.
pub fn red(now: Timestamp, drive: Uuid) -> SignInRow {
    let mut row = row(0, before(now, 2), Some("assertion_signature"));
    row.request = RequestId(4_994);
    row.purpose = SignInPurpose::TestDrive;
    row.drive = Some(drive);
    row.name = "zoe@acme.io".into();
    row.detail = "assertion_signature: no signing certificate of the identity provider fits".into();
    let known = fingerprint(KNOWN).unwrap();
    let other = fingerprint(OTHER).unwrap();
    for check in &mut row.checks {
        if check.state == "failed" {
            check.detail = format!(
                "no signing certificate of the identity provider fits; it names one that is not in the metadata, SHA-256 fingerprint {other}"
            );
            check.expected = Some(known.clone());
            check.received = Some(other.clone());
        }
    }
    row.decoded = Some(Box::new(Decoded {
        clock_skew: Some(-140),
        ..decoded(OTHER)
    }));
    row
}

pub fn sessions(now: Timestamp) -> Vec<SessionRow> {
    (0..2_u8)
        .map(|number| SessionRow {
            id: Uuid::from_u128(0x5e55_0000 + u128::from(number)),
            member: member_id(1),
            user_name: "member.1@acme.io".into(),
            created: before(now, i64::from(number) * 40_000 + 3_000),
            last_seen: before(now, i64::from(number) * 9_000 + 30),
            expires: before(now, -40_000),
            address: "public".into(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".into(),
            how: SignInMethod::Saml,
        })
        .collect()
}
