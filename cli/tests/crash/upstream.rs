//! A provider that speaks slowly and always says the same of the same question, so that what survives of an answer can
//! be told from what was said. Asked for its models it names the path and the key that it was asked with.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// The pause before each piece.
const PAUSE: Duration = Duration::from_millis(10);

/// A provider on a port of its own, until the test ends.
pub(crate) struct Upstream {
    address: SocketAddr,
}

impl Upstream {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it has one");
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A daemon that is killed lets go of its connections: that ends the thread and is no failure.
                thread::spawn(move || _ = serve(stream));
            }
        });
        Self { address }
    }

    /// The base URL with a word of the caller's in it.
    pub(crate) fn base_url(&self, word: &str) -> String {
        format!("http://{}/{word}/v1", self.address)
    }
}

/// The word in a base URL.
pub(crate) fn word_of(base_url: &str) -> Option<&str> {
    base_url.split('/').nth(3)
}

/// What is said to a prompt, piece by piece, where the model's name is a number of pieces.
pub(crate) fn pieces(model: &str, prompt: &str) -> Vec<String> {
    let count: usize = model.parse().expect("models here are numbers");
    (0..count).map(|number| format!("{number} of {prompt}; ")).collect()
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let (head, body) = read_request(&mut stream)?;
    let path = head.split(' ').nth(1).unwrap_or_default();
    if path.ends_with("/models") {
        let key = head.lines().find_map(|line| line.strip_prefix("authorization: Bearer ")).unwrap_or("none");
        let word = path.split('/').nth(1).unwrap_or_default();
        let body = json!({"data": [{"id": word}, {"id": key}]}).to_string();
        return write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
    }
    let asked: Value = serde_json::from_slice(&body)?;
    let prompt = asked["messages"].as_array().and_then(|messages| messages.last()?["content"].as_str()).unwrap_or_default();
    let pieces = pieces(asked["model"].as_str().unwrap_or_default(), prompt);
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")?;
    for piece in &pieces {
        thread::sleep(PAUSE);
        frame(&mut stream, &json!({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": null}]}))?;
    }
    frame(&mut stream, &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))?;
    let usage =
        json!({"prompt_tokens": prompt.len(), "completion_tokens": pieces.len(), "total_tokens": prompt.len() + pieces.len()});
    frame(&mut stream, &json!({"choices": [], "usage": usage}))?;
    stream.write_all(b"data: [DONE]\n\n")
}

fn frame(stream: &mut TcpStream, data: &Value) -> std::io::Result<()> {
    stream.write_all(format!("data: {data}\n\n").as_bytes())
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 16384]);
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&buffer[..length]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let announced = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|text| text.parse().ok());
        if bytes.len() >= end + 4 + announced.unwrap_or(0) {
            return Ok((head, bytes.split_off(end + 4)));
        }
    }
}
