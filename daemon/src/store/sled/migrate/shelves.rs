//! From shape 1 to shape 2: conversations stand on shelves and are found by their last model.
//!
//! Shape 1 knows no pins and no archive: every conversation stands on shelf 0. The list by time (table 11: user, time, id)
//! gives its place; its record (table 10: id) names its model.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::MigrateError;

const CONVERSATION: u8 = 10;
const BY_TIME: u8 = 11;
const ON_SHELF: u8 = 14;
const BY_MODEL: u8 = 15;
const PIECE: u8 = 200;
const SHELF: u8 = 0;

/// How many conversations are written at once.
const AT_ONCE: usize = 500;

#[derive(Deserialize)]
struct Conversation {
    model: Option<String>,
}

/// Writes the two lists.
pub(super) fn index(tree: &sled::Tree) -> Result<(), MigrateError> {
    let (mut batch, mut count) = (sled::Batch::default(), 0);
    for key in tree.scan_prefix([BY_TIME]).keys() {
        let key = key?;
        let (Some(user), Some(place), Some(inverted)) = (key.get(1..17), key.get(17..49), key.get(33..49)) else {
            return Err(damaged("a place in the list of conversations is too short"));
        };
        let id: Vec<u8> = inverted.iter().map(|byte| !byte).collect();
        batch.insert([&[ON_SHELF], user, &[SHELF], place].concat(), &[][..]);
        for name in names(read(tree, &id)?.model) {
            let fingerprint = &Sha256::digest(name.as_bytes())[..16];
            batch.insert([&[BY_MODEL], user, &[SHELF], fingerprint, place].concat(), &[][..]);
        }
        count += 1;
        if count % AT_ONCE == 0 {
            tree.apply_batch(std::mem::take(&mut batch))?;
        }
    }
    tree.apply_batch(batch)?;
    Ok(())
}

/// `provider/model` and its two halves, in lower case.
fn names(model: Option<String>) -> Vec<String> {
    let Some(model) = model.map(|model| model.to_lowercase()) else { return Vec::new() };
    let halves = model.split_once('/').map(|(provider, name)| [provider.to_owned(), name.to_owned()]);
    halves.into_iter().flatten().chain([model]).collect()
}

/// The record of a conversation: a byte for the format, one for whether it is in pieces, and MessagePack.
fn read(tree: &sled::Tree, id: &[u8]) -> Result<Conversation, MigrateError> {
    let key = [&[CONVERSATION], id].concat();
    let value = tree.get(&key)?.ok_or_else(|| damaged("a conversation is listed and missing"))?;
    let record = match value.as_ref() {
        [1, 0, record @ ..] => record.to_vec(),
        [1, 1, count @ ..] => join(tree, &key, count)?,
        _ => return Err(damaged("a conversation does not begin as values do")),
    };
    rmp_serde::from_slice(&record).map_err(|error| damaged(&format!("a conversation cannot be read: {error}")))
}

fn join(tree: &sled::Tree, key: &[u8], count: &[u8]) -> Result<Vec<u8>, MigrateError> {
    let count = count.try_into().map(u32::from_be_bytes).map_err(|_| damaged("a value in pieces does not say how many"))?;
    let mut record = Vec::new();
    for number in 0..u64::from(count) {
        let piece = tree.get([&[PIECE], key, &number.to_be_bytes()].concat())?;
        record.extend_from_slice(&piece.ok_or_else(|| damaged("a piece of a conversation is missing"))?);
    }
    Ok(record)
}

fn damaged(words: &str) -> MigrateError {
    MigrateError::Damaged(words.to_owned())
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    /// What shape 1 wrote of a conversation.
    #[derive(Serialize)]
    struct Written {
        id: [u8; 16],
        title: String,
        model: Option<String>,
    }

    fn keys(db: &sled::Db, table: u8) -> Vec<Vec<u8>> {
        db.scan_prefix([table]).keys().map(|key| key.expect("reads").to_vec()).collect()
    }

    fn insert(db: &sled::Db, id: u8, title: String, model: Option<&str>) -> Vec<u8> {
        let record = Written { id: [id; 16], title, model: model.map(str::to_owned) };
        let bytes = rmp_serde::to_vec_named(&record).expect("encodes");
        let key = [&[CONVERSATION][..], &[id; 16]].concat();
        let pieces: Vec<_> = bytes.chunks(6_000).collect();
        if pieces.len() == 1 {
            db.insert(&key, [&[1, 0], &bytes[..]].concat()).expect("inserts");
        } else {
            let count = u32::try_from(pieces.len()).expect("few");
            db.insert(&key, [&[1, 1], &count.to_be_bytes()[..]].concat()).expect("inserts");
            for (number, piece) in (0_u64..).zip(pieces) {
                db.insert([&[PIECE], &key[..], &number.to_be_bytes()].concat(), piece).expect("inserts");
            }
        }
        let place = [[7; 16], [!id; 16]].concat();
        db.insert([&[BY_TIME], &[9; 16][..], &place].concat(), &[]).expect("inserts");
        place
    }

    #[test]
    fn every_conversation_gets_its_places_however_long_and_however_often() {
        let db = sled::Config::new().temporary(true).flush_every_ms(None).open().expect("a store in memory opens");
        let long = insert(&db, 1, "长".repeat(9_000), Some("Demo/Demo"));
        let plain = insert(&db, 2, "plain".into(), Some("openai/gpt"));
        let silent = insert(&db, 3, "silent".into(), None);
        for _ in 0..2 {
            index(&db).expect("indexes");
            let mut shelf: Vec<_> =
                [&long, &plain, &silent].map(|place| [&[ON_SHELF], &[9; 16][..], &[SHELF], place].concat()).into();
            shelf.sort();
            assert_eq!(keys(&db, ON_SHELF), shelf);
            let gpt = &Sha256::digest(b"gpt")[..16];
            assert!(keys(&db, BY_MODEL).contains(&[&[BY_MODEL], &[9; 16][..], &[SHELF], gpt, &plain].concat()));
            assert_eq!(keys(&db, BY_MODEL).len(), 2 + 3, "demo and demo/demo; openai, gpt and both");
        }
    }

    #[test]
    fn what_makes_no_sense_is_damage() {
        let db = sled::Config::new().temporary(true).flush_every_ms(None).open().expect("a store in memory opens");
        insert(&db, 1, "x".into(), None);
        db.remove([&[CONVERSATION][..], &[1; 16]].concat()).expect("removes");
        assert!(matches!(index(&db), Err(MigrateError::Damaged(words)) if words.contains("missing")));
    }
}
