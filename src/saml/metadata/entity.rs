//! Finds the one identity provider that is meant.

use super::{LISTED_ENTITIES, MetadataError};
use crate::saml::claims::clean;
use crate::saml::xml::Node;
use crate::saml::{EntityId, uris};

/// An identity provider in a document.
pub(super) struct Entity<'a, 'input> {
    /// Its name.
    pub name: EntityId,
    /// Its `EntityDescriptor`.
    pub descriptor: Node<'a, 'input>,
    /// Its `IDPSSODescriptor`s that speak SAML 2.0, at least one.
    pub roles: Vec<Node<'a, 'input>>,
}

/// Whether a node is the element of this local name in the namespace of metadata.
pub(super) fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((uris::METADATA, name))
}

/// The children of this local name in the namespace of metadata.
pub(super) fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |&child| is(child, name))
}

/// A foreign text, as an error may repeat it.
pub(super) fn quoted(text: &str) -> String {
    clean(text).chars().take(80).collect()
}

/// The identity provider that `choice` names, or the only one.
pub(super) fn find<'a, 'input>(
    root: Node<'a, 'input>,
    choice: Option<&EntityId>,
) -> Result<Entity<'a, 'input>, MetadataError> {
    if !is(root, "EntityDescriptor") && !is(root, "EntitiesDescriptor") {
        return Err(MetadataError::NotMetadata {
            found: quoted(root.tag_name().name()),
        });
    }
    let mut found = Vec::new();
    let mut has_service_provider = false;
    // In a list, one that is named badly is no reason to refuse the others.
    let mut nameless = None;
    for descriptor in root.descendants().filter(|&node| is_listed(node)) {
        let roles: Vec<_> = children(descriptor, "IDPSSODescriptor")
            .filter(|&role| speaks_saml_2(role))
            .collect();
        if roles.is_empty() {
            has_service_provider |= children(descriptor, "SPSSODescriptor").next().is_some();
            continue;
        }
        match EntityId::parse(descriptor.attribute("entityID").unwrap_or_default()) {
            Ok(name) => found.push(Entity {
                name,
                descriptor,
                roles,
            }),
            Err(fault) => nameless = Some(fault),
        }
    }
    let listed = |found: &[Entity<'_, '_>]| {
        let names = found.iter().map(|entity| entity.name.clone());
        names.take(LISTED_ENTITIES).collect()
    };
    if found.is_empty() {
        if let Some(fault) = nameless {
            return Err(fault.into());
        }
        return Err(if has_service_provider {
            MetadataError::ServiceProvider
        } else {
            MetadataError::NoIdentityProvider
        });
    }
    let Some(wanted) = choice else {
        let count = found.len();
        return match (found.pop(), count) {
            (Some(only), 1) => Ok(only),
            (last, _) => {
                found.extend(last);
                Err(MetadataError::SeveralIdentityProviders {
                    count,
                    entity_ids: listed(&found),
                })
            }
        };
    };
    let entity_ids = listed(&found);
    let mut matching = found.into_iter().filter(|entity| entity.name == *wanted);
    let Some(entity) = matching.next() else {
        return Err(MetadataError::UnknownIdentityProvider {
            wanted: wanted.clone(),
            entity_ids,
        });
    };
    if matching.next().is_some() {
        return Err(MetadataError::RepeatedIdentityProvider {
            entity_id: entity.name,
        });
    }
    Ok(entity)
}

/// Whether a node is an `EntityDescriptor` in its place: at the top, or in nothing but lists. One in an extension
/// describes nobody.
fn is_listed(node: Node<'_, '_>) -> bool {
    is(node, "EntityDescriptor")
        && node
            .ancestors()
            .skip(1)
            .all(|above| above.is_root() || is(above, "EntitiesDescriptor"))
}

fn speaks_saml_2(role: Node<'_, '_>) -> bool {
    role.attribute("protocolSupportEnumeration")
        .unwrap_or_default()
        .split_ascii_whitespace()
        .any(|protocol| protocol == uris::PROTOCOL)
}
