//! What stands in the index: words and marks that carry their owner, ids and times. No text.

use mmp_shared::{ConversationId, MessageId, UserId, message::Role};
use tantivy::{
    TantivyDocument,
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

use crate::search::{Document, fresh::FreshChange, words::Words};

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) words: Field,
    pub(super) marks: Field,
    pub(super) id: Field,
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    pub(super) at: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |options: IndexRecordOption, has_lengths: bool| {
        let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(options);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(has_lengths))
    };
    let fields = Fields {
        words: schema.add_text_field("words", text(IndexRecordOption::WithFreqsAndPositions, true)),
        marks: schema.add_text_field("marks", text(IndexRecordOption::Basic, false)),
        id: schema.add_bytes_field("id", INDEXED),
        id_high: schema.add_u64_field("id_high", FAST),
        id_low: schema.add_u64_field("id_low", FAST),
        at: schema.add_i64_field("at", FAST),
    };
    (schema.build(), fields)
}

/// The two halves of an id.
pub(super) fn halves(id: MessageId) -> (u64, u64) {
    let number = u128::from_be_bytes(*id.as_bytes());
    #[allow(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
    ((number >> 64) as u64, number as u64)
}

/// The id of two halves.
pub(super) fn whole(high: u64, low: u64) -> MessageId {
    MessageId::from_bytes((u128::from(high) << 64 | u128::from(low)).to_be_bytes())
}

/// A word as it stands in the index: behind the mark of its owner.
pub(super) fn owned(user_id: UserId, word: &str) -> String {
    let mut owned = owner(user_id);
    owned.push_str(word);
    owned
}

/// A user's id, six bits a character.
fn owner(user_id: UserId) -> String {
    const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    let number = u128::from_be_bytes(*user_id.as_bytes());
    let digit = |place: u32| char::from(DIGITS[usize::try_from(number >> (6 * place) & 63).unwrap_or_default()]);
    (0..22).map(digit).collect()
}

/// The mark of everything of a user.
pub(super) const ANY: &str = "*";

pub(super) fn model_mark(name: &str) -> String {
    format!("model:{name}")
}

pub(super) fn role_mark(role: Role) -> String {
    format!("role:{}", role.as_str())
}

pub(super) fn conversation_mark(id: ConversationId) -> String {
    format!("in:{id}")
}

/// A message as tantivy takes it.
pub(super) fn document(fields: &Fields, change: &FreshChange, document: &Document, words: &Words) -> TantivyDocument {
    let mut made = TantivyDocument::default();
    let (high, low) = halves(change.message_id);
    made.add_bytes(fields.id, change.message_id.as_bytes());
    made.add_u64(fields.id_high, high);
    made.add_u64(fields.id_low, low);
    made.add_i64(fields.at, super::nanoseconds(document.at));
    let models = document.models.iter().map(|name| model_mark(name));
    let marks = models.chain([ANY.to_owned(), role_mark(document.role), conversation_mark(document.conversation_id)]);
    marks.for_each(|mark| made.add_text(fields.marks, owned(document.user_id, &mark)));
    made.add_pre_tokenized_text(fields.words, in_order(document.user_id, words));
    made
}

fn in_order(user_id: UserId, words: &Words) -> PreTokenizedString {
    let owner = owner(user_id);
    let mut tokens: Vec<Token> = Vec::with_capacity(words.length);
    for (word, positions) in &words.positions {
        let text = format!("{owner}{word}");
        tokens.extend(positions.iter().map(|position| Token {
            position: *position as usize,
            text: text.clone(),
            ..Token::default()
        }));
    }
    tokens.sort_by_key(|token| token.position);
    PreTokenizedString { text: String::new(), tokens }
}
