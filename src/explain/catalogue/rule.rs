//! When an entry of the catalogue applies to an exchange that has no code.
//!
//! A rule is a list of conditions that must all hold; a condition is a list of values of which one must. Texts are
//! looked for without case.

use serde::Deserialize;

use crate::directory::{Outcome, Verdict};
use crate::request_log::Exchange;

/// Some conditions. Those that are not given hold always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rule {
    /// The HTTP status answered.
    status: Vec<u16>,
    /// What became of it.
    outcome: Vec<Outcome>,
    /// The HTTP method.
    method: Vec<String>,
    /// The resource type asked for; empty for an unknown route.
    resource: Vec<String>,
    /// The `scimType` answered.
    scim_type: Vec<String>,
    /// Part of what the client was told.
    detail: Vec<String>,
    /// Part of the step that stopped it.
    step: Vec<String>,
    /// The policy key that decided.
    policy: Vec<String>,
    /// The name of a deviation that was tolerated, as it begins a step that is noted.
    tolerated: Vec<String>,
    /// Part of a step that is noted.
    noted: Vec<String>,
    /// Part of the path.
    path: Vec<String>,
    /// Part of the query as it was sent.
    query: Vec<String>,
    /// Part of the body that was sent, without its blanks.
    body: Vec<String>,
    /// The identity provider it looks like.
    idp: Vec<String>,
}

/// How an exchange answers a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    /// How many conditions hold.
    pub(crate) met: usize,
    /// How many there are.
    pub(crate) of: usize,
}

/// What rules look at, read once.
pub(crate) struct Traits<'a> {
    pub(crate) exchange: &'a Exchange,
    detail: String,
    scim_type: Option<String>,
    body: std::cell::OnceCell<String>,
}

impl<'a> Traits<'a> {
    pub(crate) fn of(exchange: &'a Exchange) -> Self {
        Self {
            exchange,
            detail: exchange
                .detail
                .as_deref()
                .unwrap_or_default()
                .to_lowercase(),
            scim_type: scim_type(exchange),
            body: std::cell::OnceCell::new(),
        }
    }

    /// The `scimType` answered.
    pub(crate) fn scim_type(&self) -> Option<&str> {
        self.scim_type.as_deref()
    }

    fn body(&self) -> &str {
        self.body.get_or_init(|| {
            let body = self.exchange.request.body.as_deref().unwrap_or_default();
            body.split_ascii_whitespace().collect()
        })
    }
}

/// Reads `scimType` from an error body. Success has none.
fn scim_type(exchange: &Exchange) -> Option<String> {
    if exchange.row.status < 400 {
        return None;
    }
    let body: serde_json::Value = serde_json::from_str(exchange.response.body.as_deref()?).ok()?;
    body.get("scimType")?.as_str().map(str::to_owned)
}

impl Rule {
    /// How many of its conditions hold.
    pub(crate) fn fit(&self, traits: &Traits<'_>) -> Fit {
        let exchange = traits.exchange;
        let row = &exchange.row;
        let equal =
            |list: &[String], value: &str| list.iter().any(|one| one.eq_ignore_ascii_case(value));
        let within = |list: &[String], value: &str| {
            let value = value.to_lowercase();
            list.iter().any(|part| value.contains(&part.to_lowercase()))
        };
        let steps = |verdict: Verdict| {
            exchange
                .trace
                .iter()
                .filter(move |step| step.verdict == verdict)
                .map(|step| &step.what)
        };
        let mut fit = Fit { met: 0, of: 0 };
        let mut ask = |is_given: bool, holds: &dyn Fn() -> bool| {
            if is_given {
                fit.of += 1;
                fit.met += usize::from(holds());
            }
        };
        ask(!self.status.is_empty(), &|| {
            self.status.contains(&row.status)
        });
        ask(!self.outcome.is_empty(), &|| {
            self.outcome.contains(&row.outcome)
        });
        ask(!self.method.is_empty(), &|| {
            equal(&self.method, &row.method)
        });
        ask(!self.resource.is_empty(), &|| {
            equal(&self.resource, &row.resource)
        });
        ask(!self.scim_type.is_empty(), &|| {
            traits
                .scim_type()
                .is_some_and(|scim_type| equal(&self.scim_type, scim_type))
        });
        ask(!self.detail.is_empty(), &|| {
            within(&self.detail, &traits.detail)
        });
        ask(!self.step.is_empty(), &|| {
            steps(Verdict::Failed).any(|what| within(&self.step, what))
        });
        ask(!self.policy.is_empty(), &|| {
            exchange
                .policy_key
                .as_deref()
                .is_some_and(|key| equal(&self.policy, key))
        });
        ask(!self.tolerated.is_empty(), &|| {
            steps(Verdict::Noted).any(|what| {
                what.split_once(": ")
                    .is_some_and(|(name, _)| equal(&self.tolerated, name))
            })
        });
        ask(!self.noted.is_empty(), &|| {
            steps(Verdict::Noted).any(|what| within(&self.noted, what))
        });
        ask(!self.path.is_empty(), &|| within(&self.path, &row.path));
        ask(!self.query.is_empty(), &|| {
            within(&self.query, exchange.query.as_deref().unwrap_or_default())
        });
        ask(!self.body.is_empty(), &|| within(&self.body, traits.body()));
        ask(!self.idp.is_empty(), &|| {
            row.idp.as_deref().is_some_and(|idp| equal(&self.idp, idp))
        });
        fit
    }

    /// Whether all conditions hold. A rule without any never does.
    pub(crate) fn matches(&self, traits: &Traits<'_>) -> bool {
        let fit = self.fit(traits);
        fit.of > 0 && fit.met == fit.of
    }

    /// The step with a note that the rule asks for, if it asks for one.
    pub(crate) fn noted<'a>(&self, exchange: &'a Exchange) -> Option<&'a str> {
        let mut notes = exchange
            .trace
            .iter()
            .filter(|step| step.verdict == Verdict::Noted)
            .map(|step| step.what.as_str());
        notes.find(|what| {
            let name = what.split_once(": ").map_or(*what, |(name, _)| name);
            let lower = what.to_lowercase();
            self.tolerated
                .iter()
                .any(|rule| rule.eq_ignore_ascii_case(name))
                || self
                    .noted
                    .iter()
                    .any(|part| lower.contains(&part.to_lowercase()))
        })
    }

    /// The names of deviations that it asks for.
    #[cfg(test)]
    pub(crate) fn tolerated(&self) -> &[String] {
        &self.tolerated
    }
}
