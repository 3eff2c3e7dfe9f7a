//! Everything a request needs: this node, where writes go in, and where changes come out.
use std::{ops::Deref, sync::Arc};

use crate::{
    domain::{
        account::AccountId,
        framework::FrameworkId,
        permission::{Refusal, Role},
    },
    protocol::{
        command::{Command, CommandId},
        problem::Problem,
    },
    service::{
        Failure, Outcome,
        caller::Caller,
        node::Node,
        sight::actor,
        way_in::{
            desk::{By, Desk, Waiting},
            line::Lane,
        },
        way_out::feed::Feed,
    },
};

/// One pointer to clone.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

/// What the services are made of.
pub struct Parts {
    node: Arc<Node>,
    /// Where writes go in.
    pub desk: Desk,
    /// Where changes come out.
    pub feed: Arc<Feed>,
}

impl Deref for Services {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Deref for Parts {
    type Target = Node;
    fn deref(&self) -> &Node {
        &self.node
    }
}

impl Services {
    /// The services of a node.
    pub(super) fn new(node: Node) -> Self {
        let node = Arc::new(node);
        let (desk, feed) = (Desk::new(node.clone()), Arc::new(Feed::new(node.clone())));
        Self(Arc::new(Parts { node, desk, feed }))
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> Arc<Node> {
        self.node.clone()
    }

    /// Puts a command that came in by a door in line, within the account's budget.
    ///
    /// # Errors
    /// As [`Desk::enqueue`], and `rate_limited`.
    pub async fn enqueue(
        &self,
        caller: &Caller,
        framework: FrameworkId,
        id: CommandId,
        command: Command,
    ) -> Result<Waiting, Problem> {
        self.budgets.command(caller.account)?;
        if command
            .needs()
            .iter()
            .any(|action| action.rule().scope > caller.scope)
        {
            return Err(Refusal::OutsideScope.into());
        }
        // Anybody may send a decision; the reserved lane is for those who may make one.
        let reserved = command
            .needs()
            .iter()
            .any(|action| action.rule().least >= Role::Moderator)
            && self
                .moderates(caller.account, framework)
                .await
                .map_err(Failure::told)?;
        let lane = if reserved {
            Lane::Decisions
        } else {
            Lane::Others
        };
        let by = By {
            account: caller.account,
            session: Some(caller.session.clone()),
        };
        self.desk.enqueue_in(lane, by, framework, id, command)
    }

    async fn moderates(&self, account: AccountId, framework: FrameworkId) -> Outcome<bool> {
        let found = actor::actor(
            &mut self.store.read().await?,
            framework,
            account,
            self.now(),
            self.options.second_factor,
        )
        .await?;
        Ok(found.is_some_and(|(_, actor)| actor.role >= Role::Moderator))
    }
}
