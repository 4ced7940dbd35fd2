//! A change of a member as an admin gives it: what is absent stays as it is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::effective::RoleAttribute;
use super::member::{Attributes, PROVOST_USER, ROLES};
use super::policy::Roles;

/// What to change of a member. An empty text, or an empty list, takes the value away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberEdit {
    /// `userName`; cannot be taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The primary e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// `name.givenName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// `name.familyName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// `displayName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The base role; empty for the policy's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The custom roles, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_roles: Option<Vec<String>>,
    /// What fills the placeholders of custom roles, all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_attributes: Option<Vec<RoleAttribute>>,
    /// The version of the member that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_version: Option<u64>,
}

impl MemberEdit {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        let asks_nothing = Self {
            if_version: self.if_version,
            ..Self::default()
        };
        *self == asks_nothing
    }

    /// The attributes as they are after it. Roles are written where the policy reads them.
    pub fn apply(&self, before: &Attributes, roles: &Roles) -> Attributes {
        let mut after = before.clone();
        set(&mut after, "userName", self.user_name.as_deref());
        set(&mut after, "displayName", self.display_name.as_deref());
        set(&mut after, "title", self.title.as_deref());
        within(&mut after, "name", |name| {
            set(name, "givenName", self.given_name.as_deref());
            set(name, "familyName", self.family_name.as_deref());
        });
        if let Some(email) = &self.email {
            set_email(&mut after, email);
        }
        let in_roles = roles.source.hears(ROLES) && !roles.source.hears(PROVOST_USER);
        if in_roles && (self.role.is_some() || self.custom_roles.is_some()) {
            self.set_named(&mut after, roles);
        }
        within(&mut after, PROVOST_USER, |extension| {
            if !in_roles {
                set(extension, "role", self.role.as_deref());
                let custom = self.custom_roles.as_ref();
                set_list(extension, "customRole", custom.map(|roles| json!(roles)));
            }
            let attributes = self.role_attributes.as_ref();
            set_list(
                extension,
                "roleAttributes",
                attributes.map(|attributes| json!(attributes)),
            );
        });
        after
    }

    /// Base and custom roles in one list, where the policy reads both from there.
    fn set_named(&self, after: &mut Attributes, roles: &Roles) {
        let values = after.get(ROLES).and_then(Value::as_array);
        let values = values.cloned().unwrap_or_default();
        let is_base = |value: &Value| {
            let role = value.get("value").and_then(Value::as_str);
            role.is_some_and(|role| roles.base.iter().any(|base| base == role))
        };
        let (base, custom): (Vec<Value>, Vec<Value>) = values.into_iter().partition(is_base);
        let base = match self.role.as_deref() {
            Some("") => Vec::new(),
            Some(role) => vec![json!({ "value": role })],
            None => base,
        };
        let custom = match &self.custom_roles {
            Some(roles) => roles.iter().map(|role| json!({ "value": role })).collect(),
            None => custom,
        };
        let all: Vec<Value> = base.into_iter().chain(custom).collect();
        set_list(after, ROLES, Some(json!(all)));
        // A role from before, in the other place, would count where this list names none.
        if self.role.is_some() {
            within(after, PROVOST_USER, |extension| {
                extension.remove("role");
            });
        }
    }
}

fn set(map: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    match value {
        None => {}
        Some("") => {
            map.remove(name);
        }
        Some(text) => {
            map.insert(name.into(), Value::String(text.into()));
        }
    }
}

fn set_list(map: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        None => {}
        Some(Value::Array(values)) if values.is_empty() => {
            map.remove(name);
        }
        Some(values) => {
            map.insert(name.into(), values);
        }
    }
}

/// Edits a complex attribute, which is there only while it holds something.
fn within(map: &mut Attributes, name: &str, edit: impl FnOnce(&mut Map<String, Value>)) {
    let mut inner = match map.get(name) {
        Some(Value::Object(inner)) => inner.clone(),
        _ => Map::new(),
    };
    edit(&mut inner);
    if inner.is_empty() {
        map.remove(name);
    } else {
        map.insert(name.into(), Value::Object(inner));
    }
}

/// The primary address becomes another one; the others stay.
fn set_email(map: &mut Attributes, email: &str) {
    let emails = map.get("emails").and_then(Value::as_array);
    let mut emails = emails.cloned().unwrap_or_default();
    let is_primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
    let place = emails.iter().position(is_primary).unwrap_or(0);
    if email.is_empty() {
        if place < emails.len() {
            emails.remove(place);
        }
    } else if let Some(primary) = emails.get_mut(place) {
        if let Some(primary) = primary.as_object_mut() {
            primary.insert("value".into(), Value::String(email.into()));
        }
    } else {
        emails.push(json!({ "value": email, "type": "work", "primary": true }));
    }
    set_list(map, "emails", Some(Value::Array(emails)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Policy;

    fn edited(preset: &str, before: Value, edit: &MemberEdit) -> Value {
        let Value::Object(before) = before else {
            unreachable!("it is an object");
        };
        let policy = Policy::preset(preset).unwrap();
        Value::Object(edit.apply(&before, &policy.roles))
    }

    #[test]
    fn what_is_absent_stays_and_what_is_empty_goes() {
        let before = json!({
            "userName": "ada", "title": "Dr", "name": {"givenName": "Ada", "familyName": "L"},
            "emails": [{"value": "old@x.io"}, {"value": "ada@x.io", "primary": true}],
        });
        let edit = MemberEdit {
            title: Some(String::new()),
            family_name: Some("Lovelace".into()),
            email: Some("new@x.io".into()),
            ..MemberEdit::default()
        };
        let expected = json!({
            "userName": "ada", "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "old@x.io"}, {"value": "new@x.io", "primary": true}],
        });
        assert_eq!(edited("safe", before, &edit), expected);
    }

    #[test]
    fn roles_are_written_where_the_policy_reads_them() {
        let edit = MemberEdit {
            role: Some("Admin".into()),
            ..MemberEdit::default()
        };
        let before = json!({"roles": [{"value": "Read Only"}, {"value": "auditor"}]});
        let expected = json!({"roles": [{"value": "Admin"}, {"value": "auditor"}]});
        assert_eq!(edited("datadog", before, &edit), expected);
        let expected = json!({PROVOST_USER: {"role": "Admin"}});
        assert_eq!(edited("unleash", json!({}), &edit), expected);
        let none = MemberEdit {
            role: Some(String::new()),
            ..MemberEdit::default()
        };
        assert_eq!(edited("unleash", expected, &none), json!({}));
    }

    #[test]
    fn custom_roles_and_role_attributes_are_replaced_as_lists() {
        let before = json!({PROVOST_USER: {"role": "writer", "customRole": ["a", "b"]}});
        let edit = MemberEdit {
            custom_roles: Some(vec!["c".into()]),
            role_attributes: Some(vec![RoleAttribute {
                key: "project".into(),
                values: vec!["web".into()],
            }]),
            ..MemberEdit::default()
        };
        let expected = json!({PROVOST_USER: {
            "role": "writer", "customRole": ["c"],
            "roleAttributes": [{"key": "project", "values": ["web"]}],
        }});
        assert_eq!(edited("launchdarkly", before, &edit), expected);
    }
}
