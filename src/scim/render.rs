//! The text of one resource, put together from what is stored.
//!
//! The stored text of the attributes is copied, not parsed: a GET is one look-up and a few copies. What is not stored,
//! `schemas`, `id`, `groups`, `members` and `meta`, is written around it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::Timestamp;
use memchr::memmem;
use serde_json::Value;

use super::Attributes;
use super::normalise::is_dormant;
use super::schema::{Registry, ResourceKind};

/// How much longer than its stored text a resource without groups or members is, roughly, in bytes.
pub const AROUND: usize = 512;

/// What is known about a resource besides its attributes.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The resource type.
    pub kind: ResourceKind,
    /// The id.
    pub id: &'a str,
    /// The version; the entity tag is `W/"<version>"`.
    pub version: u64,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// The URL that the client reached this provider by, without a slash at the end.
    pub base_url: &'a str,
}

/// A group a user is in.
#[derive(Clone, Copy, Debug)]
pub struct GroupReference<'a> {
    /// The id of the group.
    pub id: &'a str,
    /// Its name.
    pub display: &'a str,
}

/// A member of a group.
#[derive(Clone, Copy, Debug)]
pub struct MemberEntry<'a> {
    /// The id of the user.
    pub id: &'a str,
    /// The name, where the client asked for it.
    pub display: Option<&'a str>,
}

/// The entity tag of a version.
pub fn etag(version: u64) -> String {
    format!("W/\"{version}\"")
}

impl Envelope<'_> {
    /// The URL of the resource.
    pub fn location(&self) -> String {
        location(self.base_url, self.kind, self.id)
    }
}

/// The URL of a resource.
pub fn location(base_url: &str, kind: ResourceKind, id: &str) -> String {
    format!("{base_url}{}/{id}", kind.endpoint())
}

/// The text of a user. `document` is the stored JSON text of its attributes.
pub fn user<'g>(
    registry: &Registry,
    envelope: &Envelope<'_>,
    document: &str,
    groups: impl IntoIterator<Item = GroupReference<'g>>,
) -> String {
    let mut text = String::with_capacity(document.len() + AROUND);
    push_user(&mut text, registry, envelope, document, groups);
    text
}

/// Adds the text of a user, as [`user`] gives it.
pub fn push_user<'g>(
    text: &mut String,
    registry: &Registry,
    envelope: &Envelope<'_>,
    document: &str,
    groups: impl IntoIterator<Item = GroupReference<'g>>,
) {
    open(text, registry, envelope, document);
    let mut before = ",\"groups\":[";
    for group in groups {
        text.push_str(before);
        push_reference(text, envelope.base_url, ResourceKind::Group, group.id);
        text.push_str(",\"display\":");
        push_string(text, group.display);
        text.push_str(",\"type\":\"direct\"}");
        before = ",";
    }
    if before == "," {
        text.push(']');
    }
    close(text, envelope);
}

/// The text of a group. `document` is the stored JSON text of its attributes.
pub fn group<'m>(
    registry: &Registry,
    envelope: &Envelope<'_>,
    document: &str,
    members: impl IntoIterator<Item = MemberEntry<'m>>,
) -> String {
    let mut text = String::with_capacity(document.len() + AROUND);
    push_group(&mut text, registry, envelope, document, members);
    text
}

/// Adds the text of a group, as [`group`] gives it.
pub fn push_group<'m>(
    text: &mut String,
    registry: &Registry,
    envelope: &Envelope<'_>,
    document: &str,
    members: impl IntoIterator<Item = MemberEntry<'m>>,
) {
    open(text, registry, envelope, document);
    let mut is_first = true;
    for member in members {
        push_member(text, envelope.base_url, &member, is_first);
        is_first = false;
    }
    if !is_first {
        text.push(']');
    }
    close(text, envelope);
}

/// The beginning of a resource: `schemas`, `id` and the attributes, still open.
///
/// `document` must be compact, as `serde_json::to_string` writes it: extensions are found by their key.
fn open(text: &mut String, registry: &Registry, envelope: &Envelope<'_>, document: &str) {
    let urns = urns(document);
    text.push_str("{\"schemas\":[\"");
    text.push_str(registry.core(envelope.kind).id.as_str());
    text.push('"');
    for extension in registry.extensions(envelope.kind) {
        if urns.contains(&extension.id.as_str()) {
            text.push_str(",\"");
            text.push_str(extension.id.as_str());
            text.push('"');
        }
    }
    text.push_str("],\"id\":");
    push_string(text, envelope.id);
    let shown = without_dormant(registry, envelope.kind, document, &urns);
    let attributes = shown
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default();
    if !attributes.is_empty() {
        text.push(',');
        text.push_str(attributes);
    }
}

/// The keys of a stored text that are those of extensions, in force or not.
fn urns(document: &str) -> Vec<&str> {
    static KEY: LazyLock<memmem::Finder<'static>> =
        LazyLock::new(|| memmem::Finder::new(b"\"urn:"));
    KEY.find_iter(document.as_bytes())
        .filter_map(|at| {
            // A quote within a string is escaped, so that a value never looks like a key here.
            let (urn, rest) = document.get(at + 1..)?.split_once('"')?;
            rest.starts_with(":{").then_some(urn)
        })
        .collect()
}

/// The text without extensions that no schema in force describes, such as one whose file the admin took away. Nearly
/// always there are none, and the text is not parsed.
fn without_dormant<'d>(
    registry: &Registry,
    kind: ResourceKind,
    document: &'d str,
    urns: &[&str],
) -> Cow<'d, str> {
    if !urns.iter().any(|urn| is_dormant(registry, kind, urn)) {
        return Cow::Borrowed(document);
    }
    match serde_json::from_str::<Attributes>(document) {
        Ok(mut attributes) => {
            attributes.retain(|name, _| !is_dormant(registry, kind, name));
            Cow::Owned(Value::Object(attributes).to_string())
        }
        // A stored document is always JSON; were it not, the whole is better than nothing.
        Err(_) => Cow::Borrowed(document),
    }
}

/// Adds a member to an open group.
pub fn push_member(text: &mut String, base_url: &str, member: &MemberEntry<'_>, is_first: bool) {
    text.push_str(if is_first { ",\"members\":[" } else { "," });
    push_reference(text, base_url, ResourceKind::User, member.id);
    if let Some(display) = member.display {
        text.push_str(",\"display\":");
        push_string(text, display);
    }
    text.push_str(",\"type\":\"User\"}");
}

/// The end of a resource: `meta`.
pub fn close(text: &mut String, envelope: &Envelope<'_>) {
    text.push_str(",\"meta\":{\"resourceType\":\"");
    text.push_str(envelope.kind.as_str());
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "\",\"created\":\"{}\",\"lastModified\":\"{}\",\"location\":",
        envelope.created, envelope.modified
    );
    push_location(text, envelope.base_url, envelope.kind, envelope.id);
    let _ = write!(text, ",\"version\":\"W/\\\"{}\\\"\"}}}}", envelope.version);
}

fn push_reference(text: &mut String, base_url: &str, kind: ResourceKind, id: &str) {
    text.push_str("{\"value\":");
    push_string(text, id);
    text.push_str(",\"$ref\":");
    push_location(text, base_url, kind, id);
}

fn push_location(text: &mut String, base_url: &str, kind: ResourceKind, id: &str) {
    if needs_escape(base_url) || needs_escape(id) {
        return push_string(text, &location(base_url, kind, id));
    }
    text.push('"');
    text.push_str(base_url);
    text.push_str(kind.endpoint());
    text.push('/');
    text.push_str(id);
    text.push('"');
}

fn push_string(text: &mut String, value: &str) {
    if needs_escape(value) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}", Value::from(value));
        return;
    }
    text.push('"');
    text.push_str(value);
    text.push('"');
}

/// Whether a text cannot stand in JSON as it is (RFC 8259 §7).
fn needs_escape(text: &str) -> bool {
    text.bytes()
        .any(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::schema::{ENTERPRISE_USER, GROUP, USER};

    const BASE: &str = "https://scim.example/scim/v2";

    fn envelope(kind: ResourceKind) -> Envelope<'static> {
        Envelope {
            kind,
            id: "2819c223",
            version: 7,
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::from_second(1).expect("in range"),
            base_url: BASE,
        }
    }

    fn meta(kind: &str, endpoint: &str) -> Value {
        json!({
            "resourceType": kind,
            "created": "1970-01-01T00:00:00Z",
            "lastModified": "1970-01-01T00:00:01Z",
            "location": format!("{BASE}/{endpoint}/2819c223"),
            "version": "W/\"7\""
        })
    }

    #[test]
    fn a_user_is_put_together_around_the_stored_text() {
        let attributes = json!({
            "userName": "ada",
            // The key of an extension within a value is no extension.
            "title": format!("\"{}\":{{", crate::scim::schema::LAUNCHDARKLY_USER),
            ENTERPRISE_USER: { "department": "D" }
        });
        let groups = [
            GroupReference {
                id: "g1",
                display: "Tour \"Guides\"",
            },
            GroupReference {
                id: "g2",
                display: "B",
            },
        ];
        let text = user(
            &Registry::standard(),
            &envelope(ResourceKind::User),
            &attributes.to_string(),
            groups,
        );
        let mut expected = attributes;
        expected["schemas"] = json!([USER, ENTERPRISE_USER]);
        expected["id"] = json!("2819c223");
        expected["groups"] = json!([
            { "value": "g1", "$ref": format!("{BASE}/Groups/g1"), "display": "Tour \"Guides\"", "type": "direct" },
            { "value": "g2", "$ref": format!("{BASE}/Groups/g2"), "display": "B", "type": "direct" }
        ]);
        expected["meta"] = meta("User", "Users");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn without_groups_members_or_attributes_there_is_no_trace_of_them() {
        let text = user(
            &Registry::standard(),
            &envelope(ResourceKind::User),
            "{}",
            [],
        );
        let found: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            found,
            json!({ "schemas": [USER], "id": "2819c223", "meta": meta("User", "Users") })
        );
    }

    #[test]
    fn a_group_lists_its_members() {
        let members = [
            MemberEntry {
                id: "u1",
                display: None,
            },
            MemberEntry {
                id: "u2",
                display: Some("Ada"),
            },
        ];
        let text = group(
            &Registry::standard(),
            &envelope(ResourceKind::Group),
            r#"{"displayName":"G"}"#,
            members,
        );
        let found: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found["schemas"], json!([GROUP]));
        assert_eq!(found["meta"], meta("Group", "Groups"));
        assert_eq!(
            found["members"],
            json!([
                { "value": "u1", "$ref": format!("{BASE}/Users/u1"), "type": "User" },
                { "value": "u2", "$ref": format!("{BASE}/Users/u2"), "display": "Ada", "type": "User" }
            ])
        );
    }
}
