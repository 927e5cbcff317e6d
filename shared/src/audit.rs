//! The audit: what has happened to accounts and keys, who did it, and from where. For admins.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AuditId, UserId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal;)*) => {
        /// What kind of event it is. The words are part of the contract and never translated.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum AuditKind {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl AuditKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

kinds! {
    /// An account was made; `detail` says how.
    Register = "register";
    /// Somebody logged in.
    Login = "login";
    /// A password was refused.
    LoginFailed = "login_failed";
    /// Too many refused passwords locked an account; `detail` says for whom.
    LoginLocked = "login_locked";
    /// A login was ended by its user.
    Logout = "logout";
    /// A refresh token came a second time, and its login was ended.
    RefreshReused = "refresh_reused";
    /// A password was changed by its user.
    PasswordChanged = "password_changed";
    /// A password was set by an admin.
    PasswordReset = "password_reset";
    /// An access token was made; `detail` is its name and scopes.
    TokenCreated = "token_created";
    /// An access token was revoked.
    TokenRevoked = "token_revoked";
    /// An account's role was changed; `detail` is the new one.
    RoleChanged = "role_changed";
    /// An account was renamed.
    Renamed = "renamed";
    /// An OS user was given an account, or taken it; `detail` is its number.
    OsUserMapped = "os_user_mapped";
    /// An account was disabled.
    Disabled = "disabled";
    /// An account was enabled again.
    Enabled = "enabled";
    /// An invitation was made.
    InviteCreated = "invite_created";
    /// An invitation was taken back.
    InviteRevoked = "invite_revoked";
    /// A provider's key was sealed; `detail` is the provider.
    KeySet = "key_set";
    /// A provider's key was forgotten; `detail` is the provider.
    KeyRemoved = "key_removed";
    /// Conversations were exported.
    Export = "export";
    /// The store was copied; `detail` is `with_key` where the master key went along.
    Backup = "backup";
    /// An account's deletion began.
    Delete = "delete";
}

impl fmt::Display for AuditKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What stood where a kind was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of event")]
pub struct InvalidKind(
    /// The text that is no kind.
    pub String,
);

impl FromStr for AuditKind {
    type Err = InvalidKind;

    fn from_str(text: &str) -> Result<Self, InvalidKind> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or_else(|| InvalidKind(text.to_owned()))
    }
}

/// The query of `GET /admin/audit`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Only this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AuditKind>,
    /// Only what this account did or what was done to it: its name or its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Nothing older.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// How many lines, a page's most at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Where to begin: a page's `next_cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
    /// Who did it; null where nobody known did.
    pub actor: Option<UserId>,
    /// That account's name now; null where it is gone.
    pub actor_name: Option<String>,
    /// To whom; null where to nobody known.
    pub target: Option<UserId>,
    /// That account's name now; null where it is gone.
    pub target_name: Option<String>,
    /// From where: `unix:UID`, an address, or `daemon`.
    pub source: String,
    /// The request, as the daemon's log names it.
    pub request_id: Option<String>,
    /// What there is to say beside that. Never a secret.
    pub detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_its_word() {
        for kind in AuditKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
        }
    }
}
