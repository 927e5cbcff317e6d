//! Where streaming Markdown may be cut into pieces that are laid out once and never again.
//!
//! The cuts depend on the text alone and not on the portions that it came in: a line is judged by its first
//! [`HEAD`] bytes, once these or the line's end are there. Blocks are cut where a new one begins; the lines of a fenced
//! block are a piece each; a paragraph without an end is cut between sentences or words where no markup is open, and a line
//! that has no such place is cut within a word in the end.

use std::ops::Range;

/// By how much of a line it is judged.
const HEAD: usize = 64;
/// From what length on a paragraph is cut.
const LONG: usize = 1024;
/// The length at which it is cut even where markup is open.
const TOO_LONG: usize = 8 * 1024;
/// The length at which a line is cut that is no paragraph's: an item, a heading, a row.
const FAR_TOO_LONG: usize = 32 * 1024;
/// The length at which a line of code is cut.
const LONG_CODE: usize = 4 * 1024;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Blocks.
    Blocks,
    /// The rest of a paragraph that an earlier piece began, and what stands between the two.
    Continuation(&'static str),
    /// The line that opens a fenced block.
    FenceOpen,
    /// A line of a fenced block.
    Code,
    /// The rest of a line that an earlier piece of that block began.
    CodeRest,
    /// The line that closes one.
    FenceClose,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fence {
    mark: char,
    length: usize,
    is_inner: bool,
}

/// Finds the cuts while the text grows.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    /// Where the piece begins that is not closed yet.
    tail: usize,
    join: Option<&'static str>,
    line: usize,
    is_judged: bool,
    is_heading: bool,
    opens_fence: bool,
    /// How far the line has been looked through.
    looked: usize,
    after_blank: bool,
    in_list: bool,
    is_plain: bool,
    fence: Option<Fence>,
    inline: Inline,
}

/// What markup is open, as far as a cut wants to know.
#[derive(Debug, Default)]
struct Inline {
    is_escaped: bool,
    in_code: bool,
    in_emphasis: bool,
    brackets: usize,
    before: Option<(usize, char)>,
}

impl Inline {
    const fn is_neutral(&self) -> bool {
        !self.in_code && !self.in_emphasis && self.brackets == 0
    }

    fn take(&mut self, c: char) {
        if std::mem::take(&mut self.is_escaped) {
            return;
        }
        match c {
            '\\' => self.is_escaped = true,
            '`' => self.in_code = !self.in_code,
            _ if self.in_code => {}
            '*' => self.in_emphasis = !self.in_emphasis,
            '[' => self.brackets += 1,
            ']' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
    }
}

impl Scanner {
    /// The piece that is not closed yet: what it would be if nothing more came.
    pub(super) fn tail(&self, source: &str) -> Option<Piece> {
        let kind = match (self.fence, self.join) {
            (Some(fence), _) if !fence.is_inner && self.opens_fence => Kind::FenceOpen,
            (Some(fence), _) if !fence.is_inner => self.code(),
            (_, Some(join)) => Kind::Continuation(join),
            _ => Kind::Blocks,
        };
        (self.tail < source.len()).then_some(Piece { range: self.tail..source.len(), kind })
    }

    /// Looks at what has come; at the end, at a line without its end too.
    pub(super) fn scan(&mut self, source: &str, has_ended: bool, pieces: &mut Vec<Piece>) {
        while self.line < source.len() {
            let rest = &source[self.line..];
            if !self.is_judged {
                let end = rest[..floor(rest, HEAD)].find('\n');
                if end.is_none() && rest.len() < HEAD && !has_ended {
                    return;
                }
                self.judge(&rest[..end.unwrap_or_else(|| floor(rest, HEAD))], pieces);
            }
            let end = self.look(source, has_ended, pieces);
            let Some(end) = end else { return };
            self.end_line(source, end, pieces);
        }
        if has_ended {
            let piece = self.tail(source);
            pieces.extend(piece);
            self.tail = source.len();
        }
    }

    /// Decides by the beginning of a line whether a piece ends before it.
    fn judge(&mut self, head: &str, pieces: &mut Vec<Piece>) {
        (self.is_judged, self.looked, self.is_heading, self.opens_fence) = (true, self.line, false, false);
        if self.fence.is_some() {
            return;
        }
        let trimmed = head.trim_start();
        let is_indented = trimmed.len() < head.len();
        let fence = fence_of(trimmed);
        if let Some((mark, length)) = fence {
            self.fence = Some(Fence { mark, length, is_inner: is_indented || self.in_list && !self.after_blank });
        }
        let is_outer_fence = self.fence.is_some_and(|fence| !fence.is_inner);
        let is_item = is_item(head);
        self.is_heading = is_heading(head);
        let goes_on = is_indented || trimmed.is_empty() || (self.in_list && is_item);
        let begins_block = self.after_blank && !goes_on;
        if begins_block || self.is_heading || is_outer_fence {
            self.close(self.line, Kind::Blocks, pieces);
            self.in_list = false;
        }
        if self.tail == self.line {
            self.inline = Inline::default();
            // Nothing that could be an item, a heading, a quote, a row, or markup of another kind.
            self.is_plain = head.chars().next().is_some_and(|c| !c.is_whitespace() && !"#>-+|<`~=[:".contains(c)) && !is_item;
        }
        self.opens_fence = is_outer_fence;
        self.in_list |= is_item;
    }

    /// Looks through a line for its end, and for a place to cut a long paragraph.
    fn look(&mut self, source: &str, has_ended: bool, pieces: &mut Vec<Piece>) -> Option<usize> {
        let cut = match self.fence {
            Some(fence) if fence.is_inner || self.opens_fence => None,
            Some(_) => Some(Self::consider_code as fn(&mut Self, usize, char, &mut Vec<Piece>)),
            None => Some(Self::consider as fn(&mut Self, usize, char, &mut Vec<Piece>)),
        };
        let Some(cut) = cut else {
            let found = source[self.looked..].find('\n').map(|at| self.looked + at);
            self.looked = source.len();
            return found.or_else(|| has_ended.then_some(source.len()));
        };
        for (offset, c) in source[self.looked..].char_indices() {
            let at = self.looked + offset;
            if c == '\n' {
                self.looked = at;
                return Some(at);
            }
            cut(self, at, c, pieces);
            self.inline.before = Some((at, c));
        }
        self.looked = source.len();
        has_ended.then_some(source.len())
    }

    /// Cuts between the last character and this one, where that is a good place.
    fn consider(&mut self, at: usize, c: char, pieces: &mut Vec<Piece>) {
        let may_cut = self.is_plain && !self.in_list && !self.is_heading && self.tail >= self.line;
        let length = at - self.tail.max(self.line);
        let least = if may_cut { LONG } else { FAR_TOO_LONG };
        if let Some((before, mark)) = self.inline.before.filter(|_| c.is_alphabetic() && length >= least) {
            let is_space = mark == ' ';
            let is_good = is_space || "，。！？；、".contains(mark);
            let is_within = length >= least.max(2 * TOO_LONG) && c.is_ascii_alphabetic() && mark.is_ascii_alphanumeric();
            if is_within || is_good && (self.inline.is_neutral() || length >= TOO_LONG) {
                self.close(if is_space { before } else { at }, Kind::Blocks, pieces);
                self.tail = at;
                self.join = Some(if is_space { " " } else { "" });
                self.inline = Inline::default();
            }
        }
        self.inline.take(c);
    }

    /// The same for a line of code, where every character is one as any other.
    fn consider_code(&mut self, at: usize, c: char, pieces: &mut Vec<Piece>) {
        let is_between = c.is_ascii_graphic() && self.inline.before.is_some_and(|(_, before)| before.is_ascii_graphic());
        if at - self.tail >= LONG_CODE && is_between {
            let kind = self.code();
            self.close(at, kind, pieces);
        }
    }

    /// What a piece of a line of code is.
    fn code(&self) -> Kind {
        if self.tail > self.line { Kind::CodeRest } else { Kind::Code }
    }

    fn end_line(&mut self, source: &str, end: usize, pieces: &mut Vec<Piece>) {
        let line = source[self.line..end].trim();
        let next = (end + 1).min(source.len());
        match self.fence {
            Some(fence) if !self.opens_fence && closes(line, fence) => {
                self.fence = None;
                if !fence.is_inner {
                    self.close(next, Kind::FenceClose, pieces);
                }
            }
            Some(fence) if !fence.is_inner => {
                self.close(next, if self.opens_fence { Kind::FenceOpen } else { self.code() }, pieces);
            }
            Some(_) => {}
            None if self.is_heading => self.close(next, Kind::Blocks, pieces),
            None => {}
        }
        self.after_blank = line.is_empty() && self.fence.is_none();
        (self.line, self.looked, self.is_judged, self.opens_fence) = (next, next, false, false);
        if self.tail < self.line && self.fence.is_none() && self.after_blank && source[self.tail..next].trim().is_empty() {
            self.tail = next;
        }
    }

    fn close(&mut self, end: usize, kind: Kind, pieces: &mut Vec<Piece>) {
        let kind = self.join.take().map_or(kind, Kind::Continuation);
        if self.tail < end {
            pieces.push(Piece { range: self.tail..end, kind });
        }
        self.tail = end;
    }
}

/// The largest place not behind `at` where a text may be divided.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn fence_of(trimmed: &str) -> Option<(char, usize)> {
    let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = trimmed.chars().take_while(|c| *c == mark).count();
    (length >= 3 && !(mark == '`' && trimmed[length..].contains('`'))).then_some((mark, length))
}

fn closes(line: &str, fence: Fence) -> bool {
    line.len() >= fence.length && line.chars().all(|c| c == fence.mark)
}

fn is_heading(head: &str) -> bool {
    let level = head.chars().take_while(|c| *c == '#').count();
    (1..=6).contains(&level) && head[level..].chars().next().is_none_or(|c| c == ' ' || c == '\t')
}

fn is_item(head: &str) -> bool {
    let digits = head.chars().take_while(char::is_ascii_digit).count();
    let mark = head[digits..].chars().next();
    let is_mark =
        if digits == 0 { matches!(mark, Some('-' | '*' | '+')) } else { digits < 10 && matches!(mark, Some('.' | ')')) };
    is_mark && head[digits + 1..].chars().next().is_none_or(|c| c == ' ' || c == '\t')
}
