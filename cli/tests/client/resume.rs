//! A connection that breaks does not end an answer.

use serde_json::{Value, json};

use crate::{
    fake::{Piece, RUN, Reply, Request, done, events, started, text},
    terminal::Terminal,
    world::World,
};

const MESSAGE: &str = "0199f3a4-5b6c-7d8e-9f00-112233445566";

fn cut(mut pieces: Vec<Piece>) -> Reply {
    pieces.push(Piece::Cut);
    Reply::stream(pieces)
}

fn is_resumed(request: &Request) -> bool {
    request.is("GET", &format!("/runs/{RUN}/events"))
}

#[test]
fn the_rest_is_asked_for_by_the_last_event() {
    let world = World::new();
    let fake = world.fake(|request, _| {
        if is_resumed(request) {
            Reply::stream(events(3, &[text("lo"), done()]))
        } else {
            cut(events(1, &[started(), text("Hel")]))
        }
    });
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "Hello\n", ""));
    assert_eq!(fake.requests()[1].header("last-event-id"), Some("2"));
}

#[test]
fn what_was_shown_is_not_shown_again() {
    let world = World::new();
    world.fake(|request, _| {
        let all = [started(), text("Hel"), text("lo"), done()];
        if is_resumed(request) { Reply::stream(events(1, &all)) } else { cut(events(1, &all[..2])) }
    });
    assert_eq!(world.run(&["chat", "hi"]).stdout, "Hello\n");
}

#[test]
fn an_answer_that_begins_anew_is_an_error_in_a_pipe_and_none_in_json() {
    let world = World::new();
    world.fake(|request, _| {
        let (name, mut data) = started();
        data["reset"] = Value::Bool(true);
        if is_resumed(request) {
            Reply::stream(events(1, &[(name, data), text("Bye"), done()]))
        } else {
            cut(events(1, &[started(), text("Hel")]))
        }
    });
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (7, "Hel\n"));
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    let ran = world.run(&["chat", "--json", "hi"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).expect("an answer")["text"], "Bye");
}

#[test]
fn a_run_that_is_gone_leaves_an_answer_in_part() {
    let world = World::new();
    world.fake(|request, _| {
        if is_resumed(request) {
            Reply::error(404, "not_found", "there is no such run")
        } else {
            cut(events(1, &[started(), text("Hel")]))
        }
    });
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (7, "Hel\n", "error: there is no such run\n"));
}

#[test]
fn a_cut_answer_is_offered_where_no_screen_can_be_filled() {
    let world = World::new();
    let conversation = json!({ "id": RUN, "title": "t", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        "model": null, "messages": 2, "pinned": false, "archived": false });
    let cut = json!({ "id": MESSAGE, "parent_id": null, "role": "assistant", "text": "half", "content": [],
        "status": "interrupted", "created_at": "2026-01-01T00:00:00Z" });
    let fake = world.fake(move |request, _| match request.path.as_str() {
        "/api/v1/conversations?limit=1" => Reply::json(&json!({ "items": [conversation], "next_cursor": null })),
        path if path.ends_with(RUN) => Reply::json(&json!({ "conversation": conversation, "messages": [cut] })),
        _ => Reply::stream(events(1, &[started(), text("half and whole"), done()])),
    });
    let mut dumb = Terminal::open_with(&world, &["chat", "-c"], &[("TERM", "dumb")]);
    dumb.wait_for("Go on with it?");
    dumb.type_in("y\n");
    dumb.wait_for("half and whole");
    assert_eq!(dumb.finish().0, 0);
    let asked = fake.requests().pop().expect("a request").json();
    assert_eq!((&asked["resume_id"], &asked["content"]), (&json!(MESSAGE), &json!("")));
}
