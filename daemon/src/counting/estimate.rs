//! A rule of thumb, for where no vocabulary is at hand or worth its loading: words, digits and signs by the length of
//! their runs, scripts without spaces by the character. Pure, one pass.
//!
//! The numbers were fitted to the vocabularies on English and Chinese prose, code and Markdown; a test holds them to that.

use super::Family;

/// What a character counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Latin,
    Digit,
    Space,
    LineEnd,
    Sign,
    Ideograph,
    Letter,
    Other,
}

/// Thousandths of a token for a character of what is no word.
struct Rates {
    ideograph: u64,
    letter: u64,
    other: u64,
}

const fn rates(family: Family) -> Rates {
    match family {
        Family::O200k => Rates { ideograph: 750, letter: 350, other: 1_500 },
        Family::Cl100k => Rates { ideograph: 1_100, letter: 650, other: 2_000 },
        Family::DeepSeek => Rates { ideograph: 680, letter: 500, other: 2_000 },
        Family::Qwen => Rates { ideograph: 740, letter: 500, other: 2_000 },
        Family::Ernie => Rates { ideograph: 800, letter: 600, other: 2_000 },
        Family::Other => Rates { ideograph: 900, letter: 650, other: 2_500 },
    }
}

/// About how many tokens a text has.
pub fn estimate(family: Family, text: &str) -> u64 {
    let rates = rates(family);
    let (mut thousandths, mut run): (u64, Option<(Class, u64)>) = (0, None);
    for c in text.chars() {
        let class = class_of(c);
        match &mut run {
            Some((current, length)) if *current == class => *length += 1,
            _ => thousandths += run.replace((class, 1)).map_or(0, |(class, length)| cost(&rates, class, length)),
        }
    }
    thousandths += run.map_or(0, |(class, length)| cost(&rates, class, length));
    thousandths.div_ceil(1_000)
}

/// The cost of a run, in thousandths of a token.
const fn cost(rates: &Rates, class: Class, length: u64) -> u64 {
    match class {
        // Most words are one token; long ones are put together.
        Class::Latin => 1_000 + (length - 1) / 8 * 1_000 + (length - 1) * 35,
        Class::Digit => length.div_ceil(3) * 1_000,
        // One space belongs to the word after it.
        Class::Space => {
            if length == 1 {
                30
            } else {
                1_000 + length / 64 * 1_000
            }
        }
        Class::LineEnd => 350 + length / 16 * 1_000,
        Class::Sign => 700 + (length - 1) * 200,
        Class::Ideograph => length * rates.ideograph,
        Class::Letter => length * rates.letter,
        Class::Other => length * rates.other,
    }
}

fn class_of(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Latin,
        '0'..='9' => Class::Digit,
        ' ' | '\t' => Class::Space,
        '\n' | '\r' => Class::LineEnd,
        _ if c.is_ascii() => Class::Sign,
        // Signs, kana, ideographs, hangul, wide forms, and the ideographs beyond the basic plane.
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' => Class::Ideograph,
        '\u{20000}'..='\u{3ffff}' => Class::Ideograph,
        '\u{c0}'..='\u{24f}' => Class::Latin,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}
