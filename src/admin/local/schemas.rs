//! The organisation's own schemas: files in the form of RFC 7643 §7, read when the engine is opened.
//!
//! A file that is wrong keeps the engine from starting, with the file, the attribute and the nearest word: an engine that
//! went on without it would take in people without the attributes that it is for.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::admin::{AdminError, AdminErrorKind};
use crate::scim::limits;
use crate::scim::schema::{Attribute, Schema, custom};
use crate::scim::{Registry, ResourceKind};

/// Which files hold extensions of which resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaFiles {
    /// Extensions of User.
    pub user: Vec<PathBuf>,
    /// Extensions of Group.
    pub group: Vec<PathBuf>,
}

/// One schema of the organisation's own, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemaSummary {
    /// The URN.
    pub id: String,
    /// The name.
    pub name: String,
    /// The resource type it extends.
    pub resource_type: String,
    /// Its attributes, each with what is not as usual about it.
    pub attributes: Vec<String>,
}

/// The schemas of the standards and those of the files.
pub fn load(files: &SchemaFiles) -> Result<Registry, AdminError> {
    let mut registry = Registry::standard();
    let mut count = 0;
    for (kind, paths) in [
        (ResourceKind::User, &files.user),
        (ResourceKind::Group, &files.group),
    ] {
        for path in paths {
            for schema in read(path)? {
                count += 1;
                if count > limits::CUSTOM_SCHEMAS {
                    let most = limits::CUSTOM_SCHEMAS;
                    return Err(wrong(
                        path,
                        format!("more than {most} schemas in all files"),
                    ));
                }
                registry = registry
                    .with_extension(kind, schema)
                    .map_err(|error| wrong(path, error))?;
            }
        }
    }
    Ok(registry)
}

/// What the files hold, once it is known that they go together.
pub fn summary(files: &SchemaFiles) -> Result<Vec<SchemaSummary>, AdminError> {
    let standard = Registry::standard();
    let registry = load(files)?;
    let own = ResourceKind::ALL.into_iter().flat_map(|kind| {
        let added = |schema: &&Schema| standard.schema(schema.id.as_str()).is_none();
        registry
            .extensions(kind)
            .iter()
            .filter(added)
            .map(move |schema| SchemaSummary {
                id: schema.id.to_string(),
                name: schema.name.clone(),
                resource_type: kind.to_string(),
                attributes: schema.attributes.iter().map(describe).collect(),
            })
    });
    Ok(own.collect())
}

fn describe(attribute: &Attribute) -> String {
    let usual = Attribute::new("", attribute.kind, "");
    let mut words = vec![attribute.kind.as_str()];
    let unusual = [
        (attribute.multi_valued, "multiValued"),
        (attribute.required, "required"),
        (attribute.case_exact && !usual.case_exact, "caseExact"),
        (
            attribute.mutability != usual.mutability,
            attribute.mutability.as_str(),
        ),
        (
            attribute.returned != usual.returned,
            "returned on request or always",
        ),
        (attribute.uniqueness != usual.uniqueness, "unique"),
    ];
    words.extend(unusual.iter().filter(|(is, _)| *is).map(|(_, word)| *word));
    format!("{} ({})", attribute.name, words.join(", "))
}

fn read(path: &Path) -> Result<Vec<Schema>, AdminError> {
    let mut text = String::new();
    let limit = limits::SCHEMA_FILE as u64 + 1;
    File::open(path)
        .and_then(|file| file.take(limit).read_to_string(&mut text))
        .map_err(|error| wrong(path, error))?;
    custom::read(&text).map_err(|error| wrong(path, error))
}

fn wrong(path: &Path, why: impl std::fmt::Display) -> AdminError {
    AdminError::new(
        AdminErrorKind::Invalid,
        format!("schema file {}: {why}", path.display()),
    )
}
