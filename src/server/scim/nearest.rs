//! The URL that somebody meant who called a path where nothing is. Pure.

use super::route::BASE;
use crate::nearest::nearest as nearest_word;

/// The endpoints, as they are spelled.
const ENDPOINTS: [&str; 6] = [
    "Users",
    "Groups",
    "ServiceProviderConfig",
    "ResourceTypes",
    "Schemas",
    "Me",
];

/// The path that comes nearest: the endpoint that the path mentions in whatever spelling, with what follows it, or the
/// base URL, to which a client adds the endpoints itself.
pub(super) fn nearest(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let find = |is_meant: fn(&str) -> Option<&'static str>| {
        let mut numbered = segments.iter().enumerate();
        numbered.find_map(|(at, segment)| Some((at, is_meant(segment)?)))
    };
    let found = find(in_other_words).or_else(|| find(mistyped));
    let Some((at, endpoint)) = found else {
        // Whoever called the base URL itself is not helped by being told it.
        if path.trim_end_matches('/') == BASE {
            return format!("{BASE}/Users");
        }
        return BASE.to_owned();
    };
    match segments.get(at + 1) {
        Some(id) if id.len() <= 64 && endpoint != "Me" && endpoint != "ServiceProviderConfig" => {
            format!("{BASE}/{endpoint}/{id}")
        }
        _ => format!("{BASE}/{endpoint}"),
    }
}

/// The endpoint that a segment is in another case or in the singular.
fn in_other_words(segment: &str) -> Option<&'static str> {
    ENDPOINTS.into_iter().find(|endpoint| {
        let singular = endpoint.strip_suffix('s').unwrap_or(endpoint);
        segment.eq_ignore_ascii_case(endpoint) || segment.eq_ignore_ascii_case(singular)
    })
}

/// The endpoint that a segment is with some letters wrong. Short ones are near to everything.
fn mistyped(segment: &str) -> Option<&'static str> {
    let long = ENDPOINTS.into_iter().filter(|endpoint| endpoint.len() > 4);
    (segment.len() >= 4).then(|| nearest_word(segment, long))?
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::other_case("/scim/v2/users", "/scim/v2/Users")]
    #[case::singular("/scim/v2/Group/7", "/scim/v2/Groups/7")]
    #[case::no_version("/scim/Users", "/scim/v2/Users")]
    #[case::no_base("/Users", "/scim/v2/Users")]
    #[case::other_base("/api/v1/scim/v2/Users", "/scim/v2/Users")]
    #[case::doubled_base("/scim/v2/scim/v2/Users", "/scim/v2/Users")]
    #[case::doubled_endpoint("/scim/v2/Users/Users", "/scim/v2/Users/Users")]
    #[case::wrong_letter("/scim/v2/Userz", "/scim/v2/Users")]
    #[case::letter_too_many("/scim/v2/Userss", "/scim/v2/Users")]
    #[case::letter_too_few("/scim/v2/Goups/1", "/scim/v2/Groups/1")]
    #[case::config("/scim/v2/serviceproviderconfigs", "/scim/v2/ServiceProviderConfig")]
    #[case::too_deep("/scim/v2/Users/7/roles", "/scim/v2/Users/7")]
    #[case::base("/scim/v2", "/scim/v2/Users")]
    #[case::base_with_a_slash("/scim/v2/", "/scim/v2/Users")]
    #[case::root("/", "/scim/v2")]
    #[case::nonsense("/wp-login.php", "/scim/v2")]
    fn the_nearest_url_is_named(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(nearest(path), expected);
    }
}
