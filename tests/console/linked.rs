//! Made-up connections, and how team sync stands.

use jiff::{SignedDuration, Timestamp};
use provost::admin::link::{Connection, ConnectionAuth, Credential, LinkRow, Rotation, ScimLink};
use provost::admin::types::{Provisioning, SomeTeams, SyncStatus, TeamCounts};

/// A connection that works.
pub fn connection(now: Timestamp) -> LinkRow {
    LinkRow {
        connection: Connection {
            name: "okta-1".into(),
            idp: "okta".into(),
            since: now - SignedDuration::from_hours(40 * 24),
            by: "cli".into(),
            credential: Credential::Token,
        },
        title: "Okta".into(),
        is_live: true,
        owner: None,
        owner_is_managed: false,
        traffic: None,
    }
}

pub fn link(connections: Vec<LinkRow>) -> ScimLink {
    ScimLink {
        base_url: "https://id.acme.io/scim/v2".into(),
        plain_base_url: "https://id.acme.io/scim/v2".into(),
        authorize_url: "https://id.acme.io/trust/oauth/authorize".into(),
        token_url: "https://id.acme.io/trust/oauth/token".into(),
        auth: ConnectionAuth::Bearer,
        rotation: Rotation::Overlap,
        max_connections: 1,
        wants_sso: false,
        lacks_sso: false,
        connections,
        loose: Vec::new(),
    }
}

/// Team sync turned on, two teams of three synced.
pub fn sync(teams: u64) -> SyncStatus {
    let synced = teams * 2 / 3;
    SyncStatus {
        version: 3,
        has_switch: true,
        on: true,
        provisioning: Provisioning::On,
        teams: TeamCounts {
            synced,
            local: teams - synced,
            ..TeamCounts::default()
        },
        locked_fields: vec!["name".into(), "members".into()],
        local_create: true,
        lockable: SomeTeams {
            count: synced,
            first: Vec::new(),
        },
        linkable: SomeTeams {
            count: teams - synced,
            first: Vec::new(),
        },
        stay_local: SomeTeams::default(),
    }
}
