//! What the history looks like: a row for each conversation, and below them what is asked of the person.

use jiff::Timestamp;
use mmp_shared::{conversations::Conversation, phrase};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    super::chrome::{self, State, two_ended},
    History, Kept, Question,
};
use crate::tui::{
    clean::clean_line,
    markdown::wrap::{fit, wrap},
    model::Model,
    widgets::field::{Field, FieldLook},
};

/// From how many columns on figures stand beside the titles.
const ROOMY: usize = 60;

/// Draws it.
pub(super) fn draw(history: &mut History, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let wanted = match &history.question {
        // What is final is read whole.
        Some(Question::Delete(..)) if usize::from(area.width) < ROOMY + 40 => 3,
        question => u16::from(question.is_some()),
    };
    let asked = wanted.min(area.height.saturating_sub(1));
    let (mut above, below) = (area, Rect { y: area.bottom() - asked, height: asked, ..area });
    above.height -= asked;
    let list = chrome::finder_line(frame, above, &history.finder, &phrase!("views-history-filter"), model);
    if let Some(question) = &history.question {
        ask(frame, below, question, model);
    }
    if list.is_empty() {
        return;
    }
    if history.items.is_empty() {
        let empty = match history.kept {
            _ if !history.finder.field.is_empty() => phrase!("screen-nothing-fits"),
            Kept::Current => phrase!("views-history-empty"),
            Kept::Pinned => phrase!("views-history-no-pinned"),
            Kept::Archived => phrase!("views-history-no-archived"),
        };
        let state = if history.state == State::Unasked { &State::Loading } else { &history.state };
        return chrome::say_state(frame, list, state, &empty, model);
    }
    let History { finder, items, clock, .. } = history;
    chrome::list(frame, list, finder, (items.len(), 1), model, |index, room| {
        items.get(index).map(|item| row(item, *clock, room, model)).into_iter().collect()
    });
}

fn row(item: &Conversation, clock: Option<Timestamp>, room: usize, model: &Model) -> Line<'static> {
    let is_open = model.conversation.as_ref().is_some_and(|open| open.id == item.id);
    let sign = match (is_open, item.pinned, item.archived) {
        (true, ..) => " ▸ ",
        (_, true, _) => " ◆ ",
        (.., true) => " ▫ ",
        _ => "   ",
    };
    let title = if item.title.is_empty() { phrase!("screen-new-conversation").render(model.language) } else { clean_line(&item.title) };
    let mut figures = Vec::new();
    if room >= ROOMY {
        figures.extend(item.model.as_ref().map(|name| fit(&clean_line(name), room / 4)));
        figures.push(phrase!("views-history-messages", count = item.messages).render(model.language));
    }
    figures.extend(clock.map(|clock| chrome::age(clock, item.updated_at, model.language)));
    let right = format!("{} ", figures.join(" · "));
    two_ended(vec![Span::styled(sign, model.theme.accent()), Span::styled(title, model.theme.text())], vec![Span::styled(right, model.theme.dim())], room)
}

fn ask(frame: &mut Frame<'_>, area: Rect, question: &Question, model: &Model) {
    let write = |frame: &mut Frame<'_>, label: String, hint: String, field: &Field| {
        let label = format!(" {label} ");
        let has_keys = model.overlay.is_none();
        field.draw(frame, area, FieldLook { label: &label, hint: &hint, has_keys, theme: model.theme });
    };
    match question {
        Question::Title(_, field) => write(frame, phrase!("views-history-new-title").render(model.language), String::new(), field),
        Question::File(_, field) => {
            let hint = phrase!("views-history-forms").render(model.language);
            write(frame, phrase!("views-history-file").render(model.language), hint, field);
        }
        Question::Delete(_, title) => {
            let room = usize::from(area.width).saturating_sub(2);
            let title = fit(title, (room / 2).max(8));
            let words = phrase!("views-history-delete-sure", title = title).render(model.language);
            for (row, line) in (0..area.height).zip(wrap(&[Span::styled(words, model.theme.error())], room.max(1))) {
                let place = Rect { x: area.x + u16::from(area.width > 1), y: area.y + row, height: 1, width: area.width.saturating_sub(1) };
                frame.render_widget(line, place);
            }
        }
    }
}
