//! What is said of models, through the whole path: prices, limits, names, parameters, what is turned off, and the lists that
//! providers give themselves.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::support::{
    Home, code, json_error, stderr, stdout,
    upstream::{
        Upstream,
        server::{Step, answer},
    },
};

/// A provider whose answers have 1,000 tokens each way, a quarter of the prompt cached, and whose list is `list`.
fn provider(list: Value) -> Upstream {
    Upstream::start(move |request| if request.head.starts_with("GET ") { plain(&list) } else { chat() })
}

fn plain(body: &Value) -> Vec<Step> {
    answer(200, "application/json", &[], body.to_string().as_bytes(), &[])
}

fn chat() -> Vec<Step> {
    let usage = json!({ "prompt_tokens": 1000, "completion_tokens": 1000, "prompt_tokens_details": { "cached_tokens": 250 } });
    plain(&json!({ "choices": [{ "message": { "content": "hello" }, "finish_reason": "stop" }], "usage": usage }))
}

fn home(upstream: &Upstream) -> Home {
    upstream.add_to(Home::new())
}

fn two_models() -> Value {
    json!({ "object": "list", "data": [
        { "id": "maker/one", "context_length": 4096, "pricing": { "prompt": "0.000002", "completion": "0.000004" } },
        { "id": "maker/two" },
        { "id": "maker/ears", "output_modalities": ["transcription"] },
    ]})
}

fn cost(answer: &Value) -> f64 {
    answer["cost_usd"].as_f64().expect("a cost")
}

/// What is explained of a field: its value and who says so.
fn explained(home: &Home, model: &str, field: &str) -> (Value, String) {
    let shown = home.json(&["models", "show", model, "--json"]);
    let all = shown["explained"].as_array().expect("a list").clone();
    let found =
        all.into_iter().find(|line| line["field"] == field).unwrap_or_else(|| panic!("{field} is not explained: {shown}"));
    (found["value"].clone(), found["origin"].as_str().expect("an origin").to_owned())
}

#[test]
fn a_cost_comes_from_the_price_that_holds_and_stays() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    let ask = || home.json(&["chat", "-m", "rec/own", "--json", "hi"]);
    assert_eq!(ask()["cost_usd"], Value::Null, "nobody says what it costs");
    home.text(&["models", "set", "rec/own", "--input-price", "2", "--cached-price", "0.4", "--output-price", "8"]);
    let first = ask();
    assert!((cost(&first) - (0.0015 + 0.0001 + 0.008)).abs() < 1e-12, "{first}");
    home.text(&["models", "set", "rec/own", "--input-price", "4", "--output-price", "8"]);
    assert!((cost(&ask()) - (0.004 + 0.008)).abs() < 1e-12);
    let kept = home.json(&["history", "show", first["conversation_id"].as_str().expect("an id"), "--json"]);
    assert_eq!(kept["messages"][1]["cost_usd"], first["cost_usd"], "what was paid does not change with the price");
    home.text(&["models", "unset", "rec/own", "--price"]);
    assert_eq!(explained(&home, "rec/own", "price"), (Value::Null, "nobody".into()));
}

#[test]
fn parameters_of_a_model_hold_where_a_request_says_nothing_else() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    home.text(&["models", "set", "rec/own", "--temperature", "0.25", "-p", "seed=7", "-p", "logit_bias.50256=-100"]);
    home.text(&["chat", "-m", "rec/own", "hi"]);
    home.text(&["chat", "-m", "rec/own", "--temperature", "1", "hi"]);
    home.text(&["models", "unset", "rec/own", "-p", "temperature"]);
    home.text(&["chat", "-m", "rec/own", "hi"]);
    home.text(&["models", "unset", "rec/own"]);
    home.text(&["chat", "-m", "rec/own", "hi"]);
    let asked: Vec<Value> =
        upstream.requests().iter().map(|request| serde_json::from_slice(&request.body).expect("JSON")).collect();
    let of = |name: &str| asked.iter().map(|body| body[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("temperature"), [json!(0.25), json!(1.0), Value::Null, Value::Null]);
    assert_eq!(of("seed"), [json!(7), json!(7), json!(7), Value::Null]);
    assert_eq!(asked[0]["logit_bias"], json!({ "50256": -100 }));
}

#[test]
fn an_alias_stands_for_its_model_and_can_be_moved_and_removed() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    home.text(&["models", "alias", "快", "rec/one"]);
    assert_eq!(home.json(&["chat", "-m", "快", "--json", "hi"])["model"], "one");
    home.text(&["models", "alias", "快", "rec/two"]);
    assert_eq!(home.json(&["models", "show", "快", "--json"])["name"], "rec/two");
    assert_eq!(home.json(&["models", "show", "rec/one", "--json"])["aliases"], json!([]));
    let listed = home.json(&["models", "alias", "--json"]);
    assert!(listed["items"].as_array().expect("items").contains(&json!({ "alias": "快", "model": "rec/two" })));
    home.text(&["models", "alias", "快", "--remove"]);
    assert_eq!(json_error(&home.run(&["chat", "-m", "快", "--json", "hi"]))["code"], "model_not_found");
    let refused = home.run(&["models", "alias", "gpt", "--remove", "--json"]);
    assert_eq!((code(&refused), json_error(&refused)["code"].clone()), (2, json!("bad_request")));
}

#[test]
fn an_alias_that_shadows_something_is_refused() {
    let home = home(&provider(two_models()));
    // A model's own name, an alias that comes with mmp, a provider, what a provider's name makes of the rest.
    for alias in ["gpt-4o", "gpt", "openai", "openai/mine", "rec:x"] {
        let refused = home.run(&["models", "alias", alias, "rec/one", "--json"]);
        assert_eq!((code(&refused), json_error(&refused)["code"].clone()), (1, json!("conflict")), "{alias}");
        assert!(json_error(&refused)["message"].as_str().expect("words").contains(alias));
    }
    for alias in ["two words", "a,b", "", "x\u{7}", &"x".repeat(65)] {
        let refused = home.run(&["models", "alias", alias, "rec/one", "--json"]);
        assert_eq!((code(&refused), json_error(&refused)["code"].clone()), (2, json!("bad_request")), "{alias}");
    }
}

#[test]
fn a_price_or_a_limit_that_makes_no_sense_names_its_field() {
    let home = home(&provider(two_models()));
    for (arguments, field) in [
        (["--input-price", "-1", "--output-price", "2"], "price.input"),
        (["--input-price", "1", "--output-price", "-0.5"], "price.output"),
        (["--input-price", "NaN", "--output-price", "2"], "--input-price"),
        (["--context-window", "0", "--max-output", "5"], "context_window"),
        (["--temperature", "3", "--max-output", "5"], "temperature"),
        (["-p", "stream=true", "--max-output", "5"], "stream"),
    ] {
        let refused = home.run(&[&["models", "set", "rec/one", "--json"], &arguments[..]].concat());
        let error = json_error(&refused);
        assert_eq!((code(&refused), error["code"].clone()), (2, json!("bad_request")), "{arguments:?}");
        assert!(error["message"].as_str().expect("words").contains(field), "{error}");
    }
    assert_eq!(home.json(&["models", "show", "rec/one", "--json"])["max_output"], Value::Null, "nothing was half done");
}

#[test]
fn a_model_that_is_turned_off_answers_nothing_and_is_passed_over() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    home.text(&["models", "disable", "rec/one"]);
    let refused = home.run(&["chat", "-m", "rec/one", "--json", "hi"]);
    let error = json_error(&refused);
    assert_eq!((code(&refused), error["code"].clone()), (4, json!("model_not_found")));
    assert!(error["hint"].as_str().expect("a hint").contains("mmp models enable rec/one"), "{error}");
    assert!(upstream.requests().is_empty());
    home.text(&["models", "enable", "rec/one"]);
    assert_eq!(home.json(&["chat", "-m", "rec/one", "--json", "hi"])["text"], "hello");
    // A server without a flagship answers with the first model of its list that may be asked.
    home.text(&["models", "refresh", "rec"]);
    home.text(&["models", "disable", "maker/one"]);
    assert_eq!(home.json(&["chat", "--json", "hi"])["model"], "maker/two");
}

#[test]
fn a_providers_own_list_is_kept_and_its_models_are_known_by_name() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let upstream = Upstream::start(move |request| match request.head.starts_with("GET ") {
        true if counted.fetch_add(1, Ordering::SeqCst) == 0 => plain(&two_models()),
        true => plain(&json!({ "object": "list", "data": [{ "id": "maker/two" }, { "id": "maker/three" }] })),
        false => chat(),
    });
    let home = home(&upstream);
    let first = home.json(&["models", "refresh", "--json"]);
    let expected = json!([{ "provider": "rec", "models": 2, "added": ["maker/one", "maker/two"], "removed": [], "error": null }]);
    assert_eq!(first["items"], expected, "what does not chat is left out");
    assert_eq!(home.json(&["models", "show", "maker/one", "--json"])["context_window"], 4096);
    assert_eq!(
        explained(&home, "maker/one", "price"),
        (json!({ "input": 2.0, "cached_input": null, "output": 4.0 }), "provider".into())
    );
    assert!((cost(&home.json(&["chat", "-m", "maker/one", "--json", "hi"])) - 0.006).abs() < 1e-12);
    let names: Vec<Value> = home.json(&["models", "list", "--provider", "rec", "--json"])["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|model| model["name"].clone())
        .collect();
    assert_eq!(names, ["rec/maker/one", "rec/maker/two"]);
    let second = home.json(&["models", "refresh", "rec", "--json"]);
    assert_eq!(second["items"][0]["added"], json!(["maker/three"]));
    assert_eq!(second["items"][0]["removed"], json!(["maker/one"]));
    assert_eq!(explained(&home, "rec/maker/one", "listed").0, json!(false));
    // The daemon keeps the list; another place has another.
    home.text(&["daemon", "stop"]);
    assert_eq!(home.json(&["models", "show", "maker/three", "--json"])["provider"], "rec");
    home.text(&["providers", "set", "rec", "--base-url", "http://127.0.0.1:1/v1"]);
    assert_eq!(json_error(&home.run(&["models", "show", "maker/three", "--json"]))["code"], "model_not_found");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_list_that_does_not_come_leaves_the_old_one_and_says_why() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    home.text(&["providers", "add", "gone", "--kind", "openai", "--base-url", "http://127.0.0.1:1/v1"]);
    let refreshed = home.run(&["models", "refresh", "--json"]);
    assert_eq!(code(&refreshed), 4);
    let items: Value = serde_json::from_str(&stdout(&refreshed)).expect("JSON");
    let codes: Vec<&Value> = items["items"].as_array().expect("items").iter().map(|list| &list["error"]["code"]).collect();
    assert_eq!(codes, [&json!("provider_unreachable"), &Value::Null]);
    let told = home.run(&["models", "refresh"]);
    assert!(stderr(&told).contains("`gone` keeps the list it had"), "{}", stderr(&told));
    assert_eq!(code(&home.run(&["models", "refresh", "nobody"])), 1);
}

#[test]
fn what_an_administrator_says_holds_for_everyone_and_of_prices_more_than_the_users_word() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    home.text(&["admin", "models", "set", "gpt-4o", "--input-price", "3", "--output-price", "9", "--max-tokens", "50"]);
    home.text(&["models", "set", "gpt-4o", "--input-price", "0", "--output-price", "0", "--max-tokens", "60"]);
    assert_eq!(
        explained(&home, "gpt-4o", "price"),
        (json!({ "input": 3.0, "cached_input": null, "output": 9.0 }), "admin".into())
    );
    assert_eq!(explained(&home, "gpt-4o", "params.max_tokens"), (json!(60), "user".into()));
    home.text(&["admin", "models", "disable", "gpt-4o"]);
    home.text(&["models", "enable", "gpt-4o"]);
    assert_eq!(explained(&home, "gpt-4o", "enabled"), (json!(false), "admin".into()));
    home.text(&["admin", "models", "unset", "gpt-4o"]);
    assert_eq!(explained(&home, "gpt-4o", "price").1, "user");
    assert_eq!(explained(&home, "gpt-4o", "enabled"), (json!(true), "built_in".into()));
}

#[test]
fn it_is_explained_where_everything_comes_from() {
    let home = Home::new().with("OPENAI_API_KEY", "sk-of-the-environment");
    assert_eq!(explained(&home, "gpt", "key"), (json!("environment"), "environment".into()));
    assert_eq!(explained(&home, "deepseek", "key"), (Value::Null, "nobody".into()));
    assert_eq!(explained(&home, "gpt", "base_url"), (json!("https://api.openai.com/v1"), "built_in".into()));
    assert_eq!(explained(&home, "gpt", "context_window").1, "catalogue");
    home.run_with_input(&["providers", "set", "deepseek", "--api-key-stdin", "--base-url", "https://example.org/v1"], b"sk-x");
    home.text(&["settings", "set", "fallback", "deepseek,gpt"]);
    assert_eq!(explained(&home, "deepseek", "key"), (json!("sealed"), "user".into()));
    assert_eq!(explained(&home, "deepseek", "base_url"), (json!("https://example.org/v1"), "user".into()));
    assert_eq!(explained(&home, "deepseek", "fallback"), (json!(["deepseek", "gpt"]), "user".into()));
    let words = home.text(&["models", "show", "gpt"]);
    assert!(words.contains("from OPENAI_API_KEY") && !words.contains("sk-of"), "{words}");
}

#[test]
fn a_test_of_a_model_asks_it_and_keeps_nothing() {
    let upstream = provider(two_models());
    let home = home(&upstream);
    let found = home.json(&["models", "test", "rec/one", "--json"]);
    assert_eq!((found["model"].clone(), found["text"].clone()), (json!("rec/one"), json!("hello")));
    assert_eq!(home.json(&["history", "list", "--json"])["items"], json!([]));
    assert_eq!(json_error(&home.run(&["models", "test", "gpt", "--json"]))["code"], "no_key");
}

#[test]
fn a_long_list_of_models_comes_in_pages() {
    let many: Vec<Value> = (0..450).map(|number| json!({ "id": format!("m{number:03}") })).collect();
    let upstream = provider(json!({ "data": many }));
    let home = home(&upstream);
    home.text(&["models", "refresh", "rec"]);
    let count = |arguments: &[&str]| home.json(arguments)["items"].as_array().expect("items").len();
    assert_eq!(count(&["models", "list", "--provider", "rec", "--all", "--json"]), 450);
    assert_eq!(count(&["models", "list", "--provider", "rec", "--json"]), 50);
    let page = home.json(&["models", "list", "--provider", "rec", "--limit", "449", "--json"]);
    let rest =
        home.json(&["models", "list", "--provider", "rec", "--cursor", page["next_cursor"].as_str().expect("more"), "--json"]);
    assert_eq!(rest["items"][0]["name"], "rec/m449");
    assert_eq!(json_error(&home.run(&["models", "list", "--cursor", "nonsense", "--json"]))["code"], "bad_request");
}
