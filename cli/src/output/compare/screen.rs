//! The part of a terminal that is drawn again and again: the last lines of it, above which everything stays as it is.
//!
//! While it is drawn the cursor is hidden and what is typed is not shown; both are put back at its end, however that comes.

use std::io::{self, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

/// Begins and ends what a terminal shows at once, where it knows that.
const TOGETHER: &str = "\u{1b}[?2026h";
const SHOWN: &str = "\u{1b}[?2026l";
const HIDE_CURSOR: &str = "\u{1b}[?25l";
const SHOW_CURSOR: &str = "\u{1b}[?25h";

/// A line of the screen, and how many columns it takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) width: usize,
}

/// The part of the terminal.
pub(super) struct Screen {
    /// The widths of the lines that stand there.
    drawn: Vec<usize>,
    _quiet: Option<Quiet>,
}

impl Screen {
    /// Takes over the lines from the cursor on.
    pub(super) fn open() -> Self {
        Self { drawn: Vec::new(), _quiet: Quiet::begin() }
    }

    /// How many columns and rows there are.
    pub(super) fn size() -> (usize, usize) {
        let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
        (usize::from(columns.max(1)), usize::from(rows.max(2)))
    }

    /// Puts these lines where the last ones were.
    pub(super) fn draw(&mut self, lines: &[Line]) -> io::Result<()> {
        let text = format!("{TOGETHER}{HIDE_CURSOR}{}{}{SHOWN}", self.back(), written(lines));
        self.drawn = lines.iter().map(|line| line.width).collect();
        write(&text)
    }

    /// Takes away what was drawn, for good; these lines take its place and stay.
    pub(super) fn leave(&mut self, lines: &[Line]) -> io::Result<()> {
        if self.drawn.is_empty() && lines.is_empty() {
            return Ok(());
        }
        let end = if lines.is_empty() { "\u{1b}[J" } else { "\r\n" };
        let text = format!("{TOGETHER}{}{}{end}{SHOW_CURSOR}{SHOWN}", self.back(), written(lines));
        self.drawn.clear();
        write(&text)
    }

    /// Back to the first of the lines that were drawn, over those that a narrower terminal has divided meanwhile.
    fn back(&self) -> String {
        let (columns, _) = Self::size();
        let rows: usize = self.drawn.iter().map(|width| width.div_ceil(columns).max(1)).sum();
        let up = if rows > 1 { format!("\u{1b}[{}A", rows - 1) } else { String::new() };
        format!("\r{up}")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if !self.drawn.is_empty() {
            let _ = write(&format!("\r\n{SHOW_CURSOR}"));
        }
    }
}

/// Lines over what stood there. Each is cleared before it is written, for a cursor behind a full line stands on its last
/// character; and all that is left only from the last one on, for some terminals take a screen that is cleared from its top
/// for one to be kept above.
fn written(lines: &[Line]) -> String {
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        let clear = if place + 1 == lines.len() { "\u{1b}[J" } else { "\u{1b}[K" };
        let begin = if place == 0 { "" } else { "\r\n" };
        text.push_str(&format!("{begin}{clear}{}", line.text));
    }
    text
}

fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// A terminal that does not show what is typed. Only its foreground may ask for that.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> Option<Self> {
        let stdin = io::stdin();
        let is_ours = tcgetpgrp(&stdin).is_ok_and(|group| group == rustix::process::getpgrp());
        let before = tcgetattr(&stdin).ok().filter(|_| is_ours)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Now, &quiet).ok()?;
        Some(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
