//! What the console asks of the engine about single sign-on and sessions, as values, and how each is told afterwards.

use std::path::PathBuf;

use uuid::Uuid;

use crate::admin::sso::{
    ConfigureSso, IdpSettings, MapClaims, SsoSource, SsoState, SsoStatus, SwitchSso,
};
use crate::admin::types::IfVersion;

/// The claims that attributes of an assertion can be, in the order of the list, and what each is for.
pub const CLAIMS: [(&str, &str); 6] = [
    ("role", "the base role"),
    ("customRole", "keys of custom roles"),
    ("roleAttributes", "parameters of custom roles"),
    ("teamKey", "keys of teams; SCIM goes before them"),
    ("firstName", "given name"),
    ("lastName", "family name"),
];

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SsoDeed {
    /// Set the identity provider.
    Configure(Box<ConfigureSso>),
    /// Set it from metadata in a file of the machine the console runs on.
    ConfigureFromFile(PathBuf, Box<ConfigureSso>),
    /// Fetch the metadata once more.
    Refresh(Box<ConfigureSso>),
    /// Take another signing certificate beside those there are.
    AddCertificate(Box<ConfigureSso>),
    /// Set by which attributes a claim may come.
    Map(&'static str, MapClaims),
    /// Take single sign-on to another state.
    Switch(SwitchSso),
    /// Forget the identity provider.
    Forget(IfVersion),
    /// End these sessions of a member.
    EndSessions(Vec<Uuid>, String),
}

impl SsoDeed {
    /// What was done.
    pub fn said(&self) -> String {
        match self {
            Self::Configure(_) | Self::ConfigureFromFile(..) => {
                "the identity provider is configured".to_owned()
            }
            Self::Refresh(_) => "the metadata was refreshed".to_owned(),
            Self::AddCertificate(_) => "the certificate is accepted, too".to_owned(),
            Self::Map(claim, _) => format!("the claim {claim} is mapped"),
            Self::Switch(switch) => match switch.state {
                SsoState::Off => "single sign-on is disabled".to_owned(),
                SsoState::TestDrive => "single sign-on can be tried".to_owned(),
                SsoState::Enabled => "single sign-on is enabled".to_owned(),
            },
            Self::Forget(_) => "the identity provider is forgotten".to_owned(),
            Self::EndSessions(ids, name) => {
                format!("{} of {name} ended", sessions(ids))
            }
        }
    }

    /// What was not done.
    pub fn not_done(&self) -> String {
        match self {
            Self::Configure(_) | Self::ConfigureFromFile(..) => {
                "the identity provider was not configured".to_owned()
            }
            Self::Refresh(_) => "the metadata was not refreshed".to_owned(),
            Self::AddCertificate(_) => "the certificate was not accepted".to_owned(),
            Self::Map(claim, _) => format!("the claim {claim} was not mapped"),
            Self::Switch(switch) => match switch.state {
                SsoState::Off => "single sign-on was not disabled".to_owned(),
                SsoState::TestDrive | SsoState::Enabled => {
                    "single sign-on was not enabled".to_owned()
                }
            },
            Self::Forget(_) => "the identity provider was not forgotten".to_owned(),
            Self::EndSessions(ids, name) => {
                format!("{} of {name} did not end", sessions(ids))
            }
        }
    }

    /// The same with one of the identity providers that the metadata describes.
    #[must_use]
    pub fn meaning(&self, entity_id: &str) -> Option<Self> {
        let chosen = |configure: &ConfigureSso| {
            let mut configure = configure.clone();
            match &mut configure.source {
                SsoSource::Metadata { entity_id: one, .. }
                | SsoSource::MetadataUrl { entity_id: one, .. } => {
                    *one = Some(entity_id.to_owned());
                }
                SsoSource::Refresh | SsoSource::ByHand { .. } => return None,
            }
            Some(Box::new(configure))
        };
        match self {
            Self::Configure(configure) => chosen(configure).map(Self::Configure),
            Self::ConfigureFromFile(path, configure) => {
                chosen(configure).map(|it| Self::ConfigureFromFile(path.clone(), it))
            }
            Self::Refresh(_)
            | Self::AddCertificate(_)
            | Self::Map(..)
            | Self::Switch(_)
            | Self::Forget(_)
            | Self::EndSessions(..) => None,
        }
    }
}

fn sessions(ids: &[Uuid]) -> String {
    crate::counted::counted(ids.len() as u64, "session")
}

/// Metadata that was typed: the document itself, where it is to be fetched, or the file that holds it.
pub fn from_metadata(typed: &str, allow_unsolicited: bool, version: Option<u64>) -> SsoDeed {
    let typed = typed.trim();
    let configure = |source| {
        Box::new(ConfigureSso {
            source,
            allow_unsolicited,
            if_version: version,
        })
    };
    let entity_id = None;
    if typed.starts_with('<') || typed.starts_with('\u{feff}') {
        let xml = typed.to_owned();
        return SsoDeed::Configure(configure(SsoSource::Metadata { xml, entity_id }));
    }
    if typed.starts_with("https://") || typed.starts_with("http://") {
        let url = typed.to_owned();
        return SsoDeed::Configure(configure(SsoSource::MetadataUrl { url, entity_id }));
    }
    let xml = String::new();
    SsoDeed::ConfigureFromFile(
        PathBuf::from(typed.strip_prefix("file://").unwrap_or(typed)),
        configure(SsoSource::Metadata { xml, entity_id }),
    )
}

/// The identity provider as it is, with one more certificate; `None` where none is set.
pub fn with_certificate(status: &SsoStatus, certificate: &str) -> Option<SsoDeed> {
    let sso = status.sso.as_ref()?;
    let mut identity_provider: IdpSettings = sso.identity_provider.clone();
    identity_provider.certificates.push(certificate.to_owned());
    Some(SsoDeed::AddCertificate(Box::new(ConfigureSso {
        source: SsoSource::ByHand { identity_provider },
        allow_unsolicited: sso.allow_unsolicited,
        if_version: Some(status.version),
    })))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::document("  <EntityDescriptor/>", "metadata")]
    #[case::url("https://idp.x.io/metadata", "metadata_url")]
    fn what_is_typed_is_told_apart(#[case] typed: &str, #[case] from: &str) {
        let SsoDeed::Configure(configure) = from_metadata(typed, false, Some(3)) else {
            panic!("{typed}");
        };
        let told = serde_json::to_value(&configure.source).unwrap();
        assert_eq!(told["from"], from);
        assert_eq!(configure.if_version, Some(3));
    }

    #[test]
    fn anything_else_is_the_path_of_a_file() {
        let deed = from_metadata("idp/metadata.xml", true, None);
        let SsoDeed::ConfigureFromFile(path, configure) = &deed else {
            panic!("{deed:?}");
        };
        assert_eq!(path, &PathBuf::from("idp/metadata.xml"));
        assert!(configure.allow_unsolicited);
        let SsoDeed::ConfigureFromFile(_, chosen) = deed.meaning("urn:b").unwrap() else {
            panic!("it is the same file");
        };
        let SsoSource::Metadata { entity_id, .. } = chosen.source else {
            panic!("it is a document");
        };
        assert_eq!(entity_id.as_deref(), Some("urn:b"));
    }
}
