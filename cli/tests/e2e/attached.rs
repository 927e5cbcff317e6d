//! Images and files that go along with a prompt, the whole way: what a provider is really sent, what is kept, what is
//! refused and in which words.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    Home, code, json_error, stderr,
    upstream::{
        Upstream,
        server::{Step, answer, chunk, head},
    },
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";
const PNG_URL: &str = "data:image/png;base64,iVBORw0KGgphbmQgc28gb24=";

/// A provider that answers, as one that can see, one that cannot, and one of which nothing is known.
fn home() -> (Upstream, Home) {
    let reply = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}]});
    let upstream = Upstream::repeating(answer(200, "application/json", &[], reply.to_string().as_bytes(), &[]));
    let home = upstream.add_to(Home::new());
    for provider in ["openai", "deepseek"] {
        home.text(&["providers", "set", provider, "--base-url", &upstream.url()]);
    }
    (upstream, home)
}

fn asked(upstream: &Upstream) -> Value {
    serde_json::from_slice(&upstream.requests().last().expect("a request").body).expect("JSON")
}

fn file(home: &Home, name: &str, bytes: &[u8]) -> String {
    let path = home.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).and_then(|()| fs::write(&path, bytes)).expect("written");
    path.to_str().expect("a path").to_owned()
}

/// A server that gives this for every request.
fn serving(status: u16, content_type: &str, body: &[u8]) -> Upstream {
    Upstream::repeating(answer(status, content_type, &[], body, &[]))
}

#[test]
fn an_image_goes_on_the_wire_is_kept_and_comes_back_exactly() {
    let (upstream, home) = home();
    let path = file(&home, "cat.png", PNG);
    home.text(&["chat", "-m", "openai/gpt-5.4-mini", "what is it?", "-a", &path]);
    let image = json!({"type": "image_url", "image_url": {"url": PNG_URL}});
    let expected = json!([{"role": "user", "content": [{"type": "text", "text": "what is it?"}, image]}]);
    assert_eq!(asked(&upstream)["messages"], expected);
    home.text(&["chat", "-c", "sure?"]);
    assert_eq!(asked(&upstream)["messages"][0], expected[0], "it is told again");
    let shown = home.json(&["history", "show", "--json"]);
    assert_eq!(shown["messages"][0]["images"], json!([{"media_type": "image/png", "name": "cat.png", "bytes": PNG.len()}]));
    assert_eq!(shown["messages"][0]["text"], "what is it?");
    assert!(home.text(&["history", "show"]).contains("[image: cat.png, image/png, 1 KiB]"));
    let exported = home.text(&["history", "export", "--format", "json"]);
    assert!(home.text(&["history", "export", "--format", "md"]).contains("what is it?\n\n[image: cat.png]\n"));
    let page = home.text(&["history", "export", "--format", "html"]);
    assert!(page.contains(&format!("<img src=\"{PNG_URL}\" alt=\"[image: cat.png]\">")) && page.contains("img-src data:"));
    let other = Home::new();
    other.text(&["history", "import", &file(&other, "one.json", exported.as_bytes())]);
    assert_eq!(other.text(&["history", "export", "--format", "json"]), exported);
}

#[test]
fn an_image_comes_from_a_url_and_from_standard_input_and_may_stand_alone() {
    let (upstream, home) = home();
    let web = serving(200, "application/octet-stream", PNG);
    home.text(&["chat", "-m", "rec/any", "-a", &format!("{}/a/dog.png?x=1", web.root())]);
    let alone = json!([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": PNG_URL}}]}]);
    assert_eq!(asked(&upstream)["messages"], alone);
    assert_eq!(home.json(&["history", "list", "--json"])["items"][0]["title"], "dog.png");
    let output = home.run_with_input(&["chat", "-m", "rec/any", "-a", "-", "what?"], PNG);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(asked(&upstream)["messages"][0]["content"][1]["image_url"]["url"], PNG_URL);
}

#[test]
fn a_model_that_cannot_see_refuses_and_names_those_that_can() {
    let (upstream, home) = home();
    let path = file(&home, "cat.png", PNG);
    let error = json_error(&home.run(&["chat", "-m", "deepseek/deepseek-flash", "-a", &path, "what?", "--json"]));
    assert_eq!(error["code"], "unsupported", "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("`openai/gpt-5.4")), "{error}");
    assert!(upstream.requests().is_empty(), "nothing was asked");
    // Earlier images are no reason to refuse.
    home.text(&["chat", "-m", "openai/gpt-5.4-mini", "-a", &path, "what?"]);
    let answered = home.json(&["chat", "-c", "-m", "deepseek/deepseek-flash", "and now?", "--json"]);
    assert_eq!(answered["notices"][0]["code"], "images_left_out", "{answered}");
    assert_eq!(asked(&upstream)["messages"][0], json!({"role": "user", "content": "what?\n[image: cat.png]\n"}));
    // A fallback that cannot see is passed over.
    home.text(&["settings", "set", "fallback", "deepseek/deepseek-flash"]);
    let answered = home.json(&["chat", "-m", "openai/gpt-5.4-mini", "-a", &path, "what?", "--json"]);
    assert_eq!(answered["notices"][0]["code"], "fallback_skipped", "{answered}");
}

#[test]
fn the_api_of_a_pair_of_keys_has_no_place_for_images() {
    let home = Home::new().with("QIANFAN_AK", "a").with("QIANFAN_SK", "b");
    let path = file(&home, "cat.png", PNG);
    let error = json_error(&home.run(&["chat", "-m", "wenxin", "-a", &path, "what?", "--json"]));
    assert_eq!(error["code"], "unsupported", "{error}");
}

#[test]
fn what_is_no_image_or_too_large_is_refused_in_words() {
    let (_upstream, home) = home();
    let pdf = file(&home, "a.pdf", b"%PDF-1.7");
    let text = file(&home, "a.png", b"no image at all");
    let missing = home.path().join("none.png");
    for (arguments, expected, words) in [
        (&["-a", &pdf][..], "bad_request", "PDF"),
        (&["-a", &text], "bad_request", "PNG, JPEG, GIF, WebP"),
        (&["-a", missing.to_str().expect("a path")], "bad_request", "none.png"),
        (&["-a", "-", "-f", "-"], "bad_request", "--attach -"),
        (&["-a", "-", "--no-stdin"], "bad_request", "--no-stdin"),
    ] {
        let error = json_error(&home.run(&[&["chat", "x", "--json"], arguments].concat()));
        assert_eq!(error["code"], expected, "{arguments:?}: {error}");
        assert!(error.to_string().contains(words), "{arguments:?}: {error}");
    }
    let small = Home::new().with("MMPD_LIMITS_IMAGES", "16 B");
    let path = file(&small, "cat.png", PNG);
    let error = json_error(&small.run(&["chat", "x", "--json", "-a", &path]));
    assert_eq!(error["code"], "too_large", "{error}");
    assert!(error.to_string().contains("daemon.limits.images"), "{error}");
    let large = [PNG, &[7; 4 << 20]].concat();
    let path = file(&home, "large.png", &large);
    home.text(&["chat", "-m", "demo", "x", "-a", &path]);
    assert_eq!(home.json(&["history", "show", "--json"])["messages"][0]["images"][0]["bytes"], large.len());
}

#[test]
fn a_folder_goes_in_file_by_file_and_what_is_too_much_names_the_limit() {
    let (upstream, home) = home();
    for (name, bytes) in [
        ("src/b.rs", &b"```\n"[..]),
        ("src/a/deep.txt", b"\xc4\xe3\xba\xc3"),
        ("src/x.png", PNG),
        ("src/.env", b"secret"),
        ("src/out/o", b"built"),
        ("src/.gitignore", b"out\n"),
    ] {
        file(&home, name, bytes);
    }
    let output = home.mmp(&["chat", "-m", "rec/any", "-f", "src", "look"]).current_dir(home.path()).output().expect("mmp starts");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let expected = "look\n\nsrc/a/deep.txt:\n```\n你好\n```\n\nsrc/b.rs:\n````\n```\n````";
    assert_eq!(asked(&upstream)["messages"][0]["content"], expected);
    assert!(stderr(&output).contains("GB18030") && stderr(&output).contains("one file in `src`"), "{}", stderr(&output));
    for number in 0..501 {
        file(&home, &format!("many/{number}"), b"");
    }
    file(&home, "big/a", &vec![b'a'; 5 << 20]);
    file(&home, "hidden/.a", b"");
    let binary = file(&home, "a.bin", b"a\0b");
    let image = file(&home, "cat.png", PNG);
    let folder = |name: &str| home.path().join(name).to_str().expect("a path").to_owned();
    for (name, expected, words) in [
        (folder("many"), "too_large", "500"),
        (folder("big"), "too_large", "4 MiB"),
        (folder("hidden"), "bad_request", ".gitignore"),
        (folder("nothing"), "bad_request", "nothing"),
        (binary, "bad_request", "no text"),
        (image, "bad_request", "-a "),
    ] {
        let error = json_error(&home.run(&["chat", "x", "--json", "-f", &name]));
        assert_eq!(error["code"], expected, "{name}: {error}");
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
}

#[test]
fn a_page_is_read_as_markdown_in_its_own_encoding() {
    let (upstream, home) = home();
    let page = b"<html><head><title>T</title><meta charset=gbk></head><body><script>x()</script><h2>\xc4\xe3\xba\xc3</h2><p>a <b>b</b></p></body></html>";
    let web = serving(200, "text/html", page);
    let url = format!("{}/page", web.root());
    home.text(&["chat", "-m", "rec/any", "-f", &url, "sum up"]);
    let expected = format!("sum up\n\n{url}:\n```\n# T\n\n## 你好\n\na **b**\n```");
    assert_eq!(asked(&upstream)["messages"][0]["content"], expected);
    assert!(web.requests()[0].head.to_ascii_lowercase().contains("user-agent: mmp/"));
}

#[test]
fn a_url_that_gives_no_text_is_refused_in_words() {
    let (_upstream, home) = home();
    let gone = serving(404, "text/html", b"<p>not here</p>");
    let image = serving(200, "image/png", PNG);
    let endless = Upstream::start(|_| {
        vec![
            head(200, "text/plain", &[("transfer-encoding", "chunked")]),
            match chunk(vec![b'a'; 1 << 20]) {
                Step::Send(bytes) => Step::Repeat(bytes, 1 << 20),
                other => other,
            },
        ]
    });
    let turning = Upstream::start(|_| answer(302, "text/plain", &[("location", "/again")], b"", &[]));
    for (server, expected, words) in [
        (&gone, "bad_request", "HTTP 404"),
        (&image, "bad_request", "-a http"),
        (&endless, "too_large", "16 MiB"),
        (&turning, "bad_request", "redirect"),
    ] {
        let error = json_error(&home.run(&["chat", "x", "--json", "-f", &server.root()]));
        assert_eq!(error["code"], expected, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}
