//! Secrets and who is calling: the vault that seals provider keys, the places a master key may lie, and the names that
//! the operating system has for users.
//!
//! Pure but for the key stores. What is sealed, and when, is the affair of `services/keys`.

pub mod key_store;
pub mod os_user;
pub mod rate;
pub mod vault;
