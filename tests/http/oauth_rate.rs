//! How fast a client may go, and the look-ups of the IPSIE SCIM profile (openid/ipsie-scim-al1).

use std::num::NonZeroU32;
use std::time::Duration;

use provost::admin::AdminRead;
use provost::directory::RequestId;
use provost::server::Rate;
use serde_json::json;

use crate::harness::{header, request_id, scim_error};
use crate::oauth_client::{TOKEN, TestClient, Told, http};
use crate::real::Real;

async fn limited(burst: u32) -> Real {
    Real::with_limits(|limits| {
        limits.rate = Some(Rate {
            every: Duration::from_hours(1),
            burst: NonZeroU32::new(burst).unwrap(),
        });
    })
    .await
}

#[tokio::test]
async fn a_client_that_goes_too_fast_is_told_when_to_come_back() {
    let real = limited(2).await;
    let client = TestClient::new(&real, "entra").await;
    for _ in 0..2 {
        assert_eq!(
            real.request("GET", "/Users").send().await.unwrap().status(),
            200
        );
    }
    let response = real.request("GET", "/Users").send().await.unwrap();
    assert_eq!(response.status(), 429);
    let seconds: u64 = header(&response, "retry-after").parse().unwrap();
    assert!((1..=3_600).contains(&seconds), "{seconds}");
    let id = RequestId(request_id(&response));
    let detail = scim_error(response).await;
    assert!(detail.contains("RATE_429"), "{detail}");
    real.local.engine().store().flush().await.unwrap();
    let logged = real.local.request(id).await.unwrap();
    assert_eq!(logged.exchange.row.token.as_deref(), Some("okta"));
    assert_eq!(logged.explanation.unwrap().code, "RATE_429");
    // Others are not held up, and neither are admins.
    assert_eq!(
        Told::of(client.post(TOKEN, &[("grant_type", "client_credentials")]))
            .await
            .status,
        200
    );
    let (_, remote) = &real.admins[2];
    for _ in 0..5 {
        remote.overview().await.unwrap();
    }
}

#[tokio::test]
async fn fetching_another_token_gains_a_client_nothing() {
    let real = limited(3).await;
    let client = TestClient::new(&real, "entra").await;
    let (one, other) = (client.fetch().await, client.fetch().await);
    assert_eq!(client.try_token(&one).await, 200);
    assert_eq!(client.try_token(&other).await, 429);
    let told = Told::of(client.post(TOKEN, &[("grant_type", "client_credentials")])).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (429, Some("temporarily_unavailable"))
    );
    assert!(told.retry_after.parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn a_flood_does_not_fill_the_log() {
    let real = Real::with_limits(|limits| {
        limits.unauthenticated_log = 3;
        limits.rate = Some(Rate {
            every: Duration::from_hours(1),
            burst: NonZeroU32::MIN,
        });
    })
    .await;
    for _ in 0..20 {
        real.request("GET", "/Users").send().await.unwrap();
    }
    real.local.engine().store().flush().await.unwrap();
    let failures = real.local.overview().await.unwrap().failures;
    let flood = failures.iter().find(|it| it.code == "RATE_429").unwrap();
    assert_eq!(flood.count, 3);
}

#[tokio::test]
async fn the_look_ups_of_the_ipsie_profile_find_the_user() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "ipsie").await;
    let token = client.fetch().await;
    let users = format!("{}/scim/v2/Users", real.server.public_url());
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ada@example.com", "externalId": "00u1", "active": true,
        "emails": [{"value": "ada@example.com", "type": "work", "primary": true}],
    });
    let created = http()
        .post(&users)
        .bearer_auth(&token)
        .header("content-type", "application/scim+json")
        .body(user.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(created.status(), 201);
    for (filter, found) in [
        ("userName eq \"ada@example.com\"", 1),
        ("externalId eq \"00u1\"", 1),
        ("emails[value eq \"ada@example.com\"]", 1),
        ("emails[type eq \"work\"].value eq \"ada@example.com\"", 1),
        ("emails[value eq \"eve@example.com\"]", 0),
    ] {
        let response = http()
            .get(&users)
            .query(&[("filter", filter)])
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{filter}");
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!(body["totalResults"], found, "{filter}");
    }
}
