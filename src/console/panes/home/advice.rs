//! What to do next, from how everything stands: the one question Home answers first.

use crate::admin::types::Overview;
use crate::console::app::App;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::Link;
use crate::console::words;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How urgent it is.
    pub role: Role,
    /// What to do, and why.
    pub text: String,
    /// Where to do it.
    pub link: Option<Link>,
}

/// What to do next, the most urgent first. Never empty.
pub fn advice(app: &App, overview: &Overview) -> Vec<Advice> {
    let mut all = Vec::new();
    if overview.connections.is_empty() && overview.lacks_sso {
        all.push(Advice {
            role: Role::Accent,
            text: format!(
                "No IdP has called yet, and single sign-on comes first (scim.requires_sso): SSO ({}) takes the IdP's metadata. SCIM ({}) connects it then.",
                app.key("pane.sso"),
                app.key("pane.scim")
            ),
            link: Some(Link::Command("pane.sso")),
        });
    } else if overview.connections.is_empty() {
        all.push(Advice {
            role: Role::Accent,
            text: format!(
                "No IdP has called yet. SCIM ({}) has the base URL, what to enter in each IdP, and connects it ({}).",
                app.key("pane.scim"),
                app.key("scim.connect")
            ),
            link: Some(Link::Command("pane.scim")),
        });
    }
    let holds = overview.guard.holds;
    if holds > 0 {
        all.push(Advice {
            role: Role::Danger,
            text: format!(
                "{} for a word: an IdP would take more members away than may go at once. Allow or reject it.",
                if holds == 1 { "A hold waits" } else { "Holds wait" }
            ),
            link: Some(Link::Command("pane.incidents")),
        });
    }
    if overview.admins == 0 {
        all.push(Advice {
            role: Role::Danger,
            text: "No way leads to admin: nobody who is active is an admin or the owner. Restore one in Members.".into(),
            link: Some(Link::Jump(Jump::Members("role:admin".into()))),
        });
    } else if overview.admins == 1 {
        all.push(Advice {
            role: Role::Warning,
            text: "Only one way leads to admin. Give a second member the role admin before the IdP rules them all.".into(),
            link: Some(Link::Jump(Jump::Members("role:admin".into()))),
        });
    }
    if overview.admins > 0 && overview.admins_who_can_sign_in == 0 {
        all.push(Advice {
            role: Role::Danger,
            text: "No admin can sign in: none has a password or a recovery code. `provost recover new NAME` makes codes for one of them.".into(),
            link: Some(Link::Jump(Jump::Members("role:admin".into()))),
        });
    }
    for connection in &overview.connections {
        let failing =
            connection.failures * 2 >= connection.requests.max(1) && connection.failures > 0;
        if failing {
            let idp = connection.idp.as_deref().unwrap_or("its IdP");
            all.push(Advice {
                role: Role::Danger,
                text: format!(
                    "{} of {} of {idp} with token {} failed in the last hour. See why.",
                    words::count(connection.failures),
                    words::counted(connection.requests, "request"),
                    connection.token,
                ),
                link: Some(Link::Jump(Jump::Requests(format!(
                    "token:{} status:>=400",
                    crate::console::panes::scim::doc::quoted(&connection.token)
                )))),
            });
        }
    }
    if let Some(failure) = overview.failures.first() {
        all.push(Advice {
            role: Role::Warning,
            text: format!(
                "{} failed {} in 24 hours. Request {} has the explanation.",
                failure.code,
                times(failure.count),
                failure.last
            ),
            link: Some(Link::Jump(Jump::Request(failure.last))),
        });
    }
    if overview.admins > 1 && overview.admins_who_can_sign_in == 1 {
        all.push(Advice {
            role: Role::Warning,
            text: format!(
                "Only one of {} admins can sign in. `provost member reset-link NAME` makes a link by which another one sets a password.",
                words::count(overview.admins)
            ),
            link: Some(Link::Jump(Jump::Members("role:admin".into()))),
        });
    }
    if overview.members <= 1 && overview.connections.is_empty() {
        all.push(Advice {
            role: Role::Accent,
            text: format!(
                "No members but the owner. They come with the IdP's first push, or one by one: {} in Members.",
                app.key("member.add")
            ),
            link: Some(Link::Command("pane.members")),
        });
    }
    if all.is_empty() {
        all.push(Advice {
            role: Role::Success,
            text: "Nothing needs you.".into(),
            link: None,
        });
    }
    all
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{} times", words::count(count)),
    }
}
