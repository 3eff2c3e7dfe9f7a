//! The one loop of a socket: it moves bytes and keeps time; what they mean is the session's affair.
use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::{
    farewell::{Farewell, close_code},
    line::{Line, PATIENCE, ended_by},
    session::Session,
    timers::{RECHECK, Timers, beat},
};
use crate::{
    id,
    service::{
        Services,
        caller::Caller,
        keep::outbox::{Outbox, Taken},
    },
};

/// How long the answers to what came before the end may take: as long as the database may.
const SETTLING: Duration = Duration::from_secs(5);
/// How long a client may take to close its side once ours is closed.
const PARTING: Duration = Duration::from_secs(2);
/// How long a stopping server tells its clients to wait, in milliseconds; each adds its own share
/// up to the same again.
const RECONNECT: u64 = 1_000;

/// Serves a socket until it closes.
pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    services: Services,
    caller: Option<Caller>,
    visitor: String,
    socket: WebSocketStream<S>,
) {
    let outbox = Arc::new(Outbox::default());
    metrics::gauge!("demarche_sockets").increment(1.0);
    let mut session = Session::enter(services.clone(), caller, visitor, outbox.clone());
    let mut line = Line::new(socket);
    let farewell = serve(&services, &mut session, &outbox, &mut line).await;
    session.leave();
    // What only some sockets do, and none for long, is kept out of the size of all.
    let _ = timeout(
        SETTLING,
        Box::pin(settle(&mut session, &outbox, &mut line, farewell)),
    )
    .await;
    metrics::gauge!("demarche_sockets").decrement(1.0);
    let frame = (farewell != Farewell::Gone).then(|| close_code(farewell));
    if let Some((code, _)) = frame {
        metrics::counter!("demarche_socket_closes", "code" => u16::from(code).to_string())
            .increment(1);
    }
    Box::pin(line.close(frame, PARTING)).await;
}

/// Answers everything that came before the end: what is under way, and, of a client whose rights
/// have ended, what it had sent and nobody had read.
async fn settle<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session,
    outbox: &Outbox,
    line: &mut Line<S>,
    farewell: Farewell,
) {
    match farewell {
        Farewell::Gone | Farewell::Slow | Farewell::Silent => return,
        Farewell::Restart => outbox.answer(session.drain(RECONNECT + id::below(RECONNECT))),
        Farewell::SessionEnded | Farewell::Banned => {
            while let Some(Some(Ok(message))) = line.next().now_or_never() {
                if let Message::Text(text) = message {
                    session.read_last(text.as_str()).await;
                }
            }
        }
        _ => {}
    }
    let answered = session.answered();
    tokio::pin!(answered);
    loop {
        tokio::select! {
            () = &mut answered => break,
            taken = outbox.take() => if line.send(taken.frames).await.is_err() { return },
        }
    }
    let _ = line.send(outbox.take_now().frames).await;
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    services: &Services,
    session: &mut Session,
    outbox: &Outbox,
    line: &mut Line<S>,
) -> Farewell {
    let mut timers = Timers::start();
    // Both are registered once, not at every turn: a busy socket turns at every event.
    let (stop, alarm) = (services.stop.cancelled(), sleep_until(timers.next()));
    tokio::pin!(stop, alarm);
    loop {
        if alarm.deadline() != timers.next() {
            alarm.as_mut().reset(timers.next());
        }
        tokio::select! {
            () = &mut stop => return Farewell::Restart,
            // Who asks and asks without reading is not heard until the answers are gone: they wait
            // in memory.
            message = line.next(), if !outbox.crowded() => {
                let result = match message {
                    None => Err(Farewell::Gone),
                    Some(Err(error)) => Err(ended_by(&error)),
                    Some(Ok(message)) => receive(services, session, &mut timers, message).await,
                };
                if let Err(farewell) = result {
                    return farewell;
                }
            }
            taken = outbox.take() => {
                if let Err(farewell) = deliver(session, line, taken).await {
                    return farewell;
                }
            }
            () = &mut alarm => {
                if let Err(farewell) = tick(session, &mut timers, line).await {
                    return farewell;
                }
            }
        }
    }
}

/// Sends what was taken from the outbox and does what else it asks.
async fn deliver<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session,
    line: &mut Line<S>,
    taken: Taken,
) -> Result<(), Farewell> {
    line.send(taken.frames).await?;
    if let Some(farewell) = taken.farewell {
        return Err(farewell.into());
    }
    if taken.recheck {
        Box::pin(session.recheck()).await?;
    }
    // Most sockets are never behind, and this is passed at every event.
    if session.is_behind() {
        Box::pin(session.go_on()).await;
    }
    Ok(())
}

async fn receive(
    services: &Services,
    session: &mut Session,
    timers: &mut Timers,
    message: Message,
) -> Result<(), Farewell> {
    if services.budgets.on() && timers.flooded() {
        return Err(Farewell::Flood);
    }
    match message {
        Message::Text(text) => {
            timers.first = None;
            Box::pin(session.read(text.as_str())).await
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
    line: &mut Line<S>,
) -> Result<(), Farewell> {
    let now = Instant::now();
    if timers.pong.is_some_and(|due| due <= now) || timers.first.is_some_and(|due| due <= now) {
        return Err(Farewell::Silent);
    }
    if timers.recheck <= now {
        timers.recheck = now + RECHECK;
        Box::pin(session.recheck()).await?;
    }
    if timers.ping <= now {
        timers.ping = now + beat();
        timers.pong = Some(now + PATIENCE);
        session.heartbeat();
        line.ping().await?;
    }
    Ok(())
}
