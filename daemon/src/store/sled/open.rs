//! Opening sled's files, and what sled leaves to us about them: syncing, the room on the disk, and their release.
//!
//! What is in them belongs to the other modules. When to sync belongs to the writer.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs::{DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::DirBuilderExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use rustix::fs::{FlockOperation, flock, fstatvfs};

use super::{
    compact, copy,
    errors::{at, from_io, from_panic, from_sled},
    mark::Mark,
    migrate::{self, MigrateError, Origin},
    writer::group_number,
};
use crate::store::{
    Result, StoreError,
    registry::{Durability, StoreOptions},
};

/// The smallest cache with which sled still works well.
const SMALLEST_CACHE: u64 = 1 << 20;

/// How often, and how long apart, the release of sled's lock is looked for: two seconds in all.
const RELEASE_TRIES: u32 = 1_000;
const RELEASE_PAUSE: Duration = Duration::from_millis(2);

/// An open store.
pub(super) struct Engine {
    /// sled's own handle.
    pub(super) db: sled::Db,
    data: File,
    blobs: Mutex<HashSet<OsString>>,
    /// None while the files are only copied.
    mark: Option<Mark>,
    options: StoreOptions,
}

impl Engine {
    /// Opens the store in the options' folder, which is made where there is none.
    pub(super) fn open(options: &StoreOptions) -> Result<Self> {
        // sled panics where its files do not hold what it expects.
        catch_unwind(AssertUnwindSafe(|| Self::try_open(options)))
            .unwrap_or_else(|panic| Err(from_panic(&*panic)))
            .map_err(|error| at(&options.folder, error))
    }

    fn try_open(options: &StoreOptions) -> Result<Self> {
        copy::settle(&options.folder).map_err(|error| from_io(&error))?;
        compact::settle(&options.folder).map_err(|error| from_io(&error))?;
        let origin = origin_of(&options.folder);
        let mut engine = Self::open_bare(options)?;
        migrate::run(&engine.db, origin).map_err(in_words)?;
        engine.mark = Some(Mark::open(&options.folder, group_number(&engine.db)?, options.durability)?);
        engine.sync().and_then(|()| engine.sync_names()).map_err(|error| from_io(&error))?;
        Ok(engine)
    }

    /// Opens the files, whatever is in them.
    pub(super) fn open_bare(options: &StoreOptions) -> Result<Self> {
        let folder = &options.folder;
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| from_io(&error))?;
        let db = sled_config(options).open().map_err(from_sled)?;
        let data = OpenOptions::new().read(true).write(true).open(folder.join("db")).map_err(|error| from_io(&error))?;
        Ok(Self { db, data, blobs: Mutex::default(), mark: None, options: options.clone() })
    }

    /// Makes what sled has flushed outlast a power cut, where that is asked for.
    ///
    /// sled's own flush ends with `sync_file_range`, which neither writes the file's length nor empties the disk's cache.
    pub(super) fn sync(&self) -> io::Result<()> {
        if self.options.durability == Durability::Process {
            return Ok(());
        }
        self.data.sync_data()?;
        self.sync_blobs()
    }

    /// Remembers, apart from sled's files, that this group is durable.
    pub(super) fn mark(&self, group: u64) {
        // A mark that could not be written holds less against the next opening, and nothing wrong.
        if let Some(Err(error)) = self.mark.as_ref().map(|mark| mark.reached(group)) {
            tracing::debug!(%error, "the store's mark could not be written");
        }
    }

    /// Syncs values that sled put into files of their own. Ours are too short for that (`codec.rs`), and sled's own
    /// pages of keys nearly always; it syncs none of these files itself, so what there is, is synced here.
    fn sync_blobs(&self) -> io::Result<()> {
        let folder = self.options.folder.join("blobs");
        let mut known = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = HashSet::new();
        let mut is_new = false;
        for entry in folder.read_dir()? {
            let name = entry?.file_name();
            if !known.contains(&name) {
                is_new = true;
                match File::open(folder.join(&name)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    file => file?.sync_data()?,
                }
            }
            seen.insert(name);
        }
        *known = seen;
        if is_new { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    /// Makes the names of the files outlast a power cut.
    pub(super) fn sync_names(&self) -> io::Result<()> {
        if self.options.durability == Durability::Process {
            return Ok(());
        }
        let folder = &self.options.folder;
        File::open(folder.join("conf"))?.sync_all()?;
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        [folder, above].iter().try_for_each(|path| File::open(path)?.sync_all())
    }

    /// How many bytes of room the disk has; nothing where it does not say.
    pub(super) fn room(&self) -> Option<u64> {
        fstatvfs(&self.data).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Lets go of the files, and returns once sled's own threads have, too.
    pub(super) fn release(self) {
        let Self { db, data, .. } = self;
        drop(db);
        wait_for_release(&data);
    }
}

/// sled writes nothing to its file before the first flush, which comes with the schema.
fn origin_of(folder: &Path) -> Origin {
    match folder.join("db").metadata() {
        Ok(file) if file.len() > 0 => Origin::Found,
        _ => Origin::New,
    }
}

fn sled_config(options: &StoreOptions) -> sled::Config {
    // `mode` is left alone: version 0.34.7 keeps it and never looks at it. No thread of sled's own flushes: the writer
    // does, and what it has not flushed it has not acknowledged.
    sled::Config::new().path(&options.folder).cache_capacity(options.cache_bytes.max(SMALLEST_CACHE)).flush_every_ms(None)
}

/// Waits until nobody holds sled's lock: threads of its pool may hold its file a little longer than its handles live.
fn wait_for_release(data: &File) {
    for _ in 0..RELEASE_TRIES {
        if flock(data, FlockOperation::NonBlockingLockExclusive).is_ok() {
            // Closing `data` gives it back.
            return;
        }
        thread::sleep(RELEASE_PAUSE);
    }
}

fn in_words(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Newer(shape) => StoreError::Newer(format!("schema {shape}")),
        MigrateError::Unknown => StoreError::Damaged("it does not say which schema it has; restore a backup".into()),
        MigrateError::Damaged(words) => StoreError::Damaged(words),
        MigrateError::Engine(error) => from_sled(error),
    }
}
