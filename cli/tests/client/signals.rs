//! Ctrl-C and SIGTERM stop the run and keep what has come; SIGHUP leaves it alone.

use std::{
    io::Read as _,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::{
    fake::{Fake, Piece, RUN, Reply, ending, events, started, text},
    world::World,
};

/// A daemon that answers half, and ends when it is asked to stop.
fn half(world: &World) -> Fake {
    let (stop, stopped) = mpsc::channel::<()>();
    let (stop, stopped) = (Mutex::new(stop), Arc::new(Mutex::new(stopped)));
    world.fake(move |request, _| {
        if request.is("POST", &format!("/runs/{RUN}/stop")) {
            stop.lock().expect("a lock").send(()).expect("somebody waits");
            return Reply::json(&run());
        }
        if request.is("GET", &format!("/runs/{RUN}/events")) {
            // After a hangup nobody stops it.
            let _ = stopped.lock().expect("a lock").recv_timeout(Duration::from_secs(20));
            return Reply::stream(events(3, &[("failed", ending("cancelled", &Value::Null))]));
        }
        let mut pieces = events(1, &[started(), text("half\n")]);
        pieces.push(Piece::Cut);
        Reply::stream(pieces)
    })
}

fn run() -> Value {
    let mut run = ending("cancelled", &Value::Null);
    for (name, value) in
        [("id", json!(RUN)), ("model", json!("m")), ("provider", json!("p")), ("created_at", json!("2026-01-01T00:00:00Z"))]
    {
        run[name] = value;
    }
    run
}

fn signalled(signal: Signal, expected: i32) {
    let world = World::new();
    let fake = half(&world);
    let mut child = world.command(&["chat", "hi"]).spawn().expect("the client runs");
    let mut first = [0; 5];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("the first half");
    kill_process(Pid::from_child(&child), signal).expect("sent");
    let status = child.wait().expect("the client ends");
    assert_eq!(status.code(), Some(expected));
    assert!(fake.requests().iter().any(|request| request.path.ends_with("/stop")));
}

#[test]
fn ctrl_c_stops_the_run() {
    signalled(Signal::INT, 130);
}

#[test]
fn a_termination_stops_the_run() {
    signalled(Signal::TERM, 143);
}

#[test]
fn a_hangup_leaves_the_run() {
    let world = World::new();
    let fake = half(&world);
    let mut child = world.command(&["chat", "hi"]).spawn().expect("the client runs");
    let mut first = [0; 5];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("the first half");
    kill_process(Pid::from_child(&child), Signal::HUP).expect("sent");
    assert_eq!(child.wait().expect("the client ends").code(), None);
    assert!(!fake.requests().iter().any(|request| request.path.ends_with("/stop")));
}
