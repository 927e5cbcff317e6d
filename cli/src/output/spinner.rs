//! A sign of life on stderr while nothing has come yet. What it draws it takes back.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

/// How often it moves.
pub(crate) const PERIOD: Duration = Duration::from_millis(100);

/// An answer that comes sooner needs no sign.
pub(crate) const DELAY: Duration = Duration::from_millis(200);

const FRAMES: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// What it looks like after a time.
pub(crate) fn frame_at(time: Duration) -> String {
    let place = usize::try_from(time.as_millis() / PERIOD.as_millis()).unwrap_or(0);
    let seconds = time.as_secs();
    let said = if seconds > 0 { format!(" {seconds}s") } else { String::new() };
    format!("{}{said}", FRAMES[place % FRAMES.len()])
}

/// A sign of life.
#[derive(Debug)]
pub(crate) struct Spinner {
    label: String,
    began_at: Instant,
    frame: usize,
    is_drawn: bool,
}

impl Spinner {
    /// One that has drawn nothing yet.
    pub(crate) fn new() -> Self {
        Self { label: String::new(), began_at: Instant::now(), frame: 0, is_drawn: false }
    }

    /// Says who is waited for.
    pub(crate) fn set_label(&mut self, label: String) {
        self.label = label;
    }

    /// Draws the next frame.
    pub(crate) fn tick(&mut self) {
        let frame = FRAMES[self.frame % FRAMES.len()];
        self.frame += 1;
        self.is_drawn = true;
        let seconds = self.began_at.elapsed().as_secs();
        let time = if seconds > 0 { format!(" {seconds}s") } else { String::new() };
        let _ = io::stderr().lock().write_all(format!("\r\u{1b}[2m{frame} {}{time}\u{1b}[0m\u{1b}[K", self.label).as_bytes());
    }

    /// Takes back what was drawn.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            let _ = io::stderr().lock().write_all(b"\r\x1b[K");
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.clear();
    }
}
