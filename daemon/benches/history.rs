//! What a history costs: a page of it, and one conversation, in a store of a hundred messages and in a large one.
//!
//! `cargo bench -p mmpd --bench history [-- MESSAGES]`, 1,000,000 unless said. All within this process, over the daemon's own
//! router and the embedded engine in a temporary folder. What the figures mean stands in `docs/performance.md`.
#![allow(clippy::print_stdout)] // It is here to print.

mod support;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use mmp_shared::{
    ConversationId, MessageId, UserId,
    message::{ContentPart, Role},
};
use mmpd::store::{
    Batch, Operation, Store,
    records::{ConversationRecord, MessageRecord},
};
use serde_json::Value;
use support::{World, quantile};

/// How many messages a conversation has.
const LENGTH: u64 = 50;

/// How many conversations are written as one batch.
const AT_ONCE: u64 = 20;

const ROUNDS: u64 = 2_000;

/// How many pages from the newest one on are walked, to have a cursor from deep in the list.
const DEEP: usize = 100;

#[tokio::main]
async fn main() {
    let messages = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    println!(
        "| messages | written in | opened in | first page p50 / p99 | page 100 p50 / p99 | a conversation of 50 p50 / p99 |"
    );
    println!("|---:|---:|---:|---:|---:|---:|");
    for messages in [100, messages] {
        measure(messages).await;
    }
}

async fn measure(messages: u64) {
    let home = tempfile::tempdir().expect("a folder");
    let world = World::open(home.path(), "sled:").await;
    let user = world.json("GET", "/api/v1/users/me", Value::Null).await;
    let user_id: UserId = user["id"].as_str().and_then(|id| id.parse().ok()).expect("an account");
    let begun = Instant::now();
    let ids = fill(world.store.as_ref(), user_id, messages / LENGTH).await;
    let written = begun.elapsed();
    world.store.close().await.expect("it closes");
    drop(world);
    let begun = Instant::now();
    let world = World::open(home.path(), "sled:").await;
    let opened = begun.elapsed();
    let first = time(&world, |_| "/api/v1/conversations?limit=50".to_owned()).await;
    let mut path = "/api/v1/conversations?limit=50".to_owned();
    for _ in 0..DEEP {
        let page = world.json("GET", &path, Value::Null).await;
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/conversations?limit=50&cursor={cursor}");
    }
    let deep = time(&world, |_| path.clone()).await;
    let one = time(&world, |round| format!("/api/v1/conversations/{}/messages", ids[scattered(round, ids.len())])).await;
    println!("| {messages} | {written:.1?} | {opened:.1?} | {first} | {deep} | {one} |");
}

async fn time(world: &World, path: impl Fn(u64) -> String) -> String {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let path = path(round);
        let begun = Instant::now();
        let answer = world.json("GET", &path, Value::Null).await;
        times.push(begun.elapsed());
        assert!(answer["items"].as_array().is_some_and(|items| !items.is_empty()), "{path}: {answer}");
    }
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    format!("{:.2} / {:.2} ms", milliseconds(quantile(&mut times, 0.5)), milliseconds(quantile(&mut times, 0.99)))
}

/// An index that jumps about, the same in every run.
fn scattered(round: u64, length: usize) -> usize {
    let spread = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
    usize::try_from(spread % length as u64).unwrap_or(0)
}

/// Writes so many conversations, a minute apart.
async fn fill(store: &dyn Store, user_id: UserId, conversations: u64) -> Vec<ConversationId> {
    let mut ids = Vec::new();
    let first = Timestamp::from_second(1_600_000_000).expect("a time");
    let mut batch = Batch::new();
    for number in 0..conversations {
        let at = first + SignedDuration::from_mins(i64::try_from(number).expect("a small number"));
        let id = ConversationId::generate();
        let mut parent_id = None;
        for message in 0..LENGTH {
            let record = self::message(user_id, id, parent_id, number * LENGTH + message, at);
            parent_id = Some(record.id);
            batch = batch.then(Operation::PutMessage(record));
        }
        batch = batch.then(Operation::PutConversation(ConversationRecord {
            id,
            user_id,
            version: 1,
            title: format!("conversation {number} 关于第 {number} 件事"),
            system: None,
            model: Some("deepseek/deepseek-chat".into()),
            leaf_id: parent_id,
            messages: LENGTH,
            role: None,
            pinned: false,
            archived: false,
            created_at: at,
            updated_at: at,
        }));
        ids.push(id);
        if (ids.len() as u64).is_multiple_of(AT_ONCE) {
            store.commit(std::mem::take(&mut batch)).await.expect("it is written");
        }
    }
    store.commit(batch).await.expect("it is written");
    ids
}

fn message(
    user_id: UserId,
    conversation_id: ConversationId,
    parent_id: Option<MessageId>,
    number: u64,
    at: Timestamp,
) -> MessageRecord {
    let is_answer = number % 2 == 1;
    let text = if number.is_multiple_of(3) {
        format!("第 {number} 条：守护进程保存对话，客户端断开之后回答也会继续生成，直到完成为止。").repeat(4)
    } else {
        format!("message {number}: the daemon keeps what was said, and an answer goes on when its client is gone. ").repeat(4)
    };
    let role = if is_answer { Role::Assistant } else { Role::User };
    MessageRecord {
        parent_id,
        model: is_answer.then(|| "deepseek-chat".to_owned()),
        provider: is_answer.then(|| "deepseek".to_owned()),
        ..MessageRecord::said(conversation_id, user_id, role, vec![ContentPart::Text { text }], at)
    }
}
