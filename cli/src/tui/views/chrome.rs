//! The frame around every view: its title above, below it the keys that mean something, what is said for a while, and the
//! line of figures, where the chat's answer goes on. Also what views are made of: lists, and the words for an empty one.

use jiff::Timestamp;
use mmp_shared::{ApiError, Language, Phrase, phrase};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Clear, Paragraph},
};

use super::composer;
use crate::tui::{
    clean::clean_line,
    keymap::Action,
    markdown::wrap::{fit, width, wrap},
    model::Model,
    view::{Hint, View},
    widgets::{field::FieldLook, finder::Finder},
};

/// Draws a view in its frame. The line of figures has been drawn.
pub(super) fn draw(frame: &mut Frame<'_>, screen: Rect, view: &mut dyn View, model: &Model) {
    let mut bottom = screen.height - u16::from(screen.height >= 3);
    let mut take = |wanted: bool, least: u16| {
        let height = u16::from(wanted && bottom > least);
        bottom -= height;
        Rect { y: screen.y + bottom, height, ..screen }
    };
    let hints = take(screen.height >= 6, 2);
    let rule = take(screen.height >= 9, 4);
    let note = take(model.note.is_some(), 1);
    let title = Rect { height: u16::from(bottom >= 2), ..screen };
    let body = Rect { y: title.bottom() + u16::from(bottom >= 12), ..screen };
    let body = Rect { height: (screen.y + bottom).saturating_sub(body.y), ..body };
    let head = vec![
        Span::styled(" mmp ", model.theme.accent_strong()),
        Span::styled(fit(&view.title().render(model.language), usize::from(screen.width).saturating_sub(6)), model.theme.text()),
    ];
    frame.render_widget(Line::from(head), title);
    frame.render_widget(Span::styled("─".repeat(usize::from(rule.width)), model.theme.dim()), rule);
    composer::note(frame, note, model);
    draw_hints(frame, hints, &view.hints(model), model);
    if !body.is_empty() {
        view.draw(frame, body, model);
    }
}

/// The keys, as many as there is room for. The way back is never left out.
fn draw_hints(frame: &mut Frame<'_>, area: Rect, hints: &[Hint], model: &Model) {
    let back = (model.keys.name_of(Action::Interrupt), phrase!("views-back"));
    let shown = |(key, words): &Hint| (key.clone(), words.render(model.language));
    let last = shown(&back);
    let taken = |(key, words): &(String, String)| width(key) + width(words) + 1;
    let mut room = usize::from(area.width).saturating_sub(2 + taken(&last));
    let mut all = Vec::new();
    for hint in hints.iter().map(shown) {
        let columns = taken(&hint) + 3;
        if columns > room {
            break;
        }
        room -= columns;
        all.push(hint);
    }
    all.push(last);
    let mut spans = vec![Span::raw(" ")];
    for (index, (key, words)) in all.into_iter().enumerate() {
        if index > 0 {
            spans.push(Span::styled(" · ", model.theme.dim()));
        }
        spans.push(Span::styled(key, model.theme.accent()));
        spans.push(Span::styled(format!(" {words}"), model.theme.dim()));
    }
    frame.render_widget(Line::from(spans), area);
}

/// What there is of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// Nothing was asked for.
    Unasked,
    /// It is on its way.
    Loading,
    /// It is here.
    Here,
    /// It could not be had.
    Failed(Box<ApiError>),
}

/// Says why there is nothing to see: `empty` where there is nothing.
pub(super) fn say_state(frame: &mut Frame<'_>, area: Rect, state: &State, empty: &Phrase, model: &Model) {
    let language = model.language;
    match state {
        State::Loading => say(frame, area, &[(phrase!("screen-loading").render(language), model.theme.dim())]),
        State::Unasked | State::Here => say(frame, area, &[(empty.render(language), model.theme.dim())]),
        State::Failed(error) => {
            let mut said = vec![(format!("✗ {}", error.message_in(language)), model.theme.error())];
            said.extend(error.hint_in(language).map(|hint| (hint, model.theme.text())));
            said.push((phrase!("views-try-again").render(language), model.theme.dim()));
            say(frame, area, &said);
        }
    }
}

/// Says some words in the middle of where a list would be.
fn say(frame: &mut Frame<'_>, area: Rect, said: &[(String, ratatui::style::Style)]) {
    let columns = usize::from(area.width).saturating_sub(6).clamp(1, 72);
    let mut lines = Vec::new();
    for (words, style) in said {
        for line in words.lines() {
            lines.extend(wrap(&[Span::styled(clean_line(line), *style)], columns));
        }
    }
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let widest = lines.iter().map(Line::width).max().unwrap_or(0);
    let left = u16::try_from(usize::from(area.width).saturating_sub(widest) / 2).unwrap_or(0);
    let above = (area.height - height) / 3;
    let place = Rect { x: area.x + left, y: area.y + above, width: area.width - left, height };
    frame.render_widget(Paragraph::new(lines), place);
}

/// Draws a finder's line; what is left below it.
pub(super) fn finder_line(frame: &mut Frame<'_>, area: Rect, finder: &Finder, hint: &Phrase, model: &Model) -> Rect {
    let has_keys = finder.is_writing && model.overlay.is_none();
    let hint = hint.render(model.language);
    finder.field.draw(frame, Rect { height: 1, ..area }, FieldLook { label: " / ", hint: &hint, has_keys, theme: model.theme });
    let gap = u16::from(area.height >= 8);
    Rect { y: area.y + 1 + gap, height: area.height.saturating_sub(1 + gap), ..area }
}

/// Draws those items of a list that are seen, each of so many rows. `item` gives the lines of one.
pub(super) fn list(
    frame: &mut Frame<'_>,
    area: Rect,
    finder: &mut Finder,
    (length, rows): (usize, u16),
    model: &Model,
    mut item: impl FnMut(usize, usize) -> Vec<Line<'static>>,
) {
    let fitting = usize::from(area.height / rows.max(1)).max(1);
    finder.page = u16::try_from(fitting).ok();
    let first = finder.choice.first_seen(fitting, length);
    let room = usize::from(area.width).saturating_sub(1);
    frame.render_widget(Clear, area);
    for (place, index) in (first..length).take(fitting).enumerate() {
        let top = area.y + u16::try_from(place).unwrap_or(0) * rows;
        let height = rows.min(area.bottom().saturating_sub(top));
        let is_chosen = index == finder.choice.index;
        for (row, line) in (0..height).zip(item(index, room)) {
            let place = Rect { y: top + row, height: 1, ..area };
            let line = if is_chosen && row == 0 {
                filled(line, usize::from(area.width)).patch_style(model.theme.chosen())
            } else {
                line
            };
            frame.render_widget(line, place);
        }
    }
}

/// A line that goes on to the end of its row.
fn filled(mut line: Line<'static>, columns: usize) -> Line<'static> {
    let blank = columns.saturating_sub(line.width());
    line.spans.push(Span::raw(" ".repeat(blank)));
    line
}

/// How long ago something was.
pub(super) fn age(now: Timestamp, then: Timestamp, language: Language) -> String {
    let minutes = now.duration_since(then).as_secs().max(0).unsigned_abs() / 60;
    match minutes {
        0 => phrase!("screen-age-now"),
        1..60 => phrase!("screen-age-minutes", count = minutes),
        60..1_440 => phrase!("screen-age-hours", count = minutes / 60),
        _ => phrase!("screen-age-days", count = minutes / 1_440),
    }
    .render(language)
}

/// A line with something at its left and something at its right; what is at the left gives way.
pub(super) fn two_ended(left: Vec<Span<'static>>, right: Vec<Span<'static>>, room: usize) -> Line<'static> {
    let taken: usize = right.iter().map(Span::width).sum();
    let mut rest = room.saturating_sub(taken + 1);
    let mut spans = Vec::new();
    for span in left {
        let text = fit(&span.content, rest);
        rest -= width(&text).min(rest);
        spans.push(Span::styled(text, span.style));
    }
    let used: usize = spans.iter().map(Span::width).sum();
    spans.push(Span::raw(" ".repeat(room.saturating_sub(used + taken))));
    spans.extend(right);
    Line::from(spans)
}
