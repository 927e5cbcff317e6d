//! What a terminal sends, as events of ours. A thread reads: it asks the terminal nothing, and ends with the process. While
//! another program has the terminal the thread waits, so that no key of theirs is taken.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

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

/// How long the thread may take to let the terminal be.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the thread is to wait, and whether it does.
#[derive(Debug, Default)]
struct Waiting {
    is_wanted: bool,
    is_so: bool,
}

/// Where the thread waits.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate(Arc<(Mutex<Waiting>, Condvar)>);

impl Gate {
    /// Has the thread let the terminal be; false where it does not.
    pub(super) fn close(&self) -> bool {
        let (waiting, changed) = &*self.0;
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.is_wanted = true;
        // It sleeps until the terminal says something: that the size may be another is the least that can be said.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::WINCH);
        let waited = changed.wait_timeout_while(waiting, PATIENCE, |waiting| !waiting.is_so);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        waiting.is_wanted = waiting.is_so;
        waiting.is_so
    }

    /// Lets the thread read again.
    pub(super) fn open(&self) {
        let (waiting, changed) = &*self.0;
        waiting.lock().unwrap_or_else(PoisonError::into_inner).is_wanted = false;
        changed.notify_all();
    }

    /// Waits while the gate is closed.
    fn pass(&self) {
        let (waiting, changed) = &*self.0;
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting.is_wanted {
            waiting.is_so = true;
            changed.notify_all();
            waiting = changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.is_so = false;
    }
}

/// Begins to read. The channel ends where the terminal is gone.
pub(super) fn read() -> (mpsc::Receiver<Event>, Gate) {
    let (sender, receiver) = mpsc::channel(ROOM);
    let gate = Gate::default();
    let passed = gate.clone();
    std::thread::spawn(move || {
        loop {
            passed.pass();
            let Ok(sent) = event::read() else { break };
            let Some(event) = translate(sent) else { continue };
            if sender.blocking_send(event).is_err() {
                break;
            }
        }
    });
    (receiver, gate)
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
