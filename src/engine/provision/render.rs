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
        let text = document.attributes.as_str();
        let managers = self.managers(kind, std::iter::once(text)).await?;
        Ok(self.render_whole(kind, document, base_url, Display::OnRequest, &managers))
    }

    /// A resource as it is stored, without what other resources tell of it.
    pub(in crate::engine) fn render_alone(
        &self,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
    ) -> String {
        self.render_whole(
            kind,
            document,
            base_url,
            Display::OnRequest,
            &Managers::new(),
        )
    }

    fn render_whole(
        &self,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
        show: Display,
        managers: &Managers,
    ) -> String {
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
                render::user(&self.registry, &envelope, &attributes, groups)
            }
            ResourceKind::Group => {
                let members = ids.iter().map(|(id, display)| render::MemberEntry {
                    id,
                    display: (show == Display::Shown).then_some(*display),
                });
                render::group(&self.registry, &envelope, &document.attributes, members)
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
        let show = if projection.names_part(None, "members", "display")
            || projection.names_part(Some(ENTERPRISE_USER), "manager", "displayName")
        {
            Display::Shown
        } else {
            Display::OnRequest
        };
        let text = self.render_whole(kind, document, base_url, show, managers);
        if projection.is_everything() && self.registry.returns_all_extensions(kind) {
            return text;
        }
        match serde_json::from_str(&text) {
            Ok(mut resource) => {
                projection.apply(&self.registry, kind, &mut resource);
                serde_json::Value::Object(resource).to_string()
            }
            // A stored document is always JSON; were it not, the whole is better than nothing.
            Err(_) => text,
        }
    }
}
