//! The two traits: what an admin can see, and what an admin can do.

use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;

use super::error::AdminError;
use super::guards::{
    GuardStatus, Held, HoldRuled, Incident, IncidentDetail, IncidentId, IncidentListing,
    IssuedCodes, MarkRecovery, ProveRecovery, RuleHold, TendIncident,
};
use super::link::{Connected, NewConnection, ScimLink};
use super::policy::{AdoptPreset, PolicyDetail, PolicyDiff, SetPolicy, Simulate, Simulation};
use super::sso::{PasswordLink, SsoRead, SsoWrite};
use super::streams::{MadeStream, NewStream, Resume, StreamDetail};
use super::types::{
    Access, AuditRow, ChangeTeam, ClientRow, Done, Finding, IfVersion, IssuedToken, LinkMember,
    Listing, MemberDetail, MemberEdit, MemberRef, MemberRow, MergeMember, NewClient, NewMember,
    NewTeam, NewToken, Overview, Page, RegisteredClient, RequestDetail, RequestListing,
    RequestPage, RotateToken, SwitchProvisioning, SwitchTeamSync, SyncStatus, TailEvent,
    TeamDetail, TeamRow, TokenRow,
};
use crate::directory::{ClientId, MemberId, RequestId, StreamId, TeamId, TokenId};

/// A live tail. Ends when the engine stops or cannot be reached any more.
pub type TailStream = BoxStream<'static, Result<TailEvent, AdminError>>;

/// What an admin can see.
#[async_trait]
pub trait AdminRead: SsoRead + 'static {
    /// Where this client's engine is: `this process`, a socket path or a URL.
    fn place(&self) -> String;

    /// The state of everything on one screen.
    async fn overview(&self) -> Result<Overview, AdminError>;
    /// What the engine's doctor finds.
    async fn doctor(&self) -> Result<Vec<Finding>, AdminError>;

    /// Some members.
    async fn members(&self, listing: Listing) -> Result<Page<MemberRow>, AdminError>;
    /// One member.
    async fn member(&self, id: MemberId) -> Result<MemberDetail, AdminError>;
    /// All that a member may do, with where each role comes from.
    async fn member_access(&self, id: MemberId) -> Result<Access, AdminError>;
    /// The one member called so: an id, a `userName`, an e-mail address or an `externalId`.
    async fn find_member(&self, name: String) -> Result<MemberDetail, AdminError>;
    /// Changes of one member, newest first.
    async fn member_timeline(
        &self,
        id: MemberId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, AdminError>;

    /// Some teams.
    async fn teams(&self, listing: Listing) -> Result<Page<TeamRow>, AdminError>;
    /// One team.
    async fn team(&self, id: TeamId) -> Result<TeamDetail, AdminError>;
    /// The one team called so: an id, a `displayName` or an `externalId`.
    async fn find_team(&self, name: String) -> Result<TeamDetail, AdminError>;
    /// Some members of a team, in the order they joined.
    async fn team_members(
        &self,
        id: TeamId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<MemberRef>, AdminError>;

    /// How team sync stands, and what its switch would do.
    async fn sync(&self) -> Result<SyncStatus, AdminError>;

    /// Some lines of the request log.
    async fn requests(&self, listing: RequestListing) -> Result<RequestPage, AdminError>;
    /// One logged exchange.
    async fn request(&self, id: RequestId) -> Result<RequestDetail, AdminError>;
    /// The request log as it grows; only lines that match the query.
    async fn tail(&self, query: String) -> Result<TailStream, AdminError>;

    /// All tokens, newest first, without their secrets; of the access tokens that OAuth clients fetched, the live ones.
    async fn tokens(&self) -> Result<Vec<TokenRow>, AdminError>;
    /// All OAuth clients, newest first, without their credentials.
    async fn clients(&self) -> Result<Vec<ClientRow>, AdminError>;

    /// How the provider is reached, and who is connected to it.
    async fn link(&self) -> Result<ScimLink, AdminError>;

    /// All event streams with their queues, oldest first.
    async fn streams(&self) -> Result<Vec<StreamDetail>, AdminError>;

    /// The policy in force, key by key.
    async fn policy(&self) -> Result<PolicyDetail, AdminError>;
    /// The keys in which the policy would differ under a preset.
    async fn policy_diff(&self, preset: String) -> Result<PolicyDiff, AdminError>;
    /// What another policy would have answered to recorded requests. Nothing changes.
    async fn simulate_policy(&self, simulate: Simulate) -> Result<Simulation, AdminError>;
    /// The state of the guards: the paths to admin, the recovery admins, how many have gone and what is held.
    async fn guard_status(&self) -> Result<GuardStatus, AdminError>;
    /// Some incidents, open ones first, newest happening first.
    async fn incidents(&self, listing: IncidentListing) -> Result<Page<Incident>, AdminError>;
    /// One incident with what it holds.
    async fn incident(&self, id: IncidentId) -> Result<IncidentDetail, AdminError>;
    /// Some of what an incident holds, in the order it came.
    async fn held(&self, id: IncidentId, offset: u64, limit: u32)
    -> Result<Page<Held>, AdminError>;
}

/// What an admin can do. Every call is decided by `directory::decide` and logged.
#[async_trait]
pub trait AdminWrite: AdminRead + SsoWrite {
    /// The same admin, whose changes are decided and told, and not made: what somebody is asked about beforehand.
    fn preview(&self) -> Arc<dyn AdminWrite>;
    /// Adds a member by hand.
    async fn add_member(&self, member: NewMember) -> Result<Done, AdminError>;
    /// Takes a member's right to sign in.
    async fn deactivate_member(&self, id: MemberId) -> Result<Done, AdminError>;
    /// Changes what an admin may change of a member: profile, base role, custom roles.
    async fn edit_member(&self, id: MemberId, edit: MemberEdit) -> Result<Done, AdminError>;
    /// Removes a member as the policy says.
    async fn delete_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError>;
    /// Hands a member to the identity provider.
    async fn link_member(&self, id: MemberId, link: LinkMember) -> Result<Done, AdminError>;
    /// Takes a member out of the identity provider's hands.
    async fn unlink_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError>;
    /// Invites a member, or invites them anew.
    async fn invite_member(&self, id: MemberId, seen: IfVersion) -> Result<Done, AdminError>;
    /// Makes two members one, of whom this one stays.
    async fn merge_members(&self, id: MemberId, merge: MergeMember) -> Result<Done, AdminError>;
    /// Removes every member whom identity providers provisioned, and nobody else.
    async fn purge_members(&self) -> Result<Done, AdminError>;
    /// Brings back an inactive or soft-deleted member.
    async fn restore_member(&self, id: MemberId) -> Result<Done, AdminError>;
    /// Adds a team by hand.
    async fn add_team(&self, team: NewTeam) -> Result<Done, AdminError>;
    /// Deletes every team that an identity provider rules, and no other.
    async fn purge_teams(&self) -> Result<Done, AdminError>;
    /// Changes a team.
    async fn change_team(&self, id: TeamId, change: ChangeTeam) -> Result<Done, AdminError>;
    /// Turns team sync on or off.
    async fn switch_team_sync(&self, switch: SwitchTeamSync) -> Result<Done, AdminError>;
    /// Lets identity providers provision, asks them to come back later, or refuses them.
    async fn switch_provisioning(&self, switch: SwitchProvisioning) -> Result<Done, AdminError>;
    /// Issues a token. The only time its secret is told.
    async fn issue_token(&self, token: NewToken) -> Result<IssuedToken, AdminError>;
    /// Makes a token worthless from the next request on.
    async fn revoke_token(&self, id: TokenId) -> Result<Done, AdminError>;
    /// Gives a token a new secret under the same name. The only time it is told.
    async fn rotate_token(
        &self,
        id: TokenId,
        rotation: RotateToken,
    ) -> Result<IssuedToken, AdminError>;
    /// Registers an OAuth client. The only time its secret is told.
    async fn create_client(&self, client: NewClient) -> Result<RegisteredClient, AdminError>;
    /// Makes an OAuth client and its access tokens worthless from the next request on.
    async fn revoke_client(&self, id: ClientId) -> Result<Done, AdminError>;
    /// Gives an OAuth client another secret; the old one ends at once. The only time it is told.
    async fn rotate_client(&self, id: ClientId) -> Result<RegisteredClient, AdminError>;
    /// Connects an identity provider. The only time its secret is told.
    async fn connect(&self, connection: NewConnection) -> Result<Connected, AdminError>;
    /// Ends a connection and its credentials; members and teams stay.
    async fn disconnect(&self, name: String) -> Result<Done, AdminError>;
    /// Makes an event stream. The token of a poll stream is told this once.
    async fn create_stream(&self, stream: NewStream) -> Result<MadeStream, AdminError>;
    /// Holds the events of a stream back; they are queued meanwhile.
    async fn pause_stream(&self, id: StreamId) -> Result<Done, AdminError>;
    /// Delivers the events of a stream again.
    async fn resume_stream(&self, id: StreamId, resume: Resume) -> Result<Done, AdminError>;
    /// Removes an event stream with its queue.
    async fn delete_stream(&self, id: StreamId) -> Result<Done, AdminError>;
    /// Signs events with a new key from now on.
    async fn rotate_signing_key(&self) -> Result<Done, AdminError>;
    /// Gives a policy key another value, or gives it back to the preset.
    async fn set_policy(&self, set: SetPolicy) -> Result<Done, AdminError>;
    /// Follows another preset; what was set otherwise is forgotten.
    async fn adopt_preset(&self, adopt: AdoptPreset) -> Result<Done, AdminError>;
    /// Takes back what a request changed, where all of it is still as the request left it.
    async fn undo_request(&self, id: RequestId) -> Result<Done, AdminError>;
    /// Closes, assigns or puts off an incident.
    async fn tend_incident(&self, id: IncidentId, tend: TendIncident) -> Result<Done, AdminError>;
    /// Says whether what an incident holds shall happen; allowed, it happens now.
    async fn rule_hold(&self, id: IncidentId, rule: RuleHold) -> Result<HoldRuled, AdminError>;
    /// Keeps a member for the day on which nobody else can sign in, or no longer.
    async fn mark_recovery(&self, id: MemberId, mark: MarkRecovery) -> Result<Done, AdminError>;
    /// Notes that a recovery admin can sign in, where the password is theirs.
    async fn prove_recovery(&self, id: MemberId, proof: ProveRecovery) -> Result<Done, AdminError>;
    /// Gives a recovery admin new one-time codes instead of those they have. The only time they are told.
    async fn make_recovery_codes(&self, id: MemberId) -> Result<IssuedCodes, AdminError>;
    /// Makes a link by which somebody new sets their first password. The only time it is told.
    async fn invite_link(&self, id: MemberId) -> Result<PasswordLink, AdminError>;
    /// Makes a link by which a member sets another password. The only time it is told.
    async fn reset_link(&self, id: MemberId) -> Result<PasswordLink, AdminError>;
}
