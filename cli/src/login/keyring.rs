//! Tokens in the system's keyring: the Secret Service, the Keychain, or the Credential Manager. Every call may block, for
//! as long as somebody takes to unlock it.

use keyring::{Entry, Error};
use mmp_shared::LoginId;

/// The service under which the keyring keeps what is mmp's.
const SERVICE: &str = "mmp";

/// The bytes that are kept for a login; `None` where there are none.
pub(super) fn load(id: LoginId) -> Result<Option<Vec<u8>>, String> {
    match entry(id).and_then(|entry| entry.get_secret()) {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Keeps bytes for a login, in the place of those that were there.
pub(super) fn save(id: LoginId, secret: &[u8]) -> Result<(), String> {
    entry(id).and_then(|entry| entry.set_secret(secret)).map_err(|error| error.to_string())
}

/// Takes away what is kept for a login.
pub(super) fn erase(id: LoginId) -> Result<(), String> {
    match entry(id).and_then(|entry| entry.delete_credential()) {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn entry(id: LoginId) -> Result<Entry, Error> {
    Entry::new(SERVICE, &format!("login-{id}"))
}
