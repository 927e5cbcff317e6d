//! Lists and single things, in every format.

use serde_json::{Value, json};

use crate::{
    fake::{RUN, Reply},
    world::World,
};

fn conversation(title: &str) -> Value {
    json!({
        "id": RUN, "title": title, "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
        "model": "gpt", "messages": 2,
    })
}

#[test]
fn a_list_has_every_format() {
    let world = World::new();
    world.fake(|_, _| Reply::json(&json!({ "items": [conversation("a, b"), conversation("世界")], "next_cursor": null })));
    let text = world.run(&["history", "list"]).stdout;
    assert_eq!(text.lines().nth(1), Some("3f9b1c2d  2026-01-02 03:04  2         gpt    a, b"), "{text}");
    let page: Value = serde_json::from_str(&world.run(&["history", "list", "--json"]).stdout).expect("a page");
    assert_eq!(page, json!({ "items": [conversation("a, b"), conversation("世界")], "next_cursor": null }));
    assert_eq!(world.run(&["history", "list", "-o", "jsonl"]).stdout.lines().count(), 2);
    let csv = world.run(&["history", "list", "-o", "csv"]).stdout;
    assert_eq!(csv.lines().next(), Some("id,updated_at,messages,model,title"));
    assert_eq!(csv.lines().nth(1), Some(format!("{RUN},2026-01-02T03:04:05Z,2,gpt,\"a, b\"").as_str()));
}

#[test]
fn a_long_list_is_paged_by_the_client() {
    let world = World::new();
    let fake = world.fake(|request, _| {
        let limit: usize = request
            .path
            .split("limit=")
            .nth(1)
            .and_then(|rest| rest.split('&').next())
            .expect("a limit")
            .parse()
            .expect("a number");
        Reply::json(&json!({ "items": vec![conversation("x"); limit], "next_cursor": "a b" }))
    });
    assert_eq!(world.run(&["history", "list", "--limit", "450", "-o", "jsonl"]).stdout.lines().count(), 450);
    let paths: Vec<_> = fake.requests().into_iter().map(|request| request.path).collect();
    let expected =
        ["limit=200", "limit=200&cursor=a%20b", "limit=50&cursor=a%20b"].map(|query| format!("/api/v1/conversations?{query}"));
    assert_eq!(paths, expected);
}

#[test]
fn a_reference_is_handed_on_as_it_is() {
    let world = World::new();
    let fake = world.fake(|_, _| Reply::error(404, "not_found", "nothing here"));
    assert_eq!(world.run(&["history", "show", "my talk/1"]).code, 1);
    assert_eq!(fake.requests()[0].path, "/api/v1/conversations/my%20talk%2F1");
    world.run(&["models", "show", "openrouter/x/y:z"]);
    assert_eq!(fake.requests()[1].path, "/api/v1/models/openrouter%2Fx%2Fy%3Az");
}

#[test]
fn whoami_is_four_fields() {
    let world = World::new();
    let me = json!({ "id": RUN, "username": "ada", "role": "admin", "via": "peer" });
    let answered = me.clone();
    world.fake(move |_, _| Reply::json(&answered));
    assert_eq!(serde_json::from_str::<Value>(&world.run(&["whoami", "--json"]).stdout).expect("JSON"), me);
    assert_eq!(world.run(&["whoami"]).stdout, "ada (admin), known by the socket\n");
}

#[test]
fn a_default_model_must_exist() {
    let world = World::new();
    let fake = world.fake(|request, _| match request.path.as_str() {
        "/api/v1/models/gtp" => Reply::error(404, "model_not_found", "no such model"),
        "/api/v1/users/me/settings" => Reply::json(&json!({ "model": "gpt" })),
        _ => Reply::json(&model()),
    });
    assert_eq!(world.run(&["models", "default", "gtp"]).code, 4);
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(world.run(&["models", "default", "gpt"]).stdout, "gpt\n");
    assert_eq!(fake.requests()[2].json(), json!({ "model": "gpt" }));
}

fn model() -> Value {
    json!({
        "name": "openai/gpt", "provider": "openai", "upstream_id": "gpt", "aliases": [], "context_window": null,
        "max_output": null, "price": null, "available": true, "default": false,
    })
}

#[test]
fn settings_are_kept_in_the_file() {
    let world = World::new();
    assert_eq!(world.run(&["config", "get", "model"]).code, 1);
    assert_eq!(world.run(&["config", "set", "model", "gpt"]).code, 0);
    assert_eq!(world.run(&["config", "get", "model"]).stdout, "gpt\n");
    let json = world.run(&["config", "get", "model", "--json"]).stdout;
    assert_eq!(json, "{\"key\":\"model\",\"value\":\"gpt\",\"origin\":\"file\"}\n");
    assert_eq!(world.run(&["config", "set", "color", "red"]).code, 2);
    assert_eq!(world.run(&["config", "unset", "model"]).code, 0);
    assert_eq!(std::fs::read_to_string(world.path().join("config.toml")).expect("a file"), "");
}
