//! What a client asks a list for, by query parameters or by a search request (RFC 7644 §3.4.2, §3.4.3).
//!
//! Unknown parameters are passed over: Entra's `aadOptscim062020` may reach the server, and others will come.

use serde_json::Value;

use crate::scim::dialect::{Coercion, quoted};
use crate::scim::error::ScimError;
use crate::scim::filter::{Filter, FilterScope, UnknownAttribute};
use crate::scim::limits::Limits;
use crate::scim::path::AttributePath;
use crate::scim::projection::Projection;
use crate::scim::schema::{Registry, Resolution, ResourceKind, Returned};

/// The schema URN of a search request.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// A list as asked for, over one resource type.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// Which resources.
    pub filter: Option<Filter>,
    /// The place of the first one, counted from one.
    pub start_index: u64,
    /// How many at most; within the limit. Zero asks for the total alone.
    pub count: u64,
    /// By what to sort.
    pub sort_by: Option<AttributePath>,
    /// In which direction.
    pub sort_order: SortOrder,
    /// Which attributes of each.
    pub projection: Projection,
    /// The rules that fired.
    pub notes: Vec<Coercion>,
}

/// The direction of a sort (RFC 7644 §3.4.2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// The parameters before they are understood.
#[derive(Default)]
struct Raw {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    attributes: Vec<String>,
    excluded: Vec<String>,
}

impl ListQuery {
    /// Reads decoded query parameters. Of one that is given twice the last counts.
    pub fn parse<'q>(
        registry: &Registry,
        kind: ResourceKind,
        limits: &Limits,
        pairs: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self, ScimError> {
        let scope = FilterScope {
            kind,
            unknown: UnknownAttribute::Refuse,
        };
        Self::parse_in(registry, scope, limits, pairs)
    }

    /// Reads decoded query parameters of a search that may be over several resource types.
    pub fn parse_in<'q>(
        registry: &Registry,
        scope: FilterScope,
        limits: &Limits,
        pairs: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self, ScimError> {
        let mut raw = Raw::default();
        let names = |text: &str| text.split(',').map(str::to_owned).collect();
        for (name, value) in pairs {
            let value = value.trim();
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            if value.is_empty() {
                continue;
            }
            if is("filter") {
                raw.filter = Some(value.to_owned());
            } else if is("startIndex") {
                raw.start_index = Some(integer("startIndex", value)?);
            } else if is("count") {
                raw.count = Some(integer("count", value)?);
            } else if is("sortBy") {
                raw.sort_by = Some(value.to_owned());
            } else if is("sortOrder") {
                raw.sort_order = Some(value.to_owned());
            } else if is("attributes") {
                raw.attributes = names(value);
            } else if is("excludedAttributes") {
                raw.excluded = names(value);
            }
        }
        raw.understand(registry, scope, limits)
    }

    /// Reads the body of `POST …/.search`.
    pub fn from_search_request(
        registry: &Registry,
        scope: FilterScope,
        limits: &Limits,
        body: &Value,
    ) -> Result<Self, ScimError> {
        let Value::Object(fields) = body else {
            return Err(ScimError::invalid_syntax(
                "the body must be a JSON object, a SearchRequest",
            ));
        };
        let mut raw = Raw::default();
        for (name, value) in fields {
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            if value.is_null() {
                continue;
            }
            if is("schemas") {
                check_schemas(value)?;
            } else if is("filter") {
                raw.filter = Some(text("filter", value)?);
            } else if is("startIndex") {
                raw.start_index = Some(number("startIndex", value)?);
            } else if is("count") {
                raw.count = Some(number("count", value)?);
            } else if is("sortBy") {
                raw.sort_by = Some(text("sortBy", value)?);
            } else if is("sortOrder") {
                raw.sort_order = Some(text("sortOrder", value)?);
            } else if is("attributes") {
                raw.attributes = texts("attributes", value)?;
            } else if is("excludedAttributes") {
                raw.excluded = texts("excludedAttributes", value)?;
            }
        }
        raw.understand(registry, scope, limits)
    }
}

impl Raw {
    fn understand(
        self,
        registry: &Registry,
        scope: FilterScope,
        limits: &Limits,
    ) -> Result<ListQuery, ScimError> {
        let parsed = match self.filter.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(Filter::parse_in(registry, scope, text)?),
        };
        let (filter, notes) = parsed.map_or((None, Vec::new()), |parsed| {
            (Some(parsed.filter), parsed.notes)
        });
        // RFC 7644 §3.4.2.4: below one means one, a negative count means none.
        let clamp = |number: i64, least: u64| u64::try_from(number).unwrap_or(0).max(least);
        let count = self
            .count
            .map_or(limits.default_count, |count| clamp(count, 0));
        let projection =
            Projection::from_names(registry, scope.kind, &self.attributes, &self.excluded)?;
        Ok(ListQuery {
            filter,
            start_index: self.start_index.map_or(1, |start| clamp(start, 1)),
            count: count.min(limits.max_results),
            sort_by: match self.sort_by {
                None => None,
                Some(word) => sort_path(registry, scope, &word)?,
            },
            sort_order: sort_order(self.sort_order.as_deref())?,
            projection,
            notes,
        })
    }
}

fn sort_path(
    registry: &Registry,
    scope: FilterScope,
    word: &str,
) -> Result<Option<AttributePath>, ScimError> {
    let Resolution::Attribute(resolved) = registry.resolve(scope.kind, word) else {
        return match scope.unknown {
            UnknownAttribute::NoValue => Ok(None),
            UnknownAttribute::Refuse => Err(ScimError::invalid_value(
                "sortBy",
                format!("a {} has no attribute {}", scope.kind, quoted(word)),
            )),
        };
    };
    if resolved.leaf().returned == Returned::Never {
        return Err(ScimError::invalid_value(
            "sortBy",
            format!("{} is never returned", resolved.path()),
        ));
    }
    // RFC 7644 §3.4.2.3: a complex attribute is sorted by its value.
    let resolved = match resolved.leaf().sub_attribute("value") {
        Some(value) => resolved.with_sub(value),
        None => resolved,
    };
    if resolved.leaf().is_complex() {
        return Err(ScimError::invalid_value(
            "sortBy",
            format!("{} is complex; name one of its parts", resolved.path()),
        ));
    }
    Ok(Some(resolved.path()))
}

fn sort_order(word: Option<&str>) -> Result<SortOrder, ScimError> {
    match word {
        None => Ok(SortOrder::Ascending),
        Some(word) if word.eq_ignore_ascii_case("ascending") => Ok(SortOrder::Ascending),
        Some(word) if word.eq_ignore_ascii_case("descending") => Ok(SortOrder::Descending),
        Some(word) => Err(ScimError::invalid_value(
            "sortOrder",
            format!("{} is neither 'ascending' nor 'descending'", quoted(word)),
        )),
    }
}

fn check_schemas(value: &Value) -> Result<(), ScimError> {
    let urns = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_search = |urn: &Value| {
        urn.as_str()
            .is_some_and(|urn| urn.eq_ignore_ascii_case(SEARCH_REQUEST))
    };
    if urns.iter().any(is_search) {
        return Ok(());
    }
    Err(ScimError::invalid_value(
        "schemas",
        format!("must be an array that contains {SEARCH_REQUEST}"),
    ))
}

/// An integer of any length; beyond what a count can be it is the largest one.
fn integer(name: &str, word: &str) -> Result<i64, ScimError> {
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScimError::invalid_value(
            name,
            format!("{} is not an integer", quoted(word)),
        ));
    }
    let limit = if word.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Ok(word.parse().unwrap_or(limit))
}

fn number(name: &str, value: &Value) -> Result<i64, ScimError> {
    match value {
        Value::Number(number) => integer(name, &number.to_string()),
        Value::String(word) => integer(name, word.trim()),
        _ => Err(ScimError::invalid_value(name, "must be an integer")),
    }
}

fn text(name: &str, value: &Value) -> Result<String, ScimError> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| ScimError::invalid_value(name, "must be a string"))
}

fn texts(name: &str, value: &Value) -> Result<Vec<String>, ScimError> {
    match value {
        Value::String(list) => Ok(list.split(',').map(str::to_owned).collect()),
        Value::Array(names) => names.iter().map(|value| text(name, value)).collect(),
        _ => Err(ScimError::invalid_value(
            name,
            "must be an array of strings",
        )),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::scim::error::ScimType;

    fn parse(pairs: &[(&str, &str)]) -> Result<ListQuery, ScimError> {
        let pairs = pairs.iter().copied();
        ListQuery::parse(
            &Registry::standard(),
            ResourceKind::User,
            &Limits::default(),
            pairs,
        )
    }

    #[rstest]
    #[case::nothing(&[], 1, 100)]
    #[case::plain(&[("startIndex", "11"), ("count", "10")], 11, 10)]
    #[case::below_one(&[("startIndex", "0")], 1, 100)]
    #[case::negative(&[("startIndex", "-5"), ("count", "-1")], 1, 0)]
    #[case::none(&[("count", "0")], 1, 0)]
    #[case::beyond_the_limit(&[("count", "100000")], 1, 1_000)]
    #[case::beyond_any_integer(&[("startIndex", "99999999999999999999"), ("count", "99999999999999999999")], 9_223_372_036_854_775_807, 1_000)]
    #[case::empty_values(&[("startIndex", ""), ("count", ""), ("filter", " ")], 1, 100)]
    #[case::odd_case(&[("STARTINDEX", "2")], 2, 100)]
    #[case::the_last_counts(&[("count", "5"), ("count", "6")], 1, 6)]
    fn pages_are_clamped(#[case] pairs: &[(&str, &str)], #[case] start: u64, #[case] count: u64) {
        let query = parse(pairs).unwrap();
        assert_eq!((query.start_index, query.count), (start, count));
    }

    #[rstest]
    #[case::words("count", "many")]
    #[case::fraction("startIndex", "1.5")]
    #[case::sign_alone("count", "-")]
    #[case::sort_order("sortOrder", "up")]
    #[case::sort_by_unknown("sortBy", "shoeSize")]
    #[case::sort_by_complex("sortBy", "name")]
    #[case::sort_by_password("sortBy", "password")]
    fn values_that_do_not_fit_are_refused(#[case] name: &str, #[case] value: &str) {
        let error = parse(&[(name, value)]).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
        assert!(error.detail.starts_with(name));
    }

    #[test]
    fn sorting_by_a_complex_attribute_is_by_its_value() {
        let query = parse(&[("sortBy", "EMAILS"), ("sortOrder", "Descending")]).unwrap();
        assert_eq!(
            query.sort_by,
            Some(AttributePath::core_sub("emails", "value"))
        );
        assert_eq!(query.sort_order, SortOrder::Descending);
    }

    /// RFC 7644 §3.4.3, the example.
    #[test]
    fn a_search_request_asks_the_same() {
        let scope = FilterScope {
            kind: ResourceKind::User,
            unknown: UnknownAttribute::NoValue,
        };
        let body = json!({
            "schemas": [SEARCH_REQUEST],
            "attributes": ["displayName", "userName"],
            "filter": "displayName sw \"smith\"",
            "startIndex": 1,
            "count": 10
        });
        let search = |body: &Value| {
            ListQuery::from_search_request(&Registry::standard(), scope, &Limits::default(), body)
        };
        let query = search(&body).unwrap();
        let same = parse(&[
            ("attributes", "displayName,userName"),
            ("filter", "displayName sw \"smith\""),
            ("startIndex", "1"),
            ("count", "10"),
        ]);
        assert_eq!(query, same.unwrap());
        assert!(search(&json!({ "schemas": [SEARCH_REQUEST] })).is_ok());
        for bad in [
            json!([]),
            json!({ "schemas": ["urn:x"] }),
            json!({ "count": {} }),
            json!({ "count": 1.5 }),
            json!({ "filter": 5 }),
            json!({ "attributes": [5] }),
        ] {
            assert_eq!(search(&bad).unwrap_err().status, 400, "{bad}");
        }
    }
}
