//! Stopped and hung up on: the terminal is as it was, and nothing is lost. What is copied reaches it through tmux.

use super::*;

/// An answer whose rest comes once the gate opens, over a second connection.
fn half_an_answer(world: &World) -> (Fake, std::sync::Arc<std::sync::Barrier>) {
    let gate = std::sync::Arc::new(std::sync::Barrier::new(2));
    let waiting = gate.clone();
    let fake = daemon(world, move |request| {
        if request.path.contains("/events") {
            waiting.wait();
            return Reply::stream(events(3, &[text(" and the rest"), done()]));
        }
        let mut pieces = events(1, &[started(), text("the first half")]);
        pieces.push(Piece::Cut);
        Reply::stream(pieces)
    });
    (fake, gate)
}

/// Until it has asked for the rest: one that stands still, or is gone, never would.
fn wait_for_the_second_request(fake: &Fake) {
    let begun = std::time::Instant::now();
    while !fake.requests().iter().any(|request| request.path.contains("/events")) {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "it never asked for the rest");
        std::thread::yield_now();
    }
}

fn stops_and_comes_back(stop: impl Fn(&mut Screen)) {
    let world = World::new();
    let (fake, gate) = half_an_answer(&world);
    let mut screen = Screen::ready(&world);
    screen.send("hi\r");
    screen.wait_for("the first half");
    screen.send("a draft");
    screen.wait_for("› a draft");
    wait_for_the_second_request(&fake);
    let before = screen.raw.len();
    stop(&mut screen);
    screen.wait_for_raw(LEAVES, before);
    screen.wait_for_state('T');
    gate.wait();
    let before = screen.raw.len();
    screen.signal(Signal::CONT);
    screen.wait_for_raw(ENTERS, before);
    screen.wait_for("the first half and the rest");
    assert!(screen.shown().contains("› a draft"), "{}", screen.shown());
    screen.quit();
}

#[test]
fn control_z_gives_the_terminal_back_until_it_goes_on() {
    stops_and_comes_back(|screen| screen.send("\u{1a}"));
}

#[test]
fn a_stop_from_elsewhere_gives_the_terminal_back_too() {
    stops_and_comes_back(|screen| screen.signal(Signal::TSTP));
}

#[test]
fn a_terminal_that_is_lost_ends_the_program_and_not_the_run() {
    let world = World::new();
    let (fake, gate) = half_an_answer(&world);
    let mut screen = Screen::ready(&world);
    screen.send("hi\r");
    screen.wait_for("the first half");
    screen.send("kept");
    screen.wait_for("› kept");
    wait_for_the_second_request(&fake);
    screen.signal(Signal::HUP);
    assert_eq!(screen.finish(), 0);
    assert!(!fake.requests().iter().any(|request| request.path.ends_with("/stop")), "the run goes on");
    assert_eq!(std::fs::read_to_string(world.path().join("state/draft.txt")).expect("the draft"), "kept");
    gate.wait();
}

#[test]
fn a_text_is_copied_through_tmux_as_it_was_written() {
    let world = World::new();
    daemon(&world, |_| answer(&["**bold** and\n```sh\nls -l\n```"]));
    let mut screen = Screen::open(&world, &[], &[("TMUX", "/tmp/tmux,1,0")]);
    screen.wait_for("type a question");
    screen.send("hi\r");
    screen.wait_for("3 + 5 tokens");
    let passed_on = |text: &str| {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        format!("\u{1b}Ptmux;\u{1b}\u{1b}]52;c;{}\u{7}\u{1b}\\", STANDARD.encode(text))
    };
    let before = screen.raw.len();
    screen.send("/copy\r");
    screen.wait_for_raw(&passed_on("**bold** and\n```sh\nls -l\n```"), before);
    let before = screen.raw.len();
    screen.send("\t");
    screen.wait_for("b copy code");
    screen.send("b");
    screen.wait_for_raw(&passed_on("ls -l\n"), before);
    screen.quit();
}
