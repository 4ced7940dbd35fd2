//! What goes wrong with a request.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::shapes::Request;

const WORDS: &[&str] = &[
    "userName",
    "emails",
    "emails.value",
    "members",
    "members.value",
    "groups",
    "id",
    "schemas",
    "meta",
    "meta.version",
    "active",
    "password",
    "name",
    "name.givenName",
    "roles",
    "addresses",
    "x509Certificates",
    "externalId",
    "displayName",
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:customRole",
    "Operations",
    "op",
    "path",
    "value",
    "type",
    "primary",
    "$ref",
    "display",
];
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "].value",
    "eq",
    "ne",
    "co",
    "sw",
    "ew",
    "gt",
    "ge",
    "lt",
    "le",
    "pr",
    "and",
    "or",
    "not",
    "null",
    "true",
    "\"\"",
    "\"x\"",
    "\"\\u0000\"",
    "1",
    "-1e400",
    "\"2026-01-01T00:00:00Z\"",
    "\"",
    "\\",
    "''",
    ",",
    "%",
];
const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "patch",
];
const SEGMENTS: &[&str] = &[
    "Users", "Groups", ".search", "Bulk", "Me", "Schemas", "..", ".", "", "%00", "%ff", "%2e%2e",
    "users", "a%2Fb",
];
const TYPES: &[&str] = &[
    "application/json",
    "application/scim+json",
    "text/html",
    "",
    "application/json; charset=utf-16",
    "multipart/form-data",
];
const PARAMETERS: &[&str] = &[
    "filter",
    "startIndex",
    "count",
    "sortBy",
    "sortOrder",
    "attributes",
    "excludedAttributes",
    "cursor",
    "x",
];

/// Mutates nearly every request a little, few a lot, and leaves one in four as it is.
pub fn request(mut request: Request, dice: &mut Dice) -> Request {
    if dice.one_in(4) {
        return request;
    }
    for _ in 0..=dice.below(3) {
        match dice.below(12) {
            0 => request.method = dice.word(METHODS).to_owned(),
            1 => path(&mut request, dice),
            2 | 3 => query(&mut request, dice),
            4 => headers(&mut request, dice),
            5 => text(&mut request.body, dice),
            _ => body(&mut request, dice),
        }
    }
    request
}

fn path(request: &mut Request, dice: &mut Dice) {
    let mut segments: Vec<String> = request.path.split('/').map(str::to_owned).collect();
    let at = dice.below(segments.len());
    match dice.below(5) {
        0 => segments[at] = dice.word(SEGMENTS).to_owned(),
        1 => segments.insert(at, dice.word(SEGMENTS).to_owned()),
        2 => drop(segments.remove(at)),
        3 => segments[at] = "x".repeat(dice.below(3_000)),
        _ => segments[at] = utf8_percent_encode(&string(dice), NON_ALPHANUMERIC).to_string(),
    }
    request.path = segments.join("/");
    if !request.path.starts_with('/') {
        request.path.insert(0, '/');
    }
}

fn query(request: &mut Request, dice: &mut Dice) {
    let filter = request
        .query
        .split('&')
        .find_map(|pair| pair.strip_prefix("filter="))
        .map(|text| {
            percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        });
    let value = match filter {
        Some(filter) if !dice.one_in(4) => words(&filter, dice),
        _ => match dice.below(4) {
            0 => dice.word(WORDS).to_owned(),
            1 => dice.roll().to_string(),
            2 => format!("{}{}", "(".repeat(dice.below(3_000)), dice.word(WORDS)),
            _ => string(dice),
        },
    };
    let name = if dice.one_in(2) {
        "filter"
    } else {
        dice.word(PARAMETERS)
    };
    let value = utf8_percent_encode(&value, NON_ALPHANUMERIC);
    let before = if dice.one_in(3) {
        String::new()
    } else {
        format!("{}&", request.query)
    };
    request.query = format!("{before}{name}={value}");
    // The head of a request is limited; what is longer is another test's matter.
    if request.query.len() > 20_000 {
        request.query = "filter=x".to_owned();
    }
}

/// Some words of a filter taken out, put in, changed or swapped.
fn words(filter: &str, dice: &mut Dice) -> String {
    let mut words: Vec<String> = filter.split(' ').map(str::to_owned).collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(words.len());
        match dice.below(4) {
            0 => words[at] = dice.word(TOKENS).to_owned(),
            1 => words[at] = dice.word(WORDS).to_owned(),
            2 => words.insert(at, dice.word(TOKENS).to_owned()),
            _ => {
                let other = dice.below(words.len());
                words.swap(at, other);
            }
        }
    }
    words.join(" ")
}

fn headers(request: &mut Request, dice: &mut Dice) {
    let header = |name: &str, value: String| (name.to_owned(), value);
    match dice.below(8) {
        0 => request.headers.retain(|(name, _)| name != "content-type"),
        1 => {
            request.headers.retain(|(name, _)| name != "content-type");
            request
                .headers
                .push(header("content-type", dice.word(TYPES).to_owned()));
        }
        2 => request
            .headers
            .push(header("if-match", format!("W/\"{}\", *", dice.below(4)))),
        3 => request
            .headers
            .push(header("if-none-match", format!("\"{}\"", dice.below(4)))),
        4 => request
            .headers
            .push(header("accept", "text/plain, */*;q=0.1".to_owned())),
        5 => request
            .headers
            .push(header("content-encoding", "gzip".to_owned())),
        6 => request.headers.push(header(
            "x-forwarded-for",
            string(dice).escape_default().to_string(),
        )),
        // Few: whoever guesses tokens is told to wait.
        _ if dice.one_in(50) => request.headers[0].1.push('x'),
        _ => request.headers.push(header(
            "user-agent",
            string(dice).escape_default().to_string(),
        )),
    }
}

/// A change of the text that knows nothing of JSON.
fn text(body: &mut String, dice: &mut Dice) {
    let mut at = dice.below(body.len() + 1);
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    match dice.below(5) {
        0 => body.truncate(at),
        1 => body.insert_str(at, dice.word(TOKENS)),
        2 => body.insert_str(at, &string(dice)),
        3 => body.insert_str(at, &"[".repeat(dice.below(300))),
        _ => {
            let tail = body.split_off(at);
            body.push_str(&tail);
            body.push_str(&tail);
        }
    }
}

/// A change of one value somewhere in the body.
fn body(request: &mut Request, dice: &mut Dice) {
    let Ok(mut body) = serde_json::from_str::<Value>(&request.body) else {
        return;
    };
    change(&mut body, dice, 0);
    request.body = body.to_string();
}

fn change(value: &mut Value, dice: &mut Dice, depth: usize) {
    let goes_on = depth == 0 || !dice.one_in(3);
    match value {
        Value::Object(object) if goes_on && !object.is_empty() => {
            let keys: Vec<String> = object.keys().cloned().collect();
            let key = dice.pick(&keys).clone();
            match dice.below(8) {
                0 => drop(object.shift_remove(&key)),
                1 => drop(object.insert(dice.word(WORDS).to_owned(), any(dice))),
                2 => rename(object, &key, &key.to_uppercase()),
                3 => rename(object, &key, dice.word(WORDS)),
                _ => change(object.get_mut(&key).expect("it is there"), dice, depth + 1),
            }
        }
        Value::Array(array) if goes_on && !array.is_empty() => {
            let at = dice.below(array.len());
            match dice.below(5) {
                0 => drop(array.remove(at)),
                1 => array.push(any(dice)),
                2 => {
                    let again = array[at].clone();
                    array.extend(std::iter::repeat_n(again, dice.below(1_500)));
                }
                _ => change(&mut array[at], dice, depth + 1),
            }
        }
        Value::String(text) if dice.one_in(2) => match dice.below(3) {
            0 => *text = words(text, dice),
            1 => *text = text.to_uppercase(),
            _ => text.push_str(dice.word(TOKENS)),
        },
        other => *other = any(dice),
    }
}

fn rename(object: &mut Map<String, Value>, key: &str, name: &str) {
    if let Some(value) = object.shift_remove(key) {
        object.insert(name.to_owned(), value);
    }
}

/// Any value.
fn any(dice: &mut Dice) -> Value {
    match dice.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!("False"),
        3 => json!(""),
        4 => json!([]),
        5 => json!({}),
        6 => json!(dice.roll()),
        7 => json!(-1.5e300),
        8 => json!(dice.word(WORDS)),
        9 => json!([{ "value": "x", "primary": true }, { "value": "y", "primary": true }]),
        10 => (0..dice.below(120)).fold(json!(1), |inner, _| json!([inner])),
        11 => (0..dice.below(120)).fold(json!(1), |inner, _| json!({ "value": inner })),
        12 => json!({ (dice.word(WORDS)): { (dice.word(WORDS)): string(dice) } }),
        _ => json!(string(dice)),
    }
}

/// Any text.
fn string(dice: &mut Dice) -> String {
    match dice.below(7) {
        0 => "x".repeat(dice.below(2_000)),
        1 => "\u{0}\u{1b}[31m\r\n".to_owned(),
        2 => "İıßſKÅ\u{202e}\u{feff}".to_owned(),
        3 => "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 e\u{301}".to_owned(),
        4 => "' OR 1=1; --\"\\".to_owned(),
        5 => "${jndi:ldap://x}{{7*7}}%s%n".to_owned(),
        _ => (0..dice.below(12)).map(|_| dice.word(TOKENS)).collect(),
    }
}
