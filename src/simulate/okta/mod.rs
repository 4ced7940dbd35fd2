//! Okta as a SCIM client, after Okta's own reference "Okta and SCIM Version 2.0".
//!
//! Okta looks users up by `userName` before it creates them, keeps the server's ids, reads a user before it sends it
//! back whole, never deletes users, and skips people who are not active when it pushes groups. [`OktaMode`] names
//! the two behaviours that differ in the verb they use.

pub(crate) mod bodies;
mod groups;
mod mistakes;
mod provider;
mod script;
mod users;

pub(crate) use provider::Okta;

use super::client::{IdpClient, Profile, QueryStyle, Session};
use super::day::{DayReport, play};
use super::error::SimulateError;
use super::target::Target;

/// How Okta speaks HTTP.
pub(crate) const PROFILE: Profile = Profile {
    user_agent: "Okta SCIM Client 1.0.0",
    content_type: "application/scim+json; charset=utf-8",
    accept: "application/scim+json",
    query_style: QueryStyle::Percent,
    flag: None,
};

/// Which kind of Okta application provisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OktaMode {
    /// An application of the catalogue (OIN): PATCH for `active`, passwords and groups, PUT for the rest.
    Catalogue,
    /// An application made with the wizard (AIW): PUT for everything.
    Wizard,
}

impl OktaMode {
    /// A name for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Wizard => "wizard",
        }
    }
}

/// Plays Okta's day against `target` and compares the end state. The server must hold nobody of this day's cast, and
/// nothing else may change there meanwhile; `teams.unknown_member` must not park, which the end of the day would show.
pub async fn run_day(
    target: &Target,
    mode: OktaMode,
    seed: u64,
) -> Result<DayReport, SimulateError> {
    let client = IdpClient::new(target, PROFILE)?;
    let mut reader = Session::new(client.clone());
    let mut okta = Okta::new(Session::new(client), mode, seed);
    okta.read_back(true);
    play(&mut okta, &mut reader, script::day(mode, seed)?).await
}
