//! [`decide`]: the one place where a wish becomes a set of changes, or a refusal with its reason.
//!
//! Pure and total: no I/O, no clock, no randomness; every command gets a decision. One file per kind of object.

mod client;
mod connection;
mod consent;
mod guard;
mod held;
mod incident;
mod keys;
mod last_admin;
mod member;
mod owned;
mod password_link;
mod radius;
mod recovery;
mod settings;
mod sign_in;
mod sso;
mod sso_refresh;
pub(crate) mod stream;
mod team;
#[cfg(test)]
mod tests;
mod token;
mod undo;
mod verdict;

use jiff::Timestamp;

pub use member::recognised as recognised_member;
pub use recovery::{stands as can_recover, takes_recovery};
pub use settings::policy_then;
pub use sign_in::{
    Prospect, notes as sign_in_notes, prospect, recognised as recognised_at_sign_in,
};
pub use team::fitted as fitted_team_name;
pub use team::{MOST_PARKED, recognised as recognised_team, wanted_key as wanted_team_key};

use super::actor::Actor;
use super::command::Command;
use super::decision::Decision;
use super::facts::Facts;
use super::policy::Policy;
use verdict::{Draft, Verdict};

/// Who asks and when: what a decision depends on besides policy, facts and command.
#[derive(Clone, Debug)]
pub struct Circumstance<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The time of the request.
    pub now: Timestamp,
}

/// All that a decision depends on besides the command.
#[derive(Clone, Copy, Debug)]
struct Request<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    circumstance: &'a Circumstance<'a>,
}

/// Decides a command on the facts, under the policy.
pub fn decide(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    circumstance: &Circumstance<'_>,
) -> Decision {
    let request = &Request {
        policy,
        facts,
        circumstance,
    };
    let decision = match settle(request, command) {
        Ok(decision) => held::stays_unique(facts, decision),
        Err(decision) => decision,
    };
    let decision = team::welcome(request, decision);
    let decision = last_admin::somebody_stays(request, decision);
    let decision = recovery::somebody_stays(request, decision);
    let decision = radius::remark_flapping(request, decision);
    Decision {
        settings_version: Some(facts.settings.version),
        ..owned::end_with_owner(facts, decision)
    }
}

fn settle(request: &Request<'_>, command: &Command) -> Verdict {
    let facts = request.facts;
    let draft = Draft::new(&facts.settings.preset);
    match command {
        Command::CreateMember {
            id,
            attributes,
            owner,
        } => {
            let new = member::NewMember {
                id: *id,
                attributes,
                owner: *owner,
            };
            member::create(request, draft, &new)
        }
        Command::UpdateMember {
            attributes,
            extent,
            if_version,
            ..
        } => {
            let edit = member::Edit {
                attributes,
                extent: *extent,
                if_version: *if_version,
            };
            member::update(request, draft, &edit)
        }
        Command::DeleteMember { if_version, .. } => member::delete(request, draft, *if_version),
        Command::RestoreMember { .. } => member::restore(request, draft),
        Command::InviteMember { if_version, .. } => member::invite(request, draft, *if_version),
        Command::LinkMember {
            external_id,
            if_version,
            ..
        } => member::hand_over(request, draft, external_id.as_deref(), *if_version),
        Command::UnlinkMember { if_version, .. } => member::take_back(request, draft, *if_version),
        Command::MergeMembers { if_versions, .. } => member::merge(request, draft, *if_versions),
        Command::PurgeProvisioned => Ok(member::purge(request, draft)),
        Command::PurgeSynced => Ok(team::purge(request, draft)),
        Command::SetPassword { id, name } => Ok(member::set_password(request, draft, *id, name)),
        Command::CreateTeam {
            id,
            attributes,
            members,
            references,
        } => {
            let new = team::NewTeam {
                id: *id,
                attributes,
                members,
                references,
            };
            team::create(request, draft, &new)
        }
        Command::UpdateTeam {
            attributes,
            members,
            if_version,
            ..
        } => {
            let edit = team::Edit {
                attributes: attributes.as_ref(),
                members,
                if_version: *if_version,
            };
            team::update(request, draft, &edit)
        }
        Command::DescribeTeam {
            edit, if_version, ..
        } => team::describe(request, draft, edit, *if_version),
        Command::LinkTeam {
            external_id,
            if_version,
            ..
        } => team::link(request, draft, external_id.as_deref(), *if_version),
        Command::UnlinkTeam {
            members,
            if_version,
            ..
        } => team::unlink(request, draft, *members, *if_version),
        Command::PauseTeam {
            paused, if_version, ..
        } => team::pause(request, draft, *paused, *if_version),
        Command::DeleteTeam { if_version, .. } => team::delete(request, draft, *if_version),
        Command::IssueToken {
            id,
            name,
            scope,
            owner,
        } => token::issue(request, draft, *id, (name, scope), *owner),
        Command::RevokeToken { id } => token::revoke(facts, draft, *id),
        Command::RotateToken {
            id,
            successor,
            retires,
        } => token::rotate(request, draft, *id, *successor, *retires),
        Command::CreateClient {
            id,
            name,
            authentication,
            redirect_uris,
        } => client::create(request, draft, *id, name, *authentication, redirect_uris),
        Command::RotateClient { id } => client::rotate(facts, draft, *id),
        Command::RevokeClient { id } => client::revoke(facts, draft, *id),
        Command::IssueAccessToken {
            id,
            client,
            scope,
            expires,
        } => {
            let new = client::NewAccessToken {
                id: *id,
                client: *client,
                scope,
                expires: *expires,
                consent: None,
            };
            client::issue(request, draft, &new)
        }
        Command::GiveConsent { id, client, admin } => {
            consent::give(request, draft, *id, *client, *admin)
        }
        Command::UseConsent {
            id,
            client,
            token,
            expires,
            is_first,
        } => {
            let ask = consent::Use {
                id: *id,
                client: *client,
                token: *token,
                expires: *expires,
                is_first: *is_first,
            };
            consent::spend(request, draft, &ask)
        }
        Command::RevokeConsent { id, is_reused } => {
            consent::revoke(request, draft, *id, *is_reused)
        }
        Command::Connect {
            connection,
            credential,
        } => connection::connect(request, draft, connection, credential),
        Command::Disconnect { name } => connection::disconnect(request, draft, name),
        Command::CreateStream { stream } => stream::create(facts, draft, stream),
        Command::SetStreamState { state, reset, .. } => {
            stream::set_state(facts, draft, state, *reset)
        }
        Command::DeleteStream { .. } => stream::delete(facts, draft),
        Command::SetPolicy {
            key,
            value,
            if_version,
        } => settings::set_policy(request, draft, key, value.as_deref(), *if_version),
        Command::AdoptPreset {
            name,
            overrides,
            if_version,
        } => settings::adopt_preset(request, draft, name, overrides, *if_version),
        Command::SwitchTeamSync { on, if_version } => {
            settings::switch_team_sync(request, draft, *on, *if_version)
        }
        Command::SwitchProvisioning { state, if_version } => {
            settings::switch_provisioning(request, draft, *state, *if_version)
        }
        Command::ConfigureSso {
            identity_provider,
            allow_unsolicited,
            if_version,
        } => sso::configure(
            request,
            draft,
            identity_provider,
            *allow_unsolicited,
            *if_version,
        ),
        Command::RefreshSso {
            read,
            may_move,
            if_version,
        } => sso_refresh::refresh(request, draft, read, *may_move, *if_version),
        Command::ReportSso { finding } => Ok(sso_refresh::report(request, draft, finding)),
        Command::MapClaims { claims, if_version } => {
            sso::map_claims(request, draft, claims, *if_version)
        }
        Command::SwitchSso { state, if_version } => {
            sso::switch(request, draft, *state, *if_version)
        }
        Command::RemoveSso { if_version } => sso::remove(request, draft, *if_version),
        Command::SignIn {
            id,
            address,
            newcomer,
            claims,
            is_test,
        } => {
            let ask = sign_in::SignIn {
                id: *id,
                address,
                newcomer,
                claims,
                is_test: *is_test,
            };
            sign_in::sign_in(request, draft, &ask)
        }
        Command::Undo {
            request: id,
            changes,
        } => undo::undo(request, draft, *id, changes),
        Command::TendIncident {
            tending,
            if_version,
            ..
        } => incident::tend(request, draft, tending, *if_version),
        Command::RuleHold {
            ruling, if_version, ..
        } => incident::rule(request, draft, *ruling, *if_version),
        Command::MarkRecovery { on, .. } => recovery::mark(request, draft, *on),
        Command::ProveRecovery { matches, .. } => recovery::prove(request, draft, *matches),
        Command::MakeRecoveryCodes { count, .. } => recovery::make_codes(request, draft, *count),
        Command::UseRecoveryCode { .. } => recovery::use_code(request, draft),
        Command::MakePasswordLink { kind, expires, .. } => {
            password_link::make(request, draft, *kind, *expires)
        }
        Command::ChoosePassword { .. } => password_link::choose(request, draft),
        Command::AddSigningKey { id } => Ok(stream::add_key(draft, *id)),
    }
}
