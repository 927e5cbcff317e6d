//! Text of others on its way to the screen: neutralised, and no more marks on a letter than a letter has.

use unicode_width::UnicodeWidthChar as _;

use crate::neutralise::{Neutraliser, neutralise_line};

/// How many characters without a width may follow one another: more than any script stacks.
const MOST_MARKS: u32 = 12;

/// Cleans a stream of text, in any cut.
#[derive(Debug, Default)]
pub(crate) struct Cleaner {
    neutraliser: Neutraliser,
    marks: u32,
}

impl Cleaner {
    /// What of the next portion may be shown.
    pub(crate) fn push(&mut self, portion: &str) -> String {
        let mut safe = String::with_capacity(portion.len());
        self.neutraliser.push(portion, &mut safe);
        self.thin(safe)
    }

    /// What is left at the end.
    pub(crate) fn finish(&mut self) -> String {
        let mut safe = String::new();
        self.neutraliser.finish(&mut safe);
        safe
    }

    fn thin(&mut self, text: String) -> String {
        if text.is_ascii() {
            self.marks = 0;
            return text;
        }
        let keep = |c: &char| {
            self.marks = if *c != '\n' && c.width().unwrap_or(0) == 0 { self.marks + 1 } else { 0 };
            self.marks <= MOST_MARKS
        };
        text.chars().filter(keep).collect()
    }
}

/// A whole text.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaner = Cleaner::default();
    let mut safe = cleaner.push(text);
    safe.push_str(&cleaner.finish());
    safe
}

/// A text as one line: a title, a name.
pub(crate) fn clean_line(text: &str) -> String {
    Cleaner::default().thin(neutralise_line(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_marks_is_thinned() {
        let flood = format!("a{}b", "\u{301}".repeat(10_000));
        assert_eq!(clean(&flood).chars().count(), 2 + 12);
        assert_eq!(clean_line(&format!("\u{202e}{}", "\u{200b}".repeat(500))).chars().count(), 13);
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["né\u{301}e", "👩‍👩‍👧‍👦 🇩🇪", "नमस्ते\n\tx"] {
            assert_eq!(clean(text), text);
        }
    }
}
