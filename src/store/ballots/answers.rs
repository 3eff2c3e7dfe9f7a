//! Answers, and the order beside them. One person, one answer to a card: the primary key says so.
use std::collections::{BTreeMap, HashMap};

use sqlx::FromRow;

use super::seats::SeatRow;
use crate::{
    domain::{
        Millis,
        account::AccountId,
        ballot::{Acceptance, Answer, Assent, Ballot, PointAnswer, Realism},
        concession::ConcessionId,
        framework::Question,
    },
    store::{
        db::{Reader, Result, Tx},
        many::Lookup,
        values::{Cell, row},
        words::{Doc, Docs, Word},
    },
};

#[derive(Clone, FromRow)]
pub(super) struct AnswerRow {
    pub(super) account: AccountId,
    concession: ConcessionId,
    version: i64,
    camp: Option<String>,
    acceptance: Word<Acceptance>,
    realism: Option<Word<Realism>>,
    dealt: bool,
    weight: i64,
    unfreezes: Option<Word<Assent>>,
}

impl From<AnswerRow> for Option<Answer> {
    fn from(row: AnswerRow) -> Self {
        let (realism, unfreezes) = (Word::if_any(row.realism)?, Word::if_any(row.unfreezes)?);
        Some(Answer {
            concession: row.concession,
            version: row.version,
            camp: row.camp,
            acceptance: row.acceptance.known()?,
            realism,
            dealt: row.dealt,
            weight: row.weight,
            unfreezes,
        })
    }
}

/// What stands beside somebody's answers.
#[derive(FromRow)]
struct BallotRow {
    account: AccountId,
    tiers: Docs<Vec<ConcessionId>>,
    accepts: Option<Word<Assent>>,
    accepts_camp: Option<String>,
    accepts_weight: Option<i64>,
}

impl BallotRow {
    fn put(self, ballot: &mut Ballot) {
        ballot.tiers = self.tiers.0;
        let point = self.accepts.and_then(Word::known).zip(self.accepts_weight);
        ballot.point = point.map(|(accepts, weight)| PointAnswer {
            accepts,
            camp: self.accepts_camp,
            weight,
        });
    }
}

/// Rows of a table that accounts have in a question's round.
pub(super) fn of_round(question: &Question, columns: &'static str, table: &'static str) -> Lookup {
    let same = vec![
        ("question =", question.id.value()),
        ("round =", i64::from(question.round).value()),
    ];
    Lookup {
        columns,
        table,
        same,
        key: "account",
    }
}

impl Reader {
    /// An account's ballot; an empty one where there is none.
    pub async fn ballot(&mut self, question: &Question, account: AccountId) -> Result<Ballot> {
        Ok(self
            .ballots(question, &[account])
            .await?
            .remove(&account)
            .unwrap_or_default())
    }

    /// The ballots of accounts; those who have none are absent.
    pub async fn ballots(
        &mut self,
        question: &Question,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Ballot>> {
        const ANSWERS: &str =
            "account, concession, version, camp, acceptance, realism, dealt, weight, unfreezes";
        const BESIDE: &str = "account, tiers, accepts, accepts_camp, accepts_weight";
        let answers: Vec<AnswerRow> = self
            .looked_up(&of_round(question, ANSWERS, "answer"), accounts)
            .await?;
        let beside: Vec<BallotRow> = self
            .looked_up(&of_round(question, BESIDE, "ballot"), accounts)
            .await?;
        let seats: Vec<SeatRow> = self
            .looked_up(&of_round(question, SeatRow::COLUMNS, "seat"), accounts)
            .await?;
        let mut ballots: HashMap<AccountId, Ballot> = HashMap::new();
        for row in seats {
            let ballot = ballots.entry(row.account).or_default();
            ballot.seat = Some(row.seat());
        }
        for row in answers {
            let ballot = ballots.entry(row.account).or_default();
            if let Some(answer) = Option::<Answer>::from(row) {
                ballot.answers.insert(answer.concession, answer);
            }
        }
        for row in beside {
            let ballot = ballots.entry(row.account).or_default();
            row.put(ballot);
        }
        Ok(ballots)
    }

    /// Some of a question's ballots, by account: those after `after`; empty at the end. People
    /// without answers are left out: what they say of the point counts with none.
    pub async fn ballots_after(
        &mut self,
        question: &Question,
        after: Option<AccountId>,
    ) -> Result<Vec<(AccountId, Ballot)>> {
        const SQL: &str = "SELECT account FROM answer WHERE question = $1 AND round = $2 AND account > $3 GROUP BY account ORDER BY account LIMIT 256";
        let (id, round, after) = (
            question.id,
            i64::from(question.round),
            after.map_or_else(String::new, |account| account.to_string()),
        );
        let accounts: Vec<AccountId> = self.column(SQL, row![id, round, after]).await?;
        let mut ballots: Vec<_> = self
            .ballots(question, &accounts)
            .await?
            .into_iter()
            .collect();
        ballots.sort_unstable_by_key(|(account, _)| *account);
        Ok(ballots)
    }

    /// Every ballot of a question's round that holds an answer.
    pub async fn all_ballots(
        &mut self,
        question: &Question,
    ) -> Result<BTreeMap<AccountId, Ballot>> {
        let mut ballots = BTreeMap::new();
        loop {
            let page = self
                .ballots_after(
                    question,
                    ballots.last_key_value().map(|(account, _)| *account),
                )
                .await?;
            if page.is_empty() {
                return Ok(ballots);
            }
            ballots.extend(page);
        }
    }
}

impl Tx {
    /// Keeps answers of a question and round, replacing earlier ones; each person and card at most
    /// once.
    pub async fn put_answers(
        &mut self,
        question: &Question,
        answers: &[(AccountId, Answer)],
        now: Millis,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO answer (question, round, account, concession, version, camp, acceptance, realism, dealt, weight, at,
            unfreezes) ";
        const REPLACE: &str = " ON CONFLICT (question, round, account, concession) DO UPDATE SET version = excluded.version, camp = excluded.camp,
            acceptance = excluded.acceptance, realism = excluded.realism, dealt = excluded.dealt, weight = excluded.weight, at = excluded.at,
            unfreezes = excluded.unfreezes";
        let row = |(account, answer): &(AccountId, Answer)| {
            let (id, round) = (question.id, i64::from(question.round));
            let (acceptance, realism, unfreezes) = (
                Word::Known(answer.acceptance),
                answer.realism.map(Word::Known),
                answer.unfreezes.map(Word::Known),
            );
            row![
                id,
                round,
                account,
                answer.concession,
                answer.version,
                answer.camp,
                acceptance,
                realism,
                answer.dealt,
                answer.weight,
                now,
                unfreezes
            ]
        };
        self.insert_rows(SQL, &answers.iter().map(row).collect::<Vec<_>>(), REPLACE)
            .await
    }

    /// Makes reactions of what was said of a card in a round, whose words are others now; of how
    /// many people.
    pub async fn make_reactions(
        &mut self,
        question: &Question,
        concession: ConcessionId,
    ) -> Result<i64> {
        const SQL: &str = "UPDATE answer SET dealt = FALSE
            WHERE question = $1 AND round = $2 AND concession = $3 AND dealt";
        let (id, round) = (question.id, i64::from(question.round));
        let people = self.changed(SQL, row![id, round, concession]).await?;
        Ok(i64::try_from(people).unwrap_or(i64::MAX))
    }

    /// Takes one answer back.
    pub async fn delete_answer(
        &mut self,
        question: &Question,
        account: AccountId,
        concession: ConcessionId,
    ) -> Result<()> {
        const SQL: &str = "DELETE FROM answer WHERE question = $1 AND round = $2 AND account = $3 AND concession = $4";
        self.run(SQL, row![question.id, question.round, account, concession])
            .await
    }

    /// Keeps what stands beside an account's answers: the order, and what it says of the point.
    pub async fn put_beside(
        &mut self,
        question: &Question,
        account: AccountId,
        ballot: &Ballot,
    ) -> Result<()> {
        const SQL: &str =
            "INSERT INTO ballot (question, round, account, tiers, accepts, accepts_camp, accepts_weight) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (question, round, account) DO UPDATE SET tiers = excluded.tiers, accepts = excluded.accepts,
                accepts_camp = excluded.accepts_camp, accepts_weight = excluded.accepts_weight";
        let Ballot { tiers, point, .. } = ballot;
        self.run(
            SQL,
            row![
                question.id,
                question.round,
                account,
                Doc::Known(tiers),
                point.as_ref().map(|point| Word::Known(point.accepts)),
                point.as_ref().and_then(|point| point.camp.clone()),
                point.as_ref().map(|point| point.weight)
            ],
        )
        .await
    }
}
