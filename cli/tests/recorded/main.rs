//! What real providers were recorded to send, the whole way: from a replaying server through the daemon to `mmp`.

#![allow(clippy::print_stderr)] // What is skipped is said aloud.

#[path = "../support/mod.rs"]
mod support;

#[allow(unreachable_pub)]
#[path = "../../../daemon/tests/provider_contract/samples.rs"]
mod samples;

use std::{collections::BTreeSet, process::Output, sync::Mutex};

use mmp_shared::{
    ErrorCode,
    error::answer_exit_code,
    events::{LoggedEvent, StreamEvent},
    message::{FinishReason, Status},
    order_law::check_all,
    usage::{Usage, UsageSource},
};
use samples::{Meaning, Sample};
use serde_json::{Value, json};
use support::{
    Home, code, json_error, stderr, stdout,
    upstream::{
        Upstream,
        server::{self, Request, answer},
    },
};

/// How many are asked at the same time: enough that nobody waits for a disk alone.
const AT_ONCE: usize = 4;

/// One way of asking for a sample.
struct Case<'a> {
    sample: &'a Sample,
    way: &'static str,
    cuts: Vec<usize>,
    arguments: &'static [&'static str],
}

/// Every sample whole, byte by byte and in random cuts, streaming and not, as one answer and as events.
fn cases(samples: &[Sample]) -> Vec<Case<'_>> {
    let cases = samples.iter().flat_map(|sample| {
        let length = sample.body.len();
        let case = |way, cuts, arguments| Case { sample, way, cuts, arguments };
        [
            case("whole", vec![], &["--json"][..]),
            case("byte by byte", samples::small_cuts(length), &["--json"]),
            case("in random cuts", samples::random_cuts(length, 1), &["--json"]),
            case("byte by byte, as events", samples::small_cuts(length), &["-o", "jsonl"]),
            case("in random cuts, as events", samples::random_cuts(length, 2), &["-o", "jsonl"]),
            case("whole, not streaming", vec![], &["--json", "--no-stream"]),
            case("in random cuts, not streaming", samples::random_cuts(length, 3), &["--json", "--no-stream"]),
        ]
    });
    cases.collect()
}

/// A server that replays the case whose number is the prompt.
fn replaying(cases: &[Case<'_>]) -> Upstream {
    let scripts: Vec<_> = cases.iter().map(|case| case.sample.replay(&case.cuts)).collect();
    Upstream::start(move |request| match request.head.contains("/oauth/2.0/token?") {
        true => samples::token(),
        false => scripts[number_in(request)].clone(),
    })
}

fn number_in(request: &Request) -> usize {
    let body: Value = serde_json::from_slice(&request.body).expect("a question is JSON");
    let prompt = body["messages"][0]["content"].as_str().expect("it asks something");
    prompt.parse().expect("prompts are numbers")
}

#[test]
fn every_recorded_answer_reaches_the_user_as_what_it_meant() {
    let samples = samples::answers();
    let cases = cases(&samples);
    let upstream = replaying(&cases);
    // What an error is, is seen at the first attempt.
    let home = Home::new().with("MMPD_ROUTING_ATTEMPTS", "1");
    for provider in providers(&samples) {
        home.text(&["providers", "add", &name_of(provider), "--kind", provider, "--base-url", &upstream.url()]);
    }
    for sample in samples.iter().filter(|sample| sample.wants_pair()).take(1) {
        let set = ["providers", "set", &name_of(sample.provider), "--api-key-stdin", "--secret-key-stdin"];
        assert_eq!(code(&home.run_with_input(&set, b"the-first-half\nthe-second-half")), 0);
    }
    let (next, wrong) = (Mutex::new(0..cases.len()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(number) = { next.lock().expect("nobody panics").next() } {
                    let case = &cases[number];
                    if let Err(difference) = check(case, &ask(&home, case, number)) {
                        let what = format!("{}, {}: {difference}", case.sample.name, case.way);
                        wrong.lock().expect("nobody panics").push(what);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("nobody panicked");
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The providers that read the samples, each once.
fn providers(samples: &[Sample]) -> BTreeSet<&'static str> {
    samples.iter().map(|sample| sample.provider).collect()
}

/// What a provider is called that speaks like this one and answers from the recordings.
fn name_of(provider: &str) -> String {
    format!("rec-{provider}")
}

fn ask(home: &Home, case: &Case<'_>, number: usize) -> Output {
    let (model, prompt) = (format!("{}/{}", name_of(case.sample.provider), case.sample.model()), number.to_string());
    let mut arguments = vec!["chat", "-m", &model, &prompt];
    arguments.extend(case.arguments);
    home.run(&arguments)
}

fn check(case: &Case<'_>, output: &Output) -> Result<(), String> {
    let expected = case.sample.meaning();
    if case.arguments.contains(&"jsonl") {
        check_events(&expected, &stdout(output))?;
    } else {
        check_answer(case.sample, &expected, &stdout(output))?;
    }
    let (status, has_text) = (status(&expected), !expected.text.is_empty() || !expected.tool_calls.is_empty());
    same("exit code", code(output), i32::from(answer_exit_code(status, has_text, expected.error)))?;
    let Some(error) = expected.error else { return same("stderr", stderr(output), String::new()) };
    if case.arguments.contains(&"--json") {
        let told = json_error(output);
        same("error", &told["code"], &json!(error))?;
        same("provider", &told["provider"], &json!(name_of(case.sample.provider)))?;
        same("HTTP status", &told["http_status"], &json!(case.sample.status()))?;
        same("retryable", &told["retryable"], &json!(error.is_retryable()))?;
    }
    Ok(())
}

fn check_answer(sample: &Sample, expected: &Meaning, printed: &str) -> Result<(), String> {
    let printed: Value = serde_json::from_str(printed).map_err(|error| format!("no JSON ({error}): {printed}"))?;
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let usage = serde_json::from_value(printed["usage"].clone()).map_err(|error| format!("no usage ({error}): {printed}"))?;
    same_usage(Some(usage), expected)?;
    for (field, expected) in [
        ("text", json!(expected.text)),
        ("reasoning", or_null(&expected.reasoning)),
        ("refusal", or_null(&expected.refusal)),
        ("tool_calls", json!(expected.tool_calls)),
        ("finish_reason", json!(expected.finish)),
        ("status", json!(status(expected))),
        ("provider", json!(name_of(sample.provider))),
        ("model", json!(sample.model())),
        ("notices", json!([])),
        ("cost_usd", Value::Null),
    ] {
        same(field, &printed[field], &expected)?;
    }
    let attempt = &printed["attempts"][0];
    same("the attempt's status", &attempt["status"], &json!(status(expected)))?;
    same("the attempt's error", &attempt["error_code"], &json!(expected.error))
}

/// The tokens are those that the provider named. Where it named none, an answer's are estimated, and nothing's are unknown.
fn same_usage(told: Option<Usage>, expected: &Meaning) -> Result<(), String> {
    let told = told.ok_or("no usage")?;
    if expected.usage.is_some() {
        return same("usage", Some(told), expected.usage);
    }
    let has_answer = [&expected.text, &expected.reasoning, &expected.refusal].iter().any(|text| !text.is_empty())
        || !expected.tool_calls.is_empty();
    match told.source {
        UsageSource::Estimated => {
            same("both estimated", (told.prompt_tokens > Some(0), told.completion_tokens.is_some()), (true, true))
        }
        UsageSource::Unknown if has_answer => Err("the usage of an answer is unknown".to_owned()),
        _ => same("usage", told, Usage::default()),
    }
}

fn check_events(expected: &Meaning, printed: &str) -> Result<(), String> {
    let events = printed.lines().map(event).collect::<Result<Vec<_>, _>>()?;
    check_all(&events).map_err(|error| format!("the order law: {error:?}"))?;
    let (mut text, mut reasoning, mut calls, mut usage, mut ending) = (String::new(), String::new(), vec![], None, None);
    for logged in events {
        match logged.event {
            StreamEvent::Text(piece) => text += &piece.text,
            StreamEvent::Reasoning(piece) => reasoning += &piece.text,
            StreamEvent::ToolCall(call) => calls.push(call),
            StreamEvent::Usage(report) => usage = Some(report.usage),
            StreamEvent::Done(last) | StreamEvent::Failed(last) => ending = Some(last),
            _ => {}
        }
    }
    let ending = ending.ok_or("no end")?;
    same("text", &text, &expected.text)?;
    same("reasoning", &reasoning, &expected.reasoning)?;
    same("tool calls", &calls, &expected.tool_calls)?;
    same_usage(usage, expected)?;
    same("refusal", ending.refusal.as_deref().unwrap_or_default(), expected.refusal.as_str())?;
    same("finish reason", ending.finish_reason, expected.finish)?;
    same("status", ending.status, status(expected))?;
    same("error", ending.error.map(|error| error.code), expected.error)
}

fn event(line: &str) -> Result<LoggedEvent, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON ({error}): {line}"))?;
    let (id, name) = (value["id"].as_u64().ok_or("no id")?, value["event"].as_str().ok_or("no name")?);
    let event = StreamEvent::from_parts(name, &value["data"].to_string()).map_err(|error| format!("{line}: {error}"))?;
    Ok(LoggedEvent { id, event: event.ok_or_else(|| format!("unknown: {line}"))? })
}

/// What becomes of an answer that means this.
fn status(expected: &Meaning) -> Status {
    match (expected.error, expected.finish) {
        (Some(ErrorCode::StreamTruncated), _) => Status::Truncated,
        (Some(_), _) => Status::Failed,
        (None, _) if !expected.refusal.is_empty() => Status::Filtered,
        (None, Some(FinishReason::Length)) => Status::Truncated,
        (None, Some(FinishReason::ContentFilter)) => Status::Filtered,
        (None, _) => Status::Complete,
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, not {expected:?}")) }
}

#[test]
fn every_recorded_list_of_models_is_shown() {
    let home = Home::new();
    for (number, sample) in samples::lists().iter().enumerate() {
        let upstream = Upstream::repeating(answer(200, "application/json", &[], &sample.body, &[]));
        let name = format!("rec{number}");
        home.text(&["providers", "add", &name, "--kind", sample.provider, "--base-url", &upstream.url()]);
        let found = home.json(&["providers", "test", &name, "-o", "json"]);
        let found: Vec<&str> = found["models"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let (count, first) = sample.models();
        assert_eq!(found.len() as u64, count, "{}", sample.name);
        assert_eq!(found[..first.len()], first, "{}", sample.name);
    }
}
