//! What the daemon tells about itself: its log. Below everything else; nothing here knows what is logged.

pub mod logging;
