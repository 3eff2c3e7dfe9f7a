//! Boards: the released tally of a question, ranked, as much of it as a reader may see; and telling sockets when it moves.
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{sync::broadcast::error::RecvError, time::sleep};

use super::{Outcome, accounts::Asker, frameworks, node::Node, outbox::Outbox, views};
use crate::{
    domain::{
        ballot::HAND,
        bridging::{self, Board, Item},
        concession::ConcessionId,
        framework::{Framework, Question, QuestionId, QuestionState, Reveal},
        tally::Tally,
    },
    live::{Hint, Standing},
    protocol::{frame::encode, problem::Problem, rest::TallyView, socket::ServerFrame},
    store::Reader,
};

/// The shortest time between two tally frames: at most four a second.
const EVERY: Duration = Duration::from_millis(250);
/// How many ticks a tally may stay behind its ballots before its board is made anew: one second.
const PATIENCE: u32 = 4;
/// How long a reader waits for a tally that is behind its ballots: longer than a change is under way between nodes.
const WAIT: Duration = Duration::from_millis(300);
/// How long a question is looked after once somebody read its board.
const LOOKED_AT: Duration = Duration::from_secs(60);

/// The sockets that follow boards, and what was last sent.
#[derive(Default)]
pub struct Boards {
    // A std mutex: nothing waits while it is held.
    watched: Mutex<HashMap<QuestionId, Watched>>,
    read: Mutex<HashMap<QuestionId, Instant>>,
    /// The place of the latest board of each question that was shown here, and its round.
    shown: Mutex<HashMap<QuestionId, (u32, i64)>>,
}

#[derive(Default)]
struct Watched {
    /// Each with the round it was admitted to.
    followers: HashMap<u64, (u32, Arc<Outbox>)>,
    sent: Board,
    /// The place of the tally it was made of.
    sent_at: i64,
    /// A released tally moved.
    moved: bool,
    /// The place the running tally has yet to reach, and for how many ticks it has not.
    behind: Option<(i64, u32)>,
}

impl Boards {
    fn watched(&self) -> MutexGuard<'_, HashMap<QuestionId, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> MutexGuard<'_, HashMap<QuestionId, Instant>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a board at a place is no older than what was shown before; then it is what was shown last.
    fn goes_on(&self, question: &Question, at_seq: i64) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let last = shown.entry(question.id).or_insert((question.round, 0));
        if last.0 != question.round {
            *last = (question.round, 0);
        }
        let goes_on = at_seq >= last.1;
        // Not beyond the ballots: a tally that claims a later place is wrong, and is mended.
        last.1 = last.1.max(at_seq.min(question.ballot_seq));
        goes_on
    }

    /// The questions whose boards somebody here follows, or read a short while ago.
    pub(super) fn looked_at(&self) -> Vec<QuestionId> {
        let mut read = self.read();
        read.retain(|_, at| at.elapsed() < LOOKED_AT);
        let mut questions: Vec<QuestionId> = read.keys().copied().chain(self.watched().keys().copied()).collect();
        questions.sort_unstable();
        questions.dedup();
        questions
    }

    /// A tally may have moved: its board is made again, and sent if it differs.
    pub(super) fn touch(&self, question: QuestionId) {
        if let Some(entry) = self.watched().get_mut(&question) {
            entry.moved = true;
        }
    }

    /// A socket follows the board of a question's round.
    pub fn follow(&self, question: QuestionId, round: u32, socket: u64, outbox: Arc<Outbox>) {
        let mut watched = self.watched();
        let entry = watched.entry(question).or_default();
        entry.followers.insert(socket, (round, outbox));
        // What this socket read may be older than what was last sent.
        entry.sent = Board::default();
    }

    /// A socket follows it no more.
    pub fn unfollow(&self, question: QuestionId, socket: u64) {
        let mut watched = self.watched();
        if let Some(entry) = watched.get_mut(&question) {
            entry.followers.remove(&socket);
            if entry.followers.is_empty() {
                watched.remove(&question);
            }
        }
    }
}

/// The released tally; counted from the ballots where there is none, one that stays behind them, or one that is older than what
/// was shown, as after the live state was away. No connection to the database is held while the live state is asked.
async fn released(node: &Node, question: &Question) -> Outcome<Tally> {
    node.boards.read().insert(question.id, Instant::now());
    let key = (question.id, question.round);
    let until = Instant::now() + WAIT;
    // Nobody may have looked while some became due.
    while let Ok(Some(standing)) = node.live.release_due(key, node.options.release, node.now()).await {
        if standing.running >= question.ballot_seq {
            if let Ok(Some((tally, _))) = node.live.tally(key).await {
                if node.boards.goes_on(question, tally.at_seq) {
                    return Ok(tally);
                }
                let _ = node.live.forget_tally(key).await;
            }
            break;
        }
        if Instant::now() >= until {
            break;
        }
        sleep(WAIT / 12).await;
    }
    let tally = counted(node, question).await?;
    // With the live state away, the next reader counts again.
    let _ = node.live.load_tally(key, tally.clone(), node.now()).await;
    Ok(tally)
}

/// The tally as its ballots make it now.
async fn counted(node: &Node, question: &Question) -> Outcome<Tally> {
    let mut reader = node.store.read().await?;
    let now = reader.question(question.id).await?.filter(|now| now.round == question.round);
    let question = now.as_ref().unwrap_or(question);
    let tally = reader.recount(question).await?;
    node.boards.goes_on(question, tally.at_seq);
    Ok(tally)
}

async fn whole_board(node: &Node, mut reader: Reader, framework: &Framework, question: &Question) -> Outcome<(Board, i64)> {
    // What was published when the round closed; the released tally may lack the last ballots.
    if question.state == QuestionState::Closed
        && let Some(row) = reader.round(question.id, question.round).await?
    {
        return Ok((row.frozen.results.board(), question.ballot_seq));
    }
    let cards = reader.ranked_cards(question.id).await?;
    drop(reader);
    let tally = released(node, question).await?;
    Ok((bridging::board(&tally, &cards, &framework.camps, node.options.rules), tally.at_seq))
}

/// How much of a board somebody may see.
pub(super) enum Shown {
    All,
    Only(Vec<ConcessionId>),
    Nothing(&'static str),
}

pub(super) async fn shown(node: &Node, reader: &mut Reader, question: &Question, account: Option<Asker>, deal: Option<&str>) -> Outcome<Shown> {
    match question.reveal {
        Reveal::Live => return Ok(Shown::All),
        _ if question.state == QuestionState::Closed => return Ok(Shown::All),
        Reveal::AtClose => return Ok(Shown::Nothing("until_close")),
        Reveal::AfterAnswer => {}
    }
    let only = |cards: Vec<ConcessionId>| if cards.is_empty() { Shown::Nothing("answer_first") } else { Shown::Only(cards) };
    let Some(account) = account else {
        let hand = deal
            .and_then(|token| node.dealer.hands.read(token, node.now()))
            .filter(|hand| hand.question == question.id && hand.round == question.round);
        return Ok(only(hand.map(|hand| hand.cards).unwrap_or_default()));
    };
    let ballot = reader.ballot(question, account.account).await?;
    let dealt = ballot.answers.values().filter(|answer| answer.dealt).count();
    let there = reader.ranked_cards(question.id).await?.len();
    Ok(if dealt >= HAND.min(there) { Shown::All } else { only(ballot.answers.keys().copied().collect()) })
}

/// A question's board as somebody may see it.
pub async fn view(node: &Node, account: Option<Asker>, question: QuestionId, deal: Option<&str>) -> Outcome<TallyView> {
    let mut reader = node.store.read().await?;
    let question = reader.question(question).await?.ok_or_else(Problem::not_found)?;
    let framework = reader.framework(question.framework).await?.ok_or_else(Problem::not_found)?;
    let mut seen = frameworks::see(node, account, framework, reader).await?;
    let shown = shown(node, &mut seen.reader, &question, account, deal).await?;
    let stale = match account {
        Some(account) => seen.reader.stale_answers(&question, account.account).await?.into_iter().map(|answer| answer.concession).collect(),
        None => vec![],
    };
    if let Shown::Nothing(reason) = shown {
        let view = views::tally(&seen.framework, &question, 0, Board::default(), false);
        return Ok(TallyView { hidden: true, reason: Some(reason.into()), stale, ..view });
    }
    let (board, at_seq) = whole_board(node, seen.reader, &seen.framework, &question).await?;
    let view = match shown {
        Shown::Only(cards) => views::tally(&seen.framework, &question, at_seq, part(board, &cards), false),
        _ => views::tally(&seen.framework, &question, at_seq, board, true),
    };
    Ok(TallyView { stale, ..view })
}

/// The board of some cards alone: without places, which would tell of the others.
fn part(board: Board, cards: &[ConcessionId]) -> Board {
    let items = board.items.into_iter().filter(|item| cards.contains(&item.concession));
    let waiting = board.waiting.into_iter().filter(|card| cards.contains(&card.concession)).collect();
    Board { voters: BTreeMap::new(), items: items.map(|item| Item { rank: None, ..item }).collect(), waiting }
}

/// The tally recounted from the ballots, beside the live one: they must agree.
pub async fn recount(node: &Node, question: &Question) -> Outcome<(Tally, Option<Tally>)> {
    let live = node.live.running_tally((question.id, question.round)).await.unwrap_or(None);
    Ok((node.store.read().await?.recount(question).await?, live))
}

/// Sends moved boards, releases what is due by time, and recounts what fell behind, until the server stops.
pub async fn run(node: Arc<Node>) {
    let mut hints = node.live.hints();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = node.stop.cancelled() => return,
            hint = hints.recv() => match hint {
                Ok(Hint::Tally(question)) => node.boards.touch(question),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => node.boards.watched().values_mut().for_each(|entry| entry.moved = true),
                Err(RecvError::Closed) => return,
            },
            _ = tick.tick() => {
                let questions: Vec<QuestionId> = node.boards.watched().keys().copied().collect();
                for question in questions {
                    if let Err(failure) = round(&node, question).await {
                        tracing::warn!(problem = %failure.told(), "a board was not sent");
                    }
                }
            }
        }
    }
}

async fn round(node: &Node, question: QuestionId) -> Outcome<()> {
    let Some(question) = node.store.read().await?.question(question).await? else { return Ok(()) };
    revoke(node, &question);
    let key = (question.id, question.round);
    let standing = node.live.release_due(key, node.options.release, node.now()).await.unwrap_or(None);
    note(node, &question, standing);
    let moved = node.boards.watched().get_mut(&question.id).is_some_and(|entry| std::mem::take(&mut entry.moved));
    if !moved {
        return Ok(());
    }
    let mut reader = node.store.read().await?;
    let Some(framework) = reader.framework(question.framework).await? else { return Ok(()) };
    let (board, at_seq) = whole_board(node, reader, &framework, &question).await?;
    send(node, &framework, &question, board, at_seq);
    Ok(())
}

/// Notes a release that came without a hint, and a running tally that has not reached its ballots for a while: some change
/// never came, and making the board recounts it.
fn note(node: &Node, question: &Question, standing: Option<Standing>) {
    let mut watched = node.boards.watched();
    let Some(entry) = watched.get_mut(&question.id) else { return };
    let at = standing.map_or(-1, |standing| standing.running);
    // The place of the first tick counts: under load there is always a ballot that was saved a moment ago.
    let (wanted, ticks) = entry.behind.filter(|(wanted, _)| at < *wanted).unwrap_or((question.ballot_seq, 0));
    let late = at < wanted && ticks >= PATIENCE;
    entry.behind = (at < wanted && !late).then_some((wanted, ticks + 1));
    entry.moved |= late || standing.is_some_and(|standing| standing.released != entry.sent_at);
}

/// Lets go of those who were admitted to an earlier round: its results are no ticket to those of the next.
fn revoke(node: &Node, question: &Question) {
    let mut watched = node.boards.watched();
    let Some(entry) = watched.get_mut(&question.id) else { return };
    let gone: Vec<u64> = entry.followers.iter().filter(|(_, (round, _))| *round != question.round).map(|(socket, _)| *socket).collect();
    for socket in gone {
        if let Some((_, outbox)) = entry.followers.remove(&socket) {
            outbox.end_tally(question.framework, question.id);
        }
    }
}

/// The round a question is in.
pub async fn round_of(node: &Node, question: QuestionId) -> Outcome<u32> {
    Ok(node.store.read().await?.question(question).await?.ok_or_else(Problem::not_found)?.round)
}

fn send(node: &Node, framework: &Framework, question: &Question, board: Board, at_seq: i64) {
    let mut watched = node.boards.watched();
    let Some(entry) = watched.get_mut(&question.id) else { return };
    // Whole boards, not differences: a frame that replaced an unsent one must carry what that one would have.
    entry.sent_at = at_seq;
    if board == entry.sent {
        return;
    }
    let Board { voters, items, waiting } = board.clone();
    let frame = encode(&ServerFrame::Tally { framework: framework.id, question: question.id, round: question.round, at_seq, voters, items, waiting });
    for (_, outbox) in entry.followers.values().filter(|(round, _)| *round == question.round) {
        outbox.tally(question.id, frame.clone());
    }
    entry.sent = board;
}
