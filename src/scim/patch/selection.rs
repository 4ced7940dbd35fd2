//! Operations on the values that a filter selects: `emails[type eq "work"].value`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::PatchOp;
use super::application::Application;
use super::attribute::set_part;
use super::values::{self, check_count};
use crate::scim::dialect;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Filter, Literal};
use crate::scim::normalise::{Place, Reader, is_bare, is_primary};
use crate::scim::schema::Resolved;

/// What is selected.
pub(super) struct Selection<'s, 'r> {
    /// The attribute, without a part.
    pub attribute: &'s Resolved<'r>,
    /// What a value must meet.
    pub filter: &'s Filter,
    /// The attribute with the part behind the bracket.
    pub part: Option<&'s Resolved<'r>>,
}

impl<'r> Application<'r, '_> {
    /// Carries out an operation on the selected values.
    pub(super) fn select(
        &mut self,
        op: PatchOp,
        selection: &Selection<'_, 'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let Selection {
            attribute: resolved,
            filter,
            part,
        } = *selection;
        let selected = self.list(resolved).matching(filter);
        self.spend(resolved)?;
        if op == PatchOp::Remove {
            self.remove_selected(selection, &selected, value);
            return self.spend(resolved);
        }
        let change = match part {
            Some(part) => Change::Part(&part.leaf().name, self.read_part(op, part, value)?),
            None => Change::Whole(self.read_element(resolved, value)?),
        };
        let path = resolved.path().to_string();
        let clears = matches!(change, Change::Part(_, None) | Change::Whole(None));
        let mut selected = selected;
        if selected.is_empty() {
            // Clearing what is not there is done already.
            if clears {
                return Ok(());
            }
            let no_target = || {
                ScimError::bad_request(
                    ScimType::NoTarget,
                    format!("no value of {path} meets the filter"),
                )
            };
            let mut created = described(resolved, filter).ok_or_else(no_target)?;
            check_count(&path, change.apply(op, filter, &mut created))?;
            let created = self.read_new(resolved, &created)?.ok_or_else(no_target)?;
            self.notes.add(
                &dialect::CREATE_FROM_FILTER,
                format!("no value of {path} met the filter; one was created"),
            );
            selected.push(self.list(resolved).push(created));
        } else {
            let list = self.list(resolved);
            for at in &selected {
                let count = list
                    .change(*at, |existing| change.apply(op, filter, existing))
                    .unwrap_or_default();
                check_count(&path, count)?;
            }
        }
        let list = self.list(resolved);
        let mut touches_primary = false;
        for at in &selected {
            let value = list.get(*at);
            touches_primary |= value.is_some_and(is_primary);
            if clears && value.is_some_and(is_bare) {
                list.remove(*at);
            }
        }
        list.check_count(&path)?;
        if touches_primary && !clears {
            list.settle_primary(&path, &selected)?;
        }
        self.spend(resolved)
    }

    fn remove_selected(
        &mut self,
        selection: &Selection<'_, 'r>,
        selected: &[usize],
        value: Option<&Value>,
    ) {
        let part = selection.part.map(|part| part.leaf().name.as_str());
        // Of a part that has several values only those that are listed go.
        let is_plural = selection.part.is_some_and(|part| part.leaf().multi_valued);
        let removed = value.filter(|value| is_plural && !value.is_null());
        if removed.is_some() {
            self.notes.add(
                &dialect::REMOVE_BY_VALUE,
                "remove lists values of a part; only those are removed",
            );
        }
        let list = self.list(selection.attribute);
        for at in selected {
            let Some(part) = part else {
                list.remove(*at);
                continue;
            };
            list.change(*at, |value| match removed {
                Some(removed) => remove_from_part(value, part, removed),
                None => {
                    set_part(PatchOp::Remove, value, part, None);
                }
            });
            // A label of nothing is nothing.
            if list.get(*at).is_some_and(is_bare) {
                list.remove(*at);
            }
        }
    }

    /// One value as a whole; it may come as an array of one.
    fn read_element(
        &mut self,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<Option<Value>, ScimError> {
        let text = resolved.path().to_string();
        let place = Place::new(&text);
        let mut reader = Reader::new(&mut self.notes);
        match value {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(given)) if given.len() > 1 => Err(ScimError::invalid_value(
                &text,
                "must be one value where a filter selects what it goes to",
            )),
            Some(Value::Array(given)) => match given.first() {
                None => Ok(None),
                Some(single) => reader.read_one(resolved.attribute, &place, single),
            },
            Some(single) => reader.read_one(resolved.attribute, &place, single),
        }
    }
}

/// Removes some of the values of a part.
fn remove_from_part(value: &mut Value, name: &str, removed: &Value) {
    let removed: HashSet<String> = match removed {
        Value::Array(values) => values.iter().map(Value::to_string).collect(),
        single => HashSet::from([single.to_string()]),
    };
    let Some(Value::Array(present)) = value.get_mut(name) else {
        return;
    };
    present.retain(|value| !removed.contains(&value.to_string()));
    if present.is_empty() {
        set_part(PatchOp::Remove, value, name, None);
    }
}

/// What happens to each selected value.
enum Change<'c> {
    Part(&'c str, Option<Value>),
    Whole(Option<Value>),
}

impl Change<'_> {
    /// Returns how many values the part has then.
    fn apply(&self, op: PatchOp, filter: &Filter, existing: &mut Value) -> usize {
        match self {
            Self::Part(name, part) => return set_part(op, existing, name, part.clone()),
            Self::Whole(None) => *existing = Value::Object(Map::new()),
            Self::Whole(Some(value)) if op == PatchOp::Add => {
                values::merge(existing, value.clone());
            }
            // RFC 7644 §3.5.2.3: the value is replaced. What the filter itself says of it stays true unless the new
            // value says otherwise, so that `emails[type eq "work"]` remains the work address.
            Self::Whole(Some(value)) => {
                let mut replacement = value.clone();
                if let Value::Object(parts) = &mut replacement {
                    for comparison in filter.equalities().unwrap_or_default() {
                        let name = comparison.path.sub_attribute.as_deref().unwrap_or_default();
                        if let Some(kept) = existing.get(name)
                            && !parts.contains_key(name)
                        {
                            parts.insert(name.to_owned(), kept.clone());
                        }
                    }
                }
                *existing = replacement;
            }
        }
        1
    }
}

/// The value a conjunction of `eq` describes; none for any other filter, or one that contradicts itself. A filter says
/// what it likes: the value is to be read before it is kept.
fn described(resolved: &Resolved<'_>, filter: &Filter) -> Option<Value> {
    let mut parts = Map::new();
    for comparison in filter.equalities()? {
        let value = match &comparison.literal {
            Literal::Boolean(value) => Value::Bool(*value),
            Literal::Number(number) => Value::Number(number.clone()),
            Literal::DateTime { text, .. } | Literal::Text { text, .. } => text.as_str().into(),
        };
        match &comparison.path.sub_attribute {
            Some(name) => {
                parts.insert(name.clone(), value);
            }
            None => return Some(value),
        }
    }
    let value = Value::Object(parts);
    let is_consistent = filter.matches_element(&value) && resolved.attribute.is_complex();
    is_consistent.then_some(value)
}
