//! Connections: which identity provider may come in, and by what.

use url::Url;

use super::Request;
use super::token::free_name;
use super::verdict::{Draft, Verdict};
use crate::counted::counted;
use crate::directory::change::Change;
use crate::directory::client::ClientAuthentication;
use crate::directory::command::NewCredential;
use crate::directory::connection::{Connection, Credential, IDPS};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::ids::MemberId;
use crate::directory::policy::ConnectionAuth;
use crate::directory::settings::Settings;

/// The longest redirect URI, in bytes.
const LONGEST_URI: usize = 500;
/// How many redirect URIs one client may have.
const MOST_URIS: usize = 10;

/// Connects an identity provider.
pub(super) fn connect(
    request: &Request<'_>,
    draft: Draft,
    connection: &Connection,
    credential: &NewCredential,
) -> Verdict {
    let name = connection.name.as_str();
    if !IDPS.contains(&connection.idp.as_str()) {
        let what = format!("there is no kind of identity provider {:?}", connection.idp);
        let step = TraceStep::failed(Stage::Match, what)
            .comparing(IDPS.join(", "), connection.idp.clone());
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    let draft = sso_comes_first(request, draft)?;
    let draft = room_for(request, draft, None)?;
    let draft = free_name(request.facts, draft, "connection", name)?;
    let (draft, issued) = match credential {
        NewCredential::Token { id, owner } => {
            let draft = token_fits(request, draft, *owner)?;
            let issued = Change::TokenIssued {
                id: *id,
                name: name.to_owned(),
                scope: "scim".into(),
                owner: *owner,
            };
            (draft, issued)
        }
        NewCredential::Client { id, redirect_uris } => {
            let draft = client_fits(request, draft, redirect_uris)?;
            let issued = Change::ClientCreated {
                id: *id,
                name: name.to_owned(),
                authentication: ClientAuthentication::ClientSecret,
                redirect_uris: redirect_uris.clone(),
            };
            (draft, issued)
        }
    };
    let settings = with_connection(request, connection.clone());
    Ok(draft.done(vec![settings, issued]))
}

/// Ends a connection. Whoever it has provisioned stays.
pub(super) fn disconnect(request: &Request<'_>, mut draft: Draft, name: &str) -> Verdict {
    let facts = request.facts;
    let Some(connection) = facts.settings.connection(name) else {
        let step = TraceStep::failed(Stage::Match, format!("nothing is connected as {name}"));
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    let (members, teams) = facts.kept;
    draft.step(TraceStep::passed(
        Stage::Match,
        format!(
            "{} is disconnected; its credentials end, {} and {} stay as they are",
            connection.title(),
            counted(members, "member"),
            counted(teams, "team")
        ),
    ));
    let mut after = (*facts.settings).clone();
    after.connections.retain(|it| it.name != name);
    let revoked = facts
        .connection_tokens
        .iter()
        .chain(&facts.client_tokens)
        .map(|token| Change::TokenRevoked {
            id: *token,
            name: name.to_owned(),
        });
    let mut changes = vec![settings_change(&facts.settings, after)];
    changes.extend(revoked);
    changes.extend(facts.connection_client.map(|id| Change::ClientRevoked {
        id,
        name: name.to_owned(),
    }));
    Ok(draft.done(changes))
}

/// Refuses a second identity provider where the policy has room for no more. `name` is whose credential it is, which may
/// be that of a connection.
pub(super) fn room_for(
    request: &Request<'_>,
    mut draft: Draft,
    name: Option<&str>,
) -> Result<Draft, Decision> {
    let connections = &request.facts.settings.connections;
    let most = request.policy.scim.max_connections;
    // Whose grant has ended comes in again only by another one, which is asked about like a new connection.
    let ended = &request.facts.ended_grants;
    let live = || connections.iter().filter(|it| !ended.contains(&it.name));
    let is_known = live().any(|it| Some(it.name.as_str()) == name);
    let count = u32::try_from(live().count()).unwrap_or(u32::MAX);
    let Some(first) = live().next().filter(|_| !is_known && most > 0) else {
        return Ok(draft);
    };
    draft.policy(
        "scim.max_connections",
        most,
        "how many identity providers may be connected at a time",
    );
    if count < most {
        return Ok(draft);
    }
    let what = format!("{} is connected; disconnect SCIM first", first.title());
    let step = TraceStep::failed(Stage::Policy, what).comparing(
        format!("fewer than {}", counted(u64::from(most), "connection")),
        format!("{count}, the first as {}", first.name),
    );
    Err(draft.refuse(RefusalKind::Forbidden, "SECOND_IDP", step))
}

/// Refuses to let an identity provider in before single sign-on is configured, where the policy asks for it.
pub(super) fn sso_comes_first(request: &Request<'_>, mut draft: Draft) -> Result<Draft, Decision> {
    let value = request.policy.scim.requires_sso;
    if !value || request.facts.settings.sso.is_some() {
        return Ok(draft);
    }
    draft.policy(
        "scim.requires_sso",
        value,
        "whether provisioning needs single sign-on to be configured first",
    );
    let what = "provisioning needs single sign-on first (scim.requires_sso); configure it with provost sso configure";
    let step = TraceStep::failed(Stage::Policy, what).comparing(
        "an identity provider that signs members in",
        "none is configured",
    );
    Err(draft.refuse(RefusalKind::Forbidden, "SSO_REQUIRED", step))
}

/// Whether a bearer token may open the provider: `scim.auth`.
pub(super) fn token_fits(
    request: &Request<'_>,
    mut draft: Draft,
    owner: Option<MemberId>,
) -> Result<Draft, Decision> {
    let auth = request.policy.scim.auth;
    let what = match auth {
        ConnectionAuth::Oauth2 => Some(
            "bearer tokens do not open SCIM under this policy; connect the identity provider over OAuth 2 with provost scim connect",
        ),
        ConnectionAuth::OwnedKey if owner.is_none() => {
            Some("a key belongs to a member under this policy; name its owner with --owner")
        }
        ConnectionAuth::Bearer | ConnectionAuth::OwnedKey => None,
    };
    if auth != ConnectionAuth::Bearer {
        draft.policy("scim.auth", auth, "how an identity provider authenticates");
    }
    if let Some(what) = what {
        let step = TraceStep::failed(Stage::Policy, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "SCIM_AUTH", step));
    }
    owned_by_somebody(request, draft, owner)
}

/// Whether an OAuth client may open the provider: `scim.auth`. Credentials that every later request would be refused with
/// are not handed out.
pub(super) fn client_fits(
    request: &Request<'_>,
    mut draft: Draft,
    redirect_uris: &[String],
) -> Result<Draft, Decision> {
    let auth = request.policy.scim.auth;
    let what = match auth {
        ConnectionAuth::Oauth2 if redirect_uris.is_empty() => Some(
            "an OAuth client needs an admin's consent under this policy (scim.auth); name the redirect URI that the identity provider shows with --redirect-uri",
        ),
        ConnectionAuth::OwnedKey => Some(
            "OAuth clients do not open SCIM under this policy (scim.auth); make a key that belongs to a member with provost token new --owner",
        ),
        ConnectionAuth::Oauth2 | ConnectionAuth::Bearer => None,
    };
    if auth != ConnectionAuth::Bearer {
        draft.policy("scim.auth", auth, "how an identity provider authenticates");
    }
    if let Some(what) = what {
        let step = TraceStep::failed(Stage::Policy, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "SCIM_AUTH", step));
    }
    uris_fit(draft, redirect_uris)
}

/// Whether the owner of a key is there and may sign in.
pub(super) fn owned_by_somebody(
    request: &Request<'_>,
    mut draft: Draft,
    owner: Option<MemberId>,
) -> Result<Draft, Decision> {
    let Some(owner) = owner else {
        return Ok(draft);
    };
    let member = request.facts.member.as_ref();
    let found = member.filter(|it| it.id == owner && it.deleted.is_none() && it.is_active());
    match found {
        Some(member) => {
            draft.step(TraceStep::noted(
                Stage::Match,
                format!(
                    "the key belongs to {} and ends when they lose their access",
                    member.display_name()
                ),
            ));
            Ok(draft)
        }
        None => {
            let step = TraceStep::failed(Stage::Match, "the owner of a key is an active member");
            Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step))
        }
    }
}

/// Redirect URIs are exact: https, or this computer (RFC 9700 §2.1, RFC 8252 §7.3), without a fragment (RFC 6749 §3.1.2).
fn uris_fit(draft: Draft, uris: &[String]) -> Result<Draft, Decision> {
    let fault = if uris.len() > MOST_URIS {
        Some(format!("a client has at most {MOST_URIS} redirect URIs"))
    } else {
        uris.iter().find_map(|uri| uri_fault(uri))
    };
    match fault {
        None => Ok(draft),
        Some(what) => {
            let step = TraceStep::failed(Stage::Match, what).comparing(
                "https://host/path, exactly as it will be sent",
                "another URI",
            );
            Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step))
        }
    }
}

fn uri_fault(uri: &str) -> Option<String> {
    let is_plain = uri.len() <= LONGEST_URI && uri.bytes().all(|byte| byte.is_ascii_graphic());
    let parsed = Url::parse(uri).ok().filter(|_| is_plain);
    let Some(parsed) = parsed.filter(|it| it.host_str().is_some()) else {
        return Some(format!(
            "a redirect URI is an absolute URL of at most {LONGEST_URI} characters"
        ));
    };
    let is_loopback = matches!(parsed.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    if parsed.scheme() != "https" && !(parsed.scheme() == "http" && is_loopback) {
        return Some(
            "a redirect URI is https, or http on this computer (127.0.0.1, [::1], localhost)"
                .into(),
        );
    }
    if uri.contains('#')
        || uri.contains('*')
        || !parsed.username().is_empty()
        || parsed.password().is_some()
    {
        return Some("a redirect URI has no fragment, no user and no wildcard".into());
    }
    None
}

/// The change of settings by which a connection is there, or is what it is now.
pub(super) fn with_connection(request: &Request<'_>, connection: Connection) -> Change {
    let before = &request.facts.settings;
    let mut after = (**before).clone();
    match after
        .connections
        .iter_mut()
        .find(|it| it.name == connection.name)
    {
        Some(known) => *known = connection,
        None => after.connections.push(connection),
    }
    settings_change(before, after)
}

fn settings_change(before: &Settings, mut after: Settings) -> Change {
    after.version = before.version + 1;
    Change::SettingsChanged {
        before: Box::new(before.clone()),
        after: Box::new(after),
    }
}

/// What a client becomes that an admin has granted access, where that is something new.
pub(super) fn granted(
    request: &Request<'_>,
    name: &str,
    redirect_uris: &[String],
    admin: &str,
) -> Option<Connection> {
    match request.facts.settings.connection(name) {
        Some(known) if known.credential == Credential::Grant => None,
        Some(known) => Some(Connection {
            credential: Credential::Grant,
            ..known.clone()
        }),
        None => {
            let mut hosts = redirect_uris.iter().filter_map(|uri| Url::parse(uri).ok());
            let host = hosts.find_map(|uri| uri.host_str().map(str::to_owned));
            Some(Connection {
                name: name.to_owned(),
                idp: crate::directory::connection::idp_of_host(host.as_deref().unwrap_or_default())
                    .to_owned(),
                since: request.circumstance.now,
                by: admin.to_owned(),
                credential: Credential::Grant,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://idp.example.com/cb?x=1", true)]
    #[case("http://127.0.0.1:9000/cb", true)]
    #[case("http://[::1]/cb", true)]
    #[case("http://localhost/cb", true)]
    #[case("http://idp.example.com/cb", false)]
    #[case("https://*.example.com/cb", false)]
    #[case("https://idp.example.com/cb#x", false)]
    #[case("https://me@idp.example.com/cb", false)]
    #[case("javascript:alert(1)", false)]
    #[case("https://idp.example.com/c b", false)]
    #[case("/cb", false)]
    fn a_redirect_uri_is_https_or_this_computer(#[case] uri: &str, #[case] fits: bool) {
        assert_eq!(uri_fault(uri).is_none(), fits, "{uri}");
    }
}
