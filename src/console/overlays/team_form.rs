//! Forms about a team that is there: what is kept of it here, its name, its link, somebody who joins.

use crate::admin::types::{TeamChange, TeamDetail, TeamId};
use crate::console::effect::{TeamWish, TeamWrite, Write};
use crate::console::widgets::form::{Field, Form};

/// What a form changes of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamForm {
    /// Description, roles, maintainers.
    Own,
    /// Its name.
    Rename,
    /// The group it is linked to.
    Link,
    /// Its members.
    Join,
}

/// The team that a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamSubject {
    /// Which.
    pub id: TeamId,
    /// Its name, for people.
    pub name: String,
    /// The version the admin sees.
    pub version: Option<u64>,
}

impl TeamForm {
    /// The line above it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Own => "What is kept of the team here",
            Self::Rename => "Rename the team",
            Self::Link => "Hand the team to an IdP",
            Self::Join => "Take a member into the team",
        }
    }

    /// The fields, filled in as the team is.
    pub fn form(self, name: &str, detail: Option<&TeamDetail>) -> Form {
        let fields = match self {
            Self::Own => {
                let description = detail.map_or("", |detail| detail.description.as_str());
                let roles = detail.map_or_else(String::new, |detail| detail.row.roles.join(" "));
                let maintained_by = detail.map_or_else(String::new, |detail| {
                    let names = detail.maintained_by.iter().map(|it| it.user_name.as_str());
                    names.collect::<Vec<_>>().join(" ")
                });
                vec![
                    Field::line("description", "description").value(description),
                    Field::line("roles", "roles")
                        .value(&roles)
                        .help("keys, with blanks between; members have them through the team"),
                    Field::line("maintainers", "maintainers")
                        .value(&maintained_by)
                        .help("userNames, with blanks between"),
                ]
            }
            Self::Rename => vec![
                Field::line("name", "name")
                    .required()
                    .value(name)
                    .help("displayName"),
            ],
            Self::Link => vec![
                Field::line("external_id", "externalId of the group")
                    .help("left empty: the group is found by the team's name"),
            ],
            Self::Join => vec![
                Field::line("member", "member")
                    .required()
                    .help("id, userName, e-mail address or externalId"),
            ],
        };
        Form::new(fields)
    }

    /// What is asked of the engine; `text` gives the value of a field that is not empty.
    pub fn write(self, subject: TeamSubject, text: impl Fn(&str) -> Option<String>) -> Write {
        let words = |id: &str| -> Vec<String> {
            let text = text(id).unwrap_or_default();
            text.split_whitespace().map(str::to_owned).collect()
        };
        let wish = match self {
            Self::Own => TeamWish::Own {
                description: text("description").unwrap_or_default(),
                roles: words("roles"),
                maintainers: words("maintainers"),
            },
            Self::Rename => TeamWish::Change(TeamChange::Rename {
                name: text("name").unwrap_or_default(),
            }),
            Self::Link => TeamWish::Change(TeamChange::Link {
                external_id: text("external_id"),
            }),
            Self::Join => TeamWish::Join(text("member").unwrap_or_default()),
        };
        Write::ChangeTeam(Box::new(TeamWrite { subject, wish }))
    }
}
