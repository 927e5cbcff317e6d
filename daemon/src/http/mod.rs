//! HTTP: routes that parse, call one service and shape the answer. No rule of the business lives here.

pub mod error;
pub mod extract;
pub mod middleware;
pub mod router;
pub mod routes;
pub mod sse;
pub mod table;

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;

use crate::{listen::shutdown::Ending, services::Services};

/// What every route can reach.
#[derive(Clone)]
pub struct AppState {
    /// The services.
    pub services: Services,
    /// What the daemon says about itself.
    pub about: Arc<About>,
    /// The orderly end.
    pub ending: Ending,
}

/// What the daemon says about itself.
#[derive(Debug, Clone)]
pub struct About {
    /// Where it listens.
    pub socket: PathBuf,
    /// When it started.
    pub started_at: Timestamp,
    /// Whether a client started it, so that a newer client may have it make way.
    pub may_step_down: bool,
    /// The largest body of a request, in bytes.
    pub largest_body: usize,
}
