//! Text in lines that fit a terminal. What stands in backticks, a command say, stays on one line if it fits on any; a
//! Chinese character takes two columns and may end a line.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What is never divided, and whether a blank stands before it.
struct Piece {
    text: String,
    is_after_blank: bool,
}

/// The text in lines of at most `width` columns.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text).into_iter().flat_map(|piece| fitting(piece, width)) {
        let line = lines.last_mut().filter(|line| {
            let blank = usize::from(piece.is_after_blank && !line.is_empty());
            line.is_empty() || line.width() + blank + piece.text.width() <= width
        });
        match line {
            Some(line) => {
                if piece.is_after_blank && !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&piece.text);
            }
            None => lines.push(piece.text),
        }
    }
    lines
}

fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut is_after_blank, mut is_quoted, mut may_go_on) = (Vec::<Piece>::new(), false, false, false);
    for c in text.chars() {
        if c == ' ' && !is_quoted {
            (is_after_blank, may_go_on) = (true, false);
            continue;
        }
        let is_wide = c.width().unwrap_or(0) > 1;
        // A mark that closes something belongs to what it closes.
        let closes = "，。；：、？！）」』”".contains(c);
        match pieces.last_mut() {
            Some(last) if closes || is_quoted || (may_go_on && !is_wide) => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), is_after_blank }),
        }
        is_quoted ^= c == '`';
        may_go_on = is_quoted || !(is_wide || closes);
        is_after_blank = false;
    }
    pieces
}

/// A piece that is wider than any line, in as many as it takes.
fn fitting(piece: Piece, width: usize) -> Vec<Piece> {
    if piece.text.width() <= width {
        return vec![piece];
    }
    let mut parts = vec![Piece { text: String::new(), is_after_blank: piece.is_after_blank }];
    for c in piece.text.chars() {
        let is_full = parts.last().is_some_and(|part| part.text.width() + c.width().unwrap_or(0) > width.max(2));
        if is_full {
            parts.push(Piece { text: String::new(), is_after_blank: false });
        }
        if let Some(part) = parts.last_mut() {
            part.text.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_commands_stay_whole() {
        assert_eq!(
            wrap("say `mmp daemon restart` to apply it, then go on", 20),
            ["say", "`mmp daemon restart`", "to apply it, then go", "on"]
        );
    }

    #[test]
    fn chinese_is_divided_anywhere_but_before_a_mark() {
        assert_eq!(wrap("检查网络，再试一次。", 8), ["检查网", "络，再试", "一次。"]);
        assert_eq!(wrap("用 `x y` 检查", 8), ["用 `x y`", "检查"]);
    }

    #[test]
    fn what_fits_nowhere_is_divided() {
        assert_eq!(wrap("a /very/long/path b", 6), ["a", "/very/", "long/p", "ath b"]);
        assert_eq!(wrap("", 6), [""]);
    }
}
