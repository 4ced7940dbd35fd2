//! Makes stored keys anew when folding has changed since they were stored.
//!
//! Keys are folded text ([`crate::directory::fold`]), so that another way to fold, or another version of Unicode, finds
//! nobody by old ones. What a database was folded by stands in the setting `fold`; where that is not this program's way,
//! the keys of whatever is not plain ASCII are made anew, in one transaction, before anything is read. ASCII folds the
//! same for ever.
//!
//! Two objects that were apart may have one key now. Whoever has it keeps it, else the older one gets it. The other one
//! keeps its old key, which no text folds to any more: it stays, is found by its ids, and can be given another name. The
//! log of the program names it.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use super::failure::{Failure, Fallible};
use super::indexed::Entry;
use super::read::{members, teams};
use super::ready_resource::ReadyResource;
use super::statement::{Statement, Statements};
use super::values::{kind_number, uuid};
use crate::directory::fold::{self, fold};
use crate::directory::{MemberId, TeamId};
use crate::scim::ResourceKind;

/// Makes the keys anew where they were folded in another way.
pub fn rekey(connection: &mut Connection) -> Fallible<()> {
    rekey_to(connection, fold::VERSION)
}

fn rekey_to(connection: &mut Connection, version: &str) -> Fallible<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known = transaction
        .prepare("SELECT 1 FROM setting WHERE name = 'fold' AND value = ?1")?
        .exists([version])?;
    if known {
        return Ok(());
    }
    resources(&transaction)?;
    // What is not complete is made anew when the store is opened with its schemas.
    transaction.execute("UPDATE unique_path SET complete = 0", [])?;
    log(&transaction)?;
    transaction.execute(
        "INSERT OR REPLACE INTO setting (name, value) VALUES ('fold', ?1)",
        [version],
    )?;
    transaction.commit()?;
    Ok(())
}

/// The keys, cards and index rows of resources. Those that are not ASCII have a document that is not.
fn resources(transaction: &Transaction<'_>) -> Fallible<()> {
    let mut indexed = index_rows(transaction)?;
    let found: Vec<(i64, i64, Uuid, String)> = transaction
        .prepare(
            "SELECT seq, kind, id, uname FROM resource
                WHERE octet_length(doc) <> length(doc) ORDER BY seq",
        )?
        .query_and_then([], |row| {
            Ok::<_, Failure>((row.get(0)?, row.get(1)?, uuid(row, 2)?, row.get(3)?))
        })?
        .collect::<Fallible<_>>()?;
    for (seq, kind, id, uname) in found {
        let resource = if kind == kind_number(ResourceKind::User) {
            members::by_id(transaction, MemberId(id))?
                .as_ref()
                .map(ReadyResource::of_member)
        } else {
            teams::by_id(transaction, TeamId(id))?
                .as_ref()
                .map(ReadyResource::of_team)
        };
        let Some(resource) = resource else { continue };
        if resource.uname != uname {
            name(transaction, seq, &resource)?;
        }
        if resource.deleted.is_none() {
            card(transaction, seq, &resource)?;
            let old = indexed.remove(&seq).unwrap_or_default();
            index(transaction, seq, &old, &resource.entries)?;
        }
    }
    Ok(())
}

/// The index rows that are not ASCII, by whose they are.
fn index_rows(transaction: &Transaction<'_>) -> Fallible<HashMap<i64, BTreeSet<Entry>>> {
    let mut rows: HashMap<i64, BTreeSet<Entry>> = HashMap::new();
    let mut statement = transaction
        .prepare("SELECT seq, attr, val FROM attr WHERE octet_length(val) <> length(val)")?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let of = rows.entry(row.get(0)?).or_default();
        of.insert((row.get(1)?, row.get(2)?));
    }
    Ok(rows)
}

fn name(transaction: &Transaction<'_>, seq: i64, resource: &ReadyResource) -> Fallible<()> {
    let changed = transaction
        .prepare_cached("UPDATE OR IGNORE resource SET uname = ?2 WHERE seq = ?1")?
        .execute(params![seq, resource.uname])?;
    if changed == 0 {
        tracing::warn!(
            id = %resource.id,
            "{} has a name that is another one's, too, now that invisible characters do not count; give it another name",
            resource.what()
        );
    }
    Ok(())
}

fn card(transaction: &Transaction<'_>, seq: i64, resource: &ReadyResource) -> Fallible<()> {
    transaction
        .prepare_cached(
            "UPDATE card SET sort_key = ?2, text = ?3
                WHERE seq = ?1 AND (sort_key <> ?2 OR text <> ?3)",
        )?
        .execute(params![seq, resource.card.sort_key, resource.card.text])?;
    Ok(())
}

fn index(
    transaction: &Transaction<'_>,
    seq: i64,
    old: &BTreeSet<Entry>,
    new: &BTreeSet<Entry>,
) -> Fallible<()> {
    let mut delete = transaction.statement(Statement::AttrDelete)?;
    for (attr, val) in old.difference(new) {
        delete.execute(params![attr, val, seq])?;
    }
    let mut insert = transaction.statement(Statement::AttrInsert)?;
    for (attr, val) in new {
        insert.execute(params![attr, val, seq])?;
    }
    Ok(())
}

/// The folded columns of the request log that hold what clients sent.
const LOG_COLUMNS: [&str; 9] = [
    "resource",
    "token_key",
    "idp",
    "subject",
    "label",
    "path",
    "ua",
    "changed",
    "summary",
];

/// The request log. What was folded is folded again: that gives what folding the original does.
fn log(transaction: &Transaction<'_>) -> Fallible<()> {
    for column in LOG_COLUMNS {
        let mut changed: Vec<(i64, String)> = Vec::new();
        let mut statement = transaction.prepare(&format!(
            "SELECT id, {column} FROM request_log WHERE octet_length({column}) <> length({column})"
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let old: String = row.get(1)?;
            let new = folded_lines(&old);
            if new != old {
                changed.push((row.get(0)?, new));
            }
        }
        let mut update = transaction.prepare(&format!(
            "UPDATE request_log SET {column} = ?2 WHERE id = ?1"
        ))?;
        for (id, text) in changed {
            update.execute(params![id, text])?;
        }
    }
    Ok(())
}

/// Each line of a column that holds several by itself.
fn folded_lines(text: &str) -> String {
    text.split('\n').map(fold).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::directory::Member;
    use crate::store::MemberKey;
    use crate::store::sqlite::tests::{Place, attributes, created, exchange, member};
    use crate::store::sqlite::{OpenOptions, open};

    /// A database as a program left it whose folding kept what is not seen.
    async fn folded_otherwise(place: &Place, keys: &[(&str, &str)]) {
        place.store.close().await.expect("closed");
        let connection = Connection::open(place.path()).expect("opened");
        for (sql, text) in keys {
            let changed = connection.execute(sql, [text]).expect("changed");
            assert!(changed > 0, "{sql}");
        }
        connection
            .execute("DELETE FROM setting WHERE name = 'fold'", [])
            .expect("forgotten");
    }

    #[tokio::test]
    async fn keys_of_another_folding_are_made_anew() {
        let place = Place::new();
        let mut ada = member(1);
        ada.attributes = attributes(json!({
            "userName": "A\u{200D}da",
            "displayName": "Ad\u{200B}a",
            "emails": [{ "value": "A\u{200D}da@x.io" }],
        }));
        place.create([&ada, &member(2)]).await;
        let log = exchange(1, |_| {});
        place.store.log(log).await.expect("logged");
        folded_otherwise(
            &place,
            &[
                (
                    "UPDATE resource SET uname = ?1 WHERE seq = 1",
                    "a\u{200D}da",
                ),
                ("UPDATE card SET sort_key = ?1 WHERE seq = 1", "ad\u{200B}a"),
                ("UPDATE card SET text = ?1 WHERE seq = 1", "a\u{200D}da"),
                (
                    "UPDATE attr SET val = ?1 WHERE attr = 1 AND seq = 1",
                    "a\u{200D}da@x.io",
                ),
                ("UPDATE request_log SET summary = ?1", "a\u{200D}da"),
            ],
        )
        .await;

        let store = open(&place.path(), OpenOptions::default()).expect("opens");
        for key in [
            MemberKey::UserName("ada".into()),
            MemberKey::Email("ADA@x.io".into()),
        ] {
            let found = store.members_by(&key).await.expect("read");
            assert_eq!(found, std::slice::from_ref(&ada), "{key:?}");
        }
        assert_eq!(store.check().await.expect("checked"), Vec::<String>::new());
        store.close().await.expect("closed");
        let connection = Connection::open(place.path()).expect("opened");
        let text =
            |sql: &str| -> String { connection.query_row(sql, [], |row| row.get(0)).expect(sql) };
        assert_eq!(text("SELECT sort_key FROM card WHERE seq = 1"), "ada");
        assert_eq!(text("SELECT text FROM card WHERE seq = 1"), "ada\nada@x.io");
        assert_eq!(text("SELECT summary FROM request_log"), "ada");
        let left: i64 = connection
            .query_row(
                "SELECT count(*) FROM attr WHERE val GLOB '*[^ -~]*'",
                [],
                |row| row.get(0),
            )
            .expect("counted");
        assert_eq!(left, 0);
    }

    #[tokio::test]
    async fn of_two_that_have_one_name_now_the_older_has_it() {
        let place = Place::new();
        let called = |n: u32, name: &str| Member {
            attributes: attributes(json!({ "userName": name })),
            ..member(n)
        };
        let (older, newer) = (called(1, "Op\u{200D}s"), called(2, "other"));
        place
            .commit(vec![created(&older), created(&newer)])
            .await
            .expect("created");
        folded_otherwise(
            &place,
            &[
                (
                    "UPDATE resource SET uname = ?1 WHERE seq = 1",
                    "op\u{200D}s",
                ),
                (
                    "UPDATE resource SET uname = ?1 WHERE seq = 2",
                    "o\u{200D}ps",
                ),
                (
                    "UPDATE resource SET doc = ?1 WHERE seq = 2",
                    "{\"userName\":\"O\u{200D}ps\"}",
                ),
            ],
        )
        .await;
        let store = open(&place.path(), OpenOptions::default()).expect("opens");
        let key = MemberKey::UserName("OPS".into());
        let found = store.members_by(&key).await.expect("read");
        assert_eq!(found, [older]);
        let other = store.member(newer.id, false).await.expect("read");
        assert_eq!(other.expect("there").user_name(), "O\u{200D}ps");
        store.close().await.expect("closed");
        // Once is enough.
        let store = open(&place.path(), OpenOptions::default()).expect("opens");
        store.close().await.expect("closed");
    }
}
