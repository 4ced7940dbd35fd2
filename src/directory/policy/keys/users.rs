//! Values of `users.*`: what happens to members.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Values of `users.match`: an attribute by which an identity provider's user is recognised as a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MatchKey {
    /// The identity provider's own id.
    #[serde(rename = "externalId")]
    ExternalId,
    /// `userName`.
    #[serde(rename = "userName")]
    UserName,
    /// Any e-mail address.
    #[serde(rename = "email")]
    Email,
}

/// Values of `users.case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyCase {
    /// `Ada@x.io` and `ada@x.io` are one member, called as they were last called.
    Fold,
    /// They are one member, called `ada@x.io`: userName and e-mail addresses are kept in lower case, without blanks
    /// around them.
    Lower,
    /// They are two.
    Exact,
}

/// Values of `users.username_is_email`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsernameIsEmail {
    /// 400 unless it is one.
    Require,
    /// Anything goes.
    Any,
}

/// Values of `users.post_existing_active`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostExisting {
    /// 409 `uniqueness`.
    Conflict,
    /// The member is the identity provider's from now on; the id stays.
    Adopt,
    /// The same for a member whom no identity provider manages; 409 for others.
    AdoptIfUnmanaged,
    /// The member stays as they are and is the answer, as if the request had created them.
    Attach,
}

/// Values of `users.post_existing_inactive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostExistingInactive {
    /// 409 `uniqueness`.
    Conflict,
    /// The member takes the attributes of the request and is active again; the id stays.
    Reactivate,
    /// A new member with a new id; the old one gives up the keys.
    New,
    /// The member is active again under the same id, without teams and roles.
    Attach,
}

/// Values of `users.on_inactive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnInactive {
    /// They stay, inactive.
    Deactivate,
    /// They are hidden and can be restored; keys are free.
    SoftDelete,
    /// They are gone; a tombstone stays.
    Remove,
    /// They stay, inactive, and may be changed like anybody.
    Disable,
    /// Nothing happens; the log says so.
    Ignore,
}

/// Values of `users.on_delete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// They stay, inactive; SCIM still shows them.
    Deactivate,
    /// They are hidden and can be restored; keys are free.
    SoftDelete,
    /// They are gone; a tombstone stays.
    Remove,
    /// They stay, inactive, and may be changed like anybody.
    Disable,
}

/// Values of `users.deprovision_clears`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clears {
    /// The base role.
    Roles,
    /// Every team membership.
    Teams,
    /// Custom roles and role attributes.
    Permissions,
    /// Every session.
    Sessions,
    /// Every token the member owns.
    Tokens,
    /// userName, externalId and e-mail addresses of a member who is hidden, so that nothing of theirs is in the way of
    /// whoever comes next; their name says that they were deleted.
    Keys,
}

/// Values of `users.update_inactive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpdateInactive {
    /// 400: nothing but `active` may change.
    #[serde(rename = "reject")]
    Reject,
    /// Like any other change.
    #[serde(rename = "allow")]
    Allow,
    /// 404, as if they were gone.
    #[serde(rename = "404")]
    NotFound,
}

/// Values of `users.preexisting`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preexisting {
    /// An identity provider cannot deactivate or delete somebody who was a member before it came.
    Protect,
    /// They are like everybody else.
    Adopt,
}

/// Values of `users.manual_edit`: what an admin may change by hand in a member whom an identity provider manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManualEdit {
    /// Everything; the next push may undo it.
    Open,
    /// Roles alone.
    LockProfile,
    /// Nothing.
    LockAll,
}

/// Values of `users.manual_delete`: whether an admin may remove a member whom an identity provider manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManualDelete {
    /// Yes.
    Allow,
    /// Yes, with a warning that the next push may bring them back.
    Warn,
    /// No.
    Deny,
}

/// Values of `users.password`: a password that an identity provider sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Password {
    /// It is taken no notice of; the trace says so.
    Ignore,
    /// Its argon2id hash is kept.
    Store,
}

/// Value of `users.invite_ttl`: how long the link in an invitation works, in hours; `off` invites nobody by
/// itself, and an invitation that an admin makes works 48 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteTtl(pub Option<u32>);

impl FromStr for InviteTtl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self(None));
        }
        let hours = text.strip_suffix('h').and_then(|hours| hours.parse().ok());
        match hours.filter(|hours| (1..=8_760).contains(hours)) {
            Some(hours) => Ok(Self(Some(hours))),
            None => Err(format!(
                "{text:?} is neither \"off\" nor hours such as \"48h\""
            )),
        }
    }
}

impl TryFrom<String> for InviteTtl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<InviteTtl> for String {
    fn from(ttl: InviteTtl) -> Self {
        ttl.to_string()
    }
}

impl fmt::Display for InviteTtl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("off"),
            Some(hours) => write!(f, "{hours}h"),
        }
    }
}
