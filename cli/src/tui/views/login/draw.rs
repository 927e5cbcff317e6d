//! What logging in looks like: where, by what, and below it what is wrong.

use mmp_shared::{Phrase, phrase};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Login, Part};
use crate::tui::{
    clean::clean_line,
    markdown::wrap::{fit, width, wrap},
    model::Model,
    widgets::field::FieldLook,
};

/// The most columns that it takes.
const WIDEST: u16 = 64;

/// Draws it.
pub(super) fn draw(login: &Login, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let columns = area.width.min(WIDEST);
    let area = Rect { x: area.x + (area.width - columns) / 2, width: columns, ..area };
    let parts = login.parts();
    let wanted = u16::try_from(parts.len()).unwrap_or(u16::MAX) + 2;
    let gap = u16::from(area.height >= wanted + 6);
    let mut rest = Rect { y: area.y + gap, height: area.height - gap, ..area };
    let mut row = |height: u16| {
        let height = height.min(rest.height);
        let row = Rect { height, ..rest };
        rest = Rect { y: rest.y + height, height: rest.height - height, ..rest };
        row
    };
    let room = usize::from(columns).saturating_sub(2);
    let host = phrase!("login-at", host = clean_line(&model.access.host)).render(model.language);
    frame.render_widget(Line::styled(fit(&format!(" {host}"), room), model.theme.dim()), row(1));
    row(gap);
    let names: Vec<String> = parts.iter().map(|part| name(*part).render(model.language)).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    for (part, name) in parts.iter().zip(&names) {
        let label = format!(" {name}{}  ", " ".repeat(widest - width(name)));
        let has_keys = login.at == *part && model.overlay.is_none() && login.awaited.is_none();
        match login.field(*part) {
            None => {
                frame.render_widget(mode(login, has_keys, room, model), row(1));
                row(gap);
            }
            Some(field) => {
                let hint = if *part == Part::Invite { phrase!("login-field-invite-hint").render(model.language) } else { String::new() };
                field.draw(frame, row(1), FieldLook { label: &label, hint: &hint, has_keys, theme: model.theme });
            }
        }
    }
    row(gap);
    let (words, style) = match &login.wrong {
        _ if login.awaited.is_some() => (phrase!("login-waiting").render(model.language), model.theme.dim()),
        Some(wrong) => (format!("✗ {wrong}"), model.theme.error()),
        None => return,
    };
    for line in words.lines() {
        for line in wrap(&[Span::styled(clean_line(line), style)], room.max(1)) {
            let place = row(1);
            let place = Rect { x: place.x + 1.min(place.width), width: place.width.saturating_sub(1), ..place };
            frame.render_widget(line, place);
        }
    }
}

/// Whether there is an account already: both ways beside each other.
fn mode(login: &Login, has_keys: bool, room: usize, model: &Model) -> Line<'static> {
    let way = |is_new: bool, words: Phrase| {
        let is_chosen = login.is_new == is_new;
        let style = match (is_chosen, has_keys) {
            (true, true) => model.theme.accent_strong(),
            (true, false) => model.theme.text(),
            (false, _) => model.theme.dim(),
        };
        let sign = if is_chosen { "●" } else { "○" };
        (format!(" {sign} {}  ", words.render(model.language)), style)
    };
    let mut rest = room;
    let mut spans = Vec::new();
    for (text, style) in [way(false, phrase!("login-mode-known")), way(true, phrase!("login-mode-new"))] {
        let text = fit(&text, rest);
        rest -= width(&text).min(rest);
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}

fn name(part: Part) -> Phrase {
    match part {
        Part::Mode => phrase!(""),
        Part::Name => phrase!("login-field-name"),
        Part::Password => phrase!("login-field-password"),
        Part::Again => phrase!("login-field-again"),
        Part::Invite => phrase!("login-field-invite"),
    }
}
