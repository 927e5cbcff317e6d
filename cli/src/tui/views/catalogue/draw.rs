//! What the models look like: a row for each, and below them more about the chosen one.

use mmp_shared::{
    Phrase,
    models::{Capability, KeyState, Model as CatalogueModel},
    phrase,
};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    super::chrome::{self, two_ended},
    Catalogue, Tested,
};
use crate::tui::{clean::clean_line, markdown::wrap::fit, model::Model, widgets::field::FieldLook};

/// From how many columns on figures stand beside the names.
const ROOMY: usize = 60;
/// How many rows tell more about the chosen one, where there is room.
const MORE: u16 = 3;

/// Draws it.
pub(super) fn draw(catalogue: &mut Catalogue, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let more = if area.height >= 10 { MORE } else { u16::from(area.height >= 2) };
    let below = Rect { y: area.bottom() - more, height: more, ..area };
    let above = Rect { height: area.height - more, ..area };
    let list = chrome::finder_line(frame, above, &catalogue.finder, &phrase!("views-filter-hint"), model);
    match &catalogue.key {
        Some((provider, field)) => {
            let label = format!(" {} ", phrase!("views-models-key-of", provider = clean_line(provider)).render(model.language));
            let has_keys = model.overlay.is_none();
            field.draw(frame, below, FieldLook { label: &label, hint: "", has_keys, theme: model.theme });
        }
        None => about(catalogue, frame, below, model),
    }
    if list.is_empty() {
        return;
    }
    let rows: Vec<CatalogueModel> = catalogue.shown().into_iter().cloned().collect();
    if rows.is_empty() {
        return chrome::say_state(frame, list, &catalogue.state, &phrase!("screen-nothing-fits"), model);
    }
    chrome::list(frame, list, &mut catalogue.finder, (rows.len(), 1), model, |index, room| {
        rows.get(index).map(|item| row(item, room, model)).into_iter().collect()
    });
}

fn row(item: &CatalogueModel, room: usize, model: &Model) -> Line<'static> {
    let sign = if item.default { " ★ " } else { "   " };
    let style = if item.available { model.theme.text() } else { model.theme.dim() };
    let mut left = vec![Span::styled(sign, model.theme.accent()), Span::styled(clean_line(&item.name), style)];
    if !item.aliases.is_empty() {
        left.push(Span::styled(format!("  {}", clean_line(&item.aliases.join(" "))), model.theme.dim()));
    }
    let mut figures = Vec::new();
    if !item.enabled {
        figures.push(phrase!("views-models-disabled").render(model.language));
    } else if !item.available {
        figures.push(phrase!("screen-no-key").render(model.language));
    }
    if room >= ROOMY {
        figures.extend(item.context_window.map(tokens));
        figures.extend(item.price.as_ref().map(|price| format!("${}/${}", price.input, price.output)));
    }
    two_ended(left, vec![Span::styled(format!("{} ", figures.join(" · ")), model.theme.dim())], room)
}

fn tokens(count: u64) -> String {
    if count >= 1_000_000 { format!("{}M", count / 1_000_000) } else { format!("{}k", count / 1_000) }
}

/// More about the chosen one: how its test went, what it can do, what it costs, where the key is.
fn about(catalogue: &Catalogue, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let Some(item) = catalogue.chosen() else { return };
    let say = |phrase: Phrase| phrase.render(model.language);
    let room = usize::from(area.width).saturating_sub(2);
    let mut lines = Vec::new();
    if let Some(test) = catalogue.tests.get(&item.name) {
        let (words, style) = match test {
            Tested::Asked(_) => (say(phrase!("views-models-testing")), model.theme.dim()),
            Tested::Well(took) => (say(phrase!("views-models-answered", time = took)), model.theme.model()),
            Tested::Badly(why) => (format!("✗ {why}"), model.theme.error()),
        };
        lines.push(Line::styled(fit(&format!(" {words}"), room), style));
    }
    let key = catalogue.key_state(item).map(|state| match state {
        KeyState::Sealed => phrase!("views-models-key-sealed"),
        KeyState::Missing => phrase!("views-models-key-missing"),
        KeyState::NotNeeded => phrase!("views-models-key-not-needed"),
    });
    let mut first: Vec<String> = vec![clean_line(&item.provider)];
    first.extend(key.map(say));
    first.extend(item.capabilities.iter().map(|capability| say(capability_words(*capability))));
    let mut second = Vec::new();
    second.extend(item.context_window.map(|count| say(phrase!("views-models-window", tokens = tokens(count)))));
    second.extend(item.max_output.map(|count| say(phrase!("views-models-output", tokens = tokens(count)))));
    second.extend(item.price.as_ref().map(|price| say(phrase!("views-models-price", input = price.input.to_string(), output = price.output.to_string()))));
    for parts in [first, second] {
        lines.push(Line::styled(fit(&format!(" {}", parts.join(" · ")), room), model.theme.dim()));
    }
    for (row, line) in (0..area.height).zip(lines) {
        frame.render_widget(line, Rect { y: area.y + row, height: 1, ..area });
    }
}

fn capability_words(capability: Capability) -> Phrase {
    match capability {
        Capability::Vision => phrase!("views-models-vision"),
        Capability::Tools => phrase!("views-models-tools"),
        Capability::Reasoning => phrase!("views-models-reasoning"),
        Capability::StructuredOutput => phrase!("views-models-structured"),
    }
}
