//! Tickets: what a form carries from one step of the authorization page to the next, sealed, so that nothing is kept here
//! between two requests but which of them were spent. A ticket is good for one request, one browser and a few minutes, to
//! decide with once, and not after a restart.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use crate::directory::MemberId;
use crate::engine::sign_in::SignedIn;
use crate::server::error::ServerError;

/// How long somebody may take to sign in, in seconds.
const TO_SIGN_IN: i64 = 600;
/// How long somebody who has signed in may take to decide, in seconds.
const TO_DECIDE: i64 = 300;

/// How long somebody may look at another form, in seconds.
const TO_SEND: i64 = 3_600;

/// Seals and opens tickets.
pub(in crate::server) struct Tickets {
    key: Key,
    /// Counts those that were made to decide with, so that no two are the same.
    made: AtomicU64,
    /// Those by which was decided, with their end: each is good once.
    spent: Mutex<BTreeMap<String, i64>>,
}

impl Tickets {
    /// With a key that nobody else has.
    pub(in crate::server) fn new() -> Result<Self, ServerError> {
        Ok(Self {
            key: Key::new(HMAC_SHA256, &random()?),
            made: AtomicU64::new(0),
            spent: Mutex::default(),
        })
    }

    /// The ticket of a form to sign in with. `bound` is what it belongs to: the browser and the request.
    pub(super) fn to_sign_in(&self, bound: &str, now: Timestamp) -> String {
        self.seal("sign-in", "", bound, now.as_second() + TO_SIGN_IN)
    }

    /// Whether a form to sign in comes from here.
    pub(super) fn may_sign_in(&self, ticket: &str, bound: &str, now: Timestamp) -> bool {
        self.open("sign-in", ticket, bound, now).is_some()
    }

    /// The ticket of a form to decide with: it says who has signed in.
    pub(super) fn to_decide(&self, who: &SignedIn, bound: &str, now: Timestamp) -> String {
        let made = self.made.fetch_add(1, Ordering::Relaxed);
        let holder = format!("{made} {} {}", who.member, who.name);
        self.seal("decide", &holder, bound, now.as_second() + TO_DECIDE)
    }

    /// Who decides.
    pub(super) fn who_decides(
        &self,
        ticket: &str,
        bound: &str,
        now: Timestamp,
    ) -> Option<SignedIn> {
        let holder = self.open("decide", ticket, bound, now)?;
        let (_, who) = holder.split_once(' ')?;
        let (member, name) = who.split_once(' ')?;
        Some(SignedIn {
            member: member.parse::<MemberId>().ok()?,
            name: name.to_owned(),
        })
    }

    /// The ticket of another form. `form` says which.
    pub(in crate::server) fn to_send(&self, form: &str, bound: &str, now: Timestamp) -> String {
        self.seal(form, "", bound, now.as_second() + TO_SEND)
    }

    /// Whether such a form comes from here.
    pub(in crate::server) fn may_send(
        &self,
        form: &str,
        ticket: &str,
        bound: &str,
        now: Timestamp,
    ) -> bool {
        self.open(form, ticket, bound, now).is_some()
    }

    /// Takes a good ticket to decide with out of use. Returns whether it was not yet.
    pub(super) fn spend(&self, ticket: &str, now: Timestamp) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.retain(|_, ends| *ends > now.as_second());
        let ends = ticket.split('.').next().and_then(|ends| ends.parse().ok());
        let ends = ends.unwrap_or_else(|| now.as_second() + TO_DECIDE);
        spent.insert(ticket.to_owned(), ends).is_none()
    }

    fn seal(&self, purpose: &str, holder: &str, bound: &str, ends: i64) -> String {
        let holder = URL_SAFE_NO_PAD.encode(holder);
        let seal = sign(&self.key, text(purpose, &holder, bound, ends).as_bytes());
        format!("{ends}.{holder}.{}", URL_SAFE_NO_PAD.encode(seal))
    }

    fn open(&self, purpose: &str, ticket: &str, bound: &str, now: Timestamp) -> Option<String> {
        let mut parts = ticket.split('.');
        let (ends, holder, seal) = (parts.next()?, parts.next()?, parts.next()?);
        let ends: i64 = ends.parse().ok()?;
        let seal = URL_SAFE_NO_PAD.decode(seal).ok()?;
        verify(
            &self.key,
            text(purpose, holder, bound, ends).as_bytes(),
            &seal,
        )
        .ok()?;
        let holder = URL_SAFE_NO_PAD.decode(holder).ok()?;
        (parts.next().is_none() && ends > now.as_second())
            .then(|| String::from_utf8(holder).ok())?
    }
}

/// What is sealed. No part but the last may hold a line feed.
fn text(purpose: &str, holder: &str, bound: &str, ends: i64) -> String {
    format!("{purpose}\n{ends}\n{holder}\n{bound}")
}

/// The name of a browser, for its cookie.
pub(in crate::server) fn new_browser() -> Result<String, ServerError> {
    Ok(URL_SAFE_NO_PAD.encode(random()?))
}

/// Whether a cookie's value is one that was given here.
pub(in crate::server) fn is_browser(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok()
}

fn random() -> Result<[u8; 32], ServerError> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| ServerError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_ticket_is_good_for_what_it_was_made_for() {
        let tickets = Tickets::new().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let later = Timestamp::from_second(TO_SIGN_IN + 1).unwrap();
        let ticket = tickets.to_sign_in("browser\nrequest", now);
        assert!(tickets.may_sign_in(&ticket, "browser\nrequest", now));
        assert!(!tickets.may_sign_in(&ticket, "browser\nanother", now));
        assert!(!tickets.may_sign_in(&ticket, "browser\nrequest", later));
        assert!(
            !Tickets::new()
                .unwrap()
                .may_sign_in(&ticket, "browser\nrequest", now)
        );
        // Who may sign in has not signed in.
        assert_eq!(tickets.who_decides(&ticket, "browser\nrequest", now), None);
        let who = SignedIn {
            member: MemberId(Uuid::nil()),
            name: "ada b@example.com".into(),
        };
        let ticket = tickets.to_decide(&who, "b", now);
        assert_eq!(tickets.who_decides(&ticket, "b", now), Some(who));
        assert!(tickets.spend(&ticket, now) && !tickets.spend(&ticket, now));
        for broken in ["", ".", "..", "9.x.y", &ticket[1..], &format!("{ticket}.")] {
            assert_eq!(tickets.who_decides(broken, "b", now), None, "{broken}");
        }
    }
}
