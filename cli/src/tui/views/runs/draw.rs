//! What the runs look like: a row for each, the live ones first.

use jiff::Timestamp;
use mmp_shared::{Phrase, message::Status, phrase, runs::Run};
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{
    super::chrome::{self, two_ended},
    Runs, title_of,
};
use crate::{
    output::time,
    tui::{clean::clean_line, model::Model, theme::Theme},
};

/// From how many columns on the model stands beside the title, and from how many the figures.
const ROOMY: usize = 56;
const WIDE: usize = 90;

/// Draws it.
pub(super) fn draw(runs: &mut Runs, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let list = chrome::finder_line(frame, area, &runs.finder, &phrase!("views-filter-hint"), model);
    if list.is_empty() {
        return;
    }
    let rows: Vec<Run> = runs.shown(model).into_iter().cloned().collect();
    if rows.is_empty() {
        let empty = match (runs.has_runs(), runs.finder.field.is_empty()) {
            (true, false) => phrase!("screen-nothing-fits"),
            (true, true) => phrase!("views-runs-none-live"),
            (false, _) => phrase!("views-runs-empty"),
        };
        return chrome::say_state(frame, list, &runs.state, &empty, model);
    }
    let clock = runs.clock;
    chrome::list(frame, list, &mut runs.finder, (rows.len(), 1), model, |index, room| {
        rows.get(index).map(|run| row(run, clock, room, model)).into_iter().collect()
    });
}

fn row(run: &Run, clock: Option<Timestamp>, room: usize, model: &Model) -> Line<'static> {
    let (sign, style) = sign(run.status, model.theme);
    let mut left = vec![Span::styled(format!(" {sign} "), style)];
    if room >= ROOMY {
        let name = clean_line(&format!("{}/{}", run.provider, run.model));
        left.push(Span::styled(format!("{name}  "), model.theme.model()));
    }
    left.push(Span::styled(clean_line(&title_of(run, model)), model.theme.text()));
    let right = Span::styled(format!("{} ", figures(run, clock, room, model).join(" · ")), model.theme.dim());
    two_ended(left, vec![right], room)
}

fn figures(run: &Run, clock: Option<Timestamp>, room: usize, model: &Model) -> Vec<String> {
    let say = |phrase: Phrase| phrase.render(model.language);
    let mut figures = Vec::new();
    if run.status == Status::Running {
        let since = clock.map(|clock| clock.duration_since(run.created_at).as_secs().max(0).unsigned_abs());
        figures.push(say(phrase!("views-runs-running", seconds = since.unwrap_or(0))));
        return figures;
    }
    if room >= WIDE {
        let tokens = run.usage.prompt_tokens.zip(run.usage.completion_tokens);
        figures.extend(tokens.map(|(prompt, completion)| say(phrase!("numbers-tokens", prompt = prompt, completion = completion))));
        figures.extend(run.cost_usd.map(time::cost));
        figures.extend(run.timing.total_ms.map(time::duration));
    }
    figures.push(say(status_words(run.status)));
    figures.extend(clock.map(|clock| chrome::age(clock, run.created_at, model.language)));
    figures
}

fn sign(status: Status, theme: Theme) -> (char, Style) {
    match status {
        Status::Running => ('▶', theme.model()),
        Status::Complete => ('✓', theme.dim()),
        Status::Failed | Status::Interrupted => ('✗', theme.error()),
        Status::Truncated | Status::Filtered | Status::Cancelled => ('!', theme.notice()),
    }
}

fn status_words(status: Status) -> Phrase {
    match status {
        Status::Running => phrase!("views-status-running"),
        Status::Complete => phrase!("views-status-complete"),
        Status::Truncated => phrase!("views-status-truncated"),
        Status::Filtered => phrase!("views-status-filtered"),
        Status::Interrupted => phrase!("views-status-interrupted"),
        Status::Cancelled => phrase!("views-status-cancelled"),
        Status::Failed => phrase!("views-status-failed"),
    }
}
