//! Values of extension attributes that one resource alone may have (RFC 7643 §2.2, `uniqueness`).
//!
//! `userName`, `externalId` and `displayName` are columns of the store and rules of the directory. What an admin's own
//! schema calls unique is looked up here, and held unique by letting one such write at a time through: an engine without
//! such attributes waits for nothing.

use serde_json::Value;
use tokio::sync::MutexGuard;
use uuid::Uuid;

use super::Failure;
use crate::directory::{Attributes, Command};
use crate::engine::Engine;
use crate::engine::call::{Operation, ScimCall};
use crate::scim::filter::{Filter, FilterScope, UnknownAttribute};
use crate::scim::list::SortOrder;
use crate::scim::{ResourceKind, ScimError, ScimType};
use crate::store::{DocumentPart, DocumentQuery, StoreError, Window};

impl Engine {
    /// Waits for other writes that may take a unique value, where there are such values.
    pub(super) async fn unique_turn(&self, operation: &Operation) -> Option<MutexGuard<'_, ()>> {
        match operation {
            Operation::Create(kind) | Operation::Replace(kind, _) | Operation::Patch(kind, _) => {
                self.unique_turn_of(*kind).await
            }
            _ => None,
        }
    }

    /// The same for a write of this kind that is no SCIM request.
    pub(in crate::engine) async fn unique_turn_of(
        &self,
        kind: ResourceKind,
    ) -> Option<MutexGuard<'_, ()>> {
        let mut unique = self.registry.unique_extension_attributes(kind);
        unique.next()?;
        Some(self.unique_values.lock().await)
    }

    /// Refuses a command that gives a resource a value which another one has.
    pub(super) async fn check_unique(
        &self,
        call: &ScimCall,
        command: &Command,
    ) -> Result<(), Failure> {
        let (kind, id, attributes) = match command {
            Command::CreateMember { id, attributes, .. }
            | Command::UpdateMember { id, attributes, .. } => {
                (ResourceKind::User, id.0, attributes)
            }
            Command::CreateTeam { id, attributes, .. }
            | Command::UpdateTeam {
                id,
                attributes: Some(attributes),
                ..
            } => (ResourceKind::Group, id.0, attributes),
            _ => return Ok(()),
        };
        match self.taken_value(kind, id, attributes).await {
            Ok(None) => Ok(()),
            Ok(Some(path)) => {
                tracing::debug!(request = %call.exchange.row.id, path, "a unique value is taken");
                Err(ScimError::conflict(taken(&path, kind)).into())
            }
            // Not to know is no reason to let it through.
            Err(StoreError::TooMany { limit }) => Err(ScimError::bad_request(
                ScimType::TooMany,
                format!(
                    "whether a value that must be unique is free takes looking at more than {limit} resources; nothing was changed"
                ),
            )
            .into()),
            Err(error) => Err(error.into()),
        }
    }

    /// The path of the first unique value of the resource that another live one has.
    pub(in crate::engine) async fn taken_value(
        &self,
        kind: ResourceKind,
        id: Uuid,
        attributes: &Attributes,
    ) -> Result<Option<String>, StoreError> {
        for (schema, attribute) in self.registry.unique_extension_attributes(kind) {
            let path = format!("{}:{}", schema.id, attribute.name);
            let Some(value) = value(attributes, schema.id.as_str(), &attribute.name) else {
                continue;
            };
            let filter = format!("{path} eq {value}");
            if self.is_taken(kind, id, &filter).await? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    async fn is_taken(
        &self,
        kind: ResourceKind,
        id: Uuid,
        filter: &str,
    ) -> Result<bool, StoreError> {
        let scope = FilterScope {
            kind,
            unknown: UnknownAttribute::Refuse,
        };
        // The path is one of the registry and the value one that was read; were it no filter, the value would count as
        // taken, so that nothing slips through.
        let Ok(parsed) = Filter::parse_in(&self.registry, scope, filter) else {
            return Ok(true);
        };
        let page = self
            .store
            .documents(&DocumentQuery {
                parts: vec![DocumentPart {
                    kind,
                    filter: Some(parsed.filter),
                    sort: None,
                    with_links: false,
                }],
                order: SortOrder::default(),
                window: Window::Index(1),
                // The resource itself and one more.
                count: 2,
            })
            .await?;
        Ok(page.found.iter().any(|found| found.document.id != id))
    }
}

fn taken(path: &str, kind: ResourceKind) -> String {
    format!("{path} has a value that another {kind} has")
}

/// A value as a filter writes it.
fn value(attributes: &Attributes, urn: &str, name: &str) -> Option<String> {
    match attributes.get(urn)?.get(name)? {
        text @ Value::String(_) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
