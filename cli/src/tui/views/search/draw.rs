//! What a search looks like: a line to write in, and two rows for each message that was found.

use jiff::Timestamp;
use mmp_shared::{message::Role, phrase, search::SearchHit};
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    super::chrome::{self, State, two_ended},
    Search,
};
use crate::tui::{
    clean::clean_line,
    markdown::wrap::{grapheme_width, width},
    model::Model,
    theme::Theme,
};
use unicode_segmentation::UnicodeSegmentation as _;

/// What stands before a snippet.
const INDENT: &str = "     ";

/// Draws it.
pub(super) fn draw(search: &mut Search, frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let list = chrome::finder_line(frame, area, &search.finder, &phrase!("views-search-hint"), model);
    if list.is_empty() {
        return;
    }
    if search.hits.is_empty() {
        let empty = if search.state == State::Unasked { phrase!("views-search-how") } else { phrase!("views-search-nothing") };
        return chrome::say_state(frame, list, &search.state, &empty, model);
    }
    let Search { finder, hits, clock, .. } = search;
    chrome::list(frame, list, finder, (hits.len(), 2), model, |index, room| match hits.get(index) {
        Some(hit) => vec![head(hit, *clock, room, model), snippet(hit, room, model.theme)],
        None => Vec::new(),
    });
}

fn head(hit: &SearchHit, clock: Option<Timestamp>, room: usize, model: &Model) -> Line<'static> {
    let who = match hit.role {
        Role::User => phrase!("views-search-you").render(model.language),
        Role::Assistant => phrase!("views-search-answer").render(model.language),
        role => role.as_str().to_owned(),
    };
    let left = vec![Span::styled(" ▸ ", model.theme.accent()), Span::styled(clean_line(&hit.title), model.theme.text())];
    let at = match clock {
        Some(clock) => format!("{who} · {}", chrome::age(clock, hit.at, model.language)),
        None => who,
    };
    two_ended(left, vec![Span::styled(format!("{at} "), model.theme.dim())], room)
}

/// The snippet with what was looked for marked, as much of it as fits.
fn snippet(hit: &SearchHit, room: usize, theme: Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(INDENT)];
    let room = room.saturating_sub(width(INDENT) + 1);
    let mut taken = 0;
    for (text, is_marked) in parts(hit) {
        let style = if is_marked { theme.notice().add_modifier(ratatui::style::Modifier::BOLD) } else { theme.dim() };
        let mut shown = String::new();
        for grapheme in text.graphemes(true) {
            let columns = grapheme_width(grapheme);
            if taken + columns > room {
                taken = room;
                break;
            }
            taken += columns;
            shown.push_str(grapheme);
        }
        spans.push(Span::styled(shown, style));
    }
    Line::from(spans)
}

/// The snippet in parts that are marked or not, as a terminal may have them. The marks count Unicode's characters.
fn parts(hit: &SearchHit) -> Vec<(String, bool)> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    for (index, c) in hit.snippet.chars().enumerate() {
        let is_marked = hit.highlights.iter().any(|(start, end)| (*start..*end).contains(&index));
        match parts.last_mut() {
            Some((text, was)) if *was == is_marked => text.push(c),
            _ => parts.push((c.to_string(), is_marked)),
        }
    }
    // Between two parts a blank may stand at either end, and stays.
    parts.into_iter().map(|(text, is_marked)| (clean_keeping_ends(&text), is_marked)).collect()
}

fn clean_keeping_ends(text: &str) -> String {
    let blank = |is_there: bool| if is_there { " " } else { "" };
    let inner = clean_line(text.trim());
    if inner.is_empty() {
        return blank(!text.is_empty()).to_owned();
    }
    format!("{}{inner}{}", blank(text.starts_with(' ')), blank(text.ends_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(snippet: &str, highlights: &[(usize, usize)]) -> SearchHit {
        serde_json::from_value(serde_json::json!({
            "conversation_id": "0198c5d2-7b1e-7c61-8f0a-000000000001", "message_id": "0198c5d2-7b1e-7c61-8f0a-000000000002",
            "title": "t", "role": "user", "at": "2026-01-02T03:04:05Z", "snippet": snippet, "highlights": highlights, "score": 1.0,
        }))
        .expect("a hit")
    }

    #[test]
    fn the_marks_count_characters_whatever_their_bytes() {
        assert_eq!(parts(&hit("把 端口 8080 free", &[(2, 4), (5, 9)])), [
            ("把 ".into(), false),
            ("端口".into(), true),
            (" ".into(), false),
            ("8080".into(), true),
            (" free".into(), false)
        ]);
    }

    #[test]
    fn a_snippet_drives_no_terminal_and_floods_no_row() {
        let hit = hit(&format!("a\u{1b}[2J\u{202e}b{}", "\u{200b}".repeat(500)), &[(0, 1)]);
        let text: String = parts(&hit).into_iter().map(|(text, _)| text).collect();
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && text.chars().count() < 40, "{text:?}");
    }
}
