//! The truth of a filter about one resource.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::{Comparison, Filter, Literal, Operator};
use crate::scim::Attributes;
use crate::scim::date_time::parse_date_time;
use crate::scim::fold::{fold, folds_to};
use crate::scim::path::AttributePath;

impl Filter {
    /// Whether the filter holds for a resource under canonical names.
    ///
    /// `id`, `meta`, `schemas`, `groups` and `members` are looked at like any other attribute: a caller whose filter
    /// [`mentions`](Filter::mentions) them must put them in.
    pub fn matches(&self, resource: &Attributes) -> bool {
        holds(self, &Subject::Resource(resource))
    }

    /// Whether the filter of a value path holds for one value of its attribute.
    pub fn matches_element(&self, element: &Value) -> bool {
        holds(self, &Subject::Element(element))
    }
}

impl Comparison {
    /// Whether the comparison holds for this one value.
    pub fn holds_for(&self, value: &Value) -> bool {
        match self.operator {
            Operator::NotEqual => !meets(self, Operator::Equal, value),
            operator => meets(self, operator, value),
        }
    }
}

/// What a filter is asked about.
enum Subject<'v> {
    Resource(&'v Attributes),
    Element(&'v Value),
}

// The depth of a tree is limited where it is parsed.
fn holds(filter: &Filter, subject: &Subject<'_>) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| holds(part, subject)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, subject)),
        Filter::Not(inner) => !holds(inner, subject),
        Filter::Present(path) => any_value(subject, path, &mut is_present),
        Filter::Compare(comparison) => compare(comparison, subject),
        Filter::ValuePath(value_path) => match attribute(subject, &value_path.path) {
            Some(Value::Array(elements)) => elements
                .iter()
                .any(|element| value_path.filter.matches_element(element)),
            Some(single) => value_path.filter.matches_element(single),
            None => false,
        },
        Filter::Never => false,
    }
}

fn compare(comparison: &Comparison, subject: &Subject<'_>) -> bool {
    if comparison.operator == Operator::NotEqual {
        // Some value differs, or there is none: nothing is not equal to something.
        let mut found = false;
        let differs = any_value(subject, &comparison.path, &mut |value| {
            found = found || is_present(value);
            is_present(value) && !meets(comparison, Operator::Equal, value)
        });
        return differs || !found;
    }
    any_value(subject, &comparison.path, &mut |value| {
        meets(comparison, comparison.operator, value)
    })
}

/// Whether any value at the path passes the test.
fn any_value(
    subject: &Subject<'_>,
    path: &AttributePath,
    test: &mut dyn FnMut(&Value) -> bool,
) -> bool {
    let Some(value) = attribute(subject, path) else {
        return false;
    };
    let sub_attribute = path.sub_attribute.as_deref();
    match value {
        Value::Array(elements) => elements
            .iter()
            .any(|element| any_part(element, sub_attribute, test)),
        single => any_part(single, sub_attribute, test),
    }
}

fn any_part(
    element: &Value,
    sub_attribute: Option<&str>,
    test: &mut dyn FnMut(&Value) -> bool,
) -> bool {
    let Some(name) = sub_attribute else {
        return test(element);
    };
    match element.get(name) {
        None => false,
        Some(Value::Array(values)) => values.iter().any(test),
        Some(value) => test(value),
    }
}

fn attribute<'v>(subject: &Subject<'v>, path: &AttributePath) -> Option<&'v Value> {
    match subject {
        Subject::Element(element) => Some(element),
        Subject::Resource(resource) => match &path.schema {
            Some(urn) => resource.get(urn.as_str())?.get(&path.attribute),
            None => resource.get(&path.attribute),
        },
    }
}

/// RFC 7644 §3.4.2.2, `pr`: a non-empty or non-null value, or a non-empty node of a complex attribute.
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => values.iter().any(|value| !value.is_null()),
        Value::Object(parts) => parts.values().any(|part| !part.is_null()),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn meets(comparison: &Comparison, operator: Operator, value: &Value) -> bool {
    match (&comparison.literal, value) {
        (Literal::Boolean(expected), Value::Bool(actual)) => {
            ordered(operator, actual.cmp(expected))
        }
        (Literal::Number(expected), Value::Number(actual)) => {
            compare_numbers(actual, expected).is_some_and(|ordering| ordered(operator, ordering))
        }
        (Literal::DateTime { at, .. }, Value::String(actual)) => {
            parse_date_time(actual).is_some_and(|actual| ordered(operator, actual.cmp(at)))
        }
        (Literal::Text { key, .. }, Value::String(actual)) => {
            if operator == Operator::Equal && !comparison.case_exact {
                return folds_to(actual, key);
            }
            if comparison.case_exact {
                meets_text(operator, actual, key)
            } else {
                meets_text(operator, &fold(actual), key)
            }
        }
        _ => false,
    }
}

fn meets_text(operator: Operator, actual: &str, key: &str) -> bool {
    match operator {
        Operator::Contains => actual.contains(key),
        Operator::StartsWith => actual.starts_with(key),
        Operator::EndsWith => actual.ends_with(key),
        Operator::Equal
        | Operator::NotEqual
        | Operator::GreaterThan
        | Operator::GreaterOrEqual
        | Operator::LessThan
        | Operator::LessOrEqual => ordered(operator, actual.cmp(key)),
    }
}

fn ordered(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::GreaterThan => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
        Operator::LessThan => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}

fn compare_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
