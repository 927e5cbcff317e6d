//! What is found, and in which order, where not everything is looked at: the same as by looking at all of it.

use jiff::{SignedDuration, Timestamp};
use mmp_shared::{ConversationId, MessageId, UserId, message::Role};
use mmpd::search::{Change, Document, Found, Question, SearchIndex as _, Start, tantivy::TantivyIndex};

use super::index::question;

/// More than one block of a segment, in more than one segment.
const MESSAGES: u64 = 11_000;
const SEGMENTS: u64 = 3;

struct World {
    index: TantivyIndex,
    user: UserId,
    documents: Vec<(MessageId, Document)>,
}

/// Every fifth message says `common`, each thousandth `rare`; times go up, but some messages are much older or newer than their
/// neighbours, and many have the same.
async fn world(folder: &std::path::Path) -> World {
    let index = TantivyIndex::new(Some(folder.join("search")));
    let (user, other) = (UserId::generate(), UserId::generate());
    let mut documents = Vec::new();
    let mut changes = Vec::new();
    for number in 0..MESSAGES {
        let strewn = number.wrapping_mul(2_654_435_761) % 1_009;
        let second = if strewn < 50 { strewn * 211 } else { number / 3 };
        let mut text = "filler ".repeat(usize::try_from(strewn % 7).expect("small") + 1);
        if number % 5 == 0 {
            text.push_str(&"common ".repeat(usize::try_from(strewn % 3).expect("small") + 1));
        }
        text.push_str(if number % 1_000 == 999 { "rare" } else { "" });
        let document = Document {
            user_id: if number % 11 == 10 { other } else { user },
            conversation_id: ConversationId::from_bytes([u8::try_from(number % 200).expect("small"); 16]),
            role: if number % 2 == 0 { Role::User } else { Role::Assistant },
            models: vec!["gpt".into()],
            at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::try_from(second).expect("small")),
            text,
        };
        let id = MessageId::generate();
        documents.push((id, document.clone()));
        changes.push(Change { position: number + 1, message_id: id, document: Some(document) });
        if (number + 1) % (MESSAGES / SEGMENTS) == 0 || number + 1 == MESSAGES {
            let after = changes.first().map_or(0, |change: &Change| change.position - 1);
            index.add(after, std::mem::take(&mut changes)).await.expect("told");
            index.write().await.expect("written");
        }
    }
    // What was deleted since stands in the segments still.
    let gone: Vec<(MessageId, Document)> = documents.extract_if(.., |(_, document)| document.at.as_second() % 97 == 3).collect();
    let deleted = (MESSAGES + 1..).zip(&gone).map(|(position, (id, _))| Change { position, message_id: *id, document: None });
    index.add(MESSAGES, deleted.collect()).await.expect("told");
    index.write().await.expect("written");
    World { index, user, documents }
}

/// Questions that narrow by much and by little.
fn narrowed(question: &Question) -> Vec<Question> {
    let at = |second| Some(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second));
    vec![
        question.clone(),
        Question { roles: vec![Role::User], ..question.clone() },
        Question { conversations: vec![ConversationId::from_bytes([5; 16])], ..question.clone() },
        Question { models: vec!["gpt".into()], roles: vec![Role::Assistant], ..question.clone() },
        Question { after: at(700), before: at(2_400), ..question.clone() },
        Question { models: vec!["another".into()], ..question.clone() },
    ]
}

fn fits(question: &Question, query: &str, document: &Document) -> bool {
    let says = query.split_whitespace().all(|word| document.text.split_whitespace().any(|said| said == word));
    says && document.user_id == question.user_id
        && question.roles.iter().all(|role| document.role == *role)
        && question.conversations.iter().all(|id| document.conversation_id == *id)
        && question.models.iter().all(|model| document.models.contains(model))
        && question.after.is_none_or(|after| document.at >= after)
        && question.before.is_none_or(|before| document.at < before)
}

const QUERIES: &[&str] = &["common", "rare", "filler", "common filler", "common rare", "nothing"];

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_first_are_the_newest_page_by_page() {
    let home = tempfile::tempdir().expect("a folder");
    let world = world(home.path()).await;
    for query in QUERIES {
        for asked in narrowed(&question(world.user, query, Start::Newest { below: None }, 150)) {
            let fitting = world.documents.iter().filter(|(_, document)| fits(&asked, query, document));
            let mut expected: Vec<(Timestamp, MessageId)> = fitting.map(|(id, document)| (document.at, *id)).collect();
            expected.sort_unstable_by(|one, other| other.cmp(one));
            let mut below = None;
            for page in expected.chunks(150).take(4).chain([&[][..]].into_iter().filter(|_| expected.is_empty())) {
                let found = world.index.find(Question { start: Start::Newest { below }, ..asked.clone() }).await.expect("finds");
                let places: Vec<(Timestamp, MessageId)> = found.iter().map(|hit| (hit.at, hit.message_id)).collect();
                assert_eq!(places, page, "{query} {asked:?}");
                below = places.last().copied();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_of_what_a_filter_leaves_are_the_best() {
    let home = tempfile::tempdir().expect("a folder");
    let world = world(home.path()).await;
    let all = usize::try_from(MESSAGES).expect("small");
    for query in QUERIES {
        let everything = question(world.user, query, Start::Best { skip: 0 }, all);
        let ranked = world.index.find(everything.clone()).await.expect("finds");
        for asked in narrowed(&Question { limit: 20, ..everything }) {
            let passes = |hit: &&Found| {
                world.documents.iter().any(|(id, document)| *id == hit.message_id && fits(&asked, query, document))
            };
            let scores = |found: &[Found]| found.iter().map(|hit| hit.score.unwrap_or_default()).collect::<Vec<_>>();
            let expected: Vec<Found> = ranked.iter().filter(passes).take(20).copied().collect();
            let found = world.index.find(asked.clone()).await.expect("finds");
            // Of those that are as good, any may be left out.
            assert_eq!(scores(&found), scores(&expected), "{query} {asked:?}");
            assert!(found.iter().all(|hit| passes(&hit)), "{query} {asked:?}");
        }
    }
}
