//! What happens to every request: an id, the versions of both sides, an older daemon that makes way, and who may do what.

mod access;
mod versions;

pub use access::access;
pub use versions::versions;
