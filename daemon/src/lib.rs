//! The daemon of mmp: accounts, conversations, provider keys and the routing to providers, behind HTTP.
//!
//! `docs/architecture.md` tells the walk of a request through these modules; a test holds them to their layers.

pub mod catalogue;
pub mod commands;
pub mod compose;
pub mod config;
pub mod counting;
pub mod http;
pub mod listen;
pub mod providers;
pub mod routing;
pub mod search;
pub mod security;
pub mod services;
pub mod store;
pub mod telemetry;
