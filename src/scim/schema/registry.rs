//! All schemas of the provider, and the one place where names are resolved.
//!
//! Built once at start; everything that reads or writes a resource is handed a reference. Names are compared without
//! regard to case (RFC 7643 §2.1) and come out in their canonical spelling.

use crate::scim::path::AttributePath;

use super::{
    Attribute, Mutability, RegistryError, Resolution, Resolved, ResourceKind, Returned, Schema,
    Uniqueness, attribute, check, common, enterprise, group, launchdarkly, user,
};

/// All schemas of the provider.
#[derive(Clone, Debug)]
pub struct Registry {
    common: Vec<Attribute>,
    user: Schema,
    group: Schema,
    user_extensions: Vec<Schema>,
    group_extensions: Vec<Schema>,
}

impl Default for Registry {
    fn default() -> Self {
        Self::standard()
    }
}

impl Registry {
    /// The core User and Group, the Enterprise User extension, and the User extension with roles.
    pub fn standard() -> Self {
        Self {
            common: common::attributes(),
            user: user::schema(),
            group: group::schema(),
            user_extensions: vec![enterprise::schema(), launchdarkly::schema()],
            group_extensions: Vec::new(),
        }
    }

    /// Adds an extension of a resource type. A URN belongs to one type.
    pub fn with_extension(
        mut self,
        kind: ResourceKind,
        schema: Schema,
    ) -> Result<Self, RegistryError> {
        check::check(&schema)?;
        if self.schema(schema.id.as_str()).is_some() {
            return Err(RegistryError::Duplicate(schema.id));
        }
        if let Some(other) = self.schemas().find(|other| other.id.overlaps(&schema.id)) {
            return Err(RegistryError::Overlap {
                other: other.id.clone(),
                schema: schema.id,
            });
        }
        match kind {
            ResourceKind::User => self.user_extensions.push(schema),
            ResourceKind::Group => self.group_extensions.push(schema),
        }
        Ok(self)
    }

    /// The attributes all resources have: `schemas`, `id`, `externalId`, `meta`.
    pub fn common(&self) -> &[Attribute] {
        &self.common
    }

    /// The core schema of a resource type.
    pub fn core(&self, kind: ResourceKind) -> &Schema {
        match kind {
            ResourceKind::User => &self.user,
            ResourceKind::Group => &self.group,
        }
    }

    /// The extensions of a resource type.
    pub fn extensions(&self, kind: ResourceKind) -> &[Schema] {
        match kind {
            ResourceKind::User => &self.user_extensions,
            ResourceKind::Group => &self.group_extensions,
        }
    }

    /// The extension attributes of a resource type whose value only one resource may have. The unique ones of the core
    /// schemas are columns of the store and rules of the directory.
    pub fn unique_extension_attributes(
        &self,
        kind: ResourceKind,
    ) -> impl Iterator<Item = (&Schema, &Attribute)> {
        self.extensions(kind).iter().flat_map(|schema| {
            let unique = |attribute: &&Attribute| attribute.uniqueness != Uniqueness::None;
            schema
                .attributes
                .iter()
                .filter(unique)
                .map(move |attribute| (schema, attribute))
        })
    }

    /// Whether all that is stored of a resource type's extensions is part of an answer that asks for nothing special.
    pub fn returns_all_extensions(&self, kind: ResourceKind) -> bool {
        let by_default = |attribute: &Attribute| {
            matches!(attribute.returned, Returned::Default | Returned::Always)
        };
        // What is readOnly is not stored. It is added to an answer that asks for it.
        let is_shown =
            |part: &Attribute| part.mutability == Mutability::ReadOnly || by_default(part);
        self.extensions(kind).iter().all(|schema| {
            schema.attributes.iter().all(|attribute| {
                by_default(attribute) && attribute.sub_attributes.iter().all(is_shown)
            })
        })
    }

    /// Every schema, core ones first.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        [&self.user, &self.group]
            .into_iter()
            .chain(&self.user_extensions)
            .chain(&self.group_extensions)
    }

    /// The schema with this URN, whatever its case.
    pub fn schema(&self, urn: &str) -> Option<&Schema> {
        self.schemas().find(|schema| schema.id.names(urn))
    }

    /// The extension of a resource type with this URN.
    pub fn extension(&self, kind: ResourceKind, urn: &str) -> Option<&Schema> {
        self.extensions(kind)
            .iter()
            .find(|schema| schema.id.names(urn))
    }

    /// A core or common attribute by its name alone.
    pub fn core_attribute(&self, kind: ResourceKind, name: &str) -> Option<&Attribute> {
        self.core(kind)
            .attribute(name)
            .or_else(|| attribute::find(&self.common, name))
    }

    /// The definition of what a canonical path names.
    pub fn definition(&self, kind: ResourceKind, path: &AttributePath) -> Option<&Attribute> {
        let attribute = match &path.schema {
            Some(urn) => self
                .extension(kind, urn.as_str())?
                .attribute(&path.attribute),
            None => self.core_attribute(kind, &path.attribute),
        }?;
        match &path.sub_attribute {
            Some(sub) => attribute.sub_attribute(sub),
            None => Some(attribute),
        }
    }

    /// What a word means: `userName`, `name.givenName`, `urn:…:User:manager.displayName`, or a schema URN alone.
    ///
    /// A name that no core attribute has is looked for in the extensions, and marked so.
    pub fn resolve(&self, kind: ResourceKind, word: &str) -> Resolution<'_> {
        if word.contains(':') {
            return self.resolve_qualified(kind, word);
        }
        let (name, sub) = match word.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (word, None),
        };
        if let Some(attribute) = self.core_attribute(kind, name) {
            return with_sub(None, attribute, sub, false);
        }
        for schema in self.extensions(kind) {
            if let Some(attribute) = schema.attribute(name) {
                return with_sub(Some(schema), attribute, sub, true);
            }
        }
        Resolution::Unknown
    }

    fn resolve_qualified(&self, kind: ResourceKind, word: &str) -> Resolution<'_> {
        let core = self.core(kind);
        let candidates = std::iter::once(core).chain(self.extensions(kind));
        for schema in candidates {
            let Some(rest) = strip_prefix_ignore_case(word, schema.id.as_str()) else {
                continue;
            };
            if rest.is_empty() {
                return Resolution::Schema(schema);
            }
            let Some(rest) = rest.strip_prefix(':') else {
                continue;
            };
            let (name, sub) = match rest.split_once('.') {
                Some((name, sub)) => (name, Some(sub)),
                None => (rest, None),
            };
            let is_core = schema.id == core.id;
            let attribute = if is_core {
                self.core_attribute(kind, name)
            } else {
                schema.attribute(name)
            };
            return attribute.map_or(Resolution::Unknown, |attribute| {
                with_sub((!is_core).then_some(schema), attribute, sub, false)
            });
        }
        Resolution::Unknown
    }

    /// A hint for a name that resolves to nothing: the path of an attribute of this name elsewhere, or one that
    /// differs by a letter or two.
    pub fn nearest(&self, kind: ResourceKind, word: &str) -> Option<String> {
        let name = word.rsplit([':', '.']).next().unwrap_or(word);
        if name.is_empty() || name.len() > 64 {
            return None;
        }
        let core = self.core(kind);
        let named = |schema: &Schema, attribute: &Attribute| {
            if schema.id == core.id {
                attribute.name.clone()
            } else {
                format!("{}:{}", schema.id, attribute.name)
            }
        };
        let mut best: Option<(usize, String)> = None;
        for schema in std::iter::once(core).chain(self.extensions(kind)) {
            for attribute in &schema.attributes {
                let distance = edit_distance(name, &attribute.name);
                if distance <= 2 && best.as_ref().is_none_or(|(least, _)| distance < *least) {
                    best = Some((distance, named(schema, attribute)));
                }
            }
        }
        best.map(|(_, path)| path)
    }
}

fn with_sub<'r>(
    extension: Option<&'r Schema>,
    attribute: &'r Attribute,
    sub: Option<&str>,
    unqualified: bool,
) -> Resolution<'r> {
    let sub_attribute = match sub {
        None => None,
        Some(sub) => match attribute.sub_attribute(sub) {
            Some(found) => Some(found),
            None => return Resolution::Unknown,
        },
    };
    Resolution::Attribute(Resolved {
        extension,
        attribute,
        sub_attribute,
        unqualified,
    })
}

fn strip_prefix_ignore_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| text.get(prefix.len()..).unwrap_or_default())
}

/// The number of letters to change, case aside. Both words are short, so the square of their length is small.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_ascii_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, l) in left.to_ascii_lowercase().chars().enumerate() {
        let mut next = vec![index + 1];
        let mut last = index + 1;
        for ((r, diagonal), above) in right.iter().zip(&row).zip(row.iter().skip(1)) {
            last = (diagonal + usize::from(l != *r))
                .min(above + 1)
                .min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::schema::{ENTERPRISE_USER, LAUNCHDARKLY_USER, Urn};
    use rstest::rstest;

    #[rstest]
    #[case::canonical("userName", "userName")]
    #[case::pingone_odd_case("username", "userName")]
    #[case::sub_attribute("NAME.givenname", "name.givenName")]
    #[case::reference("groups.$ref", "groups.$ref")]
    #[case::common("EXTERNALID", "externalId")]
    #[case::meta("meta.lastmodified", "meta.lastModified")]
    #[case::core_urn("urn:ietf:params:scim:schemas:core:2.0:User:username", "userName")]
    #[case::core_urn_common("urn:ietf:params:scim:schemas:core:2.0:User:id", "id")]
    #[case::extension(
        "URN:ietf:params:scim:schemas:extension:Enterprise:2.0:User:Manager.displayname",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName"
    )]
    #[case::entra_unqualified(
        "manager",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    )]
    fn names_resolve_to_their_canonical_path(#[case] word: &str, #[case] path: &str) {
        let registry = Registry::standard();
        let Resolution::Attribute(resolved) = registry.resolve(ResourceKind::User, word) else {
            panic!("{word} does not resolve");
        };
        assert_eq!(resolved.path().to_string(), path);
        assert_eq!(
            registry.definition(ResourceKind::User, &resolved.path()),
            Some(resolved.leaf())
        );
    }

    #[rstest]
    #[case::no_such_attribute("shoeSize")]
    #[case::no_such_sub_attribute("name.shoeSize")]
    #[case::too_deep("name.givenName.x")]
    #[case::unknown_urn("urn:x:y:userName")]
    #[case::group_attribute("members")]
    #[case::empty("")]
    #[case::lone_dot(".")]
    #[case::colon("urn:ietf:params:scim:schemas:core:2.0:User:")]
    #[case::non_ascii("üserName")]
    fn other_names_are_unknown(#[case] word: &str) {
        let registry = Registry::standard();
        assert!(matches!(
            registry.resolve(ResourceKind::User, word),
            Resolution::Unknown
        ));
    }

    #[test]
    fn a_urn_alone_is_a_schema() {
        let registry = Registry::standard();
        let Resolution::Schema(schema) =
            registry.resolve(ResourceKind::User, &ENTERPRISE_USER.to_uppercase())
        else {
            panic!("not a schema");
        };
        assert_eq!(schema.id.as_str(), ENTERPRISE_USER);
    }

    #[rstest]
    #[case::typo("usreName", Some("userName"))]
    #[case::wrong_namespace("urn:wrong:User:role", None)]
    #[case::nothing_like_it("shoeSize", None)]
    fn the_nearest_name_is_suggested(#[case] word: &str, #[case] expected: Option<&str>) {
        let nearest = Registry::standard().nearest(ResourceKind::User, word);
        let expected = match word {
            "urn:wrong:User:role" => Some(format!("{LAUNCHDARKLY_USER}:role")),
            _ => expected.map(str::to_owned),
        };
        assert_eq!(nearest, expected);
    }

    #[test]
    fn extensions_are_checked() {
        let schema = |id: &str, attributes| Schema {
            id: Urn::new(id),
            name: "X".into(),
            description: String::new(),
            attributes,
        };
        let add = |schema| {
            Registry::standard()
                .with_extension(ResourceKind::User, schema)
                .map(|_| ())
        };
        let twice = vec![Attribute::string("a", ""), Attribute::string("A", "")];
        assert!(matches!(
            add(schema("urn:x:1", twice)),
            Err(RegistryError::DuplicateAttribute { .. })
        ));
        assert!(matches!(
            add(schema("urn:x:1", vec![Attribute::string("a b", "")])),
            Err(RegistryError::Name { .. })
        ));
        assert!(matches!(
            add(schema("urn:x:1", vec![Attribute::complex("a", vec![], "")])),
            Err(RegistryError::Nesting { .. })
        ));
        assert!(matches!(
            add(schema(ENTERPRISE_USER, vec![])),
            Err(RegistryError::Duplicate(_))
        ));
        assert_eq!(
            add(schema("urn:x:1", vec![Attribute::string("a", "")])),
            Ok(())
        );
    }
}
