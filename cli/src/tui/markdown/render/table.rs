//! A table: columns as wide as what they hold, narrower where they must be.

use pulldown_cmark::Alignment;
use ratatui::{
    style::Modifier,
    text::{Line, Span},
};

use super::super::wrap::{width, wrap};
use crate::tui::theme::Theme;

const BETWEEN: &str = " │ ";
/// The narrowest that a column gets.
const NARROWEST: usize = 3;

type Cell = Vec<Span<'static>>;

/// A table on its way.
pub(super) struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
}

impl Table {
    pub(super) const fn new(alignments: Vec<Alignment>) -> Self {
        Self { alignments, rows: Vec::new(), row: Vec::new() }
    }

    pub(super) fn push_cell(&mut self, cell: Cell) {
        self.row.push(cell);
    }

    pub(super) fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
    }

    /// Its lines in so many columns.
    pub(super) fn lines(self, room: usize, theme: Theme) -> Vec<Line<'static>> {
        let widths = self.widths(room);
        let mut lines = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            let row: Vec<Cell> = row.iter().map(|cell| if index == 0 { strong(cell) } else { cell.clone() }).collect();
            lines.extend(self.row_lines(&row, &widths, theme));
            if index == 0 {
                let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
                lines.push(Line::styled(rule.join("─┼─"), theme.dim()));
            }
        }
        lines
    }

    /// The widest columns give way first.
    fn widths(&self, room: usize) -> Vec<usize> {
        let count = self.alignments.len();
        let mut widths = vec![1; count];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell_width(cell));
            }
        }
        let room = room.saturating_sub(width(BETWEEN) * count.saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let Some(widest) = widths.iter_mut().max().filter(|width| **width > NARROWEST) else { break };
            *widest -= 1;
        }
        widths
    }

    fn row_lines(&self, row: &[Cell], widths: &[usize], theme: Theme) -> Vec<Line<'static>> {
        let empty = Vec::new();
        let cells: Vec<Vec<Line<'static>>> =
            widths.iter().enumerate().map(|(at, width)| wrap(row.get(at).unwrap_or(&empty), *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        (0..height).map(|line| self.row_line(&cells, line, widths, theme)).collect()
    }

    fn row_line(&self, cells: &[Vec<Line<'static>>], line: usize, widths: &[usize], theme: Theme) -> Line<'static> {
        let mut spans = Vec::new();
        for (at, (cell, room)) in cells.iter().zip(widths).enumerate() {
            if at > 0 {
                spans.push(Span::styled(BETWEEN, theme.dim()));
            }
            let content = cell.get(line).map(|line| line.spans.clone()).unwrap_or_default();
            let blank = Span::raw(" ".repeat(room.saturating_sub(cell_width(&content))));
            let is_right = self.alignments.get(at).copied().is_some_and(is_right);
            if is_right {
                spans.push(blank);
                spans.extend(content);
            } else {
                spans.extend(content);
                spans.push(blank);
            }
        }
        Line::from(spans)
    }
}

fn cell_width(cell: &[Span<'_>]) -> usize {
    cell.iter().map(|span| width(&span.content)).sum()
}

fn strong(cell: &Cell) -> Cell {
    cell.iter()
        .cloned()
        .map(|span| {
            let style = span.style.add_modifier(Modifier::BOLD);
            span.style(style)
        })
        .collect()
}

/// How a cell stands in its column.
const fn is_right(alignment: Alignment) -> bool {
    matches!(alignment, Alignment::Right)
}
