//! The edge of the SAML service provider: who we are, where a sign-in begins, and where it comes back.

use http::{StatusCode, header};

use super::cookies;
use super::form::Fields;
use super::page::{Notice, Send};
use super::reply::{Reply, frame};
use crate::directory::{Stage, TraceStep};
use crate::engine::EngineError;
use crate::engine::sso::{Browser, PostForm, RawForm, SentAway, SignInOutcome};
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

/// Bytes of the form that an identity provider has the browser send.
const ACS_BYTES: usize = 400 * 1_024;

/// Our metadata.
pub(super) async fn metadata(edge: &Edge, intake: &Intake) -> Result<Reply, Rejection> {
    Ok(match edge.engine.sso_metadata().await {
        Ok(xml) => Reply::document("application/samlmetadata+xml", xml),
        Err(error) => Reply::of_error(edge, intake, &error),
    })
}

/// Sends the browser to the identity provider.
pub(super) async fn login(edge: &Edge, intake: &Intake) -> Result<Reply, Rejection> {
    let query = Fields::of_query(intake.head.parts.uri.query());
    let to = query.path("RelayState");
    begin(edge, intake, async |binding| {
        edge.engine.begin_sign_in(to.as_deref(), binding).await
    })
    .await
}

/// Sends the browser to the identity provider for the test-drive whose ticket the link holds.
pub(super) async fn test_drive(edge: &Edge, intake: &Intake) -> Result<Reply, Rejection> {
    let query = Fields::of_query(intake.head.parts.uri.query());
    let ticket = Secret::new(query.text("ticket").unwrap_or_default().to_owned());
    begin(edge, intake, async |binding| {
        edge.engine.begin_test_drive(&ticket, binding).await
    })
    .await
}

async fn begin(
    edge: &Edge,
    intake: &Intake,
    send: impl AsyncFnOnce(&Secret) -> Result<SentAway, EngineError>,
) -> Result<Reply, Rejection> {
    if let Err(seconds) = edge.brakes.begin(intake.head.peer.address) {
        return Ok(Reply::slow(edge, intake, seconds));
    }
    let binding = cookies::binding(intake)?;
    let sent = match send(&binding).await {
        Ok(sent) => sent,
        Err(error) => return Ok(Reply::of_error(edge, intake, &error)),
    };
    let reply = match sent {
        SentAway::Redirect(url) => Reply::away(url),
        SentAway::Form(form) => by_form(edge, &form)?,
    };
    Ok(reply.cookie(cookies::set_binding(edge, &binding)))
}

fn by_form(edge: &Edge, form: &PostForm) -> Result<Reply, Rejection> {
    let page = Send {
        frame: frame(edge),
        action: &form.action,
        saml_request: &form.saml_request,
        relay_state: form.relay_state.as_deref(),
    };
    Ok(Reply::page(StatusCode::OK, &page)?.sends_to(&form.action))
}

/// Takes what the identity provider has sent through the browser.
pub(super) async fn acs(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    if let Err(seconds) = edge.brakes.answer(intake.head.peer.address) {
        return Ok(Reply::slow(edge, intake, seconds));
    }
    let body = intake.read_body(edge, ACS_BYTES).await?;
    let headers = &intake.head.parts.headers;
    let fields = Fields::of_body(headers, &body);
    let saml_responses = fields.as_ref().map(|it| it.all("SAMLResponse"));
    let Some(saml_responses) = saml_responses.filter(|it| !it.is_empty()) else {
        let why = "what came is no form with a SAMLResponse";
        intake.note(TraceStep::failed(Stage::Parse, why));
        let status = StatusCode::BAD_REQUEST;
        return Ok(Reply::refused(edge, intake, status, "SAML_TRANSPORT", why));
    };
    let Some(_place) = edge.brakes.place() else {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let why = "too many answers of the identity provider are being examined";
        return Ok(Reply::refused(edge, intake, status, "", why).retry_after(Some(1)));
    };
    let content_type = headers.get(header::CONTENT_TYPE);
    let form = RawForm {
        method: "POST".into(),
        content_type: content_type
            .and_then(|it| it.to_str().ok())
            .map(str::to_owned),
        saml_responses,
        relay_state: fields.and_then(|it| it.text("RelayState").map(str::to_owned)),
    };
    match edge.engine.finish_sign_in(form, browser(intake)).await {
        Ok(outcome) => came_to(edge, outcome),
        Err(error) => Ok(Reply::of_error(edge, intake, &error)),
    }
}

/// An answer that comes by GET: in a URL it would be logged everywhere on its way.
pub(super) fn acs_is_for_post(edge: &Edge, intake: &mut Intake) -> Reply {
    let why = "the identity provider has to send its answer by POST";
    intake.note(TraceStep::failed(Stage::Parse, why));
    let page = Notice {
        frame: frame(edge),
        heading: "Sign-in failed",
        text: Some("This address takes the answer of the identity provider by POST alone."),
        reference: Some(intake.head.id),
        link: None,
    };
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let reply = Reply::page(status, &page);
    reply
        .unwrap_or_else(|_| Reply::failed(edge, status, intake.head.id))
        .because("SAML_TRANSPORT", why)
        .allow("POST")
}

/// The browser as the engine knows it.
pub(super) fn browser(intake: &Intake) -> Browser {
    let user_agent = intake.head.parts.headers.get(header::USER_AGENT);
    Browser {
        binding: cookies::bound(intake),
        session: cookies::session_secret(intake),
        address: intake.head.peer.address,
        user_agent: user_agent
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        exchange: Some(Box::new(intake.exchange.clone())),
    }
}

fn came_to(edge: &Edge, outcome: SignInOutcome) -> Result<Reply, Rejection> {
    match outcome {
        SignInOutcome::SignedIn {
            session,
            expires,
            to,
        } => {
            let cookie = cookies::set_session(edge, &session, expires);
            Ok(Reply::to(edge, &to).cookie(cookie).logged())
        }
        SignInOutcome::TestDriven {
            reference,
            ok,
            is_awaited,
        } => {
            let page = Notice {
                frame: frame(edge),
                heading: if ok {
                    "The test-drive went well"
                } else {
                    "The test-drive failed"
                },
                text: Some(if is_awaited {
                    "Come back to the console: it lists every check, what was expected and what came. Nobody was signed in."
                } else {
                    "It belongs to no test-drive that waits: its link was opened in another browser, this one did not send the cookie that the link had set, or it took too long. Whoever waits waits on; open the link of the test-drive again, in one browser from its beginning to its end. An admin finds every check of what came now under the reference, by provost log show. Nobody was signed in."
                }),
                reference: Some(reference),
                link: None,
            };
            let status = if ok {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            Ok(Reply::page(status, &page)?.logged())
        }
        SignInOutcome::Failed {
            reference,
            retry_after,
        } => Ok(Reply::failed(edge, StatusCode::FORBIDDEN, reference)
            .retry_after(retry_after)
            .logged()),
    }
}
