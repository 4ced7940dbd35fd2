//! What the provider says about itself: `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7643 §5–§7, RFC
//! 7644 §4, RFC 9865 §4). Every answer follows from the [`Registry`] and the [`Limits`]; the server may keep them.

use serde_json::{Map, Value, json};

use super::limits::Limits;
use super::list::LIST_RESPONSE;
use super::schema::{Attribute, AttributeType, Registry, ResourceKind, Schema};

const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
/// Where the provider stands below the root of the server.
const BASE_PATH: &str = "/scim/v2";
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// `/ServiceProviderConfig`: what is supported. Every statement is true of this server.
pub fn service_provider_config(base_url: &str, limits: &Limits) -> Value {
    json!({
        "schemas": [CONFIG],
        "patch": { "supported": true },
        "bulk": {
            "supported": true,
            "maxOperations": limits.bulk_max_operations,
            "maxPayloadSize": limits.bulk_max_payload_size,
        },
        "filter": { "supported": true, "maxResults": limits.max_results },
        "changePassword": { "supported": true },
        "sort": { "supported": true },
        "etag": { "supported": true },
        // RFC 9865 §4. Clients written before it page by index, so that stays what they get unasked.
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": limits.default_count,
            "maxPageSize": limits.max_results,
            "cursorTimeout": limits.cursor_timeout,
        },
        "authenticationSchemes": authentication_schemes(base_url),
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base_url}/ServiceProviderConfig"),
        },
    })
}

/// Both ways to a bearer token (RFC 7643 §5): one that an admin made, and one that a client fetches for itself. What
/// documents the latter is the metadata of the authorization server (RFC 8414), which stands at the root of this server.
fn authentication_schemes(base_url: &str) -> Value {
    let root = base_url.strip_suffix(BASE_PATH).unwrap_or(base_url);
    json!([
        {
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A bearer token in the Authorization header",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        },
        {
            "type": "oauth2",
            "name": "OAuth 2.0 Client Credentials",
            "description": "An access token that the client fetches at the token endpoint, with its secret or with \
                            an assertion signed by its key, and sends as a bearer token",
            "specUri": "https://www.rfc-editor.org/info/rfc6749",
            "documentationUri": format!("{root}/.well-known/oauth-authorization-server"),
            "primary": false,
        },
    ])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::schema::{ENTERPRISE_USER, LAUNCHDARKLY_USER, USER};

    const BASE: &str = "https://x/scim/v2";

    #[test]
    fn the_configuration_announces_what_is_true() {
        let config = service_provider_config(BASE, &Limits::default());
        for (feature, supported) in [
            ("patch", true),
            ("bulk", true),
            ("filter", true),
            ("changePassword", true),
            ("sort", true),
            ("etag", true),
        ] {
            assert_eq!(config[feature]["supported"], supported, "{feature}");
        }
        assert_eq!(
            config["pagination"],
            json!({
                "cursor": true,
                "index": true,
                "defaultPaginationMethod": "index",
                "defaultPageSize": 100,
                "maxPageSize": 1_000,
                "cursorTimeout": 3_600
            })
        );
        // Clients cut their other requests by it, too.
        assert!(config["bulk"]["maxOperations"].as_u64() >= Some(100));
        let schemes = config["authenticationSchemes"].as_array().unwrap();
        let types: Vec<&Value> = schemes.iter().map(|scheme| &scheme["type"]).collect();
        assert_eq!(types, ["oauthbearertoken", "oauth2"]);
        let primary = schemes.iter().filter(|scheme| scheme["primary"] == true);
        assert_eq!(primary.count(), 1);
        assert_eq!(
            schemes[1]["documentationUri"],
            "https://x/.well-known/oauth-authorization-server"
        );
    }

    #[test]
    fn every_schema_a_resource_type_names_is_there() {
        let registry = Registry::standard();
        let types = resource_types(&registry, BASE);
        assert_eq!(types["totalResults"], 2);
        assert_eq!(types["Resources"][0]["schema"], USER);
        let extensions = &types["Resources"][0]["schemaExtensions"];
        assert_eq!(extensions[0]["schema"], ENTERPRISE_USER);
        assert_eq!(extensions[1]["schema"], LAUNCHDARKLY_USER);
        assert_eq!(schemas(&registry, BASE)["totalResults"], 4);
        for listed in schemas(&registry, BASE)["Resources"].as_array().unwrap() {
            let urn = listed["id"].as_str().unwrap();
            assert_eq!(
                schema(&registry, BASE, &urn.to_uppercase()).as_ref(),
                Some(listed)
            );
        }
        assert_eq!(schema(&registry, BASE, "urn:x"), None);
        assert_eq!(resource_type(&registry, BASE, "Robot"), None);
        assert_eq!(
            resource_type(&registry, BASE, "Group").unwrap()["endpoint"],
            "/Groups"
        );
    }

    /// RFC 7643 §8.7.1, the definition of `emails`, except for the descriptions.
    #[test]
    fn an_attribute_is_described_by_all_its_characteristics() {
        let user = schema(&Registry::standard(), BASE, USER).unwrap();
        let attributes = user["attributes"].as_array().unwrap();
        let named = |name: &str| {
            attributes
                .iter()
                .find(|attribute| attribute["name"] == name)
        };
        let emails = named("emails").unwrap();
        assert_eq!(emails["type"], "complex");
        assert_eq!(emails["multiValued"], true);
        assert_eq!(
            emails["subAttributes"][2]["canonicalValues"],
            json!(["work", "home", "other"])
        );
        let user_name = named("userName").unwrap();
        assert_eq!(user_name["required"], true);
        assert_eq!(user_name["caseExact"], false);
        assert_eq!(user_name["uniqueness"], "server");
        let password = named("password").unwrap();
        assert_eq!(
            (&password["mutability"], &password["returned"]),
            (&json!("writeOnly"), &json!("never"))
        );
        assert_eq!(
            named("profileUrl").unwrap()["referenceTypes"],
            json!(["external"])
        );
    }
}
