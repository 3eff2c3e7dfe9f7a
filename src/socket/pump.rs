//! The one loop of a socket: it moves bytes and keeps time; what they mean is the session's affair.
use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Bytes, Error, Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use super::session::{Farewell, Session};
use crate::{
    id,
    protocol::socket::HEARTBEAT,
    service::{
        Services,
        accounts::Caller,
        outbox::{Outbox, Taken},
    },
};

/// How long a client may take to send its first frame, to answer a ping, and to take what is written.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client may take to close its side once ours is closed.
const PARTING: Duration = Duration::from_secs(2);
/// How often a session is looked at again.
const RECHECK: Duration = Duration::from_secs(60);
/// How many frames are fed before a flush.
const FEED: usize = 64;
/// Messages a client may send in ten seconds before it is a flood.
const FLOOD: u32 = 2_000;
/// How long a stopping server tells its clients to wait, in milliseconds; each adds its own share up to the same again.
const RECONNECT: u64 = 1_000;

/// The close codes of the protocol beyond those of RFC 6455.
fn close_code(farewell: Farewell) -> (CloseCode, &'static str) {
    match farewell {
        Farewell::Protocol => (CloseCode::Protocol, "not a frame of this protocol"),
        Farewell::Binary => (CloseCode::Unsupported, "text only"),
        Farewell::Text => (CloseCode::Invalid, "not UTF-8"),
        Farewell::Size => (CloseCode::Size, "larger than 64 KiB"),
        Farewell::Flood => (CloseCode::Policy, "too many frames"),
        Farewell::Restart => (CloseCode::Restart, "restarting"),
        Farewell::SessionEnded => (CloseCode::Library(4001), "the session has ended"),
        Farewell::Banned => (CloseCode::Library(4003), "the account was barred"),
        Farewell::Slow => (CloseCode::Library(4008), "too slow"),
        Farewell::Silent => (CloseCode::Library(4008), "no sign of life"),
        Farewell::Gone => (CloseCode::Normal, ""),
    }
}

/// Why reading or writing ended, as the peer should be told.
fn ended_by(error: &Error) -> Farewell {
    match error {
        Error::Protocol(tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => Farewell::Gone,
        Error::Protocol(_) | Error::AttackAttempt => Farewell::Protocol,
        Error::Utf8(_) => Farewell::Text,
        Error::Capacity(_) => Farewell::Size,
        Error::WriteBufferFull(_) => Farewell::Slow,
        _ => Farewell::Gone,
    }
}

/// When things are due.
struct Timers {
    ping: Instant,
    pong: Option<Instant>,
    first: Option<Instant>,
    recheck: Instant,
    window: (Instant, u32),
}

impl Timers {
    fn start() -> Self {
        let now = Instant::now();
        Self { ping: now + beat(), pong: None, first: Some(now + PATIENCE), recheck: now + RECHECK, window: (now, 0) }
    }

    fn next(&self) -> Instant {
        [Some(self.ping), self.pong, self.first, Some(self.recheck)].into_iter().flatten().min().unwrap_or(self.ping)
    }

    /// Counts a message; true where there were too many.
    fn flooded(&mut self) -> bool {
        if self.window.0.elapsed() > PATIENCE {
            self.window = (Instant::now(), 0);
        }
        self.window.1 += 1;
        self.window.1 > FLOOD
    }
}

/// The time to the next ping: 25 s, up to a fifth more or less, so that ten thousand sockets do not beat as one.
fn beat() -> Duration {
    Duration::from_millis(HEARTBEAT * 4 / 5 + id::below(HEARTBEAT * 2 / 5))
}

/// Serves a socket until it closes.
pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(services: Services, caller: Option<Caller>, visitor: String, mut socket: WebSocketStream<S>) {
    let outbox = Arc::new(Outbox::default());
    metrics::gauge!("demarche_sockets").increment(1.0);
    let mut session = Session::enter(services.clone(), caller, visitor, outbox.clone());
    let farewell = serve(&services, &mut session, &outbox, &mut socket).await;
    session.leave();
    metrics::gauge!("demarche_sockets").decrement(1.0);
    if farewell != Farewell::Gone {
        let (code, reason) = close_code(farewell);
        metrics::counter!("demarche_socket_closes", "code" => u16::from(code).to_string()).increment(1);
        let _ = timeout(PATIENCE, goodbye(&mut socket, CloseFrame { code, reason: reason.into() })).await;
    }
    let _ = timeout(PARTING, part(socket.get_mut())).await;
}

async fn goodbye<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, frame: CloseFrame) -> Result<(), Error> {
    // A pong that waits would go out behind the close frame.
    socket.flush().await?;
    socket.close(Some(frame)).await
}

/// Ends the sending side and throws away what still comes until the peer ends its own. To close over unread bytes would reset
/// the connection, and a reset takes the close frame along.
async fn part<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) {
    let _ = stream.shutdown().await;
    let mut waste = [0; 4096];
    while stream.read(&mut waste).await.is_ok_and(|read| read > 0) {}
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    services: &Services,
    session: &mut Session,
    outbox: &Outbox,
    socket: &mut WebSocketStream<S>,
) -> Farewell {
    let mut timers = Timers::start();
    loop {
        tokio::select! {
            () = services.stop.cancelled() => {
                let wait = RECONNECT + id::below(RECONNECT);
                outbox.answer(session.drain(wait));
                let _ = timeout(Duration::from_secs(2), write(socket, outbox.take_now())).await;
                return Farewell::Restart;
            }
            // Who asks and asks without reading is not heard until the answers are gone: they wait in memory.
            message = socket.next(), if !outbox.crowded() => {
                let result = match message {
                    None => Err(Farewell::Gone),
                    Some(Err(error)) => Err(ended_by(&error)),
                    Some(Ok(message)) => receive(services, session, &mut timers, message).await,
                };
                if let Err(farewell) = result {
                    // Answers to what came before the fault are still owed.
                    let _ = timeout(PATIENCE, write(socket, outbox.take_now())).await;
                    return farewell;
                }
            }
            taken = outbox.take() => {
                if let Err(farewell) = deliver(session, socket, taken).await {
                    return farewell;
                }
            }
            () = sleep_until(timers.next()) => {
                if let Err(farewell) = tick(session, &mut timers, socket).await {
                    return farewell;
                }
            }
        }
    }
}

/// Sends what was taken from the outbox and does what else it asks.
async fn deliver<S: AsyncRead + AsyncWrite + Unpin>(session: &mut Session, socket: &mut WebSocketStream<S>, taken: Taken) -> Result<(), Farewell> {
    let (recheck, farewell) = (taken.recheck, taken.farewell);
    write(socket, taken).await?;
    if let Some(farewell) = farewell {
        return Err(farewell.into());
    }
    if recheck { session.recheck().await } else { Ok(()) }
}

async fn receive(services: &Services, session: &mut Session, timers: &mut Timers, message: Message) -> Result<(), Farewell> {
    if services.budgets.on() && timers.flooded() {
        return Err(Farewell::Flood);
    }
    match message {
        Message::Text(text) => {
            timers.first = None;
            session.read(text.as_str()).await
        }
        Message::Binary(_) => Err(Farewell::Binary),
        Message::Pong(_) => {
            timers.pong = None;
            Ok(())
        }
        // Answered by the library; a close is followed by the end of the stream.
        Message::Ping(_) | Message::Close(_) | Message::Frame(_) => Ok(()),
    }
}

async fn tick<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session,
    timers: &mut Timers,
    socket: &mut WebSocketStream<S>,
) -> Result<(), Farewell> {
    let now = Instant::now();
    if timers.pong.is_some_and(|due| due <= now) || timers.first.is_some_and(|due| due <= now) {
        return Err(Farewell::Silent);
    }
    if timers.recheck <= now {
        timers.recheck = now + RECHECK;
        session.recheck().await?;
    }
    if timers.ping <= now {
        timers.ping = now + beat();
        timers.pong = Some(now + PATIENCE);
        session.heartbeat();
        let sent = timeout(PATIENCE, socket.send(Message::Ping(Bytes::new()))).await;
        sent.map_err(|_| Farewell::Slow)?.map_err(|_| Farewell::Gone)?;
    }
    Ok(())
}

/// Feeds frames and flushes once for many: a flush is a system call. Each lot has its time, so that a slow line can take a
/// long resume.
async fn write<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, taken: Taken) -> Result<(), Farewell> {
    for some in taken.frames.chunks(FEED) {
        let lot = async {
            for frame in some {
                socket.feed(Message::Text(frame.clone())).await?;
            }
            socket.flush().await
        };
        timeout(PATIENCE, lot).await.map_err(|_| Farewell::Slow)?.map_err(|error| ended_by(&error))?;
    }
    Ok(())
}
