//! Cursors (RFC 9865): a place in a list, sealed, so that the server keeps nothing between two pages.
//!
//! A cursor is AES-256-GCM-SIV over the place, the direction, the query it belongs to, the page size and the second it
//! was issued in, written in base64url, whose characters are all unreserved (RFC 9865 §2, RFC 3986 §2.3). The nonce
//! follows from what is sealed, so that sealing needs no randomness; the mode is made to bear that. The key is derived
//! from a secret of the account: a cursor of another account or of nobody opens nothing.
//!
//! A cursor grants nothing: each page is asked for with a token of its own (RFC 9865 §5).

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use super::error::{ScimError, ScimType};
use super::list::{ListQuery, Place, SortBy, SortOrder};
use super::schema::ResourceKind;

/// No cursor of ours is longer, in characters.
const LONGEST: usize = 2_048;
/// The first byte of what is sealed; another one is another form.
const FORM: u8 = 1;

/// Which way a page lies from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Behind it, in the order of the list.
    Next,
    /// Before it.
    Previous,
}

/// What a cursor says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The place the page begins behind or ends before.
    pub place: Place,
    /// Which of them.
    pub direction: Direction,
}

/// Everything of a query that must stay the same from page to page (RFC 9865 §2): resource types, filter and order. The
/// page size is told apart, because it has a `scimType` of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryDigest([u8; 16]);

impl QueryDigest {
    /// The digest of a query over one or several resource types.
    pub fn of<'q>(queries: impl IntoIterator<Item = (ResourceKind, &'q ListQuery)>) -> Self {
        let mut digest = Context::new(&SHA256);
        let mut add = |part: &str| {
            // The length keeps parts apart.
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        };
        for (kind, query) in queries {
            add(kind.as_str());
            match &query.filter {
                Some(filter) => add(&filter.to_string()),
                None => add(""),
            }
            match &query.sort_by {
                Some(SortBy::Attribute(attribute)) => add(&attribute.path.to_string()),
                Some(SortBy::NoValue) => add("-"),
                None => add(""),
            }
            add(match query.sort_order {
                SortOrder::Ascending => "ascending",
                SortOrder::Descending => "descending",
            });
        }
        let mut short = [0; 16];
        let whole = digest.finish();
        for (to, from) in short.iter_mut().zip(whole.as_ref()) {
            *to = *from;
        }
        Self(short)
    }
}

/// What a cursor is good for.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The query.
    pub query: QueryDigest,
    /// The page size.
    pub count: u64,
    /// Now.
    pub now: Timestamp,
}

/// Seals and opens the cursors of one account.
pub struct CursorSeal {
    key: LessSafeKey,
    nonces: hmac::Key,
    /// How long a cursor is good, in seconds.
    timeout: u64,
}

impl std::fmt::Debug for CursorSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CursorSeal").finish_non_exhaustive()
    }
}

impl CursorSeal {
    /// The seal of the account with this secret. Its cursors are good for so many seconds (`cursorTimeout`).
    #[allow(
        clippy::missing_panics_doc,
        reason = "the length of the key is fixed, so that it cannot be wrong"
    )]
    pub fn new(secret: &[u8], timeout: u64) -> Self {
        let derive = |purpose: &str| {
            let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
            hmac::sign(&root, purpose.as_bytes())
        };
        let key = UnboundKey::new(&AES_256_GCM_SIV, derive("scim cursor: key").as_ref())
            .expect("a key of SHA-256's length is one of AES-256");
        Self {
            key: LessSafeKey::new(key),
            nonces: hmac::Key::new(hmac::HMAC_SHA256, derive("scim cursor: nonce").as_ref()),
            timeout,
        }
    }

    /// The cursor as text. A failure, which no input of this size is known to cause, is told: a page without its
    /// `nextCursor` would pass for the last one.
    pub fn seal(&self, cursor: &Cursor, usage: &Use) -> Result<String, ScimError> {
        self.sealed(cursor, usage)
            .ok_or_else(|| ScimError::new(500, "the cursor of the next page could not be sealed"))
    }

    fn sealed(&self, cursor: &Cursor, usage: &Use) -> Option<String> {
        let mut sealed = vec![
            FORM,
            match cursor.direction {
                Direction::Next => 0,
                Direction::Previous => 1,
            },
        ];
        sealed.extend(usage.query.0);
        sealed.extend(usage.count.to_be_bytes());
        sealed.extend(usage.now.as_second().to_be_bytes());
        sealed.extend(cursor.place.to_bytes());
        let tag = hmac::sign(&self.nonces, &sealed);
        let nonce: [u8; NONCE_LEN] = *tag.as_ref().first_chunk()?;
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut sealed,
            )
            .ok()?;
        let mut whole = nonce.to_vec();
        whole.append(&mut sealed);
        Some(URL_SAFE_NO_PAD.encode(whole))
    }

    /// What a client's cursor says. Refused with `invalidCursor` where it is not one of ours or belongs to another query,
    /// `invalidCount` where it belongs to another page size, `expiredCursor` where it is too old (RFC 9865 §2.1).
    pub fn open(&self, text: &str, usage: &Use) -> Result<Cursor, ScimError> {
        let parts = self.parts(text).ok_or_else(|| {
            invalid(
                "this is no cursor of this server; leave it empty for the first page, then send nextCursor as it came",
            )
        })?;
        if parts.query != usage.query {
            return Err(invalid(
                "it belongs to another query; endpoint, filter, sortBy and sortOrder must stay as they were",
            ));
        }
        if parts.count != usage.count {
            return Err(ScimError::bad_request(
                ScimType::InvalidCount,
                format!(
                    "count: the cursor belongs to pages of {}; count must stay as it was in the first request",
                    parts.count
                ),
            ));
        }
        let age = usage.now.as_second().saturating_sub(parts.issued);
        if u64::try_from(age).is_ok_and(|age| age > self.timeout) {
            return Err(ScimError::bad_request(
                ScimType::ExpiredCursor,
                format!(
                    "cursor: it was good for {} seconds; begin again with an empty one",
                    self.timeout
                ),
            ));
        }
        Ok(parts.cursor)
    }

    fn parts(&self, text: &str) -> Option<Parts> {
        if text.len() > LONGEST {
            return None;
        }
        let mut whole = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = whole.split_first_chunk_mut::<NONCE_LEN>()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::empty(), sealed).ok()?;
        let (head, rest) = opened.split_first_chunk::<2>()?;
        let direction = match head {
            [FORM, 0] => Direction::Next,
            [FORM, 1] => Direction::Previous,
            _ => return None,
        };
        let (query, rest) = rest.split_first_chunk::<16>()?;
        let (count, rest) = rest.split_first_chunk::<8>()?;
        let (issued, place) = rest.split_first_chunk::<8>()?;
        Some(Parts {
            query: QueryDigest(*query),
            count: u64::from_be_bytes(*count),
            issued: i64::from_be_bytes(*issued),
            cursor: Cursor {
                place: Place::from_bytes(place)?,
                direction,
            },
        })
    }
}

/// What was sealed.
struct Parts {
    query: QueryDigest,
    count: u64,
    issued: i64,
    cursor: Cursor,
}

fn invalid(why: &str) -> ScimError {
    ScimError::bad_request(ScimType::InvalidCursor, format!("cursor: {why}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::scim::list::{SORT_KEY_BYTES, SortKey};
    use crate::scim::{Limits, Registry};

    fn query(pairs: &[(&str, &str)]) -> QueryDigest {
        let kind = ResourceKind::User;
        let pairs = pairs.iter().copied();
        let query =
            ListQuery::parse(&Registry::standard(), kind, &Limits::default(), pairs).unwrap();
        QueryDigest::of([(kind, &query)])
    }

    fn usage() -> Use {
        Use {
            query: query(&[("filter", "userName sw \"J\"")]),
            count: 10,
            now: Timestamp::from_second(1_000_000).unwrap(),
        }
    }

    fn cursor() -> Cursor {
        Cursor {
            place: Place::new(Some(SortKey::text("jensen")), 42),
            direction: Direction::Next,
        }
    }

    fn seal() -> CursorSeal {
        CursorSeal::new(b"a secret", 600)
    }

    #[test]
    fn what_was_sealed_comes_back() {
        for direction in [Direction::Next, Direction::Previous] {
            let cursor = Cursor {
                direction,
                ..cursor()
            };
            let text = seal().seal(&cursor, &usage()).unwrap();
            assert_eq!(seal().open(&text, &usage()), Ok(cursor));
        }
    }

    #[test]
    fn the_longest_one_is_within_its_limit_and_unreserved() {
        let place = Place::new(Some(SortKey::text(&"x".repeat(9_999))), i64::MAX);
        let text = seal()
            .seal(&Cursor { place, ..cursor() }, &usage())
            .unwrap();
        assert!(
            text.len() > SORT_KEY_BYTES && text.len() <= LONGEST,
            "{}",
            text.len()
        );
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!(text.chars().all(unreserved), "{text}");
        assert!(seal().open(&text, &usage()).is_ok());
    }

    #[test]
    fn another_use_is_refused_by_its_name() {
        let text = seal().seal(&cursor(), &usage()).unwrap();
        let refused = |usage: &Use| seal().open(&text, usage).unwrap_err().scim_type;
        let count = Use {
            count: 11,
            ..usage()
        };
        assert_eq!(refused(&count), Some(ScimType::InvalidCount));
        let later = |seconds: i64| Use {
            now: Timestamp::from_second(1_000_000 + seconds).unwrap(),
            ..usage()
        };
        assert!(seal().open(&text, &later(600)).is_ok());
        assert!(seal().open(&text, &later(-5)).is_ok());
        assert_eq!(refused(&later(601)), Some(ScimType::ExpiredCursor));
        let stranger = CursorSeal::new(b"another secret", 600);
        let error = stranger.open(&text, &usage()).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidCursor));
    }

    #[rstest]
    #[case::no_filter(&[])]
    #[case::another_filter(&[("filter", "userName sw \"K\"")])]
    #[case::sorted(&[("filter", "userName sw \"J\""), ("sortBy", "userName")])]
    #[case::other_way(&[("filter", "userName sw \"J\""), ("sortBy", "userName"), ("sortOrder", "descending")])]
    fn another_query_is_refused(#[case] pairs: &[(&str, &str)]) {
        let text = seal().seal(&cursor(), &usage()).unwrap();
        let other = Use {
            query: query(pairs),
            ..usage()
        };
        let error = seal().open(&text, &other).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidCursor));
    }

    #[test]
    fn a_query_spelled_otherwise_is_the_same() {
        let other = query(&[("filter", "USERNAME SW \"J\""), ("attributes", "id")]);
        assert_eq!(other, usage().query);
    }

    proptest! {
        #[test]
        fn nothing_else_opens(text in ".{0,200}") {
            let error = seal().open(&text, &usage()).unwrap_err();
            prop_assert_eq!(error.scim_type, Some(ScimType::InvalidCursor));
        }

        #[test]
        fn a_changed_character_spoils_it(at in 0_usize..60, with in "[A-Za-z0-9_-]") {
            let text = seal().seal(&cursor(), &usage()).unwrap();
            let mut changed = text.clone();
            changed.replace_range(at..=at, &with);
            prop_assert_eq!(seal().open(&changed, &usage()).is_ok(), changed == text);
        }
    }
}
