//! How requests reach the daemon: the Unix socket, TCP, the lock on the data folder, and the orderly end.
//!
//! What is done with a request is the affair of `http`.

pub mod access;
pub mod folders;
pub mod lock;
pub mod peer;
pub mod ready;
pub mod shutdown;
pub mod tcp;
pub mod tls;
pub mod unix;
