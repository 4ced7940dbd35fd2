//! The rows of a comparison, from two bodies or from the attribute paths that changed. Bounded: what is too long is
//! compared as far as the bound and says so.

use serde_json::{Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::admin::types::FieldChange;

/// How many bytes of a side are compared at most.
const MAX_BYTES: usize = 256 << 10;
/// How many lines of a side are compared at most.
const MAX_LINES: usize = 2_000;
/// How many equal lines are shown around what differs.
const CONTEXT: usize = 3;

/// One row: what was, and what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DiffRow {
    /// The same on both sides.
    Same(String),
    /// Changed from the first to the second.
    Changed(String, String),
    /// Came to be.
    Added(String),
    /// Is gone.
    Removed(String),
    /// So many equal lines are left out.
    Skipped(usize),
    /// What the rows below are about, or a remark.
    Title(String),
}

/// Compares two bodies, as JSON where both are, with the members of objects in the order of their names.
pub(super) fn of_bodies(before: &str, after: &str) -> Vec<DiffRow> {
    let (before, cut_before) = body_lines(before);
    let (after, cut_after) = body_lines(after);
    let mut rows = compare(&before, &after);
    if cut_before || cut_after {
        rows.push(DiffRow::Title(format!(
            "Too long to compare whole: this is the first {MAX_LINES} lines at most."
        )));
    }
    rows
}

/// Lists attribute paths with their values before and after.
pub(super) fn of_fields(fields: &[FieldChange]) -> Vec<DiffRow> {
    let mut rows = Vec::new();
    for field in fields {
        let simple =
            |value: &Option<Value>| !matches!(value, Some(Value::Array(_) | Value::Object(_)));
        if simple(&field.before) && simple(&field.after) {
            let line = |value: &Value| format!("{}: {value}", field.path);
            rows.extend(match (&field.before, &field.after) {
                (Some(before), Some(after)) => Some(DiffRow::Changed(line(before), line(after))),
                (Some(before), None) => Some(DiffRow::Removed(line(before))),
                (None, Some(after)) => Some(DiffRow::Added(line(after))),
                (None, None) => None,
            });
            continue;
        }
        rows.push(DiffRow::Title(field.path.clone()));
        let lines = |value: &Option<Value>| match value {
            Some(value) => value_lines(value),
            None => (Vec::new(), false),
        };
        let ((before, cut_before), (after, cut_after)) =
            (lines(&field.before), lines(&field.after));
        rows.extend(compare(&before, &after));
        if cut_before || cut_after {
            rows.push(DiffRow::Title(format!(
                "{}: too long to compare whole",
                field.path
            )));
        }
    }
    rows
}

fn body_lines(body: &str) -> (Vec<String>, bool) {
    if body.len() <= MAX_BYTES
        && let Ok(value) = serde_json::from_str::<Value>(body)
    {
        return value_lines(&value);
    }
    let begun = body
        .get(..body.floor_char_boundary(MAX_BYTES))
        .unwrap_or(body);
    cut(begun, begun.len() < body.len())
}

fn value_lines(value: &Value) -> (Vec<String>, bool) {
    let text = serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
    cut(&text, false)
}

fn cut(text: &str, already: bool) -> (Vec<String>, bool) {
    let lines: Vec<String> = text.lines().take(MAX_LINES).map(str::to_owned).collect();
    let more = text.lines().nth(MAX_LINES).is_some();
    (lines, more || already)
}

/// With the members of objects in the order of their names: order means nothing in JSON, and reading and rendering may
/// differ in it. The recursion is bounded, since serde_json reads no more than 128 levels.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let members: Map<String, Value> = members
                .into_iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect();
            Value::Object(members)
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

fn compare(before: &[String], after: &[String]) -> Vec<DiffRow> {
    let ops = capture_diff_slices(Algorithm::Myers, before, after);
    let mut rows = Vec::new();
    let last = ops.len().saturating_sub(1);
    for (index, op) in ops.iter().enumerate() {
        let old = before.get(op.old_range()).unwrap_or_default();
        let new = after.get(op.new_range()).unwrap_or_default();
        match op {
            DiffOp::Equal { .. } => same(old, index > 0, index < last, &mut rows),
            DiffOp::Delete { .. } => rows.extend(old.iter().cloned().map(DiffRow::Removed)),
            DiffOp::Insert { .. } => rows.extend(new.iter().cloned().map(DiffRow::Added)),
            DiffOp::Replace { .. } => {
                let pairs = old.len().min(new.len());
                for (one, other) in old.iter().zip(new) {
                    rows.push(DiffRow::Changed(one.clone(), other.clone()));
                }
                rows.extend(old.iter().skip(pairs).cloned().map(DiffRow::Removed));
                rows.extend(new.iter().skip(pairs).cloned().map(DiffRow::Added));
            }
        }
    }
    rows
}

/// Equal lines, with those far from anything that differs left out.
fn same(lines: &[String], after_change: bool, before_change: bool, rows: &mut Vec<DiffRow>) {
    let head = if after_change { CONTEXT } else { 0 };
    let tail = if before_change { CONTEXT } else { 0 };
    let left_out = lines.len().saturating_sub(head + tail);
    // Leaving out a single line saves nothing.
    if left_out <= 1 {
        rows.extend(lines.iter().cloned().map(DiffRow::Same));
        return;
    }
    rows.extend(lines.iter().take(head).cloned().map(DiffRow::Same));
    rows.push(DiffRow::Skipped(left_out));
    rows.extend(
        lines
            .iter()
            .skip(head + left_out)
            .cloned()
            .map(DiffRow::Same),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_are_compared_as_json_whatever_their_form() {
        assert_eq!(
            of_bodies(r#"{"b":1,"a":2}"#, "{\n\"a\": 2,\n\"b\": 1 }"),
            vec![DiffRow::Skipped(4)]
        );
        let rows = of_bodies(r#"{"active":true,"x":1}"#, r#"{"active":false,"x":1}"#);
        assert!(rows.contains(&DiffRow::Changed(
            "  \"active\": true,".into(),
            "  \"active\": false,".into()
        )));
    }

    #[test]
    fn paths_that_changed_are_listed_with_their_values() {
        let field = |path: &str, before: Option<Value>, after: Option<Value>| FieldChange {
            path: path.into(),
            before,
            after,
        };
        let rows = of_fields(&[
            field("active", Some(json!(true)), Some(json!(false))),
            field("title", None, Some(json!("CTO"))),
            field("locale", Some(json!("en")), None),
            field("emails", Some(json!([1])), Some(json!([1, 2]))),
        ]);
        assert_eq!(
            rows,
            vec![
                DiffRow::Changed("active: true".into(), "active: false".into()),
                DiffRow::Added("title: \"CTO\"".into()),
                DiffRow::Removed("locale: \"en\"".into()),
                DiffRow::Title("emails".into()),
                DiffRow::Same("[".into()),
                DiffRow::Changed("  1".into(), "  1,".into()),
                DiffRow::Added("  2".into()),
                DiffRow::Same("]".into()),
            ]
        );
    }

    #[test]
    fn long_bodies_are_compared_as_far_as_the_bound() {
        let body = |word: &str| format!("{word}\n").repeat(100_000);
        let rows = of_bodies(&body("one"), &body("two"));
        assert_eq!(rows.len(), MAX_LINES + 1);
        assert!(matches!(rows.last(), Some(DiffRow::Title(_))));
    }
}
