//! What was being written, in a file that outlives us.

use std::path::{Path, PathBuf};

use mmp_shared::{ApiError, places::Places};

use crate::own_files;

/// The file.
pub(super) fn path(places: &Places) -> PathBuf {
    places.state.join("draft.txt")
}

/// The draft; empty where there is none that can be read.
pub(super) fn load(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Keeps a draft; an empty one leaves no file behind.
pub(super) fn save(path: &Path, text: &str) -> Result<(), ApiError> {
    let written = if text.is_empty() {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    } else {
        if let Some(folder) = path.parent() {
            own_files::make_folder(folder)?;
        }
        own_files::replace(path, text.as_bytes())
    };
    written.map_err(|error| own_files::unwritable(path, &error))
}
