//! What the providers put on the wire, request by request.

use axum::http::Method;
use rstest::rstest;
use serde_json::Value;

use crate::simulate::entra::{self, EntraMode};
use crate::simulate::okta::{self, OktaMode};
use crate::simulate::stub::{OKTA_TOKEN, Seen, Stub};
use crate::simulate::wire::{ENTERPRISE, PATCH_OP, member_ids};

/// The requests of a whole day; those that read the server before and after are among them.
async fn okta_day(mode: OktaMode) -> Vec<Seen> {
    let stub = Stub::start(None).await;
    okta::run_day(stub.target(), mode, 5).await.unwrap();
    stub.seen()
}

async fn entra_day(mode: EntraMode) -> Vec<Seen> {
    let stub = Stub::start(None).await;
    entra::run_day(stub.target(), mode, 5).await.unwrap();
    stub.seen()
}

fn operations(requests: &[Seen]) -> Vec<Value> {
    let patches = requests.iter().filter(|one| one.method == Method::PATCH);
    patches
        .flat_map(|one| one.body["Operations"].as_array().unwrap().clone())
        .collect()
}

fn op_words(requests: &[Seen]) -> Vec<String> {
    let operations = operations(requests);
    let mut words: Vec<String> = operations
        .iter()
        .map(|operation| operation["op"].as_str().unwrap().to_owned())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[rstest]
#[tokio::test]
async fn okta_signs_its_requests(#[values(OktaMode::Catalogue, OktaMode::Wizard)] mode: OktaMode) {
    for request in okta_day(mode).await {
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("user-agent"), Some("Okta SCIM Client 1.0.0"));
        assert_eq!(header("accept"), Some("application/scim+json"));
        let content_type =
            (!request.body.is_null()).then_some("application/scim+json; charset=utf-8");
        assert_eq!(header("content-type"), content_type);
        assert!(!request.query.contains('+'), "{}", request.query);
        if request.status != 401 {
            let bearer = format!("Bearer {OKTA_TOKEN}");
            assert_eq!(header("authorization"), Some(bearer.as_str()));
        }
    }
}

#[rstest]
#[tokio::test]
async fn okta_looks_up_before_it_creates_and_never_deletes_users(
    #[values(OktaMode::Catalogue, OktaMode::Wizard)] mode: OktaMode,
) {
    let requests = okta_day(mode).await;
    let mut creates = 0;
    for (before, request) in requests.iter().zip(requests.iter().skip(1)) {
        if request.method == Method::POST && request.path == "/Users" && request.status == 201 {
            creates += 1;
            assert_eq!(before.method, Method::GET);
            assert!(
                before.query.starts_with("filter=userName%20eq%20%22"),
                "{}",
                before.query
            );
            assert!(before.query.ends_with("&startIndex=1&count=100"));
            assert_eq!(request.body["groups"], serde_json::json!([]));
            assert!(request.body["password"].as_str().unwrap().len() > 8);
            assert!(
                request.body["externalId"]
                    .as_str()
                    .unwrap()
                    .starts_with("00u")
            );
        }
        let deletes_user = request.method == Method::DELETE && request.path.starts_with("/Users/");
        assert!(!deletes_user, "{}", request.path);
    }
    assert!(creates >= 10, "{creates} creates");
}

#[rstest]
#[tokio::test]
async fn okta_puts_back_what_it_read(
    #[values(OktaMode::Catalogue, OktaMode::Wizard)] mode: OktaMode,
) {
    let requests = okta_day(mode).await;
    let mut puts = 0;
    for (before, request) in requests.iter().zip(requests.iter().skip(1)) {
        if request.method == Method::PUT && request.path.starts_with("/Users/") {
            puts += 1;
            assert_eq!(
                (&before.method, &before.path),
                (&Method::GET, &request.path)
            );
            assert_eq!(
                request.path,
                format!("/Users/{}", text(&request.body["id"]))
            );
            assert_eq!(request.body["meta"]["resourceType"], "User");
            assert_eq!(request.body["name"]["middleName"], "");
        }
    }
    assert!(puts > 4, "{puts} puts");
}

#[tokio::test]
async fn the_catalogue_patches_users_for_active_and_password_only_and_without_a_path() {
    let requests = okta_day(OktaMode::Catalogue).await;
    let mut sent = Vec::new();
    for request in &requests {
        let patches_user = request.method == Method::PATCH && request.path.starts_with("/Users/");
        // The mistake of the wrong mapping aside.
        if !patches_user || request.status == 400 {
            continue;
        }
        assert_eq!(request.body["schemas"], serde_json::json!([PATCH_OP]));
        let operation = &request.body["Operations"][0];
        assert_eq!(operation["op"], "replace");
        assert_eq!(operation.get("path"), None);
        sent.extend(operation["value"].as_object().unwrap().keys().cloned());
    }
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(sent, ["active", "password"]);
}

#[tokio::test]
async fn the_wizard_puts_everything_and_leaves_display_null() {
    let requests = okta_day(OktaMode::Wizard).await;
    // The mistake of the wrong mapping aside, which only PATCH can make.
    let patches = requests.iter().filter(|one| one.method == Method::PATCH);
    assert!(patches.into_iter().all(|one| one.status == 400));
    let mut members = 0;
    for request in &requests {
        if request.method == Method::PUT && request.path.starts_with("/Groups/") {
            for member in request.body["members"].as_array().unwrap() {
                members += 1;
                assert_eq!(member.get("display"), Some(&Value::Null));
            }
        }
    }
    assert!(members > 10, "{members} members");
}

#[tokio::test]
async fn the_catalogue_sends_a_groups_name_before_its_members_and_members_without_type() {
    let requests = okta_day(OktaMode::Catalogue).await;
    let writes: Vec<&Seen> = requests
        .iter()
        .filter(|one| one.method == Method::PATCH && one.path.starts_with("/Groups/"))
        .collect();
    let adds = |one: &Seen| one.body["Operations"][0]["op"] == "add" && one.status == 204;
    let mut added = 0;
    for (before, request) in writes.iter().zip(writes.iter().skip(1)) {
        if !adds(request) {
            continue;
        }
        added += 1;
        let named = &before.body["Operations"][0];
        assert_eq!(named.get("path"), None);
        assert_eq!(
            format!("/Groups/{}", text(&named["value"]["id"])),
            request.path
        );
        for member in request.body["Operations"][0]["value"].as_array().unwrap() {
            assert_eq!(member.get("type"), None);
            assert!(member["display"].is_string());
        }
    }
    assert!(added > 3, "{added} adds");
}

#[tokio::test]
async fn the_catalogue_sends_every_form_of_a_group_push() {
    let requests = okta_day(OktaMode::Catalogue).await;
    let operations = operations(&requests);
    let any = |wanted: &dyn Fn(&Value) -> bool| operations.iter().any(wanted);
    let by_path = |one: &Value| one["op"] == "replace" && one["path"] == "members";
    assert!(any(
        &|one| by_path(one) && one["value"] != serde_json::json!([])
    ));
    assert!(any(
        &|one| by_path(one) && one["value"] == serde_json::json!([])
    ));
    let push_now = |one: &Value| one.get("path").is_none() && one["value"]["members"].is_array();
    assert!(any(
        &|one| push_now(one) && !member_ids(&one["value"]).is_empty()
    ));
    assert!(any(
        &|one| push_now(one) && member_ids(&one["value"]).is_empty()
    ));
    let removes = |one: &Value| {
        one["op"] == "remove" && text(&one["path"]).starts_with("members[value eq \"")
    };
    assert!(any(&removes));
    let both = requests.iter().any(|one| {
        let operations = one.body["Operations"].as_array();
        operations.is_some_and(|all| all.iter().any(removes) && all.len() > 1)
            && one.body["Operations"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["op"] == "add")
    });
    assert!(both, "no request removes and adds at once");
}

#[tokio::test]
async fn without_the_flag_entra_capitalises_and_writes_booleans_as_text() {
    let requests = entra_day(EntraMode::Legacy).await;
    assert_eq!(op_words(&requests), ["Add", "Remove", "Replace"]);
    let operations = operations(&requests);
    assert!(operations.iter().all(|one| one["path"].is_string()));
    assert!(!operations.iter().any(|one| one["value"].is_boolean()));
    let active: Vec<&Value> = operations
        .iter()
        .filter(|one| one["path"] == "active")
        .map(|one| &one["value"])
        .collect();
    assert!(active.contains(&&Value::from("False")) && active.contains(&&Value::from("True")));
    let mut removals = 0;
    for remove in operations.iter().filter(|one| one["op"] == "Remove") {
        removals += 1;
        assert_eq!(remove["path"], "members");
        assert_eq!(remove["value"][0].get("$ref"), Some(&Value::Null));
    }
    assert!(removals >= 3);
    let manager = format!("{ENTERPRISE}:manager");
    let managers = operations.iter().filter(|one| one["path"] == manager);
    assert!(managers.clone().count() > 1);
    assert!(managers.into_iter().all(|one| one["value"].is_string()));
}

#[tokio::test]
async fn with_the_flag_entra_follows_the_rfc_but_for_dotted_keys() {
    let requests = entra_day(EntraMode::Flagged).await;
    // Provisioning on demand does not know the flag.
    let on_demand = |one: &Seen| {
        one.body["Operations"][0]["op"]
            .as_str()
            .is_some_and(|op| op.starts_with(char::is_uppercase))
    };
    assert_eq!(requests.iter().filter(|one| on_demand(one)).count(), 3);
    let flagged: Vec<Seen> = requests.into_iter().filter(|one| !on_demand(one)).collect();
    assert_eq!(op_words(&flagged), ["add", "remove", "replace"]);
    let operations = operations(&flagged);
    let keys: Vec<&String> = operations
        .iter()
        .filter(|one| one.get("path").is_none())
        .flat_map(|one| one["value"].as_object().unwrap().keys())
        .collect();
    assert!(keys.iter().any(|key| *key == "name.familyName"), "{keys:?}");
    let department = format!("{ENTERPRISE}:department");
    assert!(keys.iter().any(|key| **key == department), "{keys:?}");
    assert!(
        operations
            .iter()
            .filter(|one| one["op"] == "remove")
            .all(|one| text(&one["path"]).starts_with("members[value eq \""))
    );
    assert!(
        flagged
            .iter()
            .all(|one| one.query.starts_with("aadOptscim062020"))
    );
}

#[rstest]
#[tokio::test]
async fn entra_never_asks_for_the_members_of_a_group(
    #[values(EntraMode::Legacy, EntraMode::Flagged)] mode: EntraMode,
) {
    let mut asked = 0;
    for request in entra_day(mode).await {
        let reads = request.method == Method::GET && request.path.starts_with("/Groups");
        // Reading everything before and after the day is not Entra's doing.
        if !reads || request.query.contains("startIndex") {
            continue;
        }
        asked += 1;
        assert!(
            request.query.contains("excludedAttributes=members")
                || request.query.contains("attributes=id"),
            "{}",
            request.query
        );
    }
    assert!(asked > 10);
}

#[tokio::test]
async fn entra_writes_blanks_as_plus_and_matches_by_address_with_a_value_path() {
    let requests = entra_day(EntraMode::Legacy).await;
    let by_address = "filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22";
    assert!(requests.iter().any(|one| one.query.starts_with(by_address)));
    let reference = |one: &Seen| {
        one.path == "/Groups"
            && one.query.contains("+and+members+eq+%22")
            && one.query.ends_with("&attributes=id")
    };
    assert!(requests.iter().any(reference));
    let manager = |one: &Seen| one.path == "/Users" && one.query.contains("+and+manager+eq+%22");
    assert!(requests.iter().any(manager));
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
