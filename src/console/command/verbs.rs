//! Words of the palette that are followed by what they are about, and so work from every pane: `set KEY VALUE`.

use super::{Command, CommandId, Danger, Scope, command};
use crate::console::app::App;
use crate::console::effect::Effect;

const fn verb(
    id: CommandId,
    title: &'static str,
    word: &'static str,
    argument: &'static str,
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Everywhere, id, title, &[], run).verb(word, argument)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    verb(
        "token.find",
        "Go to a token by name",
        "token",
        "name",
        App::find_token,
    ),
    verb(
        "token.rotate_named",
        "Give a token a new secret, by name",
        "token rotate",
        "name",
        App::rotate_named_token,
    )
    .danger(Danger::Write),
    verb(
        "team_sync.switch",
        "Switch team sync, or pause that of the chosen team",
        "team sync",
        "on, off or pause",
        App::switch_named_sync,
    )
    .danger(Danger::Write),
    verb(
        "policy.set_named",
        "Set a key of the policy, by name",
        "set",
        "key value",
        App::set_named_key,
    )
    .danger(Danger::Write),
    verb(
        "policy.simulate_named",
        "Try a preset on the requests of the last day, by name",
        "simulate preset",
        "name",
        App::simulate_preset,
    ),
    verb(
        "hold.rule",
        "Allow or reject what an incident holds",
        "hold",
        "allow or reject, number",
        App::rule_named_hold,
    )
    .danger(Danger::Destructive),
    verb(
        "undo.request",
        "Undo what a request changed, by number",
        "undo",
        "number",
        App::undo_numbered,
    )
    .danger(Danger::Write),
];
