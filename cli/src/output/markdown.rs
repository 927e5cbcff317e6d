//! Markdown that stays readable while it streams: a filter that puts style around text and changes none of it.
//!
//! What goes in comes out, every mark included, with escape codes between. Text is held back only while it is open what
//! a mark means, and a mark is a few characters long; so a heading is bold from its first word on. Nothing here knows
//! of chunks, terminals or time. Control characters are the affair of `neutralise`, which comes first.

/// How a character is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Style {
    bold: bool,
    italic: bool,
    code: bool,
    marker: bool,
    faint: bool,
}

impl Style {
    fn codes(self) -> String {
        let codes = [(self.bold, ";1"), (self.faint, ";2"), (self.italic, ";3"), (self.code, ";36"), (self.marker, ";33")];
        let on: String = codes.iter().filter(|(is_on, _)| *is_on).map(|(_, code)| *code).collect();
        format!("\u{1b}[0{on}m")
    }
}

/// The line that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Line {
    /// Nothing but white space has come.
    #[default]
    Start,
    /// Running text.
    Text,
    /// The line that opens or closes a fence.
    Fence,
    /// Code.
    Code,
}

/// A fence that is open.
#[derive(Debug, Clone, Copy)]
struct Fence {
    mark: char,
    length: usize,
}

/// The filter.
#[derive(Debug, Default)]
pub(crate) struct Markdown {
    line: Line,
    fence: Option<Fence>,
    is_heading: bool,
    bold: bool,
    italic: bool,
    code_ticks: usize,
    is_escaped: bool,
    last: Option<char>,
    held: String,
    shown: Style,
}

impl Markdown {
    /// Takes the next piece and adds what can be shown.
    pub(crate) fn push(&mut self, piece: &str, out: &mut String) {
        for c in piece.chars() {
            self.take(c, out);
        }
    }

    /// Takes the end: what is held back is shown, and the style is that of before.
    pub(crate) fn finish(&mut self, out: &mut String) {
        self.settle(None, out);
        self.restyle(Style::default(), out);
    }

    fn take(&mut self, c: char, out: &mut String) {
        if !self.held.is_empty() {
            if self.holds_more(c) {
                self.held.push(c);
                return;
            }
            self.settle(Some(c), out);
        }
        if c == '\n' {
            self.end_line(out);
        } else if self.begins_mark(c) {
            self.held.push(c);
        } else {
            self.show(c, out);
        }
    }

    /// Whether `c` could be the beginning of a mark here.
    fn begins_mark(&self, c: char) -> bool {
        if self.is_escaped {
            return false;
        }
        match (self.line, self.fence) {
            (Line::Start, Some(fence)) => c == fence.mark,
            (Line::Start, None) => matches!(c, '#' | '`' | '~' | '-' | '+' | '*' | '>' | '0'..='9'),
            (Line::Text, _) => c == '`' || (c == '*' && self.code_ticks == 0),
            (Line::Fence | Line::Code, _) => false,
        }
    }

    /// Whether the mark that is held goes on with `c`.
    fn holds_more(&self, c: char) -> bool {
        let first = self.held.chars().next();
        if self.line == Line::Start && self.fence.is_some() {
            // A closing fence stands alone on its line.
            return matches!(c, ' ' | '\t') || (Some(c) == first && !self.held.ends_with([' ', '\t']));
        }
        match first {
            Some('0'..='9') => {
                c.is_ascii_digit() && self.held.len() < 9 || (matches!(c, '.' | ')') && !self.held.ends_with(['.', ')']))
            }
            Some('#' | '`' | '~' | '*') => Some(c) == first,
            _ => false,
        }
    }

    /// Decides what the held mark is, now that `next` follows it, and shows it.
    fn settle(&mut self, next: Option<char>, out: &mut String) {
        let mark = std::mem::take(&mut self.held);
        let Some(first) = mark.chars().next() else { return };
        if self.line == Line::Start {
            if self.settle_at_start(&mark, first, next, out) {
                return;
            }
            self.line = if self.fence.is_some() { Line::Code } else { Line::Text };
        }
        match first {
            '`' if self.fence.is_none() => self.settle_ticks(&mark, out),
            '*' if self.fence.is_none() && self.code_ticks == 0 => self.settle_stars(&mark, next, out),
            _ => self.show_all(&mark, out),
        }
    }

    /// Marks that mean something only at the start of a line; gives back whether this was one.
    fn settle_at_start(&mut self, mark: &str, first: char, next: Option<char>, out: &mut String) -> bool {
        let is_followed_by_space = matches!(next, Some(' ' | '\t' | '\n') | None);
        if let Some(fence) = self.fence {
            let is_closing = mark.trim_end().len() >= fence.length && matches!(next, Some('\n') | None);
            if is_closing {
                self.line = Line::Fence;
                self.show_all(mark, out);
                self.fence = None;
            }
            return is_closing;
        }
        match first {
            '`' | '~' if mark.len() >= 3 => {
                self.line = Line::Fence;
                self.show_all(mark, out);
                self.fence = Some(Fence { mark: first, length: mark.len() });
            }
            '#' if mark.len() <= 6 && is_followed_by_space => {
                self.line = Line::Text;
                self.is_heading = true;
                self.show_all(mark, out);
            }
            '-' | '+' | '>' if is_followed_by_space => self.show_marker(mark, out),
            '*' if mark.len() == 1 && is_followed_by_space => self.show_marker(mark, out),
            '0'..='9' if mark.ends_with(['.', ')']) && is_followed_by_space => self.show_marker(mark, out),
            _ => return false,
        }
        true
    }

    fn settle_ticks(&mut self, mark: &str, out: &mut String) {
        if self.code_ticks == 0 {
            self.code_ticks = mark.len();
            self.show_all(mark, out);
        } else {
            self.show_all(mark, out);
            if self.code_ticks == mark.len() {
                self.code_ticks = 0;
            }
        }
    }

    fn settle_stars(&mut self, mark: &str, next: Option<char>, out: &mut String) {
        let (wants_italic, wants_bold) = (mark.len() % 2 == 1, mark.len() >= 2);
        let can_close = self.last.is_some_and(|last| !last.is_whitespace());
        let can_open = next.is_some_and(|next| !next.is_whitespace());
        let closes = can_close && (!wants_italic || self.italic) && (!wants_bold || self.bold);
        if closes {
            self.show_all(mark, out);
        }
        if mark.len() <= 3 && (closes || can_open) {
            self.italic = if wants_italic { !closes } else { self.italic };
            self.bold = if wants_bold { !closes } else { self.bold };
        }
        if !closes {
            self.show_all(mark, out);
        }
    }

    fn show_marker(&mut self, mark: &str, out: &mut String) {
        self.restyle(Style { marker: true, ..Style::default() }, out);
        out.push_str(mark);
        // A list may hold a list, a heading or a fence; after a quote's mark, too, a line begins.
        self.line = Line::Start;
        self.last = None;
    }

    fn show_all(&mut self, text: &str, out: &mut String) {
        for c in text.chars() {
            self.show(c, out);
        }
    }

    fn show(&mut self, c: char, out: &mut String) {
        if self.line == Line::Start && !matches!(c, ' ' | '\t') {
            self.line = if self.fence.is_some() { Line::Code } else { Line::Text };
        }
        self.restyle(self.wanted(), out);
        out.push(c);
        self.is_escaped = c == '\\' && !self.is_escaped && self.line == Line::Text && self.code_ticks == 0;
        self.last = Some(c);
    }

    fn wanted(&self) -> Style {
        match self.line {
            Line::Start => Style::default(),
            Line::Code => Style { code: true, ..Style::default() },
            Line::Fence => Style { faint: true, ..Style::default() },
            Line::Text => {
                Style { bold: self.bold || self.is_heading, italic: self.italic, code: self.code_ticks > 0, ..Style::default() }
            }
        }
    }

    /// Style never crosses a line: a mark that nobody closes costs one line its looks and no more.
    fn end_line(&mut self, out: &mut String) {
        self.restyle(Style::default(), out);
        out.push('\n');
        *self = Self { fence: self.fence, shown: self.shown, ..Self::default() };
    }

    fn restyle(&mut self, wanted: Style, out: &mut String) {
        if self.shown != wanted {
            out.push_str(&wanted.codes());
            self.shown = wanted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# Title\n\nSome **bold** and *italic* and `code` and ***both***, 2 * 3 * 4, snake_case, \\*no\\*.\n\n\
        - one\n  * two **x**\n10. ten\n> quote `a``b`\n```rust\nfn **main**() {\n``\n```\nafter ``a`b`` **open\nnext\n~~~\n```\n~~~ \nend 你好 **粗**";

    fn styled(pieces: &[&str]) -> String {
        let (mut markdown, mut out) = (Markdown::default(), String::new());
        for piece in pieces {
            markdown.push(piece, &mut out);
        }
        markdown.finish(&mut out);
        out
    }

    fn bare(text: &str) -> String {
        let mut bare = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("\u{1b}[") {
            bare.push_str(&rest[..at]);
            rest = rest[at..].split_once('m').expect("a code ends with m").1;
        }
        bare + rest
    }

    #[test]
    fn the_text_is_never_changed() {
        assert_eq!(bare(&styled(&[SAMPLE])), SAMPLE);
        for text in ["", "*", "**", "```", "``` ", "1.", "12", "#", "####### x", "a\\", "- ", "-", "`", "\n\n", "* * *\n", "****"]
        {
            assert_eq!(bare(&styled(&[text])), text, "{text:?}");
        }
    }

    #[test]
    fn cuts_change_nothing() {
        let whole = styled(&[SAMPLE]);
        for (at, _) in SAMPLE.char_indices() {
            assert_eq!(styled(&[&SAMPLE[..at], &SAMPLE[at..]]), whole, "cut at {at}");
        }
        let pieces: Vec<_> = SAMPLE.char_indices().map(|(at, c)| &SAMPLE[at..at + c.len_utf8()]).collect();
        assert_eq!(styled(&pieces), whole);
    }

    #[test]
    fn no_more_than_a_mark_is_held_back() {
        let (mut markdown, mut out) = (Markdown::default(), String::new());
        for (at, c) in SAMPLE.char_indices() {
            markdown.push(&SAMPLE[at..at + c.len_utf8()], &mut out);
            assert!(SAMPLE[..at + c.len_utf8()].len() - bare(&out).len() <= 4, "after {:?}", &SAMPLE[..at]);
        }
    }

    #[test]
    fn marks_are_styled() {
        assert_eq!(styled(&["# a\nb"]), "\u{1b}[0;1m# a\u{1b}[0m\nb");
        assert_eq!(styled(&["a **b** c"]), "a \u{1b}[0;1m**b**\u{1b}[0m c");
        assert_eq!(styled(&["`a`"]), "\u{1b}[0;36m`a`\u{1b}[0m");
        assert_eq!(styled(&["- a"]), "\u{1b}[0;33m-\u{1b}[0m a");
        assert_eq!(
            styled(&["```\n# a\n```\nb"]),
            "\u{1b}[0;2m```\u{1b}[0m\n\u{1b}[0;36m# a\u{1b}[0m\n\u{1b}[0;2m```\u{1b}[0m\nb"
        );
    }

    #[test]
    fn what_only_looks_like_a_mark_is_left_alone() {
        for text in ["2 * 3 * 4", "#hashtag", "1.5 litres", "a - b", "snake_case_name", "\\*a\\*", "-x", "**"] {
            assert_eq!(styled(&[text]), text);
        }
    }

    #[test]
    fn style_ends_with_its_line() {
        assert_eq!(styled(&["**a\nb"]), "\u{1b}[0;1m**a\u{1b}[0m\nb");
    }
}
