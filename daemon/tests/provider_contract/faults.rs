//! Everything that can go wrong between a request and its answer, through the driver, against a server that does it.

use std::{sync::Arc, time::Duration};

use mmp_shared::{ErrorCode, Language, message::FinishReason};
use mmpd::providers::{
    Ask, Provider, ProviderError,
    driver::{Driver, DriverSettings},
    registry,
};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{
    outcome::{KEY, Outcome, ask, call, collect, settings},
    server::{Server, Step, answer, chunk, end, head},
};

const SSE: &str = "text/event-stream";
const GOOD: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"good\"}}]}\n\n";
const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

fn openai() -> Arc<dyn Provider> {
    registry::find("openai").expect("openai")
}

/// Times so short that no test waits.
fn hasty() -> DriverSettings {
    let short = Duration::from_millis(400);
    DriverSettings { first_event_timeout: short, event_timeout: short, ..settings() }
}

async fn meet(settings: DriverSettings, steps: Vec<Step>) -> Outcome {
    let server = Server::repeating(steps).await;
    ask(&Driver::new(settings), &openai(), call(&server.url(), true)).await
}

/// Asks a server that answers with this status and body; the error.
async fn refuse(status: u16, headers: &[(&str, &str)], body: &str) -> ProviderError {
    let outcome = meet(settings(), answer(status, "text/plain", headers, body.as_bytes(), &[])).await;
    assert_eq!(outcome.error().http_status, Some(status));
    outcome.error().clone()
}

fn words(error: &ProviderError) -> String {
    let hint = error.hint.as_ref().map(|hint| hint.render(Language::English)).unwrap_or_default();
    format!("{}\n{hint}", error.phrase.render(Language::English))
}

#[tokio::test]
async fn nobody_listens() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let outcome = ask(&Driver::new(settings()), &openai(), call(&format!("http://{address}"), true)).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderUnreachable);
    assert!(words(outcome.error()).contains("nothing listens"), "{}", words(outcome.error()));
}

#[tokio::test]
async fn a_base_url_that_is_none_is_named() {
    for url in ["", "nowhere", "ftp://a.b", "http://a b"] {
        let outcome = ask(&Driver::new(settings()), &openai(), call(url, true)).await;
        assert_eq!(outcome.error().code, ErrorCode::BadRequest, "{url}");
    }
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_refused_and_not_shown() {
    let mut call = call("http://127.0.0.1:9", true);
    call.endpoint.api_key = Some(zeroize::Zeroizing::new("sk-broken\nkey".into()));
    let outcome = ask(&Driver::new(settings()), &openai(), call).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderAuth);
    assert!(!words(outcome.error()).contains("sk-broken"));
}

#[tokio::test]
async fn tls_towards_a_plain_server_is_said() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        // Read before it closes: a reset would hide the answer.
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let outcome = ask(&Driver::new(settings()), &openai(), call(&url, true)).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderUnreachable);
    assert!(words(outcome.error()).contains("no secure connection"), "{}", words(outcome.error()));
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_named() {
    if std::env::vars().any(|(name, _)| name.to_lowercase().ends_with("_proxy")) {
        return eprintln!("skipped: a proxy would look the name up");
    }
    let outcome = ask(&Driver::new(settings()), &openai(), call("http://no-such-host.invalid", true)).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderUnreachable);
    assert!(words(outcome.error()).contains("there is no host `no-such-host.invalid`"), "{}", words(outcome.error()));
}

#[tokio::test]
async fn a_web_page_is_no_answer() {
    let outcome = meet(settings(), answer(200, "text/html", &[], b"\n<!doctype html><title>Welcome</title>", &[3])).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderProtocol);
    assert!(words(outcome.error()).contains("base URL"), "{}", words(outcome.error()));
    let error = refuse(404, &[], "<html><head><title>404 Not Found</title></head></html>").await;
    assert_eq!(error.code, ErrorCode::ProviderBadRequest);
    assert!(words(&error).contains("404 Not Found") && words(&error).contains("base URL"), "{}", words(&error));
    assert_eq!(refuse(502, &[], "<html>bad gateway</html>").await.code, ErrorCode::ProviderOverloaded);
}

#[tokio::test]
async fn plain_words_are_no_answer() {
    let outcome = meet(settings(), answer(200, "text/plain", &[], b"It works!", &[])).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderProtocol);
    assert!(words(outcome.error()).contains("It works!"));
}

#[tokio::test]
async fn a_wrong_path_hints_at_the_base_url() {
    let error = refuse(404, &[], r#"{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}"#).await;
    assert_eq!(error.code, ErrorCode::ProviderBadRequest);
    assert!(words(&error).contains("base URL"), "{}", words(&error));
}

#[tokio::test]
async fn the_key_is_in_no_error() {
    let words_of =
        |key: &str| format!(r#"{{"error":{{"message":"Incorrect API key provided: {key}. Look","code":"invalid_api_key"}}}}"#);
    for echo in [KEY, "sk-scr*********6789", "Bearer sk-scripted-0123456789"] {
        let error = refuse(401, &[], &words_of(echo)).await;
        assert_eq!(error.code, ErrorCode::ProviderAuth);
        assert!(!words(&error).contains("sk-scr") && !words(&error).contains("6789"), "{}", words(&error));
        assert!(words(&error).contains("Look"));
    }
    let in_stream = format!("event: error\ndata: {}\n\n", words_of(KEY));
    let outcome = meet(settings(), answer(200, SSE, &[], in_stream.as_bytes(), &[])).await;
    assert!(!format!("{:?}", outcome.error()).contains(KEY), "{:?}", outcome.error());
    let broken = format!("data: {{\"{KEY}\n\n");
    let outcome = meet(settings(), answer(200, SSE, &[], broken.as_bytes(), &[])).await;
    assert!(!format!("{:?}", outcome.error()).contains(KEY), "{:?}", outcome.error());
}

#[tokio::test]
async fn long_hostile_words_are_cut_to_one_clean_line() {
    let error = refuse(400, &[], &format!("no\u{1b}]0;x\u{7}\n\n{}", "way ".repeat(1_000))).await;
    let message = error.phrase.render(Language::English);
    assert!(message.chars().count() < 400 && !message.chars().any(char::is_control), "{message}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let error = refuse(307, &[("location", "http://127.0.0.1:9/elsewhere")], "").await;
    assert_eq!(error.code, ErrorCode::ProviderProtocol);
    assert!(words(&error).contains("/elsewhere"));
}

#[tokio::test]
async fn retry_after_is_read_from_errors_alone() {
    assert_eq!(refuse(429, &[("retry-after", "7")], "").await.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(refuse(503, &[("retry-after-ms", "250")], "").await.retry_after, Some(Duration::from_millis(250)));
    let date = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(60));
    let wait = refuse(529, &[("retry-after", &date)], "").await.retry_after.expect("a date");
    assert!(wait > Duration::from_secs(50) && wait <= Duration::from_secs(60), "{wait:?}");
    let inside = answer(200, SSE, &[("retry-after", "7")], b"data: {\"error\":\"busy\"}\n\n", &[]);
    assert_eq!(meet(settings(), inside).await.error().retry_after, None);
}

#[tokio::test]
async fn a_slow_first_event_is_a_timeout() {
    let outcome = meet(hasty(), vec![Step::AwaitClose]).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderTimeout);
    let outcome = meet(hasty(), vec![head(200, SSE, &[]), Step::AwaitClose]).await;
    assert_eq!((outcome.error().code, outcome.error().http_status), (ErrorCode::ProviderTimeout, Some(200)));
}

#[tokio::test]
async fn keep_alive_comments_are_no_progress() {
    let mut steps = vec![head(200, SSE, &[]), chunk(GOOD)];
    steps.extend((0..200).flat_map(|_| [chunk(": keep-alive\n\n\n"), Step::Pause(Duration::from_millis(20))]));
    let outcome = meet(hasty(), steps).await;
    assert_eq!((outcome.text.as_str(), outcome.error().code), ("good", ErrorCode::ProviderTimeout));
}

#[tokio::test]
async fn a_drip_that_completes_no_event_is_no_progress() {
    let drip = |first: &str| {
        let mut steps = vec![head(200, SSE, &[]), chunk(first)];
        steps.extend((0..200).flat_map(|_| [chunk("x"), Step::Pause(Duration::from_millis(20))]));
        steps
    };
    assert_eq!(meet(hasty(), drip("data: ")).await.error().code, ErrorCode::ProviderTimeout);
    assert_eq!(meet(hasty(), drip("{\"choices\": \"")).await.error().code, ErrorCode::ProviderTimeout);
}

#[tokio::test]
async fn the_whole_may_not_take_longer_than_the_deadline() {
    let mut steps = vec![head(200, SSE, &[])];
    steps.extend((0..200).flat_map(|_| [chunk(GOOD), Step::Pause(Duration::from_millis(20))]));
    let server = Server::repeating(steps).await;
    let driver = Driver::new(settings());
    let answer = driver.chat(openai(), call(&server.url(), true), Some(Duration::from_millis(400))).await;
    let outcome = collect(answer).await;
    assert!(outcome.text.starts_with("goodgood"));
    assert_eq!(outcome.error().code, ErrorCode::ProviderTimeout);
}

#[tokio::test]
async fn a_cut_keeps_what_came() {
    for last in [Step::Close, Step::Reset] {
        let outcome =
            meet(settings(), vec![head(200, SSE, &[]), chunk(GOOD), Step::Pause(Duration::from_millis(30)), last]).await;
        assert_eq!((outcome.text.as_str(), outcome.error().code), ("good", ErrorCode::StreamTruncated));
    }
    let outcome = meet(settings(), vec![head(200, SSE, &[]), chunk(GOOD), end()]).await;
    assert_eq!((outcome.text.as_str(), outcome.error().code), ("good", ErrorCode::StreamTruncated));
}

#[tokio::test]
async fn an_empty_answer_is_a_cut_one() {
    assert_eq!(meet(settings(), answer(200, SSE, &[], b"", &[])).await.error().code, ErrorCode::StreamTruncated);
    assert_eq!(meet(settings(), answer(200, SSE, &[], b": hi\n\n", &[])).await.error().code, ErrorCode::StreamTruncated);
}

#[tokio::test]
async fn one_frame_that_is_no_json_is_named() {
    let outcome = meet(settings(), answer(200, SSE, &[], format!("{GOOD}data: {{\"a\" 1}}\n\n{END}").as_bytes(), &[])).await;
    assert_eq!((outcome.text.as_str(), outcome.error().code), ("good", ErrorCode::ProviderProtocol));
    assert!(words(outcome.error()).contains("{\"a\" 1}"), "{}", words(outcome.error()));
}

#[tokio::test]
async fn a_hundred_megabytes_on_one_line_are_not_taken() {
    for first in ["data: {\"x\": \"", "{\"x\": \""] {
        let Step::Send(megabyte) = chunk(vec![b'x'; 1 << 20]) else { unreachable!("a chunk is sent") };
        let outcome = meet(settings(), vec![head(200, SSE, &[]), chunk(first), Step::Repeat(megabyte, 100)]).await;
        assert_eq!(outcome.error().code, ErrorCode::ProviderProtocol);
        assert!(words(outcome.error()).contains("1048576"), "{}", words(outcome.error()));
    }
}

#[tokio::test]
async fn an_endless_answer_is_ended() {
    let Step::Send(events) = chunk(GOOD.repeat(1_000)) else { unreachable!("a chunk is sent") };
    let outcome = meet(settings(), vec![head(200, SSE, &[]), Step::Repeat(events, 100_000)]).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderProtocol);
    assert!(words(outcome.error()).contains("4194304") && outcome.text.len() > 100_000);
}

#[tokio::test]
async fn a_whole_answer_needs_no_end_of_the_connection() {
    let outcome = meet(settings(), vec![head(200, SSE, &[]), chunk(GOOD), chunk(END), Step::AwaitClose]).await;
    assert_eq!((outcome.text.as_str(), outcome.finish, outcome.error), ("good", Some(FinishReason::Stop), None));
}

#[tokio::test]
async fn a_stale_pooled_connection_is_no_failure() {
    let whole = format!("{GOOD}{END}");
    let server = Server::start(move |request| {
        let mut steps = answer(200, SSE, &[], whole.as_bytes(), &[]);
        // The first connection looks alive and breaks when it is used again.
        if request.connection == 0 {
            steps.push(Step::ResetNext);
        }
        steps
    })
    .await;
    let driver = Driver::new(settings());
    for _ in 0..2 {
        let outcome = ask(&driver, &openai(), call(&server.url(), true)).await;
        assert_eq!((outcome.text.as_str(), outcome.error), ("good", None));
    }
    assert_eq!(server.requests().iter().map(|request| request.connection).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn a_fresh_connection_that_breaks_is_not_asked_again() {
    let server = Server::repeating(vec![Step::Reset]).await;
    let outcome = ask(&Driver::new(settings()), &openai(), call(&server.url(), true)).await;
    assert_eq!(outcome.error().code, ErrorCode::ProviderUnreachable);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn answers_share_a_connection() {
    let server = Server::repeating(answer(200, SSE, &[], format!("{GOOD}{END}").as_bytes(), &[9])).await;
    let driver = Driver::new(settings());
    for _ in 0..3 {
        assert_eq!(ask(&driver, &openai(), call(&server.url(), true)).await.text, "good");
        // The connection goes back to the pool a moment after the answer's end.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(server.requests().iter().all(|request| request.connection == 0), "{:?}", server.requests());
}

#[tokio::test]
async fn dropping_an_answer_closes_its_connection() {
    let server = Server::repeating(vec![head(200, SSE, &[]), chunk(GOOD), Step::AwaitClose]).await;
    let driver = Driver::new(settings());
    let mut answer = driver.chat(openai(), call(&server.url(), true), None).await;
    assert!(answer.next().await.is_some());
    drop(answer);
    tokio::time::timeout(Duration::from_secs(5), server.client_closed()).await.expect("the connection is closed");
}

#[tokio::test]
async fn a_wait_can_be_dropped_at_any_moment() {
    let pieces: Vec<Step> = (0..30).flat_map(|_| [chunk(GOOD), Step::Pause(Duration::from_millis(3))]).collect();
    let server = Server::repeating([vec![head(200, SSE, &[])], pieces, vec![chunk(END), end()]].concat()).await;
    let mut answer = Driver::new(settings()).chat(openai(), call(&server.url(), true), None).await;
    let mut outcome = Outcome::default();
    loop {
        match tokio::time::timeout(Duration::from_micros(500), answer.next()).await {
            Err(_) => {}
            Ok(None) => break,
            Ok(Some(deltas)) => deltas.expect("no error").into_iter().for_each(|delta| outcome.push(delta)),
        }
    }
    assert_eq!((outcome.text, outcome.finish), ("good".repeat(30), Some(FinishReason::Stop)));
}

#[tokio::test]
async fn what_comes_at_once_is_handed_over_at_once() {
    let server = Server::repeating(answer(200, SSE, &[], format!("{}{END}", GOOD.repeat(50)).as_bytes(), &[])).await;
    let mut answer = Driver::new(settings()).chat(openai(), call(&server.url(), true), None).await;
    let deltas = answer.next().await.expect("an answer").expect("no error");
    assert_eq!(deltas.len(), 51);
    assert!(answer.next().await.is_none());
}
