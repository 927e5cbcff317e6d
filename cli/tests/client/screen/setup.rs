//! What a person has set: their editor, their keys.

use super::*;

/// A program with an editor that is this script.
fn with_editor(world: &World, script: &str) -> Screen {
    let path = world.path().join("editor.sh");
    std::fs::write(&path, script).expect("a script");
    with_variable(world, &format!("sh {}", path.display()))
}

fn with_variable(world: &World, editor: &str) -> Screen {
    let mut screen = Screen::open(world, &[], &[("EDITOR", editor), ("PATH", "/usr/bin:/bin")]);
    screen.wait_for("type a question");
    screen
}

fn drafts(world: &World) -> Vec<String> {
    let names = std::fs::read_dir(world.path().join("state")).into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("draft-")).collect()
}

#[test]
fn the_editor_has_the_terminal_and_every_key_until_it_ends() {
    let world = World::new();
    let fake = daemon(&world, |_| answer(&["x"]));
    let script = "stat -c %a \"$1\" > \"$MMP_HOME/mode\"; cat \"$1\"; echo ' <- this was written'; read line; printf '%s\\n' \"$line\" > \"$1\"";
    let mut screen = with_editor(&world, script);
    screen.send("half a thought");
    screen.wait_for("› half a thought");
    let before = screen.raw.len();
    screen.send("\u{f}");
    screen.wait_for_raw(LEAVES, before);
    screen.wait_for("half a thought <- this was written");
    let before = screen.raw.len();
    screen.send("each key, 每个键\r");
    screen.wait_for_raw(ENTERS, before);
    screen.wait_for("› each key, 每个键");
    assert_eq!(std::fs::read_to_string(world.path().join("mode")).expect("written").trim(), "600");
    assert_eq!(drafts(&world), Vec::<String>::new());
    screen.send("!\r");
    screen.wait_for("3 + 5 tokens");
    assert_eq!(prompts(&fake), ["each key, 每个键!"]);
    screen.quit();
}

#[test]
fn an_editor_that_does_nothing_fails_or_is_not_there_leaves_what_was_written() {
    for (editor, said) in [
        ("true", "nothing was changed in the editor"),
        ("false", "the editor `false` failed"),
        ("/nowhere/vim", "there is no editor `/nowhere/vim`"),
        ("", "no editor is named"),
    ] {
        let world = World::new();
        daemon(&world, |_| answer(&["x"]));
        let mut screen = with_variable(&world, editor);
        screen.send("half a thought");
        screen.wait_for("› half a thought");
        screen.send("\u{f}");
        screen.wait_for(said);
        assert!(screen.shown().contains("› half a thought"), "{}", screen.shown());
        assert_eq!(drafts(&world), Vec::<String>::new());
        screen.quit();
    }
}

#[test]
fn keys_of_the_settings_hold_and_a_mistake_is_named() {
    let world = World::new();
    daemon(&world, |_| answer(&["x"]));
    std::fs::write(world.path().join("config.toml"), "[keys]\npalette = \"alt+p\"\nhelpp = \"f9\"\n").expect("settings");
    let mut screen = Screen::ready(&world);
    screen.wait_for("there is no action `helpp`");
    screen.send("\u{1b}p");
    screen.wait_for("type what you want to do");
    screen.send("palette");
    screen.wait_for("nothing fits");
    screen.send("\u{1b}");
    screen.wait_until_gone("nothing fits");
    screen.send("\u{1b}OP");
    screen.wait_for("Alt+P");
    screen.send("\u{1b}");
    screen.wait_until_gone("Alt+P");
    screen.quit();
}

#[test]
fn a_theme_that_there_is_none_of_is_named_and_the_terminals_own_holds() {
    let world = World::new();
    daemon(&world, |_| answer(&["x"]));
    let state = world.path().join("state");
    std::fs::create_dir_all(&state).expect("a folder");
    let known = |theme: &str| json!({ "host": null, "settings": { "theme": theme } }).to_string();
    std::fs::write(state.join("settings.json"), known("drak")).expect("settings");
    let mut screen = Screen::ready(&world);
    screen.wait_for("there is no theme `drak`");
    assert!(String::from_utf8_lossy(&screen.raw).contains("38;5;6;"), "the terminal's own cyan");
    screen.quit();
    std::fs::write(state.join("settings.json"), known("dark")).expect("settings");
    let mut screen = Screen::open(&world, &[], &[("COLORTERM", "truecolor")]);
    screen.wait_for("type a question");
    assert!(String::from_utf8_lossy(&screen.raw).contains("38;2;95;201;216;"), "its own cyan");
    screen.quit();
}
