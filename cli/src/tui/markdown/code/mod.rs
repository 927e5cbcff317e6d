//! Colors in fenced code: what is a comment, a string, a number, a word of the language. One pass over a line, a few marks
//! and a list of words for each language (`languages`), no pattern and no table to load: it cannot take long, whatever the
//! line is, and costs no memory. It knows no grammar; a construct that it does not know is left plain.

mod languages;

use ratatui::{style::Style, text::Span};

use self::languages::{Language, Quote};
use crate::tui::theme::Theme;

/// A fenced block that is being read: its language, and what its last line left open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Code {
    language: Option<&'static Language>,
    open: Open,
}

/// What the next line begins within.
#[derive(Debug, Clone, Copy, Default)]
enum Open {
    #[default]
    Nothing,
    /// A comment that ends with the line.
    LineComment,
    /// A comment that ends with a mark.
    Comment(&'static str),
    /// A string.
    Text(&'static Quote),
    /// A tag of markup.
    Tag,
}

impl Code {
    /// The code behind a line that opens a fence: `info` is what stands behind the marks.
    pub(super) fn named(info: &str) -> Self {
        let name: String = info.trim().chars().take_while(|c| !c.is_whitespace() && !matches!(c, ',' | '{' | ':')).collect();
        Self { language: languages::named(&name.to_lowercase()), open: Open::Nothing }
    }

    /// A line, or a part of one where it has no end yet, in colors.
    pub(super) fn spans(&mut self, line: &str, theme: Theme) -> Vec<Span<'static>> {
        let text = line.trim_end_matches(['\n', '\r']);
        let Some(language) = self.language else { return vec![Span::styled(text.to_owned(), theme.code())] };
        let mut pen = Pen { language, open: self.open, theme, text, at: 0, plain: 0, spans: Vec::new() };
        if language.is_diff {
            pen.diff();
        } else {
            pen.run();
        }
        self.open = match pen.open {
            Open::LineComment if text.len() < line.len() => Open::Nothing,
            Open::Text(quote) if text.len() < line.len() && !quote.goes_on => Open::Nothing,
            open => open,
        };
        pen.spans
    }
}

/// Goes through a line.
struct Pen<'a> {
    language: &'static Language,
    open: Open,
    theme: Theme,
    text: &'a str,
    at: usize,
    /// Where what has no color began.
    plain: usize,
    spans: Vec<Span<'static>>,
}

impl Pen<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Goes on to a place, in this style.
    fn paint(&mut self, until: usize, style: Style) {
        self.end_plain();
        if self.at < until {
            self.spans.push(Span::styled(self.text[self.at..until].to_owned(), style));
        }
        (self.at, self.plain) = (until, until);
    }

    fn end_plain(&mut self) {
        if self.plain < self.at {
            self.spans.push(Span::styled(self.text[self.plain..self.at].to_owned(), self.theme.text()));
        }
        self.plain = self.at;
    }

    fn diff(&mut self) {
        let style = match self.text.chars().next() {
            Some('+') => self.theme.added(),
            Some('-') => self.theme.removed(),
            Some('@') => self.theme.name(),
            _ => self.theme.text(),
        };
        self.paint(self.text.len(), style);
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            match self.open {
                Open::LineComment => self.paint(self.text.len(), self.theme.comment()),
                Open::Comment(close) => self.finish_comment(close),
                Open::Text(quote) => self.finish_text(quote, 0),
                Open::Tag => self.tag(),
                Open::Nothing if self.language.is_markup => self.markup(),
                Open::Nothing => self.step(),
            }
        }
        self.end_plain();
    }

    fn finish_comment(&mut self, close: &'static str) {
        let end = self.rest().find(close).map(|at| self.at + at + close.len());
        if end.is_some() {
            self.open = Open::Nothing;
        }
        self.paint(end.unwrap_or(self.text.len()), self.theme.comment());
    }

    /// A string up to its end, looked for behind so much of it.
    fn finish_text(&mut self, quote: &'static Quote, behind: usize) {
        let from = self.at + behind;
        let mut is_escaped = false;
        let end = self.text[from..].char_indices().find_map(|(at, c)| {
            if std::mem::take(&mut is_escaped) {
                return None;
            }
            is_escaped = quote.escapes && c == '\\';
            self.text[from + at..].starts_with(quote.close).then_some(from + at + quote.close.len())
        });
        if end.is_some() {
            self.open = if self.language.is_markup { Open::Tag } else { Open::Nothing };
        }
        self.string(end.unwrap_or(self.text.len()));
    }

    /// A string ends here; one that names something is a name.
    fn string(&mut self, end: usize) {
        let is_key = self.language.has_keys && self.text[end..].trim_start().starts_with(':');
        self.paint(end, if is_key { self.theme.name() } else { self.theme.string() });
    }

    /// Takes what stands here, one thing.
    fn step(&mut self) {
        if self.begin_comment() || self.begin_text() {
            return;
        }
        let Some(first) = self.rest().chars().next() else { return };
        if first.is_ascii_digit() {
            return self.number();
        }
        if first.is_alphabetic() || first == '_' {
            return self.word();
        }
        let name = self.rest()[first.len_utf8()..].chars().next();
        if self.language.sigils.contains(first) && name.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '{')) {
            let length = self.rest()[1..].find(|c: char| !is_of_word(c) && !matches!(c, '{' | '}')).map(|at| at + 1);
            return self.paint(self.at + length.unwrap_or(self.rest().len()), self.theme.name());
        }
        self.at += first.len_utf8();
    }

    fn begin_comment(&mut self) -> bool {
        let is_alone = self.text[..self.at].chars().next_back().is_none_or(char::is_whitespace);
        let begins = |mark: &&str| self.rest().starts_with(*mark) && (is_alone || !matches!(*mark, "#" | ";"));
        // The longer mark first: Lua's `--[[` begins as its `--` does.
        let found = self.language.comments.iter().find(|(open, _)| self.rest().starts_with(open));
        if let Some((open, close)) = found {
            self.paint(self.at + open.len(), self.theme.comment());
            self.open = Open::Comment(close);
        } else if self.language.line_comments.iter().any(begins) {
            self.open = Open::LineComment;
        } else {
            return false;
        }
        true
    }

    fn begin_text(&mut self) -> bool {
        let found = self.language.quotes.iter().find(|quote| self.rest().starts_with(quote.open));
        let Some(quote) = found else { return false };
        if quote.is_character && !is_character(self.rest()) {
            // A lifetime, or an apostrophe.
            self.at += quote.open.len();
            return true;
        }
        self.open = Open::Text(quote);
        self.finish_text(quote, quote.open.len());
        true
    }

    fn number(&mut self) {
        let end = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_'));
        let length = end.unwrap_or(self.rest().len());
        // `1..9` is two numbers.
        let length = self.rest()[..length].find("..").filter(|at| *at > 0).unwrap_or(length);
        self.paint(self.at + length, self.theme.number());
    }

    fn word(&mut self) {
        let end = self.rest().find(|c: char| !is_of_word(c)).unwrap_or(self.rest().len());
        let (word, behind) = (&self.rest()[..end], &self.rest()[end..]);
        let is_first = self.text[..self.at].trim_start_matches([' ', '-']).is_empty();
        let style = if self.language.has(word) {
            self.theme.keyword()
        } else if self.language.has_keys && is_first && behind.trim_start().starts_with([':', '=']) {
            self.theme.name()
        } else if behind.starts_with('(') || behind.starts_with("!(") {
            self.theme.function()
        } else if self.language.has_types && word.starts_with(char::is_uppercase) {
            self.theme.type_name()
        } else {
            self.at += end;
            return;
        };
        self.paint(self.at + end, style);
    }

    /// Text between tags.
    fn markup(&mut self) {
        if self.begin_comment() {
            return;
        }
        let mut rest = self.rest().chars();
        if rest.next() == Some('<') && rest.next().is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?')) {
            let name = self.rest()[1..].find(|c: char| !is_of_word(c) && !"/!?-:".contains(c)).map(|at| at + 1);
            self.paint(self.at + name.unwrap_or(self.rest().len()), self.theme.keyword());
            self.open = Open::Tag;
            return;
        }
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Within a tag: attributes, and their values.
    fn tag(&mut self) {
        let Some(first) = self.rest().chars().next() else { return };
        if first == '>' {
            self.open = Open::Nothing;
            return self.paint(self.at + 1, self.theme.keyword());
        }
        if self.begin_text() {
            return;
        }
        if is_of_word(first) {
            let end = self.rest().find(|c: char| !is_of_word(c) && !"-:.@".contains(c)).unwrap_or(self.rest().len());
            return self.paint(self.at + end, self.theme.name());
        }
        self.at += first.len_utf8();
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a quote here holds one character.
fn is_character(text: &str) -> bool {
    let mut rest = text.chars().skip(1);
    rest.next().is_some_and(|c| c == '\\' || rest.next() == Some('\''))
}

#[cfg(test)]
mod tests;
