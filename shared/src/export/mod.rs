//! A conversation as it is taken along: whole, with its tree, ids and times, and as people read it.
//!
//! [`ExportedConversation`] is mmp's own form, which `import` takes back without a loss. [`markdown`] and [`html`] write
//! the current branch for people. Pure.

pub mod html;
pub mod markdown;

use std::{collections::HashMap, fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, MessageId,
    message::{ContentPart, FinishReason, Role, Status},
    usage::{Timing, Usage},
};

/// What an exported conversation says of its form.
pub const FORMAT: &str = "mmp.conversation";

/// The version of that form.
pub const FORMAT_VERSION: u32 = 1;

/// A form in which conversations are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Markdown, the current branch.
    #[default]
    Md,
    /// mmp's own form, one value.
    Json,
    /// mmp's own form, a conversation a line.
    Jsonl,
    /// One page, the current branch, that needs nothing beside it.
    Html,
}

impl ExportFormat {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Md, Self::Json, Self::Jsonl, Self::Html];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Html => "html",
        }
    }

    /// What it is over HTTP.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Md => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Jsonl => "application/jsonl",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|format| format.as_str() == text).ok_or_else(|| Self::ALL.map(Self::as_str).join(", "))
    }
}

/// The query of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// In which form; JSON unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<ExportFormat>,
}

/// A conversation, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedConversation {
    /// [`FORMAT`].
    pub format: String,
    /// [`FORMAT_VERSION`].
    pub version: u32,
    /// What it is.
    pub conversation: ExportedHead,
    /// Its messages, on all branches.
    pub messages: Vec<ExportedMessage>,
}

/// What an exported conversation is, its messages aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedHead {
    /// Its id.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// Instructions that stand before it.
    #[serde(default)]
    pub system: Option<String>,
    /// The model that was asked last, as `provider/model`.
    #[serde(default)]
    pub model: Option<String>,
    /// The name of the role that its first question was asked with; left out where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whether it is pinned.
    #[serde(default)]
    pub pinned: bool,
    /// Whether it is archived.
    #[serde(default)]
    pub archived: bool,
    /// The last message of the current branch.
    #[serde(default)]
    pub leaf_id: Option<MessageId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When a message was last added.
    pub updated_at: Timestamp,
}

/// A message of an exported conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedMessage {
    /// Its id.
    pub id: MessageId,
    /// The message before it on its branch.
    #[serde(default)]
    pub parent_id: Option<MessageId>,
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Vec<ContentPart>,
    /// What the model said when it refused.
    #[serde(default)]
    pub refusal: Option<String>,
    /// The model that wrote it.
    #[serde(default)]
    pub model: Option<String>,
    /// The provider that was asked.
    #[serde(default)]
    pub provider: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Why the model stopped.
    #[serde(default)]
    pub finish_reason: Option<FinishReason>,
    /// The tokens.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// Their price in US dollars.
    #[serde(default)]
    pub cost_usd: Option<f64>,
    /// How long it took.
    #[serde(default)]
    pub timing: Option<Timing>,
    /// When it was written.
    pub created_at: Timestamp,
}

impl ExportedMessage {
    /// A whole message of which no more is known than who said what, and when.
    pub const fn said(
        id: MessageId,
        parent_id: Option<MessageId>,
        role: Role,
        content: Vec<ContentPart>,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            parent_id,
            role,
            content,
            refusal: None,
            model: None,
            provider: None,
            status: Status::Complete,
            finish_reason: None,
            usage: None,
            cost_usd: None,
            timing: None,
            created_at,
        }
    }
}

impl ExportedConversation {
    /// The messages along the current branch, the first one first.
    pub fn branch(&self) -> Vec<&ExportedMessage> {
        let mut by_id: HashMap<_, _> = self.messages.iter().map(|message| (message.id, message)).collect();
        let (mut branch, mut next) = (Vec::new(), self.conversation.leaf_id);
        // Each message is taken once: even a chain of parents that leads back to itself ends.
        while let Some(message) = next.and_then(|id| by_id.remove(&id)) {
            next = message.parent_id;
            branch.push(message);
        }
        branch.reverse();
        branch
    }
}

/// Who speaks in a message, for people who read an export.
fn speaker(message: &ExportedMessage) -> String {
    match (message.role, &message.provider, &message.model) {
        (Role::Assistant, Some(provider), Some(model)) => format!("{provider}/{model}"),
        (Role::Assistant, None, Some(model)) => model.clone(),
        (role, ..) => role.as_str().to_owned(),
    }
}

/// A conversation in one of the forms, by itself.
pub fn write(conversation: &ExportedConversation, format: ExportFormat) -> String {
    match format {
        ExportFormat::Md => markdown::of(conversation),
        ExportFormat::Html => [html::BEGIN.to_owned(), html::of(conversation), html::END.to_owned()].concat(),
        // Our own types have text keys and no other that JSON cannot say.
        ExportFormat::Json | ExportFormat::Jsonl => serde_json::to_string(conversation).unwrap_or_default() + "\n",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A conversation whose second question was asked twice.
    pub(crate) fn sample() -> ExportedConversation {
        let ids: Vec<_> = (0..4).map(|number| MessageId::from_bytes([number; 16])).collect();
        let message = |number: usize, parent: Option<usize>, role, text: &str| ExportedMessage {
            id: ids[number],
            parent_id: parent.map(|parent| ids[parent]),
            role,
            content: vec![ContentPart::Text { text: text.into() }],
            refusal: None,
            model: (role == Role::Assistant).then(|| "gpt".into()),
            provider: (role == Role::Assistant).then(|| "openai".into()),
            status: Status::Complete,
            finish_reason: None,
            usage: None,
            cost_usd: Some(0.25),
            timing: None,
            created_at: Timestamp::UNIX_EPOCH,
        };
        ExportedConversation {
            format: FORMAT.into(),
            version: FORMAT_VERSION,
            conversation: ExportedHead {
                id: ConversationId::from_bytes([9; 16]),
                title: "a <b> & c".into(),
                system: Some("be brief".into()),
                model: Some("openai/gpt".into()),
                role: None,
                pinned: true,
                archived: false,
                leaf_id: Some(ids[3]),
                created_at: Timestamp::UNIX_EPOCH,
                updated_at: Timestamp::UNIX_EPOCH,
            },
            messages: vec![
                message(0, None, Role::User, "hello"),
                message(1, Some(0), Role::Assistant, "left <script>alert(1)</script>"),
                message(2, Some(0), Role::Assistant, "right <script>alert(2)</script>\n\n```html\n<i>\n```"),
                message(3, Some(2), Role::User, "more & more"),
            ],
        }
    }

    #[test]
    fn only_the_current_branch_is_read() {
        let conversation = sample();
        let ids: Vec<_> = conversation.branch().iter().map(|message| message.id.as_bytes()[0]).collect();
        assert_eq!(ids, [0, 2, 3]);
    }

    #[test]
    fn json_is_exact() {
        let conversation = sample();
        let text = write(&conversation, ExportFormat::Json);
        assert_eq!(serde_json::from_str::<ExportedConversation>(&text).expect("reads"), conversation);
    }
}
