//! Which candidate is asked, when it is asked again, when the next one is, and when the error is told. Pure: time,
//! chance and what happened come in, a step comes out. Asking is left to `services/runs`.

mod backoff;
mod plan;

pub use plan::{Budget, Failure, Plan, Step};
