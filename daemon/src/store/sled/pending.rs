//! Changes that wait to be written: those of a group of batches, and of the batch that is being staged.
//!
//! A batch is staged as a whole or leaves no trace, and reads here see what was staged before. Writing the group is the
//! writer's part; what to change belongs to the nouns.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use serde::Serialize;
use sled::IVec;

use super::{
    codec::{self, LONGEST_PIECE, Value},
    errors::from_sled,
    keys::Key,
    source::{Source, piece_key},
};
use crate::store::{Result, StoreError};

type Changes = BTreeMap<Vec<u8>, Option<IVec>>;

/// A tree, and changes to it that are not yet written.
pub(super) struct Pending<'a> {
    tree: &'a sled::Tree,
    group: Changes,
    batch: Changes,
    size: usize,
    freed: usize,
}

impl Source for Pending<'_> {
    fn value(&self, key: &[u8]) -> Result<Option<IVec>> {
        match self.batch.get(key).or_else(|| self.group.get(key)) {
            Some(change) => Ok(change.clone()),
            None => self.tree.value(key),
        }
    }
}

impl<'a> Pending<'a> {
    /// Nothing to change in this tree, so far.
    pub(super) const fn new(tree: &'a sled::Tree) -> Self {
        Self { tree, group: Changes::new(), batch: Changes::new(), size: 0, freed: 0 }
    }

    /// About how many bytes the group's changes are.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// About how many bytes of older records the group's changes make garbage.
    pub(super) const fn freed(&self) -> usize {
        self.freed
    }

    /// Whether the group changes nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.group.is_empty()
    }

    /// Does what `stage` does as one batch: all of it joins the group, or nothing.
    pub(super) fn stage(&mut self, stage: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let staged = stage(self);
        let changes = mem::take(&mut self.batch);
        staged?;
        self.size += changes.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, |value| value.len())).sum::<usize>();
        self.group.extend(changes);
        Ok(())
    }

    /// The group's changes, each a key and what is to stand behind it.
    pub(super) fn changes(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.group.iter().map(|(key, value)| (key.as_slice(), value.as_deref()))
    }

    /// The group's changes, to be written at once.
    pub(super) fn into_batch(self) -> sled::Batch {
        let mut batch = sled::Batch::default();
        for (key, value) in self.group {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        batch
    }

    /// Writes a record behind a key, in pieces where it is long.
    pub(super) fn put<T: Serialize>(&mut self, key: &Key, record: &T) -> Result<()> {
        self.remove(key)?;
        let record = codec::encode(record)?;
        if record.len() <= LONGEST_PIECE {
            self.put_value(key, codec::whole(&record));
            return Ok(());
        }
        let mut count = 0;
        for piece in record.chunks(LONGEST_PIECE) {
            self.put_value(&piece_key(key.as_ref(), count), piece);
            count = count.checked_add(1).ok_or_else(|| StoreError::Failed("a record is too long".into()))?;
        }
        self.put_value(key, codec::in_pieces(count));
        Ok(())
    }

    /// Removes a record and its pieces. There may be none.
    pub(super) fn remove(&mut self, key: &Key) -> Result<()> {
        let Some(value) = self.value(key.as_ref())? else { return Ok(()) };
        self.freed += value.len();
        if let Value::InPieces(count) = codec::parse(&value)? {
            self.freed += usize::try_from(count).unwrap_or_default().saturating_mul(LONGEST_PIECE);
            for number in 0..count {
                self.remove_value(&piece_key(key.as_ref(), number));
            }
        }
        self.remove_value(key);
        Ok(())
    }

    /// Puts bytes that are no record behind a key.
    pub(super) fn put_value(&mut self, key: &Key, value: impl Into<IVec>) {
        self.batch.insert(key.as_ref().to_vec(), Some(value.into()));
    }

    /// Makes a key that says all by being there.
    pub(super) fn put_mark(&mut self, key: &Key) {
        self.put_value(key, IVec::default());
    }

    /// Removes a key whose value is no record.
    pub(super) fn remove_value(&mut self, key: &Key) {
        self.batch.insert(key.as_ref().to_vec(), None);
    }

    /// The keys that begin like this one.
    pub(super) fn keys_under(&self, prefix: &Key) -> Result<Vec<Key>> {
        let mut keys = BTreeSet::new();
        for key in self.tree.scan_prefix(prefix).keys() {
            keys.insert(key.map_err(from_sled)?.to_vec());
        }
        for changes in [&self.group, &self.batch] {
            let within = changes.range(prefix.as_ref().to_vec()..).take_while(|(key, _)| key.starts_with(prefix.as_ref()));
            for (key, value) in within {
                if value.is_some() {
                    keys.insert(key.clone())
                } else {
                    keys.remove(key)
                };
            }
        }
        Ok(keys.into_iter().map(Key::from_bytes).collect())
    }
}
