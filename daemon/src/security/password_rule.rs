//! What a password must be like, after NIST SP 800-63B (revision 4): long enough, and not what is guessed first. No rule
//! asks for a digit or a sign.
//!
//! A password is the only thing that is asked for, so it has 15 characters at least. It is normalised (NFKC) before it is
//! counted and hashed: the same keys on another machine give the same password.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// The fewest characters.
pub const FEWEST_CHARACTERS: usize = 15;

/// The most bytes.
pub const MOST_BYTES: usize = 1024;

/// How hard a password must be to guess: more than ten to the eighth tries.
const WEAKEST: Score = Score::Three;

/// Why a text is no password here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing.
    Empty,
    /// It has too many bytes.
    TooLong(usize),
    /// It holds a control character.
    Control,
    /// It has too few characters.
    TooShort(usize),
    /// It is among what is guessed first.
    Guessable,
}

/// The password that was meant by a text; whether it is a good one is not asked.
///
/// # Errors
///
/// [`Refusal`] for what can be no password at all: nobody hashes it.
pub fn normalise(text: &str) -> Result<Zeroizing<String>, Refusal> {
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.len() > MOST_BYTES {
        return Err(Refusal::TooLong(text.len()));
    }
    if text.contains(char::is_control) {
        return Err(Refusal::Control);
    }
    Ok(Zeroizing::new(text.nfkc().collect()))
}

/// Whether a normalised password may be a new one; `context` are words that are guessed first for this account. Takes
/// some milliseconds.
///
/// # Errors
///
/// [`Refusal`].
pub fn judge(password: &str, context: &[&str]) -> Result<(), Refusal> {
    let characters = password.chars().count();
    if characters < FEWEST_CHARACTERS {
        return Err(Refusal::TooShort(characters));
    }
    let context: Vec<&str> = context.iter().copied().chain(["mmp", "mmpd"]).collect();
    if zxcvbn(password, &context).score() < WEAKEST { Err(Refusal::Guessable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_phrase_is_a_password_without_any_sign() {
        for good in ["correct horse battery staple", "kettle orbit marble fence", "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少"]
        {
            assert_eq!(judge(&normalise(good).expect("a password"), &["ann"]), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused_however_long() {
        for bad in ["passwordpassword", "aaaaaaaaaaaaaaaaaaaa", "qwertyuiopasdfgh", "123456789012345678", "annannannannannann"] {
            assert_eq!(judge(bad, &["ann"]), Err(Refusal::Guessable), "{bad}");
        }
        assert_eq!(judge("montgomery-burns", &["montgomery-burns"]), Err(Refusal::Guessable));
    }

    #[test]
    fn what_can_be_no_password_is_refused_before_it_is_hashed() {
        assert_eq!(normalise(""), Err(Refusal::Empty));
        assert_eq!(normalise("with\0nul and more"), Err(Refusal::Control));
        assert_eq!(normalise("two\nlines"), Err(Refusal::Control));
        assert_eq!(normalise(&"x".repeat(1 << 20)), Err(Refusal::TooLong(1 << 20)));
        assert_eq!(judge("short", &[]), Err(Refusal::TooShort(5)));
    }

    #[test]
    fn the_same_keys_give_the_same_password() {
        assert_eq!(normalise("Ångström").expect("a password"), normalise("A\u{30a}ngstro\u{308}m").expect("a password"));
    }
}
