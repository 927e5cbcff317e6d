//! How long is waited before a question is put again: every form of `Retry-After`, and none at all.

use crate::{
    replies::{good, says, says_with, stream, text},
    support::{Home, upstream::server::Step},
    world::{Met, World},
};

const RATE: &str = "provider_rate_limited";
/// The longest first wait where the provider asks for none, in milliseconds.
const OWN_WAIT: u64 = 400;

fn refused(status: u16, headers: &[(&str, &str)]) -> Vec<Step> {
    says_with(status, headers, r#"{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}"#)
}

/// An HTTP date so many seconds from now.
fn date(seconds: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Asks a server that refuses once with these headers, and answers then.
#[track_caller]
fn refused_once(world: &World, headers: &[(&str, &str)]) -> Met {
    let met = world.meet("openai", vec![refused(429, headers), good("here")]);
    met.ends("complete", 0, None).tried(&[RATE, "-"]).text("here");
    met
}

#[test]
fn what_the_provider_asks_for_is_kept() {
    let world = World::new();
    for (headers, wait) in [
        (&[("retry-after", "0")][..], 0),
        (&[("retry-after", "0.2")], 200),
        (&[("retry-after", "1")], 1_000),
        (&[("Retry-After", " 0 ")], 0),
        (&[("retry-after-ms", "150")], 150),
        (&[("retry-after-ms", "0")], 0),
        (&[("retry-after", "1"), ("retry-after-ms", "0")], 1_000),
        (&[("retry-after", &date(-3_600))], 0),
        (&[("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT")], 0),
    ] {
        assert_eq!(refused_once(&world, headers).waits(), [wait], "{headers:?}");
    }
    let wait = refused_once(&world, &[("retry-after", &date(2))]).waits()[0];
    assert!((1..=2_000).contains(&wait), "{wait} ms until a moment two seconds from now");
    world.ends();
}

#[test]
fn what_makes_no_sense_is_as_good_as_nothing() {
    let world = World::new();
    for value in ["soon", "-5", "NaN", "inf", "1 hour", ""] {
        let waits = refused_once(&world, &[("retry-after", value)]).waits();
        assert!(matches!(waits[..], [wait] if wait <= OWN_WAIT), "{value}: {waits:?}");
    }
    world.ends();
}

#[test]
fn a_wait_that_would_outlive_the_budget_is_not_begun() {
    let world = World::new();
    for headers in [
        &[("retry-after", "3600")][..],
        &[("retry-after", "60")],
        &[("retry-after", "99999999999999999999")],
        &[("retry-after", "1e300")],
        &[("retry-after-ms", "3600000")],
        &[("retry-after", "Fri, 31 Dec 2100 23:59:59 GMT")],
    ] {
        let met = world.meet("openai", vec![refused(429, headers)]);
        met.ends("failed", 5, Some(RATE)).tried(&[RATE]).words(&["asks to wait"]);
        assert_eq!(met.error["retryable"], true, "it may be asked again, later");
    }
    world.ends();
    let world = World::of(Home::new().with("MMPD_ROUTING_TIME", "900ms"));
    world.meet("openai", vec![refused(429, &[("retry-after", "1")])]).ends("failed", 5, Some(RATE)).tried(&[RATE]);
    world.ends();
    let world = World::new();
    let patient = vec![refused(429, &[("retry-after", "2")])];
    let met = world.meet_with("openai", patient, &["--timeout", "1s"]);
    met.ends("failed", 5, Some(RATE)).tried(&[RATE]);
    world.ends();
}

#[test]
fn only_errors_ask_to_wait() {
    let world = World::new();
    let error = r#"data: {"error":{"message":"busy","type":"server_error"}}"#;
    let mut inside = stream(&[format!("{error}\n\n")]);
    let Step::Send(head) = &mut inside[0] else { unreachable!("the head is sent") };
    let at = head.len() - 2;
    head.splice(at..at, *b"retry-after: 3600\r\n");
    let met = world.meet("openai", vec![inside, good("here")]);
    met.ends("complete", 0, None).tried(&["provider_overloaded", "-"]);
    assert!(met.waits()[0] <= OWN_WAIT, "{:?}", met.waits());
    // On an answer it means nothing.
    let mut answer = good("here");
    let Step::Send(head) = &mut answer[0] else { unreachable!("the head is sent") };
    let at = head.len() - 2;
    head.splice(at..at, *b"retry-after: 31\r\n");
    world.meet("openai", vec![answer]).ends("complete", 0, None).tried(&["-"]);
    // What a retry cannot help is not tried again, whatever the header says.
    let met = world.meet("openai", vec![says_with(402, &[("retry-after", "0")], "{}")]);
    met.ends("failed", 5, Some("provider_quota")).tried(&["provider_quota"]);
    world.ends();
}

#[test]
fn every_status_that_may_pass_is_waited_for() {
    let world = World::new();
    for (status, code) in [(429, RATE), (500, "provider_overloaded"), (503, "provider_overloaded"), (529, "provider_overloaded")]
    {
        let met = world.meet("deepseek", vec![says_with(status, &[("retry-after", "0.1")], "{}"), good("here")]);
        met.ends("complete", 0, None).tried(&[code, "-"]);
        assert_eq!(met.waits(), [100], "{status}");
    }
    world.ends();
}

#[test]
fn several_failures_are_followed_by_an_answer_and_each_is_told() {
    let world = World::of(Home::new());
    let met = world.meet("openai", vec![says(500, "{}"), says(503, "{}"), good("at last")]);
    met.ends("complete", 0, None).tried(&["provider_overloaded", "provider_overloaded", "-"]).text("at last");
    assert_eq!(met.names(), ["started", "retry", "retry", "text", "usage", "done"]);
    // One that never answers is not asked for ever.
    let met = world.meet("openai", vec![says_with(500, &[("retry-after", "0")], "{}")]);
    met.ends("failed", 4, Some("provider_overloaded")).tried(&["provider_overloaded"; 3]);
    world.ends();
}

#[test]
fn the_next_model_does_not_wait() {
    let world = World::new();
    let (full, free) = (
        crate::support::upstream::Upstream::repeating(refused(429, &[("retry-after", "3600")])),
        crate::support::upstream::Upstream::repeating(stream(&[text("from the next"), crate::replies::finish("stop")])),
    );
    let (first, next) = (world.add("openai", &full.root()), world.add("openai", &free.root()));
    world.home().text(&["settings", "set", "fallback", &format!("{next}/m")]);
    let met = world.ask(&format!("{first}/m"), &[]);
    met.ends("complete", 0, None).text("from the next");
    assert_eq!(met.names(), ["started", "fallback", "text", "usage", "done"]);
    assert_eq!((met.answer["provider"].as_str(), full.requests().len(), free.requests().len()), (Some(&*next), 1, 1));
    world.ends();
}
