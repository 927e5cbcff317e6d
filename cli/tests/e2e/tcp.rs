//! The daemon over TCP: off by default, plain on loopback alone, with TLS elsewhere; web pages kept out, and everybody who
//! is slow, large or many bounded.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, pki_types::CertificateDer};
use serde_json::Value;

use crate::support::{Home, code, stderr, until};

/// A home whose daemon listens for TCP at a free port of loopback.
fn home() -> Home {
    Home::new().with("MMPD_LISTEN_TCP", "127.0.0.1:0")
}

/// Starts the daemon, and says where it listens.
fn started(home: &Home) -> SocketAddr {
    home.text(&["daemon", "start"]);
    home.lock().expect("a lock file")["tcp"].as_str().expect("it listens for TCP").parse().expect("an address")
}

/// An answer's status, headers in lower case, and body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(stream: impl Read) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut body = Vec::new();
        let length: Option<usize> = head.to_lowercase().split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok();
        reader.take(length? as u64).read_to_end(&mut body).ok()?;
        Some(Self { status, head: head.to_lowercase(), body: String::from_utf8(body).ok()? })
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    stream
}

fn get(address: SocketAddr, path: &str, host: &str, more: &str) -> Answer {
    let mut stream = connect(address);
    let head = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{more}connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    Answer::read(stream).expect("an answer")
}

#[test]
fn tcp_is_off_unless_asked_for() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    assert_eq!(home.lock().expect("a lock file")["tcp"], Value::Null);
}

#[test]
fn nobody_is_known_by_having_connected() {
    let home = home();
    let address = started(&home);
    assert_eq!(get(address, "/health", "localhost", "").body, "ok");
    let answer = get(address, "/api/v1/users/me", "localhost", "x-request-id: mine-1\r\n");
    assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("unauthenticated")));
    assert_eq!(answer.json()["request_id"], "mine-1");
    for header in
        ["mmp-request-id: mine-1", "x-content-type-options: nosniff", "referrer-policy: no-referrer", "cache-control: no-store"]
    {
        assert!(answer.head.contains(header), "{header}: {}", answer.head);
    }
    assert!(!answer.head.contains("access-control") && !answer.head.contains("strict-transport"), "{}", answer.head);
}

#[test]
fn a_web_page_cannot_reach_it() {
    let home = home();
    let address = started(&home);
    let code =
        |host: &str, more: &str| (get(address, "/health", host, more).status, get(address, "/api/v1/chat", host, more).status);
    assert_eq!(code("evil.example", ""), (403, 403), "a name that was turned to this address");
    assert_eq!(code("localhost", "origin: http://evil.example\r\n"), (403, 403));
    assert_eq!(code("localhost", "origin: null\r\n"), (403, 403));
    assert_eq!(
        get(address, "/health", "localhost", &format!("origin: http://{address}\r\n")).status,
        403,
        "another name, another origin"
    );
    assert_eq!(get(address, "/health", &address.to_string(), &format!("origin: http://{address}\r\n")).status, 200);
}

#[test]
fn an_origin_that_is_listed_may_call_and_is_told_so() {
    let home = home().with("MMPD_LISTEN_ORIGINS", "https://app.example.org").with("MMPD_LISTEN_HOSTS", "mmp.example.org");
    let address = started(&home);
    let answer = get(address, "/health", "mmp.example.org", "origin: https://app.example.org\r\n");
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("access-control-allow-origin: https://app.example.org"), "{}", answer.head);
    assert_eq!(get(address, "/health", "mmp.example.org", "origin: https://other.example.org\r\n").status, 403);
}

#[test]
fn slow_and_large_heads_are_ended() {
    let home = home().with("MMPD_LISTEN_HEADER_TIMEOUT", "100ms");
    let address = started(&home);
    let mut slow = connect(address);
    slow.write_all(b"GET /health HTTP/1.1\r\nhost: loc").expect("it reads");
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"), "it was waited for");
    let large = get(address, "/health", "localhost", &format!("x-large: {}\r\n", "x".repeat(300_000)));
    assert_eq!(large.status, 431);
    assert_eq!(get(address, "/health", "localhost", "").status, 200);
}

#[test]
fn those_who_are_too_many_wait_and_are_served() {
    let home = home().with("MMPD_LISTEN_CONNECTIONS", "2").with("MMPD_LISTEN_HEADER_TIMEOUT", "30s");
    let address = started(&home);
    let first = [connect(address), connect(address)];
    let mut third = connect(address);
    third.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("it is queued");
    third.set_read_timeout(Some(Duration::from_millis(200))).expect("a socket");
    assert!(third.read(&mut [0; 1]).is_err(), "two are there already");
    drop(first);
    third.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    assert_eq!(Answer::read(third).expect("an answer").status, 200);
}

#[test]
fn other_machines_are_never_served_in_the_clear() {
    for (name, value) in
        [("MMPD_LISTEN_TCP", "0.0.0.0:0"), ("MMPD_LISTEN_TCP", "localhost:80"), ("MMPD_LISTEN_TLS_KEY", "/key.pem")]
    {
        let refused = Home::new().with(name, value).run(&["daemon", "start"]);
        assert_eq!(code(&refused), 2, "{name} {value}: {}", stderr(&refused));
        assert!(
            stderr(&refused).to_lowercase().contains("tls") || stderr(&refused).contains("127.0.0.1:8800"),
            "{}",
            stderr(&refused)
        );
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound").to_string();
    let refused = Home::new().with("MMPD_LISTEN_TCP", &address).run(&["daemon", "start"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains(&address) && stderr(&refused).contains("daemon.listen.tcp"), "{}", stderr(&refused));
}

/// Writes a fresh certificate for `localhost` into a folder, and gives it back as a root to trust.
pub(crate) fn certificate(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    fs::write(folder.join("chain.pem"), made.cert.pem()).expect("a file");
    made.cert.der().clone()
}

fn get_securely(address: SocketAddr, trusted: &CertificateDer<'static>) -> Option<Answer> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().expect("a name")).expect("a connection");
    let mut stream = StreamOwned::new(connection, connect(address));
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
    Answer::read(stream)
}

#[test]
fn a_certificate_makes_it_secure_and_is_read_again_when_it_changes() {
    let files = tempfile::tempdir().expect("a folder");
    let path = |name: &str| files.path().join(name).display().to_string();
    let first = certificate(files.path());
    let home = home().with("MMPD_LISTEN_TLS_CERTIFICATE", path("chain.pem")).with("MMPD_LISTEN_TLS_KEY", path("key.pem"));
    let address = started(&home);
    let answer = get_securely(address, &first).expect("it is trusted");
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("strict-transport-security"), "{}", answer.head);
    let mut plain = connect(address);
    plain.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it reads");
    assert!(Answer::read(plain).is_none(), "nothing is said in the clear");
    // Files that make no sense change nothing; the next good ones do.
    fs::write(files.path().join("chain.pem"), "nonsense").expect("a file");
    assert!(get_securely(address, &first).is_some());
    let second = certificate(files.path());
    until("the new certificate is used", || get_securely(address, &second));
}

#[test]
fn a_certificate_that_cannot_be_read_is_said() {
    let files = tempfile::tempdir().expect("a folder");
    let path = |name: &str| files.path().join(name).display().to_string();
    let home = home().with("MMPD_LISTEN_TLS_CERTIFICATE", path("chain.pem")).with("MMPD_LISTEN_TLS_KEY", path("key.pem"));
    let refused = home.run(&["daemon", "start"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("chain.pem") && stderr(&refused).contains("no such file"), "{}", stderr(&refused));
}

#[test]
fn the_socket_is_opened_to_those_who_may_use_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    for (access, of_folder, of_socket) in [("owner", 0o700, 0o600), ("all", 0o755, 0o666)] {
        let home = Home::new().with("MMPD_LISTEN_UNIX_ACCESS", access);
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).expect("it is ours");
        home.text(&["daemon", "start"]);
        assert_eq!((mode(home.path()), mode(&home.socket())), (of_folder, of_socket), "{access}");
        assert_eq!(mode(&home.path().join("data")), 0o700, "the data stays private");
        assert_eq!(home.json(&["whoami", "--json"])["via"], "peer");
    }
    let refused = Home::new().with("MMPD_LISTEN_UNIX_ACCESS", "group:no-such-group-here").run(&["daemon", "start"]);
    assert!(stderr(&refused).contains("no-such-group-here"), "{}", stderr(&refused));
    assert_eq!(code(&refused), 2);
}
