//! Keys as users give them: what stands around one is left out and said, what stands inside is refused; and a sealed key
//! that is refused while the environment holds another.

use serde_json::json;

use crate::support::{
    Home, code, http, json_error, stderr,
    upstream::{Upstream, server::answer},
};

const KEY: &str = "sk-keys-0123456789-abcdef";
const OTHER: &str = "sk-other-0123456789-abcdef";
const JSON: &str = "application/json";
const SAID: &str = "white space around the key for `openai` was left out";

/// A server that takes this key alone.
fn server() -> Upstream {
    Upstream::start(|request| {
        let is_known = request.head.to_lowercase().contains(&format!("authorization: bearer {KEY}\r"))
            || request.head.to_lowercase().ends_with(&format!("authorization: bearer {KEY}"));
        match is_known {
            true if request.head.starts_with("GET") => {
                answer(200, JSON, &[], br#"{"object":"list","data":[{"id":"m","object":"model"}]}"#, &[])
            }
            true => answer(200, JSON, &[], br#"{"choices":[{"message":{"content":"good"},"finish_reason":"stop"}]}"#, &[]),
            false => answer(401, JSON, &[], br#"{"error":{"message":"no such key"}}"#, &[]),
        }
    })
}

fn home(upstream: &Upstream) -> Home {
    let home = Home::new().with("MMPD_ROUTING_ATTEMPTS", "1");
    home.text(&["providers", "set", "openai", "--base-url", &upstream.url()]);
    home
}

#[track_caller]
fn works(home: &Home) {
    assert_eq!(home.json(&["providers", "test", "openai", "-o", "json"])["models"], json!(["m"]));
}

#[test]
fn white_space_around_a_key_is_left_out_and_said_whichever_way_it_comes() {
    let upstream = server();
    for around in [format!("{KEY}\n"), format!(" {KEY}"), format!("{KEY}\r\n"), format!("\t{KEY}  \n")] {
        let home = home(&upstream);
        let by_input = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], around.as_bytes());
        let mut by_variable = home.mmp(&["providers", "set", "openai", "--api-key-env", "MINE"]);
        let mut by_import = home.mmp(&["providers", "import-env"]);
        let by_variable = by_variable.env("MINE", &around).output().expect("mmp starts");
        works(&home);
        home.text(&["providers", "unset", "openai", "--api-key"]);
        let by_import = by_import.env("OPENAI_API_KEY", &around).output().expect("mmp starts");
        works(&home);
        for output in [by_input, by_variable, by_import] {
            assert_eq!(code(&output), 0, "{}", stderr(&output));
            assert!(stderr(&output).contains(&format!("note: {SAID}\n")), "{around:?}: {}", stderr(&output));
            assert!(!stderr(&output).contains(KEY), "{}", stderr(&output));
        }
    }
}

#[test]
fn a_key_that_stands_alone_needs_no_word() {
    let upstream = server();
    let home = home(&upstream);
    let output = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], KEY.as_bytes());
    assert!(!stderr(&output).contains("white space"), "{}", stderr(&output));
    let quiet = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin", "-q"], format!(" {KEY}").as_bytes());
    assert_eq!((code(&quiet), stderr(&quiet).as_str()), (0, ""));
    let chinese = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin", "--lang", "zh-CN"], b" sk-x\n");
    assert!(stderr(&chinese).contains("`openai` 的密钥前后的空白已去掉"), "{}", stderr(&chinese));
}

#[test]
fn a_chat_says_so_too() {
    let upstream = server();
    let home = Home::new().with("OPENAI_API_KEY", format!("{KEY}\n"));
    home.text(&["daemon", "start"]);
    let body = json!({"content": "hi", "models": ["openai/m"], "keys": {"openai": {"api_key": format!("{KEY}\n")}}});
    home.text(&["providers", "set", "openai", "--base-url", &upstream.url()]);
    let (status, said) = http::json(&home.socket(), "POST", "/api/v1/chat", &body);
    assert_eq!((status, &said["text"]), (200, &json!("good")), "{said}");
    let codes: Vec<_> = said["notices"].as_array().expect("notices").iter().map(|notice| notice["code"].clone()).collect();
    assert_eq!(codes, ["master_key_made", "key_trimmed", "env_key_sealed"]);
}

#[test]
fn what_stands_inside_a_key_is_refused_and_not_shown() {
    let home = Home::new();
    for bad in ["sk-two words", "sk-two\nlines", "sk-tab\tkey", "sk-\u{7f}bell", "sk-schlüssel", "sk-\u{200b}zero", "“sk-quoted”"]
    {
        let by_input = home.run_with_input(&["providers", "set", "openai", "--api-key-stdin", "-o", "json"], bad.as_bytes());
        let mut by_variable = home.mmp(&["providers", "set", "openai", "--api-key-env", "MINE", "-o", "json"]);
        let mut by_import = home.mmp(&["providers", "import-env", "-o", "json"]);
        let by_variable = by_variable.env("MINE", bad).output().expect("mmp starts");
        let by_import = by_import.env("OPENAI_API_KEY", bad).output().expect("mmp starts");
        for output in [by_input, by_variable, by_import] {
            let error = json_error(&output);
            assert_eq!((code(&output), &error["code"]), (2, &json!("bad_request")), "{bad:?}: {error}");
            assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("copy it again")), "{error}");
            assert!(!error.to_string().contains("sk-"), "{error}");
        }
    }
    assert_eq!(home.json(&["providers", "show", "openai", "-o", "json"])["key"], "missing");
}

#[test]
fn a_bad_key_in_the_environment_keeps_no_other_from_being_sealed() {
    let home = Home::new().with("DEEPSEEK_API_KEY", "two words").with("OPENAI_API_KEY", KEY);
    let output = home.run(&["providers", "import-env"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let words = stderr(&output);
    assert!(words.contains("error: the key for `deepseek`") && words.contains("the key of `openai` is sealed"), "{words}");
    assert_eq!(home.json(&["providers", "show", "openai", "-o", "json"])["key"], "sealed");
}

#[test]
fn a_refused_key_is_told_of_the_other_one_in_the_environment() {
    let upstream = server();
    let home = home(&upstream);
    home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], OTHER.as_bytes());
    let hint = "the key that was refused is the sealed one, and `OPENAI_API_KEY` holds another: `mmp providers import-env`";
    let commands: [&[&str]; 4] = [
        &["chat", "--json", "-m", "openai/m", "hi"],
        &["providers", "test", "openai", "-o", "json"],
        &["models", "test", "openai/m", "-o", "json"],
        &["models", "refresh", "openai", "-o", "json"],
    ];
    let hint_of = |arguments: &[&str], key: Option<&str>| {
        let mut command = home.mmp(arguments);
        let output = command.envs(key.map(|key| ("OPENAI_API_KEY", key))).output().expect("mmp starts");
        let error = json_error(&output);
        assert_eq!((code(&output), &error["code"]), (4, &json!("provider_auth")), "{error}");
        assert!(!error.to_string().contains("sk-"), "{error}");
        error["hint"].as_str().expect("a hint").to_owned()
    };
    for arguments in commands {
        assert!(hint_of(arguments, Some(KEY)).contains(hint), "{}", hint_of(arguments, Some(KEY)));
        for same in [OTHER.to_owned(), format!("{OTHER}\n")] {
            assert!(hint_of(arguments, Some(&same)).contains("sets another key"), "it is the same one");
        }
        assert!(hint_of(arguments, None).contains("sets another key"), "there is no other");
    }
    std::fs::write(home.path().join("config.toml"), "import_env = false\n").expect("written");
    assert!(hint_of(commands[0], Some(KEY)).contains("sets another key"), "the environment's keys are not used");
    std::fs::remove_file(home.path().join("config.toml")).expect("it was there");
    // As the hint says.
    let output = home.mmp(&["providers", "import-env"]).env("OPENAI_API_KEY", KEY).output().expect("mmp starts");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    works(&home);
}

#[test]
fn the_environments_key_is_compared_and_not_sent() {
    let home = Home::new().with("MMPD_LOG_LEVEL", "trace");
    home.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], OTHER.as_bytes());
    let key = |text: &str| mmp_shared::chat::ProviderKey { api_key: Some(text.to_owned()), secret_key: None };
    let ask = |provider: &str, text: &str| {
        let mark = serde_json::to_value(mmp_shared::key_mark::KeyMark::new(&key(text))).expect("JSON");
        assert!(!mark.to_string().contains(text), "{mark}");
        http::json(&home.socket(), "POST", &format!("/api/v1/providers/{provider}/compare-key"), &mark)
    };
    assert_eq!(ask("openai", OTHER), (200, json!({"same": true})));
    assert_eq!(ask("openai", KEY), (200, json!({"same": false})));
    assert_eq!(ask("deepseek", KEY), (200, json!({"same": null})));
    assert_eq!(ask("nobody", KEY).0, 404);
}
