//! Searches through the real programs: a message is found at once, and still after whatever happens to daemon and index.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Home, code, json_error, stderr, stdout, until};

fn say(home: &Home, text: &str) {
    home.text(&["chat", "-m", "demo", "--no-stdin", "-q", text]);
}

fn found(home: &Home, query: &[&str]) -> Vec<Value> {
    let words: Vec<&str> = ["search", "-o", "json"].into_iter().chain(query.iter().copied()).collect();
    home.json(&words)["items"].as_array().cloned().unwrap_or_default()
}

fn index_files(home: &Home) -> Vec<std::path::PathBuf> {
    let folder = home.path().join("data/search");
    fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

/// Waits until the index on disk has segments.
fn until_written(home: &Home) {
    until("the index is written", || {
        index_files(home).iter().any(|path| path.extension().is_some_and(|end| end == "idx")).then_some(())
    });
}

#[test]
fn a_message_is_found_at_once_and_after_a_crash() {
    let home = Home::new();
    say(&home, "The quick zebrafish 在数据库里查询");
    for query in ["zebrafish", "\"quick zebrafish\"", "zebra*", "数据库", "库", "role:user zebrafish", "model:demo zebrafish"]
    {
        assert!(!found(&home, &[query]).is_empty(), "{query}");
    }
    let hit = &found(&home, &["role:user", "zebrafish"])[0];
    for field in ["conversation_id", "message_id", "title", "role", "at", "snippet", "highlights", "score"] {
        assert!(!hit[field].is_null(), "{field}: {hit}");
    }
    assert!(found(&home, &["role:user", "据数"]).is_empty());
    home.kill_daemon();
    assert!(!found(&home, &["zebrafish"]).is_empty());
    until_written(&home);
    home.signal_daemon(Signal::KILL);
    home.wait_for_end();
    say(&home, "another aardvark");
    assert!(!found(&home, &["aardvark"]).is_empty() && !found(&home, &["zebrafish"]).is_empty());
}

#[test]
fn the_index_is_built_anew_where_it_is_missing_or_garbled() {
    let home = Home::new();
    say(&home, "a lonely zebrafish");
    until_written(&home);
    home.kill_daemon();
    // In one step: the daemon may be writing in it.
    fs::rename(home.path().join("data/search"), home.path().join("taken-away")).expect("takes the index away");
    assert!(!found(&home, &["zebrafish"]).is_empty());
    until_written(&home);
    for ending in ["idx", "term", "fast", "json"] {
        home.kill_daemon();
        let file = index_files(&home).into_iter().find(|path| path.extension().is_some_and(|end| end == ending));
        let Some(file) = file else { continue };
        let mut bytes = fs::read(&file).expect("reads");
        let middle = bytes.len() / 2;
        bytes[middle..].iter_mut().for_each(|byte| *byte = !*byte);
        fs::write(&file, bytes).expect("garbles");
        until("the message is found again", || (!found(&home, &["zebrafish"]).is_empty()).then_some(()));
        until_written(&home);
    }
}

#[test]
fn an_index_that_is_taken_away_from_a_running_daemon_is_built_anew() {
    let home = Home::new();
    say(&home, "a lonely zebrafish");
    until_written(&home);
    // In one step: the daemon may be writing in it.
    fs::rename(home.path().join("data/search"), home.path().join("taken-away")).expect("takes the index away");
    say(&home, "another zebrafish");
    let both = || (found(&home, &["role:user", "zebrafish"]).len() == 2).then_some(());
    until("both are found", both);
    until_written(&home);
    until("both are found on disk", both);
}

#[test]
fn what_is_deleted_leaves_the_search_and_what_is_imported_enters_it() {
    let home = Home::new();
    say(&home, "a zebrafish");
    say(&home, "an aardvark");
    until_written(&home);
    let exported = home.text(&["history", "export", "--all", "--format", "jsonl"]);
    let file = home.path().join("taken.jsonl");
    fs::write(&file, exported).expect("written");
    home.text(&["history", "delete", "--all", "--yes"]);
    assert!(found(&home, &["zebrafish"]).is_empty() && found(&home, &["role:user"]).is_empty());
    home.text(&["history", "import", file.to_str().expect("a path")]);
    assert!(!found(&home, &["zebrafish"]).is_empty() && !found(&home, &["aardvark"]).is_empty());
}

#[test]
fn pages_follow_one_another_in_both_orders() {
    let home = Home::new();
    for number in 0..5 {
        say(&home, &format!("needle number{number}"));
    }
    for order in [&["role:user", "needle"][..], &["--newest", "role:user", "needle"]] {
        let whole: Vec<_> = found(&home, order).iter().map(|hit| hit["message_id"].clone()).collect();
        assert_eq!(whole.len(), 5, "{order:?}");
        let (mut paged, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut words = vec!["search", "-o", "json", "--limit", "2"];
            words.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor]));
            words.extend(order);
            let page = home.json(&words);
            paged.extend(page["items"].as_array().expect("items").iter().map(|hit| hit["message_id"].clone()));
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole, "{order:?}");
    }
    let newest: Vec<_> = found(&home, &["--newest", "role:user", "needle"]).iter().map(|hit| hit["at"].to_string()).collect();
    assert!(newest.windows(2).all(|pair| pair[0] >= pair[1]), "{newest:?}");
    let other = home.run(&["search", "-o", "json", "--cursor", "best_000000000000_2", "needle"]);
    assert_eq!((code(&other), json_error(&other)["code"].as_str()), (2, Some("bad_request")));
}

#[test]
fn filters_narrow() {
    let home = Home::new();
    say(&home, "first needle");
    say(&home, "second needle");
    let second = found(&home, &["role:user", "second"])[0]["conversation_id"].as_str().expect("an id").to_owned();
    let inside = found(&home, &["role:user", "needle", &format!("in:{second}")]);
    assert_eq!(inside.len(), 1);
    assert_eq!(found(&home, &["role:user", "needle", "after:2020-01-01"]).len(), 2);
    assert!(found(&home, &["needle", "before:2020-01-01"]).is_empty());
    assert!(found(&home, &["needle", "model:nothing"]).is_empty());
    assert_eq!(found(&home, &["role:user"]).len(), 2, "a filter alone lists what it takes");
}

#[test]
fn what_is_not_saved_is_not_found() {
    let home = Home::new();
    say(&home, "saved zebrafish");
    home.text(&["chat", "-m", "demo", "--no-stdin", "-q", "-n", "secret aardvark"]);
    assert!(found(&home, &["aardvark"]).is_empty());
}

#[test]
fn bad_queries_say_what_is_wrong() {
    let home = Home::new();
    let long = "x".repeat(10_000);
    let cases = [
        (long.as_str(), "10000"),
        ("?!…", "no word"),
        ("role:nobody x", "nobody"),
        ("after:soon x", "soon"),
        ("in:nowhere x", "nowhere"),
    ];
    for (query, said) in cases {
        let output = home.run(&["search", query]);
        let words = stderr(&output);
        assert!(matches!(code(&output), 1 | 2) && words.replace(',', "").contains(said), "{said}: {words}");
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn every_format_and_the_other_name() {
    let home = Home::new();
    say(&home, "a zebrafish");
    let text = home.text(&["history", "search", "role:user", "zebrafish"]);
    assert!(text.contains("  a zebrafish\n") && text.contains(" · you\n"), "{text}");
    let csv = home.text(&["search", "-o", "csv", "role:user", "zebrafish"]);
    assert!(csv.starts_with("conversation_id,message_id,title,role,at,snippet,score\n"), "{csv}");
    assert_eq!(home.text(&["search", "-o", "jsonl", "role:user", "zebrafish"]).lines().count(), 1);
    let marked = home.text(&["search", "--color", "always", "role:user", "zebrafish"]);
    assert!(marked.contains("\u{1b}[1;33mzebrafish\u{1b}[0m"), "{marked:?}");
}
