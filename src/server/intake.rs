//! One request on its way in: its head, its body still on the wire, and the exchange that grows until it is logged.

use std::net::IpAddr;
use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use hyper::body::{Body as _, Incoming};
use jiff::Timestamp;

use super::bearer::{self, Bearer};
use super::body;
use super::capture::Arrival;
use super::connection::Peer;
use super::edge::Edge;
use super::peers::Failure;
use super::rejection::Rejection;
use super::told::{Dialect, told};
use crate::directory::{RequestId, Stage, TraceStep};
use crate::engine::{AuthFailure, Grant};
use crate::explain;
use crate::request_log::Exchange;
use crate::scim::dialect::TOKEN_SPACING;
use crate::store::rows::TokenScope;

/// What is known of a request before its body is read.
pub(super) struct Head {
    /// Its id.
    pub id: RequestId,
    /// When its head was complete.
    pub at: Timestamp,
    /// The same, to measure from.
    pub arrived: Instant,
    /// Method, target and headers.
    pub parts: Parts,
    /// Who sent it.
    pub peer: Peer,
}

/// A request on its way in.
pub(super) struct Intake {
    /// What is known of it.
    pub head: Head,
    /// What will be logged.
    pub exchange: Exchange,
    body: Option<Incoming>,
    /// Whether it came with a valid token.
    authenticated: bool,
}

impl Head {
    fn exchange(&self, edge: &Edge) -> Exchange {
        edge.capture.begin(&Arrival {
            id: self.id,
            at: self.at,
            peer: self.peer.shown.clone(),
            method: &self.parts.method,
            uri: &self.parts.uri,
            headers: &self.parts.headers,
        })
    }
}

impl Intake {
    /// Takes a request in. From here on it has an id.
    pub(super) fn new(edge: &Edge, peer: Peer, request: Request<Incoming>) -> Self {
        let (parts, body) = request.into_parts();
        let peer = if edge.behind_proxy {
            forwarded_for(&parts.headers).map_or(peer, |address| Peer {
                address: Some(address),
                shown: address.to_string(),
            })
        } else {
            peer
        };
        let head = Head {
            id: edge.engine.next_request_id(),
            at: Timestamp::now(),
            arrived: Instant::now(),
            parts,
            peer,
        };
        Self {
            exchange: head.exchange(edge),
            head,
            body: Some(body),
            authenticated: false,
        }
    }

    /// A request that was handed on once, to tell of it after what it was handed to has failed.
    pub(super) fn again(edge: &Edge, head: Head, token: String, body: &[u8]) -> Self {
        let mut exchange = head.exchange(edge);
        exchange.row.token = Some(token);
        edge.capture.add_body(&mut exchange.request, body);
        Self {
            exchange,
            head,
            body: None,
            authenticated: true,
        }
    }

    /// Lets in whoever brings a token of this scope.
    pub(super) async fn authenticate(
        &mut self,
        edge: &Edge,
        scope: TokenScope,
    ) -> Result<Grant, Rejection> {
        let rejection = match bearer::read(&self.head.parts.headers) {
            _ if has_token(self.head.parts.uri.query()) => Rejection::TokenInUrl(Some(scope)),
            Bearer::Absent => Rejection::NoToken(Some(scope)),
            Bearer::Malformed(fault) => Rejection::Malformed(fault, Some(scope)),
            Bearer::Token {
                secret,
                odd_spacing,
            } => {
                if odd_spacing {
                    self.note(TraceStep::noted(
                        Stage::Authenticate,
                        TOKEN_SPACING.noted("odd spacing around the token"),
                    ));
                }
                match edge.engine.authenticate(&secret, scope).await {
                    Ok(grant) => return self.admit(edge, grant),
                    Err(failure) => {
                        self.exchange.row.token = token_name(&failure);
                        Rejection::Token(failure, Some(scope))
                    }
                }
            }
        };
        if matches!(rejection, Rejection::Token(AuthFailure::Unavailable, _)) {
            return Err(rejection);
        }
        Err(self.failed(edge, rejection))
    }

    /// Lets a grant in, unless it goes too fast. Admins are not held up: they are who looks when something does.
    fn admit(&mut self, edge: &Edge, grant: Grant) -> Result<Grant, Rejection> {
        self.let_in(&grant.name);
        self.note(TraceStep::passed(
            Stage::Authenticate,
            match grant.client {
                Some(_) => format!("access token of the OAuth client {}", grant.name),
                None => format!("token {}", grant.name),
            },
        ));
        if let Some(end) = grant.retires {
            self.note(TraceStep::noted(
                Stage::Authenticate,
                format!("this is the old secret of a rotated token; it works until {end}"),
            ));
        }
        if grant.scope == TokenScope::Scim {
            edge.callers.admit(grant.caller())?;
        }
        Ok(grant)
    }

    /// Notes who asks: from here on the request counts as authenticated.
    pub(super) fn let_in(&mut self, name: &str) {
        self.authenticated = true;
        self.exchange.row.token = Some(name.to_owned());
        // OneLogin sends no User-Agent; whom the admin made the token for is known all the same.
        if self.exchange.row.idp.is_none() {
            self.exchange.row.idp = explain::idp_of_name(name).map(str::to_owned);
        }
    }

    /// Counts a failed authentication. Who fails too often is told to wait instead of why.
    pub(super) fn failed(&mut self, edge: &Edge, rejection: Rejection) -> Rejection {
        match edge.peers.fail(self.head.peer.address, self.head.arrived) {
            Failure::Counted => rejection,
            Failure::TooMany { retry_after } => {
                self.note(rejection.step());
                Rejection::Throttled { retry_after }
            }
        }
    }

    /// Notes that the request came with a valid token of another kind.
    pub(super) fn trust(&mut self, with: String) {
        self.authenticated = true;
        self.note(TraceStep::passed(Stage::Authenticate, with));
    }

    /// Adds a step to the trace.
    pub(super) fn note(&mut self, step: TraceStep) {
        self.exchange.trace.push(step);
    }

    /// Whether the request has a body.
    pub(super) fn has_body(&self) -> bool {
        self.body.as_ref().is_some_and(|body| !body.is_end_stream())
    }

    /// Reads the body, `most` bytes of it at most, and logs it.
    pub(super) async fn read_body(&mut self, edge: &Edge, most: usize) -> Result<Bytes, Rejection> {
        let Some(incoming) = self.body.as_mut().filter(|body| !body.is_end_stream()) else {
            return Ok(Bytes::new());
        };
        match body::read(incoming, most, edge.limits.body_timeout).await {
            Ok(body) => {
                edge.capture.add_body(&mut self.exchange.request, &body);
                if self.exchange.row.idp.is_none() {
                    let text = self.exchange.request.body.as_deref();
                    self.exchange.row.idp = explain::idp_guess(None, None, text).map(str::to_owned);
                }
                Ok(body)
            }
            Err(unread) => {
                self.exchange.request.body_bytes = unread.bytes;
                Err(unread.rejection)
            }
        }
    }

    /// The request as it came, to be read elsewhere. It is not logged then.
    pub(super) fn into_request(self) -> Request<Body> {
        let body = self.body.map_or_else(Body::empty, Body::new);
        Request::from_parts(self.head.parts, body)
    }

    /// Turns the request away: logs it, and answers.
    pub(super) async fn refuse(
        mut self,
        edge: &Edge,
        rejection: &Rejection,
        dialect: Dialect,
    ) -> Response<Body> {
        // Whoever sends two hosts may mean the next request otherwise, too.
        let ends = self.has_body() || *rejection == Rejection::BadHost;
        let mut exchange = self.exchange;
        rejection.tell(&mut exchange);
        let (mut response, text) = told(rejection, &exchange, dialect);
        if ends {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        exchange.row.duration_us =
            u64::try_from(self.head.arrived.elapsed().as_micros()).unwrap_or(u64::MAX);
        exchange.response.headers = edge.capture.headers(response.headers());
        edge.capture
            .add_body(&mut exchange.response, text.as_bytes());
        // A client that goes too fast must not push everybody else out of the log.
        let is_flood = matches!(rejection, Rejection::RateLimited { .. });
        if let Some(consent) = rejection.ends() {
            edge.engine.end_reused(consent, exchange).await;
        } else if self.authenticated && !is_flood {
            edge.engine.record(exchange).await;
        } else {
            edge.record_stranger(&self.head.peer, exchange).await;
        }
        if let Some(body) = self.body.take()
            && !body.is_end_stream()
            && !self.head.parts.headers.contains_key(header::EXPECT)
        {
            let limits = edge.limits.clone();
            edge.work
                .spawn(async move { body::drain(body, &limits).await });
        }
        response
    }
}

/// The client as the proxy next to us names it: the last address of the last `X-Forwarded-For`. Those before it are
/// whatever the client claims.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?;
    value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Whether a query has the parameter in which RFC 6750 §2.3 would put a token.
fn has_token(query: Option<&str>) -> bool {
    query.is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
    })
}

fn token_name(failure: &AuthFailure) -> Option<String> {
    match failure {
        AuthFailure::Revoked { name }
        | AuthFailure::Expired { name }
        | AuthFailure::WrongScope { name } => Some(name.clone()),
        AuthFailure::Unknown | AuthFailure::Unavailable => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one(&["192.0.2.1"], Some("192.0.2.1"))]
    #[case::spoofed(&["198.51.100.1, 192.0.2.1"], Some("192.0.2.1"))]
    #[case::spoofed_header(&["198.51.100.1", "192.0.2.1"], Some("192.0.2.1"))]
    #[case::ipv6(&["2001:db8::1"], Some("2001:db8::1"))]
    #[case::nonsense(&["unknown"], None)]
    #[case::none(&[], None)]
    fn the_proxy_s_word_counts(#[case] values: &[&'static str], #[case] expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        assert_eq!(
            forwarded_for(&headers),
            expected.map(|text| text.parse().unwrap())
        );
    }
}
