//! Everything that one can have done, as one list: the commands behind `/` and the actions of the keys, from the tables that
//! the program obeys. What has both stands once.

use mmp_shared::{Language, Phrase};

use super::{
    keymap::{Action, KEYMAP, Keymap},
    slash::{SLASHES, Slash},
};

/// Something to have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// What a command does.
    Command(Slash),
    /// What a key does.
    Act(Action),
}

/// Something to have done, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// What.
    pub(crate) deed: Deed,
    /// What it does.
    pub(crate) words: String,
    /// The command, and what follows it; empty where there is none.
    pub(crate) command: &'static str,
    /// What follows the command.
    pub(crate) argument: &'static str,
    /// The key; empty where there is none.
    pub(crate) key: String,
}

impl Listed {
    /// Whether it holds all of these words, which are in lower case.
    pub(crate) fn fits(&self, wanted: &[String]) -> bool {
        let name = match self.deed {
            Deed::Command(_) => String::new(),
            Deed::Act(action) => action.setting(),
        };
        let text = format!("{} {} {} {name}", self.words, self.command, self.key).to_lowercase();
        wanted.iter().all(|word| text.contains(word))
    }
}

/// Everything, the commands first.
pub(crate) fn all(keys: &Keymap, language: Language) -> Vec<Listed> {
    let commands = SLASHES.iter().map(|(slash, command, argument, words)| Listed {
        deed: Deed::Command(*slash),
        words: Phrase::new(words).render(language),
        command,
        argument,
        key: slash.action().map(|action| keys.name_of(action)).unwrap_or_default(),
    });
    let has_command = |action: Action| SLASHES.iter().any(|(slash, ..)| slash.action() == Some(action));
    let actions = KEYMAP.iter().filter(|(action, ..)| !has_command(*action) && *action != Action::Palette);
    let actions = actions.map(|(action, _, words)| Listed {
        deed: Deed::Act(*action),
        words: Phrase::new(words).render(language),
        command: "",
        argument: "",
        key: keys.name_of(*action),
    });
    commands.chain(actions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_every_action_stands_there_once() {
        let listed = all(&Keymap::default(), Language::English);
        for (slash, ..) in SLASHES {
            assert_eq!(listed.iter().filter(|listed| listed.deed == Deed::Command(*slash)).count(), 1, "{slash:?}");
        }
        for (action, ..) in KEYMAP.iter().filter(|(action, ..)| *action != Action::Palette) {
            let is_it = |listed: &&Listed| match listed.deed {
                Deed::Act(other) => other == *action,
                Deed::Command(slash) => slash.action() == Some(*action),
            };
            assert_eq!(listed.iter().filter(is_it).count(), 1, "{action:?}");
        }
    }
}
