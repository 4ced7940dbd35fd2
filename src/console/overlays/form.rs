//! A form to add something: a member, a team, a token. It stays until the engine took it, so that nothing typed is lost
//! when it is refused.

use crate::admin::AdminError;
use crate::admin::link::{IDPS, NewConnection};
use crate::admin::policy::{PolicyRow, SetPolicy};
use crate::admin::types::{NewMember, NewTeam, NewToken, TokenScope};
use crate::console::effect::Write;
use crate::console::input::{Key, KeyCode};
use crate::console::widgets::form::{Field, Form, FormEvent};

/// The lives a token may be given, with their seconds.
const LIVES: [(&str, Option<u64>); 5] = [
    ("90 days", Some(90 * 86_400)),
    ("30 days", Some(30 * 86_400)),
    ("1 year", Some(365 * 86_400)),
    ("1 day", Some(86_400)),
    ("for ever", None),
];

/// What a form adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adds {
    /// A member.
    Member,
    /// A team.
    Team,
    /// A token.
    Token,
    /// Nothing: it sets a policy key, which is asked about before it is sent.
    PolicyValue,
    /// A connection.
    Connection,
}

/// A form over the panes.
#[derive(Debug)]
pub struct FormOverlay {
    /// What it adds.
    pub adds: Adds,
    /// The line above it.
    pub title: String,
    /// Its fields.
    pub form: Form,
    /// Whether it was sent and the answer is awaited.
    pub sending: bool,
    /// Why it was not taken.
    pub error: Option<AdminError>,
}

impl FormOverlay {
    /// An empty form.
    pub fn new(adds: Adds) -> Self {
        let fields = match adds {
            Adds::Member => vec![
                Field::line("user_name", "userName")
                    .required()
                    .help("what the IdP calls them, mostly their e-mail address"),
                Field::line("email", "e-mail")
                    .help("left empty: userName, where that is an address"),
                Field::line("given_name", "given name"),
                Field::line("family_name", "family name"),
                Field::line("role", "base role").help("left empty: as the policy says"),
            ],
            Adds::Team => vec![
                Field::line("name", "name")
                    .required()
                    .help("displayName; the team is local: no IdP touches it"),
            ],
            Adds::PolicyValue => Vec::new(),
            Adds::Connection => vec![
                Field::choice("idp", "IdP", IDPS).help("left and right change it"),
                Field::line("name", "name").help("left empty: that of the IdP"),
                Field::line("redirect_uri", "redirect URI")
                    .help("as the IdP shows it; with one it is connected over OAuth 2"),
            ],
            Adds::Token => vec![
                Field::line("name", "name")
                    .required()
                    .check(|name| match name.chars().count() {
                        1..=64 => Ok(()),
                        _ => Err("at most 64 characters".to_owned()),
                    })
                    .help("to recognise it by, such as okta-1; one for each IdP"),
                Field::choice("scope", "opens", ["scim", "admin"])
                    .help("scim: the provider, for an IdP; admin: consoles and scripts"),
                Field::choice("life", "lives", LIVES.map(|(word, _)| word))
                    .help("left and right change it"),
            ],
        };
        let title = match adds {
            Adds::Member => "Add a member",
            Adds::Team => "Add a team",
            Adds::Token => "Issue a token",
            Adds::Connection => "Connect an identity provider",
            Adds::PolicyValue => "Set a policy key",
        };
        Self {
            adds,
            title: title.to_owned(),
            form: Form::new(fields),
            sending: false,
            error: None,
        }
    }

    /// A form for the value of a policy key: a choice where it is one word of some, else a line.
    pub fn policy(row: &PolicyRow) -> Self {
        let is_word = row.values.contains(&row.value) && !row.preset_value.contains(',');
        let field = if is_word {
            Field::choice("value", "value", row.values.iter().map(String::as_str))
        } else {
            Field::line("value", "value")
        };
        let words = match (is_word, row.values.is_empty()) {
            (true, _) => "left and right change it".to_owned(),
            (false, true) => row.meaning.clone(),
            (false, false) => format!("commas between: {}", row.values.join(", ")),
        };
        let field = field.value(&row.value).help(words);
        Self {
            title: format!("Set {}", row.key),
            form: Form::new(vec![field]),
            ..Self::new(Adds::PolicyValue)
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> FormEvent {
        self.form.press(input_of(key))
    }

    /// What is asked of the engine, from the values of the fields.
    pub fn write(&self, values: &[(&'static str, String)]) -> Write {
        let text = |id: &str| -> Option<String> {
            let value = values.iter().find(|(known, _)| *known == id);
            value
                .map(|(_, value)| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        match self.adds {
            Adds::Member => Write::AddMember(NewMember {
                user_name: text("user_name").unwrap_or_default(),
                email: text("email"),
                given_name: text("given_name"),
                family_name: text("family_name"),
                role: text("role"),
            }),
            // Sent after the question it leads to.
            Adds::PolicyValue => Write::SetPolicy(SetPolicy {
                key: String::new(),
                value: text("value"),
                if_version: None,
            }),
            Adds::Team => Write::AddTeam(NewTeam {
                name: text("name").unwrap_or_default(),
                members: Vec::new(),
            }),
            Adds::Connection => {
                let idp = text("idp").unwrap_or_else(|| "other".to_owned());
                Write::Connect(NewConnection {
                    name: text("name").unwrap_or_else(|| idp.clone()),
                    redirect_uris: text("redirect_uri").into_iter().collect(),
                    idp,
                    ..NewConnection::default()
                })
            }
            Adds::Token => Write::IssueToken(NewToken {
                owner: None,
                name: text("name").unwrap_or_default(),
                scope: match text("scope").as_deref() {
                    Some("admin") => TokenScope::Admin,
                    _ => TokenScope::Scim,
                },
                ttl_seconds: text("life").and_then(|life| {
                    let mut lives = LIVES.into_iter();
                    lives
                        .find(|(word, _)| *word == life)
                        .and_then(|(_, seconds)| seconds)
                }),
            }),
        }
    }
}

/// The key as the form's fields know it.
fn input_of(key: Key) -> tui_textarea::Input {
    use tui_textarea::Key as FieldKey;
    let code = match key.code {
        KeyCode::Char(character) => FieldKey::Char(character),
        KeyCode::Enter => FieldKey::Enter,
        KeyCode::Esc => FieldKey::Esc,
        KeyCode::Tab => FieldKey::Tab,
        KeyCode::Backspace => FieldKey::Backspace,
        KeyCode::Delete => FieldKey::Delete,
        KeyCode::Up => FieldKey::Up,
        KeyCode::Down => FieldKey::Down,
        KeyCode::Left => FieldKey::Left,
        KeyCode::Right => FieldKey::Right,
        KeyCode::PageUp => FieldKey::PageUp,
        KeyCode::PageDown => FieldKey::PageDown,
        KeyCode::Home => FieldKey::Home,
        KeyCode::End => FieldKey::End,
        KeyCode::F(number) => FieldKey::F(number),
        KeyCode::Insert => FieldKey::Null,
    };
    tui_textarea::Input {
        key: code,
        ctrl: key.ctrl,
        alt: key.alt,
        shift: key.shift,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_into(form: &mut FormOverlay, keys: &[&str]) -> FormEvent {
        let mut last = FormEvent::Nothing;
        for key in keys {
            last = form.press(key.parse().unwrap());
        }
        last
    }

    #[test]
    fn a_token_is_asked_for_as_it_was_filled_in() {
        let mut form = FormOverlay::new(Adds::Token);
        let event = type_into(&mut form, &["a", "tab", "right", "tab", "enter"]);
        let FormEvent::Submitted(values) = event else {
            panic!("{event:?}");
        };
        assert_eq!(
            form.write(&values),
            Write::IssueToken(NewToken {
                name: "a".into(),
                scope: TokenScope::Admin,
                ttl_seconds: Some(7_776_000),
                owner: None,
            })
        );
    }

    #[test]
    fn an_empty_form_is_not_sent() {
        let mut form = FormOverlay::new(Adds::Team);
        assert_eq!(type_into(&mut form, &["enter"]), FormEvent::Invalid);
    }
}
