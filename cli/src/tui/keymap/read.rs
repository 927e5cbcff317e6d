//! The keys that a person set, from what `[keys]` of `config.toml` says. A line with a mistake is named and left out: what is
//! built in holds for it.

use mmp_shared::{Phrase, phrase};

use super::{Action, Code, KEYMAP, Key, Keymap};

/// Actions that the program cannot be without.
const NEEDED: &[Action] = &[Action::Send, Action::Interrupt, Action::StopOrQuit];
const CODES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("tab", Code::Tab),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
];

/// The keys in force, and what was wrong with those that were set.
pub(crate) fn read(set: &[(String, Vec<String>)]) -> (Keymap, Vec<Phrase>) {
    let mut mistakes = Vec::new();
    let mut wanted: Vec<(Action, Vec<Key>)> = Vec::new();
    for (name, keys) in set {
        match line(name, keys, &wanted) {
            Ok(binding) => wanted.push(binding),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let mut keymap = merge(&wanted);
    for needed in NEEDED {
        if !keymap.keys_of(*needed).is_empty() {
            continue;
        }
        // Who took its keys gives them back.
        let own = KEYMAP.iter().find(|(action, ..)| action == needed).map_or(&[][..], |(_, keys, _)| keys);
        wanted.retain(|(action, keys)| action != needed && !keys.iter().any(|key| own.contains(key)));
        mistakes.push(phrase!("palette-keys-needed", action = needed.setting()));
        keymap = merge(&wanted);
    }
    (keymap, mistakes)
}

/// The table with what was set in its place; a key that was set is taken from whoever had it.
fn merge(wanted: &[(Action, Vec<Key>)]) -> Keymap {
    let bindings = KEYMAP.iter().map(|(action, keys, _)| {
        if let Some((_, set)) = wanted.iter().find(|(other, _)| other == action) {
            return (*action, set.clone());
        }
        let is_free = |key: &&Key| !wanted.iter().any(|(_, set)| set.contains(key));
        (*action, keys.iter().filter(is_free).copied().collect())
    });
    Keymap { bindings: bindings.collect() }
}

fn line(name: &str, keys: &[String], before: &[(Action, Vec<Key>)]) -> Result<(Action, Vec<Key>), Phrase> {
    let found = KEYMAP.iter().find(|(action, ..)| action.setting() == name);
    let Some((action, ..)) = found else { return Err(phrase!("palette-keys-no-action", action = name)) };
    let mut bound = Vec::new();
    for text in keys {
        let key = key(text).ok_or_else(|| phrase!("palette-keys-no-key", action = name, key = text))?;
        if before.iter().any(|(_, keys)| keys.contains(&key)) {
            return Err(phrase!("palette-keys-twice", action = name, key = text));
        }
        bound.push(key);
    }
    Ok((*action, bound))
}

/// A key as people write it. One that writes a character is none: what is typed is the question.
fn key(text: &str) -> Option<Key> {
    let text = text.trim().to_lowercase();
    let mut rest = text.as_str();
    let (mut ctrl, mut alt, mut shift) = (false, false, false);
    while let Some((held, key)) = rest.split_once('+').filter(|(_, key)| !key.is_empty()) {
        let which = match held.trim() {
            "ctrl" => &mut ctrl,
            "alt" => &mut alt,
            "shift" => &mut shift,
            _ => return None,
        };
        *which = true;
        rest = key;
    }
    let code = code(rest.trim())?;
    let code = if shift && code == Code::Tab { Code::BackTab } else { code };
    let writes = matches!(code, Code::Char(_)) && (shift || (!ctrl && !alt));
    (!writes).then_some(Key { code, ctrl, alt, shift: shift && code != Code::BackTab })
}

fn code(name: &str) -> Option<Code> {
    if let Some((_, code)) = CODES.iter().find(|(other, _)| *other == name) {
        return Some(*code);
    }
    let number = name.strip_prefix('f').and_then(|number| number.parse().ok()).filter(|number| (1..=24).contains(number));
    if let Some(number) = number {
        return Some(Code::Function(number));
    }
    let mut characters = name.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) if !c.is_control() => Some(Code::Char(c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(lines: &[(&str, &[&str])]) -> (Keymap, Vec<String>) {
        let lines: Vec<_> =
            lines.iter().map(|(name, keys)| ((*name).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())).collect();
        let (keymap, mistakes) = read(&lines);
        (keymap, mistakes.into_iter().map(|mistake| mistake.render(mmp_shared::Language::English)).collect())
    }

    #[test]
    fn a_key_that_was_set_is_the_one_that_the_table_has() {
        let (keymap, mistakes) = set(&[("palette", &["alt+p", "F9"]), ("break_line", &["Enter"]), ("send", &["ctrl+enter"])]);
        assert_eq!(mistakes, Vec::<String>::new());
        assert_eq!(keymap.translate(Key::alt(Code::Char('p'))), Action::Palette.key());
        assert_eq!(keymap.translate(Key::of(Code::Function(9))), Action::Palette.key());
        assert_eq!(keymap.translate(Key::ctrl(Code::Char('p'))), None, "what it had before does nothing");
        assert_eq!(keymap.translate(Key::of(Code::Enter)), Action::BreakLine.key());
        assert_eq!(keymap.translate(Key::ctrl(Code::Enter)), Action::Send.key());
        assert_eq!(keymap.translate(Key::of(Code::Char('x'))), Some(Key::of(Code::Char('x'))));
        assert_eq!((keymap.name_of(Action::Palette).as_str(), keymap.name_of(Action::Help).as_str()), ("Alt+P", "F1"));
    }

    #[test]
    fn a_key_that_was_set_is_taken_from_who_had_it() {
        let (keymap, mistakes) = set(&[("palette", &["ctrl+k"])]);
        assert_eq!((mistakes, keymap.name_of(Action::DeleteToEnd).as_str()), (Vec::new(), ""));
    }

    #[test]
    fn a_mistake_is_named_and_what_is_built_in_holds() {
        for (lines, named) in [
            (&[("palete", &["f9"][..])][..], "`palete`"),
            (&[("palette", &["x"])], "`x`"),
            (&[("palette", &["hyper+x"])], "`hyper+x`"),
            (&[("palette", &["shift+x"])], "`shift+x`"),
            (&[("palette", &["f25"])], "`f25`"),
            (&[("palette", &[""])], "`palette`"),
            (&[("palette", &["enter"])], "`send`"),
            (&[("send", &[])], "`send`"),
        ] {
            let (keymap, mistakes) = set(lines);
            assert!(mistakes.len() == 1 && mistakes[0].contains(named), "{lines:?}: {mistakes:?}");
            assert_eq!(keymap, Keymap::default(), "{lines:?}");
        }
        let (keymap, mistakes) = set(&[("help", &["f9"]), ("palette", &["f9"])]);
        assert!(mistakes.len() == 1 && mistakes[0].contains("`f9`"), "{mistakes:?}");
        assert_eq!((keymap.name_of(Action::Help).as_str(), keymap.name_of(Action::Palette).as_str()), ("F9", "Ctrl+P"));
    }

    #[test]
    fn every_key_of_the_table_can_be_written() {
        for (action, keys, _) in KEYMAP {
            for bound in *keys {
                let name = bound.name().replace('⌫', "backspace").replace("Del", "delete").replace("PgUp", "pageup");
                let name = name.replace("PgDn", "pagedown").replace('↑', "up").replace('↓', "down");
                let name = name.replace('←', "left").replace('→', "right");
                assert_eq!(key(&name), Some(*bound), "{name} of {}", action.setting());
            }
        }
    }
}
