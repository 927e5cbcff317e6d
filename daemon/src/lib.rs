//! The daemon of mmp: accounts, conversations, provider keys and the routing to providers, behind HTTP.
//!
//! `docs/architecture.md` tells the walk of a request through these modules; a test holds them to their layers.

pub mod providers;
pub mod store;
