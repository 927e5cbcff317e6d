//! Text of others on its way to a terminal: no character of it may drive the terminal or turn the reading direction.
//!
//! A pipe gets the bytes as they came; who calls this decides where text goes.

/// Makes the control characters of a stream of text harmless, in any cut. Line feeds and tabs stay; a carriage return
/// before a line feed goes.
#[derive(Debug, Default)]
pub(crate) struct Neutraliser {
    holds_return: bool,
}

impl Neutraliser {
    /// Takes the next piece and adds what may be shown.
    pub(crate) fn push(&mut self, piece: &str, out: &mut String) {
        for c in piece.chars() {
            if std::mem::take(&mut self.holds_return) && c != '\n' {
                out.push(picture('\r'));
            }
            match c {
                '\r' => self.holds_return = true,
                '\n' | '\t' => out.push(c),
                c if is_harmful(c) => out.push(picture(c)),
                c => out.push(c),
            }
        }
    }

    /// Takes the end.
    pub(crate) fn finish(&mut self, out: &mut String) {
        if std::mem::take(&mut self.holds_return) {
            out.push(picture('\r'));
        }
    }
}

/// Text of others as one harmless line.
pub(crate) fn neutralise_line(text: &str) -> String {
    let one_line = text.trim_end().replace("\r\n", "\n");
    one_line
        .chars()
        .map(|c| {
            if matches!(c, '\n' | '\t') {
                ' '
            } else if is_harmful(c) {
                picture(c)
            } else {
                c
            }
        })
        .collect()
}

/// C0 and C1 controls, and the marks that override the reading direction.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// What stands for a character: its picture if Unicode has one, else the sign of replacement.
fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&str]) -> String {
        let (mut neutraliser, mut out) = (Neutraliser::default(), String::new());
        for piece in pieces {
            neutraliser.push(piece, &mut out);
        }
        neutraliser.finish(&mut out);
        out
    }

    #[test]
    fn nothing_can_drive_the_terminal() {
        assert_eq!(shown(&["a\u{1b}]0;title\u{7}b\u{9b}2J\u{202e}c\u{7f}"]), "a␛]0;title␇b\u{fffd}2J\u{fffd}c␡");
    }

    #[test]
    fn lines_and_tabs_stay() {
        assert_eq!(shown(&["a\n\tb"]), "a\n\tb");
    }

    #[test]
    fn a_line_end_of_two_characters_may_be_cut() {
        assert_eq!(shown(&["a\r", "\nb\r\nc\r", "d\r"]), "a\nb\nc␍d␍");
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(neutralise_line("a\nb\u{1b}[1m\n"), "a b␛[1m");
    }
}
