//! Fenced code: its lines, and what frames them.

use ratatui::text::{Line, Span};

use super::{
    super::wrap::{width, wrap},
    NARROWEST,
};
use crate::{neutralise::neutralise_line, tui::theme::Theme};

/// What stands before a line of code.
const CODE_BAR: &str = "│ ";
/// The line over a fenced block: its language.
pub(in crate::tui::markdown) fn fence_line(line: &str, theme: Theme) -> Line<'static> {
    let language = neutralise_line(line.trim().trim_start_matches(['`', '~']).trim());
    let label = if language.is_empty() { "╭─".to_owned() } else { format!("╭─ {language}") };
    Line::styled(label, theme.dim())
}

/// The line under a fenced block.
pub(in crate::tui::markdown) fn fence_end(theme: Theme) -> Line<'static> {
    Line::styled("╰─", theme.dim())
}

/// A line of code, in as many as it takes, behind what stands on its last one already.
pub(in crate::tui::markdown) fn code_lines(
    carried: Vec<Span<'static>>,
    code: Vec<Span<'static>>,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(width(CODE_BAR)).max(NARROWEST);
    // What is carried has its bar already.
    let mut spans: Vec<Span<'static>> = carried.into_iter().skip(1).collect();
    spans.extend(code);
    wrap(&spans, room).into_iter().map(|line| with_prefix(vec![Span::styled(CODE_BAR, theme.dim())], line)).collect()
}

/// A line behind what stands before it.
pub(super) fn with_prefix(mut prefix: Vec<Span<'static>>, line: Line<'static>) -> Line<'static> {
    prefix.extend(line.spans);
    Line::from(prefix)
}
