//! Asynchronous bulk requests (RFC 9967 §2.5.1.2): accepted as one, told of operation by operation.
//!
//! Each operation is executed by a transaction of its own, which also notes that it was, under the transaction of the
//! request, a colon, and its place from zero. An execution that was cut off begins anew and passes over what is noted.
//! The request itself is executed when all of them are.

use super::super::Engine;
use super::super::call::{ScimAnswer, ScimCall};
use super::completion::{answer, telling};
use crate::scim::bulk::BulkResult;
use crate::scim::events::{Event, EventKind, EventSubject, Occurrence};
use crate::store::{FinishedRequest, Outbox, StoreError};

/// Under what a step is noted. A creation that is completed by a later step has a note of its own.
pub(super) fn key(txn: &str, is_over: bool) -> String {
    if is_over {
        txn.to_owned()
    } else {
        format!("{txn}:made")
    }
}

impl Engine {
    /// The answer of a step that was taken before; `None` where it was not. What ended the operation counts for its first
    /// step, too, if that is what failed.
    pub(in crate::engine) async fn answer_before(
        &self,
        txn: &str,
        is_last: bool,
    ) -> Result<Option<ScimAnswer>, StoreError> {
        if let Some(state) = self.store.async_state(&key(txn, is_last)).await? {
            return Ok(state.done.map(|(_, event)| answer(&event)));
        }
        if is_last {
            return Ok(None);
        }
        let over = self.store.async_state(txn).await?;
        Ok(over.and_then(|state| Some(answer(&state.done?.1))))
    }

    /// Tells of an operation that was not carried out, or not to its end, because the request ended before.
    pub(in crate::engine) async fn tell_left(
        &self,
        call: &ScimCall,
        txn: &str,
        subject: EventSubject,
        result: &BulkResult,
    ) -> Result<(), StoreError> {
        if self.store.async_state(txn).await?.is_some() {
            return Ok(());
        }
        let event = Event {
            subject,
            occurrences: vec![Occurrence {
                kind: EventKind::AsyncResp,
                data: Some(result.to_json()),
                attributes: Vec::new(),
            }],
        };
        let mut outbox = Outbox::default();
        let finished = FinishedRequest {
            txn: txn.to_owned(),
            event,
            part_of: Some(call.actor.name.clone()),
        };
        self.tell_finished(&mut outbox, txn, finished, true);
        let committed = self.store.commit(telling(outbox)).await?;
        self.events.note_full(&committed.overflowed);
        self.events.stir();
        Ok(())
    }
}
