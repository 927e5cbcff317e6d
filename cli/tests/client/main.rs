//! The real binary, `mmp`, against a daemon that is only a script of answers.
//!
//! Each test has a home of its own and gives the client its whole environment. What the real daemon does is tested with
//! the real daemon; here is what the client makes of it.

mod accounts;
mod bad_input;
mod chat;
mod compare;
mod completions;
mod daemon;
mod doctor;
mod exit_status;
mod fake;
mod help;
mod keys;
mod lists;
mod logins;
mod resume;
mod screen;
mod signals;
mod terminal;
mod versions;
mod world;
