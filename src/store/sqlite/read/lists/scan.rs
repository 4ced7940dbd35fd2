//! Lists that are narrowed: over the few rows an index names where a word has one, else over all cards.
//!
//! Cards are narrow, so that a million of them are looked at in a moment. Counting stops once it says enough.

use std::collections::BTreeSet;

use memchr::memmem::Finder;
use rusqlite::{CachedStatement, Connection, Row, params};
use uuid::Uuid;

use super::narrow::Narrowing;
use super::roles::Holders;
use crate::directory::policy::Roles;
use crate::scim::ResourceKind;
use crate::store::rows::{Listing, Sort, Total};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::indexed;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{kind_number, text_bytes, uuid};

/// Matches are counted and sorted up to this many.
const BUDGET: usize = 20_000;
/// A fragment of an id is looked for from this length on.
const ID_FRAGMENT: usize = 4;

/// A card that matches.
struct Hit {
    seq: i64,
    sort_key: String,
}

/// The sequence numbers of a page, and how many match in all. Members have roles, and teams none.
pub fn page(
    connection: &Connection,
    kind: ResourceKind,
    (narrowing, roles): (&Narrowing, Option<&Roles>),
    listing: &Listing,
    limit: u32,
) -> Fallible<(Vec<i64>, Total)> {
    let nothing = (Vec::new(), Total::Exact(0));
    if narrowing.impossible {
        return Ok(nothing);
    }
    let offset = usize::try_from(listing.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let enough = offset.saturating_add(limit).saturating_add(BUDGET);
    let role = match (&narrowing.role, roles) {
        (Some(role), Some(roles)) => Some(Holders::of(connection, roles, role)?),
        _ => None,
    };
    let test = Test::new(narrowing, role);
    let candidates = candidates(connection, kind, narrowing, test.role.as_ref())?;
    let (mut hits, whole) = match &candidates {
        Some(seqs) => among(connection, &test, seqs, enough)?,
        None => everywhere(connection, kind, &test, enough)?,
    };
    let total = if whole {
        Total::Exact(hits.len() as u64)
    } else {
        Total::AtLeast(hits.len() as u64)
    };
    match listing.sort {
        Sort::Created => {}
        Sort::Name | Sort::Modified if !whole => {
            let seqs = in_order(
                connection,
                kind,
                &test,
                candidates.as_ref(),
                listing.sort,
                (offset, limit),
            )?;
            return Ok((seqs, total));
        }
        Sort::Name => hits.sort_by(|a, b| (&a.sort_key, a.seq).cmp(&(&b.sort_key, b.seq))),
        Sort::Modified => {
            let mut modified = connection.statement(Statement::ModifiedBySeq)?;
            let mut keyed = Vec::with_capacity(hits.len());
            for hit in hits {
                let at: i64 = modified.query_row([hit.seq], |row| row.get(0))?;
                keyed.push((std::cmp::Reverse((at, hit.seq)), hit));
            }
            keyed.sort_by_key(|(key, _)| *key);
            hits = keyed.into_iter().map(|(_, hit)| hit).collect();
        }
    }
    let seqs = hits.iter().skip(offset).take(limit).map(|hit| hit.seq);
    Ok((seqs.collect(), total))
}

/// What a card must be like.
struct Test<'n> {
    finder: Option<Finder<'n>>,
    id_fragment: Option<Finder<'n>>,
    active: Option<bool>,
    origin: Option<i64>,
    role: Option<Holders<'n>>,
}

impl<'n> Test<'n> {
    fn new(narrowing: &'n Narrowing, role: Option<Holders<'n>>) -> Self {
        let text = narrowing.text.as_bytes();
        let could_be_id = text.len() >= ID_FRAGMENT
            && text
                .iter()
                .all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
        Self {
            finder: (!text.is_empty()).then(|| Finder::new(text)),
            id_fragment: could_be_id.then(|| Finder::new(text)),
            active: narrowing.active,
            origin: narrowing.source,
            role,
        }
    }

    /// Whether the card in a row (`seq, active, origin, sort_key, text, id`) passes.
    fn passes(&self, row: &Row<'_>) -> Fallible<bool> {
        if let Some(active) = self.active
            && row.get::<_, bool>(1)? != active
        {
            return Ok(false);
        }
        if let Some(origin) = self.origin
            && row.get::<_, i64>(2)? != origin
        {
            return Ok(false);
        }
        let Some(finder) = &self.finder else {
            return Ok(true);
        };
        if finder.find(text_bytes(row, 3)?).is_some() || finder.find(text_bytes(row, 4)?).is_some()
        {
            return Ok(true);
        }
        let Some(fragment) = &self.id_fragment else {
            return Ok(false);
        };
        let mut buffer = Uuid::encode_buffer();
        let id = uuid(row, 5)?.hyphenated().encode_lower(&mut buffer);
        Ok(fragment.find(id.as_bytes()).is_some())
    }

    fn hit(&self, row: &Row<'_>) -> Fallible<Option<Hit>> {
        if !self.passes(row)? {
            return Ok(None);
        }
        let seq = row.get(0)?;
        if let Some(role) = &self.role
            && !role.has(seq)?
        {
            return Ok(None);
        }
        let sort_key = row.get(3)?;
        Ok(Some(Hit { seq, sort_key }))
    }

    fn hit_at(&self, card: &mut CachedStatement<'_>, seq: i64) -> Fallible<Option<Hit>> {
        let mut rows = card.query([seq])?;
        rows.next()?.map_or(Ok(None), |row| self.hit(row))
    }
}

/// The only rows that can match, where a word of the filter has an index; `None` where all can.
fn candidates(
    connection: &Connection,
    kind: ResourceKind,
    narrowing: &Narrowing,
    role: Option<&Holders<'_>>,
) -> Fallible<Option<BTreeSet<i64>>> {
    let mut sets = Vec::new();
    if kind == ResourceKind::User {
        if narrowing.active == Some(false) {
            let mut inactive = holders(connection, &[indexed::ACTIVE], "false")?;
            // Whose value was taken away.
            inactive.append(&mut holders(connection, &[indexed::ACTIVE], "")?);
            sets.push(inactive);
        }
        if let Some(role) = role {
            sets.extend(role.candidates()?);
        }
        if let Some(team) = &narrowing.team {
            sets.push(members_of_teams_called(connection, team)?);
        }
    } else if narrowing.role.is_some() || narrowing.team.is_some() || narrowing.active.is_some() {
        // Teams have no roles, teams or sign-in of their own.
        sets.push(BTreeSet::new());
    }
    Ok(sets
        .into_iter()
        .reduce(|a, b| a.intersection(&b).copied().collect()))
}

/// Who has a value in one of some attributes.
pub(super) fn holders(
    connection: &Connection,
    attrs: &[i64],
    value: &str,
) -> Fallible<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    let mut holders = connection.statement(Statement::SeqsByAttr)?;
    for attr in attrs {
        for seq in holders.query_map(params![attr, indexed::key(value), i64::MAX], |row| {
            row.get::<_, i64>(0)
        })? {
            found.insert(seq?);
        }
    }
    Ok(found)
}

fn members_of_teams_called(connection: &Connection, text: &str) -> Fallible<BTreeSet<i64>> {
    let finder = Finder::new(text.as_bytes());
    let mut found = BTreeSet::new();
    let mut teams = connection.statement(Statement::Cards)?;
    let mut rows = teams.query(params![kind_number(ResourceKind::Group), 0, i64::MAX])?;
    let mut of_team = connection.statement(Statement::MemberSeqsOf)?;
    while let Some(row) = rows.next()? {
        if finder.find(text_bytes(row, 3)?).is_some() {
            let team: i64 = row.get(0)?;
            for member in of_team.query_map([team], |row| row.get::<_, i64>(0))? {
                found.insert(member?);
            }
        }
    }
    Ok(found)
}

fn among(
    connection: &Connection,
    test: &Test<'_>,
    seqs: &BTreeSet<i64>,
    enough: usize,
) -> Fallible<(Vec<Hit>, bool)> {
    let mut card = connection.statement(Statement::CardBySeq)?;
    let mut hits = Vec::new();
    for seq in seqs {
        if hits.len() >= enough {
            return Ok((hits, false));
        }
        hits.extend(test.hit_at(&mut card, *seq)?);
    }
    Ok((hits, true))
}

fn everywhere(
    connection: &Connection,
    kind: ResourceKind,
    test: &Test<'_>,
    enough: usize,
) -> Fallible<(Vec<Hit>, bool)> {
    let mut cards = connection.statement(Statement::Cards)?;
    let mut rows = cards.query(params![kind_number(kind), 0, i64::MAX])?;
    let mut hits = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(hit) = test.hit(row)? {
            if hits.len() >= enough {
                return Ok((hits, false));
            }
            hits.push(hit);
        }
    }
    Ok((hits, true))
}

/// When too many match to be sorted: walks the index of the order, where a match is never far.
fn in_order(
    connection: &Connection,
    kind: ResourceKind,
    test: &Test<'_>,
    candidates: Option<&BTreeSet<i64>>,
    sort: Sort,
    (offset, limit): (usize, usize),
) -> Fallible<Vec<i64>> {
    let statement = match sort {
        Sort::Created => Statement::SeqsByCreation,
        Sort::Name => Statement::SeqsByName,
        Sort::Modified => Statement::SeqsByModified,
    };
    let mut order = connection.statement(statement)?;
    let mut card = connection.statement(Statement::CardBySeq)?;
    let mut page = Vec::with_capacity(limit);
    let mut skipped = 0;
    for seq in order.query_map(params![kind_number(kind), i64::MAX, 0], |row| row.get(0))? {
        let seq: i64 = seq?;
        if candidates.is_some_and(|set| !set.contains(&seq))
            || test.hit_at(&mut card, seq)?.is_none()
        {
            continue;
        }
        if skipped < offset {
            skipped += 1;
            continue;
        }
        page.push(seq);
        if page.len() == limit {
            break;
        }
    }
    Ok(page)
}
