//! What a client asks a list for, by query parameters or by a search request (RFC 7644 §3.4.2, §3.4.3, RFC
//! 9865).
//!
//! Unknown parameters are passed over: Entra's `aadOptscim062020` may reach the server, and others will come.

use serde_json::Value;

use super::sort::{SortBy, SortOrder, unknown_sort};
use crate::scim::dialect::{Coercion, quoted};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Filter, FilterScope, ParsedFilter, UnknownAttribute};
use crate::scim::limits::Limits;
use crate::scim::projection::Projection;
use crate::scim::schema::{Registry, ResourceKind};

/// The schema URN of a search request.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// A list as asked for, over one resource type.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// Which resources.
    pub filter: Option<Filter>,
    /// Where the page begins.
    pub paging: Paging,
    /// How many at most; within the limit. Zero asks for the total alone.
    pub count: u64,
    /// By what to sort; by creation where the client does not say.
    pub sort_by: Option<SortBy>,
    /// In which direction.
    pub sort_order: SortOrder,
    /// Which attributes of each.
    pub projection: Projection,
    /// The rules that fired.
    pub notes: Vec<Coercion>,
}

/// The two ways of paging. RFC 9865 §2.4: the client chooses by the parameter it sends; without one, it is the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paging {
    /// By the place of the first resource, counted from one (RFC 7644 §3.4.2.4).
    Index(u64),
    /// By the cursor of an earlier page, `None` for the first one (RFC 9865 §2).
    Cursor(Option<String>),
}

/// The parameters before they are understood.
#[derive(Default)]
struct Raw {
    filter: Option<String>,
    start_index: Option<i64>,
    /// The count, or what is wrong with it: how that is told depends on the way of paging.
    count: Option<Result<i64, ScimError>>,
    /// Empty for the first page.
    cursor: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    attributes: Vec<String>,
    excluded: Vec<String>,
}

/// One type's reading of the parameters, and the names it does not know.
struct Understood {
    query: ListQuery,
    unknown: Vec<String>,
}

impl ListQuery {
    /// Reads decoded query parameters. Of one that is given twice the last counts.
    pub fn parse<'q>(
        registry: &Registry,
        kind: ResourceKind,
        limits: &Limits,
        pairs: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self, ScimError> {
        let raw = Raw::from_pairs(pairs)?;
        Ok(raw.understand(registry, in_one(kind), limits)?.query)
    }

    /// Reads the body of `POST …/.search` of one resource type (RFC 7644 §3.4.3).
    pub fn search(
        registry: &Registry,
        kind: ResourceKind,
        limits: &Limits,
        body: &Value,
    ) -> Result<Self, ScimError> {
        let raw = Raw::from_body(body)?;
        Ok(raw.understand(registry, in_one(kind), limits)?.query)
    }

    /// Reads the body of `POST /.search`: what it asks of each resource type. An attribute that only one type has has no
    /// value in the other (RFC 7644 §3.4.2.1); one that no type has is a mistake.
    pub fn search_all(
        registry: &Registry,
        limits: &Limits,
        body: &Value,
    ) -> Result<Vec<(ResourceKind, Self)>, ScimError> {
        let raw = Raw::from_body(body)?;
        let mut queries = Vec::new();
        let mut unknown: Option<Vec<String>> = None;
        for kind in ResourceKind::ALL {
            let scope = FilterScope {
                kind,
                unknown: UnknownAttribute::NoValue,
            };
            let understood = raw.understand(registry, scope, limits)?;
            unknown = Some(match unknown {
                None => understood.unknown,
                Some(mut before) => {
                    before.retain(|name| understood.unknown.contains(name));
                    before
                }
            });
            queries.push((kind, understood.query));
        }
        if let Some(name) = unknown.into_iter().flatten().next() {
            return Err(ScimError::bad_request(
                ScimType::InvalidFilter,
                format!(
                    "filter: no resource type has an attribute {}",
                    quoted(&name)
                ),
            ));
        }
        let sorts_by_nothing = queries
            .iter()
            .all(|(_, query)| query.sort_by == Some(SortBy::NoValue));
        if sorts_by_nothing {
            return Err(unknown_sort(
                "resource",
                raw.sort_by.as_deref().unwrap_or_default(),
            ));
        }
        Ok(queries)
    }
}

fn in_one(kind: ResourceKind) -> FilterScope {
    FilterScope {
        kind,
        unknown: UnknownAttribute::Refuse,
    }
}

impl Raw {
    fn from_pairs<'q>(
        pairs: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Self, ScimError> {
        let mut raw = Self::default();
        let names = |text: &str| text.split(',').map(str::to_owned).collect();
        for (name, value) in pairs {
            let value = value.trim();
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            if is("cursor") {
                // RFC 9865 §2: an empty one asks for the first page.
                raw.cursor = Some(value.to_owned());
            } else if value.is_empty() {
                // As if it were not there.
            } else if is("filter") {
                raw.filter = Some(value.to_owned());
            } else if is("startIndex") {
                raw.start_index = Some(integer("startIndex", value)?);
            } else if is("count") {
                raw.count = Some(integer("count", value));
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
        Ok(raw)
    }

    fn from_body(body: &Value) -> Result<Self, ScimError> {
        let Value::Object(fields) = body else {
            return Err(ScimError::invalid_syntax(
                "the body must be a JSON object, a SearchRequest",
            ));
        };
        let mut raw = Self::default();
        let mut schemas = None;
        for (name, value) in fields {
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            if value.is_null() {
                continue;
            }
            if is("schemas") {
                schemas = Some(value);
            } else if is("filter") {
                raw.filter = Some(text("filter", value)?);
            } else if is("startIndex") {
                raw.start_index = Some(number("startIndex", value)?);
            } else if is("count") {
                raw.count = Some(number("count", value));
            } else if is("cursor") {
                // RFC 9865 §3: as in a GET.
                let cursor = value.as_str().ok_or_else(|| {
                    ScimError::bad_request(ScimType::InvalidCursor, "cursor: must be a string")
                })?;
                raw.cursor = Some(cursor.trim().to_owned());
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
        // RFC 7644 §3.4.3: the body is told apart by its schema, which it must name.
        check_schemas(schemas)?;
        raw.sort_by = raw.sort_by.filter(|word| !word.trim().is_empty());
        raw.sort_order = raw.sort_order.filter(|word| !word.trim().is_empty());
        Ok(raw)
    }

    fn understand(
        &self,
        registry: &Registry,
        scope: FilterScope,
        limits: &Limits,
    ) -> Result<Understood, ScimError> {
        let parsed = match self.filter.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(Filter::parse_in(registry, scope, text)?),
        };
        let (filter, notes, unknown) = match parsed {
            None => (None, Vec::new(), Vec::new()),
            Some(ParsedFilter {
                filter,
                notes,
                unknown,
            }) => (Some(filter), notes, unknown),
        };
        let (paging, count) = self.paging(limits)?;
        let projection =
            Projection::from_names(registry, scope.kind, &self.attributes, &self.excluded)?;
        let sort_by = match &self.sort_by {
            None => None,
            Some(word) => Some(SortBy::parse(registry, scope, word.trim())?),
        };
        let sort_order = SortOrder::parse(self.sort_order.as_deref().map(str::trim))?;
        Ok(Understood {
            query: ListQuery {
                filter,
                paging,
                count,
                // RFC 7644 §3.4.2.3: the order alone says nothing.
                sort_order: match sort_by {
                    Some(_) => sort_order,
                    None => SortOrder::Ascending,
                },
                sort_by,
                projection,
                notes,
            },
            unknown,
        })
    }

    fn paging(&self, limits: &Limits) -> Result<(Paging, u64), ScimError> {
        // RFC 7644 §3.4.2.4, RFC 9865 §2: below one means one, a negative count means none.
        let clamp = |number: i64, least: u64| u64::try_from(number).unwrap_or(0).max(least);
        let Some(cursor) = &self.cursor else {
            let count = match &self.count {
                None => limits.default_count,
                Some(count) => clamp(count.clone()?, 0),
            };
            let start = self.start_index.map_or(1, |start| clamp(start, 1));
            return Ok((Paging::Index(start), count.min(limits.max_results)));
        };
        // RFC 9865 §2.4: each of the two asks for a way of paging, and there is no third one that would be both.
        if self.start_index.is_some() {
            return Err(ScimError::invalid_value(
                "startIndex",
                "pages are asked for by startIndex or by cursor, not by both",
            ));
        }
        let invalid_count = |detail: String| ScimError::bad_request(ScimType::InvalidCount, detail);
        let count = match &self.count {
            None => limits.default_count,
            Some(Ok(count)) => clamp(*count, 0),
            Some(Err(error)) => return Err(invalid_count(error.detail.clone())),
        };
        // RFC 9865 §2.1, table 3.
        if count > limits.max_results {
            return Err(invalid_count(format!(
                "count: a page holds at most {} resources",
                limits.max_results
            )));
        }
        let cursor = (!cursor.is_empty()).then(|| cursor.clone());
        Ok((Paging::Cursor(cursor), count))
    }
}

fn check_schemas(value: Option<&Value>) -> Result<(), ScimError> {
    let urns = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
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
