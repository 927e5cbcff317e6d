//! When to draw: what is asked for is coalesced, at most so often a second, and nothing is drawn that nobody asked for.
//! It knows no clock.

use std::time::Duration;

/// How soon after another frame one may come that a person's own doing asked for.
const QUICK: Duration = Duration::from_millis(16);
/// The same for what comes by itself: nobody reads faster.
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
}

impl Frames {
    /// Asks for a frame.
    pub(super) fn ask(&mut self, urgency: Urgency) {
        self.wanted = self.wanted.max(Some(urgency));
    }

    /// When the frame that was asked for may come, if one was.
    pub(super) fn due(&self) -> Option<Duration> {
        let pause = match self.wanted? {
            Urgency::Calm => CALM,
            Urgency::Quick => QUICK,
        };
        Some(self.last.map_or(Duration::ZERO, |last| last + pause))
    }

    /// A frame was drawn now.
    pub(super) const fn drawn(&mut self, now: Duration) {
        self.last = Some(now);
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
    fn a_person_waits_less_than_an_answer() {
        let mut frames = Frames::default();
        frames.drawn(Duration::from_secs(1));
        frames.ask(Urgency::Calm);
        assert_eq!(frames.due(), Some(Duration::from_millis(1_033)));
        frames.ask(Urgency::Quick);
        frames.ask(Urgency::Calm);
        assert_eq!(frames.due(), Some(Duration::from_millis(1_016)));
    }
}
