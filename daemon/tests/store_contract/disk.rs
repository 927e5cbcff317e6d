//! What the embedded engine says, and does, when its files or the disk are not as they should be.

use std::{fs, io::Write, path::Path, process::Command};

use mmpd::store::{
    Batch, Operation, Store, StoreError,
    registry::{Durability, StoreOptions, open},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use crate::records::{conversation, conversation_id, message, message_id, user, user_id};

/// Set in the process that plays a full disk.
const CHILD: &str = "STORE_CONTRACT_FULL_DISK";

fn options(folder: &Path) -> StoreOptions {
    StoreOptions { folder: folder.join("store"), cache_bytes: 4 << 20, durability: Durability::Power }
}

async fn filled(folder: &Path) {
    let store = open("sled:", &options(folder)).await.expect("opens");
    for number in 0..50 {
        let operation = Operation::PutMessage(message(number, 1, 1, &"x".repeat(4_000)));
        store.commit(Batch::new().then(operation)).await.expect("commits");
    }
    store.commit(Batch::new().then(Operation::PutUser(user(1, "ann")))).await.expect("commits");
    store.close().await.expect("closes");
}

/// Changes every value of a store behind its back.
fn change_values(folder: &Path, change: impl Fn(&[u8], &[u8]) -> Vec<u8>) {
    let db = sled::Config::new().path(folder.join("store")).flush_every_ms(None).open().expect("opens");
    for pair in &*db {
        let (key, value) = pair.expect("a pair");
        db.insert(&key, change(&key, &value)).expect("inserts");
    }
    db.flush().expect("flushes");
}

async fn open_error(folder: &Path) -> StoreError {
    open("sled:", &options(folder)).await.err().expect("it does not open")
}

#[tokio::test]
async fn a_power_proof_store_works_like_any_other() {
    let folder = TempDir::new().expect("a folder");
    filled(folder.path()).await;
    let store = open("sled:", &options(folder.path())).await.expect("opens");
    assert_eq!(store.messages(user_id(1), conversation_id(1)).await.expect("read").len(), 50);
}

#[tokio::test]
async fn nothing_is_ever_put_into_files_that_sled_does_not_sync() {
    let folder = TempDir::new().expect("a folder");
    let store = open("sled:", &options(folder.path())).await.expect("opens");
    for number in 0..40 {
        let text = "x".repeat(usize::try_from(number).expect("small") * 40_000);
        let batch = Batch::new().then(Operation::PutMessage(message(number, number % 3, 1, &text)));
        store.commit(batch).await.expect("commits");
    }
    store.close().await.expect("closes");
    let blobs = fs::read_dir(folder.path().join("store/blobs")).expect("sled's folder").count();
    assert_eq!(blobs, 0);
}

#[tokio::test]
async fn a_url_may_name_the_folder() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sled:{}/elsewhere", folder.path().display());
    let store = open(&url, &options(folder.path())).await.expect("opens");
    store.close().await.expect("closes");
    assert!(folder.path().join("elsewhere/db").exists());
    assert!(!folder.path().join("store").exists());
}

#[tokio::test]
async fn an_unknown_engine_is_told_the_known_ones() {
    let folder = TempDir::new().expect("a folder");
    for url in ["postgres://localhost", "sledge", "", "sled:relative", "memory:/tmp"] {
        let error = open(url, &options(folder.path())).await.err().expect("no such engine");
        assert!(matches!(&error, StoreError::Failed(words) if words.contains(url)), "{error}");
    }
    let error = open("mysql:", &options(folder.path())).await.err().expect("no such engine").to_string();
    assert!(error.contains("`memory:`, `sled:`"), "{error}");
}

#[tokio::test]
async fn a_folder_of_ours_is_for_our_eyes_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder");
    filled(folder.path()).await;
    let mode = fs::metadata(folder.path().join("store")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_place_that_is_no_folder_is_an_error_that_names_it() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("store"), "a file").expect("writes");
    let error = open_error(folder.path()).await.to_string();
    assert!(error.contains(&*folder.path().to_string_lossy()), "{error}");
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused_in_words() {
    let folder = TempDir::new().expect("a folder");
    filled(folder.path()).await;
    change_values(folder.path(), |key, value| if key == b"\0schema" { 7_u32.to_be_bytes().to_vec() } else { value.to_vec() });
    let error = open_error(folder.path()).await.to_string();
    assert!(error.contains("newer version") && error.contains("schema 7"), "{error}");
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_damage() {
    let folder = TempDir::new().expect("a folder");
    filled(folder.path()).await;
    change_values(folder.path(), |key, value| if key[0] == 1 { b"\x01\0\xc1".to_vec() } else { value.to_vec() });
    let store = open("sled:", &options(folder.path())).await.expect("opens");
    assert!(matches!(store.user_by_name("ann").await, Err(StoreError::Damaged(_))));
    assert!(store.message(user_id(1), message_id(3)).await.expect("the rest can be read").is_some());
}

#[tokio::test]
async fn a_garbled_file_is_damage_or_opens_and_never_a_panic() {
    for name in ["conf", "db", "snap."] {
        let folder = TempDir::new().expect("a folder");
        filled(folder.path()).await;
        // A second opening writes the snapshot.
        open("sled:", &options(folder.path())).await.expect("opens").close().await.expect("closes");
        let files = fs::read_dir(folder.path().join("store")).expect("there").map(|file| file.expect("a file").path());
        let path = files.into_iter().find(|path| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name)));
        let path = path.expect("sled writes such a file");
        let length = usize::try_from(fs::metadata(&path).expect("there").len()).expect("small");
        fs::write(&path, vec![0xa5; length]).expect("writes");
        match open("sled:", &options(folder.path())).await {
            Err(StoreError::Damaged(words)) => assert!(words.contains("store"), "{words}"),
            Err(other) => panic!("{name}: {other}"),
            Ok(store) => assert_eq!(store.close().await, Ok(())),
        }
    }
}

#[tokio::test]
async fn a_file_full_of_zeros_is_damage_and_not_a_new_store() {
    let folder = TempDir::new().expect("a folder");
    filled(folder.path()).await;
    fs::write(folder.path().join("store/db"), vec![0; 1 << 20]).expect("writes");
    let error = open_error(folder.path()).await;
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

/// Commits until the disk refuses, and returns the number of the first message that was refused.
async fn fill(store: &dyn Store, first: u64) -> u64 {
    for number in first..first + 10_000 {
        let batch = Batch::new()
            .then(Operation::PutConversation(conversation(number, 1, 0)))
            .then(Operation::PutMessage(message(number, number, 1, &"x".repeat(50_000))));
        match store.commit(batch).await {
            Ok(()) => {}
            Err(StoreError::Full(_)) => return number,
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the disk takes everything");
}

/// Whether exactly the messages before `end` are there, whole.
async fn holds_all_before(store: &dyn Store, end: u64) {
    for number in 0..end {
        let found = store.message(user_id(1), message_id(number)).await.expect("read");
        assert!(found == Some(message(number, number, 1, &"x".repeat(50_000))), "{number}");
    }
    assert_eq!(store.message(user_id(1), message_id(end)).await, Ok(None), "nothing of a refused batch is there");
    assert_eq!(store.conversation(user_id(1), conversation_id(end)).await, Ok(None));
}

async fn play_a_full_disk(folder: &Path) {
    // Without a handler this signal ends the process; with one the write fails, as it does on a full disk.
    let _signals = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(25)).expect("a handler");
    let unlimited = getrlimit(Resource::Fsize);
    let store = open("sled:", &options(folder)).await.expect("opens");
    setrlimit(Resource::Fsize, Rlimit { current: Some(6 << 20), ..unlimited }).expect("sets the limit");
    let mut end = fill(&*store, 0).await;
    assert!(end > 10, "{end}");
    holds_all_before(&*store, end).await;
    // What was left over by the refused batch may hold a few more.
    end = fill(&*store, end).await;
    holds_all_before(&*store, end).await;
    setrlimit(Resource::Fsize, Rlimit { current: Some(12 << 20), ..unlimited }).expect("sets the limit");
    let more = fill(&*store, end).await;
    assert!(more > end, "it goes on once there is room");
    end = more;
    holds_all_before(&*store, end).await;
    setrlimit(Resource::Fsize, unlimited).expect("sets the limit");
    store.close().await.expect("closes");
    let store = open("sled:", &options(folder)).await.expect("opens");
    holds_all_before(&*store, end).await;
}

#[test]
fn a_full_disk_undoes_the_batch_and_the_store_goes_on_once_there_is_room() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    if let Some(folder) = std::env::var_os(CHILD) {
        return runtime.block_on(play_a_full_disk(Path::new(&folder)));
    }
    // The limit is the process's, so a process of its own has it.
    let folder = TempDir::new().expect("a folder");
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "disk::a_full_disk_undoes_the_batch_and_the_store_goes_on_once_there_is_room", "--nocapture"])
        .env(CHILD, folder.path())
        .output()
        .expect("runs");
    std::io::stdout().write_all(&output.stdout).expect("prints");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
