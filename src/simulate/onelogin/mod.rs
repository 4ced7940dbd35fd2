//! OneLogin as a SCIM client, after OneLogin's own documents and the requests that servers have seen of it.
//!
//! OneLogin sends no `User-Agent`, reads all groups before it does anything, asks for one group with a bare question
//! mark, makes users from a template of the admin's, and sends them whole and without `id`. It suspends by PATCH, may
//! delete, adds and removes members one by one, and neither renames groups nor deletes them.

mod bodies;
mod groups;
mod mistakes;
mod provider;
mod script;
mod users;

pub(crate) use provider::OneLogin;

use super::client::{IdpClient, Profile, QueryStyle, Session};
use super::day::{DayReport, play};
use super::error::SimulateError;
use super::target::Target;

/// How OneLogin speaks HTTP.
pub(crate) const PROFILE: Profile = Profile {
    user_agent: "",
    content_type: "application/scim+json",
    accept: "application/scim+json",
    query_style: QueryStyle::Percent,
    flag: None,
};

/// Plays OneLogin's day against `target` and compares the end state. The server must hold nobody of this day's cast, and
/// nothing else may change there meanwhile; DELETE must remove, as with the `rfc` preset.
pub async fn run_day(target: &Target, seed: u64) -> Result<DayReport, SimulateError> {
    let client = IdpClient::new(target, PROFILE)?;
    let mut reader = Session::new(client.clone());
    let mut onelogin = OneLogin::new(Session::new(client), seed);
    onelogin.read_back(true);
    play(&mut onelogin, &mut reader, script::day(seed)?).await
}
