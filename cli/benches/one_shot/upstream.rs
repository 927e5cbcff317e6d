//! A provider that costs as little as possible: one prebuilt answer of fifty pieces, no delay, one write.

use std::{
    fmt::Write as _,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

/// The pieces of the answer, over and over.
const WORDS: [&str; 8] = ["alfa ", "beta ", "gama ", "delt ", "epsi ", "zeta ", "iota ", "kapa "];

/// How many there are.
const PIECES: usize = 50;

/// Starts it on a port of its own, for as long as the process lives.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let answer: &'static [u8] = prebuilt().into_bytes().leak();
    thread::Builder::new().name("upstream".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            // A thread for each connection: the daemon keeps its own open between two answers.
            let _ = thread::Builder::new().stack_size(256 << 10).spawn(move || _ = serve(stream, answer));
        }
    })?;
    Ok(address)
}

/// What the model says.
pub(crate) fn text() -> String {
    (0..PIECES).map(|number| WORDS[number % WORDS.len()]).collect()
}

fn prebuilt() -> String {
    let opening = r#"{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"f-0-50","choices":["#;
    let mut answer = String::from("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
    let mut frame = |data: &str| {
        let event = format!("data: {data}\n\n");
        // Writing to a string does not fail.
        let _ = write!(answer, "{:x}\r\n{event}\r\n", event.len());
    };
    for number in 0..PIECES {
        let word = WORDS[number % WORDS.len()];
        frame(&format!(r#"{opening}{{"index":0,"delta":{{"content":"{word}"}},"finish_reason":null}}]}}"#));
    }
    frame(&format!(r#"{opening}{{"index":0,"delta":{{}},"finish_reason":"stop"}}]}}"#));
    let usage = format!(r#"{{"prompt_tokens":9,"completion_tokens":{PIECES},"total_tokens":{}}}"#, PIECES + 9);
    frame(&format!(r#"{opening}],"usage":{usage}}}"#));
    frame("[DONE]");
    answer.push_str("0\r\n\r\n");
    answer
}

fn serve(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 16384]);
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(&buffer[..length]);
        if is_whole(&bytes) {
            bytes.clear();
            stream.write_all(answer)?;
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    request.len() >= end + 4 + length
}
