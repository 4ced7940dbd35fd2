//! Lists: GET of an endpoint and `.search`, page by index or by cursor (RFC 7644 §3.4.2, §3.4.3, RFC 9865).

use jiff::Timestamp;

use super::prepare::parse_body;
use super::read::{arrived, object_kind, pairs, wants_links};
use super::{Failure, Reply};
use crate::directory::{Outcome, Stage, TraceStep};
use crate::engine::Engine;
use crate::engine::call::{ScimAnswer, ScimCall};
use crate::request_log::Subject;
use crate::scim::cursor::{Cursor, CursorSeal, Direction, QueryDigest, Use};
use crate::scim::list::Paging;
use crate::scim::{Limits, ListQuery, ListResponse, ResourceKind, ScimError, ScimType, render};
use crate::store::{DocumentPage, DocumentPart, DocumentQuery, Found, StoreError, Window};

/// What one request asks of each resource type; all have the same page and order.
type Queries = Vec<(ResourceKind, ListQuery)>;

/// The cursors of one request: the seal and what they are bound to.
struct Cursors {
    seal: CursorSeal,
    usage: Use,
}

impl Engine {
    /// GET of a list.
    pub(super) async fn list(&self, call: &ScimCall, kind: ResourceKind) -> Result<Reply, Failure> {
        let query = ListQuery::parse(&self.registry, kind, &Limits::default(), pairs(call))?;
        self.answer_list(call, vec![(kind, query)]).await
    }

    /// GET of the base URL: users and groups as one list.
    pub(super) async fn list_all(&self, call: &ScimCall) -> Result<Reply, Failure> {
        let queries = ListQuery::parse_all(&self.registry, &Limits::default(), pairs(call))?;
        self.answer_list(call, queries).await
    }

    /// POST `.search` of one resource type.
    pub(super) async fn search(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
    ) -> Result<Reply, Failure> {
        let body = parse_body(&call.body)?;
        let query = ListQuery::search(&self.registry, kind, &Limits::default(), &body)?;
        self.answer_list(call, vec![(kind, query)]).await
    }

    /// POST `.search` over users and groups as one list: sorted among each other, else users first.
    pub(super) async fn search_all(&self, call: &ScimCall) -> Result<Reply, Failure> {
        let body = parse_body(&call.body)?;
        let queries = ListQuery::search_all(&self.registry, &Limits::default(), &body)?;
        self.answer_list(call, queries).await
    }

    async fn answer_list(&self, call: &ScimCall, queries: Queries) -> Result<Reply, Failure> {
        let Some((_, first)) = queries.first() else {
            return Err(ScimError::new(500, "a list of no resource type was asked for").into());
        };
        let (paging, count, order) = (first.paging.clone(), first.count, first.sort_order);
        let is_sorted = first.sort_by.is_some();
        let subject = subject_of(&queries);
        let cursors = match &paging {
            Paging::Index(_) => None,
            Paging::Cursor(_) => Some(self.cursors(&queries, count, arrived(call))),
        };
        let window = match (&paging, &cursors) {
            (Paging::Index(start), _) => Window::Index(*start),
            (Paging::Cursor(Some(text)), Some(cursors)) => cursors.window(text)?,
            (Paging::Cursor(_), _) => Window::First,
        };
        let page = self
            .store
            .documents(&DocumentQuery {
                parts: queries.iter().map(part_of).collect(),
                order,
                window,
                count,
            })
            .await
            .map_err(|error| too_many(error, is_sorted))?;
        let users = page.found.iter().filter(|it| it.kind == ResourceKind::User);
        let managers = self
            .managers(
                ResourceKind::User,
                users.map(|found| found.document.attributes.as_str()),
            )
            .await?;
        let mut list = ListResponse::with_room(
            page.found
                .iter()
                .map(|found| found.document.attributes.len() + render::AROUND)
                .sum(),
        );
        for found in &page.found {
            let of_kind = queries.iter().find(|(kind, _)| *kind == found.kind);
            if let Some((kind, query)) = of_kind {
                list.push_with(|text| {
                    self.push_projected(
                        text,
                        *kind,
                        &found.document,
                        &call.base_url,
                        &query.projection,
                        &managers,
                    );
                });
            }
        }
        let mut trace: Vec<TraceStep> = Vec::new();
        for (_, query) in &queries {
            for step in super::finish::note_steps(&query.notes) {
                if !trace.contains(&step) {
                    trace.push(step);
                }
            }
        }
        let what = format!("{} match, {} in this page", page.total, page.found.len());
        trace.push(TraceStep::passed(Stage::Match, what));
        let (next, previous) = match &cursors {
            None => (None, None),
            Some(cursors) => cursors.neighbours(&page)?,
        };
        let body = match paging {
            Paging::Index(start) => list.finish(page.total, start),
            Paging::Cursor(_) => {
                list.finish_with_cursors(page.total, next.as_deref(), previous.as_deref())
            }
        };
        Ok(Reply {
            answer: ScimAnswer {
                status: 200,
                body: Some(body),
                ..ScimAnswer::default()
            },
            outcome: Outcome::NoOp,
            subject,
            trace,
        })
    }

    fn cursors(&self, queries: &Queries, count: u64, now: Timestamp) -> Cursors {
        let timeout = Limits::default().cursor_timeout;
        Cursors {
            // The account's secret is a root of keys: the seal derives its own, as the log derives its pseudonyms.
            seal: CursorSeal::new(self.account.pseudonym_key.as_bytes(), timeout),
            usage: Use {
                query: QueryDigest::of(queries.iter().map(|(kind, query)| (*kind, query))),
                count,
                now,
            },
        }
    }
}

impl Cursors {
    /// The stretch that a client's cursor asks for.
    fn window(&self, text: &str) -> Result<Window, ScimError> {
        let cursor = self.seal.open(text, &self.usage)?;
        Ok(match cursor.direction {
            Direction::Next => Window::After(cursor.place),
            Direction::Previous => Window::Before(cursor.place),
        })
    }

    /// The cursors of the pages behind and before.
    fn neighbours(
        &self,
        page: &DocumentPage,
    ) -> Result<(Option<String>, Option<String>), ScimError> {
        let seal = |found: Option<&Found>, direction| {
            found
                .map(|found| {
                    let cursor = Cursor {
                        place: found.place.clone(),
                        direction,
                    };
                    self.seal.seal(&cursor, &self.usage)
                })
                .transpose()
        };
        let last = page.found.last().filter(|_| page.has_next);
        let first = page.found.first().filter(|_| page.has_previous);
        Ok((
            seal(last, Direction::Next)?,
            seal(first, Direction::Previous)?,
        ))
    }
}

fn part_of((kind, query): &(ResourceKind, ListQuery)) -> DocumentPart {
    DocumentPart {
        kind: *kind,
        filter: query.filter.clone(),
        sort: query.sort_by.clone(),
        with_links: wants_links(&query.projection, *kind),
    }
}

/// What the line of the log is about: the filter, where one resource type is asked.
fn subject_of(queries: &Queries) -> Option<Subject> {
    let [(kind, query)] = queries.as_slice() else {
        return None;
    };
    query.filter.as_ref().map(|filter| Subject {
        kind: object_kind(*kind),
        id: None,
        label: filter.to_string().chars().take(200).collect(),
    })
}

/// RFC 7644 §3.12, `tooMany`; says which of filter and order is the reason.
fn too_many(error: StoreError, is_sorted: bool) -> Failure {
    match error {
        StoreError::TooMany { limit } if is_sorted => ScimError::bad_request(
            ScimType::TooMany,
            format!(
                "this filter and sortBy need to look at more than {limit} resources; sort by userName, displayName, externalId, id, meta.created or meta.lastModified, or filter by an indexed attribute"
            ),
        )
        .into(),
        other => other.into(),
    }
}
