//! How many tokens a piece of text is, roughly, and how fast they come. Only for the numbers that are shown while an answer
//! streams; at its end stands what the provider says. Pure.

use mmp_shared::chat::ChatAnswer;
use unicode_width::UnicodeWidthChar as _;

/// The shortest time that a speed is told of: below it the number is noise.
const SHORTEST_MS: u64 = 50;

/// About how many thousandths of a token a text is: four letters to a token, somewhat more than one Chinese character.
pub(super) fn millitokens(text: &str) -> u64 {
    let of = |c: char| match (c.is_ascii(), c.width()) {
        (true, _) => 250,
        (false, Some(2)) => 700,
        (false, _) => 500,
    };
    text.chars().map(of).sum()
}

/// Tokens a second, where there was time enough to tell.
pub(super) fn per_second(tokens: u64, milliseconds: u64) -> Option<u64> {
    (milliseconds >= SHORTEST_MS && tokens > 0).then(|| (tokens * 1000).div_ceil(milliseconds))
}

/// The speed of a whole answer, from its first token to its end.
pub(super) fn speed_of(answer: &ChatAnswer) -> Option<u64> {
    let (first, total) = (answer.timing.first_token_ms?, answer.timing.total_ms?);
    per_second(answer.usage.completion_tokens?, total.saturating_sub(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_a_quarter_of_a_token_and_chinese_characters_most_of_one() {
        assert_eq!(millitokens("abcd"), 1000);
        assert_eq!(millitokens("你好"), 1400);
    }

    #[test]
    fn no_speed_is_told_of_a_moment() {
        assert_eq!(per_second(10, 49), None);
        assert_eq!(per_second(0, 1000), None);
        assert_eq!(per_second(10, 100), Some(100));
    }
}
