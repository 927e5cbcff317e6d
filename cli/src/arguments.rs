//! The command line: what may stand everywhere, and the command.
//!
//! There are no words for people here: the catalogues have them, and `help` attaches them when they are to be printed.
//! What an argument of one command means is said in that command's file.

use std::fmt::Debug;

use clap::{ArgAction, Parser, Subcommand};

use crate::{commands::Command, everywhere::Everywhere};

#[derive(Debug, Parser)]
#[command(name = "mmp", version, disable_help_flag = true, disable_version_flag = true, disable_help_subcommand = true)]
#[command(subcommand_required = true)]
pub(crate) struct Arguments<C: Subcommand + Debug = Command> {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: C,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}
