//! The Unix socket: the admin API for processes of the same user, and nothing else.

use std::os::unix::fs::PermissionsExt;

use provost::admin::types::{Listing, NewToken, RequestListing, TokenScope};
use provost::admin::{AdminErrorKind, AdminRead, AdminWrite, HttpAdmin};
use provost::secret::Secret;
use tempfile::TempDir;

use crate::fake_store::Mood;
use crate::harness::{ADMIN_TOKEN, Edge, PATIENCE, SCIM_TOKEN, UNKNOWN_TOKEN, header, settings};

async fn edge_with_socket() -> (Edge, HttpAdmin, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings();
    settings.unix_socket = Some(dir.path().join("provost.sock"));
    let edge = Edge::with(settings).await;
    let admin = HttpAdmin::unix(&dir.path().join("provost.sock")).unwrap();
    (edge, admin, dir)
}

#[tokio::test]
async fn it_needs_no_token_and_is_its_owner_s_alone() {
    let (edge, admin, _dir) = edge_with_socket().await;
    let path = edge.server.unix_socket().unwrap();
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(admin.place(), path.display().to_string());
    let overview = admin.connect().await.unwrap();
    assert_eq!(overview.organisation, "Example");
    // Looking is not logged.
    assert!(edge.store.log().is_empty());
}

#[tokio::test]
async fn it_serves_the_admin_api_and_nothing_else() {
    let (_edge, _admin, dir) = edge_with_socket().await;
    let client = reqwest::Client::builder()
        .unix_socket(dir.path().join("provost.sock"))
        .timeout(PATIENCE)
        .build()
        .unwrap();
    for path in ["/scim/v2/Users", "/healthz", "/"] {
        let request = client.get(format!("http://engine{path}"));
        let response = request.bearer_auth(SCIM_TOKEN).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn an_admin_far_away_needs_a_token_of_scope_admin() {
    let edge = Edge::new().await;
    let url = |token: &str| HttpAdmin::url(&edge.url, Secret::new(token.into())).unwrap();
    assert_eq!(
        url(ADMIN_TOKEN).connect().await.unwrap().organisation,
        "Example"
    );
    for token in [SCIM_TOKEN, UNKNOWN_TOKEN] {
        let error = url(token).overview().await.unwrap_err();
        assert_eq!(error.kind, AdminErrorKind::Unauthorized);
        assert_eq!(error.code.as_deref(), Some("TOKEN_BAD"));
        let id = error.request_id.unwrap();
        let logged = edge.store.log().into_iter().find(|it| it.row.id == id);
        assert_eq!(logged.unwrap().row.resource, "admin");
    }
}

#[tokio::test]
async fn failures_cross_the_wire_as_what_they_are() {
    let (edge, admin, _dir) = edge_with_socket().await;
    let error = admin.find_member("nobody".into()).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::NotFound);
    let error = admin
        .members(Listing {
            limit: 100_000,
            ..Listing::default()
        })
        .await
        .map(|page| page.items.len());
    assert!(error.is_err() || error == Ok(0));
    edge.set_mood(Mood::Panics);
    let listing = Listing {
        limit: 10,
        ..Listing::default()
    };
    let error = admin.members(listing).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Internal);
}

#[tokio::test]
async fn a_request_can_be_looked_at_over_the_wire() {
    let (edge, admin, _dir) = edge_with_socket().await;
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    let expected = edge.logged(&response);
    let listing = RequestListing {
        query: "status:200 \"a b\"".into(),
        limit: 10,
        ..RequestListing::default()
    };
    let page = admin.requests(listing).await.unwrap();
    assert_eq!(page.items, std::slice::from_ref(&expected.row));
    let detail = admin.request(expected.row.id).await.unwrap();
    assert_eq!(detail.exchange, expected);
}

#[tokio::test]
async fn nobody_there_is_told_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("provost.sock");
    let error = HttpAdmin::unix(&path)
        .unwrap()
        .overview()
        .await
        .unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Unreachable);
    assert!(error.detail.contains("provost.sock"), "{error}");
    assert!(error.detail.contains("provost serve"), "{error}");

    let edge = Edge::new().await;
    let url = edge.url.clone();
    edge.server.stop(PATIENCE).await;
    let admin = HttpAdmin::url(&url, Secret::new(ADMIN_TOKEN.into())).unwrap();
    let error = admin.overview().await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Unreachable);
    assert!(error.detail.contains(&url), "{error}");
    assert!(error.detail.contains("check the URL"), "{error}");
}

#[tokio::test]
async fn unknown_fields_and_parameters_are_refused_by_name() {
    let (_edge, _admin, dir) = edge_with_socket().await;
    let client = reqwest::Client::builder()
        .unix_socket(dir.path().join("provost.sock"))
        .timeout(PATIENCE)
        .build()
        .unwrap();
    let response = client
        .post("http://engine/admin/v1/tokens")
        .json(&serde_json::json!({"name": "x", "scope": "scim", "ttl_days": 3}))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 422);
    assert!(response.text().await.unwrap().contains("ttl_days"));
    let request = client.get("http://engine/admin/v1/members?limit=1&fitler=x");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.text().await.unwrap().contains("fitler"));
    let request = client.delete("http://engine/admin/v1/members");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(header(&response, "allow"), "GET,HEAD,POST");
}

#[tokio::test]
async fn a_store_that_refuses_is_told_as_such() {
    let (_edge, admin, _dir) = edge_with_socket().await;
    let token = NewToken {
        name: "okta".into(),
        scope: TokenScope::Scim,
        ttl_seconds: None,
        owner: None,
    };
    let error = admin.issue_token(token).await.map(drop).unwrap_err();
    assert!(
        matches!(
            error.kind,
            AdminErrorKind::Conflict | AdminErrorKind::Unavailable
        ),
        "{error:?}"
    );
}
