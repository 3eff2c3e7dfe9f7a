//! A TCP proxy that can be cut, stalled and stranded, and one that is far away.
use std::{net::SocketAddr, pin::pin, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Open,
    /// Connections end, new ones too.
    Cut,
    /// Connections stay, but nothing passes until it is open again.
    Stalled,
}

/// A proxy in front of a server.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    mode: watch::Sender<Mode>,
    /// Counts up to strand what is connected.
    generation: watch::Sender<u32>,
}

impl Proxy {
    /// Listens on a free port and passes everything on to `server`.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, generation) = (watch::Sender::new(Mode::Open), watch::Sender::new(0));
        let proxy = Self { address, mode: mode.clone(), generation: generation.clone() };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server.clone(), mode.subscribe(), generation.subscribe()));
            }
        });
        proxy
    }

    /// Listens on a free port and passes everything on, each byte after so long: how far away `server` is.
    pub async fn far(server: String, delay: Duration) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                let ((from, back), (answers, to)) = (client.into_split(), server.into_split());
                tokio::spawn(late(from, to, delay));
                tokio::spawn(late(answers, back, delay));
            }
        });
        address
    }

    pub fn open(&self) {
        self.mode.send_replace(Mode::Open);
    }

    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    pub fn stall(&self) {
        self.mode.send_replace(Mode::Stalled);
    }

    /// Stalls for ever what is connected now; new connections pass.
    pub fn strand(&self) {
        self.generation.send_modify(|generation| *generation += 1);
    }
}

async fn pass(mut client: TcpStream, server: String, mut mode: watch::Receiver<Mode>, mut generation: watch::Receiver<u32>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    // Kept while it is not polled: a stall loses no byte.
    let mut exchange = pin!(copy_bidirectional(&mut client, &mut server));
    loop {
        let now = *mode.borrow_and_update();
        match now {
            Mode::Cut => return,
            Mode::Stalled => mode.changed().await.unwrap_or(()),
            Mode::Open => tokio::select! {
                changed = mode.changed() => if changed.is_err() { return },
                _ = generation.changed() => std::future::pending().await,
                _ = exchange.as_mut() => return,
            },
        }
    }
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
        if send.send((Instant::now() + delay, bytes[..read].to_vec())).is_err() {
            return;
        }
    }
}
