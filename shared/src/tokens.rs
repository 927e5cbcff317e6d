//! Access tokens for scripts and tools: what they may do, how one is asked for, and what is shown of it.
//!
//! What a token is made of, and how it is checked, is the daemon's affair.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{TokenId, secret::Secret};

/// What an access token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Chat, and the runs of chats.
    Chat,
    /// History, search, export, models.
    Read,
    /// Rename, delete, settings, provider keys.
    Write,
    /// The routes that speak other services' APIs.
    Gateway,
    /// The daemon's metrics.
    Metrics,
    /// What admins do; only for an admin's account.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [Self::Chat, Self::Read, Self::Write, Self::Gateway, Self::Metrics, Self::Admin];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Read => "read",
            Self::Write => "write",
            Self::Gateway => "gateway",
            Self::Metrics => "metrics",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What stood where a scope was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a scope")]
pub struct InvalidScope(
    /// The text that is no scope.
    pub String,
);

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or_else(|| InvalidScope(text.to_owned()))
    }
}

/// The body of `POST /users/me/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What it is for, in its user's words.
    pub name: String,
    /// What it may do; at least one.
    pub scopes: Vec<Scope>,
    /// How long it lives, in seconds; none is until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_s: Option<u64>,
}

/// An access token, as its user sees it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; null is never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute or so; null is never.
    pub last_used_at: Option<Timestamp>,
}

/// The answer to `POST /users/me/tokens`: the only time that the token itself is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// The token itself.
    pub token: Secret,
    /// What is shown of it afterwards.
    #[serde(flatten)]
    pub about: AccessToken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_survives_its_word() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse(), Ok(scope));
            assert_eq!(serde_json::to_value(scope).expect("JSON"), scope.as_str());
        }
        assert!("everything".parse::<Scope>().is_err());
    }
}
