//! Sealing provider keys: XChaCha20-Poly1305 under one master key, bound to the user and the provider.
//!
//! A sealed value that is moved to another user or another provider does not open, for both stand in the data that is
//! authenticated with it. Keys are wiped from memory when they are dropped. Where the master key lies is the affair of
//! [`super::key_store`].

use std::fmt;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use mmp_shared::UserId;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The bytes of a master key.
pub const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// The key that seals every other. `Debug` shows none of it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; KEY_LENGTH]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(hidden)")
    }
}

/// A sealed value: what the store keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What was drawn for this sealing alone.
    pub nonce: Vec<u8>,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

/// The value does not open: it was sealed with another key, for another user or provider, or was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open")]
pub struct DoesNotOpen;

/// The system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct NoRandomness;

impl MasterKey {
    /// Draws a new key from the system's randomness.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`] where the system gives none.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut key = [0; KEY_LENGTH];
        getrandom::fill(&mut key).map_err(|_| NoRandomness)?;
        Ok(Self(key))
    }

    /// The key with these bytes; `None` where they are not as many as a key has.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key's bytes, to be put away.
    pub const fn as_bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    /// What tells this key from others and says nothing about it.
    pub fn fingerprint(&self) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(b"mmp vault key fingerprint v1");
        hasher.update(self.0);
        hasher.finalize().to_vec()
    }

    /// Seals `secret` for one user's use of one provider.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`] where the system gives none.
    pub fn seal(&self, user_id: UserId, provider: &str, secret: &[u8]) -> Result<Sealed, NoRandomness> {
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(|_| NoRandomness)?;
        let payload = Payload { msg: secret, aad: &binding(user_id, provider) };
        let bytes = self.cipher().encrypt(&XNonce::from(nonce), payload).expect("a key is far shorter than the cipher's limit");
        Ok(Sealed { nonce: nonce.to_vec(), bytes })
    }

    /// Opens what was sealed for this user and this provider.
    ///
    /// # Errors
    ///
    /// [`DoesNotOpen`] where it was not.
    pub fn open(&self, user_id: UserId, provider: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let nonce: [u8; NONCE_LENGTH] = sealed.nonce.as_slice().try_into().map_err(|_| DoesNotOpen)?;
        let payload = Payload { msg: &sealed.bytes, aad: &binding(user_id, provider) };
        self.cipher().decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| DoesNotOpen)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

/// The data that a sealed value is bound to. The id has a fixed length, so no two pairs give the same bytes.
fn binding(user_id: UserId, provider: &str) -> Vec<u8> {
    [b"mmp provider key v1\0".as_slice(), user_id.as_bytes(), provider.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_for_its_user_and_provider_alone() {
        let key = MasterKey::generate().expect("randomness");
        let (user, other) = (UserId::generate(), UserId::generate());
        let sealed = key.seal(user, "openai", b"sk-secret").expect("randomness");
        assert_eq!(key.open(user, "openai", &sealed).expect("it is theirs").as_slice(), b"sk-secret");
        assert_eq!(key.open(other, "openai", &sealed), Err(DoesNotOpen));
        assert_eq!(key.open(user, "deepseek", &sealed), Err(DoesNotOpen));
        let another = MasterKey::generate().expect("randomness");
        assert_eq!(another.open(user, "openai", &sealed), Err(DoesNotOpen));
    }

    #[test]
    fn a_changed_value_does_not_open() {
        let key = MasterKey::generate().expect("randomness");
        let user = UserId::generate();
        let mut sealed = key.seal(user, "openai", b"sk-secret").expect("randomness");
        sealed.bytes[0] ^= 1;
        assert_eq!(key.open(user, "openai", &sealed), Err(DoesNotOpen));
    }

    #[test]
    fn the_same_secret_is_never_sealed_alike() {
        let key = MasterKey::generate().expect("randomness");
        let user = UserId::generate();
        assert_ne!(key.seal(user, "openai", b"a").expect("randomness"), key.seal(user, "openai", b"a").expect("randomness"));
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", MasterKey([7; KEY_LENGTH])), "MasterKey(hidden)");
    }
}
