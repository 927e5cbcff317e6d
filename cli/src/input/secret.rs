//! A secret typed at a terminal, unseen.

use std::io::{self, Write as _};

use crossterm::{
    event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, read},
    terminal::{disable_raw_mode, enable_raw_mode},
};

/// Raw mode for as long as it lives.
struct Raw;

impl Raw {
    fn enter() -> io::Result<Self> {
        enable_raw_mode().map(|()| Self)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = disable_raw_mode();
        let _ = io::stderr().write_all(b"\n");
    }
}

/// Asks for a secret; `None` where the user gives up.
pub(crate) fn ask(question: &str) -> io::Result<Option<String>> {
    // Before the question: who types fast must not be seen either.
    let _raw = Raw::enter()?;
    io::stderr().write_all(format!("{question} ").as_bytes())?;
    let mut secret = String::new();
    loop {
        match read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => match take(key, &mut secret) {
                Typed::More => {}
                Typed::Done => return Ok(Some(secret)),
                Typed::GivenUp => return Ok(None),
            },
            Event::Paste(text) => secret.push_str(text.trim_end()),
            _ => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Typed {
    More,
    Done,
    GivenUp,
}

fn take(key: KeyEvent, secret: &mut String) -> Typed {
    match (key.code, key.modifiers.contains(KeyModifiers::CONTROL)) {
        (KeyCode::Enter, _) | (KeyCode::Char('j' | 'm'), true) => return Typed::Done,
        (KeyCode::Char('c' | 'd'), true) | (KeyCode::Esc, _) => return Typed::GivenUp,
        (KeyCode::Char('u'), true) => secret.clear(),
        (KeyCode::Backspace, _) => {
            secret.pop();
        }
        (KeyCode::Char(typed), false) => secret.push(typed),
        _ => {}
    }
    Typed::More
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[test]
    fn what_is_typed_can_be_taken_back() {
        let mut secret = String::new();
        for typed in ['a', 'b'] {
            assert_eq!(take(key(KeyCode::Char(typed), KeyModifiers::NONE), &mut secret), Typed::More);
        }
        take(key(KeyCode::Backspace, KeyModifiers::NONE), &mut secret);
        assert_eq!(secret, "a");
        take(key(KeyCode::Char('u'), KeyModifiers::CONTROL), &mut secret);
        assert_eq!(secret, "");
        assert_eq!(take(key(KeyCode::Char('c'), KeyModifiers::CONTROL), &mut secret), Typed::GivenUp);
        assert_eq!(take(key(KeyCode::Enter, KeyModifiers::NONE), &mut secret), Typed::Done);
    }
}
