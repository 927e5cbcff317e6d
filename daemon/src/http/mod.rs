//! HTTP: routes that parse, call one service and shape the answer. No rule of the business lives here.

pub mod error;
pub mod extract;
pub mod middleware;
pub mod router;
pub mod routes;
pub mod sse;
pub mod table;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;

use self::middleware::{Activity, RateLimits};
use crate::{listen::shutdown::Ending, services::Services};

/// What every route can reach.
#[derive(Clone)]
pub struct AppState {
    /// The services.
    pub services: Services,
    /// What the daemon says about itself.
    pub about: Arc<About>,
    /// How it is called over TCP.
    pub web: Arc<Web>,
    /// How often one may ask.
    pub rates: Arc<RateLimits>,
    /// Who is being answered.
    pub activity: Arc<Activity>,
    /// The orderly end.
    pub ending: Ending,
}

/// How the daemon is called over TCP, as far as it concerns web pages.
#[derive(Debug, Clone, Default)]
pub struct Web {
    /// The names under which it is called, beside addresses; lower case.
    pub hosts: Vec<String>,
    /// The origins whose pages may call; lower case.
    pub origins: Vec<String>,
    /// Whether TLS stands before it.
    pub is_encrypted: bool,
}

/// What the daemon says about itself.
#[derive(Debug, Clone)]
pub struct About {
    /// Where it listens.
    pub socket: PathBuf,
    /// Where it listens for TCP, if it does.
    pub tcp: Option<SocketAddr>,
    /// When it started.
    pub started_at: Timestamp,
    /// Whether a client started it, so that a newer client may have it make way.
    pub may_step_down: bool,
    /// The largest body of a request, in bytes.
    pub largest_body: usize,
    /// The longest that the body of a request may take.
    pub body_timeout: Duration,
}
