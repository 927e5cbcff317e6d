//! The settings of the program: one table of keys, and one way to find what holds for each.
//!
//! `config.toml` on this machine holds the client's keys at its top and a daemon's under `[daemon]`. For every key the
//! first that says something wins: flag, environment, file, built in. This module is pure: who reads files and the
//! environment hands both in. What a setting does is the affair of the part that it belongs to.

mod keys;
mod resolve;
mod value;

pub use keys::{KEYS, Key, Side, find_key, nearest_key};
pub use resolve::{Config, Environment, Origin, Setting, Sources};
pub use value::{Kind, Rate, Value};
