//! Accounts as people have them: made, logged in to over the socket and over TLS, shared by many clients, ended.

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::{
    support::{Home, code, json_error, stderr, stdout, until},
    tcp::certificate,
};

const PASSWORD: &str = "quartz lantern meadow fifty";
const OTHER: &str = "copper violin harbour ninety";

fn register(home: &Home, name: &str, password: &str) -> Output {
    home.run_with_input(&["register", "--username", name, "--password-stdin"], format!("{password}\n").as_bytes())
}

fn log_in(home: &Home, arguments: &[&str], password: &str) -> Output {
    let arguments = [&["login", "--password-stdin"], arguments].concat();
    home.run_with_input(&arguments, format!("{password}\n").as_bytes())
}

fn who(home: &Home) -> (String, String) {
    let me = home.json(&["whoami", "--json"]);
    let text = |field: &str| me[field].as_str().expect("text").to_owned();
    (text("username"), text("via"))
}

#[track_caller]
fn ok(output: &Output) -> String {
    assert_eq!(code(output), 0, "{}", stderr(output));
    stderr(output)
}

#[test]
fn an_account_is_made_used_and_left_and_the_socket_counts_again() {
    let home = Home::new();
    let (own, via) = who(&home);
    assert_eq!(via, "peer");
    ok(&register(&home, "ann", PASSWORD));
    assert_eq!(who(&home), ("ann".to_owned(), "login".to_owned()));
    assert_eq!(home.json(&["chat", "--json", "-m", "demo", "hi"])["status"], "complete");
    assert_eq!(home.json(&["history", "list", "--json"])["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(home.json(&["daemon", "status", "--json"])["running"], true, "the process is this OS user's");
    ok(&home.run(&["logout"]));
    assert_eq!(who(&home), (own, "peer".to_owned()));
    assert_eq!(home.json(&["history", "list", "--json"])["items"].as_array().map(Vec::len), Some(0), "it was ann's");
    for (path, bytes) in home.files() {
        let holds = bytes.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes());
        assert!(!holds, "{} holds the password", path.display());
    }
}

#[test]
fn a_wrong_password_is_refused_and_the_failures_are_told_at_the_next_login() {
    let home = Home::new();
    ok(&register(&home, "ann", PASSWORD));
    for _ in 0..2 {
        let refused = log_in(&home, &["--username", "ann", "--json"], "wrong");
        assert_eq!((code(&refused), json_error(&refused)["code"].as_str()), (3, Some("unauthenticated")));
    }
    let said = ok(&log_in(&home, &["--username", "ann"], PASSWORD));
    assert!(said.contains("failed attempts since then: 2"), "{said}");
    let said = ok(&log_in(&home, &["--username", "ann"], PASSWORD));
    assert!(said.contains("the last login was on") && !said.contains("failed"), "{said}");
    let logins = home.json(&["logins", "list", "--json"]);
    assert_eq!(logins["items"].as_array().map(Vec::len), Some(1), "each took the place of the one before: {logins}");
    assert_eq!(logins["items"][0]["current"], true);
}

#[test]
fn a_changed_password_ends_other_logins_and_not_this_one() {
    let home = Home::new();
    ok(&register(&home, "ann", PASSWORD));
    // Another machine's client: the same daemon, a home of its own.
    let other = Home::new().with("MMP_HOST", format!("unix://{}", home.socket().display()));
    ok(&log_in(&other, &["--username", "ann"], PASSWORD));
    assert_eq!(who(&other), ("ann".to_owned(), "login".to_owned()));
    let input = format!("{PASSWORD}\n{OTHER}\n");
    ok(&home.run_with_input(&["passwd", "--password-stdin"], input.as_bytes()));
    assert_eq!(who(&home), ("ann".to_owned(), "login".to_owned()));
    let over = other.run(&["whoami"]);
    assert_eq!(code(&over), 3);
    assert!(stderr(&over).contains("is over"), "{}", stderr(&over));
    assert_eq!(code(&log_in(&other, &["--username", "ann"], PASSWORD)), 3);
    ok(&log_in(&other, &["--username", "ann"], OTHER));
}

#[test]
fn the_first_account_gets_a_password_by_one_line() {
    let home = Home::new();
    let (own, _) = who(&home);
    ok(&home.run_with_input(&["passwd", "--password-stdin"], format!("{PASSWORD}\n").as_bytes()));
    ok(&log_in(&home, &["--username", &own], PASSWORD));
    assert_eq!(who(&home), (own, "login".to_owned()));
}

#[test]
fn two_hundred_clients_share_a_login_whose_access_token_is_good_no_more() {
    let home = Home::new();
    ok(&register(&home, "ann", PASSWORD));
    // The keys that sign access tokens live as long as the daemon.
    home.text(&["daemon", "restart"]);
    let children: Vec<_> = (0..200).map(|_| home.mmp(&["whoami", "--json"]).spawn().expect("mmp starts")).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        ok(&output);
        assert!(stdout(&output).contains("\"username\":\"ann\""), "{}", stdout(&output));
    }
    assert_eq!(who(&home), ("ann".to_owned(), "login".to_owned()), "the login survives");
}

#[test]
fn a_login_outlives_its_access_token() {
    let home = Home::new().with("MMPD_AUTH_ACCESS_LIFETIME", "1s");
    ok(&register(&home, "ann", PASSWORD));
    let folder = home.path().join("state/logins");
    let entry = || fs::read_dir(&folder).expect("kept").flatten().next().expect("a file").path();
    let kept = || -> Value { serde_json::from_slice(&fs::read(entry()).expect("kept")).expect("JSON") };
    let first = kept()["refresh_token"].clone();
    until("it is refreshed", || {
        assert_eq!(who(&home), ("ann".to_owned(), "login".to_owned()));
        (kept()["refresh_token"] != first).then_some(())
    });
}

#[test]
fn a_revoked_login_ends_its_answer_and_says_so_while_the_run_goes_on() {
    let home = Home::new();
    ok(&register(&home, "ann", PASSWORD));
    let other = Home::new().with("MMP_HOST", format!("unix://{}", home.socket().display()));
    ok(&log_in(&other, &["--username", "ann"], PASSWORD));
    let (upstream, address) = silent_upstream();
    ok(&home.run(&["providers", "add", "slow", "--kind", "openai", "--base-url", &format!("http://{address}/v1")]));
    let child = other.mmp(&["chat", "-m", "slow/m", "hi"]).spawn().expect("mmp starts");
    let _held = upstream.accept().expect("the provider is asked");
    let logins = home.json(&["logins", "list", "--json"]);
    let theirs = logins["items"].as_array().and_then(|items| items.iter().find(|login| login["current"] == false));
    let id = theirs.and_then(|login| login["id"].as_str()).expect("another login");
    ok(&home.run(&["logins", "revoke", id]));
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("is over: it was revoked"), "{}", stderr(&output));
    assert_eq!(home.json(&["runs", "list", "--json"])["items"][0]["status"], "running");
}

/// A provider that takes questions and answers none.
fn silent_upstream() -> (std::net::TcpListener, std::net::SocketAddr) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    (listener, address)
}

#[test]
fn a_token_does_what_its_scopes_say_until_it_is_revoked() {
    let home = Home::new();
    let token = home.text(&["tokens", "create", "ci", "--scope", "read", "--expires", "90d"]);
    let token = token.trim_end();
    assert!(token.starts_with("mmp_") && !token.contains(char::is_whitespace), "{token}");
    let by_token = |arguments: &[&str]| home.mmp(arguments).env("MMP_TOKEN", token).output().expect("mmp starts");
    assert!(stdout(&by_token(&["whoami", "--json"])).contains("\"via\":\"token\""));
    ok(&by_token(&["models", "list"]));
    let refused = by_token(&["chat", "--json", "-m", "demo", "hi"]);
    assert_eq!((code(&refused), json_error(&refused)["code"].as_str()), (3, Some("forbidden")));
    assert_eq!(code(&by_token(&["tokens", "list"])), 3, "no token makes tokens");
    let listed = home.json(&["tokens", "list", "--json"]);
    assert_eq!(listed["items"][0]["name"], "ci");
    assert!(!listed.to_string().contains(token));
    ok(&home.run(&["tokens", "revoke", "ci"]));
    let gone = by_token(&["whoami", "--json"]);
    assert_eq!((code(&gone), json_error(&gone)["code"].as_str()), (3, Some("unauthenticated")));
}

#[test]
fn administrators_look_after_accounts_and_read_the_audit() {
    let home = Home::new();
    let drawn = {
        ok(&home.run(&["admin", "users", "create", "bob"]));
        home.text(&["admin", "users", "reset-password", "bob"])
    };
    let other = Home::new().with("MMP_HOST", format!("unix://{}", home.socket().display()));
    ok(&log_in(&other, &["--username", "bob"], drawn.trim_end()));
    assert_eq!(code(&other.run(&["admin", "users", "list"])), 3);
    ok(&home.run(&["admin", "users", "disable", "bob"]));
    assert_eq!(code(&other.run(&["whoami"])), 3);
    ok(&home.run(&["admin", "users", "enable", "bob"]));
    ok(&home.run(&["admin", "users", "set", "bob", "--role", "admin"]));
    ok(&home.run(&["admin", "users", "map", "bob", "--os-user", "54321"]));
    assert_eq!(home.json(&["admin", "users", "show", "bob", "--json"])["os_user"], 54321);
    let lines = home.json(&["admin", "audit", "--kind", "login", "--user", "bob", "--since", "1h", "--json"]);
    assert_eq!(lines["items"].as_array().map(Vec::len), Some(1), "{lines}");
    let csv = home.text(&["admin", "audit", "-o", "csv", "--limit", "3"]);
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert_eq!(code(&home.run(&["admin", "users", "delete", "bob"])), 2, "it wants --yes");
    ok(&home.run(&["admin", "users", "delete", "bob", "--yes"]));
    let gone = until("bob is gone", || Some(home.run(&["admin", "users", "show", "bob"])).filter(|output| code(output) != 0));
    assert_eq!(code(&gone), 1);
    let last = home.run(&["account", "delete", "--yes"]);
    assert!(code(&last) != 0 && stderr(&last).contains("last admin"), "{}", stderr(&last));
}

#[test]
fn a_host_is_logged_in_to_over_tls_by_an_invitation_and_remembered_until_logout() {
    let files = tempfile::tempdir().expect("a folder");
    certificate(files.path());
    let path = |name: &str| files.path().join(name).display().to_string();
    let server = Home::new()
        .with("MMPD_LISTEN_TCP", "127.0.0.1:0")
        .with("MMPD_LISTEN_TLS_CERTIFICATE", path("chain.pem"))
        .with("MMPD_LISTEN_TLS_KEY", path("key.pem"))
        .with("MMPD_AUTH_REGISTRATION", "invite");
    server.text(&["daemon", "start"]);
    let address = server.lock().expect("a lock file")["tcp"].as_str().expect("an address").to_owned();
    let host = format!("https://localhost:{}", address.rsplit(':').next().expect("a port"));
    let code_ = server.text(&["admin", "users", "invite", "--expires", "1h"]);
    let client = Home::new();
    let untrusted = log_in(&client, &[&host, "--username", "ann"], PASSWORD);
    assert_eq!(code(&untrusted), 6);
    assert!(stderr(&untrusted).contains("SSL_CERT_FILE"), "{}", stderr(&untrusted));
    let client = client.with("SSL_CERT_FILE", path("chain.pem"));
    let input = format!("{PASSWORD}\n");
    let arguments = ["register", &host, "--username", "ann", "--password-stdin", "--invite", code_.trim_end()];
    let said = ok(&client.run_with_input(&arguments, input.as_bytes()));
    assert!(said.contains(&format!("commands go to {host} from now on")), "{said}");
    assert_eq!(who(&client), ("ann".to_owned(), "login".to_owned()));
    assert_eq!(client.text(&["config", "get", "host"]).trim_end(), host);
    assert_eq!(client.json(&["chat", "--json", "-m", "demo", "hi"])["status"], "complete");
    assert!(client.lock().is_none(), "no daemon was started here");
    ok(&client.run(&["logout"]));
    assert_eq!(who(&client).1, "peer", "this machine's daemon again");
    let again = client.run_with_input(&arguments, input.as_bytes());
    assert!(code(&again) != 0, "an invitation is good once");
}

#[test]
fn without_the_peer_credential_everybody_logs_in() {
    let home = Home::new();
    ok(&home.run_with_input(&["passwd", "--password-stdin"], format!("{PASSWORD}\n").as_bytes()));
    let (own, _) = who(&home);
    home.text(&["daemon", "stop"]);
    let home = home.with("MMPD_AUTH_PEER", "off");
    let unknown = home.run(&["whoami", "--json"]);
    assert_eq!((code(&unknown), json_error(&unknown)["code"].as_str()), (3, Some("unauthenticated")));
    assert!(json_error(&unknown)["hint"].as_str().is_some_and(|hint| hint.contains("mmp login")));
    assert_eq!(home.json(&["daemon", "status", "--json"])["running"], true);
    ok(&log_in(&home, &["--username", &own], PASSWORD));
    assert_eq!(who(&home), (own, "login".to_owned()));
}

#[test]
fn another_os_user_is_kept_out_in_words_until_the_socket_is_opened_and_the_user_is_mapped() {
    use std::os::unix::{fs::PermissionsExt as _, process::CommandExt as _};
    if !rustix::process::geteuid().is_root() {
        // Nobody but root can be somebody else; the client's own test shows the words.
        return;
    }
    const OTHER_USER: u32 = 54_321;
    let client = tempfile::tempdir().expect("a folder");
    fs::set_permissions(client.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
    let program = client.path().join("mmp");
    fs::copy(env!("CARGO_BIN_EXE_mmp"), &program).expect("copied");
    let call = |home: &Home| {
        let mut command = Command::new(&program);
        command.args(["whoami", "--json"]).env_clear().env("MMP_HOME", client.path().join("home"));
        command.env("MMP_HOST", format!("unix://{}", home.socket().display()));
        command.stdin(Stdio::null()).uid(OTHER_USER).gid(OTHER_USER).output().expect("mmp starts")
    };
    let closed = Home::new();
    closed.text(&["daemon", "start"]);
    let refused = call(&closed);
    assert_eq!((code(&refused), json_error(&refused)["code"].as_str()), (3, Some("forbidden")), "{}", stderr(&refused));
    assert!(json_error(&refused)["hint"].as_str().is_some_and(|hint| hint.contains("listen.unix_access")));
    let open = Home::new().with("MMPD_LISTEN_UNIX_ACCESS", "all");
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    open.text(&["daemon", "start"]);
    let unknown = call(&open);
    assert_eq!((code(&unknown), json_error(&unknown)["code"].as_str()), (3, Some("unauthenticated")), "{}", stderr(&unknown));
    ok(&open.run(&["admin", "users", "create", "eve", "--os-user", &OTHER_USER.to_string()]));
    let known = call(&open);
    assert!(stdout(&known).contains("\"username\":\"eve\"") && stdout(&known).contains("\"via\":\"peer\""), "{}", stderr(&known));
}
