//! A client of RFC 6455 by hand: it sends bytes that no library would.
use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A connection, and what was read of it ahead.
pub struct Raw {
    stream: TcpStream,
    ahead: Vec<u8>,
}

/// What a server answered to a handshake.
pub struct Head {
    pub status: u16,
    pub text: String,
}

impl Head {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// A frame as a client must send it: masked, by a mask that changes every byte.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend(u64::try_from(length).unwrap().to_be_bytes());
        }
    }
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    bytes.extend(mask);
    bytes.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// The handshake of RFC 6455's own example, with headers changed: `(name, None)` leaves one out.
pub fn handshake(host: &str, changed: &[(&str, Option<&str>)]) -> String {
    let mut headers: Vec<(&str, &str)> = vec![
        ("Host", host),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Protocol", "demarche.v1"),
    ];
    for (name, value) in changed {
        headers.retain(|(known, _)| known != name);
        headers.extend(value.map(|value| (*name, value)));
    }
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!("GET /api/v1/socket HTTP/1.1\r\n{headers}\r\n")
}

impl Raw {
    /// Sends a request's head; what came back, and the connection.
    pub async fn request(url: &str, head: &str) -> (Head, Self) {
        Self::ask(
            TcpStream::connect(url.trim_start_matches("http://"))
                .await
                .unwrap(),
            head,
        )
        .await
    }

    async fn ask(mut stream: TcpStream, head: &str) -> (Head, Self) {
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut raw = Self {
            stream,
            ahead: vec![],
        };
        let end = loop {
            if let Some(place) = raw.ahead.windows(4).position(|four| four == b"\r\n\r\n") {
                break place + 4;
            }
            assert!(
                raw.more().await,
                "the connection ended before an answer to {head}"
            );
        };
        let text = String::from_utf8(raw.ahead.drain(..end).collect()).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        (Head { status, text }, raw)
    }

    /// An open socket whose `hello` was read.
    pub async fn open(url: &str) -> Self {
        let host = url.trim_start_matches("http://");
        let socket = TcpSocket::new_v4().unwrap();
        // Little room, so that who does not read is felt soon.
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let stream = socket.connect(host.parse().unwrap()).await.unwrap();
        let (head, mut raw) = Self::ask(stream, &handshake(host, &[])).await;
        assert_eq!(head.status, 101, "{}", head.text);
        let (first, hello) = raw.frame().await.unwrap();
        assert!(first == 0x81 && hello.starts_with(br#"{"type":"hello""#));
        raw
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        // A server that has closed may take no more.
        let _ = self.stream.write_all(bytes).await;
    }

    async fn more(&mut self) -> bool {
        let mut bytes = [0; 16 * 1024];
        let read = timeout(PATIENCE, self.stream.read(&mut bytes))
            .await
            .expect("bytes or an end in time");
        let read =
            read.expect("an orderly end, never a reset, which would take the close frame along");
        self.ahead.extend(&bytes[..read]);
        read > 0
    }

    /// The next frame: its first byte and payload; `None` at the end of the connection.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((first, from, to)) = measure(&self.ahead) {
                let payload = self.ahead[from..to].to_vec();
                self.ahead.drain(..to);
                return Some((first, payload));
            }
            if !self.more().await {
                assert!(self.ahead.is_empty(), "the connection ended inside a frame");
                return None;
            }
        }
    }

    /// Reads to the close frame and past it to the end: its code, 0 where it had none.
    pub async fn closed(&mut self) -> u16 {
        let code = loop {
            match self.frame().await {
                Some((0x88, payload)) => {
                    break payload
                        .first_chunk()
                        .map_or(0, |code| u16::from_be_bytes(*code));
                }
                Some(_) => {}
                None => panic!("the connection ended without a close frame"),
            }
        };
        assert!(
            self.frame().await.is_none(),
            "nothing follows a close frame"
        );
        code
    }
}

/// First byte, begin and end of the payload, if all of it is there.
fn measure(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [first, second, rest @ ..] = bytes else {
        return None;
    };
    assert!(second & 0x80 == 0, "a server never masks");
    assert!(first & 0x80 == 0x80, "this server never fragments");
    let (from, length) = match second {
        126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
        127 => (
            10,
            usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).unwrap(),
        ),
        length => (2, usize::from(*length)),
    };
    (bytes.len() >= from + length).then_some((*first, from, from + length))
}
