//! A copy of the store while it is in use, and the store that is made of one.
//!
//! The copy is a walk over all keys, some at a time, and every group that is written meanwhile, in order. It goes out as
//! lists of changes: a part of the walk is a list of puts. Groups that were written before a part of the walk was read
//! stand before it, later ones behind it, so that the last word on a key is the latest one; and the end comes behind a
//! moment at which no group was half told. Which tables there are is not asked. The file is `store/backup`'s.

use std::{
    fs, io,
    ops::Bound,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    compact,
    errors::{from_io, from_sled},
    handle::{Handle, ReadOutcome},
    open::Engine,
};
use crate::store::{CopySink, CopySource, Result, StoreError, registry::StoreOptions};

/// How much is read at a time, in bytes: the writer waits that long.
const PART: usize = 128 << 10;

/// How much of what is written meanwhile may wait for whoever takes the copy, in bytes.
const MOST_WAITING: usize = 64 << 20;

/// Where the groups go that are written while a copy is made.
#[derive(Debug, Default)]
pub(super) struct Tap(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    groups: Vec<Vec<u8>>,
    bytes: usize,
    failure: Option<StoreError>,
}

impl Tap {
    /// Takes a group that is durable.
    pub(super) fn push(&self, group: &[u8]) {
        let mut waiting = self.lock();
        waiting.bytes = waiting.bytes.saturating_add(group.len());
        if waiting.bytes > MOST_WAITING {
            waiting.groups.clear();
            waiting.failure = Some(StoreError::Failed("the copy is taken more slowly than the store changes".into()));
        } else {
            waiting.groups.push(group.to_vec());
        }
    }

    /// Says that a write failed: what was read may not be in the store.
    pub(super) fn fail(&self, error: StoreError) {
        self.lock().failure = Some(error);
    }

    fn drain(&self) -> Result<Vec<Vec<u8>>> {
        let mut waiting = self.lock();
        waiting.bytes = 0;
        let groups = std::mem::take(&mut waiting.groups);
        waiting.failure.clone().map_or(Ok(groups), Err)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds a change to a list of them.
pub(super) fn write_change(list: &mut Vec<u8>, key: &[u8], value: Option<&[u8]>) {
    let parts = [Some(key), value];
    list.push(u8::from(value.is_some()));
    for part in parts.into_iter().flatten() {
        // No key and no value comes near four gigabytes.
        list.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        list.extend(part);
    }
}

/// The changes of a list, as one batch.
fn read_changes(mut list: &[u8]) -> Option<sled::Batch> {
    fn part<'a>(list: &mut &'a [u8]) -> Option<&'a [u8]> {
        let (length, rest) = list.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        *list = rest;
        Some(part)
    }
    let mut batch = sled::Batch::default();
    while let Some((kind, rest)) = list.split_first() {
        list = rest;
        let key = part(&mut list)?;
        match kind {
            1 => batch.insert(key, part(&mut list)?),
            0 => batch.remove(key),
            _ => return None,
        }
    }
    Some(batch)
}

/// Hands over all keys and what is written meanwhile. False where whoever takes it has gone away.
pub(super) fn walk(handle: &Handle, tap: &Arc<Tap>, sink: &mut CopySink) -> Result<bool> {
    let mut last = None;
    loop {
        let (part, end) = match handle.read(|tree| part_after(tree, last.as_ref())) {
            ReadOutcome::Done(part) => part?,
            ReadOutcome::Broken(error) => return Err(error),
        };
        let is_end = end.is_none();
        if !part.is_empty() && !sink(part) || !drain(tap, sink)? {
            return Ok(false);
        }
        if is_end {
            return Ok(true);
        }
        last = end;
    }
}

/// Hands over what was written.
pub(super) fn drain(tap: &Tap, sink: &mut CopySink) -> Result<bool> {
    Ok(tap.drain()?.into_iter().all(sink))
}

/// Some keys behind this one, and the last of them; none at the end.
fn part_after(tree: &sled::Tree, last: Option<&sled::IVec>) -> Result<(Vec<u8>, Option<sled::IVec>)> {
    let start = last.map_or(Bound::Unbounded, Bound::Excluded);
    let mut part = Vec::with_capacity(PART + (8 << 10));
    for pair in tree.range::<&sled::IVec, _>((start, Bound::Unbounded)) {
        let (key, value) = pair.map_err(from_sled)?;
        write_change(&mut part, &key, Some(&value));
        if part.len() >= PART {
            return Ok((part, Some(key)));
        }
    }
    Ok((part, None))
}

/// The folders beside a store's own that restoring uses.
struct Folders {
    /// The store that is made, until it is whole.
    draft: PathBuf,
    /// The same once it is whole and is to take the store's place.
    whole: PathBuf,
}

impl Folders {
    fn of(folder: &Path) -> Self {
        Self { draft: compact::beside(folder, ".restoring"), whole: compact::beside(folder, ".restored") }
    }
}

/// Makes a store of a copy, beside the one in the options' folder and at this version's shape. Gives back where.
pub(super) fn restore(options: &StoreOptions, mut source: CopySource) -> Result<StoreOptions> {
    settle(&options.folder).map_err(|error| from_io(&error))?;
    let draft = Folders::of(&options.folder).draft;
    let fresh = StoreOptions { folder: draft, ..options.clone() };
    let engine = Engine::open_bare(&fresh)?;
    let mut fill = || {
        while let Some(list) = source()? {
            let batch = read_changes(&list).ok_or_else(|| StoreError::Damaged("a list of changes cannot be read".into()))?;
            engine.db.apply_batch(batch).map_err(from_sled)?;
        }
        engine.db.flush().map_err(from_sled)?;
        engine.sync().and_then(|()| engine.sync_names()).map_err(|error| from_io(&error))
    };
    let filled = fill();
    engine.release();
    // Opened as any store: an older shape becomes this one, and what makes no sense is found now.
    let opened = filled.and_then(|()| Engine::open(&fresh)).map(Engine::release);
    if let Err(error) = opened {
        // What cannot be removed now is removed by the next opening.
        let _ = fs::remove_dir_all(&fresh.folder);
        return Err(error);
    }
    Ok(fresh)
}

/// Puts the store that [`restore`] made in the place of the one in this folder, which is kept under another name.
pub(super) fn put_in_place(folder: &Path) -> Result<Option<PathBuf>> {
    let swap = || -> io::Result<Option<PathBuf>> {
        let Folders { draft, whole } = Folders::of(folder);
        fs::rename(&draft, &whole)?;
        compact::sync_above(folder)?;
        let aside = folder.exists().then(|| name_aside(folder));
        if let Some(aside) = &aside {
            fs::rename(folder, aside)?;
        }
        fs::rename(&whole, folder)?;
        compact::sync_above(folder)?;
        Ok(aside)
    };
    swap().map_err(|error| from_io(&error))
}

fn name_aside(folder: &Path) -> PathBuf {
    let at = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ");
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".before-restore-{at}"));
    folder.with_file_name(name)
}

/// Finishes or undoes a restoring that was cut short: a whole store whose place is empty takes it, and a store that is in
/// its place stays there.
pub(super) fn settle(folder: &Path) -> io::Result<()> {
    let Folders { draft, whole } = Folders::of(folder);
    if !folder.exists() && whole.exists() {
        fs::rename(&whole, folder)?;
        compact::sync_above(folder)?;
    }
    for left in [&draft, &whole] {
        match fs::remove_dir_all(left) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use mmp_shared::UserId;

    use super::*;
    use crate::store::{
        Batch, Commit as _, Operation, Upkeep as _, UserSettings as _, records::SettingsRecord, registry::Durability,
        sled::SledStore,
    };

    fn options(folder: &Path) -> StoreOptions {
        StoreOptions { folder: folder.join("store"), cache_bytes: 1 << 20, durability: Durability::Process }
    }

    fn settings(user: u8, version: u64, length: usize) -> Operation {
        let values = std::collections::BTreeMap::from([("model".to_owned(), "x".repeat(length))]);
        Operation::PutSettings(SettingsRecord { user_id: UserId::from_bytes([user; 16]), version, values })
    }

    #[test]
    fn a_list_of_changes_comes_back_and_a_cut_one_does_not() {
        let mut list = Vec::new();
        write_change(&mut list, b"key", Some(b"value"));
        write_change(&mut list, b"gone", None);
        assert!(read_changes(&list).is_some());
        for length in [1, 4, 6, 9, 14, 18, list.len() - 1] {
            assert!(read_changes(&list[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn more_than_may_wait_fails_the_copy() {
        let tap = Tap::default();
        tap.push(&[0; 10]);
        assert_eq!(tap.drain().map(|groups| groups.len()), Ok(1));
        tap.push(&vec![0; MOST_WAITING + 1]);
        assert!(matches!(tap.drain(), Err(StoreError::Failed(_))));
    }

    /// The first user of the walk and the last are always changed together: a copy in which they differ is none of any moment.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_copy_that_is_made_while_the_store_changes_is_of_one_moment() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = options(folder.path());
        let store = Arc::new(SledStore::open(options.clone()).await.expect("opens"));
        for user in 1..=100 {
            store.commit(Batch::new().then(settings(user, 1, 5_000))).await.expect("commits");
        }
        let (sender, parts) = mpsc::sync_channel(0);
        let copying = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.copy(Box::new(move |part| sender.send(part).is_ok())).await }
        });
        // The copy waits for us after each part: between any two of them the store changes.
        let (mut list, mut version, mut parts) = (Vec::new(), 1, parts);
        loop {
            let received = tokio::task::spawn_blocking(move || (parts.recv(), parts)).await.expect("no panic");
            let Ok(part) = received.0 else { break };
            parts = received.1;
            list.push(part);
            if version < 20 {
                version += 1;
                store.commit(Batch::new().then(settings(1, version, 9)).then(settings(100, version, 9))).await.expect("commits");
            }
        }
        copying.await.expect("no panic").expect("copies");
        store.close().await.expect("closes");
        let mut list = list.into_iter();
        let fresh = restore(&options, Box::new(move || Ok(list.next()))).expect("restores");
        let aside = put_in_place(&options.folder).expect("swaps");
        assert!(aside.is_some_and(|aside| aside.is_dir()) && !fresh.folder.exists());
        let store = SledStore::open(options).await.expect("opens");
        let version_of = async |user: u8| {
            store.settings(UserId::from_bytes([user; 16])).await.expect("reads").map(|settings| settings.version)
        };
        assert!(version > 3, "the store changed while it was copied");
        assert_eq!(version_of(1).await, version_of(100).await);
        // What was committed while the walk went on is there; the last few came after its end.
        assert!(version_of(1).await.is_some_and(|found| found > 3 && found <= version));
        assert_eq!(version_of(50).await, Some(1));
    }

    #[test]
    fn cut_short_at_any_moment_one_whole_store_is_found() {
        let made = |folder: &Path, word: &str| {
            fs::create_dir(folder).expect("a folder");
            fs::write(folder.join("word"), word).expect("a file");
        };
        for (moment, has_store, has_draft, has_whole, found) in [
            ("while it was made", true, true, false, "old"),
            ("before the old one gave way", true, false, true, "old"),
            ("before the new one took its place", false, false, true, "new"),
        ] {
            let above = tempfile::tempdir().expect("a folder");
            let folder = above.path().join("store");
            let folders = Folders::of(&folder);
            for (is_there, path, word) in
                [(has_store, &folder, "old"), (has_draft, &folders.draft, "?"), (has_whole, &folders.whole, "new")]
            {
                if is_there {
                    made(path, word);
                }
            }
            settle(&folder).expect("settles");
            assert_eq!(fs::read_to_string(folder.join("word")).expect("a store"), found, "{moment}");
            assert_eq!(above.path().read_dir().expect("a folder").count(), 1, "{moment}");
        }
    }
}
