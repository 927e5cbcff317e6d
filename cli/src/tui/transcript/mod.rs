//! What was said in the open conversation, and which part of it is seen.
//!
//! A place is an entry and a line of it, counted from the top of what is seen; so only what is near it is ever laid out,
//! however long the conversation is.

mod entry;

use mmp_shared::Language;
use ratatui::text::Line;

use self::entry::chosen_line;
pub(crate) use self::entry::{Entry, Said};
use super::{answer::Answer, keymap::Key, theme::Theme};

/// How much of a person's own message is shown.
const MOST_LINES: usize = 60;
/// What text stands behind.
const MARGIN: &str = "  ";
/// The widest that prose gets: longer lines are hard to read.
const WIDEST: usize = 100;

/// How entries are to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// The columns.
    pub(crate) width: usize,
    /// The styles.
    pub(crate) theme: Theme,
    /// The language of everything but the text.
    pub(crate) language: Language,
    /// Whether thinking is shown.
    pub(crate) shows_thinking: bool,
    /// The picture of the sign of life.
    pub(crate) sign: char,
    /// The key that shows and hides thinking.
    pub(crate) thinking_key: Option<Key>,
}

impl Look {
    fn text_width(&self) -> usize {
        self.width.saturating_sub(MARGIN.len() + 1).clamp(1, WIDEST)
    }
}

/// Which part is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Place {
    /// The end, wherever it goes.
    #[default]
    Bottom,
    /// What begins with this line of this entry.
    At(usize, usize),
}

/// Everything that was said.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    /// In order.
    pub(crate) entries: Vec<Entry>,
    /// Which part is seen.
    pub(crate) place: Place,
    /// The message that is chosen.
    pub(crate) chosen: Option<usize>,
    /// Which of its fenced blocks is copied next.
    pub(crate) next_block: usize,
    /// What stood behind a question that is asked anew, until that is under way.
    pub(crate) set_aside: Vec<Entry>,
}

impl Transcript {
    /// Everything looks different from now on, and is laid out anew.
    pub(crate) fn restyle(&mut self) {
        self.entries.iter_mut().chain(&mut self.set_aside).for_each(Entry::restyle);
    }

    /// Adds something that was said, and goes there.
    pub(crate) fn push(&mut self, said: Said) {
        self.entries.push(Entry::new(said));
        self.place = Place::Bottom;
    }

    /// The answers, the last one first.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.entries.iter().rev().filter_map(|entry| match &entry.said {
            Said::Answer(answer) => Some(answer.as_ref()),
            Said::Person(_) => None,
        })
    }

    /// The answer that came last.
    pub(crate) fn last_answer(&self) -> Option<&Answer> {
        self.answers().next()
    }

    /// The answer that is the last entry.
    pub(crate) fn live(&mut self) -> Option<&mut Answer> {
        match &mut self.entries.last_mut()?.said {
            Said::Answer(answer) => Some(answer),
            Said::Person(_) => None,
        }
    }

    /// The lines that are seen.
    pub(crate) fn window(&mut self, height: usize, look: Look) -> Vec<Line<'static>> {
        let (mut entry, mut line) = self.top(height, look);
        let mut lines = Vec::with_capacity(height);
        while let Some(found) = self.entries.get_mut(entry).filter(|_| lines.len() < height) {
            let there = found.height(look);
            let room = height - lines.len();
            let is_chosen = self.chosen == Some(entry);
            let shown = (line..there).take(room).map(|index| {
                let line = found.line(index, look);
                // The blank line between two messages is neither's.
                if is_chosen && index + 1 < there { chosen_line(line, look) } else { line }
            });
            lines.extend(shown);
            (entry, line) = (entry + 1, 0);
        }
        lines
    }

    /// Moves what is seen; up is negative. At the end it stays at the end.
    pub(crate) fn scroll(&mut self, by: isize, height: usize, look: Look) {
        let top = self.top(height, look);
        let moved = if by < 0 { self.back(top, by.unsigned_abs(), look) } else { self.forward(top, by.unsigned_abs(), look) };
        self.place = if moved >= self.last_top(height, look) { Place::Bottom } else { Place::At(moved.0, moved.1) };
    }

    /// Moves as little as it takes to see the beginning of a message.
    pub(crate) fn show(&mut self, index: usize, height: usize, look: Look) {
        let top = self.top(height, look);
        if (index, 0) < top {
            self.place = Place::At(index, 0);
            return self.scroll(0, height, look);
        }
        let mut below = (index, 0);
        let end = self.forward(top, height.saturating_sub(1), look);
        if below > end {
            let rows = self.entries.get_mut(index).map_or(0, |entry| entry.height(look));
            below = self.forward(below, rows.min(height), look);
            let (entry, line) = self.back(below, height, look);
            self.place = Place::At(entry, line);
            self.scroll(0, height, look);
        }
    }

    /// Goes to the beginning.
    pub(crate) fn go_to_top(&mut self, height: usize, look: Look) {
        self.place = Place::At(0, 0);
        self.scroll(0, height, look);
    }

    fn top(&mut self, height: usize, look: Look) -> (usize, usize) {
        let last = self.last_top(height, look);
        match self.place {
            Place::At(entry, line) => (entry, line).min(last),
            Place::Bottom => last,
        }
    }

    /// The place from which everything to the end is seen.
    fn last_top(&mut self, height: usize, look: Look) -> (usize, usize) {
        let end = (self.entries.len(), 0);
        self.back(end, height, look)
    }

    fn back(&mut self, (mut entry, mut line): (usize, usize), mut by: usize, look: Look) -> (usize, usize) {
        while by > line {
            if entry == 0 {
                return (0, 0);
            }
            by -= line;
            entry -= 1;
            line = self.entries[entry].height(look);
        }
        (entry, line - by)
    }

    fn forward(&mut self, (mut entry, mut line): (usize, usize), by: usize, look: Look) -> (usize, usize) {
        line += by;
        while let Some(found) = self.entries.get_mut(entry) {
            let there = found.height(look);
            if line < there {
                break;
            }
            (entry, line) = (entry + 1, line - there);
        }
        (entry, line)
    }
}
