//! Resources as the writer wants them: columns, card and index rows of a member or a team.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use super::failure::Fallible;
use super::indexed::{self, Entry};
use super::ready::json;
use super::unique::{UniqueEntry, UniquePaths};
use super::values::{
    int, kind_number, member_flags, nanos, origin_number, source_number, team_flags,
};
use crate::directory::fold::fold;
use crate::directory::{Member, Team};
use crate::scim::ResourceKind;

/// The columns of one resource, with its card and its index rows.
#[derive(Debug)]
pub struct ReadyResource {
    /// Users or groups.
    pub kind: ResourceKind,
    /// The id.
    pub id: Uuid,
    /// The folded userName or displayName.
    pub uname: String,
    /// The externalId.
    pub ext: Option<String>,
    /// The version.
    pub version: u64,
    /// When it was created.
    pub created: i64,
    /// When it changed.
    pub modified: i64,
    /// When it was soft-deleted.
    pub deleted: Option<i64>,
    /// The number of its origin or source.
    pub origin: i64,
    /// What it is told apart by; see [`member_flags`].
    pub flags: i64,
    /// When a member was invited who has not come in yet.
    pub invited: Option<i64>,
    /// The attributes as JSON text.
    pub doc: String,
    /// Whether it may sign in; false for a team.
    pub active: bool,
    /// Its card.
    pub card: Card,
    /// Its index rows.
    pub entries: BTreeSet<Entry>,
    /// The values that it alone may have.
    pub unique: BTreeSet<UniqueEntry>,
    /// Of a team, what is kept of it beside its attributes.
    pub own: Option<OwnRow>,
}

/// What is kept of a team here.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnRow {
    /// Its key; empty where it has none.
    pub key: String,
    /// All of it, as JSON.
    pub json: String,
}

/// What a list searches and shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Card {
    /// The name to show.
    pub name: String,
    /// `userName` as given; empty for a team.
    pub user_name: String,
    /// The folded name.
    pub sort_key: String,
    /// The other folded texts, separated by line feeds.
    pub text: String,
}

/// A resource before and after.
#[derive(Debug)]
pub struct Update {
    /// As the decision saw it; its document is left empty.
    pub before: ReadyResource,
    /// As it is now.
    pub after: ReadyResource,
    /// A member who is hidden now, whole, as they were: what they can be recognised by when they return.
    pub tombstone: Option<Tombstone>,
}

/// What is left of a removed or hidden object.
#[derive(Debug)]
pub struct Tombstone {
    /// The whole object as JSON.
    pub object: String,
    /// The folded userName; empty for a team.
    pub uname: String,
    /// The externalId of a member.
    pub ext: Option<String>,
    /// The folded e-mail address of a member.
    pub email: Option<String>,
}

/// A resource that goes.
#[derive(Debug)]
pub struct Removal {
    /// As the decision saw it; its document is left empty.
    pub before: ReadyResource,
    /// What is left of it.
    pub tombstone: Tombstone,
}

/// Whether the document is needed. Of a resource as it was, only keys and index rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doc {
    Written,
    LeftOut,
}

/// Makes rows of resources.
pub(super) struct Rows<'u>(pub &'u UniquePaths);

impl Rows<'_> {
    pub fn member(&self, member: &Member, doc: Doc) -> ReadyResource {
        let uname = member.user_name_key();
        let external_id = external_id(member.external_id());
        let name = member.display_name();
        let entries = indexed::entries(&member.attributes);
        let emails = entries
            .iter()
            .filter(|(number, _)| *number == indexed::EMAIL)
            .map(|(_, email)| email.as_str());
        let folded_ext = external_id.as_deref().map(fold);
        let mut text = String::with_capacity(64);
        for part in std::iter::once(uname.as_str())
            .chain(emails)
            .chain(folded_ext.as_deref())
        {
            if !text.split('\n').any(|before| before == part) {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(part);
            }
        }
        ReadyResource {
            kind: ResourceKind::User,
            id: member.id.0,
            card: Card {
                sort_key: fold(&name),
                user_name: member.user_name().to_owned(),
                name,
                text,
            },
            uname,
            ext: external_id,
            version: member.version,
            created: nanos(member.created),
            modified: nanos(member.modified),
            deleted: member.deleted.map(nanos),
            origin: origin_number(member.origin),
            flags: member_flags(member),
            invited: member.invited.map(nanos),
            doc: document(&member.attributes, doc),
            active: member.is_active(),
            entries,
            unique: self.0.entries(ResourceKind::User, &member.attributes),
            own: None,
        }
    }

    pub fn team(&self, team: &Team, doc: Doc) -> ReadyResource {
        let name = team.display_name().to_owned();
        let uname = fold(&name);
        ReadyResource {
            kind: ResourceKind::Group,
            id: team.id.0,
            ext: external_id(team.external_id()),
            version: team.version,
            created: nanos(team.created),
            modified: nanos(team.modified),
            deleted: team.deleted.map(nanos),
            origin: source_number(team.source),
            flags: team_flags(team),
            invited: None,
            doc: document(&team.attributes, doc),
            active: false,
            card: Card {
                sort_key: uname.clone(),
                text: team.external_id().map(fold).unwrap_or_default(),
                user_name: String::new(),
                name,
            },
            uname,
            entries: BTreeSet::new(),
            unique: self.0.entries(ResourceKind::Group, &team.attributes),
            own: Some(OwnRow {
                key: team.own.key.clone(),
                json: serde_json::to_string(&team.own)
                    .expect("texts and ids always have a JSON text"),
            }),
        }
    }
}

pub(super) fn tombstone(before: &Member) -> Fallible<Tombstone> {
    Ok(Tombstone {
        object: json(before)?,
        uname: before.user_name_key(),
        ext: external_id(before.external_id()),
        email: before.email().map(fold),
    })
}

/// Nobody is called nothing: an empty id is not a key.
fn external_id(id: Option<&str>) -> Option<String> {
    id.filter(|id| !id.is_empty()).map(str::to_owned)
}

fn document(attributes: &serde_json::Map<String, Value>, doc: Doc) -> String {
    match doc {
        Doc::LeftOut => String::new(),
        Doc::Written => {
            serde_json::to_string(attributes).expect("a map with text keys always has a JSON text")
        }
    }
}

impl ReadyResource {
    /// The columns of a member as it is, without its unique values.
    pub fn of_member(it: &Member) -> Self {
        Rows(&UniquePaths::default()).member(it, Doc::LeftOut)
    }

    /// The columns of a team as it is, without its unique values.
    pub fn of_team(it: &Team) -> Self {
        Rows(&UniquePaths::default()).team(it, Doc::LeftOut)
    }

    /// The number of its kind.
    pub fn kind_number(&self) -> i64 {
        kind_number(self.kind)
    }

    /// Its version as a column holds it.
    pub fn version_number(&self) -> i64 {
        int(self.version)
    }

    /// What it is called in an error.
    pub fn what(&self) -> String {
        match self.kind {
            ResourceKind::User => format!("member {}", self.id),
            ResourceKind::Group => format!("team {}", self.id),
        }
    }
}
