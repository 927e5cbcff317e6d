//! One thing that was said, and the lines that it makes.

use mmp_shared::phrase;
use ratatui::text::{Line, Span};

use super::super::{
    answer::Answer,
    branches::Node,
    clean::clean,
    keymap::Key,
    markdown::wrap::{fit, wrap},
    theme::Theme,
};
use super::{Look, MARGIN, MOST_LINES};

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

    /// It looks different from now on, and is laid out anew.
    pub(super) fn restyle(&mut self) {
        self.person = None;
        if let Said::Answer(answer) = &mut self.said {
            answer.text.forget_layout();
            answer.thinking.forget_layout();
        }
    }

    /// How many lines it has; [`Self::line`] gives each.
    pub(super) fn height(&mut self, look: Look) -> usize {
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

    pub(super) fn line(&self, index: usize, look: Look) -> Line<'static> {
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
pub(super) fn chosen_line(mut line: Line<'static>, look: Look) -> Line<'static> {
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
