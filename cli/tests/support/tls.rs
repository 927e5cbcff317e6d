//! A server that speaks TLS, with a certificate of an issuer made for it.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// When a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// For long.
    Now,
    /// Until long ago.
    Past,
    /// From far on.
    Future,
}

/// The server; it ends with the test's process.
pub struct TlsServer {
    port: u16,
    issuer: String,
}

impl TlsServer {
    /// A server whose certificate is for this name; it answers every request with this JSON.
    pub fn start(name: &str, validity: Validity, body: &'static str) -> Self {
        let (config, issuer) = certified(name, validity);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                std::thread::spawn(move || serve(stream, config, body));
            }
        });
        Self { port, issuer }
    }

    /// Its base URL, by the name `localhost`.
    pub fn url(&self) -> String {
        format!("https://localhost:{}/v1", self.port)
    }

    /// Writes the issuer's certificate into a file.
    pub fn write_issuer(&self, path: &Path) {
        std::fs::write(path, &self.issuer).expect("it can be written");
    }
}

fn certified(name: &str, validity: Validity) -> (ServerConfig, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.distinguished_name.push(DnType::CommonName, format!("the issuer of {name}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let issuer_certificate = params.self_signed(&key).expect("a certificate").pem();
    let issuer = Issuer::new(params, key);
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    (params.not_before, params.not_after) = match validity {
        Validity::Now => (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1)),
        Validity::Past => (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1)),
        Validity::Future => (date_time_ymd(2100, 1, 1), date_time_ymd(2120, 1, 1)),
    };
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .expect("a certificate and its key");
    (config, issuer_certificate)
}

fn serve(stream: TcpStream, config: Arc<ServerConfig>, body: &str) {
    let connection = ServerConnection::new(config).expect("a connection");
    let mut stream = StreamOwned::new(connection, stream);
    // A client that does not trust us says so and goes: that is what some tests are about.
    if stream.read(&mut [0; 8192]).is_ok() {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
        let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }
}
