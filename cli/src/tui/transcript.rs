//! What was said in the open conversation, and which part of it is seen.
//!
//! A place is an entry and a line of it, counted from the top of what is seen; so only what is near it is ever laid out,
//! however long the conversation is.

use mmp_shared::{Language, phrase};
use ratatui::text::{Line, Span};

use super::{
    answer::Answer,
    branches::Node,
    clean::clean,
    keymap::Key,
    markdown::wrap::{fit, wrap},
    theme::Theme,
};

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

/// One thing that was said.
#[derive(Debug)]
pub(crate) enum Said {
    /// By the person.
    Person(String),
    /// By a model.
    Answer(Box<Answer>),
}

/// One thing that was said, and its lines.
#[derive(Debug)]
pub(crate) struct Entry {
    /// What was said.
    pub(crate) said: Said,
    /// Where it stands in the conversation's tree; none until it is kept.
    pub(crate) node: Option<Node>,
    person: Option<(usize, Vec<Line<'static>>)>,
    head: Vec<Line<'static>>,
    foot: Vec<Line<'static>>,
    thinking: usize,
    text: usize,
}

impl Entry {
    /// An entry that has not been laid out.
    pub(crate) const fn new(said: Said) -> Self {
        Self { said, node: None, person: None, head: Vec::new(), foot: Vec::new(), thinking: 0, text: 0 }
    }

    /// The same, kept in the conversation's tree.
    pub(crate) const fn kept(said: Said, node: Node) -> Self {
        Self { said, node: Some(node), person: None, head: Vec::new(), foot: Vec::new(), thinking: 0, text: 0 }
    }

    /// How many lines it has; [`Self::line`] gives each.
    fn height(&mut self, look: Look) -> usize {
        match &mut self.said {
            Said::Person(text) => {
                let lines = person_lines(text, look);
                if self.person.as_ref().is_none_or(|(width, _)| *width != look.width) {
                    self.person = Some((look.width, lines()));
                }
                let place = self.node.as_ref().and_then(Node::place);
                let place = place.map(|place| Line::from(vec![Span::styled("▌ ", look.theme.person()), place_mark(place, look)]));
                (self.head, self.foot) = (Vec::new(), place.into_iter().chain([Line::default()]).collect());
                self.text = self.person.as_ref().map_or(0, |(_, lines)| lines.len());
            }
            Said::Answer(answer) => {
                (self.head, self.foot) = (answer_head(answer, look), answer_foot(answer, look));
                if let (Some(place), Some(line)) = (self.node.as_ref().and_then(Node::place), self.head.first_mut()) {
                    line.spans.extend([Span::raw("  "), place_mark(place, look)]);
                }
                let shows = look.shows_thinking && !answer.thinking.source().is_empty();
                self.thinking = if shows { answer.thinking.height(look.text_width(), look.theme) + 1 } else { 0 };
                self.text = answer.text.height(look.text_width(), look.theme);
            }
        }
        self.head.len() + self.thinking + self.text + self.foot.len()
    }

    fn line(&self, index: usize, look: Look) -> Line<'static> {
        let (thinking, text) = (self.head.len() + self.thinking, self.head.len() + self.thinking + self.text);
        let found = match &self.said {
            _ if index < self.head.len() => return self.head[index].clone(),
            _ if index >= text => return self.foot.get(index - text).cloned().unwrap_or_default(),
            Said::Person(_) => return self.person.as_ref().and_then(|(_, lines)| lines.get(index).cloned()).unwrap_or_default(),
            Said::Answer(answer) if index < thinking => {
                let line = answer.thinking.line(index - self.head.len());
                return line.map(|line| indented(line, "│ ", look.theme).patch_style(look.theme.thinking())).unwrap_or_default();
            }
            Said::Answer(answer) => answer.text.line(index - thinking),
        };
        found.map(|line| indented(line, MARGIN, look.theme)).unwrap_or_default()
    }
}

/// Which of the messages is shown that stand beside each other.
fn place_mark((place, count): (usize, usize), look: Look) -> Span<'static> {
    Span::styled(format!("‹{place}/{count}›"), look.theme.accent())
}

/// A line of the message that is chosen: its margin says so.
fn chosen_line(mut line: Line<'static>, look: Look) -> Line<'static> {
    let mark = Span::styled("┃ ", look.theme.accent_strong());
    match line.spans.first_mut() {
        Some(first) => *first = mark,
        None => line.spans.push(mark),
    }
    line
}

fn indented(line: &Line<'static>, margin: &'static str, theme: Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(margin, theme.dim())];
    spans.extend(line.spans.iter().cloned());
    Line::from(spans)
}

fn person_lines(text: &str, look: Look) -> impl FnOnce() -> Vec<Line<'static>> {
    move || {
        let text = text.trim_end();
        let shown: String = text.lines().take(MOST_LINES).flat_map(|line| [fit(line, 4_000), "\n".to_owned()]).collect();
        let mut lines: Vec<Line<'static>> = clean(&shown)
            .lines()
            .flat_map(|line| wrap(&[Span::styled(line.to_owned(), look.theme.text())], look.text_width()))
            .map(|line| {
                let mut spans = vec![Span::styled("▌ ", look.theme.person())];
                spans.extend(line.spans);
                Line::from(spans)
            })
            .collect();
        let more = text.lines().count().saturating_sub(MOST_LINES);
        if more > 0 {
            let words = phrase!("screen-more-lines", count = more).render(look.language);
            lines.push(Line::from(vec![Span::styled("▌ ", look.theme.person()), Span::styled(words, look.theme.dim())]));
        }
        lines
    }
}

fn answer_head(answer: &Answer, look: Look) -> Vec<Line<'static>> {
    let is_live = answer.status.is_none();
    let sign = if is_live { look.sign } else { '●' };
    let who = if answer.who.is_empty() { phrase!("screen-asking").render(look.language) } else { answer.who.clone() };
    let mut head = vec![Span::styled(format!("{sign} "), look.theme.model()), Span::styled(who, look.theme.model())];
    if !answer.thinking.source().is_empty() && !look.shows_thinking {
        let is_thinking = is_live && answer.source().is_empty();
        let words = if is_thinking { phrase!("screen-thinking") } else { phrase!("screen-thought") };
        let key = look.thinking_key.map(Key::name).unwrap_or_default();
        head.push(Span::styled(format!("  {} · {key}", words.render(look.language)), look.theme.thinking()));
    }
    vec![Line::from(head)]
}

fn answer_foot(answer: &Answer, look: Look) -> Vec<Line<'static>> {
    let mut foot = Vec::new();
    for remark in &answer.remarks {
        let (sign, style) = if remark.is_error { ("✗ ", look.theme.error()) } else { ("! ", look.theme.notice()) };
        for (index, line) in
            wrap(&[Span::styled(remark.text.clone(), style)], look.text_width().saturating_sub(2)).into_iter().enumerate()
        {
            let mut spans = vec![Span::raw(MARGIN), Span::styled(if index == 0 { sign } else { "  " }, style)];
            spans.extend(line.spans);
            foot.push(Line::from(spans));
        }
    }
    let figures = answer.figures(look.language);
    if answer.status.is_some() && !figures.is_empty() {
        let words = fit(&figures.join(" · "), look.text_width());
        foot.push(Line::from(vec![Span::raw(MARGIN), Span::styled(words, look.theme.dim())]));
    }
    foot.push(Line::default());
    foot
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
        for entry in self.entries.iter_mut().chain(&mut self.set_aside) {
            entry.person = None;
            if let Said::Answer(answer) = &mut entry.said {
                answer.text.forget_layout();
                answer.thinking.forget_layout();
            }
        }
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
