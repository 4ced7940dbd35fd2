//! The stream itself: two providers taking turns until it is told to stop.

use std::collections::BTreeSet;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::pace::Pace;
use super::plan::Plan;
use crate::simulate::cast::{Casting, Names, Provider, Roster, TeamKey};
use crate::simulate::client::{IdpClient, Session};
use crate::simulate::day::{Act, perform};
use crate::simulate::dice::Dice;
use crate::simulate::entra::{self, Entra, EntraMode};
use crate::simulate::error::SimulateError;
use crate::simulate::okta::{self, Okta, OktaMode};
use crate::simulate::provider::{IdentityProvider, Mistake};
use crate::simulate::seed::Seeded;
use crate::simulate::target::Targets;

/// The first mistake is the act of this number, so that failures show within seconds.
const FIRST_MISTAKE: u64 = 2;
/// How many acts lie between two mistakes: at least, at most.
const BETWEEN_MISTAKES: (usize, usize) = (4, 9);
/// How many acts a burst has, and how often one begins, in percent of acts.
const BURST: (usize, usize) = (3, 6);
const BURST_CHANCE: usize = 4;

/// What went over the wire in the life of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrafficTotals {
    /// Requests that were answered.
    pub requests: u64,
    /// Those answered with 400 or more.
    pub refused: u64,
    /// Answers that the provider would not accept.
    pub unexpected: u64,
    /// Acts that got no answer at all.
    pub unreachable: u64,
}

/// An endless, watchable stream of requests.
pub struct Traffic {
    okta: Tenant,
    entra: Tenant,
    casting: Casting,
    dice: Dice,
    pace: Pace,
    totals: TrafficTotals,
    acts: u64,
    next_mistake: u64,
    mistakes: usize,
    burst: usize,
}

struct Tenant {
    provider: Provider,
    idp: Box<dyn IdentityProvider>,
    roster: Roster,
    projects: BTreeSet<TeamKey>,
}

impl Tenant {
    fn new(provider: Provider, idp: Box<dyn IdentityProvider>, roster: Roster) -> Self {
        Self {
            provider,
            idp,
            roster,
            projects: BTreeSet::new(),
        }
    }
}

impl Traffic {
    /// A stream of people who are new to the servers. The same seed makes the same people and the same choices.
    pub fn new(targets: &Targets, pace: Pace, seed: u64) -> Result<Self, SimulateError> {
        let names = Names::load()?;
        let domain = format!("traffic-{seed}.{}", names.domain);
        let casting = Casting::new(names, &domain, seed);
        let (okta, entra) = providers(targets, seed)?;
        Ok(Self::between(okta, entra, casting, pace, seed))
    }

    /// A stream that goes on with the people of a seeded server, and adds more of the same company.
    pub fn over(
        targets: &Targets,
        seeded: Seeded,
        pace: Pace,
        seed: u64,
    ) -> Result<Self, SimulateError> {
        let (mut okta, mut entra) = providers(targets, seed)?;
        okta.link(seeded.okta.ids, seeded.okta.team_ids);
        entra.link(seeded.entra.ids, seeded.entra.team_ids);
        let mut traffic = Self::between(okta, entra, seeded.casting, pace, seed);
        traffic.okta.roster = seeded.okta.roster;
        traffic.entra.roster = seeded.entra.roster;
        Ok(traffic)
    }

    fn between(okta: Okta, entra: Entra, casting: Casting, pace: Pace, seed: u64) -> Self {
        Self {
            okta: Tenant::new(Provider::Okta, Box::new(okta), Roster::default()),
            entra: Tenant::new(Provider::Entra, Box::new(entra), Roster::default()),
            casting,
            dice: Dice::new(seed),
            pace,
            totals: TrafficTotals::default(),
            acts: 0,
            next_mistake: FIRST_MISTAKE,
            mistakes: 0,
            burst: 0,
        }
    }

    /// Sends until `stop` is cancelled; a request under way is then dropped.
    pub async fn run(mut self, stop: CancellationToken) -> TrafficTotals {
        let mut failures = 0_u32;
        loop {
            let answered = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                answered = self.act() => answered,
            };
            if answered {
                failures = 0;
                continue;
            }
            failures = failures.saturating_add(1);
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = sleep(self.pace.back_off(failures)) => {}
            }
        }
        self.settle();
        self.totals
    }

    /// One act of one provider. False when the server gave no answer, or says that it cannot.
    async fn act(&mut self) -> bool {
        let burst = self.in_burst();
        let gap = self.pace.next(&mut self.dice, burst);
        let from_okta = self.dice.chance(60);
        let act = self.choose(from_okta);
        let tenant = if from_okta {
            &mut self.okta
        } else {
            &mut self.entra
        };
        tenant.idp.session().set_gap(gap);
        tenant.idp.session().begin("traffic");
        let done = perform(&mut *tenant.idp, &mut tenant.roster, &act).await;
        let overloaded = tenant
            .idp
            .session()
            .record()
            .exchanges
            .last()
            .is_some_and(|last| last.status >= 500);
        let answered = match done {
            Ok(()) => true,
            Err(SimulateError::Unacceptable { .. }) => {
                forget(tenant, &act);
                !overloaded
            }
            Err(_) => {
                self.totals.unreachable = self.totals.unreachable.saturating_add(1);
                forget(tenant, &act);
                false
            }
        };
        self.settle();
        answered
    }

    fn choose(&mut self, from_okta: bool) -> Act {
        let tenant = if from_okta {
            &mut self.okta
        } else {
            &mut self.entra
        };
        let mut plan = Plan {
            idp: &*tenant.idp,
            provider: tenant.provider,
            roster: &mut tenant.roster,
            casting: &mut self.casting,
            dice: &mut self.dice,
            projects: &mut tenant.projects,
        };
        let nth = self.acts;
        self.acts = self.acts.saturating_add(1);
        if nth < self.next_mistake {
            return plan.next();
        }
        let (least, most) = BETWEEN_MISTAKES;
        let pause = u64::try_from(plan.dice.between(least, most)).unwrap_or(1);
        self.next_mistake = nth.saturating_add(pause);
        let mistake = plan.mistake(self.mistakes);
        self.mistakes = self.mistakes.wrapping_add(1);
        mistake
    }

    fn in_burst(&mut self) -> bool {
        if self.burst > 0 {
            self.burst -= 1;
        } else if self.dice.chance(BURST_CHANCE) {
            self.burst = self.dice.between(BURST.0, BURST.1);
        }
        self.burst > 0
    }

    /// Empties the records, so that an endless stream needs no more memory than a short one.
    fn settle(&mut self) {
        for tenant in [&mut self.okta, &mut self.entra] {
            let record = tenant.idp.session().take_record();
            let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
            let refused = record.exchanges.iter().filter(|one| one.status >= 400);
            let totals = &mut self.totals;
            totals.refused = totals.refused.saturating_add(count(refused.count()));
            totals.requests = totals
                .requests
                .saturating_add(count(record.exchanges.len()));
            totals.unexpected = totals
                .unexpected
                .saturating_add(count(record.unexpected.len()));
        }
    }
}

fn providers(targets: &Targets, seed: u64) -> Result<(Okta, Entra), SimulateError> {
    let client = IdpClient::new(&targets.okta, okta::PROFILE)?;
    let okta = Okta::new(Session::new(client), OktaMode::Catalogue, seed);
    // Without the flag, so that the demo shows how a dialect is coerced.
    let mode = EntraMode::Legacy;
    let client = IdpClient::new(&targets.entra, entra::profile_of(mode))?;
    let entra = Entra::new(Session::new(client), mode, seed.wrapping_add(1));
    Ok((okta, entra))
}

/// What the act was about may be gone at the server, or never have arrived: it is looked up again before it is used.
fn forget(tenant: &mut Tenant, act: &Act) {
    match act {
        Act::LookUp(who)
        | Act::MatchByEach(who)
        | Act::Assign(who)
        | Act::Reassign(who)
        | Act::Update(who, _)
        | Act::SyncPassword(who)
        | Act::Deactivate(who)
        | Act::Reactivate(who)
        | Act::Erase(who)
        | Act::ProvisionOnDemand(who)
        | Act::Mistake(
            Mistake::DuplicateUser(who)
            | Mistake::MonoValuedFilter(who)
            | Mistake::TakenUserName(who, _),
        ) => tenant.idp.forget_person(*who),
        Act::PushTeam(team)
        | Act::ChangeMembers { team, .. }
        | Act::RenameTeam(team, _)
        | Act::PushNow(team)
        | Act::FullPush(team)
        | Act::EmptyTeam(team)
        | Act::UnlinkTeam(team)
        | Act::Mistake(Mistake::DuplicateTeam(team) | Mistake::GroupBeforeUser(team)) => {
            tenant.idp.forget_team(*team);
        }
        Act::TestConnection
        | Act::Import
        | Act::Mistake(Mistake::BadToken | Mistake::GroupGone) => {}
    }
}
