//! What a rehearsal is played on: a throw-away engine with somebody, a team and an owner in it, a server, and a token.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use uuid::Uuid;

use super::report::TeamSync;
use crate::admin::AdminRead;
use crate::admin::local::{self, NewAccount, Rules};
use crate::admin::types::{Listing, NewMember, NewTeam, RequestId, RequestListing, RequestRow};
use crate::cli::embedded::{self, Embedded};
use crate::cli::error::CliError;
use crate::cli::{scratch, serve};
use crate::config::Settings;
use crate::paths::PathError;
use crate::secret::Secret;
use crate::server::RunningServer;
use crate::simulate::Target;
use crate::simulate::rehearsal::{self, Idp, RoleMapping};

/// Added by hand before anything is provisioned.
const LOCAL_MEMBER: &str = "local.member@rehearsal.example";
/// Made by hand before anything is provisioned.
const LOCAL_TEAM: &str = "Rehearsal Local";
/// Who owns an empty account.
const OWNER: &str = "owner@rehearsal.example";
/// How many rows one page of the admin API has at most.
const PAGE: u32 = 1_000;
/// How long the lines of a step may take to come into the log.
const LOG_PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether they have.
const LOG_POLL: Duration = Duration::from_millis(2);

/// On what to rehearse.
pub enum Basis {
    /// An empty account under a preset.
    Empty {
        /// The preset.
        preset: String,
    },
    /// A copy of the account here.
    Copy {
        /// The preset, where it shall be another than the one in force.
        preset: Option<String>,
    },
}

/// Everything a rehearsal needs, and takes away again.
pub struct Stage {
    /// The settings of the throw-away engine.
    pub settings: Settings,
    /// The engine.
    pub embedded: Embedded,
    /// The policy it follows.
    pub rules: Rules,
    /// How team sync came to be on.
    pub team_sync: TeamSync,
    /// Where the provider sends to.
    pub target: Target,
    /// What the provider meets there.
    pub scene: rehearsal::Stage,
    server: RunningServer,
    /// Removed when dropped, so declared last: the engine has closed its files by then.
    directory: TempDir,
}

impl Stage {
    /// Builds it. What is built is taken away again when a later part fails.
    pub async fn build(base: &Settings, idp: Idp, basis: &Basis) -> Result<Self, CliError> {
        let directory = scratch::directory()?;
        let settings = scratch::settings(base, &directory);
        let lock = settings.data_dir.lock()?;
        match basis {
            Basis::Empty { preset } => {
                let account = NewAccount {
                    organisation: "Rehearsal".into(),
                    preset: preset.clone(),
                    owner_email: OWNER.into(),
                    // Nobody signs in here; a password that nobody knows is the safest one.
                    password: Secret::new(format!("{}{}", Uuid::new_v4(), Uuid::new_v4())),
                };
                embedded::init(&settings, &lock, account).await?;
            }
            Basis::Copy { .. } => copy(base, settings.database_file()).await?,
        }
        let embedded = Embedded::open(&settings, lock, "rehearsal").await?;
        match furnish(&embedded, &settings, idp, basis).await {
            Ok(set) => Ok(Self {
                settings,
                rules: embedded.admin().rules(),
                embedded,
                team_sync: set.team_sync,
                target: set.target,
                scene: set.scene,
                server: set.server,
                directory,
            }),
            Err(error) => {
                embedded.close().await?;
                Err(error)
            }
        }
    }

    /// The newest line of the request log.
    pub async fn last_request(&self) -> Result<Option<RequestId>, CliError> {
        let listing = RequestListing {
            limit: 1,
            ..RequestListing::default()
        };
        let page = self.embedded.shared_admin().requests(listing).await?;
        Ok(page.items.first().map(|row| row.id))
    }

    /// The lines after one, oldest first; waits a little until there are so many. A step has far fewer than a page of them.
    pub async fn requests_since(
        &self,
        after: Option<RequestId>,
        count: usize,
    ) -> Result<Vec<RequestRow>, CliError> {
        let listing = RequestListing {
            after,
            limit: PAGE,
            ..RequestListing::default()
        };
        let admin = self.embedded.admin();
        let started = Instant::now();
        loop {
            // Reads and refusals are logged after they were answered.
            admin.settle_log().await?;
            let mut rows = admin.requests(listing.clone()).await?.items;
            if rows.len() >= count || started.elapsed() >= LOG_PATIENCE {
                rows.sort_by_key(|row| row.id);
                return Ok(rows);
            }
            tokio::time::sleep(LOG_POLL).await;
        }
    }

    /// Takes it away.
    pub async fn strike(self) -> Result<(), CliError> {
        // The provider has had all its answers.
        self.server.stop(Duration::from_secs(1)).await;
        let closed = self.embedded.close().await;
        closed.and(scratch::remove(self.directory))
    }
}

/// Copies the database of the account here, whether or not an engine runs on it.
async fn copy(base: &Settings, to: PathBuf) -> Result<(), CliError> {
    let from = base.database_file();
    if !from.is_file() {
        return Err(CliError::NotInitialised {
            data_dir: base.data_dir.path().to_owned(),
        });
    }
    // Held while the files are copied, so that no engine begins meanwhile.
    let lock = match base.data_dir.lock() {
        Ok(lock) => Some(lock),
        Err(PathError::Held { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let in_use = lock.is_none();
    let copied = tokio::task::spawn_blocking(move || local::copy_database(&from, &to, in_use));
    let copied = copied.await.map_err(CliError::Traffic)?;
    drop(lock);
    Ok(copied?)
}

struct Set {
    team_sync: TeamSync,
    target: Target,
    scene: rehearsal::Stage,
    server: RunningServer,
}

/// Makes what the provider meets, and opens the door to it.
async fn furnish(
    embedded: &Embedded,
    settings: &Settings,
    idp: Idp,
    basis: &Basis,
) -> Result<Set, CliError> {
    let admin = embedded.admin();
    if let Basis::Copy { preset } = basis {
        admin.prepare_copy(preset.clone()).await?;
    }
    let owner = owner(embedded).await?;
    let shared = embedded.shared_admin();
    let member = NewMember {
        user_name: LOCAL_MEMBER.into(),
        email: Some(LOCAL_MEMBER.into()),
        ..NewMember::default()
    };
    shared.add_member(member).await?;
    // Before team sync is on: then some presets have no team made by hand.
    let team = NewTeam {
        name: LOCAL_TEAM.into(),
        ..NewTeam::default()
    };
    shared.add_team(team).await?;
    let team_sync = if admin.open_team_sync().await? {
        TeamSync::TurnedOn
    } else {
        TeamSync::Always
    };
    let token = admin
        .rehearsal_token(format!("{}-rehearsal", idp.as_str()))
        .await?;
    let scene = scene(&admin.rules(), owner);
    let server = serve::start(embedded, settings).await?;
    let base_url = format!("http://{}/scim/v2", server.local_addr());
    let target = Target::new(&base_url, token)?;
    Ok(Set {
        team_sync,
        target,
        scene,
        server,
    })
}

/// The `userName` of the owner.
async fn owner(embedded: &Embedded) -> Result<Option<String>, CliError> {
    let admin = embedded.shared_admin();
    let mut listing = Listing {
        limit: PAGE,
        ..Listing::default()
    };
    // Whoever made the account came first, so that this ends with the first page.
    loop {
        let page = admin.members(listing.clone()).await?;
        if let Some(owner) = page.items.iter().find(|row| row.owner) {
            return Ok(Some(owner.user_name.clone()));
        }
        if page.items.is_empty() {
            return Ok(None);
        }
        listing.offset += u64::from(PAGE);
    }
}

/// The roles are the policy's own: two that make nobody an admin, where there are two.
fn scene(rules: &Rules, owner: Option<String>) -> rehearsal::Stage {
    let source = rules.value("roles.source");
    let default = rules.value("roles.default");
    let admins = rules.list("roles.admin");
    let mut plain = rules.list("roles.base");
    plain.retain(|role| *role != default && !admins.contains(role));
    let role = plain.first().copied().unwrap_or(default);
    let next_role = plain.get(1).copied().unwrap_or(default);
    rehearsal::Stage {
        local_member: LOCAL_MEMBER.into(),
        local_team: LOCAL_TEAM.into(),
        owner,
        mapping: match source {
            "roles" => RoleMapping::Core,
            _ => RoleMapping::Extension,
        },
        role: role.to_owned(),
        next_role: next_role.to_owned(),
    }
}
