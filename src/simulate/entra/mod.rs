//! Microsoft Entra ID as a SCIM client, after Microsoft's "Develop a SCIM endpoint" and "Known issues with SCIM 2.0
//! protocol compliance".
//!
//! Entra matches by a configured attribute, keeps the server's ids, reads before it writes, sends only what changed,
//! never sends nulls, reads groups without their members and asks for each reference by a query of its own.
//! [`EntraMode`] names the two dialects of its PATCH bodies.

pub(crate) mod bodies;
mod groups;
mod mistakes;
pub(crate) mod patch;
mod profile;
mod provider;
mod script;
mod users;

pub(crate) use provider::Entra;

use super::client::{IdpClient, Profile, QueryStyle, Session};
use super::day::{DayReport, play};
use super::error::SimulateError;
use super::target::Target;

/// The parameter that switches the dialect. It stands in the tenant URL, so the server gets to see it.
const FLAG: &str = "aadOptscim062020";

/// Which dialect of PATCH Entra speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntraMode {
    /// Without the flag: `Add`, `Replace`, `Remove`, booleans as `"True"` and `"False"`, members removed by `value`.
    Legacy,
    /// With `aadOptscim062020`: lower case, real booleans, replaces without a path, members removed by a filter.
    Flagged,
}

impl EntraMode {
    /// A name for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Flagged => FLAG,
        }
    }

    /// A name for host names, where the flag's own would be long.
    fn short(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Flagged => "flagged",
        }
    }
}

/// How Entra speaks HTTP.
pub(crate) fn profile_of(mode: EntraMode) -> Profile {
    Profile {
        // Microsoft documents no User-Agent of its provisioning service. This one lets a log be told apart.
        user_agent: "Microsoft Entra ID Provisioning (simulated)",
        content_type: "application/scim+json; charset=utf-8",
        accept: "application/scim+json",
        query_style: QueryStyle::Plus,
        flag: match mode {
            EntraMode::Legacy => None,
            EntraMode::Flagged => Some(FLAG),
        },
    }
}

/// Plays Entra's day against `target` and compares the end state. The server must hold nobody of this day's cast,
/// and nothing else may change there meanwhile; unknown members must be refused or left out, doubled group names
/// refused, and DELETE must remove, as with the `rfc` preset.
pub async fn run_day(
    target: &Target,
    mode: EntraMode,
    seed: u64,
) -> Result<DayReport, SimulateError> {
    let client = IdpClient::new(target, profile_of(mode))?;
    let mut reader = Session::new(client.clone());
    let mut entra = Entra::new(Session::new(client), mode, seed);
    entra.read_back(true);
    play(&mut entra, &mut reader, script::day(mode, seed)?).await
}
