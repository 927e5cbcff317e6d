//! The ids of the things that mmp keeps: one type a noun, all of them UUIDv7, so that ids sort by the time of their making.
//!
//! Finding a thing by a short id or a title is the daemon's affair; this module only knows what an id looks like.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many hex digits of an id people are shown: its last ones, which are random (the first ones are the time).
pub const SHORT_LENGTH: usize = 8;

/// The fewest digits of the end of an id that a command takes for it.
pub const SHORTEST_SUFFIX: usize = 4;

/// What stood where an id was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id")]
pub struct InvalidId(
    /// The text that is no id.
    pub String,
);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id from the clock and the system's randomness.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id with these sixteen bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes, in the order that sorts ids by time.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// What people are shown: the last eight hex digits.
            pub fn short(&self) -> String {
                let digits = self.0.simple().to_string();
                digits[digits.len() - SHORT_LENGTH..].to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId(text.to_owned()))
            }
        }
    };
}

id!(
    /// An account.
    UserId
);
id!(
    /// A conversation: a tree of messages.
    ConversationId
);
id!(
    /// One message of a conversation.
    MessageId
);
id!(
    /// One run: the making of one answer.
    RunId
);
id!(
    /// A login: what began with a password and goes on by refresh tokens.
    LoginId
);
id!(
    /// One attempt to log in.
    AttemptId
);
id!(
    /// An access token.
    TokenId
);
id!(
    /// An invitation to register.
    InviteId
);
id!(
    /// A line of the audit.
    AuditId
);

/// Whether `text` could be the end of an id: at least [`SHORTEST_SUFFIX`] hex digits, dashes aside, and at most a whole id.
pub fn is_id_suffix(text: &str) -> bool {
    let digits = text.chars().filter(|c| *c != '-').count();
    (SHORTEST_SUFFIX..=32).contains(&digits) && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_of_their_making() {
        let ids: Vec<_> = (0..64).map(|_| RunId::generate()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn the_short_form_is_the_end_of_the_id() {
        let id = MessageId::generate();
        assert!(id.to_string().ends_with(&id.short()));
        assert_eq!(id.short().len(), SHORT_LENGTH);
    }

    #[test]
    fn an_id_survives_its_text() {
        let id = UserId::generate();
        assert_eq!(id.to_string().parse::<UserId>(), Ok(id));
        assert!("not-an-id".parse::<UserId>().is_err());
    }

    #[test]
    fn a_suffix_is_four_hex_digits_or_more() {
        assert!(is_id_suffix("beef"));
        assert!(is_id_suffix("0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d"));
        assert!(!is_id_suffix("bee"));
        assert!(!is_id_suffix("recipe"));
    }
}
