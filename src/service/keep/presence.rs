//! Who is connected to this node, and telling everyone how many are here: a count, never names.
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    domain::{Millis, account::AccountId, framework::FrameworkId, presence::Here},
    live::Live,
    protocol::{
        frame::{Frame, encode},
        socket::ServerFrame,
    },
    service::keep::outbox::Outbox,
};

/// The sockets of this node.
#[derive(Default)]
pub struct Presence {
    next: AtomicU64,
    // A std mutex: nothing waits while it is held.
    sockets: Mutex<HashMap<u64, Socket>>,
}

struct Socket {
    account: Option<AccountId>,
    /// One visitor with several tabs counts once: a hash of the account or address.
    visitor: String,
    outbox: Arc<Outbox>,
    here: HashMap<FrameworkId, Option<u32>>,
}

impl Presence {
    fn sockets(&self) -> MutexGuard<'_, HashMap<u64, Socket>> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A socket connects; its number on this node.
    pub fn enter(&self, account: Option<AccountId>, visitor: String, outbox: Arc<Outbox>) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.sockets().insert(
            number,
            Socket {
                account,
                visitor,
                outbox,
                here: HashMap::new(),
            },
        );
        number
    }

    /// A socket says where it is.
    pub fn here(&self, socket: u64, framework: FrameworkId, point: Option<u32>) {
        if let Some(socket) = self.sockets().get_mut(&socket) {
            socket.here.insert(framework, point);
        }
    }

    /// A socket is gone.
    pub fn leave(&self, socket: u64) {
        self.sockets().remove(&socket);
    }

    /// How many sockets this node holds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sockets().len()
    }

    /// How many sockets an account or an address holds here.
    #[must_use]
    pub fn held(&self, account: Option<AccountId>, visitor: &str) -> (usize, usize) {
        let sockets = self.sockets();
        let own = account.map_or(0, |account| {
            sockets
                .values()
                .filter(|socket| socket.account == Some(account))
                .count()
        });
        (
            own,
            sockets
                .values()
                .filter(|socket| socket.visitor == visitor)
                .count(),
        )
    }

    /// Asks an account's sockets to look at their rights again.
    pub fn recheck(&self, account: AccountId) {
        for socket in self
            .sockets()
            .values()
            .filter(|socket| socket.account == Some(account))
        {
            socket.outbox.recheck();
        }
    }

    /// Asks every socket to look at its rights again.
    pub fn recheck_all(&self) {
        for socket in self.sockets().values() {
            socket.outbox.recheck();
        }
    }

    /// The frameworks a socket said it is in.
    #[must_use]
    pub fn places(&self, socket: u64) -> Vec<FrameworkId> {
        self.sockets()
            .get(&socket)
            .map(|socket| socket.here.keys().copied().collect())
            .unwrap_or_default()
    }

    /// A socket is no longer in a framework.
    pub fn away(&self, socket: u64, framework: FrameworkId) {
        if let Some(socket) = self.sockets().get_mut(&socket) {
            socket.here.remove(&framework);
        }
    }

    pub(crate) fn said(&self) -> HashMap<FrameworkId, Here> {
        let mut said: HashMap<FrameworkId, Here> = HashMap::new();
        let mut seen = HashSet::new();
        for socket in self.sockets().values() {
            for (framework, point) in &socket.here {
                let here = said.entry(*framework).or_default();
                let person = socket
                    .account
                    .map_or_else(|| socket.visitor.clone(), |account| account.to_string());
                if seen.insert((*framework, None, person.clone())) {
                    here.count += 1;
                }
                if let Some(point) =
                    point.filter(|point| seen.insert((*framework, Some(*point), person)))
                {
                    *here.points.entry(point).or_default() += 1;
                }
            }
        }
        said
    }

    pub(crate) fn show(&self, framework: FrameworkId, here: &Here) {
        let frame = frame(framework, here);
        for socket in self
            .sockets()
            .values()
            .filter(|socket| socket.here.contains_key(&framework))
        {
            socket.outbox.presence(framework, frame.clone());
        }
    }

    /// Who is here over all nodes, as far as is known.
    pub async fn shown(&self, live: &Live, framework: FrameworkId, now: Millis) -> Here {
        // With the live state away this node still knows its own.
        live.here(framework, now)
            .await
            .unwrap_or_else(|_| self.said().remove(&framework).unwrap_or_default())
    }
}

/// The frame that tells who is here.
#[must_use]
pub fn frame(framework: FrameworkId, here: &Here) -> Frame {
    let Here { count, points } = here.clone();
    encode(&ServerFrame::Presence {
        framework,
        count,
        approximate: false,
        points,
    })
}
