//! The canonical text of a filter, which parses to an equal tree. For traces and cursors.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::{Comparison, Filter, Literal, ValuePath};
use crate::scim::path::AttributePath;

impl Display for Filter {
    /// `Never` alone has no text of its own: it is written as something no resource meets.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_filter(f, self, Paths::Whole)
    }
}

/// How paths are written.
#[derive(Clone, Copy)]
enum Paths {
    /// As they are.
    Whole,
    /// Within a value path: the part alone.
    Part,
}

fn write_filter(f: &mut Formatter<'_>, filter: &Filter, paths: Paths) -> fmt::Result {
    match filter {
        Filter::And(parts) => write_joined(f, parts, " and ", paths),
        Filter::Or(parts) => write_joined(f, parts, " or ", paths),
        Filter::Not(inner) => {
            f.write_str("not (")?;
            write_filter(f, inner, paths)?;
            f.write_str(")")
        }
        Filter::Present(path) => {
            write_path(f, path, paths)?;
            f.write_str(" pr")
        }
        Filter::Compare(comparison) => {
            write_path(f, &comparison.path, paths)?;
            write!(
                f,
                " {} {}",
                comparison.operator.as_str(),
                comparison.literal
            )
        }
        Filter::ValuePath(ValuePath { path, filter }) => {
            write!(f, "{path}[")?;
            write_filter(f, filter, Paths::Part)?;
            f.write_str("]")
        }
        // Every resource has `schemas`.
        Filter::Never => f.write_str("not (schemas pr)"),
    }
}

fn write_joined(
    f: &mut Formatter<'_>,
    parts: &[Filter],
    between: &str,
    paths: Paths,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        // `and` binds tighter than `or`, so only an `or` within an `and` needs its own group.
        if matches!(part, Filter::Or(_)) {
            f.write_str("(")?;
            write_filter(f, part, paths)?;
            f.write_str(")")?;
        } else {
            write_filter(f, part, paths)?;
        }
    }
    Ok(())
}

fn write_path(f: &mut Formatter<'_>, path: &AttributePath, paths: Paths) -> fmt::Result {
    match paths {
        Paths::Whole => write!(f, "{path}"),
        Paths::Part => f.write_str(path.sub_attribute.as_deref().unwrap_or("value")),
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            operator,
            literal,
            ..
        } = self;
        write!(f, "{path} {} {literal}", operator.as_str())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::DateTime { text, .. } | Self::Text { text, .. } => {
                write!(f, "{}", Value::from(text.as_str()))
            }
        }
    }
}
