//! The service of searches over the memory store: whose messages are found, and when.

mod index;
mod order;

use std::sync::Arc;

use jiff::Timestamp;
use mmp_shared::{
    ConversationId, MessageId, UserId,
    config::{Config, Side, Sources},
    message::{ContentPart, Role},
    places::Places,
    search::{SearchOrder, SearchPage, SearchQuery},
};
use mmpd::{
    compose::{Composed, compose},
    config::DaemonConfig,
    listen::shutdown::Ending,
    services::search::Search,
    store::{
        Batch, Operation, Store,
        records::{ConversationRecord, MessageRecord},
    },
};

struct World {
    store: Arc<dyn Store>,
    search: Arc<Search>,
    _home: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let resolved = Config::resolve(&Sources::default(), Some(Side::Daemon)).expect("the built-in settings");
        let mut config = DaemonConfig::from(&resolved);
        config.store.url = "memory:".into();
        let places = Places::under(home.path());
        let Composed { services, store } = compose(&config, &places, &Ending::default().asked).await.expect("a daemon");
        Self { store, search: services.search, _home: home }
    }

    /// A message in a conversation of its own.
    async fn put(&self, user_id: UserId, text: &str) -> MessageId {
        let (conversation_id, now) = (ConversationId::generate(), Timestamp::now());
        let conversation = serde_json::json!({
            "id": conversation_id, "user_id": user_id, "version": 1, "title": "title", "model": null, "leaf_id": null,
            "messages": 1, "created_at": now, "updated_at": now,
        });
        let conversation: ConversationRecord = serde_json::from_value(conversation).expect("a conversation");
        let message = message(user_id, conversation_id, text);
        let id = message.id;
        let batch = Batch::new().then(Operation::PutConversation(conversation)).then(Operation::PutMessage(message));
        self.store.commit(batch).await.expect("commits");
        id
    }

    async fn find(&self, user_id: UserId, q: &str) -> SearchPage {
        self.find_by(user_id, q, SearchOrder::Best).await
    }

    async fn find_by(&self, user_id: UserId, q: &str, sort: SearchOrder) -> SearchPage {
        let query = SearchQuery { q: q.into(), sort, limit: None, cursor: None };
        self.search.find(user_id, query).await.expect("a page")
    }
}

fn message(user_id: UserId, conversation_id: ConversationId, text: &str) -> MessageRecord {
    MessageRecord {
        model: Some("gpt".into()),
        provider: Some("openai".into()),
        ..MessageRecord::said(
            conversation_id,
            user_id,
            Role::User,
            vec![ContentPart::Text { text: text.into() }],
            Timestamp::now(),
        )
    }
}

const QUERIES: &[&str] =
    &["secret", "\"secret plan\"", "sec*", "\"secret pl\"*", "数据库", "库", "role:user", "model:gpt", "after:2020-01-01"];

/// Polls until the index has written what it was told: one more search then meets it on disk.
async fn until_written(world: &World) {
    tokio::spawn(Arc::clone(&world.search).keep_up());
    for _ in 0..2_000 {
        if world.search.is_written().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the index was not written");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_is_anothers() {
    let world = World::new().await;
    let (mine, theirs) = (UserId::generate(), UserId::generate());
    let own = world.put(mine, "my secret plan 数据库").await;
    world.put(theirs, "their secret plan 数据库").await;
    for is_written in [false, true] {
        if is_written {
            until_written(&world).await;
        }
        for query in QUERIES {
            let ids: Vec<_> = world.find(mine, query).await.items.iter().map(|hit| hit.message_id).collect();
            assert_eq!(ids, [own], "{query}, written: {is_written}");
            assert!(world.find(UserId::generate(), query).await.items.is_empty(), "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_forgotten_is_not_found() {
    let world = World::new().await;
    let user = UserId::generate();
    let first = world.put(user, "a needle").await;
    let second = world.put(user, "a needle").await;
    until_written(&world).await;
    world.store.commit(Batch::new().then(Operation::DeleteMessage(first))).await.expect("commits");
    let ids: Vec<_> = world.find(user, "needle").await.items.iter().map(|hit| hit.message_id).collect();
    assert_eq!(ids, [second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_ranks_among_what_is_written() {
    let world = World::new().await;
    let user = UserId::generate();
    let long = world.put(user, &format!("needle {}", "hay ".repeat(300))).await;
    until_written(&world).await;
    let short = world.put(user, "needle").await;
    let ids: Vec<_> = world.find(user, "needle").await.items.iter().map(|hit| hit.message_id).collect();
    assert_eq!(ids, [short, long]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_come_first_or_the_newest() {
    let world = World::new().await;
    let user = UserId::generate();
    let best = world.put(user, "needle needle").await;
    let middle = world.put(user, "a needle in some hay").await;
    let newest = world.put(user, &format!("needle {}", "hay ".repeat(300))).await;
    for is_written in [false, true] {
        if is_written {
            until_written(&world).await;
        }
        let ids = |page: SearchPage| page.items.into_iter().map(|hit| hit.message_id).collect::<Vec<_>>();
        assert_eq!(ids(world.find(user, "needle").await), [best, middle, newest], "written: {is_written}");
        let by_time = world.find_by(user, "needle", SearchOrder::Newest).await;
        assert!(by_time.items.iter().all(|hit| hit.score.is_none()));
        assert_eq!(ids(by_time), [newest, middle, best], "written: {is_written}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snippet_has_nothing_that_drives_a_terminal() {
    let world = World::new().await;
    let user = UserId::generate();
    world.put(user, "a \u{1b}[31m needle\u{7}\r\n\u{9b}2J in\u{0} hay").await;
    let page = world.find(user, "needle").await;
    let hit = &page.items[0];
    assert!(!hit.snippet.chars().any(char::is_control), "{:?}", hit.snippet);
    let (start, end) = hit.highlights[0];
    assert_eq!(hit.snippet.chars().skip(start).take(end - start).collect::<String>(), "needle");
}
