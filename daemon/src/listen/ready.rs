//! The word to whoever started this daemon: one line on standard output, which is then let go of.
//!
//! A client that starts a daemon hands it the write end of a pipe as standard output. It reads the one line and goes on:
//! nobody polls, nobody sleeps.

use std::{fs::OpenOptions, io::Write};

use mmp_shared::system::StartReport;

/// Leaves the session of whoever started this process, so that the end of a terminal does not end the daemon.
/// A process that leads its group already, one started by a shell say, stays where it is.
pub fn leave_session() {
    let _ = rustix::process::setsid();
}

/// Writes the line, then points standard output at nothing. A starter that went away is no reason to stop.
pub fn report(report: &StartReport) {
    let line = serde_json::to_string(report).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    if let Ok(nothing) = OpenOptions::new().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
}
