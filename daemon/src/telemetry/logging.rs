//! The log: one file a day in the state folder, the oldest ones removed; standard error for a daemon in the foreground.
//!
//! A line never holds a prompt, a key or a token; that is the duty of whoever writes it. Lines are handed to a thread
//! of their own over a bounded queue, so that a slow disk slows no answer: when the queue is full, lines are dropped.

use std::{io, path::Path};

use tracing_appender::{
    non_blocking::{NonBlocking, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::EnvFilter;

/// Where lines go.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// To a file a day in this folder, for this many days.
    Folder(&'a Path, usize),
    /// To standard error.
    Stderr,
}

/// Begins to log. Lines are written until the guard is dropped; dropping it writes what waits.
///
/// # Errors
///
/// When the folder cannot be made or written.
pub fn start(level: &str, target: Target<'_>) -> io::Result<WorkerGuard> {
    let (writer, guard) = match target {
        Target::Folder(folder, days) => NonBlocking::new(appender(folder, days)?),
        Target::Stderr => NonBlocking::new(io::stderr()),
    };
    // The libraries below have little to say to those who run mmp, unless they ask for it.
    let filter = EnvFilter::new(format!("warn,mmpd={level}"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false).finish();
    // A second start, in tests, keeps the first one's log.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(guard)
}

fn appender(folder: &Path, days: usize) -> io::Result<RollingFileAppender> {
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("mmpd")
        .filename_suffix("log")
        .max_log_files(days)
        .build(folder)
        .map_err(io::Error::other)
}
