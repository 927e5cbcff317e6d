//! A scripted HTTP server on a listener that is bound already: it reads a request, then does what a script says, byte for
//! byte. It knows nothing of providers, so that other tests can use it too.
#![allow(dead_code)] // Each test binary uses its own part.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// One thing to do after a request was read.
#[derive(Debug, Clone)]
pub enum Step {
    /// Sends bytes as they stand.
    Send(Vec<u8>),
    /// Sends the same bytes so many times, or until nobody takes them.
    Repeat(Vec<u8>, usize),
    /// Waits.
    Pause(Duration),
    /// Waits until the client closes the connection.
    AwaitClose,
    /// Closes the connection in order.
    Close,
    /// Resets the connection.
    Reset,
    /// Waits for the next request, and resets the connection without a word when it comes.
    ResetNext,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which connection it came on, counted from 0.
    pub connection: usize,
    /// The request line and the headers, as sent.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The server; dropping it ends it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    closed: Arc<tokio::sync::Notify>,
    open: Arc<()>,
    accepting: JoinHandle<()>,
}

type Script = Arc<dyn Fn(&Request) -> Vec<Step> + Send + Sync>;

impl Server {
    /// A server that does the same after every request.
    pub async fn repeating(steps: Vec<Step>) -> Self {
        Self::start(move |_| steps.clone()).await
    }

    /// A server that asks `script` what to do after each request.
    pub async fn start(script: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let closed = Arc::new(tokio::sync::Notify::new());
        let (script, seen, gone): (Script, _, _) = (Arc::new(script), Arc::clone(&requests), Arc::clone(&closed));
        let open = Arc::new(());
        let held = Arc::downgrade(&open);
        let accepting = tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let _ = stream.set_nodelay(true);
                let serving = serve(stream, connection, Arc::clone(&script), Arc::clone(&seen), Arc::clone(&gone));
                let held = held.upgrade();
                tokio::spawn(async move {
                    serving.await;
                    drop(held);
                });
            }
        });
        Self { address, requests, closed, open, accepting }
    }

    /// Its URL, with no path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panicked in it").clone()
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        Arc::strong_count(&self.open) - 1
    }

    /// Waits until a client has closed a connection that a script waits on.
    pub async fn client_closed(&self) {
        self.closed.notified().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    connection: usize,
    script: Script,
    seen: Arc<Mutex<Vec<Request>>>,
    closed: Arc<tokio::sync::Notify>,
) {
    let mut buffer = Vec::new();
    while let Some((head, body)) = read_request(&mut stream, &mut buffer).await {
        let request = Request { connection, head, body };
        seen.lock().expect("no test panicked in it").push(request.clone());
        for step in script(&request) {
            match step {
                Step::Send(bytes) => drop(stream.write_all(&bytes).await),
                Step::Repeat(bytes, times) => {
                    for _ in 0..times {
                        if stream.write_all(&bytes).await.is_err() {
                            break;
                        }
                    }
                }
                Step::Pause(duration) => tokio::time::sleep(duration).await,
                Step::AwaitClose => {
                    while matches!(stream.read(&mut [0; 1024]).await, Ok(read) if read > 0) {}
                    closed.notify_one();
                    return;
                }
                Step::Close => return drop(stream.shutdown().await),
                Step::Reset => return reset(&stream),
                Step::ResetNext => {
                    let _ = read_request(&mut stream, &mut buffer).await;
                    return reset(&stream);
                }
            }
        }
    }
}

fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}

/// The next request: its head, and as much body as `content-length` says.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(String, Vec<u8>)> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length = content_length(&head);
            if buffer.len() >= end + 4 + length {
                let body = buffer[end + 4..end + 4 + length].to_vec();
                buffer.drain(..end + 4 + length);
                return Some((head, body));
            }
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

fn content_length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

/// The head of an answer in chunks.
pub fn head(status: u16, content_type: &str, headers: &[(&str, &str)]) -> Step {
    let mut head = format!("HTTP/1.1 {status} Scripted\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    Step::Send((head + "\r\n").into_bytes())
}

/// One chunk.
pub fn chunk(bytes: impl AsRef<[u8]>) -> Step {
    let bytes = bytes.as_ref();
    Step::Send([format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat())
}

/// The end of an answer in chunks.
pub fn end() -> Step {
    Step::Send(b"0\r\n\r\n".to_vec())
}

/// A whole answer, its body cut after each of these places; each piece is a chunk of its own.
pub fn answer(status: u16, content_type: &str, headers: &[(&str, &str)], body: &[u8], cuts: &[usize]) -> Vec<Step> {
    let (mut bytes, mut from) = (Vec::new(), 0);
    for &to in cuts.iter().filter(|&&to| to < body.len()).chain([&body.len()]) {
        if to > from {
            let Step::Send(piece) = chunk(&body[from..to]) else { unreachable!("a chunk is sent") };
            bytes.extend(piece);
            from = to;
        }
    }
    vec![head(status, content_type, headers), Step::Send(bytes), end()]
}
