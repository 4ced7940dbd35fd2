//! From a terminal's event to a [`Fact`]: the only place, besides the runtime, that knows `crossterm`.

use crossterm::event::{
    Event, KeyCode as TermCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use super::key::{Key, KeyCode};
use crate::console::msg::Fact;
use crate::console::regions::Regions;

/// What an event means, where it means anything. A click is looked up in what was drawn last.
pub fn fact_of(event: &Event, regions: &Regions) -> Option<Fact> {
    match event {
        Event::Key(event) => key_of(*event).map(Fact::KeyPressed),
        Event::Paste(text) => Some(Fact::Pasted(text.clone())),
        Event::Resize(width, height) => Some(Fact::Resized {
            width: *width,
            height: *height,
        }),
        Event::Mouse(event) => mouse_of(*event, regions),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn key_of(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let held = |modifier| event.modifiers.contains(modifier);
    let mut key = Key {
        code: KeyCode::Esc,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
        shift: held(KeyModifiers::SHIFT),
    };
    key.code = match event.code {
        TermCode::Char(character) => {
            // Terminals disagree whether shift is told beside the capital it made.
            let capital = key.shift && character.is_ascii_lowercase();
            key.shift = false;
            KeyCode::Char(if capital {
                character.to_ascii_uppercase()
            } else {
                character
            })
        }
        TermCode::Enter => KeyCode::Enter,
        TermCode::Esc => KeyCode::Esc,
        TermCode::Tab => KeyCode::Tab,
        TermCode::BackTab => {
            key.shift = true;
            KeyCode::Tab
        }
        TermCode::Backspace => KeyCode::Backspace,
        TermCode::Delete => KeyCode::Delete,
        TermCode::Insert => KeyCode::Insert,
        TermCode::Up => KeyCode::Up,
        TermCode::Down => KeyCode::Down,
        TermCode::Left => KeyCode::Left,
        TermCode::Right => KeyCode::Right,
        TermCode::PageUp => KeyCode::PageUp,
        TermCode::PageDown => KeyCode::PageDown,
        TermCode::Home => KeyCode::Home,
        TermCode::End => KeyCode::End,
        TermCode::F(number) => KeyCode::F(number),
        _ => return None,
    };
    Some(key)
}

fn mouse_of(event: MouseEvent, regions: &Regions) -> Option<Fact> {
    let target = regions.at(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => target.map(Fact::Clicked),
        MouseEventKind::ScrollUp => Some(Fact::Scrolled { target, lines: -3 }),
        MouseEventKind::ScrollDown => Some(Fact::Scrolled { target, lines: 3 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_released_key_means_nothing_and_shift_tab_is_one_key() {
        let regions = Regions::default();
        let mut event = KeyEvent::new(TermCode::BackTab, KeyModifiers::SHIFT);
        let key: Key = "shift-tab".parse().unwrap();
        assert_eq!(
            fact_of(&Event::Key(event), &regions),
            Some(Fact::KeyPressed(key))
        );
        event.kind = KeyEventKind::Release;
        assert_eq!(fact_of(&Event::Key(event), &regions), None);
    }
}
