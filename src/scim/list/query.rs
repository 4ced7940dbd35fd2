//! What a client asks a list for, by query parameters or by a search request (RFC 7644 §3.4.2, §3.4.3, RFC
//! 9865).
//!
//! Unknown parameters are passed over: Entra's `aadOptscim062020` may reach the server, and others will come.

use serde_json::Value;

use super::sort::{SortBy, SortOrder, unknown_sort};
use crate::scim::dialect::{self, Coercion, Notes, quoted};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Filter, FilterScope, UnknownAttribute};
use crate::scim::json::check_names;
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
    /// The rules that fired.
    notes: Notes,
}

/// A parameter of a list, in a query or a SearchRequest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameter {
    Filter,
    StartIndex,
    Count,
    Cursor,
    SortBy,
    SortOrder,
    Attributes,
    ExcludedAttributes,
}

impl Parameter {
    const ALL: [Self; 8] = [
        Self::Filter,
        Self::StartIndex,
        Self::Count,
        Self::Cursor,
        Self::SortBy,
        Self::SortOrder,
        Self::Attributes,
        Self::ExcludedAttributes,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::StartIndex => "startIndex",
            Self::Count => "count",
            Self::Cursor => "cursor",
            Self::SortBy => "sortBy",
            Self::SortOrder => "sortOrder",
            Self::Attributes => "attributes",
            Self::ExcludedAttributes => "excludedAttributes",
        }
    }

    /// The parameter of this name in any case.
    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|parameter| name.eq_ignore_ascii_case(parameter.as_str()))
    }
}

/// Whether this is the name of a parameter that asks for a list.
pub fn is_list_parameter(name: &str) -> bool {
    Parameter::named(name).is_some()
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
        let mut raw = Raw::default();
        raw.read_pairs(pairs)
            .and_then(|()| raw.understand(registry, in_one(kind), limits))
            .map(|understood| understood.query)
            .map_err(|error| error.after(raw.notes.into_vec()))
    }

    /// Reads decoded query parameters of the base URL, which asks all resource types (RFC 7644 §3.4.2, §3.4.2.1).
    pub fn parse_all<'q>(
        registry: &Registry,
        limits: &Limits,
        pairs: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Vec<(ResourceKind, Self)>, ScimError> {
        let mut raw = Raw::default();
        raw.read_pairs(pairs)
            .and_then(|()| raw.understand_all(registry, limits))
            .map_err(|error| error.after(raw.notes.into_vec()))
    }

    /// Reads the body of `POST …/.search` of one resource type (RFC 7644 §3.4.3).
    pub fn search(
        registry: &Registry,
        kind: ResourceKind,
        limits: &Limits,
        body: &Value,
    ) -> Result<Self, ScimError> {
        let mut raw = Raw::default();
        raw.read_body(body)
            .and_then(|()| raw.understand(registry, in_one(kind), limits))
            .map(|understood| understood.query)
            .map_err(|error| error.after(raw.notes.into_vec()))
    }

    /// Reads the body of `POST /.search`: what it asks of each resource type. An attribute that only one type has has no
    /// value in the other (RFC 7644 §3.4.2.1); one that no type has is a mistake.
    pub fn search_all(
        registry: &Registry,
        limits: &Limits,
        body: &Value,
    ) -> Result<Vec<(ResourceKind, Self)>, ScimError> {
        let mut raw = Raw::default();
        raw.read_body(body)
            .and_then(|()| raw.understand_all(registry, limits))
            .map_err(|error| error.after(raw.notes.into_vec()))
    }
}

fn in_one(kind: ResourceKind) -> FilterScope {
    FilterScope {
        kind,
        unknown: UnknownAttribute::Refuse,
    }
}

impl Raw {
    fn read_pairs<'q>(
        &mut self,
        pairs: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<(), ScimError> {
        let names = |text: &str| text.split(',').map(str::to_owned).collect();
        let mut seen: Vec<Parameter> = Vec::new();
        for (name, value) in pairs {
            let value = value.trim();
            let Some(parameter) = Parameter::named(name) else {
                continue;
            };
            // RFC 9865 §2: an empty cursor asks for the first page.
            if value.is_empty() && parameter != Parameter::Cursor {
                self.empty(parameter);
                continue;
            }
            if seen.contains(&parameter) {
                self.notes.add(
                    &dialect::REPEATED_PARAMETER,
                    format!("{} is given again; the last counts", parameter.as_str()),
                );
            }
            seen.push(parameter);
            match parameter {
                Parameter::Cursor => self.cursor = Some(value.to_owned()),
                Parameter::Filter => self.filter = Some(value.to_owned()),
                Parameter::StartIndex => self.start_index = Some(integer("startIndex", value)?),
                Parameter::Count => self.count = Some(integer("count", value)),
                Parameter::SortBy => self.sort_by = Some(value.to_owned()),
                Parameter::SortOrder => self.sort_order = Some(value.to_owned()),
                Parameter::Attributes => self.attributes = names(value),
                Parameter::ExcludedAttributes => self.excluded = names(value),
            }
        }
        Ok(())
    }

    fn read_body(&mut self, body: &Value) -> Result<(), ScimError> {
        let Value::Object(fields) = body else {
            return Err(ScimError::invalid_syntax(
                "the body must be a JSON object, a SearchRequest",
            ));
        };
        check_names(fields)?;
        let schemas = fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
        check_schemas(schemas.map(|(_, value)| value), &mut self.notes)?;
        for (name, value) in fields {
            let Some(parameter) = Parameter::named(name).filter(|_| !value.is_null()) else {
                continue;
            };
            let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
            if is_blank && parameter != Parameter::Cursor {
                self.empty(parameter);
                continue;
            }
            let name = parameter.as_str();
            match parameter {
                // RFC 9865 §3: as in a GET.
                Parameter::Cursor => {
                    let cursor = value.as_str().ok_or_else(|| {
                        ScimError::bad_request(ScimType::InvalidCursor, "cursor: must be a string")
                    })?;
                    self.cursor = Some(cursor.trim().to_owned());
                }
                Parameter::Filter => self.filter = Some(text(name, value)?),
                Parameter::StartIndex => self.start_index = Some(self.number(name, value)?),
                Parameter::Count => self.count = Some(self.number(name, value)),
                Parameter::SortBy => self.sort_by = Some(text(name, value)?),
                Parameter::SortOrder => self.sort_order = Some(text(name, value)?),
                Parameter::Attributes => self.attributes = self.texts(name, value)?,
                Parameter::ExcludedAttributes => self.excluded = self.texts(name, value)?,
            }
        }
        Ok(())
    }

    fn empty(&mut self, parameter: Parameter) {
        self.notes.add(
            &dialect::EMPTY_PARAMETER,
            format!("{} has no value; read as absent", parameter.as_str()),
        );
    }

    fn number(&mut self, name: &str, value: &Value) -> Result<i64, ScimError> {
        match value {
            Value::Number(number) => integer(name, &number.to_string()),
            Value::String(word) => {
                let number = integer(name, word.trim())?;
                self.notes.add(
                    &dialect::NUMBER_AS_TEXT,
                    format!("{name} given as a string"),
                );
                Ok(number)
            }
            _ => Err(ScimError::invalid_value(name, "must be an integer")),
        }
    }

    fn texts(&mut self, name: &str, value: &Value) -> Result<Vec<String>, ScimError> {
        match value {
            Value::String(list) => {
                self.notes
                    .add(&dialect::NAMES_AS_TEXT, format!("{name} given as one text"));
                Ok(list.split(',').map(str::to_owned).collect())
            }
            Value::Array(names) => names.iter().map(|value| text(name, value)).collect(),
            _ => Err(ScimError::invalid_value(
                name,
                "must be an array of strings",
            )),
        }
    }

    /// What is asked of each resource type. An attribute that only one type has has no value in the other (RFC 7644
    /// §3.4.2.1); one that no type has is a mistake.
    fn understand_all(
        &self,
        registry: &Registry,
        limits: &Limits,
    ) -> Result<Vec<(ResourceKind, ListQuery)>, ScimError> {
        let mut queries = Vec::new();
        let mut unknown: Option<Vec<String>> = None;
        for kind in ResourceKind::ALL {
            let scope = FilterScope {
                kind,
                unknown: UnknownAttribute::NoValue,
            };
            let understood = self.understand(registry, scope, limits)?;
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
                self.sort_by.as_deref().unwrap_or_default(),
            ));
        }
        Ok(queries)
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
        let mut notes = self.notes.clone();
        let (filter, unknown) = match parsed {
            None => (None, Vec::new()),
            Some(parsed) => {
                notes.extend(&Notes::from(parsed.notes));
                (Some(parsed.filter), parsed.unknown)
            }
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
                notes: notes.into_vec(),
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

/// RFC 7644 §3.4.3: the body is told apart by its schema. The path does so as well.
fn check_schemas(value: Option<&Value>, notes: &mut Notes) -> Result<(), ScimError> {
    let is_search = |urn: &Value| {
        urn.as_str()
            .is_some_and(|urn| urn.eq_ignore_ascii_case(SEARCH_REQUEST))
    };
    match value {
        None | Some(Value::Null) => {
            notes.add(
                &dialect::MISSING_SCHEMAS,
                "no schemas; read as a SearchRequest",
            );
            Ok(())
        }
        Some(Value::Array(urns)) if urns.iter().any(is_search) => Ok(()),
        Some(single) if is_search(single) => {
            notes.add(
                &dialect::SINGLE_FOR_ARRAY,
                "schemas given as a single value",
            );
            Ok(())
        }
        Some(_) => Err(ScimError::invalid_value(
            "schemas",
            format!("must be an array that contains {SEARCH_REQUEST}"),
        )),
    }
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

fn text(name: &str, value: &Value) -> Result<String, ScimError> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| ScimError::invalid_value(name, "must be a string"))
}
