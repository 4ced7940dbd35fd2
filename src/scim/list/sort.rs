//! Sorting (RFC 7644 §3.4.2.3): by what, and the key of one resource.
//!
//! A [`SortKey`] is bytes whose order is the order of the attribute's type, so that keys of any attribute are compared,
//! stored and sealed into cursors alike. Invariant: the store's indexes order as these keys do.

use jiff::Timestamp;
use serde_json::{Number, Value};

use crate::scim::Attributes;
use crate::scim::date_time::parse_date_time;
use crate::scim::dialect::quoted;
use crate::scim::error::ScimError;
use crate::scim::filter::{FilterScope, UnknownAttribute};
use crate::scim::fold::fold;
use crate::scim::path::AttributePath;
use crate::scim::schema::{AttributeType, Registry, Resolution, Resolved, Returned};

/// Texts are told apart by this many bytes of their key; those that agree so far keep the order in which they were made.
pub const SORT_KEY_BYTES: usize = 1_024;

/// The direction of a sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first, and those without a value last.
    #[default]
    Ascending,
    /// Largest first, after those without a value.
    Descending,
}

impl SortOrder {
    /// Reads the keyword, whatever its case. RFC 7644 §3.4.2.3: ascending where the client does not say.
    pub(super) fn parse(word: Option<&str>) -> Result<Self, ScimError> {
        match word {
            None => Ok(Self::Ascending),
            Some(word) if word.eq_ignore_ascii_case("ascending") => Ok(Self::Ascending),
            Some(word) if word.eq_ignore_ascii_case("descending") => Ok(Self::Descending),
            Some(word) => Err(ScimError::invalid_value(
                "sortOrder",
                format!("{} is neither 'ascending' nor 'descending'", quoted(word)),
            )),
        }
    }
}

/// By what the resources of one type are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// An attribute.
    Attribute(SortAttribute),
    /// An attribute that this resource type does not have: none of its resources has a value.
    NoValue,
}

/// The attribute that resources are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortAttribute {
    /// Its path; for a complex one with `value` already that.
    pub path: AttributePath,
    /// Its type.
    pub kind: AttributeType,
    /// Whether case matters.
    pub case_exact: bool,
}

/// What a resource is sorted by: bytes that compare as the values do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey(Vec<u8>);

impl SortKey {
    /// The key of a text, already folded where case does not matter.
    pub fn text(text: &str) -> Self {
        let mut end = text.len().min(SORT_KEY_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self(text.as_bytes().get(..end).unwrap_or_default().to_vec())
    }

    /// The key of an instant, in nanoseconds since 1970, as far as 64 bits go.
    pub fn nanos(nanos: i64) -> Self {
        Self((nanos.cast_unsigned() ^ (1 << 63)).to_be_bytes().to_vec())
    }

    fn instant(at: Timestamp) -> Self {
        let nanos = at.as_nanosecond();
        let end = if nanos < 0 { i64::MIN } else { i64::MAX };
        Self::nanos(i64::try_from(nanos).unwrap_or(end))
    }

    /// Truth values in the order of their words, as indexes keep them: `false` before `true`.
    fn boolean(value: bool) -> Self {
        Self(value.to_string().into_bytes())
    }

    fn number(number: &Number) -> Option<Self> {
        // The sign bit is turned, and all bits of negative numbers, so that bytes compare as numbers do.
        let bits = number.as_f64()?.to_bits();
        let ordered = if bits >> 63 == 1 {
            !bits
        } else {
            bits | (1 << 63)
        };
        let mut bytes = ordered.to_be_bytes().to_vec();
        // Integers that one float stands for are told apart by what it lacks.
        if let Some(integer) = number.as_i128() {
            bytes.extend((integer.cast_unsigned() ^ (1 << 127)).to_be_bytes());
        }
        Some(Self(bytes))
    }

    /// A key that was taken apart with [`as_bytes`](Self::as_bytes).
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text it was made of.
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The nanoseconds it was made of.
    pub fn as_nanos(&self) -> Option<i64> {
        let bytes: [u8; 8] = self.0.as_slice().try_into().ok()?;
        Some((u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed())
    }
}

impl SortBy {
    /// Resolves `sortBy`.
    pub(super) fn parse(
        registry: &Registry,
        scope: FilterScope,
        word: &str,
    ) -> Result<Self, ScimError> {
        let Resolution::Attribute(resolved) = registry.resolve(scope.kind, word) else {
            return match scope.unknown {
                UnknownAttribute::NoValue => Ok(Self::NoValue),
                UnknownAttribute::Refuse => Err(unknown_sort(scope.kind.as_str(), word)),
            };
        };
        let hidden = resolved.attribute.returned == Returned::Never
            || resolved.leaf().returned == Returned::Never;
        if hidden {
            return Err(ScimError::invalid_value(
                "sortBy",
                format!("{} is never returned", resolved.path()),
            ));
        }
        // RFC 7644 §3.4.2.3: of a complex attribute the client names a part; where there is a `value`, it is meant.
        let resolved = match resolved.leaf().sub_attribute("value") {
            Some(value) => resolved.with_sub(value),
            None => resolved,
        };
        if resolved.leaf().is_complex() {
            let parts: Vec<&str> = resolved
                .leaf()
                .sub_attributes
                .iter()
                .map(|part| part.name.as_str())
                .collect();
            return Err(ScimError::invalid_value(
                "sortBy",
                format!(
                    "{} is complex; name one of its parts: {}",
                    resolved.path(),
                    parts.join(", ")
                ),
            ));
        }
        Ok(Self::Attribute(SortAttribute::of(&resolved)))
    }
}

/// The refusal of a `sortBy` that names nothing.
pub(super) fn unknown_sort(kind: &str, word: &str) -> ScimError {
    ScimError::invalid_value(
        "sortBy",
        format!("a {kind} has no attribute {}", quoted(word)),
    )
}

impl SortAttribute {
    fn of(resolved: &Resolved<'_>) -> Self {
        let path = resolved.path();
        // The URIs of one type differ in the id alone, and are not stored: they depend on how the client came here.
        if path == AttributePath::core_sub("meta", "location") {
            return Self {
                path: AttributePath::core("id"),
                kind: AttributeType::String,
                case_exact: true,
            };
        }
        Self {
            path,
            kind: resolved.leaf().kind,
            case_exact: resolved.leaf().case_exact,
        }
    }

    /// The key of a resource under canonical names; none where it has no value.
    ///
    /// `id`, `meta`, `schemas`, `groups` and `members` are looked at like any other attribute: a caller that sorts by them
    /// must put them in.
    pub fn key(&self, resource: &Attributes) -> Option<SortKey> {
        let attributes = match &self.path.schema {
            Some(urn) => resource.get(urn.as_str())?.as_object()?,
            None => resource,
        };
        let element = preferred(attributes.get(&self.path.attribute)?)?;
        let value = match &self.path.sub_attribute {
            Some(part) => preferred(element.get(part)?)?,
            None => element,
        };
        match (self.kind, value) {
            (_, Value::String(text)) if text.is_empty() => None,
            (AttributeType::DateTime, Value::String(text)) => {
                parse_date_time(text).map(SortKey::instant)
            }
            (_, Value::String(text)) if self.case_exact => Some(SortKey::text(text)),
            (_, Value::String(text)) => Some(SortKey::text(&fold(text))),
            (_, Value::Bool(value)) => Some(SortKey::boolean(*value)),
            (_, Value::Number(number)) => SortKey::number(number),
            (_, Value::Null | Value::Array(_) | Value::Object(_)) => None,
        }
    }
}

/// Of several values the primary one, else the first (RFC 7644 §3.4.2.3).
fn preferred(value: &Value) -> Option<&Value> {
    let Value::Array(values) = value else {
        return Some(value);
    };
    let primary = values
        .iter()
        .find(|value| value.get("primary") == Some(&Value::Bool(true)));
    primary.or_else(|| values.first())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::scim::schema::ResourceKind;

    fn by(word: &str) -> Result<SortAttribute, ScimError> {
        let scope = FilterScope {
            kind: ResourceKind::User,
            unknown: UnknownAttribute::Refuse,
        };
        match SortBy::parse(&Registry::standard(), scope, word)? {
            SortBy::Attribute(attribute) => Ok(attribute),
            SortBy::NoValue => panic!("no attribute"),
        }
    }

    fn key(word: &str, resource: Value) -> Option<SortKey> {
        let Value::Object(resource) = resource else {
            panic!("not an object");
        };
        by(word).expect(word).key(&resource)
    }

    #[rstest]
    #[case::simple("userName", json!({"userName": "ADA"}), Some("ada"))]
    #[case::qualified("urn:ietf:params:scim:schemas:core:2.0:User:userName", json!({"userName": "ADA"}), Some("ada"))]
    #[case::case_exact("externalId", json!({"externalId": "Ext"}), Some("Ext"))]
    #[case::part("name.familyName", json!({"name": {"familyName": "L"}}), Some("l"))]
    #[case::first("emails", json!({"emails": [{"value": "B"}, {"value": "a"}]}), Some("b"))]
    #[case::primary("emails", json!({"emails": [{"value": "b"}, {"value": "a", "primary": true}]}), Some("a"))]
    #[case::part_of_primary("emails.type", json!({"emails": [{"type": "work"}, {"type": "home", "primary": true}]}), Some("home"))]
    #[case::simple_values("customRole", json!({"urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User": {"customRole": ["x", "b"]}}), Some("x"))]
    #[case::extension("manager", json!({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "M"}}}), Some("M"))]
    #[case::location("meta.location", json!({"id": "7"}), Some("7"))]
    #[case::absent("title", json!({}), None)]
    #[case::null("title", json!({"title": null}), None)]
    #[case::empty("title", json!({"title": ""}), None)]
    #[case::no_values("emails", json!({"emails": []}), None)]
    fn texts_have_keys(
        #[case] word: &str,
        #[case] resource: Value,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(key(word, resource), expected.map(SortKey::text));
    }

    #[rstest]
    #[case::unknown("shoeSize", "no attribute")]
    #[case::complex("name", "name one of its parts: formatted")]
    #[case::hidden("password", "never returned")]
    fn what_cannot_be_sorted_by_is_refused(#[case] word: &str, #[case] expected: &str) {
        let error = by(word).unwrap_err();
        assert!(error.detail.contains(expected), "{}", error.detail);
    }

    #[test]
    fn truth_and_time_have_an_order() {
        assert!(key("active", json!({"active": false})) < key("active", json!({"active": true})));
        let at = |text: &str| key("meta.created", json!({"meta": {"created": text}}));
        assert!(at("2026-01-01T00:00:00Z") > at("2026-01-01T00:30:00+01:00"));
        assert_eq!(
            at("2026-01-01T00:00:00Z").and_then(|key| key.as_nanos()),
            Some(1_767_225_600_000_000_000)
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let key = SortKey::text(&"é".repeat(1_000));
        assert_eq!(key.as_text().map(str::len), Some(SORT_KEY_BYTES));
        let odd = SortKey::text(&format!("x{}", "é".repeat(1_000)));
        assert_eq!(odd.as_text().map(str::len), Some(SORT_KEY_BYTES - 1));
    }

    proptest! {
        #[test]
        fn integers_compare_as_their_keys(left in any::<i64>(), right in any::<i64>()) {
            let key = |number: i64| SortKey::number(&Number::from(number));
            prop_assert_eq!(key(left).cmp(&key(right)), left.cmp(&right));
            prop_assert_eq!(SortKey::nanos(left).cmp(&SortKey::nanos(right)), left.cmp(&right));
            prop_assert_eq!(SortKey::nanos(left).as_nanos(), Some(left));
        }

        #[test]
        fn decimals_compare_as_their_keys(left in -1e9_f64..1e9, right in -1e9_f64..1e9) {
            let key = |number: f64| Number::from_f64(number).as_ref().and_then(SortKey::number);
            prop_assert_eq!(Some(key(left).cmp(&key(right))), left.partial_cmp(&right));
        }

        #[test]
        fn texts_compare_as_their_keys(left in ".{0,12}", right in ".{0,12}") {
            prop_assert_eq!(SortKey::text(&left).cmp(&SortKey::text(&right)), left.cmp(&right));
        }
    }
}
