//! What happened: the only thing that changes the console's state.
//!
//! A [`Msg`] is a [`Fact`] with the time at which it came to the console, so that the state never reads a clock. Facts
//! are in the past tense; what shall happen next is an [`Effect`](super::effect::Effect).

use jiff::Timestamp;

use super::effect::{Bulk, Write};
use super::input::Key;
use super::regions::Target;
use super::store::{Generation, LogSpan};
use crate::admin::AdminError;
use crate::admin::guards::{Incident, IncidentDetail};
use crate::admin::link::ScimLink;
use crate::admin::policy::{PolicyDetail, PolicyDiff, Simulation};
use crate::admin::sso::{SessionRow, SignInRow, SsoStatus, TestDriveLink};
use crate::admin::types::{
    AuditRow, Done, Finding, MemberDetail, MemberId, MemberRef, MemberRow, Overview, Page,
    RequestDetail, RequestPage, SyncStatus, TailEvent, TeamDetail, TeamId, TeamRow, TokenRow,
};
use crate::console::overlays::MadeLink;
use crate::secret::Secret;

/// A fact and when it came.
#[derive(Debug)]
pub struct Msg {
    /// When it came to the console.
    pub at: Timestamp,
    /// What happened.
    pub fact: Fact,
}

/// How the change of one of many ended.
pub type BulkResult = Result<Done, AdminError>;

/// What happened.
#[derive(Debug, PartialEq)]
pub enum Fact {
    /// The console came up; the first fact of all.
    Started,
    /// The time the state asked to be woken at has come.
    Woke,
    /// A key was pressed.
    KeyPressed(Key),
    /// Text was pasted.
    Pasted(String),
    /// The mouse was pressed on something.
    Clicked(Target),
    /// The wheel was turned.
    Scrolled {
        /// Over what.
        target: Option<Target>,
        /// How far; down is positive.
        lines: i64,
    },
    /// The terminal has this size now, in cells.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The state of everything came.
    OverviewLoaded(Generation, Result<Box<Overview>, AdminError>),
    /// The doctor's findings came.
    DoctorLoaded(Generation, Result<Vec<Finding>, AdminError>),
    /// Some members came.
    MembersLoaded(Generation, u64, Result<Page<MemberRow>, AdminError>),
    /// The members to mark came.
    MarksLoaded(Generation, Result<Page<MemberRow>, AdminError>),
    /// One member came.
    MemberLoaded(Generation, Result<Box<MemberDetail>, AdminError>),
    /// A member was looked up by name.
    MemberFound(Generation, Result<MemberId, AdminError>),
    /// More of a member's changes came.
    TimelineLoaded(Generation, Result<Page<AuditRow>, AdminError>),
    /// Some teams came.
    TeamsLoaded(Generation, u64, Result<Page<TeamRow>, AdminError>),
    /// One team came.
    TeamLoaded(Generation, Result<Box<TeamDetail>, AdminError>),
    /// A team was looked up by name.
    TeamFound(Generation, Result<TeamId, AdminError>),
    /// Some members of a team came.
    TeamMembersLoaded(Generation, u64, Result<Page<MemberRef>, AdminError>),
    /// Some lines of the request log came.
    RequestsLoaded(Generation, LogSpan, Result<RequestPage, AdminError>),
    /// One logged exchange came.
    RequestLoaded(Generation, Result<Box<RequestDetail>, AdminError>),
    /// The live tail stands.
    TailStarted(Generation),
    /// New lines of the request log came.
    TailArrived(Generation, Vec<TailEvent>),
    /// The live tail ended.
    TailEnded(Generation, AdminError),
    /// The tokens came.
    TokensLoaded(Generation, Result<Vec<TokenRow>, AdminError>),
    /// The policy came.
    PolicyLoaded(Generation, Result<Box<PolicyDetail>, AdminError>),
    /// How a preset would differ came.
    PolicyDiffLoaded(Generation, Result<Box<PolicyDiff>, AdminError>),
    /// What another policy would have answered came.
    SimulationLoaded(Generation, Result<Box<Simulation>, AdminError>),
    /// What a request changed came, to ask whether it shall be undone.
    UndoAsked(Generation, Result<Box<RequestDetail>, AdminError>),
    /// Who is connected came.
    LinkLoaded(Generation, Result<Box<ScimLink>, AdminError>),
    /// How team sync stands came.
    SyncLoaded(Generation, Result<Box<SyncStatus>, AdminError>),
    /// How single sign-on stands came.
    SsoLoaded(Generation, Result<Box<SsoStatus>, AdminError>),
    /// The last sign-ins came.
    SignInsLoaded(Generation, Result<Vec<SignInRow>, AdminError>),
    /// The logged request of a sign-in came.
    SignInExplained(Generation, Result<Box<RequestDetail>, AdminError>),
    /// The link of a test-drive came.
    TestDriveStarted(Result<TestDriveLink, AdminError>),
    /// What a test-drive came to, if it has come to anything yet.
    TestDriveLooked(Generation, Result<Option<Box<SignInRow>>, AdminError>),
    /// A Response was examined.
    ResponseExamined(Generation, Result<Box<SignInRow>, AdminError>),
    /// The sessions of a member came.
    SessionsLoaded(Generation, Result<Vec<SessionRow>, AdminError>),
    /// A browser was asked to open a link, or why there is none.
    BrowserOpened(Result<(), String>),
    /// The incidents came.
    IncidentsLoaded(Generation, Result<Vec<Incident>, AdminError>),
    /// One incident came.
    IncidentLoaded(Generation, Result<Box<IncidentDetail>, AdminError>),
    /// Whom removing the provisioned members would remove came.
    PurgeForeseen(Result<Done, AdminError>),
    /// A write was answered.
    WriteFinished(Write, Result<Done, AdminError>),
    /// A change of many members was answered, for each in their order.
    BulkFinished(Bulk, Vec<BulkResult>),
    /// A token was issued, or not; its name.
    TokenIssued(String, Result<(TokenRow, Secret), AdminError>),
    /// A link to set a password with was made, or not; for whom. The link itself is none of a preview.
    LinkMade(String, Result<(MadeLink, Option<Secret>), AdminError>),
    /// Something was put on the clipboard.
    Copied(String, Result<(), String>),
    /// Something was written to a file: what, and the file's path.
    Exported(String, Result<String, String>),
    /// The saved views were written to their file, or not: what to say of it.
    ViewsSaved(String, Result<(), String>),
    /// A background task panicked; the path of its report, where one was written.
    TaskPanicked(Option<String>),
    /// The program was told to end.
    Interrupted,
}
