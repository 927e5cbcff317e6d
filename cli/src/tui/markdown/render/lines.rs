//! Words become lines: broken at the room that there is, behind what stands before each.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::super::wrap::{width, wrap};
use super::{NARROWEST, Renderer, fence::with_prefix};
use crate::neutralise::neutralise_line;

impl Renderer {
    pub(super) fn styled(&mut self, text: &str, style: Style) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.break_line();
            }
            if !line.is_empty() {
                // The parser has made characters of entities.
                let is_blank_at_end = line.ends_with(' ');
                let mut safe = neutralise_line(line);
                if is_blank_at_end {
                    safe.extend(line.chars().rev().take_while(|c| *c == ' '));
                }
                self.runs.push(Span::styled(safe, style));
            }
        }
    }

    pub(super) fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    pub(super) fn room(&self) -> usize {
        let taken: usize = self.prefixes.iter().map(|prefix| width(&prefix.rest.content)).sum();
        self.columns.saturating_sub(taken).max(NARROWEST.min(self.columns))
    }

    /// A blank line between blocks, where something stands above.
    pub(super) fn gap(&mut self) {
        self.flush();
        if !std::mem::take(&mut self.is_fresh) {
            self.push_line(Line::default());
        }
    }

    pub(super) fn break_line(&mut self) {
        if self.table.is_some() {
            self.runs.push(Span::raw(" "));
        } else {
            self.flush();
        }
    }

    pub(super) fn flush(&mut self) {
        if self.runs.is_empty() || self.table.is_some() {
            return;
        }
        self.is_fresh = false;
        let runs = std::mem::take(&mut self.runs);
        for line in wrap(&runs, self.room()) {
            self.push_line(line);
        }
    }

    pub(super) fn push_line(&mut self, line: Line<'static>) {
        let prefix = self.prefixes.iter_mut().map(|prefix| prefix.first.take().unwrap_or_else(|| prefix.rest.clone()));
        let prefix = prefix.collect();
        self.lines.push(with_prefix(prefix, line));
    }
}
