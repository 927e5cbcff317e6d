//! What happens to every request: an id, the versions of both sides, and an older daemon that makes way.

mod versions;

pub use versions::versions;
