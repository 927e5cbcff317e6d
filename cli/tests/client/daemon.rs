//! Finding, starting and stopping: with a shell script in the place of the daemon's program.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    fake::{Fake, answer},
    world::{Ran, World, ran},
};

/// Puts the client beside a program `mmpd` that is this script, and gives back the client's path. Another process
/// writes both: a program that is open for writing, in a test's child too, cannot be run.
fn beside(world: &World, script: &str) -> PathBuf {
    let make = r#"mkdir bin && cp "$1" bin/mmp && printf '#!/bin/sh\n%s\n' "$2" > bin/mmpd && chmod 755 bin/mmpd"#;
    let made =
        Command::new("/bin/sh").args(["-c", make, "sh", env!("CARGO_BIN_EXE_mmp"), script]).current_dir(world.path()).status();
    assert!(made.expect("a shell").success());
    world.path().join("bin/mmp")
}

fn run(world: &World, client: &Path, arguments: &[&str]) -> Ran {
    ran(world.command_of(client, arguments).output().expect("the client runs"))
}

fn lock_info(world: &World, socket: &str) -> Value {
    json!({ "pid": 1, "version": "0.1.0", "socket": world.path().join(socket), "started_at": "2026-01-01T00:00:00Z" })
}

#[test]
fn a_daemon_is_started_where_none_answers() {
    let world = World::new().with("OPENAI_API_KEY", "sk-secret").with("MMPD_LOG_LEVEL", "debug");
    let mut report = lock_info(&world, "other.sock");
    report["state"] = "ready".into();
    let client = beside(
        &world,
        &format!("env > {0}/seen; echo \"$@\" >> {0}/seen; pwd >> {0}/seen\necho '{report}'", world.path().display()),
    );
    let fake = Fake::listen(&world.path().join("other.sock"), |_, _| answer(&["x"]));
    let ran = run(&world, &client, &["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "x\n"), "{}", ran.stderr);
    assert_eq!(fake.requests().len(), 1);
    let seen = fs::read_to_string(world.path().join("seen")).expect("the script ran");
    assert!(seen.ends_with("run --detached\n/\n"), "{seen}");
    assert!(seen.contains(&format!("MMP_HOME={}", world.path().display())) && seen.contains("MMPD_LOG_LEVEL=debug"), "{seen}");
    assert!(!seen.contains("sk-secret"), "no key reaches the daemon's environment");
    assert_eq!(fs::metadata(world.path().join("data")).expect("made").permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_daemon_that_cannot_start_says_why() {
    let world = World::new();
    let error = json!({ "state": "failed", "error": { "code": "storage_failed", "message": "the store is damaged", "hint": "restore it", "retryable": false } });
    let client = beside(&world, &format!("echo '{error}'"));
    let ran = run(&world, &client, &["chat", "hi"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: the store is damaged\nhint: restore it\n"));
}

#[test]
fn a_daemon_that_dies_leaves_its_last_words() {
    let world = World::new();
    let client = beside(&world, "exit 1");
    fs::create_dir_all(world.path().join("state/logs")).expect("a folder");
    fs::write(world.path().join("state/logs/mmpd.log"), "first\nlast words\n").expect("written");
    let ran = run(&world, &client, &["chat", "--json", "hi"]);
    assert_eq!((ran.code, ran.error()["code"].as_str()), (6, Some("daemon_unreachable")));
    assert!(ran.error()["hint"].as_str().expect("a hint").ends_with("last words"));
    assert_eq!(run(&world, &client, &["daemon", "logs", "--lines", "1"]).stdout, "last words\n");
}

#[test]
fn a_daemon_at_another_place_is_found_by_its_lock_file() {
    let world = World::new();
    let client = beside(&world, "exit 1");
    fs::create_dir(world.path().join("data")).expect("a folder");
    fs::write(world.path().join("data/mmpd.lock"), lock_info(&world, "other.sock").to_string()).expect("written");
    let _fake = Fake::listen(&world.path().join("other.sock"), |_, _| answer(&["x"]));
    assert_eq!(run(&world, &client, &["chat", "hi"]).stdout, "x\n");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let world = World::new();
    fs::write(world.path().join("data"), "a file").expect("written");
    let ran = world.run(&["chat", "hi"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains(&format!("{}/data", world.path().display())) && ran.stderr.contains("MMP_HOME"),
        "{}",
        ran.stderr
    );
}

#[test]
fn no_daemon_is_a_status_and_no_error() {
    let world = World::new();
    fs::DirBuilder::new().mode(0o700).create(world.path().join("data")).expect("a folder");
    let ran = world.run(&["daemon", "status", "--json"]);
    let expected = json!({ "running": false, "pid": null, "version": null, "socket": null, "started_at": null, "runs": null });
    assert_eq!((ran.code, serde_json::from_str::<Value>(&ran.stdout).expect("JSON")), (0, expected));
    assert_eq!(world.run(&["daemon", "stop"]).code, 0);
}

#[test]
fn a_running_daemon_tells_its_status() {
    let world = World::new();
    let mut info = lock_info(&world, "mmp.sock");
    info["runs"] = 2.into();
    let answered = info.clone();
    world.fake(move |_, _| crate::fake::Reply::json(&answered));
    info["running"] = true.into();
    assert_eq!(serde_json::from_str::<Value>(&world.run(&["daemon", "status", "-o", "json"]).stdout).expect("JSON"), info);
}

#[test]
fn a_daemon_that_is_stopped_is_waited_for() {
    let world = World::new();
    fs::create_dir(world.path().join("data")).expect("a folder");
    // The lock is held by a process that, as the daemon does, ends at SIGTERM.
    let lock = world.path().join("data/mmpd.lock");
    let script = format!("exec 9>>{0}; flock 9; echo locked; exec sleep 60", lock.display());
    let mut holder = Command::new("/bin/sh").args(["-c", &script]).stdout(std::process::Stdio::piped()).spawn().expect("a shell");
    std::io::Read::read_exact(holder.stdout.as_mut().expect("a pipe"), &mut [0; 7]).expect("locked");
    let mut info = lock_info(&world, "mmp.sock");
    info["pid"] = holder.id().into();
    fs::write(&lock, info.to_string()).expect("written");
    let ran = world.run(&["daemon", "stop"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(holder.wait().expect("it has ended").code(), None);
}
