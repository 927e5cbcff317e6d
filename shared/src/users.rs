//! Accounts as a client sees them.

use serde::{Deserialize, Serialize};

use crate::UserId;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Its own things.
    User,
    /// Everybody's.
    Admin,
}

/// How a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// By the socket's peer credential.
    Peer,
    /// By a login.
    Login,
    /// By an access token.
    Token,
}

/// The caller's own account, as `whoami` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoAmI {
    /// The account's id.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// What it may do.
    pub role: AccountRole,
    /// How the caller is known.
    pub via: Via,
}
