//! The gate that every text passes before it shows: slow mode, paused points, words, links, waves, raid mode, first posts. What it
//! needs is read once per run of commands, and only where a setting or a new account makes it matter.
use std::collections::HashMap;

use super::command::Work;
use crate::{
    domain::{
        Millis,
        account::AccountId,
        framework::Framework,
        hold::{Admission, CommentHeldBy, CommentHold, Matched},
        markdown::{Shown, Text},
        pace::{
            LinkRule, WordEffect,
            links::LinkList,
            wave::{self, LEAST_WORDS, Recent},
            words::WordList,
        },
        permission::Role,
        similar::Words,
        text::Fault,
        thread::{Comment, CommentId, CommentState},
    },
    protocol::{
        command::Command,
        problem::{Code, Problem},
    },
    store::{LastPost, Person, Result, Tx},
};

/// Where a text is put.
#[derive(Clone, Copy)]
pub enum Place {
    /// A new comment, on a point or under a card.
    Comment(Option<u32>),
    /// A comment of one's own that is changed.
    Edit(CommentId, Option<u32>),
    /// A card or its translation.
    Card,
}

/// What decides about the texts of a run of commands.
#[derive(Default)]
pub(super) struct Gate {
    words: WordList,
    links: LinkList,
    last: Vec<LastPost>,
    shown: HashMap<AccountId, i64>,
    /// `None` where no new account writes enough to be compared.
    recent: Option<Vec<Recent>>,
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
    matches!(command, Command::ProposeConcession(_) | Command::EditConcession(_) | Command::TranslateConcession(_))
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
        let comments: Vec<(AccountId, &str)> = commands.iter().filter_map(|(account, command)| Some((*account, comment_of(command)?))).collect();
        if comments.is_empty() && !commands.iter().any(|(_, command)| writes_card(command)) {
            return Ok(Self::default());
        }
        let pace = &framework.pace;
        let mut gate = Self { words: WordList::new(&pace.words), links: LinkList::new(&pace.links), ..Self::default() };
        let new = |account: &AccountId| people.get(account).is_some_and(|one| !one.account.standing(now) && !one.account.sample);
        let once = |accounts: &mut Vec<AccountId>| {
            accounts.sort_unstable();
            accounts.dedup();
        };
        let mut writers: Vec<AccountId> = comments.iter().map(|(account, _)| *account).collect();
        once(&mut writers);
        if pace.is_slow() {
            gate.last = tx.last_posts(framework.id, &writers, now - pace.longest_wait()).await?;
        }
        writers.retain(new);
        if pace.first_posts > 0 {
            gate.shown = tx.shown_comments(framework.id, &writers).await?;
        }
        if comments.iter().any(|(account, body)| new(account) && Words::of("", body).len() >= LEAST_WORDS) {
            gate.recent = Some(tx.recent_of_new(framework.id, now).await?);
        }
        Ok(gate)
    }

    /// Takes a new comment into account: later commands of the run see it as if it were stored.
    pub fn posted(&mut self, comment: &Comment, point: Option<u32>, standing: bool) {
        let author = comment.author.id;
        self.last.push(LastPost { account: author, point, at: comment.created_at });
        if comment.state == CommentState::Visible {
            *self.shown.entry(author).or_default() += 1;
        }
        if let Some(recent) = self.recent.as_mut().filter(|_| !standing) {
            let (words, wave) = (Words::of("", &comment.body), comment.hold.as_ref().and_then(|hold| hold.wave));
            recent.push(Recent { id: comment.id, author, words, state: comment.state, wave });
        }
    }

    /// The last posts of an account: anywhere, and at a point.
    fn last(&self, account: AccountId, point: Option<u32>) -> (Option<Millis>, Option<Millis>) {
        let own = || self.last.iter().filter(|last| last.account == account);
        let there = own().filter(|last| last.point == point).map(|last| last.at).max();
        (own().map(|last| last.at).max(), there.filter(|_| point.is_some()))
    }
}

/// What becomes of a text that somebody posts: it shows, it waits for a moderator, or the problem says why it is not taken.
///
/// # Errors
/// `closed` on a paused point, `slow_mode`, `bad_request` with the field for words and links that are not taken.
pub fn admit(work: &Work<'_>, texts: &[Text<'_>], place: Place) -> std::result::Result<Admission, Problem> {
    // What an import brings is the host's own.
    if work.account.sample {
        return Ok(Admission::Show);
    }
    let moderates = work.actor.role >= Role::Moderator;
    if !moderates {
        in_time(work, place)?;
    }
    let held = read(work, texts)?;
    if moderates {
        return Ok(Admission::Show);
    }
    let hold = |by, matched, wave: Option<wave::Wave>| {
        let (wave, earlier) = wave.map(|wave| (wave.id, wave.earlier)).unwrap_or_default();
        Admission::Hold(CommentHold { by, matched, wave, earlier, unseen: !matches!(place, Place::Edit(..)), since: work.now })
    };
    if let Some(wave) = wave_of(work, texts, place) {
        return Ok(hold(CommentHeldBy::Wave, None, Some(wave)));
    }
    if let Some(matched) = held {
        return Ok(hold(CommentHeldBy::Words, Some(matched), None));
    }
    let new = !work.actor.standing;
    if new && work.framework.pace.raided(work.now) {
        return Ok(hold(CommentHeldBy::Raid, None, None));
    }
    let shown = work.sheet.gate.shown.get(&work.account.id).copied().unwrap_or(0);
    if new && !matches!(place, Place::Card) && shown < i64::from(work.framework.pace.first_posts) {
        return Ok(hold(CommentHeldBy::FirstPosts, None, None));
    }
    Ok(Admission::Show)
}

/// Refuses what comes too early, or where posting is paused.
fn in_time(work: &Work<'_>, place: Place) -> std::result::Result<(), Problem> {
    let (Place::Comment(point) | Place::Edit(_, point)) = place else { return Ok(()) };
    let pace = &work.framework.pace;
    if pace.pauses(point) {
        return Err(Problem::new(Code::Closed, "Posting on this point is paused. You can still read and judge proposals."));
    }
    if let Place::Comment(point) = place {
        let (here, there) = work.sheet.gate.last(work.account.id, point);
        if let Some(wait) = pace.wait(point, here, there, work.now) {
            metrics::counter!("demarche_slow_mode").increment(1);
            return Err(Problem::slow_mode(u64::try_from(wait).unwrap_or(1)));
        }
    }
    Ok(())
}

/// Reads the texts for blocked links and for words of the list: what holds them, if anything does.
fn read(work: &Work<'_>, texts: &[Text<'_>]) -> std::result::Result<Option<Matched>, Problem> {
    let Gate { words, links, .. } = &work.sheet.gate;
    let mut held = None;
    if words.is_empty() && links.blocks_nothing() {
        return Ok(held);
    }
    for text in texts {
        let shown = text.shown();
        if let Some((rule, at)) = links.blocked(&shown.links, &shown.text) {
            return Err(refused(text, &shown, at, "blocked_link", &blocked(rule)));
        }
        if let Some(found) = words.find(&shown.text) {
            let matched = Matched { word: found.word.into(), why: found.rule.why.clone() };
            if found.rule.effect == WordEffect::Refuse {
                let detail = format!("“{}” is not taken here: {}", matched.word, matched.why);
                return Err(refused(text, &shown, Some(found.at), "refused_word", &detail));
            }
            held = held.or(Some(matched));
        }
    }
    Ok(held)
}

fn blocked(rule: &LinkRule) -> String {
    let label = rule.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    format!("Links to {}{label} are not allowed here.", rule.domain)
}

fn refused(text: &Text<'_>, shown: &Shown, at: Option<std::ops::Range<usize>>, code: &'static str, detail: &str) -> Problem {
    metrics::counter!("demarche_refused", "by" => code).increment(1);
    let characters = |at: usize| text.text.char_indices().take_while(|(place, _)| *place < at).count();
    let span = at.map(|at| shown.source(at)).map(|at| (characters(at.start), characters(at.end)));
    Problem::bad_request(vec![Fault { span, ..Fault::new(text.field, code, detail) }])
}

/// The wave that a new account's comment belongs to, if any.
fn wave_of(work: &Work<'_>, texts: &[Text<'_>], place: Place) -> Option<wave::Wave> {
    let except = match place {
        Place::Card => return None,
        Place::Comment(_) => None,
        Place::Edit(own, _) => Some(own),
    };
    let recent = work.sheet.gate.recent.as_ref().filter(|_| !work.actor.standing)?;
    // The last text is the comment; a thread's title stands before it.
    wave::wave(&Words::of("", texts.last()?.text), work.account.id, except, recent)
}
