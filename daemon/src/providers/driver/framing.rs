//! What a body is made of, by its first byte that is not blank: events of a stream, or one JSON value. The content type
//! is not asked, for servers err in both directions; nor is the request, for some answer the other way.

use mmp_shared::sse;

/// A piece that a decoder can read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framed {
    /// An event.
    Event(sse::Event),
    /// The whole body.
    Body(Vec<u8>),
}

/// Why a body cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// One event is larger than the limit, in bytes.
    TooLarge(usize),
    /// It is a web page.
    Html,
    /// It is something else that is neither a stream nor JSON; it begins like this.
    Nonsense(String),
}

/// Finds the pieces of one body.
#[derive(Debug)]
pub(super) struct Framing {
    limit: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    Blank,
    Events { reader: sse::Reader, head: Vec<u8>, has_frames: bool },
    Body(Vec<u8>),
}

/// How much of a body is kept to quote it.
const HEAD: usize = 512;

impl Framing {
    /// Takes pieces of at most `limit` bytes.
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, state: State::Blank }
    }

    /// Whether the body has begun and is one value.
    pub(super) const fn is_body(&self) -> bool {
        matches!(self.state, State::Body(_))
    }

    /// Takes the next bytes and adds the pieces that they complete.
    pub(super) fn push(&mut self, bytes: &[u8], pieces: &mut Vec<Framed>) -> Result<(), Unreadable> {
        let bytes = if matches!(self.state, State::Blank) { self.begin(bytes)? } else { bytes };
        match &mut self.state {
            State::Blank => Ok(()),
            State::Body(body) if body.len() + bytes.len() > self.limit => Err(Unreadable::TooLarge(self.limit)),
            State::Body(body) => {
                body.extend_from_slice(bytes);
                Ok(())
            }
            State::Events { reader, head, has_frames } => {
                head.extend_from_slice(&bytes[..bytes.len().min(HEAD.saturating_sub(head.len()))]);
                let mut frames = Vec::new();
                let result = reader.push(bytes, &mut frames);
                *has_frames |= !frames.is_empty();
                pieces.extend(events(frames));
                result.map_err(|error| Unreadable::TooLarge(error.limit))
            }
        }
    }

    /// Takes the end of the body and adds what was held.
    pub(super) fn finish(&mut self, pieces: &mut Vec<Framed>) -> Result<(), Unreadable> {
        match std::mem::replace(&mut self.state, State::Blank) {
            State::Blank => Ok(()),
            State::Body(body) => {
                pieces.push(Framed::Body(body));
                Ok(())
            }
            State::Events { mut reader, head, has_frames } => {
                let mut frames = Vec::new();
                reader.finish(&mut frames).map_err(|error| Unreadable::TooLarge(error.limit))?;
                if frames.is_empty() && !has_frames && !begins_like_events(&head) {
                    return Err(Unreadable::Nonsense(String::from_utf8_lossy(&head).into_owned()));
                }
                pieces.extend(events(frames));
                Ok(())
            }
        }
    }

    /// Passes over blank bytes and the byte order mark, and looks at the first byte that is something.
    fn begin<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Unreadable> {
        let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace() || b"\xef\xbb\xbf".contains(byte)).count();
        let bytes = &bytes[blank..];
        self.state = match bytes.first() {
            None => State::Blank,
            Some(b'<') => return Err(Unreadable::Html),
            Some(b'{' | b'[') => State::Body(Vec::new()),
            Some(_) => State::Events { reader: sse::Reader::new(self.limit), head: Vec::new(), has_frames: false },
        };
        Ok(bytes)
    }
}

fn events(frames: Vec<sse::Frame>) -> impl Iterator<Item = Framed> {
    frames.into_iter().filter_map(|frame| match frame {
        sse::Frame::Event(event) if !event.data.trim().is_empty() => Some(Framed::Event(event)),
        sse::Frame::Event(_) | sse::Frame::Comment => None,
    })
}

/// Whether the first line, cut short or not, may be one of a stream.
fn begins_like_events(head: &[u8]) -> bool {
    let field = head.split(|byte| b":\r\n".contains(byte)).next().unwrap_or_default();
    [&b"data"[..], b"event", b"id", b"retry", b""].iter().any(|known| known.starts_with(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(cuts: &[&str]) -> Result<Vec<Framed>, Unreadable> {
        let (mut framing, mut pieces) = (Framing::new(64), Vec::new());
        for cut in cuts {
            framing.push(cut.as_bytes(), &mut pieces)?;
        }
        framing.finish(&mut pieces)?;
        Ok(pieces)
    }

    fn event(data: &str) -> Framed {
        Framed::Event(sse::Event { data: data.into(), ..sse::Event::default() })
    }

    #[test]
    fn the_first_byte_that_is_something_decides() {
        assert_eq!(frame(&["\n  ", "\n{\"a\"", ":1}\n"]), Ok(vec![Framed::Body(b"{\"a\":1}\n".to_vec())]));
        assert_eq!(frame(&["\r\n", "dat", "a: 1\n\n: c\n\n"]), Ok(vec![event("1")]));
        assert_eq!(frame(&["\u{feff}", "data: 1"]), Ok(vec![event("1")]));
        assert_eq!(frame(&["\n\n", "<!DOCTYPE html>"]), Err(Unreadable::Html));
        assert_eq!(frame(&["bad gateway"]), Err(Unreadable::Nonsense("bad gateway".into())));
    }

    #[test]
    fn nothing_and_comments_alone_are_no_pieces() {
        assert_eq!(frame(&[]), Ok(vec![]));
        assert_eq!(frame(&[" \n"]), Ok(vec![]));
        assert_eq!(frame(&[": keep-alive\n\n"]), Ok(vec![]));
        assert_eq!(frame(&["data:\n\n"]), Ok(vec![]));
        assert_eq!(frame(&["dat"]), Ok(vec![]));
    }

    #[test]
    fn what_is_too_large_is_not_held() {
        let long = "x".repeat(60);
        assert_eq!(frame(&["{\"a\": \"", &long]), Err(Unreadable::TooLarge(64)));
        assert_eq!(frame(&["data: ", &long]), Err(Unreadable::TooLarge(64)));
    }
}
