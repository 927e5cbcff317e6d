//! Who is at the other end of a connection, as far as the connection itself says.

use std::{net::SocketAddr, sync::Arc};

/// The process at the other end of a Unix socket, as the kernel names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerCredential {
    /// The OS user that the process ran as when it connected.
    pub user_id: u32,
}

/// Who is at the other end of a connection, for the extractor in `http`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// A process of this machine.
    Unix(Arc<PeerCredential>),
    /// Somebody over TCP.
    Tcp(SocketAddr),
}
