//! Styled text in lines that fit. What is moved to the next line is a word, a Chinese character with the mark that
//! belongs to it, or, where a word fits on no line, a grapheme: none is lost, and none is divided.

use ratatui::{
    buffer::CellWidth as _,
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation as _;

/// How wide a tab is.
const TAB: &str = "    ";
/// Marks that do not begin a line.
const CLOSING: &str = "，。；：、？！）】》」』”’…—,.;:?!)]}";
/// Marks that do not end one.
const OPENING: &str = "（【《「『“‘";

/// The columns that a text takes. Control characters take none.
pub(crate) fn width(text: &str) -> usize {
    text.graphemes(true).map(grapheme_width).sum()
}

/// The columns that one grapheme takes.
pub(crate) fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.chars().any(char::is_control) { 0 } else { usize::from(grapheme.cell_width()) }
}

/// As much of a text as fits in so many columns; what is cut is told by an ellipsis.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (mut fitting, mut used) = (String::new(), 1);
    for grapheme in text.graphemes(true) {
        used += grapheme_width(grapheme);
        if used > columns {
            break;
        }
        fitting.push_str(grapheme);
    }
    if columns > 0 {
        fitting.push('…');
    }
    fitting
}

/// The text in lines of at most so many columns. A grapheme that is wider than that has a line of its own.
pub(crate) fn wrap(spans: &[Span<'_>], columns: usize) -> Vec<Line<'static>> {
    let mut wrapper = Wrapper::new(columns.max(1));
    for span in spans {
        for grapheme in span.content.graphemes(true) {
            wrapper.take(grapheme, span.style);
        }
    }
    wrapper.finish()
}

/// A piece of text with its columns.
#[derive(Default)]
struct Strip {
    spans: Vec<Span<'static>>,
    columns: usize,
}

impl Strip {
    fn push(&mut self, text: &str, style: Style) {
        self.columns += grapheme_width(text);
        match self.spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(text),
            _ => self.spans.push(Span::styled(text.to_owned(), style)),
        }
    }

    fn append(&mut self, other: Self) {
        self.columns += other.columns;
        for span in other.spans {
            match self.spans.last_mut() {
                Some(last) if last.style == span.style => last.content.to_mut().push_str(&span.content),
                _ => self.spans.push(span),
            }
        }
    }
}

struct Wrapper {
    columns: usize,
    lines: Vec<Line<'static>>,
    line: Strip,
    space: Strip,
    word: Strip,
    may_break: bool,
}

impl Wrapper {
    fn new(columns: usize) -> Self {
        let empty = Strip::default;
        Self { columns, lines: Vec::new(), line: empty(), space: empty(), word: empty(), may_break: false }
    }

    fn take(&mut self, grapheme: &str, style: Style) {
        if grapheme == " " || grapheme == "\t" {
            self.place_word();
            self.space.push(if grapheme == "\t" { TAB } else { grapheme }, style);
            return;
        }
        let is_wide = grapheme_width(grapheme) > 1;
        let closes = CLOSING.contains(grapheme);
        if (is_wide || self.may_break) && !closes && !self.ends_open() {
            self.place_word();
        }
        self.word.push(grapheme, style);
        self.may_break = is_wide || (closes && self.may_break);
    }

    fn ends_open(&self) -> bool {
        self.word.spans.last().and_then(|span| span.content.chars().next_back()).is_some_and(|c| OPENING.contains(c))
    }

    fn place_word(&mut self) {
        self.may_break = false;
        if self.word.spans.is_empty() {
            return;
        }
        let (word, space) = (std::mem::take(&mut self.word), std::mem::take(&mut self.space));
        if self.line.columns + space.columns + word.columns <= self.columns {
            self.line.append(space);
            self.line.append(word);
            return;
        }
        if self.line.columns > 0 {
            self.end_line();
        }
        if word.columns <= self.columns {
            self.line.append(word);
        } else {
            self.divide(&word);
        }
    }

    fn divide(&mut self, word: &Strip) {
        for span in &word.spans {
            for grapheme in span.content.graphemes(true) {
                if self.line.columns > 0 && self.line.columns + grapheme_width(grapheme) > self.columns {
                    self.end_line();
                }
                self.line.push(grapheme, span.style);
            }
        }
    }

    fn end_line(&mut self) {
        self.lines.push(Line::from(std::mem::take(&mut self.line).spans));
    }

    fn finish(mut self) -> Vec<Line<'static>> {
        self.place_word();
        self.end_line();
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str, columns: usize) -> Vec<String> {
        wrap(&[Span::raw(text.to_owned())], columns).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(texts("one two three", 8), ["one two", "three"]);
        assert_eq!(texts("a abcdefghij", 4), ["a", "abcd", "efgh", "ij"]);
        assert_eq!(texts("", 4), [""]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_a_closing_mark() {
        assert_eq!(texts("你好，世界。", 6), ["你好，", "世界。"]);
        assert_eq!(texts("你好，世界。", 5), ["你", "好，", "世", "界。"]);
    }

    #[test]
    fn an_emoji_of_many_parts_is_one() {
        assert_eq!(texts("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2), ["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("你好吗", 4), "你…");
        assert_eq!(fit("abc", 0), "");
    }

    proptest! {
        #[test]
        fn no_grapheme_is_lost_or_divided(text in "[a-z 你好，。é👩‍👧🇩🇪\u{301}]{0,60}", columns in 1..20usize) {
            let lines = texts(&text, columns);
            let graphemes = |text: &str| -> Vec<String> {
                text.graphemes(true).filter(|g| *g != " ").map(str::to_owned).collect()
            };
            let before = graphemes(&text);
            let after: Vec<String> = lines.iter().flat_map(|line| graphemes(line)).collect();
            prop_assert_eq!(before, after);
            for line in &lines {
                prop_assert!(width(line) <= columns || line.graphemes(true).filter(|g| width(g) > 0).count() == 1, "{line:?} in {columns}");
            }
        }
    }
}
