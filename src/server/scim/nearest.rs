//! The URL that somebody meant who called a path where nothing is. Pure.

use super::route::BASE;

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
    let found = segments.iter().enumerate().find_map(|(at, segment)| {
        ENDPOINTS
            .into_iter()
            .find(|endpoint| is_meant(segment, endpoint))
            .map(|endpoint| (at, endpoint))
    });
    let Some((at, endpoint)) = found else {
        return BASE.to_owned();
    };
    match segments.get(at + 1) {
        Some(id) if id.len() <= 64 && endpoint != "Me" && endpoint != "ServiceProviderConfig" => {
            format!("{BASE}/{endpoint}/{id}")
        }
        _ => format!("{BASE}/{endpoint}"),
    }
}

/// Whether a segment is an endpoint in another case, in the singular, or with one letter wrong.
fn is_meant(segment: &str, endpoint: &str) -> bool {
    let singular = endpoint.strip_suffix('s').unwrap_or(endpoint);
    segment.eq_ignore_ascii_case(endpoint)
        || segment.eq_ignore_ascii_case(singular)
        || (endpoint.len() > 4 && is_one_letter_off(segment, endpoint))
}

/// Whether one letter more, less, or other makes one from the other, without case.
fn is_one_letter_off(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let front = one.iter().zip(other).take_while(same).count();
    let back = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(same)
        .count();
    front + back + 1 >= one.len().max(other.len())
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
    #[case::base("/scim/v2", "/scim/v2")]
    #[case::root("/", "/scim/v2")]
    #[case::nonsense("/wp-login.php", "/scim/v2")]
    fn the_nearest_url_is_named(#[case] path: &str, #[case] expected: &str) {
        assert_eq!(nearest(path), expected);
    }
}
