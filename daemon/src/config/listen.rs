//! `[daemon.listen]`: where the daemon listens, and who may call there.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use mmp_shared::{ApiError, ErrorCode, config::Config, phrase};

/// Which OS users may call at the Unix socket. Which of them has an account is not said here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnixAccess {
    /// The daemon's own.
    Owner,
    /// The members of this group.
    Group(String),
    /// All of this machine.
    All,
}

/// The files of a TLS certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, PEM, the daemon's own certificate first.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Where the daemon listens, and who may call there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenConfig {
    /// Which OS users may call at the Unix socket.
    pub unix_access: UnixAccess,
    /// Where it listens for TCP; none where it does not.
    pub tcp: Option<SocketAddr>,
    /// The files of the certificate, as far as they are named.
    tls: (Option<PathBuf>, Option<PathBuf>),
    /// The names, beside its own address, under which it is called over TCP.
    pub hosts: Vec<String>,
    /// The origins whose web pages may call it.
    pub origins: Vec<String>,
    /// The most connections over TCP at once.
    pub connections: usize,
    /// The longest that the head of a request may take over TCP.
    pub header_timeout: Duration,
    /// The longest that the body of a request may take.
    pub body_timeout: Duration,
}

impl ListenConfig {
    /// The files of the certificate, if it has one.
    ///
    /// # Errors
    ///
    /// `bad_request` where only one of the two is named, and where TCP is open to other machines in the clear.
    pub fn tls(&self) -> Result<Option<TlsFiles>, ApiError> {
        match (&self.tls, self.tcp) {
            ((Some(certificate), Some(key)), _) => Ok(Some(TlsFiles { certificate: certificate.clone(), key: key.clone() })),
            ((None, None), Some(address)) if !address.ip().is_loopback() => {
                let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-tcp-in-the-clear", address = address));
                Err(error.with_hint(phrase!("hint-tcp-in-the-clear")))
            }
            ((None, None), _) => Ok(None),
            _ => Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-half-a-certificate"))),
        }
    }
}

impl From<&Config> for ListenConfig {
    fn from(config: &Config) -> Self {
        let path = |key: &str| config.text(key).map(PathBuf::from);
        let list = |key: &str| -> Vec<String> {
            let names = config.text(key).unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_ascii_lowercase).collect()
        };
        Self {
            unix_access: match config.text("daemon.listen.unix_access") {
                Some("all") => UnixAccess::All,
                Some(access) => {
                    access.strip_prefix("group:").map_or(UnixAccess::Owner, |name| UnixAccess::Group(name.to_owned()))
                }
                None => UnixAccess::Owner,
            },
            tcp: config.text("daemon.listen.tcp").and_then(|address| address.parse().ok()),
            tls: (path("daemon.listen.tls_certificate"), path("daemon.listen.tls_key")),
            hosts: list("daemon.listen.hosts"),
            origins: list("daemon.listen.origins"),
            connections: usize::try_from(config.number("daemon.listen.connections")).unwrap_or(usize::MAX).max(1),
            header_timeout: config.duration("daemon.listen.header_timeout"),
            body_timeout: config.duration("daemon.listen.body_timeout"),
        }
    }
}
