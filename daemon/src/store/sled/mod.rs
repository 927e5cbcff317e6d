//! The embedded engine: sled 0.34, one tree, one writer thread.
//!
//! `keys` and `codec` say what is on disk; a file a noun reads and changes its records; `pending` holds changes that
//! wait, `apply` carries batches out on them, `writer` makes groups of them durable; `handle` and `open` own the files,
//! `compact` rewrites them, `copy` copies what is in them while they are in use, `mark` tells what they lost.
//! Why it is so stands in `docs/adr/0002-store-engine.md`. What records mean is left to the services.

mod apply;
mod audit;
mod changes;
mod codec;
mod compact;
mod conversations;
mod copy;
mod errors;
mod handle;
mod invites;
mod keys;
mod login_attempts;
mod logins;
mod mark;
mod messages;
mod migrate;
mod models;
mod open;
mod pages;
mod pending;
mod providers;
mod roles;
mod run_events;
mod runs;
mod settings;
mod source;
mod tokens;
mod upkeep;
mod usage;
mod users;
mod writer;

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use tokio::{sync::watch, task::spawn_blocking};

use self::{
    errors::from_panic,
    handle::{Handle, ReadOutcome},
    open::Engine,
    writer::Writer,
};
use super::{
    Batch, Commit, CopySource, Result,
    registry::{Compacted, StoreOptions},
};

/// A store in one folder of this machine.
pub struct SledStore {
    handle: Arc<Handle>,
    writer: Writer,
    position: watch::Receiver<u64>,
}

impl SledStore {
    /// The shape of keys and values that this version writes.
    pub const SHAPE: u32 = migrate::SCHEMA;

    /// Opens the store in the options' folder, which is made where there is none.
    ///
    /// # Errors
    ///
    /// When another process holds the store, or it cannot be read or written, or makes no sense.
    pub async fn open(options: StoreOptions) -> Result<Self> {
        off_the_async_threads(move || {
            let engine = Engine::open(&options)?;
            let (told, position) = watch::channel(changes::last(&*engine.db)?);
            let handle = Arc::new(Handle::new(options, engine));
            let writer = Writer::start(Arc::clone(&handle), told)?;
            Ok(Self { handle, writer, position })
        })
        .await
    }

    /// Rewrites a store that nobody has open, so that its files hold nothing of what was deleted.
    ///
    /// # Errors
    ///
    /// When somebody has it open, or it cannot be read, or there is no room for a copy. It is then as it was.
    pub async fn compact(options: StoreOptions) -> Result<Compacted> {
        off_the_async_threads(move || compact::rewrite(&options)).await
    }

    /// Makes a store of a copy, beside the one in the options' folder. Gives back where.
    ///
    /// # Errors
    ///
    /// When the copy makes no sense, or cannot be written. Nothing is left of it then.
    pub async fn restore(options: StoreOptions, source: CopySource) -> Result<StoreOptions> {
        off_the_async_threads(move || copy::restore(&options, source)).await
    }

    /// Puts the store that [`SledStore::restore`] made in the place of the one in the options' folder. Gives back where that
    /// one is kept.
    ///
    /// # Errors
    ///
    /// When the folders cannot be renamed.
    pub async fn put_in_place(options: StoreOptions) -> Result<Option<PathBuf>> {
        off_the_async_threads(move || copy::put_in_place(&options.folder)).await
    }

    /// Reads from the store as it is at one moment. Where the engine is broken, it is first given the chance to recover.
    ///
    /// sled may wait for the disk, or for the writer's lock, in any read: none runs on an async thread. The hop to tokio's
    /// blocking pool was measured at 25 to 60 µs, most of a point read and a tenth of a commit; `block_in_place` hands its
    /// worker over, which is such a hop as well, and panics on a runtime of one thread.
    async fn read<T: Send + 'static>(&self, read: impl Fn(&sled::Tree) -> Result<T> + Clone + Send + 'static) -> Result<T> {
        match self.try_read(read.clone()).await? {
            ReadOutcome::Done(result) => result,
            ReadOutcome::Broken(_) => {
                self.writer.recover().await?;
                match self.try_read(read).await? {
                    ReadOutcome::Done(result) => result,
                    ReadOutcome::Broken(error) => Err(error),
                }
            }
        }
    }

    async fn try_read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&sled::Tree) -> Result<T> + Send + 'static,
    ) -> Result<ReadOutcome<T>> {
        let handle = Arc::clone(&self.handle);
        off_the_async_threads(move || Ok(handle.read(read))).await
    }
}

/// Runs what may block. A panic in it is sled's, about files that do not hold what it expects.
async fn off_the_async_threads<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => Err(from_panic(&*panic)),
        Err(_) => Err(handle::closed()),
    })
}

#[async_trait]
impl Commit for SledStore {
    async fn commit(&self, batch: Batch) -> Result<()> {
        self.writer.commit(batch).await
    }

    async fn close(&self) -> Result<()> {
        self.writer.close().await
    }
}
