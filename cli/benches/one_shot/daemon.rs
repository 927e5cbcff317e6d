//! The daemon by itself: how soon it answers on a fresh store, what it holds and what it burns when nobody asks.

use std::{
    fs,
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long it is watched while it has nothing to do.
const IDLE: Duration = Duration::from_secs(5);

/// The longest wait for a daemon that starts.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A daemon of ours in a folder of its own. It ends with this value.
pub(crate) struct Daemon {
    child: Child,
    home: tempfile::TempDir,
    /// From its start to its first answer.
    pub(crate) first_answer: Duration,
}

/// What a daemon costs that has nothing to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Idle {
    /// Resident memory, in bytes.
    pub(crate) resident: u64,
    /// The share of one processor.
    pub(crate) cpu: f64,
}

impl Daemon {
    /// Starts one on a fresh store and waits for its first answer.
    pub(crate) fn start(program: &Path) -> io::Result<Self> {
        let home = tempfile::Builder::new().prefix("mmp-bench-").tempdir()?;
        let mut command = Command::new(program);
        command.arg("run").env_clear().env("MMP_HOME", home.path()).env("HOME", home.path()).env("LANG", "C.UTF-8");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let child = command.spawn()?;
        let mut daemon = Self { child, home, first_answer: Duration::ZERO };
        while !is_answered(&daemon.socket()) {
            if begun.elapsed() > START_TIMEOUT {
                return Err(io::Error::other(format!("{} does not answer", program.display())));
            }
            thread::sleep(Duration::from_micros(100));
        }
        daemon.first_answer = begun.elapsed();
        Ok(daemon)
    }

    /// Its home.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    fn socket(&self) -> PathBuf {
        self.home().join("mmp.sock")
    }

    /// Resident memory now, in bytes.
    pub(crate) fn resident(&self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().map_err(io::Error::other)?;
        Ok(kibibytes * 1024)
    }

    /// Watches it while nobody asks it anything.
    pub(crate) fn watch(&self) -> io::Result<Idle> {
        // What its start has left to do is done by then.
        thread::sleep(Duration::from_secs(1));
        let (begun, before) = (Instant::now(), self.nanoseconds()?);
        thread::sleep(IDLE);
        let burnt = self.nanoseconds()?.saturating_sub(before);
        Ok(Idle { resident: self.resident()?, cpu: Duration::from_nanos(burnt).as_secs_f64() / begun.elapsed().as_secs_f64() })
    }

    /// How long its threads have run, to the nanosecond.
    fn nanoseconds(&self) -> io::Result<u64> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            sum += text.split(' ').next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(sum)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a daemon answers a question that takes the caller's account from the store.
fn is_answered(socket: &Path) -> bool {
    let asked = UnixStream::connect(socket).and_then(|mut stream| {
        stream.write_all(b"GET /api/v1/users/me HTTP/1.1\r\nhost: mmp\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    });
    asked.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
