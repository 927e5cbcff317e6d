//! What a shell is told when somebody presses Tab: commands, flags and values from the command line's own tree, and names
//! that only the daemon knows.
//!
//! A script of `shells` calls `mmp` with the words so far; the answer is printed as that shell likes it, and nothing else
//! ever: whatever goes wrong, a shell in the middle of a line is told fewer candidates. Which argument takes which names is
//! in `places`, the names are in `names`.

mod names;
mod places;

use std::{
    ffi::{OsStr, OsString},
    io::Write as _,
};

use clap::CommandFactory as _;

use crate::{arguments::Arguments, everywhere::Glance, help, shells};

/// Prints the candidates for the last of the words behind `--`.
pub(crate) fn answer(shell: &OsStr, words: &[OsString]) {
    let Some(shell) = shell.to_str().and_then(shells::find) else { return };
    let line: Vec<OsString> = words.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
    if line.is_empty() {
        return;
    }
    let glance = Glance::at(&line);
    let command = help::with_words(<Arguments>::command(), help::language(&glance));
    let asker = names::Asker { host: glance.host, quotes: shell.name() == "powershell" };
    let mut command = places::attach(command, "", &asker);
    let mut answer = Vec::new();
    let current_dir = std::env::current_dir().ok();
    if shell.write_complete(&mut command, line, current_dir.as_deref(), &mut answer).is_ok() {
        // A shell that has gone away wants nothing any more.
        let _ = std::io::stdout().lock().write_all(&answer);
    }
}
