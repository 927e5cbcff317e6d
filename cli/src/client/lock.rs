//! The locks that daemon and clients share: who runs, who starts, and how to wait for an end without polling.
//!
//! Every wait is a blocking `flock` on a thread of its own, as the kernel wakes it at the very moment; the thread is
//! left behind when the wait is given up.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use mmp_shared::{ApiError, ErrorCode, phrase, system::LockInfo};

use crate::{config::reason, error::system_call};

/// What the lock file says, if there is one. It outlives the daemon that wrote it.
pub(crate) fn read(path: &Path) -> Option<LockInfo> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Whether somebody holds a lock on the file.
pub(crate) fn is_held(path: &Path) -> Result<bool, ApiError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unreadable(path, &error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(unreadable(path, &error)),
    }
}

/// Waits until nobody holds the file.
pub(crate) async fn wait_for_end(path: &Path, timeout: Duration) -> Result<(), ApiError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let waiting = tokio::task::spawn_blocking(move || file.lock_shared());
    match tokio::time::timeout(timeout, waiting).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(error))) => Err(unreadable(path, &error)),
        Ok(Err(error)) => Err(system_call("flock", &io::Error::other(error))),
        Err(_) => {
            let seconds = timeout.as_secs();
            Err(ApiError::new(ErrorCode::Unavailable, phrase!("error-daemon-does-not-end", seconds = seconds))
                .with_hint(phrase!("hint-daemon-logs")))
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> ApiError {
    ApiError::new(ErrorCode::StorageFailed, phrase!("error-file-unreadable", name = path.display(), reason = reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_seen_while_it_is_held() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        assert!(!is_held(&path).expect("no file, no lock"));
        let file = File::create(&path).expect("a file");
        file.lock().expect("a lock");
        assert!(is_held(&path).expect("readable"));
        drop(file);
        assert!(!is_held(&path).expect("readable"));
    }
}
