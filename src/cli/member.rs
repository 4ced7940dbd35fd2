//! `provost member …`: people in the organisation.

mod manage;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::confirm::{asks, confirm};
use super::error::CliError;
use super::output::{Cell, Column, Row, Sheet, Tone, text, time};
use super::paging::{self, FilterWord, Noun, PageArguments};
use super::session::{Session, note};
use super::{words, written};
use crate::admin::sso::PasswordLinkKind;
use crate::admin::types::{
    AuditRow, Invitation, MemberDetail, MemberId, MemberRow, NewMember, TokenRow,
};
use crate::admin::{AdminError, AdminRead};

/// Members: people in the organisation (SCIM Users).
#[derive(Debug, Subcommand)]
pub enum MemberVerb {
    /// List members.
    List(ListVerb),
    /// Show one member.
    #[command(after_help = "Examples:
  provost member show ada@example.com
  provost member show 0192f0c1-7a51-7e30-9d3f-0d2f3f6a1b11 --json")]
    Show(MemberArgument),
    /// Show what changed of a member, newest first.
    Timeline(TimelineVerb),
    /// Add a member by hand.
    Add(AddVerb),
    /// Take a member's right to sign in.
    #[command(after_help = "Examples:
  provost member deactivate ada@example.com
  provost member deactivate ada@example.com --yes")]
    Deactivate(MemberArgument),
    /// Bring back an inactive or removed member.
    #[command(after_help = "Examples:
  provost member restore ada@example.com")]
    Restore(MemberArgument),
    /// Show all that a member may do, and where each role comes from.
    #[command(after_help = "Examples:
  provost member access ada@example.com
  provost member access ada@example.com --json")]
    Access(MemberArgument),
    /// Give a member roles.
    SetRole(manage::SetRoleVerb),
    /// Change what a member is called.
    Edit(manage::EditVerb),
    /// Remove a member as the policy says (users.on_delete).
    #[command(after_help = "Examples:
  provost member delete ada@example.com
  provost member delete ada@example.com --dry-run")]
    Delete(MemberArgument),
    /// Invite a member, or invite them anew.
    Invite(manage::InviteVerb),
    /// Make a link by which a member sets a password, and print it, alone, on standard output. It is shown this once.
    #[command(after_help = "Examples:
  provost member reset-link ada@example.com

It works for an hour and once; where a mail server is configured, it is mailed to them, too. While single sign-on
is enabled and ends passwords (sso.on_enable), only recovery admins get one.")]
    ResetLink(MemberArgument),
    /// Hand a member to the identity provider.
    Link(manage::LinkVerb),
    /// Take a member out of the identity provider's hands.
    #[command(after_help = "Examples:
  provost member unlink ada@example.com")]
    Unlink(MemberArgument),
    /// Make two members one.
    Merge(manage::MergeVerb),
    /// Remove every member whom identity providers provisioned.
    Purge(manage::PurgeVerb),
}

/// One member.
#[derive(Debug, Args)]
pub struct MemberArgument {
    /// The id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER")]
    name: String,
}

/// List members.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member list
  provost member list ada active:false
  provost member list team:Payments role:admin --sort name
  provost member list --all --csv > members.csv")]
pub struct ListVerb {
    /// Text in name, e-mail or id; active:false, source:scim, role:admin, team:NAME narrow it.
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,
    #[command(flatten)]
    page: PageArguments,
}

/// Show what changed of a member, newest first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member timeline ada@example.com --limit 10")]
pub struct TimelineVerb {
    #[command(flatten)]
    member: MemberArgument,
    /// How many changes at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// How many changes to skip.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Add a member by hand.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member add ada@example.com --given-name Ada --family-name Lovelace
  provost member add ada --email ada@example.com --role admin")]
pub struct AddVerb {
    /// Its userName, unique in the organisation.
    #[arg(value_name = "USERNAME")]
    user_name: String,
    /// E-mail address; where absent and the userName is one, that.
    #[arg(long)]
    email: Option<String>,
    /// Given name.
    #[arg(long, value_name = "NAME")]
    given_name: Option<String>,
    /// Family name.
    #[arg(long, value_name = "NAME")]
    family_name: Option<String>,
    /// Base role (reader, writer, admin, noAccess); where absent, the policy's default.
    #[arg(long)]
    role: Option<String>,
}

/// The words that narrow a list of members.
const WORDS: [FilterWord; 4] = [
    FilterWord {
        key: "active",
        values: &["true", "yes", "false", "no"],
        told: "active:true or active:false",
    },
    FilterWord {
        key: "source",
        values: &["scim", "jit", "manual"],
        told: "source:scim, source:jit or source:manual",
    },
    FilterWord {
        key: "role",
        values: &[],
        told: "role:NAME",
    },
    FilterWord {
        key: "team",
        values: &[],
        told: "team:NAME",
    },
];

/// Runs one of them.
pub async fn run(session: &mut Session, verb: MemberVerb) -> Result<(), CliError> {
    match verb {
        MemberVerb::List(verb) => list(session, &verb).await,
        MemberVerb::Show(member) => show(session, member.name).await,
        MemberVerb::Timeline(verb) => timeline(session, verb).await,
        MemberVerb::Add(verb) => add(session, verb).await,
        MemberVerb::Invite(verb) => manage::invite(session, verb).await,
        MemberVerb::ResetLink(member) => {
            manage::password_link(session, member.name, PasswordLinkKind::Reset).await
        }
        MemberVerb::Deactivate(member) => deactivate(session, member.name).await,
        MemberVerb::Restore(member) => restore(session, member.name).await,
        MemberVerb::Access(member) => manage::access(session, member.name).await,
        MemberVerb::SetRole(verb) => manage::set_role(session, verb).await,
        MemberVerb::Edit(verb) => manage::edit(session, verb).await,
        MemberVerb::Delete(member) => manage::delete(session, member.name).await,
        MemberVerb::Link(verb) => manage::link(session, verb).await,
        MemberVerb::Unlink(member) => manage::unlink(session, member.name).await,
        MemberVerb::Merge(verb) => manage::merge(session, verb).await,
        MemberVerb::Purge(verb) => manage::purge(session, verb).await,
    }
}

async fn list(session: &mut Session, verb: &ListVerb) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let noun = Noun {
        one: "member",
        many: "members",
        words: &WORDS,
    };
    let listed = paging::list(session, &verb.page, &verb.filter, noun, |listing| {
        reach.read().members(listing)
    })
    .await;
    reach.finish(listed).await
}

async fn show(session: &mut Session, name: String) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let found = reach.read().find_member(name).await;
    let member = reach.finish(found).await?;
    let sheet = sheet(&member, session.now);
    session.out.sheet(&member, &sheet)
}

async fn timeline(session: &mut Session, verb: TimelineVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let asked = async {
        let member = reach.read().find_member(verb.member.name).await?;
        reach
            .read()
            .member_timeline(member.row.id, verb.offset, verb.limit)
            .await
    }
    .await;
    let page = reach.finish(asked).await?;
    session.out.list(&page, &page.items, session.now)
}

async fn add(session: &mut Session, verb: AddVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let what = format!("add {}", verb.user_name);
    let added = reach
        .write()?
        .add_member(NewMember {
            user_name: verb.user_name,
            email: verb.email,
            given_name: verb.given_name,
            family_name: verb.family_name,
            role: verb.role,
        })
        .await;
    let done = reach.finish(added).await?;
    written::report(session, &done, &what)
}

async fn deactivate(session: &mut Session, name: String) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, (found, keys)) = reach
        .keep(async |read| {
            let found = read.find_member(name).await?;
            let keys = ending_with(read, found.row.id).await?;
            Ok((found, keys))
        })
        .await?;
    let who = who(&found);
    warn_of(session, &keys);
    let question = format!(
        "Deactivate {who}? They can no longer sign in; `provost member restore` undoes it."
    );
    let reach = confirm(session, reach, "member deactivate", &question).await?;
    let changed = async {
        let member = reach.read().member(found.row.id).await?;
        if member.version != found.version {
            return Err(CliError::ChangedMeanwhile { what: who.clone() });
        }
        Ok(reach.write()?.deactivate_member(member.row.id).await?)
    }
    .await;
    let done = reach.finish(changed).await?;
    written::report(session, &done, &format!("deactivate {who}"))
}

async fn restore(session: &mut Session, name: String) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let changed = async {
        let member = reach.read().find_member(name).await?;
        let done = reach.write()?.restore_member(member.row.id).await?;
        Ok::<_, CliError>((done, who(&member)))
    }
    .await;
    let (done, who) = reach.finish(changed).await?;
    written::report(session, &done, &format!("restore {who}"))
}

/// What ends for ever with a member: their keys, and the connections that come in by them. A sentence each.
async fn ending_with(read: &dyn AdminRead, owner: MemberId) -> Result<Vec<String>, AdminError> {
    let tokens = read.tokens().await?;
    let owned = |token: &TokenRow| token.owner == Some(owner) && token.revoked.is_none();
    let owned: Vec<TokenRow> = tokens.into_iter().filter(owned).collect();
    if owned.is_empty() {
        return Ok(Vec::new());
    }
    let link = read.link().await?;
    let told = owned.iter().map(|token| {
        let key = &token.name;
        let connected = link.connected_by(key).map(|row| {
            format!(
                ", and the connection of {} ends: it provisions nobody until it is connected anew",
                row.title
            )
        });
        format!(
            "the key {key} dies with this member and never comes back{}",
            connected.unwrap_or_default()
        )
    });
    Ok(told.collect())
}

/// Says so before anybody is asked. A preview and a change that nobody is asked about tell it with their answer.
fn warn_of(session: &Session, ending: &[String]) {
    if asks(session) {
        for one in ending {
            note(&format!("note: {one}"));
        }
    }
}

fn who(member: &MemberDetail) -> String {
    if member.row.name == member.row.user_name {
        member.row.name.clone()
    } else {
        format!("{} ({})", member.row.name, member.row.user_name)
    }
}

impl Row for MemberRow {
    const COLUMNS: &'static [Column] = &[
        Column::script("id"),
        Column::left("state", "STATE", 10),
        Column::left("name", "NAME", 24),
        Column::left("user_name", "USERNAME", 28),
        Column::script("email"),
        Column::left("role", "ROLE", 10),
        Column::script("custom_roles"),
        Column::script("roles"),
        Column::script("leads_to_admin"),
        Column::right("teams", "TEAMS", 5),
        Column::left("source", "SOURCE", 6),
        Column::script("owner"),
        Column::left("modified", "CHANGED", 10),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let given = self.role.as_deref().unwrap_or_default();
        let role = match self.leading_role() {
            Some((role, 0)) => Cell::both(role, given),
            Some((role, more)) => Cell::both(format!("{role} +{more}"), given),
            None => Cell::maybe(self.role.as_deref()),
        };
        let role = if self.leads {
            role.tone(Tone::Strong)
        } else {
            role
        };
        vec![
            Cell::text(self.id.to_string()),
            words::member_state(self),
            Cell::text(&self.name),
            Cell::text(&self.user_name),
            Cell::maybe(self.email.as_deref()),
            role,
            Cell::text(self.custom_roles.join(" ")),
            Cell::text(self.roles.join(" ")),
            Cell::text(self.leads.to_string()),
            Cell::text(self.teams.to_string()),
            Cell::text(self.origin.as_str()),
            Cell::text(self.owner.to_string()),
            Cell::moment(self.modified, now).tone(Tone::Dim),
        ]
    }
}

impl Row for AuditRow {
    const COLUMNS: &'static [Column] = &[
        Column::right("seq", "SEQ", 6),
        Column::left("at", "WHEN", 10),
        Column::left("actor", "WHO", 16),
        Column::left("change", "WHAT", 40),
        Column::left("policy_key", "RULE", 12),
        Column::left("request", "REQUEST", 7),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let actor = format!("{} {}", words::actor_kind(self.actor.kind), self.actor.name);
        vec![
            Cell::text(self.seq.to_string()).tone(Tone::Dim),
            Cell::moment(self.at, now),
            Cell::text(actor),
            Cell::text(words::change_line(&self.change)),
            Cell::maybe(self.policy_key.as_deref()),
            match self.request {
                Some(request) => Cell::both(request.to_string(), request.0.to_string()),
                None => Cell::maybe(None::<String>),
            },
        ]
    }
}

/// Until when an invitation works, or since when it does not.
fn invited(invitation: &Invitation, now: Timestamp) -> Cell {
    let until = invitation.invited_until;
    let (full, relative) = (time::full(until), time::relative(until, now));
    if invitation.expired {
        Cell::text(format!(
            "the link expired {relative}; provost member invite renews it"
        ))
        .tone(Tone::Warn)
    } else {
        Cell::text(format!("the link works until {full}"))
    }
}

fn sheet(member: &MemberDetail, now: Timestamp) -> Sheet {
    let row = &member.row;
    let mut sheet = Sheet::new();
    sheet
        .title(&row.name)
        .fact("state", words::member_state(row))
        .fact("userName", Cell::text(&row.user_name))
        .maybe("e-mail", row.email.as_deref())
        .fact("id", Cell::text(row.id.to_string()))
        .maybe("externalId", member.external_id.as_deref())
        .fact(
            "roles in effect",
            match row.roles.join(", ") {
                roles if row.leads => Cell::text(roles).tone(Tone::Strong),
                roles if roles.is_empty() => Cell::text("none").tone(Tone::Dim),
                roles => Cell::text(roles),
            },
        )
        .maybe("role given", row.role.as_deref());
    if !row.custom_roles.is_empty() {
        sheet.fact("custom roles", Cell::text(row.custom_roles.join(", ")));
    }
    sheet
        .fact("source", Cell::text(row.origin.as_str()))
        .fact("managed", Cell::text(member.management.as_str()));
    if let Some(invitation) = &member.invitation {
        sheet.fact("invited", invited(invitation, now));
    }
    sheet
        .fact("created", Cell::text(time::full(member.created)))
        .fact(
            "changed",
            Cell::text(format!(
                "{}, version {}",
                time::relative(row.modified, now),
                member.version
            )),
        );
    if let Some(deleted) = row.deleted {
        sheet.fact("removed", Cell::moment(deleted, now).tone(Tone::Bad));
    }
    let teams: Vec<String> = member
        .memberships
        .iter()
        .map(|team| format!("  {}", text::printable(&team.name)))
        .collect();
    sheet.title(text::count(teams.len() as u64, "team", "teams"));
    sheet.lines(teams);
    timeline_part(&mut sheet, &member.timeline, now);
    sheet
}

/// The part of a sheet that tells what changed last.
pub fn timeline_part(sheet: &mut Sheet, timeline: &[AuditRow], now: Timestamp) {
    if timeline.is_empty() {
        return;
    }
    sheet.title("Last changes");
    for row in timeline {
        let what = words::change_line(&row.change);
        let actor = &row.actor.name;
        sheet.fact(
            format!("  {}", time::relative(row.at, now)),
            Cell::text(format!("{what} (by {actor})")),
        );
    }
}
