//! What flags and `--param` become in the request that each provider gets, and what is told of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{
    replies::{good, says, stream, thought},
    support::{Home, code, json_error, stderr, upstream::Upstream},
    world::World,
};

/// A question with flags, and what must come of it.
struct Row {
    kind: &'static str,
    model: &'static str,
    flags: &'static [&'static str],
    /// Fields that the request must have; null for one that it must not.
    sent: Value,
    /// The codes of the notices.
    told: &'static [&'static str],
}

fn row(
    kind: &'static str,
    model: &'static str,
    flags: &'static [&'static str],
    sent: Value,
    told: &'static [&'static str],
) -> Row {
    Row { kind, model, flags, sent, told }
}

const DROPPED: &[&str] = &["param_dropped"];
const ADJUSTED: &[&str] = &["param_adjusted"];
const IGNORED: &[&str] = &["param_ignored"];

fn check(rows: &[Row]) {
    let world = World::new();
    for Row { kind, model, flags, sent, told } in rows {
        let upstream = Upstream::start(move |request| {
            if request.head.contains("/oauth/") {
                return says(200, r#"{"access_token":"24.t","expires_in":2592000}"#);
            }
            if request.head.contains("/rpc/2.0/") { says(200, r#"{"result":"yes"}"#) } else { good("yes") }
        });
        let name = world.add(kind, &upstream.root());
        let met = world.ask(&format!("{name}/{model}"), flags);
        met.ends("complete", 0, None).text("yes");
        let request = upstream.requests().pop().expect("a question");
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        for (field, expected) in sent.as_object().expect("fields") {
            assert_eq!(body.get(field).unwrap_or(&Value::Null), expected, "{kind} {model} {flags:?}: {field} of {body}");
        }
        assert_eq!(met.notices(), *told, "{kind} {model} {flags:?}: {}", met.answer["notices"]);
    }
    world.ends();
}

#[test]
fn the_limit_of_length_has_each_services_name() {
    let old = json!({"max_tokens": 7, "max_completion_tokens": null});
    let new = json!({"max_tokens": null, "max_completion_tokens": 7});
    const FLAG: &[&str] = &["--max-tokens", "7"];
    check(&[
        row("openai", "gpt-4o", FLAG, old.clone(), &[]),
        row("openai", "gpt-5.5", FLAG, new.clone(), &[]),
        row("openai", "o3-mini", FLAG, new.clone(), &[]),
        row("azure", "gpt-5", FLAG, new.clone(), &[]),
        row("groq", "llama-3.3-70b-versatile", FLAG, new.clone(), &[]),
        row("cerebras", "gpt-oss-120b", FLAG, new, &[]),
        row("deepseek", "deepseek-v4-pro", FLAG, old.clone(), &[]),
        row("wenxin", "ernie-4.5-turbo-128k", FLAG, old.clone(), &[]),
        row("wenxin-v1", "ernie-4.0-8k", FLAG, json!({"max_output_tokens": 7, "max_tokens": null}), &[]),
        row("mistral", "mistral-large-latest", FLAG, old.clone(), &[]),
        row("openrouter", "openai/gpt-5", FLAG, old, &[]),
        row("openai", "gpt-5.5", &["-p", "max_tokens=7"], json!({"max_completion_tokens": 7}), &[]),
    ]);
}

#[test]
fn a_temperature_is_fitted_to_who_gets_it() {
    const WARM: &[&str] = &["--temperature", "1.5"];
    const COLD: &[&str] = &["--temperature", "0"];
    const ONE: &[&str] = &["--temperature", "1"];
    let sent = |value: Value| json!({ "temperature": value });
    check(&[
        row("openai", "gpt-4o", WARM, sent(json!(1.5)), &[]),
        row("openai", "o3", WARM, sent(Value::Null), DROPPED),
        row("openai", "gpt-5", WARM, sent(Value::Null), DROPPED),
        row("openai", "gpt-5", ONE, sent(Value::Null), &[]),
        row(
            "openai",
            "gpt-5.5",
            &["--temperature", "0.5", "--think", "off"],
            json!({"temperature": 0.5, "reasoning_effort": "none"}),
            &[],
        ),
        row("openai", "gpt-5.5", &["--temperature", "0.5", "-p", "reasoning_effort=high"], sent(Value::Null), DROPPED),
        row("openai", "gpt-5-chat-latest", WARM, sent(json!(1.5)), &[]),
        row("azure", "gpt-5-mini", WARM, sent(Value::Null), DROPPED),
        row("deepseek", "deepseek-v4-pro", WARM, sent(json!(1.5)), IGNORED),
        row("deepseek", "deepseek-v4-pro", &["--temperature", "1.5", "--think", "off"], sent(json!(1.5)), &[]),
        row("deepseek", "deepseek-v4-pro", &["--temperature", "1.5", "-p", "thinking.type=disabled"], sent(json!(1.5)), &[]),
        row("moonshot", "kimi-k2.6", WARM, sent(Value::Null), DROPPED),
        row("moonshot", "kimi-k2.6", ONE, sent(json!(1.0)), &[]),
        row("zhipu", "glm-5.2", WARM, sent(json!(1.0)), ADJUSTED),
        row("wenxin-v1", "ernie-4.0-8k", WARM, sent(json!(1.0)), ADJUSTED),
        row("wenxin-v1", "ernie-4.0-8k", COLD, sent(json!(0.01)), ADJUSTED),
        row("wenxin", "ernie-4.5-turbo-128k", COLD, sent(json!(0.01)), ADJUSTED),
        row("wenxin", "deepseek-v3", WARM, sent(json!(1.5)), &[]),
        row("xai", "grok-4", WARM, sent(json!(1.5)), &[]),
    ]);
}

#[test]
fn each_is_told_in_its_own_way_how_much_to_think() {
    const OFF: &[&str] = &["--think", "off"];
    const HIGH: &[&str] = &["--think", "high"];
    check(&[
        row("openai", "gpt-5.5", HIGH, json!({"reasoning_effort": "high"}), &[]),
        row("openai", "gpt-5", OFF, json!({"reasoning_effort": "minimal"}), &[]),
        row("openai", "gpt-5-pro", &["--think", "low"], json!({"reasoning_effort": null}), DROPPED),
        row("openai", "gpt-4o", HIGH, json!({"reasoning_effort": null}), DROPPED),
        row("deepseek", "deepseek-v4-pro", HIGH, json!({"thinking": {"type": "enabled"}, "reasoning_effort": "high"}), &[]),
        row("deepseek", "deepseek-v4-pro", OFF, json!({"thinking": {"type": "disabled"}, "reasoning_effort": null}), &[]),
        row("dashscope", "qwen3-max", HIGH, json!({"enable_thinking": true}), &[]),
        row("dashscope", "qwen3-max", &["--think", "high", "--no-stream"], json!({"enable_thinking": null}), DROPPED),
        row("dashscope", "qwen3-32b", &["--no-stream"], json!({"enable_thinking": false}), &[]),
        row("zhipu", "glm-4.7", OFF, json!({"thinking": {"type": "disabled"}}), &[]),
        row(
            "zhipu",
            "glm-4.7",
            &["--think", "on", "-p", "thinking.clear_thinking=false"],
            json!({"thinking": {"type": "enabled", "clear_thinking": false}}),
            &[],
        ),
        row("moonshot", "kimi-k2.6", OFF, json!({"thinking": {"type": "disabled"}}), &[]),
        row("groq", "qwen/qwen3-32b", OFF, json!({"reasoning_effort": "none", "reasoning_format": "parsed"}), &[]),
        row("groq", "qwen/qwen3-32b", &["-p", "reasoning_format=raw"], json!({"reasoning_format": "raw"}), &[]),
        row("wenxin-v1", "ernie-4.0-8k", HIGH, json!({"enable_thinking": null}), DROPPED),
        row("wenxin", "ernie-5.0-thinking-preview", HIGH, json!({"enable_thinking": null}), &[]),
        row("llamacpp", "m", OFF, json!({"chat_template_kwargs": {"enable_thinking": false}}), &[]),
        row("lmstudio", "m", HIGH, json!({}), DROPPED),
    ]);
}

#[test]
fn what_mmp_has_no_name_for_goes_as_it_stands() {
    check(&[
        row(
            "openai",
            "gpt-4o",
            &["-p", "top_p=0.9", "-p", "seed=7", "-p", "stop=[\"a\",\"b\"]"],
            json!({"top_p": 0.9, "seed": 7, "stop": ["a", "b"]}),
            &[],
        ),
        row(
            "openai",
            "gpt-4o",
            &["-p", "user=ada", "-p", "verbosity=\"low\"", "-p", "store=false"],
            json!({"user": "ada", "verbosity": "low", "store": false}),
            &[],
        ),
        row(
            "openai",
            "gpt-4o",
            &["-p", "response_format.type=json_object"],
            json!({"response_format": {"type": "json_object"}}),
            &[],
        ),
        row(
            "openai",
            "gpt-4o",
            &["-p", "metadata={\"a\":{\"b\":1}}", "-p", "metadata.c=d"],
            json!({"metadata": {"a": {"b": 1}, "c": "d"}}),
            &[],
        ),
        row(
            "openai",
            "o3",
            &["-p", "top_p=0.9", "-p", "logprobs=true"],
            json!({"top_p": null, "logprobs": null}),
            &["param_dropped", "param_dropped"],
        ),
        row(
            "wenxin-v1",
            "ernie-4.0-8k",
            &["-p", "disable_search=true", "-p", "penalty_score=3"],
            json!({"disable_search": true, "penalty_score": 2.0}),
            ADJUSTED,
        ),
        row("deepseek", "deepseek-v4-pro", &["-p", "presence_penalty=1"], json!({"presence_penalty": 1}), IGNORED),
    ]);
}

#[test]
fn a_limit_beyond_the_models_own_is_brought_down_to_it() {
    let upstream = Upstream::repeating(good("yes"));
    let home = Home::new().with("KEY", "sk-a-key");
    home.text(&["providers", "set", "openai", "--base-url", &format!("{}/v1", upstream.root()), "--api-key-env", "KEY"]);
    let answer = home.json(&["chat", "--json", "-m", "openai/gpt-4o", "--max-tokens", "999999", "hi"]);
    let body: Value = serde_json::from_slice(&upstream.requests()[0].body).expect("JSON");
    assert_eq!(body["max_tokens"], 16_384);
    assert_eq!(answer["notices"].as_array().expect("notices").last().expect("one")["code"], "param_adjusted");
}

#[test]
fn a_notice_is_told_once_however_often_is_asked() {
    let world = World::new();
    let broken = stream(&[thought("void")]);
    let upstream_says = [broken, good("yes")];
    let asked = AtomicUsize::new(0);
    let upstream = Upstream::start(move |_| upstream_says[asked.fetch_add(1, Ordering::SeqCst).min(1)].clone());
    let name = world.add("deepseek", &upstream.root());
    let met = world.ask(&format!("{name}/deepseek-v4-pro"), &["--temperature", "0.5"]);
    met.ends("complete", 0, None).text("yes");
    assert_eq!((met.notices(), upstream.requests().len()), (vec!["param_ignored"], 2));
    world.ends();
}

#[test]
fn what_makes_no_sense_is_refused_before_the_call() {
    let upstream = Upstream::repeating(good("never"));
    let home = upstream.add_to(Home::new());
    for (flags, names) in [
        (&["-p", "messages=[]"][..], "messages"),
        (&["-p", "model=other"], "model"),
        (&["-p", "stream=false"], "stream"),
        (&["-p", "stream_options.include_usage=false"], "stream_options"),
        (&["--temperature", "3"], "temperature"),
        (&["--temperature", "-1"], "temperature"),
        (&["--max-tokens", "0"], "max"),
        (&["-p", "temperature=hot"], "hot"),
        (&["-p", "novalue"], "novalue"),
        (&["-p", "=1"], "=1"),
        (&["-p", "a..b=1"], "a..b"),
        (&["--max-tokens", "5", "-p", "max_tokens=6"], "max_tokens"),
        (&["--think", "very"], "very"),
    ] {
        let output = home.run(&[&["chat", "--json", "-m", "rec/m", "hi"], flags].concat());
        assert_eq!(
            (code(&output), json_error(&output)["code"].as_str()),
            (2, Some("bad_request")),
            "{flags:?}: {}",
            stderr(&output)
        );
        assert!(stderr(&output).contains(names), "{flags:?}: {}", stderr(&output));
    }
    assert_eq!(upstream.requests().len(), 0);
}
