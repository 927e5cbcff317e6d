//! Roles through the whole path: what a provider is really told, and whose word counts.

use serde_json::{Value, json};

use crate::support::{
    Home, code, json_error, stderr,
    upstream::{Upstream, server::answer},
};

/// A provider that answers, in a home where it is the only one.
fn home() -> (Upstream, Home) {
    let reply = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}]});
    let upstream = Upstream::repeating(answer(200, "application/json", &[], reply.to_string().as_bytes(), &[]));
    let home = upstream.add_to(Home::new());
    (upstream, home)
}

/// What the provider was asked last.
fn asked(upstream: &Upstream) -> Value {
    serde_json::from_slice(&upstream.requests().last().expect("a request").body).expect("JSON")
}

fn told(system: Option<&str>, said: &[(&str, &str)]) -> Value {
    let system = system.map(|text| json!({"role": "system", "content": text}));
    system.into_iter().chain(said.iter().map(|(role, text)| json!({"role": role, "content": text}))).collect()
}

#[test]
fn a_role_gives_instructions_a_model_and_parameters_and_the_conversation_keeps_it() {
    let (upstream, home) = home();
    home.text(&["roles", "set", "poet", "--system", "rhyme", "-m", "rec/verse", "--temperature", "1.5", "-p", "top_p=0.5"]);
    home.text(&["chat", "-r", "poet", "hi"]);
    let first = asked(&upstream);
    assert_eq!(first["messages"], told(Some("rhyme"), &[("user", "hi")]));
    assert_eq!((&first["model"], &first["temperature"], &first["top_p"]), (&json!("verse"), &json!(1.5), &json!(0.5)));
    home.text(&["roles", "set", "poet", "--system", "no rhymes", "--temperature", "0.5"]);
    home.text(&["chat", "-c", "more"]);
    let second = asked(&upstream);
    let so_far = [("user", "hi"), ("assistant", "yes"), ("user", "more")];
    assert_eq!(second["messages"], told(Some("rhyme"), &so_far), "the instructions stay as they were");
    assert_eq!((&second["model"], &second["temperature"]), (&json!("verse"), &json!(0.5)), "the parameters are the role's now");
    home.text(&["--yes", "roles", "delete", "poet"]);
    home.text(&["chat", "-c", "and now?"]);
    let third = asked(&upstream);
    assert_eq!(third["messages"][0]["content"], "rhyme", "a role that is gone takes nothing along");
    assert_eq!(third.get("temperature"), None);
}

#[test]
fn flag_then_environment_then_conversation_then_role_then_setting() {
    let (upstream, home) = home();
    home.text(&["roles", "set", "r", "-s", "of r", "-m", "rec/of-role", "--max-tokens", "7"]);
    home.text(&["roles", "set", "default", "-s", "of default", "-m", "rec/of-default"]);
    home.text(&["settings", "set", "model", "rec/of-setting"]);
    let model = |arguments: &[&str]| {
        home.text(&[&["chat", "x"][..], arguments].concat());
        asked(&upstream)["model"].as_str().expect("a model").to_owned()
    };
    assert_eq!(model(&[]), "of-setting");
    assert_eq!(model(&["-r", "r"]), "of-role");
    assert_eq!(model(&["-r", "r", "-m", "rec/of-flag", "--max-tokens", "9", "-s", "of flag"]), "of-flag");
    let request = asked(&upstream);
    assert_eq!(request["messages"][0]["content"], "of flag");
    assert!(request["max_tokens"] == 9 || request["max_completion_tokens"] == 9, "{request}");
    let output = home.mmp(&["chat", "x", "-r", "r"]).env("MMP_MODEL", "rec/of-environment").output().expect("mmp starts");
    assert_eq!((code(&output), asked(&upstream)["model"].as_str()), (0, Some("of-environment")), "{}", stderr(&output));
    home.text(&["settings", "set", "role", "default"]);
    assert_eq!(model(&[]), "of-default");
    assert_eq!(asked(&upstream)["messages"][0]["content"], "of default");
    assert_eq!(model(&["-c", "-r", "r"]), "of-default", "the conversation's model counts more than a role's");
    assert_eq!(asked(&upstream)["messages"][0]["content"], "of r", "and a role that is named more than the one it began with");
    assert_eq!(model(&["-r", ""]), "of-setting", "an empty name is no role");
    assert_eq!(asked(&upstream)["messages"], told(None, &[("user", "x")]));
    assert_eq!(home.json(&["models", "test", "rec/any", "--json"])["model"], "rec/any");
    assert_eq!(asked(&upstream)["messages"][0]["role"], "user", "a test of a model has no role");
}

#[test]
fn roles_are_listed_shown_and_deleted_and_a_default_goes_with_its_role() {
    let (_upstream, home) = home();
    let output = home.run_with_input(&["roles", "set", "评审", "--system-file", "-"], "挑毛病\n".as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    home.text(&["roles", "set", "a", "-m", "demo"]);
    assert_eq!(home.json(&["roles", "list", "--json"])["items"][1]["system"], "挑毛病\n");
    assert!(home.text(&["roles", "show", "评审"]).ends_with("\n挑毛病\n"));
    home.text(&["roles", "set", "a", "--temperature", "0", "--unset", "model"]);
    let shown = home.json(&["roles", "show", "a", "--json"]);
    assert_eq!((&shown["model"], &shown["params"]), (&Value::Null, &json!({ "temperature": 0.0 })));
    home.text(&["settings", "set", "role", "评审"]);
    let unasked = home.run(&["roles", "delete", "评审"]);
    assert_eq!(code(&unasked), 2, "{}", stderr(&unasked));
    home.text(&["--yes", "roles", "delete", "评审", "a"]);
    assert_eq!(home.json(&["roles", "list", "--json"])["items"], json!([]));
    assert_eq!(home.json(&["settings", "list", "--json"])["items"], json!([]));
}

#[test]
fn what_makes_no_sense_of_a_role_is_told() {
    let (_upstream, home) = home();
    home.text(&["roles", "set", "reviewer", "-s", "x"]);
    let long = "x".repeat(70_000);
    for (arguments, expected, words) in [
        (&["chat", "-r", "reveiwer", "hi"][..], "not_found", "`reviewer`"),
        (&["roles", "show", "zzz"], "not_found", "mmp roles list"),
        (&["--yes", "roles", "delete", "reviewer", "zzz"], "not_found", "zzz"),
        (&["settings", "set", "role", "zzz"], "not_found", "zzz"),
        (&["roles", "set", "a b", "-s", "x"], "bad_request", "64"),
        (&["roles", "set", "..", "-s", "x"], "bad_request", "dots"),
        (&["roles", "set", "\u{1b}[31m", "-s", "x"], "bad_request", "letters"),
        (&["roles", "set", "new"], "bad_request", "--system"),
        (&["roles", "set", "new", "-s", " "], "bad_request", "say nothing"),
        (&["roles", "set", "new", "-m", "gpt-none"], "model_not_found", "gpt-none"),
        (&["roles", "set", "new", "--temperature", "9"], "bad_request", "temperature"),
        (&["roles", "set", "new", "-s", &long], "too_large", "65536"),
    ] {
        let output = home.run(&[arguments, &["--json"]].concat());
        let error = json_error(&output);
        assert_eq!(error["code"], expected, "{arguments:?}: {error}");
        assert!(error.to_string().contains(words), "{arguments:?}: {error}");
    }
    assert_eq!(home.json(&["roles", "list", "--json"])["items"].as_array().map(Vec::len), Some(1), "nothing was done by half");
}
