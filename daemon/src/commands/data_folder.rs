//! The data folder as commands take it: found, made, and held by one of them alone.

use std::{fs, io, path::Path};

use mmp_shared::{
    ApiError, ErrorCode, phrase,
    places::{HOME_VARIABLE, Places},
    system::LockInfo,
};

use crate::listen::{
    folders,
    lock::{DataLock, Locking},
};

/// The places of this process.
pub(super) fn places() -> Result<Places, ApiError> {
    let current = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let user_id = rustix::process::geteuid().as_raw();
    Places::find(std::env::var_os(HOME_VARIABLE), &current, user_id)
        .map_err(|_| ApiError::new(ErrorCode::BadRequest, phrase!("error-no-home")).with_hint(phrase!("hint-no-home")))
}

/// Holds the data folder, unless somebody else does.
pub(super) fn hold(places: &Places) -> Result<Locking, ApiError> {
    DataLock::take(&places.lock_file()).map_err(|error| cannot(&places.lock_file(), &error))
}

/// Holds the data folder, or says who does.
pub(super) fn hold_alone(places: &Places) -> Result<DataLock, ApiError> {
    match hold(places)? {
        Locking::Ours(lock) => Ok(lock),
        Locking::Theirs(holder) => Err(held(places, holder.as_ref())),
    }
}

/// Somebody else holds the data folder.
pub(super) fn held(places: &Places, holder: Option<&LockInfo>) -> ApiError {
    let pid = holder.map_or_else(|| "?".to_owned(), |holder| holder.pid.to_string());
    let phrase = phrase!("error-already-running", folder = places.data.display(), pid = pid);
    ApiError::new(ErrorCode::Conflict, phrase).with_hint(phrase!("hint-already-running"))
}

/// Removes the index of a store that was rewritten or replaced. It is derived: the next daemon makes it anew.
pub(super) fn forget_index(folder: &Path) -> Result<(), ApiError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot(folder, &error)),
        _ => Ok(()),
    }
}

/// A file or folder that cannot be used.
pub(super) fn cannot(path: &Path, error: &std::io::Error) -> ApiError {
    let phrase = phrase!("error-folder", path = path.display(), reason = folders::in_words(error));
    ApiError::new(ErrorCode::StorageFailed, phrase).with_hint(phrase!("hint-folder"))
}
