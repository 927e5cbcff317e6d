//! The index by itself, in a folder: what leaves its files, and what it does where they are taken away or spoilt.

use std::{fs, path::Path};

use jiff::Timestamp;
use mmp_shared::{ConversationId, MessageId, UserId, message::Role};
use mmpd::search::{
    Change, Document, Found, Question, SearchError, SearchIndex as _, Start, query::parse, tantivy::TantivyIndex,
};

fn change(position: u64, message_id: MessageId, said: Option<(UserId, &str)>) -> Change {
    let document = said.map(|(user_id, text)| Document {
        user_id,
        conversation_id: ConversationId::from_bytes([1; 16]),
        role: Role::User,
        models: vec!["gpt".into()],
        at: Timestamp::UNIX_EPOCH,
        text: text.into(),
    });
    Change { position, message_id, document }
}

/// A question that nothing narrows.
pub(super) fn question(user_id: UserId, query: &str, start: Start, limit: usize) -> Question {
    Question {
        user_id,
        clauses: parse(query).clauses,
        models: vec![],
        roles: vec![],
        conversations: vec![],
        after: None,
        before: None,
        start,
        limit,
    }
}

async fn find(index: &TantivyIndex, user_id: UserId, query: &str) -> Result<Vec<Found>, SearchError> {
    index.find(question(user_id, query, Start::Best { skip: 0 }, 10)).await
}

/// The words of the index on disk, whoever has them.
fn words(folder: &Path) -> String {
    let index = tantivy::Index::open_in_dir(folder).expect("opens");
    let reader = index.reader().expect("reads");
    let field = index.schema().get_field("words").expect("a field");
    let mut words = String::new();
    for segment in reader.searcher().segment_readers() {
        let inverted = segment.inverted_index(field).expect("reads");
        let mut terms = inverted.terms().stream().expect("streams");
        while terms.advance() {
            words.push_str(&String::from_utf8_lossy(terms.key()));
            words.push('\n');
        }
    }
    words
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("reads").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Whether the bytes of a text stand in any file, as they are or turned round, as tantivy's dictionaries have them.
fn stands_in_a_file(folder: &Path, text: &str) -> bool {
    let turned: Vec<u8> = text.bytes().rev().collect();
    let has = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    names(folder).iter().any(|name| {
        let bytes = fs::read(folder.join(name)).unwrap_or_default();
        has(&bytes, text.as_bytes()) || has(&bytes, &turned)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_leaves_nothing_of_deleted_messages_in_the_files() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("search");
    let index = TantivyIndex::new(Some(folder.clone()));
    let user = UserId::generate();
    let ids: Vec<MessageId> = (0..20).map(|_| MessageId::generate()).collect();
    let all = (1..).zip(&ids).map(|(position, id)| {
        let text = if position == 7 { "a xylophone" } else { "a drum" };
        change(position, *id, Some((user, text)))
    });
    index.add(0, all.collect()).await.expect("told");
    index.write().await.expect("written");
    assert!(words(&folder).contains("xylophone"));
    let before = names(&folder);
    index.add(20, vec![change(21, ids[6], None)]).await.expect("told");
    index.purge().await.expect("purged");
    assert!(!words(&folder).contains("xylophone") && words(&folder).contains("drum"));
    assert!(!stands_in_a_file(&folder, "xylophone"));
    let is_segment = |name: &&String| name.split('.').next().is_some_and(|stem| stem.len() == 32);
    let after = names(&folder);
    assert_eq!(before.iter().filter(is_segment).find(|name| after.contains(name)), None, "no old file is left: {after:?}");
    assert_eq!(find(&index, user, "drum").await.expect("finds").len(), 10);
    assert_eq!(find(&index, user, "xylophone").await, Ok(vec![]));
    assert_eq!(index.reached().await.expect("known").written, Some((21, ids[6])), "it knows how far it has come");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_of_everything_and_of_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("search");
    let index = TantivyIndex::new(Some(folder.clone()));
    index.purge().await.expect("purged");
    assert!(!folder.exists(), "where there is no index, none is made");
    let (user, id) = (UserId::generate(), MessageId::generate());
    index.add(0, vec![change(1, id, Some((user, "a xylophone")))]).await.expect("told");
    index.write().await.expect("written");
    index.add(1, vec![change(2, id, None)]).await.expect("told");
    index.purge().await.expect("purged");
    assert_eq!(words(&folder), "");
    let again = TantivyIndex::new(Some(folder));
    assert_eq!(again.reached().await.expect("known").written, Some((2, id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_killed_goes_on_from_what_was_written() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("search");
    let (user, first, second) = (UserId::generate(), MessageId::generate(), MessageId::generate());
    let index = TantivyIndex::new(Some(folder.clone()));
    index.add(0, vec![change(1, first, Some((user, "a drum")))]).await.expect("told");
    index.write().await.expect("written");
    index.rest().await;
    index.add(1, vec![change(2, second, Some((user, "a drum")))]).await.expect("told");
    drop(index);
    let again = TantivyIndex::new(Some(folder));
    let reached = again.reached().await.expect("known");
    assert_eq!((reached.position, reached.written), (1, Some((1, first))));
    again.add(1, vec![change(2, second, Some((user, "a drum")))]).await.expect("told");
    assert_eq!(find(&again, user, "drum").await.expect("finds").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_files_are_taken_away_it_asks_to_be_told_everything_anew() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("search");
    let index = TantivyIndex::new(Some(folder.clone()));
    let (user, first, second) = (UserId::generate(), MessageId::generate(), MessageId::generate());
    let both = [change(1, first, Some((user, "a drum"))), change(2, second, Some((user, "a drum")))];
    index.add(0, both[..1].to_vec()).await.expect("told");
    index.write().await.expect("written");
    fs::remove_dir_all(&folder).expect("removes");
    index.add(1, both[1..].to_vec()).await.expect("told");
    assert!(matches!(index.write().await, Err(SearchError::Damaged(_))));
    assert_eq!(index.reached().await.expect("known").position, 0);
    index.add(0, both.to_vec()).await.expect("told");
    index.write().await.expect("written");
    assert_eq!(find(&index, user, "drum").await.expect("finds").len(), 2);
    assert!(folder.join("meta.json").exists());
    index.rest().await;
    fs::remove_dir_all(&folder).expect("removes");
    assert!(matches!(find(&index, user, "drum").await, Err(SearchError::Damaged(_))), "nor while nobody reads it");
    assert_eq!(index.reached().await.expect("known").position, 0);
}
