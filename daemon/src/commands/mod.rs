//! What `mmpd` can be told to do: one file a command.

mod run;

use clap::{Parser, Subcommand};
use mmp_shared::{ApiError, system::VERSION};

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
}

/// Does what the command line says.
///
/// # Errors
///
/// What kept it from being done.
pub fn execute() -> Result<(), ApiError> {
    match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
    }
}
