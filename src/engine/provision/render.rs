//! Answers from stored documents: the common way is concatenation of stored text.

use crate::engine::Engine;
use crate::scim::{Projection, ResourceKind, render};
use crate::store::Document;

/// Whether members are shown with their names. They are returned on request only: a client that patches members reads
/// back what it sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Display {
    Shown,
    OnRequest,
}

impl Engine {
    /// A resource as an IdP reads it that names no attributes.
    pub fn render(&self, kind: ResourceKind, document: &Document, base_url: &str) -> String {
        self.render_whole(kind, document, base_url, Display::OnRequest)
    }

    fn render_whole(
        &self,
        kind: ResourceKind,
        document: &Document,
        base_url: &str,
        show: Display,
    ) -> String {
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
                render::user(&self.registry, &envelope, &document.attributes, groups)
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
    ) -> String {
        let show = if projection.names_part("members", "display") {
            Display::Shown
        } else {
            Display::OnRequest
        };
        let text = self.render_whole(kind, document, base_url, show);
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
