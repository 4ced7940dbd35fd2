//! Which attributes an answer holds (RFC 7644 §3.9): `attributes`, `excludedAttributes`, and what `returned` says.
//!
//! Names that mean nothing are passed over: asking for what is not there is no error.

use serde_json::Value;

use super::Attributes;
use super::error::ScimError;
use super::limits;
use super::schema::{Attribute, Registry, Resolution, ResourceKind, Returned};

/// A selection of attributes of one resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// Those asked for; none where the client did not say.
    included: Option<Vec<Selector>>,
    excluded: Vec<Selector>,
}

/// An attribute, one of its parts, or a whole schema.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Selector {
    /// The extension; none for core and common attributes.
    extension: Option<String>,
    /// The attribute; none for the whole schema.
    attribute: Option<String>,
    part: Option<String>,
}

/// How much of an attribute stays.
enum Keep {
    Nothing,
    Whole,
    Parts,
}

impl Projection {
    /// Everything that is returned by default.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Reads the two parameters, each a list of names between commas.
    pub fn parse(
        registry: &Registry,
        kind: ResourceKind,
        attributes: Option<&str>,
        excluded: Option<&str>,
    ) -> Result<Self, ScimError> {
        let split = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let attributes = attributes.map(split).unwrap_or_default();
        let excluded = excluded.map(split).unwrap_or_default();
        Self::from_names(registry, kind, &attributes, &excluded)
    }

    /// Reads two lists of names, as a search request holds them.
    pub fn from_names(
        registry: &Registry,
        kind: ResourceKind,
        attributes: &[String],
        excluded: &[String],
    ) -> Result<Self, ScimError> {
        for (parameter, names) in [("attributes", attributes), ("excludedAttributes", excluded)] {
            if names.len() > limits::PROJECTION_NAMES {
                return Err(ScimError::invalid_value(
                    parameter,
                    format!("more than {} names", limits::PROJECTION_NAMES),
                ));
            }
        }
        let resolve = |names: &[String]| -> Vec<Selector> {
            names
                .iter()
                .filter_map(|name| Selector::resolve(registry, kind, name.trim()))
                .collect()
        };
        let is_asked = attributes.iter().any(|name| !name.trim().is_empty());
        Ok(Self {
            included: is_asked.then(|| resolve(attributes)),
            excluded: resolve(excluded),
        })
    }

    /// Whether the client asked for nothing special, so that a stored answer can go out as it is.
    pub fn is_everything(&self) -> bool {
        self.included.is_none() && self.excluded.is_empty()
    }

    /// Whether the answer may hold this core attribute, such as `members` or `groups`, so that it need not be loaded
    /// otherwise.
    pub fn wants(&self, attribute: &str) -> bool {
        let is_named = |selector: &Selector| {
            selector.extension.is_none()
                && selector
                    .attribute
                    .as_deref()
                    .is_none_or(|name| name == attribute)
        };
        let is_excluded = self
            .excluded
            .iter()
            .any(|selector| is_named(selector) && selector.part.is_none());
        let is_included = self
            .included
            .as_ref()
            .is_none_or(|included| included.iter().any(is_named));
        is_included && !is_excluded
    }

    /// Whether the client named this part of a core attribute. Only then is one returned that is returned on request,
    /// such as `members.display`.
    pub fn names_part(&self, attribute: &str, part: &str) -> bool {
        self.included.iter().flatten().any(|selector| {
            selector.extension.is_none()
                && selector.attribute.as_deref() == Some(attribute)
                && selector.part.as_deref() == Some(part)
        })
    }

    /// Takes out of a rendered resource what it should not hold. Without a wish only what is never, or only on request,
    /// returned.
    pub fn apply(&self, registry: &Registry, kind: ResourceKind, resource: &mut Attributes) {
        let mut gone = Vec::new();
        resource.retain(|name, value| {
            if let Some(attribute) = registry.core_attribute(kind, name) {
                return self.filter(None, attribute, value);
            }
            let (Some(extension), Value::Object(parts)) = (registry.extension(kind, name), value)
            else {
                return false;
            };
            parts.retain(|name, value| {
                extension.attribute(name).is_some_and(|attribute| {
                    self.filter(Some(extension.id.as_str()), attribute, value)
                })
            });
            if parts.is_empty() {
                gone.push(name.clone());
            }
            !parts.is_empty()
        });
        if !gone.is_empty()
            && let Some(Value::Array(schemas)) = resource.get_mut("schemas")
        {
            // RFC 7643 §3: `schemas` names those whose attributes are there.
            schemas.retain(|urn| !gone.iter().any(|gone| urn.as_str() == Some(gone.as_str())));
        }
    }

    /// Whether the attribute stays; what should not be in it is taken out.
    fn filter(&self, extension: Option<&str>, attribute: &Attribute, value: &mut Value) -> bool {
        match self.keep(extension, attribute) {
            Keep::Nothing => false,
            Keep::Whole => {
                self.filter_parts(extension, attribute, value, false);
                true
            }
            Keep::Parts => {
                self.filter_parts(extension, attribute, value, true);
                !is_empty(value)
            }
        }
    }

    fn keep(&self, extension: Option<&str>, attribute: &Attribute) -> Keep {
        match attribute.returned {
            Returned::Always => return Keep::Whole,
            Returned::Never => return Keep::Nothing,
            Returned::Default | Returned::Request => {}
        }
        let of_attribute = |selector: &&Selector| selector.covers(extension, attribute);
        let is_excluded = self
            .excluded
            .iter()
            .filter(of_attribute)
            .any(|selector| selector.part.is_none());
        if is_excluded {
            return Keep::Nothing;
        }
        let Some(included) = &self.included else {
            return match attribute.returned {
                Returned::Request => Keep::Nothing,
                _ => Keep::Whole,
            };
        };
        let mut named = included.iter().filter(of_attribute).peekable();
        if named.peek().is_none() {
            return Keep::Nothing;
        }
        if named.all(|selector| selector.part.is_some()) {
            Keep::Parts
        } else {
            Keep::Whole
        }
    }

    fn filter_parts(
        &self,
        extension: Option<&str>,
        attribute: &Attribute,
        value: &mut Value,
        only_named: bool,
    ) {
        if !attribute.is_complex() {
            return;
        }
        let names = |list: &[Selector], part: &str| {
            list.iter().any(|selector| {
                selector.covers(extension, attribute) && selector.part.as_deref() == Some(part)
            })
        };
        let included = self.included.as_deref().unwrap_or_default();
        let stays = |part: &str| {
            let Some(definition) = attribute.sub_attribute(part) else {
                return false;
            };
            match definition.returned {
                Returned::Always => true,
                Returned::Never => false,
                Returned::Request => names(included, part) && !names(&self.excluded, part),
                Returned::Default => {
                    (!only_named || names(included, part)) && !names(&self.excluded, part)
                }
            }
        };
        match value {
            Value::Object(parts) => parts.retain(|part, _| stays(part)),
            Value::Array(values) => {
                for value in values.iter_mut() {
                    if let Value::Object(parts) = value {
                        parts.retain(|part, _| stays(part));
                    }
                }
                values.retain(|value| !is_empty(value));
            }
            _ => {}
        }
    }
}

impl Selector {
    fn resolve(registry: &Registry, kind: ResourceKind, name: &str) -> Option<Self> {
        match registry.resolve(kind, name) {
            Resolution::Unknown => None,
            Resolution::Schema(schema) => Some(Self {
                extension: (schema.id != registry.core(kind).id)
                    .then(|| schema.id.as_str().to_owned()),
                attribute: None,
                part: None,
            }),
            Resolution::Attribute(resolved) => Some(Self {
                extension: resolved
                    .extension
                    .map(|schema| schema.id.as_str().to_owned()),
                attribute: Some(resolved.attribute.name.clone()),
                part: resolved.sub_attribute.map(|sub| sub.name.clone()),
            }),
        }
    }

    fn covers(&self, extension: Option<&str>, attribute: &Attribute) -> bool {
        self.extension.as_deref() == extension
            && self
                .attribute
                .as_ref()
                .is_none_or(|name| *name == attribute.name)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(parts) => parts.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}
