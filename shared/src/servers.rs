//! Servers of models that were found on the daemon's own machine.

use serde::{Deserialize, Serialize};

/// A server of models that listens on the daemon's loopback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundServer {
    /// What it is called as a provider, or could be.
    pub name: String,
    /// The kind of provider that speaks its API.
    pub kind: String,
    /// The base of its URLs.
    pub base_url: String,
    /// The models that it lists.
    pub models: Vec<String>,
    /// Whether there is a provider of that name: one to be pointed there, if it is not yet.
    pub known: bool,
    /// Whether the caller has pointed that provider there.
    pub configured: bool,
}
