//! Mistakes of the command line and of what is piped in: a clear error, exit code 2, and no request.

use crate::world::World;

fn refused(arguments: &[&str], input: &[u8], named: &str) {
    let world = World::new();
    let fake = world.fake(|_, _| unreachable!("nothing is asked"));
    let ran = world.run_with_input(arguments, input);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(named), "{arguments:?}: {}", ran.stderr);
    let mut with_json = arguments.to_vec();
    with_json.insert(0, "--json");
    assert_eq!(world.run_with_input(&with_json, input).error()["code"], "bad_request");
    assert!(fake.requests().is_empty());
}

#[test]
fn an_empty_prompt_is_refused() {
    refused(&["chat"], b"", "prompt");
    refused(&["chat", "  "], b"\n", "prompt");
}

#[test]
fn invalid_utf_8_is_refused_with_its_place() {
    refused(&["chat", "x"], b"abc\xff", "byte 3");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    refused(&["chat", "x", "-f", "/no/such/file"], b"", "/no/such/file");
    refused(&["chat", "x", "-f", "/proc/self/mem"], b"", "`/proc/self/mem`");
}

#[test]
fn slips_of_the_command_line_find_what_was_meant() {
    refused(&["chat", "x", "--no-sav"], b"", "--no-save");
    refused(&["chta", "x"], b"", "chat");
    refused(&["chat", "x", "--think", "hard"], b"", "medium");
    refused(&["chat", "x", "--temperature", "warm"], b"", "warm");
    refused(&["chat", "x", "--timeout", "soon"], b"", "soon");
    refused(&["chat", "x", "-p", "novalue"], b"", "novalue");
    refused(&["chat", "x", "-c", "-C", "title"], b"", "--conversation");
    refused(&["history", "list", "--limit", "0"], b"", "--limit");
}

#[test]
fn a_file_of_settings_with_a_mistake_names_its_line() {
    let world = World::new();
    std::fs::write(world.path().join("config.toml"), "lang = \"en\"\nimport_env = 3\n").expect("written");
    let ran = world.run(&["chat", "x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("line 2") && ran.stderr.contains("`import_env`"), "{}", ran.stderr);
    assert_eq!(world.run(&["config", "path"]).code, 0, "what helps to mend it works");
    assert_eq!(world.run(&["config", "unset", "import_env"]).code, 0);
    assert_eq!(world.run(&["config", "list"]).code, 0);
}

#[test]
fn a_prompt_of_ten_megabytes_reaches_the_daemon() {
    let world = World::new();
    let fake = world.fake(|_, _| crate::fake::Reply::error(413, "too_large", "the prompt is too large"));
    let ran = world.run_with_input(&["chat"], &vec![b'a'; 10 << 20]);
    assert_eq!((ran.code, ran.stderr.as_str()), (2, "error: the prompt is too large\n"));
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn a_socket_path_that_is_too_long_names_the_limit() {
    let world = World::new();
    let home = world.path().join("x".repeat(120));
    let ran = world.with("MMP_HOME", home.to_str().expect("text")).run(&["chat", "x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("107") && ran.stderr.contains("MMP_HOME"), "{}", ran.stderr);
}
