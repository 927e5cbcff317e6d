//! Several answers side by side on a terminal, each in a column of its own that streams: a heading, the text, the numbers.
//!
//! While they come as much is drawn as the terminal has rows for, the newest of each. At the end all of it is printed, so
//! that nothing is missing above. What a column is made of is `column`'s; the rows come from `flow`, `screen` draws.

mod column;

use std::{
    io,
    time::{Duration, Instant},
};

use mmp_shared::{
    RunId,
    events::{LoggedEvent, StreamEvent},
    phrase,
};

use self::column::Column;
use super::{
    CompareView, Compared,
    flow::Row,
    screen::{Line, Screen},
};
use crate::{
    error,
    everywhere::ErrorFormat,
    output::{self, DEMO, text::TextOptions},
};

/// What stands between two columns, and how wide that is.
const GAP: &str = " │ ";
const GAP_WIDTH: usize = 3;

/// A column that is narrower cannot be read.
const NARROWEST: usize = 30;

/// The narrowest that one is made where the terminal has become narrow meanwhile.
const LEAST: usize = 8;

/// How long a picture stands at least.
const FRAME: Duration = Duration::from_millis(40);

/// The view.
pub(crate) struct ColumnsView {
    options: TextOptions,
    columns: Vec<Column>,
    screen: Screen,
    drawn_at: Option<Instant>,
}

/// How wide each of so many columns is on a terminal this wide; none where they would be too narrow to read.
pub(crate) fn column_width(columns: usize, count: usize) -> Option<usize> {
    let width = share(columns, count);
    (width >= NARROWEST).then_some(width)
}

fn share(columns: usize, count: usize) -> usize {
    columns.saturating_sub(GAP_WIDTH * count.saturating_sub(1)) / count.max(1)
}

impl ColumnsView {
    /// A view of so many answers, where the terminal is wide enough for them.
    pub(crate) fn open(options: TextOptions, count: usize) -> Option<Self> {
        let width = column_width(Screen::size().0, count)?;
        let columns = std::iter::repeat_with(|| Column::new(options, width)).take(count).collect();
        Some(Self { options, columns, screen: Screen::open(), drawn_at: None })
    }

    fn draw(&mut self) -> io::Result<()> {
        let (columns, rows) = Screen::size();
        let width = share(columns, self.columns.len()).max(LEAST);
        // The last row stays free: a terminal that is written full scrolls.
        let lines = beside(&self.pictures(width, rows - 1), width, self.options.stdout.is_styled);
        self.drawn_at = Some(Instant::now());
        self.screen.draw(&lines)
    }

    /// Each column as it is to be drawn in so many rows.
    fn pictures(&mut self, width: usize, rows: usize) -> Vec<Vec<Row>> {
        let feet: Vec<_> = self.columns.iter().map(|column| column.foot(width)).collect();
        let foot = feet.iter().map(Vec::len).max().unwrap_or(0);
        let room = rows.saturating_sub(foot + column::HEAD_ROWS).max(1);
        for column in &mut self.columns {
            column.set_width(width);
        }
        let bodies: Vec<_> = self.columns.iter().map(|column| column.tail(room)).collect();
        let height = bodies.iter().map(Vec::len).max().unwrap_or(0);
        let parts = self.columns.iter().zip(bodies).zip(feet);
        parts
            .map(|((column, mut body), foot)| {
                body.resize(height, Row::default());
                column.head(width).into_iter().chain(body).chain(foot).collect()
            })
            .collect()
    }

    /// Everything, as it stays.
    fn whole(&mut self) -> Vec<Line> {
        let (columns, _) = Screen::size();
        let count = self.columns.len();
        if let Some(width) = column_width(columns, count) {
            return beside(&self.pictures(width, usize::MAX), width, self.options.stdout.is_styled);
        }
        // The terminal has become too narrow for columns: one below the other.
        let mut lines = Vec::new();
        for column in &mut self.columns {
            column.set_width(columns);
            let rows = column.head(columns).into_iter().chain(column.tail(usize::MAX)).chain(column.foot(columns));
            lines.extend(rows.chain([Row::default()]).map(|row| Line { text: row.text, width: row.width }));
        }
        lines
    }
}

/// Columns as the lines of a screen. A column begins where it should even if a terminal has another opinion of the width
/// of what stands before it.
fn beside(columns: &[Vec<Row>], width: usize, is_styled: bool) -> Vec<Line> {
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let gap = if is_styled { format!("\u{1b}[2m{GAP}\u{1b}[0m") } else { GAP.to_owned() };
    let line = |place: usize| {
        let (mut text, mut taken) = (String::new(), 0);
        for (number, column) in columns.iter().enumerate() {
            if number > 0 {
                let begin = number * (width + GAP_WIDTH) - GAP_WIDTH;
                text.push_str(&" ".repeat(begin.saturating_sub(taken)));
                text.push_str(&format!("\u{1b}[{}G{gap}", begin + 1));
                taken = begin + GAP_WIDTH;
            }
            if let Some(row) = column.get(place) {
                text.push_str(&row.text);
                taken += row.width;
            }
        }
        Line { text, width: taken }
    };
    (0..height).map(line).collect()
}

impl CompareView for ColumnsView {
    fn take(&mut self, place: usize, _: RunId, event: &LoggedEvent) -> io::Result<()> {
        if matches!(&event.event, StreamEvent::Started(started) if started.provider == DEMO) {
            self.screen.leave(&[])?;
            output::note(&phrase!("note-demo"), self.options.language);
        }
        if let Some(column) = self.columns.get_mut(place) {
            column.take(&event.event);
        }
        Ok(())
    }

    fn ended(&mut self, place: usize, compared: &Compared) -> io::Result<()> {
        if let Some(column) = self.columns.get_mut(place) {
            column.end(compared);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.drawn_at.is_some_and(|drawn| drawn.elapsed() < FRAME) {
            // The next moment draws it.
            return Ok(());
        }
        self.draw()
    }

    fn tick(&mut self) -> io::Result<()> {
        if self.drawn_at.is_some() { self.draw() } else { Ok(()) }
    }

    fn finish(&mut self, all: &[Compared]) -> io::Result<()> {
        for (column, compared) in self.columns.iter_mut().zip(all) {
            column.end(compared);
        }
        let lines = self.whole();
        self.screen.leave(&lines)?;
        // The columns say what went wrong; where stderr goes elsewhere, it is told there too.
        for error in all.iter().filter_map(|compared| compared.error.as_ref()).filter(|_| !self.options.stderr.is_terminal) {
            error::tell(error, self.options.language, ErrorFormat::Text);
        }
        Ok(())
    }

    fn can_begin_anew(&self, _: usize) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(count: u16) -> std::num::NonZero<u16> {
        std::num::NonZero::new(count).expect("not zero")
    }

    fn row(text: &str) -> Row {
        Row { text: text.into(), width: unicode_width::UnicodeWidthStr::width(text) }
    }

    #[test]
    fn columns_share_what_there_is_and_none_is_too_narrow() {
        assert_eq!(column_width(80, 2), Some(38));
        assert_eq!(column_width(100, 3), Some(31));
        assert_eq!(column_width(80, 3), None);
        assert_eq!(column_width(40, 2), None);
    }

    #[test]
    fn every_column_begins_at_its_place_whatever_stands_before_it() {
        let columns = [vec![row("你好"), row("")], vec![row("a")], vec![row("b"), row("c")]];
        let mut parser = vt100::Parser::new(cells(24), cells(80), 0);
        for line in beside(&columns, 6, true) {
            parser.process(format!("{}\r\n", line.text).as_bytes());
        }
        assert_eq!(parser.screen().contents(), "你好   │ a      │ b\n       │        │ c");
    }
}
