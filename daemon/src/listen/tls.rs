//! The daemon's certificate for TLS, from files that are read again when they change.
//!
//! They are looked at, at most once a second, when somebody connects. Files that make no sense leave the certificate
//! that there was: whoever renews one writes two files, and not both at the same moment.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant, SystemTime},
};

use mmp_shared::{ApiError, ErrorCode, phrase};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::task::spawn_blocking;
use tokio_rustls::TlsAcceptor;

/// How long what was seen of the files counts.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// When each file was changed last; none where that cannot be told.
type Changed = (Option<SystemTime>, Option<SystemTime>);

/// A certificate from files.
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

struct Current {
    acceptor: TlsAcceptor,
    changed: Changed,
    looked_at: Instant,
}

impl Certificate {
    /// Reads the chain and its key, both PEM.
    ///
    /// # Errors
    ///
    /// `bad_request` where a file cannot be read, or the two do not belong together.
    pub fn read(chain: &Path, key: &Path) -> Result<Self, ApiError> {
        let changed = changed(chain, key);
        let acceptor = acceptor(chain, key)?;
        let current = Current { acceptor, changed, looked_at: Instant::now() };
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), current: Mutex::new(current) })
    }

    /// What makes a connection secure now.
    pub async fn acceptor(self: &Arc<Self>) -> TlsAcceptor {
        let (acceptor, before) = {
            let mut current = self.current();
            if current.looked_at.elapsed() < LOOK_AGAIN {
                return current.acceptor.clone();
            }
            current.looked_at = Instant::now();
            (current.acceptor.clone(), current.changed)
        };
        let this = Arc::clone(self);
        spawn_blocking(move || this.look_again(before)).await.ok().flatten().unwrap_or(acceptor)
    }

    fn look_again(&self, before: Changed) -> Option<TlsAcceptor> {
        let changed = changed(&self.chain, &self.key);
        if changed == before {
            return None;
        }
        match acceptor(&self.chain, &self.key) {
            Ok(acceptor) => {
                tracing::info!(certificate = %self.chain.display(), "the certificate has changed");
                let mut current = self.current();
                (current.acceptor, current.changed) = (acceptor.clone(), changed);
                Some(acceptor)
            }
            Err(error) => {
                tracing::warn!(certificate = %self.chain.display(), reason = error.message, "the changed certificate is not taken");
                None
            }
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn changed(chain: &Path, key: &Path) -> Changed {
    let of = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    (of(chain), of(key))
}

fn acceptor(chain: &Path, key: &Path) -> Result<TlsAcceptor, ApiError> {
    let cannot = |path: &Path, reason: String| {
        ApiError::new(ErrorCode::BadRequest, phrase!("error-certificate", path = path.display(), reason = reason))
    };
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(chain).and_then(Iterator::collect).map_err(|error| cannot(chain, pem_words(&error)))?;
    if certificates.is_empty() {
        return Err(cannot(chain, "no certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| cannot(key, pem_words(&error)))?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, private))
        .map_err(|error| cannot(chain, error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn pem_words(error: &rustls::pki_types::pem::Error) -> String {
    match error {
        rustls::pki_types::pem::Error::Io(error) if error.kind() == io::ErrorKind::NotFound => "no such file".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}
