//! What the palette looks like: a line to write in, and a row for each thing to have done, with its command and its key.

use mmp_shared::phrase;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    super::chrome::{self, State, two_ended},
    Palette,
};
use crate::tui::{
    deeds::Listed,
    markdown::wrap::width,
    model::Model,
    slash::{SLASHES, Slash},
    widgets::field::FieldLook,
};

/// From how many columns on the command and the key stand in columns of their own.
const ROOMY: usize = 60;
/// The widest that a row gets: what belongs together stands together.
const WIDEST: u16 = 110;

/// Draws it.
pub(super) fn draw(palette: &mut Palette, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let list = match &palette.asked {
        None => chrome::finder_line(frame, area, &palette.finder, &phrase!("palette-hint"), model),
        Some((slash, field)) => {
            let (label, hint) = labels(*slash);
            let look = FieldLook { label: &label, hint, has_keys: model.overlay.is_none(), theme: model.theme };
            field.draw(frame, Rect { height: 1, ..area }, look);
            let gap = u16::from(area.height >= 8);
            Rect { y: area.y + 1 + gap, height: area.height.saturating_sub(1 + gap), ..area }
        }
    };
    if list.is_empty() {
        return;
    }
    let shown = palette.shown(model);
    if shown.is_empty() {
        return chrome::say_state(frame, list, &State::Here, &phrase!("screen-nothing-fits"), model);
    }
    let list = Rect { width: list.width.min(WIDEST), ..list };
    let commands = shown.iter().map(|listed| width(listed.command)).max().unwrap_or(0);
    let keys = shown.iter().map(|listed| width(&listed.key)).max().unwrap_or(0);
    chrome::list(frame, list, &mut palette.finder, (shown.len(), 1), model, |index, room| match shown.get(index) {
        Some(listed) => vec![row(listed, (commands, keys), room, model)],
        None => Vec::new(),
    });
}

fn labels(slash: Slash) -> (String, &'static str) {
    let found = SLASHES.iter().find(|(other, ..)| *other == slash);
    found.map(|(_, command, argument, _)| (format!(" {command} "), *argument)).unwrap_or_default()
}

fn row(listed: &Listed, (commands, keys): (usize, usize), room: usize, model: &Model) -> Line<'static> {
    let left = vec![Span::raw("   "), Span::styled(listed.words.clone(), model.theme.text())];
    let padded = |text: &str, columns: usize| format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))));
    let right = if room >= ROOMY {
        vec![
            Span::styled(format!("{}  ", padded(listed.command, commands)), model.theme.accent()),
            Span::styled(format!("{} ", padded(&listed.key, keys)), model.theme.dim()),
        ]
    } else if listed.command.is_empty() {
        vec![Span::styled(format!("{} ", padded(&listed.key, commands.max(keys))), model.theme.dim())]
    } else {
        vec![Span::styled(format!("{} ", padded(listed.command, commands.max(keys))), model.theme.accent())]
    };
    two_ended(left, right, room)
}
