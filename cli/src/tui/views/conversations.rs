//! The list of conversations.

use mmp_shared::{conversations::Conversation, phrase};
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Block, Borders, Clear, Paragraph},
};

use super::chrome;
use crate::tui::{
    areas::Areas,
    clean::clean_line,
    markdown::wrap::{fit, width},
    model::{Focus, Model},
};

/// Draws it.
pub(super) fn draw(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    let area = areas.conversations;
    if area.is_empty() {
        return;
    }
    let has_focus = model.focus == Focus::Conversations;
    frame.render_widget(Clear, area);
    let block = Block::new().borders(Borders::RIGHT).border_style(model.theme.dim());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    head(frame, inner, model);
    let list = Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner };
    let items = &model.conversations.items;
    if items.is_empty() {
        let words = if model.conversations.is_loading { phrase!("screen-loading") } else { phrase!("screen-no-conversations") };
        let words = fit(&format!(" {}", words.render(model.language)), usize::from(list.width));
        frame.render_widget(Paragraph::new(words).style(model.theme.dim()), list);
        return;
    }
    let height = usize::from(list.height);
    let first = if has_focus { model.conversations.choice.first_seen(height, items.len()) } else { 0 };
    let shown = items.iter().enumerate().skip(first).take(height);
    let lines = shown.map(|(index, item)| {
        let is_chosen = has_focus && index == model.conversations.choice.index;
        item_line(item, is_chosen, usize::from(list.width), model)
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), list);
}

fn head(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let has_focus = model.focus == Focus::Conversations;
    let filter = &model.conversations.filter;
    let (text, style) = match (has_focus, filter.is_empty()) {
        (_, false) => (filter.clone(), model.theme.text()),
        (true, true) => (phrase!("screen-filter").render(model.language), model.theme.dim()),
        (false, true) => (phrase!("screen-conversations").render(model.language), model.theme.dim()),
    };
    let sign = if has_focus || !filter.is_empty() { " / " } else { " " };
    let room = usize::from(area.width).saturating_sub(sign.len());
    let line = Line::from(vec![Span::styled(sign, model.theme.accent_strong()), Span::styled(fit(&text, room), style)]);
    frame.render_widget(line, Rect { height: area.height.min(1), ..area });
    if has_focus && model.overlay.is_none() && !area.is_empty() {
        let column = u16::try_from(sign.len() + width(filter)).unwrap_or(u16::MAX);
        let x = area.x.saturating_add(column).min(area.right().saturating_sub(1));
        frame.set_cursor_position(Position { x, y: area.y });
    }
}

fn item_line(item: &Conversation, is_chosen: bool, room: usize, model: &Model) -> Line<'static> {
    let is_open = model.conversation.as_ref().is_some_and(|open| open.id == item.id);
    let sign = if is_open {
        "▸ "
    } else if item.pinned {
        "◆ "
    } else {
        "  "
    };
    let age = model.clock.map(|clock| chrome::age(clock, item.updated_at, model.language)).unwrap_or_default();
    let columns = room.saturating_sub(width(sign) + width(&age) + 2);
    let title = fit(&clean_line(&item.title), columns);
    let blank = " ".repeat(columns.saturating_sub(width(&title)) + 1);
    let style = if is_chosen { model.theme.chosen() } else { model.theme.text() };
    let line = Line::from(vec![
        Span::styled(sign, model.theme.accent()),
        Span::raw(title),
        Span::raw(blank),
        Span::styled(age, model.theme.dim()),
        Span::raw(" "),
    ]);
    line.style(style)
}
