//! The model and the rules, pure: members, teams, the policy in force, and [`decide`](decide::decide), through which
//! every write of the whole program goes. No I/O, no clock, no HTTP: the same input gives the same [`Decision`].
//!
//! The engine loads [`Facts`], asks for a decision, and commits its changes.

pub mod access;
pub mod actor;
pub mod change;
pub mod client;
pub mod command;
pub mod connection;
pub mod decide;
pub mod decision;
pub mod effective;
pub mod facts;
pub mod ids;
pub mod incident;
pub mod invitation;
pub mod lead;
pub mod member;
mod member_edit;
mod password_link;
pub mod policy;
pub mod roll_over;
pub mod settings;
pub mod sso;
pub mod sso_finding;
mod sso_view;
pub mod stream;
pub mod team;
mod team_view;
pub mod undo;
mod view;

pub use crate::scim::fold;
pub use actor::{Actor, ActorKind};
pub use change::{Change, ChangeOp, ChangeView, FieldChange, ObjectKind};
pub use client::ClientAuthentication;
pub use command::{Command, Extent, Leaving, MembersEdit, NewCredential, OwnEdit};
pub use connection::{Connection, Credential};
pub use decide::stream::is_unfit;
pub use decide::{Circumstance, decide};
pub use decision::{Decision, Outcome, Refusal, RefusalKind, Stage, TraceStep, Verdict};
pub use effective::{Access, HeldRole, RoleAttribute, RoleOrigin};
pub use facts::{Facts, HeldValue};
pub use ids::{ClientId, ConsentId, MemberId, RequestId, SigningKeyId, StreamId, TeamId, TokenId};
pub use incident::{
    Departure, GuardNotes, Held, HeldAsk, Incident, IncidentId, IncidentSeverity, IncidentSubject,
    Radius, Raised, Room, Ruling, Settled, Tended, Tending,
};
pub use invitation::Invitation;
pub use lead::{Lead, LeadGuard, Outlook, Prospect};
pub use member::{Attributes, Management, Member, Origin};
pub use member_edit::MemberEdit;
pub use password_link::PasswordLinkKind;
pub use policy::Policy;
pub use settings::{Fixed, InForce, Provisioning, Settings};
pub use sso::{IdpSettings, NameIdFormat, Outside, Sso, SsoBinding, SsoFacts, SsoState};
pub use sso_finding::SsoFinding;
pub use stream::{Delivery, Stream, StreamState};
pub use team::{OwnFields, Team, TeamSource};
