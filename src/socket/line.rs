//! The writing half of a socket: frames that were encoded once go out as they are, many by one
//! system call; pings, pongs and the close frame are the library's.
use std::{
    collections::VecDeque,
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Bytes, Error, Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use super::{farewell::Farewell, watch::Endless};
use crate::protocol::frame::Frame;

/// How long a client may take for a lot of frames, for a ping, and for the close frame.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Frames of a lot: each lot has its time, so that a slow line can take a long resume.
const LOT: usize = 64;

/// A socket with what is still to be written to it.
pub struct Line<S> {
    socket: WebSocketStream<S>,
    /// Of the first, the part that has not been written.
    waiting: VecDeque<Frame>,
    /// The client has closed, and the library answers: nothing may follow a close frame (RFC 6455
    /// section 5.5.1).
    closed: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// A line over an open socket.
    pub fn new(socket: WebSocketStream<S>) -> Self {
        Self {
            socket,
            waiting: VecDeque::new(),
            closed: false,
        }
    }

    /// The next message.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        let message = self.socket.next().await;
        self.closed |= matches!(message, Some(Ok(Message::Close(_))));
        message
    }

    /// Writes frames in their order; none once the client has closed.
    pub async fn send(&mut self, frames: Vec<Frame>) -> Result<(), Farewell> {
        if self.closed {
            return Ok(());
        }
        let mut frames = frames.into_iter();
        loop {
            self.waiting.extend(frames.by_ref().take(LOT));
            if self.waiting.is_empty() {
                return Ok(());
            }
            timeout(PATIENCE, self.drain())
                .await
                .map_err(|_| Farewell::Slow)?
                .map_err(|error| ended_by(&error))?;
        }
    }

    /// Writes a ping.
    pub async fn ping(&mut self) -> Result<(), Farewell> {
        let sent = timeout(PATIENCE, self.socket.send(Message::Ping(Bytes::new()))).await;
        sent.map_err(|_| Farewell::Slow)?
            .map_err(|_| Farewell::Gone)
    }

    /// Writes what waits. Where this is given up, the part that was written of a frame is
    /// remembered: nothing may stand between its bytes.
    async fn drain(&mut self) -> Result<(), Error> {
        // A pong that the library has begun to write ends first.
        self.socket.flush().await?;
        while !self.waiting.is_empty() {
            let (stream, waiting) = (self.socket.get_mut(), &self.waiting);
            let mut written = poll_fn(|context| write_many(stream, waiting, context)).await?;
            if written == 0 {
                return Err(Error::ConnectionClosed);
            }
            while let Some(first) = self.waiting.front_mut() {
                if written < first.len() {
                    let _ = first.split_to(written);
                    break;
                }
                written -= first.len();
                self.waiting.pop_front();
            }
        }
        Ok(self.socket.get_mut().flush().await?)
    }

    /// Closes with a code, behind the rest of a frame that was begun, and waits until the client
    /// has closed its side, `parting` at most. Without a code the connection just ends.
    pub async fn close(mut self, frame: Option<(CloseCode, &'static str)>, parting: Duration) {
        if let Some((code, reason)) = frame {
            self.waiting.truncate(1);
            let goodbye = async {
                self.drain().await?;
                self.socket
                    .close(Some(CloseFrame {
                        code,
                        reason: reason.into(),
                    }))
                    .await
            };
            let _ = timeout(PATIENCE, goodbye).await;
        }
        let _ = timeout(parting, part(self.socket.get_mut())).await;
    }
}

/// Writes the first of the frames by one system call; how many bytes it took.
fn write_many<S: AsyncWrite + Unpin>(
    stream: &mut S,
    frames: &VecDeque<Frame>,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut slices = [IoSlice::new(&[]); LOT];
    let mut count = 0;
    for (slice, frame) in slices.iter_mut().zip(frames) {
        *slice = IoSlice::new(frame);
        count += 1;
    }
    Pin::new(stream).poll_write_vectored(context, &slices[..count])
}

/// Ends the sending side and throws away what still comes until the peer ends its own. To close
/// over unread bytes would reset the connection, and a reset takes the close frame along.
async fn part<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) {
    let _ = stream.shutdown().await;
    let mut waste = [0; 512];
    while stream.read(&mut waste).await.is_ok_and(|read| read > 0) {}
}

/// Why reading or writing ended, as the peer should be told.
pub fn ended_by(error: &Error) -> Farewell {
    match error {
        Error::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => Farewell::Gone,
        Error::Protocol(_) | Error::AttackAttempt => Farewell::Protocol,
        Error::Utf8(_) => Farewell::Text,
        Error::Capacity(_) => Farewell::Size,
        Error::WriteBufferFull(_) => Farewell::Slow,
        Error::Io(error) if error.get_ref().is_some_and(|error| error.is::<Endless>()) => {
            Farewell::Endless
        }
        _ => Farewell::Gone,
    }
}
