//! What the gaps of an explanation are filled with: the values of one exchange, in words.

use serde_json::Value;

use super::catalogue::{Gap, Traits};
use super::idp;
use crate::directory::{ChangeOp, ChangeView, FieldChange, ObjectKind, TraceStep, Verdict};
use crate::request_log::Exchange;

/// Values longer than this are cut: an explanation is read on a small screen.
const LONGEST: usize = 120;
/// What the client was told says what to do at its end, so it is cut later.
const LONGEST_DETAIL: usize = 400;
/// How many changes are told one by one.
const TOLD: usize = 3;

/// What fills a gap, if this exchange has it.
pub(super) fn value(traits: &Traits<'_>, gap: Gap) -> Option<String> {
    let exchange = traits.exchange;
    let row = &exchange.row;
    let text = |text: &str| (!text.is_empty()).then(|| shortened(text));
    match gap {
        Gap::IdpFirst | Gap::Idp => {
            let known = row.idp.as_deref().and_then(idp::name).map(str::to_owned);
            let admin = is_admins(exchange).then(|| match gap {
                Gap::IdpFirst => "The admin".to_owned(),
                _ => "the admin".to_owned(),
            });
            admin.or(known)
        }
        Gap::Action => Some(action(exchange)),
        Gap::Subject => text(&row.subject.as_ref()?.label),
        Gap::Kind => Some(word(row.subject.as_ref()?.kind).to_owned()),
        Gap::Method => text(&row.method),
        Gap::Path => text(&row.path),
        Gap::Status => Some(row.status.to_string()),
        Gap::Detail => {
            let detail = exchange
                .detail
                .as_deref()
                .filter(|detail| !detail.is_empty());
            Some(cut(detail?, LONGEST_DETAIL))
        }
        Gap::ScimType => text(traits.scim_type()?),
        Gap::Token => text(row.token.as_deref()?),
        Gap::Request => Some(row.id.to_string()),
        Gap::Time => Some(row.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()),
        Gap::Policy => text(exchange.policy_key.as_deref()?),
        Gap::Attribute => attribute(exchange),
        Gap::Step => text(&failed(exchange)?.what),
        Gap::Expected => text(failed(exchange)?.expected.as_deref()?),
        Gap::Came => text(failed(exchange)?.came.as_deref()?),
        Gap::Filter => filter(exchange),
        Gap::Peer => text(exchange.peer.as_deref()?),
        Gap::Size => Some(exchange.request.body_bytes.to_string()),
        Gap::RetryAfter => header(&exchange.response.headers, "retry-after"),
        Gap::RetryOf => Some(row.retry_of?.to_string()),
        Gap::Tolerated => {
            let noted = exchange
                .trace
                .iter()
                .find(|step| step.verdict == Verdict::Noted)?;
            text(&noted.what)
        }
        // Of the catalogue, not of the exchange.
        Gap::Nearest => None,
    }
}

/// Whether an admin asked. Their requests are logged, too, and their commands like requests.
pub(super) fn is_admins(exchange: &Exchange) -> bool {
    exchange.row.path.starts_with("/admin/")
}

/// What an exchange changed, in words.
pub(super) fn changed(exchange: &Exchange) -> String {
    if exchange.changed.is_empty() {
        return "Nothing.".to_owned();
    }
    let mut told: Vec<String> = exchange.changed.iter().take(TOLD).map(change).collect();
    let more = exchange.changed.len().saturating_sub(TOLD);
    if more > 0 {
        let s = if more == 1 { "" } else { "s" };
        told.push(format!("And {more} more change{s}."));
    }
    told.join(" ")
}

fn change(change: &ChangeView) -> String {
    let kind = word(change.kind);
    let label = shortened(&change.label);
    let who = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .map_or_else(|| "somebody".to_owned(), shortened)
    };
    let first = change.fields.first();
    match change.op {
        ChangeOp::Create => format!("The {kind} {label} was created."),
        ChangeOp::Remove => format!("The {kind} {label} was removed."),
        ChangeOp::AddMember => {
            let who = who(first.and_then(|field| field.after.as_ref()));
            format!("{who} joined the team {label}.")
        }
        ChangeOp::RemoveMember => {
            let who = who(first.and_then(|field| field.before.as_ref()));
            format!("{who} left the team {label}.")
        }
        ChangeOp::Update => {
            let mut told: Vec<String> = change.fields.iter().take(TOLD).map(field).collect();
            let more = change.fields.len().saturating_sub(TOLD);
            if more > 0 {
                told.push(format!("{more} more changed"));
            }
            if told.is_empty() {
                format!("The {kind} {label} was changed.")
            } else {
                format!("Of the {kind} {label}, {}.", told.join("; "))
            }
        }
    }
}

fn field(field: &FieldChange) -> String {
    let path = shortened(&field.path);
    match &field.after {
        None => format!("{path} has no value now"),
        Some(Value::Array(_) | Value::Object(_)) => format!("{path} changed"),
        Some(Value::String(text)) => format!("{path} is now \"{}\"", shortened(text)),
        Some(simple) => format!("{path} is now {simple}"),
    }
}

/// What was asked for, as it follows "asked to".
fn action(exchange: &Exchange) -> String {
    let row = &exchange.row;
    let label = row
        .subject
        .as_ref()
        .map(|subject| shortened(&subject.label));
    let (one, many) = match row.resource.as_str() {
        "Users" => ("member", "members"),
        "Groups" => ("team", "teams"),
        "oauth" => return authorization(&row.path).to_owned(),
        "" => return format!("call {} {}", row.method, shortened(&row.path)),
        other => return format!("read {}", shortened(other)),
    };
    let object = match &label {
        Some(label) => format!("the {one} {label}"),
        None => format!("a {one}"),
    };
    if is_admins(exchange)
        && let Some(action) = by_hand(&row.path, &object)
    {
        return action;
    }
    match row.method.as_str() {
        "POST" if row.path.ends_with(".search") => format!("search {many}"),
        "POST" => format!("create {object}"),
        "PATCH" => match (row.resource.as_str(), patched(exchange)) {
            ("Users", Some(Patched::Deactivated)) => format!("deactivate {object}"),
            ("Users", Some(Patched::Activated)) => format!("reactivate {object}"),
            ("Groups", Some(Patched::Members)) => format!("change who is in {object}"),
            _ => format!("change {object}"),
        },
        "PUT" => format!("replace {object}"),
        "DELETE" => format!("remove {object}"),
        _ if names_one(&row.path, &row.resource) => format!("read {object}"),
        _ => match filter(exchange) {
            Some(filter) => format!("look up {many} with {filter}"),
            None => format!("list {many}"),
        },
    }
}

/// What an admin's command asks for: its route ends with the verb.
fn by_hand(path: &str, object: &str) -> Option<String> {
    let verb = path.trim_end_matches('/').rsplit('/').next()?;
    Some(match verb {
        "edit" | "describe" => format!("change {object}"),
        "members" if path.contains("/teams/") => format!("change who is in {object}"),
        "rename" | "deactivate" | "restore" | "delete" | "link" | "unlink" | "merge" | "pause"
        | "resume" => format!("{verb} {object}"),
        "mark" => format!("keep {object} for recovery, or no longer"),
        "prove" => format!("prove that {object} can sign in"),
        "codes" => format!("make recovery codes for {object}"),
        "purge" if path.contains("/teams/") => "delete every synced team".to_owned(),
        "purge" => "remove every provisioned member".to_owned(),
        "undo" => "undo a request".to_owned(),
        _ => return None,
    })
}

/// What was asked of the authorization server.
fn authorization(path: &str) -> &'static str {
    match path.trim_end_matches('/').rsplit('/').next() {
        Some("token") => "fetch an access token",
        Some("revoke") => "revoke an access token",
        Some("introspect") => "ask about a token",
        _ => "read about the authorization server",
    }
}

/// What a PATCH is about, where all of it is about one thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patched {
    Activated,
    Deactivated,
    Members,
}

fn patched(exchange: &Exchange) -> Option<Patched> {
    let body: Value = serde_json::from_str(exchange.request.body.as_deref()?).ok()?;
    let operations = body
        .as_object()?
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("operations"))?;
    let mut kinds = operations.1.as_array()?.iter().map(|operation| {
        let path = operation
            .get("path")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if path == "members" || path.starts_with("members[") {
            return Some(Patched::Members);
        }
        let value = operation.get("value")?;
        let active = match path {
            "active" => value,
            "" => value
                .as_object()
                .filter(|value| value.len() == 1)?
                .get("active")?,
            _ => return None,
        };
        // Entra sends the words "True" and "False".
        match active {
            Value::Bool(true) => Some(Patched::Activated),
            Value::Bool(false) => Some(Patched::Deactivated),
            Value::String(word) if word.eq_ignore_ascii_case("true") => Some(Patched::Activated),
            Value::String(word) if word.eq_ignore_ascii_case("false") => Some(Patched::Deactivated),
            _ => None,
        }
    });
    let first = kinds.next()??;
    kinds.all(|kind| kind == Some(first)).then_some(first)
}

/// Whether a path goes on behind the name of the endpoint.
fn names_one(path: &str, resource: &str) -> bool {
    path.rsplit_once(resource)
        .is_some_and(|(_, rest)| rest.trim_matches('/').len() > 1)
}

fn filter(exchange: &Exchange) -> Option<String> {
    let query = exchange.query.as_deref()?;
    let filter = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("filter"))
        .map(|(_, value)| value.into_owned());
    filter
        .filter(|filter| !filter.is_empty())
        .map(|filter| shortened(&filter))
}

/// The attribute path that a failure is about: a detail begins with it, behind the number of the operation.
fn attribute(exchange: &Exchange) -> Option<String> {
    let expected = failed(exchange).and_then(|step| step.expected.as_deref());
    if let Some(free) = expected.and_then(|expected| expected.strip_prefix("a free ")) {
        return Some(free.to_owned());
    }
    let mut detail = exchange.detail.as_deref()?;
    if let Some(rest) = detail.strip_prefix("operation ") {
        detail = rest.split_once(": ")?.1;
    }
    let (path, _) = detail.split_once(": ")?;
    let is_path = !path.is_empty()
        && path.chars().all(|character| {
            character.is_ascii_alphanumeric() || "$:._-[]\"= ".contains(character)
        })
        && (!path.contains(' ') || path.contains('['));
    is_path.then(|| shortened(path))
}

fn failed(exchange: &Exchange) -> Option<&TraceStep> {
    exchange
        .trace
        .iter()
        .rev()
        .find(|step| step.verdict == Verdict::Failed)
}

fn header(headers: &[(String, String)], name: &str) -> Option<String> {
    headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| shortened(value))
}

fn word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Member => "member",
        ObjectKind::Team => "team",
        ObjectKind::Token => "token",
        ObjectKind::Client => "OAuth client",
        ObjectKind::Stream => "stream",
        ObjectKind::SigningKey => "signing key",
        ObjectKind::Settings => "settings",
        ObjectKind::Incident => "incident",
    }
}

fn shortened(text: &str) -> String {
    cut(text, LONGEST)
}

fn cut(text: &str, longest: usize) -> String {
    if text.chars().nth(longest).is_none() {
        return text.to_owned();
    }
    text.chars()
        .take(longest - 1)
        .chain(std::iter::once('…'))
        .collect()
}
