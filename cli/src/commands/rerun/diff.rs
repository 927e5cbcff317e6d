//! What two texts have in common and what not, word by word. Pure.
//!
//! A word is letters and digits together; a Chinese character is a word of its own, and so is a mark. What is said with is
//! given back whole: what stays and what goes is the old text, what stays and what comes the new one.

use std::time::{Duration, Instant};

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};
use unicode_width::UnicodeWidthChar as _;

/// After this long what is left is not looked at more closely: texts of many pages with nothing in common.
const LONGEST: Duration = Duration::from_secs(2);

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    /// It is in both.
    Same,
    /// It is in the old one alone.
    Removed,
    /// It is in the new one alone.
    Added,
}

/// A piece of text, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    #[serde(rename = "op")]
    pub(super) change: Change,
    pub(super) text: String,
}

/// How a text became another.
pub(super) fn diff(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (words(old), words(new));
    let operations = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(Instant::now() + LONGEST));
    let mut pieces = Vec::new();
    for (tag, old_range, new_range) in operations.iter().map(|operation| operation.as_tag_tuple()) {
        let (old, new) = (old[old_range].concat(), new[new_range].concat());
        match tag {
            DiffTag::Equal => add(&mut pieces, Change::Same, old),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                add(&mut pieces, Change::Removed, old);
                add(&mut pieces, Change::Added, new);
            }
        }
    }
    joined(pieces)
}

fn add(pieces: &mut Vec<Piece>, change: Change, text: String) {
    if !text.is_empty() {
        pieces.push(Piece { change, text });
    }
}

/// Changes with nothing but blanks between them are one: words that were changed one after another read as one change.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let (mut whole, mut removed, mut added) = (Vec::new(), String::new(), String::new());
    let mut blank = String::new();
    for Piece { change, text } in pieces {
        let is_open = !removed.is_empty() || !added.is_empty();
        if change == Change::Same && is_open && blank.is_empty() && text.chars().all(|c| c == ' ') {
            blank = text;
            continue;
        }
        if change == Change::Same {
            close(&mut whole, &mut removed, &mut added);
            add(&mut whole, Change::Same, std::mem::take(&mut blank) + &text);
            continue;
        }
        let between = std::mem::take(&mut blank);
        removed.push_str(&between);
        added.push_str(&between);
        if change == Change::Removed { &mut removed } else { &mut added }.push_str(&text);
    }
    close(&mut whole, &mut removed, &mut added);
    add(&mut whole, Change::Same, blank);
    whole
}

fn close(whole: &mut Vec<Piece>, removed: &mut String, added: &mut String) {
    add(whole, Change::Removed, std::mem::take(removed));
    add(whole, Change::Added, std::mem::take(added));
}

/// What a character may stand together with.
#[derive(PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Alone,
}

fn kind(c: char) -> Kind {
    match c {
        '\n' => Kind::Alone,
        c if c.is_whitespace() => Kind::Blank,
        c if c.width() == Some(2) => Kind::Alone,
        // What has no width belongs to the letter before it.
        c if c.is_alphanumeric() || c == '_' || c.width() == Some(0) => Kind::Word,
        _ => Kind::Alone,
    }
}

fn words(text: &str) -> Vec<&str> {
    let (mut words, mut begin, mut last) = (Vec::new(), 0, None);
    for (place, c) in text.char_indices() {
        let kind = kind(c);
        if place > 0 && (kind == Kind::Alone || last != Some(Kind::Alone) && last.as_ref() != Some(&kind) || last == Some(Kind::Alone)) {
            words.push(&text[begin..place]);
            begin = place;
        }
        last = Some(kind);
    }
    if begin < text.len() {
        words.push(&text[begin..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        diff(old, new)
            .into_iter()
            .map(|Piece { change, text }| match change {
                Change::Same => text,
                Change::Removed => format!("[-{text}-]"),
                Change::Added => format!("{{+{text}+}}"),
            })
            .collect()
    }

    #[test]
    fn words_are_changed_as_a_whole() {
        assert_eq!(words("don't panic_now, 1.5"), ["don", "'", "t", " ", "panic_now", ",", " ", "1", ".", "5"]);
        assert_eq!(shown("the quick fox", "the slow fox"), "the [-quick-]{+slow+} fox");
        assert_eq!(shown("a b c", "x y c"), "[-a b-]{+x y+} c");
    }

    #[test]
    fn chinese_is_changed_character_by_character() {
        assert_eq!(words("你好，abc"), ["你", "好", "，", "abc"]);
        assert_eq!(shown("归并排序稳定", "快速排序稳定"), "[-归并-]{+快速+}排序稳定");
    }

    #[test]
    fn nothing_and_something_are_told_apart() {
        assert_eq!(shown("", "new"), "{+new+}");
        assert_eq!(shown("old", ""), "[-old-]");
        assert_eq!(shown("", ""), "");
    }

    proptest! {
        #[test]
        fn both_texts_are_in_it(old in "[ab ，你\n]{0,40}", new in "[ab ，你\n]{0,40}") {
            let pieces = diff(&old, &new);
            let without = |change| {
                pieces.iter().filter(|piece| piece.change != change).map(|piece| piece.text.as_str()).collect::<String>()
            };
            prop_assert_eq!(without(Change::Added), old);
            prop_assert_eq!(without(Change::Removed), new);
        }
    }
}
