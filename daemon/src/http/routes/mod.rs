//! One file a noun.

pub mod admin;
pub mod admin_users;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod chat;
pub mod conversations;
pub mod fallback;
pub mod health;
pub mod metrics;
pub mod models;
pub mod providers;
pub mod roles;
pub mod runs;
pub mod search;
pub mod servers;
pub mod system;
pub mod tokens;
pub mod users;
