//! The catalogue of failures: for each code what happened, why, what changed and what to do next
//! (`assets/explain.toml`), and the rules that find the code of a request. Pure.
//!
//! [`detect`] finds the code of an exchange that has none, [`explain`] tells it in four parts, [`idp_guess`] says whom a
//! client looks like. Where no rule matches, the explanation says so and names those that come near.
//!
//! Invariant: every exchange that failed, was refused, held or ignored has an explanation; so has every one with a code.

mod catalogue;
mod explanation;
mod idp;
mod values;

pub use explanation::{Explanation, NextStep, Severity};
pub use idp::{idp_guess, idp_of_name};

use self::catalogue::{Catalogue, Entry, Gap, Template, Traits, UNKNOWN};
use crate::directory::{Outcome, Verdict};
use crate::request_log::Exchange;

/// The code of an exchange that failed or is worth a remark and has none yet. `None` where no rule matches, and for
/// everything that went as it should.
pub fn detect(exchange: &Exchange) -> Option<String> {
    if !has_failed(exchange) && !is_remarkable(exchange) {
        return None;
    }
    let entry = Catalogue::shared().matching(&Traits::of(exchange))?;
    Some(entry.code.clone())
}

/// What, why, what changed, what next. `None` for what went as it should and has no code.
pub fn explain(exchange: &Exchange) -> Option<Explanation> {
    let catalogue = Catalogue::shared();
    let traits = Traits::of(exchange);
    let known = exchange
        .row
        .code
        .as_deref()
        .and_then(|code| catalogue.entry(code));
    if let Some(entry) = known {
        return Some(fill(entry, &traits, None));
    }
    let failed = has_failed(exchange);
    if !failed && exchange.row.code.is_none() && !is_remarkable(exchange) {
        return None;
    }
    if let Some(entry) = catalogue.matching(&traits) {
        return Some(fill(entry, &traits, None));
    }
    if !failed && exchange.row.code.is_none() {
        return None;
    }
    let entry = catalogue.entry(UNKNOWN)?;
    let nearest: Vec<String> = catalogue
        .nearest(&traits)
        .into_iter()
        .map(|entry| format!("{} ({})", entry.code, entry.title))
        .collect();
    Some(fill(entry, &traits, Some(&nearest.join(", "))))
}

/// Every code of the catalogue with its title, for completion and help.
pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    Catalogue::shared()
        .entries()
        .iter()
        .map(|entry| (entry.code.as_str(), entry.title.as_str()))
}

/// Every console command that a next step names, so that the console can be held to having it.
pub fn commands() -> impl Iterator<Item = &'static str> {
    let entries = Catalogue::shared().entries();
    entries
        .iter()
        .flat_map(|entry| &entry.next)
        .filter_map(|step| step.command.as_deref())
}

fn is_here(step: &catalogue::Step) -> bool {
    step.place == catalogue::Place::Here
}

/// Whether what was asked for did not happen.
fn has_failed(exchange: &Exchange) -> bool {
    let row = &exchange.row;
    row.status >= 400
        || matches!(
            row.outcome,
            Outcome::Refused | Outcome::Held | Outcome::Ignored | Outcome::Error
        )
}

/// Whether something was tolerated. Nearly no request is: this is what keeps detection off the busy path.
fn is_remarkable(exchange: &Exchange) -> bool {
    exchange
        .trace
        .iter()
        .any(|step| step.verdict == Verdict::Noted)
}

fn fill(entry: &Entry, traits: &Traits<'_>, nearest: Option<&str>) -> Explanation {
    let text = |template: &Template| {
        template.fill(|gap: Gap| match gap {
            Gap::Nearest => nearest.map(str::to_owned),
            // Of several notes the one that this entry is about.
            Gap::Tolerated => {
                let noted = entry.noted(traits.exchange).map(str::to_owned);
                noted.or_else(|| values::value(traits, gap))
            }
            _ => values::value(traits, gap),
        })
    };
    let (what, why, steps, note) = match &entry.admin {
        Some(own) if values::is_admins(traits.exchange) => {
            (&own.what, &own.why, &own.next, &own.note)
        }
        _ => (&entry.what, &entry.why, &entry.next, &entry.note),
    };
    let idp = traits.exchange.row.idp.as_deref();
    let is_own = values::is_admins(traits.exchange) && steps.iter().any(is_here);
    // Steps for this very identity provider take the place of those for any.
    let is_for = |step: &catalogue::Step| step.idp.is_some() && step.idp.as_deref() == idp;
    let has_own = steps.iter().any(is_for);
    let next = steps
        .iter()
        .filter(|step| match (step.place, &step.idp) {
            // At the identity provider nothing is to be done about what an admin did here.
            (catalogue::Place::Idp, _) if is_own => false,
            (_, Some(_)) => is_for(step),
            (catalogue::Place::Idp, None) => !has_own,
            (catalogue::Place::Here, None) => true,
        })
        .map(|step| NextStep {
            place: step.place.as_str().to_owned(),
            text: text(&step.text),
            command: step.command.clone(),
        })
        .collect();
    let changed = match &entry.changed {
        Some(changed) => text(changed),
        None => values::changed(traits.exchange),
    };
    Explanation {
        code: entry.code.clone(),
        severity: entry.severity,
        what: text(what),
        why: text(why),
        changed,
        next,
        note: text(note),
        links: entry.links.clone(),
    }
}

#[cfg(test)]
mod tests;
