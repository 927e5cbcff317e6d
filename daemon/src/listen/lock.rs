//! One daemon a data folder: a file lock, and in the file who holds it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use mmp_shared::system::LockInfo;

/// What became of the wish to be the one.
#[derive(Debug)]
pub enum Locking {
    /// The folder is ours until the lock is dropped or the process ends.
    Ours(DataLock),
    /// Another daemon has it; what it wrote of itself, if it has come to that.
    Theirs(Option<LockInfo>),
}

/// The lock on a data folder. It ends with the process, however that ends.
#[derive(Debug)]
pub struct DataLock {
    file: File,
}

impl DataLock {
    /// Takes the lock, or tells who has it. Never waits.
    ///
    /// # Errors
    ///
    /// When the file cannot be made or locked.
    pub fn take(path: &Path) -> io::Result<Locking> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Locking::Ours(Self { file })),
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                file.read_to_string(&mut text)?;
                Ok(Locking::Theirs(serde_json::from_str(&text).ok()))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Writes who holds the lock.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&mut self, info: &LockInfo) -> io::Result<()> {
        let text = serde_json::to_string(info)?;
        self.file.rewind()?;
        // One write of the new line, then the cut: a reader sees the old holder or the new one.
        self.file.write_all(format!("{text}\n").as_bytes())?;
        self.file.set_len(text.len() as u64 + 1)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_second_is_told_who_was_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mmpd.lock");
        let Ok(Locking::Ours(mut lock)) = DataLock::take(&path) else { panic!("nobody else wants it") };
        let info =
            LockInfo { pid: 7, version: "1.0.0".into(), socket: "/s".into(), started_at: Timestamp::UNIX_EPOCH, tcp: None };
        lock.write(&info).expect("it can be written");
        let Ok(Locking::Theirs(Some(holder))) = DataLock::take(&path) else { panic!("it is taken") };
        assert_eq!(holder, info);
        drop(lock);
        assert!(matches!(DataLock::take(&path), Ok(Locking::Ours(_))));
    }
}
