//! What somebody sees of themselves, and the way out. Every form carries a ticket that is bound to the session.

use http::StatusCode;
use jiff::Timestamp;

use super::form::Fields;
use super::login::{Ways, not_ours, ways};
use super::page::{AccountPage, Logout, Notice, SessionLine};
use super::reply::{self, Reply, frame, unavailable};
use super::{FORM_BYTES, cookies, saml};
use crate::counted::counted;
use crate::directory::{ObjectKind, Stage, TraceStep};
use crate::engine::EngineError;
use crate::engine::sso::{OwnSessions, PasswordProof, SessionHolder, SignInMethod, SignInOutcome};
use crate::request_log::Subject;
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::oauth::is_same_origin;
use crate::server::rejection::Rejection;

/// Which form a ticket is for: all of this page.
const FORM: &str = "account";

/// Whoever is signed in, noted; or where to sign in.
async fn known(
    edge: &Edge,
    intake: &mut Intake,
) -> Result<Result<SessionHolder, Reply>, Rejection> {
    let Some(holder) = cookies::holder(edge, intake).await? else {
        return Ok(Err(Reply::to(edge, "/login?to=%2Faccount")));
    };
    intake.exchange.row.subject = Some(Subject {
        kind: ObjectKind::Member,
        id: Some(holder.member.to_string()),
        label: holder.user_name.clone(),
    });
    intake.note(TraceStep::passed(
        Stage::Authenticate,
        format!("the session of {}", holder.user_name),
    ));
    Ok(Ok(holder))
}

fn ticket(edge: &Edge, holder: &SessionHolder) -> String {
    edge.tickets
        .to_send(FORM, &holder.id.to_string(), Timestamp::now())
}

/// Shows the page.
pub(super) async fn show(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let holder = match known(edge, intake).await? {
        Ok(holder) => holder,
        Err(reply) => return Ok(reply),
    };
    let query = Fields::of_query(intake.head.parts.uri.query());
    let done = match query.text("done") {
        Some("sessions") => Some("The sessions have ended."),
        Some("password") => Some("Your password is changed, and your other sessions have ended."),
        _ => None,
    };
    page(edge, &holder, StatusCode::OK, None, done).await
}

async fn page(
    edge: &Edge,
    holder: &SessionHolder,
    status: StatusCode,
    message: Option<&str>,
    done: Option<&str>,
) -> Result<Reply, Rejection> {
    let engine = &edge.engine;
    let account = engine.account_view(holder.member).await;
    let account = account.map_err(|error| unavailable(&error))?;
    let access = engine.member_access(holder.member).await;
    let access = access.map_err(|error| unavailable(&error))?;
    let lines = account.sessions.iter();
    let page = AccountPage {
        frame: frame(edge),
        sessions: lines.map(|it| SessionLine::of(it, holder.id)).collect(),
        roles: access.roles,
        changes_password: changes_password(edge, holder, account.has_password),
        account,
        ticket: ticket(edge, holder),
        message,
        done,
    };
    Ok(Reply::page(status, &page)?.known())
}

/// Whether somebody has a password that is theirs to change: they signed in by it, or single sign-on does not rule.
fn changes_password(edge: &Edge, holder: &SessionHolder, has_password: bool) -> bool {
    has_password && (ways(edge) != Ways::Sso || holder.how == SignInMethod::Password)
}

/// Does what a form of the page asks for.
pub(super) async fn submit(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let (holder, fields) = match posted(edge, intake).await? {
        Ok(posted) => posted,
        Err(reply) => return Ok(reply),
    };
    let done = match fields.text("do") {
        Some("end_session") => {
            let id = fields.text("session").and_then(|it| it.parse().ok());
            end_sessions(edge, intake, &holder, id.map(OwnSessions::One)).await
        }
        Some("end_others") => end_sessions(edge, intake, &holder, Some(OwnSessions::Others)).await,
        Some("change_password") => return change_password(edge, intake, holder, &fields).await,
        _ => Err(EngineError::Invalid(
            "nothing of the page is asked for".into(),
        )),
    };
    match done {
        Ok(reply) => Ok(reply),
        Err(error @ (EngineError::Invalid(_) | EngineError::NotFound(_))) => {
            let message = error.to_string();
            let status = StatusCode::BAD_REQUEST;
            let page = page(edge, &holder, status, Some(&message), None).await?;
            Ok(page.because("SIGN_IN", message))
        }
        Err(error) => Ok(Reply::of_error(edge, intake, &error)),
    }
}

async fn change_password(
    edge: &Edge,
    intake: &Intake,
    holder: SessionHolder,
    fields: &Fields,
) -> Result<Reply, Rejection> {
    let secret = |name| {
        let given = fields.secret(name).cloned();
        given.unwrap_or_else(|| Secret::new(String::new()))
    };
    let proof = PasswordProof::Present(holder.clone(), secret("current_password"));
    let browser = saml::browser(intake);
    let chosen = edge
        .engine
        .choose_password(proof, secret("new_password"), browser);
    match Box::pin(chosen).await {
        Ok(SignInOutcome::SignedIn {
            session, expires, ..
        }) => {
            let cookie = cookies::set_session(edge, &session, expires);
            Ok(Reply::to(edge, "/account?done=password")
                .cookie(cookie)
                .logged())
        }
        Ok(SignInOutcome::Failed {
            retry_after: Some(seconds),
            ..
        }) => {
            let message = format!(
                "Too many attempts. Try again in {}.",
                counted(seconds, "second")
            );
            let status = StatusCode::TOO_MANY_REQUESTS;
            let page = page(edge, &holder, status, Some(&message), None).await?;
            Ok(page.retry_after(Some(seconds)).because("RATE_429", message))
        }
        Ok(
            SignInOutcome::Failed { reference, .. } | SignInOutcome::TestDriven { reference, .. },
        ) => {
            let message = format!(
                "The password is not changed: the present one is wrong, or it is not yours to change. Reference {reference}"
            );
            let status = StatusCode::FORBIDDEN;
            let page = page(edge, &holder, status, Some(&message), None).await?;
            Ok(page.logged())
        }
        Err(EngineError::Invalid(why)) => {
            let status = StatusCode::BAD_REQUEST;
            let page = page(edge, &holder, status, Some(&why), None).await?;
            Ok(page.because("SIGN_IN", why))
        }
        Err(error) => Ok(Reply::of_error(edge, intake, &error)),
    }
}

async fn end_sessions(
    edge: &Edge,
    intake: &Intake,
    holder: &SessionHolder,
    which: Option<OwnSessions>,
) -> Result<Reply, EngineError> {
    let which = which.ok_or_else(|| EngineError::NotFound("there is no such session".into()))?;
    let reply = || Reply::to(edge, "/account?done=sessions").known();
    let (_, exchange) = reply::written(edge, intake, reply());
    edge.engine
        .end_own_sessions(holder, which, exchange)
        .await?;
    Ok(reply().logged())
}

/// A form of somebody who is signed in, that comes from a page of ours.
async fn posted(
    edge: &Edge,
    intake: &mut Intake,
) -> Result<Result<(SessionHolder, Fields), Reply>, Rejection> {
    let body = intake.read_body(edge, FORM_BYTES).await?;
    let holder = match known(edge, intake).await? {
        Ok(holder) => holder,
        Err(reply) => return Ok(Err(reply)),
    };
    let headers = &intake.head.parts.headers;
    let fields = Fields::of_body(headers, &body);
    let is_same = is_same_origin(headers);
    let fields = fields.filter(|fields| {
        let ticket = fields.text("ticket").unwrap_or_default();
        let bound = holder.id.to_string();
        is_same
            && edge
                .tickets
                .may_send(FORM, ticket, &bound, Timestamp::now())
    });
    Ok(match fields {
        Some(fields) => Ok((holder, fields)),
        None => Err(not_ours(edge, intake, Some(("/account", "Your account")))),
    })
}

/// Asks whether somebody wants out: a link alone signs nobody out.
pub(super) async fn ask_to_sign_out(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let holder = match known(edge, intake).await? {
        Ok(holder) => holder,
        Err(reply) => return Ok(reply),
    };
    let page = Logout {
        frame: frame(edge),
        user_name: &holder.user_name,
        ticket: ticket(edge, &holder),
    };
    Ok(Reply::page(StatusCode::OK, &page)?.known())
}

/// Signs out.
pub(super) async fn sign_out(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    if let Err(reply) = posted(edge, intake).await? {
        return Ok(reply);
    }
    if let Some(secret) = cookies::session_secret(intake)
        && let Err(error) = edge.engine.sign_out(&secret).await
    {
        return Ok(Reply::of_error(edge, intake, &error));
    }
    let page = Notice {
        frame: frame(edge),
        heading: "You are signed out",
        text: None,
        reference: None,
        link: Some(("/login", "Sign in")),
    };
    let reply = Reply::page(StatusCode::OK, &page)?.known();
    Ok(reply.cookie(cookies::end_session(edge)))
}
