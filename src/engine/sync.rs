//! Team sync as an admin sees it before touching its switch: how many teams are in which state, and what turning it on or
//! off changes for which of them.

use serde::{Deserialize, Serialize};

use super::{Engine, EngineError};
use crate::directory::policy::{LocalCreate, LockedField, SyncToggle, TeamMatch, TeamPostExisting};
use crate::directory::{Provisioning, TeamSource};
use crate::store::rows::{Listing, Sort, TeamCounts, TeamRef};

/// How many teams are named of each kind.
const NAMED: u32 = 10;

/// How team sync stands, and what its switch would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// The version of the settings; a change of the switch may insist on it.
    pub version: u64,
    /// Whether there is a switch (`teams.sync_toggle`). Without one team sync is always on.
    pub has_switch: bool,
    /// Whether groups of an identity provider become teams.
    pub on: bool,
    /// Whether identity providers may provision at all.
    pub provisioning: Provisioning,
    /// How many teams are in which state.
    pub teams: TeamCounts,
    /// What only the identity provider may change in a synced team while team sync is on (`teams.locked_fields`):
    /// `name`, `handle`, `members`.
    pub locked_fields: Vec<String>,
    /// Whether admins may make teams while team sync is on (`teams.local_create_while_sync`).
    pub local_create: bool,
    /// Synced teams whose sync is not paused: what is locked of them is so while team sync is on, and free while it is
    /// off.
    pub lockable: SomeTeams,
    /// Teams kept here that a group becomes when it is pushed under the same name (`teams.match`).
    pub linkable: SomeTeams,
    /// Teams kept here that stay so whatever is pushed.
    pub stay_local: SomeTeams,
}

/// Some of more teams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SomeTeams {
    /// How many there are.
    pub count: u64,
    /// The first of them by name, 10 at most.
    pub first: Vec<TeamRef>,
}

impl Engine {
    /// How team sync stands, and what its switch would do.
    pub async fn sync_status(&self) -> Result<SyncStatus, EngineError> {
        let in_force = self.in_force();
        let policy = &in_force.policy.teams;
        let counts = self.store.team_counts().await?;
        let mut synced = self.first_teams(TeamSource::Synced).await?;
        synced.retain(|row| !row.1);
        let mut kept_here = self.first_teams(TeamSource::Local).await?;
        kept_here.extend(self.first_teams(TeamSource::Unlinked).await?);
        kept_here.extend(self.first_teams(TeamSource::Released).await?);
        kept_here.sort_by(|one, other| one.0.name.cmp(&other.0.name));
        kept_here.truncate(NAMED as usize);
        let some = |count, teams: Vec<(TeamRef, bool)>| SomeTeams {
            count,
            first: teams.into_iter().map(|(team, _)| team).collect(),
        };
        let links_by_name = policy.r#match.contains(&TeamMatch::Name)
            && policy.post_existing_name == TeamPostExisting::Link;
        let here = some(counts.local + counts.unlinked, kept_here);
        let (linkable, stay_local) = if links_by_name {
            (here, SomeTeams::default())
        } else {
            (SomeTeams::default(), here)
        };
        let locked = policy.locked_fields.iter().map(|field| match field {
            LockedField::Name => "name",
            LockedField::Handle => "handle",
            LockedField::Members => "members",
        });
        Ok(SyncStatus {
            version: in_force.settings.version,
            has_switch: policy.sync_toggle == SyncToggle::Toggle,
            on: in_force.has_team_sync(),
            provisioning: in_force.settings.provisioning,
            teams: counts,
            locked_fields: locked.map(str::to_owned).collect(),
            local_create: policy.local_create_while_sync == LocalCreate::Allow,
            lockable: some(counts.synced.saturating_sub(counts.paused), synced),
            linkable,
            stay_local,
        })
    }

    /// The first teams of a source by name, each with whether its sync is paused.
    async fn first_teams(&self, source: TeamSource) -> Result<Vec<(TeamRef, bool)>, EngineError> {
        let listing = Listing {
            filter: format!("source:{}", source.as_str()),
            sort: Sort::Name,
            offset: 0,
            limit: NAMED,
        };
        let page = self.store.list_teams(&listing).await?;
        let named = page.items.into_iter().map(|row| {
            let team = TeamRef {
                id: row.id,
                name: row.name,
            };
            (team, row.paused)
        });
        Ok(named.collect())
    }
}
