//! How far the store had come, told by a small file beside sled's own.
//!
//! sled takes a hole in its log for the place where a crash cut it off, and goes on without what lay behind it. The number
//! of the last group that was acknowledged, kept apart, tells a cut log from one that lost something. What a group is
//! belongs to the writer.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
};

use crate::store::{Result, StoreError, registry::Durability};

/// The file's name. A store without one, as older versions made them, has nothing to hold against it.
const NAME: &str = "mark";

/// What Linux calls this start of the machine.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The file that is written after each group.
pub(super) struct Mark {
    file: File,
    boot: String,
}

impl Mark {
    /// Opens a store's mark, which is made where there is none, and compares it with the group that the store is at.
    ///
    /// # Errors
    ///
    /// `Damaged` when the store is behind what it had acknowledged, by more than its durability allows for.
    pub(super) fn open(folder: &Path, group: u64, durability: Durability) -> Result<Self> {
        let path = folder.join(NAME);
        let boot = fs::read_to_string(BOOT_ID).unwrap_or_default().trim().to_owned();
        if let Some((reached, then)) = fs::read_to_string(&path).ok().as_deref().and_then(parse) {
            // What only a process's end was to be outlived for, may be lost with the machine's.
            let must_be_there = durability == Durability::Power || then == boot;
            if must_be_there && reached > group {
                return Err(StoreError::Damaged(format!(
                    "the last {} of its changes are missing; where there is no backup, remove its file `{NAME}` to go on with what is left",
                    reached - group
                )));
            }
        }
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
        Ok(Self { file: file.map_err(|error| super::errors::from_io(&error))?, boot })
    }

    /// Says that this group is durable. Nothing waits for the disk: where this is lost, less is known, and nothing wrong.
    pub(super) fn reached(&self, group: u64) -> io::Result<()> {
        self.file.write_all_at(format!("{group:020} {}\n", self.boot).as_bytes(), 0)
    }
}

/// The group and the machine's start that a mark names. One that makes no sense says nothing.
fn parse(text: &str) -> Option<(u64, &str)> {
    let (group, boot) = text.lines().next()?.split_once(' ')?;
    Some((group.parse().ok()?, boot))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn a_store_that_is_where_it_was_or_further_opens() {
        let folder = folder();
        let mark = Mark::open(folder.path(), 0, Durability::Power).expect("none yet");
        mark.reached(7).expect("written");
        for group in [7, 8] {
            assert!(Mark::open(folder.path(), group, Durability::Power).is_ok());
        }
    }

    #[test]
    fn a_store_that_is_behind_is_damaged_and_says_by_how_much() {
        let folder = folder();
        let mark = Mark::open(folder.path(), 0, Durability::Power).expect("none yet");
        mark.reached(1_000).expect("written");
        let told = Mark::open(folder.path(), 997, Durability::Power).err();
        assert!(matches!(told, Some(StoreError::Damaged(words)) if words.contains("the last 3 of")));
    }

    #[test]
    fn a_machine_that_started_anew_may_have_lost_what_was_only_to_outlive_a_process() {
        let folder = folder();
        fs::write(folder.path().join(NAME), format!("{:020} another-start\n", 9)).expect("written");
        assert!(Mark::open(folder.path(), 8, Durability::Process).is_ok());
        assert!(Mark::open(folder.path(), 8, Durability::Power).is_err());
    }

    #[test]
    fn a_mark_that_makes_no_sense_says_nothing() {
        let folder = folder();
        for text in ["", "\n", "x y\n", "99999999999999999999999 b\n"] {
            fs::write(folder.path().join(NAME), text).expect("written");
            assert!(Mark::open(folder.path(), 0, Durability::Power).is_ok(), "{text:?}");
        }
    }
}
