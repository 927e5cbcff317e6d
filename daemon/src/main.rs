//! `mmpd`: hands over to the library, and turns what went wrong into words and an exit code.

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match mmpd::commands::execute() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let language = mmpd::commands::language();
            let mut out = std::io::stderr().lock();
            // Nobody is left to be told that nobody can be told.
            let _ = writeln!(out, "error: {}", error.message_in(language));
            if let Some(hint) = error.hint_in(language) {
                let _ = writeln!(out, "hint: {hint}");
            }
            ExitCode::from(error.code.exit_code())
        }
    }
}
