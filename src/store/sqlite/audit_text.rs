//! The compact text in which the audit keeps a change, and its chain of hashes.
//!
//! The text is an array in place of an object, since the names of the fields would be a third of it.

use aws_lc_rs::digest::{Context, SHA256};
use serde_json::Value;

use super::failure::{Failure, Fallible};
use crate::directory::{ChangeOp, ChangeView, FieldChange, ObjectKind};

/// A hash of the chain.
pub type Hash = [u8; 32];

type Fields = Vec<(String, Option<Value>, Option<Value>)>;

/// The text of a change.
pub fn write(view: &ChangeView) -> String {
    let fields: Vec<_> = view
        .fields
        .iter()
        .map(|field| (&field.path, &field.before, &field.after))
        .collect();
    serde_json::to_string(&(view.kind, &view.id, &view.label, view.op, fields))
        .expect("texts and JSON values always have a JSON text")
}

/// The change behind a text.
pub fn read(text: &str) -> Fallible<ChangeView> {
    let (kind, id, label, op, fields): (ObjectKind, String, String, ChangeOp, Fields) =
        serde_json::from_str(text).map_err(|error| Failure::damaged("a change", error))?;
    Ok(ChangeView {
        kind,
        id,
        label,
        op,
        fields: fields
            .into_iter()
            .map(|(path, before, after)| FieldChange {
                path,
                before,
                after,
            })
            .collect(),
    })
}

/// The columns of an audit row that its hash covers.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    /// Its place.
    pub seq: i64,
    /// When.
    pub at: i64,
    /// The word of the actor's kind.
    pub actor_kind: &'a str,
    /// The actor's name.
    pub actor: &'a str,
    /// The request that caused it.
    pub request: Option<i64>,
    /// The policy key that decided.
    pub policy_key: Option<&'a str>,
    /// The change.
    pub change: &'a str,
}

impl Sealed<'_> {
    /// SHA-256 over the hash before and each column with its length, so that no two rows have the same bytes.
    pub fn hash(&self, previous: &Hash) -> Hash {
        let mut context = Context::new(&SHA256);
        context.update(previous);
        context.update(&self.seq.to_be_bytes());
        context.update(&self.at.to_be_bytes());
        context.update(&self.request.unwrap_or(-1).to_be_bytes());
        for text in [
            Some(self.actor_kind),
            Some(self.actor),
            self.policy_key,
            Some(self.change),
        ] {
            let length = text.map_or(u64::MAX, |text| text.len() as u64);
            context.update(&length.to_be_bytes());
            context.update(text.unwrap_or_default().as_bytes());
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_survives_its_text() {
        let view = ChangeView {
            kind: ObjectKind::Member,
            id: "1".into(),
            label: "Ada".into(),
            op: ChangeOp::Update,
            fields: vec![FieldChange {
                path: "title".into(),
                before: None,
                after: Some(json!("Countess")),
            }],
        };
        assert_eq!(read(&write(&view)).expect("readable"), view);
    }

    #[test]
    fn the_hash_covers_every_column() {
        let row = Sealed {
            seq: 1,
            at: 2,
            actor_kind: "idp",
            actor: "okta",
            request: None,
            policy_key: None,
            change: "[]",
        };
        let base = row.hash(&[0; 32]);
        let others = [
            Sealed { seq: 2, ..row },
            Sealed { at: 3, ..row },
            Sealed {
                actor_kind: "id",
                actor: "pokta",
                ..row
            },
            Sealed {
                request: Some(0),
                ..row
            },
            Sealed {
                policy_key: Some(""),
                ..row
            },
            Sealed {
                change: "[0]",
                ..row
            },
        ];
        assert!(others.iter().all(|other| other.hash(&[0; 32]) != base));
        assert_ne!(row.hash(&[1; 32]), base);
    }
}
