//! Versions of both sides: an older daemon is noticed; one that makes way is followed by the next.

use serde_json::json;

use crate::{
    fake::{Reply, answer},
    world::World,
};

#[test]
fn an_older_daemon_that_is_busy_answers_and_is_said_to_be_older() {
    let world = World::new();
    world.fake(|_, _| answer(&["x"]).header("mmp-version", "0.0.1"));
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "x\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("0.0.1") && ran.stderr.contains(env!("CARGO_PKG_VERSION")), "{}", ran.stderr);
    assert_eq!(world.run(&["chat", "-q", "hi"]).stderr, "", "not with -q");
}

#[test]
fn a_daemon_that_makes_way_is_waited_for_and_asked_anew() {
    let world = World::new();
    let fake = world.fake(|_, before| match before {
        0 => Reply::problem(503, &json!({"code": "unavailable", "message": "it ends", "retryable": true}))
            .header("mmp-version", "0.0.1")
            .header("mmp-stepping-down", "1"),
        _ => answer(&["from the next"]),
    });
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "from the next\n"), "{}", ran.stderr);
    assert_eq!(fake.requests().len(), 2);
    assert_eq!(fake.requests()[0].body, fake.requests()[1].body, "the same is asked once more");
}
