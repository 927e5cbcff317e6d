//! The daemon's API, asked over its router within this process: no socket, a peer of the tests' choice or none.

mod accounts;
mod compare;
mod erasure;
mod last_admin;
mod limits;
mod policy;
mod roles;
mod search;
mod streams;
mod world;
