//! The keys: one table, which the program obeys and the help is made of. What a person set in place of it is a [`Keymap`]: a
//! key of theirs becomes the one that the table has for the same action, so that nobody else has to know.

mod read;

use mmp_shared::{Language, Phrase};

pub(crate) use self::read::read;

/// A key, apart from what is held with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Tab.
    Tab,
    /// Tab with Shift.
    BackTab,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// F1 and so on.
    Function(u8),
}

/// A key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    /// The key.
    pub(crate) code: Code,
    /// Whether Ctrl is held.
    pub(crate) ctrl: bool,
    /// Whether Alt is held.
    pub(crate) alt: bool,
    /// Whether Shift is held; never told of a character, which says so itself.
    pub(crate) shift: bool,
}

impl Key {
    /// A key alone.
    pub(crate) const fn of(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    const fn ctrl(code: Code) -> Self {
        Self { ctrl: true, ..Self::of(code) }
    }

    const fn alt(code: Code) -> Self {
        Self { alt: true, ..Self::of(code) }
    }

    const fn shift(code: Code) -> Self {
        Self { shift: true, ..Self::of(code) }
    }

    /// The key as people write it.
    pub(crate) fn name(self) -> String {
        let code = match self.code {
            Code::Char(c) => c.to_uppercase().to_string(),
            Code::Enter => "Enter".into(),
            Code::Esc => "Esc".into(),
            Code::Backspace => "⌫".into(),
            Code::Delete => "Del".into(),
            Code::Tab | Code::BackTab => "Tab".into(),
            Code::Up => "↑".into(),
            Code::Down => "↓".into(),
            Code::Left => "←".into(),
            Code::Right => "→".into(),
            Code::Home => "Home".into(),
            Code::End => "End".into(),
            Code::PageUp => "PgUp".into(),
            Code::PageDown => "PgDn".into(),
            Code::Function(number) => format!("F{number}"),
        };
        let held = [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift || self.code == Code::BackTab, "Shift+")];
        held.into_iter().filter(|(is_held, _)| *is_held).map(|(_, name)| name).chain([code.as_str()]).collect()
    }
}

macro_rules! keymap {
    ($($action:ident $words:literal: $($key:expr),+;)*) => {
        /// What a key does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the catalogue says what each does")]
        pub(crate) enum Action { $($action,)* }

        /// Every action with its keys and the name of its words.
        pub(crate) const KEYMAP: &[(Action, &[Key], &str)] = &[$((Action::$action, &[$($key),+], $words),)*];

        impl Action {
            /// Its name in the program.
            const fn name(self) -> &'static str {
                match self { $(Self::$action => stringify!($action),)* }
            }
        }
    };
}

keymap! {
    Send "screen-key-send": Key::of(Code::Enter);
    BreakLine "screen-key-break-line": Key::alt(Code::Enter), Key::shift(Code::Enter), Key::ctrl(Code::Char('j'));
    Interrupt "screen-key-interrupt": Key::of(Code::Esc);
    StopOrQuit "screen-key-stop-or-quit": Key::ctrl(Code::Char('c'));
    QuitWhenEmpty "screen-key-quit-when-empty": Key::ctrl(Code::Char('d'));
    Palette "palette-key-palette": Key::ctrl(Code::Char('p'));
    Help "screen-key-help": Key::of(Code::Function(1));
    PickModel "screen-key-pick-model": Key::alt(Code::Char('m'));
    Conversations "screen-key-conversations": Key::ctrl(Code::Char('r')), Key::of(Code::Function(2));
    Search "views-key-search": Key::of(Code::Function(3));
    History "views-key-history": Key::of(Code::Function(4));
    Runs "views-key-runs": Key::of(Code::Function(5));
    Compare "views-key-compare": Key::of(Code::Function(6));
    Models "views-key-models": Key::of(Code::Function(7));
    Login "login-key": Key::of(Code::Function(8));
    NewConversation "screen-key-new": Key::alt(Code::Char('n'));
    ToggleThinking "screen-key-thinking": Key::ctrl(Code::Char('t'));
    CopyAnswer "screen-key-copy": Key::alt(Code::Char('c'));
    AttachFile "palette-key-attach": Key::alt(Code::Char('a'));
    EditOutside "palette-key-editor": Key::ctrl(Code::Char('o'));
    Complete "screen-key-complete": Key::of(Code::Tab);
    PageUp "screen-key-page-up": Key::of(Code::PageUp);
    PageDown "screen-key-page-down": Key::of(Code::PageDown);
    LineUp "screen-key-line-up": Key::shift(Code::Up), Key::ctrl(Code::Up);
    LineDown "screen-key-line-down": Key::shift(Code::Down), Key::ctrl(Code::Down);
    Read "chatview-key-read": Key::alt(Code::Up);
    Top "screen-key-top": Key::ctrl(Code::Home);
    Bottom "screen-key-bottom": Key::ctrl(Code::End);
    Up "screen-key-up": Key::of(Code::Up);
    Down "screen-key-down": Key::of(Code::Down), Key::ctrl(Code::Char('n'));
    Back "screen-key-back": Key::of(Code::Left), Key::ctrl(Code::Char('b'));
    Forward "screen-key-forward": Key::of(Code::Right), Key::ctrl(Code::Char('f'));
    WordBack "screen-key-word-back": Key::ctrl(Code::Left), Key::alt(Code::Left), Key::alt(Code::Char('b'));
    WordForward "screen-key-word-forward": Key::ctrl(Code::Right), Key::alt(Code::Right), Key::alt(Code::Char('f'));
    LineStart "screen-key-line-start": Key::of(Code::Home), Key::ctrl(Code::Char('a'));
    LineEnd "screen-key-line-end": Key::of(Code::End), Key::ctrl(Code::Char('e'));
    DeleteBack "screen-key-delete-back": Key::of(Code::Backspace), Key::ctrl(Code::Char('h'));
    DeleteForward "screen-key-delete-forward": Key::of(Code::Delete);
    DeleteWordBack "screen-key-delete-word-back": Key::ctrl(Code::Char('w')), Key::alt(Code::Backspace);
    DeleteWordForward "screen-key-delete-word-forward": Key::alt(Code::Char('d'));
    DeleteToStart "screen-key-delete-to-start": Key::ctrl(Code::Char('u'));
    DeleteToEnd "screen-key-delete-to-end": Key::ctrl(Code::Char('k'));
    Yank "screen-key-yank": Key::ctrl(Code::Char('y'));
    Redraw "screen-key-redraw": Key::ctrl(Code::Char('l'));
    Suspend "screen-key-suspend": Key::ctrl(Code::Char('z'));
}

/// What a key does; none where it writes a character, or does nothing.
pub(crate) fn action_of(key: Key) -> Option<Action> {
    KEYMAP.iter().find(|(_, keys, _)| keys.contains(&key)).map(|(action, ..)| *action)
}

impl Action {
    /// Its name, as `config.toml` has it.
    pub(crate) fn setting(self) -> String {
        let mut setting = String::new();
        for (index, c) in self.name().char_indices() {
            if index > 0 && c.is_uppercase() {
                setting.push('_');
            }
            setting.extend(c.to_lowercase());
        }
        setting
    }

    /// The key that the table has for it first: whoever runs an action without its key presses this one.
    pub(crate) fn key(self) -> Option<Key> {
        KEYMAP.iter().find(|(action, ..)| *action == self).and_then(|(_, keys, _)| keys.first()).copied()
    }
}

/// The keys in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Keymap {
    bindings: Vec<(Action, Vec<Key>)>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { bindings: KEYMAP.iter().map(|(action, keys, _)| (*action, keys.to_vec())).collect() }
    }
}

impl Keymap {
    /// The key that the table has for what this one does; none where it does nothing any more.
    pub(crate) fn translate(&self, key: Key) -> Option<Key> {
        let before = action_of(key);
        match self.bindings.iter().find(|(_, keys)| keys.contains(&key)) {
            Some((action, _)) if before == Some(*action) => Some(key),
            Some((action, _)) => action.key(),
            None if before.is_some() => None,
            None => Some(key),
        }
    }

    /// The first key of an action, as people write it; nothing where it has none.
    pub(crate) fn name_of(&self, action: Action) -> String {
        self.first_of(action).map(Key::name).unwrap_or_default()
    }

    /// The first key of an action.
    pub(crate) fn first_of(&self, action: Action) -> Option<Key> {
        self.keys_of(action).first().copied()
    }

    /// The help: each action's keys and what they do.
    pub(crate) fn help(&self, language: Language) -> Vec<(String, String)> {
        let names = |action| self.keys_of(action).iter().map(|key| key.name()).collect::<Vec<_>>().join("  ");
        KEYMAP.iter().map(|(action, _, words)| (names(*action), Phrase::new(words).render(language))).collect()
    }

    fn keys_of(&self, action: Action) -> &[Key] {
        self.bindings.iter().find(|(other, _)| *other == action).map_or(&[], |(_, keys)| keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let all: Vec<_> = KEYMAP.iter().flat_map(|(_, keys, _)| keys.iter()).collect();
        for (index, key) in all.iter().enumerate() {
            assert!(!all[..index].contains(key), "{} stands twice", key.name());
        }
    }

    #[test]
    fn every_action_has_words_in_every_language() {
        for language in Language::ALL {
            for (_, _, words) in KEYMAP {
                assert!(Phrase::new(words).render_in(language).is_some(), "{words} in {}", language.tag());
            }
        }
    }
}
