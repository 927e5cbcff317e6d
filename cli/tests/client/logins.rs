//! Logging in and out, and what every request carries by it.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::Child,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};

use crate::{
    fake::{Fake, Piece, RUN, Reply, Request, answer, events, started, text},
    world::{Ran, World, ran},
};

const LOGIN: &str = "0198c5d2-7b1e-7c61-8f0a-000000000001";
const USER: &str = "0198c5d2-7b1e-7c61-8f0a-00000000000a";

fn tokens(access: &str, refresh: &str) -> Value {
    json!({
        "login_id": LOGIN, "access_token": access, "access_expires_at": "2026-01-02T03:04:05Z",
        "refresh_token": refresh, "refresh_expires_at": "2026-02-02T03:04:05Z",
    })
}

fn logged_in(access: &str, refresh: &str, last: Value, failures: u64) -> Value {
    let mut answer = tokens(access, refresh);
    answer["account"] = me("ann", "login");
    answer["last_login_at"] = last;
    answer["failures_since"] = failures.into();
    answer
}

fn me(name: &str, via: &str) -> Value {
    json!({
        "id": USER, "username": name, "role": "user", "via": via, "display_name": null, "has_password": true,
        "os_user": null, "created_at": "2026-01-01T00:00:00Z",
    })
}

fn unauthenticated() -> Reply {
    Reply::error(401, "unauthenticated", "this login is over, or never was")
}

fn bearer(request: &Request) -> Option<&str> {
    request.header("authorization")
}

/// A daemon where `ann` logs in with the tokens `jwt-1` and `refresh-1`, and one that says what `more` says.
fn daemon(world: &World, more: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Fake {
    world.fake(move |request, _| {
        if let Some(reply) = more(request) {
            return reply;
        }
        match request.path.as_str() {
            "/api/v1/auth/login" | "/api/v1/auth/register" => Reply::json(&logged_in("jwt-1", "refresh-1", Value::Null, 0)),
            "/api/v1/auth/logout" => Reply::json(&Value::Null),
            "/api/v1/users/me" if bearer(request).is_some() => Reply::json(&me("ann", "login")),
            "/api/v1/users/me" => Reply::json(&me("root", "peer")),
            _ => answer(&["x"]),
        }
    })
}

fn log_in(world: &World) -> Ran {
    let ran = world.run_with_input(&["login", "--username", "ann", "--password-stdin"], b"correct horse\n");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran
}

fn whoami(world: &World) -> String {
    world.run(&["whoami"]).stdout
}

fn list(world: &World) -> Value {
    let text = fs::read_to_string(world.path().join("state/logins.json")).expect("the list");
    serde_json::from_str(&text).expect("JSON")
}

fn token_file(world: &World) -> std::path::PathBuf {
    world.path().join(format!("state/logins/{LOGIN}.json"))
}

#[test]
fn a_login_is_kept_and_used_and_the_list_of_logins_holds_no_secret() {
    let world = World::new();
    let fake = daemon(&world, |_| None);
    assert_eq!(whoami(&world), "root (user), known by the socket\n");
    log_in(&world);
    assert_eq!(whoami(&world), "ann (user), known by a login\n");
    let requests = fake.requests();
    assert_eq!((bearer(&requests[0]), bearer(&requests[1])), (None, None), "a password needs no token");
    assert_eq!(requests[1].json()["password"], "correct horse");
    assert!(requests[1].json()["client"].as_str().is_some_and(|client| client.starts_with("mmp@")), "{:?}", requests[1].json());
    assert_eq!(bearer(&requests[2]), Some("Bearer jwt-1"));
    let host = format!("unix://{}", world.socket().display());
    assert_eq!(list(&world), json!({ "logins": [{ "host": host, "user": "ann", "login_id": LOGIN, "keeper": "file" }] }));
    let mode = |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&token_file(&world)), mode(&world.path().join("state"))), (0o600, 0o700));
}

#[test]
fn at_login_the_last_one_and_the_failures_since_are_told() {
    let world = World::new();
    daemon(&world, |request| {
        let answer = logged_in("jwt", "refresh", "2026-01-02T03:04:05Z".into(), 3);
        request.is("POST", "/auth/login").then(|| Reply::json(&answer))
    });
    let said = log_in(&world).stderr;
    assert!(said.contains("2026-01-02 03:04") && said.contains("failed attempts since then: 3"), "{said}");
    assert!(said.contains("logged in as `ann`") && said.contains(&token_file(&world).display().to_string()), "{said}");
    let ran = world.run_with_input(&["login", "--json", "--username", "ann", "--password-stdin"], b"pw");
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((&value["username"], &value["failures_since"]), (&json!("ann"), &json!(3)));
    assert!(!ran.stdout.contains("jwt") && !ran.stdout.contains("refresh"), "{}", ran.stdout);
}

#[test]
fn a_password_is_one_line_less_its_end() {
    for (input, password) in [(&b" a b \n"[..], " a b "), (b"pw", "pw"), (b"pw\r\nmore\n", "pw"), (b"\n", "")] {
        let world = World::new();
        let fake = daemon(&world, |_| None);
        world.run_with_input(&["login", "--username", "ann", "--password-stdin"], input);
        assert_eq!(fake.requests()[0].json()["password"], password);
    }
    let world = World::new();
    let fake = daemon(&world, |_| None);
    for (arguments, words) in [
        (&["login", "--username", "ann", "--password-stdin"][..], "the password is missing"),
        (&["login", "--username", "ann"], "the password is missing"),
        (&["login", "--password-stdin"], "the name is missing"),
        (&["register"], "the name is missing"),
    ] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains(words) && ran.stderr.contains("hint: "), "{arguments:?}: {}", ran.stderr);
    }
    assert_eq!(fake.requests().len(), 0);
}

#[test]
fn logging_out_ends_the_login_and_the_socket_counts_again() {
    let world = World::new();
    let fake = daemon(&world, |_| None);
    log_in(&world);
    let ran = world.run(&["logout"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    let ended = fake.requests().into_iter().find(|request| request.is("POST", "/auth/logout")).expect("it is told");
    assert_eq!(ended.json(), json!({ "refresh_token": "refresh-1" }));
    assert_eq!(list(&world), json!({ "logins": [] }));
    assert!(!token_file(&world).exists());
    assert_eq!(whoami(&world), "root (user), known by the socket\n");
    let again = world.run(&["logout"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("no login is kept"), "{}", again.stderr);
}

#[test]
fn a_logout_that_the_daemon_does_not_hear_of_is_told_and_forgets_all_the_same() {
    let world = World::new();
    daemon(&world, |request| {
        request.is("POST", "/auth/logout").then(|| Reply::error(500, "storage_failed", "the disk is broken"))
    });
    log_in(&world);
    let ran = world.run(&["logout"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("the disk is broken") && ran.stderr.contains("logins revoke 00000001"), "{}", ran.stderr);
    assert!(!token_file(&world).exists());
}

#[test]
fn a_token_of_the_environment_counts_before_the_login() {
    let world = World::new();
    let fake = daemon(&world, |_| None);
    log_in(&world);
    let with = |token: &str| ran(world.command(&["whoami"]).env("MMP_TOKEN", token).output().expect("it runs"));
    assert_eq!(with(" mmp_abc\n").code, 0);
    assert_eq!(bearer(&fake.requests()[1]), Some("Bearer mmp_abc"));
    let refused = with("mmp_abc def");
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("MMP_TOKEN") && !refused.stderr.contains("mmp_abc"), "{}", refused.stderr);
    assert_eq!(fake.requests().len(), 2, "nothing was sent");
}

#[test]
fn a_token_that_is_refused_is_not_replaced_by_another_way_in() {
    let world = World::new();
    let fake = daemon(&world, |request| (bearer(request) == Some("Bearer mmp_old")).then(unauthenticated));
    log_in(&world);
    let ran = ran(world.command(&["whoami"]).env("MMP_TOKEN", "mmp_old").output().expect("it runs"));
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert_eq!(fake.requests().len(), 2);
    assert!(token_file(&world).exists(), "the login is another matter");
}

/// `jwt-1` has run out; `refresh-1` gets `jwt-2`.
fn expired(refreshes: &'static AtomicU32) -> impl Fn(&Request) -> Option<Reply> + Send + Sync {
    move |request| match (request.path.as_str(), bearer(request)) {
        ("/api/v1/auth/refresh", None) if request.json()["refresh_token"] == "refresh-1" => {
            refreshes.fetch_add(1, Ordering::SeqCst);
            Some(Reply::json(&tokens("jwt-2", "refresh-2")))
        }
        (_, Some("Bearer jwt-1")) | ("/api/v1/auth/refresh", _) => Some(unauthenticated()),
        _ => None,
    }
}

#[test]
fn a_login_whose_token_has_run_out_is_refreshed_once_and_the_request_goes_on() {
    static REFRESHES: AtomicU32 = AtomicU32::new(0);
    let world = World::new();
    let fake = daemon(&world, expired(&REFRESHES));
    log_in(&world);
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "x\n"), "{}", ran.stderr);
    assert_eq!(world.run(&["chat", "hi"]).code, 0);
    assert_eq!(REFRESHES.load(Ordering::SeqCst), 1);
    assert_eq!(fake.requests().iter().filter(|request| bearer(request) == Some("Bearer jwt-2")).count(), 2);
    let kept: Value = serde_json::from_slice(&fs::read(token_file(&world)).expect("kept")).expect("JSON");
    assert_eq!(kept["refresh_token"], "refresh-2");
}

#[test]
fn two_hundred_clients_with_one_expired_login_all_go_on() {
    static REFRESHES: AtomicU32 = AtomicU32::new(0);
    let world = World::new();
    daemon(&world, expired(&REFRESHES));
    log_in(&world);
    let children: Vec<Child> = (0..200).map(|_| world.command(&["whoami"]).spawn().expect("the client runs")).collect();
    for child in children {
        let ran = ran(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "ann (user), known by a login\n"), "{}", ran.stderr);
    }
    assert_eq!(REFRESHES.load(Ordering::SeqCst), 1, "the others found what one had fetched");
}

#[test]
fn a_login_that_is_over_is_forgotten_and_said() {
    let world = World::new();
    daemon(&world, |request| {
        let is_over = request.path == "/api/v1/auth/refresh" || bearer(request).is_some();
        is_over.then(unauthenticated)
    });
    log_in(&world);
    let ran = world.run(&["whoami", "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert_eq!(ran.error()["code"], "unauthenticated");
    assert!(ran.stderr.contains("the login of `ann`") && ran.stderr.contains("`mmp login`"), "{}", ran.stderr);
    assert_eq!(list(&world), json!({ "logins": [] }));
    assert!(!token_file(&world).exists());
    assert_eq!(whoami(&world), "root (user), known by the socket\n");
}

#[test]
fn a_daemon_that_cannot_refresh_now_costs_no_login() {
    let world = World::new();
    daemon(&world, |request| match (request.path.as_str(), bearer(request)) {
        ("/api/v1/auth/refresh", _) => Some(Reply::error(429, "rate_limited", "too often")),
        (_, Some(_)) => Some(unauthenticated()),
        _ => None,
    });
    log_in(&world);
    assert_eq!(world.run(&["whoami"]).code, 5);
    assert!(token_file(&world).exists());
}

#[test]
fn an_answer_that_ends_because_the_login_was_revoked_says_so() {
    let world = World::new();
    daemon(&world, |request| match request.path.as_str() {
        "/api/v1/chat" => Some(Reply::stream(events(1, &[started(), text("Hel")]))),
        "/api/v1/auth/refresh" => Some(unauthenticated()),
        path if path.ends_with("/events") => Some(unauthenticated()),
        _ => None,
    });
    log_in(&world);
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (7, "Hel\n"));
    assert!(ran.stderr.contains("is over: it was revoked"), "{}", ran.stderr);
}

#[test]
fn a_stream_that_breaks_goes_on_with_the_refreshed_token() {
    static REFRESHES: AtomicU32 = AtomicU32::new(0);
    let world = World::new();
    let expired = expired(&REFRESHES);
    let fake = daemon(&world, move |request| match request.path.as_str() {
        "/api/v1/chat" => {
            let mut pieces = events(1, &[started(), text("Hel")]);
            pieces.push(Piece::Cut);
            Some(Reply::stream(pieces))
        }
        path if path.ends_with("/events") && bearer(request) == Some("Bearer jwt-2") => {
            Some(Reply::stream(events(3, &[text("lo"), crate::fake::done()])))
        }
        _ => expired(request),
    });
    log_in(&world);
    let ran = world.run(&["chat", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Hello\n"), "{}", ran.stderr);
    let last = fake.requests().pop().expect("a request");
    assert!(last.is("GET", &format!("/runs/{RUN}/events")));
    assert_eq!((bearer(&last), last.header("last-event-id")), (Some("Bearer jwt-2"), Some("2")));
}

#[test]
fn another_login_takes_the_place_of_the_one_before_which_ends() {
    static LOGINS: AtomicU32 = AtomicU32::new(0);
    let world = World::new();
    let fake = daemon(&world, |request| {
        request.is("POST", "/auth/login").then(|| {
            let number = LOGINS.fetch_add(1, Ordering::SeqCst);
            Reply::json(&logged_in(&format!("jwt-{number}"), &format!("refresh-{number}"), Value::Null, 0))
        })
    });
    log_in(&world);
    log_in(&world);
    let last = fake.requests().pop().expect("a request");
    assert!(last.is("POST", "/auth/logout"));
    assert_eq!(last.json()["refresh_token"], "refresh-0");
}

#[test]
fn files_that_are_damaged_or_gone_are_said_and_nobody_is_taken_for_somebody_else() {
    let world = World::new();
    let fake = daemon(&world, |_| None);
    log_in(&world);
    fs::remove_file(token_file(&world)).expect("it was there");
    let gone = world.run(&["whoami"]);
    assert_eq!(gone.code, 3);
    assert!(gone.stderr.contains("its tokens are gone") && gone.stderr.contains("mmp login unix://"), "{}", gone.stderr);
    assert_eq!(world.run(&["logout"]).code, 0, "the way out");
    fs::write(world.path().join("state/logins.json"), "nonsense").expect("written");
    let damaged = world.run(&["whoami"]);
    assert_eq!(damaged.code, 1);
    assert!(damaged.stderr.contains("logins.json") && damaged.stderr.contains("hint: "), "{}", damaged.stderr);
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn nothing_goes_to_another_machine_in_the_clear() {
    let world = World::new();
    for arguments in [&["--host", "http://192.0.2.1:80", "whoami"][..], &["login", "http://mmp.example", "--username", "ann"]] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("not encrypted") && ran.stderr.contains("https://"), "{}", ran.stderr);
    }
}

#[test]
fn a_socket_that_the_kernel_keeps_is_said_in_words() {
    use std::os::unix::process::CommandExt as _;
    let world = World::new();
    daemon(&world, |_| None);
    let host = format!("unix://{}", world.socket().display());
    fs::set_permissions(world.socket(), fs::Permissions::from_mode(0o000)).expect("it is ours");
    let client = tempfile::tempdir().expect("a folder");
    let program = client.path().join("mmp");
    fs::copy(env!("CARGO_BIN_EXE_mmp"), &program).expect("copied");
    for folder in [world.path(), client.path()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    let mut command = world.command_of(&program, &["--host", &host, "whoami"]);
    command.env("MMP_HOME", client.path());
    if rustix::process::geteuid().is_root() {
        // Nothing is kept from root: somebody else calls.
        command.uid(65_534).gid(65_534);
    }
    let ran = ran(command.output().expect("it runs"));
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("the kernel does not let") && ran.stderr.contains("unix_access"), "{}", ran.stderr);
}

#[test]
fn on_the_local_path_nobody_asks_the_keyring() {
    let world = World::new();
    let runtime = world.path().join("mmp");
    fs::create_dir(&runtime).expect("made");
    let fake = Fake::listen(&runtime.join("mmp.sock"), |_, _| answer(&["x"]));
    let bus = std::os::unix::net::UnixListener::bind(world.path().join("bus")).expect("a socket");
    bus.set_nonblocking(true).expect("a socket");
    let mut command = world.command(&["chat", "hi"]);
    command.env_remove("MMP_HOME").env("XDG_RUNTIME_DIR", world.path());
    command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", world.path().join("bus").display()));
    let ran = ran(command.output().expect("it runs"));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "x\n"), "{}", ran.stderr);
    assert_eq!(fake.requests().len(), 1, "and one request is enough");
    assert!(bus.accept().is_err(), "somebody called at the bus");
}

#[test]
fn a_socket_under_temp_that_others_could_have_made_is_not_spoken_to() {
    let world = World::new();
    let folder = world.path().join(format!("mmp-{}", rustix::process::getuid().as_raw()));
    fs::create_dir(&folder).expect("made");
    let fake = Fake::listen(&folder.join("mmp.sock"), |_, _| answer(&["x"]));
    let chat = || {
        let mut command = world.command(&["chat", "hi"]);
        command.env_remove("MMP_HOME").env("TMPDIR", world.path());
        ran(command.output().expect("it runs"))
    };
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("it is ours");
    let refused = chat();
    assert_eq!((refused.code, fake.requests().len()), (3, 0), "{}", refused.stderr);
    assert!(refused.stderr.contains(&folder.display().to_string()) && refused.stderr.contains("hint: "), "{}", refused.stderr);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("it is ours");
    assert_eq!(chat().stdout, "x\n");
}
