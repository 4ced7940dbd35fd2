//! Which keys do what: the defaults of the command table, changed by an admin's `keymap.toml`.
//!
//! Invariant: in a keymap no chord is bound twice, and none begins with another, among commands whose keys may be live
//! at the same time. A file that would break this is refused whole, with every problem told at once.

mod file;

use super::command::{self, Command, CommandId, Scope};
use super::input::{Chord, Key};

pub use file::{KeymapProblem, default_file, parse};

/// One chord and what it does.
#[derive(Clone)]
pub struct Binding {
    /// The keys.
    pub chord: Chord,
    /// What they do.
    pub command: &'static Command,
}

/// All bindings.
#[derive(Clone)]
pub struct Keymap(Vec<Binding>);

/// What keys mean.
pub enum Lookup {
    /// This.
    Command(&'static Command),
    /// The beginning of a chord.
    Begun,
    /// Nothing.
    Unbound,
}

/// Two chords that get in each other's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The chord of the one.
    pub chord: Chord,
    /// The one.
    pub command: CommandId,
    /// The other.
    pub other: CommandId,
    /// Where both are live.
    pub scope: Scope,
}

impl Default for Keymap {
    fn default() -> Self {
        Self(
            command::all()
                .flat_map(|command| {
                    command.keys.iter().map(move |keys| Binding {
                        chord: keys
                            .parse()
                            .expect("a test reads every chord of the command table"),
                        command,
                    })
                })
                .collect(),
        )
    }
}

impl Keymap {
    /// What `keys` mean where `scopes` are live. Earlier scopes come first.
    pub fn lookup(&self, scopes: &[Scope], keys: &[Key]) -> Lookup {
        let mut begun = false;
        for scope in scopes {
            for binding in self.0.iter().filter(|b| b.command.scope == *scope) {
                if binding.chord.keys() == keys {
                    return Lookup::Command(binding.command);
                }
                begun |= binding.chord.starts_with(keys);
            }
        }
        if begun {
            Lookup::Begun
        } else {
            Lookup::Unbound
        }
    }

    /// The chords of a command, the one to show first.
    pub fn chords_of(&self, id: CommandId) -> impl Iterator<Item = &Chord> {
        self.0
            .iter()
            .filter(move |binding| binding.command.id == id)
            .map(|binding| &binding.chord)
    }

    /// The chord to show for a command.
    pub fn chord_of(&self, id: CommandId) -> Option<&Chord> {
        self.chords_of(id).next()
    }

    /// The bindings that go on after `keys`, where `scopes` are live.
    pub fn continuations<'a>(
        &'a self,
        scopes: &'a [Scope],
        keys: &'a [Key],
    ) -> impl Iterator<Item = &'a Binding> {
        self.0.iter().filter(move |binding| {
            scopes.contains(&binding.command.scope) && binding.chord.starts_with(keys)
        })
    }

    /// Gives a command other chords.
    fn rebind(&mut self, command: &'static Command, chords: Vec<Chord>) {
        self.0.retain(|binding| binding.command.id != command.id);
        self.0
            .extend(chords.into_iter().map(|chord| Binding { chord, command }));
    }

    /// Chords that get in each other's way.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        for (index, one) in self.0.iter().enumerate() {
            for other in self.0.iter().skip(index + 1) {
                let clash = one.chord.starts_with(other.chord.keys())
                    || other.chord.starts_with(one.chord.keys());
                if clash
                    && one.command.id != other.command.id
                    && one.command.scope.overlaps(other.command.scope)
                {
                    conflicts.push(Conflict {
                        chord: one.chord.clone(),
                        command: one.command.id,
                        other: other.command.id,
                        scope: other.command.scope,
                    });
                }
            }
        }
        conflicts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_do_not_conflict() {
        assert_eq!(Keymap::default().conflicts(), []);
    }

    #[test]
    fn a_chord_is_begun_before_it_is_whole() {
        let keymap = Keymap::default();
        let scopes = [Scope::List];
        let g = Key::char('g');
        assert!(matches!(keymap.lookup(&scopes, &[g]), Lookup::Begun));
        assert!(
            matches!(keymap.lookup(&scopes, &[g, g]), Lookup::Command(command) if command.id == "list.top")
        );
        assert!(matches!(
            keymap.lookup(&scopes, &[g, Key::char('x')]),
            Lookup::Unbound
        ));
    }
}
