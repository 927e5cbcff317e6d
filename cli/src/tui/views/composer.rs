//! What is being written, the commands that it may become, and what is said for a while. The terminal's own cursor
//! stands at the caret, where an input method looks for it.

use mmp_shared::phrase;
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Clear, Paragraph},
};

use crate::tui::{
    areas::{Areas, PROMPT, composer_columns, hint},
    markdown::wrap::{fit, width},
    model::{Focus, Model},
    slash,
};

/// From how many columns on it is said what follows a command.
const ROOMY: u16 = 60;

/// Draws them.
pub(super) fn draw(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    offers(frame, areas, model);
    note_or_hint(frame, areas, model);
    let mut area = areas.composer;
    if area.is_empty() {
        return;
    }
    if area.height > 1 {
        rule(frame, Rect { height: 1, ..area }, model);
        (area.y, area.height) = (area.y + 1, area.height - 1);
    }
    text(frame, area, model);
}

fn rule(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let has_focus = model.focus == Focus::Composer && model.overlay.is_none();
    let style = if has_focus { model.theme.accent() } else { model.theme.dim() };
    frame.render_widget(Span::styled("─".repeat(usize::from(area.width)), style), area);
}

fn text(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let columns = composer_columns(area.width);
    let rows = model.composer.editor.rows(columns);
    let (row, column) = model.composer.editor.caret_in(&rows);
    let height = usize::from(area.height);
    let first = (row + 1).saturating_sub(height);
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(height);
    for (index, row) in rows.iter().enumerate().skip(first).take(height) {
        let margin = if index == 0 { PROMPT } else { "  " };
        lines.push(Line::from(vec![Span::styled(margin, model.theme.accent_strong()), Span::raw(row.shown.as_str())]));
    }
    if model.composer.editor.is_empty() {
        let words = fit(&phrase!("screen-placeholder").render(model.language), columns);
        lines = vec![Line::from(vec![Span::styled(PROMPT, model.theme.accent_strong()), Span::styled(words, model.theme.dim())])];
    }
    frame.render_widget(Paragraph::new(lines), area);
    if model.focus == Focus::Composer && model.overlay.is_none() {
        let x =
            area.x.saturating_add(u16::try_from(width(PROMPT) + column).unwrap_or(u16::MAX)).min(area.right().saturating_sub(1));
        let y = area.y + u16::try_from(row - first).unwrap_or(0);
        frame.set_cursor_position(Position { x, y });
    }
}

fn offers(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    let area = areas.offers;
    if area.is_empty() {
        return;
    }
    let offers = slash::offers(model.composer.editor.written(), model.language);
    let height = usize::from(area.height);
    let first = model.composer.choice.first_seen(height, offers.len());
    let is_roomy = area.width >= ROOMY;
    let name = |offer: &slash::Offer| if is_roomy { format!("{} {}", offer.name, offer.argument) } else { offer.name.to_owned() };
    let names: Vec<String> = offers.iter().map(name).collect();
    let column = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let room = usize::from(area.width);
    let lines = offers.iter().zip(&names).enumerate().skip(first).take(height).map(|(index, (offer, name))| {
        let text = fit(&format!("  {name:column$}  {}", offer.words), room);
        let is_chosen = index == model.composer.choice.index;
        Line::styled(format!("{text:room$}"), if is_chosen { model.theme.chosen() } else { model.theme.text() })
    });
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

/// Draws what is said for a while, else what can be done here.
fn note_or_hint(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    if model.note.is_some() || areas.note.is_empty() {
        return note(frame, areas.note, model);
    }
    let words = hint(model).map(|hint| hint.render(model.language)).unwrap_or_default();
    let words = fit(&format!(" {words}"), usize::from(areas.note.width));
    frame.render_widget(Line::styled(words, model.theme.dim()), areas.note);
}

/// Draws what is said for a while.
pub(super) fn note(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let Some(note) = model.note.as_ref().filter(|_| !area.is_empty()) else { return };
    let (sign, style) = if note.is_error { ("✗", model.theme.error()) } else { ("!", model.theme.notice()) };
    let words = fit(&format!(" {sign} {}", note.text), usize::from(area.width));
    frame.render_widget(Line::styled(words, style), area);
}
