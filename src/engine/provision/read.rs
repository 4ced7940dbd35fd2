//! Reads: one resource, and lists.

use jiff::Timestamp;

use super::{Failure, Reply};
use crate::directory::{ObjectKind, Outcome, Stage, TraceStep};
use crate::engine::Engine;
use crate::engine::call::{ScimAnswer, ScimCall};
use crate::request_log::Subject;
use crate::scim::filter::{FilterScope, UnknownAttribute};
use crate::scim::{Limits, ListQuery, ListResponse, Projection, ResourceKind, ScimError, render};
use crate::store::{Document, DocumentQuery};

impl Engine {
    /// GET of one resource.
    pub(super) async fn read(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Reply, Failure> {
        let projection = self.projection(call, kind)?;
        let Ok(uuid) = uuid::Uuid::parse_str(id) else {
            return Err(no_resource(kind).into());
        };
        let document = self
            .store
            .document(kind, uuid, wants_links(&projection, kind))
            .await?;
        let Some(document) = document else {
            return Err(no_resource(kind).into());
        };
        let etag = render::etag(document.version);
        let subject = Some(subject_of(kind, &document));
        let trace = vec![TraceStep::passed(
            Stage::Match,
            format!("matched by id: version {}", document.version),
        )];
        // RFC 7644 §3.14: a client that holds this version already is told so.
        if call
            .if_none_match
            .as_deref()
            .is_some_and(|list| lists_version(list, document.version))
        {
            let answer = ScimAnswer {
                status: 304,
                etag: Some(etag),
                ..ScimAnswer::default()
            };
            return Ok(Reply {
                answer,
                outcome: Outcome::NoOp,
                subject,
                trace,
            });
        }
        let body = self.render_projected(kind, &document, &call.base_url, &projection);
        let answer = ScimAnswer {
            status: 200,
            body: Some(body),
            etag: Some(etag),
            location: Some(render::location(&call.base_url, kind, &uuid.to_string())),
            ..ScimAnswer::default()
        };
        Ok(Reply {
            answer,
            outcome: Outcome::NoOp,
            subject,
            trace,
        })
    }

    /// GET of a list.
    pub(super) async fn list(&self, call: &ScimCall, kind: ResourceKind) -> Result<Reply, Failure> {
        let query = ListQuery::parse(&self.registry, kind, &Limits::default(), pairs(call))?;
        self.answer_list(call, kind, query).await
    }

    /// POST `.search` (RFC 7644 §3.4.3).
    pub(super) async fn search(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
    ) -> Result<Reply, Failure> {
        let body = super::prepare::parse_body(&call.body)?;
        let scope = FilterScope {
            kind,
            unknown: UnknownAttribute::Refuse,
        };
        let query =
            ListQuery::from_search_request(&self.registry, scope, &Limits::default(), &body)?;
        self.answer_list(call, kind, query).await
    }

    /// POST `.search` over users and groups, users first (RFC 7644 §3.4.3). An attribute that only one of them has has
    /// no value in the other.
    pub(super) async fn search_all(&self, call: &ScimCall) -> Result<Reply, Failure> {
        let body = super::prepare::parse_body(&call.body)?;
        let mut list = ListResponse::new();
        let (mut total, mut shown, mut start_index) = (0, 0, 1);
        let mut trace = Vec::new();
        for kind in ResourceKind::ALL {
            let scope = FilterScope {
                kind,
                unknown: UnknownAttribute::NoValue,
            };
            let query =
                ListQuery::from_search_request(&self.registry, scope, &Limits::default(), &body)?;
            start_index = query.start_index;
            let page = self
                .store
                .documents(&DocumentQuery {
                    kind,
                    filter: query.filter,
                    // What the kinds before hold is skipped first.
                    start_index: start_index.saturating_sub(total).max(1),
                    count: query.count.saturating_sub(shown),
                    with_links: wants_links(&query.projection, kind),
                })
                .await?;
            for document in &page.documents {
                list.push(&self.render_projected(
                    kind,
                    document,
                    &call.base_url,
                    &query.projection,
                ));
                shown += 1;
            }
            total += page.total;
            trace.extend(super::finish::note_steps(&query.notes));
            trace.push(TraceStep::passed(
                Stage::Match,
                format!("{} of type {kind} match", page.total),
            ));
        }
        Ok(Reply {
            answer: ScimAnswer {
                status: 200,
                body: Some(list.finish(total, start_index)),
                ..ScimAnswer::default()
            },
            outcome: Outcome::NoOp,
            subject: None,
            trace,
        })
    }

    async fn answer_list(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        query: ListQuery,
    ) -> Result<Reply, Failure> {
        let subject = query.filter.as_ref().map(|filter| Subject {
            kind: object_kind(kind),
            id: None,
            label: filter.to_string().chars().take(200).collect(),
        });
        let page = self
            .store
            .documents(&DocumentQuery {
                kind,
                filter: query.filter,
                start_index: query.start_index,
                count: query.count,
                with_links: wants_links(&query.projection, kind),
            })
            .await?;
        let mut list = ListResponse::new();
        for document in &page.documents {
            list.push(&self.render_projected(kind, document, &call.base_url, &query.projection));
        }
        let mut trace: Vec<_> = super::finish::note_steps(&query.notes).collect();
        let what = format!(
            "{} match, {} in this page",
            page.total,
            page.documents.len()
        );
        trace.push(TraceStep::passed(Stage::Match, what));
        let body = list.finish(page.total, query.start_index);
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

    /// What of a resource the client wants to see.
    pub(super) fn projection(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
    ) -> Result<Projection, ScimError> {
        let parameter = |wanted: &str| {
            pairs(call)
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value)
        };
        Projection::parse(
            &self.registry,
            kind,
            parameter("attributes"),
            parameter("excludedAttributes"),
        )
    }

    /// Where clients reach the SCIM provider.
    pub fn scim_base_url(&self) -> String {
        format!("{}/scim/v2", self.public_url())
    }
}

/// The query parameters as the protocol reads them.
fn pairs(call: &ScimCall) -> impl Iterator<Item = (&str, &str)> {
    call.query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

pub(super) fn wants_links(projection: &Projection, kind: ResourceKind) -> bool {
    projection.wants(match kind {
        ResourceKind::User => "groups",
        ResourceKind::Group => "members",
    })
}

pub(super) fn object_kind(kind: ResourceKind) -> ObjectKind {
    match kind {
        ResourceKind::User => ObjectKind::Member,
        ResourceKind::Group => ObjectKind::Team,
    }
}

pub(super) fn no_resource(kind: ResourceKind) -> ScimError {
    match kind {
        ResourceKind::User => {
            ScimError::not_found("there is no member with this id").with_code("NOT_FOUND")
        }
        ResourceKind::Group => {
            ScimError::not_found("there is no team with this id").with_code("GROUP_GONE")
        }
    }
}

/// Whether an `If-Match` or `If-None-Match` list names a version; `*` names all (RFC 9110 §13.1).
pub(super) fn lists_version(list: &str, version: u64) -> bool {
    let weak = render::etag(version);
    let opaque = weak.trim_start_matches("W/");
    list.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == opaque)
}

fn subject_of(kind: ResourceKind, document: &Document) -> Subject {
    let attributes: serde_json::Value =
        serde_json::from_str(&document.attributes).unwrap_or_default();
    let name = match kind {
        ResourceKind::User => "userName",
        ResourceKind::Group => "displayName",
    };
    let label = attributes
        .get(name)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .to_owned();
    Subject {
        kind: object_kind(kind),
        id: Some(document.id.to_string()),
        label,
    }
}

/// The time of a request that has none of its own.
pub(super) fn arrived(call: &ScimCall) -> Timestamp {
    call.exchange.row.at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_any_list() {
        assert!(lists_version("*", 3));
        assert!(lists_version("W/\"1\", W/\"3\"", 3));
        assert!(lists_version("\"3\"", 3));
        assert!(!lists_version("W/\"33\"", 3));
    }
}
