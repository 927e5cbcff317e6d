//! How a record becomes bytes and comes back.
//!
//! A value is a byte for the version of this format, a byte for its shape, and MessagePack with the fields' names: a
//! record may gain an optional field and old bytes still read. A value that is too long for one page is cut into pieces
//! (`pieces.rs`); behind its own key then stands only how many there are.

use serde::{Serialize, de::DeserializeOwned};

use crate::store::{Result, StoreError};

/// The version of this format.
const FORMAT: u8 = 1;
const WHOLE: u8 = 0;
const IN_PIECES: u8 = 1;

/// The most bytes that stand behind one key.
///
/// sled keeps up to 20 pairs in a page, writes a page that exceeds 128 KiB to a file of its own, and never syncs such
/// files: a value that is acknowledged could be gone after a power cut. Twenty values of this size stay below it.
pub(super) const LONGEST_PIECE: usize = 6_000;

/// What stands behind a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// The record.
    Whole(&'a [u8]),
    /// The record is elsewhere, in this many pieces.
    InPieces(u32),
}

/// A record as the bytes behind its version and shape.
pub(super) fn encode<T: Serialize>(record: &T) -> Result<Vec<u8>> {
    rmp_serde::to_vec_named(record).map_err(|error| StoreError::Failed(format!("a record cannot be encoded: {error}")))
}

/// The record that [`encode`] made these bytes of.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    rmp_serde::from_slice(bytes).map_err(|error| StoreError::Damaged(format!("a record cannot be read: {error}")))
}

/// A value that holds a whole record.
pub(super) fn whole(record: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(record.len() + 2);
    value.extend_from_slice(&[FORMAT, WHOLE]);
    value.extend_from_slice(record);
    value
}

/// A value whose record is in this many pieces.
pub(super) fn in_pieces(count: u32) -> Vec<u8> {
    let mut value = vec![FORMAT, IN_PIECES];
    value.extend_from_slice(&count.to_be_bytes());
    value
}

/// What a value says.
pub(super) fn parse(value: &[u8]) -> Result<Value<'_>> {
    match value {
        [FORMAT, WHOLE, record @ ..] => Ok(Value::Whole(record)),
        [FORMAT, IN_PIECES, count @ ..] => match count.try_into() {
            Ok(count) => Ok(Value::InPieces(u32::from_be_bytes(count))),
            Err(_) => Err(StoreError::Damaged("a value in pieces does not say how many".into())),
        },
        [format, ..] if *format > FORMAT => {
            Err(StoreError::Damaged(format!("a value has format {format}, and this version knows formats up to {FORMAT}")))
        }
        _ => Err(StoreError::Damaged("a value does not begin as values do".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back() {
        let record = encode(&vec!["你好".to_owned()]).expect("encodes");
        let value = whole(&record);
        assert_eq!(parse(&value), Ok(Value::Whole(&record)));
        assert_eq!(decode::<Vec<String>>(&record), Ok(vec!["你好".to_owned()]));
        assert_eq!(parse(&in_pieces(7)), Ok(Value::InPieces(7)));
    }

    #[test]
    fn what_makes_no_sense_is_damage() {
        for value in [&[][..], &[0], &[1, 9, 1], &[1, 1, 0], &[2, 0, 0]] {
            assert!(matches!(parse(value), Err(StoreError::Damaged(_))), "{value:?}");
        }
        assert!(matches!(decode::<String>(&[0xc1]), Err(StoreError::Damaged(_))));
    }
}
