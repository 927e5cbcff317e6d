//! What `mmpd` can be told to do: one file a command.

mod compact;
mod data_folder;
mod restore;
mod run;

use clap::{Parser, Subcommand};
use mmp_shared::{ApiError, Language, system::VERSION};

/// The daemon of mmp. People use it through `mmp`.
#[derive(Debug, Parser)]
#[command(name = "mmpd", version = VERSION, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT
    Run(run::RunArguments),
    /// Rewrite the store, while no daemon uses it, so that nothing of what was deleted is left in its files
    Compact(compact::CompactArguments),
    /// Make a backup the store, while no daemon uses it
    Restore(restore::RestoreArguments),
}

/// Does what the command line says.
///
/// # Errors
///
/// What kept it from being done.
pub fn execute() -> Result<(), ApiError> {
    match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Compact(arguments) => compact::run(&arguments),
        Command::Restore(arguments) => restore::run(&arguments),
    }
}

/// The language of whoever started this process.
pub fn language() -> Language {
    let named = ["MMP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()));
    named.as_deref().and_then(Language::from_locale).unwrap_or_default()
}
