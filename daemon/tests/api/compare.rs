//! One question to several models: siblings of one batch, one stream of all their events, each its own run.

use std::{sync::Arc, time::Duration};

use axum::http::{Method, StatusCode};
use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
    sse::{Frame, Reader},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use crate::world::{Answer, Who, World};

/// More than any of this takes; a test that meets it has failed.
const LONG: Duration = Duration::from_secs(20);

/// A provider whose models answer with their names: `late` once it may, `bad` not at all.
struct Provider {
    url: String,
    may_end: Arc<Semaphore>,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let may_end = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&may_end);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&gate)));
            }
        });
        Self { url, may_end }
    }

    async fn add_to(&self, world: &World, name: &str) {
        let provider = json!({ "mode": "add", "kind": "openai", "base_url": self.url });
        let added = world.put(&Who::own(), &format!("/api/v1/providers/{name}"), provider).await;
        assert_eq!(added.status, StatusCode::OK, "{added:?}");
    }
}

async fn answer(mut stream: TcpStream, gate: Arc<Semaphore>) {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 65_536]);
    let model = loop {
        let Ok(read @ 1..) = stream.read(&mut buffer).await else { return };
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((_, body)) = text.split_once("\r\n\r\n") else { continue };
        if let Ok(body) = serde_json::from_str::<Value>(body) {
            break body["model"].as_str().expect("a model").to_owned();
        }
    };
    if model == "bad" {
        let body = r#"{"error":{"message":"no"}}"#;
        let head = "HTTP/1.1 401 x\r\ncontent-type: application/json\r\nconnection: close\r\n";
        let _ = stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        return;
    }
    let piece = json!({"choices": [{"index": 0, "delta": {"content": model}}]});
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(format!("{head}data: {piece}\n\n").as_bytes()).await;
    if model == "late" {
        gate.acquire().await.expect("it is never closed").forget();
    }
    let end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let _ = stream.write_all(format!("data: {end}\n\ndata: [DONE]\n\n").as_bytes()).await;
}

async fn world() -> (World, Provider) {
    let (world, provider) = (World::new().await, Provider::start().await);
    provider.add_to(&world, "p").await;
    (world, provider)
}

/// Asks for one JSON answer.
async fn ask(world: &World, body: Value) -> Answer {
    timeout(LONG, world.ask_for_json(&Who::own(), Method::POST, "/api/v1/chat", body)).await.expect("in time")
}

async fn conversations(world: &World) -> usize {
    world.get(&Who::own(), "/api/v1/conversations").await.body["items"].as_array().expect("items").len()
}

async fn tree(world: &World, id: &Value) -> Value {
    let path = format!("/api/v1/conversations/{}?tree=true", id.as_str().expect("an id"));
    world.get(&Who::own(), &path).await.body
}

/// The events of a stream that has come to its end: whose, number, name and data.
async fn events(world: &World, body: Value) -> Vec<(String, LoggedEvent)> {
    let response = world.stream(&Who::own(), Method::POST, "/api/v1/chat", Some(body)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = timeout(LONG, axum::body::to_bytes(response.into_body(), 1 << 20)).await.expect("in time").expect("a body");
    let (mut reader, mut frames) = (Reader::new(1 << 20), Vec::new());
    reader.push(&bytes, &mut frames).expect("short events");
    let of_frame = |frame| {
        let Frame::Event(event) = frame else { return None };
        let data: Value = serde_json::from_str(&event.data).expect("JSON");
        let read = StreamEvent::from_parts(&event.name, &event.data).expect("as it should be").expect("known");
        let id = event.id.and_then(|id| id.parse().ok()).expect("a number");
        Some((data["run_id"].as_str().expect("whose it is").to_owned(), LoggedEvent { id, event: read }))
    };
    frames.into_iter().filter_map(of_frame).collect()
}

#[tokio::test]
async fn several_models_answer_one_question_as_siblings() {
    let (world, _provider) = world().await;
    let answered = ask(&world, json!({ "content": "hi", "models": ["p/a", "p/bad", "p/b"] })).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
    let answers = answered.body.as_array().expect("an array").clone();
    let said: Vec<_> = answers.iter().map(|answer| (&answer["model"], &answer["text"], &answer["status"])).collect();
    let (complete, failed) = (json!("complete"), json!("failed"));
    let (a, bad, b, none) = (json!("a"), json!("bad"), json!("b"), json!(""));
    assert_eq!(said, [(&a, &a, &complete), (&bad, &none, &failed), (&b, &b, &complete)]);
    assert_eq!(answers[1]["error"]["code"], "provider_auth");
    assert!(answers[0].get("error").is_none());
    let tree = tree(&world, &answers[0]["conversation_id"]).await;
    let messages = tree["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 4);
    assert_eq!(tree["conversation"]["messages"], 4);
    let question = &messages.iter().find(|message| message["role"] == "user").expect("the question")["id"];
    let siblings = messages.iter().filter(|message| message["parent_id"] == *question);
    assert_eq!(siblings.count(), 3);
    assert_eq!(tree["leaf_id"], answers[0]["message_id"], "the first that was named is gone on with");
}

#[tokio::test]
async fn an_answer_that_merely_ended_later_does_not_become_the_current_branch() {
    let (world, provider) = world().await;
    let begun =
        world.post(&Who::own(), "/api/v1/chat", json!({ "content": "hi", "models": ["p/a", "p/late"], "detach": true })).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
    let runs = begun.body["run_ids"].as_array().expect("both").clone();
    assert_eq!((runs.len(), &begun.body["run_id"]), (2, &runs[0]));
    let ended = |run: &Value| format!("/api/v1/runs/{}/events", run.as_str().expect("an id"));
    world.get(&Who::own(), &ended(&runs[0])).await;
    let before = tree(&world, &begun.body["conversation_id"]).await;
    provider.may_end.add_permits(1);
    world.get(&Who::own(), &ended(&runs[1])).await;
    let after = tree(&world, &begun.body["conversation_id"]).await;
    assert_eq!((before["messages"].as_array().map(Vec::len), after["messages"].as_array().map(Vec::len)), (Some(2), Some(3)));
    assert_eq!(before["leaf_id"], after["leaf_id"]);
    let leaf = after["messages"].as_array().and_then(|all| all.iter().find(|message| message["id"] == after["leaf_id"]).cloned());
    assert_eq!(leaf.expect("it is there")["model"], "a");
}

#[tokio::test]
async fn one_stream_holds_the_events_of_all_each_with_its_run() {
    let (world, provider) = world().await;
    provider.may_end.add_permits(1);
    let events = events(&world, json!({ "content": "hi", "models": ["p/late", "p/a", "p/bad"] })).await;
    let begun: Vec<_> = events
        .iter()
        .filter_map(|(run, logged)| match &logged.event {
            StreamEvent::Started(started) => Some((run.clone(), started.model.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(begun.iter().map(|(_, model)| model.as_str()).collect::<Vec<_>>(), ["late", "a", "bad"], "in the models' order");
    for (run, model) in &begun {
        let own: Vec<_> = events.iter().filter(|(other, _)| other == run).map(|(_, logged)| logged.clone()).collect();
        assert_eq!(check_all(&own), Ok(()), "{model}");
    }
    let first_events = events.iter().take(3).map(|(_, logged)| logged.id).collect::<Vec<_>>();
    assert_eq!(first_events, [1, 1, 1], "the beginnings stand first");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_written() {
    let (world, _provider) = world().await;
    let many: Vec<_> = (0..9).map(|number| format!("p/{number}")).collect();
    let cases = [
        (json!({ "content": "hi", "models": ["p/a", "nosuch"] }), StatusCode::NOT_FOUND, "model_not_found"),
        (json!({ "content": "hi", "models": ["p/a", "p:a"] }), StatusCode::BAD_REQUEST, "bad_request"),
        (json!({ "content": "hi", "models": many }), StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        (
            json!({ "content": "hi", "models": ["p/a", "p/b"], "save": false, "detach": true }),
            StatusCode::BAD_REQUEST,
            "bad_request",
        ),
        (json!({ "content": "hi", "models": ["openai/x", "deepseek/y"] }), StatusCode::CONFLICT, "no_key"),
    ];
    for (body, status, code) in cases {
        let refused = ask(&world, body.clone()).await;
        assert_eq!((refused.status, refused.code()), (status, code), "{body}: {refused:?}");
    }
    let named = ask(&world, json!({ "content": "hi", "models": many })).await;
    assert!(named.text("message").contains("9 models") && named.text("message").contains('8'), "{named:?}");
    assert_eq!(conversations(&world).await, 0);
    assert_eq!(world.get(&Who::own(), "/api/v1/runs").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_model_without_a_key_fails_in_its_place_and_the_others_answer() {
    let (world, _provider) = world().await;
    let answered = ask(&world, json!({ "content": "hi", "models": ["openai/x", "p/a"] })).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
    assert_eq!((&answered.body[0]["status"], &answered.body[0]["error"]["code"]), (&json!("failed"), &json!("no_key")));
    assert_eq!(answered.body[1]["text"], "a");
}

#[tokio::test]
async fn a_key_that_the_client_can_bring_is_asked_for_first() {
    let (world, _provider) = world().await;
    let wanted = |keys: Value| json!({ "content": "hi", "models": ["p/a", "openai/x", "deepseek/y"], "env_keys": ["openai", "deepseek"], "keys": keys });
    let first = ask(&world, wanted(json!({}))).await;
    assert_eq!((first.code(), first.text("provider")), ("no_key", "openai".to_owned()), "{first:?}");
    let second = ask(&world, wanted(json!({ "openai": { "api_key": "sk-one" } }))).await;
    assert_eq!((second.code(), second.text("provider")), ("no_key", "deepseek".to_owned()), "{second:?}");
    assert_eq!(conversations(&world).await, 0, "nothing is written before all can be asked");
}

#[tokio::test]
async fn one_model_gives_no_array_and_its_stream_is_as_it_was() {
    let (world, _provider) = world().await;
    let answered = ask(&world, json!({ "content": "hi", "models": ["p/a"] })).await;
    assert_eq!(answered.body["text"], "a");
    let response =
        world.stream(&Who::own(), Method::POST, "/api/v1/chat", Some(json!({ "content": "hi", "models": ["p/a"] }))).await;
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    assert!(String::from_utf8_lossy(&bytes).contains("event: text\ndata: {\"text\":\"a\"}\n"));
}

#[tokio::test]
async fn what_is_not_saved_is_nowhere() {
    let (world, _provider) = world().await;
    let answered = ask(&world, json!({ "content": "hi", "models": ["p/a", "p/b"], "save": false })).await;
    for answer in answered.body.as_array().expect("an array") {
        assert_eq!((&answer["conversation_id"], &answer["message_id"]), (&Value::Null, &Value::Null));
        assert_eq!(answer["status"], "complete");
    }
    assert_eq!(conversations(&world).await, 0);
}

#[tokio::test]
async fn a_question_can_stand_beside_any_other_the_first_too() {
    let (world, _provider) = world().await;
    let first = ask(&world, json!({ "content": "one", "models": ["p/a"] })).await.body;
    let id = &first["conversation_id"];
    let root = tree(&world, id).await["messages"][0]["id"].clone();
    let beside = ask(&world, json!({ "content": "uno", "models": ["p/b"], "conversation_id": id, "beside_id": root })).await;
    assert_eq!(beside.status, StatusCode::OK, "{beside:?}");
    let tree = tree(&world, id).await;
    let roots = tree["messages"].as_array().expect("messages").iter().filter(|message| message["parent_id"].is_null());
    assert_eq!(roots.count(), 2);
    assert_eq!(tree["leaf_id"], beside.body["message_id"]);
    for wrong in [
        json!({ "content": "x", "beside_id": root }),
        json!({ "content": "x", "conversation_id": id, "beside_id": root, "parent_id": root }),
    ] {
        assert_eq!(ask(&world, wrong).await.code(), "bad_request");
    }
    let nowhere = json!({ "content": "x", "models": ["p/a"], "conversation_id": id, "beside_id": id });
    assert_eq!(ask(&world, nowhere).await.code(), "not_found");
}
