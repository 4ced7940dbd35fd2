//! The roles in an assertion. What is absent stays, what is empty is cleared, what is unknown is noted and left out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::is_scims;
use crate::counted::counted;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Stage, TraceStep};
use crate::directory::effective::OWNER;
use crate::directory::member::{Attributes, Member, PROVOST_USER, ROLES};
use crate::directory::policy::{Names, NoRoleMatch, RoleSource, Roles};
use crate::saml::claims::{Claim, Claims, Values};
use crate::saml::response::clean;

/// The longest value that a note shows, in characters.
const SHOWN: usize = 80;

/// What an assertion says of roles, as far as it means something here.
pub(super) struct Heard<'a> {
    roles: &'a Roles,
    /// The base roles that came and are known, in the order they came.
    base: Vec<&'a str>,
    /// The custom roles the member shall have; `None` leaves those they have.
    custom: Option<Vec<&'a str>>,
    /// The role attributes the member shall have; `None` leaves those they have.
    parameters: Option<BTreeMap<&'a str, Vec<&'a str>>>,
    /// Each claim that was asked for, with its policy key.
    asked: Vec<(&'static str, String, &'static str)>,
    /// What was left out, and why.
    notes: Vec<String>,
}

/// Hears the roles of a member, or of somebody who becomes one.
pub(super) fn hear<'a>(
    request: &Request<'a>,
    member: Option<&Member>,
    claims: &'a Claims,
) -> Heard<'a> {
    let mut heard = Heard {
        roles: &request.policy.roles,
        base: Vec::new(),
        custom: None,
        parameters: None,
        asked: Vec::new(),
        notes: Vec::new(),
    };
    let came = |claim| claims.of(claim).values != Values::Absent;
    let any_came = [Claim::Role, Claim::CustomRole, Claim::RoleAttributes]
        .into_iter()
        .any(came);
    if heard.roles.source == RoleSource::Nothing {
        if any_came {
            heard.ask(
                "roles.source",
                "none",
                "which attributes say a member's roles",
            );
            heard.note_that(
                "the roles that came are left out: they are given here (roles.source = none)",
            );
        }
        return heard;
    }
    heard.hear_base(request, claims);
    heard.hear_custom(claims);
    let is_pushed = member.is_some_and(|member| is_scims(request, member));
    heard.hear_parameters(claims, is_pushed);
    heard
}

/// Whether the policy lets nobody in with what was heard.
pub(super) fn is_denied(request: &Request<'_>, heard: &Heard<'_>) -> bool {
    let has_match =
        !heard.base.is_empty() || heard.custom.as_ref().is_some_and(|it| !it.is_empty());
    request.policy.sso.no_role_match == NoRoleMatch::DenyLogin
        && heard.roles.source != RoleSource::Nothing
        && !has_match
}

impl<'a> Heard<'a> {
    fn ask(&mut self, key: &'static str, value: impl Into<String>, meaning: &'static str) {
        self.asked.push((key, value.into(), meaning));
    }

    fn note_that(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    fn hear_base(&mut self, request: &Request<'_>, claims: &'a Claims) {
        // Nobody becomes owner by signing in.
        let roles = self.roles;
        let is_known = |role: &String| role != "owner" && roles.base.contains(role);
        let values = claims.of(Claim::Role).values.as_slice();
        let (known, unknown): (Vec<&String>, Vec<&String>) =
            values.iter().partition(|it| is_known(it));
        self.base = known.into_iter().map(String::as_str).collect();
        for role in unknown {
            self.note_that(format!(
                "role {} is not known here and is left out",
                shown(role)
            ));
        }
        if self.base.is_empty()
            && !values.is_empty()
            && request.policy.sso.no_role_match == NoRoleMatch::Keep
        {
            self.ask(
                "sso.no_role_match",
                "keep",
                "what a sign-in without a known role does",
            );
        }
    }

    fn hear_custom(&mut self, claims: &'a Claims) {
        let custom = &self.roles.custom;
        let meaning = "the custom roles there are";
        match &claims.of(Claim::CustomRole).values {
            Values::Absent => {}
            Values::Empty => {
                self.ask("roles.custom", how_many(custom), meaning);
                self.custom = Some(Vec::new());
            }
            Values::Given(values) => {
                self.ask("roles.custom", how_many(custom), meaning);
                // A base role has a claim of its own, and nobody is made the owner by one.
                let base = &self.roles.base;
                let is_custom = |it: &String| !base.contains(it) && it != OWNER;
                let (known, unknown): (Vec<&String>, Vec<&String>) = values
                    .iter()
                    .partition(|it| custom.has(it) && is_custom(it));
                for role in unknown {
                    self.note_that(format!(
                        "custom role {} is not known here and is left out",
                        shown(role)
                    ));
                }
                if !known.is_empty() {
                    self.custom = Some(known.into_iter().map(String::as_str).collect());
                }
            }
        }
    }

    /// Role attributes come as `key=value`, a value each.
    fn hear_parameters(&mut self, claims: &'a Claims, is_pushed: bool) {
        let values = &claims.of(Claim::RoleAttributes).values;
        if *values == Values::Absent {
            return;
        }
        if is_pushed {
            return self.note_that(
                "the role attributes that came are left out: an identity provider provisions this member and says them by SCIM",
            );
        }
        let mut parameters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for text in values.as_slice() {
            let pair = text
                .split_once('=')
                .map(|(key, value)| (key.trim(), value.trim()));
            match pair.filter(|(key, value)| !key.is_empty() && !value.is_empty()) {
                Some((key, value)) => parameters.entry(key).or_default().push(value),
                None => self.note_that(format!(
                    "role attribute {} is not written key=value and is left out",
                    shown(text)
                )),
            }
        }
        if !parameters.is_empty() || *values == Values::Empty {
            self.parameters = Some(parameters);
        }
    }

    /// Tells in the trace what was asked and what was left out.
    pub(super) fn note(&self, draft: &mut Draft) {
        for (key, value, meaning) in &self.asked {
            draft.policy(key, format_args!("{value}"), meaning);
        }
        for note in &self.notes {
            draft.step(TraceStep::noted(Stage::Policy, note.as_str()));
        }
    }

    /// Writes what was heard to where the policy reads it.
    pub(super) fn give(&self, attributes: &mut Attributes) {
        if self.roles.source.hears(PROVOST_USER) {
            self.give_in_extension(attributes);
        } else {
            self.give_as_roles(attributes);
        }
        if let Some(parameters) = &self.parameters {
            let values: Vec<Value> = parameters
                .iter()
                .map(|(key, values)| json!({ "key": key, "values": values }))
                .collect();
            set(attributes, "roleAttributes", values);
        }
    }

    fn give_in_extension(&self, attributes: &mut Attributes) {
        if let Some(role) = self.base.first() {
            edit(attributes, |extension| {
                extension.insert("role".into(), (*role).into());
            });
        }
        if let Some(custom) = &self.custom {
            set(
                attributes,
                "customRole",
                custom.iter().map(|it| (*it).into()).collect(),
            );
        }
    }

    fn give_as_roles(&self, attributes: &mut Attributes) {
        let had: Vec<String> = named(attributes);
        let is_base = |role: &&String| self.roles.base.contains(role);
        let mut roles: Vec<&str> = if self.base.is_empty() {
            had.iter().filter(is_base).map(String::as_str).collect()
        } else {
            self.base.clone()
        };
        match &self.custom {
            None => roles.extend(had.iter().filter(|it| !is_base(it)).map(String::as_str)),
            Some(custom) => roles.extend(custom),
        }
        if roles == had {
            return;
        }
        if roles.is_empty() {
            attributes.remove(ROLES);
        } else {
            let values: Vec<Value> = roles.iter().map(|role| json!({ "value": role })).collect();
            attributes.insert(ROLES.into(), values.into());
        }
    }
}

fn named(attributes: &Attributes) -> Vec<String> {
    let values = attributes.get(ROLES).and_then(Value::as_array);
    let values = values.into_iter().flatten();
    values
        .filter_map(|value| value.get("value")?.as_str())
        .map(str::to_owned)
        .collect()
}

/// Sets a list of the extension, or takes it away where it is empty.
fn set(attributes: &mut Attributes, name: &str, values: Vec<Value>) {
    edit(attributes, |extension| {
        if values.is_empty() {
            extension.remove(name);
        } else {
            extension.insert(name.into(), Value::Array(values));
        }
    });
}

fn edit(attributes: &mut Attributes, change: impl FnOnce(&mut Attributes)) {
    let extension = attributes.get(PROVOST_USER).and_then(Value::as_object);
    let mut extension = extension.cloned().unwrap_or_default();
    change(&mut extension);
    if extension.is_empty() {
        attributes.remove(PROVOST_USER);
    } else {
        attributes.insert(PROVOST_USER.into(), Value::Object(extension));
    }
}

fn how_many(names: &Names) -> String {
    match names {
        Names::Any(_) => "any".to_owned(),
        Names::Only(names) => counted(names.len() as u64, "key"),
    }
}

/// A value that came, fit for a screen.
pub(super) fn shown(text: &str) -> String {
    clean(text, SHOWN)
}
