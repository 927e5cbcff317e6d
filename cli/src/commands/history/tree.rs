//! A conversation as a tree: a line a message, stepped in where it forks, the current branch marked.

use std::collections::{HashMap, HashSet};

use mmp_shared::{
    MessageId,
    conversations::{ConversationDetail, Message},
};
use unicode_width::UnicodeWidthChar as _;

use super::show::{dim, in_words, who};
use crate::{context::Context, output::{listing, neutralise::neutralise_line}};

/// How many columns a line has where nobody says.
const WIDTH: usize = 100;

/// A line of the tree: how deep it stands, and the message.
struct Line<'a> {
    depth: usize,
    message: &'a Message,
}

/// The tree as text.
pub(super) fn drawn(context: &Context, detail: &ConversationDetail) -> String {
    let current = current_branch(detail);
    let width = listing::width(context).unwrap_or(WIDTH);
    let mut text = String::new();
    for Line { depth, message } in lines(&detail.messages) {
        let mark = if current.contains(&message.id) { '*' } else { ' ' };
        let begin = format!("{mark} {}{} {}: ", "  ".repeat(depth), message.id.short(), who(context, message));
        let first = message.text.lines().find(|line| !line.trim().is_empty()).map(|line| neutralise_line(line.trim()));
        let said = first.or_else(|| message.images.first().map(|image| in_words(context, image))).unwrap_or_default();
        let line = begin.clone() + &cut(&said, width.saturating_sub(begin.chars().count()).max(20));
        text.push_str(&if mark == '*' { line.trim_end().to_owned() } else { dim(context, line.trim_end()) });
        text.push('\n');
    }
    text
}

fn current_branch(detail: &ConversationDetail) -> HashSet<MessageId> {
    let parents: HashMap<_, _> = detail.messages.iter().map(|message| (message.id, message.parent_id)).collect();
    let (mut branch, mut next) = (HashSet::new(), detail.leaf_id);
    while let Some(id) = next.filter(|id| branch.insert(*id)) {
        next = parents.get(&id).copied().flatten();
    }
    branch
}

/// The messages from the roots on, children behind their parents; what follows a fork stands one step further in.
fn lines(messages: &[Message]) -> Vec<Line<'_>> {
    let known: HashSet<_> = messages.iter().map(|message| message.id).collect();
    let mut children: HashMap<Option<MessageId>, Vec<&Message>> = HashMap::new();
    for message in messages {
        children.entry(message.parent_id.filter(|parent| known.contains(parent))).or_default().push(message);
    }
    let mut below = |parent: Option<MessageId>, depth: usize| {
        let found = children.remove(&parent).unwrap_or_default();
        let depth = if found.len() > 1 { depth + 1 } else { depth };
        found.into_iter().rev().map(move |message| Line { depth, message })
    };
    let (mut lines, mut waiting) = (Vec::new(), Vec::from_iter(below(None, 0)));
    while let Some(line) = waiting.pop() {
        waiting.extend(below(Some(line.message.id), line.depth));
        lines.push(line);
    }
    lines
}

/// As much of a line as fits.
fn cut(line: &str, width: usize) -> String {
    let mut taken = 0;
    let fitting: String = line
        .chars()
        .take_while(|c| {
            taken += c.width().unwrap_or(0);
            taken <= width
        })
        .collect();
    if fitting.len() < line.len() { format!("{fitting}…") } else { fitting }
}

#[cfg(test)]
mod tests {
    use mmp_shared::message::{Role, Status};

    use super::*;

    fn message(number: u8, parent: Option<u8>) -> Message {
        let id = |number: u8| MessageId::from_bytes([number; 16]);
        Message {
            id: id(number),
            parent_id: parent.map(id),
            role: Role::User,
            text: String::new(),
            images: Vec::new(),
            reasoning: None,
            model: None,
            provider: None,
            status: Status::Complete,
            usage: None,
            cost_usd: None,
            timing: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_a_fork_steps_in() {
        let messages = [message(1, None), message(2, Some(1)), message(3, Some(1)), message(4, Some(2)), message(5, Some(9))];
        let drawn: Vec<_> = lines(&messages).iter().map(|line| (line.message.id.as_bytes()[0], line.depth)).collect();
        assert_eq!(drawn, [(1, 1), (2, 2), (4, 2), (3, 2), (5, 1)], "one whose parent is not there is a root");
    }

    #[test]
    fn a_long_chain_does_not_step_in() {
        let messages: Vec<_> = (0..=200).map(|number: u8| message(number, number.checked_sub(1))).collect();
        assert!(lines(&messages).iter().all(|line| line.depth == 0));
    }

    #[test]
    fn a_line_is_cut_at_a_whole_character() {
        assert_eq!(cut("一二三四", 5), "一二…");
        assert_eq!(cut("abc", 5), "abc");
    }
}
