//! A file of JSON as its records: the values of one array, or one value after another. One record is in memory at a time,
//! however large the file is; one that is too large is passed over, and one that is cut says so.

use std::io::{self, BufRead};

use mmp_shared::{Phrase, phrase};

/// A record, or what is wrong where one should be.
pub(crate) type Record = Result<Vec<u8>, Phrase>;

/// The records of a reader.
pub(crate) struct Records<R> {
    reader: R,
    largest: usize,
    /// How many bytes were read.
    pub(crate) read: u64,
    has_ended: bool,
}

impl<R: BufRead> Records<R> {
    /// The records of a reader, each of at most so many bytes.
    pub(crate) const fn new(reader: R, largest: usize) -> Self {
        Self { reader, largest, read: 0, has_ended: false }
    }

    /// The next record; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record>> {
        if self.has_ended {
            return Ok(None);
        }
        let mut scan = Scan::default();
        let (mut record, mut size) = (Vec::new(), 0_usize);
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                self.has_ended = true;
                let cut = phrase!("import-cut", offset = self.read);
                return Ok((size > 0).then_some(Err(cut)));
            }
            let (taken, is_whole) = scan.take(chunk);
            let within = &chunk[taken.start..taken.end];
            size += within.len();
            if size <= self.largest {
                record.extend_from_slice(within);
            } else {
                record = Vec::new();
            }
            self.reader.consume(taken.end);
            self.read += taken.end as u64;
            match is_whole {
                Some(Scanned::Value) if size > self.largest => {
                    return Ok(Some(Err(phrase!("import-record-too-large", size = size, limit = self.largest))));
                }
                Some(Scanned::Value) => return Ok(Some(Ok(record))),
                Some(Scanned::Stray) => {
                    let offset = self.read - 1;
                    return Ok(Some(Err(phrase!("import-stray", offset = offset))));
                }
                None => {}
            }
        }
    }
}

/// What was scanned to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scanned {
    /// An object.
    Value,
    /// Something that is no object; the rest of its line is passed over.
    Stray,
}

/// Where in a record the scan is. Objects are records; the array around them and what parts them is passed over.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    is_in_text: bool,
    is_escaped: bool,
}

impl Scan {
    /// The part of a chunk that belongs to the record, what is before it passed over; and whether it ends there.
    fn take(&mut self, chunk: &[u8]) -> (std::ops::Range<usize>, Option<Scanned>) {
        let mut start = 0;
        for (index, byte) in chunk.iter().enumerate() {
            if self.depth == 0 {
                match byte {
                    b'{' => {
                        start = index;
                        self.depth = 1;
                    }
                    // A byte order mark is no stray: some programs begin their files so.
                    b'[' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf => start = index + 1,
                    _ => {
                        let rest = &chunk[index..];
                        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b',' | b'{')).unwrap_or(rest.len());
                        let end = index + end.max(1);
                        return (end..end, Some(Scanned::Stray));
                    }
                }
            } else if self.is_in_text {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.is_in_text = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => self.is_in_text = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth -= 1,
                    _ => {}
                }
                if self.depth == 0 {
                    return (start..index + 1, Some(Scanned::Value));
                }
            }
        }
        (start..chunk.len(), None)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// The records of a text as text, read in chunks of this size.
    fn records(text: &str, chunk: usize, largest: usize) -> Vec<Result<String, String>> {
        let mut records = Records::new(BufReader::with_capacity(chunk, text.as_bytes()), largest);
        let mut found = Vec::new();
        while let Some(record) = records.next().expect("memory can be read") {
            found.push(record.map(|bytes| String::from_utf8(bytes).expect("text")).map_err(|phrase| phrase.key.into_owned()));
        }
        assert_eq!(records.read, text.len() as u64);
        found
    }

    #[test]
    fn arrays_lines_and_single_values_give_their_records() {
        let one = r#"{"a":"}]\\\"{","b":[{"c":1}]}"#;
        for text in [one.to_owned(), format!("[{one},\n {one}]"), format!("{one}\n{one}\n"), format!("\u{feff}[\n{one}\n]")] {
            for chunk in [1, 2, 7, 4096] {
                let found = records(&text, chunk, 1000);
                assert!(!found.is_empty() && found.iter().all(|record| record.as_deref() == Ok(one)), "{text} {found:?}");
            }
        }
        assert_eq!(records(" \n[ ]", 3, 9), []);
    }

    #[test]
    fn a_record_that_is_cut_or_too_large_is_told_and_the_others_are_there() {
        assert_eq!(records(r#"[{"a":1},{"b":"#, 3, 99), [Ok(r#"{"a":1}"#.into()), Err("import-cut".into())]);
        let found = records(r#"[{"a":"xxxxxxxxxxxxxxxxxxxxxx"},{"b":2}]"#, 4, 10);
        assert_eq!(found, [Err("import-record-too-large".into()), Ok(r#"{"b":2}"#.into())]);
    }

    #[test]
    fn what_is_no_object_is_told_once_and_passed_over() {
        assert_eq!(records("[1,{\"a\":1}]", 64, 99), [Err("import-stray".into()), Ok(r#"{"a":1}"#.into())]);
    }
}
