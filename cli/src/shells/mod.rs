//! The shells that complete what is typed behind `mmp`, and the script that makes each of them ask.
//!
//! A script calls `mmp` with [`VARIABLE`] set to its shell and the words so far behind `--`. What it is told is in
//! `completion`, which knows the whole command line; this knows the shells alone.

mod bash;

use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

use crate::error::CliError;

/// The variable that a script sets to its shell when it asks.
pub(crate) const VARIABLE: &str = "MMP_COMPLETE";

/// Every shell that there is a script for.
const SHELLS: Shells<'static> = Shells(&[&bash::Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// The names of the shells.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SHELLS.names()
}

/// How a shell is answered.
pub(crate) fn find(name: &str) -> Option<&'static dyn EnvCompleter> {
    SHELLS.completer(name)
}

/// The script for a shell. It calls this very program by the name that it was called by.
pub(crate) fn script(shell: &str) -> Result<String, CliError> {
    let Some(shell) = find(shell) else { return Ok(String::new()) };
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "mmp", "mmp", &own_path(), &mut script).map_err(|error| CliError::output(&error))?;
    Ok(String::from_utf8_lossy(&script).trim_start().to_owned())
}

/// A bare name stays one, for the next version may lie elsewhere; a path is made whole.
fn own_path() -> String {
    let called = std::env::args_os().next().unwrap_or_else(|| "mmp".into());
    let path = std::path::PathBuf::from(called);
    let path = if path.components().count() > 1 { std::path::absolute(&path).unwrap_or(path) } else { path };
    path.to_string_lossy().into_owned()
}
