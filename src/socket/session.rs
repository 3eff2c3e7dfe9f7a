//! What a socket's frames mean: a session follows streams, passes commands to the desk, and answers
//! through its outbox.
mod commands;
mod following;
mod recheck;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use tokio::sync::Semaphore;

use super::farewell::Farewell;
use crate::{
    domain::{
        framework::{FrameworkId, QuestionId},
        permission::Actor,
        stream::StreamKey,
    },
    protocol::{
        frame::{Frame, encode},
        socket::{
            ClientFrame, FRAME, FrameFault, HEARTBEAT, Limits, SUBSCRIPTIONS, ServerFrame, VERSION,
        },
    },
    service::{
        Outcome, Services,
        caller::{Asker, Caller},
        keep::{budgets::COMMANDS, outbox::Outbox, presence},
        sight::seen,
    },
};

/// How many commands of one socket may be under way; beyond it the socket is not read.
const UNDER_WAY: usize = 256;

/// A socket's state.
pub struct Session {
    services: Services,
    caller: Option<Caller>,
    outbox: Arc<Outbox>,
    number: u64,
    streams: BTreeSet<StreamKey>,
    /// Streams that there is more of than was queued.
    behind: VecDeque<StreamKey>,
    boards: BTreeSet<(FrameworkId, QuestionId)>,
    under_way: Arc<Semaphore>,
}

impl Session {
    /// Enters, with a `hello` in the outbox.
    pub fn enter(
        services: Services,
        caller: Option<Caller>,
        visitor: String,
        outbox: Arc<Outbox>,
    ) -> Self {
        let account = caller.as_ref().map(|caller| caller.account);
        let number = services.presence.enter(account, visitor, outbox.clone());
        outbox.answer(encode(&ServerFrame::Hello {
            v: VERSION,
            node: services.boot.to_string(),
            connection: number.to_string(),
            server_time: services.now(),
            heartbeat_ms: HEARTBEAT,
            features: vec![],
            limits: Limits {
                frame: FRAME,
                commands_per_minute: COMMANDS,
                subscriptions: SUBSCRIPTIONS,
            },
        }));
        let under_way = Arc::new(Semaphore::new(UNDER_WAY));
        Self {
            services,
            caller,
            outbox,
            number,
            streams: BTreeSet::new(),
            behind: VecDeque::new(),
            boards: BTreeSet::new(),
            under_way,
        }
    }

    /// Leaves every stream.
    pub fn leave(&mut self) {
        for key in std::mem::take(&mut self.streams) {
            self.services.feed.unfollow(self.number, key);
        }
        for (_, question) in std::mem::take(&mut self.boards) {
            self.services.boards.unfollow(question, self.number);
        }
        self.services.presence.leave(self.number);
    }

    /// The word that the server stops.
    pub fn drain(&self, reconnect_in_ms: u64) -> Frame {
        encode(&ServerFrame::Drain { reconnect_in_ms })
    }

    /// Puts the heads of the streams followed into the outbox, so that a lost tail shows.
    pub fn heartbeat(&self) {
        // The head of one that is on its way there would read as if its tail were lost.
        let keys: Vec<StreamKey> = self
            .streams
            .iter()
            .filter(|key| !self.behind.contains(key))
            .copied()
            .collect();
        self.outbox.answer(encode(&ServerFrame::Heartbeat {
            heads: self.services.feed.heads(&keys),
        }));
    }

    /// Takes one text message.
    pub async fn read(&mut self, text: &str) -> Result<(), Farewell> {
        let frame = match ClientFrame::read(text) {
            Ok(frame) => frame,
            Err(FrameFault::Protocol) => return Err(Farewell::Protocol),
            Err(FrameFault::Nack {
                id,
                reference,
                problem,
            }) => {
                self.outbox.answer(encode(&ServerFrame::Nack {
                    id,
                    r#ref: reference,
                    problem: *problem,
                }));
                return Ok(());
            }
        };
        match frame {
            ClientFrame::Command {
                id,
                framework,
                command,
            } => self.command(id, framework, command).await,
            ClientFrame::Subscribe {
                r#ref,
                framework,
                stream,
                epoch,
                after,
            } => {
                let from = epoch.zip(after);
                if let Err(failure) = self.subscribe(&r#ref, framework, &stream, from).await {
                    self.outbox.answer(encode(&ServerFrame::Nack {
                        id: None,
                        r#ref: Some(r#ref),
                        problem: failure.told(),
                    }));
                }
            }
            ClientFrame::Unsubscribe { framework, stream } => self.unsubscribe(framework, &stream),
            ClientFrame::Here { framework, point } => self.here(framework, point).await,
        }
        Ok(())
    }

    /// Says where the reader is, in a framework they may read, and answers with who else is.
    async fn here(&self, framework: FrameworkId, point: Option<u32>) {
        // Whoever follows one of its streams may read it.
        let follows = self.streams.iter().any(|key| key.0 == framework);
        if follows || self.actor(framework).await.is_ok() {
            self.services.presence.here(self.number, framework, point);
            let here = self
                .services
                .presence
                .shown(&self.services.live, framework, self.services.now())
                .await;
            // Until this node has said so, the reader alone knows that they are here.
            if here.count > 0 {
                self.outbox
                    .presence(framework, presence::frame(framework, &here));
            }
        }
    }

    async fn actor(
        &self,
        framework: FrameworkId,
    ) -> Outcome<(crate::domain::framework::Framework, Actor)> {
        let seen = seen::see_id(
            &self.services,
            self.caller.as_ref().map(Asker::from),
            framework,
        )
        .await?;
        Ok((seen.framework, seen.actor))
    }
}
