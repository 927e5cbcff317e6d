//! Where a request comes from, for what is written down about it: its source, and its id in the log.
//!
//! It goes with the request's task, so that a line of the audit can name it wherever it is written; nothing is decided
//! by it that a caller could not be told. What the daemon does by itself has itself as its source.

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `unix:UID`, an address, or `daemon`.
    pub source: String,
    /// The request, as the log names it.
    pub request_id: Option<String>,
}

tokio::task_local! {
    static CURRENT: Origin;
}

/// Does what is done for one request.
pub async fn within<T>(origin: Origin, work: impl Future<Output = T>) -> T {
    CURRENT.scope(origin, work).await
}

/// Where the request comes from that this is done for.
pub fn current() -> Origin {
    CURRENT.try_with(Clone::clone).unwrap_or_else(|_| Origin { source: "daemon".into(), request_id: None })
}
