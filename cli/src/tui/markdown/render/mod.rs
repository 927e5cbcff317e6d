//! One piece of Markdown as lines. What a block is, the parser says; here is how it looks.

mod fence;
mod lines;
mod table;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};

pub(super) use self::fence::{code_lines, fence_end, fence_line};
use self::table::Table;
use super::{code::Code, wrap::width};
use crate::tui::theme::Theme;

/// The narrowest that text gets, however deep it is nested.
const NARROWEST: usize = 8;

/// What stands before the lines of a block that is inside another.
struct Prefix {
    /// Before its first line; taken once.
    first: Option<Span<'static>>,
    rest: Span<'static>,
}

/// Lays out one piece.
pub(super) struct Renderer {
    columns: usize,
    theme: Theme,
    lines: Vec<Line<'static>>,
    prefixes: Vec<Prefix>,
    runs: Vec<Span<'static>>,
    styles: Vec<Style>,
    lists: Vec<Option<u64>>,
    links: Vec<(String, usize)>,
    code: Option<(Code, String)>,
    table: Option<Table>,
    is_fresh: bool,
    carried: Option<Vec<Span<'static>>>,
}

impl Renderer {
    /// A renderer for lines of so many columns.
    pub(super) fn new(columns: usize, theme: Theme) -> Self {
        Self {
            columns,
            theme,
            lines: Vec::new(),
            prefixes: Vec::new(),
            runs: Vec::new(),
            styles: vec![theme.text()],
            lists: Vec::new(),
            links: Vec::new(),
            code: None,
            table: None,
            is_fresh: true,
            carried: None,
        }
    }

    /// The same, with text that stands before the first paragraph, on its line.
    pub(super) fn carrying(mut self, spans: Vec<Span<'static>>) -> Self {
        self.carried = Some(spans);
        self
    }

    /// The lines of a piece.
    pub(super) fn render(mut self, text: &str) -> Vec<Line<'static>> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_MATH;
        for event in Parser::new_ext(text, options) {
            self.take(event);
        }
        self.flush();
        self.lines
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.styled(&text, self.style().patch(self.theme.code())),
            Event::InlineMath(text) => self.styled(&format!("${text}$"), self.style()),
            Event::DisplayMath(text) => self.styled(&format!("$${text}$$"), self.style()),
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::FootnoteReference(text) => self.text(&format!("[^{text}]")),
            Event::SoftBreak => self.styled(" ", self.style()),
            Event::HardBreak => self.break_line(),
            Event::Rule => {
                self.gap();
                let rule = "─".repeat(self.room().min(40));
                self.push_line(Line::styled(rule, self.theme.dim()));
            }
            Event::TaskListMarker(is_done) => self.styled(if is_done { "[x] " } else { "[ ] " }, self.theme.accent()),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.gap();
                if let Some(carried) = self.carried.take() {
                    self.runs = carried;
                }
            }
            Tag::Heading { level, .. } => {
                self.gap();
                let deep = level > HeadingLevel::H2;
                self.styles.push(if deep {
                    self.theme.heading()
                } else {
                    self.theme.heading().add_modifier(Modifier::UNDERLINED)
                });
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.gap();
                let bar = Span::styled("▎ ", self.theme.accent());
                self.prefixes.push(Prefix { first: None, rest: bar });
                self.styles.push(self.style().add_modifier(Modifier::ITALIC));
                self.is_fresh = true;
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.gap();
                let mut code = Code::default();
                if let CodeBlockKind::Fenced(language) = kind {
                    self.push_line(fence_line(&language, self.theme));
                    code = Code::named(&language);
                }
                self.code = Some((code, String::new()));
            }
            Tag::List(first) => {
                self.flush();
                if self.lists.is_empty() {
                    self.gap();
                }
                self.lists.push(first);
                self.is_fresh = true;
            }
            Tag::Item => self.start_item(),
            Tag::Table(alignments) => {
                self.gap();
                self.table = Some(Table::new(alignments));
            }
            Tag::TableCell => self.runs.clear(),
            Tag::Emphasis => self.styles.push(self.style().add_modifier(Modifier::ITALIC)),
            Tag::Strong => self.styles.push(self.style().add_modifier(Modifier::BOLD)),
            Tag::Strikethrough => self.styles.push(self.style().add_modifier(Modifier::CROSSED_OUT)),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.to_string(), self.runs.len()));
                self.styles.push(self.style().patch(self.theme.link()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                self.styles.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.prefixes.pop();
                self.styles.pop();
                self.is_fresh = false;
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.is_fresh = false;
            }
            TagEnd::Item => {
                self.flush_item();
                self.prefixes.pop();
                self.is_fresh = true;
            }
            TagEnd::TableCell => {
                let runs = std::mem::take(&mut self.runs);
                if let Some(table) = &mut self.table {
                    table.push_cell(runs);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let lines = table.lines(self.room(), self.theme);
                    lines.into_iter().for_each(|line| self.push_line(line));
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => _ = self.styles.pop(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn start_item(&mut self) {
        self.flush();
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "• ".to_owned(),
        };
        let rest = Span::raw(" ".repeat(width(&marker)));
        self.prefixes.push(Prefix { first: Some(Span::styled(marker, self.theme.accent())), rest });
        self.is_fresh = true;
    }

    /// An item that says nothing has its mark all the same.
    fn flush_item(&mut self) {
        let is_unmarked = self.prefixes.last().is_some_and(|prefix| prefix.first.is_some());
        if is_unmarked && self.runs.is_empty() {
            self.push_line(Line::default());
        }
        self.flush();
    }

    fn end_code(&mut self) {
        let (mut code, text) = self.code.take().unwrap_or_default();
        for line in text.split_inclusive('\n') {
            for line in code_lines(Vec::new(), code.spans(line, self.theme), self.room(), self.theme) {
                self.push_line(line);
            }
        }
        self.push_line(fence_end(self.theme));
    }

    /// A link says where it leads, unless its text does.
    fn end_link(&mut self) {
        self.styles.pop();
        let Some((url, from)) = self.links.pop() else { return };
        let shown: String = self.runs.iter().skip(from).map(|span| span.content.as_ref()).collect();
        if shown.trim() != url.trim() && shown.trim() != url.trim_start_matches("mailto:") {
            self.styled(&format!(" ({url})"), self.theme.dim());
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.code {
            Some((_, code)) => code.push_str(text),
            None => self.styled(text, self.style()),
        }
    }
}
