//! Which shape the whole store has, and the steps from older shapes to this one.
//!
//! Forward only. A step works on bytes and keys that it spells out itself and imports nothing that can change: what it
//! reads is what an old version wrote, not what today's records look like. Each step can be cut and done again, and its
//! last write is the number of the shape that it reached.

mod changes;
mod shelves;

/// Where the store's shape is kept.
const SCHEMA_KEY: &[u8] = b"\0schema";

/// The shape that this version writes.
pub(super) const SCHEMA: u32 = 3;

/// What brings a store from one shape to the next.
type Step = fn(&sled::Tree) -> Result<(), MigrateError>;

/// The step that leaves each older shape, from the first one on.
const STEPS: &[Step] = &[shelves::index, changes::number];

/// Why a store cannot be brought to this version's shape.
#[derive(Debug)]
pub(super) enum MigrateError {
    /// A newer version wrote it; this is its shape.
    Newer(u32),
    /// It holds something, and does not say what shape it has.
    Unknown,
    /// A record that a step reads makes no sense.
    Damaged(String),
    /// The engine failed.
    Engine(sled::Error),
}

impl From<sled::Error> for MigrateError {
    fn from(error: sled::Error) -> Self {
        Self::Engine(error)
    }
}

/// Whether a store's files were there before it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// They were just made.
    New,
    /// They held something.
    Found,
}

/// Brings a store to this version's shape; a new one gets it at once.
///
/// One that was found must have a shape: where the beginning of its file is lost sled opens it as if it were empty.
pub(super) fn run(tree: &sled::Tree, origin: Origin) -> Result<(), MigrateError> {
    match tree.get(SCHEMA_KEY)? {
        None if origin == Origin::Found || tree.first()?.is_some() => Err(MigrateError::Unknown),
        None => {
            tree.insert(SCHEMA_KEY, &SCHEMA.to_be_bytes())?;
            tree.flush()?;
            Ok(())
        }
        Some(bytes) => match bytes.as_ref().try_into().map(u32::from_be_bytes) {
            Ok(newer) if newer > SCHEMA => Err(MigrateError::Newer(newer)),
            Ok(0) | Err(_) => Err(MigrateError::Unknown),
            Ok(found) => climb(tree, found),
        },
    }
}

fn climb(tree: &sled::Tree, found: u32) -> Result<(), MigrateError> {
    for (shape, step) in (1..).zip(STEPS).filter(|(shape, _)| *shape >= found) {
        step(tree)?;
        tree.flush()?;
        tree.insert(SCHEMA_KEY, &u32::to_be_bytes(shape + 1))?;
        tree.flush()?;
        tracing::info!(from = shape, to = shape + 1, "the store has a newer shape");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> sled::Db {
        sled::Config::new().temporary(true).flush_every_ms(None).open().expect("a store in memory opens")
    }

    #[test]
    fn a_new_store_gets_the_shape_and_keeps_it() {
        let db = empty();
        assert!(run(&db, Origin::New).is_ok());
        assert!(run(&db, Origin::Found).is_ok());
    }

    #[test]
    fn there_is_a_step_from_every_older_shape() {
        assert_eq!(STEPS.len() + 1, SCHEMA as usize);
    }

    #[test]
    fn an_older_shape_becomes_this_one() {
        let db = empty();
        db.insert(SCHEMA_KEY, &1_u32.to_be_bytes()).expect("inserts");
        assert!(run(&db, Origin::Found).is_ok());
        assert_eq!(db.get(SCHEMA_KEY).expect("reads").as_deref(), Some(&SCHEMA.to_be_bytes()[..]));
    }

    #[test]
    fn a_newer_shape_is_refused() {
        let db = empty();
        db.insert(SCHEMA_KEY, &(SCHEMA + 1).to_be_bytes()).expect("inserts");
        assert!(matches!(run(&db, Origin::New), Err(MigrateError::Newer(newer)) if newer == SCHEMA + 1));
    }

    #[test]
    fn a_store_of_something_else_is_refused() {
        let db = empty();
        db.insert("theirs", "x").expect("inserts");
        assert!(matches!(run(&db, Origin::New), Err(MigrateError::Unknown)));
    }

    #[test]
    fn a_store_that_was_found_empty_is_refused() {
        assert!(matches!(run(&empty(), Origin::Found), Err(MigrateError::Unknown)));
    }
}
