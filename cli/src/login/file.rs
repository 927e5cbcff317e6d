//! Tokens in a file that only its owner reads, where no keyring keeps them.

use std::{io, path::Path};

/// The bytes of the file; `None` where there is none.
pub(super) fn load(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
