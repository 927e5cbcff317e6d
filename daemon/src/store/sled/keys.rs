//! The keys: one tree holds everything, and the first byte of a key says which table it belongs to.
//!
//! A key is made of parts that sort as bytes the way their values sort, so that every list is a range. Where a list runs
//! from the newest to the oldest its parts are inverted. What stands behind a key is left to the nouns' modules.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::store::{Result, StoreError};

/// How long a text's fingerprint is within a key.
const FINGERPRINT_LENGTH: usize = 16;

/// The tables. Their numbers are on disk: a new one gets a number of its own, and none is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Table {
    /// The store about itself.
    Meta = 0,
    /// id → record.
    User = 1,
    /// Lower-cased name → id.
    UserByName = 2,
    /// OS user → id.
    UserByOsUser = 3,
    /// id → record.
    Conversation = 10,
    /// user, newest change first, id.
    ConversationByTime = 11,
    /// user, hex digits of the id from the last one on.
    ConversationBySuffix = 12,
    /// user, fingerprint of the lower-cased title, newest first, id.
    ConversationByTitle = 13,
    /// user, shelf, newest change first, id.
    ConversationOnShelf = 14,
    /// user, shelf, fingerprint of a name of the last model, newest change first, id.
    ConversationByModel = 15,
    /// conversation, id → record.
    Message = 20,
    /// id → conversation.
    MessageById = 21,
    /// user, name → record.
    Role = 24,
    /// position → id, and the conversation where the message is there.
    MessageChange = 22,
    /// id → position of its last change.
    MessageChanged = 23,
    /// id → record.
    Run = 30,
    /// user, newest first, id.
    RunByTime = 31,
    /// user, hex digits of the id from the last one on.
    RunBySuffix = 32,
    /// id, of a run that has no end.
    RunUnfinished = 33,
    /// end, id, of a finished run that has events.
    RunToForget = 34,
    /// run, id of the last event → events.
    RunEvents = 35,
    /// run → id of its last event.
    RunEventsEnd = 36,
    /// user, name → record.
    ProviderConfig = 40,
    /// user, provider → record.
    SealedKey = 41,
    /// → record.
    Vault = 42,
    /// user, or nobody, provider/model → record.
    ModelConfig = 45,
    /// user, provider → record.
    ModelList = 46,
    /// user → record.
    Settings = 50,
    /// user, newest first, run → record.
    Usage = 60,
    /// What a name looks like → id.
    UserBySkeleton = 64,
    /// user → record.
    Password = 65,
    /// id → record.
    Login = 66,
    /// user, id.
    LoginByUser = 67,
    /// subject, newest first, id → record.
    LoginAttempt = 68,
    /// time, id → subject.
    LoginAttemptByTime = 69,
    /// id → record.
    Token = 70,
    /// user, id.
    TokenByUser = 71,
    /// id → record.
    Invite = 72,
    /// hash → id.
    InviteByHash = 73,
    /// newest first, id.
    InviteByTime = 74,
    /// newest first, id → record.
    Audit = 75,
    /// fingerprint of the kind, newest first, id.
    AuditByKind = 76,
    /// user, newest first, id.
    AuditByUser = 77,
    /// user, fingerprint of the kind, newest first, id.
    AuditByUserAndKind = 78,
    /// A key, number → a piece of the value that is too long to stand behind that key.
    Piece = 200,
}

/// A key, or the beginning of one, in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key(Vec<u8>);

impl Key {
    /// The beginning of every key of a table.
    pub(super) fn of(table: Table) -> Self {
        let mut bytes = Vec::with_capacity(64);
        bytes.push(table as u8);
        Self(bytes)
    }

    /// A key as it was found.
    pub(super) const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// With sixteen bytes of an id, the oldest first.
    pub(super) fn id(mut self, id: &[u8; 16]) -> Self {
        self.0.extend_from_slice(id);
        self
    }

    /// With sixteen bytes of an id, the newest first.
    pub(super) fn newest_id(mut self, id: &[u8; 16]) -> Self {
        self.0.extend(id.iter().map(|byte| !byte));
        self
    }

    /// With a time, the oldest first.
    pub(super) fn time(mut self, time: Timestamp) -> Self {
        self.0.extend_from_slice(&sortable(time));
        self
    }

    /// With a time, the newest first.
    pub(super) fn newest_time(mut self, time: Timestamp) -> Self {
        self.0.extend(sortable(time).iter().map(|byte| !byte));
        self
    }

    /// With a number, the smallest first.
    pub(super) fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// With text; only as the last part.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// With bytes; only as the last part, or before a part of known length.
    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// With the fingerprint of a text that may be long.
    pub(super) fn fingerprint(mut self, text: &str) -> Self {
        self.0.extend_from_slice(&Sha256::digest(text.as_bytes())[..FINGERPRINT_LENGTH]);
        self
    }

    /// With an id's hex digits from the last one on.
    pub(super) fn reversed_digits(mut self, id: &[u8; 16]) -> Self {
        self.0.extend(id.iter().rev().flat_map(|byte| [hex_digit(byte & 15), hex_digit(byte >> 4)]));
        self
    }

    /// The bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Key {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The first sixteen bytes of a key after `prefix`, as an id that was written with [`Key::id`].
pub(super) fn id_after(key: &[u8], prefix: &[u8]) -> Result<[u8; 16]> {
    key.strip_prefix(prefix)
        .and_then(|rest| rest.get(..16))
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| StoreError::Damaged(format!("a key of table {} is too short", key.first().copied().unwrap_or_default())))
}

/// The last sixteen bytes of a key, as an id that was written with [`Key::id`].
pub(super) fn id_at_end(key: &[u8]) -> Result<[u8; 16]> {
    id_after(key.get(key.len().saturating_sub(16)..).unwrap_or_default(), &[])
}

/// The last sixteen bytes of a key, as an id that was written with [`Key::newest_id`].
pub(super) fn newest_id_at_end(key: &[u8]) -> Result<[u8; 16]> {
    id_at_end(key).map(|bytes| bytes.map(|byte| !byte))
}

/// The id whose digits, from the last one on, end a key.
pub(super) fn reversed_id_at_end(key: &[u8]) -> Result<[u8; 16]> {
    let digits = key.get(key.len().saturating_sub(32)..).unwrap_or_default();
    let mut id = [0; 16];
    for (index, pair) in digits.chunks_exact(2).enumerate() {
        id[15 - index] = value_of_digit(pair[0])? | value_of_digit(pair[1])? << 4;
    }
    if digits.len() == 32 { Ok(id) } else { Err(StoreError::Damaged("a key by digits is too short".into())) }
}

/// A time as bytes that sort like it: sixteen, for the years that a timestamp can have do not fit in eight.
fn sortable(time: Timestamp) -> [u8; 16] {
    (time.as_nanosecond() ^ i128::MIN).to_be_bytes()
}

const fn hex_digit(value: u8) -> u8 {
    b"0123456789abcdef"[value as usize]
}

fn value_of_digit(digit: u8) -> Result<u8> {
    let value = char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    value.ok_or_else(|| StoreError::Damaged("a key by digits holds something else".into()))
}

#[cfg(test)]
mod tests {
    use mmp_shared::RunId;
    use proptest::prelude::*;

    use super::*;

    fn key_of(time: Timestamp) -> Key {
        Key::of(Table::RunToForget).time(time)
    }

    #[test]
    fn the_extremes_of_time_sort() {
        let times = [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX];
        let keys: Vec<_> = times.iter().map(|time| key_of(*time).0).collect();
        assert!(keys.is_sorted());
    }

    #[test]
    fn digits_run_from_the_last_one_on() {
        let id: RunId = "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d".parse().expect("an id");
        let key = Key::of(Table::RunBySuffix).reversed_digits(id.as_bytes());
        assert_eq!(&key.as_bytes()[1..9], b"d2c1b9f3");
        assert_eq!(reversed_id_at_end(key.as_bytes()), Ok(*id.as_bytes()));
    }

    #[test]
    fn a_short_key_is_damage_and_no_panic() {
        assert!(matches!(id_after(b"abc", b"a"), Err(StoreError::Damaged(_))));
        assert!(matches!(id_at_end(b""), Err(StoreError::Damaged(_))));
        assert!(matches!(reversed_id_at_end(b"ff"), Err(StoreError::Damaged(_))));
        assert!(matches!(reversed_id_at_end(&[b'x'; 32]), Err(StoreError::Damaged(_))));
    }

    proptest! {
        #[test]
        fn keys_sort_like_what_they_are_made_of(
            a in (any::<i64>(), any::<[u8; 16]>(), any::<u64>()),
            b in (any::<i64>(), any::<[u8; 16]>(), any::<u64>()),
        ) {
            let time = |nanoseconds: i64| Timestamp::from_nanosecond(i128::from(nanoseconds)).expect("within range");
            let key = |(nanoseconds, id, number): (i64, [u8; 16], u64)| {
                Key::of(Table::Usage).time(time(nanoseconds)).id(&id).number(number).0
            };
            prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
            let newest = |(nanoseconds, id, _): (i64, [u8; 16], u64)| {
                Key::of(Table::Usage).newest_time(time(nanoseconds)).newest_id(&id).0
            };
            prop_assert_eq!(newest(a).cmp(&newest(b)), (b.0, b.1).cmp(&(a.0, a.1)));
        }

        #[test]
        fn an_id_comes_back_from_its_key(id in any::<[u8; 16]>()) {
            prop_assert_eq!(id_at_end(Key::of(Table::Run).id(&id).as_bytes()), Ok(id));
            prop_assert_eq!(newest_id_at_end(Key::of(Table::Run).newest_id(&id).as_bytes()), Ok(id));
            prop_assert_eq!(reversed_id_at_end(Key::of(Table::Run).reversed_digits(&id).as_bytes()), Ok(id));
        }
    }
}
