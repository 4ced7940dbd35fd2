//! SCIM lists over the database: filter, order, and the stretch that a page is.
//!
//! A filter becomes a set of sequence numbers where indexes can answer it ([`plan`]): key look-ups on `resource`, ranges of
//! `attr`, memberships, joined as the filter joins them. Where they can only narrow it, or not at all, candidates are read
//! as whole resources and the filter itself decides ([`whole`]), within a budget. [`Filter::matches`](crate::scim::Filter::matches) is the truth: a
//! property test compares both over all documents.
//!
//! An order is walked in an index where one has it ([`order`], [`walk()`]); else the keys of all that match are worked out
//! and sorted ([`gather`]), within the same budget. Both give the same order, that of [`Place`], so that a walk from page
//! to page may change from one to the other.
//!
//! Invariant: a set holds every match. Only where it is marked exact does it hold nothing else.

mod atoms;
mod compare;
mod gather;
mod literal;
mod order;
mod plan;
mod sets;
mod walk;
mod whole;

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;

use rusqlite::Connection;

use self::gather::{Budget, Gather, Matches};
use self::order::Order;
use self::plan::Plan;
use self::sets::Set;
use self::walk::{Stretch, walk};
use self::whole::Reader;
use super::failure::Fallible;
use super::read::anchors;
use super::read::documents::{self, Links};
use super::statement::{Statement, Statements};
use super::values::kind_number;
use crate::scim::ResourceKind;
use crate::scim::list::{Place, SortBy, SortOrder};
use crate::store::{DocumentPage, DocumentPart, DocumentQuery, Found, Window};

/// Sets up to this size are sorted by looking at each resource, larger ones by walking the index of the order. Tests take
/// both ways on few resources.
const FEW: i64 = if cfg!(test) { 8 } else { 1_000 };

/// Answers a list request.
pub fn search(
    connection: &Connection,
    query: &DocumentQuery,
    budget: u64,
) -> Fallible<DocumentPage> {
    if let Some(page) = plain_page(connection, query)? {
        return Ok(page);
    }
    let is_backward = matches!(query.window, Window::Before(_));
    let stretch = Stretch {
        is_descending: (query.order == SortOrder::Descending) != is_backward,
        from: match &query.window {
            Window::Index(_) | Window::First => None,
            Window::After(place) | Window::Before(place) => Some(place.clone()),
        },
        skip: match query.window {
            Window::Index(start) => start.saturating_sub(1),
            Window::First | Window::After(_) | Window::Before(_) => 0,
        },
        // One more tells whether there is another page.
        limit: match query.window {
            Window::Index(_) => query.count,
            _ if query.count == 0 => 0,
            _ => query.count.saturating_add(1),
        },
    };
    let (total, mut places) = all_parts(connection, query, &stretch, &mut Budget::new(budget))?;
    let count = usize::try_from(query.count).unwrap_or(usize::MAX);
    let has_more = places.len() > count;
    places.truncate(count);
    if is_backward {
        places.reverse();
    }
    let mut found = Vec::with_capacity(places.len());
    for (place, part) in places {
        if let Some(stored) = documents::by_seq(connection, place.number())? {
            let document =
                documents::with_links(connection, part.kind, stored, links_of(part))?.document;
            found.push(Found {
                kind: part.kind,
                place,
                document,
            });
        }
    }
    Ok(DocumentPage {
        total,
        has_previous: match query.window {
            Window::Index(_) | Window::First => false,
            Window::After(_) => query.count > 0,
            Window::Before(_) => has_more,
        },
        has_next: match query.window {
            Window::Index(_) => false,
            Window::First | Window::After(_) => has_more,
            Window::Before(_) => query.count > 0,
        },
        found,
    })
}

/// Whether a list is so cheap that it may run on the thread of the caller: unsorted, of all or of one key.
pub fn is_short(query: &DocumentQuery, count: u64) -> bool {
    let [part] = query.parts.as_slice() else {
        return false;
    };
    let is_point = part
        .filter
        .as_ref()
        .is_none_or(|filter| plan::is_point(part.kind, filter));
    // The members of a group may be many.
    let has_long_links = part.with_links && part.kind == ResourceKind::Group;
    part.sort.is_none() && is_point && query.count <= count && !has_long_links
}

/// A page of all resources of a type by their index, read in one go.
fn plain_page(connection: &Connection, query: &DocumentQuery) -> Fallible<Option<DocumentPage>> {
    let (Window::Index(start), [part]) = (&query.window, query.parts.as_slice()) else {
        return Ok(None);
    };
    if part.filter.is_some() || part.sort.is_some() || hidden(connection, part.kind)?.is_some() {
        return Ok(None);
    }
    let (total, page) =
        documents::page(connection, part.kind, *start, query.count, links_of(part))?;
    let found = page
        .into_iter()
        .map(|stored| Found {
            kind: part.kind,
            place: Place::new(None, stored.seq),
            document: stored.document,
        })
        .collect();
    Ok(Some(DocumentPage {
        total,
        found,
        has_previous: false,
        has_next: false,
    }))
}

fn links_of(part: &DocumentPart) -> Links {
    if part.with_links {
        Links::Loaded
    } else {
        Links::LeftOut
    }
}

/// The stretch over all parts, each place with the part it is of.
fn all_parts<'q>(
    connection: &Connection,
    query: &'q DocumentQuery,
    stretch: &Stretch,
    budget: &mut Budget,
) -> Fallible<(u64, Vec<(Place, &'q DocumentPart)>)> {
    let is_sorted = query.parts.iter().any(|part| part.sort.is_some());
    let mut total = 0;
    let mut places: Vec<(Place, &DocumentPart)> = Vec::new();
    for part in &query.parts {
        let mut own = stretch.clone();
        if query.parts.len() > 1 {
            if is_sorted {
                // What of it lies in the stretch is known when all parts are.
                own.limit = match stretch.limit {
                    0 => 0,
                    limit => limit.saturating_add(stretch.skip),
                };
                own.skip = 0;
            } else {
                // One part follows the other.
                own.skip = stretch.skip.saturating_sub(total);
                if stretch.from.is_none() && !stretch.is_descending {
                    own.limit = stretch.limit.saturating_sub(places.len() as u64);
                }
            }
        }
        let matches = one_part(connection, part, &own, budget)?;
        total += matches.total;
        places.extend(matches.places.into_iter().map(|place| (place, part)));
    }
    if query.parts.len() > 1 {
        places.sort_by(|(left, _), (right, _)| {
            if stretch.is_descending {
                right.cmp(left)
            } else {
                left.cmp(right)
            }
        });
        if is_sorted {
            let skip = usize::try_from(stretch.skip).unwrap_or(usize::MAX);
            places.drain(..skip.min(places.len()));
        }
        places.truncate(usize::try_from(stretch.limit).unwrap_or(usize::MAX));
    }
    Ok((total, places))
}

fn one_part(
    connection: &Connection,
    part: &DocumentPart,
    stretch: &Stretch,
    budget: &mut Budget,
) -> Fallible<Matches> {
    let (kind, filter) = (part.kind, part.filter.as_ref());
    let plan = match filter {
        None => Plan::Everything { exact: true },
        Some(filter) => plan::plan(connection, kind, filter)?,
    };
    let plan = match hidden(connection, kind)? {
        None => plan,
        Some(hidden) => plan.without(&hidden, kind_number(kind)),
    };
    // Who only counts needs no order.
    let sort = part.sort.as_ref().filter(|_| stretch.limit > 0);
    let order = match (sort, stretch.limit) {
        (None, 0) => Order::Same(None),
        (sort, _) => Order::of(connection, kind, sort)?,
    };
    let attribute = match sort {
        Some(SortBy::Attribute(attribute)) => Some(attribute),
        Some(SortBy::NoValue) | None => None,
    };
    let gather = Gather::new(&order, stretch);
    let reader = |filter| Reader::new(connection, kind, filter, attribute);
    match plan {
        Plan::Nothing => Ok(Matches::default()),
        Plan::Everything { exact: true } => {
            let stretch = anchored(connection, kind, &order, stretch)?;
            let total = documents::total(connection, kind)?;
            let places = match stretch {
                Some(stretch) => walk(connection, kind, &order, None, &stretch)?,
                None => Some(Vec::new()),
            };
            match places {
                Some(places) => Ok(Matches { total, places }),
                None => gather.scan(connection, kind, &order, reader(None), budget),
            }
        }
        Plan::Everything { exact: false } => {
            gather.scan(connection, kind, &order, reader(filter), budget)
        }
        Plan::Set { set, exact: true } => {
            let by_index = matches!(order, Order::Column(_) | Order::Attr(_));
            if by_index && set.size_up_to(connection, FEW + 1)? > FEW {
                let total = set.count(connection)?;
                if let Some(places) = walk(connection, kind, &order, Some(&set), stretch)? {
                    return Ok(Matches { total, places });
                }
            }
            let reader = (!order.is_by_number()).then(|| reader(None));
            gather.set(connection, &order, &set, reader, budget)
        }
        Plan::Set { set, exact: false } => {
            gather.set(connection, &order, &set, Some(reader(filter)), budget)
        }
    }
}

/// The teams that SCIM does not show, where there are any: see `TeamSource::Released`.
fn hidden(connection: &Connection, kind: ResourceKind) -> Fallible<Option<Set>> {
    if kind == ResourceKind::User {
        return Ok(None);
    }
    let are_there: bool = connection
        .statement(Statement::HasReleased)?
        .query_row([], |row| row.get(0))?;
    Ok(are_there.then(|| {
        let sql = "SELECT seq FROM resource INDEXED BY resource_released WHERE kind = 2 AND origin = 4 AND deleted IS NULL";
        Set::query(sql, Vec::new())
    }))
}

/// The stretch of all resources with its way there shortened by anchors; `None` where it lies behind the last one.
fn anchored(
    connection: &Connection,
    kind: ResourceKind,
    order: &Order,
    stretch: &Stretch,
) -> Fallible<Option<Stretch>> {
    let is_elsewhere = stretch.from.is_some() || stretch.is_descending;
    if !order.is_by_number() || stretch.skip == 0 || is_elsewhere {
        return Ok(Some(stretch.clone()));
    }
    let first = anchors::seek(connection, kind, stretch.skip)?;
    Ok(first.map(|first| Stretch {
        from: Some(Place::new(order.same_or(None), first - 1)),
        skip: 0,
        ..stretch.clone()
    }))
}
