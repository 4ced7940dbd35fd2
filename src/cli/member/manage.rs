//! What an admin does with one member, or with all who are provisioned: edit, roles, link, merge, remove.

use clap::{ArgGroup, Args};

use super::{MemberArgument, ending_with, warn_of, who};
use crate::admin::sso::PasswordLinkKind;
use crate::admin::types::{
    Access, IfVersion, LinkMember, MemberDetail, MemberEdit, MergeMember, ObjectKind,
    RoleAttribute, SignIn,
};
use crate::cli::confirm::confirm;
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Form, Sheet, Tone, text, time};
use crate::cli::purge::Purge;
use crate::cli::session::{Session, note};
use crate::cli::written;

/// Give a member roles.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("roles").required(true).multiple(true).args(["role", "custom", "no_custom", "attribute"])))]
#[command(after_help = "Examples:
  provost member set-role ada@example.com admin
  provost member set-role ada@example.com default
  provost member set-role ada@example.com --custom developer --custom auditor
  provost member set-role ada@example.com --attribute project=web,ios")]
pub struct SetRoleVerb {
    #[command(flatten)]
    member: MemberArgument,
    /// Base role; `default` takes it away, so that the policy's default counts.
    #[arg(value_name = "ROLE")]
    role: Option<String>,
    /// A custom role; all of them, since they replace those there are. May be given many times.
    #[arg(long, value_name = "KEY")]
    custom: Vec<String>,
    /// Take every custom role away.
    #[arg(long, conflicts_with = "custom")]
    no_custom: bool,
    /// What fills a placeholder of custom roles; all of them. May be given many times.
    #[arg(long, value_name = "KEY=VALUE,VALUE", value_parser = role_attribute)]
    attribute: Vec<RoleAttribute>,
}

/// Change what a member is called.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true)
    .args(["user_name", "email", "given_name", "family_name", "display_name", "title"])))]
#[command(after_help = "Examples:
  provost member edit ada@example.com --title Countess
  provost member edit ada@example.com --given-name Ada --family-name Lovelace
  provost member edit ada@example.com --title ''")]
pub struct EditVerb {
    #[command(flatten)]
    member: MemberArgument,
    /// Another userName.
    #[arg(long, value_name = "USERNAME")]
    user_name: Option<String>,
    /// Another primary e-mail address; empty takes it away.
    #[arg(long)]
    email: Option<String>,
    /// Given name.
    #[arg(long, value_name = "NAME")]
    given_name: Option<String>,
    /// Family name.
    #[arg(long, value_name = "NAME")]
    family_name: Option<String>,
    /// The name to show.
    #[arg(long, value_name = "NAME")]
    display_name: Option<String>,
    /// Title.
    #[arg(long)]
    title: Option<String>,
}

/// Hand a member to the identity provider.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member link ada@example.com
  provost member link ada@example.com --external-id 00u1ab2cd3")]
pub struct LinkVerb {
    #[command(flatten)]
    member: MemberArgument,
    /// The identity provider's id of them; without one they are found by their name.
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
}

/// Make two members one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member merge ada@example.com a.lovelace@example.com
  provost member merge ada@example.com a.lovelace@example.com --dry-run")]
pub struct MergeVerb {
    /// Who stays: id, userName, e-mail address or externalId.
    #[arg(value_name = "SURVIVOR")]
    survivor: String,
    /// Who is removed; what the survivor lacks comes from them.
    #[arg(value_name = "OTHER")]
    other: String,
}

/// Remove every member whom identity providers provisioned.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member purge --provisioned --dry-run
  provost member purge --provisioned

Before it asks, it lists who goes; to go on, their number is typed. It is one change: all of them go, or nobody, and the
last admin stays. How many may go at once (guard.blast_radius) is a limit for identity providers and none for this.")]
pub struct PurgeVerb {
    /// Say that it is meant: every provisioned member, for ever. Local members, the owner and recovery admins stay.
    #[arg(long, required = true)]
    provisioned: bool,
}

fn role_attribute(text: &str) -> Result<RoleAttribute, String> {
    let (key, values) = text
        .split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or("write KEY=VALUE,VALUE")?;
    let values = values.split(',').filter(|value| !value.is_empty());
    Ok(RoleAttribute {
        key: key.to_owned(),
        values: values.map(str::to_owned).collect(),
    })
}

/// Shows all that a member may do.
pub async fn access(session: &mut Session, name: String) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let asked = async {
        let member = reach.read().find_member(name).await?;
        let access = reach.read().member_access(member.row.id).await?;
        Ok::<_, CliError>((member, access))
    }
    .await;
    let (member, access) = reach.finish(asked).await?;
    session.out.sheet(&access, &sheet(&member, &access))
}

fn sheet(member: &MemberDetail, access: &Access) -> Sheet {
    let mut sheet = Sheet::new();
    let yes = |is: bool| if is { "yes" } else { "no" };
    sheet
        .title(&member.row.name)
        .fact("active", Cell::text(yes(access.active)))
        .fact("may sign in", may_sign_in(&access.sign_in))
        .fact("is admin", Cell::text(yes(access.is_admin)));
    sheet.title("Roles");
    for held in &access.roles {
        let kind = if held.is_base {
            "base role"
        } else {
            "custom role"
        };
        let about = format!("{kind}, {}", held.from);
        let cell = match &held.without_effect {
            Some(why) => Cell::text(format!("{about}: no effect, {why}")).tone(Tone::Dim),
            None => Cell::text(about),
        };
        sheet.fact(format!("  {}", text::printable(&held.role)), cell);
    }
    if !access.attributes.is_empty() {
        sheet.title("Role attributes");
        for attribute in &access.attributes {
            let key = format!("  {}", text::printable(&attribute.key));
            sheet.fact(key, Cell::text(attribute.values.join(", ")));
        }
    }
    sheet
}

fn may_sign_in(sign_in: &SignIn) -> Cell {
    match &sign_in.why_not {
        Some(why) => Cell::text(format!("no: {why}")).tone(Tone::Warn),
        None => Cell::text(format!("yes, by {}", sign_in.signs_in_by.join(" or "))),
    }
}

/// Gives a member roles.
pub async fn set_role(session: &mut Session, verb: SetRoleVerb) -> Result<(), CliError> {
    let edit = MemberEdit {
        role: verb.role.map(|role| match role.as_str() {
            "default" => String::new(),
            _ => role,
        }),
        custom_roles: (verb.no_custom || !verb.custom.is_empty()).then_some(verb.custom),
        role_attributes: (!verb.attribute.is_empty()).then_some(verb.attribute),
        ..MemberEdit::default()
    };
    change(session, verb.member.name, "set the roles of", edit).await
}

/// Changes what a member is called.
pub async fn edit(session: &mut Session, verb: EditVerb) -> Result<(), CliError> {
    let edit = MemberEdit {
        user_name: verb.user_name,
        email: verb.email,
        given_name: verb.given_name,
        family_name: verb.family_name,
        display_name: verb.display_name,
        title: verb.title,
        ..MemberEdit::default()
    };
    change(session, verb.member.name, "edit", edit).await
}

async fn change(
    session: &mut Session,
    name: String,
    what: &str,
    edit: MemberEdit,
) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let changed = async {
        let member = reach.read().find_member(name).await?;
        let edit = MemberEdit {
            if_version: Some(member.version),
            ..edit
        };
        let done = reach.write()?.edit_member(member.row.id, edit).await?;
        Ok::<_, CliError>((done, who(&member)))
    }
    .await;
    let (done, who) = reach.finish(changed).await?;
    written::report(session, &done, &format!("{what} {who}"))
}

/// Removes a member as the policy says.
pub async fn delete(session: &mut Session, name: String) -> Result<(), CliError> {
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
        "Delete {who}? What that means is up to users.on_delete; an identity provider may add them again."
    );
    let reach = confirm(session, reach, "member delete", &question).await?;
    let seen = IfVersion {
        if_version: Some(found.version),
    };
    let deleted =
        async { Ok::<_, CliError>(reach.write()?.delete_member(found.row.id, seen).await?) }.await;
    let done = reach.finish(deleted).await?;
    written::report(session, &done, &format!("delete {who}"))
}

/// Hands a member to the identity provider.
pub async fn link(session: &mut Session, verb: LinkVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let changed = async {
        let member = reach.read().find_member(verb.member.name).await?;
        let link = LinkMember {
            external_id: verb.external_id,
            if_version: Some(member.version),
        };
        let done = reach.write()?.link_member(member.row.id, link).await?;
        Ok::<_, CliError>((done, who(&member)))
    }
    .await;
    let (done, who) = reach.finish(changed).await?;
    written::report(session, &done, &format!("link {who}"))
}

/// Takes a member out of the identity provider's hands.
pub async fn unlink(session: &mut Session, name: String) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let changed = async {
        let member = reach.read().find_member(name).await?;
        let seen = IfVersion {
            if_version: Some(member.version),
        };
        let done = reach.write()?.unlink_member(member.row.id, seen).await?;
        Ok::<_, CliError>((done, who(&member)))
    }
    .await;
    let (done, who) = reach.finish(changed).await?;
    written::report(session, &done, &format!("unlink {who}"))
}

/// Invite a member, or invite them anew.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost member invite ada@example.com
  provost member invite ada@example.com --link      prints the link by which they set a password")]
pub struct InviteVerb {
    #[command(flatten)]
    member: MemberArgument,
    /// Make the link by which they set a first password, and print it, alone, on standard output. It is shown this once.
    #[arg(long)]
    link: bool,
}

/// Invites a member, or invites them anew.
pub async fn invite(session: &mut Session, verb: InviteVerb) -> Result<(), CliError> {
    if verb.link {
        return password_link(session, verb.member.name, PasswordLinkKind::Invitation).await;
    }
    let reach = session.reach_to_write().await?;
    let changed = async {
        let member = reach.read().find_member(verb.member.name).await?;
        let seen = IfVersion {
            if_version: Some(member.version),
        };
        let done = reach.write()?.invite_member(member.row.id, seen).await?;
        Ok::<_, CliError>((done, who(&member)))
    }
    .await;
    let (done, who) = reach.finish(changed).await?;
    written::report(session, &done, &format!("invite {who}"))
}

/// Makes a link by which a member sets a password, and prints it alone, so that a script can hand it on.
pub async fn password_link(
    session: &mut Session,
    name: String,
    kind: PasswordLinkKind,
) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let made = async {
        let member = reach.read().find_member(name).await?;
        let write = reach.write()?;
        let link = match kind {
            PasswordLinkKind::Invitation => write.invite_link(member.row.id).await?,
            PasswordLinkKind::Reset => write.reset_link(member.row.id).await?,
        };
        Ok::<_, CliError>((link, who(&member)))
    }
    .await;
    let (link, who) = reach.finish(made).await?;
    let Some(url) = &link.url else {
        // A preview makes none.
        return written::report(session, &link.done, &format!("make a link for {who}"));
    };
    let mailed = link.mailed_to.as_deref();
    let mailed = mailed.map_or_else(String::new, |to| {
        format!(" and is mailed to {}", text::printable(to))
    });
    note(&format!(
        "the link of {} works once, until {}{mailed}; whoever has it can set their password; it follows and is never shown again",
        text::printable(&who),
        time::full(link.expires)
    ));
    if session.out.form == Form::Json {
        return session.out.document(&link);
    }
    session.out.line(url)
}

/// Makes two members one.
pub async fn merge(session: &mut Session, verb: MergeVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, (survivor, other, keys)) = reach
        .keep(async |read| {
            let survivor = read.find_member(verb.survivor).await?;
            let other = read.find_member(verb.other).await?;
            let keys = ending_with(read, other.row.id).await?;
            Ok((survivor, other, keys))
        })
        .await?;
    warn_of(session, &keys);
    let (stays, goes) = (who(&survivor), who(&other));
    let question = format!(
        "Merge {goes} into {stays}? {goes} is removed; {stays} keeps their id and takes teams, and the keys and roles they lack."
    );
    let reach = confirm(session, reach, "member merge", &question).await?;
    let merge = MergeMember {
        other: other.row.id,
        if_versions: Some((survivor.version, other.version)),
    };
    let merged =
        async { Ok::<_, CliError>(reach.write()?.merge_members(survivor.row.id, merge).await?) }
            .await;
    let done = reach.finish(merged).await?;
    written::report(session, &done, &format!("merge {goes} into {stays}"))
}

/// The purge of members.
const PURGE: Purge = Purge {
    verb: "member purge",
    title: "purge provisioned members",
    kind: ObjectKind::Member,
    goes: "member whom an identity provider provisioned would be removed, for ever",
    go: "members whom identity providers provisioned would be removed, for ever",
    question: "Members kept here, the owner and recovery admins stay. It cannot be undone.",
    changed: "who is provisioned",
};

/// Removes everybody whom identity providers provisioned.
pub async fn purge(session: &mut Session, _: PurgeVerb) -> Result<(), CliError> {
    PURGE
        .run(session, async |write| write.purge_members().await)
        .await
}
