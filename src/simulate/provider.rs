//! What every simulated identity provider can be asked to do, so that days and traffic need not know which one it is.
//!
//! A method sends what the real provider would send for it, and judges each answer through its session. The roster
//! is the provider's own directory: it shows the state after the change.

use async_trait::async_trait;
use serde_json::Value;

use super::cast::{Person, PersonKey, Roster, TeamKey};
use super::client::Session;
use super::error::SimulateError;

/// A mistake that needs no policy on the server's side: it must be refused, and must change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A token that was never issued: 401.
    BadToken,
    /// Creating somebody the server holds already, as after an answer that got lost: 409 `uniqueness`.
    DuplicateUser(PersonKey),
    /// Creating a group the server holds already: 409 `uniqueness`.
    DuplicateTeam(TeamKey),
    /// Giving the first person the user name of the second: 409 `uniqueness`.
    TakenUserName(PersonKey, PersonKey),
    /// Pushing a group with somebody the server does not know: 404 or 400, and nobody is added.
    GroupBeforeUser(TeamKey),
    /// A filter on an attribute that has one value, from a wrong attribute mapping: 400.
    MonoValuedFilter(PersonKey),
    /// Changing a group through an id that the server never gave out, as after a restore: 404.
    GroupGone,
}

/// How a provider sends the members of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    /// Only those who come or go.
    OneByOne,
    /// Those who come or go, and everybody again with a new name.
    WholeOnRename,
    /// Everybody, with each change.
    AlwaysWhole,
}

/// A simulated identity provider.
#[async_trait]
pub(crate) trait IdentityProvider: Send + Sync {
    /// A short name for reports: `okta` or `entra`.
    fn name(&self) -> &'static str;

    /// The behaviour in use.
    fn mode(&self) -> &'static str;

    /// The conversation, for names of steps and for the record.
    fn session(&mut self) -> &mut Session;

    /// Whether the server's id of this person is known.
    fn is_linked(&self, who: PersonKey) -> bool;

    /// Forgets the server's id of this person, so that the next act looks them up again.
    fn forget_person(&mut self, who: PersonKey);

    /// Whether the server's id of this team is known.
    fn is_team_linked(&self, team: TeamKey) -> bool;

    /// Forgets the server's id of this team, so that it must be pushed again.
    fn forget_team(&mut self, team: TeamKey);

    /// How members of a group are sent.
    fn membership(&self) -> Membership;

    /// The attributes the server must show for this person; attributes that are not named may have any value.
    fn expected_user(&self, roster: &Roster, who: PersonKey) -> Value;

    /// The attributes the server must show for this team, members aside.
    fn expected_group(&self, roster: &Roster, team: TeamKey) -> Value;

    /// What the button in the provider's settings does.
    async fn test_connection(&mut self) -> Result<(), SimulateError>;

    /// Looks a person up as before a create.
    async fn look_up(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError>;

    /// Creates a person, or takes over the one the server holds already.
    async fn assign(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError>;

    /// Brings a changed profile over; `before` is the person as last sent.
    async fn update(&mut self, roster: &Roster, before: &Person) -> Result<(), SimulateError>;

    /// Takes access away without deleting.
    async fn deactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError>;

    /// Gives access back through the id that is known.
    async fn reactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError>;

    /// Creates a group with its members, or takes over the one the server holds already.
    async fn push_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError>;

    /// Adds and removes members, who are in the roster's state already.
    async fn change_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        added: &[PersonKey],
        removed: &[PersonKey],
    ) -> Result<(), SimulateError>;

    /// Brings a changed display name over.
    async fn rename_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError>;

    /// Deletes a group at the server.
    async fn unlink_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError>;

    /// Makes a mistake and checks that it is refused.
    async fn make_mistake(
        &mut self,
        roster: &Roster,
        mistake: Mistake,
    ) -> Result<(), SimulateError>;

    /// Reads every user page by page. Okta's import.
    async fn import(&mut self) -> Result<(), SimulateError> {
        Err(self.unsupported("import"))
    }

    /// Sends a new random password. Okta's password sync.
    async fn sync_password(
        &mut self,
        _roster: &Roster,
        _who: PersonKey,
    ) -> Result<(), SimulateError> {
        Err(self.unsupported("password sync"))
    }

    /// Replaces all members and the name in one operation without a path. Okta's "Push now".
    async fn push_now(&mut self, _roster: &Roster, _team: TeamKey) -> Result<(), SimulateError> {
        Err(self.unsupported("push now"))
    }

    /// Replaces all members through the path `members`. Okta's full push.
    async fn full_push(&mut self, _roster: &Roster, _team: TeamKey) -> Result<(), SimulateError> {
        Err(self.unsupported("full push"))
    }

    /// Deletes a person at the server for good. Entra, 30 days after the soft delete.
    async fn erase(&mut self, _roster: &Roster, _who: PersonKey) -> Result<(), SimulateError> {
        Err(self.unsupported("erase"))
    }

    /// Looks a person up by every matching attribute. Entra's matching rules.
    async fn match_by_each(
        &mut self,
        _roster: &Roster,
        _who: PersonKey,
    ) -> Result<(), SimulateError> {
        Err(self.unsupported("match by each attribute"))
    }

    /// Takes access away and gives it back on demand. Entra's on-demand provisioning, which knows no flag.
    async fn provision_on_demand(
        &mut self,
        _roster: &Roster,
        _who: PersonKey,
    ) -> Result<(), SimulateError> {
        Err(self.unsupported("provision on demand"))
    }

    /// An error that says this provider never does `act`.
    fn unsupported(&self, act: &'static str) -> SimulateError {
        SimulateError::Unsupported {
            idp: self.name(),
            act,
        }
    }
}
