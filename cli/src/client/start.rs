//! Finding a daemon, and starting one where there is none.
//!
//! In this order: the own socket (which the caller has tried), the socket that the lock file names, the socket of the
//! whole system, a new daemon. Of many clients at once one starts it, under a lock; the others wait for the lock and
//! find it running. How the process is made is in `spawn`.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use mmp_shared::{
    ApiError, ErrorCode, Phrase, phrase,
    places::{LONGEST_SOCKET_PATH, Places, SYSTEM_SOCKET},
    system::StartReport,
};
use tokio::net::UnixStream;

use super::{Target, lock, logs, spawn};
use crate::{
    error::bad_request,
    own_files::{make_folder, take_lock},
};

/// The longest wait for a daemon that is ending.
pub(crate) const END_TIMEOUT: Duration = Duration::from_secs(30);

/// How many lines of the log a hint shows.
const LAST_WORDS: usize = 5;

/// Refuses a socket path that the system cannot take, or where somebody else may listen: whoever is first makes a folder
/// under temp, and would be told passwords and tokens.
pub(crate) fn check_socket_path(places: &Places) -> Result<(), ApiError> {
    if let Some(folder) = places.socket.parent().filter(|_| places.is_socket_in_temp) {
        check_ours(folder)?;
    }
    if !places.is_socket_path_too_long() {
        return Ok(());
    }
    let (path, length) = (places.socket.display(), places.socket.as_os_str().len());
    Err(bad_request(phrase!("error-socket-path-too-long", path = path, length = length, limit = LONGEST_SOCKET_PATH))
        .with_hint(phrase!("hint-socket-path")))
}

/// Refuses a folder of another user, or one that others may write to. One that is not there yet will be ours.
fn check_ours(folder: &Path) -> Result<(), ApiError> {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(metadata) = std::fs::symlink_metadata(folder) else { return Ok(()) };
    let is_ours = metadata.is_dir() && metadata.uid() == rustix::process::geteuid().as_raw();
    if is_ours && metadata.mode() & 0o022 == 0 {
        return Ok(());
    }
    let phrase = phrase!("error-folder-not-ours", path = folder.display());
    Err(ApiError::new(ErrorCode::Forbidden, phrase).with_hint(phrase!("hint-runtime-folder")))
}

/// A daemon that runs at another place than our own socket.
pub(crate) async fn find_running(places: &Places) -> Option<Target> {
    let named = lock::read(&places.lock_file()).map(|info| info.socket);
    let system = (!places.is_home).then(|| PathBuf::from(SYSTEM_SOCKET));
    for path in named.into_iter().filter(|path| *path != places.socket).chain(system) {
        if can_connect(&path).await {
            return Some(Target::Socket(path));
        }
    }
    None
}

/// Finds a daemon or starts one.
pub(crate) async fn find_or_start(places: &Places) -> Result<Target, ApiError> {
    if let Some(target) = find_running(places).await {
        return Ok(target);
    }
    make_folder(&places.data)?;
    let _held = take_lock(&places.start_lock_file()).await?;
    if can_connect(&places.socket).await {
        return Ok(Target::Socket(places.socket.clone()));
    }
    if let Some(target) = find_running(places).await {
        return Ok(target);
    }
    start(places).await
}

/// Starts a daemon. The start lock must be held. One that is just ending is waited for.
pub(crate) async fn start(places: &Places) -> Result<Target, ApiError> {
    for _ in 0..3 {
        match spawn::spawn(places).await? {
            Some(StartReport::Ready(info)) => return Ok(Target::Socket(info.socket)),
            Some(StartReport::AlreadyRunning(info)) if can_connect(&info.socket).await => return Ok(Target::Socket(info.socket)),
            Some(StartReport::AlreadyRunning(_)) => lock::wait_for_end(&places.lock_file(), END_TIMEOUT).await?,
            Some(StartReport::Failed { error }) => return Err(error),
            None => {
                let error = ApiError::new(ErrorCode::DaemonUnreachable, phrase!("error-daemon-died"));
                return Err(with_last_words(error, places));
            }
        }
    }
    Err(with_last_words(ApiError::new(ErrorCode::DaemonUnreachable, phrase!("error-daemon-died")), places))
}

/// The same error with the end of the daemon's log as its hint.
pub(crate) fn with_last_words(error: ApiError, places: &Places) -> ApiError {
    match logs::last_lines(&places.logs(), LAST_WORDS) {
        Ok(lines) if !lines.is_empty() => {
            let mut error = error.with_hint(phrase!("hint-daemon-logs"));
            // A log is said as it stands, in no language.
            error.hint = Some(lines.join("\n"));
            error.hint_phrase = None::<Phrase>;
            error
        }
        _ => error.with_hint(phrase!("hint-daemon-run")),
    }
}

/// Whether somebody listens at a socket.
pub(crate) async fn can_connect(path: &Path) -> bool {
    match UnixStream::connect(path).await {
        Ok(_) => true,
        // Somebody is there, with a full queue.
        Err(error) => error.kind() == io::ErrorKind::WouldBlock,
    }
}
