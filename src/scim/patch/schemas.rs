//! A PATCH of `schemas` itself.

use serde_json::Value;

use super::PatchOp;
use crate::scim::dialect::quoted;
use crate::scim::error::ScimError;
use crate::scim::schema::{Registry, ResourceKind};
use crate::scim::{Attributes, Urn};

/// Checks an operation on `schemas`. They follow from the attributes that are there (RFC 7643 §3) and are not stored, so
/// that it changes nothing by itself: RFC 7644 §3.5.2 lets a client name a schema before the attributes of it come.
///
/// # Errors
/// `invalidValue` for what is no schema of the resource type, `mutability` where one in use would be taken away.
pub(super) fn name(
    registry: &Registry,
    kind: ResourceKind,
    document: &Attributes,
    op: PatchOp,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let taken_away = || ScimError::mutability("schemas", "names the schemas in use");
    let urns = match (op, value) {
        (PatchOp::Remove, _) => return Err(taken_away()),
        (_, Some(Value::Array(urns))) => urns.as_slice(),
        (_, Some(urn)) => std::slice::from_ref(urn),
        (_, None) => &[],
    };
    let core = &registry.core(kind).id;
    for urn in urns {
        let Some(urn) = urn.as_str() else {
            return Err(ScimError::invalid_value("schemas", "must hold URNs"));
        };
        if !core.names(urn) && registry.extension(kind, urn).is_none() {
            let what = format!("{} is no schema of a {kind}", quoted(urn));
            return Err(ScimError::invalid_value("schemas", what));
        }
    }
    let extensions = registry.extensions(kind).iter().map(|schema| &schema.id);
    let mut in_use = extensions
        .filter(|urn| document.contains_key(urn.as_str()))
        .chain([core]);
    let is_named = |schema: &Urn| {
        urns.iter()
            .filter_map(Value::as_str)
            .any(|urn| schema.names(urn))
    };
    if op == PatchOp::Replace && !in_use.all(is_named) {
        return Err(taken_away());
    }
    Ok(())
}
