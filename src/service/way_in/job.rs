//! What waits in line for a framework's writer.
use tokio::sync::oneshot;

use crate::{
    domain::{
        account::{AccountId, Posts},
        framework::QuestionId,
        moderation::Object,
        permission::Role,
    },
    protocol::command::{Command, CommandId, TranslateConcession},
    service::{
        acts::{cards::NewCard, moderation::notices::NewNotice},
        way_in::{desk::By, ledger::Answer},
    },
};

/// What is to be done.
#[derive(Clone)]
pub enum Act {
    /// What somebody asks for by one of the doors, or an import in their name.
    Command(By, Command),
    /// What the program does in an account's name, and no door asks for.
    Errand(AccountId, Errand),
    /// What the site does: it stands in the streams without an account.
    Site(SiteAct),
}

/// What the program does in an account's name.
#[derive(Clone)]
pub enum Errand {
    /// Take what the account wrote and is out of the framework: the part of an erasure that its
    /// writer does.
    Erase(Posts),
    /// Keep a card of a file with its sources and label, once under this name.
    Card(String, Box<NewCard>),
    /// Keep a translation of a file, once under this name.
    Translation(String, Box<TranslateConcession>),
}

/// What the site does without an account.
#[derive(Clone)]
pub enum SiteAct {
    /// Close the round of a question whose time has come.
    Close(QuestionId),
    /// Take a visitor's notice.
    Notice(Box<NewNotice>),
    /// Give a role by hand.
    Appoint(AccountId, Role),
    /// Say why something waits that an older version left in the queue.
    Explain(Object),
}

/// One thing that waits.
pub(crate) struct Job {
    pub act: Act,
    pub id: CommandId,
    /// Whether the budget of its kind was charged: once, also where it has to be run again.
    pub charged: bool,
    pub reply: oneshot::Sender<Answer>,
}

impl Job {
    /// The command, where it is one.
    pub fn command(&self) -> Option<&Command> {
        match &self.act {
            Act::Command(_, command) => Some(command),
            Act::Errand(..) | Act::Site(_) => None,
        }
    }
}
