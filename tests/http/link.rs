//! S38, S41 and S48 under each preset: one identity provider at a time, what ends with a rotation or an owner, and the
//! base paths with their refusals.

use provost::admin::link::NewConnection;
use provost::admin::types::{MergeMember, NewMember, NewToken, RotateToken, TokenScope};
use provost::admin::{AdminErrorKind, AdminRead, AdminWrite};
use provost::directory::Actor;
use provost::engine::admin::{Asker, Mode};
use provost::store::rows::Listing;
use rstest::rstest;
use serde_json::json;

use crate::harness::scim_error;
use crate::oauth_client::http;
use crate::oauth_flow::{BACK, Flow};
use crate::real::{Answer, Real};

/// An account that has come to follow a preset.
async fn under(preset: &str) -> Real {
    let real = Real::new().await;
    adopt(&real, preset).await;
    if ["launchdarkly", "flagsmith"].contains(&preset) {
        // What comes before a connection there has tests of its own.
        let engine = real.local.engine();
        let (key, value) = ("scim.requires_sso".to_owned(), Some("false".to_owned()));
        engine.set_policy(&asker(), key, value, None).await.unwrap();
    }
    real
}

fn asker() -> Asker {
    Asker {
        actor: Actor::admin("test"),
        mode: Mode::Commit,
    }
}

async fn adopt(real: &Real, preset: &str) {
    real.local
        .engine()
        .adopt_preset(&asker(), preset.into(), Default::default(), None)
        .await
        .unwrap();
}

async fn owner(real: &Real) -> provost::directory::MemberId {
    let listing = Listing {
        limit: 1,
        ..Listing::default()
    };
    real.local.members(listing).await.unwrap().items[0].id
}

async fn plan(real: &Real, idp: &str) -> NewConnection {
    let policy = real.local.link().await.unwrap();
    let mut connection = NewConnection {
        idp: idp.into(),
        name: format!("{idp}-1"),
        ..NewConnection::default()
    };
    match serde_json::to_value(policy.auth).unwrap().as_str().unwrap() {
        "oauth2" => connection.redirect_uris = vec![BACK.into()],
        "owned_key" => connection.owner = Some(owner(real).await),
        _ => {}
    }
    connection
}

fn key(name: &str, owner: Option<provost::directory::MemberId>) -> NewToken {
    NewToken {
        name: name.into(),
        scope: TokenScope::Scim,
        ttl_seconds: None,
        owner,
    }
}

async fn status(real: &Real, token: &str) -> u16 {
    let request = http().get(format!("{}/scim/v2/Users", real.server.public_url()));
    request
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

/// S38.
#[rstest]
#[case::launchdarkly("launchdarkly", true)]
#[case::unleash("unleash", true)]
#[case::flagsmith("flagsmith", true)]
#[case::datadog("datadog", false)]
#[case::safe("safe", true)]
#[tokio::test]
async fn a_second_identity_provider(#[case] preset: &str, #[case] is_refused: bool) {
    let real = under(preset).await;
    let first = real.local.connect(plan(&real, "okta").await).await.unwrap();
    assert_eq!(first.connection.idp, "okta");
    let second = real.local.connect(plan(&real, "entra").await).await;
    let key_owner = match preset {
        "datadog" => Some(owner(&real).await),
        _ => None,
    };
    let other_token = match preset {
        "launchdarkly" => None,
        _ => Some(real.local.issue_token(key("third", key_owner)).await),
    };
    if !is_refused {
        assert!(second.is_ok());
        assert!(other_token.unwrap().is_ok());
        return;
    }
    let error = second.err().unwrap();
    assert_eq!(error.code.as_deref(), Some("SECOND_IDP"), "{error:?}");
    assert_eq!(error.detail, "Okta is connected; disconnect SCIM first");
    let logged = real.local.request(error.request_id.unwrap()).await.unwrap();
    assert_eq!(
        logged.exchange.policy_key.as_deref(),
        Some("scim.max_connections")
    );
    assert_eq!(logged.explanation.unwrap().code, "SECOND_IDP");
    if let Some(other) = other_token {
        assert_eq!(other.err().unwrap().code.as_deref(), Some("SECOND_IDP"));
    }
    // Once the first is gone there is room, and nothing else is.
    let members = real.local.overview().await.unwrap().members;
    real.local.disconnect("okta-1".into()).await.unwrap();
    assert_eq!(real.local.overview().await.unwrap().members, members);
    if first.client_id.is_none() {
        assert_eq!(status(&real, &first.secret).await, 401);
    }
    real.local
        .connect(plan(&real, "entra").await)
        .await
        .unwrap();
}

/// S38 over OAuth: the page says so before anybody can allow it.
#[tokio::test]
async fn a_second_identity_provider_is_refused_on_the_page() {
    let real = under("launchdarkly").await;
    // A client from before: none is made once somebody is connected.
    let other = Flow::new(&real, "entra").await;
    let made = real.local.connect(plan(&real, "okta").await).await.unwrap();
    let okta = Flow::of(&real, made.client_id.unwrap(), made.secret);
    let granted = okta.exchange(&okta.code().await).await;
    assert_eq!(granted.status, 200, "{}", granted.body);
    let told = other.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (400, Some("unauthorized_client"))
    );
    assert_eq!(
        told.logged(&real).await.explanation.unwrap().code,
        "SECOND_IDP"
    );
    assert_eq!(okta.users(told_token(&granted)).await, 200);
}

fn told_token(told: &crate::oauth_client::Told) -> &str {
    told.body["access_token"].as_str().unwrap()
}

/// S41 launchdarkly: the old grant is revoked.
#[tokio::test]
async fn granting_anew_ends_the_grant_before() {
    let real = under("launchdarkly").await;
    let made = real.local.connect(plan(&real, "okta").await).await.unwrap();
    let okta = Flow::of(&real, made.client_id.unwrap(), made.secret);
    let old = okta.exchange(&okta.code().await).await;
    let new = okta.exchange(&okta.code().await).await;
    assert_eq!(okta.users(told_token(&old)).await, 401);
    assert_eq!(okta.users(told_token(&new)).await, 200);
    let logged = new.logged(&real).await;
    assert_eq!(logged.exchange.policy_key.as_deref(), Some("scim.rotation"));
    real.local.disconnect("okta-1".into()).await.unwrap();
    assert_eq!(okta.users(told_token(&new)).await, 401);
}

/// S41 launchdarkly: personal tokens are refused.
#[tokio::test]
async fn a_bearer_token_is_not_made_where_the_policy_wants_oauth() {
    let real = under("launchdarkly").await;
    let error = real
        .local
        .issue_token(key("pat", None))
        .await
        .err()
        .unwrap();
    assert_eq!(error.code.as_deref(), Some("SCIM_AUTH"));
    let logged = real.local.request(error.request_id.unwrap()).await.unwrap();
    assert_eq!(logged.exchange.policy_key.as_deref(), Some("scim.auth"));
    // The admin API is not SCIM.
    let admin = NewToken {
        scope: TokenScope::Admin,
        ..key("ops", None)
    };
    real.local.issue_token(admin).await.unwrap();
}

/// S41.
#[rstest]
#[case::unleash("unleash", 401)]
#[case::flagsmith("flagsmith", 401)]
#[case::datadog("datadog", 200)]
#[case::safe("safe", 200)]
#[tokio::test]
async fn the_old_secret_after_a_rotation(#[case] preset: &str, #[case] expected: u16) {
    let real = under(preset).await;
    let made = real.local.connect(plan(&real, "okta").await).await.unwrap();
    let tokens = real.local.tokens().await.unwrap();
    let token = tokens.iter().find(|token| token.name == "okta-1").unwrap();
    let rotation = RotateToken {
        overlap_seconds: 3_600,
        ttl_seconds: None,
    };
    let new = real.local.rotate_token(token.id, rotation).await.unwrap();
    assert_eq!(status(&real, &made.secret).await, expected);
    assert_eq!(status(&real, &new.secret).await, 200);
    assert_eq!(new.token.owner, token.owner);
}

/// S41 datadog: the key dies with its owner, and stays dead.
#[tokio::test]
async fn a_key_ends_with_its_owner_for_ever() {
    let real = under("datadog").await;
    let error = real
        .local
        .issue_token(key("free", None))
        .await
        .err()
        .unwrap();
    assert_eq!(error.code.as_deref(), Some("SCIM_AUTH"));
    let member = NewMember {
        user_name: "kim@example.com".into(),
        ..NewMember::default()
    };
    let kim: provost::directory::MemberId = real
        .local
        .add_member(member)
        .await
        .unwrap()
        .id
        .parse()
        .unwrap();
    let made = real
        .local
        .issue_token(key("okta-1", Some(kim)))
        .await
        .unwrap();
    assert_eq!(status(&real, &made.secret).await, 200);
    // Said before.
    let preview = real
        .local
        .clone()
        .previewing()
        .deactivate_member(kim)
        .await
        .unwrap();
    assert!(
        preview
            .changes
            .iter()
            .any(|change| change.label == "okta-1"),
        "{preview:?}"
    );
    assert_eq!(status(&real, &made.secret).await, 200);
    // In the same commit.
    let done = real.local.deactivate_member(kim).await.unwrap();
    assert!(
        done.changes.iter().any(|change| change.label == "okta-1"),
        "{done:?}"
    );
    let logged = real.local.request(done.request_id.unwrap()).await.unwrap();
    let steps = serde_json::to_string(&logged.exchange.trace).unwrap();
    assert!(
        steps.contains("the key okta-1 ends with this member"),
        "{steps}"
    );
    assert_eq!(status(&real, &made.secret).await, 401);
    real.local.restore_member(kim).await.unwrap();
    assert_eq!(status(&real, &made.secret).await, 401);
    // None is made for somebody who may not sign in.
    real.local.deactivate_member(kim).await.unwrap();
    let error = real
        .local
        .issue_token(key("okta-2", Some(kim)))
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind, AdminErrorKind::Invalid);
}

/// S41 datadog: so it does where its owner becomes one with another member, or goes with all who were provisioned.
#[rstest]
#[case::merged(true)]
#[case::purged(false)]
#[tokio::test]
async fn a_key_ends_with_an_owner_who_is_no_more(#[case] is_merged: bool) {
    let real = under("datadog").await;
    let kim = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "kim@example.com",
        "active": true,
    });
    let kim = real.ask("POST", "/Users", Some(kim)).await.id();
    let kim = kim.parse().unwrap();
    let made = real.local.issue_token(key("okta-1", Some(kim))).await;
    let secret = made.unwrap().secret;
    assert_eq!(status(&real, &secret).await, 200);
    let done = if is_merged {
        let merge = MergeMember {
            other: kim,
            if_versions: None,
        };
        let local = NewMember {
            user_name: "kimberly".into(),
            ..NewMember::default()
        };
        let survivor = real.local.add_member(local).await.unwrap().id;
        real.local
            .merge_members(survivor.parse().unwrap(), merge)
            .await
    } else {
        real.local.purge_members().await
    };
    let done = serde_json::to_string(&done.unwrap()).unwrap();
    assert!(done.contains("okta-1"), "{done}");
    assert_eq!(status(&real, &secret).await, 401);
}

/// S41 datadog: over SCIM, too, and the doctor has warned.
#[tokio::test]
async fn an_identity_provider_can_end_its_own_key() {
    let real = under("datadog").await;
    let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kim@example.com", "emails": [{ "value": "kim@example.com", "primary": true }] });
    let created = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let kim = created.id().parse().unwrap();
    let made = real
        .local
        .issue_token(key("okta-1", Some(kim)))
        .await
        .unwrap();
    let findings = real.local.doctor().await.unwrap();
    assert!(
        findings.iter().any(|it| it
            .found
            .contains("the key okta-1 ends with kim@example.com")),
        "{findings:?}"
    );
    let off = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{ "op": "replace", "value": { "active": false } }] });
    let patched = real.ask("PATCH", &format!("/Users/{kim}"), Some(off)).await;
    assert!(patched.status < 300, "{}", patched.body);
    assert_eq!(status(&real, &made.secret).await, 401);
}

/// S48, at the base path of each preset and at `/scim/v2`.
#[rstest]
#[case("launchdarkly", "/trust/scim/v2")]
#[case("unleash", "/scim")]
#[case("flagsmith", "/api/v1/scim/v2")]
#[case("datadog", "/api/v2/scim")]
#[case("safe", "/scim/v2")]
#[case("rfc", "/scim/v2")]
#[tokio::test]
async fn no_token_and_a_wrong_one_at_the_base_path(#[case] preset: &str, #[case] base: &str) {
    let real = under(preset).await;
    for base in [base, "/scim/v2"] {
        let url = format!("{}{base}", real.server.public_url());
        for path in [
            "/ServiceProviderConfig",
            "/Users/",
            "/Groups?aadOptscim062020",
        ] {
            let get = || http().get(format!("{url}{path}"));
            let response = get().send().await.unwrap();
            assert_eq!(response.status().as_u16(), 401, "{url}{path}");
            scim_error(response).await;
            let wrong = "prv_scim_zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQ";
            let response = get().bearer_auth(wrong).send().await.unwrap();
            assert_eq!(response.status().as_u16(), 401);
            assert!(!scim_error(response).await.contains(wrong));
            let response = get().bearer_auth(&real.scim_token).send().await.unwrap();
            assert_eq!(response.status().as_u16(), 200, "{url}{path}");
        }
        // What is named is named by the way it was asked for.
        let request = http().get(format!("{url}/ServiceProviderConfig"));
        let told = Answer::of(request.bearer_auth(&real.scim_token)).await;
        assert_eq!(
            told.body["meta"]["location"],
            format!("{url}/ServiceProviderConfig")
        );
    }
    let offered = real.local.link().await.unwrap().base_url;
    assert_eq!(offered, format!("{}{base}", real.server.public_url()));
    // The paths of another system are not there.
    let other = if preset == "datadog" {
        "/trust/scim/v2"
    } else {
        "/api/v2/scim"
    };
    let request = http().get(format!("{}{other}/Users", real.server.public_url()));
    let response = request.bearer_auth(&real.scim_token).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 404);
}

/// Whose groups become teams is told by the connection, whatever the client looks like.
#[tokio::test]
async fn the_connection_says_who_asks() {
    let real = Real::new().await;
    let asker = Asker {
        actor: Actor::admin("test"),
        mode: Mode::Commit,
    };
    let only =
        real.local
            .engine()
            .set_policy(&asker, "teams.idps".into(), Some("okta".into()), None);
    only.await.unwrap();
    let entra = plan(&real, "entra").await;
    let made = real.local.connect(entra).await.unwrap();
    let group = |token: &str, name: &str| {
        let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name });
        let request = http().post(format!("{}/scim/v2/Groups", real.server.public_url()));
        let request = request.header("user-agent", "Okta SCIM Client 1.0.0");
        Answer::of(
            request
                .bearer_auth(token)
                .header("content-type", "application/scim+json")
                .body(body.to_string()),
        )
    };
    let refused = group(&made.secret, "Pay").await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    // A token of no connection is who it looks like.
    assert_eq!(group(&real.scim_token, "Pay").await.status, 201);
}

/// Each way to be an admin connects and disconnects alike, and a preview does neither.
#[tokio::test]
async fn every_admin_connects_and_disconnects() {
    let real = under("safe").await;
    for (who, admin) in &real.admins {
        let made = admin.connect(plan(&real, "okta").await).await.unwrap();
        assert_eq!(status(&real, &made.secret).await, 200, "{who}");
        let link = admin.link().await.unwrap();
        assert_eq!(link.connections[0].connection.by, *who);
        assert_eq!(link.loose, ["okta"]);
        let preview = real.local.clone().previewing();
        let done = preview.disconnect("okta-1".into()).await.unwrap();
        assert_eq!(done.changes.len(), 2, "{done:?}");
        assert_eq!(status(&real, &made.secret).await, 200, "{who}");
        let done = admin.disconnect("okta-1".into()).await.unwrap();
        let logged = admin.request(done.request_id.unwrap()).await.unwrap();
        let trace = serde_json::to_string(&logged.exchange.trace).unwrap();
        assert!(
            trace.contains("1 member and 0 teams stay as they are"),
            "{trace}"
        );
        assert_eq!(status(&real, &made.secret).await, 401, "{who}");
        let error = admin.disconnect("okta-1".into()).await.unwrap_err();
        assert_eq!(error.kind, AdminErrorKind::NotFound);
    }
}
