//! Reports, decisions, the queue and the public log.
use super::{
    Outcome, Services, cards,
    command::{Pending, Work},
    frameworks, lane, merging, roles, threads, views,
};
use crate::{
    domain::{
        HOUR, Millis,
        account::AccountId,
        concession::{ConcessionId, ConcessionState},
        framework::{Framework, FrameworkId},
        lane::HeldBy,
        moderation::{Act, Kind, Object, RULES, Reason, SITE},
        permission::Action,
        stream::{EventKind, Stream},
        text::{self, Check},
        thread::{Thread, ThreadId, ThreadState},
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::{CommandResult, DecisionView, List, QueueItem},
    },
    store::{Decision, Reader, Report},
};

/// Decisions on a page of the log.
const LOG: i64 = 50;
/// The longest ban with an end, in hours: a year.
const LONGEST: u32 = 8_760;
/// How much of a text the queue shows, in characters.
pub(super) const EXCERPT: usize = 280;

/// Why a moderator decides.
pub struct Reasons {
    /// The published rule.
    pub rule: String,
    /// The facts.
    pub facts: String,
    /// How long a ban lasts.
    pub duration_hours: Option<u32>,
    /// The card to unite one with.
    pub into: Option<ConcessionId>,
    /// The version of the card they looked at.
    pub version: Option<i64>,
}

/// Where a thing is, whose it is, and its words.
struct Located {
    framework: FrameworkId,
    author: Option<AccountId>,
    excerpt: String,
    thread: Option<ThreadId>,
}

async fn locate(reader: &mut Reader, object: Object) -> Outcome<Option<Located>> {
    let found = match object.kind {
        Kind::Comment => reader.comment(object.id.cast()).await?.map(|comment| Located {
            framework: comment.framework,
            author: Some(comment.author.id),
            excerpt: comment.body,
            thread: Some(comment.thread),
        }),
        Kind::Thread => reader.thread(object.id.cast()).await?.map(|thread| Located {
            framework: thread.framework,
            author: Some(thread.author.id),
            excerpt: thread.title,
            thread: Some(thread.id),
        }),
        Kind::Concession => reader.concession(object.id.cast()).await?.map(|card| Located {
            framework: card.framework,
            author: Some(card.author.id),
            excerpt: card.terms.title,
            thread: None,
        }),
        Kind::Account | Kind::Framework | Kind::Site => None,
    };
    Ok(found)
}

/// The framework something stands in: reports and decisions name only the thing.
pub async fn framework_of(services: &Services, object: Object) -> Outcome<FrameworkId> {
    if object.kind == Kind::Framework {
        return Ok(object.id.cast());
    }
    if let Some(framework) = services.known.place(object.id) {
        return Ok(framework);
    }
    let mut reader = services.store.read().await?;
    if let Some(located) = locate(&mut reader, object).await? {
        services.known.keep_place(object.id, located.framework);
        return Ok(located.framework);
    }
    // An account and the site are reported and decided about in the framework that is being led; with one framework that is plain.
    // Always the same one for the site: two who pause it at once then wait for each other in one queue, and hold no locks crosswise.
    let known = match object.kind {
        Kind::Account => reader.account(object.id.cast()).await?.is_some(),
        kind => kind == Kind::Site && object.id == SITE.into(),
    };
    let only = reader.frameworks().await?.into_iter().next().filter(|_| known);
    Ok(only.ok_or_else(Problem::not_found)?.id)
}

/// Whose a thing of this framework is; `None` for the framework itself and the site.
async fn whose(work: &mut Work<'_>, object: Object) -> Outcome<Option<AccountId>> {
    match object.kind {
        Kind::Framework if object.id == work.framework.id.cast() => Ok(None),
        Kind::Site if object.id == SITE.into() => Ok(None),
        Kind::Account => {
            let account = work.tx.account(object.id.cast()).await?.ok_or_else(Problem::not_found)?;
            Ok(Some(account.id))
        }
        _ => {
            let located = locate(work.tx, object).await?.filter(|located| located.framework == work.framework.id);
            Ok(located.ok_or_else(Problem::not_found)?.author)
        }
    }
}

/// Tells the moderators.
pub async fn report(work: &mut Work<'_>, object: Object, reason: Reason, note: Option<String>) -> Outcome<CommandResult> {
    work.permit(Action::Report)?;
    whose(work, object).await?;
    let mut check = Check::default();
    let note = check.optional("note", note.as_deref(), text::NOTE);
    check.finish()?;
    let id = Id::<Report>::new().to_string();
    let report = Report { id: id.clone(), framework: work.framework.id, object, account: work.account.id, reason, note, at: work.now };
    if !work.tx.insert_report(&report).await? {
        return Err(Problem::new(Code::Conflict, "You have reported this already; the moderators have it.").into());
    }
    work.tell(Stream::Moderators, EventKind::ReportMade, &id, 1, format!("{object:?} {reason:?}"));
    if (object.kind, reason) == (Kind::Concession, Reason::Territorial) {
        lane::flag(work, object.id.cast()).await?;
    }
    Ok(CommandResult { report: Some(id), ..CommandResult::default() })
}

/// A moderator's decision, carried out and told.
pub async fn decide(work: &mut Work<'_>, object: Object, action: Act, reasons: Reasons) -> Outcome<CommandResult> {
    work.permit(action.needs(object.kind))?;
    let addressee = whose(work, object).await?;
    let mut places = vec![roles::place_of(work.tx, object).await?];
    if let Some(into) = reasons.into {
        places.push(roles::place_of(work.tx, Object { kind: Kind::Concession, id: into.cast() }).await?);
    }
    for place in &places {
        work.permit_over(action.needs(object.kind), place)?;
    }
    let mut check = Check::default();
    check.ensure(action.fits(object.kind), "action", "invalid", "This cannot be done to that.");
    check.ensure(RULES.contains(&reasons.rule.as_str()), "rule", "invalid", "One of the published rules, R1 to R9.");
    let facts = check.prose("facts", &reasons.facts, text::FACTS);
    let hours = reasons.duration_hours;
    check.ensure(hours.is_none_or(|hours| (1..=LONGEST).contains(&hours)), "duration_hours", "invalid", "1 to 8,760 hours.");
    check.ensure(hours.is_none() || action == Act::Ban, "duration_hours", "invalid", "Only a ban has a duration.");
    check.ensure(reasons.into.is_some() || action != Act::Merge, "into", "required", "The card to unite it with.");
    check.ensure(reasons.into.is_none() || action == Act::Merge, "into", "invalid", "Only merging has a second card.");
    check.ensure(reasons.version.is_none() || object.kind == Kind::Concession, "version", "invalid", "Only cards have a version here.");
    check.finish()?;
    if action == Act::ConfirmScope && addressee == Some(work.account.id) {
        return Err(Problem::new(Code::Forbidden, "Somebody else has to look at your own card.").into());
    }
    let decision = Decision {
        id: Id::<Decision>::new().to_string(),
        framework: work.framework.id,
        object,
        action,
        rule: reasons.rule,
        facts,
        until: hours.map(|hours| work.now + Millis::from(hours) * HOUR),
        moderator: work.account.id,
        automated: false,
        addressee,
        target: reasons.into,
        at: work.now,
    };
    unchanged(work, object, reasons.version).await?;
    apply(work, &decision).await?;
    work.tx.close_reports(object, &decision.id).await?;
    if object.kind == Kind::Concession {
        work.tx.clear_opinions(object.id.cast()).await?;
    }
    let view = views::decision(decision.clone(), true);
    keep(work, decision).await?;
    Ok(CommandResult { decision: Some(view), ..CommandResult::default() })
}

/// Refuses a decision about a card that was edited since the moderator looked.
async fn unchanged(work: &mut Work<'_>, object: Object, version: Option<i64>) -> Outcome<()> {
    let Some(version) = version else { return Ok(()) };
    let card = work.tx.concession(object.id.cast()).await?.ok_or_else(Problem::not_found)?;
    if card.version == version {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict, "The card was changed meanwhile. Read it again, then decide.").into())
}

/// A decision that nobody took: what people said was counted. Reports stay open, for a moderator to look at.
pub(super) fn automated(work: &Work<'_>, object: Object, action: Act, (rule, facts): (&str, &str), addressee: AccountId) -> Decision {
    Decision {
        id: Id::<Decision>::new().to_string(),
        framework: work.framework.id,
        object,
        action,
        rule: rule.into(),
        facts: facts.into(),
        until: None,
        moderator: work.account.id,
        automated: true,
        addressee: Some(addressee),
        target: None,
        at: work.now,
    }
}

/// Keeps a decision that was carried out, and tells of it: everyone, the moderators, and whom it concerns.
pub(super) async fn keep(work: &mut Work<'_>, decision: Decision) -> Outcome<()> {
    work.tx.insert_decision(&decision).await?;
    let (content, addressee) = (content(&decision), decision.addressee);
    work.tell(Stream::Public, EventKind::DecisionMade, &decision.id, 1, content.clone());
    work.tell(Stream::Moderators, EventKind::DecisionMade, &decision.id, 1, content.clone());
    if let Some(addressee) = addressee {
        work.tell(Stream::Account(addressee), EventKind::Notice, &decision.id, 1, content);
    }
    Ok(())
}

/// What the digest of a decision is over.
fn content(decision: &Decision) -> String {
    serde_json::json!([decision.object, decision.action, decision.rule, decision.facts, decision.until, decision.target]).to_string()
}

/// Nothing is left to do.
pub fn already() -> Problem {
    Problem::new(Code::Conflict, "It is already so, or it is no longer there: look again.")
}

/// Does what a decision says.
pub(super) async fn apply(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let (id, action) = (decision.object.id, decision.action);
    if action == Act::Approve {
        return Ok(());
    }
    match decision.object.kind {
        Kind::Comment => {
            let comment = work.tx.comment(id.cast()).await?.ok_or_else(Problem::not_found)?;
            let state = action.comment(comment.state).ok_or_else(already)?;
            threads::set_state(work, comment, state).await?;
        }
        Kind::Concession => {
            let card = work.tx.concession(id.cast()).await?.ok_or_else(Problem::not_found)?;
            if let Some(into) = decision.target {
                return merging::decided(work, card, into).await;
            }
            // A merged card that is put back stays merged: its answers are with the other one.
            let merged = |state| if card.merged_into.is_some() && state == ConcessionState::Ranked { ConcessionState::Merged } else { state };
            let state = action.concession(card.state).map(merged).ok_or_else(already)?;
            match state {
                ConcessionState::Held => lane::hold(work, card, HeldBy::People).await?,
                state => cards::set_state(work, card, state).await?,
            };
        }
        Kind::Thread => {
            let thread = work.tx.thread(id.cast()).await?.ok_or_else(Problem::not_found)?;
            let before = work.tx.state_before_hiding(thread.id).await?;
            let state = action.thread(thread.state, before).ok_or_else(already)?;
            set_thread(work, &thread, state).await?;
        }
        Kind::Account => sanction(work, decision).await?,
        Kind::Site => pause_site(work, decision).await?,
        Kind::Framework => {
            let paused = action == Act::Pause;
            if work.framework.paused == paused {
                return Err(already().into());
            }
            work.tx.set_paused(work.framework.id, paused).await?;
            work.framework.paused = paused;
            work.tell(Stream::Public, EventKind::FrameworkChanged, work.framework.id, 0, format!("{paused}"));
        }
    }
    Ok(())
}

/// Pauses or resumes posting in every framework, and logs the decision in each.
async fn pause_site(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let paused = decision.action == Act::Pause;
    if !work.tx.set_site_paused(paused).await? {
        return Err(already().into());
    }
    work.framework.site_paused = paused;
    work.tell(Stream::Public, EventKind::FrameworkChanged, work.framework.id, 0, format!("site {paused}"));
    for Framework { id, .. } in work.tx.frameworks().await?.into_iter().filter(|other| other.id != work.framework.id) {
        let Some(other) = work.tx.lock_framework(id).await? else { continue };
        let decision = Decision { id: Id::<Decision>::new().to_string(), framework: id, ..decision.clone() };
        work.tx.insert_decision(&decision).await?;
        let told = |stream, kind, object: String, version, content| Pending { stream, kind, object, version, content };
        let content = content(&decision);
        let changes = vec![
            told(Stream::Public, EventKind::FrameworkChanged, id.to_string(), 0, format!("site {paused}")),
            told(Stream::Public, EventKind::DecisionMade, decision.id.clone(), 1, content.clone()),
            told(Stream::Moderators, EventKind::DecisionMade, decision.id, 1, content),
        ];
        work.elsewhere.push((other, changes));
    }
    Ok(())
}

async fn set_thread(work: &mut Work<'_>, thread: &Thread, state: ThreadState) -> Outcome<()> {
    work.tx.set_thread_state(thread.id, state).await?;
    work.tell(Stream::Public, EventKind::ThreadChanged, thread.id, thread.version + 1, format!("{state:?}"));
    Ok(())
}

async fn sanction(work: &mut Work<'_>, decision: &Decision) -> Outcome<()> {
    let account: AccountId = decision.object.id.cast();
    let (_, target) = super::writer::actor(work.tx, work.framework.id, account, work.now).await?.ok_or_else(Problem::not_found)?;
    if decision.action == Act::Ban {
        if target.role >= work.actor.role {
            return Err(Problem::new(Code::Forbidden, "Only somebody of a higher role can bar this account.").into());
        }
        work.tx.put_sanction(work.framework.id, account, decision.until, &decision.id).await?;
    } else if !work.tx.delete_sanction(work.framework.id, account).await? {
        return Err(already().into());
    }
    work.rights.push(account);
    Ok(())
}

/// What waits for moderators, most urgent first.
pub async fn queue(services: &Services, account: AccountId, slug: &str) -> Outcome<List<QueueItem>> {
    let mut seen = frameworks::see_slug(services, Some(account), slug).await?;
    seen.actor.may(Action::SeeHidden, false)?;
    let reports = seen.reader.open_reports(seen.framework.id).await?;
    let mut items: Vec<QueueItem> = vec![];
    for report in reports {
        if let Some(item) = items.iter_mut().find(|item| item.object == report.object) {
            item.reports += 1;
            item.score += report.reason.weight();
            item.because.push(report.reason);
            item.notes.extend(report.note);
            continue;
        }
        let located = locate(&mut seen.reader, report.object).await?;
        let (excerpt, author, thread) = match located {
            Some(located) => (located.excerpt, located.author, located.thread),
            None => (account_name(&mut seen.reader, report.object).await?, None, None),
        };
        items.push(QueueItem {
            id: report.id,
            object: report.object,
            excerpt: excerpt.chars().take(EXCERPT).collect(),
            reports: 1,
            score: report.reason.weight(),
            because: vec![report.reason],
            notes: report.note.into_iter().collect(),
            opened_at: report.at,
            author,
            thread,
            scope: None,
        });
    }
    lane::queue(&mut seen, &mut items).await?;
    roles::within(&mut seen, &mut items).await?;
    items.sort_by_key(|item| (std::cmp::Reverse(item.score), item.opened_at));
    Ok(List { items, next: None })
}

async fn account_name(reader: &mut Reader, object: Object) -> Outcome<String> {
    let account = if object.kind == Kind::Account { reader.account(object.id.cast()).await? } else { None };
    Ok(account.map(|account| account.handle).unwrap_or_default())
}

/// What was decided, newest first, without names.
pub async fn log(services: &Services, account: Option<AccountId>, slug: &str, after: Option<&str>) -> Outcome<List<DecisionView>> {
    let mut seen = frameworks::see_slug(services, account, slug).await?;
    let start = after.map_or(Ok((Millis::MAX, String::new())), threads::place_of)?;
    let decisions = seen.reader.decisions(seen.framework.id, start, LOG).await?;
    let full = i64::try_from(decisions.len()).is_ok_and(|count| count == LOG);
    let next = decisions.last().filter(|_| full).map(|decision| format!("{}_{}", decision.at, decision.id));
    Ok(List { items: decisions.into_iter().map(|decision| views::decision(decision, false)).collect(), next })
}
