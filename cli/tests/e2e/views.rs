//! The views of the full-screen program, each on its main path: the real program, a real daemon, a real terminal.

use serde_json::{Value, json};

use super::run_life::{Provider, finish, say};
use crate::support::{
    Home,
    screen::{F3, F4, F5, Screen},
    upstream::{Upstream, server::answer},
};

const JSON: &str = "application/json";

/// Models that say their names and what they were asked.
fn upstream() -> Upstream {
    Upstream::start(|request| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let model = asked["model"].as_str().unwrap_or_default();
        let last =
            asked["messages"].as_array().and_then(|all| all.last()).map_or("", |last| last["content"].as_str().unwrap_or(""));
        let body = json!({
            "choices": [{"message": {"content": format!("{model} says: {last}")}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5},
        });
        answer(200, JSON, &[], body.to_string().as_bytes(), &[])
    })
}

fn home(upstream: &Upstream) -> Home {
    upstream.add_to(Home::new().with("MMPD_ROUTING_ATTEMPTS", "1"))
}

#[test]
fn a_search_finds_what_was_said_and_jumps_there() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "where do quokkas live?"]);
    home.text(&["chat", "-m", "rec/a", "something else"]);
    let mut screen = Screen::ready(&home, &[]);
    screen.send(F3);
    screen.wait_for("type what to look for");
    screen.send("quok");
    screen.send("*");
    screen.wait_for("where do quokkas live?");
    screen.wait_for("Enter opens");
    screen.send("\r");
    screen.wait_for("▌ where do quokkas live?");
    screen.wait_for("a says: where do quokkas live?");
    screen.quit();
}

#[test]
fn the_history_renames_pins_exports_branches_and_deletes() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "about soup"]);
    let mut screen = Screen::ready(&home, &[]);
    screen.send(F4);
    screen.wait_for("2 messages");
    screen.send("r\u{15}");
    screen.wait_until_gone("new title: about soup");
    screen.send("好汤\r");
    screen.wait_for("it is called “好汤” now");
    screen.send("p");
    screen.wait_for("◆ 好汤");
    screen.send("e\u{15}soup.md\r");
    screen.wait_for("written to `soup.md`");
    assert!(std::fs::read_to_string(home.path().join("soup.md")).expect("the file").contains("a says: about soup"));
    screen.send("e\u{15}soup.md\r");
    screen.wait_for("is there already");
    screen.send("b");
    screen.wait_for("▌ about soup");
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"].as_array().map(Vec::len), Some(2));
    screen.send(F4);
    screen.wait_for("2 messages");
    screen.send("x");
    screen.wait_for("this is final");
    screen.send("y");
    screen.wait_for("the conversation is deleted");
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"].as_array().map(Vec::len), Some(1));
    screen.quit();
}

#[test]
fn a_run_of_another_terminal_is_followed_from_its_start_and_one_is_stopped() {
    let provider = Provider::start();
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    home.text(&["chat", "-d", "-m", "rec/x", "hi"]);
    let mut asked = provider.next();
    say(&mut asked, "one ");
    let mut screen = Screen::ready(&home, &[]);
    screen.send(F5);
    screen.wait_for("running · ");
    screen.send("\r");
    screen.wait_for("one");
    screen.wait_for("▌ hi");
    say(&mut asked, "two");
    screen.wait_for("one two");
    finish(asked);
    screen.wait_for("tokens");
    home.text(&["chat", "-d", "-m", "rec/x", "again"]);
    let mut asked = provider.next();
    say(&mut asked, "half");
    screen.send(F5);
    screen.wait_for("running · ");
    screen.send("s");
    screen.wait_for("stopped");
    screen.wait_until_gone("running · ");
    drop(asked);
    screen.quit();
}

#[test]
fn several_models_answer_side_by_side_and_one_is_gone_on_with() {
    let upstream = upstream();
    let home = home(&upstream);
    let mut screen = Screen::ready(&home, &[]);
    screen.send("/compare rec/a rec/b\n");
    screen.send("which one?\r");
    screen.wait_for("a says: which one?");
    screen.wait_for("b says: which one?");
    screen.wait_for("10 + 5 tokens");
    screen.send("2\r");
    screen.wait_for("● rec/b");
    screen.wait_until_gone("a says: which one?");
    screen.send("and now\r");
    screen.wait_for("b says: and now");
    let shown = home.json(&["history", "show", "-o", "json"]);
    let texts: Vec<_> = shown["messages"].as_array().expect("messages").iter().map(|message| message["text"].clone()).collect();
    assert_eq!(texts, ["which one?", "b says: which one?", "and now", "b says: and now"]);
    screen.quit();
}

#[test]
fn a_model_is_tested_and_made_the_default_and_a_key_is_sealed_unseen() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "hi"]);
    let mut screen = Screen::ready(&home, &[]);
    screen.send("/models demo\r");
    screen.wait_for("needs no key");
    screen.send("s");
    screen.wait_for("answers now where no model is named");
    screen.send("t");
    screen.wait_for("answered in");
    screen.send("/\u{15}deepseek\u{1b}[B");
    screen.wait_for("no key sealed");
    screen.send("psk-hunter2");
    screen.wait_for("••••••••••");
    screen.send("\r");
    screen.wait_for("the key of `deepseek` is sealed");
    assert!(!screen.shown().contains("hunter2"));
    assert_eq!(home.json(&["providers", "show", "deepseek", "-o", "json"])["key"], "sealed");
    screen.quit();
}

#[test]
fn commands_behind_a_slash_do_what_the_commands_do() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["roles", "set", "reviewer", "--system", "You review."]);
    let mut screen = Screen::ready(&home, &["-m", "rec/a"]);
    screen.send("/role nobody\r");
    screen.wait_for("nobody");
    screen.wait_for("✗");
    screen.send("/role reviewer\r");
    screen.wait_for("have the role `reviewer`");
    screen.send("about soup\r");
    screen.wait_for("a says: about soup");
    screen.wait_for("15 tokens");
    screen.send("/cost\r");
    screen.wait_for("so far: 15 tokens");
    screen.send("/export soup.md\r");
    screen.wait_for("written to `soup.md`");
    assert!(std::fs::read_to_string(home.path().join("soup.md")).expect("the file").contains("a says: about soup"));
    screen.send("/rerun rec/b\r");
    // Its numbers stand below an answer that has ended; before that there is no branching.
    screen.wait("the whole answer", |screen| {
        let shown = screen.contents();
        ["b says: about soup", "‹2/2›", "10 + 5 tokens"].iter().all(|part| shown.contains(part))
    });
    screen.send("/branch\r");
    screen.wait_until_gone("‹2/2›");
    screen.wait_for("b says: about soup");
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"].as_array().map(Vec::len), Some(2));
    screen.send("/theme mono\r");
    screen.wait_for("holds in all of your terminals");
    assert!(home.text(&["settings", "get", "theme"]).trim().ends_with("mono"));
    screen.quit();
}

#[test]
fn a_file_that_is_chosen_goes_along_and_one_that_is_no_text_is_refused() {
    let upstream = upstream();
    let home = home(&upstream);
    std::fs::write(home.path().join("note.txt"), "quokkas live on Rottnest").expect("written");
    std::fs::write(home.path().join("noise.dat"), [0u8, 159, 146, 150, 0, 1, 2, 255]).expect("written");
    let mut screen = Screen::ready(&home, &["-m", "rec/a"]);
    screen.send("where? @noise");
    screen.wait_for("noise.dat");
    screen.send("\r");
    screen.wait_for("✗");
    screen.send("\u{15}note.txt");
    screen.wait_until_gone("noise.dat");
    screen.send("\r");
    screen.wait_for("goes along: note.txt");
    screen.send("\r");
    screen.wait_for("a says: where?");
    screen.wait_for("quokkas live on Rottnest");
    screen.wait_until_gone("goes along");
    screen.wait_for("15 tokens");
    screen.quit();
}

#[test]
fn one_registers_and_logs_in_at_another_machine_and_logs_out() {
    let daemon = Home::new().with("MMPD_LISTEN_TCP", "127.0.0.1:0").with("MMPD_AUTH_REGISTRATION", "open");
    daemon.text(&["daemon", "start"]);
    let host = format!("http://{}", daemon.lock().expect("a lock file")["tcp"].as_str().expect("it listens"));
    let home = Home::new();
    let mut screen = Screen::open(&home, &["--host", &host]);
    screen.wait_for("I have an account");
    screen.wait_for(&host);
    screen.send("\u{1b}[A\u{1b}[C\tann\tcorrect horse battery\tcorrect horse battery\t\r");
    screen.wait_for("logged in as `ann`");
    screen.wait_for("type a question");
    screen.send("hello\r");
    screen.wait_for("tokens");
    assert_eq!(home.json(&["--host", &host, "whoami", "-o", "json"])["via"], "login");
    screen.send("/logout\r");
    screen.wait_for("`/login` logs you in");
    screen.send("/login ann\r");
    screen.wait_for("I have an account");
    screen.send("not it");
    screen.wait_for("••••••");
    screen.send("\r");
    screen.wait_for("do not belong together");
    assert!(!screen.shown().contains("not it"), "{}", screen.shown());
    screen.send("correct horse battery\r");
    screen.wait_for("type a question");
    assert_eq!(home.json(&["--host", &host, "whoami", "-o", "json"])["username"], "ann");
    screen.quit();
}
