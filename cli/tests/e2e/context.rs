//! What of a conversation is sent, and what is said of it before: windows, tokens, and a dry run.

use serde_json::{Value, json};

use crate::support::{
    Home, code, json_error, stderr,
    upstream::{
        Upstream,
        server::{Request, Step},
    },
};

/// About 117 tokens by the rule of thumb.
const HUNDRED_WORDS: &str = "river river river river river river river river river river";

fn words(first: &str) -> String {
    format!("{first} {}", [HUNDRED_WORDS; 10].join(" "))
}

/// A whole answer; with the tokens of its prompt where the provider says them.
fn answer(text: &str, prompt_tokens: Option<u64>) -> Vec<Step> {
    let piece = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    let mut end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    if let Some(tokens) = prompt_tokens {
        end["usage"] = json!({"prompt_tokens": tokens, "completion_tokens": 100, "total_tokens": tokens + 100});
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    vec![Step::Send(format!("{head}data: {piece}\n\ndata: {end}\n\ndata: [DONE]\n\n").into_bytes()), Step::Close]
}

fn refuses(status: &str) -> Vec<Step> {
    let body = r#"{"error":{"message":"no","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    vec![Step::Send(format!("{head}{body}").into_bytes()), Step::Close]
}

fn home(upstream: &Upstream, window: Option<u64>) -> Home {
    let home = upstream.add_to(Home::new());
    if let Some(window) = window {
        home.text(&["models", "set", "rec/m", "--context-window", &window.to_string()]);
    }
    home
}

/// The messages of a request, as role and first word.
fn sent(request: &Request) -> Vec<String> {
    let body: Value = serde_json::from_slice(&request.body).expect("a JSON body");
    let messages = body["messages"].as_array().expect("messages").iter();
    messages
        .map(|message| {
            let text = message["content"].as_str().expect("text");
            format!("{} {}", message["role"].as_str().expect("a role"), text.split(' ').next().unwrap_or_default())
        })
        .collect()
}

fn notices(answer: &Value) -> Vec<&str> {
    answer["notices"].as_array().expect("notices").iter().filter_map(|notice| notice["code"].as_str()).collect()
}

fn talk(home: &Home, turns: &[&str]) -> String {
    let mut id = String::new();
    for (at, turn) in turns.iter().enumerate() {
        let text = words(turn);
        let mut arguments = vec!["chat", "--json", "-m", "rec/m", "-s", "brief", &text];
        if at > 0 {
            arguments.extend(["-C", &id]);
        }
        id = home.json(&arguments)["conversation_id"].as_str().expect("an id").to_owned();
    }
    id
}

#[test]
fn the_oldest_turns_are_left_out_and_the_user_is_told() {
    let upstream = Upstream::repeating(answer(&words("yes"), None));
    let home = home(&upstream, Some(1_000));
    let id = talk(&home, &["one", "two", "three"]);
    assert_eq!(upstream.requests().last().map(sent).expect("a request").len(), 6, "everything fits so far");

    let text = words("four");
    let output = home.run(&["chat", "--json", "-m", "rec/m", "-s", "brief", "-C", &id, &text]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let told: Value = serde_json::from_slice(&output.stdout).expect("an answer");
    assert_eq!(notices(&told), ["context_trimmed"]);
    let expected = ["system brief", "user two", "assistant yes", "user three", "assistant yes", "user four"];
    assert_eq!(upstream.requests().last().map(sent).expect("a request"), expected);

    let output = home.run(&["chat", "-m", "rec/m", "-s", "brief", "-C", &id, &words("five")]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("the oldest 4 messages were not sent: `rec/m` takes 1000 tokens"), "{}", stderr(&output));
    // Nothing of it is lost: it is only not sent.
    assert_eq!(home.json(&["history", "show", &id, "-o", "json"])["messages"].as_array().map(Vec::len), Some(10));
    let events = home.text(&["attach", "-o", "jsonl"]);
    assert!(events.contains(r#""dropped_messages":4"#), "{events}");
}

#[test]
fn a_message_that_does_not_fit_by_itself_is_refused_before_anybody_is_asked() {
    let upstream = Upstream::repeating(answer("yes", None));
    let home = home(&upstream, Some(200));
    let output = home.run(&["chat", "--json", "-m", "rec/m", &words("long").repeat(3)]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    let error = json_error(&output);
    assert_eq!((&error["code"], &error["provider"]), (&json!("context_too_long"), &json!("rec")));
    let message = error["message"].as_str().expect("words");
    assert!(message.contains("takes 200, of which 50 are kept for the answer"), "{message}");
    assert!(upstream.requests().is_empty());
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"], json!([]));

    let output = home.run(&["chat", "-m", "rec/m", "--max-tokens", "500", "hi"]);
    assert_eq!(code(&output), 4, "no room is left for a prompt: {}", stderr(&output));
}

#[test]
fn nothing_is_left_out_where_no_window_is_known() {
    let upstream = Upstream::repeating(answer(&words("yes"), None));
    let home = home(&upstream, None);
    talk(&home, &["one", "two", "three", "four", "five", "six"]);
    assert_eq!(upstream.requests().last().map(sent).expect("a request").len(), 12);
}

#[test]
fn every_candidate_is_sent_what_fits_into_its_own_window() {
    let broke = Upstream::repeating(refuses("402 Payment Required"));
    let small = Upstream::repeating(answer(&words("yes"), None));
    let home = home(&small, Some(1_000));
    let id = talk(&home, &["one", "two", "three"]);
    home.text(&["providers", "add", "big", "--kind", "openai", "--base-url", &broke.url()]);
    home.text(&["settings", "set", "fallback", "rec/m"]);
    let told = home.json(&["chat", "--json", "-m", "big/m", "-s", "brief", "-C", &id, &words("four")]);
    assert_eq!(told["provider"], "rec");
    assert_eq!(notices(&told), ["context_trimmed"]);
    assert_eq!(broke.requests().last().map(sent).expect("a request").len(), 8);
    assert_eq!(small.requests().last().map(sent).expect("a request").len(), 6);

    // The other way round: the first cannot take the question at all, and is not asked.
    home.text(&["models", "set", "big/m", "--context-window", "100"]);
    let asked = broke.requests().len();
    let told = home.json(&["chat", "--json", "-m", "big/m", &words("five")]);
    assert_eq!(told["attempts"][0]["error_code"], "context_too_long");
    assert_eq!((&told["provider"], broke.requests().len()), (&json!("rec"), asked));
}

#[test]
fn what_the_provider_has_counted_corrects_the_estimate() {
    // This one needs three times the tokens that one would think.
    let upstream = Upstream::start(|request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let messages = body["messages"].as_array().map_or(0, Vec::len) as u64;
        answer(&words("yes"), Some(messages * 350))
    });
    let home = home(&upstream, Some(4_000));
    let id = talk(&home, &["one", "two", "three", "four"]);
    let told = home.json(&["chat", "--json", "-m", "rec/m", "-s", "brief", "-C", &id, &words("five")]);
    assert_eq!(notices(&told), ["context_trimmed"], "by the rule of thumb alone it would fit");
    assert_eq!(told["usage"]["source"], "provider");
}

#[test]
fn tokens_that_nobody_reported_are_estimated_and_said_to_be() {
    let upstream = Upstream::repeating(answer(&words("yes"), None));
    let home = home(&upstream, None);
    let told = home.json(&["chat", "--json", "-m", "rec/m", &words("one")]);
    assert_eq!(told["usage"]["source"], "estimated");
    let near = |value: &Value| (90..150).contains(&value.as_u64().expect("a number"));
    assert!(near(&told["usage"]["prompt_tokens"]) && near(&told["usage"]["completion_tokens"]), "{told}");
    // One that said nothing has nothing to estimate.
    let broke = Upstream::repeating(refuses("402 Payment Required"));
    home.text(&["providers", "set", "rec", "--base-url", &broke.url()]);
    home.run(&["chat", "-m", "rec/m", "hi"]);
    assert_eq!(home.json(&["runs", "list", "-o", "json"])["items"][0]["usage"]["source"], "unknown");
}

#[test]
fn a_dry_run_says_what_would_be_sent_and_asks_nobody() {
    let upstream = Upstream::repeating(answer(&words("yes"), None));
    let home = home(&upstream, Some(1_000));
    let id = talk(&home, &["one", "two", "three"]);
    let asked = upstream.requests().len();
    home.text(&["models", "set", "rec/m", "--input-price", "2", "--output-price", "8"]);
    let dry = home.json(&[
        "chat",
        "--dry-run",
        "--json",
        "-m",
        "rec/m",
        "-s",
        "brief",
        "--max-tokens",
        "100",
        "-p",
        "top_p=0.5",
        "-C",
        &id,
        &words("four"),
    ]);
    assert_eq!((&dry["provider"], &dry["model"], &dry["system"]), (&json!("rec"), &json!("m"), &json!("brief")));
    assert_eq!(dry["base_url"], upstream.url());
    assert_eq!(dry["conversation_id"], id);
    assert_eq!(dry["messages"].as_array().map(Vec::len), Some(7), "{dry}");
    assert_eq!(dry["usage"]["source"], "estimated");
    assert_eq!(dry["context_window"], 1_000);
    assert_eq!((&dry["params"]["top_p"], &dry["params"]["max_tokens"]), (&json!(0.5), &json!(100)));
    let tokens = dry["usage"]["prompt_tokens"].as_f64().expect("tokens");
    assert!((dry["cost"]["input_usd"].as_f64().expect("a cost") - tokens * 2e-6).abs() < 1e-9);
    assert!((dry["cost"]["most_usd"].as_f64().expect("a cost") - tokens * 2e-6 - 100.0 * 8e-6).abs() < 1e-9);

    let trimmed = home.json(&["chat", "--dry-run", "--json", "-m", "rec/m", "-s", "brief", "-C", &id, &words("four")]);
    assert_eq!(trimmed["notices"][0]["code"], "context_trimmed");
    assert_eq!(trimmed["messages"].as_array().map(Vec::len), Some(5));

    let text = home.text(&["chat", "--dry-run", "-m", "rec/m", "-s", "brief", "-c", "hello"]);
    for part in ["rec/m\n", &upstream.url(), "── system\nbrief\n", "── you\nhello\n", " of 1000 tokens"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(upstream.requests().len(), asked);
    assert_eq!(home.json(&["history", "show", &id, "-o", "json"])["messages"].as_array().map(Vec::len), Some(6));
}

#[test]
fn a_dry_run_needs_no_key_and_refuses_what_a_turn_would() {
    let home = Home::new();
    let dry = home.json(&["chat", "--dry-run", "--json", "-m", "gpt-4o", "hello world"]);
    assert_eq!((&dry["provider"], &dry["model"]), (&json!("openai"), &json!("gpt-4o")));
    // Two of them are the text's; the rest is what a message costs.
    assert_eq!(dry["usage"]["prompt_tokens"], 6);
    assert_eq!(home.json(&["chat", "--dry-run", "--json", "-m", "demo", "hi"])["base_url"], "");
    assert_eq!(code(&home.run(&["chat", "--dry-run", "-m", "no-such-model", "hi"])), 4);
    assert_eq!(code(&home.run(&["chat", "--dry-run", "-m", "gpt-4o", "--temperature", "9", "hi"])), 2);
    assert_eq!(home.json(&["history", "list", "-o", "json"])["items"], json!([]));
    assert_eq!(home.json(&["runs", "list", "-o", "json"])["items"], json!([]));
}
