//! The words of a script.

use crate::simulate::cast::{PersonKey, Place, Role, TeamKey};
use crate::simulate::provider::Mistake;

/// One step of a day.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// What a reader of the report should see.
    pub name: &'static str,
    /// What is done.
    pub act: Act,
}

/// Something that happens at an identity provider.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// The admin presses the button that tests the connection.
    TestConnection,
    /// The provider reads every user of the application.
    Import,
    /// The provider looks somebody up.
    LookUp(PersonKey),
    /// The provider looks somebody up by each of its matching attributes.
    MatchByEach(PersonKey),
    /// Somebody is assigned to the application: a joiner.
    Assign(PersonKey),
    /// Somebody is assigned again after the provider forgot the server's id.
    Reassign(PersonKey),
    /// Somebody's profile changes: a mover.
    Update(PersonKey, Vec<Edit>),
    /// Somebody's password changes.
    SyncPassword(PersonKey),
    /// Somebody loses the application: a leaver.
    Deactivate(PersonKey),
    /// A leaver comes back.
    Reactivate(PersonKey),
    /// A leaver is deleted for good.
    Erase(PersonKey),
    /// An admin provisions somebody on demand.
    ProvisionOnDemand(PersonKey),
    /// A group is pushed for the first time.
    PushTeam(TeamKey),
    /// People come into a group and others leave it.
    ChangeMembers {
        /// The group.
        team: TeamKey,
        /// Those who come.
        added: Vec<PersonKey>,
        /// Those who leave.
        removed: Vec<PersonKey>,
    },
    /// A group gets another display name.
    RenameTeam(TeamKey, String),
    /// An admin presses "Push now".
    PushNow(TeamKey),
    /// A group is pushed whole.
    FullPush(TeamKey),
    /// Everybody leaves a group, which is then pushed whole.
    EmptyTeam(TeamKey),
    /// A group is unlinked and deleted at the server.
    UnlinkTeam(TeamKey),
    /// A mistake that the server must refuse.
    Mistake(Mistake),
}

/// One change of a profile.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Another department with another title.
    Transfer {
        /// The department.
        department: String,
        /// The title there.
        title: String,
    },
    /// Another family name and user name.
    Rename {
        /// The family name.
        family_name: String,
        /// The user name, also the e-mail address.
        user_name: String,
    },
    /// Another base role.
    Role(Role),
    /// Another manager.
    Manager(PersonKey),
    /// A mobile number.
    Mobile(String),
    /// A place of work.
    Place(Place),
    /// A primary app role.
    AppRole(Role),
}
