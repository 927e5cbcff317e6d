//! The client of mmp: commands for people, scripts and pipes.
//!
//! [`run`] is the whole program: arguments to a command, the command to an exit code, an error to its words on stderr.
//! What a command does is in `commands`, how the daemon is found and spoken to in `client`, who we are for it in `login`,
//! how answers and tables look in `output`. No rule of the business lives here: that is the daemon's.

mod answering;
mod arguments;
mod client;
mod commands;
mod completion;
mod config;
mod context;
mod error;
mod everywhere;
mod help;
mod import;
mod input;
mod known_settings;
mod login;
mod neutralise;
mod opening;
mod output;
mod own_files;
mod remote;
mod shells;
mod tui;
mod usage;
mod wanted;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory as _, FromArgMatches as _, error::ErrorKind};
use mmp_shared::system::VERSION;

use crate::{
    arguments::Arguments,
    commands::Named,
    context::Context,
    error::{Exit, Outcome},
    everywhere::Glance,
};

/// Runs the program with this process's arguments and environment.
pub fn run() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    if let Some(shell) = std::env::var_os(shells::VARIABLE) {
        completion::answer(&shell, &words);
        return ExitCode::SUCCESS;
    }
    let glance = Glance::at(&words);
    let exit = match parse(&words, &glance) {
        Ok(Some(arguments)) => execute(arguments),
        Ok(None) => Ok(Exit::SUCCESS),
        Err(error) => Err((error, glance.language(), glance.error_format)),
    };
    let exit = exit.unwrap_or_else(|(error, language, format)| error::report(error, language, format));
    ExitCode::from(exit.0)
}

/// The arguments; `None` where what they ask for, the help or the version, has been printed. Without any, where there is
/// no terminal to fill, that is the help.
fn parse(words: &[OsString], glance: &Glance) -> Result<Option<Arguments<Named>>, error::CliError> {
    if words.len() < 2 && !opening::is_possible() {
        return help::print(words, glance).map(|()| None);
    }
    let named = Arguments::<Named>::command().try_get_matches_from(words);
    let parsed = named.and_then(|matches| Arguments::<Named>::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => Ok(Some(arguments)),
        Err(error) if error.kind() == ErrorKind::DisplayVersion => output::print(&format!("mmp {VERSION}\n")).map(|()| None),
        Err(error) if usage::asks_for_words(&error) => help::print(words, glance).map(|()| None),
        Err(error) => Err(usage::explain(&error).into()),
    }
}

type Failure = (error::CliError, mmp_shared::Language, everywhere::ErrorFormat);

fn execute(arguments: Arguments<Named>) -> Result<Exit, Failure> {
    let format = arguments.everywhere.error_format();
    let fallback = arguments.everywhere.language();
    let context = Context::new(arguments.everywhere).map_err(|error| (error.into(), fallback, format))?;
    let language = context.language;
    let outcome = match arguments.command {
        Some(named) => arguments.opening.check_unused().map_err(Into::into).and_then(|()| block_on(named.0.run(&context))),
        None => block_on(commands::open(arguments.opening, &context)),
    };
    outcome.map_err(|error| (error, language, format))
}

/// One thread is enough for a client, and the cheapest to start.
fn block_on(command: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error::system_call("tokio", &error))?;
    let outcome = runtime.block_on(command);
    // A thread that waits for a lock or for standard input must not keep the program alive.
    runtime.shutdown_background();
    outcome
}
