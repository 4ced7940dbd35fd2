//! A form to add something: a member, a team, a token. It stays until the engine took it, so that nothing typed is lost
//! when it is refused.

use super::team_form::{TeamForm, TeamSubject};
use crate::admin::AdminError;
use crate::admin::link::{ConnectionAuth, IDPS, NewConnection};
use crate::admin::policy::{PolicyRow, SetPolicy};
use crate::admin::types::{
    HeldRole, MemberDetail, MemberEdit, MemberId, NewMember, NewTeam, NewToken, RoleOrigin,
    TokenScope,
};
use crate::console::effect::{MemberDeed, Write};
use crate::console::input::{Key, KeyCode};
use crate::console::widgets::form::{Field, Form, FormEvent};
use serde_json::Value;

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
    /// Nothing: it changes a team that is there.
    OfTeam(TeamForm),
    /// Nothing: it changes the roles of a member.
    Roles,
    /// Nothing: it changes what a member is called.
    Profile,
}

/// The member whom a form is about, as they were when it was opened.
#[derive(Clone, Debug)]
struct About {
    id: MemberId,
    user_name: String,
    version: u64,
    values: Vec<(&'static str, String)>,
}

/// A form over the panes.
#[derive(Debug)]
pub struct FormOverlay {
    /// What it adds.
    pub adds: Adds,
    /// The line above it.
    pub title: String,
    about: Option<About>,
    /// Its fields.
    pub form: Form,
    /// Whether it was sent and the answer is awaited.
    pub sending: bool,
    /// Why it was not taken.
    pub error: Option<AdminError>,
    team: Option<TeamSubject>,
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
            Adds::Connection => return Self::connection(None),
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
            Adds::PolicyValue | Adds::OfTeam(_) | Adds::Roles | Adds::Profile => Vec::new(),
        };
        Self::of(adds, fields, None)
    }

    /// A form for a connection, with what the policy asks for (`scim.auth`), as far as that is known.
    pub fn connection(auth: Option<ConnectionAuth>) -> Self {
        let owner = Field::line("owner", "owner").help(
            "whose the key is: it ends with them, so best somebody whom no IdP manages; id, userName or e-mail",
        );
        let redirect_uri = Field::line("redirect_uri", "redirect URI");
        let mut fields = vec![
            Field::choice("idp", "IdP", IDPS).help("left and right change it"),
            Field::line("name", "name").help("left empty: that of the IdP"),
        ];
        match auth {
            Some(ConnectionAuth::OwnedKey) => fields.push(owner.required()),
            Some(ConnectionAuth::Oauth2) => fields.push(
                redirect_uri
                    .required()
                    .help("as the IdP shows it; it is connected over OAuth 2"),
            ),
            Some(ConnectionAuth::Bearer) => fields.push(
                redirect_uri.help("as the IdP shows it; with one it is connected over OAuth 2"),
            ),
            None => fields.extend([
                redirect_uri.help("as the IdP shows it, where it is connected over OAuth 2"),
                owner,
            ]),
        }
        Self::of(Adds::Connection, fields, None)
    }

    fn of(adds: Adds, fields: Vec<Field>, about: Option<About>) -> Self {
        let title = match adds {
            Adds::Member => "Add a member",
            Adds::Team => "Add a team",
            Adds::Token => "Issue a token",
            Adds::Connection => "Connect an identity provider",
            Adds::OfTeam(form) => form.title(),
            Adds::PolicyValue => "Set a policy key",
            Adds::Roles => "Set roles",
            Adds::Profile => "Edit the member",
        };
        Self {
            adds,
            about,
            title: title.to_owned(),
            form: Form::new(fields),
            sending: false,
            error: None,
            team: None,
        }
    }

    /// A form about a team that is there.
    pub fn of_team(form: TeamForm, fields: Form, team: TeamSubject) -> Self {
        Self {
            adds: Adds::OfTeam(form),
            about: None,
            title: form.title().to_owned(),
            form: fields,
            sending: false,
            error: None,
            team: Some(team),
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

    /// A form for the roles of a member, as they are.
    pub fn roles(member: &MemberDetail) -> Self {
        let row = &member.row;
        let given = |held: &&HeldRole| held.is_base && held.from == RoleOrigin::Member;
        let role = member.access.roles.iter().find(given);
        let fields = vec![
            Field::line("role", "base role")
                .value(role.map(|held| held.role.as_str()).unwrap_or_default())
                .help("its key; left empty: the policy's default"),
            Field::line("custom_roles", "custom roles")
                .value(&row.custom_roles.join(", "))
                .help("their keys, with commas; they replace those there are"),
        ];
        let about = About::of(member, &fields);
        Self::of(Adds::Roles, fields, Some(about))
    }

    /// A form for what a member is called, as it is.
    pub fn profile(member: &MemberDetail) -> Self {
        let text = |pointer: &str| {
            let value = member.resource.pointer(pointer);
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let fields = vec![
            Field::line("user_name", "userName")
                .required()
                .value(&member.row.user_name),
            Field::line("email", "e-mail").value(member.row.email.as_deref().unwrap_or_default()),
            Field::line("given_name", "given name").value(&text("/name/givenName")),
            Field::line("family_name", "family name").value(&text("/name/familyName")),
            Field::line("display_name", "shown name").value(&text("/displayName")),
            Field::line("title", "title").value(&text("/title")),
        ];
        let about = About::of(member, &fields);
        Self::of(Adds::Profile, fields, Some(about))
    }

    /// Whether it is asked about once more before it is sent.
    pub fn asks_first(&self) -> bool {
        self.about.is_some()
    }

    /// The change of a member: what differs from what the form was opened with.
    fn edit(&self, values: &[(&'static str, String)]) -> MemberEdit {
        let changed = |id: &str| -> Option<String> {
            let (_, value) = values.iter().find(|(known, _)| *known == id)?;
            let before = self.about.as_ref()?.values.iter();
            let (_, before) = before.clone().find(|(known, _)| *known == id)?;
            let value = value.trim();
            (value != before).then(|| value.to_owned())
        };
        let keys = |text: String| -> Vec<String> {
            let keys = text.split(',').map(str::trim);
            keys.filter(|key| !key.is_empty())
                .map(str::to_owned)
                .collect()
        };
        MemberEdit {
            user_name: changed("user_name"),
            email: changed("email"),
            given_name: changed("given_name"),
            family_name: changed("family_name"),
            display_name: changed("display_name"),
            title: changed("title"),
            role: changed("role"),
            custom_roles: changed("custom_roles").map(keys),
            role_attributes: None,
            if_version: self.about.as_ref().map(|about| about.version),
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> FormEvent {
        self.form.press(input_of(key))
    }

    /// What is asked of the engine, from the values of the fields.
    pub fn write(&self, values: &[(&'static str, String)]) -> Option<Write> {
        let text = |id: &str| -> Option<String> {
            let value = values.iter().find(|(known, _)| *known == id);
            value
                .map(|(_, value)| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        if let Some(about) = &self.about {
            let deed = MemberDeed::Edit(Box::new(self.edit(values)));
            return Some(Write::Member(about.id, deed, about.user_name.clone()));
        }
        Some(match self.adds {
            // Those have somebody whom they are about.
            Adds::Roles | Adds::Profile => return None,
            Adds::OfTeam(form) => return Some(form.write(self.team.clone()?, text)),
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
                Write::Connect {
                    connection: NewConnection {
                        name: text("name").unwrap_or_else(|| idp.clone()),
                        redirect_uris: text("redirect_uri").into_iter().collect(),
                        idp,
                        ..NewConnection::default()
                    },
                    owner: text("owner"),
                }
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
        })
    }
}

impl About {
    fn of(member: &MemberDetail, fields: &[Field]) -> Self {
        Self {
            id: member.row.id,
            user_name: member.row.user_name.clone(),
            version: member.version,
            values: fields
                .iter()
                .map(|field| (field.id, field.text()))
                .collect(),
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
            form.write(&values).unwrap(),
            Write::IssueToken(NewToken {
                name: "a".into(),
                scope: TokenScope::Admin,
                ttl_seconds: Some(7_776_000),
                owner: None,
            })
        );
    }

    #[test]
    fn a_key_that_belongs_to_a_member_asks_whose_it_is() {
        let mut form = FormOverlay::connection(Some(ConnectionAuth::OwnedKey));
        assert_eq!(type_into(&mut form, &["ctrl-s"]), FormEvent::Invalid);
        let event = type_into(&mut form, &["k", "i", "m", "ctrl-s"]);
        let FormEvent::Submitted(values) = event else {
            panic!("{event:?}");
        };
        let Some(Write::Connect { connection, owner }) = form.write(&values) else {
            panic!("{values:?}");
        };
        assert_eq!(
            (connection.idp.as_str(), owner.as_deref()),
            ("okta", Some("kim"))
        );
    }

    #[test]
    fn an_empty_form_is_not_sent() {
        let mut form = FormOverlay::new(Adds::Team);
        assert_eq!(type_into(&mut form, &["enter"]), FormEvent::Invalid);
    }
}
