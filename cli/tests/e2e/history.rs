//! Conversations as their owner handles them: listed, narrowed, renamed, branched, picked and deleted.

use serde_json::{Value, json};

use crate::support::{Home, code, http, json_error, stderr, stdout};

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().map(|item| item["title"].as_str().expect("a title")).collect()
}

fn texts(shown: &Value) -> Vec<String> {
    let messages = shown["messages"].as_array().expect("messages");
    messages
        .iter()
        .filter(|message| message["role"] == "user")
        .map(|message| message["text"].as_str().expect("text").into())
        .collect()
}

#[test]
fn lists_are_narrowed_and_shelves_keep_apart() {
    let home = Home::new();
    for prompt in ["first soup", "second", "third Soup"] {
        home.text(&["chat", prompt]);
    }
    let list = |arguments: &[&str]| home.json(&[&["history", "list", "--json"], arguments].concat());
    assert_eq!(titles(&list(&[])), ["third Soup", "second", "first soup"]);
    assert_eq!(titles(&list(&["--title", "SOUP"])), ["third Soup", "first soup"]);
    assert_eq!(titles(&list(&["--model", "demo"])).len(), 3);
    assert_eq!(titles(&list(&["--model", "gpt"])), [""; 0]);
    assert_eq!(titles(&list(&["--after", "2020-01-01"])).len(), 3);
    assert_eq!(titles(&list(&["--before", "2020-01-01"])), [""; 0]);
    home.text(&["history", "pin", "second"]);
    home.text(&["history", "archive", "third soup"]);
    assert_eq!(titles(&list(&[])), ["second", "first soup"], "archived ones stand in a list of their own");
    assert_eq!(titles(&list(&["--pinned"])), ["second"]);
    assert_eq!(titles(&list(&["--archived"])), ["third Soup"]);
    assert_eq!(list(&["--pinned"])["items"][0]["pinned"], true);
    let plain = list(&["--title", "first"])["items"][0].as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(plain, ["created_at", "id", "messages", "model", "title", "updated_at"], "what is not so is left out");
    let last = home.json(&["chat", "--json", "-c", "more"]);
    assert_eq!(last["conversation_id"], list(&["--title", "second"])["items"][0]["id"], "what was put away is not gone on with");
    home.text(&["history", "unpin", "second"]);
    home.text(&["history", "unarchive", "third soup"]);
    assert_eq!((titles(&list(&["--pinned"])).len(), titles(&list(&["--archived"])).len(), titles(&list(&[])).len()), (0, 0, 3));
}

#[test]
fn a_cursor_goes_on_in_its_own_list_alone() {
    let home = Home::new();
    for prompt in ["a", "b", "c"] {
        home.text(&["chat", prompt]);
    }
    let first = home.json(&["history", "list", "--limit", "1", "--json"]);
    let cursor = first["next_cursor"].as_str().expect("there is more");
    assert_eq!(titles(&home.json(&["history", "list", "--cursor", cursor, "--json"])), ["b", "a"]);
    for other in [&["history", "list", "--model", "demo"][..], &["history", "list", "--archived"], &["runs", "list"]] {
        let refused = home.run(&[other, &["--cursor", cursor, "--json"]].concat());
        assert_eq!((code(&refused), json_error(&refused)["code"].clone()), (2, json!("bad_request")), "{other:?}");
    }
}

#[test]
fn a_title_is_changed_and_found_and_a_bad_one_refused() {
    let home = Home::new();
    home.text(&["chat", "hello"]);
    assert!(stderr(&home.run(&["history", "rename", "hello", " my\ttalk "])).contains("my talk"));
    assert_eq!(home.json(&["history", "show", "MY TALK", "--json"])["conversation"]["title"], "my talk");
    for title in ["", "  ", &"x".repeat(201)] {
        let refused = home.run(&["history", "rename", "my talk", title, "--json"]);
        assert_eq!(code(&refused), 2, "{title}");
        assert!(json_error(&refused)["message"].as_str().is_some_and(|words| words.contains("title")));
    }
    assert_eq!(code(&home.run(&["history", "rename", "nothing", "x"])), 1);
}

#[test]
fn any_message_can_be_branched_from_and_any_branch_picked() {
    let home = Home::new();
    let first = home.json(&["chat", "--json", "one"]);
    home.text(&["chat", "-c", "two"]);
    let answer = first["message_id"].as_str().expect("an id").to_owned();
    home.text(&["history", "branch", &answer[answer.len() - 8..]]);
    assert_eq!(texts(&home.json(&["history", "show", "--json"])), ["one"]);
    home.text(&["chat", "-c", "three"]);
    assert_eq!(texts(&home.json(&["history", "show", "--json"])), ["one", "three"], "what is shown is the current branch");
    let tree = home.json(&["history", "show", "--tree", "--json"]);
    assert_eq!(texts(&tree), ["one", "two", "three"], "nothing was overwritten");
    let messages = tree["messages"].as_array().expect("messages");
    assert_eq!(messages.iter().filter(|message| message["parent_id"] == answer.as_str()).count(), 2, "siblings");
    assert!(
        messages.iter().filter(|message| message["role"] == "assistant").all(|message| message["timing"]["total_ms"].is_u64())
    );
    let drawn = home.text(&["history", "show", "--tree"]);
    assert_eq!(drawn.lines().filter(|line| line.starts_with('*')).count(), 4, "{drawn}");
    let two = messages.iter().find(|message| message["text"] == "two").expect("it is kept")["id"].as_str().expect("an id");
    home.text(&["history", "pick", two]);
    let shown = home.json(&["history", "show", "--json"]);
    assert_eq!(texts(&shown), ["one", "two"]);
    assert_eq!(shown["messages"].as_array().map(Vec::len), Some(4), "to the end of the branch");
    let begun = home.json(&["history", "branch", "--new", &answer, "--json"]);
    assert_eq!(begun["messages"], 2);
    assert_ne!(begun["id"], first["conversation_id"]);
    let unknown = home.run(&["history", "pick", "00000000", "-C", "one", "--json"]);
    assert_eq!(json_error(&unknown)["code"], "bad_request", "two are called so: the copy has the same title");
    let conversation = first["conversation_id"].as_str().expect("an id");
    let unknown = home.run(&["history", "pick", "00000000", "-C", conversation, "--json"]);
    assert_eq!(json_error(&unknown)["code"], "not_found");
}

#[test]
fn asking_again_and_editing_make_siblings() {
    let home = Home::new();
    let first = home.json(&["chat", "--json", "one"]);
    let second = home.json(&["chat", "--json", "-c", "two"]);
    let edited = json!({"content": "two, edited", "conversation_id": first["conversation_id"], "parent_id": first["message_id"]});
    let (status, answer) = http::json(&home.socket(), "POST", "/api/v1/chat", &edited);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(texts(&home.json(&["history", "show", "--json"])), ["one", "two, edited"]);
    assert_eq!(texts(&home.json(&["history", "show", "--tree", "--json"])), ["one", "two", "two, edited"]);
    let stranger = home.json(&["chat", "--json", "another talk"]);
    let wrong = json!({"content": "x", "conversation_id": stranger["conversation_id"], "parent_id": second["message_id"]});
    assert_eq!(http::json(&home.socket(), "POST", "/api/v1/chat", &wrong).0, 404, "a message of another conversation");
}

#[test]
fn a_deletion_is_asked_for_and_leaves_nothing_to_find() {
    let home = Home::new();
    let kept = home.json(&["chat", "--json", "to be kept"]);
    let gone = home.json(&["chat", "--json", "to be gone"]);
    let id = gone["conversation_id"].as_str().expect("an id");
    let run = gone["run_id"].as_str().expect("an id");
    let unasked = home.run(&["history", "delete", id, "--json"]);
    assert_eq!((code(&unasked), json_error(&unasked)["code"].clone()), (2, json!("bad_request")), "nobody could be asked");
    assert_eq!(code(&home.run(&["history", "delete", id, "no such thing", "--yes"])), 1);
    assert_eq!(
        home.json(&["history", "list", "--json"])["items"].as_array().map(Vec::len),
        Some(2),
        "one wrong name, and nothing is gone"
    );
    assert_eq!(home.json(&["history", "delete", id, "--yes", "--json"]), json!({"deleted": 1}));
    assert_eq!(titles(&home.json(&["history", "list", "--json"])), ["to be kept"]);
    for arguments in
        [&["history", "show", id][..], &["history", "export", id], &["history", "delete", id, "--yes"], &["runs", "show", run]]
    {
        let output = home.run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (1, ""), "{arguments:?}");
    }
    assert!(!home.text(&["history", "export", "--all", "--format", "jsonl"]).contains("to be gone"));
    assert_eq!(home.json(&["runs", "list", "--json"])["items"].as_array().map(Vec::len), Some(1));
    let path = format!("/api/v1/runs/{run}/events");
    assert_eq!(http::request(&home.socket(), "GET", &path, &[], &[]).status, 404);
    home.kill_daemon();
    assert_eq!(titles(&home.json(&["history", "list", "--json"])), ["to be kept"], "after a crash too");
    home.text(&["history", "archive", kept["conversation_id"].as_str().expect("an id")]);
    home.text(&["chat", "one more"]);
    let all = home.run(&["history", "delete", "--all", "--yes"]);
    assert!(stderr(&all).contains("2 conversations are deleted"), "{}", stderr(&all));
    assert_eq!(titles(&home.json(&["history", "list", "--archived", "--json"])), [""; 0]);
    assert_eq!(home.json(&["history", "delete", "--all", "--yes", "--json"]), json!({"deleted": 0}));
}

#[test]
fn the_routes_of_conversations_answer_as_they_should() {
    let home = Home::new();
    let first = home.json(&["chat", "--json", "one"]);
    let id = first["conversation_id"].as_str().expect("an id");
    let ask =
        |method, path: &str, body: Value| http::json(&home.socket(), method, &format!("/api/v1/conversations{path}"), &body);
    let (status, begun) = ask("POST", "", json!({"title": "empty", "system": "be brief"}));
    assert_eq!((status, &begun["messages"]), (201, &json!(0)));
    assert_eq!(ask("POST", "", json!({})).0, 400, "a title is wanted");
    assert_eq!(ask("POST", "", json!({"titel": "x"})).0, 400, "an unknown field is named");
    let (status, said) = ask("POST", &format!("/{}/messages", begun["id"].as_str().expect("an id")), json!({"content": "hi"}));
    assert_eq!((status, &said["conversation_id"]), (200, &begun["id"]));
    let (status, messages) = ask("GET", &format!("/{id}/messages"), Value::Null);
    assert_eq!((status, messages["items"].as_array().map(Vec::len)), (200, Some(2)));
    assert_eq!(
        ask("PATCH", &format!("/{id}"), json!({"leaf_id": said["message_id"]})).0,
        404,
        "a message of another conversation"
    );
    let both = json!({"leaf_id": first["message_id"], "pick": first["message_id"]});
    assert_eq!(ask("PATCH", &format!("/{id}"), both).0, 400);
    assert_eq!(ask("PATCH", &format!("/{id}"), json!({"pinned": true})).1["pinned"], true);
    assert_eq!(ask("GET", "?after=yesterday", Value::Null).0, 400);
    for format in ["md", "html", "json", "jsonl"] {
        let answer =
            http::request(&home.socket(), "GET", &format!("/api/v1/conversations/{id}/export?format={format}"), &[], &[]);
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains("one"), "{format}");
    }
    assert_eq!(ask("GET", &format!("/{id}/export?format=pdf"), Value::Null).0, 400);
    assert_eq!(ask("DELETE", &format!("/{id}"), Value::Null).0, 204);
    assert_eq!(ask("DELETE", &format!("/{id}"), Value::Null).0, 404);
    assert_eq!(ask("DELETE", "", Value::Null), (200, json!({"deleted": 1})));
}
