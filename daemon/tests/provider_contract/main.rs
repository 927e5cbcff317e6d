//! The contract of providers: every provider reads every scenario of its wire, in every cut; the driver gets through
//! every fault; and what real providers were recorded to send is understood.

// Its parts are written as if others could use them (`server` and `samples` are), and what is skipped is said aloud.
#![allow(unreachable_pub, missing_docs, clippy::print_stderr)]

mod deepseek;
mod faults;
mod live;
mod models;
mod openai;
mod outcome;
mod preset_requests;
mod recorded;
mod requests;
mod samples;
mod scenarios;
mod server;
mod wenxin;
mod wenxin_asked;
