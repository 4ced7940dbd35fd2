//! The authorization endpoint (RFC 6749 §3.1): an admin signs in, and allows an OAuth client to provision or does not.
//!
//! Works without a script. Nothing is kept here between the steps: each form brings the whole request again, with a
//! [ticket] that is bound to it and to the browser's cookie. An admin who has a session is asked at once; without one they
//! sign in by password, which is good for this one question, or by single sign-on, and the browser keeps the question
//! meanwhile.

mod page;
mod request;
mod ticket;
mod told;

use askama::Template as _;
use axum::body::Body;
use http::{HeaderMap, Method, Response, StatusCode};
use jiff::Timestamp;
use url::form_urlencoded;

use super::form::{self, Form};
use super::{AUTHORIZE, FORM_BYTES, OAuthFailure, described};
use crate::counted::counted;
use crate::directory::{ObjectKind, Outcome, Stage, TraceStep};
use crate::engine::EngineError;
use crate::engine::oauth::CodeBinding;
use crate::engine::sign_in::{SignInFailure, SignedIn};
use crate::engine::sso::SIGN_IN_PATH;
use crate::request_log::Subject;
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;
use crate::server::sign_in::{Ways, signed_in_holder, ways};
use crate::store::rows::ClientRow;
use page::{Consent, Problem, STYLE, SignIn};
use request::{Asked, Denial, Fault};
use told::{Told, action, cookie, kept_question, sent, written};

pub(in crate::server) use ticket::{Tickets, is_browser, new_browser};

/// What is told, and how it is logged where it is a refusal: explain code and detail.
struct Ended {
    told: Told,
    refusal: Option<(&'static str, String)>,
}

/// Who asks for what, in which browser.
struct Visit {
    asked: Asked,
    client: ClientRow,
    browser: String,
}

pub(super) async fn answer(edge: &Edge, intake: &mut Intake) -> Result<Response<Body>, Rejection> {
    let method = intake.head.parts.method.clone();
    let form = if method == Method::POST {
        let body = intake.read_body(edge, FORM_BYTES).await?;
        Form::read(&intake.head.parts.headers, &body)
    } else if method == Method::GET {
        form::check_query(intake.head.parts.uri.query())
            .and_then(|()| Form::of_query(intake.head.parts.uri.query()))
    } else {
        return Err(Rejection::WrongMethod {
            method: intake.exchange.row.method.clone(),
            allow: "GET, POST",
        });
    };
    let form = match form {
        Ok(form) => form,
        Err(failure) => {
            let ended = problem(edge, intake, StatusCode::BAD_REQUEST, &failure.to_string());
            return Ok(end(edge, intake, ended).await);
        }
    };
    if method == Method::GET
        && let Some(query) = kept_question(intake)
    {
        let told = Told {
            location: Some(format!("{}?{query}", action(edge))),
            ..Told::bare(StatusCode::SEE_OTHER)
        };
        let refusal = None;
        return Ok(end(edge, intake, Ended { told, refusal }).await);
    }
    let visit = match visit(edge, intake, &form).await? {
        Ok(visit) => visit,
        Err(ended) => return Ok(end(edge, intake, ended).await),
    };
    let ended = if method == Method::POST {
        match posted(edge, intake, &form, visit).await? {
            Step::Ended(ended) => ended,
            Step::Logged(response) => return Ok(response),
        }
    } else {
        ask_whoever_is_there(edge, intake, &visit).await?
    };
    Ok(end(edge, intake, ended).await)
}

/// An admin who is signed in decides; anybody else signs in first.
async fn ask_whoever_is_there(
    edge: &Edge,
    intake: &mut Intake,
    visit: &Visit,
) -> Result<Ended, Rejection> {
    let holder = signed_in_holder(edge, intake).await?;
    let Some(holder) = holder else {
        return ask_to_sign_in(edge, visit, "", None, StatusCode::OK);
    };
    if !holder.is_admin {
        let message = format!(
            "You are signed in as {}, who is no admin. An admin decides.",
            holder.user_name
        );
        return ask_to_sign_in(edge, visit, "", Some(&message), StatusCode::OK);
    }
    intake.note(TraceStep::passed(
        Stage::Authenticate,
        format!(
            "{} is signed in ({})",
            holder.user_name,
            holder.how.as_str()
        ),
    ));
    let admin = SignedIn {
        member: holder.member,
        name: holder.user_name,
    };
    ask_to_decide(edge, visit, &admin).await
}

/// Reads what is asked for, by whom. What cannot be asked for ends here.
async fn visit(
    edge: &Edge,
    intake: &mut Intake,
    form: &Form,
) -> Result<Result<Visit, Ended>, Rejection> {
    let client = match form.text("client_id") {
        Some(id) => edge
            .engine
            .client_to_authorize(id)
            .await
            .map_err(|error| unavailable(&error))?,
        None => None,
    };
    if let Some(client) = &client {
        intake.exchange.row.subject = Some(Subject {
            kind: ObjectKind::Client,
            id: Some(client.id.to_string()),
            label: client.name.clone(),
        });
    }
    let asked = match request::check(form, client.as_ref()) {
        Ok(asked) => asked,
        Err(Fault::Shown(why)) => {
            intake.note(TraceStep::failed(Stage::Parse, why));
            return Ok(Err(problem(edge, intake, StatusCode::BAD_REQUEST, why)));
        }
        Err(Fault::Told(denial)) => {
            intake.note(TraceStep::failed(Stage::Parse, denial.description));
            let why = format!("{}: {}", denial.error, denial.description);
            let mut ended = deny(edge, &denial);
            ended.refusal = Some(("OAUTH_AUTHORIZE", why));
            return Ok(Err(ended));
        }
    };
    let Some(client) = client else {
        return Ok(Err(problem(
            edge,
            intake,
            StatusCode::BAD_REQUEST,
            "there is no such client",
        )));
    };
    let known = cookie(&intake.head.parts.headers);
    let browser = match known {
        Some(browser) => browser,
        None => new_browser().map_err(|_| Rejection::Panicked)?,
    };
    Ok(Ok(Visit {
        asked,
        client,
        browser,
    }))
}

/// What became of a form.
enum Step {
    Ended(Ended),
    /// It is logged already, with what it changed.
    Logged(Response<Body>),
}

async fn posted(
    edge: &Edge,
    intake: &mut Intake,
    form: &Form,
    visit: Visit,
) -> Result<Step, Rejection> {
    let now = Timestamp::now();
    let bound = bound(&visit);
    let ticket = form.text("ticket").unwrap_or_default();
    let signed_in = edge.tickets.who_decides(ticket, &bound, now);
    let is_ours = is_same_origin(&intake.head.parts.headers)
        && (signed_in.is_some() || edge.tickets.may_sign_in(ticket, &bound, now));
    if !is_ours {
        let why = "this form is too old, or did not come from the page that it belongs to; go back to the identity provider and begin anew";
        intake.note(TraceStep::failed(Stage::Authenticate, why));
        return Ok(Step::Ended(problem(
            edge,
            intake,
            StatusCode::FORBIDDEN,
            why,
        )));
    }
    let decision = form.text("decision");
    let decides = matches!(decision, Some("allow" | "deny")) && signed_in.is_some();
    if decides && !edge.tickets.spend(ticket, now) {
        let why = "this was decided already with this form; go back to the identity provider and begin anew";
        intake.note(TraceStep::failed(Stage::Authenticate, why));
        let status = StatusCode::FORBIDDEN;
        return Ok(Step::Ended(problem(edge, intake, status, why)));
    }
    match (decision, signed_in) {
        (Some("deny"), _) => {
            intake.note(TraceStep::noted(
                Stage::Authenticate,
                "the admin did not allow it",
            ));
            let mut ended = deny(edge, &visit.asked.denied());
            ended.refusal = Some(("OAUTH_DENIED", "the admin did not allow it".into()));
            Ok(Step::Ended(ended))
        }
        (Some("allow"), Some(admin)) => allow(edge, intake, visit, &admin).await,
        (_, Some(admin)) => Ok(Step::Ended(ask_to_decide(edge, &visit, &admin).await?)),
        (_, None) => sign_in(edge, intake, form, &visit).await,
    }
}

/// Somebody signs in: the one place that knows how.
async fn sign_in(
    edge: &Edge,
    intake: &mut Intake,
    form: &Form,
    visit: &Visit,
) -> Result<Step, Rejection> {
    let email = form.text("email").unwrap_or_default().trim();
    let password = form.secret("password").cloned();
    let password = password.unwrap_or_else(|| Secret::new(String::new()));
    let from = intake.head.peer.address;
    match edge.engine.sign_in_admin(email, password, from).await {
        Ok(admin) => {
            intake.note(TraceStep::passed(
                Stage::Authenticate,
                format!("{} signed in with a password", admin.name),
            ));
            Ok(Step::Ended(ask_to_decide(edge, visit, &admin).await?))
        }
        Err(SignInFailure::Engine(error)) => Err(unavailable(&error)),
        Err(SignInFailure::Slow { retry_after }) => {
            let message = format!(
                "Too many attempts. Try again in {}.",
                counted(retry_after, "second")
            );
            let mut ended = ask_to_sign_in(
                edge,
                visit,
                email,
                Some(&message),
                StatusCode::TOO_MANY_REQUESTS,
            )?;
            ended.told.retry_after = Some(retry_after);
            ended.refusal = Some(("RATE_429", "too many attempts to sign in".into()));
            Ok(Step::Ended(ended))
        }
        Err(SignInFailure::Refused(why)) => {
            intake.note(TraceStep::failed(Stage::Authenticate, why));
            let message = "The e-mail address or the password is wrong, or this is not the account of an admin.";
            let status = StatusCode::FORBIDDEN;
            let mut ended = ask_to_sign_in(edge, visit, email, Some(message), status)?;
            ended.refusal = Some(("SIGN_IN", "somebody did not sign in".into()));
            Ok(Step::Ended(ended))
        }
    }
}

/// The admin allows it: the client gets a code, which is durable before anybody is told.
async fn allow(
    edge: &Edge,
    intake: &mut Intake,
    visit: Visit,
    admin: &SignedIn,
) -> Result<Step, Rejection> {
    let asked = visit.asked;
    let code = edge
        .engine
        .new_code(CodeBinding {
            redirect_uri: asked.redirect_uri.clone(),
            challenge: asked.challenge.clone(),
        })
        .map_err(|error| unavailable(&error))?;
    let parameters = [("code", code.secret.expose())];
    let told = sent(
        edge,
        &asked.redirect_uri,
        asked.state.as_deref(),
        &parameters,
    );
    intake.note(TraceStep::passed(
        Stage::Authenticate,
        format!("{} has signed in and allows it", admin.name),
    ));
    let (response, exchange) = written(edge, intake, told);
    match edge
        .engine
        .consent(admin, visit.client.id, &code, exchange)
        .await
    {
        Ok(()) => Ok(Step::Logged(response)),
        Err(EngineError::Refused { refusal, .. }) => {
            intake.note(TraceStep::failed(Stage::Policy, refusal.detail.clone()));
            let mut ended = problem(edge, intake, StatusCode::FORBIDDEN, &refusal.detail);
            let code = if refusal.code == "SECOND_IDP" {
                "SECOND_IDP"
            } else {
                "OAUTH_AUTHORIZE"
            };
            ended.refusal = Some((code, refusal.detail));
            Ok(Step::Ended(ended))
        }
        Err(error) => Err(unavailable(&error)),
    }
}

fn ask_to_sign_in(
    edge: &Edge,
    visit: &Visit,
    email: &str,
    message: Option<&str>,
    status: StatusCode,
) -> Result<Ended, Rejection> {
    let ways = ways(edge);
    let page = SignIn {
        style: STYLE,
        organisation: &edge.engine.account().organisation,
        client: &visit.client.name,
        sso: (ways != Ways::Password).then(|| sso_link(edge)),
        is_recovery: ways == Ways::Sso,
        action: &action(edge),
        fields: visit.asked.fields(),
        ticket: edge.tickets.to_sign_in(&bound(visit), Timestamp::now()),
        email,
        message,
    };
    let body = page.render().map_err(|_| Rejection::Panicked)?;
    let mut ended = shown(visit, status, body);
    ended.told.keeps = (ways != Ways::Password).then(|| question(visit));
    Ok(ended)
}

async fn ask_to_decide(edge: &Edge, visit: &Visit, admin: &SignedIn) -> Result<Ended, Rejection> {
    let refusal = edge
        .engine
        .would_refuse(admin, visit.client.id)
        .await
        .map_err(|error| unavailable(&error))?;
    let page = Consent {
        style: STYLE,
        organisation: &edge.engine.account().organisation,
        client: &visit.client.name,
        action: &action(edge),
        fields: visit.asked.fields(),
        ticket: edge
            .tickets
            .to_decide(admin, &bound(visit), Timestamp::now()),
        admin: &admin.name,
        host: &visit.asked.redirect_uri,
        refusal: refusal.map(|refusal| refusal.detail),
    };
    let body = page.render().map_err(|_| Rejection::Panicked)?;
    Ok(shown(visit, StatusCode::OK, body))
}

/// A page of a visit.
fn shown(visit: &Visit, status: StatusCode, body: String) -> Ended {
    Ended {
        told: Told {
            body: Some(body),
            form_leads_to: Some(visit.asked.redirect_uri.clone()),
            browser: Some(visit.browser.clone()),
            ..Told::bare(status)
        },
        refusal: None,
    }
}

/// A page that says what is wrong and leads nowhere.
fn problem(edge: &Edge, intake: &Intake, status: StatusCode, why: &str) -> Ended {
    let page = Problem {
        style: STYLE,
        organisation: &edge.engine.account().organisation,
        heading: "This cannot go on",
        message: why,
        request: intake.head.id.to_string(),
    };
    Ended {
        told: Told {
            // A page that cannot be made is an empty one.
            body: Some(page.render().unwrap_or_default()),
            ..Told::bare(status)
        },
        refusal: Some(("OAUTH_AUTHORIZE", why.to_owned())),
    }
}

fn deny(edge: &Edge, denial: &Denial) -> Ended {
    let description = described(denial.description);
    let parameters = [
        ("error", denial.error),
        ("error_description", description.as_str()),
    ];
    Ended {
        told: sent(
            edge,
            &denial.redirect_uri,
            denial.state.as_deref(),
            &parameters,
        ),
        refusal: None,
    }
}

/// Logs what was told, and tells it.
async fn end(edge: &Edge, intake: &Intake, ended: Ended) -> Response<Body> {
    let (response, mut exchange) = written(edge, intake, ended.told);
    if let Some((code, detail)) = ended.refusal {
        exchange.row.outcome = Outcome::Refused;
        exchange.row.code = Some(code.to_owned());
        exchange.detail = Some(detail);
    }
    edge.record_stranger(&intake.head.peer, exchange).await;
    response
}

/// Where single sign-on begins that leads back here.
fn sso_link(edge: &Edge) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("RelayState", &action(edge))
        .finish();
    let base = action(edge);
    let base = base.strip_suffix(AUTHORIZE).unwrap_or_default();
    format!("{base}{SIGN_IN_PATH}?{query}")
}

/// What is asked for, as a query.
fn question(visit: &Visit) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(visit.asked.fields())
        .finish()
}

/// What a ticket is bound to.
fn bound(visit: &Visit) -> String {
    let fields = visit.asked.fields();
    let text: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name} {} {value}", value.len()))
        .collect();
    format!("{}\n{}", visit.browser, text.join("\n"))
}

/// Whether a browser that says where a form comes from says that it comes from here (Fetch Metadata).
pub(in crate::server) fn is_same_origin(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_none_or(|site| site.as_bytes() == b"same-origin")
}

fn unavailable(error: &EngineError) -> Rejection {
    Rejection::OAuth(OAuthFailure::engine(error))
}
