//! The real programs, end to end, each test in a home of its own.

#[path = "../support/mod.rs"]
mod support;

mod daemon_life;
mod disk;
mod first_chat;
mod models;
mod pairs;
mod provider_faults;
mod providers;
mod routing;
mod run_life;
mod secrets;
mod tcp;
