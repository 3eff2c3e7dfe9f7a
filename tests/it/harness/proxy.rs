//! A line between a client and a server that breaks in chosen ways.
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// What the line does with what the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Passes it on.
    Good,
    /// Passes it on in pieces of seven bytes.
    Drips,
    /// Ends both connections instead of passing on bytes that hold this.
    CutsAt(&'static str),
    /// Passes nothing on from the bytes that hold this, and says nothing.
    StallsAt(&'static str),
}

/// A line to one server; its clients connect to `url`.
pub struct Proxy {
    pub url: String,
    line: Arc<Mutex<Line>>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub async fn to(url: &str, line: Line) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let (server, line) = (
            url.trim_start_matches("http://").to_owned(),
            Arc::new(Mutex::new(line)),
        );
        let behaves = line.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else {
                    continue;
                };
                tokio::spawn(join(client, server, behaves.clone()));
            }
        });
        Self {
            url: own,
            line,
            task,
        }
    }

    /// Changes what the line does from now on.
    pub fn set(&self, line: Line) {
        *self.line.lock().unwrap() = line;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Both directions of one connection; the end of either ends both.
async fn join(client: TcpStream, server: TcpStream, line: Arc<Mutex<Line>>) {
    let ((mut from_client, to_client), (from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    tokio::select! {
        _ = copy(&mut from_client, &mut to_server) => {}
        () = down(from_server, to_client, line) => {}
    }
}

async fn down(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, line: Arc<Mutex<Line>>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = server.read(&mut bytes).await {
        let some = &bytes[..read];
        let holds = |word: &str| {
            some.windows(word.len())
                .any(|window| window == word.as_bytes())
        };
        let now = *line.lock().unwrap();
        let piece = match now {
            Line::CutsAt(word) if holds(word) => return,
            Line::StallsAt(word) if holds(word) => std::future::pending().await,
            Line::Drips => 7,
            _ => read,
        };
        for piece in some.chunks(piece) {
            if client.write_all(piece).await.is_err() {
                return;
            }
            if now == Line::Drips {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
}
