//! A text that is being written, and the place in it. What the caret steps over is a grapheme, or a whole paste that was
//! folded to a chip: one character stands for it here.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use crate::tui::{clean::clean, markdown::wrap::grapheme_width};

/// What stands for a folded paste.
const CHIP: char = '\u{fffc}';
/// From how many bytes or lines on a paste is folded.
const LARGE: usize = 1_500;
const MANY_LINES: usize = 12;

/// A place to go to, or how far to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// One grapheme back.
    Back,
    /// One grapheme on.
    Forward,
    /// To the beginning of the word.
    WordBack,
    /// Behind the end of the word.
    WordForward,
    /// To the beginning of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
}

/// The text and the caret.
#[derive(Debug, Clone, Default)]
pub(crate) struct Editor {
    text: String,
    caret: usize,
    chips: Vec<String>,
    killed: String,
}

/// A row of the editor: what is shown, and where in the text it begins and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What is shown.
    pub(crate) shown: String,
    start: usize,
    end: usize,
}

impl Editor {
    /// The text as it is meant, pastes unfolded.
    pub(crate) fn text(&self) -> String {
        let mut chips = self.chips.iter();
        let mut whole = String::with_capacity(self.text.len());
        for (index, part) in self.text.split(CHIP).enumerate() {
            if index > 0 {
                whole.push_str(chips.next().map_or("", String::as_str));
            }
            whole.push_str(part);
        }
        whole
    }

    /// The text as it is written, a character for each folded paste.
    pub(crate) fn written(&self) -> &str {
        &self.text
    }

    /// Where the caret stands in that, in bytes.
    pub(crate) const fn caret(&self) -> usize {
        self.caret
    }

    /// Whether nothing is written.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Writes another text in place of all; the caret stands behind it.
    pub(crate) fn set(&mut self, text: &str) {
        self.clear();
        self.paste(text);
    }

    /// Forgets the text.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.chips.clear();
        self.caret = 0;
    }

    /// Writes at the caret.
    pub(crate) fn insert(&mut self, text: &str) {
        let text = text.replace(CHIP, "\u{fffd}");
        self.text.insert_str(self.caret, &text);
        self.caret += text.len();
    }

    /// Writes what was pasted, folded where it is large. Its line ends become line feeds.
    pub(crate) fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if text.len() < LARGE && text.lines().count() < MANY_LINES {
            return self.insert(&clean(&text));
        }
        let before = self.text[..self.caret].matches(CHIP).count();
        self.chips.insert(before, text);
        self.text.insert(self.caret, CHIP);
        self.caret += CHIP.len_utf8();
    }

    /// Moves the caret.
    pub(crate) fn go(&mut self, step: Step) {
        self.caret = self.target(step);
    }

    /// Deletes from the caret to there. What is more than a grapheme can be put back with [`Self::yank`].
    pub(crate) fn delete(&mut self, step: Step) {
        let mut target = self.target(step);
        // At the end of a line its line feed goes.
        if step == Step::LineEnd && target == self.caret {
            target = self.target(Step::Forward);
        }
        let (start, end) = (self.caret.min(target), self.caret.max(target));
        let first = self.text[..start].matches(CHIP).count();
        let count = self.text[start..end].matches(CHIP).count();
        if !matches!(step, Step::Back | Step::Forward) && start < end && count == 0 {
            self.killed = self.text[start..end].to_owned();
        }
        self.chips.drain(first..first + count);
        self.text.replace_range(start..end, "");
        self.caret = start;
    }

    /// Writes what was deleted last.
    pub(crate) fn yank(&mut self) {
        let killed = self.killed.clone();
        self.insert(&killed);
    }

    /// Moves the caret a row up or down; false where there is none.
    pub(crate) fn go_row(&mut self, down: bool, columns: usize) -> bool {
        let rows = self.rows(columns);
        let (row, column) = self.caret_in(&rows);
        let target = if down { row + 1 } else { row.wrapping_sub(1) };
        let Some(row) = rows.get(target) else { return false };
        let (mut used, mut caret) = (0, row.start);
        for grapheme in self.text[row.start..row.end].graphemes(true) {
            used += self.shown_width(grapheme, caret);
            if used > column {
                break;
            }
            caret += grapheme.len();
        }
        self.caret = caret;
        true
    }

    /// The rows at this width.
    pub(crate) fn rows(&self, columns: usize) -> Vec<Row> {
        let columns = columns.max(2);
        let mut rows = vec![Row { shown: String::new(), start: 0, end: 0 }];
        let (mut used, mut chip) = (0, 0);
        for (at, grapheme) in self.text.grapheme_indices(true) {
            if grapheme == "\n" {
                rows.push(Row { shown: String::new(), start: at + 1, end: at + 1 });
                used = 0;
                continue;
            }
            let shown = self.shown(grapheme, &mut chip);
            let width: usize = shown.graphemes(true).map(grapheme_width).sum();
            if used + width > columns && used > 0 {
                rows.push(Row { shown: String::new(), start: at, end: at });
                used = 0;
            }
            used += width;
            if let Some(row) = rows.last_mut() {
                row.shown.push_str(&shown);
                row.end = at + grapheme.len();
            }
        }
        rows
    }

    /// The row and the column of the caret.
    pub(crate) fn caret_in(&self, rows: &[Row]) -> (usize, usize) {
        let row = rows.iter().rposition(|row| row.start <= self.caret).unwrap_or(0);
        let start = rows.get(row).map_or(0, |row| row.start);
        let mut at = start;
        let mut column = 0;
        for grapheme in self.text[start..self.caret].graphemes(true) {
            column += self.shown_width(grapheme, at);
            at += grapheme.len();
        }
        (row, column)
    }

    fn shown_width(&self, grapheme: &str, at: usize) -> usize {
        let mut chip = self.text[..at].matches(CHIP).count();
        self.shown(grapheme, &mut chip).graphemes(true).map(grapheme_width).sum()
    }

    fn shown(&self, grapheme: &str, chip: &mut usize) -> String {
        if grapheme == "\t" {
            return "    ".to_owned();
        }
        if !grapheme.starts_with(CHIP) {
            return grapheme.to_owned();
        }
        let text = self.chips.get(*chip).map_or("", String::as_str);
        *chip += 1;
        format!("[⎘ {} · {}↵]", size(text.len()), text.lines().count())
    }

    fn target(&self, step: Step) -> usize {
        let (before, after) = self.text.split_at(self.caret);
        match step {
            Step::Back => self.boundary(|cursor| cursor.prev_boundary(&self.text, 0).ok().flatten()).unwrap_or(0),
            Step::Forward => {
                self.boundary(|cursor| cursor.next_boundary(&self.text, 0).ok().flatten()).unwrap_or(self.text.len())
            }
            Step::WordBack => {
                let words = before.split_word_bound_indices().rev();
                words.into_iter().find(|(_, word)| is_word(word)).map_or(0, |(at, _)| at)
            }
            Step::WordForward => {
                let found = after.split_word_bound_indices().find(|(_, word)| is_word(word));
                found.map_or(self.text.len(), |(at, word)| self.caret + at + word.len())
            }
            Step::LineStart => before.rfind('\n').map_or(0, |at| at + 1),
            Step::LineEnd => after.find('\n').map_or(self.text.len(), |at| self.caret + at),
        }
    }

    fn boundary(&self, find: impl Fn(&mut GraphemeCursor) -> Option<usize>) -> Option<usize> {
        find(&mut GraphemeCursor::new(self.caret, self.text.len(), true))
    }
}

fn is_word(piece: &str) -> bool {
    piece.chars().any(|c| c.is_alphanumeric() || c == CHIP)
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.insert(text);
        editor
    }

    #[test]
    fn a_step_is_a_grapheme() {
        let mut editor = written("a👩‍👩‍👧‍👦é");
        editor.delete(Step::Back);
        assert_eq!(editor.text(), "a👩‍👩‍👧‍👦");
        editor.delete(Step::Back);
        assert_eq!(editor.text(), "a");
    }

    #[test]
    fn the_caret_counts_columns() {
        let editor = written("你好a\n世");
        let rows = editor.rows(20);
        assert_eq!(editor.caret_in(&rows), (1, 2));
        assert_eq!(rows[0].shown, "你好a");
    }

    #[test]
    fn a_large_paste_is_one_step_and_whole() {
        let mut editor = written("see: ");
        let large = "line\r\n".repeat(1000);
        editor.paste(&large);
        editor.insert(" end");
        assert_eq!(editor.text(), format!("see: {} end", "line\n".repeat(1000)));
        assert!(editor.rows(80)[0].shown.contains("[⎘ 4 KB · 1000↵]"), "{:?}", editor.rows(80));
        for _ in 0.." end".len() + 1 {
            editor.delete(Step::Back);
        }
        assert_eq!(editor.text(), "see: ");
    }

    #[test]
    fn words_and_lines_are_deleted_and_come_back() {
        let mut editor = written("one two\nthree four");
        editor.delete(Step::WordBack);
        assert_eq!(editor.text(), "one two\nthree ");
        editor.yank();
        editor.delete(Step::LineStart);
        assert_eq!(editor.text(), "one two\n");
        editor.delete(Step::Back);
        editor.go(Step::WordBack);
        editor.delete(Step::LineEnd);
        assert_eq!(editor.text(), "one ");
    }

    #[test]
    fn rows_are_walked_by_columns() {
        let mut editor = written("abcdef\n你好世界\nxy");
        assert!(editor.go_row(false, 80) && editor.go_row(false, 80));
        assert!(!editor.go_row(false, 80));
        editor.insert("|");
        assert_eq!(editor.text(), "ab|cdef\n你好世界\nxy");
    }

    proptest! {
        #[test]
        fn no_key_divides_a_grapheme(steps in proptest::collection::vec(0..9usize, 0..60), columns in 0..12usize) {
            let mut editor = Editor::default();
            for step in steps {
                match step {
                    0 => editor.insert("a👩‍👧b"),
                    1 => editor.insert("你\n好"),
                    2 => editor.go(Step::Back),
                    3 => editor.go(Step::WordBack),
                    4 => editor.delete(Step::Back),
                    5 => editor.delete(Step::WordForward),
                    6 => editor.paste(&"x\n".repeat(20)),
                    7 => drop(editor.go_row(false, columns)),
                    _ => drop(editor.go_row(true, columns)),
                }
                let rows = editor.rows(columns);
                let (row, _) = editor.caret_in(&rows);
                prop_assert!(row < rows.len());
                prop_assert_eq!(editor.written().matches(CHIP).count(), editor.chips.len());
            }
        }
    }
}
