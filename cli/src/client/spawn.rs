//! Making the daemon's process: which program, with which environment, and its first word.
//!
//! The daemon writes one line to the pipe that is its standard output and then lets go of it: waiting for that line is
//! all the waiting there is. When to start one is decided in `start`.

use std::{
    ffi::{OsStr, OsString},
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use mmp_shared::{
    ApiError, ErrorCode, phrase,
    places::{HOME_VARIABLE, Places},
    system::StartReport,
};

use serde::de::DeserializeOwned;

use crate::{config::reason, error::system_call};

/// The daemon's program.
pub(crate) const PROGRAM: &str = "mmpd";

const VARIABLES: &[&str] = &[
    "HOME",
    "USER",
    "LOGNAME",
    "PATH",
    "TMPDIR",
    "TZ",
    "LANG",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
];
const PREFIXES: &[&str] = &["MMPD_", "LC_", "XDG_"];

/// Starts a daemon and waits for its first word; `None` where it ends without one.
pub(crate) async fn spawn(places: &Places) -> Result<Option<StartReport>, ApiError> {
    let program = find_program()?;
    let mut command = Command::new(&program);
    command.args(["run", "--detached"]).current_dir("/").env_clear().envs(environment(places));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| {
        let phrase = phrase!("error-daemon-spawn", path = program.display(), reason = reason(&error));
        ApiError::new(ErrorCode::DaemonUnreachable, phrase)
    })?;
    let waiting = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        if let Some(pipe) = child.stdout.take() {
            // A pipe that breaks says the same as one that ends: no word came.
            let _ = BufReader::new(pipe).read_line(&mut line);
        }
        let report = serde_json::from_str(&line).ok();
        if !matches!(report, Some(StartReport::Ready(_))) {
            let _ = child.wait();
        }
        report
    });
    waiting.await.map_err(|error| system_call("mmpd", &std::io::Error::other(error)))
}

/// Has the daemon's program do something that ends by itself, with the environment of a daemon, and reads the one line that
/// it prints. It is given `input`, which is short. `None` where it ends without one.
pub(crate) async fn run_to_end<T: DeserializeOwned>(
    places: &Places,
    arguments: &[&str],
    input: Vec<u8>,
) -> Result<Option<T>, ApiError> {
    let program = find_program()?;
    let mut command = Command::new(&program);
    command.args(arguments).current_dir("/").env_clear().envs(environment(places));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let output = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // Who reads none of it says what is wrong on standard output.
            let _ = stdin.write_all(&input);
        }
        child.wait_with_output()
    });
    let output = output.await;
    let output = output.map_err(|error| system_call("mmpd", &std::io::Error::other(error)))?.map_err(|error| {
        let phrase = phrase!("error-daemon-spawn", path = program.display(), reason = reason(&error));
        ApiError::new(ErrorCode::DaemonUnreachable, phrase)
    })?;
    Ok(serde_json::from_slice(&output.stdout).ok())
}

/// The daemon's program: beside our own, else on the path.
pub(crate) fn find_program() -> Result<PathBuf, ApiError> {
    let own = std::env::current_exe().ok();
    let beside = own.as_deref().and_then(Path::parent).map(|folder| folder.join(PROGRAM));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).filter(|folder| folder.is_absolute()).map(|folder| folder.join(PROGRAM));
    beside.into_iter().chain(on_path).find(|path| is_program(path)).ok_or_else(|| {
        ApiError::new(ErrorCode::DaemonUnreachable, phrase!("error-daemon-not-found")).with_hint(phrase!("hint-daemon-not-found"))
    })
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Exactly what a daemon is given of our environment: no key of a provider is among it.
fn environment(places: &Places) -> Vec<(OsString, OsString)> {
    let mut environment: Vec<_> = std::env::vars_os().filter(|(name, _)| is_passed_on(name)).collect();
    if places.is_home {
        // The daemon's folder is another than ours, so a relative path would be another place.
        environment.push((HOME_VARIABLE.into(), places.config_file.parent().unwrap_or(Path::new("/")).into()));
    }
    environment
}

fn is_passed_on(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| VARIABLES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_passed_on() {
        for name in ["OPENAI_API_KEY", "MMP_TOKEN", "MMP_HOST", "LD_PRELOAD"] {
            assert!(!is_passed_on(OsStr::new(name)), "{name}");
        }
        for name in ["PATH", "MMPD_STORE_URL", "LC_ALL", "XDG_RUNTIME_DIR", "https_proxy"] {
            assert!(is_passed_on(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn a_home_is_passed_on_as_a_whole_path() {
        let environment = environment(&Places::under(Path::new("/x/y")));
        assert!(environment.contains(&("MMP_HOME".into(), "/x/y".into())));
    }
}
