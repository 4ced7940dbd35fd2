//! A member comes to be, or turns out to be there already.

use serde_json::Value;

use super::{Extent, KEYS, Request, change, keys, length, roles, taken, updated};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decide::guard;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::{Facts, Former, Rival};
use crate::directory::ids::MemberId;
use crate::directory::member::{Attributes, Management, Member, Origin};
use crate::directory::policy::{
    KeyCase, MatchKey, Policy, PostExisting, PostExistingInactive, Preexisting, UsernameIsEmail,
};

/// A member to be.
pub(in crate::directory::decide) struct NewMember<'a> {
    pub(in crate::directory::decide) id: MemberId,
    pub(in crate::directory::decide) attributes: &'a Attributes,
    pub(in crate::directory::decide) owner: bool,
}

pub(in crate::directory::decide) fn create(
    request: &Request<'_>,
    draft: Draft,
    new: &NewMember<'_>,
) -> Verdict {
    let after = newcomer(request, new);
    let draft = check_user_name(request, draft, &after)?;
    let draft = keys::readable(draft, None, &after.attributes, KEYS)?;
    match recognised(request.policy, request.facts) {
        Some(rival) if !rival.member.is_active() => of_inactive(request, draft, rival, after),
        Some(rival) => of_active(request, draft, rival, after),
        None => match &request.facts.former {
            Some(former) => of_former(request, draft, former, after),
            None => of_nobody(request, draft, after),
        },
    }
}

fn newcomer(request: &Request<'_>, new: &NewMember<'_>) -> Member {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    let mut after = Member {
        id: new.id,
        attributes: new.attributes.clone(),
        origin: match request.circumstance.actor.kind {
            ActorKind::Idp => Origin::Scim,
            ActorKind::SignIn => Origin::Jit,
            ActorKind::Admin | ActorKind::System | ActorKind::Recovery => Origin::Manual,
        },
        management: if is_pushed {
            Management::Provisioned
        } else {
            Management::Local
        },
        owner: new.owner,
        recovery: false,
        invited: None,
        version: 1,
        created: request.circumstance.now,
        modified: request.circumstance.now,
        deleted: None,
    };
    settle_case(request, &mut after);
    if !after.attributes.contains_key("active") {
        // RFC 7643 §4.1.1 leaves the default to the service provider; said aloud, so that filters agree with sign-in.
        after.set_active(true);
    }
    after
}

/// Whoever holds a key that the newcomer wants: first by the keys that recognise somebody, then by those that are
/// nobody else's.
pub fn recognised<'a>(policy: &Policy, facts: &'a Facts) -> Option<&'a Rival> {
    let by = |attribute: &str| {
        let mut rivals = facts.rivals.iter();
        rivals.find(|rival| rival.attribute == attribute)
    };
    let found = policy.users.r#match.iter().find_map(|key| {
        by(match key {
            MatchKey::ExternalId => "externalId",
            MatchKey::UserName => "userName",
            MatchKey::Email => "emails",
        })
    });
    found
        .or_else(|| by("userName"))
        .or_else(|| by("externalId"))
}

fn of_nobody(request: &Request<'_>, mut draft: Draft, mut after: Member) -> Verdict {
    draft.step(TraceStep::passed(
        Stage::Match,
        "no member holds this userName or externalId",
    ));
    // A role that is left out is more worth telling than an invitation.
    invite(request, &mut draft, &mut after);
    draft = roles::settle(request, draft, None, &mut after, Extent::Whole)?;
    Ok(draft.done(vec![Change::MemberCreated {
        after: Box::new(after),
    }]))
}

/// Invites a newcomer where the policy does so. The owner is here already, and so is whoever signs in.
fn invite(request: &Request<'_>, draft: &mut Draft, after: &mut Member) {
    let ttl = request.policy.users.invite_ttl;
    let signs_in = request.circumstance.actor.kind == ActorKind::SignIn;
    if ttl.0.is_none() || after.owner || signs_in || !after.is_active() {
        return;
    }
    draft.policy(
        "users.invite_ttl",
        ttl,
        "how long the link in an invitation works",
    );
    after.invited = Some(request.circumstance.now);
}

/// Nobody here holds the keys, and somebody did who has lost their access since.
fn of_former(
    request: &Request<'_>,
    mut draft: Draft,
    former: &Former,
    mut after: Member,
) -> Verdict {
    let value = request.policy.users.post_existing_inactive;
    let gone = if former.hidden.is_some() {
        "hidden"
    } else {
        "removed"
    };
    let name = former.member.user_name();
    let what = format!("no member holds this userName or externalId; {name} did, who is {gone}");
    draft.step(TraceStep::noted(Stage::Match, what).about(former.member.id));
    draft.policy(
        "users.post_existing_inactive",
        value,
        "what creating a user does who was a member before",
    );
    match (value, &former.hidden) {
        (PostExistingInactive::New, _) => {
            draft = roles::settle(request, draft, None, &mut after, Extent::Whole)?;
            invite(request, &mut draft, &mut after);
            let succeeded = succeeds(former.member.id, &after);
            let created = Change::MemberCreated {
                after: Box::new(after),
            };
            Ok(draft.done(vec![created, succeeded]))
        }
        (PostExistingInactive::Reactivate, Some(hidden)) => {
            let mut revived = hidden.clone();
            revived.attributes = after.attributes;
            revived.deleted = None;
            revived.set_active(true);
            let draft = guard::recovery_stays(request, draft, hidden)?;
            let before = Some(&former.member);
            let draft = roles::settle(request, draft, before, &mut revived, Extent::Whole)?;
            link(request, &mut revived);
            Ok(change(request, draft, hidden, revived))
        }
        (PostExistingInactive::Attach, Some(hidden)) => {
            let mut attached = hidden.clone();
            attached.attributes = after.attributes;
            attached.deleted = None;
            attached.set_active(true);
            let draft = guard::recovery_stays(request, draft, hidden)?;
            link(request, &mut attached);
            roles::clear(&mut attached);
            Ok(change(request, draft, hidden, attached))
        }
        (PostExistingInactive::Attach, None) => {
            // The same id, so that whoever remembers it finds them again; nothing else is as it was.
            after.id = former.member.id;
            after.created = former.member.created;
            after.version = former.member.version + 1;
            roles::clear(&mut after);
            Ok(draft.done(vec![Change::MemberCreated {
                after: Box::new(after),
            }]))
        }
        (PostExistingInactive::Reactivate | PostExistingInactive::Conflict, _) => {
            of_nobody(request, draft, after)
        }
    }
}

fn succeeds(former: MemberId, member: &Member) -> Change {
    Change::MemberSucceeded {
        former,
        member: member.id,
        member_name: member.user_name().to_owned(),
    }
}

fn of_active(request: &Request<'_>, mut draft: Draft, rival: &Rival, after: Member) -> Verdict {
    let value = request.policy.users.post_existing_active;
    draft.policy(
        "users.post_existing_active",
        value,
        "what creating a user does who is an active member",
    );
    let is_managed = rival.member.management != Management::Local;
    match value {
        PostExisting::Conflict => Err(taken(draft, rival, &after)),
        PostExisting::AdoptIfUnmanaged if is_managed => Err(taken(draft, rival, &after)),
        PostExisting::Adopt | PostExisting::AdoptIfUnmanaged => {
            take_over(request, draft, rival, after.attributes)
        }
        PostExisting::Attach => {
            let mut attached = rival.member.clone();
            link(request, &mut attached);
            if let (None, Some(external_id)) =
                (attached.external_id(), after.attributes.get("externalId"))
            {
                let external_id = external_id.clone();
                attached.attributes.insert("externalId".into(), external_id);
            }
            Ok(change(request, draft, &rival.member, attached))
        }
    }
}

fn of_inactive(request: &Request<'_>, mut draft: Draft, rival: &Rival, after: Member) -> Verdict {
    let value = request.policy.users.post_existing_inactive;
    draft.policy(
        "users.post_existing_inactive",
        value,
        "what creating a user does who is an inactive member",
    );
    match value {
        PostExistingInactive::Conflict => Err(taken(draft, rival, &after)),
        PostExistingInactive::Reactivate => take_over(request, draft, rival, after.attributes),
        PostExistingInactive::Attach => {
            let draft = sole_rival(request, draft, rival, &after)?;
            let mut attached = rival.member.clone();
            attached.set_active(true);
            link(request, &mut attached);
            roles::clear(&mut attached);
            let mut changes = super::leave_all_teams(request.facts, &rival.member);
            changes.push(updated(request, &rival.member, attached));
            Ok(draft.done(changes))
        }
        PostExistingInactive::New => {
            let mut draft = sole_rival(request, draft, rival, &after)?;
            let mut former = rival.member.clone();
            former.deleted = Some(request.circumstance.now);
            former.give_up_keys();
            let mut after = after;
            draft = roles::settle(request, draft, None, &mut after, Extent::Whole)?;
            let mut changes = super::leave_all_teams(request.facts, &rival.member);
            changes.push(updated(request, &rival.member, former));
            let succeeded = succeeds(rival.member.id, &after);
            changes.push(Change::MemberCreated {
                after: Box::new(after),
            });
            changes.push(succeeded);
            Ok(draft.done(changes))
        }
    }
}

/// The member takes the attributes of the request, is active, and is the identity provider's.
fn take_over(
    request: &Request<'_>,
    draft: Draft,
    rival: &Rival,
    attributes: Attributes,
) -> Verdict {
    let mut revived = rival.member.clone();
    revived.attributes = attributes;
    revived.set_active(true);
    let draft = guard::recovery_stays(request, draft, &rival.member)?;
    let mut draft = sole_rival(request, draft, rival, &revived)?;
    draft = roles::settle(
        request,
        draft,
        Some(&rival.member),
        &mut revived,
        Extent::Whole,
    )?;
    guard::owner_keeps_role(request, &mut draft, &rival.member, &mut revived);
    guard::owner_keeps_identity(request, &mut draft, &rival.member, &mut revived);
    link(request, &mut revived);
    Ok(change(request, draft, &rival.member, revived))
}

/// Refuses where the other rivals are somebody else: two members cannot become one.
fn sole_rival(
    request: &Request<'_>,
    draft: Draft,
    rival: &Rival,
    wanted: &Member,
) -> Result<Draft, Decision> {
    let mut others = request.facts.rivals.iter();
    match others.find(|other| other.attribute != "emails" && other.member.id != rival.member.id) {
        Some(other) => Err(taken(draft, other, wanted)),
        None => Ok(draft),
    }
}

/// From now on an identity provider provisions the member, if one is asking.
pub(super) fn link(request: &Request<'_>, member: &mut Member) {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    if is_pushed && member.management == Management::Local {
        member.management = match request.policy.users.preexisting {
            Preexisting::Protect => Management::Linked,
            Preexisting::Adopt => Management::Provisioned,
        };
    }
}

/// Keeps userName and e-mail addresses in lower case, where the policy says so. What an admin types stays as it is.
pub(super) fn settle_case(request: &Request<'_>, member: &mut Member) {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    if request.policy.users.case != KeyCase::Lower || !is_pushed {
        return;
    }
    let lower = |value: &mut Value| {
        if let Value::String(text) = value {
            *text = text.trim().to_lowercase();
        }
    };
    if let Some(name) = member.attributes.get_mut("userName") {
        lower(name);
    }
    if let Some(Value::Array(emails)) = member.attributes.get_mut("emails") {
        let addresses = emails.iter_mut().filter_map(|email| email.get_mut("value"));
        addresses.for_each(lower);
    }
}

pub(super) fn check_user_name(
    request: &Request<'_>,
    draft: Draft,
    member: &Member,
) -> Result<Draft, Decision> {
    let mut draft = length::check(request, draft, member)?;
    let value = request.policy.users.username_is_email;
    if value == UsernameIsEmail::Any || email_address::EmailAddress::is_valid(member.user_name()) {
        return Ok(draft);
    }
    draft.policy(
        "users.username_is_email",
        value,
        "whether userName must be an e-mail address",
    );
    let step = TraceStep::failed(Stage::Policy, "userName must be an e-mail address");
    Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step))
}
