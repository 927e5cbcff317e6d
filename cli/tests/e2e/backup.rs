//! Backups of a daemon that goes on working, and what becomes of them.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::{Value, json};

use crate::support::{Home, code, json_error, stderr, until};

const SECRET: &str = "sk-backup-0123456789-abcdef";

fn backed_up(home: &Home) -> String {
    let file = home.path().join("backup.mmp").display().to_string();
    home.text(&["admin", "backup", &file]);
    file
}

fn refused(home: &Home, arguments: &[&str]) -> Value {
    let output = home.run(arguments);
    assert_ne!(code(&output), 0, "{arguments:?}");
    json_error(&output)
}

fn titles(home: &Home) -> Vec<String> {
    let list = home.json(&["history", "list", "--json"]);
    list["items"].as_array().into_iter().flatten().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

fn with_sealed_key() -> Home {
    let home = Home::new();
    let output = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], SECRET.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    home
}

fn has_key(home: &Home) -> bool {
    let provider = home.json(&["providers", "show", "openai", "--json"]);
    !provider["key"].is_null() && provider["key"]["source"] != "none"
}

#[test]
fn a_restored_store_is_what_it_was_and_the_one_before_is_kept() {
    let home = Home::new();
    home.text(&["chat", "the first question"]);
    let file = backed_up(&home);
    assert_eq!(fs::metadata(&file).expect("it was written").permissions().mode() & 0o777, 0o600);
    home.text(&["chat", "the second question"]);
    assert_eq!(titles(&home).len(), 2);
    let report = home.json(&["admin", "restore", &file, "--yes", "--json"]);
    assert_eq!((&report["key"], &report["lost_keys"]), (&json!("none"), &json!([])), "{report}");
    let kept = report["kept_at"].as_str().expect("the old store is kept");
    assert!(Path::new(kept).join("db").is_file());
    assert_eq!(titles(&home).len(), 1);
    assert_eq!(home.json(&["daemon", "status", "--json"])["running"], true);
    let hits = |word: &str| home.json(&["search", word, "--json"])["items"].as_array().map(Vec::len);
    assert_eq!(
        (hits("first"), hits("second")),
        (Some(2), Some(0)),
        "the question and its echo: the index is the restored store's"
    );
    home.text(&["chat", "it goes on"]);
    home.text(&["daemon", "restart"]);
    assert_eq!(titles(&home).len(), 2);
}

#[test]
fn a_backup_goes_to_standard_output_and_to_another_home() {
    let home = Home::new();
    home.text(&["chat", "a question that moves"]);
    let output = home.run(&["admin", "backup", "-"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let other = Home::new();
    let file = other.path().join("from-elsewhere");
    fs::write(&file, &output.stdout).expect("written");
    let report = other.json(&["admin", "restore", &file.display().to_string(), "--yes", "--json"]);
    assert_eq!(report["kept_at"], Value::Null);
    assert_eq!(titles(&other), titles(&home));
}

#[test]
fn a_store_that_does_not_open_names_the_command_that_brings_it_back() {
    let home = Home::new();
    home.text(&["chat", "a question that is kept"]);
    let file = backed_up(&home);
    home.text(&["daemon", "stop"]);
    home.wait_for_end();
    let store = home.path().join("data/store/db");
    let length = usize::try_from(fs::metadata(&store).expect("a store").len()).expect("it fits");
    fs::write(&store, vec![0xa5; length]).expect("written");
    let output = home.run(&["history", "list", "--json"]);
    let error = json_error(&output);
    assert_eq!(error["code"], "storage_failed", "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("mmp admin restore FILE")), "{error}");
    let report = home.json(&["admin", "restore", &file, "--yes", "--json"]);
    assert!(Path::new(report["kept_at"].as_str().expect("it is kept")).join("db").is_file());
    assert_eq!(titles(&home).len(), 1);
}

/// The daemon's own backups in a folder, the oldest first.
fn own(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".backup"));
    names.sort();
    names
}

#[test]
fn a_daemon_that_is_told_so_makes_backups_and_the_last_one_brings_a_damaged_store_back() {
    let home = Home::new().with("MMPD_BACKUP_EVERY", "1s").with("MMPD_BACKUP_KEEP", "2");
    home.text(&["chat", "a question that is kept"]);
    let folder = home.path().join("state/backups");
    let first = until("a backup", || own(&folder).into_iter().next());
    let asked = jiff::Timestamp::now().strftime("mmp-%Y%m%dT%H%M%SZ.backup").to_string();
    let names = until("that the first one has gone", || {
        let names = own(&folder);
        (!names.contains(&first) && names.len() == 2 && names.iter().all(|name| *name > asked)).then_some(names)
    });
    home.text(&["daemon", "stop"]);
    home.wait_for_end();
    let last = folder.join(own(&folder).pop().expect("the last one"));
    assert!(last.display().to_string() >= folder.join(&names[1]).display().to_string());
    assert_eq!(fs::metadata(&last).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&folder).expect("it is there").permissions().mode() & 0o777, 0o700);
    let store = home.path().join("data/store/db");
    let length = usize::try_from(fs::metadata(&store).expect("a store").len()).expect("it fits");
    fs::write(&store, vec![0xa5; length]).expect("written");
    let error = json_error(&home.run(&["history", "list", "--json"]));
    assert_eq!(error["code"], "storage_failed", "{error}");
    let command = format!("`mmp admin restore '{}'`", last.display());
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(&command)), "{error}");
    home.json(&["admin", "restore", &last.display().to_string(), "--yes", "--json"]);
    assert_eq!(titles(&home), ["a question that is kept"]);
}

#[test]
fn backups_for_which_there_is_no_place_are_said_in_the_log_and_keep_nobody_from_work() {
    let home = Home::new().with("MMPD_BACKUP_EVERY", "1s").with("MMPD_BACKUP_FOLDER", "/proc/nowhere");
    home.text(&["chat", "hello"]);
    until("a line in the log", || home.text(&["daemon", "logs"]).contains("no backup could be made").then_some(()));
    home.text(&["chat", "hello again"]);
}

#[test]
fn the_audit_tells_of_every_copy() {
    let home = with_sealed_key();
    backed_up(&home);
    let file = home.path().join("with-key").display().to_string();
    let output = home.run_with_input(&["admin", "backup", &file, "--with-key", "--passphrase-stdin"], b"some words\n");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let lines = home.json(&["admin", "audit", "--kind", "backup", "--json"]);
    let details: Vec<&Value> = lines["items"].as_array().expect("lines").iter().map(|line| &line["detail"]).collect();
    assert_eq!(details, [&json!("with_key"), &Value::Null], "{lines}");
}

#[test]
fn a_file_that_is_no_whole_backup_changes_nothing() {
    let home = Home::new();
    home.text(&["chat", "stays"]);
    let file = backed_up(&home);
    let whole = fs::read(&file).expect("a backup");
    let mut newer = whole.clone();
    newer[11] = 99;
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let pid = home.daemon_pid();
    for (bytes, said) in [
        (&whole[..whole.len() / 2], "is cut"),
        (&whole[..whole.len() - 1], "is cut"),
        (&newer, "newer version"),
        (&changed, "is damaged"),
        (b"something else entirely", "is no backup"),
    ] {
        fs::write(&file, bytes).expect("written");
        let error = refused(&home, &["admin", "restore", &file, "--yes", "--json"]);
        assert_eq!(error["code"], "bad_request", "{error}");
        assert!(error["message"].as_str().is_some_and(|words| words.contains(said)) && error["hint"].is_string(), "{error}");
    }
    assert_eq!(home.daemon_pid(), pid, "it was not even stopped");
    assert_eq!(titles(&home).len(), 1);
}

#[test]
fn a_running_daemons_store_is_not_replaced_under_it() {
    let home = Home::new();
    home.text(&["chat", "stays"]);
    let file = backed_up(&home);
    let output = home.mmpd(&["restore", &file]).output().expect("mmpd starts");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("holds") || stderr(&output).contains("running"), "{}", stderr(&output));
    // A script has to say that it means it.
    assert_eq!(refused(&home, &["admin", "restore", &file, "--json"])["code"], "bad_request");
}

#[test]
fn a_place_that_cannot_be_written_is_said_and_nothing_is_left() {
    let home = Home::new();
    home.text(&["chat", "hello"]);
    let folder = home.path().join("folder");
    fs::create_dir(&folder).expect("a folder");
    let error = refused(&home, &["admin", "backup", &folder.display().to_string(), "--json"]);
    assert!(error["message"].as_str().is_some_and(|words| words.contains("folder")), "{error}");
    let inside = home.path().join("nowhere/backup").display().to_string();
    assert_eq!(refused(&home, &["admin", "backup", &inside, "--json"])["code"], "storage_failed");
    assert_eq!(folder.read_dir().expect("a folder").count(), 0);
}

#[test]
fn sealed_keys_move_with_a_passphrase_alone() {
    let home = with_sealed_key();
    let plain = backed_up(&home);
    let bytes = fs::read(&plain).expect("a backup");
    assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()), "secrets stay sealed");
    let file = home.path().join("with-key").display().to_string();
    let output = home.run_with_input(&["admin", "backup", &file, "--with-key", "--passphrase-stdin"], b"some words\n");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(has_key(&home));
    // On the machine that has the key no words are needed.
    assert_eq!(home.json(&["admin", "restore", &file, "--yes", "--json"])["key"], "here");
    assert!(has_key(&home));

    home.text(&["daemon", "stop"]);
    home.wait_for_end();
    fs::remove_file(home.path().join("vault.key")).expect("it was there");
    let other = Home::new();
    let error = refused(&other, &["admin", "restore", &plain, "--yes", "--json"]);
    assert_eq!(error["code"], "conflict", "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("--without-key")), "{error}");
    let output = other.run_with_input(&["admin", "restore", &file, "--yes", "--json", "--passphrase-stdin"], b"other words\n");
    assert_eq!((code(&output), json_error(&output)["code"].as_str()), (2, Some("bad_request")));
    assert_eq!(other.json(&["daemon", "status", "--json"])["running"], false, "wrong words end no daemon, and start none");
    let output = other.run_with_input(&["admin", "restore", &file, "--yes", "--json", "--passphrase-stdin"], b"some words\n");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(has_key(&other), "the key opens there");
    let doctor = crate::support::stdout(&other.run(&["doctor", "--json"]));
    assert!(doctor.contains(r#""check":"vault","status":"ok""#), "{doctor}");

    let third = Home::new();
    let report = third.json(&["admin", "restore", &plain, "--yes", "--json", "--without-key"]);
    assert_eq!(report["lost_keys"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(report["lost_keys"][0]["provider"], "openai");
    let output = third.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], SECRET.as_bytes());
    assert_eq!(code(&output), 0, "another key can be sealed: {}", stderr(&output));
}
