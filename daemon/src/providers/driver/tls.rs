//! What keeps a connection from being secure, in words, by its cause.

use std::{error::Error, io};

use mmp_shared::Phrase;
use rustls::CertificateError;

/// The error of rustls among the causes. rustls hides inside of I/O errors, one in another, which are not among their
/// own causes.
pub(super) fn of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(error);
    }
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.and_then(|inner| of(inner)).or_else(|| of(error.source()?))
}

/// What happened, and what to do about it.
pub(super) fn cause(error: &rustls::Error) -> (Phrase, Phrase) {
    let (why, hint) = match error {
        rustls::Error::InvalidCertificate(error) => match error {
            CertificateError::UnknownIssuer => ("issuer", Phrase::new("hint-upstream-tls-issuer")),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                ("expired", Phrase::new("hint-upstream-tls-date"))
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                ("early", Phrase::new("hint-upstream-tls-date"))
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                ("name", Phrase::new("hint-upstream-tls-name"))
            }
            _ => ("other", Phrase::new("hint-upstream-tls")),
        },
        rustls::Error::InvalidMessage(_) => ("plain", Phrase::new("hint-upstream-tls-plain")),
        _ => ("other", Phrase::new("hint-upstream-tls")),
    };
    (Phrase::new("upstream-tls").with("why", why).with("words", error), hint)
}
