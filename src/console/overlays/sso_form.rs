//! Forms about single sign-on: the identity provider from its metadata or by hand, another certificate, the names of a
//! claim, a Response to be examined.

use crate::admin::sso::{
    ConfigureSso, IdpSettings, MapClaims, NameIdFormat, SsoBinding, SsoSource, SsoStatus,
};
use crate::console::sso_deed::{SsoDeed, from_metadata};
use crate::console::widgets::form::{Field, Form};

/// The choices of a binding.
const BINDINGS: [(&str, SsoBinding); 2] = [
    ("redirect", SsoBinding::Redirect),
    ("post", SsoBinding::Post),
];
/// The choices of a format.
const FORMATS: [(&str, NameIdFormat); 3] = [
    ("emailAddress", NameIdFormat::EmailAddress),
    ("unspecified", NameIdFormat::Unspecified),
    ("none", NameIdFormat::Unsaid),
];
const NO_YES: [&str; 2] = ["no", "yes"];

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SsoForm {
    /// The identity provider, from its metadata.
    Metadata,
    /// The identity provider, by hand.
    ByHand,
    /// Another signing certificate.
    Certificate,
    /// The attribute names of this claim.
    Claim(&'static str),
    /// A Response to be examined.
    Response,
}

/// The values that were filled in.
pub type Values = [(&'static str, String)];

fn text<'a>(values: &'a Values, id: &str) -> &'a str {
    let found = values.iter().find(|(known, _)| *known == id);
    found.map_or("", |(_, value)| value.trim())
}

fn is_yes(values: &Values, id: &str) -> bool {
    text(values, id) == "yes"
}

/// The word of a value among its choices.
fn word<T: PartialEq>(choices: &[(&'static str, T)], value: &T) -> &'static str {
    let found = choices.iter().find(|(_, it)| it == value);
    found.map_or("", |(word, _)| word)
}

fn value<T: Copy + Default>(choices: &[(&'static str, T)], word: &str) -> T {
    let found = choices.iter().find(|(known, _)| *known == word);
    found.map_or_else(T::default, |(_, value)| *value)
}

impl SsoForm {
    /// The line above it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Metadata => "Configure the identity provider",
            Self::ByHand => "Configure the identity provider by hand",
            Self::Certificate => "Accept another signing certificate",
            Self::Claim(_) => "Map a claim",
            Self::Response => "Examine a Response",
        }
    }

    /// The fields, filled in as things stand.
    pub fn form(self, status: Option<&SsoStatus>) -> Form {
        let sso = status.and_then(|status| status.sso.as_ref());
        let unsolicited = Field::choice("unsolicited", "may begin at the IdP", NO_YES)
            .value(if sso.is_some_and(|sso| sso.allow_unsolicited) {
                "yes"
            } else {
                "no"
            })
            .help("yes also takes sign-ins that nobody began here");
        let fields = match self {
            Self::Metadata => vec![
                Field::area("metadata", "metadata", 8)
                    .required()
                    .help("paste it, or write its URL or the path of a file"),
                unsolicited,
            ],
            Self::ByHand => by_hand(sso.map(|sso| &sso.identity_provider), unsolicited),
            Self::Certificate => vec![
                Field::area("certificate", "certificate", 8)
                    .required()
                    .check(is_certificate)
                    .help("PEM or base64; those there are stay"),
            ],
            Self::Claim(claim) => {
                let names = sso.map(|sso| {
                    let table: std::collections::BTreeMap<String, Vec<String>> =
                        sso.claims.clone().into();
                    table.get(claim).cloned().unwrap_or_default()
                });
                vec![
                    Field::area("names", claim, 8)
                        .value(&names.unwrap_or_default().join("\n"))
                        .help(
                            "attribute names, a line each, the preferred one first; none: not read",
                        ),
                ]
            }
            Self::Response => vec![
                Field::area("response", "Response", 8)
                    .required()
                    .help("base64, XML, or the form as a browser posts it"),
            ],
        };
        Form::new(fields)
    }

    /// What is asked of the engine. A Response is a question and no deed.
    pub fn deed(self, values: &Values, status: Option<&SsoStatus>) -> Option<SsoDeed> {
        let version = status.map(|status| status.version);
        let sso = status.and_then(|status| status.sso.as_ref());
        match self {
            Self::Metadata => Some(from_metadata(
                text(values, "metadata"),
                is_yes(values, "unsolicited"),
                version,
            )),
            Self::ByHand => {
                let identity_provider = IdpSettings {
                    entity_id: text(values, "entity_id").to_owned(),
                    sign_in_url: text(values, "sign_in_url").to_owned(),
                    binding: value(&BINDINGS, text(values, "binding")),
                    certificates: certificates(text(values, "certificates")),
                    name_id_format: value(&FORMATS, text(values, "name_id")),
                    wants_signed_requests: is_yes(values, "signed"),
                    metadata_url: None,
                    metadata_at: None,
                    valid_until: None,
                    outside: std::collections::BTreeMap::new(),
                };
                Some(SsoDeed::Configure(Box::new(ConfigureSso {
                    source: SsoSource::ByHand { identity_provider },
                    allow_unsolicited: is_yes(values, "unsolicited"),
                    if_version: version,
                })))
            }
            Self::Certificate => {
                crate::console::sso_deed::with_certificate(status?, text(values, "certificate"))
            }
            Self::Claim(claim) => {
                let mut claims: std::collections::BTreeMap<String, Vec<String>> =
                    sso?.claims.clone().into();
                let names = text(values, "names").lines().map(str::trim);
                let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
                claims.insert(claim.to_owned(), names.collect());
                let map = MapClaims {
                    claims,
                    if_version: version,
                };
                Some(SsoDeed::Map(claim, map))
            }
            Self::Response => None,
        }
    }
}

fn by_hand(idp: Option<&IdpSettings>, unsolicited: Field) -> Vec<Field> {
    let of = |read: fn(&IdpSettings) -> &str| idp.map(read).unwrap_or_default();
    let certificates = idp.map(|idp| idp.certificates.join("\n\n"));
    vec![
        Field::line("entity_id", "entity id")
            .required()
            .value(of(|idp| &idp.entity_id))
            .help("as the identity provider writes it, to the letter"),
        Field::line("sign_in_url", "sign-in URL")
            .required()
            .value(of(|idp| &idp.sign_in_url)),
        Field::choice("binding", "binding", BINDINGS.map(|(word, _)| word))
            .value(idp.map_or("", |idp| word(&BINDINGS, &idp.binding)))
            .help("left and right change it"),
        Field::choice(
            "name_id",
            "NameID to ask for",
            FORMATS.map(|(word, _)| word),
        )
        .value(idp.map_or("", |idp| word(&FORMATS, &idp.name_id_format))),
        Field::area("certificates", "signing certificates", 4)
            .required()
            .check(is_certificate)
            .value(&certificates.unwrap_or_default())
            .help("PEM or base64, an empty line between two"),
        Field::choice("signed", "requests must be signed", NO_YES).value(
            if idp.is_some_and(|idp| idp.wants_signed_requests) {
                "yes"
            } else {
                "no"
            },
        ),
        unsolicited,
    ]
}

/// Certificates that were written below each other: PEM by its armour, base64 by empty lines.
fn certificates(typed: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut one = String::new();
    for line in typed.lines().map(str::trim) {
        let begins = line.starts_with("-----BEGIN");
        if (line.is_empty() || begins) && !one.trim().is_empty() {
            all.push(std::mem::take(&mut one));
        }
        if !line.is_empty() {
            one.push_str(line);
            one.push('\n');
        }
    }
    if !one.trim().is_empty() {
        all.push(one);
    }
    all
}

fn is_certificate(typed: &str) -> Result<(), String> {
    let unreadable = certificates(typed)
        .into_iter()
        .any(|one| crate::console::fingerprint::fingerprint(&one).is_none());
    if unreadable {
        return Err("neither PEM nor base64".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::bare("AQID", 1)]
    #[case::two("AQID\n\nAQIE", 2)]
    #[case::broken_lines("AQ\nID", 1)]
    #[case::armoured(
        "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAQIE\n-----END CERTIFICATE-----",
        2
    )]
    fn certificates_are_parted(#[case] typed: &str, #[case] count: usize) {
        assert_eq!(certificates(typed).len(), count);
        assert_eq!(is_certificate(typed), Ok(()));
    }

    #[test]
    fn choices_go_there_and_back() {
        assert_eq!(word(&FORMATS, &NameIdFormat::Unsaid), "none");
        assert_eq!(value(&FORMATS, "none"), NameIdFormat::Unsaid);
        assert!(is_certificate("not base64!").is_err());
    }
}
