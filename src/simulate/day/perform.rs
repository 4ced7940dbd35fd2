//! Does one act: first in the provider's own directory, then through the provider at the server.

use super::act::{Act, Edit};
use crate::simulate::cast::{Person, Roster, Standing, TeamKey};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::{IdentityProvider, Membership};

/// Does `act`. The roster shows the state after it even when the server refused it, as the provider's own would.
pub(crate) async fn perform(
    idp: &mut dyn IdentityProvider,
    roster: &mut Roster,
    act: &Act,
) -> Result<(), SimulateError> {
    match act {
        Act::TestConnection => idp.test_connection().await,
        Act::Import => idp.import().await,
        Act::LookUp(who) => idp.look_up(roster, *who).await,
        Act::MatchByEach(who) => idp.match_by_each(roster, *who).await,
        Act::Assign(who) => {
            roster.person_mut(*who).standing = Standing::Active;
            idp.assign(roster, *who).await
        }
        Act::Reassign(who) => {
            roster.person_mut(*who).standing = Standing::Active;
            idp.forget_person(*who);
            idp.assign(roster, *who).await
        }
        Act::Update(who, edits) => {
            let before = roster.person(*who).clone();
            for edit in edits {
                apply(roster.person_mut(*who), edit);
            }
            idp.update(roster, &before).await
        }
        Act::SyncPassword(who) => idp.sync_password(roster, *who).await,
        Act::Deactivate(who) => {
            roster.person_mut(*who).standing = Standing::Inactive;
            idp.deactivate(roster, *who).await
        }
        Act::Reactivate(who) => {
            roster.person_mut(*who).standing = Standing::Active;
            idp.reactivate(roster, *who).await
        }
        Act::Erase(who) => {
            roster.person_mut(*who).standing = Standing::Erased;
            let teams: Vec<TeamKey> = roster.teams().iter().map(|team| team.key).collect();
            for team in teams {
                roster.team_mut(team).members.remove(who);
            }
            idp.erase(roster, *who).await
        }
        Act::ProvisionOnDemand(who) => idp.provision_on_demand(roster, *who).await,
        Act::PushTeam(team) => {
            roster.team_mut(*team).pushed = true;
            send_whole(roster, *team);
            idp.push_team(roster, *team).await
        }
        Act::ChangeMembers {
            team,
            added,
            removed,
        } => {
            let members = &mut roster.team_mut(*team).members;
            members.retain(|member| !removed.contains(member));
            members.extend(added);
            if idp.membership() == Membership::AlwaysWhole {
                send_whole(roster, *team);
            }
            idp.change_members(roster, *team, added, removed).await
        }
        Act::RenameTeam(team, display_name) => {
            roster.team_mut(*team).display_name.clone_from(display_name);
            if idp.membership() != Membership::OneByOne {
                send_whole(roster, *team);
            }
            idp.rename_team(roster, *team).await
        }
        Act::PushNow(team) => {
            send_whole(roster, *team);
            idp.push_now(roster, *team).await
        }
        Act::FullPush(team) => {
            send_whole(roster, *team);
            idp.full_push(roster, *team).await
        }
        Act::EmptyTeam(team) => {
            roster.team_mut(*team).members.clear();
            idp.full_push(roster, *team).await
        }
        Act::UnlinkTeam(team) => {
            roster.team_mut(*team).pushed = false;
            idp.unlink_team(roster, *team).await
        }
        Act::Mistake(mistake) => idp.make_mistake(roster, *mistake).await,
    }
}

/// A push of the whole group leaves out people who are not active, so the server loses them from it.
fn send_whole(roster: &mut Roster, team: TeamKey) {
    let pushable = roster.pushable(team);
    roster.team_mut(team).members = pushable.into_iter().collect();
}

fn apply(person: &mut Person, edit: &Edit) {
    match edit {
        Edit::Transfer { department, title } => {
            person.department.clone_from(department);
            person.title.clone_from(title);
        }
        Edit::Rename {
            family_name,
            user_name,
        } => {
            person.family_name.clone_from(family_name);
            person.user_name.clone_from(user_name);
        }
        Edit::Role(role) => person.role = role.clone(),
        Edit::Manager(manager) => person.manager = Some(*manager),
        Edit::Mobile(mobile) => person.mobile = Some(mobile.clone()),
        Edit::Place(place) => person.place = Some(place.clone()),
        Edit::AppRole(role) => person.app_role = Some(role.clone()),
    }
}
