//! What one connection may cost: how many an address may hold, and how long a client may leave
//! unread what is written to it.
use std::{
    collections::HashMap,
    io::{self, IoSlice},
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{Addresses, place};

/// How long a client may leave unread what is written to it…
const UNREAD: Duration = Duration::from_secs(10);
/// …and how many bytes it must have taken by then to get as long again.
const TAKEN: usize = 16 * 1024;

/// The connections that are open, by where they come from.
#[derive(Debug)]
pub struct Held {
    per_address: usize,
    all: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    places: HashMap<Vec<u8>, usize>,
}

/// Room for one connection; it is free again when this is dropped.
#[derive(Debug)]
pub struct Slot {
    held: Arc<Held>,
    /// `None`: of a proxy of ours, behind which many people are.
    place: Option<Vec<u8>>,
}

impl Held {
    /// At most so many from one address, and in all.
    #[must_use]
    pub fn new(per_address: usize, all: usize) -> Arc<Self> {
        Arc::new(Self {
            per_address,
            all,
            open: Mutex::default(),
        })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection of this peer, if it may have one.
    #[must_use]
    pub fn admit(self: &Arc<Self>, peer: IpAddr, addresses: &Addresses) -> Option<Slot> {
        let from = (!addresses.trusts(peer)).then(|| place(peer));
        let mut open = self.open();
        let here = from
            .as_ref()
            .and_then(|from| open.places.get(from))
            .copied()
            .unwrap_or(0);
        if open.all >= self.all || (from.is_some() && here >= self.per_address) {
            return None;
        }
        open.all += 1;
        if let Some(from) = &from {
            *open.places.entry(from.clone()).or_default() += 1;
        }
        Some(Slot {
            held: self.clone(),
            place: from,
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.held.open();
        open.all -= 1;
        let Some(from) = self.place.take() else {
            return;
        };
        if let Some(count) = open.places.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                open.places.remove(&from);
            }
        }
    }
}

/// A connection that ends when its client does not read.
pub struct Patient {
    stream: TcpStream,
    slot: Slot,
    stall: Option<Stall>,
}

/// Something waits to be read.
struct Stall {
    until: Pin<Box<Sleep>>,
    taken: usize,
}

impl Patient {
    /// A connection that has a place.
    #[must_use]
    pub fn new(stream: TcpStream, slot: Slot) -> Self {
        Self {
            stream,
            slot,
            stall: None,
        }
    }

    /// The stream and its place, for who keeps a time of its own.
    #[must_use]
    pub fn into_parts(self) -> (TcpStream, Slot) {
        (self.stream, self.slot)
    }

    /// What became of a write, with its time.
    fn timed(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        match (written, &mut self.stall) {
            (Poll::Pending, stall) => {
                let stall = stall.get_or_insert_with(|| Stall {
                    until: Box::pin(sleep(UNREAD)),
                    taken: 0,
                });
                stall
                    .until
                    .as_mut()
                    .poll(context)
                    .map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            (Poll::Ready(Ok(count)), Some(stall)) => {
                stall.taken += count;
                if stall.taken >= TAKEN {
                    self.stall = None;
                }
                Poll::Ready(Ok(count))
            }
            (ready, _) => ready,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.timed(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.timed(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called once all is written: nothing waits to be read any more, as far as this side can tell.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stall = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_a_trusted_proxy_any_number() {
        let addresses = Addresses::new(vec!["10.0.0.0/8".parse().unwrap()], String::new());
        let held = Held::new(2, 6);
        let admit = |address: &str| held.admit(address.parse().unwrap(), &addresses);
        let first = [admit("2001:db8::1"), admit("2001:db8::2")];
        assert!(
            first.iter().all(Option::is_some) && admit("2001:db8::3").is_none(),
            "a /64 is one address"
        );
        let proxied = [
            admit("10.0.0.1"),
            admit("10.0.0.1"),
            admit("::ffff:10.0.0.1"),
        ];
        assert!(proxied.iter().all(Option::is_some));
        let last = admit("192.0.2.1");
        assert!(last.is_some() && admit("192.0.2.2").is_none(), "six in all");
        drop(first);
        assert!(admit("2001:db8::3").is_some());
        drop((proxied, last));
        let open = held.open();
        assert_eq!((open.all, open.places.len()), (0, 0));
    }
}
