//! Backups that the daemon makes by itself: when the next one is due, and which of the old ones go.
//!
//! A file takes its name only once it is written, safe on the disk and read back to its end: whatever lies in the folder under
//! such a name is a good one. Its name says when it was begun. Files of other names are nobody's business here. A backup by
//! hand goes to its caller instead (`super`).

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use mmp_shared::{ApiError, ErrorCode, phrase, system::Room};
use rustix::fs::statvfs;

use super::{BackupBytes, Backups, restore};

/// How a backup's file is called: by the time of its beginning, in UTC.
const NAME: &str = "mmp-%Y%m%dT%H%M%SZ.backup";
/// How one is called that is not whole yet.
const PART: &str = ".mmp-backup.part";

/// The service that makes them.
pub struct Rotation {
    backups: Arc<Backups>,
    folder: PathBuf,
    every: Duration,
    keep: usize,
}

impl Rotation {
    /// One in this folder after each such time, of which so many are kept.
    pub fn new(backups: Arc<Backups>, folder: PathBuf, every: Duration, keep: usize) -> Self {
        Self { backups, folder, every, keep }
    }

    /// How long after the last backup the next one is made.
    pub const fn every(&self) -> Duration {
        self.every
    }

    /// Makes one if it is due, and removes those that are too many. Gives back the new one.
    ///
    /// # Errors
    ///
    /// `storage_full` where there is no room for it; and what keeps it from being made. The old ones are then as they were.
    pub async fn make_if_due(&self) -> Result<Option<PathBuf>, ApiError> {
        let now = Timestamp::now();
        let (folder, every) = (self.folder.clone(), self.every);
        let is_due = off_the_async_threads(&self.folder, move || {
            DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
            Ok(is_due(last(&folder)?, now, every))
        });
        if !is_due.await? {
            return Ok(None);
        }
        let needed = self.backups.size().await?;
        let folder = self.folder.clone();
        let free = off_the_async_threads(&self.folder, move || {
            let disk = statvfs(&folder)?;
            Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
        });
        let free = free.await?;
        if free < needed.saturating_add(Room::LITTLE) {
            let phrase = phrase!("error-backup-no-room", folder = self.folder.display());
            return Err(ApiError::new(ErrorCode::StorageFull, phrase));
        }
        let (part, whole) = (self.folder.join(PART), self.folder.join(now.strftime(NAME).to_string()));
        let bytes = self.backups.begin_by_itself().await?;
        let (written, folder, keep, made) = (part.clone(), self.folder.clone(), self.keep, whole.clone());
        let kept = tokio::task::spawn_blocking(move || {
            write(&written, bytes).map_err(|error| cannot(&written, &error))?;
            restore::read_through(&written)?;
            let named = || -> io::Result<()> {
                fs::rename(&written, &made)?;
                File::open(&folder)?.sync_all()?;
                remove_all_but(&folder, keep)
            };
            named().map_err(|error| cannot(&folder, &error))
        });
        let kept = kept.await.unwrap_or_else(|error| Err(cannot(&part, &io::Error::other(error))));
        if kept.is_err() {
            // The part of one that was not finished is in nobody's way, but takes room.
            let _ = tokio::fs::remove_file(&part).await;
        }
        kept.map(|()| Some(whole))
    }
}

/// The newest backup in a folder, and when it was begun.
pub fn newest(folder: &Path) -> Option<(Timestamp, PathBuf)> {
    let (at, name) = all(folder).ok()?.pop()?;
    Some((at, folder.join(name)))
}

/// Every backup in a folder, the oldest first.
fn all(folder: &Path) -> io::Result<Vec<(Timestamp, String)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string()
            && let Some(at) = begun_at(&name)
        {
            all.push((at, name));
        }
    }
    all.sort();
    Ok(all)
}

/// When a backup of this name was begun; `None` where it is no such name.
fn begun_at(name: &str) -> Option<Timestamp> {
    let at = DateTime::strptime(NAME, name).ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
    (at.strftime(NAME).to_string() == name).then_some(at)
}

/// When the last backup was begun; before the first one, when their folder was made.
fn last(folder: &Path) -> io::Result<Timestamp> {
    match all(folder)?.pop() {
        Some((at, _)) => Ok(at),
        None => fs::metadata(folder)?.modified()?.try_into().map_err(io::Error::other),
    }
}

/// A last one that is still to come is none: the clock was set back, and nobody waits for it to catch up.
fn is_due(last: Timestamp, now: Timestamp, every: Duration) -> bool {
    last > now || now.duration_since(last).unsigned_abs() >= every
}

fn write(path: &Path, mut bytes: BackupBytes) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    while let Some(part) = bytes.blocking_recv() {
        file.write_all(&part?)?;
    }
    file.sync_all()
}

fn remove_all_but(folder: &Path, keep: usize) -> io::Result<()> {
    let all = all(folder)?;
    for (_, name) in all.iter().take(all.len().saturating_sub(keep)) {
        fs::remove_file(folder.join(name))?;
    }
    Ok(())
}

async fn off_the_async_threads<T: Send + 'static>(
    folder: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)));
    done.map_err(|error| cannot(folder, &error))
}

fn cannot(path: &Path, error: &io::Error) -> ApiError {
    let code = if error.kind() == io::ErrorKind::StorageFull { ErrorCode::StorageFull } else { ErrorCode::StorageFailed };
    ApiError::new(code, phrase!("error-folder", path = path.display(), reason = error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_name_says_when_and_others_are_left_alone() {
        assert_eq!(begun_at("mmp-20261124T161500Z.backup"), Some(at("2026-11-24T16:15:00Z")));
        for name in ["mmp-20261124T161500Z.backup.old", "mmp-2026.backup", "mine.backup", PART, "mmp-20261399T161500Z.backup"] {
            assert_eq!(begun_at(name), None, "{name}");
        }
    }

    #[test]
    fn the_next_one_is_due_in_time_and_whatever_the_clock_does() {
        let (last, hour) = (at("2026-11-24T12:00:00Z"), Duration::from_secs(3600));
        assert!(!is_due(last, at("2026-11-24T12:59:59Z"), hour));
        assert!(is_due(last, at("2026-11-24T13:00:00Z"), hour));
        assert!(is_due(last, at("2026-11-23T12:30:00Z"), hour), "the clock was set back by a day");
    }

    #[test]
    fn the_oldest_go_and_nothing_else_does() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["mmp-20261122T000000Z.backup", "mmp-20261124T000000Z.backup", "mmp-20261123T000000Z.backup", "mine"] {
            fs::write(folder.path().join(name), "").expect("written");
        }
        remove_all_but(folder.path(), 2).expect("removed");
        let left: Vec<_> = all(folder.path()).expect("a list").into_iter().map(|(_, name)| name).collect();
        assert_eq!(left, ["mmp-20261123T000000Z.backup", "mmp-20261124T000000Z.backup"]);
        assert!(folder.path().join("mine").exists());
        assert_eq!(newest(folder.path()).map(|(at, _)| at), Some(at("2026-11-24T00:00:00Z")));
    }
}
