//! A home for one test, and the client run in it with nothing else around.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::fake::{Fake, Reply, Request};

/// A home and what is around it.
pub(crate) struct World {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What the client left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), variables: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.path().join("mmp.sock")
    }

    /// Puts a daemon there that is only a script.
    pub(crate) fn fake(&self, reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Fake {
        Fake::listen(&self.socket(), reply)
    }

    /// The client with these arguments, its environment and no standard input.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_mmp")), arguments)
    }

    pub(crate) fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("MMP_HOME", self.path()).env("HOME", self.path()).env("PATH", "/usr/bin:/bin");
        command.env("TZ", "UTC").envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).output().expect("the client runs"))
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the client runs");
        // A client that refuses its arguments does not read.
        let _ = child.stdin.take().expect("a pipe").write_all(input);
        ran(child.wait_with_output().expect("the client ends"))
    }
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("stdout is text"),
        stderr: String::from_utf8(output.stderr).expect("stderr is text"),
    }
}

impl Ran {
    /// The error of `--json`: the last line of stderr.
    pub(crate) fn error(&self) -> serde_json::Value {
        let line = self.stderr.lines().last().expect("an error");
        serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON")["error"].clone()
    }
}
