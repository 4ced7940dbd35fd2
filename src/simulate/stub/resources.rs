//! The stub's users and groups, and what a write does to them.

use serde_json::{Map, Value, json};

use super::flaw::Flaw;
use super::patch;
use crate::simulate::wire::{ENTERPRISE, member_ids};

/// A refusal: status, `scimType` where there is one, `detail`.
#[derive(Debug)]
pub(super) struct Refusal(pub u16, pub Option<&'static str>, pub String);

pub(super) fn refuse<T>(
    status: u16,
    scim_type: Option<&'static str>,
    detail: &str,
) -> Result<T, Refusal> {
    Err(Refusal(status, scim_type, detail.to_owned()))
}

/// Users and groups in the order they were created.
#[derive(Default)]
pub(super) struct Resources {
    pub users: Vec<Value>,
    pub groups: Vec<Value>,
    pub flaw: Option<Flaw>,
    created: u64,
}

impl Resources {
    pub fn with_flaw(flaw: Option<Flaw>) -> Self {
        Self {
            flaw,
            ..Self::default()
        }
    }

    pub fn list(&mut self, kind: &str) -> &mut Vec<Value> {
        match kind {
            "Users" => &mut self.users,
            _ => &mut self.groups,
        }
    }

    fn position(&mut self, kind: &str, id: &str) -> Result<usize, Refusal> {
        let found = self.list(kind).iter().position(|one| one["id"] == id);
        match found {
            Some(position) => Ok(position),
            None => refuse(404, None, "no such resource"),
        }
    }

    pub fn find(&mut self, kind: &str, id: &str) -> Result<Value, Refusal> {
        let position = self.position(kind, id)?;
        let found = self.list(kind)[position].clone();
        if self.flaw == Some(Flaw::InactiveIsHidden) && found["active"] == false {
            return refuse(404, None, "no such resource");
        }
        Ok(found)
    }

    pub fn create(&mut self, kind: &str, body: &Value) -> Result<Value, Refusal> {
        self.created += 1;
        let id = format!("{kind}-{}", self.created);
        let resource = self.complete(kind, &id, body)?;
        self.list(kind).push(resource.clone());
        self.side_effect(&id);
        Ok(resource)
    }

    pub fn replace(&mut self, kind: &str, id: &str, body: &Value) -> Result<Value, Refusal> {
        let position = self.position(kind, id)?;
        let mut resource = self.complete(kind, id, body)?;
        if self.flaw == Some(Flaw::PutKeepsActive) {
            resource["active"] = self.list(kind)[position]["active"].clone();
        }
        self.list(kind)[position] = resource.clone();
        self.side_effect(id);
        Ok(resource)
    }

    pub fn patch(&mut self, kind: &str, id: &str, body: &Value) -> Result<Value, Refusal> {
        let position = self.position(kind, id)?;
        let mut resource = self.list(kind)[position].clone();
        let operations = body["Operations"].as_array().cloned().unwrap_or_default();
        for operation in operations {
            let done = patch::apply(&mut resource, &operation, self.flaw)
                .and_then(|()| self.complete(kind, id, &resource));
            match done {
                Ok(completed) => resource = completed,
                Err(refusal) => return Err(refusal),
            }
            if self.flaw == Some(Flaw::PatchIsPartial) {
                self.list(kind)[position] = resource.clone();
            }
        }
        self.list(kind)[position] = resource.clone();
        self.side_effect(id);
        Ok(resource)
    }

    pub fn delete(&mut self, kind: &str, id: &str) -> Result<(), Refusal> {
        let position = self.position(kind, id)?;
        match (kind, self.flaw) {
            ("Users", Some(Flaw::DeletedIsShown)) | ("Groups", Some(Flaw::GroupsStay)) => {}
            _ => {
                self.list(kind).remove(position);
            }
        }
        self.leave_groups(id);
        Ok(())
    }

    fn leave_groups(&mut self, id: &str) {
        for group in &mut self.groups {
            if let Some(members) = group["members"].as_array_mut() {
                members.retain(|member| member["value"] != id);
            }
        }
    }

    fn side_effect(&mut self, id: &str) {
        if self.flaw == Some(Flaw::InactiveLeavesGroups) {
            let inactive = self.users.iter().filter(|user| user["active"] == false);
            let ids: Vec<String> = inactive.map(|user| text(&user["id"])).collect();
            for id in ids {
                self.leave_groups(&id);
            }
        }
        if self.flaw == Some(Flaw::TouchesOthers)
            && let Some(other) = self.users.iter_mut().find(|user| user["id"] != id)
        {
            other["title"] = json!(format!("Touched by {id}"));
        }
    }

    /// What is stored for `body`: read-only attributes replaced by ours, uniqueness and members checked.
    fn complete(&mut self, kind: &str, id: &str, body: &Value) -> Result<Value, Refusal> {
        let Some(body) = body.as_object() else {
            return refuse(400, Some("invalidSyntax"), "not an object");
        };
        let mut resource: Map<String, Value> = body.clone();
        for read_only in ["groups", "meta", "id"] {
            resource.remove(read_only);
        }
        if self.flaw != Some(Flaw::PasswordEchoed) {
            resource.remove("password");
        }
        resource.retain(|_, value| !value.is_null());
        resource.insert("id".into(), json!(id));
        let resource_type = kind.trim_end_matches('s');
        resource.insert(
            "meta".into(),
            json!({"resourceType": resource_type, "location": format!("/{kind}/{id}")}),
        );
        let mut resource = Value::Object(resource);
        match kind {
            "Users" => self.complete_user(id, &mut resource)?,
            _ => self.complete_group(id, &mut resource)?,
        }
        Ok(resource)
    }

    fn complete_user(&mut self, id: &str, user: &mut Value) -> Result<(), Refusal> {
        let name = text(&user["userName"]).to_lowercase();
        if name.is_empty() {
            return refuse(400, Some("invalidValue"), "userName is required");
        }
        let taken =
            |other: &Value| other["id"] != id && text(&other["userName"]).to_lowercase() == name;
        if self.flaw != Some(Flaw::DoublesUsers) && self.users.iter().any(taken) {
            return refuse(409, Some("uniqueness"), "userName is taken");
        }
        if user["active"].is_null() {
            user["active"] = json!(true);
        }
        if !user["active"].is_boolean() {
            return refuse(400, Some("invalidValue"), "active is a boolean");
        }
        if let Some(id) = user[ENTERPRISE]["manager"].as_str().map(str::to_owned) {
            user[ENTERPRISE]["manager"] = match self.flaw {
                Some(Flaw::ManagerTextDropped) => Value::Null,
                _ => json!({"value": id}),
            };
        } else if let Some(first) = user[ENTERPRISE]["manager"].get(0).cloned() {
            user[ENTERPRISE]["manager"] = json!({"value": first["value"]});
        }
        Ok(())
    }

    fn complete_group(&mut self, id: &str, group: &mut Value) -> Result<(), Refusal> {
        let name = text(&group["displayName"]).to_lowercase();
        let taken =
            |other: &Value| other["id"] != id && text(&other["displayName"]).to_lowercase() == name;
        if self.groups.iter().any(taken) {
            return refuse(409, Some("uniqueness"), "displayName is taken");
        }
        let known: Vec<String> = self.users.iter().map(|user| text(&user["id"])).collect();
        let mut members: Vec<&str> = member_ids(group);
        let is_known = |member: &&str| known.iter().any(|id| id == member);
        match self.flaw {
            Some(Flaw::UnknownMembersLeftOut) => members.retain(is_known),
            Some(Flaw::UnknownMembersShown) => {}
            _ if members.iter().all(is_known) => {}
            _ => return refuse(404, None, "member not found"),
        }
        let mut once: Vec<Value> = Vec::new();
        for member in members {
            if !once.iter().any(|other| other["value"] == member) {
                once.push(json!({"value": member, "type": "User"}));
            }
        }
        group["members"] = json!(once);
        Ok(())
    }
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
