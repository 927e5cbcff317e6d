//! What finding messages costs, among few of them and among many, quiet and while others are stored.
//!
//! `MMP_BENCH_MESSAGES=1000000 cargo bench -p mmpd --bench search`. All of it within this process: the daemon's own services over the
//! embedded store and the index on disk, filled with generated English and Chinese. One user has all the messages that are
//! counted, two others a tenth of that more. `MMP_BENCH_HOME` names a folder where it is left, for a daemon to be started
//! over. What the figures mean stands in `docs/performance.md`.
#![allow(clippy::print_stdout)] // It is here to print.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use mmp_shared::{
    ConversationId, UserId,
    config::{Config, Side, Sources},
    message::{ContentPart, Role},
    places::Places,
    search::{SearchOrder, SearchQuery},
};
use mmpd::{
    compose::{Composed, compose},
    config::DaemonConfig,
    listen::shutdown::Ending,
    services::{Services, auth::Credentials},
    store::{
        Batch, Operation, Store,
        records::{ConversationRecord, MessageRecord},
    },
};

/// How many messages a conversation has, and how many are stored at once when the store is filled.
const IN_ONE: usize = 50;
const AT_ONCE: usize = 500;

/// How often a question is asked.
const ROUNDS: usize = 300;

/// How many chats go on meanwhile, and how long each waits between two messages.
const CHATS: usize = 10;
const PACE: Duration = Duration::from_millis(100);

/// What is asked: what it is called, the query, the order.
const QUESTIONS: &[(&str, &str, SearchOrder)] = &[
    ("rare word", "xylograph", SearchOrder::Best),
    ("common word", "the", SearchOrder::Best),
    ("two words", "the data", SearchOrder::Best),
    ("phrase", "\"of the\"", SearchOrder::Best),
    ("beginning", "dat*", SearchOrder::Best),
    ("Chinese, two characters", "数据", SearchOrder::Best),
    ("Chinese, four characters", "可以使用", SearchOrder::Best),
    ("common word, `role:user`", "role:user the", SearchOrder::Best),
    ("rare word, newest first", "xylograph", SearchOrder::Newest),
    ("common word, newest first", "the", SearchOrder::Newest),
];

const ENGLISH: &str = "the of and to a in is you that it for on was with as are be this have from or by not but what all were we when your can \
    there use an each which do how their if will up other about out many then them these so some would make like into time has look two more write \
    go see number no way could people my than first been call who its now find long down day did get come made may part code function data error file \
    value type string list return class test model server query index token memory thread table user message answer question example version";

const CHINESE: &str = "我们 可以 这个 一个 没有 什么 自己 时候 问题 数据 代码 函数 模型 使用 方法 如果 因为 所以 但是 然后 需要 进行 通过 其中 以及 \
    可能 应该 系统 文件 错误 返回 参数 类型 用户 消息 时间 内容 结果 服务 请求 接口 测试 运行 程序 语言 中文 世界 开始 现在 知道 数据库 服务器 操作系统";

#[tokio::main]
async fn main() {
    let messages = std::env::var("MMP_BENCH_MESSAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let kept = std::env::var("MMP_BENCH_HOME").ok();
    for count in [100, messages] {
        let temporary = tempfile::tempdir().expect("a folder");
        let home = kept.as_ref().filter(|_| count == messages).map_or(temporary.path(), Path::new);
        run(count, home).await;
    }
}

struct World {
    services: Services,
    store: Arc<dyn Store>,
    asker: UserId,
}

async fn run(count: usize, home: &Path) {
    println!("\n## {count} messages\n");
    let resolved = Config::resolve(&Sources::default(), Some(Side::Daemon)).expect("the built-in settings");
    let config = DaemonConfig::from(&resolved);
    let ending = Ending::default();
    let places = Places::under(home);
    let Composed { services, store } = compose(&config, &places, &ending.asked).await.expect("a daemon");
    let peer = Some(rustix::process::geteuid().as_raw());
    let asker = services.auth.identify(&Credentials { bearer: None, peer }).await.expect("an account").id;
    let world = World { services, store, asker };
    fill(&world, count).await;
    println!("resident with the store filled: {} MiB", resident());
    let begun = Instant::now();
    let following = tokio::spawn(Arc::clone(&world.services.search).keep_up());
    while !world.services.search.is_written().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("indexed from the store in {:.1} s; the index has {} MiB", begun.elapsed().as_secs_f64(), size(&places.search()));
    println!("resident with the index written: {} MiB\n", resident());
    println!(
        "| {count} messages | found | p50 ms | p99 ms | while {CHATS} chats are stored, p50 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|"
    );
    for (name, query, order) in QUESTIONS {
        let (found, quiet) = ask(&world, query, *order).await;
        let busy = while_chatting(&world, query, *order).await;
        println!("| {name} | {found} | {} | {} | {} | {} |", at(&quiet, 50), at(&quiet, 99), at(&busy, 50), at(&busy, 99));
    }
    println!("\nresident at the end: {} MiB", resident());
    following.abort();
    world.store.close().await.expect("closes");
}

/// Fills the store: a thousand messages of the asker's are followed by a hundred of others.
async fn fill(world: &World, count: usize) {
    let begun = Instant::now();
    let mut text = Text::new();
    let others = [UserId::generate(), UserId::generate()];
    let owners = (0..count).map(|number| (number, world.asker));
    let all: Vec<(usize, UserId)> = owners.chain((0..count / 10).map(|number| (number, others[number / IN_ONE % 2]))).collect();
    let mut places = std::collections::HashMap::new();
    let rare = (count / 5).max(1);
    for some in all.chunks(AT_ONCE) {
        let mut batch = Batch::new();
        for (number, owner) in some {
            let place = *places.entry((*owner, number / IN_ONE)).or_insert_with(ConversationId::generate);
            if number % IN_ONE == 0 {
                batch = batch.then(Operation::PutConversation(conversation(*owner, place)));
            }
            let mut said = text.message((number / IN_ONE).is_multiple_of(3), number % 2 == 0);
            if number % rare == 0 {
                said.push_str(" xylograph");
            }
            batch = batch.then(Operation::PutMessage(message(*owner, place, number % 2 == 0, said)));
        }
        world.store.commit(batch).await.expect("stores");
    }
    println!("stored {} messages, {} MiB of text, in {:.1} s", all.len(), text.bytes >> 20, begun.elapsed().as_secs_f64());
}

async fn ask(world: &World, query: &str, sort: SearchOrder) -> (usize, Vec<Duration>) {
    let (mut found, mut times) = (0, Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        let asked = SearchQuery { q: query.to_owned(), sort, limit: Some(20), cursor: None };
        let begun = Instant::now();
        found = world.services.search.find(world.asker, asked).await.expect("a page").items.len();
        times.push(begun.elapsed());
    }
    times.sort();
    (found, times)
}

/// The same while chats are stored, message by message.
async fn while_chatting(world: &World, query: &str, sort: SearchOrder) -> Vec<Duration> {
    let is_over = Arc::new(AtomicBool::new(false));
    let chats: Vec<_> = (0..CHATS)
        .map(|_| {
            let (store, owner, is_over) = (Arc::clone(&world.store), world.asker, Arc::clone(&is_over));
            tokio::spawn(async move {
                let (mut text, place) = (Text::new(), ConversationId::generate());
                let begin = Batch::new().then(Operation::PutConversation(conversation(owner, place)));
                store.commit(begin).await.expect("stores");
                while !is_over.load(Ordering::Relaxed) {
                    let said = Operation::PutMessage(message(owner, place, false, text.message(false, false)));
                    store.commit(Batch::new().then(said)).await.expect("stores");
                    tokio::time::sleep(PACE).await;
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    let begun = Instant::now();
    // Long enough for several commits of the index.
    while times.len() < ROUNDS || begun.elapsed() < Duration::from_secs(4) {
        times.extend(ask_once(world, query, sort).await);
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    for chat in chats {
        chat.await.expect("a chat ends");
    }
    times.sort();
    times
}

async fn ask_once(world: &World, query: &str, sort: SearchOrder) -> Option<Duration> {
    let asked = SearchQuery { q: query.to_owned(), sort, limit: Some(20), cursor: None };
    let begun = Instant::now();
    world.services.search.find(world.asker, asked).await.expect("a page");
    Some(begun.elapsed())
}

fn at(times: &[Duration], percent: usize) -> String {
    format!("{:.2}", times[(times.len() - 1) * percent / 100].as_secs_f64() * 1_000.0)
}

/// Words by Zipf's law: the second is half as frequent as the first, and so on.
struct Text {
    english: Vec<String>,
    chinese: Vec<String>,
    state: u64,
    bytes: usize,
}

impl Text {
    fn new() -> Self {
        let mut text = Self {
            english: ENGLISH.split_whitespace().map(str::to_owned).collect(),
            chinese: CHINESE.split_whitespace().map(str::to_owned).collect(),
            state: 0x9e37_79b9_7f4a_7c15 ^ u64::from(std::process::id()),
            bytes: 0,
        };
        const SYLLABLES: &[&str] =
            &["ba", "ten", "mi", "lor", "cu", "sha", "pre", "on", "ri", "dal", "ve", "st", "ka", "in", "or", "ex"];
        while text.english.len() < 30_000 {
            let length = 2 + text.below(3);
            let word = (0..length).map(|_| SYLLABLES[text.below(SYLLABLES.len())]).collect();
            text.english.push(word);
        }
        while text.chinese.len() < 20_000 {
            let length = 1 + text.below(3);
            let character = |number| char::from_u32(0x4e00 + number).unwrap_or('字');
            let word = (0..length).map(|_| character(u32::try_from(text.below(3_000)).unwrap_or(0))).collect();
            text.chinese.push(word);
        }
        text
    }

    fn random(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.random() % end as u64).unwrap_or(0)
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank is small")]
    fn rank(&mut self, end: usize) -> usize {
        let share = (self.random() >> 11) as f64 / (1_u64 << 53) as f64;
        ((end as f64).powf(share) as usize).clamp(1, end) - 1
    }

    /// A question of 5 to 30 words, or an answer of 30 to 150.
    fn message(&mut self, is_chinese: bool, is_question: bool) -> String {
        let length = if is_question { 5 + self.below(25) } else { 30 + self.below(120) };
        let mut said = String::new();
        for number in 0..length {
            let ends = number % 11 == 10;
            if is_chinese {
                let rank = self.rank(self.chinese.len());
                said.push_str(&self.chinese[rank]);
                said.push_str(if ends { "，" } else { "" });
            } else {
                let rank = self.rank(self.english.len());
                said.push_str(&self.english[rank]);
                said.push_str(if ends { ". " } else { " " });
            }
        }
        self.bytes += said.len();
        said
    }
}

fn conversation(user_id: UserId, id: ConversationId) -> ConversationRecord {
    let now = Timestamp::now();
    let record = serde_json::json!({
        "id": id, "user_id": user_id, "version": 1, "title": "a title", "model": null, "leaf_id": null,
        "messages": IN_ONE, "created_at": now, "updated_at": now,
    });
    serde_json::from_value(record).expect("a conversation")
}

fn message(user_id: UserId, conversation_id: ConversationId, is_question: bool, text: String) -> MessageRecord {
    MessageRecord {
        model: Some("gpt".into()),
        provider: Some("openai".into()),
        ..MessageRecord::said(
            conversation_id,
            user_id,
            if is_question { Role::User } else { Role::Assistant },
            vec![ContentPart::Text { text }],
            Timestamp::now(),
        )
    }
}

/// What this process has in memory, in MiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1_024
}

/// What a folder has on disk, in MiB.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum::<u64>() >> 20
}
