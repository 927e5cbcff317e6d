//! A daemon that is only a script: HTTP/1.1 on a Unix socket, one request a connection, answers by a function.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

pub(crate) const RUN: &str = "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d";

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == format!("/api/v1{path}")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

/// A piece of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Bytes(Vec<u8>),
    Pause(Duration),
    /// The connection ends here, without an end.
    Cut,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    pieces: Vec<Piece>,
}

impl Reply {
    pub(crate) fn json(value: &Value) -> Self {
        Self::with_status(200, "application/json", value)
    }

    pub(crate) fn problem(status: u16, value: &Value) -> Self {
        Self::with_status(status, "application/problem+json", value)
    }

    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::problem(
            status,
            &json!({ "type": "about:blank", "status": status, "code": code, "message": message, "retryable": false }),
        )
    }

    pub(crate) fn stream(pieces: Vec<Piece>) -> Self {
        Self { status: 200, headers: vec![("content-type".into(), "text/event-stream".into())], pieces }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn with_status(status: u16, kind: &str, value: &Value) -> Self {
        let body = serde_json::to_vec(value).expect("JSON");
        Self { status, headers: vec![("content-type".into(), kind.into())], pieces: vec![Piece::Bytes(body)] }
    }
}

/// Events, numbered from `first`, each a piece of its own.
pub(crate) fn events(first: u64, events: &[(&str, Value)]) -> Vec<Piece> {
    let framed = (first..).zip(events);
    framed.map(|(id, (name, data))| Piece::Bytes(format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into_bytes())).collect()
}

pub(crate) fn started() -> (&'static str, Value) {
    let data = json!({
        "run_id": RUN, "conversation_id": null, "message_id": null, "user_message_id": null,
        "model": "gpt", "provider": "openai", "created_at": "2026-01-02T03:04:05Z",
    });
    ("started", data)
}

pub(crate) fn text(text: &str) -> (&'static str, Value) {
    ("text", json!({ "text": text }))
}

pub(crate) fn done() -> (&'static str, Value) {
    ("done", ending("complete", &Value::Null))
}

pub(crate) fn failed(status: &str, code: &str) -> (&'static str, Value) {
    ("failed", ending(status, &json!({ "code": code, "message": "it broke", "retryable": false })))
}

pub(crate) fn ending(status: &str, error: &Value) -> Value {
    let mut ending = json!({
        "status": status, "finish_reason": "stop", "refusal": null, "cost_usd": 0.5, "attempts": [],
        "usage": { "prompt_tokens": 3, "completion_tokens": 5, "cached_tokens": null, "reasoning_tokens": null, "source": "provider" },
        "timing": { "first_token_ms": 7, "total_ms": 9 },
    });
    if !error.is_null() {
        ending["error"] = error.clone();
    }
    ending
}

/// A whole answer that says `words`.
pub(crate) fn answer(words: &[&str]) -> Reply {
    let mut all = vec![started()];
    all.extend(words.iter().map(|word| text(word)));
    all.push(done());
    Reply::stream(events(1, &all))
}

/// The daemon; it ends with the test's process.
#[derive(Clone)]
pub(crate) struct Fake {
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    /// Listens at `socket` and answers by `reply`, which is told how many requests came before.
    pub(crate) fn listen(socket: &Path, reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = UnixListener::bind(socket).expect("the socket is free");
        let fake = Self { requests: Arc::default() };
        let (requests, reply) = (fake.requests.clone(), Arc::new(reply));
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (requests, reply) = (requests.clone(), reply.clone());
                thread::spawn(move || serve(connection.expect("a connection"), &requests, &*reply));
            }
        });
        fake
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panicked here").clone()
    }
}

fn serve(connection: UnixStream, requests: &Mutex<Vec<Request>>, reply: &dyn Fn(&Request, usize) -> Reply) {
    let mut reader = BufReader::new(connection.try_clone().expect("a second handle"));
    let Some(request) = read(&mut reader) else { return };
    let before = {
        let mut requests = requests.lock().expect("no test panicked here");
        requests.push(request.clone());
        requests.len() - 1
    };
    let reply = reply(&request, before);
    // A client that has gone away is what some tests are about.
    let _ = write(connection, &reply);
}

fn read(reader: &mut BufReader<UnixStream>) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, headers, body })
}

fn write(mut connection: UnixStream, reply: &Reply) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    connection.write_all((head + "\r\n").as_bytes())?;
    for piece in &reply.pieces {
        match piece {
            Piece::Bytes(bytes) => {
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend_from_slice(bytes);
                chunk.extend_from_slice(b"\r\n");
                connection.write_all(&chunk)?;
            }
            Piece::Pause(time) => thread::sleep(*time),
            Piece::Cut => return Ok(()),
        }
    }
    connection.write_all(b"0\r\n\r\n")
}
