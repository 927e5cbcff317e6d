//! A conversation's title: the first words of its first message. Pure.

use mmp_shared::message::{Content, ContentPart, images_of};

use crate::services::on_one_line;

/// The most characters of a title.
const LENGTH: usize = 60;

/// The title for a conversation that begins so: its first line that says anything, cut at a word; where it says nothing,
/// the name of its image.
pub(super) fn of(content: &Content) -> String {
    let text = match content {
        Content::Text(text) => text.as_str(),
        Content::Parts(parts) => parts
            .iter()
            .find_map(|part| match part {
                ContentPart::Text { text } if !text.trim().is_empty() => Some(text.as_str()),
                _ => None,
            })
            .or_else(|| images_of(parts).find_map(|image| image.name.as_deref()))
            .unwrap_or_default(),
    };
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    shorten(&on_one_line(line))
}

/// What a model gave as a title, as a title: its first line that says anything, without what it was told to leave out.
pub(super) fn clean(said: &str) -> Option<String> {
    let line = said.lines().map(str::trim).find(|line| !line.is_empty())?;
    let around = |c: char| c.is_whitespace() || "*_`\"'“”‘’「」《》".contains(c);
    let bare = line.trim_start_matches(|c| around(c) || c == '#').trim_end_matches(|c| around(c) || c == '.' || c == '。');
    let clean = on_one_line(bare);
    (!clean.trim().is_empty()).then(|| shorten(clean.trim()))
}

fn shorten(line: &str) -> String {
    if line.chars().count() <= LENGTH {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LENGTH).collect();
    // A script without spaces has no word to cut at.
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> String {
        of(&Content::Text(text.into()))
    }

    #[test]
    fn the_first_line_that_says_anything_is_the_title() {
        assert_eq!(title("\n  hello world \nmore"), "hello world");
        assert_eq!(title("tab\there"), "tab here");
    }

    #[test]
    fn what_a_model_adds_to_a_title_is_left_out() {
        for (said, wanted) in [
            ("\n**Rust lifetimes**\n\nBecause …", "Rust lifetimes"),
            ("\"Buying a bicycle.\"", "Buying a bicycle"),
            ("《自行车选购》。", "自行车选购"),
            ("Learning C#", "Learning C#"),
            ("# Title: a\u{7}b", "Title: a b"),
        ] {
            assert_eq!(clean(said).as_deref(), Some(wanted), "{said}");
        }
        assert_eq!(clean(" \n\"\"\n"), None);
        assert!(clean(&"word ".repeat(90)).is_some_and(|title| title.chars().count() <= LENGTH + 1));
    }

    #[test]
    fn a_long_line_is_cut_at_a_word_and_chinese_anywhere() {
        let long = title(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= LENGTH + 1, "{long}");
        assert_eq!(title(&"字".repeat(100)).chars().count(), LENGTH + 1);
    }
}
