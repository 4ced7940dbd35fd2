//! The one table of everything an admin can do in the console. The keymap, the hints at the bottom, the help (`?`), the
//! palette and the buttons of the mouse all derive from it; a key that is handled anywhere else is a mistake, with one
//! exception: text fields take the characters that are typed into them.
//!
//! A command says where it works ([`Scope`]), how dangerous it is ([`Danger`]), and, as a sentence, why it cannot be
//! used right now ([`Reason`]).

mod context;
mod dialog;
mod everywhere;
mod home;
mod incidents;
mod lists;
mod members;
mod policy;
mod requests;
mod scim;
mod sso;
mod teams;
mod verbs;

use std::borrow::Cow;

use super::app::App;
use super::effect::Effect;

pub use context::Ctx;

/// The name of a command, a dotted verb such as `member.deactivate`.
pub type CommandId = &'static str;

/// Something an admin can do.
pub struct Command {
    /// Its name in the keymap.
    pub id: CommandId,
    /// What it does, as the help and the palette say it.
    pub title: &'static str,
    /// The word in the hint bar; empty for what is not hinted.
    pub hint: &'static str,
    /// Where its keys work.
    pub scope: Scope,
    /// The chords it has unless the keymap says otherwise, the one to show first.
    pub keys: &'static [&'static str],
    /// How dangerous it is.
    pub danger: Danger,
    /// The word by which the palette takes it with an argument, such as `member` in `member ada`.
    pub verb: Option<Verb>,
    /// Whether it can be used now, and if not, why not.
    pub enabled: fn(Ctx<'_>) -> Result<(), Reason>,
    /// Does it, with the argument that was typed in the palette, or empty.
    pub run: fn(&mut App, &str) -> Vec<Effect>,
}

/// A word of the palette that takes an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// The word.
    pub word: &'static str,
    /// What to write after it, such as `name`.
    pub argument: &'static str,
}

/// Why a command cannot be used now: a sentence with what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(pub Cow<'static, str>);

impl Reason {
    /// A reason that is always the same.
    pub const fn of(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

/// How dangerous a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// It changes nothing at the engine.
    None,
    /// It changes something that can be changed back.
    Write,
    /// It destroys: the name of what goes must be typed.
    Destructive,
}

/// Where a command's keys work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Wherever one is, overlays included.
    Always,
    /// Wherever no overlay is open.
    Everywhere,
    /// In the list of any pane.
    List,
    /// In the detail of any pane.
    Detail,
    /// In pane Home.
    Home,
    /// In pane Members.
    Members,
    /// In pane Teams.
    Teams,
    /// In pane Requests.
    Requests,
    /// In pane SSO.
    Sso,
    /// In pane SCIM.
    Scim,
    /// In pane Policy.
    Policy,
    /// In pane Incidents.
    Incidents,
    /// In any overlay.
    Dialog,
    /// In a question that is answered by one key.
    Confirm,
    /// Where the secret of a new token is shown.
    Secret,
    /// In the list of saved views.
    Views,
    /// Where a QR code is shown.
    Code,
}

impl Scope {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 17] = [
        Self::Home,
        Self::Members,
        Self::Teams,
        Self::Requests,
        Self::Sso,
        Self::Scim,
        Self::Policy,
        Self::Incidents,
        Self::List,
        Self::Detail,
        Self::Everywhere,
        Self::Dialog,
        Self::Confirm,
        Self::Secret,
        Self::Views,
        Self::Code,
        Self::Always,
    ];

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::Everywhere => "Everywhere",
            Self::List => "In a list",
            Self::Detail => "In a detail",
            Self::Home => "On Home",
            Self::Members => "On Members",
            Self::Teams => "On Teams",
            Self::Requests => "On Requests",
            Self::Sso => "On SSO",
            Self::Scim => "On SCIM",
            Self::Policy => "On Policy",
            Self::Incidents => "On Incidents",
            Self::Dialog => "In what lies over the panes",
            Self::Confirm => "In a question",
            Self::Secret => "Where a new token is shown",
            Self::Views => "In the list of saved views",
            Self::Code => "Where a QR code is shown",
        }
    }

    /// Whether keys of both may be live at the same time, so that they must not be the same.
    pub fn overlaps(self, other: Self) -> bool {
        if self == other || self == Self::Always || other == Self::Always {
            return true;
        }
        match (self.layer(), other.layer()) {
            (Layer::Overlay, Layer::Overlay) => self == Self::Dialog || other == Self::Dialog,
            (Layer::Overlay, _) | (_, Layer::Overlay) => false,
            (one, another) => one != another || one == Layer::Everywhere,
        }
    }

    fn layer(self) -> Layer {
        match self {
            Self::Always | Self::Everywhere => Layer::Everywhere,
            Self::List | Self::Detail => Layer::Focus,
            Self::Home
            | Self::Members
            | Self::Teams
            | Self::Requests
            | Self::Sso
            | Self::Scim
            | Self::Policy
            | Self::Incidents => Layer::Pane,
            Self::Dialog | Self::Confirm | Self::Secret | Self::Views | Self::Code => {
                Layer::Overlay
            }
        }
    }
}

/// Of each layer one scope is live at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Everywhere,
    Focus,
    Pane,
    Overlay,
}

/// All commands, in the order of the help and the hints.
pub fn all() -> impl Iterator<Item = &'static Command> {
    [
        home::COMMANDS,
        members::COMMANDS,
        teams::COMMANDS,
        requests::COMMANDS,
        sso::COMMANDS,
        scim::COMMANDS,
        policy::COMMANDS,
        incidents::COMMANDS,
        lists::COMMANDS,
        everywhere::COMMANDS,
        verbs::COMMANDS,
        dialog::COMMANDS,
    ]
    .into_iter()
    .flatten()
}

/// The command of this name.
pub fn find(id: &str) -> Option<&'static Command> {
    all().find(|command| command.id == id)
}

impl Command {
    /// Whether it changes something at the engine.
    pub fn is_write(&self) -> bool {
        self.danger != Danger::None
    }

    /// Whether it can be used now: what its scope's state says, and whether this console may write at all.
    pub fn check(&self, ctx: Ctx<'_>) -> Result<(), Reason> {
        if self.is_write()
            && let Some(reason) = ctx.read_only()
        {
            return Err(reason);
        }
        (self.enabled)(ctx)
    }
}

/// What a table of commands starts from: no keys, no danger, always enabled.
const fn command(
    scope: Scope,
    id: CommandId,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    Command {
        id,
        title,
        hint: "",
        scope,
        keys,
        danger: Danger::None,
        verb: None,
        enabled: |_| Ok(()),
        run,
    }
}

impl Command {
    const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    const fn danger(mut self, danger: Danger) -> Self {
        self.danger = danger;
        self
    }

    const fn verb(mut self, word: &'static str, argument: &'static str) -> Self {
        self.verb = Some(Verb { word, argument });
        self
    }

    const fn enabled(mut self, enabled: fn(Ctx<'_>) -> Result<(), Reason>) -> Self {
        self.enabled = enabled;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_is_there_once_and_is_a_dotted_verb() {
        let mut seen = HashSet::new();
        for command in all() {
            assert!(seen.insert(command.id), "{} is there twice", command.id);
            assert!(command.id.contains('.'), "{}", command.id);
            assert!(!command.title.is_empty() && !command.title.ends_with('.'));
        }
    }

    #[test]
    fn every_scope_is_in_the_list_and_overlaps_both_ways() {
        for a in Scope::ALL {
            for b in Scope::ALL {
                assert_eq!(a.overlaps(b), b.overlaps(a), "{a:?} {b:?}");
            }
        }
        assert!(all().all(|command| Scope::ALL.contains(&command.scope)));
    }
}
