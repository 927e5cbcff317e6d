//! How much of a prompt a message is: what of it is sent as text, and about how many tokens that is. Pure.

use std::borrow::Cow;

use mmp_shared::message::{ContentPart, images_of};

use crate::{
    counting::{Family, estimate},
    providers::ChatMessage,
};

/// What a message costs beside its text, in tokens: who speaks, and where it begins and ends.
const AROUND: u64 = 4;

/// What an image costs, in tokens: about the most that providers reckon for one.
const IMAGE: u64 = 1_600;

/// What of a message is sent as text. Thinking is not sent again.
pub(super) fn sent_text(parts: &[ContentPart]) -> Cow<'_, str> {
    let mut texts = parts.iter().flat_map(|part| match part {
        ContentPart::Text { text } | ContentPart::ToolResult { text, .. } => [text.as_str(), ""],
        ContentPart::ToolCall(call) => [call.name.as_str(), call.arguments_raw.as_str()],
        _ => ["", ""],
    });
    let first = texts.find(|text| !text.is_empty()).unwrap_or_default();
    let mut whole = Cow::Borrowed(first);
    for text in texts.filter(|text| !text.is_empty()) {
        whole.to_mut().push_str(text);
    }
    whole
}

/// The tokens of a message beside its text.
pub(super) fn beside_text(message: &ChatMessage) -> u64 {
    AROUND + IMAGE * images_of(&message.parts).count() as u64
}

/// About how many tokens a message has.
pub(super) fn estimated(family: Family, message: &ChatMessage) -> u64 {
    beside_text(message) + estimate(family, &sent_text(&message.parts))
}

/// No message has more tokens than this: a token is a byte at least.
pub(super) fn most(message: &ChatMessage) -> u64 {
    AROUND + beside_text(message) + sent_text(&message.parts).len() as u64
}
