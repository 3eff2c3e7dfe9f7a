//! Domain objects as a viewer may see them: every body that leaves the server passes here.
use crate::{
    domain::{
        account::Account,
        ballot::Answer,
        bridging::Board,
        concession::{Concession, ConcessionState},
        framework::{Framework, Point, Question},
        moderation::{APPEAL, DecisionState, Kind, UNDO},
        permission::{Role, Sight, State, Viewer, visible_to},
        recount::Results,
        remit::Remit,
        round::{Frozen, FrozenCard},
        thread::{Comment, CommentState, Thread, ThreadState},
        translation::{self, Translation},
    },
    protocol::rest::{
        AccountView, AnswerView, AppealView, AppointmentView, CardVersionView, CommentView, ConcessionView, DecisionView, HeldView, MembershipView,
        PauseView, PointEntry, PointRef, QuestionView, RoundCard, RoundEntry, RoundView, TallyView, TeamMember, ThreadView, TranslationView,
    },
    store::{Appeal, Appointed, Appointment, CardVersion, Decision, Membership, RoundRow, SessionRow},
};

/// An account, to its owner.
#[must_use]
pub fn account(account: Account) -> AccountView {
    let Account { id, handle, display_name, admin, locale, .. } = account;
    AccountView { id, handle, display_name, role: if admin { Role::Admin } else { Role::Member }, locale }
}

/// Whether and by what posting is paused.
#[must_use]
pub const fn pause(framework: &Framework) -> PauseView {
    PauseView { paused: framework.posting_paused(), paused_here: framework.paused, paused_site: framework.site_paused }
}

/// A membership, to its owner.
#[must_use]
pub fn membership(membership: Membership) -> MembershipView {
    let Membership { framework, camp, role, camp_changed_at, joined, remit, alias, .. } = membership;
    let (points, languages) = limits(remit);
    let next = if joined { camp_changed_at + crate::domain::ballot::CAMP_CHANGE_EVERY } else { 0 };
    MembershipView { framework, camp, role, points, languages, alias, camp_may_change_at: next }
}

/// A remit's points and languages, as on the wire.
#[must_use]
pub fn limits(remit: Remit) -> (Option<Vec<u32>>, Option<Vec<String>>) {
    (remit.points.map(|points| points.into_iter().collect()), remit.languages.map(|tags| tags.into_iter().collect()))
}

/// That a role was given or taken, to everyone.
#[must_use]
pub fn appointment(appointment: Appointment) -> AppointmentView {
    let Appointment { id, alias, was, role, at, .. } = appointment;
    AppointmentView { id, alias, was, role, at }
}

/// A session, to its owner.
#[must_use]
pub fn session(session: SessionRow, current: &str) -> crate::protocol::rest::SessionView {
    let kind = match session.kind {
        crate::store::SessionKind::Browser => "browser",
        crate::store::SessionKind::Token => "token",
    };
    let SessionRow { id, name, created_at, expires_at, .. } = session;
    let scope = (session.kind == crate::store::SessionKind::Token).then_some(session.scope);
    crate::protocol::rest::SessionView { current: id == current, id, kind: kind.into(), name, created_at, expires_at, scope }
}

/// A point in a list.
#[must_use]
pub fn point_entry(id: String, point: &Point, threads: i64, comments: i64) -> PointEntry {
    let Point { number, title, category, status, status_by, summary, .. } = point.clone();
    PointEntry { id, number, title, category, status, status_by, summary, threads, comments }
}

/// A question.
#[must_use]
pub fn question(question: &Question) -> QuestionView {
    let Question { id, key, giver, point, prompt, state, round, reveal, cards, opened_at, closes_at, closed_at, .. } = question.clone();
    QuestionView { id, key, prompt, giver, point, state, round, reveal, cards, opened_at, closes_at, closed_at }
}

/// A thread; `None` where the viewer sees nothing of it.
#[must_use]
pub fn thread(thread: Thread, point_id: Option<String>, viewer: Viewer) -> Option<ThreadView> {
    let sight = visible_to(viewer, thread.author.id, State::Thread(thread.state));
    let merged_into = thread.united();
    let Thread { id, framework, point, concession, title, state, version, author, comments, last_at, created_at, .. } = thread;
    let point = point.map(|number| PointRef { id: point_id.unwrap_or_default(), number });
    (sight != Sight::Nothing).then_some(ThreadView {
        id,
        framework,
        point,
        concession,
        title,
        state,
        version,
        author: Some(author),
        comments,
        last_at,
        created_at,
        merged_into,
    })
}

/// What is left of a thread that was taken from view, for those who had it on their screen.
#[must_use]
pub fn thread_tombstone(thread: Thread, point_id: Option<String>) -> ThreadView {
    let merged_into = thread.united();
    let Thread { id, framework, point, concession, version, created_at, .. } = thread;
    let point = point.map(|number| PointRef { id: point_id.unwrap_or_default(), number });
    let (state, title, author) = (ThreadState::Hidden, String::new(), None);
    let (comments, last_at) = (0, 0);
    ThreadView { id, framework, point, concession, title, state, version, author, comments, last_at, created_at, merged_into }
}

/// A comment; `None` where the viewer sees nothing of it.
#[must_use]
pub fn comment(comment: Comment, in_hidden_thread: bool, viewer: Viewer) -> Option<CommentView> {
    let sight = visible_to(viewer, comment.author.id, comment.sight_state(in_hidden_thread));
    let whole = sight == Sight::Whole;
    let hold = comment.hold.clone().filter(|_| whole && comment.state == CommentState::Held);
    let held = hold.map(|hold| HeldView { by: hold.by, matched: hold.matched, wave: hold.wave.is_some(), since: hold.since });
    let Comment { id, thread, parent, author, kind, body, html, language, state, version, created_at, edited_at, replies, .. } = comment;
    (sight != Sight::Nothing).then(|| CommentView {
        id,
        thread,
        parent,
        author: whole.then_some(author),
        kind,
        body: whole.then_some(body),
        html: whole.then_some(html),
        language,
        state,
        version,
        created_at,
        edited_at,
        replies,
        held,
    })
}

/// A card.
#[must_use]
pub fn concession(card: Concession, viewer: Viewer) -> ConcessionView {
    let whole = visible_to(viewer, card.author.id, State::Concession(card.state)) == Sight::Whole;
    let translations = if whole { translation::shown(&card.translations, card.material) } else { Default::default() };
    let translations = translations.into_iter().map(|(language, one)| (language.to_owned(), translated(one, card.material))).collect();
    let Concession { id, question, author, terms, sources, html, state, version, material, created_at, merged_into, sample, .. } = card;
    ConcessionView {
        id,
        question,
        title: whole.then_some(terms.title),
        body: whole.then_some(terms.body),
        html: whole.then_some(html),
        in_return: terms.in_return.filter(|_| whole),
        verifier: whole.then_some(terms.verifier),
        trigger: terms.trigger.filter(|_| whole),
        receivers: if whole { terms.receivers } else { vec![] },
        category: terms.category.filter(|_| whole),
        points: if whole { terms.points } else { vec![] },
        sources: if whole { sources } else { vec![] },
        author: whole.then_some(author),
        state,
        version,
        created_at,
        language: terms.language,
        sample,
        material,
        merged_into,
        translations,
    }
}

/// A translation of a card that is seen whole.
fn translated(one: &Translation, material: i64) -> TranslationView {
    let reviewed = one.state == translation::TranslationState::Reviewed;
    let (of_version, stale) = (one.version, one.stale(material));
    let Translation { id, title, body, html, in_return, verifier, trigger, author, imported, .. } = one.clone();
    TranslationView { id, title, body, html, in_return, verifier, trigger, by: author, imported, reviewed, of_version, stale }
}

/// A text of a card that is seen whole.
#[must_use]
pub fn card_version(text: CardVersion) -> CardVersionView {
    let CardVersion { version, title, body, html, in_return, verifier, deadline, at } = text;
    CardVersionView { version, title, body, html, in_return, verifier, trigger: deadline, at }
}

/// An answer, to its giver.
#[must_use]
pub fn answer(answer: &Answer, stale: bool) -> AnswerView {
    let Answer { concession, version, acceptance, realism, unfreezes, dealt, .. } = *answer;
    AnswerView { concession, version, acceptance, realism, unfreezes, dealt, stale }
}

/// Whom a decision is shown to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Everyone.
    Public,
    /// Whom it concerns.
    Addressee,
    /// Moderators.
    Moderators,
}

/// A decision.
#[must_use]
pub fn decision(decision: Decision, appeal: Option<Appeal>, whom: For) -> DecisionView {
    let Decision { id, object, action, rule, facts, until, target, at, automated, addressee, state, effective_at, ended_at, .. } = decision;
    // The public log names nobody: an account's id would.
    let named = object.kind() != Kind::Account || whom != For::Public;
    let by = if automated { "automated" } else { "moderator" };
    let stands = state == DecisionState::Done;
    let appealable = stands && action.appealable() && addressee.is_some() && appeal.is_none() && whom == For::Addressee;
    let moderators = whom == For::Moderators;
    DecisionView {
        id,
        at,
        action,
        rule,
        facts,
        object: named.then_some(object),
        kind: object.kind(),
        until,
        into: target,
        point: decision.point,
        into_thread: decision.into_thread,
        title: decision.title,
        by: by.into(),
        alias: None,
        seconded: decision.seconded_by.is_some() && state != DecisionState::Refused,
        language: decision.language,
        state,
        ended_at,
        appeal: appeal.map(|appeal| self::appeal(appeal, whom)),
        appeal_until: appealable.then_some(at + APPEAL),
        undo_until: effective_at.filter(|_| moderators && stands && object.kind() != Kind::Site).map(|at| at + UNDO),
        moderator: (moderators && !automated).then_some(decision.moderator),
    }
}

/// An appeal: everyone sees how it stands, its words are between its author and the moderators.
fn appeal(appeal: Appeal, whom: For) -> AppealView {
    let Appeal { id, at, state, statement, answer, decided_at, .. } = appeal;
    let shown = whom != For::Public;
    AppealView { id, at, state, statement: shown.then_some(statement), answer: answer.filter(|_| shown), decided_at }
}

/// A board, of which `shown` tells the cards the reader may see.
#[must_use]
pub fn tally(framework: &Framework, question: &Question, at_seq: i64, board: Board, complete: bool) -> TallyView {
    let Board { voters, items, waiting } = board;
    let (epoch, round) = (framework.epoch.clone(), question.round);
    TallyView { question: question.id, round, at_seq, epoch, hidden: false, reason: None, complete, voters, items, waiting, stale: vec![] }
}

/// What came out of a round, with the titles of cards that still show to the viewer.
#[must_use]
pub fn round(row: RoundRow, cards: &[Concession], viewer: Viewer) -> RoundView {
    let RoundRow { question, round, opened_at, closed_at, ballots, root, frozen } = row;
    let card = |was: FrozenCard| {
        let FrozenCard { id, version, title, language } = was;
        let now = cards.iter().find(|card| card.id == id);
        let whole = now.is_some_and(|card| visible_to(viewer, card.author.id, State::Concession(card.state)) == Sight::Whole);
        let state = now.map_or(ConcessionState::Removed, |card| card.state);
        RoundCard { id, version, title: whole.then_some(title), language, state }
    };
    let Frozen { rules, camps, cards: frozen, results } = frozen;
    let entry = RoundEntry { round, opened_at, closed_at, ballots, root };
    let Results { voters, ranked, waiting, unfreeze } = results;
    RoundView { question, entry, rules, camps, cards: frozen.into_iter().map(card).collect(), voters, ranked, waiting, unfreeze }
}

pub(crate) fn member(appointed: Appointed) -> TeamMember {
    let Appointed { account, handle, display_name, role, remit, alias, appointed_at, .. } = appointed;
    let (points, languages) = limits(remit);
    TeamMember { account, handle, display_name, role, alias, points, languages, since: appointed_at }
}
