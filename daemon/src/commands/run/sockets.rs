//! The daemon's sockets, as the settings want them: bound before anybody is told that it is ready, served until it leaves.

use std::{net::SocketAddr, path::Path, time::Duration};

use axum::Router;
use mmp_shared::{ApiError, ErrorCode, phrase, places::Places};
use tokio::task::JoinHandle;

use crate::{
    config::{DaemonConfig, UnixAccess},
    listen::{
        access::Access,
        folders,
        peer::Peer,
        shutdown::Ending,
        tcp::{Bounds, TcpSocket},
        tls::Certificate,
        unix::UnixSocket,
    },
};

/// The sockets, bound.
pub(super) struct Sockets {
    unix: UnixSocket,
    tcp: Option<TcpSocket>,
}

/// The sockets, being served.
pub(super) struct Serving {
    unix: JoinHandle<std::io::Result<()>>,
    tcp: Option<JoinHandle<()>>,
}

impl Sockets {
    /// Binds them.
    ///
    /// # Errors
    ///
    /// `bad_request` for settings that make no sense or cannot be met, `storage_failed` for a path that cannot be bound.
    pub(super) async fn bind(config: &DaemonConfig, places: &Places, ending: &Ending) -> Result<Self, ApiError> {
        let cannot = |path: &Path, error: &std::io::Error| super::cannot(path, error);
        let access = access(&config.listen.unix_access)?;
        if let Some(folder) = places.socket.parent() {
            access.open_folder(folder).map_err(|error| cannot(folder, &error))?;
        }
        let tcp = tcp(config).await?;
        let unix = UnixSocket::bind(&places.socket, &places.data, access, config.runs.reader_timeout, ending.clone())
            .map_err(|error| cannot(&places.socket, &error))?;
        Ok(Self { unix, tcp })
    }

    /// Where it listens for TCP, if it does.
    pub(super) fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().map(TcpSocket::address)
    }

    /// Answers requests with `app` until the daemon leaves.
    pub(super) fn serve(self, app: Router, ending: &Ending) -> Serving {
        let tcp = self.tcp.map(|tcp| tokio::spawn(tcp.serve(app.clone(), ending.clone())));
        let drained = ending.drained.clone();
        let unix = axum::serve(self.unix, app.into_make_service_with_connect_info::<Peer>())
            .with_graceful_shutdown(async move { drained.begun().await });
        Serving { unix: tokio::spawn(async move { unix.await }), tcp }
    }
}

impl Serving {
    /// Waits for the end of every connection, but not for long.
    pub(super) async fn end(self, patience: Duration) {
        let aborter = self.unix.abort_handle();
        let tcp = async {
            // It ends by itself, within a time of its own.
            if let Some(tcp) = self.tcp {
                let _ = tcp.await;
            }
        };
        let (unix, ()) = tokio::join!(tokio::time::timeout(patience, self.unix), tcp);
        if unix.is_err() {
            aborter.abort();
        }
    }
}

fn access(access: &UnixAccess) -> Result<Access, ApiError> {
    match access {
        UnixAccess::Owner => Ok(Access::Owner),
        UnixAccess::Group(name) => Access::of_group(name),
        UnixAccess::All => Ok(Access::All),
    }
}

/// The socket for TCP, where one is asked for.
async fn tcp(config: &DaemonConfig) -> Result<Option<TcpSocket>, ApiError> {
    let files = config.listen.tls()?;
    let Some(address) = config.listen.tcp else { return Ok(None) };
    let certificate = match files {
        Some(files) => Some(Certificate::read(&files.certificate, &files.key)?),
        None => None,
    };
    let bounds = Bounds {
        connections: config.listen.connections,
        header_timeout: config.listen.header_timeout,
        write_timeout: config.runs.reader_timeout,
    };
    let socket = TcpSocket::bind(address, certificate, bounds).await.map_err(|error| {
        let phrase = phrase!("error-tcp-address", address = address, reason = folders::in_words(&error));
        ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-tcp-address"))
    })?;
    Ok(Some(socket))
}
