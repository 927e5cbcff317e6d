//! What hashing takes, it gives back. Alone in its process, for it looks at the whole of its memory.

#![cfg(target_os = "linux")]

use std::thread;

use mmpd::security::password::{Cost, PasswordHash};

/// How much of this process is in memory, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says so");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

#[test]
fn the_memory_of_a_flood_of_logins_is_given_back() {
    let hash = PasswordHash::new("kettle orbit marble fence", Cost::CURRENT).expect("it hashes");
    let before = resident();
    for _ in 0..10 {
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| assert_eq!(hash.is_of("another one altogether"), Ok(false)));
            }
        });
    }
    let after = resident();
    assert!(after < before + 8 * 1024, "{before} KiB before, {after} KiB after");
}
