//! A sign-in begins, and comes back.

use super::{Browser, RawForm, SentAway, SignInOutcome, SignInPurpose};
use crate::engine::{Engine, EngineError};
use crate::secret::Secret;
use crate::store::sso::SignInRow;

impl Engine {
    /// Begins a sign-in or a test-drive: where the browser is to be sent. `relay_state` is the path of ours where
    /// somebody wanted to go; another text is left out. `binding` is the value of the cookie that binds the answer to this
    /// browser; the edge draws and sets it.
    pub async fn begin_sign_in(
        &self,
        relay_state: Option<&str>,
        binding: &Secret,
        purpose: SignInPurpose,
    ) -> Result<SentAway, EngineError> {
        let _ = (relay_state, binding, purpose);
        Err(EngineError::Invalid("not built yet".into()))
    }

    /// Takes what the identity provider has sent through the browser. Logged in every case; an error is ours alone.
    pub async fn finish_sign_in(
        &self,
        form: RawForm,
        browser: Browser,
    ) -> Result<SignInOutcome, EngineError> {
        let _ = (form, browser);
        Err(EngineError::Invalid("not built yet".into()))
    }

    /// Examines a Response that an admin has pasted: base64, or the form as it was posted. Uses nothing up and changes
    /// nothing; what it answers is not asked.
    pub async fn examine_response(&self, text: &str) -> Result<SignInRow, EngineError> {
        let _ = text;
        Err(EngineError::Invalid("not built yet".into()))
    }
}
