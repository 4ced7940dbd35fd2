//! Reads the metadata of an identity provider.

use jiff::{SignedDuration, Timestamp};

use super::entity::{Entity, children, find, quoted};
use super::idp_metadata::{Binding, IdpMetadata, SingleSignOnService};
use super::location::Transport;
use super::{
    DISPLAY_NAME_LENGTH, ENDPOINTS, MetadataError, MetadataWarning, NAME_ID_FORMATS, URI_LENGTH,
    duration, key, location,
};
use crate::saml::claims::clean;
use crate::saml::response::parse_instant;
use crate::saml::xml::{Limits, Node, Source, value};
use crate::saml::{EntityId, uris};

const XML_LANG: (&str, &str) = ("http://www.w3.org/XML/1998/namespace", "lang");

/// Reads a metadata document, as it was fetched or pasted (SAML metadata §2.3 and §2.4).
///
/// `choice` says which identity provider is meant; without it there must be one alone. `now` is held against
/// `validUntil` and the certificates, for refusals and warnings.
pub fn read(
    bytes: &[u8],
    choice: Option<&EntityId>,
    now: Timestamp,
) -> Result<IdpMetadata, MetadataError> {
    // What Windows puts before a text, and what comes along when one is pasted.
    let bytes = bytes
        .strip_prefix("\u{FEFF}".as_bytes())
        .unwrap_or(bytes)
        .trim_ascii();
    let source = Source::from_bytes(bytes, Limits::METADATA)?;
    let document = source.parse()?;
    let Entity {
        name,
        descriptor,
        roles,
    } = find(document.root_element(), choice)?;
    let count = roles.len();
    let role = *roles.first().ok_or(MetadataError::NoIdentityProvider)?;

    let mut warnings = Vec::new();
    if count > 1 {
        warnings.push(MetadataWarning::SeveralDescriptions { count });
    }
    let covering = || role.ancestors().filter(Node::is_element);
    if covering().any(|node| {
        node.children()
            .any(|child| child.has_tag_name((uris::XML_SIGNATURE, "Signature")))
    }) {
        warnings.push(MetadataWarning::SignatureNotVerified);
    }
    let valid_until = valid_until(covering(), now)?;
    let cache_duration = cache_duration(covering(), now, &mut warnings);
    let signing_certificates = key::read(role, now, &mut warnings)?;
    let single_sign_on_service = single_sign_on_service(role, &mut warnings)?;
    let wants_authn_requests_signed = signature_wish(role, &mut warnings);
    if wants_authn_requests_signed && single_sign_on_service.binding == Binding::Post {
        warnings.push(MetadataWarning::SignedPostNotOffered);
    }
    let name_id_formats = name_id_formats(role)?;
    let fits = |format: &String| {
        matches!(
            format.as_str(),
            uris::NAME_ID_EMAIL | uris::NAME_ID_UNSPECIFIED
        )
    };
    if !name_id_formats.is_empty() && !name_id_formats.iter().any(fits) {
        warnings.push(MetadataWarning::EmailNotOffered);
    }
    Ok(IdpMetadata {
        entity_id: name,
        display_name: display_name(descriptor, role),
        signing_certificates,
        single_sign_on_service,
        name_id_formats,
        wants_authn_requests_signed,
        valid_until,
        cache_duration,
        warnings,
    })
}

/// The earliest end of all that cover the description: its own, the entity's and those of the lists around it.
fn valid_until<'a, 'input: 'a>(
    covering: impl Iterator<Item = Node<'a, 'input>>,
    now: Timestamp,
) -> Result<Option<Timestamp>, MetadataError> {
    let mut earliest: Option<Timestamp> = None;
    for text in covering.filter_map(|node| node.attribute("validUntil")) {
        let end = parse_instant(text.trim())
            .ok_or_else(|| MetadataError::UnreadableValidUntil { text: quoted(text) })?;
        earliest = Some(earliest.map_or(end, |earliest| earliest.min(end)));
    }
    match earliest {
        Some(valid_until) if valid_until <= now => Err(MetadataError::Expired { valid_until }),
        other => Ok(other),
    }
}

fn cache_duration<'a, 'input: 'a>(
    covering: impl Iterator<Item = Node<'a, 'input>>,
    now: Timestamp,
    warnings: &mut Vec<MetadataWarning>,
) -> Option<SignedDuration> {
    let mut shortest: Option<SignedDuration> = None;
    for text in covering.filter_map(|node| node.attribute("cacheDuration")) {
        match duration::duration(text, now) {
            Some(read) => shortest = Some(shortest.map_or(read, |shortest| shortest.min(read))),
            None => warnings.push(MetadataWarning::UnreadableCacheDuration { text: quoted(text) }),
        }
    }
    shortest
}

/// The place to send requests to: the first one for redirects, or else the first one for POST.
fn single_sign_on_service(
    role: Node<'_, '_>,
    warnings: &mut Vec<MetadataWarning>,
) -> Result<SingleSignOnService, MetadataError> {
    let mut best: Option<(Binding, &str)> = None;
    for (at, service) in children(role, "SingleSignOnService").enumerate() {
        if at == ENDPOINTS {
            return Err(MetadataError::TooMany {
                what: "SingleSignOnService elements",
                limit: ENDPOINTS,
            });
        }
        let binding = service.attribute("Binding").unwrap_or_default();
        let Some(binding) = Binding::from_uri(binding.trim()) else {
            continue;
        };
        if best.is_none_or(|(known, _)| binding < known) {
            best = Some((binding, service.attribute("Location").unwrap_or_default()));
        }
    }
    let (binding, location) = best.ok_or(MetadataError::NoSingleSignOnService)?;
    let location = location.trim();
    match location::check(location) {
        Ok(Transport::Private) => {}
        Ok(Transport::Plain) => warnings.push(MetadataWarning::PlainHttp {
            location: location.to_owned(),
        }),
        Err(fault) => {
            return Err(MetadataError::Location {
                location: quoted(location),
                fault,
            });
        }
    }
    Ok(SingleSignOnService {
        binding,
        location: location.to_owned(),
    })
}

/// An xsd:boolean, false where it is not said (SAML metadata §2.4.3).
fn signature_wish(role: Node<'_, '_>, warnings: &mut Vec<MetadataWarning>) -> bool {
    let Some(text) = role.attribute("WantAuthnRequestsSigned") else {
        return false;
    };
    match text.trim() {
        "true" | "1" => true,
        "false" | "0" => false,
        _ => {
            warnings.push(MetadataWarning::UnreadableSignatureWish { text: quoted(text) });
            true
        }
    }
}

fn name_id_formats(role: Node<'_, '_>) -> Result<Vec<String>, MetadataError> {
    let mut formats = Vec::new();
    for element in children(role, "NameIDFormat") {
        if formats.len() == NAME_ID_FORMATS {
            return Err(MetadataError::TooMany {
                what: "NameIDFormat elements",
                limit: NAME_ID_FORMATS,
            });
        }
        let text = value(element)?;
        let format = text.trim();
        if !format.is_empty() && format.len() <= URI_LENGTH {
            formats.push(clean(format).into_owned());
        }
    }
    Ok(formats)
}

/// What the identity provider calls itself: the name for user interfaces, or that of its organisation; English first.
fn display_name(descriptor: Node<'_, '_>, role: Node<'_, '_>) -> Option<String> {
    let of_interface = children(role, "Extensions")
        .flat_map(|extensions| extensions.children())
        .filter(|node| node.has_tag_name((uris::METADATA_UI, "UIInfo")))
        .flat_map(|info| info.children())
        .filter(|node| node.has_tag_name((uris::METADATA_UI, "DisplayName")));
    let of_organization = children(descriptor, "Organization")
        .flat_map(|organization| children(organization, "OrganizationDisplayName"));
    english(of_interface).or_else(|| english(of_organization))
}

fn english<'a, 'input: 'a>(names: impl Iterator<Item = Node<'a, 'input>>) -> Option<String> {
    let mut first = None;
    for node in names {
        // A name is for show: one with an element in it is no reason to refuse the document.
        let Ok(text) = value(node) else { continue };
        let name: String = clean(&text)
            .trim()
            .chars()
            .take(DISPLAY_NAME_LENGTH)
            .collect();
        if name.is_empty() {
            continue;
        }
        if node
            .attribute(XML_LANG)
            .is_some_and(|language| language.starts_with("en"))
        {
            return Some(name);
        }
        first.get_or_insert(name);
    }
    first
}
