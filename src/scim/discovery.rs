//! What the provider says about itself: `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7643 §5–§7, RFC
//! 7644 §4). Every answer follows from the [`Registry`] and the [`Limits`]; the server may keep them.

use serde_json::{Map, Value, json};

use super::limits::Limits;
use super::list::LIST_RESPONSE;
use super::schema::{Attribute, AttributeType, Registry, ResourceKind, Schema};

const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// `/ServiceProviderConfig`: what is supported. Every statement is true of this server.
pub fn service_provider_config(base_url: &str, limits: &Limits) -> Value {
    json!({
        "schemas": [CONFIG],
        "patch": { "supported": true },
        "bulk": {
            "supported": false,
            "maxOperations": limits.bulk_max_operations,
            "maxPayloadSize": limits.bulk_max_payload_size,
        },
        "filter": { "supported": true, "maxResults": limits.max_results },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A bearer token in the Authorization header",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base_url}/ServiceProviderConfig"),
        },
    })
}

/// `/ResourceTypes`.
pub fn resource_types(registry: &Registry, base_url: &str) -> Value {
    let types = ResourceKind::ALL.map(|kind| resource_type_of(registry, base_url, kind));
    list(&types)
}

/// `/ResourceTypes/{name}`.
pub fn resource_type(registry: &Registry, base_url: &str, name: &str) -> Option<Value> {
    let kind = ResourceKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == name)?;
    Some(resource_type_of(registry, base_url, kind))
}

fn resource_type_of(registry: &Registry, base_url: &str, kind: ResourceKind) -> Value {
    let core = registry.core(kind);
    let extensions: Vec<Value> = registry
        .extensions(kind)
        .iter()
        .map(|schema| json!({ "schema": schema.id.as_str(), "required": false }))
        .collect();
    json!({
        "schemas": [RESOURCE_TYPE],
        "id": kind.as_str(),
        "name": kind.as_str(),
        "description": core.description,
        "endpoint": kind.endpoint(),
        "schema": core.id.as_str(),
        "schemaExtensions": extensions,
        "meta": {
            "resourceType": "ResourceType",
            "location": format!("{base_url}/ResourceTypes/{kind}"),
        },
    })
}

/// `/Schemas`.
pub fn schemas(registry: &Registry, base_url: &str) -> Value {
    let schemas: Vec<Value> = registry
        .schemas()
        .map(|schema| schema_of(schema, base_url))
        .collect();
    list(&schemas)
}

/// `/Schemas/{urn}`.
pub fn schema(registry: &Registry, base_url: &str, urn: &str) -> Option<Value> {
    Some(schema_of(registry.schema(urn)?, base_url))
}

fn schema_of(schema: &Schema, base_url: &str) -> Value {
    let attributes: Vec<Value> = schema.attributes.iter().map(attribute).collect();
    json!({
        "schemas": [SCHEMA],
        "id": schema.id.as_str(),
        "name": schema.name,
        "description": schema.description,
        "attributes": attributes,
        "meta": {
            "resourceType": "Schema",
            "location": format!("{base_url}/Schemas/{}", schema.id),
        },
    })
}

fn attribute(definition: &Attribute) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), definition.name.as_str().into());
    object.insert("type".into(), definition.kind.as_str().into());
    object.insert("multiValued".into(), definition.multi_valued.into());
    object.insert("description".into(), definition.description.as_str().into());
    object.insert("required".into(), definition.required.into());
    if !definition.canonical_values.is_empty() {
        object.insert(
            "canonicalValues".into(),
            definition.canonical_values.clone().into(),
        );
    }
    if definition.kind.is_text() {
        object.insert("caseExact".into(), definition.case_exact.into());
    }
    object.insert("mutability".into(), definition.mutability.as_str().into());
    object.insert("returned".into(), definition.returned.as_str().into());
    match definition.kind {
        AttributeType::Complex => {
            let parts: Vec<Value> = definition.sub_attributes.iter().map(attribute).collect();
            object.insert("subAttributes".into(), parts.into());
        }
        _ => {
            object.insert("uniqueness".into(), definition.uniqueness.as_str().into());
        }
    }
    if definition.kind == AttributeType::Reference {
        object.insert(
            "referenceTypes".into(),
            definition.reference_types.clone().into(),
        );
    }
    Value::Object(object)
}

fn list(resources: &[Value]) -> Value {
    json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}
