//! The orderly end: what asks for it, and who waits for it.

use std::io;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Something that begins once, and those who wait for it: the daemon's end, and the steps of it.
#[derive(Debug, Clone)]
pub struct Shutdown {
    sender: watch::Sender<bool>,
}

/// The daemon's orderly end, step by step.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// New work is refused; runs finish.
    pub asked: Shutdown,
    /// Runs have ended; whoever still calls is told to come back to the next daemon.
    pub leaving: Shutdown,
    /// Nobody waits at the socket any more.
    pub drained: Shutdown,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self { sender: watch::Sender::new(false) }
    }
}

impl Shutdown {
    /// Begins it. Beginning it again changes nothing.
    pub fn begin(&self) {
        self.sender.send_replace(true);
    }

    /// Whether it has begun.
    pub fn has_begun(&self) -> bool {
        *self.sender.borrow()
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        // The sender lives in self: the channel does not close while we wait.
        let _ = self.sender.subscribe().wait_for(|asked| *asked).await;
    }

    /// Begins it at the first SIGTERM or SIGINT.
    ///
    /// # Errors
    ///
    /// When the signals cannot be caught.
    pub fn begin_at_signal(&self) -> io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => tracing::info!("stopping: SIGTERM"),
                _ = interrupt.recv() => tracing::info!("stopping: SIGINT"),
            }
            shutdown.begin();
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_who_wait_are_told_whenever_they_began_to() {
        let shutdown = Shutdown::default();
        let early = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.begun().await }
        });
        assert!(!shutdown.has_begun());
        shutdown.begin();
        early.await.expect("it was told");
        shutdown.begun().await;
        assert!(shutdown.has_begun());
    }
}
