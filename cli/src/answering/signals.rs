//! Ctrl-C and SIGTERM while an answer comes. SIGHUP is left alone: it ends the client and not the run.

use std::io;

use mmp_shared::{
    ApiError,
    error::{EXIT_INTERRUPTED, EXIT_TERMINATED},
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::{Exit, system_call};

/// Waits for the signals that stop a run.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Takes the signals over.
    pub(crate) fn listen() -> Result<Self, ApiError> {
        let failed = |error: io::Error| system_call("sigaction", &error);
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
        })
    }

    /// The exit code of the next signal.
    pub(crate) async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit(EXIT_INTERRUPTED),
            _ = self.terminate.recv() => Exit(EXIT_TERMINATED),
        }
    }
}
