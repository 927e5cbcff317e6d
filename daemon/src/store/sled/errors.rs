//! sled's errors, and the disk's, in the store's own words.

use std::{any::Any, io, path::Path};

use crate::store::StoreError;

/// What sled says when another process holds its lock; version 0.34.7 has no kind for it.
const SLED_LOCK_WORDS: &str = "could not acquire lock";

/// An error of sled's.
pub(super) fn from_sled(error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(error) => from_io(&error),
        sled::Error::Corruption { .. } => StoreError::Damaged("a part of it does not match its checksum".into()),
        sled::Error::Unsupported(words) => StoreError::Damaged(format!("it cannot be read as it is: {words}")),
        other => StoreError::Failed(other.to_string()),
    }
}

/// An error of the disk's.
pub(super) fn from_io(error: &io::Error) -> StoreError {
    let words = error.to_string();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => StoreError::Full(words),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(words),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => StoreError::Damaged(words),
        _ if words.contains(SLED_LOCK_WORDS) => StoreError::Locked("the store's file is locked".into()),
        _ => StoreError::Failed(words),
    }
}

/// The same error, with the folder in which it happened.
pub(super) fn at(folder: &Path, error: StoreError) -> StoreError {
    let place = |words: String| format!("`{}`: {words}", folder.display());
    match error {
        StoreError::Full(words) => StoreError::Full(place(words)),
        StoreError::Locked(words) => StoreError::Locked(place(words)),
        StoreError::ReadOnly(words) => StoreError::ReadOnly(place(words)),
        StoreError::Damaged(words) => StoreError::Damaged(place(words)),
        StoreError::Newer(words) => StoreError::Newer(place(words)),
        StoreError::Failed(words) => StoreError::Failed(place(words)),
        StoreError::Conflict(_) | StoreError::BadCursor => error,
    }
}

/// A panic of sled's: it panics where its files do not hold what it expects.
pub(super) fn from_panic(panic: &(dyn Any + Send)) -> StoreError {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let first_line = words.unwrap_or_default().lines().next().unwrap_or_default();
    StoreError::Damaged(format!("the engine gave up: {first_line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_full_whatever_fills_it() {
        for code in [rustix::io::Errno::NOSPC, rustix::io::Errno::DQUOT, rustix::io::Errno::FBIG] {
            let error = io::Error::from_raw_os_error(code.raw_os_error());
            assert!(matches!(from_io(&error), StoreError::Full(_)), "{code:?}");
        }
    }

    #[test]
    fn a_disk_that_takes_no_writes_is_read_only() {
        for code in [rustix::io::Errno::ACCESS, rustix::io::Errno::PERM, rustix::io::Errno::ROFS] {
            let error = io::Error::from_raw_os_error(code.raw_os_error());
            assert!(matches!(from_io(&error), StoreError::ReadOnly(_)), "{code:?}");
        }
    }

    #[test]
    fn a_panic_tells_its_first_line() {
        let panic: Box<dyn Any + Send> = Box::new("first\nsecond".to_owned());
        assert_eq!(from_panic(&*panic), StoreError::Damaged("the engine gave up: first".into()));
    }

    #[test]
    fn a_place_is_named() {
        let error = at(Path::new("/data"), StoreError::Locked("held".into()));
        assert_eq!(error, StoreError::Locked("`/data`: held".into()));
    }
}
