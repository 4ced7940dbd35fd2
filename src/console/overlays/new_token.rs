//! The secret of a new token, the only time it is seen. Closing it without a copy asks twice; then it is wiped.

use crate::admin::types::TokenRow;
use crate::secret::Secret;

/// A token that was just issued.
#[derive(Debug)]
pub struct NewTokenOverlay {
    /// The token.
    pub token: TokenRow,
    /// Its secret.
    pub secret: Secret,
    /// Whether it was copied.
    pub copied: bool,
    /// Whether closing was asked for once already.
    pub asked_to_close: bool,
}

impl NewTokenOverlay {
    /// Shows a token's secret.
    pub fn new(token: TokenRow, secret: Secret) -> Self {
        Self {
            token,
            secret,
            copied: false,
            asked_to_close: false,
        }
    }

    /// Whether it may go now: it was copied, or closing was asked for twice.
    pub fn try_close(&mut self) -> bool {
        let may = self.copied || self.asked_to_close;
        self.asked_to_close = true;
        may
    }
}
