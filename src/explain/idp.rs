//! Which identity provider a client looks like. A guess for the eye and for the words of an explanation. An answer depends
//! on it only under a policy that names providers (`teams.idps`), and only where no connection says who it is.

use percent_encoding::percent_decode_str;

/// How much of a body is looked at, in bytes.
const BODY: usize = 4 << 10;

/// What a `User-Agent` in lower case contains, and who sends that. The first that fits wins.
const USER_AGENTS: [(&str, &str); 23] = [
    ("okta", "okta"),
    ("microsoft", "entra"),
    ("azure", "entra"),
    ("entra", "entra"),
    ("aadprovisioning", "entra"),
    ("onelogin", "onelogin"),
    ("jumpcloud", "jumpcloud"),
    ("google", "google"),
    ("pingone", "ping"),
    ("pingfed", "ping"),
    ("pingidentity", "ping"),
    ("ping identity", "ping"),
    ("ping-identity", "ping"),
    ("authentik", "authentik"),
    ("keycloak", "keycloak"),
    ("scim-sdk", "keycloak"),
    ("captaingoldfish", "keycloak"),
    ("captain-p-goldfish", "keycloak"),
    ("scim2-", "scim2-client"),
    ("scim2_", "scim2-client"),
    // The library that the published client sends with; it names itself alone.
    ("python-httpx", "scim2-client"),
    ("httpx2", "scim2-client"),
    ("curl/", "curl"),
];

/// What only one client writes into a body.
const BODIES: [(&str, &str); 9] = [
    ("ADSCIM/2.0/", "entra"),
    ("\"op\":\"Add\"", "entra"),
    ("\"op\":\"Replace\"", "entra"),
    ("\"op\":\"Remove\"", "entra"),
    ("\"name\":\"addMember\"", "entra"),
    ("urn:okta:", "okta"),
    ("\"externalId\":\"00u", "okta"),
    ("\"externalId\":\"00g", "okta"),
    ("urn:ietf:params:scim:schemas:extension:google:", "google"),
];

/// Guesses from the `User-Agent`, the query as it was sent, and the beginning of the body. Answers one of `okta`,
/// `entra`, `onelogin`, `jumpcloud`, `google`, `ping`, `authentik`, `keycloak`, `scim2-client` and `curl`.
pub fn idp_guess(
    user_agent: Option<&str>,
    query: Option<&str>,
    body: Option<&str>,
) -> Option<&'static str> {
    // The tenant URL of Entra may carry a flag; nobody else's does.
    if query.is_some_and(|query| query.to_ascii_lowercase().contains("aadoptscim")) {
        return Some("entra");
    }
    let agent = user_agent.unwrap_or_default().to_ascii_lowercase();
    USER_AGENTS
        .iter()
        .find(|(word, _)| agent.contains(word))
        .map(|(_, idp)| *idp)
        .or_else(|| from_query(query?))
        .or_else(|| from_body(body?))
}

/// The identity provider that a token or an OAuth client is named after, such as `onelogin` or `okta-prod`: for those who
/// do not say who they are.
pub fn idp_of_name(name: &str) -> Option<&'static str> {
    let word = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .next()?;
    let known = USER_AGENTS.iter().map(|(_, idp)| *idp);
    known
        .filter(|idp| !matches!(*idp, "curl" | "scim2-client"))
        .find(|idp| idp.eq_ignore_ascii_case(word))
}

fn from_query(query: &str) -> Option<&'static str> {
    let plain = query.replace('+', " ");
    let plain = percent_decode_str(&plain).decode_utf8_lossy();
    if plain.contains("filter=username Eq ") || plain.contains("filter=emails Co ") {
        return Some("ping");
    }
    if plain.contains("excludedAttributes=members") && plain.contains("displayName eq ") {
        return Some("entra");
    }
    None
}

fn from_body(body: &str) -> Option<&'static str> {
    let begun = body.get(..body.floor_char_boundary(BODY)).unwrap_or(body);
    // Colons and commas may have blanks around them.
    let dense: String = begun.split_ascii_whitespace().collect();
    BODIES
        .iter()
        .find(|(word, _)| dense.contains(word))
        .map(|(_, idp)| *idp)
}

/// The name an admin knows an identity provider by.
pub(super) fn name(idp: &str) -> Option<&'static str> {
    Some(match idp {
        "okta" => "Okta",
        "entra" => "Microsoft Entra ID",
        "onelogin" => "OneLogin",
        "jumpcloud" => "JumpCloud",
        "google" => "Google Workspace",
        "ping" => "Ping",
        "authentik" => "authentik",
        "keycloak" => "Keycloak",
        "scim2-client" => "scim2-client",
        "curl" => "curl",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("Okta SCIM Client 1.0.0"), None, None, Some("okta"))]
    #[case(Some("Microsoft Entra ID Provisioning"), None, None, Some("entra"))]
    #[case(Some("Azure AD"), None, None, Some("entra"))]
    #[case(Some("OneLogin SCIM"), None, None, Some("onelogin"))]
    #[case(Some("JumpCloud/1.0"), None, None, Some("jumpcloud"))]
    #[case(Some("Google-Auto-Provisioning"), None, None, Some("google"))]
    #[case(Some("PingFederate 12"), None, None, Some("ping"))]
    #[case(Some("shopping-mapper"), None, None, None)]
    #[case(Some("goauthentik.io/2025.4"), None, None, Some("authentik"))]
    #[case(Some("Keycloak-SCIM"), None, None, Some("keycloak"))]
    #[case(Some("python-httpx/0.28.1"), None, None, Some("scim2-client"))]
    #[case(Some("curl/8.5.0"), None, None, Some("curl"))]
    #[case(Some("curl/8.5.0"), Some("aadOptscim062020"), None, Some("entra"))]
    #[case(None, Some("filter=username%20Eq%20%22a%22"), None, Some("ping"))]
    #[case(
        None,
        Some("excludedAttributes=members&filter=displayName+eq+%22a%22"),
        None,
        Some("entra")
    )]
    #[case(
        None,
        None,
        Some(r#"{"Operations":[{"op": "Replace","path":"active"}]}"#),
        Some("entra")
    )]
    #[case(
        None,
        None,
        Some(r#"{"Operations":[{"op":"replace","path":"active"}]}"#),
        None
    )]
    #[case(
        None,
        None,
        Some(r#"{"externalId": "00u1abcdefGHIJKLM0x7"}"#),
        Some("okta")
    )]
    #[case(None, None, None, None)]
    fn clients_are_told_by_what_only_they_write(
        #[case] user_agent: Option<&str>,
        #[case] query: Option<&str>,
        #[case] body: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(idp_guess(user_agent, query, body), expected);
    }

    #[rstest]
    #[case("onelogin", Some("onelogin"))]
    #[case("Okta-prod", Some("okta"))]
    #[case("entra 2", Some("entra"))]
    #[case("not-okta", None)]
    #[case("oktagon", None)]
    #[case("curl", None)]
    #[case("", None)]
    fn a_token_is_named_after_whom_it_is_for(#[case] name: &str, #[case] expected: Option<&str>) {
        assert_eq!(idp_of_name(name), expected);
    }

    #[test]
    fn every_guess_has_a_name() {
        for (_, idp) in USER_AGENTS.iter().chain(&BODIES) {
            assert!(name(idp).is_some(), "{idp}");
        }
    }
}
