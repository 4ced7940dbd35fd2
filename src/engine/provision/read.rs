//! Reads of one resource, and what reads and writes share.

use jiff::Timestamp;

use super::{Failure, Reply};
use crate::directory::{ObjectKind, Outcome, Stage, TraceStep};
use crate::engine::Engine;
use crate::engine::call::{ScimAnswer, ScimCall};
use crate::request_log::Subject;
use crate::scim::{Preconditions, Projection, ResourceKind, ScimError, Unmet, render};
use crate::store::Document;

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
        // RFC 7644 §3.6: what a client has deleted is gone to it, whatever became of it here.
        let Some(document) = document.filter(|document| !document.is_released) else {
            return Err(no_resource(kind).into());
        };
        let etag = render::etag(document.version);
        let subject = Some(subject_of(kind, &document));
        let trace = vec![TraceStep::passed(
            Stage::Match,
            format!("matched by id: version {}", document.version),
        )];
        let conditions =
            Preconditions::of_read(call.if_match.as_deref(), call.if_none_match.as_deref())?;
        if let Err(unmet) = conditions.check(Some(document.version)) {
            // RFC 9110 §13.2.2: a client that holds this version already is told so; one that asked for another is not
            // given this one.
            if matches!(unmet, Unmet::Match(_)) {
                let failure = super::precondition::failure(&unmet, Some(document.version));
                return Err(Failure { subject, ..failure });
            }
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
        let text = document.attributes.as_str();
        let managers = self.managers(kind, std::iter::once(text)).await?;
        let body = self.render_projected(kind, &document, &call.base_url, &projection, &managers);
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
pub(super) fn pairs(call: &ScimCall) -> impl Iterator<Item = (&str, &str)> {
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

/// The attributes that a resource is called by. Reading these alone costs a fraction of reading all.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Names {
    user_name: String,
    display_name: String,
}

fn subject_of(kind: ResourceKind, document: &Document) -> Subject {
    // A stored document is always JSON with a name in it; were it not, the line would only lack the name.
    let names: Names = serde_json::from_str(&document.attributes).unwrap_or_default();
    let label = match kind {
        ResourceKind::User => names.user_name,
        ResourceKind::Group => names.display_name,
    };
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
