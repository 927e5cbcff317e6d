//! The daemon's API, asked over its router within this process: no socket, a peer of the tests' choice or none.

mod accounts;
mod erasure;
mod last_admin;
mod limits;
mod policy;
mod roles;
mod streams;
mod world;
