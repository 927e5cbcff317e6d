//! Rewriting a closed store into a fresh folder, which leaves behind what sled keeps of deleted and overwritten records,
//! and putting that folder in the old one's place.
//!
//! Two renames do so, and whatever moment the process or the machine ends at, the next opening finds one whole store:
//! [`settle`] tells from the names which one. That nobody else opens the store meanwhile is the caller's to see to.

use std::{
    ffi::OsString,
    fs::{self, File, FileType},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use rustix::fs::statvfs;

use super::{
    errors::{at, from_io, from_panic, from_sled},
    open::Engine,
};
use crate::store::{
    Result, StoreError,
    registry::{Compacted, StoreOptions},
};

/// How much is copied as one batch, in bytes.
const CHUNK: usize = 4 << 20;

/// The smallest store that is worth the work, and the largest that an orderly end is held up for, in bytes.
const SMALLEST: u64 = 4 << 20;
const LARGEST: u64 = 256 << 20;

/// Whether most of an open store's files is garbage, and little enough is left to be copied while somebody waits.
pub(super) fn is_mostly_garbage(db: &sled::Db) -> Result<bool> {
    let size = db.size_on_disk().map_err(from_sled)?;
    if size < SMALLEST {
        return Ok(false);
    }
    let most = (size / 2).min(LARGEST);
    let mut live = 0;
    for pair in db.iter() {
        let (key, value) = pair.map_err(from_sled)?;
        live += len(&key) + len(&value);
        if live > most {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Rewrites the store in the options' folder. Where there is none, there is nothing to do.
pub(super) fn rewrite(options: &StoreOptions) -> Result<Compacted> {
    catch_unwind(AssertUnwindSafe(|| try_rewrite(options)))
        .unwrap_or_else(|panic| Err(from_panic(&*panic)))
        .map_err(|error| at(&options.folder, error))
}

fn try_rewrite(options: &StoreOptions) -> Result<Compacted> {
    settle(&options.folder).map_err(|error| from_io(&error))?;
    if !options.folder.exists() {
        return Ok(Compacted { before: 0, after: 0 });
    }
    let folders = Folders::of(&options.folder);
    let before = bytes_in(&options.folder).map_err(|error| from_io(&error))?;
    check_room(&options.folder, before)?;
    let old = Engine::open(options)?;
    let copied = copy(&old, &StoreOptions { folder: folders.fresh.clone(), ..options.clone() });
    old.release();
    let replaced = copied.and_then(|()| folders.swap(&options.folder).map_err(|error| from_io(&error)));
    if replaced.is_err() {
        // The store is as it was. What cannot be removed now is removed by the next opening.
        let _ = fs::remove_dir_all(&folders.fresh);
    }
    replaced?;
    Ok(Compacted { before, after: bytes_in(&options.folder).map_err(|error| from_io(&error))? })
}

/// Copies every key, and reads the copy to see that it holds the same.
fn copy(old: &Engine, options: &StoreOptions) -> Result<()> {
    let fresh = Engine::open_bare(options)?;
    let (mut chunk, mut size) = (sled::Batch::default(), 0);
    let mut written = crc32fast::Hasher::new();
    for pair in old.db.iter() {
        let (key, value) = pair.map_err(from_sled)?;
        hash(&mut written, &key, &value);
        size += key.len() + value.len();
        chunk.insert(key, value);
        if size > CHUNK {
            fresh.db.apply_batch(std::mem::take(&mut chunk)).map_err(from_sled)?;
            size = 0;
        }
    }
    fresh.db.apply_batch(chunk).map_err(from_sled)?;
    fresh.db.flush().map_err(from_sled)?;
    fresh.sync().and_then(|()| fresh.sync_names()).map_err(|error| from_io(&error))?;
    let mut read = crc32fast::Hasher::new();
    for pair in fresh.db.iter() {
        let (key, value) = pair.map_err(from_sled)?;
        hash(&mut read, &key, &value);
    }
    fresh.release();
    if written.finalize() == read.finalize() { Ok(()) } else { Err(StoreError::Failed("the copy differs from the store".into())) }
}

fn hash(hasher: &mut crc32fast::Hasher, key: &[u8], value: &[u8]) {
    for part in [key, value] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
}

/// The folders beside a store's own that a rewriting uses.
struct Folders {
    /// The copy, until it takes the store's place.
    fresh: PathBuf,
    /// The store as it was, until it is removed.
    old: PathBuf,
}

impl Folders {
    fn of(folder: &Path) -> Self {
        Self { fresh: beside(folder, ".compacting"), old: beside(folder, ".before-compaction") }
    }

    fn swap(&self, folder: &Path) -> io::Result<()> {
        fs::rename(folder, &self.old)?;
        if let Err(error) = fs::rename(&self.fresh, folder) {
            fs::rename(&self.old, folder)?;
            return Err(error);
        }
        sync_above(folder)?;
        fs::remove_dir_all(&self.old)?;
        sync_above(folder)
    }
}

/// A hidden folder beside a store's own.
pub(super) fn beside(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(folder.file_name().unwrap_or_default());
    name.push(suffix);
    folder.with_file_name(name)
}

/// Finishes or undoes a rewriting that was cut short.
pub(super) fn settle(folder: &Path) -> io::Result<()> {
    let Folders { fresh, old } = Folders::of(folder);
    match (folder.exists(), fresh.exists(), old.exists()) {
        (_, false, false) => return Ok(()),
        // The copy was whole before the store gave up its place.
        (false, true, true) => fs::rename(&fresh, folder)?,
        (false, false, true) => return fs::rename(&old, folder),
        _ => {}
    }
    sync_above(folder)?;
    for left in [&fresh, &old] {
        match fs::remove_dir_all(left) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn check_room(folder: &Path, needed: u64) -> Result<()> {
    let disk = statvfs(folder).map_err(|error| from_io(&error.into()))?;
    let room = disk.f_bavail.saturating_mul(disk.f_frsize);
    if room < needed {
        return Err(StoreError::Full(format!("{} MiB are free, and a copy may need {}", room >> 20, needed.div_ceil(1 << 20))));
    }
    Ok(())
}

fn bytes_in(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in folder.read_dir()? {
        let entry = entry?;
        let is_folder = entry.file_type().as_ref().is_ok_and(FileType::is_dir);
        bytes += if is_folder { bytes_in(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// Makes the names in the folder above outlast a power cut.
pub(super) fn sync_above(folder: &Path) -> io::Result<()> {
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(above)?.sync_all()
}

fn len(bytes: &[u8]) -> u64 {
    bytes.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::registry::Durability;

    /// Leaves what a rewriting leaves that ends at some moment.
    type Cut = fn(&StoreOptions, &Folders);

    fn options(folder: &Path) -> StoreOptions {
        StoreOptions { folder: folder.join("store"), cache_bytes: 1 << 20, durability: Durability::Process }
    }

    fn fill(options: &StoreOptions) {
        let engine = Engine::open(options).expect("opens");
        for number in 0..2_000_u32 {
            engine.db.insert(number.to_be_bytes(), vec![b'x'; 4_000]).expect("inserts");
        }
        for number in 0..1_990_u32 {
            engine.db.remove(number.to_be_bytes()).expect("removes");
        }
        engine.db.flush().expect("flushes");
        assert!(is_mostly_garbage(&engine.db).expect("reads"));
        engine.release();
    }

    fn left(options: &StoreOptions) -> usize {
        let engine = Engine::open(options).expect("opens");
        let left = (0..2_000_u32).filter(|number| engine.db.contains_key(number.to_be_bytes()).expect("reads")).count();
        engine.release();
        left
    }

    fn names(folder: &Path) -> Vec<OsString> {
        folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect()
    }

    #[test]
    fn what_is_left_is_all_there_and_takes_little_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = options(folder.path());
        fill(&options);
        let compacted = rewrite(&options).expect("rewrites");
        assert!(compacted.after < compacted.before / 2, "{compacted:?}");
        assert_eq!(left(&options), 10);
        assert_eq!(names(folder.path()), ["store"]);
    }

    #[test]
    fn a_store_that_is_in_use_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = options(folder.path());
        let engine = Engine::open(&options).expect("opens");
        assert!(matches!(rewrite(&options), Err(StoreError::Locked(_))));
        engine.release();
        assert_eq!(names(folder.path()), ["store"]);
    }

    #[test]
    fn cut_short_at_any_moment_one_whole_store_is_found() {
        let cut: [(&str, Cut); 4] = [
            ("while it was copied", |options, folders| {
                fs::create_dir(&folders.fresh).expect("a folder");
                fs::write(folders.fresh.join("db"), "half of it").expect("a file");
                assert!(options.folder.exists());
            }),
            ("before the copy took its place", |options, folders| {
                fs::rename(&options.folder, &folders.old).expect("a rename");
                copy_of(&folders.old, &folders.fresh);
            }),
            ("before the old one was removed", |options, folders| copy_of(&options.folder, &folders.old)),
            ("while the old one was put back", |options, folders| {
                fs::rename(&options.folder, &folders.old).expect("a rename");
            }),
        ];
        for (moment, cut) in cut {
            let folder = tempfile::tempdir().expect("a folder");
            let options = options(folder.path());
            fill(&options);
            cut(&options, &Folders::of(&options.folder));
            assert_eq!(left(&options), 10, "{moment}");
            assert_eq!(names(folder.path()), ["store"], "{moment}");
        }
    }

    fn copy_of(from: &Path, to: &Path) {
        fs::create_dir(to).expect("a folder");
        for entry in from.read_dir().expect("a folder") {
            let entry = entry.expect("an entry");
            let target = to.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                copy_of(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).expect("a copy");
            }
        }
    }
}
