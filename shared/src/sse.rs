//! Server-sent events as bytes: a reader by the WHATWG rules, and a writer.
//!
//! The reader takes bytes in any cut, splits them on line ends (LF, CRLF or CR) and decodes UTF-8 per complete line, so
//! that a character or a line end that was cut in two is whole again. It has limits of its own and knows nothing of what the data means.

use std::fmt::Write as _;

/// What an event stream is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// An event.
    Event(Event),
    /// A comment; servers send them to keep a connection alive.
    Comment,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// The `event` field; empty where there was none.
    pub name: String,
    /// The `data` fields, joined by line feeds.
    pub data: String,
    /// The `id` field of this event, if it had one.
    pub id: Option<String>,
}

/// The stream holds something longer than the reader's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {limit} bytes")]
pub struct TooLong {
    /// The limit, in bytes.
    pub limit: usize,
}

/// Reads events from bytes.
#[derive(Debug)]
pub struct Reader {
    limit: usize,
    line: Vec<u8>,
    last_was_cr: bool,
    is_first_line: bool,
    name: String,
    data: String,
    id: Option<String>,
    has_data: bool,
}

impl Reader {
    /// A reader that holds at most `limit` bytes of one event.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            last_was_cr: false,
            is_first_line: true,
            name: String::new(),
            data: String::new(),
            id: None,
            has_data: false,
        }
    }

    /// Takes the next bytes and adds what they complete to `frames`.
    ///
    /// # Errors
    ///
    /// When one event, or one line, grows beyond the limit.
    pub fn push(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), TooLong> {
        if self.last_was_cr && !bytes.is_empty() {
            self.last_was_cr = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.hold(&bytes[..end])?;
            let is_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            if is_cr {
                match bytes.first() {
                    Some(b'\n') => bytes = &bytes[1..],
                    Some(_) => {}
                    None => self.last_was_cr = true,
                }
            }
            self.end_line(frames)?;
        }
        self.hold(bytes)
    }

    /// Takes the end of the stream. The rules throw an event away that no blank line ends; servers that forget the
    /// last line end are common, and what they sent was whole, so it is kept here.
    pub fn finish(&mut self, frames: &mut Vec<Frame>) -> Result<(), TooLong> {
        if !self.line.is_empty() {
            self.end_line(frames)?;
        }
        self.dispatch(frames);
        Ok(())
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + self.data.len() + bytes.len() > self.limit {
            return Err(TooLong { limit: self.limit });
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, frames: &mut Vec<Frame>) -> Result<(), TooLong> {
        let mut bytes = std::mem::take(&mut self.line);
        {
            let mut line = String::from_utf8_lossy(&bytes);
            if std::mem::take(&mut self.is_first_line) && line.starts_with('\u{feff}') {
                line = line.trim_start_matches('\u{feff}').to_owned().into();
            }
            if line.is_empty() {
                self.dispatch(frames);
            } else if line.starts_with(':') {
                frames.push(Frame::Comment);
            } else {
                let (field, value) = line.split_once(':').unwrap_or((&line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value);
                match field {
                    "data" => {
                        if self.has_data {
                            self.data.push('\n');
                        }
                        self.data.push_str(value);
                        self.has_data = true;
                    }
                    "event" => value.clone_into(&mut self.name),
                    "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
        bytes.clear();
        self.line = bytes;
        if self.data.len() > self.limit { Err(TooLong { limit: self.limit }) } else { Ok(()) }
    }

    fn dispatch(&mut self, frames: &mut Vec<Frame>) {
        let (name, id) = (std::mem::take(&mut self.name), self.id.take());
        if std::mem::take(&mut self.has_data) {
            frames.push(Frame::Event(Event { name, data: std::mem::take(&mut self.data), id }));
        }
    }
}

/// Adds one event to `out`, as `id`, `event` and `data` lines. `data` must hold no line end: JSON on one line does not.
pub fn write_event(out: &mut String, id: u64, name: &str, data: &str) {
    debug_assert!(!data.contains(['\n', '\r']), "the data of an event stands on one line");
    // Writing to a String does not fail.
    let _ = write!(out, "id: {id}\nevent: {name}\ndata: {data}\n\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_in(cuts: &[usize], bytes: &[u8]) -> Vec<Frame> {
        let (mut reader, mut frames, mut from) = (Reader::new(1 << 20), Vec::new(), 0);
        for &cut in cuts {
            let to = cut.clamp(from, bytes.len());
            reader.push(&bytes[from..to], &mut frames).expect("short enough");
            from = to;
        }
        reader.push(&bytes[from..], &mut frames).expect("short enough");
        reader.finish(&mut frames).expect("short enough");
        frames
    }

    fn event(name: &str, data: &str) -> Frame {
        Frame::Event(Event { name: name.into(), data: data.into(), id: None })
    }

    #[test]
    fn every_line_end_is_a_line_end() {
        for text in ["data: a\n\ndata: b\n\n", "data: a\r\n\r\ndata: b\r\n\r\n", "data: a\r\rdata: b\r\r"] {
            assert_eq!(read_in(&[], text.as_bytes()), [event("", "a"), event("", "b")], "{text:?}");
        }
    }

    #[test]
    fn fields_comments_and_missing_spaces_are_read() {
        let text = "id:1\nevent:result\n:HTTP_STATUS/200\ndata:{\"a\":1}\n\n: keep-alive\n\n";
        let expected = [
            Frame::Comment,
            Frame::Event(Event { name: "result".into(), data: "{\"a\":1}".into(), id: Some("1".into()) }),
            Frame::Comment,
        ];
        assert_eq!(read_in(&[], text.as_bytes()), expected);
    }

    #[test]
    fn data_lines_are_joined_and_a_lone_field_name_is_empty_data() {
        assert_eq!(read_in(&[], b"data: a\ndata\ndata: b\n\n"), [event("", "a\n\nb")]);
    }

    #[test]
    fn an_event_without_its_blank_line_is_kept() {
        assert_eq!(read_in(&[], b"data: [DONE]"), [event("", "[DONE]")]);
        assert_eq!(read_in(&[], b"data: [DONE]\n"), [event("", "[DONE]")]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(read_in(&[1, 2], "\u{feff}data: a\n\n".as_bytes()), [event("", "a")]);
    }

    #[test]
    fn a_line_beyond_the_limit_is_refused() {
        let mut reader = Reader::new(16);
        let mut frames = Vec::new();
        assert_eq!(reader.push(b"data: 0123456789abcdef", &mut frames), Err(TooLong { limit: 16 }));
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut out = String::new();
        write_event(&mut out, 7, "text", "{\"text\":\"你好\"}");
        let expected = Event { name: "text".into(), data: "{\"text\":\"你好\"}".into(), id: Some("7".into()) };
        assert_eq!(read_in(&[], out.as_bytes()), [Frame::Event(expected)]);
    }

    proptest! {
        #[test]
        fn cuts_change_nothing(
            lines in proptest::collection::vec("(data|event|id|:|retry)?:? ?[a-z你🌍]{0,6}(\n|\r\n|\r|\n\n)", 0..24),
            mut cuts in proptest::collection::vec(0usize..200, 0..24),
        ) {
            let text = lines.concat();
            cuts.sort_unstable();
            let whole = read_in(&[], text.as_bytes());
            prop_assert_eq!(&read_in(&cuts, text.as_bytes()), &whole);
            let every: Vec<_> = (0..text.len()).collect();
            prop_assert_eq!(&read_in(&every, text.as_bytes()), &whole);
        }
    }
}
