//! A schema and its attributes (RFC 7643 §7), with the defaults of §2.2.

use super::SchemaError;
use super::fields::Fields;
use crate::scim::limits;
use crate::scim::schema::{
    Attribute, AttributeType, Mutability, Returned, Schema, Uniqueness, Urn,
};

const TYPES: [(&str, AttributeType); 8] = [
    ("string", AttributeType::String),
    ("boolean", AttributeType::Boolean),
    ("decimal", AttributeType::Decimal),
    ("integer", AttributeType::Integer),
    ("dateTime", AttributeType::DateTime),
    ("binary", AttributeType::Binary),
    ("reference", AttributeType::Reference),
    ("complex", AttributeType::Complex),
];

const MUTABILITIES: [(&str, Mutability); 4] = [
    ("readOnly", Mutability::ReadOnly),
    ("readWrite", Mutability::ReadWrite),
    ("immutable", Mutability::Immutable),
    ("writeOnly", Mutability::WriteOnly),
];

const RETURNED: [(&str, Returned); 4] = [
    ("always", Returned::Always),
    ("never", Returned::Never),
    ("default", Returned::Default),
    ("request", Returned::Request),
];

const UNIQUENESS: [(&str, Uniqueness); 3] = [
    ("none", Uniqueness::None),
    ("server", Uniqueness::Server),
    ("global", Uniqueness::Global),
];

/// Whether an attribute is on its own or part of a complex one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Attribute,
    Part,
}

pub(super) fn schema(fields: &Fields<'_>) -> Result<Schema, SchemaError> {
    let id = fields.required("id", limits::SCHEMA_TEXT)?;
    if !id.to_ascii_lowercase().starts_with("urn:") {
        return Err(fields.conflict("`id` must be a URN: it begins with urn:"));
    }
    fields.only(&["id", "name", "description", "attributes", "schemas", "meta"])?;
    let attributes = fields.objects("attributes")?;
    if attributes.is_empty() {
        return Err(SchemaError::Missing {
            place: id,
            key: "attributes",
        });
    }
    let name = fields.text("name", limits::SCHEMA_TEXT)?;
    let attributes = attributes
        .into_iter()
        .enumerate()
        .map(|(at, mut attribute)| {
            attribute.place = format!("{id}: attributes[{at}]");
            self::attribute(attribute, &id, Level::Attribute)
        })
        .collect::<Result<_, _>>()?;
    Ok(Schema {
        name: name.unwrap_or_else(|| id.rsplit(':').next().unwrap_or_default().to_owned()),
        description: fields
            .text("description", limits::SCHEMA_TEXT)?
            .unwrap_or_default(),
        id: Urn::new(id),
        attributes,
    })
}

fn attribute(mut fields: Fields<'_>, parent: &str, level: Level) -> Result<Attribute, SchemaError> {
    fields.only(&[
        "name",
        "type",
        "multiValued",
        "description",
        "required",
        "canonicalValues",
        "caseExact",
        "mutability",
        "returned",
        "uniqueness",
        "referenceTypes",
        "subAttributes",
    ])?;
    let name = fields.required("name", limits::SCHEMA_NAME)?;
    // From here on messages name the attribute instead of its place in a list.
    let separator = if level == Level::Part { "." } else { ":" };
    fields.place = format!("{parent}{separator}{name}");
    let kind = fields
        .word("type", &TYPES)?
        .unwrap_or(AttributeType::String);
    let description = fields.text("description", limits::SCHEMA_TEXT)?;
    let mut attribute = Attribute::new(&name, kind, &description.unwrap_or_default());
    attribute.multi_valued = fields.flag("multiValued")?.unwrap_or(false);
    attribute.required = fields.flag("required")?.unwrap_or(false);
    attribute.canonical_values = fields.texts("canonicalValues")?;
    attribute.reference_types = fields.texts("referenceTypes")?;
    match fields.flag("caseExact")? {
        Some(false) if attribute.case_exact => {
            return Err(fields.conflict(
                "references and binaries are always compared exactly; leave `caseExact` out",
            ));
        }
        Some(case_exact) => attribute.case_exact = case_exact,
        None => {}
    }
    if let Some(mutability) = fields.word("mutability", &MUTABILITIES)? {
        attribute.mutability = mutability;
    }
    if let Some(returned) = fields.word("returned", &RETURNED)? {
        attribute.returned = returned;
    }
    if let Some(uniqueness) = fields.word("uniqueness", &UNIQUENESS)? {
        attribute.uniqueness = uniqueness;
    }
    let parts = fields.objects("subAttributes")?;
    check(&fields, &attribute, parts.len(), level)?;
    if kind == AttributeType::Reference && attribute.reference_types.is_empty() {
        attribute.reference_types = vec!["external".to_owned()];
    }
    attribute.sub_attributes = parts
        .into_iter()
        .map(|part| self::attribute(part, &fields.place, Level::Part))
        .collect::<Result<_, _>>()?;
    Ok(attribute)
}

/// Whether the characteristics go together.
fn check(
    fields: &Fields<'_>,
    attribute: &Attribute,
    parts: usize,
    level: Level,
) -> Result<(), SchemaError> {
    let is_complex = attribute.is_complex();
    if is_complex && level == Level::Part {
        return Err(fields
            .conflict("a part of a complex attribute cannot be complex itself (RFC 7643 §2.3.8)"));
    }
    if is_complex && parts == 0 {
        return Err(fields.conflict("a complex attribute needs `subAttributes`"));
    }
    if !is_complex && parts > 0 {
        return Err(fields.conflict("`subAttributes` belong to `\"type\": \"complex\"`"));
    }
    // What nobody may read would still stand in the audit of each change.
    if attribute.mutability == Mutability::WriteOnly || attribute.returned == Returned::Never {
        return Err(fields.conflict(
            "attributes that nobody may read (writeOnly, returned never) are not kept here; leave it out",
        ));
    }
    if attribute.required && attribute.mutability == Mutability::ReadOnly {
        return Err(fields.conflict(
            "a readOnly attribute that is required could never get a value; leave `required` out",
        ));
    }
    let is_text_or_number = !is_complex && attribute.kind != AttributeType::Boolean;
    let is_unique = attribute.uniqueness != Uniqueness::None;
    if is_unique && (level == Level::Part || attribute.multi_valued || !is_text_or_number) {
        return Err(fields.conflict(
            "`uniqueness` is offered for attributes with one simple value that are no part of another",
        ));
    }
    if !attribute.canonical_values.is_empty() && !attribute.kind.is_text() {
        return Err(fields.conflict("`canonicalValues` belong to texts"));
    }
    if !attribute.reference_types.is_empty() && attribute.kind != AttributeType::Reference {
        return Err(fields.conflict("`referenceTypes` belong to `\"type\": \"reference\"`"));
    }
    Ok(())
}
