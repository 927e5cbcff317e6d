//! Secrets and who is calling: the vault that seals provider keys, the places a master key may lie, passwords and tokens,
//! names, who may do what, and the names that the operating system has for users.
//!
//! Pure but for the key stores and the clock. What is sealed, checked and counted, and when, is the affair of `services`.

pub mod attempts;
pub mod clock;
pub mod jwt;
pub mod key_store;
pub mod os_user;
pub mod password;
pub mod password_rule;
pub mod policy;
pub mod rate;
pub mod sealed_master;
pub mod token;
pub mod username;
pub mod vault;
