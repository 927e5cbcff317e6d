//! Every key and every command, from the tables that the program obeys.

use mmp_shared::{Phrase, phrase};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, BorderType, Clear, Paragraph},
};

use crate::tui::{
    markdown::wrap::{width, wrap},
    model::Model,
    reading,
    slash::SLASHES,
    theme::Theme,
};

/// The widest that it gets.
const WIDEST: u16 = 84;

/// Draws it, from a line on.
pub(super) fn draw(frame: &mut Frame<'_>, screen: Rect, first: usize, model: &Model) {
    let area = middle(screen);
    frame.render_widget(Clear, area);
    let title = format!(" {} ", phrase!("screen-help-title").render(model.language));
    let bottom = format!(" {} ", phrase!("screen-help-close").render(model.language));
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(model.theme.accent());
    let block = block.title(title).title_bottom(bottom);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let lines = lines(usize::from(inner.width).saturating_sub(1), model);
    let first = first.min(lines.len().saturating_sub(usize::from(inner.height)));
    let shown: Vec<Line<'_>> = lines.into_iter().skip(first).take(usize::from(inner.height)).collect();
    frame.render_widget(Paragraph::new(shown), inner);
}

fn middle(screen: Rect) -> Rect {
    let width = screen.width.min(WIDEST);
    let height = screen.height.saturating_sub(u16::from(screen.height > 20) * 2);
    Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height }
}

fn lines(columns: usize, model: &Model) -> Vec<Line<'static>> {
    let commands = SLASHES.iter().map(|(_, name, argument, words)| {
        (format!("{name} {argument}").trim_end().to_owned(), Phrase::new(words).render(model.language))
    });
    let heading = |phrase: Phrase| Line::styled(format!(" {}", phrase.render(model.language)), model.theme.heading());
    let mut lines = vec![heading(phrase!("screen-help-keys"))];
    lines.extend(rows(model.keys.help(model.language), columns, model.theme));
    lines.push(Line::default());
    lines.push(heading(phrase!("chatview-help-reading")));
    lines.extend(rows(reading::help(model.language), columns, model.theme));
    lines.push(Line::default());
    lines.push(heading(phrase!("screen-help-commands")));
    lines.extend(rows(commands.collect(), columns, model.theme));
    lines
}

fn rows(entries: Vec<(String, String)>, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let widest = entries.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    let column = widest.min((columns / 3).max(12));
    let mut lines = Vec::new();
    for (key, words) in entries {
        let keys = wrap(&[Span::styled(key, theme.accent())], column);
        let words = wrap(&[Span::raw(words)], columns.saturating_sub(column + 4).max(8));
        for index in 0..keys.len().max(words.len()) {
            let key = keys.get(index).cloned().unwrap_or_default();
            let blank = " ".repeat(column.saturating_sub(key.width()) + 3);
            let mut spans = vec![Span::raw(" ")];
            spans.extend(key.spans);
            spans.push(Span::raw(blank));
            spans.extend(words.get(index).cloned().unwrap_or_default().spans);
            lines.push(Line::from(spans));
        }
    }
    lines
}
