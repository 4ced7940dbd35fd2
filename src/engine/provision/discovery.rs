//! What the provider says of itself (RFC 7644 §4).

use super::{Failure, Reply};
use crate::directory::Outcome;
use crate::engine::Engine;
use crate::engine::call::{Operation, ScimAnswer, ScimCall};
use crate::scim::{ScimError, discovery, events};

impl Engine {
    pub(super) fn discovery(&self, call: &ScimCall) -> Result<Reply, Failure> {
        if call
            .query
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("filter"))
        {
            // RFC 7644 §4: filters on discovery endpoints are answered with 403.
            return Err(ScimError::new(403, "discovery endpoints take no filter").into());
        }
        let (registry, base) = (&self.registry, call.base_url.as_str());
        let document = match &call.operation {
            Operation::ResourceTypes(None) => Some(discovery::resource_types(registry, base)),
            Operation::ResourceTypes(Some(id)) => discovery::resource_type(registry, base, id),
            Operation::Schemas(None) => Some(discovery::schemas(registry, base)),
            Operation::Schemas(Some(id)) => discovery::schema(registry, base, id),
            _ => Some(self.announced(discovery::service_provider_config(base, &self.limits()))),
        };
        let Some(document) = document else {
            return Err(ScimError::not_found("there is no such schema or resource type").into());
        };
        Ok(Reply {
            answer: ScimAnswer {
                status: 200,
                body: Some(document.to_string()),
                ..ScimAnswer::default()
            },
            outcome: Outcome::NoOp,
            subject: None,
            trace: Vec::new(),
        })
    }
}

impl Engine {
    /// Adds to `/ServiceProviderConfig` what an admin has set up. RFC 9967 §4: without `securityEvents` the provider "is
    /// not currently configured for" them; it is left out while there is no stream, since there are clients that refuse
    /// a document with attributes they do not know.
    fn announced(&self, mut config: serde_json::Value) -> serde_json::Value {
        if !self.events.streams().is_empty()
            && let Some(config) = config.as_object_mut()
        {
            config.insert("securityEvents".into(), events::announcement());
        }
        config
    }
}
