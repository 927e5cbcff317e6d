//! What a real shell is offered behind `mmp`.

use std::{path::Path, process::Command};

use portable_pty::CommandBuilder;
use serde_json::{Value, json};

use crate::{
    fake::{Fake, Reply},
    screen::pty::Screen,
    world::{Ran, World, ran},
};

/// What the script leaves in `COMPREPLY` for a line with the cursor at its end, broken into words as bash breaks it.
fn completed(world: &World, words: &[&str]) -> Ran {
    let line = words.join(" ").replace(" :", ":").replace(": ", ":").replace(" = ", "=");
    let script = r#"
        source <("$MMP" completions bash) || exit 9
        COMP_LINE=$1; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _mmp_complete
        ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
        exit 0"#;
    let mut all = vec!["-c", script, "bash", &line];
    all.extend(words);
    ran(world.command_of(Path::new("bash"), &all).env("MMP", env!("CARGO_BIN_EXE_mmp")).output().expect("bash"))
}

fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let ran = completed(world, words);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

fn daemon(world: &World) -> Fake {
    let conversation = |id: &str, title: &str| {
        let at = "2026-01-02T03:04:05Z";
        json!({ "id": format!("0198c5d2-7b1e-7c61-8f0a-2f7a{id}"), "title": title, "created_at": at, "updated_at": at, "model": "gpt", "messages": 2 })
    };
    let model = |name: &str, aliases: &[&str], is_enabled: bool| {
        json!({
            "name": name, "provider": "openai", "upstream_id": name, "aliases": aliases, "context_window": null, "max_output": null,
            "price": null, "enabled": is_enabled, "available": true, "default": false,
        })
    };
    let page = |items: Vec<Value>| Reply::json(&json!({ "items": items, "next_cursor": null }));
    world.fake(move |request, _| match request.path.split('?').next().unwrap_or_default() {
        "/api/v1/conversations" => page(vec![
            conversation("00000a01", "Say hello."),
            conversation("00000a02", "it's $(reboot) \"now\""),
            conversation("00000a03", "世界"),
            conversation("00000a04", "twice"),
            conversation("00000a05", "twice"),
        ]),
        "/api/v1/models" => page(vec![
            model("openai/gpt", &["gpt"], true),
            model("ollama/qwen3:8b", &[], true),
            model("ollama/qwen3:14b", &[], true),
            model("ollama/off", &[], false),
        ]),
        _ => Reply::error(404, "not_found", "nothing here"),
    })
}

#[test]
fn commands_flags_and_values_are_offered_without_a_daemon() {
    let world = World::new();
    assert_eq!(offered(&world, &["mmp", "hist"]), ["history"]);
    assert!(offered(&world, &["mmp", "chat", "--no-"]).contains(&"--no-stream".to_owned()));
    assert_eq!(offered(&world, &["mmp", "-o", "json"]), ["json", "jsonl"]);
    assert_eq!(offered(&world, &["mmp", "--output", "=", "cs"]), ["csv"]);
    assert_eq!(offered(&world, &["mmp", "completions", "p"]), ["powershell"]);
    assert_eq!(offered(&world, &["mmp", "config", "get", "daemon.store.c"]), ["daemon.store.cache"]);
    // Names are the daemon's: there are none, nothing is said, and none is started.
    assert_eq!(offered(&world, &["mmp", "chat", "-m", "g"]), [""; 0]);
    assert!(!world.path().join("data").exists() && !world.socket().exists());
}

#[test]
fn names_come_from_the_daemon_that_runs() {
    let world = World::new();
    let fake = daemon(&world);
    assert_eq!(offered(&world, &["mmp", "chat", "-m", "g"]), ["gpt"]);
    assert_eq!(offered(&world, &["mmp", "chat", "--model", "op"]), ["openai/gpt"]);
    assert_eq!(offered(&world, &["mmp", "models", "show", "ollama/o"]), [""; 0], "one that is turned off is not offered");
    assert_eq!(offered(&world, &["mmp", "chat", "-C", "S"]), [r"Say\ hello."]);
    assert_eq!(offered(&world, &["mmp", "history", "show", r"Say\ h"]), [r"Say\ hello."]);
    assert_eq!(offered(&world, &["mmp", "history", "show", "it"]), [r#"it\'s\ \$\(reboot\)\ \"now\""#]);
    assert_eq!(offered(&world, &["mmp", "rerun", "00000a0"]).len(), 5, "the ends of ids");
    assert!(fake.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn a_name_with_a_colon_is_one_word() {
    let world = World::new();
    daemon(&world);
    assert_eq!(offered(&world, &["mmp", "chat", "-m", "ollama/qwen3", ":", "8"]), ["8b"]);
    assert_eq!(offered(&world, &["mmp", "chat", "-m", "ollama/qwen3", ":"]), ["8b", "14b"]);
}

#[test]
fn a_daemon_that_says_nonsense_costs_names_and_nothing_else() {
    let world = World::new();
    world.fake(|_, _| Reply::error(500, "internal", "it broke"));
    assert_eq!(offered(&world, &["mmp", "chat", "-m", ""]), [""; 0]);
    std::fs::write(world.path().join("config.toml"), "nonsense").expect("written");
    assert_eq!(offered(&world, &["mmp", "chat", "-m", ""]), [""; 0]);
    assert_eq!(offered(&world, &["mmp", "do"]), ["doctor"]);
}

#[test]
fn a_person_at_a_terminal_presses_tab() {
    let world = World::new();
    daemon(&world);
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "-i"]);
    command.env_clear();
    let bin = Path::new(env!("CARGO_BIN_EXE_mmp")).parent().expect("a folder");
    for (name, value) in [
        ("MMP_HOME", world.path().to_str().expect("text")),
        ("HOME", world.path().to_str().expect("text")),
        ("PATH", &format!("{}:/usr/bin:/bin", bin.display())),
        ("TERM", "xterm"),
        ("PS1", "> "),
        ("LC_ALL", "C.UTF-8"),
    ] {
        command.env(name, value);
    }
    let mut screen = Screen::of(command);
    let mut line = |typed: &str, shown: &str| {
        screen.send(typed);
        screen.wait(shown, |screen| screen.contents().contains(shown));
        screen.send("\u{15}");
    };
    line("source <(mmp completions bash); echo loaded\n", "\nloaded");
    line("mmp hist\tsho\t-\u{8}Say\t", r"mmp history show Say\ hello. ");
    line("mmp chat -C \"Say\t", "mmp chat -C \"Say hello.");
    line("mmp chat -C 世\t", "mmp chat -C 世界 ");
    line("mmp chat -m ollama/qwen3:8\t", "mmp chat -m ollama/qwen3:8b ");
    line("mmp chat -m gp\tx", "mmp chat -m gpt x");
}

/// The scripts of other shells are read by those shells, where they are there. Elvish alone reads nothing that belongs to its
/// editor where it has none.
#[test]
fn every_script_is_one_that_its_shell_can_read() {
    let world = World::new();
    for (shell, check) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"])] {
        let script = world.run(&["completions", shell]);
        assert_eq!((script.code, script.stderr.as_str()), (0, ""));
        assert!(script.stdout.contains("mmp"), "{shell}");
        let file = world.path().join(shell);
        std::fs::write(&file, &script.stdout).expect("written");
        match Command::new(shell).args(check).arg(&file).output() {
            Ok(read) => assert!(read.status.success(), "{shell}: {}", String::from_utf8_lossy(&read.stderr)),
            Err(_) => eprintln!("SKIPPED: there is no {shell} here to read its script"),
        }
    }
    assert!(world.run(&["completions", "elvish"]).stdout.contains("edit:completion:arg-completer[mmp]"));
    assert!(world.run(&["completions", "powershell"]).stdout.contains("Register-ArgumentCompleter"));
    assert_eq!(world.run(&["completions", "tcsh"]).code, 2);
}

/// What zsh and fish ask is answered with the words of the catalogues.
#[test]
fn what_is_offered_is_explained_in_the_language() {
    let world = World::new().with("LANG", "zh_CN.UTF-8").with("MMP_COMPLETE", "fish");
    daemon(&world);
    let doctor = world.run(&["--", "mmp", "doc"]);
    assert_eq!(doctor.stdout, "doctor\t找出哪里有问题以及如何解决\n");
    let show = world.run(&["--", "mmp", "history", "show", "世"]);
    assert_eq!(show.stdout, "世界\t00000a03 · 2026-01-02 03:04\n");
}

/// fish answers for a line without a terminal.
#[test]
fn fish_offers_what_it_is_told() {
    let world = World::new();
    daemon(&world);
    let script = r#"source ($MMP completions fish | psub); complete -C "mmp hist"; complete -C "mmp history show S"; complete -C "mmp chat -m op""#;
    let mut fish = world.command_of(Path::new("fish"), &["--no-config", "-c", script]);
    let Ok(output) = fish.env("MMP", env!("CARGO_BIN_EXE_mmp")).env("PATH", path_with_mmp()).output() else {
        eprintln!("SKIPPED: there is no fish here");
        return;
    };
    let ran = ran(output);
    let offered: Vec<_> = ran.stdout.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect();
    assert_eq!((offered.as_slice(), ran.stderr.as_str()), (&["history", "Say hello.", "openai/gpt"][..], ""));
}

/// A script calls `mmp` by its name.
fn path_with_mmp() -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_mmp")).parent().expect("a folder");
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default())
}
