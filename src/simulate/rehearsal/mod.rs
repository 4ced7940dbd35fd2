//! A rehearsal: joiners, movers and leavers as an identity provider would send them, played step by step against a server
//! that follows a policy, so that after each step somebody can look at what became of it.
//!
//! Unlike a day ([`super::day`]) a rehearsal expects no one end state: what a step comes to is for the policy to say.
//! Whoever plays it compares the answers that the provider would not accept with what the server logged.

mod cast;
mod script;

use std::collections::VecDeque;

use super::cast::Roster;
use super::client::{Exchange, IdpClient, Session, Unexpected};
use super::day::{Step, perform};
use super::entra::{self, Entra, EntraMode};
use super::error::SimulateError;
use super::okta::{self, Okta, OktaMode};
use super::onelogin::{self, OneLogin};
use super::provider::IdentityProvider;
use super::target::Target;

pub use script::Scene;

/// The identity providers that can rehearse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idp {
    /// Okta, with an application of its catalogue.
    Okta,
    /// Microsoft Entra ID, without `aadOptscim062020`.
    Entra,
    /// OneLogin.
    OneLogin,
}

impl Idp {
    /// The word for commands and policies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::OneLogin => "onelogin",
        }
    }
}

/// Where roles are mapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleMapping {
    /// `role` of the Provost extension.
    Extension,
    /// The core attribute `roles`.
    Core,
}

/// What the server holds already, and which roles it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// `userName` of somebody who was added by hand.
    pub local_member: String,
    /// `displayName` of a team that was made by hand.
    pub local_team: String,
    /// `userName` of the owner, where the server has one.
    pub owner: Option<String>,
    /// Where roles are mapped to.
    pub mapping: RoleMapping,
    /// The role of somebody who joins.
    pub role: String,
    /// The role they have later.
    pub next_role: String,
}

/// One step after it was played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Which it was.
    pub scene: Scene,
    /// Every request, in order.
    pub exchanges: Vec<Exchange>,
    /// Every answer the provider would not accept.
    pub unexpected: Vec<Unexpected>,
}

/// A rehearsal that is going on.
pub struct Rehearsal {
    idp: Box<dyn IdentityProvider>,
    roster: Roster,
    steps: VecDeque<(Scene, Step)>,
}

impl Rehearsal {
    /// Prepares one. Nothing is sent yet.
    pub fn new(idp: Idp, target: &Target, stage: &Stage) -> Result<Self, SimulateError> {
        const SEED: u64 = 7;
        let session = |profile| IdpClient::new(target, profile).map(Session::new);
        let provider: Box<dyn IdentityProvider> = match idp {
            Idp::Okta => Box::new(Okta::new(
                session(okta::PROFILE)?,
                OktaMode::Catalogue,
                SEED,
            )),
            Idp::Entra => {
                let mode = EntraMode::Legacy;
                Box::new(Entra::new(session(entra::profile_of(mode))?, mode, SEED))
            }
            Idp::OneLogin => Box::new(OneLogin::new(session(onelogin::PROFILE)?, SEED)),
        };
        let (roster, cast) = cast::cast(idp, stage, SEED)?;
        let steps = script::script(idp, stage, &roster, &cast).into();
        Ok(Self {
            idp: provider,
            roster,
            steps,
        })
    }

    /// Plays the next step; `None` when all were played. Fails only when the server cannot be reached.
    pub async fn next(&mut self) -> Result<Option<Played>, SimulateError> {
        let Some((scene, step)) = self.steps.pop_front() else {
            return Ok(None);
        };
        self.idp.session().begin(step.name);
        match perform(self.idp.as_mut(), &mut self.roster, &step.act).await {
            // What was not acceptable is on record.
            Ok(()) | Err(SimulateError::Unacceptable { .. }) => {}
            Err(error) => return Err(error),
        }
        let record = self.idp.session().take_record();
        Ok(Some(Played {
            scene,
            exchanges: record.exchanges,
            unexpected: record.unexpected,
        }))
    }
}
