//! One file a noun.

pub mod admin;
pub mod chat;
pub mod conversations;
pub mod fallback;
pub mod health;
pub mod models;
pub mod providers;
pub mod runs;
pub mod search;
pub mod servers;
pub mod system;
pub mod users;
