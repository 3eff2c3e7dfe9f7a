//! The provisional lane: holding a card that may be about land, asking a person, confirming,
//! flagging.
use crate::{
    domain::{
        concession::{Concession, ConcessionId, ConcessionState},
        hold::{Admission, CommentHeldBy, Matched},
        lane::{self, HeldBy, Step, Voice, Way},
        moderation::{Act, Object},
        scope::{self, Judgement},
    },
    protocol::{
        problem::{Code, Problem},
        rest::CommandResult,
    },
    service::{
        Outcome,
        acts::{
            cards,
            moderation::{decisions, queue},
        },
        sight::{thing::Thing, views},
        work::{Work, as_read},
    },
    store::Hold,
};

/// The rule of the published ones that a decision about land rests on.
const RULE: &str = "R8";

/// What holds a card, and the word of the list that does.
pub type Why = (HeldBy, Option<Matched>);

/// What holds a card with this text: the pace or the policy before the scope rule, whose word a
/// moderator sees all the same.
#[must_use]
pub fn why(judgement: &Judgement, admission: Admission) -> Option<Why> {
    match admission {
        Admission::Show => lane::hold_of(judgement.verdict).map(|by| (by, None)),
        Admission::Hold(hold) if hold.by == CommentHeldBy::Words => {
            Some((HeldBy::Words, hold.matched))
        }
        Admission::Hold(_) => Some((HeldBy::Raid, None)),
    }
}

/// Where a new card stands.
#[must_use]
pub const fn entry(why: Option<&Why>) -> ConcessionState {
    if why.is_some() {
        ConcessionState::Held
    } else {
        ConcessionState::Provisional
    }
}

/// Notes that somebody proposed a card, and its hold where there is one.
pub async fn begin(work: &mut Work<'_>, card: &Concession, why: Option<Why>) -> Outcome<()> {
    let (camp, now) = (work.actor.camp.clone(), work.now);
    work.tx
        .insert_step(card, Step::Proposed, camp.as_deref(), now)
        .await?;
    match why {
        Some(why) => keep_hold(work, card, why).await,
        None => Ok(work
            .tx
            .insert_step(card, Step::Provisional, None, now)
            .await?),
    }?;
    queue::touch(work, Object::Concession(card.id)).await
}

async fn keep_hold(work: &mut Work<'_>, card: &Concession, (by, matched): Why) -> Outcome<()> {
    let hold = Hold {
        concession: card.id,
        by,
        held_at: work.now,
        queued_at: by.queues().then_some(work.now),
        matched,
    };
    work.tx.put_hold(card.framework, hold).await?;
    if let Some(step) = by.step() {
        work.tx.insert_step(card, step, None, work.now).await?;
    }
    Ok(())
}

/// Takes a card out of view until a person has looked.
pub async fn hold(work: &mut Work<'_>, card: Concession, why: Why) -> Outcome<Concession> {
    keep_hold(work, &card, why).await?;
    cards::show_state(work, card, ConcessionState::Held).await
}

/// Where an edited card goes, by what is said of its new terms; told in any case.
pub async fn edited(
    work: &mut Work<'_>,
    card: Concession,
    judgement: &Judgement,
    admission: Admission,
) -> Outcome<Concession> {
    let held_by = work.tx.hold(card.id).await?.map(|hold| hold.by);
    let state = card.state;
    if let (Admission::Hold(_), Some(why)) = (&admission, why(judgement, admission.clone())) {
        // People's hold stays theirs.
        return if held_by == Some(HeldBy::People) {
            cards::show_state(work, card, state).await
        } else {
            hold(work, card, why).await
        };
    }
    match lane::after_edit(state, held_by, judgement.verdict) {
        Way::Hold(by) => hold(work, card, (by, None)).await,
        Way::Check => cards::set_state(work, card, ConcessionState::Provisional).await,
        Way::Stay | Way::Rank => cards::show_state(work, card, state).await,
    }
}

/// A moderator has looked at a card and leaves it as it is; what the pace or the word list held
/// goes its way from the start.
pub async fn approved(work: &mut Work<'_>, id: ConcessionId) -> Outcome<()> {
    let card = seen(work, id).await?;
    let held_by = work.tx.hold(id).await?.map(|hold| hold.by);
    if card.state == ConcessionState::Held && matches!(held_by, Some(HeldBy::Raid | HeldBy::Words))
    {
        match lane::hold_of(scope::judge_terms(&card.terms).verdict) {
            Some(by) => hold(work, card, (by, None)).await?,
            None => cards::set_state(work, card, ConcessionState::Provisional).await?,
        };
    }
    Ok(())
}

/// A card of this framework that the actor may see.
pub(crate) async fn seen(work: &mut Work<'_>, id: ConcessionId) -> Outcome<Concession> {
    let found = work
        .tx
        .concession(id)
        .await?
        .filter(|card| card.framework == work.framework.id);
    Ok(found.ok_or_else(Problem::not_found)?)
}

fn result(card: Concession, work: &Work<'_>) -> CommandResult {
    CommandResult {
        concession: Some(views::concession(card, work.actor.viewer())),
        ..CommandResult::default()
    }
}

/// The author asks for a person's look at a held card.
pub async fn send_to_person(work: &mut Work<'_>, id: ConcessionId) -> Outcome<CommandResult> {
    let card = seen(work, id).await?;
    if card.author.id != work.account.id {
        return Err(Problem::new(
            Code::Forbidden,
            "Only its author can ask for a person to look at a proposal.",
        )
        .into());
    }
    if card.state != ConcessionState::Held {
        return Err(Problem::new(Code::Closed, "This proposal is not held.").into());
    }
    if work.tx.queue_hold(card.id, work.now).await? {
        queue::touch(work, Object::Concession(card.id)).await?;
    }
    Ok(result(card, work))
}

/// Somebody says whether a card in the lane is about land.
pub async fn confirm(
    work: &mut Work<'_>,
    id: ConcessionId,
    version: i64,
    territorial: bool,
) -> Outcome<CommandResult> {
    let card = seen(work, id).await?;
    if card.author.id == work.account.id {
        return Err(Problem::new(
            Code::Forbidden,
            "Only others can say this of your proposal.",
        )
        .into());
    }
    if card.state != ConcessionState::Provisional {
        return Err(Problem::new(Code::Closed, "This proposal is not being checked now.").into());
    }
    let otherwise = "The proposal has changed in the meantime. Read it again, then say.";
    as_read(card.version == version, otherwise)?;
    if !work.actor.counts_on_scope() {
        let detail = "This needs a viewpoint and an account at least seven days old.";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    let card = take(work, card, territorial).await?;
    Ok(result(card, work))
}

/// A report that says "territorial" is a flag, where its sender's word counts.
pub async fn flag(work: &mut Work<'_>, id: ConcessionId) -> Outcome<()> {
    if !work.actor.counts_on_scope() {
        return Ok(());
    }
    let card = seen(work, id).await?;
    if card.author.id != work.account.id
        && matches!(
            card.state,
            ConcessionState::Provisional | ConcessionState::Ranked
        )
    {
        take(work, card, true).await?;
    }
    Ok(())
}

/// Keeps a word, and does what all of them together come to.
async fn take(work: &mut Work<'_>, card: Concession, territorial: bool) -> Outcome<Concession> {
    let camp = work
        .actor
        .camp
        .clone()
        .expect("only words of somebody with a camp count");
    let voice = Voice {
        account: work.account.id,
        camp,
        version: card.version,
        territorial,
    };
    work.tx.put_voice(card.id, &voice, work.now).await?;
    let voices = work.tx.voices(card.id).await?;
    let (action, facts) = match lane::settle(card.state, card.version, &voices) {
        Way::Stay | Way::Check => return Ok(card),
        Way::Rank => (
            Act::ConfirmScope,
            "Established readers of different viewpoints confirmed that this is not about land.",
        ),
        Way::Hold(_) => (
            Act::Hold,
            "Established readers of different viewpoints flagged this as about land. A moderator will look.",
        ),
    };
    let id = card.id;
    decisions::automated(work, Thing::Concession(card), action, RULE, facts).await?;
    seen(work, id).await
}
