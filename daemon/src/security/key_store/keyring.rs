//! A master key in the system's keyring: the Secret Service, the Keychain, or the Credential Manager.

use keyring::Error;
use keyring_core::Entry;
use zeroize::Zeroizing;

use super::{KeyStore, KeyStoreError, MasterKey};

/// The service under which the keyring keeps mmp's keys.
const SERVICE: &str = "mmp";

/// Keys in the keyring; a location is an entry's user.
#[derive(Debug, Clone, Copy)]
pub struct KeyringKeyStore;

impl KeyStore for KeyringKeyStore {
    fn kind(&self) -> &'static str {
        "keyring"
    }

    fn load(&self, location: &str) -> Result<MasterKey, KeyStoreError> {
        let secret = entry(location).and_then(|entry| entry.get_secret()).map_err(|error| failed(location, &error))?;
        MasterKey::from_slice(&Zeroizing::new(secret)).ok_or_else(|| KeyStoreError::Malformed(location.to_owned()))
    }

    fn save(&self, location: &str, key: &MasterKey) -> Result<(), KeyStoreError> {
        match self.load(location) {
            Err(KeyStoreError::Missing(_)) => {}
            Err(error) => return Err(error),
            Ok(_) => return Err(KeyStoreError::Unreachable(format!("the keyring has an entry `{location}` already"))),
        }
        entry(location).and_then(|entry| entry.set_secret(key.as_bytes())).map_err(|error| failed(location, &error))
    }
}

/// An entry of the Secret Service, over a connection made for it. `keyring` itself connects once in a process: a daemon
/// that was started before the keyring, or that outlives it, would never reach it again.
#[cfg(all(unix, not(target_os = "macos")))]
fn entry(location: &str) -> Result<Entry, Error> {
    use keyring_core::api::CredentialStoreApi as _;
    zbus_secret_service_keyring_store::Store::new()?.build(SERVICE, location, None)
}

/// An entry of the platform's keyring.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn entry(location: &str) -> Result<Entry, Error> {
    keyring::Entry::new(SERVICE, location).map(|entry| entry.inner)
}

fn failed(location: &str, error: &Error) -> KeyStoreError {
    match error {
        Error::NoEntry => KeyStoreError::Missing(location.to_owned()),
        error => KeyStoreError::Unreachable(error.to_string()),
    }
}
