//! Random batches, carried out by every engine alike: all of them must give the same results and the same answers.

use std::sync::Arc;

use mmp_shared::audit::AuditKind;
use mmpd::store::{
    AuditFilter, Batch, ConversationFilter, Entity, Operation, PageRequest, Precondition, Store,
    records::{ConversationRecord, MessageRecord, RunRecord, UserRecord},
};
use proptest::prelude::*;

use crate::{
    fixture::{ENGINES, Fixture, all_pages},
    records::{
        append, at, attempt, audit_line, conversation, conversation_id, finished, invite, invite_id, login, login_id, message,
        message_id, model_config, model_list, password, provider_config, put_sealed_token, role, run, run_id, sealed_key,
        settings, token, token_id, usage, user, user_id, vault,
    },
};

/// How many things of each noun there are: few, so that batches meet the same ones again and again.
const THINGS: u64 = 4;

/// Texts around the sizes at which an engine may change its ways, and titles that are one in another case.
const SIZES: [usize; 5] = [0, 10, 5_900, 6_100, 20_000];
const TITLES: [&str; 4] = ["plan", "PLAN", "菜谱", ""];

fn thing() -> impl Strategy<Value = u64> {
    0..THINGS
}

fn time() -> impl Strategy<Value = i64> {
    -2..3_i64
}

fn entity() -> impl Strategy<Value = Entity> {
    prop_oneof![
        thing().prop_map(|id| Entity::User(user_id(id))),
        prop::sample::select(&TITLES[..]).prop_map(|name| Entity::Username(name.into())),
        (0..3_u32).prop_map(Entity::OsUser),
        thing().prop_map(|id| Entity::Conversation(conversation_id(id))),
        thing().prop_map(|id| Entity::Message(message_id(id))),
        thing().prop_map(|id| Entity::Run(run_id(id))),
        thing().prop_map(|id| Entity::ProviderConfig(user_id(id), "x".into())),
        thing().prop_map(|id| Entity::SealedKey(user_id(id), "x".into())),
        thing().prop_map(|id| Entity::ModelConfig(Some(user_id(id)), "openai".into(), "x".into())),
        thing().prop_map(|id| Entity::Settings(user_id(id))),
        Just(Entity::Vault),
        prop::sample::select(&TITLES[..]).prop_map(|look| Entity::Skeleton(look.into())),
        thing().prop_map(|id| Entity::Password(user_id(id))),
        thing().prop_map(|id| Entity::Login(login_id(id))),
        thing().prop_map(|id| Entity::Token(token_id(id))),
        thing().prop_map(|id| Entity::Invite(invite_id(id))),
    ]
}

fn precondition() -> impl Strategy<Value = Precondition> {
    prop_oneof![
        entity().prop_map(Precondition::Absent),
        entity().prop_map(Precondition::Present),
        (entity(), 0..3_u64).prop_map(|(entity, version)| Precondition::Version(entity, version)),
    ]
}

fn put_user() -> impl Strategy<Value = Operation> {
    let names = || prop::sample::select(&TITLES[..]);
    (thing(), names(), names(), prop::option::of(0..3_u32), 0..3_u64).prop_map(|(id, name, look, os_user, version)| {
        Operation::PutUser(UserRecord { os_user, version, skeleton: look.into(), ..user(id, name) })
    })
}

fn of_accounts() -> impl Strategy<Value = Operation> {
    let kind = || prop::sample::select(&AuditKind::ALL[..2]);
    prop_oneof![
        thing().prop_map(|id| Operation::DeleteUser(user_id(id))),
        (thing(), 0..3_u64).prop_map(|(id, version)| Operation::PutPassword(password(id, version))),
        thing().prop_map(|id| Operation::DeletePassword(user_id(id))),
        (thing(), 0..2_u64, 0..3_u64).prop_map(|(id, owner, version)| Operation::PutLogin(login(id, owner, version))),
        thing().prop_map(|id| Operation::DeleteLogin(login_id(id))),
        (thing(), 0..2_u8, time()).prop_map(|(id, subject, time)| Operation::PutLoginAttempt(attempt(id, subject, time))),
        (thing(), 0..2_u8, time()).prop_map(|(id, subject, time)| {
            let gone = attempt(id, subject, time);
            Operation::DeleteLoginAttempt(gone.subject, gone.at, gone.id)
        }),
        (thing(), 0..2_u64).prop_map(|(id, owner)| Operation::PutToken(token(id, owner))),
        (thing(), time()).prop_map(|(id, time)| Operation::TouchToken(token_id(id), at(time))),
        thing().prop_map(|id| Operation::DeleteToken(token_id(id))),
        (thing(), time()).prop_map(|(id, time)| Operation::PutInvite(invite(id, time))),
        thing().prop_map(|id| Operation::DeleteInvite(invite_id(id))),
        (thing(), kind(), prop::option::of(0..2_u64), prop::option::of(0..2_u64), time())
            .prop_map(|(id, kind, actor, target, time)| Operation::AppendAudit(audit_line(id, kind, actor, target, time))),
    ]
}

fn deletion() -> impl Strategy<Value = Operation> {
    prop_oneof![
        thing().prop_map(|id| Operation::DeleteConversation(conversation_id(id))),
        thing().prop_map(|id| Operation::DeleteMessage(message_id(id))),
        thing().prop_map(|id| Operation::DeleteRun(run_id(id))),
        thing().prop_map(|id| Operation::DeleteSettings(user_id(id))),
        (0..2_u64, time(), thing()).prop_map(|(owner, time, run)| Operation::DeleteUsage(user_id(owner), at(time), run_id(run))),
    ]
}

fn put_conversation() -> impl Strategy<Value = Operation> {
    let shelf = (any::<bool>(), any::<bool>());
    (thing(), 0..2_u64, time(), prop::sample::select(&TITLES[..]), shelf).prop_map(
        |(id, owner, time, title, (pinned, archived))| {
            let record = conversation(id, owner, time);
            Operation::PutConversation(ConversationRecord { title: title.into(), pinned, archived, ..record })
        },
    )
}

/// Filters that between them look at every list.
fn filters() -> Vec<ConversationFilter> {
    let mut filters = Vec::new();
    for (archived, pinned) in [(false, false), (true, false), (false, true), (true, true)] {
        let plain = ConversationFilter { archived, pinned, ..ConversationFilter::default() };
        filters.push(ConversationFilter { model: Some("demo".into()), ..plain.clone() });
        filters.push(ConversationFilter { after: Some(at(-1)), before: Some(at(1)), ..plain.clone() });
        filters.push(ConversationFilter { title: Some("pl".into()), ..plain.clone() });
        filters.push(plain);
    }
    filters
}

fn advance() -> impl Strategy<Value = Operation> {
    (thing(), thing(), time(), any::<bool>()).prop_map(|(id, leaf, time, has_model)| Operation::AdvanceConversation {
        id: conversation_id(id),
        leaf_id: (leaf != 0).then(|| message_id(leaf)),
        updated_at: at(time),
        model: has_model.then(|| "demo/demo".into()),
        added: 1,
    })
}

fn put_message() -> impl Strategy<Value = Operation> {
    (thing(), thing(), 0..2_u64, prop::sample::select(&SIZES[..]))
        .prop_map(|(id, conversation, owner, size)| Operation::PutMessage(message(id, conversation, owner, &"长".repeat(size))))
}

fn put_run() -> impl Strategy<Value = Operation> {
    (thing(), 0..2_u64, time(), prop::option::of(time())).prop_map(|(id, owner, began, ended)| {
        let record = run(id, owner, began);
        Operation::PutRun(ended.map_or(record.clone(), |ended| finished(record, ended)))
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        1 => put_user(),
        4 => put_conversation(),
        2 => advance(),
        4 => put_message(),
        4 => put_run(),
        4 => (thing(), 1..9_u64, 0..4_u64).prop_map(|(id, first, count)| append(id, first..first + count)),
        1 => thing().prop_map(|id| Operation::DeleteRunEvents(run_id(id))),
        1 => (thing(), 0..3_u64).prop_map(|(id, version)| Operation::PutProviderConfig(provider_config(id, "x", version))),
        1 => thing().prop_map(|id| Operation::DeleteProviderConfig(user_id(id), "x".into())),
        1 => thing().prop_map(|id| Operation::PutSealedKey(sealed_key(id, "x"))),
        1 => (thing(), any::<u8>()).prop_map(|(id, number)| put_sealed_token(id, "x", number)),
        1 => thing().prop_map(|id| Operation::DeleteSealedKey(user_id(id), "x".into())),
        // No user has the id of zeroes, which stands for everyone.
        1 => (thing(), 0..3_u64).prop_map(|(id, version)| Operation::PutModelConfig(model_config(Some(id + 1), "x", version))),
        1 => thing().prop_map(|id| Operation::PutModelList(model_list(id, "x", &["a", "b"]))),
        1 => thing().prop_map(|id| Operation::DeleteModelList(user_id(id), "x".into())),
        1 => thing().prop_map(|id| Operation::DeleteModelConfig(Some(user_id(id)), "openai".into(), "x".into())),
        1 => (thing(), 0..3_u64).prop_map(|(id, version)| Operation::PutSettings(settings(id, version, &[("a", "b")]))),
        1 => (thing(), 0..3_u64).prop_map(|(id, version)| Operation::PutRole(role(id, "x", version))),
        1 => thing().prop_map(|id| Operation::DeleteRole(user_id(id), "x".into())),
        1 => (thing(), 0..2_u64, time()).prop_map(|(id, owner, time)| Operation::PutUsage(usage(id, owner, time))),
        1 => prop::sample::select(&TITLES[..]).prop_map(|location| Operation::PutVault(vault(location))),
        8 => of_accounts(),
        2 => deletion(),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let preconditions = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(precondition(), 1..3)];
    (preconditions, prop::collection::vec(operation(), 0..5))
        .prop_map(|(preconditions, operations)| Batch { preconditions, operations })
}

/// Everything that a store answers about one user's things, as text.
async fn of_user(store: &dyn Store, owner: u64) -> String {
    let id = user_id(owner);
    let mut answers = format!("{:?}\n", store.user(id).await);
    for number in 0..THINGS {
        let conversation = store.conversation(id, conversation_id(number)).await;
        let message: Result<Option<MessageRecord>, _> = store.message(id, message_id(number)).await;
        let messages = store.messages(id, conversation_id(number)).await;
        let run: Result<Option<RunRecord>, _> = store.run(id, run_id(number)).await;
        let suffix = &conversation_id(number).to_string()[32..];
        let by_suffix = (store.conversations_by_suffix(id, suffix, 3).await, store.runs_by_suffix(id, suffix, 3).await);
        answers += &format!("{conversation:?}\n{message:?}\n{messages:?}\n{run:?}\n{by_suffix:?}\n");
    }
    for title in TITLES {
        answers += &format!("{:?}\n", store.conversations_by_title(id, title, 3).await);
    }
    let conversations = all_pages(2, |page| store.conversations(id, page)).await;
    for filter in filters() {
        let page = store.conversations_where(id, filter, PageRequest::first(9)).await.expect("a page");
        answers += &format!("{:?}\n", page.items);
    }
    for number in 0..THINGS {
        answers += &format!("{:?}\n", store.message_ids(conversation_id(number), 2).await);
    }
    let runs = all_pages(2, |page| store.runs(id, page)).await;
    let usage = all_pages(2, |page| store.usage(id, page)).await;
    let providers = (store.provider_config(id, "x").await, store.provider_configs(id).await);
    let keys = (store.sealed_key(id, "x").await, store.sealed_key_names(id).await, store.settings(id).await);
    answers += &format!("{:?}\n", (store.roles(id).await, store.role(id, "x").await));
    let accounts = (store.password(id).await, store.logins(id).await, store.tokens(id).await);
    let mut lines = Vec::new();
    for (kind, since) in
        [(None, None), (Some(AuditKind::ALL[0]), None), (None, Some(at(0))), (Some(AuditKind::ALL[1]), Some(at(1)))]
    {
        lines.push(all_pages(2, |page| store.audit(AuditFilter { user_id: Some(id), kind, since }, page)).await);
    }
    answers += &format!("{accounts:?}\n{lines:?}\n");
    let models = (store.model_configs(Some(id)).await, store.model_configs(None).await, store.model_lists(id).await);
    answers + &format!("{conversations:?}\n{runs:?}\n{usage:?}\n{providers:?}\n{keys:?}\n{models:?}\n")
}

/// Everything that a store answers about no user's things in particular, as text.
async fn of_all(store: &dyn Store) -> String {
    let mut answers =
        format!("{:?}\n{:?}\n{:?}\n", store.vault().await, store.has_sealed_keys().await, store.unfinished_runs().await);
    for name in TITLES {
        answers += &format!("{:?}\n", store.user_by_name(name).await);
    }
    for number in 0..3 {
        answers += &format!("{:?}\n", store.user_by_os_user(number).await);
    }
    for (before, limit) in [(0, 9), (2, 1), (9, 9)] {
        answers += &format!("{:?}\n", store.runs_to_forget(at(before), limit).await);
    }
    for subject in 0..2_u8 {
        answers += &format!("{:?}\n", all_pages(2, |page| store.login_attempts([subject; 16], page)).await);
    }
    answers += &format!("{:?}\n{:?}\n", store.old_login_attempts(at(1), 3).await, store.users_after(Some(user_id(0)), 2).await);
    answers += &format!("{:?}\n", (store.logins_after(None, 2).await, store.tokens_after(Some(token_id(1)), 9).await));
    answers += &format!("{:?}\n", all_pages(1, |page| store.invites(page)).await);
    for (kind, since) in [(None, None), (Some(AuditKind::ALL[0]), Some(at(0)))] {
        answers += &format!("{:?}\n", all_pages(2, |page| store.audit(AuditFilter { user_id: None, kind, since }, page)).await);
    }
    for number in 0..THINGS {
        answers += &format!("{:?}\n", store.message_ids(conversation_id(number), 2).await);
        answers += &format!("{:?}\n", store.invite_by_hash(&invite(number, 0).hash).await);
        for (after, limit) in [(0, 100), (2, 1), (5, 3)] {
            answers += &format!("{:?}\n", store.run_events(run_id(number), after, limit).await);
        }
    }
    answers
}

/// Cursors differ from engine to engine; whether there is one does not.
async fn first_pages(store: &dyn Store) -> String {
    let page = store.conversations(user_id(0), PageRequest::first(2)).await.expect("a page");
    format!("{:?} {}", page.items, page.next_cursor.is_some())
}

async fn compare(batches: Vec<Batch>) {
    let mut fixtures = Vec::new();
    for engine in ENGINES {
        fixtures.push(Fixture::open(engine).await);
    }
    let stores: Vec<_> = fixtures.iter().map(|fixture| Arc::clone(&fixture.store)).collect();
    for batch in batches {
        let mut seen = Vec::new();
        for store in &stores {
            let result = store.commit(batch.clone()).await;
            let store = &**store;
            let answers = [of_user(store, 0).await, of_user(store, 1).await, of_all(store).await, first_pages(store).await];
            seen.push((result, answers));
        }
        for (engine, other) in ENGINES.iter().zip(&seen) {
            assert!(*other == seen[0], "{} differs from {} after {batch:?}", engine.name, ENGINES[0].name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engines_cannot_be_told_apart(batches in prop::collection::vec(batch(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        runtime.block_on(compare(batches));
    }
}
