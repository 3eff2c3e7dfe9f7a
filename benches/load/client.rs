//! Clients that cost little beside the server they measure: HTTP/1.1 with one request under way,
//! and WebSocket frames read in place.
use std::{net::SocketAddr, ops::Range};

use anyhow::{Context, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How much is read at once.
const READ: usize = 16 * 1024;

/// A request; `token` is sent as a bearer's.
pub fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let token = token
        .map(|token| format!("Authorization: Bearer {token}\r\n"))
        .unwrap_or_default();
    let kind = if body.is_empty() {
        String::new()
    } else {
        format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        )
    };
    format!("{method} {path} HTTP/1.1\r\nHost: bench\r\n{token}{kind}\r\n{body}").into_bytes()
}

/// A connection that is kept.
pub struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Http {
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(READ),
        })
    }

    /// Sends a request and reads its answer, which must be a good one.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let body = loop {
            if let Some(head) = head_end(&self.buffer) {
                break head..head + content_length(&self.buffer[..head])?;
            }
            self.read().await?;
        };
        while self.buffer.len() < body.end {
            self.read().await?;
        }
        let good = self.buffer.get(9..10) == Some(b"2");
        ensure!(
            good,
            "{} was answered by {}",
            String::from_utf8_lossy(request),
            String::from_utf8_lossy(&self.buffer)
        );
        Ok(&self.buffer[body])
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        self.buffer.reserve(READ);
        ensure!(
            self.stream.read_buf(&mut self.buffer).await? > 0,
            "the server closed the connection"
        );
        Ok(())
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|place| place + 4)
}

fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    let head = std::str::from_utf8(head)?;
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim())
    });
    value
        .context("an answer without Content-Length")?
        .parse()
        .context("Content-Length")
}

/// A WebSocket.
pub struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    start: usize,
}

/// A frame in the buffer.
struct Frame {
    code: u8,
    payload: Range<usize>,
}

impl Socket {
    /// Opens one. The kernel chooses the port as it connects, when it knows to whom: what lingers
    /// towards an earlier server is then not in the way, as it is where a port is bound first.
    pub async fn open(
        address: SocketAddr,
        path: &str,
        token: Option<&str>,
    ) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let token = token
            .map(|token| format!("Authorization: Bearer {token}\r\n"))
            .unwrap_or_default();
        let hello = format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Protocol: demarche.v1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{token}\r\n"
        );
        stream.write_all(hello.as_bytes()).await?;
        let mut buffer = Vec::with_capacity(1_024);
        let start = loop {
            ensure!(
                stream.read_buf(&mut buffer).await? > 0,
                "the server closed the connection"
            );
            if let Some(end) = head_end(&buffer) {
                break end;
            }
        };
        ensure!(
            buffer.starts_with(b"HTTP/1.1 101"),
            "the upgrade was answered by {}",
            String::from_utf8_lossy(&buffer)
        );
        Ok(Self {
            stream,
            buffer,
            start,
        })
    }

    /// Sends a text, masked by zeros.
    pub async fn send(&mut self, text: &str) -> anyhow::Result<()> {
        let mut frame = vec![0x81];
        match u16::try_from(text.len()) {
            Ok(short) if short < 126 => frame.push(0x80 | short.to_be_bytes()[1]),
            Ok(long) => frame.extend([0x80 | 126].into_iter().chain(long.to_be_bytes())),
            Err(_) => bail!("a text above 64 KiB"),
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        Ok(self.stream.write_all(&frame).await?)
    }

    /// Waits for bytes and passes on every text that is whole; answers pings.
    pub async fn batch(&mut self, mut each: impl FnMut(&[u8])) -> anyhow::Result<()> {
        let mut pinged = false;
        let mut some = false;
        loop {
            while let Some(Frame { code, payload }) = self.frame() {
                self.start = payload.end;
                some = true;
                match code {
                    0x1 => each(&self.buffer[payload]),
                    0x8 => bail!(
                        "the server closed the socket: {}",
                        String::from_utf8_lossy(&self.buffer[payload])
                    ),
                    0x9 => pinged = true,
                    _ => {}
                }
            }
            if some {
                break;
            }
            self.fill().await?;
        }
        if pinged {
            self.stream.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await?;
        }
        Ok(())
    }

    /// Reads until a text comes that holds `word`.
    pub async fn until(&mut self, word: &str) -> anyhow::Result<()> {
        let mut found = false;
        while !found {
            self.batch(|text| {
                found |= std::str::from_utf8(text).is_ok_and(|text| text.contains(word))
            })
            .await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        if self.buffer.capacity() == self.buffer.len() {
            self.buffer.reserve(READ);
        }
        ensure!(
            self.stream.read_buf(&mut self.buffer).await? > 0,
            "the server closed the connection"
        );
        Ok(())
    }

    /// The next frame, if all of it is here: servers do not mask.
    fn frame(&self) -> Option<Frame> {
        let bytes = &self.buffer[self.start..];
        let (first, second) = (*bytes.first()?, *bytes.get(1)?);
        let (head, length) = match second & 0x7f {
            126 => (
                4,
                usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)),
            ),
            127 => (
                10,
                usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?,
            ),
            short => (2, usize::from(short)),
        };
        let payload = self.start + head..self.start + head + length;
        (payload.end <= self.buffer.len()).then_some(Frame {
            code: first & 0x0f,
            payload,
        })
    }
}
