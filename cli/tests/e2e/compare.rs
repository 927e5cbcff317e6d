//! One question to several models, and a conversation asked again of another: the whole way, with the real programs.

use std::io::Read as _;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    run_life::{Provider, finish, say},
    support::{
        Home, code, json_error, signal_process, stderr, stdout, until,
        upstream::{Upstream, server::answer},
        wait,
    },
};

const JSON: &str = "application/json";

/// Models that answer with their names and how many messages they were told; `bad` refuses.
fn upstream() -> Upstream {
    Upstream::start(|request| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let model = asked["model"].as_str().unwrap_or_default();
        if model == "bad" {
            return answer(401, JSON, &[], br#"{"error":{"message":"no"}}"#, &[]);
        }
        let told = asked["messages"].as_array().map_or(0, Vec::len);
        let last = asked["messages"][told.saturating_sub(1)]["content"].as_str().unwrap_or_default();
        let body = json!({
            "choices": [{"message": {"content": format!("{model} says {last} of {told}")}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5},
        });
        answer(200, JSON, &[], body.to_string().as_bytes(), &[])
    })
}

fn home(upstream: &Upstream) -> Home {
    upstream.add_to(Home::new().with("MMPD_ROUTING_ATTEMPTS", "1"))
}

fn error_code(output: &std::process::Output) -> Value {
    json_error(output)["code"].clone()
}

#[test]
fn a_pipe_gets_one_answer_after_another_under_headings() {
    let upstream = upstream();
    let home = home(&upstream);
    let output = home.run(&["chat", "-m", "rec/a", "-m", "rec/b", "hi"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert_eq!(stdout(&output), "== rec/a ==\na says hi of 1\n\n== rec/b ==\nb says hi of 1\n");
}

#[test]
fn the_exit_code_says_whether_all_some_or_none_answered() {
    let upstream = upstream();
    let home = home(&upstream);
    let some = home.run(&["chat", "-m", "rec/bad", "-m", "rec/b", "hi"]);
    assert_eq!(code(&some), 7);
    assert_eq!(stdout(&some), "== rec/bad ==\n\n== rec/b ==\nb says hi of 1\n");
    assert!(stderr(&some).starts_with("error: "), "{}", stderr(&some));
    let none = home.run(&["chat", "--json", "-m", "rec/bad", "-m", "openai/x", "hi"]);
    assert_eq!((code(&none), error_code(&none)), (4, json!("provider_auth")), "the first's");
    let array: Value = serde_json::from_str(&stdout(&none)).expect("an array");
    let codes: Vec<_> = array.as_array().expect("an array").iter().map(|one| one["error"]["code"].clone()).collect();
    assert_eq!(codes, ["provider_auth", "no_key"]);
    let unknown = home.run(&["chat", "--json", "-m", "rec/a", "-m", "nosuch", "hi"]);
    assert_eq!((code(&unknown), error_code(&unknown), stdout(&unknown).as_str()), (4, json!("model_not_found"), ""));
    let twice = home.run(&["chat", "--json", "-m", "rec/a", "-m", "rec:a", "hi"]);
    assert_eq!((code(&twice), error_code(&twice)), (2, json!("bad_request")));
    let block = home.run(&["chat", "-x", "-m", "rec/a", "-m", "rec/b", "hi"]);
    assert_eq!((code(&block), stdout(&block).as_str()), (2, ""));
}

#[test]
fn json_is_an_array_in_the_order_of_the_models_and_one_model_gives_none() {
    let upstream = upstream();
    let home = home(&upstream);
    let all = home.json(&["chat", "--json", "-m", "rec/b", "-m", "rec/a", "hi"]);
    assert_eq!((&all[0]["model"], &all[1]["model"]), (&json!("b"), &json!("a")));
    assert_eq!(all[0]["conversation_id"], all[1]["conversation_id"]);
    assert_eq!(home.json(&["chat", "--json", "-m", "rec/b", "hi"])["model"], "b");
    let lines = home.text(&["chat", "-o", "jsonl", "-n", "-m", "rec/a", "-m", "rec/b", "hi"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ends = lines.iter().filter(|line| line["event"] == "done").map(|line| line["run_id"].clone()).collect::<Vec<_>>();
    assert!(ends.len() == 2 && ends[0] != ends[1], "{lines:?}");
}

#[test]
fn the_first_is_gone_on_with_until_another_is_picked() {
    let upstream = upstream();
    let home = home(&upstream);
    let all = home.json(&["chat", "--json", "-m", "rec/a", "-m", "rec/b", "hi"]);
    let last = |home: &Home| home.json(&["history", "show", "--json"])["messages"].as_array().and_then(|all| all.last().cloned());
    assert_eq!(last(&home).expect("an answer")["model"], "a");
    home.text(&["history", "pick", all[1]["message_id"].as_str().expect("an id")]);
    assert_eq!(last(&home).expect("an answer")["model"], "b");
    assert_eq!(home.text(&["chat", "-c", "more"]), "b says more of 3\n", "by the model that was picked");
}

#[test]
fn detached_runs_are_named_a_line_each_and_end_as_they_would() {
    let upstream = upstream();
    let home = home(&upstream);
    let text = home.text(&["chat", "-d", "-m", "rec/a", "-m", "rec/b", "hi"]);
    let runs: Vec<_> = text.lines().collect();
    assert_eq!(runs.len(), 2);
    home.text(&["runs", "wait", runs[0], runs[1]]);
    assert_eq!(home.text(&["attach", runs[1]]), "b says hi of 1\n");
}

#[test]
fn keys_of_several_providers_are_brought_when_they_are_asked_for() {
    let upstream = upstream();
    let home = Home::new().with("OPENAI_API_KEY", "sk-one").with("DEEPSEEK_API_KEY", "sk-two");
    for provider in ["openai", "deepseek"] {
        home.text(&["providers", "set", provider, "--base-url", &upstream.url()]);
    }
    let all = home.json(&["chat", "--json", "-m", "openai/x", "-m", "deepseek/y", "hi"]);
    assert_eq!((&all[0]["text"], &all[1]["text"]), (&json!("x says hi of 1"), &json!("y says hi of 1")));
}

#[test]
fn an_interrupt_stops_every_run_and_keeps_what_there_is() {
    let provider = Provider::start();
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    let mut child = home.mmp(&["chat", "-m", "rec/a", "-m", "rec/b", "hi"]).spawn().expect("mmp starts");
    let (mut one, mut two) = (provider.next(), provider.next());
    say(&mut one, "half");
    say(&mut two, "half");
    let mut first = [0; 16];
    child.stdout.as_mut().expect("piped").read_exact(&mut first).expect("the heading and what follows it");
    signal_process(child.id(), Signal::INT);
    assert_eq!(code(&wait(child)), 130);
    let runs = home.json(&["runs", "list", "--json"]);
    let states: Vec<_> = runs["items"].as_array().expect("items").iter().map(|run| run["status"].clone()).collect();
    assert_eq!(states, ["cancelled", "cancelled"]);
}

#[test]
fn a_daemon_that_dies_leaves_each_as_interrupted_and_the_client_hears_of_both() {
    let provider = Provider::start();
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    let child = home.mmp(&["chat", "--json", "-m", "rec/a", "-m", "rec/b", "hi"]).spawn().expect("mmp starts");
    let (mut one, two) = (provider.next(), provider.next());
    say(&mut one, "kept");
    let logged = |home: &Home| home.text(&["runs", "list", "--json"]).matches("running").count();
    until("both runs", || (logged(&home) == 2).then_some(()));
    home.kill_daemon();
    drop(two);
    let output = wait(child);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    let all: Value = serde_json::from_str(&stdout(&output)).expect("an array");
    assert_eq!((&all[0]["status"], &all[1]["status"]), (&json!("interrupted"), &json!("interrupted")));
    let tree = home.json(&["history", "show", "--tree", "--json"]);
    assert_eq!(tree["leaf_id"], all[0]["message_id"], "also after a crash");
    drop(one);
}

#[test]
fn a_slow_first_one_is_streamed_and_the_others_follow_it() {
    let provider = Provider::start();
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    let child =
        home.mmp(&["chat", "-m", "rec/a", "-m", "rec/b", "--timeout", "1m", "--no-fallback", "hi"]).spawn().expect("it starts");
    let (mut one, mut two) = (provider.next(), provider.next());
    say(&mut two, "x");
    finish(two);
    say(&mut one, "y");
    finish(one);
    let text = stdout(&wait(child));
    // Which of the two was asked first is the daemon's affair.
    let mut said: Vec<_> = text.lines().filter(|line| line.len() == 1).collect();
    said.sort_unstable();
    assert_eq!(said, ["x", "y"]);
    assert!(text.starts_with("== rec/a ==\n") && text.contains("\n\n== rec/b ==\n"), "{text}");
}

#[test]
fn a_conversation_is_asked_again_turn_by_turn_into_a_new_branch() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "one"]);
    home.text(&["chat", "-c", "two"]);
    let output = home.run(&["rerun", "one", "-m", "rec/b", "--diff"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let expected = "== 1/2 · one ==\n[-a-]{+b+} says one of 1\nrec/a → rec/b · 10 + 5 tokens → 10 + 5 tokens · ";
    assert!(stdout(&output).starts_with(expected), "{}", stdout(&output));
    assert!(stdout(&output).contains("== 2/2 · two ==\n[-a-]{+b+} says two of 3\n"), "{}", stdout(&output));
    let shown = home.json(&["history", "show", "--json"]);
    let models: Vec<_> = shown["messages"].as_array().expect("messages").iter().map(|message| message["model"].clone()).collect();
    assert_eq!(models, [Value::Null, json!("b"), Value::Null, json!("b")], "the new branch is the current one");
    let hint = stderr(&output);
    let back = hint.split('`').nth(1).expect("a command").split(' ').skip(1).collect::<Vec<_>>();
    home.text(&back);
    assert_eq!(home.json(&["history", "show", "--json"])["messages"][1]["model"], "a", "and there is a way back");
}

#[test]
fn a_rerun_as_json_has_both_answers_the_diff_and_the_change() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "one"]);
    let report = home.json(&["rerun", "one", "-m", "rec/b", "--diff", "--json"]);
    let turn = &report["turns"][0];
    assert_eq!((&turn["old"]["text"], &turn["new"]["text"]), (&json!("a says one of 1"), &json!("b says one of 1")));
    assert_eq!((&turn["change"]["completion_tokens"], &turn["change"]["cost_usd"]), (&json!(0), &Value::Null));
    assert_eq!(turn["diff"][0], json!({ "op": "removed", "text": "a" }));
    assert_eq!(report["leaf_id"], turn["new"]["message_id"]);
    assert_eq!(report["old_leaf_id"], turn["old"]["message_id"]);
    let lines = home.text(&["rerun", "one", "-m", "rec/a", "-o", "jsonl"]);
    assert_eq!(lines.lines().count(), 1);
}

#[test]
fn a_rerun_that_nobody_answers_changes_nothing_of_the_current_branch() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "one"]);
    home.text(&["chat", "-c", "two"]);
    let failed = home.run(&["rerun", "one", "-m", "rec/bad", "--json"]);
    assert_eq!((code(&failed), error_code(&failed)), (4, json!("provider_auth")));
    assert_eq!(home.json(&["history", "show", "--json"])["messages"].as_array().map(Vec::len), Some(4));
    for (arguments, exit) in [
        (&["rerun", "one", "-m", "nosuch"][..], 4),
        (&["rerun", "nothing such", "-m", "rec/a"], 1),
        (&["rerun", "one", "-m", "rec/a", "-o", "csv"], 2),
        (&["rerun", "one"], 2),
    ] {
        let output = home.run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (exit, ""), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn an_interrupted_rerun_keeps_what_is_done_and_says_so() {
    let provider = Provider::start();
    let home = Home::new();
    home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", provider.url()]);
    for question in ["one", "two"] {
        let arguments = if question == "one" { vec!["chat", "-m", "rec/a", "one"] } else { vec!["chat", "-c", "two"] };
        let child = home.mmp(&arguments).spawn().expect("mmp starts");
        let mut stream = provider.next();
        say(&mut stream, "old");
        finish(stream);
        assert_eq!(code(&wait(child)), 0);
    }
    let child = home.mmp(&["rerun", "one", "-m", "rec/b"]).spawn().expect("mmp starts");
    let mut first = provider.next();
    say(&mut first, "new");
    finish(first);
    let mut second = provider.next();
    say(&mut second, "half");
    signal_process(child.id(), Signal::INT);
    let output = wait(child);
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stdout(&output).contains("== 1/2 · one ==\nnew\n"), "{}", stdout(&output));
    assert!(stderr(&output).contains("of 2 questions were asked again"), "{}", stderr(&output));
}
