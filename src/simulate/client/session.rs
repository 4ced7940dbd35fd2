//! A provider's conversation with a target: sends, waits when told to slow down, records, and judges the answers.
//!
//! The judging methods (`resource`, `changed`, `refused`, `gone`, `list`) note every fault. They return
//! [`SimulateError::Unacceptable`] only where the provider could not go on: a wrong status, or no id.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::answer::Answer;
use super::call::Call;
use super::faults::{Fault, Kind, of_content, of_error, of_list, of_resource};
use super::idp_client::IdpClient;
use super::likeness::lacks;
use super::record::{Exchange, Record, Unexpected};
use crate::secret::Secret;
use crate::simulate::error::SimulateError;

/// How often a provider repeats a request that was answered with 429 or 503.
const PATIENCE: u32 = 4;
/// The longest it waits for one of those, whatever `Retry-After` says.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A resource that an acceptable answer held.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// The server's id.
    pub id: String,
    /// The whole resource.
    pub body: Value,
}

/// One page of an acceptable list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many there are in all.
    pub total: u64,
    /// Those on this page.
    pub resources: Vec<Value>,
}

/// A conversation between one provider and one target.
#[derive(Debug)]
pub struct Session {
    client: IdpClient,
    step: String,
    exchange: String,
    record: Record,
    gap: Duration,
}

impl Session {
    /// A fresh conversation; nothing is sent yet.
    pub fn new(client: IdpClient) -> Self {
        Self {
            client,
            step: String::new(),
            exchange: String::new(),
            record: Record::default(),
            gap: Duration::ZERO,
        }
    }

    /// Waits this long before each request from now on, so that a person can watch.
    pub fn set_gap(&mut self, gap: Duration) {
        self.gap = gap;
    }

    /// Names what the following exchanges belong to.
    pub fn begin(&mut self, step: &str) {
        step.clone_into(&mut self.step);
        self.exchange.clear();
    }

    /// What was recorded so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Takes the record out, so that an endless session stays small.
    pub fn take_record(&mut self) -> Record {
        std::mem::take(&mut self.record)
    }

    /// Sends `call`; `note` says what the provider wants with it. Repeats it while the server asks to slow down.
    pub async fn send(&mut self, call: Call, note: &str) -> Result<Answer, SimulateError> {
        let client = self.client.clone();
        self.send_by(&client, call, note).await
    }

    /// Sends `call` with another token.
    pub async fn send_with_token(
        &mut self,
        token: &Secret,
        call: Call,
        note: &str,
    ) -> Result<Answer, SimulateError> {
        let client = self.client.with_token(token)?;
        self.send_by(&client, call, note).await
    }

    async fn send_by(
        &mut self,
        client: &IdpClient,
        call: Call,
        note: &str,
    ) -> Result<Answer, SimulateError> {
        let path = call.readable(client.profile());
        self.exchange = format!("{} {path}", call.method);
        let mut attempt = 0;
        loop {
            if !self.gap.is_zero() {
                sleep(self.gap).await;
            }
            let answer = client.send(&call).await?;
            self.record.exchanges.push(Exchange {
                step: self.step.clone(),
                method: call.method.to_string(),
                path: path.clone(),
                status: answer.status,
                note: note.to_owned(),
            });
            match wait_before_retry(&answer, attempt) {
                Some(wait) => sleep(wait).await,
                None => return Ok(answer),
            }
            attempt += 1;
        }
    }

    /// Notes that the last answer was not what the provider would accept.
    pub fn unexpected(&mut self, expected: impl Into<String>, came: impl Into<String>) {
        self.record.unexpected.push(Unexpected {
            step: self.step.clone(),
            exchange: self.exchange.clone(),
            expected: expected.into(),
            came: came.into(),
        });
    }

    /// As [`Session::unexpected`], and ends the act.
    pub fn unacceptable(
        &mut self,
        expected: impl Into<String>,
        came: impl Into<String>,
    ) -> SimulateError {
        self.unexpected(expected, came);
        SimulateError::Unacceptable {
            step: self.step.clone(),
        }
    }

    fn note_all(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.unexpected(fault.expected, fault.came);
        }
    }

    fn require_status(&mut self, answer: &Answer, statuses: &[u16]) -> Result<(), SimulateError> {
        if statuses.contains(&answer.status) {
            return Ok(());
        }
        let accepted: Vec<String> = statuses.iter().map(u16::to_string).collect();
        Err(self.unacceptable(
            format!("status {}", accepted.join(" or ")),
            answer.summary(),
        ))
    }

    /// The answer must be one resource of `kind` with one of `statuses`.
    pub fn resource(
        &mut self,
        answer: &Answer,
        statuses: &[u16],
        kind: Kind,
    ) -> Result<Resource, SimulateError> {
        self.require_status(answer, statuses)?;
        self.note_all(of_content(answer));
        let Some(body) = &answer.json else {
            // Okta: "Create new user returned empty user".
            return Err(self.unacceptable(format!("a {}", kind.resource_type()), answer.detail()));
        };
        self.note_all(of_resource(body, kind));
        match answer.id() {
            Some(id) => Ok(Resource {
                id: id.to_owned(),
                body: body.clone(),
            }),
            None => Err(SimulateError::Unacceptable {
                step: self.step.clone(),
            }),
        }
    }

    /// A PATCH must be answered with 204, or with 200 and the resource, whose id must be `id`.
    pub fn changed(
        &mut self,
        answer: &Answer,
        kind: Kind,
        id: &str,
    ) -> Result<Option<Value>, SimulateError> {
        self.require_status(answer, &[200, 204])?;
        if answer.status == 204 {
            if !answer.text.is_empty() {
                self.unexpected("no body with 204", answer.detail());
            }
            return Ok(None);
        }
        let resource = self.resource(answer, &[200], kind)?;
        if resource.id != id {
            self.unexpected(format!("the same id {id}"), resource.id);
        }
        Ok(Some(resource.body))
    }

    /// The answer must be a refusal with one of `statuses`, and with `scim_type` where one is given.
    pub fn refused(
        &mut self,
        answer: &Answer,
        statuses: &[u16],
        scim_type: Option<&str>,
    ) -> Result<(), SimulateError> {
        self.require_status(answer, statuses)?;
        self.note_all(of_error(answer, scim_type));
        Ok(())
    }

    /// A DELETE must be answered with 204 and no body.
    pub fn deleted(&mut self, answer: &Answer) -> Result<(), SimulateError> {
        self.require_status(answer, &[204])?;
        if !answer.text.is_empty() {
            self.unexpected("no body with 204", answer.detail());
        }
        Ok(())
    }

    /// The answer must be a list.
    pub fn list(&mut self, answer: &Answer) -> Result<Page, SimulateError> {
        self.require_status(answer, &[200])?;
        self.note_all(of_content(answer));
        let Some(body) = &answer.json else {
            return Err(self.unacceptable("a ListResponse", answer.detail()));
        };
        self.note_all(of_list(body));
        let resources = body.get("Resources").and_then(Value::as_array).cloned();
        let resources = resources.unwrap_or_default();
        let counted = u64::try_from(resources.len()).unwrap_or(u64::MAX);
        Ok(Page {
            total: body
                .get("totalResults")
                .and_then(Value::as_u64)
                .unwrap_or(counted),
            resources,
        })
    }

    /// `actual` must show every attribute of `expected`.
    pub fn must_show(&mut self, expected: &Value, actual: &Value) {
        for lack in lacks(expected, actual) {
            let expected = format!("`{}` {}", lack.attribute, lack.expected);
            self.unexpected(expected, lack.came);
        }
    }

    /// A look-up by a unique attribute must find nothing or exactly one resource, with an id.
    pub fn at_most_one(
        &mut self,
        page: Page,
        kind: Kind,
    ) -> Result<Option<Resource>, SimulateError> {
        if page.total > 1 || page.resources.len() > 1 {
            let came = format!("{} of them", page.total);
            return Err(self.unacceptable("nothing or one resource", came));
        }
        let Some(body) = page.resources.into_iter().next() else {
            if page.total > 0 {
                let came = "one in `totalResults`, none in `Resources`";
                return Err(self.unacceptable("the resource that was found", came));
            }
            return Ok(None);
        };
        self.note_all(of_resource(&body, kind));
        match body.get("id").and_then(Value::as_str) {
            Some(id) => Ok(Some(Resource {
                id: id.to_owned(),
                body,
            })),
            None => Err(SimulateError::Unacceptable {
                step: self.step.clone(),
            }),
        }
    }
}

/// How long a provider waits before it repeats a request; `None` when the answer stands.
pub(crate) fn wait_before_retry(answer: &Answer, attempt: u32) -> Option<Duration> {
    if !matches!(answer.status, 429 | 503) || attempt >= PATIENCE {
        return None;
    }
    let doubled = Duration::from_millis(500).saturating_mul(1 << attempt);
    Some(answer.retry_after.unwrap_or(doubled).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn answer(status: u16, retry_after: Option<u64>) -> Answer {
        Answer {
            status,
            content_type: None,
            challenges: false,
            retry_after: retry_after.map(Duration::from_secs),
            text: String::new(),
            json: None,
        }
    }

    #[rstest]
    #[case::stands(200, None, 0, None)]
    #[case::as_told(429, Some(2), 0, Some(2_000))]
    #[case::never_for_hours(429, Some(86_400), 0, Some(30_000))]
    #[case::doubles(503, None, 2, Some(2_000))]
    #[case::gives_up(429, Some(1), PATIENCE, None)]
    fn a_provider_waits_as_it_is_told(
        #[case] status: u16,
        #[case] retry_after: Option<u64>,
        #[case] attempt: u32,
        #[case] expected: Option<u64>,
    ) {
        let wait = wait_before_retry(&answer(status, retry_after), attempt);
        assert_eq!(wait, expected.map(Duration::from_millis));
    }
}
