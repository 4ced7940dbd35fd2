//! Making the account: one organisation, one owner, one policy.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::EngineError;
use super::access::random_text;
use super::passwords::{Passwords, check_length};
use crate::directory::member::PROVOST_USER;
use crate::directory::{
    Actor, Attributes, Circumstance, Command, Facts, MemberId, Outcome, Policy, decide,
};
use crate::secret::Secret;
use crate::store::{Account, CommitUnit, Store};

/// What `init` makes.
#[derive(Debug)]
pub struct NewAccount {
    /// The organisation's name.
    pub organisation: String,
    /// The policy preset.
    pub preset: String,
    /// The owner's e-mail address, which is their `userName`.
    pub owner_email: String,
    /// The owner's password.
    pub password: Secret,
}

/// Makes the account and its owner. Refuses when there is one already.
pub async fn init(store: &Arc<dyn Store>, new: NewAccount) -> Result<Account, EngineError> {
    if let Some(account) = store.account().await? {
        return Err(EngineError::AccountExists {
            organisation: account.organisation,
            created: account.created,
        });
    }
    let policy =
        Policy::preset(&new.preset).map_err(|error| EngineError::Invalid(error.to_string()))?;
    check(&new)?;
    let now = Timestamp::now();
    let owner = MemberId(Uuid::now_v7());
    let actor = Actor::system();
    let command = Command::CreateMember {
        id: owner,
        attributes: owner_attributes(&new.owner_email),
        owner: true,
    };
    let decision = decide(
        &policy,
        &Facts::default(),
        &command,
        &Circumstance { actor: &actor, now },
    );
    if decision.outcome != Outcome::Applied {
        let why = decision.refusal.map_or_else(
            || "the owner could not be made".to_owned(),
            |refusal| refusal.detail,
        );
        return Err(EngineError::Invalid(why));
    }
    let account = Account {
        organisation: new.organisation,
        preset: new.preset,
        created: now,
        pseudonym_key: random_text()?,
    };
    let password_hash = Passwords::new().hash(new.password).await?;
    store
        .commit(CommitUnit {
            at: now,
            actor,
            policy_key: decision.policy_key.map(str::to_owned),
            changes: decision.changes,
            preconditions: Vec::new(),
            exchange: None,
            token_secret: None,
            client_credentials: None,
            consent: None,
            password_hash: Some((owner, password_hash)),
            account: Some(account.clone()),
            outbox: crate::store::Outbox::default(),
            guards: crate::directory::GuardNotes::default(),
            recovery: crate::store::RecoveryCodes::default(),
            sign_in: crate::store::sso::SignInWrites::default(),
        })
        .await?;
    Ok(account)
}

fn check(new: &NewAccount) -> Result<(), EngineError> {
    if !email_address::EmailAddress::is_valid(&new.owner_email) {
        return Err(EngineError::Invalid(format!(
            "{:?} is not an e-mail address",
            new.owner_email
        )));
    }
    let organisation = new.organisation.trim();
    if organisation.is_empty()
        || organisation.chars().count() > 100
        || organisation.chars().any(char::is_control)
    {
        return Err(EngineError::Invalid(
            "the organisation needs a name of 1 to 100 printable characters".into(),
        ));
    }
    check_length(&new.password)
}

fn owner_attributes(email: &str) -> Attributes {
    let value = json!({
        "userName": email,
        "active": true,
        "emails": [{ "value": email, "type": "work", "primary": true }],
        PROVOST_USER: { "role": "owner" },
    });
    value.as_object().cloned().unwrap_or_default()
}
