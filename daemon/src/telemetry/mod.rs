//! What the daemon tells about itself: its log, and numbers for monitors. Below everything else.

pub mod logging;
pub mod metrics;
