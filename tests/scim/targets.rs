//! Every reader of what comes from outside, as a function of bytes, with what must hold whatever they are. Called by the
//! property tests and by the fuzzer (`fuzz/`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provost::request_log::RequestQuery;
use provost::saml::metadata;
use provost::saml::response::{CheckId, Expectations, RawResponse, SKEW, Unsolicited, examine};
use provost::scim::dialect::Notes;
use provost::scim::filter::{FilterScope, UnknownAttribute};
use provost::scim::list::Paging;
use provost::scim::path::PatchPath;
use provost::scim::schema::custom;
use provost::scim::{
    Attributes, Filter, Limits, ListQuery, PatchRequest, PatchTarget, Registry, ResourceKind,
    ScimError, ScimType, normalise,
};
use serde_json::{Value, json};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An error is the client's fault, and says why in a few words.
fn refused(error: &ScimError) {
    assert!((400..500).contains(&error.status), "{error:?}");
    assert!(
        !error.detail.is_empty() && error.detail.len() < 4_096,
        "{error:?}"
    );
}

/// A filter, whose text parses to the same filter.
pub fn filter(bytes: &[u8]) {
    let (registry, text) = (Registry::standard(), text(bytes));
    for kind in ResourceKind::ALL {
        for unknown in [UnknownAttribute::Refuse, UnknownAttribute::NoValue] {
            let scope = FilterScope { kind, unknown };
            match Filter::parse_in(&registry, scope, &text) {
                Ok(parsed) if unknown == UnknownAttribute::Refuse => {
                    let written = parsed.filter.to_string();
                    let again = Filter::parse(&registry, kind, &written);
                    let again = again.unwrap_or_else(|error| panic!("{written}: {error}"));
                    assert_eq!(again.filter, parsed.filter, "{written}");
                    parsed.filter.matches(&Attributes::new());
                }
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
                    refused(&error);
                }
            }
        }
    }
}

/// The path of a PATCH operation.
pub fn path(bytes: &[u8]) {
    let (registry, text) = (Registry::standard(), text(bytes));
    for kind in ResourceKind::ALL {
        if let Err(error) = PatchPath::parse(&registry, kind, &text, &mut Notes::new()) {
            assert_eq!(error.scim_type, Some(ScimType::InvalidPath));
            refused(&error);
        }
    }
}

/// The body of a PATCH. What it leaves behind is a resource that could have been sent.
pub fn patch(bytes: &[u8]) {
    let registry = Registry::standard();
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let request = match PatchRequest::parse(&body) {
        Ok(request) => request,
        Err(error) => return refused(&error),
    };
    for (kind, before) in [
        (
            ResourceKind::User,
            json!({ "userName": "ada", "active": true, "emails": [{ "value": "a@x.io", "type": "work", "primary": true }] }),
        ),
        (ResourceKind::Group, json!({ "displayName": "G" })),
    ] {
        let before = normalise(&registry, kind, &before, None).expect("it is a resource");
        let target = PatchTarget {
            kind,
            id: "2819c223",
            attributes: &before.attributes,
        };
        match request.apply(&registry, &target) {
            Ok(patched) => is_canonical(&registry, kind, patched.attributes),
            Err(error) => refused(&error),
        }
    }
}

/// The body of a POST, and of a PUT.
pub fn resource(bytes: &[u8]) {
    let registry = Registry::standard();
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    for kind in ResourceKind::ALL {
        match normalise(&registry, kind, &body, None) {
            Ok(normalised) => {
                let again = normalise(&registry, kind, &body, Some(&normalised.attributes));
                let again = again.expect("a PUT of what is there changes nothing");
                assert_eq!(again.attributes, normalised.attributes);
                is_canonical(&registry, kind, normalised.attributes);
            }
            Err(error) => refused(&error),
        }
    }
}

/// Normalising what is stored changes nothing of it.
fn is_canonical(registry: &Registry, kind: ResourceKind, attributes: Attributes) {
    for never in ["id", "schemas", "meta", "groups", "members", "password"] {
        assert!(!attributes.contains_key(never), "{never} is stored");
    }
    let again = normalise(registry, kind, &Value::Object(attributes.clone()), None);
    let again = again.unwrap_or_else(|error| panic!("{error}: {attributes:?}"));
    assert_eq!(again.attributes, attributes);
}

/// The body of a search, and the same text as a query.
pub fn search_request(bytes: &[u8]) {
    let (registry, limits) = (Registry::standard(), Limits::default());
    let check = |query: Result<ListQuery, ScimError>| match query {
        Ok(query) => {
            assert!(query.count <= limits.max_results, "{query:?}");
            assert_ne!(query.paging, Paging::Index(0), "{query:?}");
        }
        Err(error) => refused(&error),
    };
    for kind in ResourceKind::ALL {
        if let Ok(body) = serde_json::from_slice::<Value>(bytes) {
            check(ListQuery::search(&registry, kind, &limits, &body));
        }
        let text = text(bytes);
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        check(ListQuery::parse(&registry, kind, &limits, pairs));
    }
}

/// The `Authorization` header.
pub fn bearer(bytes: &[u8]) {
    let known = ["no header", "token", "malformed"];
    assert!(known.contains(&provost::server::authorization_shape(bytes)));
}

/// A query over the request log, whose text parses to the same query.
pub fn log_query(bytes: &[u8]) {
    let text = text(bytes);
    match RequestQuery::parse(&text) {
        Ok(query) => {
            let written = query.to_string();
            let again = RequestQuery::parse(&written);
            let again = again.unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(again, query, "{written}");
        }
        Err(error) => assert!(error.column >= 1 && !error.message.is_empty()),
    }
}

/// A file of schemas.
pub fn schema_file(bytes: &[u8]) {
    let Ok(schemas) = custom::read(&text(bytes)) else {
        return;
    };
    for schema in schemas {
        // Not every schema goes with those of the standards.
        if let Ok(registry) = Registry::standard().with_extension(ResourceKind::User, schema) {
            let announced = provost::scim::discovery::schemas(&registry, "https://x");
            let listed = announced["Resources"].as_array().expect("a list");
            let again = custom::read(&listed[listed.len() - 1].to_string());
            again.expect("what is announced can be read");
        }
    }
}

/// The metadata of an identity provider, which describes the same one each time it is read.
pub fn saml_metadata(bytes: &[u8]) {
    let now = jiff::Timestamp::UNIX_EPOCH;
    match metadata::read(bytes, None, now) {
        Ok(read) => {
            assert!(!read.signing_certificates.is_empty(), "{read:?}");
            assert!(!read.entity_id.as_str().is_empty(), "{read:?}");
            assert_eq!(metadata::read(bytes, None, now).as_ref(), Ok(&read));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A Response to a service provider whose identity provider has signed one, at the time when it did. Whatever is done
/// to that Response, nobody is signed in but whom it names, with what it says of them.
pub fn saml_response(bytes: &[u8]) {
    signs_in(bytes);
}

/// The same; whether it signs in.
pub fn signs_in(bytes: &[u8]) -> bool {
    const GOOD: &str = include_str!("../../fuzz/seeds/saml_response/01");
    let idp = include_bytes!("../fixtures/saml/pysaml2/metadata.xml");
    let now = "2026-11-27T01:58:53Z".parse().expect("a time");
    let idp = metadata::read(idp, None, now).expect("the metadata is good");
    let expectations = Expectations {
        idp_entity_id: idp.entity_id.as_str(),
        certificates: &idp.signing_certificates,
        acs_url: "https://sp.example/trust/saml2/acs",
        sp_entity_id: "https://sp.example/trust/saml2/metadata",
        pending_request_id: Some("_pysaml2-signed_both"),
        unsolicited: Unsolicited::Refused,
        now,
        skew: SKEW,
        decryption_keys: &[],
    };
    let examined = |bytes: &[u8]| {
        let encoded = STANDARD.encode(bytes);
        examine(&RawResponse::posted(&encoded), &expectations)
    };
    let examination = examined(bytes);
    assert_eq!(examination.checks().len(), CheckId::ALL.len());
    let Some(subject) = examination.accepted() else {
        return false;
    };
    assert_eq!(Some(subject), examined(GOOD.as_bytes()).accepted());
    true
}
