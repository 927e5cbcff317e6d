//! The vault with its master key in the system's keyring, and the client with its login there. What needs a real Secret Service runs where
//! `MMP_REAL_KEYRING` is set, inside of a session bus with an unlocked keyring; elsewhere it says so and passes. That a
//! keyring is away or never answers needs none.

#![allow(clippy::print_stderr)] // What is skipped is said aloud.

mod support;

use std::{
    io::Write as _,
    os::unix::net::UnixListener,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use keyring_core::{Entry, Error, api::CredentialStoreApi as _};
use serde_json::Value;
use support::{
    Home, code, json_error, stderr, stdout,
    upstream::{Upstream, server::answer},
};

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const NOWHERE: &str = "unix:path=/nonexistent/bus";
const KEY: &str = "sk-in-the-keyring-0123456789";
const ANSWER: &[u8] = br#"{"choices":[{"message":{"content":"good"},"finish_reason":"stop"}]}"#;

/// A home whose vault uses the keyring of this session; `None` where there is none.
fn real() -> Option<Home> {
    if std::env::var_os("MMP_REAL_KEYRING").is_none() {
        eprintln!("skipped: MMP_REAL_KEYRING is not set, so there is no Secret Service for tests");
        return None;
    }
    let bus = std::env::var(BUS).expect("a session bus");
    Some(Home::new().with("MMPD_VAULT_KEY_STORE", "keyring").with(BUS, bus))
}

/// An entry of the keyring, over a connection of its own: another test may have replaced the keyring's daemon meanwhile.
fn entry(name: &str) -> Entry {
    let store = zbus_secret_service_keyring_store::Store::new().expect("a Secret Service");
    store.build("mmp", name, None).expect("an entry")
}

/// A provider that answers everybody.
fn upstream() -> Upstream {
    Upstream::repeating(answer(200, "application/json", &[], ANSWER, &[]))
}

fn set_key(home: &Home) -> Output {
    home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], KEY.as_bytes())
}

fn ask(home: &Home) -> Output {
    home.run(&["chat", "--json", "-m", "rec/m", "hi"])
}

/// The vault is locked: it says so, makes no other key, and who needs no key is answered.
#[track_caller]
fn assert_locked(home: &Home, reason: &str) {
    let error =
        json_error(&home.run_with_input(&["-o", "json", "providers", "set", "openai", "--api-key-stdin"], KEY.as_bytes()));
    assert_eq!(error["code"], "storage_failed", "{error}");
    let message = error["message"].as_str().expect("words");
    assert!(message.contains("the vault is locked") && message.contains("keyring") && message.contains(reason), "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("unlock the keyring")), "{error}");
    let (status, told) = vault(home);
    assert!(status == "error" && told.contains("keyring") && told.contains(reason) && told.contains("unlock"), "{told}");
    assert!(!home.path().join("vault.key").exists(), "no other key is made");
    assert_eq!(home.json(&["providers", "show", "openai", "-o", "json"])["key"], "missing");
    assert_eq!(home.json(&["chat", "--json", "-m", "demo", "hi"])["status"], "complete");
}

/// What the doctor says of the vault: its status, and its words with the hint.
fn vault(home: &Home) -> (String, String) {
    let list: Value = serde_json::from_str(&stdout(&home.run(&["doctor", "-o", "json"]))).expect("a list");
    let item = list["items"].as_array().expect("items").iter().find(|item| item["check"] == "vault").expect("said").clone();
    (item["status"].as_str().expect("a status").to_owned(), format!("{} {}", item["message"], item["hint"]))
}

/// Where the notice says that the master key is.
#[track_caller]
fn location(said: &str) -> String {
    let (_, rest) = said.split_once("(keyring: ").unwrap_or_else(|| panic!("no keyring in: {said}"));
    rest.split(')').next().expect("its end").to_owned()
}

fn assert_nowhere(home: &Home, what: &str, secret: &[u8]) {
    for (path, bytes) in home.files() {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{} holds {what}", path.display());
    }
}

#[test]
fn a_key_is_sealed_by_the_keyring_and_survives_a_restart() {
    let Some(home) = real() else { return };
    let upstream = upstream();
    let home = upstream.add_to(home);
    let output = set_key(&home);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let location = location(&stderr(&output));
    assert_eq!(code(&ask(&home)), 0);
    home.text(&["daemon", "restart"]);
    let output = ask(&home);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let (status, told) = vault(&home);
    assert!(status == "ok" && told.contains("the system's keyring"), "{told}");
    assert!(upstream.requests().iter().all(|request| request.head.contains(&format!("Bearer {KEY}"))));
    assert_eq!(stderr(&set_key(&home)).matches("keyring").count(), 0, "it is said once");
    let master = entry(&location).get_secret().expect("it is in the keyring");
    assert_eq!(master.len(), 32);
    home.text(&["daemon", "stop"]);
    let hex: String = master.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_nowhere(&home, "the master key", &master);
    assert_nowhere(&home, "the master key", hex.as_bytes());
    assert_nowhere(&home, "the provider's key", KEY.as_bytes());
}

#[test]
fn without_its_keyring_the_vault_is_locked_and_with_it_open_again() {
    let Some(home) = real() else { return };
    let upstream = upstream();
    let home = upstream.add_to(home);
    assert_eq!(code(&set_key(&home)), 0);
    home.text(&["daemon", "stop"]);
    // The daemon that is started next looks for its bus elsewhere.
    let output = home.mmp(&["chat", "--json", "-m", "rec/m", "hi"]).env(BUS, NOWHERE).output().expect("mmp starts");
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (1, Some("storage_failed")), "{}", stderr(&output));
    assert_locked(&home, "");
    assert_eq!(upstream.requests().len(), 0, "nobody is asked without the key");
    home.text(&["daemon", "restart"]);
    assert_eq!(code(&ask(&home)), 0);
}

#[test]
fn a_locked_keyring_locks_the_vault_and_nothing_else() {
    let Some(home) = real() else { return };
    let upstream = upstream();
    let home = upstream.add_to(home.with("MMPD_VAULT_KEYRING_TIMEOUT", "2s"));
    assert_eq!(code(&set_key(&home)), 0);
    home.text(&["daemon", "stop"]);
    lock_keyring();
    let (begun, output) = (Instant::now(), ask(&home));
    let is_prompt = begun.elapsed() < Duration::from_secs(30);
    let locked = json_error(&output);
    unlock_keyring();
    assert!(is_prompt && locked["code"] == "storage_failed", "{locked}");
    assert!(!home.path().join("vault.key").exists(), "no other key is made");
    let output = ask(&home);
    assert_eq!(code(&output), 0, "unlocked, it opens without a restart: {}", stderr(&output));
}

#[test]
fn a_keyring_that_comes_later_than_the_daemon_is_found() {
    let Some(home) = real() else { return };
    let address = std::env::var(BUS).expect("a session bus");
    let bus = address.split("path=").nth(1).and_then(|rest| rest.split(',').next()).expect("a bus at a path").to_owned();
    let place = home.path().join("bus");
    let home = home.with(BUS, format!("unix:path={}", place.display()));
    assert_locked(&home, "");
    std::os::unix::fs::symlink(bus, place).expect("the bus can be put there");
    let daemon = home.daemon_pid();
    let output = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], KEY.as_bytes());
    assert_eq!((code(&output), home.daemon_pid()), (0, daemon), "{}", stderr(&output));
}

fn lock_keyring() {
    let method = "org.freedesktop.Secret.Service.Lock";
    let collection = "array:objpath:/org/freedesktop/secrets/collection/login";
    let arguments =
        ["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets", method, collection];
    let output = Command::new("dbus-send").args(arguments).output().expect("dbus-send is there");
    assert!(output.status.success(), "{}", stderr(&output));
}

fn unlock_keyring() {
    let mut child = Command::new("gnome-keyring-daemon")
        .args(["--replace", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon is there");
    child.stdin.take().expect("it was piped").write_all(b"test").expect("it reads");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn by_default_a_home_has_its_key_in_a_file_and_a_user_in_the_keyring() {
    let Some(bus) = real().and_then(|_| std::env::var(BUS).ok()) else { return };
    let home = Home::new().with(BUS, bus);
    let output = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], KEY.as_bytes());
    assert!(stderr(&output).contains("(file: "), "{}", stderr(&output));
    // A user's own places, all of them under one folder, and no MMP_HOME.
    let user = Home::new();
    let mmp = |arguments: &[&str]| {
        let mut command = home.mmp(arguments);
        command.env_remove("MMP_HOME").env("HOME", user.path()).env("XDG_RUNTIME_DIR", user.path()).env("OPENAI_API_KEY", KEY);
        command.output().expect("mmp starts")
    };
    let said = mmp(&["providers", "import-env"]);
    let listed = mmp(&["providers", "show", "openai", "-o", "json"]);
    assert_eq!(code(&mmp(&["daemon", "stop"])), 0);
    assert!(location(&stderr(&said)).starts_with("vault-"), "{}", stderr(&said));
    let shown: Value = serde_json::from_str(&stdout(&listed)).expect("JSON");
    assert_eq!(shown["key"], "sealed");
    assert!(!user.files().iter().any(|(path, _)| path.ends_with("vault.key")), "no key file");
}

/// Runs `mmp` as a user with their own places, all under one folder, and no `MMP_HOME`.
fn as_user(user: &Home, bus: &str, arguments: &[&str], input: &str) -> Output {
    let mut command = user.mmp(arguments);
    command.env_remove("MMP_HOME").env("HOME", user.path()).env("XDG_RUNTIME_DIR", user.path()).env(BUS, bus);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("mmp starts");
    // One that takes no input may have ended by now.
    let _ = child.stdin.take().expect("it was piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// Ends a user's daemon, whatever the test makes of its answers.
struct EndsDaemon<'a>(&'a Home, &'a str);

impl Drop for EndsDaemon<'_> {
    fn drop(&mut self) {
        as_user(self.0, self.1, &["daemon", "stop"], "");
    }
}

const PASSWORD: &str = "quartz lantern meadow fifty\n";

#[test]
fn a_login_is_kept_in_the_keyring_refreshed_there_and_taken_away() {
    let Some(bus) = real().and_then(|_| std::env::var(BUS).ok()) else { return };
    let user = Home::new().with("MMPD_AUTH_ACCESS_LIFETIME", "1s");
    let _ends = EndsDaemon(&user, &bus);
    let mmp = |arguments: &[&str], input: &str| as_user(&user, &bus, arguments, input);
    let made = mmp(&["register", "--username", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    assert!(!stderr(&made).contains("no keyring"), "{}", stderr(&made));
    let list: Value =
        serde_json::from_slice(&std::fs::read(user.path().join(".local/state/mmp/logins.json")).expect("a list")).expect("JSON");
    assert_eq!(list["logins"][0]["keeper"], "keyring");
    let id = list["logins"][0]["login_id"].as_str().expect("an id").to_owned();
    let entry = || entry(&format!("login-{id}"));
    let kept = || -> Value { serde_json::from_slice(&entry().get_secret().expect("it is in the keyring")).expect("JSON") };
    let first = kept();
    let refreshed = support::until("it is refreshed", || {
        let me = mmp(&["whoami", "--json"], "");
        assert!(stdout(&me).contains("\"username\":\"ann\""), "{}", stderr(&me));
        Some(kept()).filter(|now| now["refresh_token"] != first["refresh_token"])
    });
    for secret in [&first["refresh_token"], &refreshed["refresh_token"], &refreshed["access_token"]] {
        assert_nowhere(&user, "a token", secret.as_str().expect("text").as_bytes());
    }
    assert_eq!(code(&mmp(&["logout"], "")), 0);
    assert!(matches!(entry().get_secret(), Err(Error::NoEntry)), "nothing is left behind");
    assert!(stdout(&mmp(&["whoami", "--json"], "")).contains("\"via\":\"peer\""));
}

#[test]
fn a_login_whose_keyring_is_away_is_nobody_elses_and_comes_back_with_it() {
    let Some(bus) = real().and_then(|_| std::env::var(BUS).ok()) else { return };
    let user = Home::new();
    let _ends = EndsDaemon(&user, &bus);
    assert_eq!(code(&as_user(&user, &bus, &["register", "--username", "ann", "--password-stdin"], PASSWORD)), 0);
    let away = as_user(&user, NOWHERE, &["whoami", "--json"], "");
    assert_eq!((code(&away), json_error(&away)["code"].as_str()), (3, Some("unauthenticated")), "{}", stderr(&away));
    assert!(json_error(&away)["hint"].as_str().is_some_and(|hint| hint.contains("unlock the keyring")));
    assert!(stdout(&as_user(&user, &bus, &["whoami", "--json"], "")).contains("\"username\":\"ann\""));
}

#[test]
fn without_a_keyring_the_login_is_in_a_file_and_that_is_said_once() {
    let user = Home::new().with("MMPD_VAULT_KEY_STORE", "file");
    let _ends = EndsDaemon(&user, NOWHERE);
    let made = as_user(&user, NOWHERE, &["register", "--username", "ann", "--password-stdin"], PASSWORD);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    assert!(stderr(&made).contains("in no keyring"), "{}", stderr(&made));
    let me = as_user(&user, NOWHERE, &["whoami"], "");
    assert!(stdout(&me).contains("ann") && stderr(&me).is_empty(), "{}", stderr(&me));
    let out = as_user(&user, NOWHERE, &["logout"], "");
    assert_eq!(code(&out), 0, "{}", stderr(&out));
}

#[test]
fn a_keyring_that_is_away_locks_the_vault_and_no_file_takes_its_place() {
    let home = Home::new().with("MMPD_VAULT_KEY_STORE", "keyring").with(BUS, NOWHERE);
    assert_locked(&home, "");
}

#[test]
fn a_keyring_that_never_answers_is_not_waited_for_longer_than_said() {
    let timeout = Duration::from_secs(1);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bus");
    let _listener = UnixListener::bind(&path).expect("a socket");
    let home = Home::new()
        .with("MMPD_VAULT_KEY_STORE", "keyring")
        .with("MMPD_VAULT_KEYRING_TIMEOUT", "1s")
        .with(BUS, format!("unix:path={}", path.display()));
    assert_locked(&home, "no answer within 1s");
    let begun = Instant::now();
    let at_once: Vec<_> = (0..8).map(|_| home.mmp(&["providers", "import-env"]).env("OPENAI_API_KEY", KEY).spawn()).collect();
    for child in at_once {
        assert_eq!(code(&child.and_then(|child| child.wait_with_output()).expect("mmp runs")), 1);
    }
    assert!(begun.elapsed() < timeout * 4, "they wait together and not one after the other: {:?}", begun.elapsed());
    let begun = Instant::now();
    home.text(&["daemon", "stop"]);
    assert!(begun.elapsed() < timeout * 10, "a call that hangs keeps nobody: {:?}", begun.elapsed());
}
