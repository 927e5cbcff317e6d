//! The title and what was said; before anything was, a welcome.

use mmp_shared::phrase;
use ratatui::{
    Frame,
    layout::Alignment,
    text::{Line, Span},
    widgets::Paragraph,
};

use crate::tui::{
    areas::{Areas, look},
    keymap::Action,
    markdown::wrap::{fit, width},
    model::Model,
    transcript::Place,
};

/// Draws both.
pub(super) fn draw(frame: &mut Frame<'_>, areas: Areas, model: &mut Model) {
    title(frame, areas, model);
    let area = areas.transcript;
    if area.is_empty() {
        return;
    }
    if model.transcript.entries.is_empty() {
        return welcome(frame, areas, model);
    }
    let look = look(model);
    let lines = model.transcript.window(usize::from(area.height), look);
    frame.render_widget(Paragraph::new(lines), area);
    if matches!(model.transcript.place, Place::At(..)) {
        let words =
            format!(" ↓ {} ", phrase!("screen-more-below", key = model.keys.name_of(Action::Bottom)).render(model.language));
        let columns = u16::try_from(width(&words)).unwrap_or(u16::MAX).min(area.width);
        let mut hint = area;
        (hint.x, hint.width) = (area.right() - columns, columns);
        (hint.y, hint.height) = (area.bottom() - 1, 1);
        frame.render_widget(Paragraph::new(words).style(model.theme.chosen()), hint);
    }
}

fn title(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    let room = usize::from(areas.title.width).saturating_sub(8);
    let title = model.conversation.as_ref().map(|open| open.title.clone()).unwrap_or_default();
    let title = if title.is_empty() { phrase!("screen-new-conversation").render(model.language) } else { title };
    let line =
        Line::from(vec![Span::styled(" mmp ", model.theme.accent_strong()), Span::styled(fit(&title, room), model.theme.dim())]);
    frame.render_widget(line, areas.title);
}

fn welcome(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    let keys = [
        (model.keys.name_of(Action::PickModel), phrase!("screen-key-pick-model")),
        (model.keys.name_of(Action::Conversations), phrase!("screen-conversations")),
        ("/".to_owned(), phrase!("screen-welcome-commands")),
        (model.keys.name_of(Action::Help), phrase!("screen-help")),
    ];
    let words: Vec<(String, String)> = keys.into_iter().map(|(key, words)| (key, words.render(model.language))).collect();
    let column = words.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    let widest = words.iter().map(|(_, words)| width(words)).max().unwrap_or(0) + column + 2;
    let mut lines = vec![
        Line::styled("m m p", model.theme.accent_strong()),
        Line::default(),
        Line::from(phrase!("screen-welcome").render(model.language)),
        Line::default(),
    ];
    for (key, words) in words {
        let blank = " ".repeat(column - width(&key) + 2);
        let rest = " ".repeat(widest.saturating_sub(column + 2 + width(&words)));
        lines.push(Line::from(vec![
            Span::styled(key, model.theme.accent()),
            Span::styled(format!("{blank}{words}{rest}"), model.theme.dim()),
        ]));
    }
    let height = u16::try_from(lines.len()).unwrap_or(0);
    let mut area = areas.transcript;
    let above = area.height.saturating_sub(height) / 2;
    (area.y, area.height) = (area.y + above, area.height - above);
    frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), area);
}
