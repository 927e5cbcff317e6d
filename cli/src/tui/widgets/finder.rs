//! A list with a line above it that narrows it. Either has the keys: in the line what is typed is written, in the list
//! letters are commands; down leaves the line, `/` goes back to it.

use super::{
    field::{Field, Written},
    list::Choice,
};
use crate::tui::keymap::{Action, Code, Key, action_of};

/// How far a page goes where nothing has been drawn yet.
const PAGE: u16 = 10;

/// A list and the line above it.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// What narrows the list.
    pub(crate) field: Field,
    /// Whether the line has the keys.
    pub(crate) is_writing: bool,
    /// The chosen one of the list.
    pub(crate) choice: Choice,
    /// Whether the line has the keys from the beginning: leaving it is going back.
    pub(crate) begins_in_line: bool,
    /// How many items were seen when the list was last drawn.
    pub(crate) page: Option<u16>,
}

/// What a key came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// The line says something else.
    Narrowed,
    /// Another item may be chosen.
    Moved,
    /// The chosen item is taken.
    Taken,
    /// There is nothing left here to go back from.
    Back,
    /// It is a command of whoever has the list, or nothing.
    Other,
}

impl Finder {
    /// A finder whose line has the keys.
    pub(crate) fn writing(text: &str) -> Self {
        Self { field: Field::of(text), is_writing: true, begins_in_line: true, ..Self::default() }
    }

    /// Takes a key, where the list has so many items.
    pub(crate) fn key(&mut self, key: Key, length: usize) -> Found {
        let page = isize::try_from(self.page.unwrap_or(PAGE).max(1)).unwrap_or(1);
        let step = match (action_of(key), key.code) {
            (Some(Action::Up), _) => -1,
            (Some(Action::Down), _) => 1,
            (Some(Action::PageUp), _) => -page,
            (Some(Action::PageDown), _) => page,
            (Some(Action::Top), _) => isize::MIN,
            (Some(Action::Bottom), _) => isize::MAX,
            (Some(Action::Send), _) => return Found::Taken,
            (Some(Action::Interrupt), _) => return self.back(),
            (None, Code::Char('k')) if !self.is_writing => -1,
            (None, Code::Char('j')) if !self.is_writing => 1,
            (None, Code::Char('u')) if !self.is_writing => -page,
            (None, Code::Char('d')) if !self.is_writing => page,
            (None, Code::Char('g')) if !self.is_writing => isize::MIN,
            (None, Code::Char('G')) if !self.is_writing => isize::MAX,
            (None, Code::Char('/')) if !self.is_writing => {
                self.is_writing = true;
                return Found::Moved;
            }
            _ if self.is_writing => return self.write(key),
            _ => return Found::Other,
        };
        // Down leaves the line, up from the first item goes back to it.
        self.is_writing = match step {
            0.. => false,
            _ => self.is_writing || (self.begins_in_line && self.choice.index == 0),
        };
        self.step(step, length);
        Found::Moved
    }

    /// Moves among so many items.
    pub(crate) fn step(&mut self, by: isize, length: usize) {
        self.choice.step(by, length);
    }

    /// Takes what was pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        self.is_writing = true;
        self.field.insert(text);
        self.choice = Choice::default();
    }

    fn write(&mut self, key: Key) -> Found {
        match self.field.key(key) {
            Written::Changed => {
                self.choice = Choice::default();
                Found::Narrowed
            }
            Written::Moved => Found::Moved,
            Written::Not => Found::Other,
        }
    }

    /// Escape: what narrows goes first.
    fn back(&mut self) -> Found {
        if self.begins_in_line {
            return Found::Back;
        }
        if self.field.is_empty() {
            return if std::mem::take(&mut self.is_writing) { Found::Moved } else { Found::Back };
        }
        self.field.clear();
        self.is_writing = false;
        self.choice = Choice::default();
        Found::Narrowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(finder: &mut Finder, text: &str) -> Vec<Found> {
        text.chars().map(|c| finder.key(Key::of(Code::Char(c)), 30)).collect()
    }

    #[test]
    fn letters_go_where_the_keys_are() {
        let mut finder = Finder { page: Some(8), ..Finder::default() };
        assert_eq!(typed(&mut finder, "jjdku"), [Found::Moved; 5]);
        assert_eq!((finder.choice.index, finder.field.text()), (1, ""));
        assert_eq!(typed(&mut finder, "r"), [Found::Other]);
        typed(&mut finder, "/");
        assert_eq!(typed(&mut finder, "jk"), [Found::Narrowed; 2]);
        assert_eq!((finder.choice.index, finder.field.text()), (0, "jk"));
        assert_eq!(finder.key(Key::of(Code::Down), 30), Found::Moved);
        assert_eq!((finder.choice.index, finder.is_writing), (1, false), "the arrows go from the line into the list");
    }

    #[test]
    fn escape_goes_back_one_thing_at_a_time() {
        assert_eq!(Finder::writing("soup").key(Key::of(Code::Esc), 3), Found::Back);
        let mut finder = Finder { field: Field::of("soup"), ..Finder::default() };
        assert_eq!(finder.key(Key::of(Code::Esc), 3), Found::Narrowed);
        assert_eq!(finder.field.text(), "");
        assert_eq!(finder.key(Key::of(Code::Esc), 3), Found::Back);
        let mut finder = Finder { is_writing: true, ..Finder::default() };
        assert_eq!(finder.key(Key::of(Code::Esc), 3), Found::Moved);
        assert_eq!(finder.key(Key::of(Code::Esc), 3), Found::Back);
    }
}
