//! The script for bash. Unlike the one that comes with clap it takes words with `:` and `=` for one, and quotes what it adds.

use std::{ffi::OsString, io, path::Path};

use clap_complete::{engine, env::EnvCompleter};

const SCRIPT: &str = include_str!("mmp.bash");

/// bash, from version 3.2.
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == self.name()
    }

    fn write_registration(&self, _: &str, _: &str, _: &str, completer: &str, to: &mut dyn io::Write) -> io::Result<()> {
        let quoted = format!("'{}'", completer.replace('\'', r"'\''"));
        to.write_all(SCRIPT.replace("@MMP@", &quoted).as_bytes())
    }

    /// One candidate a line, as it is; the script quotes it.
    fn write_complete(
        &self,
        command: &mut clap::Command,
        words: Vec<OsString>,
        current_dir: Option<&Path>,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        let last = words.len().saturating_sub(1);
        for candidate in engine::complete(command, words, last, current_dir)? {
            writeln!(to, "{}", candidate.get_value().to_string_lossy())?;
        }
        Ok(())
    }
}
