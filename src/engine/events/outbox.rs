//! From a decision to the events that tell of it (RFC 9967 §2.3 to §2.5).
//!
//! Events tell what changed and not what was asked for: the policy may have done something else, and an admin's command
//! has no request at all. All changes of one resource in one decision are one event (§2.1).

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::Engine;
use super::super::provision::manager::{Managers, complete};
use crate::directory::{
    Attributes, Change, Decision, Facts, Member, MemberId, Stream, StreamId, Team, TeamId,
};
use crate::scim::ResourceKind;
use crate::scim::events::{
    Event, EventForm, EventKind, EventSubject, Occurrence, differences, operations,
};
use crate::store::{Document, Link, NewEvent, Outbox, StoreError};

/// What is told of one resource is no larger than this; what is larger becomes a notice, as RFC 9967 §5 advises for large
/// groups.
const LARGEST: usize = 256 * 1_024;
/// So many members more or less are told one by one.
const MOST_MEMBERS: usize = 2_000;

/// How a change was asked for, as far as events tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// SCIM PUT.
    Put,
    /// Anything else.
    Other,
}

/// One team while its changes are gathered.
#[derive(Default)]
struct TeamStory<'a> {
    created: Option<&'a Team>,
    updated: Option<(&'a Team, &'a Team)>,
    removed: Option<&'a Team>,
    joined: Vec<(MemberId, &'a str)>,
    left: Vec<(MemberId, &'a str)>,
}

impl TeamStory<'_> {
    /// Whether all that changed is what SCIM does not show.
    fn is_kept_here(&self) -> bool {
        let is_silent = |(was, is): (&Team, &Team)| {
            was.attributes == is.attributes && was.deleted == is.deleted
        };
        self.updated.is_some_and(is_silent)
            && self.created.is_none()
            && self.joined.is_empty()
            && self.left.is_empty()
    }
}

/// What all events of a decision are made with.
struct Teller<'a> {
    engine: &'a Engine,
    streams: &'a [Stream],
    facts: &'a Facts,
    verb: Verb,
    base_url: String,
    /// The managers of those who change, as resources show them.
    managers: Managers,
}

impl Engine {
    /// The events of a decision. Empty, at no cost, where there is no stream.
    pub(in crate::engine) async fn outbox(
        &self,
        verb: Verb,
        facts: &Facts,
        decision: &Decision,
    ) -> Result<Outbox, StoreError> {
        let streams = self.events.streams();
        if streams.is_empty() || decision.changes.is_empty() {
            return Ok(Outbox::default());
        }
        let managers = self.managers_in(&decision.changes).await?;
        let teller = Teller {
            engine: self,
            streams: &streams,
            facts,
            verb,
            base_url: self.scim_base_url(),
            managers,
        };
        Ok(Outbox {
            txn: Uuid::now_v7().simple().to_string(),
            events: teller.tell(&decision.changes),
            limit: self.events.limits().queue,
            ..Outbox::default()
        })
    }
}

impl Teller<'_> {
    fn tell(&self, changes: &[Change]) -> Vec<NewEvent> {
        let mut events = Vec::new();
        let mut teams: Vec<(TeamId, TeamStory<'_>)> = Vec::new();
        for change in changes {
            match change {
                Change::MemberCreated { after } => self.member(None, Some(after), &mut events),
                Change::MemberUpdated { before, after } => {
                    self.member(Some(before), Some(after), &mut events);
                }
                Change::MemberRemoved { before } => self.member(Some(before), None, &mut events),
                Change::TeamCreated { after } => story(&mut teams, after.id).created = Some(after),
                Change::TeamUpdated { before, after } => {
                    story(&mut teams, after.id).updated = Some((before, after));
                }
                Change::TeamRemoved { before } => {
                    story(&mut teams, before.id).removed = Some(before);
                }
                Change::MembershipAdded {
                    team,
                    member,
                    member_name,
                    ..
                } => story(&mut teams, *team).joined.push((*member, member_name)),
                Change::MembershipRemoved {
                    team,
                    member,
                    member_name,
                    ..
                } => story(&mut teams, *team).left.push((*member, member_name)),
                Change::PasswordSet { .. }
                | Change::RoleUnmatched { .. }
                | Change::MemberSucceeded { .. }
                | Change::ScimUsersDeleted { .. }
                | Change::ScimGroupsDeleted { .. }
                | Change::MemberParked { .. }
                | Change::MemberUnparked { .. }
                | Change::TokenIssued { .. }
                | Change::TokenRevoked { .. }
                | Change::TokenRotated { .. }
                | Change::ClientCreated { .. }
                | Change::ClientRotated { .. }
                | Change::ConsentGiven { .. }
                | Change::ConsentUsed { .. }
                | Change::ConsentRevoked { .. }
                | Change::ClientRevoked { .. }
                | Change::AccessTokenIssued { .. }
                | Change::StreamCreated { .. }
                | Change::StreamUpdated { .. }
                | Change::StreamRemoved { .. }
                | Change::SettingsChanged { .. }
                | Change::IncidentOpened { .. }
                | Change::IncidentTended { .. }
                | Change::RecoveryProven { .. }
                | Change::RecoveryCodesMade { .. }
                | Change::RecoveryCodeUsed { .. }
                | Change::PasswordLinkMade { .. }
                | Change::SigningKeyAdded { .. } => {}
            }
        }
        for (id, team) in &teams {
            self.team(*id, team, &mut events);
            self.feeds(*id, team, changes, &mut events);
        }
        events
    }

    fn member(&self, before: Option<&Member>, after: Option<&Member>, events: &mut Vec<NewEvent>) {
        let was = before.filter(|member| member.deleted.is_none());
        let is = after.filter(|member| member.deleted.is_none());
        let Some(named) = is.or(was) else { return };
        let occurrences = match (was, is) {
            // Who comes back after a removal was told to be gone, and is told anew.
            (None, Some(member)) => {
                let empty = Map::new();
                vec![Occurrence {
                    kind: EventKind::Create,
                    data: self.whole_member(member),
                    attributes: paths(&empty, &member.attributes),
                }]
            }
            (Some(_), None) => vec![Occurrence::of(EventKind::Delete)],
            (Some(was), Some(is)) => self.member_changed(was, is),
            (None, None) => return,
        };
        let in_team = |team: TeamId| {
            self.facts.member.as_ref().map(|it| it.id) == Some(named.id)
                && self.facts.teams_of_member.iter().any(|(id, _)| *id == team)
        };
        self.push(
            NewEvent {
                event: Event {
                    subject: EventSubject::new(ResourceKind::User, named.id, named.external_id()),
                    occurrences,
                },
                resource: is.map(|member| member.id.0),
                streams: Vec::new(),
            },
            |stream| stream.team.is_none_or(in_team),
            events,
        );
    }

    fn member_changed(&self, was: &Member, is: &Member) -> Vec<Occurrence> {
        let found = differences(&was.attributes, &is.attributes);
        let attributes = found.iter().map(|it| it.path.clone()).collect();
        let mut occurrences = vec![match self.verb {
            Verb::Put => Occurrence {
                kind: EventKind::Put,
                data: self.whole_member(is),
                attributes,
            },
            Verb::Other => Occurrence {
                kind: EventKind::Patch,
                data: self.fitting(|| {
                    let (was, is) = (self.completed(was), self.completed(is));
                    patch_op(&operations(&differences(&was, &is)))
                }),
                attributes,
            },
        }];
        match (was.is_active(), is.is_active()) {
            (true, false) => occurrences.push(Occurrence::of(EventKind::Deactivate)),
            (false, true) => occurrences.push(Occurrence::of(EventKind::Activate)),
            _ => {}
        }
        occurrences
    }

    fn team(&self, id: TeamId, story: &TeamStory<'_>, events: &mut Vec<NewEvent>) {
        if story.is_kept_here() {
            return;
        }
        let known = self.facts.team.as_ref().filter(|team| team.id == id);
        let (was, is) = match story.updated {
            Some((before, after)) => (Some(before), Some(after)),
            None => (story.removed.or(known), story.created.or(known)),
        };
        let gone = story.removed.is_some()
            || story
                .updated
                .is_some_and(|(was, is)| was.deleted.is_none() && is.deleted.is_some());
        let back = story.created.is_some()
            || story
                .updated
                .is_some_and(|(was, is)| was.deleted.is_some() && is.deleted.is_none());
        let occurrence = if gone {
            Occurrence::of(EventKind::Delete)
        } else if back {
            self.team_as_a_whole(EventKind::Create, None, is, story)
        } else if self.verb == Verb::Put && known.is_some() {
            self.team_as_a_whole(EventKind::Put, was, is, story)
        } else {
            self.team_changed(story)
        };
        let external_id = is.or(was).and_then(Team::external_id);
        self.push(
            NewEvent {
                event: Event {
                    subject: EventSubject::new(ResourceKind::Group, id, external_id),
                    occurrences: vec![occurrence],
                },
                resource: (!gone).then_some(id.0),
                streams: Vec::new(),
            },
            |stream| stream.team.is_none_or(|team| team == id),
            events,
        );
    }

    fn team_as_a_whole(
        &self,
        kind: EventKind,
        was: Option<&Team>,
        is: Option<&Team>,
        story: &TeamStory<'_>,
    ) -> Occurrence {
        let empty = Map::new();
        let before = was.map_or(&empty, |team| &team.attributes);
        let after = is.map_or(&empty, |team| &team.attributes);
        let mut attributes = paths(before, after);
        if !story.joined.is_empty() || !story.left.is_empty() {
            attributes.push("members".into());
        }
        let data = is.and_then(|team| self.whole_team(team, story));
        Occurrence {
            kind,
            data,
            attributes,
        }
    }

    fn team_changed(&self, story: &TeamStory<'_>) -> Occurrence {
        let found = story
            .updated
            .map(|(was, is)| differences(&was.attributes, &is.attributes))
            .unwrap_or_default();
        let mut attributes: Vec<String> = found.iter().map(|it| it.path.clone()).collect();
        let moved = story.joined.len() + story.left.len();
        if moved > 0 {
            attributes.push("members".into());
        }
        let data = if moved > MOST_MEMBERS {
            None
        } else {
            self.fitting(|| {
                let mut all = operations(&found);
                all.extend(story.left.iter().map(|(member, _)| {
                    json!({ "op": "remove", "path": format!("members[value eq \"{member}\"]") })
                }));
                if !story.joined.is_empty() {
                    let joined: Vec<Value> = story
                        .joined
                        .iter()
                        .map(|(member, name)| json!({ "value": member, "display": name }))
                        .collect();
                    all.push(json!({ "op": "add", "path": "members", "value": joined }));
                }
                patch_op(&all)
            })
        };
        Occurrence {
            kind: EventKind::Patch,
            data,
            attributes,
        }
    }

    /// Who joins or leaves the team a stream is about comes into its feed or leaves it (§2.3).
    fn feeds(
        &self,
        team: TeamId,
        story: &TeamStory<'_>,
        changes: &[Change],
        events: &mut Vec<NewEvent>,
    ) {
        if !self.streams.iter().any(|stream| stream.team == Some(team)) {
            return;
        }
        // §2.4.4: what is deleted leaves the feed without a further word.
        let is_deleted = |id: MemberId| {
            changes.iter().any(|change| match change {
                Change::MemberRemoved { before } => before.id == id,
                Change::MemberUpdated { after, .. } => after.id == id && after.deleted.is_some(),
                _ => false,
            })
        };
        let joined = story.joined.iter().map(|it| (EventKind::FeedAdd, it.0));
        let left = story
            .left
            .iter()
            .map(|it| (EventKind::FeedRemove, it.0))
            .filter(|(_, id)| !is_deleted(*id));
        for (kind, id) in left.chain(joined) {
            let known = self.facts.member.as_ref().filter(|member| member.id == id);
            self.push(
                NewEvent {
                    event: Event {
                        subject: EventSubject::new(
                            ResourceKind::User,
                            id,
                            known.and_then(Member::external_id),
                        ),
                        occurrences: vec![Occurrence::of(kind)],
                    },
                    resource: None,
                    streams: Vec::new(),
                },
                |stream| stream.team == Some(team),
                events,
            );
        }
    }

    /// Keeps an event if anybody is to hear of it, and its values only if somebody may hear those.
    fn push(
        &self,
        mut new: NewEvent,
        is_about: impl Fn(&Stream) -> bool,
        events: &mut Vec<NewEvent>,
    ) {
        let hearers: Vec<&Stream> = self
            .streams
            .iter()
            .filter(|stream| {
                let mut told = new.event.occurrences.iter();
                told.any(|occurrence| stream.carries(occurrence.kind)) && is_about(stream)
            })
            .collect();
        if hearers.is_empty() {
            return;
        }
        if hearers
            .iter()
            .all(|stream| stream.form == EventForm::Notice)
        {
            for occurrence in &mut new.event.occurrences {
                occurrence.data = None;
            }
        }
        new.streams = hearers
            .iter()
            .map(|stream| stream.id)
            .collect::<Vec<StreamId>>();
        events.push(new);
    }

    /// A member's attributes as the resource shows them, so that who applies one change after the other comes to it.
    fn completed(&self, member: &Member) -> Attributes {
        let mut attributes = member.attributes.clone();
        complete(&mut attributes, &self.managers, &self.base_url);
        attributes
    }

    fn whole_member(&self, member: &Member) -> Option<Value> {
        let teams = self.facts.teams_of_member.iter();
        let links = teams.map(|(id, name)| link(id.0, name)).collect();
        self.fitting(|| {
            self.rendered(
                ResourceKind::User,
                &Document {
                    id: member.id.0,
                    version: member.version,
                    created: member.created,
                    modified: member.modified,
                    attributes: text(&member.attributes),
                    links: Some(links),
                    is_released: false,
                },
            )
        })
    }

    /// A team with its members; only where all of them are known, which they are after a POST or a PUT.
    fn whole_team(&self, team: &Team, story: &TeamStory<'_>) -> Option<Value> {
        let mut members = self.facts.current_members.clone();
        for (id, name) in &story.joined {
            members.insert(*id, (*name).to_owned());
        }
        for (id, _) in &story.left {
            members.remove(id);
        }
        if members.len() > MOST_MEMBERS {
            return None;
        }
        let counted = story.updated.is_some() || story.created.is_some();
        self.fitting(|| {
            self.rendered(
                ResourceKind::Group,
                &Document {
                    id: team.id.0,
                    // A membership change alone counts the version up, too.
                    version: team.version + u64::from(!counted),
                    created: team.created,
                    modified: team.modified,
                    attributes: text(&team.attributes),
                    links: Some(members.iter().map(|(id, name)| link(id.0, name)).collect()),
                    is_released: false,
                },
            )
        })
    }

    fn rendered(&self, kind: ResourceKind, document: &Document) -> Value {
        let text = self
            .engine
            .render_known(kind, document, &self.base_url, &self.managers);
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// The value, if anybody may hear it and it is not too large.
    fn fitting(&self, value: impl FnOnce() -> Value) -> Option<Value> {
        if self.streams.iter().all(|it| it.form == EventForm::Notice) {
            return None;
        }
        let value = value();
        (value.to_string().len() <= LARGEST).then_some(value)
    }
}

fn story<'s, 'a>(teams: &'s mut Vec<(TeamId, TeamStory<'a>)>, id: TeamId) -> &'s mut TeamStory<'a> {
    let at = teams.iter().position(|(known, _)| *known == id);
    let at = at.unwrap_or_else(|| {
        teams.push((id, TeamStory::default()));
        teams.len() - 1
    });
    &mut teams
        .get_mut(at)
        .expect("the place was found or made just now")
        .1
}

fn patch_op(operations: &[Value]) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

fn paths(before: &Attributes, after: &Attributes) -> Vec<String> {
    differences(before, after)
        .into_iter()
        .map(|difference| difference.path)
        .collect()
}

fn link(id: Uuid, name: &str) -> Link {
    Link {
        id,
        display: name.to_owned(),
    }
}

fn text(attributes: &Attributes) -> String {
    serde_json::to_string(attributes).expect("a JSON object is always JSON text")
}
