//! A session of aichat's: one YAML file with a model and a list of messages. It has no times and no id: the file's own
//! time stands for the first, its name for the second.

use jiff::Timestamp;
use mmp_shared::{
    Phrase,
    export::{ExportedConversation, ExportedHead, ExportedMessage, FORMAT, FORMAT_VERSION},
    message::{ContentPart, Role},
};
use serde::Deserialize;

use super::{Found, broken, ids};

const PROGRAM: &str = "aichat";

#[derive(Deserialize)]
struct Session {
    model: Option<String>,
    #[serde(default)]
    compressed_messages: Vec<Message>,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    role: Role,
    content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
}

/// The session of a file with this name and time.
pub(crate) fn session(name: &str, yaml: &str, at: Timestamp) -> Result<Found, Phrase> {
    let source: Session = serde_saphyr::from_str(yaml).map_err(|error| broken(&error))?;
    let id = ids::conversation(PROGRAM, name, None);
    let all = source.compressed_messages.iter().chain(&source.messages);
    let (mut system, mut messages) = (None, Vec::<ExportedMessage>::new());
    for (number, message) in all.enumerate() {
        let text = text_of(&message.content);
        if message.role == Role::System && messages.is_empty() {
            system.get_or_insert(text);
            continue;
        }
        let is_answer = message.role == Role::Assistant;
        let (provider, model) = source.model.as_deref().and_then(|model| model.split_once(':')).unzip();
        let message_id = ids::message(id, &format!("{number} {} {text}", message.role.as_str()), None, number);
        let parent_id = messages.last().map(|last: &ExportedMessage| last.id);
        messages.push(ExportedMessage {
            model: model.filter(|_| is_answer).map(str::to_owned),
            provider: provider.filter(|_| is_answer).map(str::to_owned),
            ..ExportedMessage::said(message_id, parent_id, message.role, vec![ContentPart::Text { text }], at)
        });
    }
    let Some(last) = messages.last() else { return Ok(Found::Empty) };
    let head = ExportedHead {
        id,
        title: name.to_owned(),
        system,
        model: source.model.map(|model| model.replacen(':', "/", 1)),
        role: None,
        pinned: false,
        archived: false,
        leaf_id: Some(last.id),
        created_at: at,
        updated_at: at,
    };
    let own = ExportedConversation { format: FORMAT.to_owned(), version: FORMAT_VERSION, conversation: head, messages };
    Ok(Found::Conversation(Box::new(own)))
}

/// The words; of what is no text, that it was there.
fn text_of(content: &Content) -> String {
    let part = |part: &Part| match &part.text {
        Some(text) => text.clone(),
        None => format!("[{}]", part.kind.as_deref().unwrap_or("?")),
    };
    match content {
        Content::Text(text) => text.clone(),
        Content::Parts(parts) => parts.iter().map(part).collect::<Vec<_>>().join("\n\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "model: openai:gpt-4o\ntemperature: 0.5\nmessages:\n- role: system\n  content: be brief\n- role: user\n  content: |-\n    two\n    lines\n- role: assistant\n  content:\n  - type: text\n    text: hi\n  - type: image_url\n    image_url:\n      url: data:x\n";

    fn read(yaml: &str) -> ExportedConversation {
        match session("soup", yaml, Timestamp::UNIX_EPOCH) {
            Ok(Found::Conversation(own)) => *own,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_session_is_one_branch() {
        let own = read(YAML);
        let branch: Vec<_> = own.branch().iter().map(|message| mmp_shared::message::text_of(&message.content)).collect();
        assert_eq!(branch, ["two\nlines", "hi\n\n[image_url]"]);
        assert_eq!(
            (own.conversation.system.as_deref(), own.conversation.model.as_deref()),
            (Some("be brief"), Some("openai/gpt-4o"))
        );
    }

    #[test]
    fn a_session_that_grew_keeps_the_ids_of_what_was_there() {
        let (own, grown) = (read(YAML), read(&format!("{YAML}- role: user\n  content: more\n")));
        assert_eq!(own.conversation.id, grown.conversation.id);
        assert_eq!(own.messages, grown.messages[..2]);
    }

    #[test]
    fn what_is_no_session_is_refused() {
        for yaml in ["a: 1", "- 1", "messages: 7", "{", "messages:\n- role: nobody\n  content: x"] {
            assert_eq!(session("x", yaml, Timestamp::UNIX_EPOCH).expect_err(yaml).key, "import-broken-record");
        }
        assert!(matches!(session("x", "messages: []", Timestamp::UNIX_EPOCH), Ok(Found::Empty)));
    }
}
