//! A sign-in begins, and comes back.

use std::time::Instant;

use jiff::Timestamp;
use uuid::Uuid;

use super::examine::{Question, answers, assertion_hash, configuration, hash};
use super::log::exchange;
use super::profile::{Arrival, Tried};
use super::{
    ACS_PATH, Browser, RawForm, SentAway, SignInMethod, SignInOutcome, SignInPurpose, SignInRow,
};
use crate::directory::decide::Prospect;
use crate::directory::{NameIdFormat, Refusal, RefusalKind, Sso, SsoBinding, SsoState, Stage};
use crate::engine::{Engine, EngineError};
use crate::saml::authn_request::{
    AuthnRequest, AuthnRequestId, ForceAuthn, NameIdPolicy, post, redirect,
};
use crate::saml::relay_state::LocalPath;
use crate::saml::response::clean;
use crate::secret::Secret;
use crate::store::sso::{SamlRequest, SignInWrites, Would};

/// How long an answer is waited for, in seconds.
const ANSWER_WITHIN: i64 = 3_600;

impl Engine {
    /// Begins a sign-in: where the browser is to be sent. `relay_state` is the path of ours where somebody wanted to go;
    /// another text is left out. `binding` is the value of the cookie that binds the answer to this browser; the edge
    /// draws and sets it.
    pub async fn begin_sign_in(
        &self,
        relay_state: Option<&str>,
        binding: &Secret,
    ) -> Result<SentAway, EngineError> {
        self.begin(relay_state, binding, SignInPurpose::SignIn, None)
            .await
    }

    /// Begins a sign-in or, where it has one, a test-drive.
    pub(super) async fn begin(
        &self,
        relay_state: Option<&str>,
        binding: &Secret,
        purpose: SignInPurpose,
        drive: Option<Uuid>,
    ) -> Result<SentAway, EngineError> {
        let in_force = self.in_force();
        let Some(sso) = &in_force.settings.sso else {
            return Err(refused(
                "SSO_NOT_CONFIGURED",
                "no identity provider is configured for single sign-on",
            ));
        };
        if purpose == SignInPurpose::SignIn && sso.state != SsoState::Enabled {
            return Err(refused("SSO_OFF", "single sign-on is not enabled"));
        }
        let mut random = [0_u8; 20];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| EngineError::NoRandomness)?;
        let idp = &sso.identity_provider;
        let request = AuthnRequest {
            id: AuthnRequestId::new(random),
            issue_instant: Timestamp::now(),
            destination: idp.sign_in_url.clone(),
            acs_url: self.sso_acs_url(),
            issuer: self.own_entity_id()?,
            name_id_policy: match idp.name_id_format {
                NameIdFormat::EmailAddress => NameIdPolicy::EmailAddress,
                NameIdFormat::Unspecified => NameIdPolicy::Unspecified,
                NameIdFormat::Unsaid => NameIdPolicy::Unsaid,
            },
            force_authn: ForceAuthn::No,
        };
        let path = relay_state.and_then(|text| LocalPath::parse(text).ok());
        let path = path.map(|it| it.as_str().to_owned());
        let kept = SamlRequest {
            id: request.id.as_str().to_owned(),
            purpose,
            relay_state: path,
            binding: hash(binding.expose()),
            created: request.issue_instant,
            used: None,
            drive,
        };
        let sent = match idp.binding {
            SsoBinding::Redirect => {
                let key = self.sso_key().await?;
                let url = redirect::url(&request, None, Some(key.signing_key()));
                SentAway::Redirect(url.map_err(|error| EngineError::Invalid(error.to_string()))?)
            }
            SsoBinding::Post => {
                let form = post::form(&request, None, post::SignatureWish::Unsigned);
                SentAway::Form(form.map_err(|error| EngineError::Invalid(error.to_string()))?)
            }
        };
        self.write_unlogged(SignInWrites {
            begins: Some(kept),
            ..SignInWrites::default()
        })
        .await?;
        Ok(sent)
    }

    /// Takes what the identity provider has sent through the browser. Logged in every case; an error is ours alone.
    pub async fn finish_sign_in(
        &self,
        form: RawForm,
        browser: Browser,
    ) -> Result<SignInOutcome, EngineError> {
        let (started, now) = (Instant::now(), Timestamp::now());
        let in_force = self.in_force();
        let Some(sso) = &in_force.settings.sso else {
            return Err(refused(
                "SSO_NOT_CONFIGURED",
                "no identity provider is configured for single sign-on",
            ));
        };
        let pending = self.pending(&form, &browser, now).await?;
        let is_enabled = sso.state == SsoState::Enabled;
        let purpose = match &pending {
            Some(request) => request.purpose,
            None if is_enabled => SignInPurpose::SignIn,
            None => SignInPurpose::TestDrive,
        };
        let question = Question {
            method: form.method,
            content_type: form.content_type,
            saml_responses: form.saml_responses,
            pending: pending.as_ref().map(|it| it.id.clone()),
            unsolicited: sso.allow_unsolicited,
            now,
        };
        let examined = self.examine(sso, question).await?;
        let drive = pending.as_ref().and_then(|it| it.drive);
        let is_drive = purpose == SignInPurpose::TestDrive;
        let mut line = SignInRow {
            name: clean(&examined.name, 254),
            checks: examined.checks,
            drive,
            decoded: is_drive.then_some(examined.decoded),
            // What comes unasked while nobody can sign in proves nothing about the way of a sign-in.
            configuration: if is_drive && drive.is_none() {
                String::new()
            } else {
                configuration(sso)
            },
            ..SignInRow::new(browser.request(self), now, purpose, SignInMethod::Saml)
        };
        let Some((subject, claims)) = examined.subject else {
            let (code, detail) = examined.failure.unwrap_or_default();
            return self
                .fail_sign_in(line, &code, detail, &browser, started)
                .await;
        };
        if purpose == SignInPurpose::SignIn && !is_enabled {
            let detail = "single sign-on is not enabled".to_owned();
            return self
                .fail_sign_in(line, "SSO_OFF", detail, &browser, started)
                .await;
        }
        line.signer = subject.signed_by.to_string();
        let mut writes = SignInWrites {
            uses_request: pending.as_ref().map(|it| it.id.clone()),
            uses_assertion: Some((assertion_hash(sso, &subject), subject.replay_until)),
            ..SignInWrites::default()
        };
        let ask = self.ask(&subject, &claims, is_drive)?;
        if is_drive {
            let mut tried = self.try_out(&ask, &mut line).await?;
            let (ok, reference) = (tried.refusal().is_none(), line.request);
            tell_trial(&mut line, &tried);
            // Nothing of it happens.
            tried.decision.changes.clear();
            tried.decision.trace.retain(|it| it.stage != Stage::Effect);
            let logged = exchange(&line, ACS_PATH, started, &browser, Some(&tried.decision));
            if !ok {
                writes = SignInWrites::default();
            }
            writes.line = Some(line);
            self.write_logged(writes, logged).await?;
            return Ok(SignInOutcome::TestDriven {
                reference,
                ok,
                is_awaited: drive.is_some(),
            });
        }
        let to = pending.and_then(|it| it.relay_state);
        let to = to.unwrap_or_else(|| "/account".to_owned());
        let arrival = Arrival {
            subject: &subject,
            browser: &browser,
            started,
            to,
            writes,
        };
        Box::pin(self.let_in(ask, arrival, line)).await
    }

    /// The request of this browser that a Response says it answers, if it still waits.
    async fn pending(
        &self,
        form: &RawForm,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Option<SamlRequest>, EngineError> {
        let (Some(id), Some(binding)) = (answers(&form.saml_responses), &browser.binding) else {
            return Ok(None);
        };
        let found = self.store.saml_request(&id).await?;
        let bound = hash(binding.expose());
        Ok(found.filter(|it| {
            it.used.is_none()
                && it.binding == bound
                && now.duration_since(it.created).as_secs() < ANSWER_WITHIN
        }))
    }

    /// Nobody is in: logged, and nothing is used up.
    pub(super) async fn fail_sign_in(
        &self,
        mut line: SignInRow,
        code: &str,
        detail: String,
        browser: &Browser,
        started: Instant,
    ) -> Result<SignInOutcome, EngineError> {
        line.ok = false;
        line.code = Some(code.to_owned());
        line.detail = detail;
        let path = match line.how {
            SignInMethod::Saml => ACS_PATH,
            SignInMethod::Password => "/login",
        };
        let reference = line.request;
        let (purpose, is_awaited) = (line.purpose, line.drive.is_some());
        let logged = exchange(&line, path, started, browser, None);
        let writes = SignInWrites {
            line: Some(line),
            ..SignInWrites::default()
        };
        self.write_logged(writes, logged).await?;
        Ok(match purpose {
            SignInPurpose::TestDrive => SignInOutcome::TestDriven {
                reference,
                ok: false,
                is_awaited,
            },
            SignInPurpose::SignIn => SignInOutcome::Failed {
                reference,
                retry_after: None,
            },
        })
    }

    /// Examines a Response that an admin has pasted: base64, XML, or the form as it was posted. Uses nothing up and
    /// changes nothing; which request it answers is not asked.
    pub async fn examine_response(&self, text: &str) -> Result<SignInRow, EngineError> {
        let in_force = self.in_force();
        let sso = in_force.settings.sso.as_ref();
        let sso: &Sso = sso.ok_or(EngineError::SsoNotConfigured)?;
        let response = pasted(text);
        let pending = answers(std::slice::from_ref(&response));
        let question = Question {
            method: "POST".into(),
            content_type: Some("application/x-www-form-urlencoded".into()),
            saml_responses: vec![response],
            unsolicited: pending.is_none(),
            pending,
            now: Timestamp::now(),
        };
        let now = question.now;
        let examined = self.examine(sso, question).await?;
        let unlogged = crate::directory::RequestId(0);
        let mut line = SignInRow {
            name: clean(&examined.name, 254),
            checks: examined.checks,
            decoded: Some(examined.decoded),
            ..SignInRow::new(unlogged, now, SignInPurpose::TestDrive, SignInMethod::Saml)
        };
        if let Some((subject, claims)) = &examined.subject {
            let ask = self.ask(subject, claims, true)?;
            let tried = self.try_out(&ask, &mut line).await?;
            tell_trial(&mut line, &tried);
        } else {
            let (code, detail) = examined.failure.unwrap_or_default();
            line.code = Some(code);
            line.detail = detail;
        }
        Ok(line)
    }
}

/// Writes into the line what a sign-in would come to.
fn tell_trial(line: &mut SignInRow, tried: &Tried) {
    line.ok = tried.refusal().is_none();
    line.member = tried.prospect.as_ref().and_then(|it| it.member);
    line.would = tried.prospect.clone().map(|it| Box::new(would(it)));
    match tried.refusal() {
        None => line.detail = tried.sentence(),
        Some(refusal) => {
            line.code = Some(refusal.code.clone());
            line.detail.clone_from(&refusal.detail);
        }
    }
}

/// The same in the words of the store.
fn would(prospect: Prospect) -> Would {
    Would {
        user_name: prospect.user_name,
        is_new: prospect.is_new,
        role: prospect.role,
        custom_roles: prospect.custom_roles,
        teams: prospect.teams,
        overridden_teams: prospect.overridden_teams,
        notes: prospect.notes,
    }
}

/// The base64 of a Response, whatever it was pasted as.
fn pasted(text: &str) -> String {
    use base64::Engine as _;
    let text = text.trim();
    if text.starts_with('<') {
        return base64::engine::general_purpose::STANDARD.encode(text);
    }
    let value = text
        .split('&')
        .find_map(|pair| pair.trim().strip_prefix("SAMLResponse="));
    match value {
        Some(value) => percent_encoding::percent_decode_str(value)
            .decode_utf8_lossy()
            .into_owned(),
        None => text.to_owned(),
    }
}

pub(super) fn refused(code: &str, detail: &str) -> EngineError {
    EngineError::Refused {
        refusal: Refusal {
            code: code.to_owned(),
            kind: RefusalKind::Forbidden,
            detail: detail.to_owned(),
            notes: Vec::new(),
            retry_after: None,
            policy_key: None,
        },
        request: None,
    }
}
