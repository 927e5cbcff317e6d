//! When to draw: what is asked for is coalesced, at most so often a second, and nothing is drawn that nobody asked for.
//! It knows no clock.

use std::time::Duration;

/// How often a frame may come for long.
const PACE: Duration = Duration::from_millis(18);
/// How many frames may come at once after a rest: a key is shown the moment it is pressed, though an answer was drawn just
/// now. With [`PACE`] they are 60 in any second.
const AT_ONCE: u32 = 4;
/// How soon after another frame one may come that nobody's key asked for: nobody reads faster.
const CALM: Duration = Duration::from_millis(33);

/// Who asks for a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// An answer that grows, or the time.
    Calm,
    /// A person.
    Quick,
}

/// When to draw.
#[derive(Debug, Default)]
pub(super) struct Frames {
    last: Option<Duration>,
    wanted: Option<Urgency>,
    /// When all that may come at once may again: each frame puts it off by [`PACE`].
    rested: Duration,
}

impl Frames {
    /// Asks for a frame.
    pub(super) fn ask(&mut self, urgency: Urgency) {
        self.wanted = self.wanted.max(Some(urgency));
    }

    /// When the frame that was asked for may come, if one was.
    pub(super) fn due(&self) -> Option<Duration> {
        match self.wanted? {
            Urgency::Calm => Some(self.last.map_or(Duration::ZERO, |last| last + CALM)),
            Urgency::Quick => Some(self.rested.saturating_sub(PACE * (AT_ONCE - 1))),
        }
    }

    /// A frame was drawn now.
    pub(super) fn drawn(&mut self, now: Duration) {
        self.last = Some(now);
        self.rested = self.rested.max(now) + PACE;
        self.wanted = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_frame_comes_unasked() {
        let mut frames = Frames::default();
        assert_eq!(frames.due(), None);
        frames.ask(Urgency::Calm);
        assert_eq!(frames.due(), Some(Duration::ZERO), "the first one comes at once");
        frames.drawn(Duration::from_millis(5));
        assert_eq!(frames.due(), None);
    }

    #[test]
    fn a_key_does_not_wait_for_an_answer_that_was_just_drawn() {
        let mut frames = Frames::default();
        frames.drawn(Duration::from_secs(1));
        frames.ask(Urgency::Calm);
        assert_eq!(frames.due(), Some(Duration::from_millis(1_033)));
        frames.ask(Urgency::Quick);
        frames.ask(Urgency::Calm);
        assert!(frames.due().is_some_and(|due| due <= Duration::from_secs(1)));
    }

    #[test]
    fn whatever_is_asked_for_sixty_come_in_a_second() {
        let (mut frames, mut now, mut drawn) = (Frames::default(), Duration::from_secs(5), 0);
        let begun = now;
        loop {
            frames.ask(Urgency::Quick);
            now = now.max(frames.due().expect("one was asked for"));
            if now >= begun + Duration::from_secs(1) {
                break;
            }
            frames.drawn(now);
            drawn += 1;
        }
        assert!((56..=60).contains(&drawn), "{drawn}");
    }
}
