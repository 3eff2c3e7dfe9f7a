//! Watches what a client sends go by, for what the library does not bound: a message in any number
//! of frames, and one that never ends.
use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::frames::Frames;

/// How long a message may take from its first byte to its last.
const MESSAGE: Duration = Duration::from_secs(8);
/// Frames of one message: a frame holds 64 bytes of the longest message then.
const PARTS: u32 = 1_024;

/// A message that does not end, or comes in too many frames.
#[derive(Debug, thiserror::Error)]
#[error("a message without an end")]
pub struct Endless;

/// A stream whose messages end in time; otherwise reading it fails once with [`Endless`].
pub struct Watched<S> {
    stream: S,
    /// `None` once the client has been found out: what still comes is thrown away.
    frames: Option<Frames>,
    late: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    /// Watches a stream of which some bytes were read before.
    pub fn new(stream: S, read: &[u8]) -> Self {
        let mut frames = Frames::default();
        frames.pass(read);
        Self {
            stream,
            frames: Some(frames),
            late: None,
        }
    }

    fn found_out(&mut self) -> Poll<io::Result<()>> {
        (self.frames, self.late) = (None, None);
        Poll::Ready(Err(io::Error::other(Endless)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let Some(frames) = &mut self.frames else {
            return read;
        };
        let ended = frames.pass(&buffer.filled()[before..]);
        let (unfinished, parts) = (frames.unfinished(), frames.parts);
        if parts > PARTS {
            return self.found_out();
        }
        if ended || !unfinished {
            self.late = None;
        }
        if unfinished {
            let late = self.late.get_or_insert_with(|| Box::pin(sleep(MESSAGE)));
            if late.as_mut().poll(context).is_ready() {
                return self.found_out();
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
