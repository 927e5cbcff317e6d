//! `mmp` without a command: the full-screen program, and how it is opened. `mmp chat` without a prompt opens it too.

use clap::Args;
use mmp_shared::{ApiError, phrase};

use crate::{error::bad_request, tui};

/// With what the program is opened.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Opening {
    #[arg(short, long, value_name = "NAME")]
    pub(crate) model: Option<String>,
    #[arg(short = 'c', long = "continue", conflicts_with = "conversation")]
    pub(crate) continues: bool,
    #[arg(short = 'C', long, value_name = "ID|TITLE")]
    pub(crate) conversation: Option<String>,
}

impl Opening {
    /// Refuses flags that stand before a command and mean nothing to it.
    ///
    /// # Errors
    ///
    /// `bad_request` with the flag.
    pub(crate) fn check_unused(&self) -> Result<(), ApiError> {
        let used =
            [("--model", self.model.is_some()), ("--continue", self.continues), ("--conversation", self.conversation.is_some())];
        match used.into_iter().find(|(_, is_used)| *is_used) {
            Some((flag, _)) => {
                Err(bad_request(phrase!("error-flag-before-command", flag = flag)).with_hint(phrase!("hint-usage")))
            }
            None => Ok(()),
        }
    }
}

/// Whether there is a terminal to fill.
pub(crate) fn is_possible() -> bool {
    tui::check_terminal().is_ok()
}
