//! Styled text that grows, in rows of a column's width. Pure.
//!
//! The text is neutralised and may hold escape codes of style and no others. A row holds its style in itself: it begins with
//! what was on and ends with everything off. Words stay whole where they fit; a wide character may end a row anywhere but
//! before a mark that closes.

use std::rc::Rc;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// How far a tab reaches.
const TAB: usize = 4;

const OFF: &str = "\u{1b}[0m";

/// A row, and how many columns it takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) width: usize,
}

/// Text in rows.
#[derive(Debug)]
pub(super) struct Flow {
    width: usize,
    source: String,
    /// The rows of the lines that have ended.
    rows: Vec<Row>,
    /// Where the line that is still open begins, and what is on there.
    open: usize,
    style: String,
}

impl Flow {
    /// No text, in rows of so many columns.
    pub(super) fn new(width: usize) -> Self {
        Self { width, source: String::new(), rows: Vec::new(), open: 0, style: String::new() }
    }

    /// How wide its rows are.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Whether nothing has come.
    pub(super) fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Adds text.
    pub(super) fn push(&mut self, text: &str) {
        self.source.push_str(text);
        while let Some(length) = self.source[self.open..].find('\n') {
            let line = &self.source[self.open..self.open + length];
            self.rows.extend(wrap(line, self.width, &mut self.style));
            self.open += length + 1;
        }
    }

    /// Puts the text in rows of another width.
    pub(super) fn set_width(&mut self, width: usize) {
        if width == self.width {
            return;
        }
        let source = std::mem::take(&mut self.source);
        *self = Self::new(width);
        self.push(&source);
    }

    /// The last rows, no more than `most`.
    pub(super) fn tail(&self, most: usize) -> Vec<Row> {
        let open = if self.open < self.source.len() {
            wrap(&self.source[self.open..], self.width, &mut self.style.clone())
        } else {
            Vec::new()
        };
        let closed = self.rows.len().min(most.saturating_sub(open.len()));
        let rows = self.rows[self.rows.len() - closed..].iter().cloned().chain(open);
        let rows: Vec<_> = rows.collect();
        rows[rows.len().saturating_sub(most)..].to_vec()
    }

    /// Every row.
    #[cfg(test)]
    pub(super) fn all(&self) -> Vec<Row> {
        self.tail(usize::MAX)
    }
}

/// What is never divided: a character with what belongs to it.
struct Cell {
    text: String,
    width: usize,
    style: Rc<str>,
}

impl Cell {
    fn is_blank(&self) -> bool {
        self.text == " "
    }

    /// Whether it belongs to what stands before it.
    fn closes(&self) -> bool {
        self.text.chars().next().is_some_and(|c| "，。；：、？！）」』”》】…,.;:?!)".contains(c))
    }
}

/// A line in rows; one row at least. `style` is what is on at its beginning, then at its end.
pub(super) fn wrap(line: &str, width: usize, style: &mut String) -> Vec<Row> {
    let cells = cells(line, style);
    let (mut rows, mut rest) = (Vec::new(), &cells[..]);
    while !rest.is_empty() {
        let (end, next) = row_end(rest, width);
        rows.push(row(&rest[..end]));
        rest = &rest[next..];
    }
    if rows.is_empty() {
        rows.push(Row::default());
    }
    rows
}

fn cells(line: &str, style: &mut String) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let (mut on, mut column, mut rest) = (Rc::<str>::from(style.as_str()), 0, line.chars());
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            let code: String = std::iter::once(c).chain(rest.by_ref().take_while(|c| *c != 'm')).chain(['m']).collect();
            turn(style, &code);
            on = style.as_str().into();
            continue;
        }
        let is_mark = c != '\t' && c.width().unwrap_or(0) == 0;
        let belongs = cells.last().is_some_and(|last| is_mark || last.text.ends_with('\u{200d}'));
        if let (true, Some(last)) = (belongs, cells.last_mut()) {
            last.text.push(c);
            column -= last.width;
            last.width = last.text.width();
            column += last.width;
            continue;
        }
        let (text, count) = if c == '\t' { (' ', TAB - column % TAB) } else { (c, 1) };
        for _ in 0..count {
            let width = text.width().unwrap_or(0);
            cells.push(Cell { text: text.to_string(), width, style: Rc::clone(&on) });
            column += width;
        }
    }
    cells
}

/// What is on after a code.
fn turn(style: &mut String, code: &str) {
    let codes = &code[2.min(code.len())..code.len() - 1];
    if codes.is_empty() || codes == "0" {
        style.clear();
    } else if codes.starts_with("0;") {
        code.clone_into(style);
    } else {
        style.push_str(code);
    }
}

/// Where a row of these cells ends, and where the next begins.
fn row_end(cells: &[Cell], width: usize) -> (usize, usize) {
    let (mut taken, mut has_word, mut best) = (0, false, None);
    for (place, cell) in cells.iter().enumerate() {
        if taken + cell.width > width && place > 0 {
            return if cell.is_blank() { (place, place + 1) } else { best.unwrap_or((place, place)) };
        }
        taken += cell.width;
        has_word |= !cell.is_blank();
        let next = cells.get(place + 1);
        if cell.is_blank() && has_word {
            best = Some((place, place + 1));
        } else if next.is_some_and(|next| (cell.width > 1 || next.width > 1) && !next.closes() && !next.is_blank()) {
            best = Some((place + 1, place + 1));
        }
    }
    (cells.len(), cells.len())
}

fn row(cells: &[Cell]) -> Row {
    let (mut text, mut on) = (String::new(), "");
    for cell in cells {
        if *cell.style != *on {
            if !on.is_empty() {
                text.push_str(OFF);
            }
            text.push_str(&cell.style);
            on = &cell.style;
        }
        text.push_str(&cell.text);
    }
    if !on.is_empty() {
        text.push_str(OFF);
    }
    Row { text, width: cells.iter().map(|cell| cell.width).sum() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        let mut flow = Flow::new(width);
        flow.push(text);
        flow.all().into_iter().map(|row| row.text).collect()
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrapped("a\n\nb\n", 4), ["a", "", "b"]);
        assert_eq!(wrapped("    indented", 8), ["    inde", "nted"]);
        assert_eq!(wrapped("\tx", 8), ["    x"]);
    }

    #[test]
    fn chinese_is_divided_anywhere_but_before_a_mark() {
        assert_eq!(wrapped("检查网络，再试一次。", 8), ["检查网", "络，再试", "一次。"]);
        assert_eq!(wrapped("用mmp检查", 5), ["用mmp", "检查"]);
    }

    #[test]
    fn a_row_holds_its_style_in_itself() {
        let rows = wrapped("\u{1b}[0;1mbold words\u{1b}[0m plain", 6);
        assert_eq!(rows, ["\u{1b}[0;1mbold\u{1b}[0m", "\u{1b}[0;1mwords\u{1b}[0m", "plain"]);
        assert_eq!(wrapped("\u{1b}[0;36ma\nb\u{1b}[0m", 6), ["\u{1b}[0;36ma\u{1b}[0m", "\u{1b}[0;36mb\u{1b}[0m"]);
    }

    #[test]
    fn what_belongs_together_is_not_divided() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(wrapped(&format!("e\u{301}{family}x"), 3), [format!("e\u{301}{family}"), "x".into()]);
    }

    #[test]
    fn the_tail_is_the_end_of_everything() {
        let mut flow = Flow::new(10);
        flow.push("1\n2\n3\n4");
        assert_eq!(flow.tail(2), flow.all()[2..]);
        flow.set_width(20);
        assert_eq!(flow.all().len(), 4);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_row_is_too_wide(text in "[a-z ，。你好\n\t]{0,120}", width in 2_usize..40, cut in 0_usize..120) {
            let cut = text.char_indices().map(|(place, _)| place).nth(cut).unwrap_or(text.len());
            let mut flow = Flow::new(width);
            flow.push(&text[..cut]);
            flow.push(&text[cut..]);
            let rows = flow.all();
            prop_assert!(rows.iter().all(|row| row.width <= width && row.text.width() == row.width));
            let said = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(said(&rows.iter().map(|row| row.text.as_str()).collect::<String>()), said(&text));
            let whole: Vec<_> = wrapped(&text, width);
            prop_assert_eq!(whole, rows.into_iter().map(|row| row.text).collect::<Vec<_>>());
        }
    }
}
