//! Ballots: answers, orders, deals, redeemed hands. One person, one answer to a card: the primary key says so.
use std::collections::{BTreeMap, HashMap};

use sqlx::{FromRow, QueryBuilder};

use super::{
    db::{Reader, Result, Tx, sql},
    rows::{padded, push_list, runs},
    words::{Doc, Word},
};
use crate::domain::{
    Millis,
    account::AccountId,
    ballot::{Acceptance, Answer, Ballot, Realism},
    concession::ConcessionId,
    framework::{FrameworkId, Question, QuestionId},
    tally::Tally,
};

#[derive(FromRow)]
struct AnswerRow {
    account: AccountId,
    concession: ConcessionId,
    version: i64,
    camp: Option<String>,
    acceptance: Word<Acceptance>,
    realism: Option<Word<Realism>>,
    dealt: bool,
    weight: i64,
}

impl From<AnswerRow> for Answer {
    fn from(row: AnswerRow) -> Self {
        let AnswerRow { concession, version, camp, acceptance, realism, dealt, weight, .. } = row;
        Self { concession, version, camp, acceptance: acceptance.0, realism: realism.map(|word| word.0), dealt, weight }
    }
}

/// Cards dealt to one account, and until when each may be answered.
pub type Deals = BTreeMap<ConcessionId, Millis>;

/// How many dealt answers a card has in one camp.
#[derive(Clone, Debug, FromRow)]
pub struct CardLoad {
    /// The card.
    pub id: ConcessionId,
    /// Answers in the camp asked about.
    pub answers: i64,
    /// When it was proposed.
    pub created_at: Millis,
}

impl Reader {
    /// An account's ballot; an empty one where there is none.
    pub async fn ballot(&mut self, question: &Question, account: AccountId) -> Result<Ballot> {
        Ok(self.ballots(question, &[account]).await?.remove(&account).unwrap_or_default())
    }

    /// The ballots of accounts; those who have none are absent.
    pub async fn ballots(&mut self, question: &Question, accounts: &[AccountId]) -> Result<HashMap<AccountId, Ballot>> {
        const ANSWERS: &str = "SELECT account, concession, version, camp, acceptance, realism, dealt, weight FROM answer WHERE question = ";
        const TIERS: &str = "SELECT account, tiers FROM ballot WHERE question = ";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let (id, round) = (question.id, i64::from(question.round));
        let answers: Vec<AnswerRow> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(ANSWERS);
            query.push_bind(id).push(" AND round = ").push_bind(round).push(" AND account IN ");
            push_list(&mut query, padded(accounts.iter().copied()));
            query.build_query_as().fetch_all(conn).await
        })?;
        let tiers: Vec<(AccountId, Doc<Vec<Vec<ConcessionId>>>)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(TIERS);
            query.push_bind(id).push(" AND round = ").push_bind(round).push(" AND account IN ");
            push_list(&mut query, padded(accounts.iter().copied()));
            query.build_query_as().fetch_all(conn).await
        })?;
        let mut ballots: HashMap<AccountId, Ballot> = HashMap::new();
        for row in answers {
            ballots.entry(row.account).or_default().answers.insert(row.concession, row.into());
        }
        for (account, tiers) in tiers {
            ballots.entry(account).or_default().tiers = tiers.0;
        }
        Ok(ballots)
    }

    /// How many answers an account has given, by question.
    pub async fn answered(&mut self, framework: FrameworkId, account: AccountId) -> Result<BTreeMap<String, i64>> {
        const SQL: &str = "SELECT a.question, COUNT(*) FROM answer a JOIN question q ON q.id = a.question AND q.round = a.round
            WHERE q.framework = $1 AND a.account = $2 GROUP BY a.question";
        let rows: Vec<(String, i64)> = sql!(self, |conn| sqlx::query_as(SQL).bind(framework).bind(account).fetch_all(conn).await)?;
        Ok(rows.into_iter().collect())
    }

    /// The tally recounted from every ballot of the question's round.
    pub async fn recount(&mut self, question: &Question) -> Result<Tally> {
        const SQL: &str = "SELECT account, concession, version, camp, acceptance, realism, dealt, weight FROM answer
            WHERE question = $1 AND round = $2 ORDER BY account";
        let rows = sql!(self, |conn| sqlx::query_as::<_, AnswerRow>(SQL).bind(question.id).bind(i64::from(question.round)).fetch_all(conn).await)?;
        let mut tally = Tally { at_seq: question.ballot_seq, ..Tally::default() };
        for person in rows.chunk_by(|a, b| a.account == b.account) {
            let answers = person.iter().map(|row| Answer {
                concession: row.concession,
                version: row.version,
                camp: row.camp.clone(),
                acceptance: row.acceptance.0,
                realism: row.realism.map(|word| word.0),
                dealt: row.dealt,
                weight: row.weight,
            });
            let answers = answers.map(|answer| (answer.concession, answer)).collect();
            tally.count(&Ballot { answers, tiers: vec![] }, 1);
        }
        Ok(tally)
    }

    /// The cards an account may be dealt: ranked ones it has neither answered nor proposed, with the answers its camp gave.
    pub async fn deck(&mut self, question: &Question, account: Option<AccountId>, camp: Option<&str>) -> Result<Vec<CardLoad>> {
        const SQL: &str = "SELECT c.id, c.created_at,
                (SELECT COUNT(*) FROM answer a WHERE a.question = $1 AND a.round = $2 AND a.concession = c.id AND a.dealt
                    AND a.acceptance <> 'cannot_say' AND ($3 IS NULL OR a.camp = $3)) AS answers
            FROM concession c WHERE c.question = $1 AND c.state = 'ranked' AND c.author <> $4
                AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.question = $1 AND a.round = $2 AND a.concession = c.id AND a.account = $4)
            ORDER BY c.created_at, c.id";
        let account = account.map_or_else(String::new, |account| account.to_string());
        Ok(sql!(self, |conn| sqlx::query_as(SQL)
            .bind(question.id)
            .bind(i64::from(question.round))
            .bind(camp.map(str::to_owned))
            .bind(account)
            .fetch_all(conn)
            .await)?)
    }

    /// An account's answers to older texts of cards that rank, oldest card first; not those to its own cards, which nobody is dealt.
    pub async fn stale_answers(&mut self, question: &Question, account: AccountId) -> Result<Vec<Answer>> {
        const SQL: &str = "SELECT a.account, a.concession, a.version, a.camp, a.acceptance, a.realism, a.dealt, a.weight FROM answer a
            JOIN concession c ON c.id = a.concession WHERE a.question = $1 AND a.round = $2 AND a.account = $3 AND a.version < c.material
            AND c.state = 'ranked' AND c.author <> $3 ORDER BY c.created_at, c.id";
        let (id, round) = (question.id, i64::from(question.round));
        let rows = sql!(self, |conn| sqlx::query_as::<_, AnswerRow>(SQL).bind(id).bind(round).bind(account).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Cards dealt to accounts, and until when each may be answered; accounts without are absent.
    pub async fn deals(&mut self, question: &Question, accounts: &[AccountId], now: Millis) -> Result<HashMap<AccountId, Deals>> {
        const SQL: &str = "SELECT account, concession, expires_at FROM deal WHERE question = ";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(AccountId, ConcessionId, Millis)> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(SQL);
            query.push_bind(question.id).push(" AND round = ").push_bind(i64::from(question.round)).push(" AND expires_at > ").push_bind(now);
            query.push(" AND account IN ");
            push_list(&mut query, padded(accounts.iter().copied()));
            query.build_query_as().fetch_all(conn).await
        })?;
        let mut deals: HashMap<AccountId, Deals> = HashMap::new();
        for (account, card, until) in rows {
            deals.entry(account).or_default().insert(card, until);
        }
        Ok(deals)
    }
}

impl Tx {
    /// Keeps answers of a question and round, replacing earlier ones; each person and card at most once.
    pub async fn put_answers(&mut self, question: &Question, answers: &[(AccountId, Answer)], now: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO answer (question, round, account, concession, version, camp, acceptance, realism, dealt, weight, at) ";
        const REPLACE: &str = " ON CONFLICT (question, round, account, concession) DO UPDATE SET version = excluded.version, camp = excluded.camp,
            acceptance = excluded.acceptance, realism = excluded.realism, dealt = excluded.dealt, weight = excluded.weight, at = excluded.at";
        for run in runs(answers) {
            sql!(self, |conn| {
                let mut query = QueryBuilder::<Db>::new(SQL);
                query.push_values(run, |mut row, (account, answer)| {
                    row.push_bind(question.id)
                        .push_bind(i64::from(question.round))
                        .push_bind(*account)
                        .push_bind(answer.concession)
                        .push_bind(answer.version)
                        .push_bind(answer.camp.clone())
                        .push_bind(Word(answer.acceptance))
                        .push_bind(answer.realism.map(Word))
                        .push_bind(answer.dealt)
                        .push_bind(answer.weight)
                        .push_bind(now);
                });
                query.push(REPLACE);
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Takes one answer back.
    pub async fn delete_answer(&mut self, question: &Question, account: AccountId, concession: ConcessionId) -> Result<()> {
        const SQL: &str = "DELETE FROM answer WHERE question = $1 AND round = $2 AND account = $3 AND concession = $4";
        sql!(self, |conn| sqlx::query(SQL)
            .bind(question.id)
            .bind(i64::from(question.round))
            .bind(account)
            .bind(concession)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Keeps an order.
    pub async fn put_tiers(&mut self, question: &Question, account: AccountId, tiers: &[Vec<ConcessionId>]) -> Result<()> {
        const SQL: &str = "INSERT INTO ballot (question, round, account, tiers) VALUES ($1, $2, $3, $4)
            ON CONFLICT (question, round, account) DO UPDATE SET tiers = excluded.tiers";
        sql!(self, |conn| sqlx::query(SQL)
            .bind(question.id)
            .bind(i64::from(question.round))
            .bind(account)
            .bind(Doc(tiers))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Remembers that a card was dealt.
    pub async fn put_deal(&mut self, question: QuestionId, round: u32, account: AccountId, concession: ConcessionId, until: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO deal (question, round, account, concession, expires_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (question, round, account, concession) DO UPDATE SET expires_at = excluded.expires_at";
        sql!(self, |conn| sqlx::query(SQL)
            .bind(question)
            .bind(i64::from(round))
            .bind(account)
            .bind(concession)
            .bind(until)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Redeems an anonymous hand; returns the hash of the one this account redeemed, which may be an earlier one.
    pub async fn redeem_hand(&mut self, question: &Question, account: AccountId, hash: &str) -> Result<String> {
        const INSERT: &str = "INSERT INTO redeemed_hand (question, round, account, hash) VALUES ($1, $2, $3, $4)
            ON CONFLICT (question, round, account) DO NOTHING";
        const SELECT: &str = "SELECT hash FROM redeemed_hand WHERE question = $1 AND round = $2 AND account = $3";
        let (id, round) = (question.id, i64::from(question.round));
        sql!(self, |conn| sqlx::query(INSERT).bind(id).bind(round).bind(account).bind(hash).execute(conn).await.map(|_| ()))?;
        Ok(sql!(self, |conn| sqlx::query_scalar(SELECT).bind(id).bind(round).bind(account).fetch_one(conn).await)?)
    }
}
