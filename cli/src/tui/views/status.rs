//! The line of figures: who answers, how it goes, what it cost, and whether the daemon is there.

use mmp_shared::phrase;
use ratatui::{
    Frame,
    text::{Line, Span},
};

use crate::{
    output::time,
    tui::{
        areas::Areas,
        figures,
        keymap::Action,
        markdown::wrap::{fit, width},
        model::{Live, Model},
    },
};

/// From how many columns on the help is always named.
const ROOMY: u16 = 60;

/// Draws it.
pub(super) fn draw(frame: &mut Frame<'_>, areas: Areas, model: &Model) {
    let area = areas.status;
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let left = who(model);
    let right = if model.is_connected { progress(model) } else { phrase!("screen-disconnected").render(model.language) };
    let left = fit(&left, room.saturating_sub(width(&right) + 2).max(room / 3));
    let right = fit(&right, room.saturating_sub(width(&left) + 1));
    let blank = " ".repeat(room.saturating_sub(width(&left) + width(&right)));
    let style = if model.is_connected { model.theme.dim() } else { model.theme.error() };
    let spans = vec![Span::styled(format!(" {left}{blank}"), model.theme.dim()), Span::styled(right, style)];
    frame.render_widget(Line::from(spans), area);
}

fn who(model: &Model) -> String {
    let last = model.transcript.last_answer().map(|answer| answer.who.as_str()).filter(|who| !who.is_empty());
    let name = model.chosen_model().or(last).map(str::to_owned);
    name.unwrap_or_else(|| phrase!("screen-default-model").render(model.language))
}

fn progress(model: &Model) -> String {
    match model.live() {
        Some(live) => live_progress(model, live).join(" · "),
        None => {
            let mut parts = figures::totals(model);
            if model.size.0 >= ROOMY || parts.is_empty() {
                parts.push(format!("{} {}", model.keys.name_of(Action::Help), phrase!("screen-help").render(model.language)));
            }
            parts.join(" · ")
        }
    }
}

fn live_progress(model: &Model, live: &Live) -> Vec<String> {
    let say = |phrase: mmp_shared::Phrase| phrase.render(model.language);
    if live.is_stopping {
        return vec![say(phrase!("screen-stopping"))];
    }
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let Some(first_at) = live.first_at else {
        let waited = model.now.saturating_sub(live.since);
        return vec![say(phrase!("screen-waiting", seconds = waited.as_secs()))];
    };
    let mut parts = vec![say(phrase!("numbers-first-token", time = time::duration(millis(first_at.saturating_sub(live.since)))))];
    let streamed = millis(model.now.saturating_sub(first_at));
    if streamed >= 500 {
        let speed = live.quarter_tokens * 250 / streamed;
        parts.push(say(phrase!("screen-speed", speed = format!("~{speed}"))));
    }
    parts.push(format!("{} {}", model.keys.name_of(Action::Interrupt), say(phrase!("screen-stops"))));
    parts
}
