//! A member comes to be, or turns out to be there already.

use super::{Extent, KEYS, Request, change, keys, roles, taken, updated};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decide::guard;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::{Facts, Rival};
use crate::directory::ids::MemberId;
use crate::directory::member::{Attributes, Management, Member, Origin};
use crate::directory::policy::{
    MatchKey, Policy, PostExisting, PostExistingInactive, Preexisting, UsernameIsEmail,
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
        None => of_nobody(request, draft, after),
    }
}

fn newcomer(request: &Request<'_>, new: &NewMember<'_>) -> Member {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    let mut after = Member {
        id: new.id,
        attributes: new.attributes.clone(),
        origin: if is_pushed {
            Origin::Scim
        } else {
            Origin::Manual
        },
        management: if is_pushed {
            Management::Provisioned
        } else {
            Management::Local
        },
        owner: new.owner,
        recovery: false,
        version: 1,
        created: request.circumstance.now,
        modified: request.circumstance.now,
        deleted: None,
    };
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
    draft = roles::settle(request, draft, None, &mut after, Extent::Whole)?;
    Ok(draft.done(vec![Change::MemberCreated {
        after: Box::new(after),
    }]))
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
            let mut after = after;
            draft = roles::settle(request, draft, None, &mut after, Extent::Whole)?;
            let mut changes = super::leave_all_teams(request.facts, &rival.member);
            changes.push(updated(request, &rival.member, former));
            changes.push(Change::MemberCreated {
                after: Box::new(after),
            });
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

pub(super) fn check_user_name(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
) -> Result<Draft, Decision> {
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
