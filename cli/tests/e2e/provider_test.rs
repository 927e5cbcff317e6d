//! `providers test` says in words what is wrong: the name, the key, the credit, the network, TLS, the proxy, the base URL.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use serde_json::json;

use crate::support::{
    Home, code, json_error, stderr,
    tls::{TlsServer, Validity},
    upstream::{
        Upstream,
        server::{Step, answer},
    },
};

const JSON: &str = "application/json";
const MODELS: &str = r#"{"object":"list","data":[{"id":"m","object":"model"}]}"#;

/// A place that no name server knows, as the standard has it.
const NOWHERE: &str = "provider.invalid";

#[track_caller]
fn add(home: &Home, url: &str) {
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", url]);
}

/// Tests the provider, as a script and as a person, who both are told these words.
#[track_caller]
fn says(home: &Home, error_code: &str, parts: &[&str]) -> String {
    let told = home.run(&["providers", "test", "rec", "-o", "json"]);
    let error = json_error(&told);
    let exit = serde_json::from_value::<mmp_shared::ErrorCode>(json!(error_code)).expect("a code").exit_code();
    assert_eq!((error["code"].as_str(), code(&told)), (Some(error_code), i32::from(exit)), "{error}");
    assert_eq!(error["provider"], "rec");
    let words = stderr(&home.run(&["providers", "test", "rec"]));
    for part in parts {
        assert!(words.contains(part), "`{part}` is not in: {words}");
        assert!(error.to_string().contains(&part.replace('"', "\\\"")), "`{part}` is not in: {error}");
    }
    words
}

fn refusing(status: u16, body: &'static str) -> Upstream {
    Upstream::repeating(answer(status, JSON, &[], body.as_bytes(), &[]))
}

#[test]
fn a_key_that_is_refused_and_one_that_is_missing_are_told_apart() {
    let upstream = refusing(401, r#"{"error":{"message":"who are you?"}}"#);
    let home = upstream.add_to(Home::new());
    let words = says(&home, "provider_auth", &["`rec` wants a key: `who are you?`", "mmp providers set rec"]);
    assert!(!words.contains("does not accept"), "{words}");
    home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], b"sk-wrong-key-0123");
    says(&home, "provider_auth", &["`rec` does not accept the key: `who are you?`", "sets another key"]);
    let upstream = refusing(403, r#"{"error":{"message":"not for you"}}"#);
    home.text(&["providers", "set", "rec", "--base-url", &upstream.url()]);
    says(&home, "provider_auth", &["does not accept the key: `not for you`"]);
}

#[test]
fn credit_that_is_spent_is_said() {
    for (status, body) in [
        (402, r#"{"error":{"message":"Insufficient Balance"}}"#),
        (429, r#"{"error":{"message":"no","code":"insufficient_quota"}}"#),
    ] {
        let upstream = refusing(status, body);
        let home = upstream.add_to(Home::new());
        says(&home, "provider_quota", &["has no credit left", "add credit"]);
    }
}

#[test]
fn a_wrong_base_url_is_told_where_one_ends() {
    let hints = ["the base URL may be wrong", "ends before `/chat/completions`", "mmp providers set rec --base-url URL"];
    for (status, kind, body) in [
        (404, JSON, r#"{"detail":"Not Found"}"#),
        (404, JSON, r#"{"error":{"message":"File Not Found"}}"#),
        (404, "text/plain", "404 page not found"),
        (405, JSON, "{}"),
        (404, "text/html", "<html><title>404 Not Found</title></html>"),
    ] {
        let upstream = Upstream::repeating(answer(status, kind, &[], body.as_bytes(), &[]));
        let home = upstream.add_to(Home::new());
        says(&home, "provider_bad_request", &[&["there is no list of models at the base URL of `rec`"][..], &hints].concat());
    }
    for (kind, body) in [("text/html", "<html><title>Welcome</title></html>"), (JSON, "<!doctype html>")] {
        let upstream = Upstream::repeating(answer(200, kind, &[], body.as_bytes(), &[]));
        let home = upstream.add_to(Home::new());
        says(&home, "provider_protocol", &hints);
    }
}

#[test]
fn a_name_and_a_port_where_nobody_is_are_said() {
    let home = Home::new();
    add(&home, &format!("https://{NOWHERE}/v1"));
    says(&home, "provider_unreachable", &["there is no host `provider.invalid`", "check the network"]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = listener.local_addr().expect("an address").to_string();
    drop(listener);
    home.text(&["providers", "set", "rec", "--base-url", &format!("http://{place}/v1")]);
    says(&home, "provider_unreachable", &[&format!("nothing listens at `{place}`"), "is the server running?"]);
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let upstream = Upstream::repeating(vec![Step::AwaitClose]);
    let home = upstream.add_to(Home::new().with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "300ms"));
    says(&home, "provider_timeout", &["`rec` has not answered within 300ms", "check the network"]);
}

#[test]
fn a_certificate_that_is_not_trusted_is_told_apart_by_why() {
    for (name, validity, part, hint) in [
        ("localhost", Validity::Past, "its certificate has expired", "check this machine's date"),
        ("localhost", Validity::Future, "its certificate is not valid yet", "check this machine's date"),
        ("other.example", Validity::Now, "its certificate is for another name", "check the host in the base URL"),
    ] {
        let server = TlsServer::start(name, validity, MODELS);
        let home = Home::new();
        let home = trusting(home, &server);
        add(&home, &server.url());
        says(&home, "provider_unreachable", &["no secure connection to `rec` at `localhost:", part, hint]);
    }
}

/// A home whose daemon trusts the issuer of that server's certificate, and no other.
fn trusting(home: Home, server: &TlsServer) -> Home {
    let path = home.path().join("issuer.pem");
    server.write_issuer(&path);
    home.with("SSL_CERT_FILE", path.to_str().expect("text"))
}

#[test]
fn an_issuer_that_is_not_known_can_be_made_known() {
    let (server, other) = (TlsServer::start("localhost", Validity::Now, MODELS), TlsServer::start("x", Validity::Now, MODELS));
    let home = trusting(Home::new(), &other);
    add(&home, &server.url());
    says(&home, "provider_unreachable", &["the issuer of its certificate is not known", "SSL_CERT_FILE", "mmp daemon restart"]);
    // As the hint says: the file, and a restart.
    server.write_issuer(&home.path().join("issuer.pem"));
    home.text(&["daemon", "restart"]);
    assert_eq!(home.json(&["providers", "test", "rec", "-o", "json"])["models"], json!(["m"]));
}

/// The URL, with `https`, of a server that speaks plain HTTP alone.
fn plain_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://{}/v1", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
            // Read on until the client goes: a reset would hide the answer.
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    url
}

#[test]
fn tls_and_plain_http_that_meet_each_other_are_said() {
    let home = Home::new();
    add(&home, &plain_server());
    says(&home, "provider_unreachable", &["it does not speak TLS", "begins with `http://`"]);
    let server = TlsServer::start("localhost", Validity::Now, MODELS);
    home.text(&["providers", "set", "rec", "--base-url", &server.url().replace("https://", "http://")]);
    says(&home, "provider_unreachable", &["does not speak plain HTTP", "begins with `https://`"]);
}

#[test]
fn a_proxy_that_refuses_is_named_with_its_variable_and_without_its_password() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let lead = |url: &str| format!("the proxy does not lead to `rec` at `{NOWHERE}`: nothing listens at `{url}`");
    for (variable, scheme) in [("HTTPS_PROXY", "https"), ("http_proxy", "http"), ("ALL_PROXY", "https")] {
        let home = Home::new().with(variable, format!("http://me:hunter2secret@{place}"));
        add(&home, &format!("{scheme}://{NOWHERE}/v1"));
        let named = format!("`{variable}` named it");
        let words = says(&home, "provider_unreachable", &[&lead(&format!("http://{place}")), &named, "mmp daemon restart"]);
        assert!(!words.contains("hunter2secret"), "{words}");
        home.text(&["daemon", "stop"]);
        for (path, bytes) in home.files() {
            assert!(!bytes.windows(13).any(|window| window == b"hunter2secret"), "{} holds it", path.display());
        }
    }
}

#[test]
fn a_proxy_that_wants_a_password_or_does_not_let_through_is_no_fault_of_the_provider() {
    for (status, part, hint) in [
        (407, "wants a user and a password (407)", "http://USER:PASSWORD@HOST:PORT"),
        (403, "refuses to connect to it", "`HTTPS_PROXY` named it"),
    ] {
        let head = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n");
        let proxy = Upstream::repeating(vec![Step::Send(head.into_bytes()), Step::Close]);
        let url = proxy.url().trim_end_matches("/v1").to_owned();
        let home = Home::new().with("HTTPS_PROXY", &url);
        add(&home, &format!("https://{NOWHERE}/v1"));
        says(&home, "provider_unreachable", &["the proxy does not lead to `rec`", &format!("`{url}`"), part, hint]);
        assert!(proxy.requests()[0].head.starts_with("CONNECT provider.invalid:443"), "{:?}", proxy.requests());
    }
    // What is not secure is asked of the proxy itself.
    let proxy = Upstream::repeating(answer(407, "text/html", &[], b"<html>who are you?</html>", &[]));
    let url = proxy.url().trim_end_matches("/v1").to_owned();
    let home = Home::new().with("HTTP_PROXY", &url);
    add(&home, &format!("http://{NOWHERE}/v1"));
    says(&home, "provider_unreachable", &["the proxy does not lead to `rec`", "(407)", "`HTTP_PROXY`"]);
}

#[test]
fn loopback_is_never_asked_by_way_of_a_proxy() {
    let upstream = refusing(200, MODELS);
    let home = upstream.add_to(Home::new().with("ALL_PROXY", "http://127.0.0.1:1").with("HTTP_PROXY", "http://127.0.0.1:1"));
    assert_eq!(home.json(&["providers", "test", "rec", "-o", "json"])["models"], json!(["m"]));
}
