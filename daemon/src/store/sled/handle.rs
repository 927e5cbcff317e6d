//! The open store as its readers and its writer share it.
//!
//! A read holds the lock shared from its first key to its last, and the writer takes it alone while it applies a group:
//! a read never sees half a batch, nor an index without its record. No read takes long: each is a range with a limit, or
//! one conversation. When the engine breaks, the writer takes it away and puts a new one in its place.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{
    errors::{at, from_sled},
    open::Engine,
};
use crate::store::{
    Result, StoreAbout, StoreError,
    registry::{Compacted, Durability, StoreOptions},
};

/// What has become of the engine.
enum State {
    Open(Engine),
    Broken(StoreError),
    Closed,
}

/// The engine, shared.
pub(super) struct Handle {
    options: StoreOptions,
    state: RwLock<State>,
}

/// How a read ended.
pub(super) enum ReadOutcome<T> {
    /// It was made.
    Done(Result<T>),
    /// The engine is broken; the writer may be able to open it anew.
    Broken(StoreError),
}

impl Handle {
    /// A handle of an engine that was just opened.
    pub(super) const fn new(options: StoreOptions, engine: Engine) -> Self {
        Self { options, state: RwLock::new(State::Open(engine)) }
    }

    /// Reads from the store as it is at one moment.
    pub(super) fn read<T>(&self, read: impl FnOnce(&sled::Tree) -> Result<T>) -> ReadOutcome<T> {
        match &*self.shared() {
            State::Open(engine) => ReadOutcome::Done(read(&engine.db).map_err(|error| at(&self.options.folder, error))),
            State::Broken(error) => ReadOutcome::Broken(error.clone()),
            State::Closed => ReadOutcome::Done(Err(closed())),
        }
    }

    /// sled's handle, for the writer, which gives it back before it replaces the engine.
    pub(super) fn database(&self) -> Result<sled::Db> {
        match &*self.shared() {
            State::Open(engine) => Ok(engine.db.clone()),
            State::Broken(error) => Err(error.clone()),
            State::Closed => Err(closed()),
        }
    }

    /// How many bytes of room the disk has; nothing where it does not say.
    pub(super) fn room(&self) -> Option<u64> {
        match &*self.shared() {
            State::Open(engine) => engine.room(),
            State::Broken(_) | State::Closed => None,
        }
    }

    /// The files as they are now.
    pub(super) fn about(&self) -> Result<StoreAbout> {
        let bytes = self.database()?.size_on_disk().map_err(from_sled)?;
        Ok(StoreAbout {
            engine: "sled",
            folder: Some(self.options.folder.clone()),
            bytes: Some(bytes),
            free_bytes: self.room(),
            survives_power_loss: self.options.durability == Durability::Power,
        })
    }

    /// Does something while nobody reads.
    pub(super) fn alone<T>(&self, change: impl FnOnce() -> T) -> T {
        let _alone = self.exclusive();
        change()
    }

    /// Makes what was flushed, up to this group, outlast what the options say. Readers go on meanwhile.
    pub(super) fn sync(&self, group: u64) -> Result<()> {
        match &*self.shared() {
            State::Open(engine) => {
                engine.sync().map_err(|error| super::errors::from_io(&error))?;
                engine.mark(group);
                Ok(())
            }
            State::Broken(error) => Err(error.clone()),
            State::Closed => Err(closed()),
        }
    }

    /// Takes the engine away, because of this error, and opens it anew.
    pub(super) fn reopen(&self, error: &StoreError) -> Result<()> {
        self.replace(State::Broken(at(&self.options.folder, error.clone())));
        let opened = Engine::open(&self.options);
        let (state, result) = match opened {
            Ok(engine) => (State::Open(engine), Ok(())),
            Err(error) => (State::Broken(error.clone()), Err(error)),
        };
        self.replace(state);
        result
    }

    /// Lets go of the files for good.
    pub(super) fn close(&self) {
        self.replace(State::Closed);
    }

    /// Has sled write its snapshot of a closed store: it does so when it opens one, and at no other time.
    pub(super) fn leave_snapshot(&self) {
        match Engine::open(&self.options) {
            Ok(engine) => engine.release(),
            // All is safe on the disk; the next opening takes longer, and says what is wrong.
            Err(error) => tracing::warn!(error = %error, "the closed store could not be opened for its snapshot"),
        }
    }

    /// Rewrites a closed store without its garbage.
    pub(super) fn compact(&self) {
        match super::compact::rewrite(&self.options) {
            Ok(Compacted { before, after }) => tracing::info!(before, after, "the store was compacted"),
            Err(error) => tracing::warn!(error = %error, "the store could not be compacted"),
        }
    }

    fn replace(&self, state: State) {
        let old = std::mem::replace(&mut *self.exclusive(), state);
        if let State::Open(engine) = old {
            engine.release();
        }
    }

    // A panic of a reader or of sled leaves nothing half done in here: the state is replaced as a whole.
    fn shared(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn exclusive(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a closed store says.
pub(super) fn closed() -> StoreError {
    StoreError::Failed("it is closed".into())
}
