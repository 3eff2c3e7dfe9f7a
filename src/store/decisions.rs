//! Decisions, and appeals against them.
use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    values::row,
    words::{Doc, Word},
};
use crate::domain::{
    Millis,
    account::AccountId,
    concession::ConcessionId,
    framework::FrameworkId,
    moderation::{Act, AppealState, DecisionState, Kind, Object, Previous, ThingId},
    thread::ThreadId,
};

/// A moderator's act.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// About what.
    pub object: Object,
    /// What was done.
    pub action: Act,
    /// The rule it rests on.
    pub rule: String,
    /// The facts.
    pub facts: String,
    /// Until when.
    pub until: Option<Millis>,
    /// Who decided, or whose word completed it where it is automated; never shown.
    pub moderator: AccountId,
    /// Whether nobody decided it but the count of what people said.
    pub automated: bool,
    /// Whom it concerns.
    pub addressee: Option<AccountId>,
    /// The card it was united with, or moved under.
    pub target: Option<ConcessionId>,
    /// When.
    pub at: Millis,
    /// What has become of it.
    pub state: DecisionState,
    /// Counts its states, from 1.
    pub revision: i64,
    /// Who agreed or disagreed as the second.
    pub seconded_by: Option<AccountId>,
    /// Since when it stands.
    pub effective_at: Option<Millis>,
    /// When it was refused, taken back or reversed.
    pub ended_at: Option<Millis>,
    /// Since when the thing had waited.
    pub waited_since: Option<Millis>,
    /// The point a thread was moved to.
    pub point: Option<u32>,
    /// The thread it was united with.
    pub into_thread: Option<ThreadId>,
    /// The title a branch got as a thread.
    pub title: Option<String>,
    /// The language of the thing.
    pub language: Option<String>,
    /// The viewpoint of whom it concerns, for counts alone.
    pub camp: Option<String>,
    /// What stood before.
    pub previous: Option<Previous>,
}

/// An objection to a decision.
#[derive(Clone, Debug)]
pub struct Appeal {
    /// Its id.
    pub id: String,
    /// Where.
    pub framework: FrameworkId,
    /// To what.
    pub decision: String,
    /// Whose.
    pub account: AccountId,
    /// Why.
    pub statement: String,
    /// When.
    pub at: Millis,
    /// What became of it.
    pub state: AppealState,
    /// What was answered.
    pub answer: Option<String>,
    /// Who decided about it; never shown.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Millis>,
}

#[derive(FromRow)]
struct DecisionRow {
    id: String,
    framework: FrameworkId,
    kind: Word<Kind>,
    object: ThingId,
    action: Word<Act>,
    rule: String,
    facts: String,
    until: Option<Millis>,
    moderator: AccountId,
    automated: bool,
    addressee: Option<AccountId>,
    target: Option<ConcessionId>,
    at: Millis,
    state: Word<DecisionState>,
    revision: i64,
    seconded_by: Option<AccountId>,
    effective_at: Option<Millis>,
    ended_at: Option<Millis>,
    waited_since: Option<Millis>,
    point: Option<i64>,
    into_thread: Option<ThreadId>,
    title: Option<String>,
    language: Option<String>,
    camp: Option<String>,
    previous: Option<Doc<Previous>>,
}

impl From<DecisionRow> for Option<Decision> {
    fn from(row: DecisionRow) -> Self {
        let DecisionRow { id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target, at, .. } = row;
        let DecisionRow { state, revision, seconded_by, effective_at, ended_at, waited_since, point, into_thread, title, .. } = row;
        let DecisionRow { language, camp, previous, .. } = row;
        Some(Decision {
            id,
            framework,
            object: Object { kind: kind.known()?, id: object },
            action: action.known()?,
            rule,
            facts,
            until,
            moderator,
            automated,
            addressee,
            target,
            at,
            state: state.known()?,
            revision,
            seconded_by,
            effective_at,
            ended_at,
            waited_since,
            point: point.and_then(|number| u32::try_from(number).ok()),
            into_thread,
            title,
            language,
            camp,
            previous: previous.and_then(Doc::known),
        })
    }
}

#[derive(FromRow)]
struct AppealRow {
    id: String,
    framework: FrameworkId,
    decision: String,
    account: AccountId,
    statement: String,
    at: Millis,
    state: Word<AppealState>,
    answer: Option<String>,
    decided_by: Option<AccountId>,
    decided_at: Option<Millis>,
}

impl From<AppealRow> for Option<Appeal> {
    fn from(row: AppealRow) -> Self {
        let AppealRow { id, framework, decision, account, statement, at, state, answer, decided_by, decided_at } = row;
        Some(Appeal { id, framework, decision, account, statement, at, state: state.known()?, answer, decided_by, decided_at })
    }
}

macro_rules! decision_columns {
    () => {
        "SELECT id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target, at, state, revision,
            seconded_by, effective_at, ended_at, waited_since, point, into_thread, title, language, camp, previous FROM decision "
    };
}
macro_rules! appeal_columns {
    () => {
        "SELECT id, framework, decision, account, statement, at, state, answer, decided_by, decided_at FROM appeal "
    };
}

impl Reader {
    /// The decision with this id.
    pub async fn decision(&mut self, id: &str) -> Result<Option<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE id = $1");
        Ok(self.found::<DecisionRow>(SQL, row![id]).await?.and_then(Into::into))
    }

    /// A framework's decisions that took effect, newest first, before a place.
    pub async fn decisions(&mut self, framework: FrameworkId, before: (Millis, String), limit: i64) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(
            decision_columns!(),
            "WHERE framework = $1 AND effective_at IS NOT NULL AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"
        );
        self.part(SQL, limit, before, |(at, id)| row![framework, at, id, limit], |row: &DecisionRow| (row.at, row.id.clone())).await
    }

    /// What was decided about an account and its posts, newest first.
    pub async fn decisions_about(&mut self, addressee: AccountId, limit: i64) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE addressee = $1 AND effective_at IS NOT NULL ORDER BY at DESC, id DESC LIMIT $2");
        let rows = self.all::<DecisionRow>(SQL, row![addressee, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// What was decided about a thing, and what waits for a second moderator, newest first.
    pub async fn decisions_of(&mut self, object: ThingId, limit: i64) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE object = $1 ORDER BY at DESC, id DESC LIMIT $2");
        let rows = self.all::<DecisionRow>(SQL, row![object, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Since when decisions about a thing wait for a second moderator.
    pub async fn pending_decisions(&mut self, object: ThingId) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT at FROM decision WHERE object = $1 AND state = 'pending'";
        self.column(SQL, row![object]).await
    }

    /// The appeal with this id.
    pub async fn appeal(&mut self, id: &str) -> Result<Option<Appeal>> {
        const SQL: &str = concat!(appeal_columns!(), "WHERE id = $1");
        Ok(self.found::<AppealRow>(SQL, row![id]).await?.and_then(Into::into))
    }

    /// The appeal against a decision.
    pub async fn appeal_against(&mut self, decision: &str) -> Result<Option<Appeal>> {
        const SQL: &str = concat!(appeal_columns!(), "WHERE decision = $1");
        Ok(self.found::<AppealRow>(SQL, row![decision]).await?.and_then(Into::into))
    }

    /// The appeals against these decisions.
    pub async fn appeals_against(&mut self, decisions: &[String]) -> Result<Vec<Appeal>> {
        let rows: Vec<AppealRow> = self.rows_in(concat!(appeal_columns!(), "WHERE decision"), decisions).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Since when open appeals wait that are about decisions on a thing.
    pub async fn open_appeals(&mut self, object: ThingId) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT p.at FROM appeal p JOIN decision d ON d.id = p.decision WHERE d.object = $1 AND p.state = 'open'";
        self.column(SQL, row![object]).await
    }

    /// Of how many viewpoints the moderators of a framework are whose role bites: with a second factor, where one is `required`.
    pub async fn moderators_camps(&mut self, framework: FrameworkId, required: bool) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(DISTINCT m.camp) FROM membership m
            WHERE m.framework = $1 AND m.joined AND m.camp IS NOT NULL AND m.role IN ('moderator', 'mediator', 'owner', 'admin')
            AND (NOT $2 OR EXISTS (SELECT 1 FROM second_factor f WHERE f.account = m.account AND f.confirmed_at IS NOT NULL))";
        self.sole(SQL, row![framework, required]).await
    }
}

impl Tx {
    /// Keeps a decision.
    pub async fn insert_decision(&mut self, decision: &Decision) -> Result<()> {
        const SQL: &str = "INSERT INTO decision (id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target,
            at, state, revision, seconded_by, effective_at, ended_at, waited_since, point, into_thread, title, language, camp, previous)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";
        let Decision { id, framework, object, action, rule, facts, until, moderator, automated, addressee, target, at, .. } = decision;
        let Decision { state, revision, seconded_by, effective_at, ended_at, waited_since, point, into_thread, title, .. } = decision;
        let Decision { language, camp, previous, .. } = decision;
        self.run(
            SQL,
            row![
                id,
                framework,
                Word::Known(object.kind),
                object.id,
                Word::Known(*action),
                rule,
                facts,
                until,
                moderator,
                automated,
                addressee,
                target,
                at,
                Word::Known(*state),
                revision,
                seconded_by,
                effective_at,
                ended_at,
                waited_since,
                point,
                into_thread,
                title,
                language,
                camp,
                previous.as_ref().map(Doc::Known)
            ],
        )
        .await
    }

    /// Keeps what has become of a decision.
    pub async fn update_decision(&mut self, decision: &Decision) -> Result<()> {
        const SQL: &str = "UPDATE decision SET state = $2, revision = $3, seconded_by = $4, effective_at = $5, ended_at = $6, previous = $7
            WHERE id = $1";
        let Decision { id, state, revision, seconded_by, effective_at, ended_at, previous, .. } = decision;
        self.run(SQL, row![id, Word::Known(*state), revision, seconded_by, effective_at, ended_at, previous.as_ref().map(Doc::Known)]).await
    }

    /// Keeps an appeal; false where there is one against this decision.
    pub async fn insert_appeal(&mut self, appeal: &Appeal) -> Result<bool> {
        const SQL: &str = "INSERT INTO appeal (id, framework, decision, account, statement, at, state) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (decision) DO NOTHING";
        let Appeal { id, framework, decision, account, statement, at, state, .. } = appeal;
        let rows = self.changed(SQL, row![id, framework, decision, account, statement, at, Word::Known(*state)]).await?;
        Ok(rows == 1)
    }

    /// Keeps what became of an appeal.
    pub async fn update_appeal(&mut self, appeal: &Appeal) -> Result<()> {
        const SQL: &str = "UPDATE appeal SET state = $2, answer = $3, decided_by = $4, decided_at = $5 WHERE id = $1";
        let Appeal { id, state, answer, decided_by, decided_at, .. } = appeal;
        self.run(SQL, row![id, Word::Known(*state), answer, decided_by, decided_at]).await
    }
}
