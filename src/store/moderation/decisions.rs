//! Decisions of moderators.
use sqlx::FromRow;

use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::ConcessionId,
        framework::FrameworkId,
        moderation::{Act, DecisionState, Kind, Object, Previous, ThingId},
        permission::Action,
        thread::ThreadId,
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
        words::{Doc, Word},
    },
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

impl Decision {
    /// The permission that whoever decides needs.
    #[must_use]
    pub const fn needs(&self) -> Action {
        self.action.needs(self.object.kind())
    }
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
        Some(Decision {
            id: row.id,
            framework: row.framework,
            object: Object::of(row.kind.known()?, row.object),
            action: row.action.known()?,
            rule: row.rule,
            facts: row.facts,
            until: row.until,
            moderator: row.moderator,
            automated: row.automated,
            addressee: row.addressee,
            target: row.target,
            at: row.at,
            state: row.state.known()?,
            revision: row.revision,
            seconded_by: row.seconded_by,
            effective_at: row.effective_at,
            ended_at: row.ended_at,
            waited_since: row.waited_since,
            point: row.point.and_then(|number| u32::try_from(number).ok()),
            into_thread: row.into_thread,
            title: row.title,
            language: row.language,
            camp: row.camp,
            previous: row.previous.and_then(Doc::known),
        })
    }
}

macro_rules! decision_columns {
    () => {
        "SELECT id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target, at, state, revision,
            seconded_by, effective_at, ended_at, waited_since, point, into_thread, title, language, camp, previous FROM decision "
    };
}

impl Reader {
    /// The decision with this id.
    pub async fn decision(&mut self, id: &str) -> Result<Option<Decision>> {
        const SQL: &str = concat!(decision_columns!(), "WHERE id = $1");
        Ok(self
            .found::<DecisionRow>(SQL, row![id])
            .await?
            .and_then(Into::into))
    }

    /// A framework's decisions that took effect, newest first, before a place.
    pub async fn decisions(
        &mut self,
        framework: FrameworkId,
        before: (Millis, String),
        limit: i64,
    ) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(
            decision_columns!(),
            "WHERE framework = $1 AND effective_at IS NOT NULL AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"
        );
        self.part(
            SQL,
            limit,
            before,
            |(at, id)| row![framework, at, id, limit],
            |row: &DecisionRow| (row.at, row.id.clone()),
        )
        .await
    }

    /// What was decided about an account and its posts, newest first.
    pub async fn decisions_about(
        &mut self,
        addressee: AccountId,
        limit: i64,
    ) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(
            decision_columns!(),
            "WHERE addressee = $1 AND effective_at IS NOT NULL ORDER BY at DESC, id DESC LIMIT $2"
        );
        let rows = self.all::<DecisionRow>(SQL, row![addressee, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// What was decided about a thing, and what waits for a second moderator, newest first.
    pub async fn decisions_of(&mut self, object: ThingId, limit: i64) -> Result<Vec<Decision>> {
        const SQL: &str = concat!(
            decision_columns!(),
            "WHERE object = $1 ORDER BY at DESC, id DESC LIMIT $2"
        );
        let rows = self.all::<DecisionRow>(SQL, row![object, limit]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Since when decisions about a thing wait for a second moderator.
    pub async fn pending_decisions(&mut self, object: ThingId) -> Result<Vec<Millis>> {
        const SQL: &str = "SELECT at FROM decision WHERE object = $1 AND state = 'pending'";
        self.column(SQL, row![object]).await
    }
}

impl Tx {
    /// Keeps a decision.
    pub async fn insert_decision(&mut self, decision: &Decision) -> Result<()> {
        const SQL: &str = "INSERT INTO decision (id, framework, kind, object, action, rule, facts, until, moderator, automated, addressee, target,
            at, state, revision, seconded_by, effective_at, ended_at, waited_since, point, into_thread, title, language, camp, previous)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";
        self.run(
            SQL,
            row![
                decision.id,
                decision.framework,
                Word::Known(decision.object.kind()),
                decision.object.id(),
                Word::Known(decision.action),
                decision.rule,
                decision.facts,
                decision.until,
                decision.moderator,
                decision.automated,
                decision.addressee,
                decision.target,
                decision.at,
                Word::Known(decision.state),
                decision.revision,
                decision.seconded_by,
                decision.effective_at,
                decision.ended_at,
                decision.waited_since,
                decision.point,
                decision.into_thread,
                decision.title,
                decision.language,
                decision.camp,
                decision.previous.as_ref().map(Doc::Known)
            ],
        )
        .await
    }

    /// Keeps what has become of a decision.
    pub async fn update_decision(&mut self, decision: &Decision) -> Result<()> {
        const SQL: &str = "UPDATE decision SET state = $2, revision = $3, seconded_by = $4, effective_at = $5, ended_at = $6, previous = $7
            WHERE id = $1";
        self.run(
            SQL,
            row![
                decision.id,
                Word::Known(decision.state),
                decision.revision,
                decision.seconded_by,
                decision.effective_at,
                decision.ended_at,
                decision.previous.as_ref().map(Doc::Known)
            ],
        )
        .await
    }
}
