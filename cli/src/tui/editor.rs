//! A person's own editor on what is being written: a file that only they may read, their program on the terminal that we have
//! given back, and what the file says afterwards. How the terminal is given back is `terminal`'s.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use mmp_shared::{ApiError, ErrorCode, phrase};
use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};

use crate::{
    config::{reason, variable},
    error::{bad_request, system_call},
    input::{LARGEST_INPUT, into_text},
    own_files,
};

/// What the shell exits with where it does not find a program.
const NOT_FOUND: i32 = 127;

/// A draft in a file, until it is dropped.
pub(super) struct Draft {
    path: PathBuf,
    before: String,
    editor: String,
}

impl Draft {
    /// Writes a draft beside the one that is kept.
    ///
    /// # Errors
    ///
    /// Where no editor is set, and those of the file.
    pub(super) fn write(beside: &Path, text: String) -> Result<Self, ApiError> {
        let editor = ["VISUAL", "EDITOR"].into_iter().find_map(variable);
        let Some(editor) = editor.filter(|editor| !editor.trim().is_empty()) else {
            return Err(bad_request(phrase!("palette-editor-none")).with_hint(phrase!("palette-editor-none-hint")));
        };
        let path = beside.with_file_name(format!("draft-{}.md", getpid().as_raw_pid()));
        if let Some(folder) = path.parent() {
            own_files::make_folder(folder)?;
        }
        // One of a process that had our number and was killed: nobody waits for it.
        let _ = std::fs::remove_file(&path);
        let draft = Self { path, before: text, editor };
        draft.put().map_err(|error| own_files::unwritable(&draft.path, &error))?;
        Ok(draft)
    }

    fn put(&self) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path)?;
        file.write_all(self.before.as_bytes())
    }

    /// Runs the editor until it ends. Where it is stopped we stop with it, so that the shell has the terminal.
    ///
    /// # Errors
    ///
    /// Where it cannot be run, and where it says that it failed.
    pub(super) fn edit(&self) -> Result<(), ApiError> {
        // As others do it: the variable may hold arguments, and the file's name must not be read by the shell.
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{} \"$@\"", self.editor)).arg(&self.editor).arg(&self.path);
        let child = command.spawn().map_err(|error| system_call("sh", &error))?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        loop {
            let status = match waitpid(pid, WaitOptions::UNTRACED) {
                Ok(Some((_, status))) => status,
                Ok(None) | Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(system_call("waitpid", &error.into())),
            };
            if status.stopped() {
                let _ = kill_process(getpid(), Signal::STOP);
                let _ = pid.map(|pid| kill_process(pid, Signal::CONT));
                continue;
            }
            return match status.exit_status() {
                Some(0) => Ok(()),
                Some(NOT_FOUND) => Err(bad_request(phrase!("palette-editor-absent", editor = self.editor))),
                _ => Err(bad_request(phrase!("palette-editor-failed", editor = self.editor))),
            };
        }
    }

    /// What the file says now; none where that is what it said before.
    ///
    /// # Errors
    ///
    /// Those of the file, and where it is no text or too large.
    pub(super) fn read(&self) -> Result<Option<String>, ApiError> {
        let name = self.path.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(&self.path).and_then(|file| file.take(LARGEST_INPUT + 1).read_to_end(&mut bytes));
        read.map_err(|error| {
            ApiError::new(ErrorCode::BadRequest, phrase!("error-file-unreadable", name = name, reason = reason(&error)))
        })?;
        let mut text = into_text(&name, bytes)?;
        // Editors end the last line; nobody wrote that.
        if text.ends_with('\n') && !self.before.ends_with('\n') {
            text.pop();
        }
        Ok((text != self.before).then_some(text))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
