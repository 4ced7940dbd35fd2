//! `provost sso …`: how members sign in, from the identity provider's metadata to the day it is enabled.

mod configure;
mod driven;
mod map;
mod show;
mod sign_ins;
mod switch;
mod test;

use clap::Subcommand;

use super::error::CliError;
use super::session::Session;
use crate::admin::{AdminError, AdminErrorKind};

/// Single sign-on: members sign in at the identity provider (SAML 2.0).
#[derive(Debug, Subcommand)]
pub enum SsoVerb {
    /// How single sign-on stands, what to enter at the identity provider, and what the next step would do.
    Show(show::ShowVerb),
    /// Set the identity provider, from its metadata or by hand. Nobody's sign-in changes by it.
    Configure(Box<configure::ConfigureVerb>),
    /// By which attribute names the identity provider sends a role, a team, a name.
    Map(map::MapVerb),
    /// Test-drive: sign in as a member would, see every check, and change nothing.
    Test(test::TestVerb),
    /// Enable it: members sign in at the identity provider from now on.
    Enable(switch::EnableVerb),
    /// Disable it: passwords work again.
    Disable(switch::DisableVerb),
    /// The last sign-ins and test-drives.
    Signins(sign_ins::SignInsVerb),
    /// Forget the identity provider; only while single sign-on is not enabled.
    Remove(switch::RemoveVerb),
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: SsoVerb) -> Result<(), CliError> {
    match verb {
        SsoVerb::Show(show::ShowVerb {}) => show::run(session).await,
        SsoVerb::Configure(verb) => configure::run(session, *verb).await,
        SsoVerb::Map(verb) => map::run(session, verb).await,
        SsoVerb::Test(verb) => test::run(session, verb).await,
        SsoVerb::Enable(switch::EnableVerb {}) => switch::enable(session).await,
        SsoVerb::Disable(switch::DisableVerb {}) => switch::disable(session).await,
        SsoVerb::Signins(verb) => sign_ins::run(session, &verb).await,
        SsoVerb::Remove(switch::RemoveVerb {}) => switch::remove(session).await,
    }
}

/// What a command that changes an identity provider answers where there is none; the engine says the same.
fn not_configured() -> AdminError {
    AdminError {
        code: Some("SSO_NOT_CONFIGURED".to_owned()),
        ..AdminError::new(
            AdminErrorKind::NotFound,
            "no identity provider is configured for single sign-on",
        )
    }
}
