//! How requests reach the daemon: the Unix socket, the lock on the data folder, and the orderly end.
//!
//! What is done with a request is the affair of `http`.

pub mod folders;
pub mod lock;
pub mod ready;
pub mod shutdown;
pub mod unix;
