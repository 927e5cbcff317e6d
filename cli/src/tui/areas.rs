//! Where things stand on the screen. Both the views and those who scroll want to know.

use mmp_shared::{Phrase, phrase};
use ratatui::layout::Rect;

use super::{
    clean::clean_line,
    model::{Focus, Model},
    slash,
    transcript::Look,
};

/// From how many columns on the list of conversations stands beside the rest.
const WIDE: u16 = 90;
const LIST_WIDTH: u16 = 30;
/// The most rows that the composer takes.
const MOST_ROWS: u16 = 10;
/// What stands before the composer's text.
pub(crate) const PROMPT: &str = "› ";

/// The parts of the screen; one that there is no room for is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Areas {
    /// The list of conversations.
    pub(crate) conversations: Rect,
    /// The title.
    pub(crate) title: Rect,
    /// The transcript.
    pub(crate) transcript: Rect,
    /// The commands that could be meant.
    pub(crate) offers: Rect,
    /// What is said for a while.
    pub(crate) note: Rect,
    /// The composer, its rule included.
    pub(crate) composer: Rect,
    /// The line of figures.
    pub(crate) status: Rect,
}

/// Whether the list of conversations is shown.
pub(crate) fn shows_list(model: &Model) -> bool {
    if model.view.is_some() {
        return false;
    }
    if model.focus == Focus::Conversations {
        return true;
    }
    let is_wide = model.size.0 >= WIDE;
    is_wide && model.conversations.is_open.unwrap_or(!model.conversations.items.is_empty() && model.size.0 >= 110)
}

/// The parts of the screen.
pub(crate) fn areas(model: &Model) -> Areas {
    let (columns, rows) = model.size;
    let list = match (shows_list(model), columns >= WIDE) {
        (false, _) => 0,
        (true, true) => LIST_WIDTH,
        (true, false) => columns,
    };
    let (left, width) = (list, columns - list);
    let mut bottom = rows;
    let mut take = |wanted: u16, least: u16| {
        let height = wanted.min(bottom.saturating_sub(least));
        bottom -= height;
        Rect { x: left, y: bottom, width, height }
    };
    let status = take(u16::from(rows >= 3), 1);
    let wanted = composer_rows(model, width) + u16::from(rows >= 5);
    let composer = take(wanted.min(rows / 2 + 1).max(1), 0);
    let note = take(u16::from(model.note.is_some() || hint(model).is_some()), 2);
    let offers = u16::try_from(slash::offers(model.composer.editor.written(), model.language).len()).unwrap_or(0);
    let offers = take(offers.min(8), 1);
    let title = Rect { x: left, y: 0, width, height: u16::from(bottom >= 4) + u16::from(bottom >= 10) };
    let transcript = Rect { x: left, y: title.height, width, height: bottom - title.height };
    Areas { conversations: Rect { x: 0, y: 0, width: list, height: rows }, title, transcript, offers, note, composer, status }
}

/// What is said where nothing else is: what the keys do just now.
pub(crate) fn hint(model: &Model) -> Option<Phrase> {
    match model.focus {
        Focus::Transcript => Some(phrase!("chatview-hint-reading")),
        Focus::Composer if model.composer.beside.is_some() => Some(phrase!("chatview-hint-beside")),
        Focus::Composer if !model.composer.attached.is_empty() => {
            let names: Vec<_> = model.composer.attached.iter().map(|attached| clean_line(&attached.name)).collect();
            Some(phrase!("palette-attached", names = names.join(" · ")))
        }
        _ => None,
    }
}

/// How many columns the composer's text has.
pub(crate) fn composer_columns(width: u16) -> usize {
    usize::from(width).saturating_sub(PROMPT.chars().count() + 1)
}

fn composer_rows(model: &Model, width: u16) -> u16 {
    let rows = model.composer.editor.rows(composer_columns(width)).len();
    u16::try_from(rows).unwrap_or(u16::MAX).min(MOST_ROWS)
}

/// How the transcript looks.
pub(crate) fn look(model: &Model) -> Look {
    Look {
        width: usize::from(areas(model).transcript.width),
        theme: model.theme,
        language: model.language,
        shows_thinking: model.shows_thinking,
        sign: model.sign(),
        thinking_key: model.keys.first_of(super::keymap::Action::ToggleThinking),
    }
}
