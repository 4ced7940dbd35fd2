//! Conditional requests: `If-Match` and `If-None-Match` (RFC 7644 §3.14, RFC 9110 §13). Pure.
//!
//! The version of a resource is its entity tag `W/"<n>"`. All comparisons are weak: RFC 9110 §13.1.1 asks for the strong
//! one in `If-Match`, which no weak tag ever passes, and RFC 7644 §3.14 uses weak tags there all the same.

use std::fmt;

use super::error::ScimError;
use super::limits;
use super::render::etag;

/// One of the two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityTags {
    /// `*`: any version.
    Any,
    /// Those listed, by their opaque part, quotes and all; `W/` says nothing to a weak comparison.
    Listed(Vec<String>),
}

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagFault {
    /// Not a list of entity tags.
    #[error("is no list of entity tags such as W/\"3\", and not *")]
    Malformed,
    /// More tags than anybody has versions.
    #[error("lists more than {} entity tags", limits::ENTITY_TAGS)]
    TooMany,
}

impl EntityTags {
    /// Reads the value of the header (RFC 9110 §8.8.3, §13.1.1). Several headers are one, joined by commas.
    pub fn parse(text: &str) -> Result<Self, TagFault> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text.trim_start_matches(is_gap);
        while !rest.is_empty() {
            // `W/` is case-sensitive.
            let quoted = rest.strip_prefix("W/").unwrap_or(rest);
            let inner = quoted.strip_prefix('"').ok_or(TagFault::Malformed)?;
            let (opaque, after) = inner.split_once('"').ok_or(TagFault::Malformed)?;
            if !opaque.chars().all(is_tag_character) {
                return Err(TagFault::Malformed);
            }
            if tags.len() >= limits::ENTITY_TAGS {
                return Err(TagFault::TooMany);
            }
            tags.push(format!("\"{opaque}\""));
            let next = after.trim_start_matches(is_space);
            if !next.is_empty() && !next.starts_with(',') {
                return Err(TagFault::Malformed);
            }
            rest = next.trim_start_matches(is_gap);
        }
        if tags.is_empty() {
            return Err(TagFault::Malformed);
        }
        Ok(Self::Listed(tags))
    }

    /// Whether this version is among them.
    pub fn names(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(tags) => {
                let tag = etag(version);
                let opaque = tag.trim_start_matches("W/");
                tags.iter().any(|listed| listed == opaque)
            }
        }
    }
}

impl fmt::Display for EntityTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Listed(tags) => {
                for (at, tag) in tags.iter().take(SHOWN).enumerate() {
                    let separator = if at == 0 { "" } else { ", " };
                    write!(f, "{separator}W/{tag}")?;
                }
                if tags.len() > SHOWN {
                    f.write_str(", …")?;
                }
                Ok(())
            }
        }
    }
}

/// How many tags an error repeats.
const SHOWN: usize = 4;

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// RFC 9110 §5.6.1.2: a recipient has to put up with empty elements of a list.
fn is_gap(c: char) -> bool {
    is_space(c) || c == ','
}

/// `etagc` of RFC 9110 §8.8.3: no blank, no control character, no quote.
fn is_tag_character(c: char) -> bool {
    c > ' ' && c != '\u{7f}'
}

/// The preconditions of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// `If-Match`: only one of these versions may be read or written.
    pub if_match: Option<EntityTags>,
    /// `If-None-Match`: none of these versions may be read or written.
    pub if_none_match: Option<EntityTags>,
}

/// Which condition does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// `If-Match`.
    Match(EntityTags),
    /// `If-None-Match`.
    NoneMatch(EntityTags),
}

impl Preconditions {
    /// Reads the two headers of a request that changes something. One that cannot be read is refused: the client asked
    /// for protection, and to write without it could overwrite what somebody else wrote.
    pub fn of_write(
        if_match: Option<&str>,
        if_none_match: Option<&str>,
    ) -> Result<Self, ScimError> {
        let read = |name: &str, text: Option<&str>| {
            text.map(EntityTags::parse)
                .transpose()
                .map_err(|fault| ScimError::new(400, format!("{name} {fault}")))
        };
        Ok(Self {
            if_match: read("If-Match", if_match)?,
            if_none_match: read("If-None-Match", if_none_match)?,
        })
    }

    /// Reads the two headers of a GET. A malformed `If-None-Match` is as good as none, since the whole answer is never
    /// wrong; a malformed `If-Match` is refused, since no answer to it is right.
    pub fn of_read(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<Self, ScimError> {
        let mut read = Self::of_write(if_match, None)?;
        read.if_none_match = if_none_match.and_then(|text| EntityTags::parse(text).ok());
        Ok(read)
    }

    /// Whether the client set no condition.
    pub fn is_empty(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Holds the conditions against the version there is, `If-Match` first (RFC 9110 §13.2.2). A resource that is yet to
    /// be created has none.
    pub fn check(&self, version: Option<u64>) -> Result<(), Unmet> {
        let names = |tags: &EntityTags| version.is_some_and(|version| tags.names(version));
        if let Some(tags) = &self.if_match
            && !names(tags)
        {
            return Err(Unmet::Match(tags.clone()));
        }
        if let Some(tags) = &self.if_none_match
            && names(tags)
        {
            return Err(Unmet::NoneMatch(tags.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::any("*", 3, true)]
    #[case::any_with_blanks("  *\t", 3, true)]
    #[case::weak("W/\"3\"", 3, true)]
    #[case::strong_compares_weakly("\"3\"", 3, true)]
    #[case::list("W/\"1\", \"2\" ,W/\"3\"", 3, true)]
    #[case::tight_list("W/\"1\",W/\"3\"", 3, true)]
    #[case::empty_elements(", ,W/\"3\",,", 3, true)]
    #[case::comma_within("\"1,3\", W/\"4\"", 3, false)]
    #[case::other("W/\"33\"", 3, false)]
    #[case::star_in_quotes("\"*\"", 3, false)]
    #[case::empty_tag("\"\"", 3, false)]
    fn tags_are_read_and_compared(#[case] text: &str, #[case] version: u64, #[case] names: bool) {
        assert_eq!(EntityTags::parse(text).unwrap().names(version), names);
    }

    #[rstest]
    #[case("")]
    #[case(" , ")]
    #[case("3")]
    #[case("W/3")]
    #[case("w/\"3\"")]
    #[case("W/ \"3\"")]
    #[case("\"3")]
    #[case("\"3\" \"4\"")]
    #[case("*, \"3\"")]
    #[case("\"3\", *")]
    #[case("\"a b\"")]
    fn others_are_malformed(#[case] text: &str) {
        assert_eq!(EntityTags::parse(text), Err(TagFault::Malformed));
        assert_eq!(
            Preconditions::of_write(None, Some(text))
                .unwrap_err()
                .status,
            400
        );
        assert_eq!(
            Preconditions::of_read(None, Some(text)),
            Ok(Preconditions::default())
        );
        assert_eq!(
            Preconditions::of_read(Some(text), None).unwrap_err().status,
            400
        );
    }

    #[test]
    fn a_list_has_a_limit() {
        let text = "\"1\",".repeat(limits::ENTITY_TAGS + 1);
        assert_eq!(EntityTags::parse(&text), Err(TagFault::TooMany));
    }

    /// RFC 9110 §13.2.2: `If-Match` is looked at first.
    #[rstest]
    #[case::none(None, None, Some(3), Ok(()))]
    #[case::both_hold(Some("W/\"3\""), Some("W/\"2\""), Some(3), Ok(()))]
    #[case::first_fails(Some("W/\"2\""), Some("W/\"3\""), Some(3), Err("match"))]
    #[case::second_fails(Some("*"), Some("*"), Some(3), Err("none"))]
    #[case::nothing_there_matches(Some("*"), None, None, Err("match"))]
    #[case::nothing_there_is_free(None, Some("*"), None, Ok(()))]
    fn if_match_comes_first(
        #[case] if_match: Option<&str>,
        #[case] if_none_match: Option<&str>,
        #[case] version: Option<u64>,
        #[case] expected: Result<(), &str>,
    ) {
        let preconditions = Preconditions::of_write(if_match, if_none_match).unwrap();
        let found = preconditions.check(version).map_err(|unmet| match unmet {
            Unmet::Match(_) => "match",
            Unmet::NoneMatch(_) => "none",
        });
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn no_header_panics_and_what_is_shown_is_read_again(text in ".{0,60}") {
            if let Ok(tags) = EntityTags::parse(&text)
                && !matches!(&tags, EntityTags::Listed(listed) if listed.len() > SHOWN)
            {
                prop_assert_eq!(EntityTags::parse(&tags.to_string()), Ok(tags));
            }
        }

        #[test]
        fn every_list_names_its_versions(versions in proptest::collection::vec(0_u64..1_000_000, 1..20)) {
            let text = versions.iter().map(|version| etag(*version)).collect::<Vec<_>>().join(", ");
            let tags = EntityTags::parse(&text).unwrap();
            for version in versions {
                prop_assert!(tags.names(version));
            }
        }
    }
}
