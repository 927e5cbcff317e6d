//! TCP, for those on other machines, or on this one behind a proxy of their own: off unless it is asked for, plain on
//! loopback alone, else with TLS.
//!
//! Nobody is trusted here before they said who they are: connections are bounded in number, handshakes, heads of requests and
//! readers in time. Whoever comes when there are too many waits in the kernel's queue. Bodies are bounded by `http`.

use std::{io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::{peer::Peer, shutdown::Ending, tls::Certificate};

/// How long a failed accept is waited out: the system has run out of something.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How much of a request's head is taken, in bytes.
const LARGEST_HEAD: usize = 64 << 10;

/// How long connections may take to end once the daemon leaves.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What bounds those who call over TCP.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most connections at once.
    pub connections: usize,
    /// The longest that a handshake may take, and the head of a request.
    pub header_timeout: Duration,
    /// The longest that a reader may take nothing.
    pub write_timeout: Duration,
}

/// Listens for TCP.
pub struct TcpSocket {
    listener: TcpListener,
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    bounds: Bounds,
}

impl TcpSocket {
    /// Binds an address; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// When the address cannot be bound.
    pub async fn bind(address: SocketAddr, certificate: Option<Certificate>, bounds: Bounds) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, certificate: certificate.map(Arc::new), bounds })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests with `app` until the daemon leaves, and lets those finish that have begun.
    pub async fn serve(self, app: Router, ending: Ending) {
        let (graceful, permits) = (GracefulShutdown::new(), Arc::new(Semaphore::new(self.bounds.connections)));
        loop {
            let accepted = tokio::select! {
                biased;
                () = ending.leaving.begun() => break,
                accepted = self.next(&permits) => accepted,
            };
            match accepted {
                Ok((stream, address, permit)) => {
                    let (certificate, bounds) = (self.certificate.clone(), self.bounds);
                    let connection =
                        Connection { address, app: app.clone(), watcher: graceful.watcher(), bounds, _permit: permit };
                    tokio::spawn(connection.serve(stream, certificate));
                }
                Err(error) => {
                    tracing::warn!(%error, "a caller over TCP could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(self.listener);
        if tokio::time::timeout(LAST_WORDS, graceful.shutdown()).await.is_err() {
            tracing::debug!("connections over TCP were cut at the end");
        }
    }

    async fn next(&self, permits: &Arc<Semaphore>) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, address) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok((stream, address, permit))
    }
}

/// One connection.
struct Connection {
    address: SocketAddr,
    app: Router,
    watcher: Watcher,
    bounds: Bounds,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve(self, stream: TcpStream, certificate: Option<Arc<Certificate>>) {
        let Some(certificate) = certificate else { return self.answer(stream).await };
        let acceptor = certificate.acceptor().await;
        match tokio::time::timeout(self.bounds.header_timeout, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.answer(stream).await,
            Ok(Err(error)) => tracing::debug!(from = %self.address, %error, "no TLS handshake"),
            Err(_) => tracing::debug!(from = %self.address, "a TLS handshake took too long"),
        }
    }

    async fn answer<S: AsyncRead + AsyncWrite + Send + 'static>(self, stream: S) {
        let Self { address, app, watcher, bounds, _permit } = self;
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(bounds.write_timeout));
        let stream: Pin<Box<TimeoutStream<S>>> = Box::pin(stream);
        let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(Peer::Tcp(address)));
            app.clone().oneshot(request)
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(bounds.header_timeout)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(from = %address, %error, "a connection over TCP ended early");
        }
    }
}
