//! The file of a backup: a magic word, the number of the format, and frames that are each checksummed, the last of which
//! has the checksum of everything before it.
//!
//! What a frame of changes means is its engine's own affair (`docs/adr/0011-backup.md`); this module keeps them whole and in
//! order. Where the bytes come from and go to is left to others.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What every backup begins with.
const MAGIC: &[u8; 8] = b"mmpbak\r\n";

/// The format that this version writes, and the newest that it reads.
pub const BACKUP_FORMAT: u32 = 1;

/// Larger than any frame: a group of changes is some megabytes.
const LARGEST_FRAME: u32 = 1 << 30;

const HEAD: u8 = b'H';
const KEY: u8 = b'K';
const CHANGES: u8 = b'C';
const END: u8 = b'E';

/// Takes one list of changes after the other, and says whether to go on.
pub type CopySink = Box<dyn FnMut(Vec<u8>) -> bool + Send>;

/// Gives one list of changes after the other.
pub type CopySource = Box<dyn FnMut() -> super::Result<Option<Vec<u8>>> + Send>;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHead {
    /// The engine whose changes it holds, by the scheme of its URL.
    pub engine: String,
    /// The shape of that engine's keys and values.
    pub shape: u32,
    /// The version of mmp that made it.
    pub version: String,
    /// When it was begun.
    pub made_at: jiff::Timestamp,
    /// The kind of place where the master key lay; none where there was no key.
    pub key_store: Option<String>,
    /// Where it lay there.
    pub key_location: Option<String>,
    /// What that key hashes to.
    pub key_fingerprint: Option<Vec<u8>>,
}

/// Why a file is no backup that can be restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// It is something else.
    #[error("it is no backup of mmp")]
    Foreign,
    /// A newer version made it; this is its format or its shape.
    #[error("a newer version of mmp made it: {0}")]
    Newer(String),
    /// It ends before its end.
    #[error("it ends before its end")]
    Cut,
    /// It was changed.
    #[error("{0}")]
    Damaged(&'static str),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Cut } else { Self::Unreadable(error.to_string()) }
    }
}

/// Makes the bytes of a backup.
#[derive(Debug)]
pub struct BackupWriter {
    sum: Sha256,
}

impl BackupWriter {
    /// Begins one: the writer, and its first bytes.
    pub fn begin(head: &BackupHead) -> (Self, Vec<u8>) {
        let mut writer = Self { sum: Sha256::new() };
        let mut bytes = [MAGIC.as_slice(), &BACKUP_FORMAT.to_be_bytes()].concat();
        writer.sum.update(&bytes);
        // Words, numbers and bytes are always JSON.
        bytes.extend(writer.frame(HEAD, &serde_json::to_vec(head).unwrap_or_default()));
        (writer, bytes)
    }

    /// The sealed master key.
    pub fn key(&mut self, sealed: &[u8]) -> Vec<u8> {
        self.frame(KEY, sealed)
    }

    /// A list of changes.
    pub fn changes(&mut self, changes: &[u8]) -> Vec<u8> {
        self.frame(CHANGES, changes)
    }

    /// The end.
    pub fn end(mut self) -> Vec<u8> {
        let sum = self.sum.clone().finalize();
        self.frame(END, &sum)
    }

    fn frame(&mut self, kind: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(payload.len() + 9);
        bytes.push(kind);
        bytes.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(payload);
        let check = crc32fast::hash(&bytes);
        bytes.extend(check.to_be_bytes());
        self.sum.update(&bytes);
        bytes
    }
}

/// Reads a backup, and finds out whether it is whole.
#[derive(Debug)]
pub struct BackupReader<R> {
    source: R,
    sum: Sha256,
    /// What it says of itself.
    pub head: BackupHead,
    /// The sealed master key, if it carries one.
    pub key: Option<Vec<u8>>,
    next: Option<Vec<u8>>,
}

impl<R: Read> BackupReader<R> {
    /// Reads as far as the first changes.
    ///
    /// # Errors
    ///
    /// [`BackupError`].
    pub fn open(mut source: R) -> Result<Self, BackupError> {
        let mut begin = [0; 12];
        source.read_exact(&mut begin).map_err(|error| match BackupError::from(error) {
            BackupError::Cut => BackupError::Foreign,
            other => other,
        })?;
        let (magic, format) = begin.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(BackupError::Foreign);
        }
        let format = format.try_into().map(u32::from_be_bytes).unwrap_or_default();
        if format > BACKUP_FORMAT {
            return Err(BackupError::Newer(format!("format {format}")));
        }
        let head = BackupHead {
            engine: String::new(),
            shape: 0,
            version: String::new(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            key_store: None,
            key_location: None,
            key_fingerprint: None,
        };
        let mut reader = Self { source, sum: Sha256::new(), head, key: None, next: None };
        reader.sum.update(begin);
        reader.head = match reader.frame()? {
            (HEAD, head) => serde_json::from_slice(&head).map_err(|_| BackupError::Damaged("its head cannot be read"))?,
            _ => return Err(BackupError::Damaged("it has no head")),
        };
        reader.next = reader.following()?;
        Ok(reader)
    }

    /// The next list of changes; `None` once everything was read, and is whole.
    ///
    /// # Errors
    ///
    /// [`BackupError`].
    pub fn changes(&mut self) -> Result<Option<Vec<u8>>, BackupError> {
        let Some(changes) = self.next.take() else { return Ok(None) };
        self.next = self.following()?;
        Ok(Some(changes))
    }

    fn following(&mut self) -> Result<Option<Vec<u8>>, BackupError> {
        loop {
            let sum = self.sum.clone().finalize();
            match self.frame()? {
                (CHANGES, changes) => return Ok(Some(changes)),
                (KEY, key) => self.key = Some(key),
                (END, told) if told != sum.as_slice() => return Err(BackupError::Damaged("its checksum does not match")),
                (END, _) => {
                    let is_at_end = self.source.read(&mut [0])? == 0;
                    return if is_at_end { Ok(None) } else { Err(BackupError::Damaged("something follows its end")) };
                }
                _ => return Err(BackupError::Damaged("a part of it is of no known kind")),
            }
        }
    }

    fn frame(&mut self) -> Result<(u8, Vec<u8>), BackupError> {
        let mut begin = [0; 5];
        self.source.read_exact(&mut begin)?;
        let length = u32::from_be_bytes([begin[1], begin[2], begin[3], begin[4]]);
        if length > LARGEST_FRAME {
            return Err(BackupError::Damaged("a part of it is too long"));
        }
        let mut payload = Vec::new();
        let read = (&mut self.source).take(u64::from(length)).read_to_end(&mut payload)?;
        if read as u64 != u64::from(length) {
            return Err(BackupError::Cut);
        }
        let mut check = [0; 4];
        self.source.read_exact(&mut check)?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&begin);
        hasher.update(&payload);
        if hasher.finalize() != u32::from_be_bytes(check) {
            return Err(BackupError::Damaged("a part of it does not match its checksum"));
        }
        for part in [&begin[..], &payload, &check] {
            self.sum.update(part);
        }
        Ok((begin[0], payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> BackupHead {
        BackupHead {
            engine: "sled".into(),
            shape: 3,
            version: "1.2.3".into(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            key_store: None,
            key_location: None,
            key_fingerprint: Some(vec![7; 32]),
        }
    }

    fn file() -> Vec<u8> {
        let (mut writer, mut bytes) = BackupWriter::begin(&head());
        bytes.extend(writer.key(b"sealed"));
        bytes.extend(writer.changes(b"one"));
        bytes.extend(writer.changes(b"two"));
        bytes.extend(writer.end());
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Vec<Vec<u8>>, BackupError> {
        let mut reader = BackupReader::open(bytes)?;
        let mut found = Vec::new();
        while let Some(changes) = reader.changes()? {
            found.push(changes);
        }
        Ok(found)
    }

    #[test]
    fn a_file_comes_back() {
        let bytes = file();
        let reader = BackupReader::open(bytes.as_slice()).expect("a backup");
        assert_eq!((reader.head, reader.key), (head(), Some(b"sealed".to_vec())));
        assert_eq!(read(&bytes), Ok(vec![b"one".to_vec(), b"two".to_vec()]));
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_noticed() {
        let bytes = file();
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_file_that_is_changed_anywhere_is_noticed() {
        let bytes = file();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(read(&changed).is_err(), "changed at {place}");
        }
    }

    #[test]
    fn a_part_that_is_left_out_or_moved_is_noticed() {
        let (mut writer, mut bytes) = BackupWriter::begin(&head());
        let (one, two) = (writer.changes(b"one"), writer.changes(b"two"));
        bytes.extend([two, one].concat());
        bytes.extend(writer.end());
        assert_eq!(read(&bytes), Err(BackupError::Damaged("its checksum does not match")));
    }

    #[test]
    fn what_follows_the_end_is_noticed() {
        assert!(matches!(read(&[file(), b"x".to_vec()].concat()), Err(BackupError::Damaged(_))));
    }

    #[test]
    fn a_newer_format_is_newer_and_something_else_foreign() {
        let mut bytes = file();
        bytes[11] = 9;
        assert_eq!(read(&bytes), Err(BackupError::Newer("format 9".into())));
        assert_eq!(read(b"a text of some length"), Err(BackupError::Foreign));
        assert_eq!(read(b""), Err(BackupError::Foreign));
    }
}
