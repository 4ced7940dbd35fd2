//! Members: created, changed, removed, brought back.

use super::verdict::{Draft, Verdict, expect_version};
use super::{Circumstance, guard, keys};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::{Facts, Rival};
use crate::directory::ids::MemberId;
use crate::directory::member::{Attributes, Member, Origin, PROVOST_USER};
use crate::directory::policy::{
    Clears, GuardSwitch, OnDelete, OnInactive, Password, Policy, PostExisting, UpdateInactive,
    UsernameIsEmail,
};

/// The attributes by which a member is found again.
const KEYS: [&str; 2] = ["userName", "externalId"];

/// A member to be.
pub(super) struct NewMember<'a> {
    pub(super) id: MemberId,
    pub(super) attributes: &'a Attributes,
    pub(super) owner: bool,
}

pub(super) fn create(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    draft: Draft,
    new: &NewMember<'_>,
) -> Verdict {
    let mut after = Member {
        id: new.id,
        attributes: new.attributes.clone(),
        origin: if circumstance.actor.kind == ActorKind::Idp {
            Origin::Scim
        } else {
            Origin::Manual
        },
        owner: new.owner,
        version: 1,
        created: circumstance.now,
        modified: circumstance.now,
        deleted: None,
    };
    if !after.attributes.contains_key("active") {
        // RFC 7643 §4.1.1 leaves the default to the service provider; said aloud, so that filters agree with sign-in.
        after.set_active(true);
    }
    let draft = keys::readable(draft, None, &after.attributes, KEYS)?;
    let mut draft = check_user_name(policy, draft, &after)?;
    if after.role() == Some("owner") && !new.owner {
        draft = refuse_second_owner(policy, draft)?;
    }
    let Some(rival) = facts.rivals.first() else {
        draft.step(TraceStep::passed(
            Stage::Match,
            "no member holds this userName or externalId",
        ));
        return Ok(draft.done(vec![Change::MemberCreated {
            after: Box::new(after),
        }]));
    };
    let (key, value) = if rival.member.is_active() {
        (
            "users.post_existing_active",
            policy.users.post_existing_active,
        )
    } else {
        (
            "users.post_existing_inactive",
            policy.users.post_existing_inactive,
        )
    };
    draft.policy(key, value, "what a POST of a taken key does");
    match value {
        PostExisting::Conflict => Err(taken(draft, rival, &after)),
        PostExisting::Reactivate => {
            let mut revived = rival.member.clone();
            revived.attributes = after.attributes;
            revived.set_active(true);
            // The other rivals hold a different key of the same request: two members cannot become one.
            if let Some(other) = facts
                .rivals
                .iter()
                .find(|other| other.member.id != revived.id)
            {
                return Err(taken(draft, other, &revived));
            }
            Ok(change(draft, circumstance, &rival.member, revived))
        }
    }
}

pub(super) fn update(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    draft: Draft,
    attributes: &Attributes,
    if_version: Option<u64>,
) -> Verdict {
    let (before, mut draft) = found(facts, draft, if_version)?;
    let mut after = before.clone();
    after.attributes.clone_from(attributes);
    let stays_inactive = !before.is_active() && !after.is_active();
    if stays_inactive && before.attributes != after.attributes {
        draft.policy(
            "users.update_inactive",
            policy.users.update_inactive,
            "whether an inactive member may change",
        );
        match policy.users.update_inactive {
            UpdateInactive::Allow => {}
            UpdateInactive::Reject => {
                let what = "Cannot change properties on deactivated members other than 'active'";
                let step = TraceStep::failed(Stage::Policy, what)
                    .comparing("active: true", "active: false");
                return Err(draft.refuse(RefusalKind::Invalid, "INACTIVE", step));
            }
            UpdateInactive::NotFound => return Err(missing(draft)),
        }
    }
    let draft = keys::readable(draft, Some(&before.attributes), &after.attributes, KEYS)?;
    let mut draft = check_user_name(policy, draft, &after)?;
    if let Some(rival) = facts
        .rivals
        .iter()
        .find(|rival| rival.member.id != before.id)
    {
        return Err(taken(draft, rival, &after));
    }
    if after.role() == Some("owner") && !before.owner {
        draft = refuse_second_owner(policy, draft)?;
    }
    let kept_role = guard::owner_keeps_role(policy, &mut draft, before, &mut after);
    if before.is_active() && !after.is_active() {
        draft = guard::owner_stays(policy, draft, before, "Cannot deactivate an owner")?;
        draft = guard::last_admin_stays(policy, facts, draft, before, Some(&after))?;
        draft.policy(
            "users.on_inactive",
            policy.users.on_inactive,
            "what active: false means",
        );
        return Ok(match policy.users.on_inactive {
            OnInactive::Deactivate => {
                deprovision(policy, facts, draft, circumstance, before, after)
            }
            OnInactive::SoftDelete => {
                after.deleted = Some(circumstance.now);
                deprovision(policy, facts, draft, circumstance, before, after)
            }
            OnInactive::Remove => remove(facts, draft, before),
            OnInactive::Ignore => {
                after.set_active(true);
                if after.attributes == before.attributes {
                    draft.ignored("active: false has no effect under this policy")
                } else {
                    change(draft, circumstance, before, after)
                }
            }
        });
    }
    draft = guard::last_admin_stays(policy, facts, draft, before, Some(&after))?;
    if kept_role && after.attributes == before.attributes {
        return Ok(draft.ignored("the owner keeps their role"));
    }
    Ok(change(draft, circumstance, before, after))
}

pub(super) fn delete(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(facts, draft, if_version)?;
    let draft = guard::owner_stays(policy, draft, before, "Cannot delete an owner")?;
    let mut draft = guard::last_admin_stays(policy, facts, draft, before, None)?;
    draft.policy(
        "users.on_delete",
        policy.users.on_delete,
        "what DELETE means",
    );
    let mut after = before.clone();
    Ok(match policy.users.on_delete {
        OnDelete::Remove => remove(facts, draft, before),
        OnDelete::Deactivate => {
            after.set_active(false);
            deprovision(policy, facts, draft, circumstance, before, after)
        }
        OnDelete::SoftDelete => {
            after.set_active(false);
            after.deleted = Some(circumstance.now);
            deprovision(policy, facts, draft, circumstance, before, after)
        }
    })
}

pub(super) fn restore(facts: &Facts, circumstance: &Circumstance<'_>, draft: Draft) -> Verdict {
    let Some(before) = &facts.member else {
        return Err(missing(draft));
    };
    if let Some(rival) = facts
        .rivals
        .iter()
        .find(|rival| rival.member.id != before.id)
    {
        return Err(taken(draft, rival, before));
    }
    if let Some(path) = &facts.taken_value {
        let what = format!("{path} has a value that another member has by now");
        let step = TraceStep::failed(Stage::Match, what);
        return Err(draft.refuse(RefusalKind::Uniqueness, "DUP_USER", step));
    }
    let mut after = before.clone();
    after.deleted = None;
    if !after.is_active() {
        after.set_active(true);
    }
    Ok(change(draft, circumstance, before, after))
}

/// `facts.member` is the member as they are, or none where the same request creates them.
pub(super) fn set_password(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    mut draft: Draft,
    id: MemberId,
    name: &str,
) -> Decision {
    draft.policy(
        "users.password",
        policy.users.password,
        "what a password sent over SCIM does",
    );
    if policy.users.password == Password::Ignore {
        return draft.ignored("the password is not kept");
    }
    let is_owner = facts.member.as_ref().is_some_and(|member| member.owner);
    if is_owner
        && circumstance.actor.kind == ActorKind::Idp
        && policy.guard.owner == GuardSwitch::Immutable
    {
        // Whoever sets the owner's password can sign in as the owner.
        draft.policy(
            "guard.owner",
            policy.guard.owner,
            "whether the owner is out of reach",
        );
        return draft.ignored("the owner's password is theirs alone");
    }
    draft.done(vec![Change::PasswordSet {
        member: id,
        member_name: name.to_owned(),
    }])
}

/// The member the command names, at the version the caller insists on.
fn found(
    facts: &Facts,
    draft: Draft,
    if_version: Option<u64>,
) -> Result<(&Member, Draft), Decision> {
    let Some(member) = facts
        .member
        .as_ref()
        .filter(|member| member.deleted.is_none())
    else {
        return Err(missing(draft));
    };
    Ok((
        member,
        expect_version(draft, "member", member.version, if_version)?,
    ))
}

fn missing(draft: Draft) -> Decision {
    let step = TraceStep::failed(Stage::Match, "there is no member with this id");
    draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step)
}

/// Somebody else holds a key this member wants.
fn taken(draft: Draft, rival: &Rival, wanted: &Member) -> Decision {
    let attribute = rival.attribute;
    let spelled_alike = attribute != "userName" || rival.member.user_name() == wanted.user_name();
    let (code, what) = if !rival.member.is_active() {
        (
            "REACTIVATE",
            format!("{attribute} belongs to an inactive member"),
        )
    } else if spelled_alike {
        ("DUP_USER", format!("{attribute} is already in use"))
    } else {
        (
            "CASE_FOLD",
            format!("{attribute} is already in use, spelled with other letters of the same kind"),
        )
    };
    // For admins alone: the client is told `what`, since whom it concerns is none of its business.
    let (user_name, name) = (rival.member.user_name(), rival.member.display_name());
    let came = if name == user_name {
        format!("held by {user_name}")
    } else {
        format!("held by {name} ({user_name})")
    };
    let step = TraceStep::failed(Stage::Match, what)
        .comparing(format!("a free {attribute}"), came)
        .about(rival.member.id);
    draft.refuse(RefusalKind::Uniqueness, code, step)
}

fn check_user_name(policy: &Policy, mut draft: Draft, member: &Member) -> Result<Draft, Decision> {
    let needs_email = policy.users.username_is_email == UsernameIsEmail::Require;
    if needs_email && !email_address::EmailAddress::is_valid(member.user_name()) {
        draft.policy(
            "users.username_is_email",
            policy.users.username_is_email,
            "whether userName must be an e-mail",
        );
        let step = TraceStep::failed(Stage::Policy, "userName must be an e-mail address");
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    Ok(draft)
}

fn refuse_second_owner(policy: &Policy, mut draft: Draft) -> Result<Draft, Decision> {
    match policy.guard.owner {
        GuardSwitch::Off => Ok(draft),
        GuardSwitch::Immutable => {
            draft.policy(
                "guard.owner",
                policy.guard.owner,
                "nobody becomes owner by a request",
            );
            let step = TraceStep::failed(Stage::Guard, "Cannot create an owner");
            Err(draft.refuse(RefusalKind::Invalid, "OWNER_PROTECTED", step))
        }
    }
}

/// Takes what `users.deprovision_clears` says, then records the change.
fn deprovision(
    policy: &Policy,
    facts: &Facts,
    draft: Draft,
    circumstance: &Circumstance<'_>,
    before: &Member,
    mut after: Member,
) -> Decision {
    let clears = &policy.users.deprovision_clears;
    if clears.contains(&Clears::Roles) {
        after.attributes.remove(PROVOST_USER);
    }
    let mut changes = Vec::new();
    // A hidden member in a visible team would be a name nobody can follow.
    if clears.contains(&Clears::Teams) || after.deleted.is_some() {
        changes.extend(leave_all_teams(facts, before));
    }
    if after.attributes != before.attributes || after.deleted != before.deleted {
        changes.push(updated(circumstance, before, after));
    }
    draft.done(changes)
}

fn remove(facts: &Facts, draft: Draft, before: &Member) -> Decision {
    let mut changes = leave_all_teams(facts, before);
    changes.push(Change::MemberRemoved {
        before: Box::new(before.clone()),
    });
    draft.done(changes)
}

fn leave_all_teams(facts: &Facts, member: &Member) -> Vec<Change> {
    let name = member.display_name();
    facts
        .teams_of_member
        .iter()
        .map(|(team, team_name)| Change::MembershipRemoved {
            team: *team,
            team_name: team_name.clone(),
            member: member.id,
            member_name: name.clone(),
        })
        .collect()
}

/// Records the change, or that there is none.
fn change(
    draft: Draft,
    circumstance: &Circumstance<'_>,
    before: &Member,
    after: Member,
) -> Decision {
    if after.attributes == before.attributes && after.deleted == before.deleted {
        return draft.done(Vec::new());
    }
    draft.done(vec![updated(circumstance, before, after)])
}

fn updated(circumstance: &Circumstance<'_>, before: &Member, mut after: Member) -> Change {
    after.version = before.version + 1;
    after.modified = circumstance.now;
    Change::MemberUpdated {
        before: Box::new(before.clone()),
        after: Box::new(after),
    }
}
