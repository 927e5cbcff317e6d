//! Names of accounts: what may be one, and which look alike.
//!
//! After Unicode's UTS 39: a name is normalised (NFKC), holds characters of identifiers, mixes scripts only as people do,
//! and has a skeleton, which is the same for all names that look the same. Two accounts never share one.

use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, RestrictionLevel, RestrictionLevelDetection, confusable_detection};

/// The most characters.
pub const MOST_CHARACTERS: usize = 64;

/// Signs that may stand within a name, beside letters and digits.
const SIGNS: &str = "-_.@+";

/// Names that say more than a name should. An account that the operating system names so has it all the same.
const RESERVED: &[&str] = &[
    "admin",
    "administrator",
    "all",
    "anonymous",
    "api",
    "daemon",
    "everyone",
    "guest",
    "invites",
    "me",
    "mmp",
    "mmpd",
    "nobody",
    "null",
    "operator",
    "owner",
    "postmaster",
    "root",
    "security",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "webmaster",
];

/// A name that may be an account's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    name: String,
    skeleton: String,
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing.
    Empty,
    /// It has too many characters.
    TooLong(usize),
    /// It holds a character that no name has.
    Character(char),
    /// It begins or ends with a sign.
    Edge(char),
    /// It mixes scripts to look like something else.
    MixedScripts,
    /// It is a name that says more than a name should, or looks like one.
    Reserved,
}

impl Username {
    /// The name that was meant by a text.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where it may be nobody's.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let characters = text.chars().count();
        if characters > MOST_CHARACTERS {
            return Err(Refusal::TooLong(characters));
        }
        let name: String = text.nfkc().collect();
        let (first, last) = (name.chars().next().ok_or(Refusal::Empty)?, name.chars().next_back().ok_or(Refusal::Empty)?);
        if let Some(bad) = name.chars().find(|c| !is_of_a_name(*c)) {
            return Err(Refusal::Character(bad));
        }
        if let Some(sign) = [first, last].into_iter().find(|c| SIGNS.contains(*c)) {
            return Err(Refusal::Edge(sign));
        }
        if name.chars().count() > MOST_CHARACTERS {
            return Err(Refusal::TooLong(name.chars().count()));
        }
        if !without_signs(&name).as_str().check_restriction_level(RestrictionLevel::HighlyRestrictive) {
            return Err(Refusal::MixedScripts);
        }
        let username = Self { skeleton: skeleton_of(&name), name };
        if RESERVED.iter().any(|reserved| skeleton_of(reserved) == username.skeleton) {
            return Err(Refusal::Reserved);
        }
        Ok(username)
    }

    /// The name as it is kept and shown.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What it looks like.
    pub fn skeleton(&self) -> &str {
        &self.skeleton
    }
}

/// What a name looks like, whatever its case: names that look alike have the same.
pub fn skeleton_of(name: &str) -> String {
    confusable_detection::skeleton(&fold(name)).collect()
}

/// What is the same for every way to write a name, for those who ask for it: its case aside.
pub fn fold(name: &str) -> String {
    // Up and down again also brings together what has no lower case of its own: `ß` and `SS`, the two sigmas.
    let folded: String = name.nfkc().collect::<String>().to_uppercase().to_lowercase();
    folded.nfkc().collect()
}

fn is_of_a_name(c: char) -> bool {
    SIGNS.contains(c) || (c.is_alphanumeric() || is_mark(c)) && c.identifier_allowed()
}

/// Marks belong to the letter before them: names in many scripts are not written without.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Signs belong to every script.
fn without_signs(name: &str) -> String {
    name.chars().filter(|c| !SIGNS.contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skeleton(text: &str) -> String {
        Username::parse(text).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}")).skeleton().to_owned()
    }

    #[test]
    fn people_have_names_in_every_script() {
        for good in
            ["ann", "Ann", "j.doe", "ann@example.org", "小明", "小明2", "chen小明", "Änne", "Иван", "たろう", "ann-2_b", "محمد"]
        {
            assert_eq!(Username::parse(good).map(|name| name.as_str().to_owned()), Ok(good.nfkc().collect()), "{good}");
        }
    }

    #[test]
    fn what_no_name_has_is_refused() {
        assert_eq!(Username::parse(""), Err(Refusal::Empty));
        assert_eq!(Username::parse("a\0b"), Err(Refusal::Character('\0')));
        assert_eq!(Username::parse("a\u{1b}[31m"), Err(Refusal::Character('\u{1b}')));
        assert_eq!(Username::parse("ann\u{202e}nna"), Err(Refusal::Character('\u{202e}')));
        assert_eq!(Username::parse("ann\u{200b}"), Err(Refusal::Character('\u{200b}')));
        assert_eq!(Username::parse("ann smith"), Err(Refusal::Character(' ')));
        assert_eq!(Username::parse("../etc"), Err(Refusal::Character('/')));
        assert_eq!(Username::parse(".ann"), Err(Refusal::Edge('.')));
        assert_eq!(Username::parse("--help"), Err(Refusal::Edge('-')));
        assert_eq!(Username::parse(&"x".repeat(10_000)), Err(Refusal::TooLong(10_000)));
        assert!(Username::parse("\u{fdfa}".repeat(64).as_str()).is_err(), "one character that becomes eighteen");
    }

    #[test]
    fn names_that_look_alike_are_one() {
        assert_eq!(skeleton("Ann"), skeleton("ANN"));
        assert_eq!(skeleton("pay1"), skeleton("payl"));
        assert_eq!(skeleton("scope"), skeleton("ѕсоре"), "all of the second one is Cyrillic");
        assert_eq!(skeleton("strasse"), skeleton("straße"));
        assert_ne!(skeleton("ann"), skeleton("anna"));
    }

    #[test]
    fn scripts_are_mixed_only_as_people_do() {
        assert_eq!(Username::parse("аnn"), Err(Refusal::MixedScripts), "its first letter is Cyrillic");
        assert_eq!(Username::parse("аdmin"), Err(Refusal::MixedScripts));
    }

    #[test]
    fn names_that_say_too_much_are_nobodys() {
        for reserved in ["root", "Admin", "ADMIN", "mmp", "ａｄｍｉｎ", "adrnin"] {
            assert_eq!(Username::parse(reserved), Err(Refusal::Reserved), "{reserved}");
        }
    }
}
