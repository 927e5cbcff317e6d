//! One process, measured from its start to its end.
//!
//! Time is this process's clock, from just before the start to just after the end was learned. CPU is what the kernel
//! charged to children between the two. The peak of memory is the kernel's for the child alone (`ru_maxrss`); as that
//! figure also counts what the parent held when the child began, it is taken in rounds of its own, from a parent that
//! is this program begun anew and has nothing but itself: [`peak_as_child`] is the floor below which it cannot see.

use std::{
    ffi::OsString,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use nix::sys::resource::{UsageWho, getrusage};

/// The word that makes this program the small parent of a process whose memory is measured.
pub(crate) const PEAK_WORD: &str = "--peak-of";

/// A command to measure.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its name in the tables.
    pub(crate) name: &'static str,
    /// The program's file.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// The folder that it takes for its home.
    pub(crate) home: PathBuf,
    /// What its output must hold.
    pub(crate) expected: String,
}

/// What one process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    pub(crate) first_byte: Duration,
    pub(crate) cpu: Duration,
}

impl Row {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        self.in_its_place(&mut command);
        command
    }

    fn in_its_place(&self, command: &mut Command) {
        command.env_clear().env("MMP_HOME", &self.home).env("HOME", &self.home).env("LANG", "C.UTF-8");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    }

    /// Runs it once.
    pub(crate) fn run(&self) -> io::Result<Sample> {
        let mut command = self.command();
        let cpu_before = cpu_of_children()?;
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let (mut output, mut buffer, mut first_byte) = (Vec::new(), [0; 65536], None);
        if let Some(stdout) = &mut child.stdout {
            loop {
                let length = stdout.read(&mut buffer)?;
                if length == 0 {
                    break;
                }
                first_byte.get_or_insert_with(|| begun.elapsed());
                output.extend_from_slice(&buffer[..length]);
            }
        }
        let status = child.wait()?;
        let wall = begun.elapsed();
        let output = String::from_utf8_lossy(&output);
        if !status.success() || !output.contains(&self.expected) {
            return Err(io::Error::other(format!("`{}` ended with {status} and said `{output}`", self.name)));
        }
        Ok(Sample { wall, first_byte: first_byte.unwrap_or(wall), cpu: cpu_of_children()?.saturating_sub(cpu_before) })
    }

    /// Its peak of memory in bytes.
    pub(crate) fn peak(&self) -> io::Result<u64> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(PEAK_WORD).arg(&self.program).args(&self.arguments);
        self.in_its_place(&mut command);
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim().parse().map_err(|_| io::Error::other(format!("the peak of `{}` came as `{text}`", self.name)))
    }
}

/// The small parent: runs the command in the arguments and returns its peak of memory in bytes.
pub(crate) fn peak_as_child(arguments: &[OsString]) -> io::Result<u64> {
    let (program, arguments) = arguments.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(Path::new(program));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if !status.success() {
        return Err(io::Error::other(status.to_string()));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    // Linux counts this in KiB.
    Ok(u64::try_from(usage.max_rss()).unwrap_or(0) * 1024)
}

fn cpu_of_children() -> io::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros =
        [usage.user_time(), usage.system_time()].iter().map(|time| time.tv_sec() * 1_000_000 + time.tv_usec()).sum::<i64>();
    Ok(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
}
