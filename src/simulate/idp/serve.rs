//! The test identity provider over HTTP: its metadata, the page to sign in, and the answer.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::net::TcpListener;

use super::page::{self, Page, SignIn};
use super::{Outcome, Person, ReceivedRequest, ResponseIds, TestIdp};

/// The path of its metadata.
pub const METADATA_PATH: &str = "/metadata";
/// The path of its page to sign in.
pub const SSO_PATH: &str = "/sso";
/// Bytes of a form, a request in it included.
const FORM_BYTES: usize = 64 * 1_024;

/// A test identity provider with its page.
#[derive(Debug)]
pub struct TestIdpServer {
    idp: TestIdp,
    people: Vec<Person>,
    /// The ids of the last answer, for the one that uses ids twice.
    last_ids: Mutex<Option<ResponseIds>>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    request: String,
    email: String,
    outcome: String,
}

impl TestIdpServer {
    /// Of an identity provider and whom it knows. An address that it does not know signs in with what the first one has.
    pub fn new(idp: TestIdp, people: Vec<Person>) -> Self {
        Self {
            idp,
            people,
            last_ids: Mutex::new(None),
        }
    }

    /// Answers until `stop` comes. The listener belongs on loopback: whoever reaches it can sign in as anybody.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let app = Router::new()
            .route(METADATA_PATH, get(metadata))
            .route("/", get(ask))
            .route(SSO_PATH, get(ask).post(answer))
            .layer(DefaultBodyLimit::max(FORM_BYTES))
            .with_state(Arc::new(self));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, app)
            .with_graceful_shutdown(stop)
            .await
    }

    fn person(&self, email: &str) -> Person {
        let known = self.people.iter().find(|it| it.email == email);
        let known = known.or(self.people.first()).cloned();
        Person {
            email: email.to_owned(),
            ..known.unwrap_or_default()
        }
    }

    fn ids(&self, outcome: Outcome) -> Option<ResponseIds> {
        let mut last = self.last_ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Outcome::ReplayedId, Some(ids)) = (outcome, last.as_ref()) {
            return Some(ids.clone());
        }
        let mut random = [[0_u8; 16]; 3];
        for bytes in &mut random {
            aws_lc_rs::rand::fill(bytes).ok()?;
        }
        let ids = ResponseIds::new(random);
        *last = Some(ids.clone());
        Some(ids)
    }

    /// What a query asks for; without one, nothing was asked.
    fn request(&self, query: &str) -> Result<ReceivedRequest, super::RequestFault> {
        if query.is_empty() {
            Ok(ReceivedRequest::unsolicited(None))
        } else {
            self.idp.read_request(query)
        }
    }
}

async fn metadata(State(server): State<Arc<TestIdpServer>>) -> Response {
    let kind = HeaderValue::from_static("application/samlmetadata+xml");
    ([(header::CONTENT_TYPE, kind)], server.idp.metadata()).into_response()
}

async fn ask(State(server): State<Arc<TestIdpServer>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match server.request(&query) {
        Ok(request) => shown(
            StatusCode::OK,
            page::sign_in(
                &server.idp,
                SignIn {
                    action: SSO_PATH,
                    query: &query,
                    request: &request,
                    people: &server.people,
                },
            ),
        ),
        Err(fault) => shown(StatusCode::BAD_REQUEST, page::problem(&fault)),
    }
}

async fn answer(State(server): State<Arc<TestIdpServer>>, Form(choice): Form<Choice>) -> Response {
    let request = match server.request(&choice.request) {
        Ok(request) => request,
        Err(fault) => return shown(StatusCode::BAD_REQUEST, page::problem(&fault)),
    };
    let Ok(outcome) = choice.outcome.parse::<Outcome>() else {
        return (StatusCode::BAD_REQUEST, "there is no such answer\n").into_response();
    };
    let Some(ids) = server.ids(outcome) else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "no random numbers\n").into_response();
    };
    let person = server.person(choice.email.trim());
    let now = Timestamp::now();
    match server.idp.respond(&request, &person, outcome, &ids, now) {
        Ok(response) => shown(StatusCode::OK, page::response(&response)),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

fn shown(status: StatusCode, page: Result<Page, askama::Error>) -> Response {
    let Ok(page) = page else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            page.content_security_policy,
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (status, headers, page.html).into_response()
}
