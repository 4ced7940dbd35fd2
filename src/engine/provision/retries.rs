//! Recognising a request that failed before: the same method, path and body once more.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::directory::RequestId;
use crate::engine::call::ScimCall;

/// How many failed requests are remembered; the memory starts afresh when it is full.
const CAPACITY: usize = 4_096;

/// The failed requests of this engine's life, by what they asked.
#[derive(Debug, Default)]
pub(in crate::engine) struct Retries(Mutex<HashMap<u64, RequestId>>);

impl Retries {
    /// The newest failed request that asked the same.
    pub(super) fn failed_before(&self, call: &ScimCall) -> Option<RequestId> {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get(&key(call)).copied()
    }

    /// Remembers a failed request, or forgets the failures of one that now went well.
    pub(super) fn ended(&self, call: &ScimCall, failed: bool) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !failed {
            memory.remove(&key(call));
            return;
        }
        if memory.len() >= CAPACITY {
            memory.clear();
        }
        memory.insert(key(call), call.exchange.row.id);
    }
}

fn key(call: &ScimCall) -> u64 {
    let mut hasher = DefaultHasher::new();
    (
        &call.exchange.row.method,
        &call.exchange.row.path,
        &call.query,
        &call.body,
    )
        .hash(&mut hasher);
    hasher.finish()
}
