//! What a comparison looks like: columns where there is room for them, else one answer below the other, of which the one
//! that has the keys gets the room that there is.

use mmp_shared::{models::Model as CatalogueModel, phrase};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Borders, Paragraph},
};

use super::{
    super::chrome::{self, State, two_ended},
    Asked, Choosing, Column, Compare,
};
use crate::{
    output::compare::columns::column_width,
    tui::{clean::clean_line, markdown::wrap::{fit, wrap}, model::Model},
};

/// From how many rows each on answers share the room one below the other.
const LEAST_ROWS: u16 = 7;

/// Draws it.
pub(super) fn draw(compare: &mut Compare, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let question = match &compare.asked {
        Asked::Written(text) | Asked::Again(text) => clean_line(text.lines().next().unwrap_or_default()),
        Asked::Nothing => phrase!("views-compare-no-question").render(model.language),
    };
    let words = fit(&question, usize::from(area.width).saturating_sub(3));
    let line = Line::from(vec![Span::styled(" ▌ ", model.theme.person()), Span::styled(words, model.theme.text())]);
    frame.render_widget(line, Rect { height: 1, ..area });
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if rest.is_empty() {
        return;
    }
    if let Some(choosing) = &mut compare.choosing {
        return choose(choosing, frame, rest, model);
    }
    if compare.columns.is_empty() {
        let state = compare.failure.clone().map_or(State::Loading, State::Failed);
        return chrome::say_state(frame, rest, &state, &phrase!("screen-asking"), model);
    }
    let count = compare.columns.len();
    let areas = match column_width(usize::from(rest.width), count) {
        Some(_) => side_by_side(rest, count),
        None => stacked(rest, count, compare.focus),
    };
    for (index, area) in areas.into_iter().enumerate() {
        let has_keys = index == compare.focus;
        let page = one(&mut compare.columns[index], frame, area, (has_keys, index), model);
        if has_keys {
            compare.page = page;
        }
    }
}

fn side_by_side(area: Rect, count: usize) -> Vec<Rect> {
    let count = u16::try_from(count).unwrap_or(1).max(1);
    let width = area.width / count;
    (0..count)
        .map(|place| {
            let x = area.x + place * width;
            Rect { x, width: if place + 1 == count { area.right() - x } else { width }, ..area }
        })
        .collect()
}

fn stacked(area: Rect, count: usize, focus: usize) -> Vec<Rect> {
    let count = u16::try_from(count).unwrap_or(1).max(1);
    let is_roomy = area.height / count >= LEAST_ROWS;
    let focused = if is_roomy { area.height / count } else { area.height.saturating_sub(count - 1) };
    let mut y = area.y;
    (0..count)
        .map(|place| {
            let wanted = match (usize::from(place) == focus, is_roomy) {
                (true, _) | (_, true) => focused,
                (false, false) => 1,
            };
            let height = wanted.min(area.bottom() - y);
            y += height;
            Rect { y: y - height, height, ..area }
        })
        .collect()
}

/// Draws one answer; how many lines of it are seen.
fn one(column: &mut Column, frame: &mut Frame<'_>, area: Rect, (has_keys, index): (bool, usize), model: &Model) -> usize {
    if area.is_empty() {
        return 1;
    }
    let figures = column.figures(model.now, model.language).join(" · ");
    let sign = if column.is_live() { model.sign() } else { '●' };
    let style = if has_keys { model.theme.accent_strong() } else { model.theme.model() };
    let left = vec![Span::styled(format!(" {sign} {} ", index + 1), style), Span::styled(column.answer.who.clone(), style)];
    if area.height < 3 {
        // The name is never without room.
        let right = vec![Span::styled(format!("{} ", fit(&figures, usize::from(area.width) / 2)), model.theme.dim())];
        frame.render_widget(two_ended(left, right, usize::from(area.width)), Rect { height: 1, ..area });
        return 1;
    }
    let head = Rect { height: 1, ..area };
    frame.render_widget(two_ended(left, Vec::new(), usize::from(area.width)), head);
    let block = Block::new().borders(Borders::TOP).border_style(if has_keys { model.theme.accent() } else { model.theme.dim() });
    frame.render_widget(block, Rect { y: area.y + 1, height: 1, ..area });
    let foot = Rect { y: area.bottom() - 1, height: 1, ..area };
    let words = fit(&format!(" {figures}"), usize::from(area.width).saturating_sub(1));
    frame.render_widget(Line::styled(words, model.theme.dim()), foot);
    let body = Rect { x: area.x + 1, y: area.y + 2, width: area.width.saturating_sub(3).max(1), height: area.height - 3 };
    text(column, frame, body, model)
}

fn text(column: &mut Column, frame: &mut Frame<'_>, area: Rect, model: &Model) -> usize {
    let width = usize::from(area.width);
    let length = column.answer.text.height(width, model.theme);
    let remarks: Vec<Line<'static>> = column
        .answer
        .remarks
        .iter()
        .flat_map(|remark| {
            let (sign, style) = if remark.is_error { ("✗ ", model.theme.error()) } else { ("! ", model.theme.notice()) };
            wrap(&[Span::styled(format!("{sign}{}", remark.text), style)], width)
        })
        .collect();
    let (all, height) = (length + remarks.len(), usize::from(area.height));
    column.below = column.below.min(all.saturating_sub(height));
    let first = all.saturating_sub(height + column.below);
    let line = |index: usize| match index.checked_sub(length) {
        Some(place) => remarks.get(place).cloned().unwrap_or_default(),
        None => column.answer.text.line(index).cloned().unwrap_or_default(),
    };
    let lines: Vec<Line<'static>> = (first..all.min(first + height)).map(line).collect();
    frame.render_widget(Paragraph::new(lines), area);
    height.saturating_sub(1).max(1)
}

fn choose(choosing: &mut Choosing, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let list = chrome::finder_line(frame, area, &choosing.finder, &phrase!("views-filter-hint"), model);
    let rows: Vec<(CatalogueModel, Option<usize>)> =
        choosing.shown().into_iter().map(|item| (item.clone(), choosing.place(item))).collect();
    if list.is_empty() {
        return;
    }
    if rows.is_empty() {
        return chrome::say_state(frame, list, &choosing.state, &phrase!("screen-nothing-fits"), model);
    }
    chrome::list(frame, list, &mut choosing.finder, (rows.len(), 1), model, |index, room| {
        let Some((item, place)) = rows.get(index) else { return Vec::new() };
        let sign = place.map_or("   ".to_owned(), |place| format!(" {place} "));
        let style = if item.available { model.theme.text() } else { model.theme.dim() };
        let left = vec![Span::styled(sign, model.theme.accent_strong()), Span::styled(clean_line(&item.name), style)];
        let key = if item.available { String::new() } else { format!("{} ", phrase!("screen-no-key").render(model.language)) };
        vec![two_ended(left, vec![Span::styled(key, model.theme.dim())], room)]
    });
}
