//! The choice of a model.

use mmp_shared::{models::Model as CatalogueModel, phrase};
use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Block, BorderType, Clear, Paragraph},
};

use crate::tui::{
    clean::clean_line,
    markdown::wrap::{fit, width},
    model::{Model, ModelPicker},
};

const WIDEST: u16 = 90;
const HIGHEST: u16 = 24;
/// From how many columns on figures stand beside the names.
const ROOMY: usize = 60;

/// Draws it.
pub(super) fn draw(frame: &mut Frame<'_>, screen: Rect, picker: &ModelPicker, model: &Model) {
    let (columns, rows) = (screen.width.min(WIDEST), screen.height.min(HIGHEST));
    let area = Rect {
        x: screen.x + (screen.width - columns) / 2,
        y: screen.y + (screen.height - rows) / 2,
        width: columns,
        height: rows,
    };
    frame.render_widget(Clear, area);
    let title = format!(" {} ", phrase!("screen-models-title").render(model.language));
    let bottom = format!(" {} ", phrase!("screen-models-keys").render(model.language));
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(model.theme.accent());
    let block = block.title(title).title_bottom(bottom);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    if inner.is_empty() {
        return;
    }
    filter(frame, Rect { height: 1, ..inner }, picker, model);
    let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    let shown = picker.shown();
    let height = usize::from(list.height);
    let first = picker.choice.first_seen(height, shown.len());
    let lines: Vec<Line<'_>> = if shown.is_empty() {
        let words = if picker.models.is_none() { phrase!("screen-loading") } else { phrase!("screen-nothing-fits") };
        vec![Line::styled(format!("   {}", words.render(model.language)), model.theme.dim())]
    } else {
        let shown = shown.iter().enumerate().skip(first).take(height);
        shown.map(|(index, item)| line(item, index == picker.choice.index, usize::from(list.width), model)).collect()
    };
    frame.render_widget(Paragraph::new(lines), list);
}

fn filter(frame: &mut Frame<'_>, area: Rect, picker: &ModelPicker, model: &Model) {
    let text = if picker.filter.is_empty() {
        Span::styled(phrase!("screen-filter").render(model.language), model.theme.dim())
    } else {
        Span::raw(picker.filter.as_str())
    };
    frame.render_widget(Line::from(vec![Span::styled(" / ", model.theme.accent_strong()), text]), area);
    let x =
        area.x.saturating_add(u16::try_from(3 + width(&picker.filter)).unwrap_or(u16::MAX)).min(area.right().saturating_sub(1));
    frame.set_cursor_position(Position { x, y: area.y });
}

fn line(item: &CatalogueModel, is_chosen: bool, room: usize, model: &Model) -> Line<'static> {
    let sign = if item.default { " ★ " } else { "   " };
    let details = if room >= ROOMY { details(item, model) } else { String::new() };
    let columns = room.saturating_sub(width(sign) + width(&details) + 2);
    let aliases = if item.aliases.is_empty() { String::new() } else { format!("  {}", item.aliases.join(" ")) };
    let name = fit(&clean_line(&item.name), columns);
    let aliases = fit(&clean_line(&aliases), columns.saturating_sub(width(&name)));
    let blank = " ".repeat(columns.saturating_sub(width(&name) + width(&aliases)) + 1);
    let name_style = if item.available { model.theme.text() } else { model.theme.dim() };
    let line = Line::from(vec![
        Span::styled(sign, model.theme.accent()),
        Span::styled(name, name_style),
        Span::styled(aliases, model.theme.dim()),
        Span::raw(blank),
        Span::styled(details, model.theme.dim()),
        Span::raw(" "),
    ]);
    line.style(if is_chosen { model.theme.chosen() } else { model.theme.text() })
}

/// The window and the price; that there is no key, where there is none.
fn details(item: &CatalogueModel, model: &Model) -> String {
    let mut parts = Vec::new();
    if !item.available {
        parts.push(phrase!("screen-no-key").render(model.language));
    }
    if let Some(window) = item.context_window {
        parts.push(if window >= 1_000_000 { format!("{}M", window / 1_000_000) } else { format!("{}k", window / 1_000) });
    }
    if let Some(price) = &item.price {
        parts.push(format!("${}/${}", price.input, price.output));
    }
    parts.join(" · ")
}
