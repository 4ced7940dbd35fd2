//! The verbs of `provost team …` that change one team.

use clap::{ArgGroup, Args, Subcommand};

use super::confirm::confirm;
use super::connect::Reach;
use super::error::CliError;
use super::output::text;
use super::session::Session;
use super::written;
use crate::admin::types::{
    ChangeTeam, Leaving, MemberId, OwnEdit, TeamChange, TeamDetail, TeamSource,
};

/// Call a team otherwise.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team rename Payments \"Payments and Billing\"")]
pub struct RenameVerb {
    #[command(flatten)]
    team: TeamArgument,
    /// Its new displayName.
    #[arg(value_name = "NAME")]
    name: String,
}

/// Say what a team is for.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team describe Payments \"Runs the ledger\"
  provost team describe Payments \"\"")]
pub struct DescribeVerb {
    #[command(flatten)]
    team: TeamArgument,
    /// What it is for, 1,000 characters at most; empty for nothing.
    #[arg(value_name = "TEXT")]
    text: String,
}

/// Set the roles that the members of a team have through it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team set-role Payments writer
  provost team set-role Payments ledger-admin deployer
  provost team set-role Payments --none")]
pub struct SetRoleVerb {
    #[command(flatten)]
    team: TeamArgument,
    /// The keys of the roles; they take the place of those it has.
    #[arg(value_name = "ROLE", required_unless_present = "none")]
    roles: Vec<String>,
    /// No role at all.
    #[arg(long, conflicts_with = "roles")]
    none: bool,
}

/// Set who looks after a team.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team maintainers Payments ada@example.com
  provost team maintainers Payments --none")]
pub struct MaintainersVerb {
    #[command(flatten)]
    team: TeamArgument,
    /// Members: id, userName, e-mail address or externalId; they take the place of those it has.
    #[arg(value_name = "MEMBER", required_unless_present = "none")]
    members: Vec<String>,
    /// Nobody.
    #[arg(long, conflicts_with = "members")]
    none: bool,
}

/// Take members into a team or out of it.
#[derive(Debug, Subcommand)]
pub enum MembersVerb {
    /// Take members into a team.
    Add(MembersArguments),
    /// Take members out of a team.
    Remove(MembersArguments),
}

/// A team and some members.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team members add Payments ada@example.com
  provost team members remove Payments ada@example.com bob@example.com")]
pub struct MembersArguments {
    #[command(flatten)]
    team: TeamArgument,
    /// Members: id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER", required = true)]
    members: Vec<String>,
}

/// Hand a team to the identity provider, which rules its name and members from its next push on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team link Payments
  provost team link Payments --external-id 00g1abcd")]
pub struct LinkVerb {
    #[command(flatten)]
    team: TeamArgument,
    /// The identity provider's id of the group; without it the group is found by its name.
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
}

/// Take a team out of the identity provider's hands.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team unlink Payments --keep
  provost team unlink Payments --empty --dry-run")]
#[command(group(ArgGroup::new("members").required(true).args(["keep", "empty"])))]
pub struct UnlinkVerb {
    #[command(flatten)]
    team: TeamArgument,
    /// Its members stay.
    #[arg(long)]
    keep: bool,
    /// Its members leave.
    #[arg(long)]
    empty: bool,
}

/// Stop the identity provider's changes of a team for a while. They are acknowledged and ignored.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team pause Payments")]
pub struct PauseVerb {
    #[command(flatten)]
    team: TeamArgument,
}

/// Let the identity provider's changes of a team in again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team resume Payments")]
pub struct ResumeVerb {
    #[command(flatten)]
    team: TeamArgument,
}

/// Delete a team. Its members stay members of the organisation.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team delete Payments
  provost team delete Payments --dry-run")]
pub struct DeleteVerb {
    #[command(flatten)]
    team: TeamArgument,
}

/// Which team.
#[derive(Debug, Args)]
struct TeamArgument {
    /// The id, displayName or externalId.
    #[arg(value_name = "TEAM", id = "team")]
    team: String,
}

/// `team rename`.
pub async fn rename(session: &mut Session, verb: RenameVerb) -> Result<(), CliError> {
    let what = format!("rename {} to {}", verb.team.team, verb.name);
    let change = TeamChange::Rename { name: verb.name };
    carry_out(session, &verb.team, change, &what).await
}

/// `team describe`.
pub async fn describe(session: &mut Session, verb: DescribeVerb) -> Result<(), CliError> {
    let what = format!("describe {}", verb.team.team);
    let edit = OwnEdit {
        description: Some(verb.text),
        ..OwnEdit::default()
    };
    carry_out(session, &verb.team, TeamChange::Describe(edit), &what).await
}

/// `team set-role`.
pub async fn set_role(session: &mut Session, verb: SetRoleVerb) -> Result<(), CliError> {
    let what = format!("set the roles of {}", verb.team.team);
    let edit = OwnEdit {
        roles: Some(verb.roles),
        ..OwnEdit::default()
    };
    carry_out(session, &verb.team, TeamChange::Describe(edit), &what).await
}

/// `team maintainers`.
pub async fn maintainers(session: &mut Session, verb: MaintainersVerb) -> Result<(), CliError> {
    let what = format!("set the maintainers of {}", verb.team.team);
    let (reach, team) = found(session, &verb.team).await?;
    let (reach, members) = members(reach, verb.members).await?;
    let edit = OwnEdit {
        maintainers: Some(members),
        ..OwnEdit::default()
    };
    done(session, reach, &team, TeamChange::Describe(edit), &what).await
}

/// `team members add` and `team members remove`.
pub async fn change_members(session: &mut Session, verb: MembersVerb) -> Result<(), CliError> {
    let (joins, verb) = match verb {
        MembersVerb::Add(verb) => (true, verb),
        MembersVerb::Remove(verb) => (false, verb),
    };
    let (reach, team) = found(session, &verb.team).await?;
    let (reach, members) = members(reach, verb.members).await?;
    let (add, remove, what) = if joins {
        (members, Vec::new(), "add members to")
    } else {
        (Vec::new(), members, "remove members from")
    };
    let what = format!("{what} {}", team.row.name);
    done(
        session,
        reach,
        &team,
        TeamChange::Members { add, remove },
        &what,
    )
    .await
}

/// `team link`.
pub async fn link(session: &mut Session, verb: LinkVerb) -> Result<(), CliError> {
    let what = format!("link {}", verb.team.team);
    let external_id = verb.external_id;
    carry_out(session, &verb.team, TeamChange::Link { external_id }, &what).await
}

/// `team unlink`.
pub async fn unlink(session: &mut Session, verb: UnlinkVerb) -> Result<(), CliError> {
    let (reach, team) = found(session, &verb.team).await?;
    let members = if verb.empty {
        Leaving::Empty
    } else {
        Leaving::Keep
    };
    let reach = if verb.empty && team.row.members > 0 {
        let question = format!(
            "Unlink {} and take its {} out of it? Roles they have through it are gone with that.",
            team.row.name,
            text::count(team.row.members, "member", "members"),
        );
        confirm(session, reach, "team unlink", &question).await?
    } else {
        reach
    };
    let what = format!("unlink {}", team.row.name);
    done(session, reach, &team, TeamChange::Unlink { members }, &what).await
}

/// `team pause`.
pub async fn pause(session: &mut Session, verb: PauseVerb) -> Result<(), CliError> {
    let what = format!("pause the sync of {}", verb.team.team);
    carry_out(session, &verb.team, TeamChange::Pause, &what).await
}

/// `team resume`.
pub async fn resume(session: &mut Session, verb: ResumeVerb) -> Result<(), CliError> {
    let what = format!("resume the sync of {}", verb.team.team);
    carry_out(session, &verb.team, TeamChange::Resume, &what).await
}

/// `team delete`.
pub async fn delete(session: &mut Session, verb: DeleteVerb) -> Result<(), CliError> {
    let (reach, team) = found(session, &verb.team).await?;
    let roles = match team.row.roles.as_slice() {
        [] => String::new(),
        roles => format!(
            " They lose what they have through it: {}.",
            roles.join(", ")
        ),
    };
    let comes_back = match team.row.source {
        TeamSource::Synced => " The identity provider may push it again.",
        TeamSource::Local | TeamSource::Unlinked | TeamSource::Released => "",
    };
    let question = format!(
        "Delete the team {} with its {}? They stay members of the organisation.{roles}{comes_back} It cannot be undone.",
        team.row.name,
        text::count(team.row.members, "member", "members"),
    );
    let reach = confirm(session, reach, "team delete", &question).await?;
    let what = format!("delete {}", team.row.name);
    done(session, reach, &team, TeamChange::Delete, &what).await
}

async fn carry_out(
    session: &mut Session,
    which: &TeamArgument,
    change: TeamChange,
    what: &str,
) -> Result<(), CliError> {
    let (reach, team) = found(session, which).await?;
    done(session, reach, &team, change, what).await
}

async fn found(session: &Session, which: &TeamArgument) -> Result<(Reach, TeamDetail), CliError> {
    let reach = session.reach_to_write().await?;
    let name = which.team.clone();
    reach.keep(async |read| read.find_team(name).await).await
}

async fn members(reach: Reach, names: Vec<String>) -> Result<(Reach, Vec<MemberId>), CliError> {
    reach
        .keep(async |read| {
            let mut members = Vec::with_capacity(names.len());
            for name in names {
                members.push(read.find_member(name).await?.row.id);
            }
            Ok(members)
        })
        .await
}

async fn done(
    session: &mut Session,
    reach: Reach,
    team: &TeamDetail,
    change: TeamChange,
    what: &str,
) -> Result<(), CliError> {
    let change = ChangeTeam {
        change,
        if_version: Some(team.version),
    };
    let id = team.row.id;
    let changed = async { Ok::<_, CliError>(reach.write()?.change_team(id, change).await?) }.await;
    let done = reach.finish(changed).await?;
    written::report(session, &done, what)
}
