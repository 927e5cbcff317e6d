//! The commands that can be written in place of a prompt: one table, for what they do, for completion and for the help.

use mmp_shared::{Language, Phrase};

use super::keymap::Action;

macro_rules! slash {
    ($($command:ident $name:literal $argument:literal $words:literal $(as $action:ident)?;)*) => {
        /// A command.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the catalogue says what each does")]
        pub(crate) enum Slash { $($command,)* }

        /// Every command: its name, what follows it, and the name of its words.
        pub(crate) const SLASHES: &[(Slash, &str, &str, &str)] = &[$((Slash::$command, $name, $argument, $words),)*];

        impl Slash {
            /// The action that does the same by a key.
            pub(crate) fn action(self) -> Option<Action> {
                match self { $($(Self::$command => Some(Action::$action),)?)* _ => None }
            }
        }
    };
}

slash! {
    New "/new" "" "screen-slash-new" as NewConversation;
    Model "/model" "[NAME]" "screen-slash-model" as PickModel;
    Resume "/resume" "[TITLE]" "screen-slash-resume" as Conversations;
    Search "/search" "[WORDS]" "views-slash-search" as Search;
    History "/history" "[TITLE]" "views-slash-history" as History;
    Runs "/runs" "" "views-slash-runs" as Runs;
    Attach "/attach" "RUN" "views-slash-attach";
    Compare "/compare" "[MODEL MODEL …]" "views-slash-compare" as Compare;
    Models "/models" "[NAME]" "views-slash-models" as Models;
    Continue "/continue" "" "chatview-slash-continue";
    Rename "/rename" "TITLE" "screen-slash-rename";
    Copy "/copy" "[code]" "screen-slash-copy" as CopyAnswer;
    Role "/role" "[NAME]" "palette-slash-role";
    Rerun "/rerun" "[MODEL]" "palette-slash-rerun";
    Branch "/branch" "" "palette-slash-branch";
    Export "/export" "FILE" "palette-slash-export";
    Cost "/cost" "" "palette-slash-cost";
    Theme "/theme" "terminal|dark|light|mono" "palette-slash-theme";
    Think "/think" "off|on|low|medium|high" "screen-slash-think";
    Mouse "/mouse" "" "screen-slash-mouse";
    Login "/login" "[NAME]" "login-slash" as Login;
    Logout "/logout" "" "login-slash-out";
    Help "/help" "" "screen-slash-help" as Help;
    Quit "/quit" "" "screen-slash-quit";
}

impl Slash {
    /// Whether it means nothing without what follows it.
    pub(crate) fn wants_argument(self) -> bool {
        let argument = SLASHES.iter().find(|(other, ..)| *other == self).map_or("", |(_, _, argument, _)| argument);
        !argument.is_empty() && !argument.starts_with('[')
    }
}

/// A command that is being written, as a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Its name.
    pub(crate) name: &'static str,
    /// What follows it.
    pub(crate) argument: &'static str,
    /// What it does.
    pub(crate) words: String,
}

/// The commands that a text may become; none once its first word is complete or it is no command.
pub(crate) fn offers(text: &str, language: Language) -> Vec<Offer> {
    if !text.starts_with('/') || text.contains([' ', '\n']) {
        return Vec::new();
    }
    let fitting = SLASHES.iter().filter(|(_, name, ..)| name.starts_with(text));
    fitting.map(|(_, name, argument, words)| Offer { name, argument, words: Phrase::new(words).render(language) }).collect()
}

/// The command that a text is, and what follows it. A path is none.
pub(crate) fn parse(text: &str) -> Option<(Slash, &str)> {
    let text = text.trim();
    let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (command, ..) = SLASHES.iter().find(|(_, other, ..)| *other == name)?;
    Some((*command, argument.trim()))
}

/// Whether a text looks like a command that there is none of.
pub(crate) fn is_unknown(text: &str) -> bool {
    let word = text.trim();
    let is_word = word.strip_prefix('/').is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase()));
    is_word && parse(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_from_a_path() {
        assert_eq!(parse("/model  gpt "), Some((Slash::Model, "gpt")));
        assert_eq!(parse("/etc/passwd is what?"), None);
        assert!(is_unknown("/modle") && !is_unknown("/etc/passwd") && !is_unknown("/new") && !is_unknown("/"));
    }

    #[test]
    fn completion_ends_with_the_first_word() {
        assert_eq!(
            offers("/re", Language::English).iter().map(|offer| offer.name).collect::<Vec<_>>(),
            ["/resume", "/rename", "/rerun"]
        );
        assert!(offers("/model x", Language::English).is_empty());
    }

    #[test]
    fn every_command_has_words_in_every_language() {
        for language in Language::ALL {
            for (_, _, _, words) in SLASHES {
                assert!(Phrase::new(words).render_in(language).is_some(), "{words} in {}", language.tag());
            }
        }
    }
}
