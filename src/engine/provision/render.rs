//! Answers from stored documents: the common way is concatenation of stored text.

use super::manager::{self, Managers};
use crate::engine::Engine;
use crate::scim::schema::ENTERPRISE_USER;
use crate::scim::{Projection, ResourceKind, render};
use crate::store::{Document, StoreError};

/// Whether members and managers are shown with their names. They are returned on request only: a client that patches members reads
/// back what it sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Display {
    Shown,
    OnRequest,
}

impl Engine {
    /// A resource as an IdP reads it that names no attributes.
    pub async fn render(
        &self,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
    ) -> Result<String, StoreError> {
        let attributes = document.attributes.as_str();
        let managers = self.managers(kind, std::iter::once(attributes)).await?;
        Ok(self.render_known(kind, document, base_url, &managers))
    }

    /// The same where the managers are known.
    pub(in crate::engine) fn render_known(
        &self,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
        managers: &Managers,
    ) -> String {
        let mut text = String::with_capacity(document.attributes.len() + render::AROUND);
        self.push_whole(
            &mut text,
            kind,
            document,
            base_url,
            Display::OnRequest,
            managers,
        );
        text
    }

    fn push_whole(
        &self,
        text: &mut String,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
        show: Display,
        managers: &Managers,
    ) {
        let attributes = manager::shown(
            &document.attributes,
            managers,
            base_url,
            show == Display::Shown,
        );
        let id = document.id.to_string();
        let envelope = render::Envelope {
            kind,
            id: &id,
            version: document.version,
            created: document.created,
            modified: document.modified,
            base_url,
        };
        let ids: Vec<(String, &str)> = document
            .links
            .iter()
            .flatten()
            .map(|link| (link.id.to_string(), link.display.as_str()))
            .collect();
        match kind {
            ResourceKind::User => {
                let groups = ids
                    .iter()
                    .map(|(id, display)| render::GroupReference { id, display });
                render::push_user(text, &self.registry, &envelope, &attributes, groups);
            }
            ResourceKind::Group => {
                let members = ids.iter().map(|(id, display)| render::MemberEntry {
                    id,
                    display: (show == Display::Shown).then_some(*display),
                });
                render::push_group(
                    text,
                    &self.registry,
                    &envelope,
                    &document.attributes,
                    members,
                );
            }
        }
    }

    /// A resource with what the client wants to see of it.
    pub(super) fn render_projected(
        &self,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
        projection: &Projection,
        managers: &Managers,
    ) -> String {
        let mut text = String::with_capacity(document.attributes.len() + render::AROUND);
        self.push_projected(&mut text, kind, document, base_url, projection, managers);
        text
    }

    /// The same, added to a text.
    pub(super) fn push_projected(
        &self,
        text: &mut String,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
        projection: &Projection,
        managers: &Managers,
    ) {
        let show = if projection.names_part(None, "members", "display")
            || projection.names_part(Some(ENTERPRISE_USER), "manager", "displayName")
        {
            Display::Shown
        } else {
            Display::OnRequest
        };
        if projection.is_everything() && self.registry.returns_all_extensions(kind) {
            return self.push_whole(text, kind, document, base_url, show, managers);
        }
        let mut whole = String::with_capacity(document.attributes.len() + render::AROUND);
        self.push_whole(&mut whole, kind, document, base_url, show, managers);
        match serde_json::from_str(&whole) {
            Ok(mut resource) => {
                projection.apply(&self.registry, kind, &mut resource);
                text.push_str(&serde_json::Value::Object(resource).to_string());
            }
            // A stored document is always JSON; were it not, the whole is better than nothing.
            Err(_) => text.push_str(&whole),
        }
    }
}
