//! Hashing of passwords: argon2id, off the async threads, a few at a time.
//!
//! A hash takes tens of milliseconds and 19 MiB by design. An identity provider that creates members sends a password
//! with each, so the number of hashes under way is bounded by half the processors and the number of those that wait for
//! one is bounded, too: a burst slows itself down and nobody else. A hash is committed with the change it belongs to;
//! hashing after the answer would acknowledge a password that a crash forgets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::EngineError;
use crate::secret::Secret;
use crate::store::StoreError;

/// How many may wait for their hash; those beyond are told to come back.
const WAITING: usize = 512;

/// How short a password of an admin may be, in characters.
const MIN_PASSWORD: usize = 12;

/// The hashers of one engine.
#[derive(Debug)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Passwords {
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new((processors / 2).max(1))),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Hashes a password in its turn.
    pub(super) async fn hash(&self, password: Secret) -> Result<String, EngineError> {
        self.in_turn(move || hash(&password)).await
    }

    /// Whether a password is the one of a hash. Without a hash it is not, and that takes as long to find out.
    pub(super) async fn verify(
        &self,
        password: Secret,
        kept: Option<String>,
    ) -> Result<bool, EngineError> {
        self.in_turn(move || {
            let is_known = kept.is_some();
            let kept = match kept {
                Some(kept) => kept,
                None => nobodys()?,
            };
            let parsed = PasswordHash::new(&kept)
                .map_err(|_| EngineError::Invalid("a password hash cannot be read".into()))?;
            let fits = Argon2::default()
                .verify_password(password.expose().as_bytes(), &parsed)
                .is_ok();
            Ok(fits && is_known)
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let _waits = Waits::enter(&self.waiting)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| EngineError::TaskEnded)?;
        tokio::task::spawn_blocking(move || {
            // Held by the work and not by the one who waits for it, who may go away.
            let _turn = turn;
            work()
        })
        .await
        .map_err(|_| EngineError::TaskEnded)?
    }
}

/// One who waits.
struct Waits<'w>(&'w AtomicUsize);

impl<'w> Waits<'w> {
    fn enter(waiting: &'w AtomicUsize) -> Result<Self, StoreError> {
        let waits = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
            return Err(StoreError::Busy {
                retry_after_seconds: 5,
            });
        }
        Ok(waits)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A hash of a password that nobody knows, made as every other is.
fn nobodys() -> Result<String, EngineError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let made = hash(&Secret::new(super::access::random_text()?))?;
    Ok(HASH.get_or_init(|| made).clone())
}

/// Refuses a password that is too short.
pub(super) fn check_length(password: &Secret) -> Result<(), EngineError> {
    let length = password.expose().chars().count();
    if length < MIN_PASSWORD {
        return Err(EngineError::Invalid(format!(
            "the password needs {MIN_PASSWORD} characters, this one has {length}"
        )));
    }
    Ok(())
}

/// Hashes a password here and now.
pub(super) fn hash(password: &Secret) -> Result<String, EngineError> {
    Argon2::default()
        .hash_password(password.expose().as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| EngineError::Invalid(format!("the password cannot be used: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_wait() {
        let waiting = AtomicUsize::new(WAITING - 1);
        let last = Waits::enter(&waiting).ok().unwrap();
        assert!(matches!(
            Waits::enter(&waiting),
            Err(StoreError::Busy { .. })
        ));
        drop(last);
        assert!(Waits::enter(&waiting).is_ok());
        assert_eq!(waiting.into_inner(), WAITING - 1);
    }
}
