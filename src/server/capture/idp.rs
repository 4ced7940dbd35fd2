//! Which identity provider a request looks like. A guess for the eye, never a reason to answer differently.

/// Guesses from the `User-Agent` and the query.
pub(super) fn guess(user_agent: Option<&str>, query: Option<&str>) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 9] = [
        ("okta", "okta"),
        ("azure", "entra"),
        ("microsoft", "entra"),
        ("onelogin", "onelogin"),
        ("jumpcloud", "jumpcloud"),
        ("google", "google"),
        ("ping", "ping"),
        ("authentik", "authentik"),
        ("keycloak", "keycloak"),
    ];
    if query.is_some_and(|query| query.contains("aadOptscim")) {
        return Some("entra");
    }
    let user_agent = user_agent?.to_ascii_lowercase();
    KNOWN
        .iter()
        .find(|(word, _)| user_agent.contains(word))
        .map(|(_, idp)| *idp)
}
