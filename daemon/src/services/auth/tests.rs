//! Logging in, with a clock of the tests' own: nobody waits.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use mmp_shared::{
    ApiError, ErrorCode,
    auth::{LoginRequest, LoginResponse, LoginTokens, LogoutRequest, RefreshRequest, RegisterRequest, Secret},
    tokens::{Scope, TokenRequest},
    users::{PasswordRequest, UserPatch, Via},
};

use super::*;
use crate::{
    config::Registration,
    security::password::{Cost, PasswordHash},
    services::{
        clock::tests::SetClock,
        origin::{Origin, within},
    },
    store::{Batch, Operation, PageRequest, memory::MemoryStore, records::PasswordRecord},
};

const PASSWORD: &str = "kettle orbit marble fence";
const ANOTHER: &str = "lantern pebble sofa quartz";

/// A daemon's memory of who is who, and its clock.
struct World {
    auth: Arc<Auth>,
    users: Arc<Users>,
    tokens: Arc<Tokens>,
    store: Arc<dyn Store>,
    clock: Arc<SetClock>,
}

const CONFIG: AuthConfig = AuthConfig {
    registration: Registration::Open,
    peer: PeerLogin::On,
    access_lifetime: Duration::from_secs(900),
    login_lifetime: Duration::from_secs(30 * 86_400),
};

impl World {
    fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()), SetClock::new(), CONFIG)
    }

    fn over(store: Arc<dyn Store>, clock: Arc<SetClock>, config: AuthConfig) -> Self {
        let shared: SharedClock = Arc::<SetClock>::clone(&clock);
        let users = Arc::new(Users::new(Arc::clone(&store), 0, Arc::clone(&shared)));
        let tokens = Arc::new(Tokens::new(Arc::clone(&store), &users, Arc::clone(&shared)));
        let auth = Arc::new(Auth::new(Arc::clone(&store), Arc::clone(&users), Arc::clone(&tokens), config, shared));
        Self { auth, users, tokens, store, clock }
    }

    /// The same store, after the daemon was started anew.
    async fn restarted(&self) -> Self {
        let again = Self::over(Arc::clone(&self.store), Arc::clone(&self.clock), CONFIG);
        again.users.load().await.expect("it loads");
        again.tokens.load().await.expect("it loads");
        again.auth.load().await.expect("it loads");
        again
    }

    /// An account with a password of no cost, so that tests are quick.
    async fn with(&self, username: &str) -> UserId {
        let record = self.users.fresh(username, mmp_shared::users::AccountRole::User);
        let hash = PasswordHash::new(PASSWORD, Cost { memory_kib: 64, passes: 1, lanes: 1 }).expect("it hashes");
        let password = super::password::to_record(record.id, 1, hash, record.created_at);
        let batch = Batch::new().then(Operation::PutUser(record.clone())).then(Operation::PutPassword(password));
        self.store.commit(batch).await.expect("it is new");
        self.users.keep(record.clone());
        record.id
    }

    async fn log_in_from(&self, source: &str, username: &str, password: &str) -> Result<LoginResponse, ApiError> {
        let request = LoginRequest { username: username.into(), password: Secret::new(password), client: None };
        let origin = Origin { source: source.into(), request_id: None };
        within(origin, self.auth.log_in(&request)).await
    }

    async fn log_in(&self, username: &str) -> LoginResponse {
        self.log_in_from("a", username, PASSWORD).await.expect("the password is right")
    }

    async fn fail(&self, source: &str, username: &str) -> ApiError {
        self.log_in_from(source, username, "wrong").await.expect_err("the password is wrong")
    }

    async fn identify(&self, bearer: &Secret) -> Result<Account, ApiError> {
        self.auth.identify(&Credentials { bearer: Some(bearer.clone()), peer: None }).await
    }

    async fn refresh(&self, token: &Secret) -> Result<LoginTokens, ApiError> {
        self.auth.refresh(&RefreshRequest { refresh_token: token.clone() }).await
    }

    fn pass(&self, seconds: i64) {
        self.clock.pass(SignedDuration::from_secs(seconds));
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, ApiError>) -> ErrorCode {
    result.expect_err("it is refused").code
}

#[tokio::test]
async fn a_login_is_known_until_its_token_runs_out_and_goes_on_by_its_refresh_token() {
    let world = World::new();
    let id = world.with("ann").await;
    let login = world.log_in("ANN").await;
    let account = world.identify(&login.tokens.access_token).await.expect("it is good");
    assert_eq!((account.id, account.credential.via(), account.scopes.is_none()), (id, Via::Login, true));
    world.pass(900);
    assert_eq!(code(world.identify(&login.tokens.access_token).await), ErrorCode::Unauthenticated);
    let next = world.refresh(&login.tokens.refresh_token).await.expect("it is good");
    assert_ne!(next.refresh_token, login.tokens.refresh_token);
    assert_eq!(world.identify(&next.access_token).await.expect("it is good").id, id);
}

#[tokio::test]
async fn three_failures_are_told_as_such_and_the_fourth_says_to_wait() {
    let world = World::new();
    world.with("ann").await;
    for _ in 0..3 {
        assert_eq!(world.fail("a", "ann").await.code, ErrorCode::Unauthenticated);
    }
    let fourth = world.fail("a", "ann").await;
    assert_eq!((fourth.code, fourth.retry_after_ms), (ErrorCode::RateLimited, Some(5_000)));
    assert_eq!(code(world.log_in_from("a", "ann", PASSWORD).await), ErrorCode::RateLimited, "the right one too, and it counts");
    assert!(world.log_in_from("b", "ann", PASSWORD).await.is_ok(), "another source goes on");
    world.pass(10);
    let login = world.log_in("ann").await;
    assert!(login.last_login_at.is_some());
    assert_eq!(login.failures_since, 0, "the other source's success came after the failures");
}

#[tokio::test]
async fn ten_attempts_lock_the_account_for_a_source_and_it_unlocks_by_itself() {
    let world = World::new();
    world.with("ann").await;
    let before = world.log_in("ann").await;
    for _ in 0..10 {
        world.fail("a", "ann").await;
    }
    let locked = world.log_in_from("a", "ann", PASSWORD).await.expect_err("it is locked");
    assert_eq!((locked.code, locked.retry_after_ms), (ErrorCode::RateLimited, Some(900_000)));
    assert!(world.log_in_from("b", "ann", PASSWORD).await.is_ok(), "another source goes on");
    assert!(world.identify(&before.tokens.access_token).await.is_ok(), "logins that there are go on");
    world.clock.jump(SignedDuration::from_hours(24 * 365));
    assert_eq!(code(world.log_in_from("a", "ann", PASSWORD).await), ErrorCode::RateLimited, "a calendar opens no gate");
    world.clock.jump(SignedDuration::from_hours(-2 * 24 * 365));
    world.pass(899);
    assert_eq!(code(world.log_in_from("a", "ann", PASSWORD).await), ErrorCode::RateLimited);
    world.pass(1);
    assert!(world.log_in_from("a", "ann", PASSWORD).await.is_ok(), "and locks nobody out for longer");
}

#[tokio::test]
async fn a_lock_outlives_the_daemon() {
    let world = World::new();
    world.with("ann").await;
    for _ in 0..10 {
        world.fail("a", "ann").await;
    }
    world.pass(60);
    let again = world.restarted().await;
    assert_eq!(code(again.log_in_from("a", "ann", PASSWORD).await), ErrorCode::RateLimited);
    world.clock.jump(SignedDuration::from_hours(-24));
    let back = world.restarted().await;
    assert_eq!(code(back.log_in_from("a", "ann", PASSWORD).await), ErrorCode::RateLimited);
    back.pass(901);
    assert!(back.log_in_from("a", "ann", PASSWORD).await.is_ok(), "a calendar that was set back locks nobody out for long");
}

#[tokio::test]
async fn fifty_attempts_from_many_sources_lock_the_account_for_all() {
    let world = World::new();
    world.with("ann").await;
    for number in 0..50 {
        world.fail(&format!("source {}", number / 3), "ann").await;
    }
    let locked = world.log_in_from("a new one", "ann", PASSWORD).await.expect_err("it is locked");
    assert_eq!((locked.code, locked.retry_after_ms), (ErrorCode::RateLimited, Some(900_000)));
    world.pass(900);
    assert!(world.log_in_from("a new one", "ann", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn nobody_is_told_whether_an_account_exists() {
    let world = World::new();
    world.with("ann").await;
    for attempt in 0..12 {
        let (known, unknown) = (world.fail("a", "ann").await, world.fail("a", "nobody here").await);
        assert_eq!(known, unknown, "attempt {attempt}");
    }
    let attempts = world.store.login_attempts(attempts::fingerprint("nobody here"), PageRequest::first(99)).await.expect("read");
    assert_eq!(attempts.items.len(), 12, "every attempt is kept");
    assert!(!format!("{attempts:?}").contains("nobody here"), "people type passwords where names belong");
}

#[tokio::test]
async fn a_flood_of_right_passwords_is_let_in_and_one_of_wrong_ones_is_not_looked_at() {
    let world = Arc::new(World::new());
    world.with("ann").await;
    let right: Vec<_> = (0..100)
        .map(|_| {
            tokio::spawn({
                let world = Arc::clone(&world);
                async move { world.log_in_from("a", "ann", PASSWORD).await }
            })
        })
        .collect();
    for one in right {
        assert!(one.await.expect("no panic").is_ok());
    }
    let wrong: Vec<_> = (0..100)
        .map(|_| {
            tokio::spawn({
                let world = Arc::clone(&world);
                async move { world.fail("a", "ann").await.code }
            })
        })
        .collect();
    let mut told = 0;
    for one in wrong {
        told += usize::from(one.await.expect("no panic") == ErrorCode::Unauthenticated);
    }
    assert!(told <= 3, "{told} were told that the password is wrong");
}

#[tokio::test]
async fn two_hundred_clients_with_one_refresh_token_all_go_on_with_the_same_next_one() {
    let world = Arc::new(World::new());
    world.with("ann").await;
    let login = world.log_in("ann").await;
    world.pass(900);
    let clients: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn({
                let (world, token) = (Arc::clone(&world), login.tokens.refresh_token.clone());
                async move { world.refresh(&token).await }
            })
        })
        .collect();
    let mut successors = Vec::new();
    for client in clients {
        let tokens = client.await.expect("no panic").expect("all go on");
        assert!(world.identify(&tokens.access_token).await.is_ok());
        successors.push(tokens.refresh_token.into_inner());
    }
    successors.sort_unstable();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    world.pass(60);
    assert!(world.refresh(&Secret::new(successors.remove(0))).await.is_ok(), "the login survives");
}

#[tokio::test]
async fn a_refresh_token_that_comes_late_a_second_time_ends_its_login() {
    let world = World::new();
    world.with("ann").await;
    let first = world.log_in("ann").await.tokens;
    let second = world.refresh(&first.refresh_token).await.expect("it is good");
    world.pass(30);
    let again = world.refresh(&first.refresh_token).await.expect("it was used a moment ago");
    assert_eq!(again.refresh_token, second.refresh_token);
    world.pass(1);
    assert_eq!(code(world.refresh(&first.refresh_token).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.refresh(&second.refresh_token).await), ErrorCode::Unauthenticated, "the family is revoked");
    assert_eq!(code(world.identify(&second.access_token).await), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn a_refresh_token_of_many_generations_ago_ends_its_login_and_a_guess_does_not() {
    let world = World::new();
    world.with("ann").await;
    let first = world.log_in("ann").await.tokens;
    let mut last = first.clone();
    for _ in 0..5 {
        world.pass(60);
        last = world.refresh(&last.refresh_token).await.expect("it is good");
    }
    let mut guess = last.refresh_token.reveal().to_owned();
    guess.replace_range(40..41, if &guess[40..41] == "0" { "1" } else { "0" });
    assert_eq!(code(world.refresh(&Secret::new(guess)).await), ErrorCode::Unauthenticated);
    assert!(world.identify(&last.access_token).await.is_ok(), "who knows a login's id cannot end it");
    assert_eq!(code(world.refresh(&first.refresh_token).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.identify(&last.access_token).await), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn a_calendar_that_jumps_between_two_uses_ends_no_login() {
    let world = World::new();
    world.with("ann").await;
    let first = world.log_in("ann").await.tokens;
    let second = world.refresh(&first.refresh_token).await.expect("it is good");
    for hours in [5, -10] {
        world.clock.jump(SignedDuration::from_hours(hours));
        assert_eq!(world.refresh(&first.refresh_token).await.expect("a moment ago").refresh_token, second.refresh_token);
    }
}

#[tokio::test]
async fn logins_outlive_the_daemon_by_their_refresh_tokens() {
    let world = World::new();
    world.with("ann").await;
    let first = world.log_in("ann").await.tokens;
    let again = world.restarted().await;
    assert_eq!(code(again.identify(&first.access_token).await), ErrorCode::Unauthenticated, "its keys are new");
    let next = again.refresh(&first.refresh_token).await.expect("the login is still there");
    assert!(again.identify(&next.access_token).await.is_ok());
    assert!(again.restarted().await.refresh(&first.refresh_token).await.is_ok(), "a moment ago, in another process");
}

#[tokio::test]
async fn a_new_password_ends_every_other_login_at_once() {
    let world = World::new();
    world.with("ann").await;
    let (mine, other) = (world.log_in("ann").await.tokens, world.log_in("ann").await.tokens);
    let account = world.identify(&mine.access_token).await.expect("it is good");
    let mut standing = world.auth.standing(&world.identify(&other.access_token).await.expect("it is good"));
    let request = |old: &str, new: &str| PasswordRequest { old_password: Some(Secret::new(old)), new_password: Secret::new(new) };
    assert_eq!(code(world.auth.change_password(&account, &request("wrong", ANOTHER)).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.auth.change_password(&account, &request(PASSWORD, "short")).await), ErrorCode::BadRequest);
    assert!(standing.holds());
    world.auth.change_password(&account, &request(PASSWORD, ANOTHER)).await.expect("it is right");
    standing.ended().await;
    assert_eq!(code(world.identify(&other.access_token).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.refresh(&other.refresh_token).await), ErrorCode::Unauthenticated);
    assert!(world.identify(&mine.access_token).await.is_ok());
    assert!(world.refresh(&mine.refresh_token).await.is_ok());
    assert_eq!(code(world.log_in_from("b", "ann", PASSWORD).await), ErrorCode::Unauthenticated);
    assert!(world.log_in_from("b", "ann", ANOTHER).await.is_ok());
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_its_logins_do_not_come_back() {
    let world = World::new();
    let id = world.with("ann").await;
    let login = world.log_in("ann").await.tokens;
    let account = world.identify(&login.access_token).await.expect("it is good");
    let token = token_of(&world, &account, None).await;
    let mut standing = world.auth.standing(&account);
    let patch = |disabled| UserPatch { disabled: Some(disabled), ..UserPatch::default() };
    world.users.patch(id, id, &patch(true)).await.expect("it is no admin");
    standing.ended().await;
    assert_eq!(code(world.identify(&login.access_token).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.identify(&token).await), ErrorCode::Forbidden);
    assert_eq!(code(world.log_in_from("a", "ann", PASSWORD).await), ErrorCode::Forbidden);
    assert_eq!(world.fail("a", "ann").await.code, ErrorCode::Unauthenticated, "who has no password is told nothing");
    world.users.patch(id, id, &patch(false)).await.expect("it is no admin");
    assert_eq!(code(world.identify(&login.access_token).await), ErrorCode::Unauthenticated);
    assert_eq!(code(world.refresh(&login.refresh_token).await), ErrorCode::Unauthenticated);
    assert!(world.identify(&token).await.is_ok());
}

async fn token_of(world: &World, account: &Account, expires_in_s: Option<u64>) -> Secret {
    let request = TokenRequest { name: "ci".into(), scopes: vec![Scope::Read], expires_in_s };
    world.tokens.create(account, &request).await.expect("it may").token
}

#[tokio::test]
async fn an_access_token_is_known_until_it_ends_or_is_revoked() {
    let world = World::new();
    world.with("ann").await;
    let account = world.identify(&world.log_in("ann").await.tokens.access_token).await.expect("it is good");
    let (short, long) = (token_of(&world, &account, Some(60)).await, token_of(&world, &account, None).await);
    assert_eq!(world.identify(&short).await.expect("it is good").scopes.as_deref(), Some(&[Scope::Read][..]));
    world.pass(60);
    assert_eq!(code(world.identify(&short).await), ErrorCode::Unauthenticated);
    assert!(world.identify(&long).await.is_ok());
    assert_eq!(world.tokens.write_uses().await.expect("it writes"), 2);
    assert_eq!(world.tokens.write_uses().await.expect("it writes"), 0);
    let again = world.restarted().await;
    let listed = again.tokens.list(&account).await.expect("a list").items;
    assert!(listed.iter().all(|token| token.last_used_at.is_some()), "{listed:?}");
    let id = listed[1].id.to_string();
    assert!(again.identify(&long).await.is_ok());
    again.tokens.revoke(&account, &id).await.expect("it is theirs");
    assert_eq!(code(again.identify(&long).await), ErrorCode::Unauthenticated);
    assert_eq!(code(again.tokens.revoke(&account, &id).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_login_is_listed_and_revoked_by_its_user_alone() {
    let world = World::new();
    world.with("ann").await;
    world.with("bob").await;
    let (one, two) = (world.log_in("ann").await.tokens, world.log_in("ann").await.tokens);
    let account = world.identify(&one.access_token).await.expect("it is good");
    let bob = world.identify(&world.log_in("bob").await.tokens.access_token).await.expect("it is good");
    let listed = world.auth.logins(&account).items;
    assert_eq!(listed.iter().map(|login| login.current).collect::<Vec<_>>(), [true, false]);
    assert_eq!(code(world.auth.revoke(&bob, &two.login_id.to_string()).await), ErrorCode::NotFound);
    world.auth.revoke(&account, &two.login_id.to_string()).await.expect("it is theirs");
    assert_eq!(code(world.identify(&two.access_token).await), ErrorCode::Unauthenticated);
    let bearer = Credentials { bearer: Some(one.access_token.clone()), peer: None };
    world.auth.log_out(&LogoutRequest::default(), &bearer).await.expect("it is theirs");
    assert_eq!(code(world.refresh(&one.refresh_token).await), ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn a_password_is_hashed_anew_where_more_is_asked_of_hashes_now() {
    let world = World::new();
    let id = world.with("ann").await;
    world.log_in("ann").await;
    let record: PasswordRecord = world.store.password(id).await.expect("read").expect("there");
    assert_eq!((record.memory_kib, record.passes), (Cost::CURRENT.memory_kib, Cost::CURRENT.passes));
    world.log_in("ann").await;
    assert_eq!(world.store.password(id).await.expect("read").expect("there"), record);
}

#[tokio::test]
async fn who_may_register_is_what_the_setting_says() {
    let register =
        |name: &str| RegisterRequest { username: name.into(), password: Secret::new(PASSWORD), invite: None, client: None };
    let (anybody, own) = (Credentials::default(), Credentials { bearer: None, peer: Some(0) });
    for (registration, expected) in [
        (Registration::Open, None),
        (Registration::Invite, Some(ErrorCode::Forbidden)),
        (Registration::Closed, Some(ErrorCode::Forbidden)),
    ] {
        let config = AuthConfig { registration, ..CONFIG };
        let world = World::over(Arc::new(MemoryStore::new()), SetClock::new(), config);
        let made = world.auth.register(&register("eve"), &anybody).await;
        assert_eq!(made.err().map(|error| error.code), expected, "{registration:?}");
        let first = world.auth.register(&register("ann"), &own).await.expect("it is the daemon's own OS user");
        assert_eq!(first.account.role, mmp_shared::users::AccountRole::Admin, "there was no admin");
        let second = world.auth.register(&register("bob"), &own).await.expect("it is the daemon's own OS user");
        assert_eq!(second.account.role, mmp_shared::users::AccountRole::User);
        assert_eq!(code(world.auth.register(&register("ANN"), &own).await), ErrorCode::Conflict);
        assert_eq!(code(world.auth.register(&register("root"), &own).await), ErrorCode::BadRequest);
    }
}

#[tokio::test]
async fn with_the_peer_credential_off_everybody_logs_in() {
    let world = World::over(Arc::new(MemoryStore::new()), SetClock::new(), AuthConfig { peer: PeerLogin::Off, ..CONFIG });
    let peer = Credentials { bearer: None, peer: Some(0) };
    assert_eq!(code(world.auth.identify(&peer).await), ErrorCode::Unauthenticated);
    world.with("ann").await;
    let login = world.log_in("ann").await;
    let account =
        world.auth.identify(&Credentials { bearer: Some(login.tokens.access_token), peer: Some(0) }).await.expect("it is good");
    assert!(account.is_own_os_user);
}

/// Bytes that look random and are the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("small")
    }
}

#[tokio::test]
async fn of_a_million_random_and_mutated_tokens_none_is_accepted() {
    let world = World::new();
    world.with("ann").await;
    let login = world.log_in("ann").await.tokens;
    let account = world.identify(&login.access_token).await.expect("it is good");
    let token = token_of(&world, &account, None).await;
    let good = [login.access_token.reveal(), token.reveal()];
    let signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    let mut random = Random(7);
    for round in 0..1_000_000 {
        let mut forged = good[round % 2].as_bytes().to_vec();
        let changes = if round % 4 < 2 { 1 + random.below(3) } else { forged.len() };
        for _ in 0..changes {
            // The prefix stays: without it nothing is looked at.
            let at = 4 + random.below(forged.len() - 4);
            forged[at] = signs[random.below(signs.len())];
        }
        let forged = String::from_utf8(forged).expect("letters");
        if good.contains(&forged.as_str()) {
            continue;
        }
        assert!(world.auth.by_bearer(&forged, None).is_err(), "{forged}");
    }
}
