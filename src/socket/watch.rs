//! Watches what a client sends go by, for what the library does not bound: a message in any number of frames, and one that
//! never ends. It reads the heads of frames (RFC 6455 section 5.2) and nothing else.
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

/// How long a message may take from its first byte to its last.
const MESSAGE: Duration = Duration::from_secs(8);
/// Frames of one message: a frame holds 64 bytes of the longest message then.
const PARTS: u32 = 1_024;

/// A message that does not end, or comes in too many frames.
#[derive(Debug, thiserror::Error)]
#[error("a message without an end")]
pub struct Endless;

/// Where in the frames of a client one is.
#[derive(Default)]
struct Frames {
    head: [u8; 14],
    /// How much of the head is there.
    have: usize,
    /// How much of the payload is to come.
    payload: u64,
    /// Frames of a message whose last has not come.
    parts: u32,
}

impl Frames {
    /// Passes over bytes; whether a message ended in them.
    fn pass(&mut self, mut bytes: &[u8]) -> bool {
        let mut ended = false;
        while let Some((first, rest)) = bytes.split_first() {
            if self.payload > 0 {
                let skipped = usize::try_from(self.payload).unwrap_or(usize::MAX).min(bytes.len());
                self.payload -= skipped as u64;
                bytes = &bytes[skipped..];
            } else {
                self.head[self.have] = *first;
                self.have += 1;
                bytes = rest;
                self.begin();
            }
            ended |= !self.unfinished();
        }
        ended
    }

    /// Begins the payload, where the head is whole.
    fn begin(&mut self) {
        let [first, second, rest @ ..] = self.head;
        let (extended, masked) = (second & 0x7f, usize::from(second >> 7) * 4);
        let length = match extended {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if self.have < 2 || self.have < 2 + length + masked {
            return;
        }
        let said = rest[..length].iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
        self.payload = if length == 0 { u64::from(extended) } else { said };
        self.have = 0;
        // A control frame may stand between the parts of a message.
        if first & 0x08 == 0 {
            self.parts = if first & 0x80 == 0 { self.parts + 1 } else { 0 };
        }
    }

    fn unfinished(&self) -> bool {
        self.have > 0 || self.payload > 0 || self.parts > 0
    }
}

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
        Self { stream, frames: Some(frames), late: None }
    }

    fn found_out(&mut self) -> Poll<io::Result<()>> {
        (self.frames, self.late) = (None, None);
        Poll::Ready(Err(io::Error::other(Endless)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let Some(frames) = &mut self.frames else { return read };
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
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }
    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether something is unfinished after these bytes, and in how many parts, however they are cut.
    fn after(bytes: &[u8]) -> (bool, u32) {
        let mut whole = Frames::default();
        whole.pass(bytes);
        let mut single = Frames::default();
        bytes.iter().for_each(|byte| {
            single.pass(&[*byte]);
        });
        assert_eq!((whole.unfinished(), whole.parts, whole.payload), (single.unfinished(), single.parts, single.payload));
        (whole.unfinished(), whole.parts)
    }

    #[test]
    fn heads_are_read_for_every_length_and_wherever_they_are_cut() {
        let frame = |first: u8, length: usize| {
            let mut bytes = match length {
                0..126 => vec![first, 0x80 | u8::try_from(length).unwrap()],
                126..65_536 => [vec![first, 0x80 | 126], u16::try_from(length).unwrap().to_be_bytes().to_vec()].concat(),
                _ => [vec![first, 0x80 | 127], (length as u64).to_be_bytes().to_vec()].concat(),
            };
            bytes.extend(vec![0x81; 4 + length]);
            bytes
        };
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            assert_eq!(after(&frame(0x81, length)), (false, 0), "{length}");
            let cut = frame(0x81, length);
            assert!(after(&cut[..cut.len() - 1]).0, "{length}");
            // A message in three parts with a ping among them.
            let three = [frame(0x01, length), frame(0x89, 5), frame(0x00, length)].concat();
            assert_eq!(after(&three), (true, 2), "{length}");
            assert_eq!(after(&[three, frame(0x80, length)].concat()), (false, 0), "{length}");
        }
    }

    #[test]
    fn a_busy_client_has_ended_a_message_though_something_is_always_unfinished() {
        let mut frames = Frames::default();
        for _ in 0..3 {
            // Each lot ends one message and begins the next.
            frames.pass(&[0x81]);
            assert!(frames.pass(&[0x80, 0, 0, 0, 0, 0x81]) && frames.unfinished());
            assert!(!frames.pass(&[0x82, 0, 0, 0, 0, b'a']), "half a message has ended nothing");
            assert!(frames.pass(b"b") && !frames.unfinished());
        }
        // An empty part of a message ends nothing either.
        assert!(!frames.pass(&[0x01, 0x80, 0, 0, 0, 0, 0x00, 0x80, 0, 0, 0, 0]));
    }
}
