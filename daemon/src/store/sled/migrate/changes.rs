//! Messages get positions, in the order of their ids, which is that of their making.
//!
//! Table 21 has every message's id and, behind it, its conversation. A position (table 22) has both; an id (table 23) has
//! its position; the last position stands in table 0. Done again, the step writes the same.

use super::MigrateError;

const META: u8 = 0;
const BY_ID: u8 = 21;
const BY_POSITION: u8 = 22;
const CHANGED: u8 = 23;

/// How many messages are written at once.
const AT_ONCE: u64 = 2_000;

/// Numbers every message.
pub(super) fn number(tree: &sled::Tree) -> Result<(), MigrateError> {
    let (mut batch, mut position) = (sled::Batch::default(), 0_u64);
    for pair in tree.scan_prefix([BY_ID]) {
        let (key, conversation) = pair?;
        let Some(id) = key.get(1..17).filter(|_| key.len() == 17 && conversation.len() == 16) else {
            return Err(MigrateError::Damaged("a place in the list of messages has another length".into()));
        };
        position += 1;
        let number = position.to_be_bytes();
        batch.insert([&[BY_POSITION], &number[..]].concat(), [id, &conversation].concat());
        batch.insert([&[CHANGED], id].concat(), &number);
        if position.is_multiple_of(AT_ONCE) {
            tree.apply_batch(std::mem::take(&mut batch))?;
        }
    }
    batch.insert([&[META], &b"message-change"[..]].concat(), &position.to_be_bytes());
    tree.apply_batch(batch)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_gets_its_position_however_often() {
        let db = sled::Config::new().temporary(true).flush_every_ms(None).open().expect("a store in memory opens");
        for id in [3, 1, 2] {
            db.insert([&[BY_ID], &[id; 16][..]].concat(), &[9; 16]).expect("inserts");
        }
        for _ in 0..2 {
            number(&db).expect("numbers");
            let entries: Vec<_> = db.scan_prefix([BY_POSITION]).values().map(|value| value.expect("reads")[0]).collect();
            assert_eq!(entries, [1, 2, 3]);
            let second = db.get([&[CHANGED], &[2; 16][..]].concat()).expect("reads").expect("is there");
            assert_eq!(second.as_ref(), 2_u64.to_be_bytes());
            let last = db.get(b"\0message-change").expect("reads").expect("is there");
            assert_eq!(last.as_ref(), 3_u64.to_be_bytes());
        }
    }

    #[test]
    fn what_makes_no_sense_is_damage() {
        let db = sled::Config::new().temporary(true).flush_every_ms(None).open().expect("a store in memory opens");
        db.insert([BY_ID, 1], &[9; 16]).expect("inserts");
        assert!(matches!(number(&db), Err(MigrateError::Damaged(_))));
    }
}
