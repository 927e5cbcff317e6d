//! The master key under a passphrase, as a backup carries it: XChaCha20-Poly1305 under what Argon2id makes of the words.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    password::{Cost, NotHashed, hash},
    vault::MasterKey,
};

/// What opening it costs: more than a login, as whoever has the file may try words for years.
const COST: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

/// The most that a file may ask of us.
const LARGEST_COST: Cost = Cost { memory_kib: 1024 * 1024, passes: 16, lanes: 8 };

/// What the sealed bytes are bound to.
const BINDING: &[u8] = b"mmp backup master key v1";

/// A master key that a passphrase opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedMaster {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    nonce: Vec<u8>,
    bytes: Vec<u8>,
}

impl SealedMaster {
    /// Seals a key under a passphrase.
    ///
    /// # Errors
    ///
    /// [`NotHashed`].
    pub fn seal(passphrase: &str, key: &MasterKey) -> Result<Self, NotHashed> {
        let (mut salt, mut nonce) = (vec![0; 16], [0; 24]);
        let drawn = getrandom::fill(&mut salt).and_then(|()| getrandom::fill(&mut nonce));
        drawn.map_err(|error| NotHashed(error.to_string()))?;
        let payload = Payload { msg: key.as_bytes(), aad: BINDING };
        let sealed = cipher(passphrase, COST, &salt)?.encrypt(&XNonce::from(nonce), payload);
        let bytes = sealed.map_err(|_| NotHashed("it cannot be sealed".into()))?;
        let Cost { memory_kib, passes, lanes } = COST;
        Ok(Self { memory_kib, passes, lanes, salt, nonce: nonce.to_vec(), bytes })
    }

    /// The key; none where these are not the words.
    ///
    /// # Errors
    ///
    /// [`NotHashed`] where what it was sealed with makes no sense.
    pub fn open(&self, passphrase: &str) -> Result<Option<MasterKey>, NotHashed> {
        let cost = Cost { memory_kib: self.memory_kib, passes: self.passes, lanes: self.lanes };
        if cost.memory_kib > LARGEST_COST.memory_kib || cost.passes > LARGEST_COST.passes || cost.lanes > LARGEST_COST.lanes {
            return Err(NotHashed("it asks for more memory or time than any version of mmp".into()));
        }
        let nonce: [u8; 24] = self.nonce.as_slice().try_into().map_err(|_| NotHashed("its nonce has another length".into()))?;
        let payload = Payload { msg: &self.bytes, aad: BINDING };
        let opened = cipher(passphrase, cost, &self.salt)?.decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new);
        Ok(opened.ok().and_then(|bytes| MasterKey::from_slice(&bytes)))
    }
}

fn cipher(passphrase: &str, cost: Cost, salt: &[u8]) -> Result<XChaCha20Poly1305, NotHashed> {
    let key = Zeroizing::new(hash(passphrase, cost, salt)?);
    XChaCha20Poly1305::new_from_slice(&key).map_err(|_| NotHashed("the hash has another length".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_under_its_words_alone() {
        let key = MasterKey::generate().expect("randomness");
        let sealed = SealedMaster::seal("correct horse", &key).expect("seals");
        let opened = sealed.open("correct horse").expect("hashes").expect("the words");
        assert_eq!(opened.as_bytes(), key.as_bytes());
        assert!(sealed.open("Correct horse").expect("hashes").is_none());
        let mut changed = sealed.clone();
        changed.bytes[0] ^= 1;
        assert!(changed.open("correct horse").expect("hashes").is_none());
        let text = serde_json::to_string(&sealed).expect("JSON");
        assert_eq!(serde_json::from_str::<SealedMaster>(&text).expect("JSON"), sealed);
    }

    #[test]
    fn a_file_does_not_say_how_much_memory_we_take() {
        let key = MasterKey::generate().expect("randomness");
        let sealed = SealedMaster::seal("w", &key).expect("seals");
        assert!(SealedMaster { memory_kib: u32::MAX, ..sealed.clone() }.open("w").is_err());
        assert!(SealedMaster { passes: u32::MAX, ..sealed }.open("w").is_err());
    }
}
