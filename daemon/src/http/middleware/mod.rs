//! What happens to every request, one file each: an id, a line in the log, headers for browsers, a panic caught, web pages kept
//! out, the versions of both sides, who is being answered, and who may do what. `router` has their order.

mod access;
mod access_log;
mod activity;
pub mod panic;
mod rate_limit;
mod request_id;
mod security_headers;
mod versions;
mod web_pages;

pub use access::access;
pub use access_log::access_log;
pub use activity::{Activity, activity};
pub use rate_limit::{RateLimits, said, source_limit};
pub use request_id::{RequestId, request_id};
pub use security_headers::security_headers;
pub use versions::versions;
pub use web_pages::{cors, web_pages};
