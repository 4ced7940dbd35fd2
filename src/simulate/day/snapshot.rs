//! Everything a server shows at one moment.

use serde_json::Value;

use crate::simulate::client::{Kind, Session, read_all};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::member_ids;

/// All users and groups of a server, whole.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub users: Vec<Value>,
    pub groups: Vec<Value>,
}

impl Snapshot {
    /// Reads everything page by page.
    pub async fn read(session: &mut Session, note: &str) -> Result<Self, SimulateError> {
        Ok(Self {
            users: read_list(session, Kind::User, note).await?,
            groups: read_list(session, Kind::Group, note).await?,
        })
    }

    /// Users whose `userName` is `user_name`, in any case.
    pub fn users_named(&self, user_name: &str) -> Vec<&Value> {
        let same = |user: &&Value| {
            text(user, "userName").is_some_and(|name| name.eq_ignore_ascii_case(user_name))
        };
        self.users.iter().filter(same).collect()
    }

    /// Groups whose `displayName` is `display_name`, in any case.
    pub fn groups_named(&self, display_name: &str) -> Vec<&Value> {
        let same = |group: &&Value| {
            text(group, "displayName").is_some_and(|name| name.eq_ignore_ascii_case(display_name))
        };
        self.groups.iter().filter(same).collect()
    }

    /// User names of a group's members; an id of nobody stands for itself.
    pub fn members(&self, group: &Value) -> Vec<String> {
        let name_of = |id: &str| {
            let user = self.users.iter().find(|user| text(user, "id") == Some(id));
            user.and_then(|user| text(user, "userName"))
                .unwrap_or(id)
                .to_owned()
        };
        let mut names: Vec<String> = member_ids(group).into_iter().map(name_of).collect();
        names.sort_unstable();
        names
    }
}

/// A string attribute of a resource.
pub(super) fn text<'a>(resource: &'a Value, attribute: &str) -> Option<&'a str> {
    resource.get(attribute).and_then(Value::as_str)
}

async fn read_list(
    session: &mut Session,
    kind: Kind,
    note: &str,
) -> Result<Vec<Value>, SimulateError> {
    match read_all(session, kind, note).await {
        // Without a list there is nothing to compare, so here an unacceptable answer ends the day.
        Err(SimulateError::Unacceptable { .. }) => Err(SimulateError::ReadBack {
            path: kind.endpoint().to_owned(),
            came: session
                .record()
                .unexpected
                .last()
                .map_or_else(|| "no list".to_owned(), |last| last.came.clone()),
        }),
        other => other,
    }
}
