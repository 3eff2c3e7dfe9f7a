//! Hot commands that stand together (comments, answers, orders) are decided together: what they
//! need is loaded by one query per table, and what they change is written by one statement per
//! table once all of them are decided.
use std::collections::HashMap;

use super::gate::Gate;
use crate::{
    domain::{
        Millis,
        account::{AccountId, STANDING_AGE},
        ballot::{Answer, Ballot, Seat},
        concession::ConcessionId,
        framework::{Framework, FrameworkId, Question, QuestionId, QuestionState},
        thread::{Comment, CommentId, CommentState, ThreadId},
    },
    protocol::command::Command,
    store::{CardPlace, Deals, Engagement, ParentPlace, Person, Result, ThreadPlace, Tx},
};

/// Whether a command is one of those that come by the thousand and are decided with their
/// neighbours.
pub(super) fn is_hot(command: &Command) -> bool {
    match command {
        // A note is a comment in a thread that may have to be opened first.
        Command::AnswerCard { note, .. } => note.is_none(),
        Command::PostComment { .. }
        | Command::WithdrawAnswer { .. }
        | Command::AnswerPoint { .. }
        | Command::SetOrder { .. } => true,
        _ => false,
    }
}

/// What a run of commands has read and not yet written.
#[derive(Default)]
pub struct Sheet {
    threads: HashMap<ThreadId, ThreadPlace>,
    parents: HashMap<CommentId, ParentPlace>,
    cards: HashMap<ConcessionId, CardPlace>,
    questions: HashMap<QuestionId, Asked>,
    comments: Vec<Comment>,
    held: Vec<Comment>,
    engagement: HashMap<AccountId, Engagement>,
    /// What decides about their texts.
    pub(super) gate: Gate,
}

/// A question whose ballots change.
struct Asked {
    question: Question,
    /// The place of its last ballot change that is written.
    written_seq: i64,
    ballots: HashMap<AccountId, Cast>,
    deals: HashMap<AccountId, Deals>,
}

/// A ballot as it is written, and as the commands so far have left it.
#[derive(Default)]
struct Cast {
    written: Ballot,
    now: Ballot,
}

impl Sheet {
    /// Loads what these commands of a framework need; things of other frameworks are as if they
    /// were absent.
    pub(super) async fn load(
        tx: &mut Tx,
        framework: &Framework,
        commands: &[(AccountId, &Command)],
        people: &HashMap<AccountId, Person>,
        now: Millis,
    ) -> Result<Self> {
        let mut sheet = Self {
            gate: Gate::load(tx, framework, commands, people, now).await?,
            ..Self::default()
        };
        let framework = framework.id;
        let (mut threads, mut parents, mut cards, mut questions) = (vec![], vec![], vec![], vec![]);
        for (account, command) in commands {
            match command {
                Command::PostComment { thread, parent, .. } => {
                    threads.push(*thread);
                    parents.extend(*parent);
                }
                Command::AnswerCard { concession, .. } | Command::WithdrawAnswer { concession } => {
                    cards.push((*concession, *account))
                }
                Command::SetOrder { question, .. } | Command::AnswerPoint { question, .. } => {
                    questions.push((*question, *account))
                }
                // Whoever names a viewpoint takes along what they judged before.
                Command::Join { .. } | Command::AcceptInvitation(_) => {
                    let all = tx.questions(framework).await?;
                    questions.extend(all.into_iter().map(|question| (question.id, *account)));
                }
                _ => {}
            }
        }
        sheet.threads = tx.thread_places(&once(threads)).await?;
        sheet.parents = tx.parent_places(&once(parents)).await?;
        sheet.cards = tx
            .card_places(&once(cards.iter().map(|(card, _)| *card)))
            .await?;
        sheet
            .threads
            .retain(|_, thread| thread.framework == framework);
        sheet.cards.retain(|_, card| card.framework == framework);
        let of_cards = cards.iter().filter_map(|(card, account)| {
            sheet.cards.get(card).map(|card| (card.question, *account))
        });
        questions.extend(of_cards.collect::<Vec<_>>());
        sheet.ask(tx, framework, &questions, now).await?;
        sheet.engagement = tx
            .engagement(framework, &weighed(commands, people, now))
            .await?;
        Ok(sheet)
    }

    async fn ask(
        &mut self,
        tx: &mut Tx,
        framework: FrameworkId,
        asked: &[(QuestionId, AccountId)],
        now: Millis,
    ) -> Result<()> {
        let found = tx
            .questions_of(&once(asked.iter().map(|(question, _)| *question)))
            .await?;
        for question in found
            .into_iter()
            .filter(|question| question.framework == framework)
        {
            let people = once(
                asked
                    .iter()
                    .filter(|(id, _)| *id == question.id)
                    .map(|(_, account)| *account),
            );
            let ballots = tx.ballots(&question, &people).await?.into_iter();
            let ballots = ballots
                .map(|(account, ballot)| {
                    (
                        account,
                        Cast {
                            written: ballot.clone(),
                            now: ballot,
                        },
                    )
                })
                .collect();
            let deals = tx.deals(&question, &people, now).await?;
            let written_seq = question.ballot_seq;
            self.questions.insert(
                question.id,
                Asked {
                    question,
                    written_seq,
                    ballots,
                    deals,
                },
            );
        }
        Ok(())
    }

    /// Cards judged, on how many days, and posts that show; of those whose weight depends on it.
    #[must_use]
    pub fn engagement(&self, account: AccountId) -> (i64, i64, i64) {
        self.engagement
            .get(&account)
            .map_or((0, 0, 0), |one| (one.answers, one.days, one.posts))
    }

    /// A thread of this framework.
    #[must_use]
    pub fn thread(&self, id: ThreadId) -> Option<ThreadPlace> {
        self.threads.get(&id).copied()
    }

    /// A comment to reply to.
    #[must_use]
    pub fn parent(&self, id: CommentId) -> Option<ParentPlace> {
        self.parents.get(&id).copied()
    }

    /// A card of this framework.
    #[must_use]
    pub fn card(&self, id: ConcessionId) -> Option<CardPlace> {
        self.cards.get(&id).copied()
    }

    /// A question of this framework.
    #[must_use]
    pub fn question(&self, id: QuestionId) -> Option<Question> {
        self.questions.get(&id).map(|asked| asked.question.clone())
    }

    /// The open questions of which somebody's ballot was looked at.
    #[must_use]
    pub fn judged_by(&self, account: AccountId) -> Vec<Question> {
        let looked_at = |asked: &&Asked| {
            asked.question.state == QuestionState::Open && asked.ballots.contains_key(&account)
        };
        let found = self.questions.values().filter(looked_at);
        let mut found: Vec<Question> = found.map(|asked| asked.question.clone()).collect();
        found.sort_unstable_by_key(|question| question.id);
        found
    }

    /// Somebody's ballot as the commands so far have left it.
    #[must_use]
    pub fn ballot(&self, question: QuestionId, account: AccountId) -> Ballot {
        let cast = self
            .questions
            .get(&question)
            .and_then(|asked| asked.ballots.get(&account));
        cast.map(|cast| cast.now.clone()).unwrap_or_default()
    }

    /// Whether a card was dealt to somebody and may still be answered.
    #[must_use]
    pub fn was_dealt(&self, question: QuestionId, account: AccountId, card: ConcessionId) -> bool {
        let deals = self
            .questions
            .get(&question)
            .and_then(|asked| asked.deals.get(&account));
        deals.is_some_and(|deals| deals.contains_key(&card))
    }

    /// Replaces somebody's ballot; the place of this change among the question's, from 1.
    pub fn recast(&mut self, question: QuestionId, account: AccountId, ballot: Ballot) -> i64 {
        let asked = self
            .questions
            .get_mut(&question)
            .expect("a ballot is recast after its question was looked at");
        asked.question.ballot_seq += 1;
        asked.ballots.entry(account).or_default().now = ballot;
        asked.question.ballot_seq
    }

    /// Adds a new comment, to be written with the others.
    pub fn add(&mut self, comment: Comment) {
        self.comments.push(comment);
    }

    /// Writes what is not yet written.
    pub(super) async fn write(&mut self, tx: &mut Tx, now: Millis) -> Result<()> {
        self.write_comments(tx).await?;
        for asked in self
            .questions
            .values_mut()
            .filter(|asked| asked.question.ballot_seq != asked.written_seq)
        {
            asked.write(tx, now).await?;
        }
        Ok(())
    }

    async fn write_comments(&mut self, tx: &mut Tx) -> Result<()> {
        let comments = std::mem::take(&mut self.comments);
        tx.insert_comments(&comments).await?;
        tx.put_comment_holds(&comments.iter().collect::<Vec<_>>())
            .await?;
        let (mut threads, mut parents) = (HashMap::new(), HashMap::new());
        // What waits for a moderator is counted when it shows.
        for comment in comments
            .iter()
            .filter(|comment| comment.state == CommentState::Visible)
        {
            let (more, last_at) = threads
                .entry(comment.thread)
                .or_insert((0, comment.created_at));
            (*more, *last_at) = (*more + 1, comment.created_at.max(*last_at));
            if let Some(parent) = comment.parent {
                *parents.entry(parent).or_insert(0) += 1;
            }
        }
        tx.count_comments(
            threads
                .into_iter()
                .map(|(thread, (more, last_at))| (thread, more, Some(last_at))),
        )
        .await?;
        tx.count_replies(parents).await?;
        let (held, _): (Vec<_>, Vec<_>) = comments
            .into_iter()
            .partition(|comment| comment.state == CommentState::Held);
        // Moderators find them at once. What everybody is told of is indexed behind the stream.
        tx.index_comments(&held).await?;
        self.held.extend(held);
        Ok(())
    }

    /// Comments that were written held and are not in the moderators' queue yet: each wave by its
    /// first.
    pub(super) fn take_held(&mut self) -> Vec<CommentId> {
        let first = |comment: &Comment| {
            comment
                .hold
                .as_ref()
                .and_then(|hold| hold.wave)
                .unwrap_or(comment.id)
        };
        once(std::mem::take(&mut self.held).iter().map(first))
    }
}

impl Asked {
    /// Writes the difference between the ballots as written and as they are now.
    async fn write(&mut self, tx: &mut Tx, now: Millis) -> Result<()> {
        let mut changed: Vec<(AccountId, Answer)> = vec![];
        let mut seats: Vec<(AccountId, Seat)> = vec![];
        for (account, cast) in &mut self.ballots {
            let Cast { written, now } = cast;
            let news = now
                .answers
                .values()
                .filter(|answer| written.answers.get(&answer.concession) != Some(answer));
            changed.extend(news.map(|answer| (*account, answer.clone())));
            for gone in written
                .answers
                .keys()
                .filter(|card| !now.answers.contains_key(card))
            {
                tx.delete_answer(&self.question, *account, *gone).await?;
            }
            if (&written.tiers, &written.point) != (&now.tiers, &now.point) {
                tx.put_beside(&self.question, *account, now).await?;
            }
            if written.seat != now.seat {
                seats.extend(now.seat.clone().map(|seat| (*account, seat)));
            }
            *written = now.clone();
        }
        tx.put_seats(&self.question, &seats).await?;
        tx.put_answers(&self.question, &changed, now).await?;
        self.written_seq = self.question.ballot_seq;
        tx.set_ballot_seq(self.question.id, self.written_seq).await
    }
}

/// Who casts something that weighs, and has neither the host's word for it nor too few days: for
/// the others it is decided.
fn weighed(
    commands: &[(AccountId, &Command)],
    people: &HashMap<AccountId, Person>,
    now: Millis,
) -> Vec<AccountId> {
    let weighs = |command: &Command| {
        matches!(
            command,
            Command::AnswerCard { .. }
                | Command::AnswerPoint { .. }
                | Command::DealCards { .. }
                | Command::ReviewTranslation { .. }
        )
    };
    let open = |id: &AccountId| {
        people
            .get(id)
            .is_some_and(|one| !one.account.vouched && now - one.account.created_at >= STANDING_AGE)
    };
    once(
        commands
            .iter()
            .filter(|(account, command)| weighs(command) && open(account))
            .map(|(account, _)| *account),
    )
}

/// Each value once.
fn once<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.dedup();
    values
}
