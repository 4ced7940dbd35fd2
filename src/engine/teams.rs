//! What an admin does to a team: the same commands, the same decision, the same log as for an identity provider.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::admin::{AdminDone, Asker, deed};
use super::facts::PURGED;
use super::{Engine, EngineError};
use crate::directory::{Command, Leaving, MemberId, MembersEdit, ObjectKind, OwnEdit, TeamId};
use crate::scim::ResourceKind;

/// One change of one team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum TeamChange {
    /// Call it otherwise.
    Rename {
        /// `displayName`.
        name: String,
    },
    /// Change what is kept of it here: description, roles, maintainers.
    Describe(OwnEdit),
    /// Take members in and out.
    Members {
        /// Who joins.
        #[serde(default)]
        add: Vec<MemberId>,
        /// Who leaves.
        #[serde(default)]
        remove: Vec<MemberId>,
    },
    /// Hand it to the identity provider.
    Link {
        /// The identity provider's id of the group; without one it is found by its name.
        #[serde(default)]
        external_id: Option<String>,
    },
    /// Take it out of the identity provider's hands.
    Unlink {
        /// What becomes of its members.
        members: Leaving,
    },
    /// Stop the identity provider's changes of it for a while.
    Pause,
    /// Let them in again.
    Resume,
    /// Remove it with its membership.
    Delete,
}

impl Engine {
    /// Deletes every team that an identity provider rules, and no other, in one change.
    pub async fn purge_teams(&self, asker: &Asker) -> Result<AdminDone, EngineError> {
        let found = self.store.synced_teams(PURGED + 1).await?;
        if found.len() as u64 > PURGED {
            return Err(EngineError::Invalid(format!(
                "more than {PURGED} teams are synced; this deletes {PURGED} at most at once"
            )));
        }
        let deed = deed(
            "POST",
            "/admin/v1/teams/purge",
            "Groups",
            ObjectKind::Team,
            uuid::Uuid::nil(),
            "synced teams",
        );
        self.perform(asker, &Command::PurgeSynced, deed).await
    }

    /// Changes a team. `if_version` is the version that the admin has seen; where it has changed since, it is refused.
    pub async fn change_team(
        &self,
        asker: &Asker,
        id: TeamId,
        change: TeamChange,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        // The same word as for a request of an identity provider about it.
        let _turn = self.locks.lock(&id.to_string()).await;
        let Some(team) = self.store.team(id).await? else {
            return Err(EngineError::NotFound(format!("there is no team {id}")));
        };
        let update = |attributes, members| Command::UpdateTeam {
            id,
            attributes,
            members,
            if_version,
        };
        let pause = |paused| Command::PauseTeam {
            id,
            paused,
            if_version,
        };
        let (verb, command) = match change {
            TeamChange::Rename { name } => {
                let named = json!({ "displayName": name });
                let mut named = self.validate(ResourceKind::Group, &named)?;
                let mut attributes = team.attributes.clone();
                attributes.append(&mut named);
                ("rename", update(Some(attributes), MembersEdit::none()))
            }
            TeamChange::Describe(edit) => (
                "describe",
                Command::DescribeTeam {
                    id,
                    edit,
                    if_version,
                },
            ),
            TeamChange::Members { add, remove } => {
                let members = MembersEdit {
                    remove,
                    add,
                    ..MembersEdit::default()
                };
                ("members", update(None, members))
            }
            TeamChange::Link { external_id } => (
                "link",
                Command::LinkTeam {
                    id,
                    external_id,
                    if_version,
                },
            ),
            TeamChange::Unlink { members } => (
                "unlink",
                Command::UnlinkTeam {
                    id,
                    members,
                    if_version,
                },
            ),
            TeamChange::Pause => ("pause", pause(true)),
            TeamChange::Resume => ("resume", pause(false)),
            TeamChange::Delete => ("delete", Command::DeleteTeam { id, if_version }),
        };
        let method = if verb == "delete" { "DELETE" } else { "POST" };
        let path = format!("/admin/v1/teams/{id}/{verb}");
        let name = team.display_name();
        let deed = deed(method, path, "Groups", ObjectKind::Team, id, name);
        self.perform(asker, &command, deed).await
    }
}
