//! The engine for fast tests: collections of the standard library behind one mutex, and nothing on disk.
//!
//! `tables` holds the records and changes them, `batches` carries batches out as a whole or not at all, `reads` answers,
//! `accounts` for all that belongs to logging in, `filtered` for lists that are narrowed.
//! The lock is never held over an await.

mod accounts;
mod batches;
mod changes;
mod filtered;
mod pages;
mod reads;
mod tables;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;

use self::tables::Tables;
use super::{Batch, Commit, Result, StoreError};

/// A store that lives as long as its process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<State>,
    position: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    tables: Tables,
    is_closed: bool,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn read<T>(&self, read: impl FnOnce(&Tables) -> T) -> Result<T> {
        let state = self.lock();
        if state.is_closed { Err(closed()) } else { Ok(read(&state.tables)) }
    }

    // A panic within leaves a test in ruins anyway.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn closed() -> StoreError {
    StoreError::Failed("it is closed".into())
}

#[async_trait]
impl Commit for MemoryStore {
    async fn commit(&self, batch: Batch) -> Result<()> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(closed());
        }
        batches::commit(&mut state.tables, batch)?;
        let position = state.tables.last_change;
        self.position.send_if_modified(|told| std::mem::replace(told, position) != position);
        Ok(())
    }

    async fn close(&self) -> Result<()> {
        self.lock().is_closed = true;
        Ok(())
    }
}
