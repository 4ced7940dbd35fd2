//! What the tests of the guards share: people, the ways they leave, and the policy in force.

use provost::admin::AdminRead as _;
use provost::admin::guards::{Incident, IncidentListing};
use provost::admin::types::{Exchange, RequestId};
use provost::directory::Actor;
use provost::engine::admin::{Asker, Mode};
use serde_json::{Value, json};

use crate::harness::PATIENCE;
use crate::real::Real;

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// How an identity provider takes somebody away.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    Patch,
    Put,
    Delete,
    Bulk,
}

/// An answer, with what a test of a guard looks at.
#[derive(Debug)]
pub struct Left {
    pub status: u16,
    pub retry_after: Option<String>,
    pub request: u64,
    pub body: Value,
}

fn asker() -> Asker {
    Asker {
        actor: Actor::admin("test"),
        mode: Mode::Commit,
    }
}

pub async fn adopt(real: &Real, preset: &str) {
    let engine = real.local.engine();
    engine
        .adopt_preset(&asker(), preset.into(), Default::default(), None)
        .await
        .unwrap();
}

pub async fn set(real: &Real, key: &str, value: &str) {
    let engine = real.local.engine();
    engine
        .set_policy(&asker(), key.into(), Some(value.into()), None)
        .await
        .unwrap();
}

/// Gives members a password.
pub fn let_in(real: &Real, ids: &[&str]) {
    for id in ids {
        let member: uuid::Uuid = id.parse().unwrap();
        let database =
            rusqlite::Connection::open(real.directory.path().join("provost.db")).unwrap();
        database
            .execute(
                "INSERT INTO credential (member, hash) VALUES (?1, '$argon2id$')",
                [member.as_bytes()],
            )
            .unwrap();
    }
}

/// A person as an identity provider creates them.
pub fn person(name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "externalId": format!("e-{name}"),
        "active": true,
        "emails": [{ "value": name, "type": "work", "primary": true }],
    })
}

/// So many people; their ids.
pub async fn people(real: &Real, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let body = person(&format!("p{number}@x.io"));
        let created = real.ask("POST", "/Users", Some(body)).await;
        assert_eq!(created.status, 201, "{}", created.body);
        ids.push(created.id());
    }
    ids
}

/// A PATCH that sets `active`.
pub fn put_away(active: bool) -> Value {
    json!({
        "schemas": [PATCH_OP],
        "Operations": [{ "op": "replace", "path": "active", "value": active }],
    })
}

/// An identity provider takes somebody away.
pub async fn leave(real: &Real, way: Way, id: &str) -> Left {
    let path = format!("/Users/{id}");
    match way {
        Way::Patch => ask(real, "PATCH", &path, Some(put_away(false))).await,
        Way::Delete => ask(real, "DELETE", &path, None).await,
        Way::Put => {
            let mut body = real.ask("GET", &path, None).await.body;
            body["active"] = json!(false);
            ask(real, "PUT", &path, Some(body)).await
        }
        Way::Bulk => {
            let body = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                "Operations": [{ "method": "PATCH", "path": path, "data": put_away(false) }],
            });
            let mut left = ask(real, "POST", "/Bulk", Some(body)).await;
            let status = left.body["Operations"][0]["status"].as_str().unwrap();
            left.status = status.parse().unwrap();
            left
        }
    }
}

pub async fn ask(real: &Real, method: &str, path: &str, body: Option<Value>) -> Left {
    let mut request = real.request(method, path);
    if let Some(body) = body {
        request = request
            .header("content-type", "application/scim+json")
            .body(body.to_string());
    }
    let response = request.send().await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let (status, retry_after) = (response.status().as_u16(), header("retry-after"));
    let request = header("x-request-id").unwrap().parse().unwrap();
    let text = response.text().await.unwrap();
    Left {
        status,
        retry_after,
        request,
        body: serde_json::from_str(&text).unwrap_or_default(),
    }
}

/// Whether a member may sign in.
pub async fn is_active(real: &Real, id: &str) -> bool {
    let member = real.local.member(id.parse().unwrap()).await;
    member.is_ok_and(|member| member.row.active && member.row.deleted.is_none())
}

/// What the log says. It is written behind some answers, so it is waited for.
pub async fn logged(real: &Real, left: &Left) -> Exchange {
    let found = async {
        loop {
            match real.local.request(RequestId(left.request)).await {
                Ok(detail) => break detail.exchange,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, found).await;
    found.expect("the exchange was logged")
}

/// All open incidents.
pub async fn incidents(real: &Real) -> Vec<Incident> {
    let listing = IncidentListing {
        limit: 100,
        ..Default::default()
    };
    real.local.incidents(listing).await.unwrap().items
}

/// The one open incident with a code.
pub async fn incident_of(real: &Real, code: &str) -> Incident {
    let incidents = incidents(real).await;
    let mut found = incidents
        .iter()
        .filter(|it| it.code == code && it.tended.ruling.is_none());
    let incident = found
        .next()
        .unwrap_or_else(|| panic!("no {code} in {incidents:?}"));
    assert!(
        found.next().is_none(),
        "one incident of {code}: {incidents:?}"
    );
    incident.clone()
}
