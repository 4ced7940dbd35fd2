//! [`decide`]: the one place where a wish becomes a set of changes, or a refusal with its reason.
//!
//! Pure and total: no I/O, no clock, no randomness; every command gets a decision. One file per kind of object.

mod client;
mod guard;
mod keys;
mod member;
pub(crate) mod stream;
mod team;
#[cfg(test)]
mod tests;
mod token;
mod verdict;

use jiff::Timestamp;

use super::actor::Actor;
use super::command::Command;
use super::decision::Decision;
use super::facts::Facts;
use super::policy::Policy;
use verdict::Draft;

/// Who asks and when: what a decision depends on besides policy, facts and command.
#[derive(Clone, Debug)]
pub struct Circumstance<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The time of the request.
    pub now: Timestamp,
}

/// Decides a command on the facts, under the policy.
pub fn decide(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    circumstance: &Circumstance<'_>,
) -> Decision {
    let draft = Draft::new();
    let verdict = match command {
        Command::CreateMember {
            id,
            attributes,
            owner,
        } => member::create(
            policy,
            facts,
            circumstance,
            draft,
            &member::NewMember {
                id: *id,
                attributes,
                owner: *owner,
            },
        ),
        Command::UpdateMember {
            attributes,
            if_version,
            ..
        } => member::update(policy, facts, circumstance, draft, attributes, *if_version),
        Command::DeleteMember { if_version, .. } => {
            member::delete(policy, facts, circumstance, draft, *if_version)
        }
        Command::RestoreMember { .. } => member::restore(facts, circumstance, draft),
        Command::SetPassword { id, name } => Ok(member::set_password(
            policy,
            facts,
            circumstance,
            draft,
            *id,
            name,
        )),
        Command::CreateTeam {
            id,
            attributes,
            members,
        } => team::create(
            policy,
            facts,
            circumstance,
            draft,
            &team::NewTeam {
                id: *id,
                attributes,
                members,
            },
        ),
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
            team::update(policy, facts, circumstance, draft, &edit)
        }
        Command::DeleteTeam { if_version, .. } => {
            team::delete(policy, facts, circumstance, draft, *if_version)
        }
        Command::IssueToken { id, name, scope } => token::issue(facts, draft, *id, name, scope),
        Command::RevokeToken { id } => token::revoke(facts, draft, *id),
        Command::RotateToken {
            id,
            successor,
            retires,
        } => token::rotate(facts, circumstance, draft, *id, *successor, *retires),
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
        Command::AddSigningKey { id } => Ok(stream::add_key(draft, *id)),
    };
    match verdict {
        Ok(decision) | Err(decision) => decision,
    }
}
