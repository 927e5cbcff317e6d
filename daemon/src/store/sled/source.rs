//! Where records are read from: the tree as it is, or the tree with changes that wait to be written.
//!
//! Both give values by key; this module turns values into records, long ones put together from their pieces.

use serde::de::DeserializeOwned;

use super::{
    codec::{self, Value},
    errors::from_sled,
    keys::{Key, Table},
};
use crate::store::{Result, StoreError};

/// Something that has values by key.
pub(super) trait Source {
    /// What stands behind a key.
    fn value(&self, key: &[u8]) -> Result<Option<sled::IVec>>;

    /// The record behind a key.
    fn record<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        self.value(key.as_ref())?.map(|value| self.decode(key.as_ref(), &value)).transpose()
    }

    /// The record that a value, found behind a key, stands for.
    fn decode<T: DeserializeOwned>(&self, key: &[u8], value: &[u8]) -> Result<T> {
        match codec::parse(value)? {
            Value::Whole(record) => codec::decode(record),
            Value::InPieces(count) => codec::decode(&self.join(key, count)?),
        }
    }

    /// The sixteen bytes behind a key, which are an id.
    fn id(&self, key: &Key) -> Result<Option<[u8; 16]>> {
        let id = self.value(key.as_ref())?.map(|value| value.as_ref().try_into());
        id.transpose().map_err(|_| StoreError::Damaged("what should be an id has another length".into()))
    }

    /// The bytes of a record in pieces.
    fn join(&self, key: &[u8], count: u32) -> Result<Vec<u8>> {
        let mut record = Vec::with_capacity(usize::try_from(count).unwrap_or_default().min(1 << 16) * codec::LONGEST_PIECE);
        for number in 0..count {
            match self.value(piece_key(key, number).as_ref())? {
                Some(piece) => record.extend_from_slice(&piece),
                None => return Err(StoreError::Damaged(format!("piece {number} of {count} of a record is missing"))),
            }
        }
        Ok(record)
    }
}

impl Source for sled::Tree {
    fn value(&self, key: &[u8]) -> Result<Option<sled::IVec>> {
        self.get(key).map_err(from_sled)
    }
}

/// The key of a piece of what stands behind another key.
pub(super) fn piece_key(owner: &[u8], number: u32) -> Key {
    Key::of(Table::Piece).bytes(owner).number(u64::from(number))
}
