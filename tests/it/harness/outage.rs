//! A TCP proxy whose line is cut, stalls, freezes one way or both, or drips, and one that is far
//! away.
use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

/// How long a line that drips takes for a byte.
const DRIP: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Open,
    /// Connections end, new ones too.
    Cut,
    /// Connections stay, but nothing passes until it is open again.
    Stalled,
    /// A byte now and then.
    Drips,
}

/// Which way a connection froze.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    Both,
    /// What the client sends does not reach the server.
    There,
    /// What the server answers does not reach the client.
    Back,
}

/// What a proxy does.
#[derive(Clone, Copy)]
struct State {
    mode: Mode,
    /// Connections made before so many others are frozen, and which way.
    frozen: (u64, Way),
}

impl State {
    /// What one way of a connection does.
    fn of(&self, number: u64, way: Way) -> Mode {
        let frozen = number < self.frozen.0 && [Way::Both, way].contains(&self.frozen.1);
        if frozen && self.mode != Mode::Cut {
            Mode::Stalled
        } else {
            self.mode
        }
    }
}

/// A proxy in front of a server.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    state: watch::Sender<State>,
    /// How many connections there were.
    count: watch::Receiver<u64>,
}

impl Proxy {
    /// Listens on a free port and passes everything on to `server`.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State {
            mode: Mode::Open,
            frozen: (0, Way::Both),
        });
        let (counter, count) = watch::channel(0);
        let proxy = Self {
            address,
            state: state.clone(),
            count,
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = *counter.borrow();
                counter.send_replace(number + 1);
                tokio::spawn(pass(client, server.clone(), number, state.subscribe()));
            }
        });
        proxy
    }

    /// Listens on a free port and passes everything on, each byte after so long: how far away
    /// `server` is.
    pub async fn far(server: String, delay: Duration) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else {
                    continue;
                };
                let ((from, back), (answers, to)) = (client.into_split(), server.into_split());
                tokio::spawn(late(from, to, delay));
                tokio::spawn(late(answers, back, delay));
            }
        });
        address
    }

    fn set(&self, mode: Mode) {
        self.state.send_modify(|state| state.mode = mode);
    }

    pub fn open(&self) {
        self.set(Mode::Open);
    }

    pub fn cut(&self) {
        self.set(Mode::Cut);
    }

    pub fn stall(&self) {
        self.set(Mode::Stalled);
    }

    pub fn drip(&self) {
        self.set(Mode::Drips);
    }

    /// Freezes for ever what is connected now; new connections pass.
    pub fn strand(&self, way: Way) {
        let count = *self.count.borrow();
        self.state.send_modify(|state| state.frozen = (count, way));
    }
}

async fn pass(client: TcpStream, server: String, number: u64, state: watch::Receiver<State>) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let ((from, back), (answers, to)) = (client.into_split(), server.into_split());
    let ways = async {
        tokio::join!(
            flow(from, to, number, Way::There, state.clone()),
            flow(answers, back, number, Way::Back, state.clone())
        )
    };
    let mut cut = state.clone();
    tokio::select! {
        _ = ways => {}
        _ = cut.wait_for(|state| state.mode == Mode::Cut) => {}
    }
}

/// One way of a connection, to its end: a stall loses no byte.
async fn flow(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    number: u64,
    way: Way,
    mut state: watch::Receiver<State>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let mode = state.borrow_and_update().of(number, way);
        let most = match mode {
            Mode::Stalled | Mode::Cut => {
                if state.changed().await.is_err() {
                    return;
                }
                continue;
            }
            Mode::Drips => 1,
            Mode::Open => bytes.len(),
        };
        let read = tokio::select! {
            changed = state.changed() => if changed.is_err() { return } else { continue },
            read = from.read(&mut bytes[..most]) => read,
        };
        let Ok(read @ 1..) = read else { break };
        if to.write_all(&bytes[..read]).await.is_err() {
            break;
        }
        if mode == Mode::Drips {
            sleep(DRIP).await;
        }
    }
    let _ = to.shutdown().await;
}

async fn late(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration) {
    let (send, mut travelling) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = travelling.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if send
            .send((Instant::now() + delay, bytes[..read].to_vec()))
            .is_err()
        {
            return;
        }
    }
}
