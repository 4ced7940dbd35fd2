//! `provost team …`: groups of members.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::error::CliError;
use super::member::timeline_part;
use super::output::{Cell, Column, Row, Sheet, Tone, text, time};
use super::paging::{self, FilterWord, Noun, PageArguments};
use super::session::Session;
use super::written;
use super::{team_change as change, team_purge as purge};
use crate::admin::types::{MemberRef, NewTeam, Page, TeamDetail, TeamRow, TeamSource};

/// Teams: groups of members (SCIM Groups).
#[derive(Debug, Subcommand)]
pub enum TeamVerb {
    /// List teams.
    List(ListVerb),
    /// Show one team and its first members.
    Show(ShowVerb),
    /// Add a team by hand.
    Add(AddVerb),
    /// Call a team otherwise.
    Rename(change::RenameVerb),
    /// Say what a team is for.
    Describe(change::DescribeVerb),
    /// Set the roles that its members have through it.
    SetRole(change::SetRoleVerb),
    /// Set who looks after a team.
    Maintainers(change::MaintainersVerb),
    /// Take members into a team or out of it.
    #[command(subcommand)]
    Members(change::MembersVerb),
    /// Hand a team to the identity provider.
    Link(change::LinkVerb),
    /// Take a team out of the identity provider's hands.
    Unlink(change::UnlinkVerb),
    /// Stop the identity provider's changes of a team for a while.
    Pause(change::PauseVerb),
    /// Let the identity provider's changes of a team in again.
    Resume(change::ResumeVerb),
    /// Delete a team. Its members stay members of the organisation.
    Delete(change::DeleteVerb),
    /// Delete every team that an identity provider rules.
    Purge(purge::PurgeVerb),
}

/// List teams.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team list
  provost team list pay source:synced --sort name
  provost team list --all --csv > teams.csv")]
pub struct ListVerb {
    /// Text in name or id; source:synced, source:local, source:unlinked and source:released narrow it.
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,
    #[command(flatten)]
    page: PageArguments,
}

/// Show one team and its first members.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team show Payments
  provost team show Payments --members 500 --json")]
pub struct ShowVerb {
    /// The id, displayName or externalId.
    #[arg(value_name = "TEAM")]
    name: String,
    /// How many of its members to show, 1,000 at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    members: u32,
    /// How many of its members to skip.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
}

/// Add a team by hand.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team add Payments
  provost team add Payments --member ada@example.com --member bob@example.com")]
pub struct AddVerb {
    /// Its displayName.
    #[arg(value_name = "NAME")]
    name: String,
    /// A first member: id, userName, e-mail address or externalId. May be given many times.
    #[arg(long = "member", value_name = "MEMBER")]
    members: Vec<String>,
}

/// A team with a page of its members, the document of `team show`.
#[derive(Serialize)]
struct TeamWithMembers {
    #[serde(flatten)]
    team: TeamDetail,
    member_page: Page<MemberRef>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: TeamVerb) -> Result<(), CliError> {
    match verb {
        TeamVerb::List(verb) => list(session, &verb).await,
        TeamVerb::Show(verb) => show(session, verb).await,
        TeamVerb::Add(verb) => add(session, verb).await,
        TeamVerb::Rename(verb) => change::rename(session, verb).await,
        TeamVerb::Describe(verb) => change::describe(session, verb).await,
        TeamVerb::SetRole(verb) => change::set_role(session, verb).await,
        TeamVerb::Maintainers(verb) => change::maintainers(session, verb).await,
        TeamVerb::Members(verb) => change::change_members(session, verb).await,
        TeamVerb::Link(verb) => change::link(session, verb).await,
        TeamVerb::Unlink(verb) => change::unlink(session, verb).await,
        TeamVerb::Pause(verb) => change::pause(session, verb).await,
        TeamVerb::Resume(verb) => change::resume(session, verb).await,
        TeamVerb::Delete(verb) => change::delete(session, verb).await,
        TeamVerb::Purge(verb) => purge::purge(session, &verb).await,
    }
}

async fn list(session: &mut Session, verb: &ListVerb) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let noun = Noun {
        one: "team",
        many: "teams",
        words: &[FilterWord {
            key: "source",
            values: &["synced", "local", "unlinked", "released"],
            told: "source:synced, source:local, source:unlinked or source:released",
        }],
    };
    let listed = paging::list(session, &verb.page, &verb.filter, noun, |listing| {
        reach.read().teams(listing)
    })
    .await;
    reach.finish(listed).await
}

async fn show(session: &mut Session, verb: ShowVerb) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let asked = async {
        let team = reach.read().find_team(verb.name).await?;
        let member_page = reach
            .read()
            .team_members(team.row.id, verb.offset, verb.members)
            .await?;
        Ok::<_, CliError>(TeamWithMembers { team, member_page })
    }
    .await;
    let document = reach.finish(asked).await?;
    let sheet = sheet(&document, session.now);
    session.out.sheet(&document, &sheet)
}

async fn add(session: &mut Session, verb: AddVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let what = format!("add team {}", verb.name);
    let added = async {
        let mut members = Vec::with_capacity(verb.members.len());
        for name in verb.members {
            members.push(reach.read().find_member(name).await?.row.id);
        }
        let team = NewTeam {
            name: verb.name,
            members,
        };
        Ok::<_, CliError>(reach.write()?.add_team(team).await?)
    }
    .await;
    let done = reach.finish(added).await?;
    written::report(session, &done, &what)
}

fn source(team: &TeamRow) -> Cell {
    let word = team.source.as_str();
    match (team.source, team.paused) {
        (TeamSource::Synced, true) => Cell::both("⏸ paused", word).tone(Tone::Warn),
        (TeamSource::Synced, false) => Cell::text(word),
        (TeamSource::Local | TeamSource::Unlinked | TeamSource::Released, _) => {
            Cell::text(word).tone(Tone::Dim)
        }
    }
}

impl Row for TeamRow {
    const COLUMNS: &'static [Column] = &[
        Column::script("id"),
        Column::left("name", "NAME", 30),
        Column::script("key"),
        Column::left("source", "SOURCE", 8),
        Column::script("paused"),
        Column::right("members", "MEMBERS", 7),
        Column::right("parked", "PARKED", 6),
        Column::left("roles", "ROLES", 12),
        Column::script("maintainers"),
        Column::left("external_id", "EXTERNAL ID", 20),
        Column::script("last_push"),
        Column::left("modified", "CHANGED", 10),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::text(self.id.to_string()),
            Cell::text(&self.name),
            Cell::text(&self.key),
            source(self),
            Cell::text(self.paused.to_string()),
            Cell::both(text::thousands(self.members), self.members.to_string()),
            Cell::both(text::thousands(self.parked), self.parked.to_string()),
            Cell::text(self.roles.join(" ")),
            Cell::text(self.maintainers.to_string()),
            Cell::maybe(self.external_id.as_deref()),
            Cell::maybe_moment(self.last_push, now, ""),
            Cell::moment(self.modified, now).tone(Tone::Dim),
        ]
    }
}

fn sheet(document: &TeamWithMembers, now: Timestamp) -> Sheet {
    let team = &document.team;
    let row = &team.row;
    let mut sheet = Sheet::new();
    sheet
        .title(&row.name)
        .fact("source", source(row))
        .fact("key", Cell::text(&row.key))
        .maybe(
            "description",
            (!team.description.is_empty()).then_some(team.description.as_str()),
        );
    if !row.roles.is_empty() {
        sheet.fact("roles", Cell::text(row.roles.join(", ")));
    }
    if !team.maintained_by.is_empty() {
        let names: Vec<&str> = team
            .maintained_by
            .iter()
            .map(|it| it.user_name.as_str())
            .collect();
        sheet.fact("maintainers", Cell::text(names.join(", ")));
    }
    if let Some(push) = row.last_push {
        sheet.fact("last push", Cell::text(time::relative(push, now)));
    }
    sheet
        .fact("id", Cell::text(row.id.to_string()))
        .maybe("externalId", row.external_id.as_deref())
        .fact("created", Cell::text(time::full(team.created)))
        .fact(
            "changed",
            Cell::text(format!(
                "{}, version {}",
                time::relative(row.modified, now),
                team.version
            )),
        );
    let shown = document.member_page.items.len() as u64;
    let mut title = text::count(row.members, "member", "members");
    if shown < row.members {
        let first = text::thousands(document.member_page.offset + 1);
        let last = text::thousands(document.member_page.offset + shown);
        title = format!("{title}, {first} to {last} of them");
    }
    sheet.title(title);
    let members = document
        .member_page
        .items
        .iter()
        .map(|member| {
            let sign = if member.active { "✓" } else { "⏸" };
            let state = if member.active { "" } else { ", inactive" };
            let name = text::printable(&member.name);
            format!(
                "  {sign} {name} ({}{state})",
                text::printable(&member.user_name)
            )
        })
        .collect();
    sheet.lines(members);
    if row.parked > 0 {
        sheet.title(format!(
            "waits for {}",
            text::count(
                row.parked,
                "person who is no member yet",
                "people who are no members yet"
            )
        ));
        let waiting = team.waits_for.iter().map(|parked| {
            let name = text::printable(&parked.reference);
            let request = parked
                .request
                .map_or_else(String::new, |id| format!(", request {id}"));
            format!(
                "  {name} (since {}{request})",
                time::relative(parked.since, now)
            )
        });
        sheet.lines(waiting.collect());
    }
    timeline_part(&mut sheet, &team.timeline, now);
    sheet
}
