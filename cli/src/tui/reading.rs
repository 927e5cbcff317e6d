//! The keys that hold while a message is chosen: one table, as `keymap` has one for the rest.

use mmp_shared::{Language, Phrase};

use super::keymap::{Code, Key};

macro_rules! reading {
    ($($act:ident $words:literal: $($code:expr),+;)*) => {
        /// What a key does while a message is chosen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the catalogue says what each does")]
        pub(crate) enum Reading { $($act,)* }

        /// Every act with its keys and the name of its words.
        const READING: &[(Reading, &[Code], &str)] = &[$((Reading::$act, &[$($code),+], $words),)*];
    };
}

reading! {
    Earlier "chatview-key-earlier": Code::Up, Code::Char('k');
    Later "chatview-key-later": Code::Down, Code::Char('j');
    BranchBefore "chatview-key-branch-before": Code::Left, Code::Char('h');
    BranchAfter "chatview-key-branch-after": Code::Right, Code::Char('l');
    Again "chatview-key-again": Code::Char('r');
    Edit "chatview-key-edit": Code::Char('e');
    Copy "chatview-key-copy": Code::Char('c');
    CopyCode "chatview-key-copy-code": Code::Char('b');
    HalfUp "chatview-key-half-up": Code::Char('u');
    HalfDown "chatview-key-half-down": Code::Char('d');
    First "chatview-key-first": Code::Char('g');
    Last "chatview-key-last": Code::Char('G');
    Leave "chatview-key-leave": Code::Esc, Code::Enter, Code::Tab, Code::Char('q'), Code::Char('i');
}

/// What a key does while a message is chosen.
pub(crate) fn reading_of(key: Key) -> Option<Reading> {
    let is_bare = !key.ctrl && !key.alt && !key.shift;
    READING.iter().find(|(_, codes, _)| is_bare && codes.contains(&key.code)).map(|(act, ..)| *act)
}

/// The help: each act's keys and what they do.
pub(crate) fn help(language: Language) -> Vec<(String, String)> {
    let name = |code: &Code| match code {
        // Here, unlike with Ctrl, the case of a letter is meant.
        Code::Char(c) => c.to_string(),
        code => Key::of(*code).name(),
    };
    let names = |codes: &[Code]| codes.iter().map(name).collect::<Vec<_>>().join("  ");
    READING.iter().map(|(_, codes, words)| (names(codes), Phrase::new(words).render(language))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let all: Vec<_> = READING.iter().flat_map(|(_, codes, _)| codes.iter()).collect();
        for (index, code) in all.iter().enumerate() {
            assert!(!all[..index].contains(code), "{code:?} stands twice");
        }
    }

    #[test]
    fn every_act_has_words_in_every_language() {
        for language in Language::ALL {
            for (_, _, words) in READING {
                assert!(Phrase::new(words).render_in(language).is_some(), "{words} in {}", language.tag());
            }
        }
    }
}
