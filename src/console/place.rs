//! Where one is, and where one can go: the places of the history and the targets of links.

use super::layout::Focus;
use super::panes::PaneId;
use crate::admin::guards::IncidentId;
use crate::admin::types::{MemberId, RequestId, TeamId, TokenId};

/// Somewhere to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Jump {
    /// A pane, as it was left.
    Pane(PaneId),
    /// A member's detail.
    Member(MemberId),
    /// A team's detail.
    Team(TeamId),
    /// A logged exchange.
    Request(RequestId),
    /// The members that match a filter.
    Members(String),
    /// The requests that match a query.
    Requests(String),
    /// A key of the policy.
    Policy(String),
}

/// Where one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// On which pane.
    pub pane: PaneId,
    /// In its list or in its detail.
    pub focus: Focus,
    /// What the detail shows.
    pub open: Option<Open>,
    /// The filter of the list.
    pub filter: String,
    /// The tab of the detail.
    pub tab: usize,
    /// Whether a link led here, so that one step back leads where it came from.
    pub jumped: bool,
}

/// What a detail shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// A member.
    Member(MemberId),
    /// A team.
    Team(TeamId),
    /// A logged exchange.
    Request(RequestId),
    /// A token.
    Token(TokenId),
    /// An incident.
    Incident(IncidentId),
}
