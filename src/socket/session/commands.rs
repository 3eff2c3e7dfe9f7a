//! Commands of a socket: passed on in the order they came, and answered once they are durable.
use super::{Session, UNDER_WAY};
use crate::{
    domain::framework::FrameworkId,
    protocol::{
        command::{Command, CommandId},
        frame::encode,
        problem::Problem,
        socket::{ClientFrame, ServerFrame},
    },
};

impl Session {
    /// Passes a command on, in the order it came; its answer follows when it is durable.
    pub(super) async fn command(
        &self,
        id: CommandId,
        framework: FrameworkId,
        command: serde_json::Map<String, serde_json::Value>,
    ) {
        let turn = self
            .under_way
            .clone()
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        let submitted = match (&self.caller, Command::read(command)) {
            (_, Err(problem)) => Err(problem),
            (None, _) => Err(Problem::unauthenticated()),
            (Some(caller), Ok(command)) => match self.services.knows(framework).await {
                Ok(true) => self.services.enqueue(caller, framework, id, command).await,
                Ok(false) => Err(Problem::not_found()),
                Err(failure) => Err(failure.told()),
            },
        };
        let outbox = self.outbox.clone();
        let answer = move |ack: Result<crate::service::way_in::desk::Ack, Problem>| {
            outbox.answer(encode(&match ack {
                Ok(ack) => ServerFrame::Ack {
                    id,
                    stream: ack.stream,
                    epoch: ack.epoch,
                    seq: ack.seq,
                    duplicate: ack.duplicate,
                    result: ack.result,
                },
                Err(problem) => ServerFrame::Nack {
                    id: Some(id.to_string()),
                    r#ref: None,
                    problem,
                },
            }));
        };
        match submitted {
            Err(problem) => answer(Err(problem)),
            Ok(waiting) => {
                self.services.tasks.spawn(async move {
                    answer(waiting.answer().await);
                    drop(turn);
                });
            }
        }
    }

    /// Takes what had been sent before a farewell: commands alone, so that each has its answer. The
    /// writer refuses what is not allowed any more.
    pub async fn read_last(&self, text: &str) {
        if let Ok(ClientFrame::Command {
            id,
            framework,
            command,
        }) = ClientFrame::read(text)
        {
            self.command(id, framework, command).await;
        }
    }

    /// Waits until every command has its answer in the outbox.
    pub fn answered(&self) -> impl Future<Output = ()> + use<> {
        let under_way = self.under_way.clone();
        async move {
            let all = u32::try_from(UNDER_WAY).expect("a socket's commands are few");
            let _ = under_way.acquire_many(all).await;
        }
    }
}
