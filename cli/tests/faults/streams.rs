//! What goes wrong once a stream has begun: cuts, stalls, errors among the frames, and what is said twice.

use serde_json::json;

use crate::{
    replies::{DONE, SSE, begun, delta, ended, finish, frame, good, says, stream, text, thought, usage, wenxin},
    support::upstream::server::{Step, chunk, head},
    world::World,
};

const TRUNCATED: &str = "stream_truncated";

fn error_frame() -> String {
    frame(&json!({"error": {"message": "no such luck", "type": "server_error", "code": null}}))
}

fn event_error() -> String {
    format!("event: error\n{}", error_frame())
}

/// Frames, and then what a test says.
fn then(frames: &[String], step: Step) -> Vec<Step> {
    [begun(frames), vec![step]].concat()
}

#[test]
fn an_answer_that_breaks_after_text_keeps_it_and_is_not_asked_for_again() {
    let world = World::new();
    for (what, steps) in [
        ("the stream ends", stream(&[text("half")])),
        ("the connection is closed", then(&[text("half")], Step::Close)),
        ("within a frame", then(&[text("half"), "data: {\"choi".to_owned()], Step::Close)),
        ("after thinking and text", stream(&[thought("hm"), text("half")])),
    ] {
        let met = world.meet("openai", vec![steps]);
        met.ends("truncated", 7, Some(TRUNCATED)).tried(&[TRUNCATED]).text("half");
        assert_eq!(met.answer["finish_reason"], json!(null), "{what}");
    }
    world.ends();
}

#[test]
fn an_answer_that_breaks_before_text_is_asked_for_again() {
    let world = World::new();
    for (what, steps) in [
        ("nothing came", stream(&[])),
        ("only a comment", stream(&[": keep-alive\n\n".to_owned()])),
        ("only thinking", stream(&[thought("void")])),
        ("only the role", stream(&[delta(&json!({"role": "assistant", "content": ""}))])),
        ("within the first frame", then(&["data: {\"choi".to_owned()], Step::Close)),
        ("closed at once", vec![head(200, SSE, &[]), Step::Close]),
        ("half a JSON body", says(200, r#"{"choices":[{"mess"#)),
    ] {
        let met = world.meet("openai", vec![steps, good("sound")]);
        met.ends("complete", 0, None).tried(&[TRUNCATED, "-"]).text("sound");
        assert_eq!(met.answer["reasoning"], json!(null), "{what}: what a failed attempt thought is void");
    }
    let met = world.meet("openai", vec![stream(&[])]);
    met.ends("truncated", 4, Some(TRUNCATED)).tried(&[TRUNCATED; 2]);
    world.ends();
}

#[test]
fn thinking_is_that_of_the_attempt_that_answered() {
    let world = World::new();
    let broken = stream(&[thought("void")]);
    let whole = stream(&[thought("sound "), thought("thinking"), text("yes"), finish("stop"), DONE.to_owned()]);
    for failing in [broken, stream(&[thought("void"), error_frame()]), then(&[thought("void")], Step::Close)] {
        let met = world.meet("deepseek", vec![failing, whole.clone()]);
        met.ends("complete", 0, None).text("yes");
        assert_eq!(met.answer["reasoning"], "sound thinking");
        assert_eq!(met.names()[..3], ["started", "reasoning", "retry"], "it was shown, and is void");
    }
    world.ends();
}

#[test]
fn an_error_among_the_frames_is_told_and_what_came_is_kept() {
    let world = World::new();
    let openrouters = json!({"error": {"code": 502, "message": "no such luck"}, "choices": [{"delta": {"content": ""}, "finish_reason": "error"}]});
    for (kind, frames) in [
        ("openai", vec![text("half"), error_frame()]),
        ("groq", vec![text("half"), event_error()]),
        ("openrouter", vec![text("half"), frame(&openrouters), usage(3, 1), DONE.to_owned()]),
        ("openai", vec![text("half"), error_frame(), DONE.to_owned()]),
        ("openai", vec![text("half"), error_frame(), text(" more"), finish("stop"), DONE.to_owned()]),
        ("openai", vec![text("half"), frame(&json!({"error": "no such luck"}))]),
        (
            "wenxin-v1",
            vec![
                wenxin(&json!({"result": "half", "is_end": false})),
                wenxin(&json!({"error_code": 336_100, "error_msg": "no such luck"})),
            ],
        ),
    ] {
        let met = world.meet(kind, vec![stream(&frames)]);
        met.ends("failed", 7, Some("provider_overloaded")).tried(&["provider_overloaded"]).text("half").words(&["no such luck"]);
    }
    world.ends();
}

#[test]
fn an_error_before_any_text_is_tried_again() {
    let world = World::new();
    for frames in [vec![error_frame()], vec![event_error()], vec![thought("void"), event_error()]] {
        let met = world.meet("openai", vec![stream(&frames), good("sound")]);
        met.ends("complete", 0, None).tried(&["provider_overloaded", "-"]).text("sound");
    }
    let refused = frame(&json!({"error": {"message": "no", "type": "invalid_request_error", "code": "invalid_api_key"}}));
    world.meet("openai", vec![stream(&[refused])]).ends("failed", 4, Some("provider_auth")).tried(&["provider_auth"]);
    world.ends();
}

#[test]
fn the_end_may_be_told_in_more_than_one_way() {
    let world = World::new();
    for (what, frames) in [
        ("as it should be", vec![text("whole"), finish("stop"), usage(3, 2), DONE.to_owned()]),
        ("no [DONE]", vec![text("whole"), finish("stop"), usage(3, 2)]),
        ("two reasons", vec![text("whole"), finish("stop"), finish("stop"), usage(3, 2), DONE.to_owned()]),
        ("[DONE] twice", vec![text("whole"), finish("stop"), usage(3, 2), DONE.to_owned(), DONE.to_owned()]),
        ("text after [DONE]", vec![text("whole"), finish("stop"), usage(3, 2), DONE.to_owned(), text("never")]),
        ("an error after [DONE]", vec![text("whole"), finish("stop"), usage(3, 2), DONE.to_owned(), error_frame()]),
        ("usage twice", vec![text("whole"), usage(1, 1), finish("stop"), usage(3, 2), DONE.to_owned()]),
        ("the same usage twice", vec![text("whole"), usage(3, 2), finish("stop"), usage(3, 2), DONE.to_owned()]),
        ("no reason", vec![text("whole"), usage(3, 2), DONE.to_owned()]),
    ] {
        let met = world.meet("openai", vec![stream(&frames)]);
        met.ends("complete", 0, None).tried(&["-"]).text("whole");
        let usage = &met.answer["usage"];
        assert_eq!((&usage["prompt_tokens"], &usage["completion_tokens"]), (&json!(3), &json!(2)), "{what}");
        assert_eq!(met.answer["finish_reason"], "stop", "{what}");
        assert_eq!(met.names(), ["started", "text", "usage", "done"], "{what}");
    }
    world.ends();
}

#[test]
fn an_answer_that_named_its_end_is_whole_however_its_connection_ends() {
    let world = World::hasty();
    let frames = [text("whole"), finish("stop"), usage(3, 2)];
    for last in [Step::Close, Step::AwaitClose] {
        let met = world.meet("openai", vec![then(&frames, last)]);
        met.ends("complete", 0, None).tried(&["-"]).text("whole");
    }
    world.ends();
}

#[test]
fn a_limit_that_is_reached_is_no_error() {
    let world = World::new();
    let cut = stream(&[text("half"), finish("length"), usage(3, 2), DONE.to_owned()]);
    let met = world.meet("openai", vec![cut]);
    met.ends("truncated", 7, None).tried(&["-"]).text("half");
    assert_eq!(met.answer["finish_reason"], "length");
    world.ends();
}

#[test]
fn a_provider_that_ran_short_cut_its_answer() {
    let world = World::new();
    let short = finish("insufficient_system_resource");
    let met = world.meet("deepseek", vec![stream(&[short.clone(), DONE.to_owned()]), good("sound")]);
    met.ends("complete", 0, None).tried(&[TRUNCATED, "-"]).text("sound");
    let met = world.meet("deepseek", vec![stream(&[text("half"), short, DONE.to_owned()])]);
    met.ends("truncated", 7, Some(TRUNCATED)).text("half").words(&["insufficient_system_resource"]);
    assert_eq!(met.error["retryable"], true);
    world.ends();
}

#[test]
fn a_queue_is_waited_in() {
    let world = World::new();
    let keep_alive = || ": keep-alive\n\n".to_owned();
    let queued = stream(&[keep_alive(), keep_alive(), text("my turn"), keep_alive(), finish("stop"), DONE.to_owned()]);
    world.meet("deepseek", vec![queued]).ends("complete", 0, None).tried(&["-"]).text("my turn");
    let body = json!({"choices": [{"message": {"content": "my turn"}, "finish_reason": "stop"}]});
    let padded = format!("\n\n\n\n{body}");
    world.meet("deepseek", vec![says(200, &padded)]).ends("complete", 0, None).text("my turn");
    world.ends();
}

#[test]
fn what_makes_no_sense_is_told_and_not_asked_for_again() {
    let world = World::new();
    for (steps, status, exit, kept) in [
        (stream(&["data: {\"a\" 1}\n\n".to_owned()]), "failed", 4, ""),
        (stream(&[text("half"), "data: {\"a\" 1}\n\n".to_owned()]), "failed", 7, "half"),
        (says(200, "It works!"), "failed", 4, ""),
        (says(200, "<!doctype html><title>Welcome</title>"), "failed", 4, ""),
        (says(200, "{}"), "failed", 4, ""),
    ] {
        let met = world.meet("openai", vec![steps]);
        met.ends(status, exit, Some("provider_protocol")).tried(&["provider_protocol"]).text(kept);
    }
    world.ends();
}

#[test]
fn wenxins_older_api_ends_with_its_last_frame() {
    let world = World::new();
    let piece = |text: &str, is_end: bool| {
        let usage = json!({"prompt_tokens": 2, "completion_tokens": 0, "total_tokens": 5});
        wenxin(
            &json!({"id": "as-1", "result": text, "is_end": is_end, "is_truncated": false, "need_clear_history": false, "usage": usage}),
        )
    };
    let met = world.meet("wenxin-v1", vec![stream(&[piece("你", false), piece("好", false), piece("", true)])]);
    met.ends("complete", 0, None).tried(&["-"]).text("你好");
    assert_eq!(met.answer["usage"]["completion_tokens"], 3);
    let met = world.meet("wenxin-v1", vec![stream(&[piece("你", false)])]);
    met.ends("truncated", 7, Some(TRUNCATED)).text("你");
    // A filter that strikes says so in a field of its own.
    let struck = wenxin(&json!({"result": "别说这个", "is_end": true, "need_clear_history": true, "ban_round": -1}));
    world.meet("wenxin-v1", vec![stream(&[struck])]).ends("filtered", 7, None);
    world.ends();
}

#[test]
fn a_call_of_a_tool_comes_whole_or_not_at_all() {
    let world = World::new();
    let call = |piece: serde_json::Value| delta(&json!({"tool_calls": [piece]}));
    let pieces = [
        call(json!({"index": 0, "id": "c1", "type": "function", "function": {"name": "look", "arguments": ""}})),
        call(json!({"index": 0, "function": {"arguments": "{\"at\":1}"}})),
    ];
    let whole = [&pieces[..], &[finish("tool_calls"), DONE.to_owned()]].concat();
    let met = world.meet("openai", vec![stream(&whole)]);
    met.ends("complete", 0, None).text("");
    assert_eq!(met.answer["tool_calls"][0]["arguments"], json!({"at": 1}));
    let met = world.meet("openai", vec![stream(&pieces), stream(&whole)]);
    met.ends("complete", 0, None).tried(&[TRUNCATED, "-"]);
    assert_eq!(met.answer["tool_calls"].as_array().map(Vec::len), Some(1));
    world.ends();
}

#[test]
fn chunks_may_end_anywhere() {
    let world = World::new();
    let words = [text("你好，"), text("世界"), finish("stop"), DONE.to_owned()].concat();
    let mut steps = vec![head(200, SSE, &[("connection", "close")])];
    steps.extend(words.as_bytes().chunks(3).map(chunk));
    steps.push(ended());
    world.meet("openai", vec![steps]).ends("complete", 0, None).text("你好，世界");
    world.ends();
}
