//! The words that `mmp` (the client) and `mmpd` (the daemon) both speak: ids, requests and answers, stream events,
//! error codes, settings, places, and the catalogues of what people read.
//!
//! Everything here is data and pure functions. Nothing reads a file, opens a socket or asks the clock for more than an
//! id's time: that is left to the two programs.

pub mod audit;
pub mod auth;
pub mod backup;
pub mod chat;
pub mod config;
pub mod conversations;
pub mod dry_run;
pub mod env_keys;
pub mod error;
pub mod events;
pub mod export;
pub mod ids;
pub mod image;
pub mod import;
pub mod key_mark;
pub mod message;
pub mod models;
pub mod order_law;
pub mod page;
pub mod places;
pub mod proxies;
pub mod roles;
pub mod runs;
pub mod search;
pub mod secret;
pub mod servers;
pub mod settings;
pub mod sse;
pub mod system;
pub mod tokens;
pub mod usage;
pub mod users;
pub mod words;

pub use error::{ApiError, ErrorCode};
pub use ids::{AttemptId, AuditId, ConversationId, InviteId, LoginId, MessageId, RunId, TokenId, UserId};
pub use words::{Language, Phrase};
