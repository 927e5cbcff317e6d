//! What goes wrong between a daemon and a provider, through the whole path: from `mmp` to an upstream that misbehaves by
//! script and checks what it is asked, and back to the words, the record and the exit code.
//!
//! A scenario is a line or a small block of a table. What holds after every one of them stands in `world`.

#[path = "../support/mod.rs"]
mod support;

mod asked;
mod classes;
mod hints;
mod history;
mod network;
mod params;
mod passing;
mod refusals;
mod replies;
mod streams;
mod tokens;
mod waits;
mod world;
