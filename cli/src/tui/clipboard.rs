//! The clipboard of the terminal that a person sits at, however far away: a sequence that it understands (OSC 52), wrapped
//! where tmux stands between.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The most that terminals are known to take.
const LARGEST: usize = 74_000;

/// What to send to the terminal; none where the text is larger than it takes.
pub(super) fn sequence(text: &str, in_tmux: bool) -> Option<String> {
    let encoded = STANDARD.encode(text);
    if encoded.len() > LARGEST {
        return None;
    }
    let sequence = format!("\u{1b}]52;c;{encoded}\u{7}");
    // tmux passes on what is marked so, with each escape doubled.
    Some(if in_tmux { format!("\u{1b}Ptmux;{}\u{1b}\\", sequence.replace('\u{1b}', "\u{1b}\u{1b}")) } else { sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_encoded_and_wrapped() {
        assert_eq!(sequence("hi", false).as_deref(), Some("\u{1b}]52;c;aGk=\u{7}"));
        assert_eq!(sequence("hi", true).as_deref(), Some("\u{1b}Ptmux;\u{1b}\u{1b}]52;c;aGk=\u{7}\u{1b}\\"));
        assert_eq!(sequence(&"x".repeat(100_000), false), None);
    }
}
