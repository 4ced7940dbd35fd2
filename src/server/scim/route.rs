//! Paths and methods of the SCIM provider (RFC 7644 §3.2). Pure.

use http::Method;
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use crate::engine::Operation;
use crate::engine::call::MeMethod;
use crate::scim::ResourceKind;
use crate::scim::list::is_list_parameter;

/// Where the provider always is.
pub(super) const BASE: &str = "/scim/v2";

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// `/Users`, `/Groups`.
    Endpoint(ResourceKind),
    /// `/Users/{id}`.
    Resource(ResourceKind, String),
    /// `/Users/.search`.
    Search(ResourceKind),
    /// `/.search`, over all resource types.
    SearchAll,
    /// The base URL with the parameters of a list: over all resource types.
    Root,
    /// `/ServiceProviderConfig`.
    ServiceProviderConfig,
    /// `/ResourceTypes` and `/ResourceTypes/{id}`.
    ResourceTypes(Option<String>),
    /// `/Schemas` and `/Schemas/{id}`.
    Schemas(Option<String>),
    /// `/Me`.
    Me,
    /// `/Bulk`.
    Bulk,
}

/// A path that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// What it names.
    pub target: Target,
    /// Whether there were slashes too many in it, as a base URL with a slash at its end makes them.
    pub has_extra_slashes: bool,
}

/// Reads a path below a base path. One slash at the end is as good as none.
pub(super) fn find(base: &str, path: &str) -> Option<Route> {
    let rest = path.strip_prefix(base)?;
    if !rest.starts_with('/') {
        return None;
    }
    let inner = rest.strip_suffix('/').unwrap_or(rest);
    let segments: Option<Vec<String>> = inner
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            percent_decode_str(segment)
                .decode_utf8()
                .ok()
                .map(std::borrow::Cow::into_owned)
        })
        .collect();
    let segments = segments?;
    let slashes = inner.bytes().filter(|&byte| byte == b'/').count();
    let mut segments_left = segments.iter().map(String::as_str);
    let target = target(
        segments_left.next()?,
        segments_left.next(),
        segments_left.next(),
    )?;
    Some(Route {
        target,
        has_extra_slashes: slashes > segments.len(),
    })
}

/// Reads the base URL with a query, which asks for resources of all types (RFC 7644 §3.4.2). Without a parameter of a
/// list it is not one: whoever opens the base URL, or sends something there, has forgotten the endpoint.
pub(super) fn root(base: &str, path: &str, query: Option<&str>) -> Option<Route> {
    let rest = path.strip_prefix(base)?;
    if rest.bytes().any(|byte| byte != b'/') {
        return None;
    }
    let mut parameters = form_urlencoded::parse(query?.as_bytes());
    parameters
        .any(|(name, _)| is_list_parameter(&name))
        .then_some(Route {
            target: Target::Root,
            has_extra_slashes: rest.len() > 1,
        })
}

fn target(first: &str, second: Option<&str>, third: Option<&str>) -> Option<Target> {
    if third.is_some() {
        return None;
    }
    let id = || second.map(str::to_owned);
    let of_kind = |kind| match second {
        None => Target::Endpoint(kind),
        Some(".search") => Target::Search(kind),
        Some(id) => Target::Resource(kind, id.to_owned()),
    };
    Some(match (first, second) {
        ("Users", _) => of_kind(ResourceKind::User),
        ("Groups", _) => of_kind(ResourceKind::Group),
        ("ServiceProviderConfig", None) => Target::ServiceProviderConfig,
        ("ResourceTypes", _) => Target::ResourceTypes(id()),
        ("Schemas", _) => Target::Schemas(id()),
        ("Me", None) => Target::Me,
        ("Bulk", None) => Target::Bulk,
        (".search", None) => Target::SearchAll,
        _ => return None,
    })
}

impl Target {
    /// The word of the request log for it.
    pub(super) fn resource(&self) -> &'static str {
        match self {
            Self::Endpoint(ResourceKind::User)
            | Self::Resource(ResourceKind::User, _)
            | Self::Search(ResourceKind::User) => "Users",
            Self::Endpoint(ResourceKind::Group)
            | Self::Resource(ResourceKind::Group, _)
            | Self::Search(ResourceKind::Group) => "Groups",
            // The two ways to ask the same.
            Self::SearchAll | Self::Root => ".search",
            Self::ServiceProviderConfig => "ServiceProviderConfig",
            Self::ResourceTypes(_) => "ResourceTypes",
            Self::Schemas(_) => "Schemas",
            Self::Me => "Me",
            Self::Bulk => "Bulk",
        }
    }

    /// What a method asks for here, or the methods that ask for something. HEAD is GET without the body.
    pub(super) fn operation(self, method: &Method) -> Result<Operation, &'static str> {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        match self {
            Self::Endpoint(kind) if method == Method::GET => Ok(Operation::List(kind)),
            Self::Endpoint(kind) if method == Method::POST => Ok(Operation::Create(kind)),
            Self::Endpoint(_) => Err("GET, HEAD, POST"),
            Self::Search(kind) if method == Method::POST => Ok(Operation::Search(kind)),
            Self::SearchAll if method == Method::POST => Ok(Operation::SearchAll),
            Self::Root if method == Method::GET => Ok(Operation::ListAll),
            Self::Root => Err("GET, HEAD"),
            Self::Bulk if method == Method::POST => Ok(Operation::Bulk),
            Self::Search(_) | Self::SearchAll | Self::Bulk => Err("POST"),
            Self::Resource(kind, id) => match *method {
                Method::GET => Ok(Operation::Read(kind, id)),
                Method::PUT => Ok(Operation::Replace(kind, id)),
                Method::PATCH => Ok(Operation::Patch(kind, id)),
                Method::DELETE => Ok(Operation::Delete(kind, id)),
                _ => Err("GET, HEAD, PUT, PATCH, DELETE"),
            },
            Self::Me => match *method {
                Method::GET => Ok(Operation::Me(MeMethod::Get)),
                Method::POST => Ok(Operation::Me(MeMethod::Post)),
                Method::PUT => Ok(Operation::Me(MeMethod::Put)),
                Method::PATCH => Ok(Operation::Me(MeMethod::Patch)),
                Method::DELETE => Ok(Operation::Me(MeMethod::Delete)),
                _ => Err("GET, HEAD, POST, PUT, PATCH, DELETE"),
            },
            Self::ServiceProviderConfig | Self::ResourceTypes(_) | Self::Schemas(_)
                if method != Method::GET =>
            {
                Err("GET, HEAD")
            }
            Self::ServiceProviderConfig => Ok(Operation::ServiceProviderConfig),
            Self::ResourceTypes(id) => Ok(Operation::ResourceTypes(id)),
            Self::Schemas(id) => Ok(Operation::Schemas(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/scim/v2/Users", Target::Endpoint(ResourceKind::User))]
    #[case("/scim/v2/Users/", Target::Endpoint(ResourceKind::User))]
    #[case("/scim/v2/Groups/a%20b", Target::Resource(ResourceKind::Group, "a b".into()))]
    #[case("/scim/v2/Groups/a%2Fb/", Target::Resource(ResourceKind::Group, "a/b".into()))]
    #[case("/scim/v2/Users/.search", Target::Search(ResourceKind::User))]
    #[case("/scim/v2/Schemas/urn:x", Target::Schemas(Some("urn:x".into())))]
    #[case("/scim/v2/ResourceTypes", Target::ResourceTypes(None))]
    #[case("/scim/v2/ServiceProviderConfig/", Target::ServiceProviderConfig)]
    #[case("/scim/v2/Me", Target::Me)]
    #[case("/scim/v2/Bulk", Target::Bulk)]
    fn paths_are_understood(#[case] path: &str, #[case] target: Target) {
        let expected = Route {
            target,
            has_extra_slashes: false,
        };
        assert_eq!(find(BASE, path), Some(expected));
    }

    #[rstest]
    #[case("/trust/scim/v2", "/trust/scim/v2/Users")]
    #[case("/scim", "/scim/Users")]
    #[case("/api/v1/scim/v2", "/api/v1/scim/v2/Users/")]
    #[case("/api/v2/scim", "/api/v2/scim/Users")]
    fn a_base_path_may_be_another(#[case] base: &str, #[case] path: &str) {
        let route = find(base, path).unwrap();
        assert_eq!(route.target, Target::Endpoint(ResourceKind::User));
        assert_eq!(find(BASE, path), None);
    }

    #[rstest]
    #[case("/scim/v2//Users")]
    #[case("/scim/v2/Users//")]
    #[case("/scim/v2///Users")]
    fn extra_slashes_are_tolerated_and_seen(#[case] path: &str) {
        let route = find(BASE, path).unwrap();
        assert_eq!(route.target, Target::Endpoint(ResourceKind::User));
        assert!(route.has_extra_slashes);
    }

    #[rstest]
    #[case("/")]
    #[case("/scim/v2")]
    #[case("/scim/v2/")]
    #[case("/scim/v20/Users")]
    #[case("/scim/v2/users")]
    #[case("/scim/v2/Users/a/b")]
    #[case("/scim/v2/Me/x")]
    #[case("/scim/v2/Users/%ff")]
    #[case("/Users")]
    fn other_paths_are_not(#[case] path: &str) {
        assert_eq!(find(BASE, path), None);
    }

    #[rstest]
    #[case("/scim/v2", Some("filter=userName%20pr"), Some(false))]
    #[case("/scim/v2/", Some("FILTER="), Some(false))]
    #[case("/scim/v2//", Some("x=y&count=1"), Some(true))]
    #[case("/scim/v2", None, None)]
    #[case("/scim/v2/", Some(""), None)]
    #[case("/scim/v2/", Some("aadOptscim062020"), None)]
    #[case("/scim/v20", Some("count=1"), None)]
    #[case("/scim/v2/users", Some("count=1"), None)]
    #[case("/", Some("count=1"), None)]
    fn the_base_url_is_an_endpoint_with_a_query(
        #[case] path: &str,
        #[case] query: Option<&str>,
        #[case] expected: Option<bool>,
    ) {
        let found = root(BASE, path, query);
        assert_eq!(found.as_ref().map(|it| it.has_extra_slashes), expected);
        assert!(found.is_none_or(|it| it.target == Target::Root));
    }

    #[rstest]
    #[case("/scim/v2/Users", "PATCH", "GET, HEAD, POST")]
    #[case("/scim/v2/Users/1", "POST", "GET, HEAD, PUT, PATCH, DELETE")]
    #[case("/scim/v2/Users/1", "BREW", "GET, HEAD, PUT, PATCH, DELETE")]
    #[case("/scim/v2/Users/.search", "GET", "POST")]
    #[case("/scim/v2/Schemas", "DELETE", "GET, HEAD")]
    #[case("/scim/v2/Bulk", "GET", "POST")]
    #[case("/scim/v2/Me", "OPTIONS", "GET, HEAD, POST, PUT, PATCH, DELETE")]
    fn wrong_methods_name_the_right_ones(
        #[case] path: &str,
        #[case] method: &str,
        #[case] allow: &str,
    ) {
        let operation = find(BASE, path)
            .unwrap()
            .target
            .operation(&method.parse().unwrap());
        assert_eq!(operation, Err(allow));
    }

    #[test]
    fn head_is_get() {
        let operation = find(BASE, "/scim/v2/Users/1")
            .unwrap()
            .target
            .operation(&Method::HEAD);
        assert_eq!(
            operation,
            Ok(Operation::Read(ResourceKind::User, "1".into()))
        );
    }
}
