//! The values of one multi-valued attribute while a PATCH works on them.
//!
//! Values are found by what they are or by what one of their parts is, not by looking at all of them: a thousand
//! operations on a thousand values look at each a few times. Where a filter says more than `eq` they have to be looked
//! at one by one; [`steps`](ValueList::take_steps) counts how often that happens, and the caller sets the limit.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::scim::error::ScimError;
use crate::scim::filter::{Comparison, Filter, Literal};
use crate::scim::fold::fold;
use crate::scim::limits;
use crate::scim::normalise::{element_key, is_primary};
use crate::scim::schema::Attribute;

/// Where values are, by what they are compared by.
type Index = HashMap<String, BTreeSet<usize>>;

/// The values, each at a place of its own until the end.
#[derive(Debug)]
pub(super) struct ValueList<'r> {
    attribute: &'r Attribute,
    /// None where a value was removed.
    places: Vec<Option<Value>>,
    live: usize,
    primaries: BTreeSet<usize>,
    /// By the key that makes values the same; made when it is first needed.
    by_key: Option<Index>,
    /// By one of their parts; made when it is first asked for.
    by_part: HashMap<String, Index>,
    steps: u64,
}

impl<'r> ValueList<'r> {
    pub(super) fn new(attribute: &'r Attribute, values: Vec<Value>) -> Self {
        let primaries = values
            .iter()
            .enumerate()
            .filter(|(_, value)| is_primary(value))
            .map(|(at, _)| at)
            .collect();
        Self {
            attribute,
            live: values.len(),
            steps: u64::try_from(values.len()).unwrap_or(u64::MAX),
            places: values.into_iter().map(Some).collect(),
            primaries,
            by_key: None,
            by_part: HashMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The values that are left, in order.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.places.into_iter().flatten().collect()
    }

    /// How many values were looked at since the last time.
    pub(super) fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.steps)
    }

    /// The places of all values.
    pub(super) fn all(&mut self) -> Vec<usize> {
        self.count(self.places.len());
        self.places
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_some())
            .map(|(at, _)| at)
            .collect()
    }

    /// The places of the values that a filter selects, in order.
    pub(super) fn matching(&mut self, filter: &Filter) -> Vec<usize> {
        let candidates = self.candidates(filter).unwrap_or_else(|| self.all());
        self.count(candidates.len());
        let meets = |at: &usize| {
            self.get(*at)
                .is_some_and(|value| filter.matches_element(value))
        };
        candidates.into_iter().filter(meets).collect()
    }

    /// Adds a value; none where it is there already and takes over what the new one says more (RFC 7644 §3.5.2.1).
    /// Returns its place.
    pub(super) fn add(&mut self, value: Value) -> usize {
        self.count(1);
        let key = element_key(self.attribute, &value);
        let present = self.keys().get(&key).and_then(BTreeSet::first).copied();
        match present {
            Some(at) => {
                self.change(at, |existing| merge(existing, value));
                at
            }
            None => self.push(value),
        }
    }

    /// Appends a value and returns its place.
    pub(super) fn push(&mut self, value: Value) -> usize {
        let at = self.places.len();
        self.note(at, &value);
        self.places.push(Some(value));
        self.live += 1;
        at
    }

    /// Changes the value at a place.
    pub(super) fn change<T>(&mut self, at: usize, work: impl FnOnce(&mut Value) -> T) -> Option<T> {
        self.count(1);
        let mut value = self.places.get_mut(at)?.take()?;
        self.forget(at, &value);
        let result = work(&mut value);
        self.note(at, &value);
        if let Some(place) = self.places.get_mut(at) {
            *place = Some(value);
        }
        Some(result)
    }

    /// Removes the value at a place.
    pub(super) fn remove(&mut self, at: usize) {
        self.count(1);
        if let Some(value) = self.places.get_mut(at).and_then(Option::take) {
            self.forget(at, &value);
            self.live -= 1;
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&Value> {
        self.places.get(at)?.as_ref()
    }

    /// Removes the values that equal this one as far as it says: by `value` alone, or by whatever parts are given.
    pub(super) fn remove_equal(&mut self, removed: &Value) {
        let Value::Object(parts) = removed else {
            let key = element_key(self.attribute, removed);
            for at in self.keys().get(&key).cloned().unwrap_or_default() {
                self.remove(at);
            }
            return;
        };
        let attribute = self.attribute;
        // `value` tells values apart better than anything else; any other text is better than looking at all.
        let best = ["value"]
            .into_iter()
            .chain(parts.keys().map(String::as_str))
            .find(|name| parts.get(*name).is_some_and(Value::is_string));
        let candidates = match best {
            Some(name) => {
                let key = part_keys(attribute, name, parts).pop().unwrap_or_default();
                let index = self.parts(name);
                index.get(&key).into_iter().flatten().copied().collect()
            }
            None => self.all(),
        };
        self.count(candidates.len());
        for at in candidates {
            let is_equal = self.get(at).and_then(Value::as_object).is_some_and(|it| {
                let same = |name: &String| {
                    it.contains_key(name)
                        && part_keys(attribute, name, it) == part_keys(attribute, name, parts)
                };
                parts.keys().all(same)
            });
            if is_equal {
                self.remove(at);
            }
        }
    }

    /// Leaves at most one value primary: the one that was touched (RFC 7644 §3.5.2).
    pub(super) fn settle_primary(
        &mut self,
        path: &str,
        touched: &[usize],
    ) -> Result<(), ScimError> {
        if !self.attribute.has_primary() {
            return Ok(());
        }
        self.count(touched.len());
        let touched: HashSet<&usize> = touched.iter().collect();
        let (new, old): (Vec<usize>, Vec<usize>) =
            self.primaries.iter().partition(|at| touched.contains(at));
        match new.len() {
            0 => Ok(()),
            1 => {
                for at in old {
                    self.change(at, |value| {
                        if let Some(parts) = value.as_object_mut() {
                            parts.insert("primary".to_owned(), Value::Bool(false));
                        }
                    });
                }
                Ok(())
            }
            _ => Err(ScimError::invalid_value(
                &format!("{path}.primary"),
                "would be true for several values; it may be for one",
            )),
        }
    }

    /// Refuses more values than an attribute may have.
    pub(super) fn check_count(&self, path: &str) -> Result<(), ScimError> {
        check_count(path, self.live)
    }

    fn count(&mut self, looked_at: usize) {
        let looked_at = u64::try_from(looked_at).unwrap_or(u64::MAX);
        self.steps = self.steps.saturating_add(looked_at);
    }

    /// The places that a conjunction of `eq` leaves to look at: those of its rarest text. None for any other filter.
    fn candidates(&mut self, filter: &Filter) -> Option<Vec<usize>> {
        let comparisons = filter.equalities()?;
        let mut best: Option<Vec<usize>> = None;
        for Comparison { path, literal, .. } in comparisons {
            let places = match (literal, path.sub_attribute.as_deref()) {
                (Literal::Text { key, .. }, Some(part)) => self.parts(part).get(key),
                (Literal::Text { key, .. }, None) => self.keys().get(key),
                (Literal::Boolean(true), Some("primary")) => Some(&self.primaries),
                _ => continue,
            };
            let count = places.map_or(0, BTreeSet::len);
            if best.as_ref().is_none_or(|best| count < best.len()) {
                best = Some(places.into_iter().flatten().copied().collect());
            }
        }
        best
    }

    fn keys(&mut self) -> &Index {
        let attribute = self.attribute;
        if self.by_key.is_none() {
            self.count(self.places.len());
        }
        self.by_key.get_or_insert_with(|| {
            let mut index = Index::new();
            for (at, value) in self.places.iter().enumerate() {
                if let Some(value) = value {
                    let key = element_key(attribute, value);
                    index.entry(key).or_default().insert(at);
                }
            }
            index
        })
    }

    fn parts(&mut self, name: &str) -> &Index {
        let attribute = self.attribute;
        if !self.by_part.contains_key(name) {
            self.count(self.places.len());
        }
        self.by_part.entry(name.to_owned()).or_insert_with(|| {
            let mut index = Index::new();
            for (at, value) in self.places.iter().enumerate() {
                let Some(Value::Object(parts)) = value else {
                    continue;
                };
                for key in part_keys(attribute, name, parts) {
                    index.entry(key).or_default().insert(at);
                }
            }
            index
        })
    }

    /// Takes a value up into the indexes there are.
    fn note(&mut self, at: usize, value: &Value) {
        if is_primary(value) {
            self.primaries.insert(at);
        }
        if let Some(index) = &mut self.by_key {
            let key = element_key(self.attribute, value);
            index.entry(key).or_default().insert(at);
        }
        if let Value::Object(parts) = value {
            for (name, index) in &mut self.by_part {
                for key in part_keys(self.attribute, name, parts) {
                    index.entry(key).or_default().insert(at);
                }
            }
        }
    }

    /// Takes a value out of the indexes there are.
    fn forget(&mut self, at: usize, value: &Value) {
        self.primaries.remove(&at);
        if let Some(index) = &mut self.by_key
            && let Some(places) = index.get_mut(&element_key(self.attribute, value))
        {
            places.remove(&at);
        }
        if let Value::Object(parts) = value {
            for (name, index) in &mut self.by_part {
                for key in part_keys(self.attribute, name, parts) {
                    if let Some(places) = index.get_mut(&key) {
                        places.remove(&at);
                    }
                }
            }
        }
    }
}

/// What a part is compared by: each of its values, where it has several.
fn part_keys(attribute: &Attribute, name: &str, parts: &Map<String, Value>) -> Vec<String> {
    let exact = attribute
        .sub_attribute(name)
        .is_some_and(|sub| sub.case_exact);
    let key = |value: &Value| match value {
        Value::String(text) if !exact => fold(text),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match parts.get(name) {
        None => Vec::new(),
        Some(Value::Array(values)) => values.iter().map(key).collect(),
        Some(value) => vec![key(value)],
    }
}

/// Lays the parts of a value over those of another.
pub(super) fn merge(into: &mut Value, value: Value) {
    match (into, value) {
        (Value::Object(into), Value::Object(parts)) => into.extend(parts),
        (into, value) => *into = value,
    }
}

/// Refuses more values than an attribute, or a part, may have.
pub(super) fn check_count(path: &str, count: usize) -> Result<(), ScimError> {
    if count > limits::VALUES {
        return Err(ScimError::invalid_value(
            path,
            format!("would have more than {} values", limits::VALUES),
        ));
    }
    Ok(())
}
