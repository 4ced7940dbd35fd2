//! The manager of a member: a reference that is kept as it is given (RFC 7643 §4.3) and completed as it is shown.
//!
//! Identity providers send members in any order, and a manager may come after those who report to them; some send a name
//! instead of an id. Refusing would hold up the member, so an id that nobody here has is kept and noted. Of a manager who
//! is a member the answer tells the URI and the name as they are now: neither is stored, so that neither grows old.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;
use serde_json::Value;

use crate::directory::{Attributes, Change, Command, Facts, MemberId, Stage, TraceStep};
use crate::engine::Engine;
use crate::scim::schema::ENTERPRISE_USER;
use crate::scim::{ResourceKind, render};
use crate::store::StoreError;

/// The names of the members who are managers in one answer.
pub(in crate::engine) type Managers = BTreeMap<MemberId, String>;

impl Engine {
    /// Looks up the managers that these texts of attributes name, all at once.
    pub(in crate::engine) async fn managers<'t>(
        &self,
        kind: ResourceKind,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<Managers, StoreError> {
        if kind == ResourceKind::Group {
            return Ok(Managers::new());
        }
        let mut ids: Vec<MemberId> = texts
            .filter_map(|text| manager_id(&parsed(text)?))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Managers::new());
        }
        self.store.known_members(&ids).await
    }

    /// Looks up the manager that a member's attributes name.
    pub(super) async fn manager_of(&self, attributes: &Attributes) -> Result<Managers, StoreError> {
        match manager_id(attributes) {
            Some(id) => self.store.known_members(&[id]).await,
            None => Ok(Managers::new()),
        }
    }

    /// Looks up the managers that members have before and after some changes.
    pub(in crate::engine) async fn managers_in(
        &self,
        changes: &[Change],
    ) -> Result<Managers, StoreError> {
        let members = changes.iter().flat_map(|change| match change {
            Change::MemberCreated { after } => [Some(after), None],
            Change::MemberUpdated { before, after } => [Some(before), Some(after)],
            _ => [None, None],
        });
        let mut ids: Vec<MemberId> = members
            .flatten()
            .filter_map(|member| manager_id(&member.attributes))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Managers::new());
        }
        self.store.known_members(&ids).await
    }

    /// A remark where a command names a new manager who is nobody here.
    pub(super) async fn unknown_manager(
        &self,
        command: &Command,
        facts: &Facts,
    ) -> Result<Option<TraceStep>, StoreError> {
        let (Command::CreateMember { attributes, .. } | Command::UpdateMember { attributes, .. }) =
            command
        else {
            return Ok(None);
        };
        let Some(manager) = manager(attributes) else {
            return Ok(None);
        };
        let before = facts.member.as_ref().map(|member| &member.attributes);
        if before.and_then(self::manager) == Some(manager) {
            return Ok(None);
        }
        if let Ok(id) = manager.parse::<MemberId>()
            && !self.store.known_members(&[id]).await?.is_empty()
        {
            return Ok(None);
        }
        // No rule of the dialect: the request is as the RFC wants it, which asks for no such member.
        Ok(Some(TraceStep::noted(
            Stage::Match,
            "the manager is nobody here; the reference is kept as given",
        )))
    }
}

/// Completes attributes as [`shown`] does where no names are asked for.
pub(in crate::engine) fn complete(
    attributes: &mut Attributes,
    managers: &Managers,
    base_url: &str,
) {
    complete_with(attributes, managers, base_url, false);
}

/// The attributes as they are shown: a manager who is a member with `$ref`, unless the client gave one that says more
/// than the id does, and, where it is asked for, `displayName`, which is the provider's to give.
pub(super) fn shown<'t>(
    text: &'t str,
    managers: &Managers,
    base_url: &str,
    with_name: bool,
) -> Cow<'t, str> {
    if managers.is_empty() {
        return Cow::Borrowed(text);
    }
    let completed = || {
        let mut attributes = parsed(text)?;
        complete_with(&mut attributes, managers, base_url, with_name)?;
        Some(Value::Object(attributes).to_string())
    };
    completed().map_or(Cow::Borrowed(text), Cow::Owned)
}

/// `None` where there is nothing to complete.
fn complete_with(
    attributes: &mut Attributes,
    managers: &Managers,
    base_url: &str,
    with_name: bool,
) -> Option<()> {
    let manager = attributes.get_mut(ENTERPRISE_USER)?.get_mut("manager")?;
    let id: MemberId = manager.get("value")?.as_str()?.parse().ok()?;
    let name = managers.get(&id)?;
    let manager = manager.as_object_mut()?;
    let location = || render::location(base_url, ResourceKind::User, &id.to_string());
    manager.entry("$ref").or_insert_with(|| location().into());
    if with_name {
        manager.insert("displayName".into(), name.as_str().into());
    }
    Some(())
}

/// Leaves out what a client sends back as it read it: a `$ref` that says what `value` says is given on reading.
pub(super) fn without_location(command: &mut Command, base_url: &str) {
    let (Command::CreateMember { attributes, .. } | Command::UpdateMember { attributes, .. }) =
        command
    else {
        return;
    };
    let manager = attributes
        .get_mut(ENTERPRISE_USER)
        .and_then(|extension| extension.get_mut("manager")?.as_object_mut());
    let Some(manager) = manager else { return };
    let id = manager.get("value").and_then(Value::as_str);
    let location = id.map(|id| render::location(base_url, ResourceKind::User, id));
    if location.is_some() && manager.get("$ref").and_then(Value::as_str) == location.as_deref() {
        manager.remove("$ref");
    }
}

/// Parses a text of attributes with a manager in it; most have none and are not parsed.
fn parsed(text: &str) -> Option<Attributes> {
    memmem::find(text.as_bytes(), b"\"manager\":{")?;
    serde_json::from_str(text).ok()
}

/// The manager, where the reference is an id that could be one of ours.
fn manager_id(attributes: &Attributes) -> Option<MemberId> {
    manager(attributes)?.parse().ok()
}

fn manager(attributes: &Attributes) -> Option<&str> {
    attributes
        .get(ENTERPRISE_USER)?
        .get("manager")?
        .get("value")
        .and_then(Value::as_str)
}
