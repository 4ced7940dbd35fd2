//! [`decide`]: the one place where a wish becomes a set of changes, or a refusal with its reason.
//!
//! Pure and total: no I/O, no clock, no randomness; every command gets a decision. One file per kind of object.

mod client;
mod guard;
mod keys;
mod member;
mod settings;
pub(crate) mod stream;
mod team;
#[cfg(test)]
mod tests;
mod token;
mod verdict;

use jiff::Timestamp;

pub use member::recognised as recognised_member;
pub use team::fitted as fitted_team_name;
pub use team::recognised as recognised_team;

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
    let (Ok(decision) | Err(decision)) = settle(request, command);
    Decision {
        settings_version: Some(facts.settings.version),
        ..decision
    }
}

fn settle(request: &Request<'_>, command: &Command) -> Verdict {
    let (draft, facts) = (Draft::new(), request.facts);
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
        Command::SetPassword { id, name } => Ok(member::set_password(request, draft, *id, name)),
        Command::CreateTeam {
            id,
            attributes,
            members,
        } => {
            let new = team::NewTeam {
                id: *id,
                attributes,
                members,
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
        Command::DeleteTeam { if_version, .. } => team::delete(request, draft, *if_version),
        Command::IssueToken { id, name, scope } => token::issue(facts, draft, *id, name, scope),
        Command::RevokeToken { id } => token::revoke(facts, draft, *id),
        Command::RotateToken {
            id,
            successor,
            retires,
        } => token::rotate(
            facts,
            request.circumstance,
            draft,
            *id,
            *successor,
            *retires,
        ),
        Command::CreateClient {
            id,
            name,
            authentication,
        } => client::create(facts, draft, *id, name, *authentication),
        Command::RevokeClient { id } => client::revoke(facts, draft, *id),
        Command::IssueAccessToken {
            id,
            client,
            scope,
            expires,
        } => client::issue(facts, draft, *client, *id, scope, *expires),
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
        Command::AdoptPreset { name, if_version } => {
            settings::adopt_preset(request, draft, name, *if_version)
        }
        Command::SwitchTeamSync { on, if_version } => {
            settings::switch_team_sync(request, draft, *on, *if_version)
        }
        Command::SwitchProvisioning { state, if_version } => {
            settings::switch_provisioning(request, draft, *state, *if_version)
        }
        Command::AddSigningKey { id } => Ok(stream::add_key(draft, *id)),
    }
}
