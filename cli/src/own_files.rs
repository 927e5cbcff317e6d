//! Folders and files of ours: made for us alone, put in their place in one step, and locked by one client after the other.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::{config::reason, error::system_call};

/// Makes a folder of ours, for us alone.
pub(crate) fn make_folder(path: &Path) -> Result<(), ApiError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| unwritable(path, &error))
}

/// Writes a file that only its owner may read. Who reads it meanwhile reads the old one or the new one, whole.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary: PathBuf = path.with_file_name(name);
    let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.and_then(|()| fs::rename(&temporary, path)).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

/// Takes a lock that clients hold one after the other; it ends with the file.
pub(crate) async fn take_lock(path: &Path) -> Result<File, ApiError> {
    let file = File::options().create(true).truncate(false).write(true).mode(0o600).open(path);
    let file = file.map_err(|error| unwritable(path, &error))?;
    let waiting = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
    match waiting.await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(unwritable(path, &error)),
        Err(error) => Err(system_call("flock", &io::Error::other(error))),
    }
}

/// A file or folder of ours that cannot be made.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> ApiError {
    let code = if error.kind() == io::ErrorKind::StorageFull { ErrorCode::StorageFull } else { ErrorCode::StorageFailed };
    ApiError::new(code, phrase!("error-cannot-make", path = path.display(), reason = reason(error)))
        .with_hint(phrase!("hint-mmp-home"))
}
