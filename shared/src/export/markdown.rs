//! A conversation as Markdown: its title, what it is, and who said what along the current branch. The words of messages
//! stand as they are, for most of them are Markdown already.

use super::{ExportedConversation, ExportedMessage, speaker};
use crate::message::{ContentPart, Status};

/// A conversation.
pub fn of(conversation: &ExportedConversation) -> String {
    let head = &conversation.conversation;
    let title = head.title.replace(['\n', '\r'], " ");
    let mut text = format!("# {title}\n\n{} · {}\n", head.id, head.updated_at);
    if let Some(system) = &head.system {
        text.push_str(&format!("\n## system\n\n{}\n", system.trim_end()));
    }
    for message in conversation.branch() {
        text.push_str(&format!("\n## {} · {}{}\n\n", speaker(message), message.created_at, status(message)));
        text.push_str(body(message).trim_end());
        text.push('\n');
    }
    text
}

fn status(message: &ExportedMessage) -> String {
    match message.status {
        Status::Complete => String::new(),
        other => format!(" ({})", other.as_str()),
    }
}

fn body(message: &ExportedMessage) -> String {
    let mut body = String::new();
    for part in &message.content {
        match part {
            ContentPart::Text { text } => body.push_str(text),
            // Megabytes of base64 are nothing to read; `json` and `html` have the image itself.
            ContentPart::Image(image) => body.push_str(&format!("\n\n{}\n\n", image.in_words().replace(['\n', '\r'], " "))),
            ContentPart::Reasoning { text } => {
                let quoted = text.lines().map(|line| format!("> {line}\n")).collect::<String>();
                body.push_str(&quoted);
                body.push('\n');
            }
            ContentPart::ToolCall(call) => body.push_str(&fenced(&format!("{}({})", call.name, call.arguments_raw))),
            ContentPart::ToolResult { text, .. } => body.push_str(&fenced(text)),
        }
    }
    if let Some(refusal) = &message.refusal {
        body.push_str(refusal);
    }
    body
}

/// Text as a block of code, whose fence is longer than any within.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n{fence}\n{}\n{fence}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{super::tests::sample, *};

    #[test]
    fn the_current_branch_is_written_with_who_said_what() {
        let text = of(&sample());
        assert!(text.starts_with("# a <b> & c\n"), "{text}");
        assert!(
            text.contains("## system\n\nbe brief\n") && text.contains("## user · 1970") && text.contains("## openai/gpt · 1970")
        );
        assert!(text.contains("right <script>") && !text.contains("left"), "{text}");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("a ``` b"), "\n````\na ``` b\n````\n");
    }
}
