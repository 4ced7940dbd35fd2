//! S34, S38, S41, S48: who may connect, what ends with a credential, and who is turned away at the door.

use provost::admin::link::NewConnection;
use provost::admin::types::{IfVersion, NewMember, Provisioning, RequestId, RotateToken};
use provost::directory::MemberId;
use rstest::rstest;

use super::door::Door;
use super::world::World;
use super::{DD, FS, LD, SAFE, UN};
use crate::oauth_flow::{BACK, Flow};
use crate::provider::ERROR;

/// A connection as the preset wants it; a key of its own belongs to a member.
async fn plan(world: &World, idp: &str, owner: Option<MemberId>) -> NewConnection {
    if world.remote().sso().await.unwrap().sso.is_none() {
        Door::of(world).configure().await.unwrap();
    }
    let mut plan = NewConnection {
        idp: idp.into(),
        name: format!("{idp}-1"),
        ..NewConnection::default()
    };
    match world.preset {
        LD => plan.redirect_uris = vec![BACK.into()],
        DD => plan.owner = owner.or(Some(world.id("own").parse().unwrap())),
        _ => {}
    }
    plan
}

/// What a request with a token, or with none, is answered.
async fn asks(world: &World, path: &str, token: Option<&str>) -> (u16, RequestId, String) {
    let real = &world.provider.real;
    let url = format!("{}/scim/v2{path}", real.server.public_url());
    let mut request = real.client.get(url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap();
    let id = RequestId(id.parse().unwrap());
    let status = response.status().as_u16();
    (status, id, response.text().await.unwrap())
}

async fn status(world: &World, token: &str) -> u16 {
    asks(world, "/Users", Some(token)).await.0
}

const SECOND: &str = "refused: Okta is connected; disconnect SCIM first \
    | refused SECOND_IDP scim.max_connections |";

#[rstest]
#[case(LD, Some(SECOND))]
#[case(UN, Some(SECOND))]
#[case(FS, Some(SECOND))]
#[case(DD, None)]
#[case(SAFE, Some(SECOND))]
#[tokio::test]
async fn s38_a_second_identity_provider(
    #[case] preset: &'static str,
    #[case] refused: Option<&str>,
) {
    let world = World::under(preset).await;
    let okta = plan(&world, "okta", None).await;
    world.remote().connect(okta).await.unwrap();
    let entra = plan(&world, "entra", None).await;
    let second = world.remote().connect(entra).await;
    match refused {
        None => assert!(second.is_ok()),
        Some(row) => {
            let told = Err(second.err().unwrap());
            assert_eq!(world.told(&told).await, row);
        }
    }
    let link = world.remote().link().await.unwrap();
    let expected = if refused.is_some() { 1 } else { 2 };
    assert_eq!(link.connections.len(), expected);
}

#[tokio::test]
async fn s41_launchdarkly_grants_anew() {
    let world = World::under(LD).await;
    let real = &world.provider.real;
    let okta = plan(&world, "okta", None).await;
    let made = world.remote().connect(okta).await.unwrap();
    let okta = Flow::of(real, made.client_id.unwrap(), made.secret);
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let code = okta.code_of("own@x.io").await;
        let told = okta.exchange(&code).await;
        assert_eq!(told.status, 200, "{}", told.body);
        let exchange = world.exchange(told.request).await;
        tokens.push(told.body["access_token"].as_str().unwrap().to_owned());
        let key = exchange.policy_key.as_deref();
        // The first has none before it that could end.
        assert_eq!(key == Some("scim.rotation"), tokens.len() == 2, "{key:?}");
    }
    assert_eq!(status(&world, &tokens[0]).await, 401, "the old grant ends");
    assert_eq!(status(&world, &tokens[1]).await, 200);
}

#[rstest]
#[case(UN, 401, "done | applied scim.rotation |")]
#[case(FS, 401, "done | applied scim.rotation |")]
#[case(DD, 200, "done | applied scim.rotation |")]
#[case(SAFE, 200, "done | applied scim.rotation |")]
#[tokio::test]
async fn s41_the_token_is_made_anew(
    #[case] preset: &'static str,
    #[case] old: u16,
    #[case] row: &str,
) {
    let world = World::under(preset).await;
    let okta = plan(&world, "okta", None).await;
    let made = world.remote().connect(okta).await.unwrap();
    let tokens = world.remote().tokens().await.unwrap();
    let token = tokens.iter().find(|it| it.name == "okta-1").unwrap();
    let rotation = RotateToken {
        overlap_seconds: 3_600,
        ttl_seconds: None,
    };
    let new = world.remote().rotate_token(token.id, rotation).await;
    let new = new.unwrap();
    assert_eq!(status(&world, &new.secret).await, 200);
    assert_eq!(status(&world, &made.secret).await, old);
    let listing = provost::admin::types::RequestListing {
        query: "path:rotate".into(),
        limit: 1,
        ..Default::default()
    };
    let page = world.remote().requests(listing).await.unwrap();
    let exchange = world.exchange(page.items[0].id).await;
    let line = format!(
        "done | {} {} |",
        exchange.row.outcome.as_str(),
        exchange.policy_key.unwrap_or_default()
    );
    assert_eq!(line, row);
}

#[tokio::test]
async fn s41_datadog_s_key_ends_with_its_owner() {
    let world = World::under(DD).await;
    let kim = NewMember {
        user_name: "kim@x.io".into(),
        ..NewMember::default()
    };
    let kim = world.remote().add_member(kim).await.unwrap().id;
    let kim: MemberId = kim.parse().unwrap();
    let okta = plan(&world, "okta", Some(kim)).await;
    let made = world.remote().connect(okta).await.unwrap();
    let would = world.provider.real.local.clone().previewing().shared();
    let would = would.deactivate_member(kim).await.unwrap();
    let warned = |label: &str| would.changes.iter().any(|it| it.label == label);
    assert!(warned("okta-1"), "said before: {would:?}");
    assert_eq!(status(&world, &made.secret).await, 200);
    let told = world.remote().deactivate_member(kim).await;
    assert_eq!(
        world.told(&told).await,
        "done | applied users.on_inactive | kim@x.io: active=false; -okta-1"
    );
    assert_eq!(status(&world, &made.secret).await, 401);
    world.remote().restore_member(kim).await.unwrap();
    assert_eq!(status(&world, &made.secret).await, 401, "for ever");
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s48_at_the_door(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let right = world.provider.real.scim_token.clone();
    let wrong = "prv_scim_zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQ";
    let rows = [
        (None, true, 401, "TOKEN_BAD"),
        (Some(wrong), true, 401, "TOKEN_BAD"),
        (Some(right.as_str()), true, 200, ""),
        (None, false, 401, "TOKEN_BAD"),
        (Some(wrong), false, 401, "TOKEN_BAD"),
        (Some(right.as_str()), false, 403, "SCIM_OFF"),
    ];
    let mut on = true;
    for (token, is_on, expected, code) in rows {
        if is_on != on {
            world.switch_provisioning(Provisioning::Off).await;
            on = is_on;
        }
        let (status, id, text) = asks(&world, "/ServiceProviderConfig", token).await;
        assert_eq!(status, expected, "{text}");
        let exchange = world.exchange(id).await;
        assert_eq!(exchange.row.code.as_deref().unwrap_or_default(), code);
        assert!(exchange.changed.is_empty());
        let outcome = exchange.row.outcome.as_str();
        assert_eq!(outcome == "refused", expected >= 400, "{outcome}");
        if expected >= 400 {
            let body: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(body["schemas"][0], ERROR);
            assert_eq!(body["status"], expected.to_string());
        }
        // Nothing of a secret stands anywhere but its first characters.
        let log = serde_json::to_string(&exchange).unwrap();
        for secret in [wrong, right.as_str()] {
            assert!(!log.contains(&secret[14..]), "{log}");
            assert!(!text.contains(&secret[14..]), "{text}");
        }
    }
}

/// Where provisioning needs single sign-on, it comes first; and it does not go quietly.
#[rstest]
#[case(LD, true)]
#[case(UN, false)]
#[case(FS, true)]
#[case(SAFE, false)]
#[tokio::test]
async fn s34_provisioning_waits_for_it(#[case] preset: &'static str, #[case] waits: bool) {
    let world = World::under(preset).await;
    let plan = || NewConnection {
        idp: "okta".into(),
        name: "okta-1".into(),
        redirect_uris: match preset {
            LD => vec![BACK.into()],
            _ => Vec::new(),
        },
        ..NewConnection::default()
    };
    if waits {
        let told = Err(world.remote().connect(plan()).await.err().unwrap());
        let row = "refused: provisioning needs single sign-on first (scim.requires_sso); configure it with provost sso configure | refused SSO_REQUIRED scim.requires_sso |";
        assert_eq!(world.told(&told).await, row);
        Door::of(&world).configure().await.unwrap();
    }
    world.remote().connect(plan()).await.unwrap();
    if waits {
        let told = world.remote().remove_sso(IfVersion::default()).await;
        let row = world.told(&told).await;
        assert!(
            row.starts_with("done | applied scim.requires_sso |"),
            "{row}"
        );
        assert!(told.unwrap().warnings[0].contains("still provisions"));
    }
}
