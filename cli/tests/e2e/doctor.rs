//! `mmp doctor` finds what is wrong and says what to do, whether a daemon runs, can be started, or cannot.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{
    Home, code, stderr, stdout,
    upstream::{Upstream, server::answer},
};

const KEY: &str = "sk-doctor-0123456789";

/// What a doctor found.
#[derive(Debug)]
struct Found {
    code: i32,
    items: Vec<Value>,
}

impl Found {
    /// The status of a check, and its words with its hint.
    #[track_caller]
    fn of(&self, check: &str) -> (&str, String) {
        let item = self.items.iter().find(|item| item["check"] == check);
        let item = item.unwrap_or_else(|| panic!("nothing was said of `{check}`: {self:#?}"));
        let hint = item["hint"].as_str().unwrap_or_default();
        (item["status"].as_str().expect("a status"), format!("{}\n{hint}", item["message"].as_str().expect("a message")))
    }

    #[track_caller]
    fn says(&self, check: &str, status: &str, parts: &[&str]) {
        let (found, words) = self.of(check);
        assert_eq!(found, status, "{check}: {words}");
        assert!(parts.iter().all(|part| words.contains(part)), "{check}: {parts:?} is not all in: {words}");
    }

    fn worst(&self) -> Vec<&Value> {
        self.items.iter().filter(|item| item["status"] == "error").collect()
    }
}

/// Asks the doctor; what it says is a list, and its exit code says whether anything is an error.
#[track_caller]
fn doctor(home: &Home, arguments: &[&str]) -> Found {
    let output = home.run(&[&["doctor", "-o", "json"], arguments].concat());
    let list: Value = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("no JSON: {}", stderr(&output)));
    assert!(list["next_cursor"].is_null());
    let found = Found { code: code(&output), items: list["items"].as_array().expect("items").clone() };
    assert_eq!(found.code, i32::from(!found.worst().is_empty()), "{found:#?}");
    for item in &found.items {
        assert!(item["check"].is_string() && item["message"].is_string(), "{item}");
        assert!(["ok", "warning", "error"].contains(&item["status"].as_str().expect("a status")), "{item}");
        assert!(item["hint"].is_string() || item["hint"].is_null(), "{item}");
        assert!(item["status"] == "ok" || item["hint"].is_string() || item["check"] == "daemon", "no way out: {item}");
    }
    found
}

fn answering() -> Upstream {
    let body = r#"{"object":"list","data":[{"id":"m","object":"model"}]}"#;
    Upstream::repeating(answer(200, "application/json", &[], body.as_bytes(), &[]))
}

#[test]
fn all_is_well_where_it_is() {
    let upstream = answering();
    let home = Home::new();
    let first = doctor(&home, &[]);
    assert_eq!(first.code, 0, "{first:#?}");
    first.says("config", "ok", &["what is built in holds"]);
    first.says("socket", "ok", &["nobody listens"]);
    first.says("lock", "ok", &["nobody holds"]);
    first.says("daemon", "ok", &["none ran", "was started", env!("CARGO_PKG_VERSION")]);
    first.says("vault", "ok", &["no key is sealed yet"]);
    first.says("providers", "warning", &["only the built-in demo", "mmp providers set NAME", "mmp providers discover"]);
    let home = upstream.add_to(home);
    home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], KEY.as_bytes());
    fs::write(home.path().join("config.toml"), "show_thinking = false\n").expect("written");
    let found = doctor(&home, &[]);
    assert!(found.items.iter().all(|item| item["status"] == "ok"), "{found:#?}");
    let pid = format!("#{}", home.daemon_pid());
    found.says("socket", "ok", &["somebody answers", "mmp.sock"]);
    found.says("lock", "ok", &[&pid]);
    found.says("daemon", "ok", &[&pid, "has run since"]);
    found.says("store", "ok", &["sled at `", "data/store", "a loss of power"]);
    found.says("disk", "ok", &["of room"]);
    found.says("vault", "ok", &["vault.key", "yours alone"]);
    found.says("proxy", "ok", &["directly"]);
    found.says("provider:rec", "ok", &["answers within", "1 model"]);
}

#[test]
fn people_see_marks_with_words_and_a_sum() {
    let home = Home::new();
    let output = home.run(&["doctor"]);
    let text = stdout(&output);
    assert!(text.starts_with("✓ ok config: ") && text.contains("\n! warning providers: "), "{text}");
    assert!(text.ends_with("\n\n10 checks: 0 errors, 1 warning\n") && !text.contains('\u{1b}'), "{text}");
    assert!(home.text(&["doctor", "--color", "always"]).contains("\u{1b}[32m✓ ok\u{1b}[0m config: "));
    home.text(&["providers", "add", "gone", "--kind", "openai", "--base-url", "http://127.0.0.1:9/v1"]);
    let output = home.run(&["doctor", "--lang", "zh-CN"]);
    assert_eq!(code(&output), 1);
    let text = stdout(&output);
    assert!(text.starts_with("✓ 正常 config: 没有") && text.contains("✗ 错误 provider:gone: 无法连接 `gone`"), "{text}");
    assert!(
        text.contains("\n    hint: 服务器在运行吗？") && text.ends_with("\n检查了 10 项：1 个错误，0 个注意事项\n"),
        "{text}"
    );
    assert_eq!(stdout(&home.run(&["doctor", "-o", "jsonl"])).lines().count(), 10);
    assert_eq!(stdout(&home.run(&["doctor", "-o", "csv"])).lines().next(), Some("check,status,message,hint"));
}

#[test]
fn each_provider_is_asked_and_one_that_fails_keeps_nobody_else() {
    let (good, bad) = (answering(), Upstream::repeating(answer(401, "application/json", &[], br#"{"error":"no"}"#, &[])));
    let home = good.add_to(Home::new());
    home.text(&["providers", "add", "bad", "--kind", "openai", "--base-url", &bad.url()]);
    home.run_with_input(&["providers", "set", "bad", "--api-key-stdin"], KEY.as_bytes());
    home.text(&["providers", "add", "keyless", "--kind", "deepseek"]);
    home.text(&["providers", "add", "far", "--kind", "openai", "--base-url", "https://provider.invalid/v1"]);
    let found = doctor(&home, &[]);
    found.says("provider:rec", "ok", &[]);
    found.says("provider:bad", "error", &["does not accept the key", "mmp providers set bad"]);
    found.says("provider:far", "error", &["there is no host `provider.invalid`"]);
    found.says("provider:keyless", "warning", &["`keyless` wants a key", "mmp providers set keyless"]);
    assert_eq!(found.worst().len(), 2, "{found:#?}");
    assert!(!format!("{found:?}").contains(KEY));
    assert!(!found.items.iter().any(|item| item["check"] == "provider:openai"), "nobody set it up: {found:#?}");
}

#[test]
fn keys_of_the_environment_are_named_and_not_shown() {
    let home = Home::new().with("OPENAI_API_KEY", KEY).with("DEEPSEEK_API_KEY", KEY);
    let found = doctor(&home, &[]);
    found.says("environment", "ok", &["deepseek, openai"]);
    assert!(!format!("{found:?}").contains(KEY));
    assert_eq!(home.json(&["providers", "show", "openai", "-o", "json"])["key"], "missing", "a doctor changes nothing");
}

#[test]
fn a_mistake_in_the_settings_is_told_with_its_line_and_no_daemon_is_asked() {
    let home = Home::new();
    fs::write(home.path().join("config.toml"), "\n[daemon.store]\ncahce = 3\n").expect("written");
    let found = doctor(&home, &[]);
    found.says("config", "error", &["line 3", "daemon.store.cahce", "did you mean `daemon.store.cache`"]);
    found.says("folders", "ok", &[]);
    found.says("daemon", "error", &["settings have to be put right first"]);
    assert!(home.lock().is_none(), "none was started");
    fs::write(home.path().join("config.toml"), "").expect("written");
    fs::set_permissions(home.path().join("config.toml"), fs::Permissions::from_mode(0o666)).expect("ours");
    doctor(&home, &[]).says("config", "warning", &["others than you may write", "chmod go-w"]);
}

#[test]
fn folders_that_cannot_be_used_are_said() {
    let home = Home::new();
    fs::write(home.path().join("file"), "").expect("written");
    let inside = home.path().join("file/inside").display().to_string();
    let output = home.mmp(&["doctor", "-o", "json"]).env("MMP_HOME", &inside).output().expect("mmp starts");
    let list: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let folders = list["items"].as_array().expect("items").iter().find(|item| item["check"] == "folders").expect("said");
    assert_eq!((code(&output), &folders["status"]), (1, &json!("error")), "{list}");
    assert!(folders["message"].as_str().is_some_and(|words| words.contains(&inside)), "{folders}");
    let runtime = home.path().join("temp");
    fs::create_dir(&runtime).expect("made");
    let mut command = home.mmp(&["doctor", "-o", "json"]);
    let user = rustix::process::geteuid().as_raw();
    fs::create_dir(runtime.join(format!("mmp-{user}"))).expect("made");
    fs::set_permissions(runtime.join(format!("mmp-{user}")), fs::Permissions::from_mode(0o777)).expect("ours");
    let output = command.env_remove("MMP_HOME").env("TMPDIR", &runtime).output().expect("mmp starts");
    let list: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let said = |check: &str| {
        let item = list["items"].as_array().expect("items").iter().find(|item| item["check"] == check).expect("said").clone();
        (item["status"] == "error", format!("{} {}", item["message"], item["hint"]))
    };
    assert!(said("folders").0 && said("folders").1.contains("others may enter it"), "{list}");
    assert!(said("socket").0 && said("socket").1.contains("mmp-"), "{list}");
}

#[test]
fn a_store_that_does_not_open_is_said_with_the_last_words_of_the_log() {
    let home = Home::new();
    home.text(&["chat", "hello"]);
    home.text(&["daemon", "stop"]);
    let file = home.path().join("data/store/db");
    let length = fs::metadata(&file).expect("it is there").len();
    fs::write(&file, vec![0xff; usize::try_from(length).expect("small")]).expect("written");
    let found = doctor(&home, &[]);
    found.says("lock", "ok", &["nobody holds"]);
    found.says("daemon", "error", &["the store", "data/store", "backup"]);
    let daemon = found.items.iter().find(|item| item["check"] == "daemon").expect("said");
    let log = daemon["log"].as_array().expect("the log's last lines");
    assert!(!log.is_empty() && log.len() <= 5 && log.iter().any(|line| line.to_string().contains("ERROR")), "{daemon}");
    assert!(stdout(&home.run(&["doctor"])).contains("\n    log: "));
    assert!(!found.items.iter().any(|item| item["check"] == "store"), "nobody could be asked: {found:#?}");
}

#[test]
fn a_locked_vault_is_said_with_the_way_to_open_it() {
    let home = answering().add_to(Home::new());
    home.run_with_input(&["providers", "set", "rec", "--api-key-stdin"], KEY.as_bytes());
    let key_file = home.path().join("vault.key");
    // The daemon has the key in its memory, and would lose it at its end: that is worth to know before.
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o644)).expect("ours");
    let chmod = format!("chmod 600 '{}'", key_file.display());
    doctor(&home, &[]).says("vault", "error", &["others than you may read", &chmod]);
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).expect("ours");
    doctor(&home, &[]).says("vault", "ok", &[]);
    let elsewhere = home.path().join("elsewhere.key");
    fs::rename(&key_file, &elsewhere).expect("moved");
    home.text(&["daemon", "restart"]);
    let found = doctor(&home, &[]);
    found.says("vault", "error", &["the vault is locked", "put the key file back"]);
    found.says("provider:rec", "error", &["the vault is locked"]);
    assert!(!key_file.exists(), "a doctor makes no key");
    fs::write(&key_file, [7; 32]).expect("written");
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).expect("ours");
    doctor(&home, &[]).says("vault", "error", &["is not its master key"]);
    fs::rename(&elsewhere, &key_file).expect("moved back");
    doctor(&home, &[]).says("vault", "ok", &[]);
}

#[test]
fn what_a_killed_daemon_left_is_no_error() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    let pid = format!("#{}", home.daemon_pid());
    home.kill_daemon();
    let found = doctor(&home, &[]);
    found.says("socket", "ok", &["a daemon that has ended left"]);
    found.says("lock", "ok", &["the last to do so was", &pid]);
    found.says("daemon", "ok", &["was started"]);
}

#[test]
fn a_daemon_that_listens_elsewhere_or_hangs_is_said() {
    let home = Home::new();
    home.text(&["daemon", "start"]);
    home.signal_daemon(Signal::STOP);
    let found = doctor(&home, &[]);
    let kill = format!("kill -9 {}", home.daemon_pid());
    found.says("daemon", "error", &["has not answered within 5 seconds", "mmp daemon restart", &kill]);
    fs::remove_file(home.socket()).expect("it was there");
    let found = doctor(&home, &[]);
    found.says("lock", "error", &["nobody answers at", &kill]);
    found.says("daemon", "error", &[]);
    home.signal_daemon(Signal::CONT);
    crate::support::until("the socket to be bound anew", || home.socket().exists().then_some(()));
    let lock = home.path().join("data/mmpd.lock");
    let mut info = home.lock().expect("it runs");
    let ours = home.socket().display().to_string();
    info["socket"] = json!("/elsewhere/mmp.sock");
    let before = fs::read_to_string(&lock).expect("it is there");
    fs::write(&lock, info.to_string()).expect("written");
    doctor(&home, &[]).says("lock", "warning", &["listens at `/elsewhere/mmp.sock`", &ours, "MMP_HOME"]);
    fs::write(&lock, before).expect("written");
}

#[test]
fn a_store_in_memory_and_one_that_power_may_cost_are_told() {
    let home = Home::new().with("MMPD_STORE_URL", "memory:");
    doctor(&home, &[]).says("store", "warning", &["everything is forgotten", "mmp config set daemon.store.url sled:"]);
    let home = Home::new().with("MMPD_STORE_DURABILITY", "process");
    doctor(&home, &[]).says("store", "ok", &["not a loss of power"]);
}

#[test]
fn proxies_are_those_of_the_daemon_and_their_passwords_nobodys() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = listener.local_addr().expect("an address").to_string();
    let home = Home::new().with("HTTPS_PROXY", format!("http://me:hunter2secret@{place}")).with("NO_PROXY", "intern.example");
    let found = doctor(&home, &[]);
    found.says("proxy", "ok", &["`HTTPS_PROXY` leads to", &format!("`http://{place}`"), "intern.example"]);
    assert!(!format!("{found:?}").contains("hunter2secret"));
    drop(listener);
    let found = doctor(&home, &[]);
    found.says("proxy", "error", &["cannot be reached", "connection refused", "`HTTPS_PROXY`", "mmp daemon restart"]);
    let output = home.mmp(&["doctor", "-o", "json"]).env("HTTPS_PROXY", "http://other.example:1").output().expect("mmp starts");
    assert!(stdout(&output).contains("are not those that the daemon was started with"), "{}", stdout(&output));
    let home = Home::new().with("ALL_PROXY", "ftp://me:hunter2secret@proxy.example");
    let found = doctor(&home, &[]);
    found.says("proxy", "warning", &["`ALL_PROXY` holds no URL of a proxy"]);
    assert!(!format!("{found:?}").contains("hunter2secret"));
}

#[test]
fn a_daemon_at_a_named_place_is_never_started() {
    let home = Home::new();
    let nowhere = format!("unix://{}", home.path().join("nobody.sock").display());
    let found = doctor(&home, &["--host", &nowhere]);
    found.says("daemon", "error", &["nobody answers at", "a daemon at a named place is never started from here"]);
    assert!(!found.items.iter().any(|item| item["check"] == "lock"), "it is not ours: {found:#?}");
    assert!(home.lock().is_none());
}
