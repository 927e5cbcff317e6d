//! The real programs, end to end, each test in a home of its own.

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod attach;
mod attached;
mod backup;
mod compaction;
mod compare;
mod context;
mod cut_answer;
mod daemon_life;
mod discover;
mod disk;
mod doctor;
mod first_chat;
mod history;
mod history_live;
mod keys;
mod models;
mod pairs;
mod provider_faults;
mod provider_test;
mod providers;
mod roles;
mod routing;
mod run_life;
mod search;
mod secrets;
mod settings;
mod system;
mod taking;
mod tcp;
mod views;
