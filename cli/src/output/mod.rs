//! How things look: the answer of a model, tables, JSON, notes. stdout carries what was asked for and nothing else.

pub(crate) mod code_block;
pub(crate) mod compare;
pub(crate) mod health;
pub(crate) mod json;
pub(crate) mod listing;
pub(crate) mod markdown;
pub(crate) mod spinner;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod wrap;

use std::io::{self, Write as _};

use mmp_shared::{Language, Phrase};

use crate::error::CliError;
pub(crate) use crate::neutralise;

/// The provider behind which there is no AI.
pub(crate) const DEMO: &str = "demo";

/// Something to know, on stderr.
pub(crate) fn note(phrase: &Phrase, language: Language) {
    note_line(&phrase.render(language));
}

/// Words to know, on stderr.
pub(crate) fn note_line(words: &str) {
    to_stderr(&format!("note: {}\n", neutralise::neutralise_line(words)));
}

/// Text on stderr as it stands. Where stderr is gone there is nobody to tell, and that is no error.
pub(crate) fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Text on stdout, at once.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    try_print(text).map_err(|error| CliError::output(&error))
}

/// The same, for those who tell of a failure themselves.
pub(crate) fn try_print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
