//! What somebody who is signed in does with what is theirs: ends sessions.

use uuid::Uuid;

use super::SessionHolder;
use crate::directory::Outcome;
use crate::engine::{Engine, EngineError};
use crate::request_log::Exchange;
use crate::store::StoreError;
use crate::store::sso::SignInWrites;

/// Which of one's own sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnSessions {
    /// This one.
    One(Uuid),
    /// All but the one that asks.
    Others,
}

impl Engine {
    /// Ends sessions of whoever asks, with the line of the request log.
    pub async fn end_own_sessions(
        &self,
        holder: &SessionHolder,
        which: OwnSessions,
        mut exchange: Exchange,
    ) -> Result<(), EngineError> {
        exchange.row.outcome = Outcome::Applied;
        let mut writes = SignInWrites::default();
        match which {
            OwnSessions::One(id) => {
                let own = self.sessions(Some(holder.member), u32::MAX).await?;
                if !own.iter().any(|it| it.id == id) {
                    return Err(no_session());
                }
                writes.ends = Some(id);
            }
            OwnSessions::Others => writes.ends_others = Some((holder.member, holder.id)),
        }
        match self.write_logged(writes, exchange).await {
            Err(EngineError::Store(StoreError::Stale { .. })) => Err(no_session()),
            done => done,
        }
    }
}

fn no_session() -> EngineError {
    EngineError::NotFound("this session has ended already".into())
}
