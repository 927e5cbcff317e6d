//! The first fenced block of an answer, bare, for `--code`.

/// What stands in the first fenced block, without its fences. A fence that nobody closes reaches to the end.
pub(crate) fn first(text: &str) -> Option<String> {
    next(&mut text.split_inclusive('\n'))
}

/// What stands in each of them.
pub(crate) fn all(text: &str) -> Vec<String> {
    let mut lines = text.split_inclusive('\n');
    std::iter::from_fn(|| next(&mut lines)).collect()
}

fn next<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<String> {
    let (mark, length, indent) = lines.by_ref().find_map(opening)?;
    let mut block = String::new();
    for line in lines {
        if is_closing(line, mark, length) {
            break;
        }
        let spaces = line.len() - line.trim_start_matches(' ').len();
        block.push_str(&line[spaces.min(indent)..]);
    }
    Some(block)
}

/// The mark of a fence, how many of them, and how far it is indented.
fn opening(line: &str) -> Option<(char, usize, usize)> {
    let bare = line.trim_start_matches(' ');
    let mark = bare.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = bare.len() - bare.trim_start_matches(mark).len();
    let info = &bare[length..];
    // A list may indent its fences by more than the three spaces that Markdown allows at the top.
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length, line.len() - bare.len()))
}

fn is_closing(line: &str, mark: char, length: usize) -> bool {
    let bare = line.trim();
    bare.len() >= length && bare.chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_block_is_bare() {
        assert_eq!(first("So:\n```sh\nls -l\n\ndu\n```\nor\n```\nx\n```\n").as_deref(), Some("ls -l\n\ndu\n"));
    }

    #[test]
    fn every_block_is_found() {
        assert_eq!(all("```\na\n```\nx\n~~~\nb\n~~~\n```\nc"), ["a\n", "b\n", "c"]);
        assert_eq!(all("none"), Vec::<String>::new());
    }

    #[test]
    fn a_longer_fence_holds_a_shorter_one() {
        assert_eq!(first("````md\n```\nx\n```\n````").as_deref(), Some("```\nx\n```\n"));
    }

    #[test]
    fn an_indented_block_loses_its_indent() {
        assert_eq!(first("1. a\n   ```\n   x\n     y\n   ```\n").as_deref(), Some("x\n  y\n"));
    }

    #[test]
    fn no_block_is_nothing_and_an_open_one_reaches_to_the_end() {
        assert_eq!(first("just `code`"), None);
        assert_eq!(first("```\nx").as_deref(), Some("x"));
        assert_eq!(first("```not``` a fence"), None);
    }
}
