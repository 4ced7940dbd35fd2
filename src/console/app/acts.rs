//! What commands do with the object they are about: copy it, export it, go to what it is related to.

use super::App;
use crate::admin::types::RequestDetail;
use crate::console::effect::{Effect, Export, Load};
use crate::console::export::{ExportFormat, curl};
use crate::console::layout::Focus;
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Menu, Overlay};
use crate::console::panes::requests::explain::subject_jump;
use crate::console::panes::scim::doc::quoted;
use crate::console::place::Jump;
use crate::secret::Secret;

fn copy(what: String, text: String) -> Vec<Effect> {
    vec![Effect::Copy {
        what,
        text: Secret::new(text),
    }]
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

impl App {
    fn base_url(&self) -> String {
        self.overview
            .value()
            .map(|overview| overview.scim_base_url.clone())
            .unwrap_or_default()
    }

    /// Copies a member's SCIM resource.
    pub fn copy_member(&mut self) -> Vec<Effect> {
        self.members
            .detail
            .remote
            .value()
            .map_or_else(Vec::new, |detail| {
                copy(detail.row.user_name.clone(), pretty(&detail.resource))
            })
    }

    /// Exports a member's SCIM resource.
    pub fn export_member(&mut self) -> Vec<Effect> {
        self.members
            .detail
            .remote
            .value()
            .map_or_else(Vec::new, |detail| {
                let resource = Box::new(detail.resource.clone());
                vec![Effect::Export(Export::Resource("member", resource))]
            })
    }

    /// Copies a team's SCIM resource.
    pub fn copy_team(&mut self) -> Vec<Effect> {
        self.teams
            .detail
            .remote
            .value()
            .map_or_else(Vec::new, |detail| {
                copy(
                    format!("team {}", detail.row.name),
                    pretty(&detail.resource),
                )
            })
    }

    /// Exports a team's SCIM resource.
    pub fn export_team(&mut self) -> Vec<Effect> {
        self.teams
            .detail
            .remote
            .value()
            .map_or_else(Vec::new, |detail| {
                let resource = Box::new(detail.resource.clone());
                vec![Effect::Export(Export::Resource("team", resource))]
            })
    }

    /// Copies the base URL of the SCIM provider.
    pub fn copy_base_url(&mut self) -> Vec<Effect> {
        copy("the base URL".to_owned(), self.base_url())
    }

    fn open_request(&self) -> Option<&RequestDetail> {
        self.requests.detail.remote.value().map(AsRef::as_ref)
    }

    /// Copies what is looked at of a request: a value of a body, else the request as a curl line without its token.
    pub fn copy_request(&mut self) -> Vec<Effect> {
        let Some(detail) = self.open_request() else {
            return Vec::new();
        };
        let id = detail.exchange.row.id;
        if self.focus == Focus::Detail
            && let Some(body) = &self.requests.detail.body
        {
            let path = body.path();
            let what = if path.is_empty() {
                format!("the message of {id}")
            } else {
                format!("{path} of {id}")
            };
            return copy(what, body.value().to_owned());
        }
        copy(
            format!("request {id} as a curl line"),
            curl(&detail.exchange, &self.base_url()),
        )
    }

    /// Copies the note for the people who run the IdP.
    pub fn copy_note(&mut self) -> Vec<Effect> {
        let explanation = self
            .open_request()
            .and_then(|detail| detail.explanation.as_ref());
        explanation.map_or_else(Vec::new, |explanation| {
            copy(
                "the note for the IdP team".to_owned(),
                explanation.note.clone(),
            )
        })
    }

    /// Asks in which format a request shall be exported.
    pub fn open_export(&mut self) -> Vec<Effect> {
        let Some(detail) = self.open_request() else {
            return Vec::new();
        };
        let title = format!("Export request {} as", detail.exchange.row.id);
        let formats = [
            (
                ExportFormat::Json,
                "JSON: all that is known, as the admin API tells it",
            ),
            (ExportFormat::Har, "HAR: for a browser or a support case"),
            (
                ExportFormat::Curl,
                "curl: a script that repeats it, without its token",
            ),
        ];
        let items = formats
            .into_iter()
            .map(|(format, words)| {
                let exchange = Box::new(detail.exchange.clone());
                let export = Export::Exchange(format, exchange, self.base_url());
                (words.to_owned(), Effect::Export(export).into())
            })
            .collect();
        self.open(Overlay::Menu(Menu {
            title,
            items,
            chosen: 0,
        }));
        Vec::new()
    }

    /// Follows the log, or pauses it and opens the selected request.
    pub fn toggle_follow(&mut self) {
        self.requests.ring.toggle_follow();
        if self.requests.ring.is_following() {
            self.focus_list();
        }
        self.requests.follow_selection();
    }

    /// Goes to the request about the same subject before or after the open one.
    pub fn related(&mut self, older: bool) -> Vec<Effect> {
        let Some(detail) = self.open_request() else {
            return Vec::new();
        };
        let id = detail.exchange.row.id;
        let ids = detail.related.iter().map(|row| row.id);
        let found = if older {
            ids.filter(|other| *other < id).max()
        } else {
            ids.filter(|other| *other > id).min()
        };
        let Some(found) = found else {
            let side = if older { "before" } else { "after" };
            let text = format!("no request about the same subject {side} this one");
            self.say(Tone::Info, text, "");
            return Vec::new();
        };
        let tab = self.requests.detail.tab;
        let effects = self.jump(Jump::Request(found));
        self.requests.detail.set_tab(tab);
        effects
    }

    /// Goes to the member or team a request was about.
    pub fn jump_to_subject(&mut self) -> Vec<Effect> {
        let subject = self.requests.current().and_then(|row| row.subject.as_ref());
        match subject.and_then(subject_jump) {
            Some(jump) => self.jump(jump),
            None => Vec::new(),
        }
    }

    /// Goes to the requests about a member.
    pub fn requests_of_member(&mut self) -> Vec<Effect> {
        let name = self
            .members
            .current()
            .map(|member| member.user_name.clone());
        name.map_or_else(Vec::new, |name| {
            self.jump(Jump::Requests(format!("user:{}", quoted(&name))))
        })
    }

    /// Goes to the requests about a team.
    pub fn requests_of_team(&mut self) -> Vec<Effect> {
        let name = self.teams.current().map(|team| team.name.clone());
        name.map_or_else(Vec::new, |name| {
            self.jump(Jump::Requests(format!("team:{}", quoted(&name))))
        })
    }

    /// Goes to a team's members as a list of members.
    pub fn members_of_team(&mut self) -> Vec<Effect> {
        let name = self.teams.current().map(|team| team.name.clone());
        name.map_or_else(Vec::new, |name| {
            self.jump(Jump::Members(format!("team:{}", quoted(&name))))
        })
    }

    /// Goes to the requests with a token.
    pub fn requests_of_token(&mut self) -> Vec<Effect> {
        let name = self.scim.current().map(|token| token.name.clone());
        name.map_or_else(Vec::new, |name| {
            self.jump(Jump::Requests(format!("token:{}", quoted(&name))))
        })
    }

    /// Asks for older changes of the open member.
    pub fn load_older_changes(&mut self) -> Vec<Effect> {
        let asked = self.members.ask_older();
        asked.map_or_else(Vec::new, |(generation, member, offset)| {
            vec![Effect::Load(generation, Load::Timeline { member, offset })]
        })
    }
}
