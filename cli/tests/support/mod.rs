//! What the tests that start the real programs share: a home of their own, the programs, and a Unix-socket HTTP client.
//!
//! A test sets its whole environment: nothing of the machine's leaks in. A home ends its daemon, by its process id, when
//! it is dropped.
#![allow(dead_code, unreachable_pub)] // Each test binary uses its own part.

pub mod http;
pub mod pty;
pub mod screen;
pub mod tls;
pub mod upstream;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// A folder for one test, and the programs in it.
pub struct Home {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl Home {
    /// A fresh home.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("mmp-").tempdir().expect("a folder for the test");
        Self { folder, environment: Vec::new() }
    }

    /// The same home with one more variable for every program that is started.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The daemon's socket.
    pub fn socket(&self) -> PathBuf {
        self.path().join("mmp.sock")
    }

    /// `mmp` with these arguments, not started yet. Standard input is nothing.
    pub fn mmp(&self, arguments: &[&str]) -> Command {
        self.command(Path::new(env!("CARGO_BIN_EXE_mmp")), arguments)
    }

    /// `mmpd` with these arguments, not started yet.
    pub fn mmpd(&self, arguments: &[&str]) -> Command {
        self.command(&daemon_binary(), arguments)
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("MMP_HOME", self.path()).env("HOME", self.path()).env("LANG", "C.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `mmp` to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.mmp(arguments).output().expect("mmp can be started")
    }

    /// Runs `mmp` to its end with something on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self.mmp(arguments).stdin(Stdio::piped()).spawn().expect("mmp can be started");
        let mut stdin = child.stdin.take().expect("it was piped");
        let input = input.to_vec();
        let writer = std::thread::spawn(move || _ = stdin.write_all(&input));
        let output = child.wait_with_output().expect("mmp ends");
        writer.join().expect("the writer ends");
        output
    }

    /// Runs `mmp`, which must succeed, and returns its standard output.
    pub fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    /// Runs `mmp`, which must succeed, and reads its standard output as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.text(arguments);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?} printed no JSON ({error}): {text}"))
    }

    /// What the lock file says of the daemon, once it runs.
    pub fn lock(&self) -> Option<Value> {
        serde_json::from_str(&fs::read_to_string(self.path().join("data/mmpd.lock")).ok()?).ok()
    }

    /// The daemon's process id.
    pub fn daemon_pid(&self) -> u32 {
        let lock = self.lock().expect("a daemon has run here");
        lock["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).expect("the lock file names a process")
    }

    /// Sends the daemon a signal, by its process id.
    pub fn signal_daemon(&self, signal: rustix::process::Signal) {
        signal_process(self.daemon_pid(), signal);
    }

    /// Kills the daemon and waits until the kernel has let go of its lock.
    pub fn kill_daemon(&self) {
        self.signal_daemon(rustix::process::Signal::KILL);
        self.wait_for_end();
    }

    /// Waits until no daemon holds the data folder: the lock file can be locked.
    pub fn wait_for_end(&self) {
        if let Ok(file) = fs::File::open(self.path().join("data/mmpd.lock")) {
            file.lock().expect("the lock is given back");
        }
    }

    /// Everything under the home, as one list of files with their bytes.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut found, mut folders) = (Vec::new(), vec![self.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => found.push((entry.path(), fs::read(entry.path()).unwrap_or_default())),
                    _ => {}
                }
            }
        }
        found
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let Some(pid) = self.lock().and_then(|lock| lock["pid"].as_u64()).and_then(|pid| i32::try_from(pid).ok()) else { return };
        // Only a daemon that still holds this home's lock is this home's.
        let is_held = fs::File::open(self.path().join("data/mmpd.lock")).is_ok_and(|file| file.try_lock().is_err());
        if let (true, Some(pid)) = (is_held, rustix::process::Pid::from_raw(pid)) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            self.wait_for_end();
        }
    }
}

/// The daemon's program: beside the client's, where `cargo test --workspace` puts both.
pub fn daemon_binary() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_mmp")).with_file_name("mmpd");
    assert!(path.exists(), "{} is missing: `cargo build` makes it", path.display());
    path
}

/// Sends a process a signal.
pub fn signal_process(pid: u32, signal: rustix::process::Signal) {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
    rustix::process::kill_process(pid, signal).expect("the process is there");
}

/// Standard output as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard error as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The exit code; -1 for a signal.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// The error on the last line of standard error, as `--json` prints it.
pub fn json_error(output: &Output) -> Value {
    let text = stderr(output);
    let line = text.lines().last().unwrap_or_default();
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("the last line is no JSON ({error}): {text}"));
    value["error"].clone()
}

/// Waits until something holds, looking again each time; fails after half a minute.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}: not within 30 s");
        std::thread::yield_now();
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits for a child's end; kills it and fails after a minute.
pub fn wait(mut child: Child) -> Output {
    until("the child's end", || child.try_wait().expect("the child can be waited for"));
    child.wait_with_output().expect("its output is there")
}
