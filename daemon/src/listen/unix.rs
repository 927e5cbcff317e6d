//! The Unix socket: bound for those who may use it, bound anew when its path goes away, each caller with the credential that
//! the kernel vouches for.

use std::{
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::net::{UnixListener, UnixStream};
use tokio_io_timeout::TimeoutStream;

use super::{
    access::Access,
    peer::{Peer, PeerCredential},
    shutdown::Ending,
};

/// How often the path of the socket and the data folder are looked after.
const LOOK_AFTER: Duration = Duration::from_millis(500);

/// How long a failed accept is waited out: the system has run out of something.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Listens on a socket file.
#[derive(Debug)]
pub struct UnixSocket {
    path: PathBuf,
    data: PathBuf,
    listener: UnixListener,
    identity: (u64, u64),
    write_timeout: Duration,
    access: Access,
    ending: Ending,
    is_unlinked: bool,
}

impl UnixSocket {
    /// Binds the socket, in the place of one that a dead daemon left. Who holds the data folder's lock may do so.
    ///
    /// Only those of `access` may connect. A connection whose reader takes nothing for `write_timeout` is closed. When the folder `data` goes away, the
    /// daemon is asked to stop.
    ///
    /// # Errors
    ///
    /// When the path cannot be bound.
    pub fn bind(path: &Path, data: &Path, access: Access, write_timeout: Duration, ending: Ending) -> io::Result<Self> {
        let (listener, identity) = bind(path, access)?;
        let (path, data) = (path.to_owned(), data.to_owned());
        Ok(Self { path, data, listener, identity, write_timeout, access, ending, is_unlinked: false })
    }

    async fn next(&mut self) -> io::Result<UnixStream> {
        let leaving = self.ending.leaving.clone();
        loop {
            tokio::select! {
                biased;
                accepted = self.listener.accept() => return accepted.map(|(stream, _)| stream),
                () = leaving.begun() => self.drained().await,
                () = tokio::time::sleep(LOOK_AFTER) => self.look_after(),
            }
        }
    }

    /// Nobody waits in the queue any more, and nobody can join it: its path is taken away first. Those who had joined
    /// before that are taken by the next round.
    async fn drained(&mut self) {
        if std::mem::replace(&mut self.is_unlinked, true) {
            self.ending.drained.begin();
            std::future::pending::<()>().await;
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(socket = %self.path.display(), %error, "the socket's path was gone already");
        }
    }

    fn look_after(&mut self) {
        if !self.data.is_dir() {
            tracing::warn!(folder = %self.data.display(), "stopping: the data folder is gone");
            return self.ending.asked.begin();
        }
        let is_there = std::fs::symlink_metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.identity);
        if is_there || self.ending.asked.has_begun() {
            return;
        }
        match bind(&self.path, self.access) {
            Ok((listener, identity)) => {
                tracing::info!(socket = %self.path.display(), "the socket's path was gone and is bound anew");
                (self.listener, self.identity) = (listener, identity);
            }
            Err(error) => tracing::warn!(socket = %self.path.display(), %error, "the socket's path is gone and cannot be bound"),
        }
    }
}

/// The kernel keeps up to `somaxconn` callers waiting: std asks for the most, tokio's own bind for 1,024.
fn bind(path: &Path, access: Access) -> io::Result<(UnixListener, (u64, u64))> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = std::os::unix::net::UnixListener::bind(path)?;
    access.open_socket(path)?;
    listener.set_nonblocking(true)?;
    let metadata = std::fs::symlink_metadata(path)?;
    Ok((UnixListener::from_std(listener)?, (metadata.dev(), metadata.ino())))
}

impl Listener for UnixSocket {
    type Io = Pin<Box<TimeoutStream<UnixStream>>>;
    type Addr = Arc<PeerCredential>;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let accepted = self.next().await.and_then(|stream| {
                let credential = stream.peer_cred()?;
                Ok((stream, PeerCredential { user_id: credential.uid() }))
            });
            match accepted {
                Ok((stream, credential)) => {
                    let mut stream = TimeoutStream::new(stream);
                    stream.set_write_timeout(Some(self.write_timeout));
                    return (Box::pin(stream), Arc::new(credential));
                }
                Err(error) => {
                    tracing::warn!(%error, "a caller could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(Arc::new(PeerCredential { user_id: rustix::process::geteuid().as_raw() }))
    }
}

impl Connected<IncomingStream<'_, UnixSocket>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixSocket>) -> Self {
        Self::Unix(Arc::clone(stream.remote_addr()))
    }
}
