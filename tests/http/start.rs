//! Where it listens, and where it refuses to.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use provost::server::{ServerError, ServerSettings, TlsFiles, start};
use rstest::rstest;

use crate::fake_store::FakeStore;
use crate::harness::{Edge, PATIENCE, SCIM_TOKEN, admin, settings};

async fn started(settings: ServerSettings) -> Result<(), ServerError> {
    let store = Arc::new(FakeStore::new());
    start(admin(&store).await, settings).await.map(drop)
}

#[tokio::test]
async fn a_public_address_without_tls_is_refused_with_both_ways_out() {
    let listen = SocketAddr::from(([0, 0, 0, 0], 0));
    let settings = ServerSettings {
        listen,
        ..settings()
    };
    let error = started(settings.clone()).await.unwrap_err().to_string();
    assert!(error.contains("TLS") && error.contains("proxy"), "{error}");
    let settings = ServerSettings {
        behind_proxy: true,
        public_url: "https://provost.example.com".into(),
        ..settings
    };
    started(settings).await.unwrap();
}

#[rstest]
#[case::ipv4("0.0.0.0:0")]
#[case::ipv6("[::]:0")]
#[case::mapped("[::ffff:0.0.0.0]:0")]
#[tokio::test]
async fn an_address_that_is_none_needs_a_public_url(#[case] listen: &str) {
    let settings = ServerSettings {
        listen: listen.parse().unwrap(),
        behind_proxy: true,
        ..settings()
    };
    let error = started(settings).await.unwrap_err();
    assert!(matches!(error, ServerError::NoPublicUrl { .. }), "{error}");
    assert!(error.to_string().contains("--public-url"), "{error}");
}

/// The Host header is whatever the client wrote, so that nothing an IdP keeps may follow from it.
#[tokio::test]
async fn a_location_does_not_follow_the_host_header() {
    let edge = Edge::with(ServerSettings {
        public_url: "https://provost.example.com".into(),
        ..settings()
    })
    .await;
    let url = format!(
        "http://{}/scim/v2/ServiceProviderConfig",
        edge.server.local_addr()
    );
    let request = edge.client.get(url).bearer_auth(SCIM_TOKEN);
    let response = request.header("host", "evil.example").send().await.unwrap();
    let body = response.text().await.unwrap();
    assert!(
        body.contains("https://provost.example.com/scim/v2/"),
        "{body}"
    );
    assert!(!body.contains("evil"), "{body}");
}

#[tokio::test]
async fn a_port_in_use_is_named_with_what_to_do() {
    let edge = Edge::new().await;
    let listen = edge.server.local_addr();
    let error = started(ServerSettings {
        listen,
        ..settings()
    })
    .await
    .unwrap_err()
    .to_string();
    assert!(error.contains(&listen.to_string()), "{error}");
    assert!(error.contains("--listen"), "{error}");
}

#[tokio::test]
async fn an_address_of_another_machine_is_refused() {
    let settings = ServerSettings {
        listen: "192.0.2.1:0".parse().unwrap(),
        behind_proxy: true,
        ..settings()
    };
    let error = started(settings).await.unwrap_err();
    assert!(
        matches!(error, ServerError::AddressUnknown { .. }),
        "{error}"
    );
}

#[rstest]
#[case::given("https://provost.example.com/", "https://provost.example.com")]
#[case::derived("", "http://127.0.0.1:")]
#[tokio::test]
async fn the_public_url_is_the_one_given_or_the_one_listened_on(
    #[case] given: &str,
    #[case] expected: &str,
) {
    let edge = Edge::with(ServerSettings {
        public_url: given.into(),
        ..settings()
    })
    .await;
    assert!(edge.server.public_url().starts_with(expected));
    let url = format!(
        "http://{}/scim/v2/ServiceProviderConfig",
        edge.server.local_addr()
    );
    let request = edge.client.get(url).bearer_auth(SCIM_TOKEN);
    let body = request.send().await.unwrap().text().await.unwrap();
    let base = format!("{}/scim/v2/", edge.server.public_url());
    assert!(body.contains(&base), "{body}");
}

#[tokio::test]
async fn tls_is_spoken_with_the_certificate_given() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsFiles {
        cert: dir.path().join("tls.crt"),
        key: dir.path().join("tls.key"),
    };
    fs::write(&files.cert, made.cert.pem()).unwrap();
    fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let edge = Edge::with(ServerSettings {
        tls: Some(files),
        ..settings()
    })
    .await;
    assert!(edge.url.starts_with("https://"));

    let trusting = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .tls_certs_only([reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()])
        .build()
        .unwrap();
    let url = format!(
        "https://localhost:{}/scim/v2/Users",
        edge.server.local_addr().port()
    );
    let response = trusting
        .get(&url)
        .bearer_auth(SCIM_TOKEN)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.version(), reqwest::Version::HTTP_11);

    // Who does not trust it, and who speaks plain HTTP, are no reason to stop.
    edge.client.get(&url).send().await.unwrap_err();
    let mut raw = edge.connect().await;
    raw.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    raw.rest().await;
    let log = edge.store.log_of(3).await;
    assert!(log.iter().any(|it| {
        it.detail
            .as_deref()
            .is_some_and(|it| it.contains("TLS handshake"))
    }));
    assert_eq!(trusting.get(&url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_key_that_is_another_s_is_refused_before_anything_listens() {
    let dir = tempfile::tempdir().unwrap();
    let make = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsFiles {
        cert: dir.path().join("tls.crt"),
        key: dir.path().join("tls.key"),
    };
    fs::write(&files.cert, make().cert.pem()).unwrap();
    fs::write(&files.key, make().signing_key.serialize_pem()).unwrap();
    let error = started(ServerSettings {
        tls: Some(files),
        ..settings()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, ServerError::KeyMismatch { .. }), "{error}");
}
