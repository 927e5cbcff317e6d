//! A line that is being written: a filter, a title, a password. What is hidden is shown as dots, and `Debug` shows none of it.

use std::fmt;

use mmp_shared::auth::Secret;
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation as _;

use super::editor::{Editor, Step};
use crate::tui::{
    clean::clean,
    keymap::{Action, Code, Key, action_of},
    markdown::wrap::{fit, grapheme_width, width},
    theme::Theme,
};

/// What stands for a hidden character.
const DOT: &str = "•";

/// Whether a field may be read by whoever looks at the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Shown {
    /// It may.
    #[default]
    Open,
    /// It may not.
    Hidden,
}

/// A line that is being written.
#[derive(Default)]
pub(crate) struct Field {
    editor: Editor,
    shown: Shown,
}

impl fmt::Debug for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown {
            Shown::Open => write!(formatter, "Field({:?})", self.editor.written()),
            Shown::Hidden => formatter.write_str("Field(hidden)"),
        }
    }
}

impl Field {
    /// A field with a text in it, the caret behind.
    pub(crate) fn of(text: &str) -> Self {
        let mut field = Self::default();
        field.insert(text);
        field
    }

    /// A field that nobody may read.
    pub(crate) fn hidden() -> Self {
        Self { editor: Editor::default(), shown: Shown::Hidden }
    }

    /// What is written.
    pub(crate) fn text(&self) -> &str {
        self.editor.written()
    }

    /// What is written, kept from being shown.
    pub(crate) fn secret(&self) -> Secret {
        Secret::new(self.editor.written())
    }

    /// Whether nothing is written.
    pub(crate) fn is_empty(&self) -> bool {
        self.editor.is_empty()
    }

    /// Forgets what is written.
    pub(crate) fn clear(&mut self) {
        // What was deleted can be put back in a field; not in a cleared one.
        self.editor = Editor::default();
    }

    /// Writes at the caret: of several lines the first.
    pub(crate) fn insert(&mut self, text: &str) {
        let line = text.trim_start_matches(['\r', '\n']).split(['\r', '\n']).next().unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        match self.shown {
            Shown::Open => self.editor.insert(&clean(&line)),
            Shown::Hidden => self.editor.insert(&line),
        }
    }

    /// Takes a key: whether it is one for a line, and the text has become another.
    pub(crate) fn key(&mut self, key: Key) -> Written {
        if let (None, Code::Char(c)) = (action_of(key), key.code) {
            if key.ctrl || key.alt || c.is_control() {
                return Written::Not;
            }
            self.insert(c.encode_utf8(&mut [0; 4]));
            return Written::Changed;
        }
        let (step, deletes) = match action_of(key) {
            Some(Action::Back) => (Step::Back, false),
            Some(Action::Forward) => (Step::Forward, false),
            Some(Action::WordBack) => (Step::WordBack, false),
            Some(Action::WordForward) => (Step::WordForward, false),
            Some(Action::LineStart) => (Step::LineStart, false),
            Some(Action::LineEnd) => (Step::LineEnd, false),
            Some(Action::DeleteBack) => (Step::Back, true),
            Some(Action::DeleteForward | Action::QuitWhenEmpty) => (Step::Forward, true),
            Some(Action::DeleteWordBack) => (Step::WordBack, true),
            Some(Action::DeleteWordForward) => (Step::WordForward, true),
            Some(Action::DeleteToStart) => (Step::LineStart, true),
            Some(Action::DeleteToEnd) => (Step::LineEnd, true),
            _ => return Written::Not,
        };
        if !deletes {
            self.editor.go(step);
            return Written::Moved;
        }
        let before = self.editor.written().len();
        self.editor.delete(step);
        if self.editor.written().len() == before { Written::Moved } else { Written::Changed }
    }

    /// Draws it behind a label, with the caret where it has the keys.
    pub(crate) fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: FieldLook<'_>) {
        if area.is_empty() {
            return;
        }
        let label = fit(look.label, usize::from(area.width) / 2);
        let room = usize::from(area.width).saturating_sub(width(&label) + 1).max(1);
        let (shown, caret) = self.window(room);
        let text = if self.is_empty() {
            Span::styled(fit(look.hint, room), look.theme.dim())
        } else {
            Span::styled(shown, look.theme.text())
        };
        let label_style = if look.has_keys { look.theme.accent_strong() } else { look.theme.dim() };
        let column = u16::try_from(width(&label) + caret).unwrap_or(u16::MAX);
        frame.render_widget(Line::from(vec![Span::styled(label, label_style), text]), Rect { height: 1, ..area });
        if look.has_keys {
            let x = area.x.saturating_add(column).min(area.right().saturating_sub(1));
            frame.set_cursor_position(Position { x, y: area.y });
        }
    }

    /// As much of the text as fits in so many columns, around the caret; and the caret's column in it.
    fn window(&self, room: usize) -> (String, usize) {
        let caret = self.editor.caret();
        let mut cells: Vec<(String, usize, bool)> = Vec::new();
        for (at, grapheme) in self.editor.written().grapheme_indices(true) {
            let shown = if self.shown == Shown::Hidden { DOT } else { grapheme };
            cells.push((shown.to_owned(), grapheme_width(shown), at < caret));
        }
        let before: usize = cells.iter().filter(|(.., is_before)| *is_before).map(|(_, columns, _)| columns).sum();
        // What stands before the caret and has no room is left out from the beginning.
        let (mut skipped, mut first) = (0, 0);
        while before - skipped >= room && first < cells.len() {
            skipped += cells[first].1;
            first += 1;
        }
        let (mut text, mut taken) = (String::new(), 0);
        for (shown, columns, _) in &cells[first..] {
            if taken + columns > room {
                break;
            }
            text.push_str(shown);
            taken += columns;
        }
        (text, before - skipped)
    }
}

/// What a key came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// The text is another.
    Changed,
    /// The caret may stand elsewhere.
    Moved,
    /// It is no key for a line.
    Not,
}

/// How a field looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldLook<'a> {
    /// What stands before it.
    pub(crate) label: &'a str,
    /// What stands in it while nothing is written.
    pub(crate) hint: &'a str,
    /// Whether it has the keys.
    pub(crate) has_keys: bool,
    /// The styles.
    pub(crate) theme: Theme,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_nowhere_to_be_read() {
        let mut field = Field::hidden();
        field.insert("hunter2 秘密\nmore");
        assert_eq!(format!("{field:?}"), "Field(hidden)");
        assert_eq!(field.window(40), ("•".repeat(10), 10));
        assert_eq!(field.secret().reveal(), "hunter2 秘密");
        field.clear();
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_pasted_line_loses_what_drives_a_terminal() {
        let field = Field::of("a\u{1b}[2Jb\u{202e}c\nnext");
        assert_eq!(field.text(), clean("a[2Jb\u{202e}c"));
        assert!(!field.text().contains('\u{202e}'));
    }

    #[test]
    fn the_caret_is_always_in_sight() {
        let mut field = Field::of("你好世界");
        assert_eq!(field.window(5), ("世界".to_owned(), 4));
        field.key(Key::of(Code::Home));
        assert_eq!(field.window(5), ("你好".to_owned(), 0));
        assert_eq!(field.key(Key::of(Code::Backspace)), Written::Moved);
        assert_eq!(field.key(Key::of(Code::Delete)), Written::Changed);
        assert_eq!(field.text(), "好世界");
        assert_eq!(field.key(Key::of(Code::Enter)), Written::Not);
    }
}
