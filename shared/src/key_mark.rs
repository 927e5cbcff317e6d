//! What tells whether two keys are the same, and nothing else of them: a digest with a salt of its own.
//!
//! A client that has a key in its environment asks by it whether the sealed one is another, without sending the key.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::chat::ProviderKey;

/// The mark of a key. Two marks of the same key differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyMark {
    salt: String,
    digest: String,
}

/// The answer to a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMarkResponse {
    /// Whether it is the sealed key's; null where none is sealed.
    pub same: Option<bool>,
}

impl KeyMark {
    /// A mark of this key, with a fresh salt.
    pub fn new(key: &ProviderKey) -> Self {
        let salt = Uuid::now_v7().simple().to_string();
        Self { digest: digest(&salt, key), salt }
    }

    /// Whether it is this key's.
    pub fn is_of(&self, key: &ProviderKey) -> bool {
        self.digest == digest(&self.salt, key)
    }
}

fn digest(salt: &str, key: &ProviderKey) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"mmp key mark v1");
    let halves = [&key.api_key, &key.secret_key].map(|half| half.as_deref().unwrap_or_default().trim());
    for part in [salt, halves[0], halves[1]] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(api_key: &str, secret_key: Option<&str>) -> ProviderKey {
        ProviderKey { api_key: Some(api_key.to_owned()), secret_key: secret_key.map(str::to_owned) }
    }

    #[test]
    fn a_mark_knows_its_key_and_no_other() {
        let mark = KeyMark::new(&key("sk-one\n", None));
        assert!(mark.is_of(&key("sk-one", None)), "white space around a key is no part of it");
        assert!(!mark.is_of(&key("sk-two", None)));
        assert!(!mark.is_of(&key("sk-one", Some("second"))));
        assert!(!KeyMark::new(&key("ab", Some("c"))).is_of(&key("a", Some("bc"))));
    }

    #[test]
    fn a_mark_says_nothing_of_its_key() {
        let (one, two) = (KeyMark::new(&key("sk-one", None)), KeyMark::new(&key("sk-one", None)));
        assert_ne!(one, two);
        assert!(!format!("{one:?}").contains("sk-one"));
    }
}
