//! Logging in with no terminal and no daemon.

use mmp_shared::{ApiError, ErrorCode, auth::Secret, phrase};

use crate::tui::{
    ask::{Ask, Credentials, LoggedIn, Told},
    effect::Effect,
    event::Event,
    keymap::Code,
    model::Access,
    views::testing::{Stage, asked, check, clock, refused},
};

fn access() -> Access {
    Access { host: "https://team.example:8443".to_owned(), has_token: false }
}

fn stranger() -> Box<ApiError> {
    Box::new(ApiError::new(ErrorCode::Unauthenticated, phrase!("error-unauthenticated")))
}

fn refuse_list(stage: &mut Stage) -> Vec<Effect> {
    let asking = stage.model.conversations.asking;
    stage.at(Event::Conversations { asking, page: Err(stranger()), clock: clock() })
}

fn logged_in(failures: u64) -> Told {
    Told::LoggedIn(Box::new(LoggedIn { username: "ann".into(), host: "https://team.example:8443".into(), failures }))
}

fn sent(username: &str, password: &str, is_new: bool, invite: Option<&str>) -> Ask {
    let password = Secret::new(password);
    Ask::LogIn(Box::new(Credentials { username: username.into(), password, is_new, invite: invite.map(Secret::new) }))
}

#[test]
fn where_nobody_is_known_yet_it_opens_by_itself_and_once_logged_in_the_conversations_come() {
    let mut stage = Stage::english();
    refuse_list(&mut stage);
    assert!(stage.has_view());
    stage.write("ann");
    stage.press(Code::Enter);
    stage.write("correct horse");
    let effects = stage.press(Code::Enter);
    assert_eq!(asked(&effects), [&sent("ann", "correct horse", false, None)]);
    assert!(stage.press(Code::Enter).is_empty(), "it is asked once");
    assert!(!stage.screen().contains("correct"));
    let effects = stage.told(Ok(logged_in(0)));
    assert!(!stage.has_view() && stage.said().contains("logged in as `ann`"), "{}", stage.said());
    assert!(matches!(effects[..], [Effect::ListConversations { .. }]), "{effects:?}");
}

#[test]
fn it_does_not_open_where_something_is_being_written_or_a_token_counts() {
    let mut stage = Stage::english();
    stage.write("a question");
    refuse_list(&mut stage);
    assert!(!stage.has_view() && stage.said().contains("/login"), "{}", stage.said());
    let mut stage = Stage::english();
    stage.model.access.has_token = true;
    refuse_list(&mut stage);
    assert!(!stage.has_view() && !stage.said().contains("/login"), "{}", stage.said());
    stage.command("/login");
    assert!(stage.screen().contains("MMP_TOKEN"));
}

#[test]
fn an_account_is_made_with_its_password_twice_and_an_invitation() {
    let mut stage = Stage::english();
    stage.press(Code::Function(8));
    stage.press(Code::Up);
    stage.press(Code::Right);
    stage.press(Code::Down);
    stage.write("bo");
    for text in ["secret one", "secret two", "code"] {
        stage.press(Code::Tab);
        stage.write(text);
    }
    assert!(stage.press(Code::Enter).is_empty());
    assert!(stage.screen().contains("the two passwords differ"));
    stage.ctrl('u');
    stage.at(Event::Paste("secret one\nmore".into()));
    stage.press(Code::Enter);
    let effects = stage.press(Code::Enter);
    assert_eq!(asked(&effects), [&sent("bo", "secret one", true, Some("code"))]);
}

#[test]
fn what_was_refused_is_said_and_only_the_password_is_written_anew() {
    let mut stage = Stage::english();
    stage.command("/login ann");
    stage.write("wrong");
    stage.press(Code::Enter);
    stage.told(Err(refused()));
    assert!(stage.screen().contains('✗') && stage.screen().contains("ann"));
    assert!(stage.press(Code::Enter).is_empty() && stage.screen().contains("write a password"));
    stage.write("right");
    assert_eq!(asked(&stage.press(Code::Enter)), [&sent("ann", "right", false, None)]);
    stage.press(Code::Esc);
    let effects = stage.told(Ok(logged_in(3)));
    assert!(matches!(effects[..], [Effect::ListConversations { .. }]), "who left meanwhile is logged in all the same");
    assert!(stage.said().contains("failed attempts since then: 3"), "{}", stage.said());
}

#[test]
fn whoever_logs_out_leaves_what_was_theirs() {
    let mut stage = Stage::english();
    assert_eq!(asked(&stage.command("/logout")), [&Ask::LogOut]);
    let effects = stage.told(Ok(Told::LoggedOut));
    assert!(matches!(effects[..], [Effect::ListConversations { .. }]) && stage.said() == "logged out", "{effects:?}");
}

#[test]
fn it_looks_so() {
    check("login", |stage| {
        stage.model.access = access();
        stage.press(Code::Function(8));
        stage.write("ann");
        stage.press(Code::Tab);
        stage.write("a password");
    });
    check("login_new", |stage| {
        stage.model.access = access();
        stage.press(Code::Function(8));
        stage.press(Code::Up);
        stage.press(Code::Right);
        stage.press(Code::Down);
        stage.press(Code::Tab);
        stage.write("one");
        stage.press(Code::Tab);
        stage.write("two");
        stage.press(Code::Tab);
        stage.press(Code::Enter);
    });
}
