//! Looking at a session again: what is no longer allowed is left at once.
use std::collections::BTreeSet;

use super::Session;
use crate::{
    domain::{
        framework::{FrameworkId, QuestionId},
        stream::StreamKey,
    },
    service::{
        Failure,
        people::{accounts, sessions},
        way_out::feed,
    },
    settings::Mutant,
    socket::farewell::Farewell,
};

impl Session {
    /// Looks at the session and its streams again: what is no longer allowed is left at once.
    pub async fn recheck(&mut self) -> Result<(), Farewell> {
        if self.services.options.mutant == Some(Mutant::RightsAtHandshake) {
            return Ok(());
        }
        if let Some(caller) = self.caller.clone() {
            match sessions::stands(&self.services, &caller).await {
                Ok(true) => {}
                Ok(false) => return Err(Farewell::SessionEnded),
                // The database is away: commands are refused by it anyway; look again in a minute.
                Err(_) => return Ok(()),
            }
            if accounts::barred(&self.services, caller.account)
                .await
                .unwrap_or(false)
            {
                return Err(Farewell::Banned);
            }
        }
        self.leave_forbidden().await;
        Ok(())
    }

    /// Leaves the streams, boards and places that are no longer for this reader, who may also be
    /// nobody in particular.
    async fn leave_forbidden(&mut self) {
        let places = self.services.presence.places(self.number);
        let streams = self.streams.iter().map(|key| key.0);
        let frameworks: BTreeSet<FrameworkId> = streams
            .chain(self.boards.iter().map(|board| board.0))
            .chain(places)
            .collect();
        for framework in frameworks {
            let actor = match self.actor(framework).await {
                Ok((_, actor)) => Some(actor),
                Err(Failure::Problem(_)) => None,
                Err(Failure::Store(_)) => continue,
            };
            let allows = |stream| {
                actor
                    .as_ref()
                    .is_some_and(|actor| feed::may_follow(actor, stream).is_ok())
            };
            let lost: Vec<StreamKey> = self
                .streams
                .iter()
                .copied()
                .filter(|key| key.0 == framework && !allows(key.1))
                .collect();
            for key in lost {
                self.unsubscribe(framework, &key.1.to_string());
                self.outbox.end_stream(key);
            }
            if actor.is_none() {
                self.leave_unseen(framework);
            }
        }
    }

    /// Leaves what remains of a framework that is not to be seen any more.
    fn leave_unseen(&mut self, framework: FrameworkId) {
        let lost: Vec<QuestionId> = self
            .boards
            .iter()
            .filter(|board| board.0 == framework)
            .map(|board| board.1)
            .collect();
        for question in lost {
            self.unsubscribe(framework, &format!("tally/{question}"));
            self.outbox.end_tally(framework, question);
        }
        self.services.presence.away(self.number, framework);
        self.outbox.end_presence(framework);
    }
}
