//! Sentences with gaps: `{Idp}'s request to {action} was refused.`
//!
//! `{name}` is a [`Gap`], filled from the exchange. `<<…>>` holds a part that is left out where one of its gaps has no
//! value: `<<The policy key is {policy}.>>`. A gap outside of such a part falls back to a word that is always true.

use serde::{Deserialize, Deserializer, de::Error};

use crate::nearest::nearest;

/// What a gap is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Who asked, at the beginning of a sentence: `Okta`, `The client`.
    IdpFirst,
    /// Who asked: `Okta`, `the client`.
    Idp,
    /// What was asked for: `create the member ada@x.io`.
    Action,
    /// The name of whom or what it was about.
    Subject,
    /// `member` or `team`.
    Kind,
    /// The HTTP method.
    Method,
    /// The path.
    Path,
    /// The HTTP status answered.
    Status,
    /// What the client was told.
    Detail,
    /// The `scimType` answered.
    ScimType,
    /// The name of the token.
    Token,
    /// The number of the request, `#4812`.
    Request,
    /// When it arrived, in UTC.
    Time,
    /// The policy key that decided.
    Policy,
    /// The attribute path that it is about.
    Attribute,
    /// The step that stopped it.
    Step,
    /// What was expected at that step.
    Expected,
    /// What came instead.
    Came,
    /// The filter that was sent.
    Filter,
    /// The address of the client.
    Peer,
    /// How long the body was.
    Size,
    /// After how many seconds to try again.
    RetryAfter,
    /// The request that this one repeats.
    RetryOf,
    /// What was tolerated.
    Tolerated,
    /// Codes that come near, where no rule matches.
    Nearest,
}

impl Gap {
    /// All of them with their names.
    const ALL: [(&'static str, Self); 25] = [
        ("Idp", Self::IdpFirst),
        ("idp", Self::Idp),
        ("action", Self::Action),
        ("subject", Self::Subject),
        ("kind", Self::Kind),
        ("method", Self::Method),
        ("path", Self::Path),
        ("status", Self::Status),
        ("detail", Self::Detail),
        ("scim_type", Self::ScimType),
        ("token", Self::Token),
        ("request", Self::Request),
        ("time", Self::Time),
        ("policy", Self::Policy),
        ("attribute", Self::Attribute),
        ("step", Self::Step),
        ("expected", Self::Expected),
        ("came", Self::Came),
        ("filter", Self::Filter),
        ("peer", Self::Peer),
        ("size", Self::Size),
        ("retry_after", Self::RetryAfter),
        ("retry_of", Self::RetryOf),
        ("tolerated", Self::Tolerated),
        ("nearest", Self::Nearest),
    ];

    /// What stands in the gap when there is no value.
    fn fallback(self) -> &'static str {
        match self {
            Self::IdpFirst => "The client",
            Self::Idp | Self::Peer => "the client",
            Self::Action => "do this",
            Self::Subject => "it",
            Self::Kind => "object",
            Self::Method => "the method",
            Self::Path => "the path",
            Self::Status => "an error",
            Self::Detail | Self::Step => "not known",
            Self::ScimType => "no scimType",
            Self::Token => "no token",
            Self::Request => "this request",
            Self::Time => "then",
            Self::Policy => "the policy",
            Self::Attribute => "an attribute",
            Self::Expected => "something else",
            Self::Came => "this",
            Self::Filter => "the filter",
            Self::Size => "an unknown number of",
            Self::RetryAfter => "a few",
            Self::RetryOf => "an earlier one",
            Self::Tolerated => "a deviation from the standard",
            Self::Nearest => "no rule comes near",
        }
    }
}

/// A sentence with gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Gap(Gap),
    /// Left out where one of its gaps has no value.
    Optional(Vec<Part>),
}

impl Template {
    /// Reads a sentence.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("<<") {
            let (before, after) = rest.split_at(at);
            let Some((inner, after)) = after.get(2..).unwrap_or_default().split_once(">>") else {
                return Err(format!("`<<` is never closed in: {text}"));
            };
            gaps(before, &mut parts)?;
            let mut optional = Vec::new();
            gaps(inner, &mut optional)?;
            if !optional.iter().any(|part| matches!(part, Part::Gap(_))) {
                return Err(format!("`<<…>>` holds no gap in: {text}"));
            }
            parts.push(Part::Optional(optional));
            rest = after;
        }
        gaps(rest, &mut parts)?;
        Ok(Self(parts))
    }

    /// The sentence with its gaps filled. Blanks that an omitted part leaves behind become one.
    pub(crate) fn fill(&self, value: impl Fn(Gap) -> Option<String>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Gap(gap) => match value(*gap) {
                    Some(value) => text.push_str(&value),
                    None => text.push_str(gap.fallback()),
                },
                Part::Optional(parts) => {
                    if let Some(filled) = fill_all(parts, &value) {
                        text.push_str(&filled);
                    }
                }
            }
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    }
}

fn fill_all(parts: &[Part], value: &impl Fn(Gap) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(words) => text.push_str(words),
            Part::Gap(gap) => text.push_str(&value(*gap)?),
            // The reader makes none within another.
            Part::Optional(_) => {}
        }
    }
    Some(text)
}

/// Reads text in which every brace is a gap's.
fn gaps(text: &str, parts: &mut Vec<Part>) -> Result<(), String> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err(format!("`{{` is never closed in: {text}"));
        };
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        let gap = Gap::ALL.iter().find(|(known, _)| *known == name);
        let Some((_, gap)) = gap else {
            let hint = nearest(name, Gap::ALL.iter().map(|(known, _)| *known))
                .map_or_else(String::new, |near| format!("; the nearest is `{{{near}}}`"));
            return Err(format!("there is no `{{{name}}}`{hint}"));
        };
        parts.push(Part::Gap(*gap));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(())
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn value(gap: Gap) -> Option<String> {
        (gap == Gap::Idp || gap == Gap::IdpFirst).then(|| "Okta".to_owned())
    }

    #[rstest]
    #[case("{Idp}'s request.", "Okta's request.")]
    #[case("{Idp} <<with {token}>> asked.", "Okta asked.")]
    #[case("<<Via {idp}>>, yes", "Via Okta, yes")]
    #[case("{token}", "no token")]
    #[case("members[value eq \"x\"]", "members[value eq \"x\"]")]
    fn gaps_are_filled(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(Template::parse(text).unwrap().fill(value), expected);
    }

    #[rstest]
    #[case("{Ipd} asked", "there is no `{Ipd}`; the nearest is `{Idp}`")]
    #[case("{idp", "`{` is never closed in: {idp")]
    #[case("<<{idp}", "`<<` is never closed in: <<{idp}")]
    #[case("<<always>>", "`<<…>>` holds no gap in: <<always>>")]
    fn what_is_wrong_is_told(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(Template::parse(text).unwrap_err(), expected);
    }

    #[test]
    fn every_fallback_is_a_word() {
        for (_, gap) in Gap::ALL {
            assert!(!gap.fallback().is_empty());
        }
    }
}
