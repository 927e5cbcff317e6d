//! What a user sets for all their terminals holds where it should, and takes nothing that makes no sense.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    run_life::{Provider, finish, say},
    support::{Home, code, json_error, stderr, stdout, until, wait},
};

#[test]
fn what_a_setting_does_not_take_is_refused_with_what_it_takes() {
    let home = Home::new();
    for (name, value, way_out) in [
        ("retention", "1h", "30days"),
        ("retention", "forever", "30days"),
        ("temperature", "3", "0 – 2"),
        ("thinking", "yes", "show, hide"),
        ("language", "fr", "zh-CN"),
        ("colour", "red", "title_model"),
    ] {
        let output = home.run(&["settings", "set", name, value, "--json"]);
        let error = json_error(&output);
        assert_eq!(error["code"], "bad_request", "{name}={value}: {error}");
        assert!(error["message"].as_str().is_some_and(|words| words.contains(name)), "{error}");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(way_out)), "{error}");
    }
    assert_eq!(json_error(&home.run(&["settings", "set", "title_model", "zzzz", "--json"]))["code"], "model_not_found");
    assert_eq!(home.json(&["settings", "list", "--json"])["items"], json!([]));
    let all = home.json(&["settings", "list", "--all", "--json"]);
    assert!(all["items"].as_array().is_some_and(|items| items.len() >= 8 && items.iter().all(|item| item["meaning"] != "")));
}

#[test]
fn the_language_of_a_user_holds_in_every_command_and_a_flag_counts_more() {
    let home = Home::new();
    // Its environment says nothing of a language.
    let says = |arguments: &[&str]| {
        let output = home.mmp(arguments).env_remove("MMP_LANG").env("LANG", "C.UTF-8").output().expect("mmp runs");
        stdout(&output) + &stderr(&output)
    };
    home.text(&["settings", "set", "language", "zh-CN"]);
    assert!(says(&["history", "show", "zzz"]).contains("没有"), "{}", says(&["history", "show", "zzz"]));
    assert!(says(&["history", "--help"]).contains("用法"), "{}", says(&["history", "--help"]));
    assert!(says(&["history", "show", "zzz", "--lang", "en"]).contains("there is no"));
    home.text(&["settings", "unset", "language"]);
    assert!(says(&["history", "show", "zzz"]).contains("there is no"));
}

#[test]
fn a_temperature_holds_where_nothing_nearer_names_one() {
    let provider = Provider::start();
    let home = provider.home();
    home.text(&["settings", "set", "temperature", "0.25"]);
    let sent = |arguments: &[&str]| {
        let dry = home.json(&[&["chat", "-m", "rec/m", "--dry-run", "-o", "json", "hi"], arguments].concat());
        dry["params"]["temperature"].as_f64()
    };
    assert_eq!(sent(&[]), Some(0.25));
    assert_eq!(sent(&["--temperature", "1"]), Some(1.0));
    home.text(&["settings", "unset", "temperature"]);
    assert_eq!(sent(&[]), None);
}

fn title(home: &Home) -> Value {
    home.json(&["history", "show", "-o", "json"])["conversation"]["title"].clone()
}

#[test]
fn a_model_that_is_named_for_it_gives_the_title_and_a_users_own_stays() {
    let provider = Provider::start();
    let home = provider.home();
    home.text(&["settings", "set", "title_model", "rec/titles"]);
    let ask = || {
        let client =
            home.mmp(&["chat", "-m", "rec/m", "what is the best bicycle for a long way to work?"]).spawn().expect("mmp starts");
        let mut answer = provider.next();
        say(&mut answer, "One that fits.");
        finish(answer);
        assert_eq!(code(&wait(client)), 0);
    };
    ask();
    let mut asked = provider.next();
    say(&mut asked, "\"Choosing a commuter bicycle.\"\n");
    finish(asked);
    until("the title", || (title(&home) == "Choosing a commuter bicycle").then_some(()));
    // Nothing of it is a run of the user's, and it is found by its title.
    assert_eq!(home.json(&["runs", "list", "-o", "json"])["items"].as_array().map(Vec::len), Some(1));
    ask();
    let mut asked = provider.next();
    let id = home.json(&["history", "show", "-o", "json"])["conversation"]["id"].clone();
    home.text(&["history", "rename", id.as_str().expect("an id"), "My own"]);
    say(&mut asked, "Theirs");
    finish(asked);
    // The next turn of a conversation asks for no title: this is the answer to it.
    let client = home.mmp(&["chat", "-c", "and its colour?"]).spawn().expect("mmp starts");
    let mut answer = provider.next();
    say(&mut answer, "Red.");
    finish(answer);
    assert_eq!(stdout(&wait(client)), "Red.\n");
    assert_eq!(title(&home), "My own");
}

/// A conversation that was last gone on with this many days ago.
fn conversation(days: i64, title: &str, changes: &Value) -> Value {
    let at = Timestamp::now().checked_sub(SignedDuration::from_hours(24 * days)).expect("a time").to_string();
    let id = |kind: u8| format!("01890000-0000-7000-8000-{days:010}{kind:02}");
    let mut conversation = json!({"id": id(0), "title": title, "system": null, "model": null, "pinned": false, "archived": false,
        "leaf_id": id(1), "created_at": at, "updated_at": at});
    for (name, value) in changes.as_object().into_iter().flatten() {
        conversation[name] = value.clone();
    }
    let message = json!({"id": id(1), "parent_id": null, "role": "user", "content": [{"type": "text", "text": title}],
        "status": "complete", "created_at": at});
    json!({"format": "mmp.conversation", "version": 1, "conversation": conversation, "messages": [message]})
}

#[test]
fn what_is_older_than_its_user_wants_is_forgotten_and_what_is_pinned_stays() {
    let home = Home::new();
    let all = json!([
        conversation(100, "old", &json!({})),
        conversation(99, "old and archived", &json!({"archived": true})),
        conversation(98, "old and pinned", &json!({"pinned": true})),
        conversation(1, "young", &json!({})),
    ]);
    let file = home.path().join("all.json");
    std::fs::write(&file, all.to_string()).expect("written");
    home.text(&["history", "import", &file.to_string_lossy()]);
    let told = home.run(&["settings", "set", "retention", "30days"]);
    assert!(stderr(&told).contains("30days"), "{}", stderr(&told));
    // A daemon keeps house when it starts, and every ten minutes.
    home.text(&["daemon", "restart"]);
    let titles = || {
        let mut titles = Vec::new();
        for shelf in [&["history", "list", "-o", "json"][..], &["history", "list", "--archived", "-o", "json"]] {
            titles.extend(home.json(shelf)["items"].as_array().expect("items").iter().map(|item| item["title"].clone()));
        }
        titles
    };
    until("that the old ones are gone", || (titles().len() == 2).then_some(()));
    assert_eq!(titles(), ["young", "old and pinned"]);
    assert_eq!(home.json(&["search", "old", "--json"])["items"].as_array().map(Vec::len), Some(1));
}
