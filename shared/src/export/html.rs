//! Conversations as one page that needs nothing beside it: no script, no link, every word of a message escaped, and a
//! policy in the page itself that forbids whatever might come.

use super::{ExportedConversation, ExportedMessage, speaker};
use crate::message::{ContentPart, Role, Status};

/// What stands before the conversations.
pub const BEGIN: &str = concat!(
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>mmp</title>\n<style>\n",
    ":root { color-scheme: light dark }\n",
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }\n",
    "h1 { font-size: 1.4rem; margin-top: 3rem } h2 { font-size: 0.85rem; opacity: 0.65; font-weight: normal; margin: 1.5rem 0 0.25rem }\n",
    ".said { white-space: pre-wrap; overflow-wrap: anywhere } .user { border-left: 3px solid; padding-left: 0.75rem }\n",
    ".aside { opacity: 0.65; font-size: 0.9rem } pre { overflow-x: auto; padding: 0.5rem; border: 1px solid; white-space: pre }\n",
    "img { max-width: 100%; height: auto }\n",
    "</style>\n</head>\n<body>\n",
);

/// What stands behind them.
pub const END: &str = "</body>\n</html>\n";

/// A conversation.
pub fn of(conversation: &ExportedConversation) -> String {
    let head = &conversation.conversation;
    let mut page = format!("<section>\n<h1>{}</h1>\n<h2>{} · {}</h2>\n", escaped(&head.title), head.id, head.updated_at);
    if let Some(system) = &head.system {
        page.push_str(&format!("<h2>system</h2>\n<div class=\"said aside\">{}</div>\n", escaped(system)));
    }
    for message in conversation.branch() {
        page.push_str(&said(message));
    }
    page.push_str("</section>\n");
    page
}

fn said(message: &ExportedMessage) -> String {
    let status = match message.status {
        Status::Complete => String::new(),
        other => format!(" ({})", other.as_str()),
    };
    let class = if message.role == Role::User { "said user" } else { "said" };
    let mut page = format!("<h2>{} · {}{status}</h2>\n", escaped(&speaker(message)), message.created_at);
    for part in &message.content {
        page.push_str(&match part {
            ContentPart::Text { text } => format!("<div class=\"{class}\">{}</div>\n", with_code(text)),
            // Base64 has no character that ends an attribute.
            ContentPart::Image(image) => {
                format!("<p><img src=\"{}\" alt=\"{}\"></p>\n", image.data_url(), escaped(&image.in_words()))
            }
            ContentPart::Reasoning { text } => format!("<div class=\"said aside\">{}</div>\n", escaped(text)),
            ContentPart::ToolCall(call) => {
                format!("<pre>{}({})</pre>\n", escaped(&call.name), escaped(&call.arguments_raw))
            }
            ContentPart::ToolResult { text, .. } => format!("<pre>{}</pre>\n", escaped(text)),
        });
    }
    if let Some(refusal) = &message.refusal {
        page.push_str(&format!("<div class=\"said aside\">{}</div>\n", escaped(refusal)));
    }
    page
}

/// Text with its fenced blocks set as code; the rest stands as it was written.
fn with_code(text: &str) -> String {
    let (mut page, mut fence) = (String::with_capacity(text.len()), None::<usize>);
    for line in text.split_inclusive('\n') {
        let ticks = line.trim_start().chars().take_while(|c| *c == '`').count();
        match fence {
            None if ticks >= 3 => {
                fence = Some(ticks);
                page.push_str("<pre><code>");
            }
            Some(opened) if ticks >= opened && line.trim().chars().all(|c| c == '`') => {
                fence = None;
                page.push_str("</code></pre>");
            }
            _ => page.push_str(&escaped(line)),
        }
    }
    if fence.is_some() {
        page.push_str("</code></pre>");
    }
    page
}

/// Text that cannot be markup, within an element as within an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Not allowed in HTML, and nothing to read.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' => escaped.push('\u{fffd}'),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{super::tests::sample, *};

    #[test]
    fn no_word_of_a_message_is_markup() {
        let page = of(&sample());
        assert!(page.contains("&lt;script&gt;alert(2)&lt;/script&gt;") && !page.contains("<script"), "{page}");
        assert!(page.contains("<h1>a &lt;b&gt; &amp; c</h1>"), "{page}");
        assert!(page.contains("<pre><code>&lt;i&gt;\n</code></pre>"), "{page}");
        assert!(!page.contains("left"), "another branch is not read");
    }

    #[test]
    fn the_page_has_no_script_and_asks_for_nothing() {
        let page = [BEGIN, END].concat();
        assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("https:") && !page.contains("url("));
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn an_open_fence_and_quotes_do_no_harm() {
        assert_eq!(with_code("```\n\"<"), "<pre><code>&quot;&lt;</code></pre>");
        assert_eq!(escaped("\u{1}'"), "\u{fffd}&#39;");
    }
}
