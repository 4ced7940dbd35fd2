//! The manager of a member: a reference that is kept as it is given (RFC 7643 §4.3).
//!
//! Identity providers send members in any order, and a manager may come after those who report to them; some send a name
//! instead of an id. Refusing would hold up the member, so an id that nobody here has is kept and noted.

use serde_json::Value;

use crate::directory::{Attributes, Command, Facts, MemberId};
use crate::engine::Engine;
use crate::scim::Coercion;
use crate::scim::schema::ENTERPRISE_USER;
use crate::store::StoreError;

impl Engine {
    /// A remark where a command names a new manager who is nobody here.
    pub(super) async fn unknown_manager(
        &self,
        command: &Command,
        facts: &Facts,
    ) -> Result<Option<Coercion>, StoreError> {
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
        Ok(Some(Coercion {
            rule: "unknown-manager",
            detail: "the manager is nobody here; the reference is kept as given".into(),
        }))
    }
}

fn manager(attributes: &Attributes) -> Option<&str> {
    attributes
        .get(ENTERPRISE_USER)?
        .get("manager")?
        .get("value")
        .and_then(Value::as_str)
}
