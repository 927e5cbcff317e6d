//! A key of the environment leaves the client only when the daemon asks for it.

use serde_json::json;

use crate::{
    fake::{Reply, answer},
    world::World,
};

fn no_key() -> Reply {
    Reply::problem(409, &json!({ "code": "no_key", "message": "no key", "retryable": false, "provider": "openai" }))
}

#[test]
fn the_names_go_first_and_the_key_when_it_is_asked_for() {
    let world = World::new().with("OPENAI_API_KEY", "sk-secret");
    let fake = world.fake(|_, before| if before == 0 { no_key() } else { answer(&["x"]) });
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "x\n"));
    let requests = fake.requests();
    assert_eq!(requests[0].json(), json!({ "content": "hi", "env_keys": ["openai"] }));
    assert_eq!(requests[1].json()["keys"], json!({ "openai": { "api_key": "sk-secret" } }));
}

#[test]
fn a_key_is_sent_once_only() {
    let world = World::new().with("OPENAI_API_KEY", "sk-secret");
    let fake = world.fake(|_, _| no_key());
    assert_eq!(world.run(&["chat", "hi"]).code, 3);
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn nothing_is_said_of_keys_where_that_is_turned_off() {
    let world = World::new().with("OPENAI_API_KEY", "sk-secret");
    std::fs::write(world.path().join("config.toml"), "import_env = false\n").expect("written");
    let fake = world.fake(|_, _| no_key());
    assert_eq!(world.run(&["chat", "hi"]).code, 3);
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(fake.requests()[0].json(), json!({ "content": "hi" }));
}

#[test]
fn import_seals_every_key() {
    let world = World::new().with("OPENAI_API_KEY", "sk-secret");
    let fake = world.fake(|_, _| Reply::json(&json!({ "provider": provider(), "notices": [] })));
    let ran = world.run(&["providers", "import-env"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert!(fake.requests()[0].is("PUT", "/providers/openai"));
    assert_eq!(fake.requests()[0].json(), json!({ "mode": "set", "key": { "api_key": "sk-secret" } }));
}

#[test]
fn a_key_comes_from_standard_input_or_a_variable() {
    let world = World::new().with("MY_KEY", "sk-mine");
    let fake = world.fake(|_, _| Reply::json(&json!({ "provider": provider(), "notices": [] })));
    world.run_with_input(&["providers", "set", "openai", "--api-key-stdin"], b"sk-piped\n");
    assert_eq!(fake.requests()[0].json()["key"], json!({ "api_key": "sk-piped\n" }));
    world.run(&["providers", "add", "mine", "--kind", "openai", "--base-url", "http://x/v1", "--api-key-env", "MY_KEY"]);
    let expected = json!({ "mode": "add", "kind": "openai", "base_url": "http://x/v1", "key": { "api_key": "sk-mine" } });
    assert_eq!(fake.requests()[1].json(), expected);
    world.run(&["providers", "unset", "openai"]);
    assert_eq!(fake.requests()[2].json(), json!({ "mode": "set", "unset": ["api_key", "base_url"] }));
    assert_eq!(world.run(&["providers", "set", "openai"]).code, 2, "without a terminal nobody is asked");
    assert_eq!(world.run(&["providers", "set", "openai", "--api-key-env", "UNSET"]).code, 2);
}

fn provider() -> serde_json::Value {
    json!({ "name": "openai", "kind": "openai", "base_url": null, "origin": "built_in", "key": "sealed", "env": ["OPENAI_API_KEY"], "default_model": null })
}
