//! What a session follows: streams, boards, and what it is behind with.
use super::Session;
use crate::{
    domain::{
        framework::{FrameworkId, QuestionId},
        stream::{Stream, StreamKey},
    },
    protocol::{
        frame::encode,
        problem::{Code, Problem},
        socket::{SUBSCRIPTIONS, ServerFrame},
    },
    service::{
        Outcome,
        boards::{follow, tally},
        caller::Asker,
        way_out::feed::{self, Follow, Progress},
    },
};

impl Session {
    /// Whether something is still to come of what it missed.
    pub fn is_behind(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Puts the next page of what it is behind with into the outbox. Asked for whenever the client
    /// has taken what was there.
    pub async fn go_on(&mut self) {
        if let Some(key) = self.behind.pop_front() {
            let progress = self.services.feed.go_on(self.number, key).await;
            self.note(key, progress);
        }
    }

    pub(super) fn note(&mut self, key: StreamKey, progress: Progress) {
        self.behind.retain(|other| *other != key);
        if progress == Progress::Behind {
            self.behind.push_back(key);
        }
    }

    pub(super) async fn subscribe(
        &mut self,
        reference: &str,
        framework: FrameworkId,
        stream: &str,
        from: Option<(String, i64)>,
    ) -> Outcome<()> {
        if reference.is_empty() || reference.len() > 64 {
            return Err(Problem::field("ref", "length", "1 to 64 bytes.").into());
        }
        if self.services.budgets.on() && self.streams.len() + self.boards.len() >= SUBSCRIPTIONS {
            return Err(Problem {
                retry_after_ms: None,
                ..Problem::new(Code::RateLimited, "A socket follows at most 32 streams.")
            }
            .into());
        }
        if let Some(question) = stream.strip_prefix("tally/") {
            let question = question.parse().map_err(|_| Problem::not_found())?;
            return self.follow_board(reference, framework, question).await;
        }
        let stream: Stream = stream.parse().map_err(|_| Problem::not_found())?;
        let (framework, actor) = self.actor(framework).await?;
        feed::may_follow(&actor, stream)?;
        let follow = Follow {
            socket: self.number,
            outbox: &self.outbox,
            reference: reference.to_owned(),
            from,
        };
        let progress = self
            .services
            .feed
            .follow(&framework, stream, &actor, follow)
            .await?;
        self.streams.insert((framework.id, stream));
        self.note((framework.id, stream), progress);
        Ok(())
    }

    /// Follows a board, once one may see all of it: attached first, then read, so that nothing
    /// falls between.
    async fn follow_board(
        &mut self,
        reference: &str,
        framework: FrameworkId,
        question: QuestionId,
    ) -> Outcome<()> {
        let asker = self.caller.as_ref().map(Asker::from);
        let round = follow::round_of(&self.services, question).await?;
        self.services
            .boards
            .follow(question, round, self.number, self.outbox.clone());
        let shown = tally::view(&self.services, asker, question, None).await;
        let view = match shown {
            Ok(view) if view.complete && view.round == round => view,
            other => {
                self.services.boards.unfollow(question, self.number);
                other?;
                return Err(Problem::new(
                    Code::Forbidden,
                    "The results open once you have judged a set of proposals.",
                )
                .into());
            }
        };
        self.boards.insert((framework, question));
        let snapshot = serde_json::value::to_raw_value(&view).expect("a board is JSON");
        self.outbox.answer(encode(&ServerFrame::Subscribed {
            r#ref: reference.to_owned(),
            framework,
            stream: format!("tally/{question}"),
            epoch: view.epoch,
            seq: view.at_seq,
            mode: crate::protocol::socket::Mode::Snapshot,
            reason: Some(crate::protocol::socket::Why::First),
            snapshot: Some(snapshot),
        }));
        Ok(())
    }

    pub(super) fn unsubscribe(&mut self, framework: FrameworkId, stream: &str) {
        if let Some(question) = stream.strip_prefix("tally/").and_then(|id| id.parse().ok()) {
            self.boards.remove(&(framework, question));
            self.services.boards.unfollow(question, self.number);
        } else if let Ok(stream) = stream.parse() {
            self.streams.remove(&(framework, stream));
            self.behind.retain(|key| *key != (framework, stream));
            self.services
                .feed
                .unfollow(self.number, (framework, stream));
        }
    }
}
