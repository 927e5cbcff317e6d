//! Hashing passwords: Argon2id. It takes a core for tens of milliseconds, and 19 MiB: those who call it see to a thread
//! and to how many do so at once (`services/auth/gate`).
//!
//! What a password must be like is said in [`super::password_rule`].

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

/// The bytes of a salt and of a hash.
const SALT_LENGTH: usize = 16;
const HASH_LENGTH: usize = 32;

/// More blocks than the largest allocation that an allocator may keep: glibc gives 32 MiB and more straight back to the
/// system, and keeps what is smaller once it has seen one of that size. The blocks that are not used are never touched.
const BLOCKS_TO_RESERVE: usize = 33 * 1024;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What OWASP's cheat sheet asks for (19 MiB, two passes, one lane). Raising it hashes each password anew at its next login.
    pub const CURRENT: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
}

/// A password's hash, and what it was made with. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    /// What it cost.
    pub cost: Cost,
    /// What was drawn for this hash alone.
    pub salt: Vec<u8>,
    /// The hash.
    pub hash: Vec<u8>,
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PasswordHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// A password could not be hashed: no randomness, or parameters that make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub struct NotHashed(pub(super) String);

impl PasswordHash {
    /// Hashes a password.
    ///
    /// # Errors
    ///
    /// [`NotHashed`].
    pub fn new(password: &str, cost: Cost) -> Result<Self, NotHashed> {
        let mut salt = vec![0; SALT_LENGTH];
        getrandom::fill(&mut salt).map_err(|error| NotHashed(error.to_string()))?;
        let hash = hash(password, cost, &salt)?;
        Ok(Self { cost, salt, hash })
    }

    /// What no password hashes to: for an account that does not exist, so that it takes as long as one that does.
    pub fn of_nobody(cost: Cost) -> Self {
        Self { cost, salt: vec![0; SALT_LENGTH], hash: vec![0; HASH_LENGTH] }
    }

    /// Whether the password is the one that was hashed. Takes as long whatever the answer.
    ///
    /// # Errors
    ///
    /// [`NotHashed`].
    pub fn is_of(&self, password: &str) -> Result<bool, NotHashed> {
        Ok(hash(password, self.cost, &self.salt)?.ct_eq(&self.hash).into())
    }

    /// Whether it was made with less than is asked for now.
    pub const fn is_outdated(&self, now: Cost) -> bool {
        self.cost.memory_kib < now.memory_kib || self.cost.passes < now.passes || self.cost.lanes != now.lanes
    }
}

/// What a password and a salt make: as many bytes as a key has.
pub(super) fn hash(password: &str, cost: Cost, salt: &[u8]) -> Result<Vec<u8>, NotHashed> {
    let in_words = |error: argon2::Error| NotHashed(error.to_string());
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_LENGTH)).map_err(in_words)?;
    let mut blocks: Vec<Block> = Vec::with_capacity(params.block_count().max(BLOCKS_TO_RESERVE));
    blocks.resize(params.block_count(), Block::new());
    let mut hash = vec![0; HASH_LENGTH];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, &mut blocks[..]).map_err(in_words)?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let hash = PasswordHash::new("correct horse", CHEAP).expect("hashes");
        assert_eq!(hash.is_of("correct horse"), Ok(true));
        assert_eq!(hash.is_of("correct horsf"), Ok(false));
        assert_eq!(PasswordHash::of_nobody(CHEAP).is_of(""), Ok(false));
    }

    #[test]
    fn the_hash_is_argon2id_as_everybody_computes_it() {
        // The reference implementation's own test of Argon2id, version 0x13: `password`, `somesalt`, t = 2, m = 2^16, p = 1.
        let hash = hash("password", Cost { memory_kib: 1 << 16, passes: 2, lanes: 1 }, b"somesalt").expect("hashes");
        let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digits, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    #[test]
    fn less_than_is_asked_for_is_outdated() {
        let hash = PasswordHash::of_nobody(CHEAP);
        assert!(hash.is_outdated(Cost::CURRENT));
        assert!(!PasswordHash::of_nobody(Cost::CURRENT).is_outdated(Cost::CURRENT));
        assert!(!PasswordHash::of_nobody(Cost::CURRENT).is_outdated(CHEAP));
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        assert!(PasswordHash::new("x", Cost { memory_kib: 0, passes: 0, lanes: 0 }).is_err());
        assert!(!format!("{:?}", PasswordHash::of_nobody(CHEAP)).contains("hash: ["));
    }
}
