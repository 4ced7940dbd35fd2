//! What makes an answer acceptable to an identity provider, beyond its status. Pure.
//!
//! Each rule is one that broke a real integration: counts as strings stop Okta's import, a wrong content type or a
//! members list that was asked to be left out stops Entra, an echoed password or PatchOp schema stops either.

use serde_json::{Map, Value};

use super::answer::{Answer, excerpt};

/// The schema of lists (RFC 7644 §8.2).
pub(super) const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// The schema of errors (RFC 7644 §3.12).
pub(super) const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Something an answer should have and has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What the provider would have accepted.
    pub expected: String,
    /// What came.
    pub came: String,
}

impl Fault {
    /// A fault in words.
    pub fn new(expected: impl Into<String>, came: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            came: came.into(),
        }
    }
}

/// The two kinds of resource that identity providers provision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A member.
    User,
    /// A team.
    Group,
}

impl Kind {
    /// The endpoint below the base URL.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    /// `meta.resourceType`.
    pub fn resource_type(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    fn schema(self) -> &'static str {
        match self {
            Self::User => "urn:ietf:params:scim:schemas:core:2.0:User",
            Self::Group => "urn:ietf:params:scim:schemas:core:2.0:Group",
        }
    }
}

/// Faults every answer with a body can have.
pub(super) fn of_content(answer: &Answer) -> Vec<Fault> {
    if answer.text.is_empty() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let media_type = answer.content_type.as_deref().unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/scim+json") {
        let came = if media_type.is_empty() {
            "none"
        } else {
            media_type
        };
        faults.push(Fault::new("content type application/scim+json", came));
    }
    if answer.json.is_none() {
        faults.push(Fault::new("a JSON body", excerpt(&answer.text)));
    }
    faults
}

/// Faults of a body that should be one resource.
pub(super) fn of_resource(body: &Value, kind: Kind) -> Vec<Fault> {
    let Some(body) = body.as_object() else {
        return vec![Fault::new("a resource", kind_of(body))];
    };
    let mut faults = Vec::new();
    match body.get("id").and_then(Value::as_str) {
        Some(id) if !id.is_empty() => {}
        _ => faults.push(Fault::new("an `id` that is a string", shown(body, "id"))),
    }
    let schemas = strings(body, "schemas");
    if !schemas.contains(&kind.schema()) {
        let expected = format!("`schemas` with {}", kind.schema());
        faults.push(Fault::new(expected, shown(body, "schemas")));
    }
    if schemas.contains(&PATCH_OP) {
        faults.push(Fault::new("the resource", "the PatchOp schema echoed"));
    }
    let resource_type = body.get("meta").and_then(|meta| meta.get("resourceType"));
    if resource_type.and_then(Value::as_str) != Some(kind.resource_type()) {
        let expected = format!("`meta.resourceType` {}", kind.resource_type());
        faults.push(Fault::new(expected, shown(body, "meta")));
    }
    if body.contains_key("password") {
        faults.push(Fault::new("no `password`", "the password echoed"));
    }
    if kind == Kind::User
        && body
            .get("active")
            .is_some_and(|active| !active.is_boolean())
    {
        faults.push(Fault::new("`active` as a boolean", shown(body, "active")));
    }
    faults
}

/// Faults of a body that should be a list.
pub(super) fn of_list(body: &Value) -> Vec<Fault> {
    let Some(body) = body.as_object() else {
        return vec![Fault::new("a ListResponse", kind_of(body))];
    };
    let mut faults = Vec::new();
    if !strings(body, "schemas").contains(&LIST) {
        let expected = format!("`schemas` with {LIST}");
        faults.push(Fault::new(expected, shown(body, "schemas")));
    }
    for count in ["totalResults", "startIndex", "itemsPerPage"] {
        if !body.get(count).is_some_and(Value::is_u64) {
            faults.push(Fault::new(
                format!("`{count}` as an integer"),
                shown(body, count),
            ));
        }
    }
    let Some(resources) = body.get("Resources").and_then(Value::as_array) else {
        let came = shown(body, "Resources");
        faults.push(Fault::new("`Resources` as an array", came));
        return faults;
    };
    let length = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    // ory/polis#4054: a page that echoes the count it was asked for, instead of its own length, fails Okta's review.
    if let Some(announced) = body.get("itemsPerPage").and_then(Value::as_u64)
        && announced != length
    {
        let expected = format!("`itemsPerPage` {length}, the length of this page");
        faults.push(Fault::new(expected, announced.to_string()));
    }
    if let Some(total) = body.get("totalResults").and_then(Value::as_u64)
        && total < length
    {
        let expected = format!("`totalResults` of at least {length}");
        faults.push(Fault::new(expected, total.to_string()));
    }
    faults
}

/// Faults of a refusal: RFC 7644 §3.12, and RFC 6750 §3 for 401.
pub(super) fn of_error(answer: &Answer, scim_type: Option<&str>) -> Vec<Fault> {
    let mut faults = of_content(answer);
    if answer.status == 401 && !answer.challenges {
        faults.push(Fault::new("WWW-Authenticate with 401", "none"));
    }
    let Some(body) = answer.json.as_ref().and_then(Value::as_object) else {
        if answer.text.is_empty() {
            faults.push(Fault::new("a SCIM error", "no body"));
        }
        return faults;
    };
    if !strings(body, "schemas").contains(&ERROR) {
        let expected = format!("`schemas` with {ERROR}");
        faults.push(Fault::new(expected, shown(body, "schemas")));
    }
    let status = answer.status.to_string();
    if body.get("status").and_then(Value::as_str) != Some(status.as_str()) {
        let expected = format!("`status` as the string \"{status}\"");
        faults.push(Fault::new(expected, shown(body, "status")));
    }
    if body.get("detail").is_some_and(|detail| !detail.is_string()) {
        faults.push(Fault::new("`detail` as a string", shown(body, "detail")));
    }
    if let Some(expected) = scim_type
        && body.get("scimType").and_then(Value::as_str) != Some(expected)
    {
        let expected = format!("`scimType` {expected}");
        faults.push(Fault::new(expected, shown(body, "scimType")));
    }
    faults
}

fn strings<'a>(body: &'a Map<String, Value>, key: &str) -> Vec<&'a str> {
    let list = body.get(key).and_then(Value::as_array);
    list.map(|list| list.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

fn shown(body: &Map<String, Value>, key: &str) -> String {
    match body.get(key) {
        Some(value) => excerpt(&value.to_string()),
        None => "none".into(),
    }
}

fn kind_of(body: &Value) -> &'static str {
    match body {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn answer(status: u16, content_type: &str, body: &Value) -> Answer {
        Answer {
            status,
            content_type: Some(content_type.to_owned()),
            challenges: false,
            retry_after: None,
            text: body.to_string(),
            json: Some(body.clone()),
        }
    }

    #[rstest]
    #[case::good("application/scim+json", 0)]
    #[case::charset("Application/SCIM+json; charset=utf-8", 0)]
    #[case::plain_json("application/json", 1)]
    #[case::html("text/html", 1)]
    fn only_scim_json_is_accepted(#[case] content_type: &str, #[case] faults: usize) {
        assert_eq!(
            of_content(&answer(200, content_type, &json!({}))).len(),
            faults
        );
    }

    #[rstest]
    #[case::good(json!({"totalResults": 3, "startIndex": 1, "itemsPerPage": 1, "Resources": [{}]}), 0)]
    #[case::counts_as_strings(
        json!({"totalResults": "0", "startIndex": "1", "itemsPerPage": "0", "Resources": []}), 3)]
    #[case::count_echoed(json!({"totalResults": 1, "startIndex": 1, "itemsPerPage": 100, "Resources": [{}]}), 1)]
    #[case::total_too_small(json!({"totalResults": 0, "startIndex": 1, "itemsPerPage": 1, "Resources": [{}]}), 1)]
    #[case::no_resources(json!({"totalResults": 0, "startIndex": 1, "itemsPerPage": 0}), 1)]
    fn a_list_is_counted(#[case] mut body: Value, #[case] faults: usize) {
        body["schemas"] = json!([LIST]);
        assert_eq!(of_list(&body).len(), faults, "{:?}", of_list(&body));
    }

    #[rstest]
    #[case::good(json!({"id": "1", "meta": {"resourceType": "User"}, "active": true}), 0)]
    #[case::no_id(json!({"meta": {"resourceType": "User"}}), 1)]
    #[case::numeric_id(json!({"id": 1, "meta": {"resourceType": "User"}}), 1)]
    #[case::other_type(json!({"id": "1", "meta": {"resourceType": "Users"}}), 1)]
    #[case::password(json!({"id": "1", "meta": {"resourceType": "User"}, "password": "x"}), 1)]
    #[case::active_text(json!({"id": "1", "meta": {"resourceType": "User"}, "active": "False"}), 1)]
    fn a_user_is_looked_at(#[case] mut body: Value, #[case] faults: usize) {
        body["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
        assert_eq!(of_resource(&body, Kind::User).len(), faults);
    }

    #[rstest]
    #[case::good(json!({"status": "409", "scimType": "uniqueness", "detail": "taken"}), 0)]
    #[case::status_as_number(json!({"status": 409, "scimType": "uniqueness"}), 1)]
    #[case::other_type(json!({"status": "409", "scimType": "invalidValue"}), 1)]
    #[case::no_type(json!({"status": "409"}), 1)]
    #[case::detail_list(json!({"status": "409", "scimType": "uniqueness", "detail": ["taken"]}), 1)]
    fn an_error_is_looked_at(#[case] mut body: Value, #[case] faults: usize) {
        body["schemas"] = json!([ERROR]);
        let answer = answer(409, "application/scim+json", &body);
        assert_eq!(of_error(&answer, Some("uniqueness")).len(), faults);
    }

    #[test]
    fn a_401_needs_a_challenge() {
        let body = json!({"schemas": [ERROR], "status": "401"});
        let mut answer = answer(401, "application/scim+json", &body);
        assert_eq!(of_error(&answer, None).len(), 1);
        answer.challenges = true;
        assert_eq!(of_error(&answer, None), vec![]);
    }
}
