//! Disks that are full, read-only or held by somebody else, and stores that are damaged or too new: words, exit 1, what to
//! do, nothing half done, and work goes on once the reason is gone.
//!
//! A full disk is played by a limit on the size of files, which needs no right; where the system lets this user mount, by
//! a small disk as well. What cannot be played here says SKIPPED aloud.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use rustix::process::{Pid, Resource, Rlimit, geteuid, prlimit};
use serde_json::{Value, json};

use crate::{
    run_life::{Provider, finish, say},
    support::{Home, code, http, json_error, stderr, stdout, until},
};

/// An OS user that owns nothing.
const NOBODY: u32 = 65534;

/// How many chats a store holds before it is damaged, and into how many parts its file is cut for that.
const CHATS: usize = 30;
const PARTS: usize = 8;

fn skipped(what: &str, why: &str) {
    // Past the test harness, which would keep it to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}: {why}");
}

/// What whoever watches the daemon is told.
fn ready(home: &Home) -> (u16, String) {
    let answer = http::request(&home.socket(), "GET", "/health/ready", &[], b"");
    (answer.status, answer.text())
}

/// Checks an error of `--json`: its code, exit 1, words and a way out.
fn assert_told(output: &Output, wanted: &str) -> Value {
    assert_eq!(code(output), 1, "{}{}", stdout(output), stderr(output));
    let error = json_error(output);
    assert_eq!(error["code"], wanted, "{error}");
    assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.len() > 10), "{error}");
    error
}

fn conversations(home: &Home) -> usize {
    home.json(&["history", "list", "--all", "-o", "json"])["items"].as_array().expect("items").len()
}

/// A daemon whose files may only grow so far; without the signal by which the system would end it for that.
struct Limited {
    daemon: Child,
    unlimited: Rlimit,
}

impl Limited {
    fn start(home: &Home) -> Self {
        let command = home.mmpd(&["run"]);
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" run"]).arg(command.get_program());
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let daemon = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("mmpd starts");
        until("the socket", || std::os::unix::net::UnixStream::connect(home.socket()).ok());
        let limited = Self { unlimited: rustix::process::getrlimit(Resource::Fsize), daemon };
        limited.is_full(false, home);
        limited
    }

    /// Lets no file grow any more, or lifts the limit.
    fn is_full(&self, is_full: bool, home: &Home) {
        let size = fs::metadata(home.path().join("data/store/db")).expect("the store is there").len();
        let limit = if is_full { Rlimit { current: Some(size), ..self.unlimited } } else { self.unlimited };
        let pid = i32::try_from(self.daemon.id()).ok().and_then(Pid::from_raw);
        prlimit(pid, Resource::Fsize, limit).expect("it is a process of ours");
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[test]
fn a_full_disk_is_said_undoes_the_turn_and_is_over_once_there_is_room() {
    let home = Home::new();
    let daemon = Limited::start(&home);
    home.text(&["chat", "before"]);
    daemon.is_full(true, &home);
    // What is left of the file's last piece takes some more.
    let refused = until("that the disk is full", || {
        let output = home.run(&["chat", "--json", &"filling ".repeat(4_000)]);
        (code(&output) != 0).then_some(output)
    });
    let error = assert_told(&refused, "storage_full");
    assert_eq!(error["retryable"], true, "{error}");
    assert_eq!(stdout(&refused), "");
    let (status, body) =
        http::json(&home.socket(), "POST", "/api/v1/chat", &json!({"content": "x".repeat(40_000), "models": ["demo"]}));
    assert_eq!((status, body["code"].as_str()), (507, Some("storage_full")), "{body}");
    assert_told(
        &home.run(&["providers", "add", &"n".repeat(60), "--kind", "openai", "--base-url", &long_url(), "--json"]),
        "storage_full",
    );
    daemon.is_full(false, &home);
    let kept = conversations(&home);
    home.text(&["chat", "after"]);
    assert_eq!(conversations(&home), kept + 1);
    assert!(
        home.json(&["runs", "list", "--all", "-o", "json"])["items"]
            .as_array()
            .expect("items")
            .iter()
            .all(|run| run["status"] == "complete")
    );
    drop(daemon);
    assert_eq!(conversations(&home), kept + 1, "and a new daemon finds the same");
}

fn long_url() -> String {
    format!("http://127.0.0.1/{}", "x".repeat(40_000))
}

#[test]
fn a_disk_that_fills_up_in_the_middle_of_an_answer_ends_it_in_words_and_keeps_it_once_there_is_room() {
    let provider = Provider::start();
    let home = Home::new();
    let daemon = Limited::start(&home);
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    let client = home.mmp(&["chat", "--json", "-m", "rec/m", "hi"]).spawn().expect("mmp starts");
    let mut stream = provider.next();
    daemon.is_full(true, &home);
    // Longer than any room that the file has left.
    say(&mut stream, &"word ".repeat(200_000));
    finish(stream);
    let output = client.wait_with_output().expect("mmp ends");
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    assert_eq!(json_error(&output)["code"], "storage_full");
    let printed: Value = serde_json::from_str(&stdout(&output)).expect("the answer all the same");
    assert_eq!((printed["status"].as_str(), printed["text"].as_str().map(str::len)), (Some("failed"), Some(1_000_000)));
    daemon.is_full(false, &home);
    let run = until("the run's end on disk", || {
        Some(home.json(&["runs", "list", "-o", "json"])["items"][0].clone()).filter(|run| run["status"] != "running")
    });
    assert_eq!((run["status"].as_str(), run["error"]["code"].as_str()), (Some("failed"), Some("storage_full")));
    let shown = home.json(&["history", "show", "-o", "json"]);
    assert_eq!(shown["messages"][1]["text"].as_str().map(str::len), Some(1_000_000), "the answer is kept after all");
}

/// A shell in a space of its own, in which this user may mount; `None` where the system does not let it.
struct Space {
    shell: Child,
}

impl Space {
    fn open(home: &Home) -> Option<Self> {
        let flags = ["-rm", "-m"].into_iter().find(|flags| {
            let script = "mount -t tmpfs -o size=1m none /mnt";
            let tried = Command::new("unshare").args([flags, "sh", "-c", script]).stderr(Stdio::null()).status();
            tried.is_ok_and(|status| status.success())
        })?;
        let mut shell = Command::new("unshare");
        shell.args([flags, "sh"]).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        shell.env("MMP_HOME", home.path()).env("HOME", home.path()).env("LANG", "C.UTF-8");
        let shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a shell");
        Some(Self { shell })
    }

    /// Does a line there and waits for its end.
    fn run(&mut self, line: &str) {
        let stdin = self.shell.stdin.as_mut().expect("it was piped");
        writeln!(stdin, "{line}\necho done").expect("the shell listens");
        let mut answer = String::new();
        let stdout = self.shell.stdout.as_mut().expect("it was piped");
        BufReader::with_capacity(1, stdout).read_line(&mut answer).expect("the shell answers");
        assert_eq!(answer, "done\n", "{line}");
    }

    /// Runs `mmp` there.
    fn mmp(&mut self, home: &Home, arguments: &str) -> Output {
        let (out, err, end) = (home.path().join("out"), home.path().join("err"), home.path().join("end"));
        let mmp = env!("CARGO_BIN_EXE_mmp");
        self.run(&format!("{mmp} {arguments} </dev/null >{} 2>{}; echo $? >{}", out.display(), err.display(), end.display()));
        let code: i32 = fs::read_to_string(end).expect("an exit code").trim().parse().expect("a number");
        let status = std::os::unix::process::ExitStatusExt::from_raw(code << 8);
        Output { status, stdout: fs::read(out).expect("an output"), stderr: fs::read(err).expect("an output") }
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

#[test]
fn a_small_disk_that_is_full_is_said_before_the_store_meets_its_end() {
    let home = Home::new();
    let Some(mut space) = Space::open(&home) else { return skipped("a full disk", "this user may not mount here") };
    let data = home.path().join("data");
    fs::create_dir(&data).expect("a folder");
    let (data, mmpd) = (data.display().to_string(), crate::support::daemon_binary());
    space.run(&format!("mount -t tmpfs -o size=40m,mode=700 none {data}"));
    space.run(&format!("{} run >/dev/null 2>&1 </dev/null & echo $! >{}", mmpd.display(), home.path().join("pid").display()));
    until("the socket", || std::os::unix::net::UnixStream::connect(home.socket()).ok());
    home.text(&["chat", "before"]);
    space.run(&format!("cat /dev/zero >{data}/filler 2>/dev/null; true"));
    let error = assert_told(&home.run(&["chat", "--json", "refused"]), "storage_full");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("MiB")), "{error}");
    assert_eq!(conversations(&home), 1, "what is there can be read");
    assert_eq!(ready(&home), (503, "disk".to_owned()));
    let told = stdout(&home.run(&["admin", "system"]));
    assert!(told.contains("the disk of the store has"), "{told}");
    space.run(&format!("rm {data}/filler"));
    home.text(&["chat", "after"]);
    assert_eq!(conversations(&home), 2);
    space.run(&format!("mount -o remount,size=2g {data}"));
    until("that there is room", || (ready(&home) == (200, "ok".to_owned())).then_some(()));
    space.run(&format!("kill $(cat {}); wait", home.path().join("pid").display()));
}

#[test]
fn a_disk_without_room_for_a_new_store_is_said_by_the_client_that_wanted_one() {
    let home = Home::new();
    let Some(mut space) = Space::open(&home) else { return skipped("a full disk at the start", "this user may not mount here") };
    let data = home.path().join("data");
    fs::create_dir(&data).expect("a folder");
    space.run(&format!("mount -t tmpfs -o size=100k,mode=700 none {}", data.display()));
    let output = space.mmp(&home, "chat --json hi");
    assert_told(&output, "storage_full");
    space.run(&format!("mount -o remount,size=64m {}", data.display()));
    let output = space.mmp(&home, "chat hi");
    assert_eq!(code(&output), 0, "once there is room it works: {}", stderr(&output));
    assert_eq!(code(&space.mmp(&home, "daemon stop")), 0);
}

#[test]
fn a_data_folder_on_a_read_only_disk_is_said_with_its_path() {
    let home = Home::new();
    home.text(&["chat", "before"]);
    home.text(&["daemon", "stop"]);
    let Some(mut space) = Space::open(&home) else { return skipped("a read-only disk", "this user may not mount here") };
    let data = home.path().join("data").display().to_string();
    space.run(&format!("mount --bind {data} {data} && mount -o remount,bind,ro {data}"));
    for arguments in ["chat --json hi", "daemon start --json"] {
        let error = assert_told(&space.mmp(&home, arguments), "storage_failed");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(&data)), "{error}");
    }
    drop(space);
    home.text(&["chat", "after"]);
    assert_eq!(conversations(&home), 2);
}

#[test]
fn a_data_folder_that_may_not_be_written_is_said_with_its_path() {
    let home = Home::new();
    let (data, store) = (home.path().join("data"), home.path().join("data/store"));
    home.text(&["chat", "before"]);
    home.text(&["daemon", "stop"]);
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    // Rights hold nobody back who is root: then somebody else owns the home, and asks.
    let somebody = geteuid().is_root().then_some(NOBODY);
    give(home.path(), somebody);
    let run = |arguments: &[&str]| {
        let mut command = home.mmp(arguments);
        if let Some(user) = somebody {
            command.uid(user).gid(user);
        }
        command.output()
    };
    if !run(&["--version"]).is_ok_and(|output| output.status.success()) {
        return skipped("a data folder without the right to write", "another user cannot run mmp from its place");
    }
    set_mode(&store, 0o500);
    set_mode(&data, 0o500);
    for file in ["data/mmpd.lock", "data/store/db"] {
        set_mode(&home.path().join(file), 0o400);
    }
    for arguments in [["chat", "--json", "hi"], ["daemon", "start", "--json"]] {
        let error = assert_told(&run(&arguments).expect("mmp starts"), "storage_failed");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(&*data.to_string_lossy())), "{error}");
    }
    // The folder may be written, the store in it may not.
    set_mode(&data, 0o700);
    set_mode(&home.path().join("data/mmpd.lock"), 0o600);
    let error = assert_told(&run(&["chat", "--json", "hi"]).expect("mmp starts"), "storage_failed");
    assert!(error["message"].as_str().is_some_and(|message| message.contains(&*store.to_string_lossy())), "{error}");
    set_mode(&store, 0o700);
    set_mode(&home.path().join("data/store/db"), 0o600);
    let output = run(&["chat", "hi"]).expect("mmp starts");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let _ = run(&["daemon", "stop"]);
}

/// Gives a folder and everything in it to a user.
fn give(path: &Path, user: Option<u32>) {
    let Some(user) = user else { return };
    std::os::unix::fs::chown(path, Some(user), Some(user)).expect("root may");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            give(&entry.path(), Some(user));
        }
    }
}

#[test]
fn a_damaged_store_is_said_with_what_to_do_and_doing_it_helps() {
    for damage in [garbled, zeroed] {
        let (home, store) = kept(damage);
        for arguments in [["chat", "--json", "hi"], ["daemon", "start", "--json"]] {
            let error = assert_told(&home.run(&arguments), "storage_failed");
            assert!(error["message"].as_str().is_some_and(|message| message.contains(&*store.to_string_lossy())), "{error}");
            assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("store") && hint.contains("backup")), "{error}");
        }
        let output = home.mmpd(&["run"]).output().expect("mmpd starts");
        assert_eq!(code(&output), 1);
        assert!(stderr(&output).contains("error: ") && stderr(&output).contains("hint: "), "{}", stderr(&output));
        fs::rename(&store, home.path().join("data/damaged")).expect("the hint can be followed");
        home.text(&["chat", "again"]);
    }
}

/// Not all of the file is in use, and what is, is read when it is needed: whichever part is lost, what is read is either
/// all of it or an error.
#[test]
fn a_store_that_lost_a_part_never_passes_for_a_smaller_one() {
    let (home, store) = kept(|_| {});
    let aside = home.path().join("aside");
    fs::rename(&store, &aside).expect("renamed");
    let mut refused = 0;
    for part in 0..PARTS {
        let copied = Command::new("cp").arg("-r").args([&aside, &store]).status().expect("cp runs");
        assert!(copied.success());
        let mut bytes = fs::read(store.join("db")).expect("the store");
        let length = bytes.len();
        bytes[length * part / PARTS..length * (part + 1) / PARTS].fill(0);
        fs::write(store.join("db"), bytes).expect("written");
        let output = home.run(&["history", "export", "--all", "--format", "json", "--json"]);
        if code(&output) == 0 {
            let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(all.as_array().map(Vec::len), Some(CHATS), "part {part}");
        } else {
            let error = assert_told(&output, "storage_failed");
            assert!(error["message"].as_str().is_some_and(|message| message.contains(&*store.to_string_lossy())), "{error}");
            assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("store") && hint.contains("backup")), "{error}");
            refused += 1;
        }
        // It may be unable to write its last words.
        home.run(&["daemon", "stop"]);
        fs::remove_dir_all(&store).expect("removed");
    }
    assert!(refused > 0, "no part was in use");
}

/// A home whose store holds some chats, after its daemon ended and this happened to the store's file.
fn kept(damage: impl Fn(&Path)) -> (Home, PathBuf) {
    let home = Home::new();
    for number in 0..CHATS {
        let (status, _) = http_chat(&home, number);
        assert_eq!(status, 200);
    }
    home.text(&["daemon", "stop"]);
    let store = home.path().join("data/store");
    damage(&store.join("db"));
    (home, store)
}

fn http_chat(home: &Home, number: usize) -> (u16, Value) {
    if !home.socket().exists() {
        home.text(&["daemon", "start"]);
    }
    let content = format!("{number} {}", "x".repeat(10_000));
    http::json(&home.socket(), "POST", "/api/v1/chat", &json!({"content": content, "models": ["demo"]}))
}

fn garbled(db: &Path) {
    let mut bytes = fs::read(db).expect("the store");
    for (number, byte) in bytes.iter_mut().enumerate() {
        *byte = byte.wrapping_mul(31).wrapping_add(u8::try_from(number % 251).unwrap_or(0));
    }
    fs::write(db, bytes).expect("written");
}

fn zeroed(db: &Path) {
    let length = fs::metadata(db).expect("the store").len();
    fs::write(db, vec![0; usize::try_from(length).expect("it is small")]).expect("written");
}

#[test]
fn a_store_of_a_newer_version_is_said_and_left_as_it_is() {
    let home = Home::new();
    home.text(&["chat", "before"]);
    home.text(&["daemon", "stop"]);
    let store = home.path().join("data/store");
    set_schema(&store, 7);
    let error = assert_told(&home.run(&["chat", "--json", "hi"]), "storage_failed");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("newer") && message.contains('7')), "{error}");
    set_schema(&store, 1);
    assert_eq!(conversations(&home), 1);
}

/// Says in a store that it has another shape. The key and its value are part of the format.
fn set_schema(store: &Path, schema: u32) {
    let db = sled::Config::new().path(store).flush_every_ms(None).open().expect("opens");
    db.insert(b"\0schema", &schema.to_be_bytes()).expect("inserts");
    db.flush().expect("flushes");
}

#[test]
fn a_store_that_another_process_holds_is_said() {
    let home = Home::new();
    home.text(&["chat", "before"]);
    home.text(&["daemon", "stop"]);
    let file = File::options().read(true).write(true).open(home.path().join("data/store/db")).expect("the store is there");
    file.lock().expect("nobody else holds it");
    for arguments in [["chat", "--json", "hi"], ["daemon", "start", "--json"]] {
        let error = assert_told(&home.run(&arguments), "storage_failed");
        assert!(error["message"].as_str().is_some_and(|message| message.contains("another process")), "{error}");
    }
    drop(file);
    home.text(&["chat", "after"]);
    assert_eq!(conversations(&home), 2);
}
