//! The gate that every text passes before it shows: slow mode, paused points, words, links, waves,
//! raid mode, first posts. What it needs is read once per run of commands, and only where a setting
//! or a new account makes it matter.
use std::collections::HashMap;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::Framework,
        pace::{
            links::LinkList,
            wave::{LEAST_WORDS, Recent},
            words::WordList,
        },
        similar::Words,
        thread::{Comment, CommentId, CommentState},
    },
    protocol::command::Command,
    store::{LastPost, Person, Result, Tx},
};

/// What somebody wants to post.
#[derive(Clone, Copy)]
pub enum Submission {
    /// A new comment, on a point or under a card.
    Comment(Option<u32>),
    /// A comment of one's own that is changed.
    Edit(CommentId, Option<u32>),
    /// A card or its translation.
    Card,
}

/// What decides about the texts of a run of commands.
#[derive(Default)]
pub(crate) struct Gate {
    pub(crate) words: WordList,
    pub(crate) links: LinkList,
    last: Vec<LastPost>,
    pub(crate) shown: HashMap<AccountId, i64>,
    /// `None` where no new account writes enough to be compared.
    pub(crate) recent: Option<Vec<Recent>>,
}

/// The words of a comment that a command would write.
fn comment_of(command: &Command) -> Option<&str> {
    match command {
        Command::PostThread { body, .. } | Command::PostComment { body, .. } => Some(body),
        Command::EditComment { body, .. } => body.as_deref(),
        Command::AnswerCard { note, .. } => note.as_deref(),
        _ => None,
    }
}

fn writes_card(command: &Command) -> bool {
    matches!(
        command,
        Command::ProposeConcession(_)
            | Command::EditConcession(_)
            | Command::TranslateConcession(_)
    )
}

impl Gate {
    /// Reads what is needed to decide about these commands' texts.
    pub async fn load(
        tx: &mut Tx,
        framework: &Framework,
        commands: &[(AccountId, &Command)],
        people: &HashMap<AccountId, Person>,
        now: Millis,
    ) -> Result<Self> {
        let comments: Vec<(AccountId, &str)> = commands
            .iter()
            .filter_map(|(account, command)| Some((*account, comment_of(command)?)))
            .collect();
        if comments.is_empty() && !commands.iter().any(|(_, command)| writes_card(command)) {
            return Ok(Self::default());
        }
        let pace = &framework.pace;
        let mut gate = Self {
            words: WordList::new(&pace.words),
            links: LinkList::new(&pace.links),
            ..Self::default()
        };
        let new = |account: &AccountId| {
            people
                .get(account)
                .is_some_and(|one| !one.account.standing(now) && !one.account.sample)
        };
        let once = |accounts: &mut Vec<AccountId>| {
            accounts.sort_unstable();
            accounts.dedup();
        };
        let mut writers: Vec<AccountId> = comments.iter().map(|(account, _)| *account).collect();
        once(&mut writers);
        if pace.is_slow() {
            gate.last = tx
                .last_posts(framework.id, &writers, now - pace.longest_wait())
                .await?;
        }
        writers.retain(new);
        if pace.first_posts > 0 {
            gate.shown = tx.shown_comments(framework.id, &writers).await?;
        }
        if comments
            .iter()
            .any(|(account, body)| new(account) && Words::of("", body).len() >= LEAST_WORDS)
        {
            gate.recent = Some(tx.recent_of_new(framework.id, now).await?);
        }
        Ok(gate)
    }

    /// Takes a new comment into account: later commands of the run see it as if it were stored.
    pub fn posted(&mut self, comment: &Comment, point: Option<u32>, standing: bool) {
        let author = comment.author.id;
        self.last.push(LastPost {
            account: author,
            point,
            at: comment.created_at,
        });
        if comment.state == CommentState::Visible {
            *self.shown.entry(author).or_default() += 1;
        }
        if let Some(recent) = self.recent.as_mut().filter(|_| !standing) {
            let (words, wave) = (
                Words::of("", &comment.body),
                comment.hold.as_ref().and_then(|hold| hold.wave),
            );
            recent.push(Recent {
                id: comment.id,
                author,
                words,
                state: comment.state,
                wave,
            });
        }
    }

    /// The last posts of an account: anywhere, and at a point.
    pub(crate) fn last(
        &self,
        account: AccountId,
        point: Option<u32>,
    ) -> (Option<Millis>, Option<Millis>) {
        let own = || self.last.iter().filter(|last| last.account == account);
        let there = own()
            .filter(|last| last.point == point)
            .map(|last| last.at)
            .max();
        (
            own().map(|last| last.at).max(),
            there.filter(|_| point.is_some()),
        )
    }
}
