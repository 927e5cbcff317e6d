//! A small HTTP/1.1 client over a Unix socket: what a test needs to speak to the daemon without `mmp`.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use serde_json::Value;

/// An answer, its body not read yet.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    reader: BufReader<UnixStream>,
    chunk_left: usize,
    is_chunked: bool,
    is_over: bool,
}

/// Sends a request and reads the head of its answer.
pub fn request(socket: &Path, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    try_request(socket, method, path, headers, body).expect("the daemon listens and answers")
}

/// The same of a daemon that may die meanwhile.
pub fn try_request(socket: &Path, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: mmp\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    // A daemon that refuses early closes early: what it answered is still there to be read.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    Answer::read(stream)
}

/// Sends a request and returns its whole answer as JSON.
pub fn json(socket: &Path, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let answer = request(socket, method, path, &headers, &body);
    let status = answer.status;
    let text = answer.text();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

impl Answer {
    fn read(stream: UnixStream) -> io::Result<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let is_chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        Ok(Self { status, headers, reader, chunk_left: 0, is_chunked, is_over: false })
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The whole body.
    pub fn text(mut self) -> String {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).expect("the body can be read");
        String::from_utf8(bytes).expect("the body is text")
    }

    /// The next server-sent event as its id, name and data; `None` at the end of the stream.
    pub fn next_event(&mut self) -> Option<(u64, String, Value)> {
        let (mut id, mut name, mut data) = (0, String::new(), String::new());
        loop {
            let line = self.next_line()?;
            if let Some(value) = line.strip_prefix("id: ") {
                id = value.parse().expect("ids are numbers");
            } else if let Some(value) = line.strip_prefix("event: ") {
                name = value.to_owned();
            } else if let Some(value) = line.strip_prefix("data: ") {
                data = value.to_owned();
            } else if line.is_empty() && !name.is_empty() {
                return Some((id, name, serde_json::from_str(&data).expect("data is JSON")));
            }
        }
    }

    fn next_line(&mut self) -> Option<String> {
        let (mut bytes, mut byte) = (Vec::new(), [0]);
        loop {
            match self.read(&mut byte) {
                Ok(1) if byte[0] == b'\n' => return Some(String::from_utf8(bytes).expect("events are text")),
                Ok(1) => bytes.push(byte[0]),
                _ => return None,
            }
        }
    }
}

impl Read for Answer {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.is_chunked {
            return self.reader.read(buffer);
        }
        if self.is_over {
            return Ok(0);
        }
        if self.chunk_left == 0 {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            self.chunk_left = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
            if self.chunk_left == 0 {
                self.is_over = true;
                return Ok(0);
            }
        }
        let most = buffer.len().min(self.chunk_left);
        let read = self.reader.read(&mut buffer[..most])?;
        self.chunk_left -= read;
        if self.chunk_left == 0 {
            let mut end = [0; 2];
            self.reader.read_exact(&mut end)?;
        }
        Ok(read)
    }
}
