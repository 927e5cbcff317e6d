//! What a terminal sends, as events of ours. A thread reads: it asks the terminal nothing, and ends with the process.

use crossterm::event::{self, Event as Sent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind};
use tokio::sync::mpsc;

use super::{
    event::Event,
    keymap::{Code, Key},
};

/// How many events may wait for the program.
const ROOM: usize = 256;
/// How many lines a turn of the wheel is.
const WHEEL: isize = 3;

/// Begins to read. The channel ends where the terminal is gone.
pub(super) fn read() -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(ROOM);
    std::thread::spawn(move || {
        while let Ok(sent) = event::read() {
            let Some(event) = translate(sent) else { continue };
            if sender.blocking_send(event).is_err() {
                break;
            }
        }
    });
    receiver
}

fn translate(sent: Sent) -> Option<Event> {
    match sent {
        Sent::Key(key) if key.kind != KeyEventKind::Release => key_of(key).map(Event::Key),
        Sent::Paste(text) => Some(Event::Paste(text)),
        Sent::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        Sent::Mouse(mouse) => match mouse.kind {
            MouseEventKind::ScrollUp => Some(Event::Wheel(-WHEEL)),
            MouseEventKind::ScrollDown => Some(Event::Wheel(WHEEL)),
            _ => None,
        },
        _ => None,
    }
}

fn key_of(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::Function(number),
        _ => return None,
    };
    let holds = |modifier| key.modifiers.contains(modifier);
    let (ctrl, alt) = (holds(KeyModifiers::CONTROL), holds(KeyModifiers::ALT));
    // A character says itself whether Shift was held; with Ctrl its case means nothing.
    let (code, shift) = match code {
        Code::Char(c) if ctrl => (Code::Char(c.to_ascii_lowercase()), false),
        Code::Char(c) => (Code::Char(c), false),
        Code::BackTab => (code, false),
        code => (code, holds(KeyModifiers::SHIFT)),
    };
    Some(Key { code, ctrl, alt, shift })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_was_pressed() {
        let pressed = |code, modifiers| key_of(KeyEvent::new(code, modifiers)).expect("a key");
        assert_eq!(pressed(KeyCode::Char('A'), KeyModifiers::SHIFT), Key::of(Code::Char('A')));
        assert_eq!(pressed(KeyCode::Enter, KeyModifiers::SHIFT).name(), "Shift+Enter");
        assert_eq!(pressed(KeyCode::Char('C'), KeyModifiers::CONTROL).name(), "Ctrl+C");
    }
}
