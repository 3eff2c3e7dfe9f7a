//! Ballots: answers, orders, deals, redeemed hands. One person, one answer to a card: the primary key says so.
use std::collections::{BTreeMap, HashMap};

use sqlx::FromRow;

use super::{
    db::{Reader, Result, Tx},
    many::Lookup,
    values::{Cell, row},
    words::{Doc, Docs, Word},
};
use crate::domain::{
    Millis,
    account::AccountId,
    ballot::{Acceptance, Answer, Assent, Ballot, PointAnswer, Realism},
    concession::ConcessionId,
    dealing::Promised,
    framework::{FrameworkId, Question, QuestionId},
    tally::{Counter, Tally},
};

#[derive(Clone, FromRow)]
struct AnswerRow {
    account: AccountId,
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
        let AnswerRow { concession, version, camp, acceptance, realism, dealt, weight, unfreezes, .. } = row;
        let (realism, unfreezes) = (Word::if_any(realism)?, Word::if_any(unfreezes)?);
        Some(Answer { concession, version, camp, acceptance: acceptance.known()?, realism, dealt, weight, unfreezes })
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
        ballot.point = point.map(|(accepts, weight)| PointAnswer { accepts, camp: self.accepts_camp, weight });
    }
}

/// Cards dealt to one account, and until when each may be answered.
pub type Deals = BTreeMap<ConcessionId, Millis>;

/// A card dealt to somebody.
#[derive(Clone, Debug)]
pub struct Deal {
    /// Until when it may be answered.
    pub until: Millis,
    /// For which camp.
    pub camp: Option<String>,
    /// What the answer would weigh, permille.
    pub weight: i64,
}

/// A card of a question that takes answers, as it lies before somebody.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct DeckCard {
    /// The card.
    pub id: ConcessionId,
    /// Whether they proposed it.
    pub own: bool,
    /// Whether they answered it.
    pub answered: bool,
}

#[derive(FromRow)]
struct CountRow {
    camp: String,
    concession: ConcessionId,
    acceptance: Word<Acceptance>,
    people: i64,
    weight: i64,
    squares: i64,
}

impl CountRow {
    /// What it counts; nothing where it is an answer that this version does not know.
    fn counter(&self) -> Counter {
        let mut counter = Counter { weight: self.weight, weight_squares: self.squares, ..Counter::default() };
        let Word::Known(acceptance) = self.acceptance else { return Counter::default() };
        match acceptance {
            Acceptance::Yes => (counter.yes, counter.weight_yes) = (self.people, self.weight),
            Acceptance::WithChanges => counter.with_changes = self.people,
            Acceptance::No => counter.no = self.people,
            Acceptance::CannotSay => return Counter { cannot_say: self.people, ..Counter::default() },
        }
        counter
    }
}

/// Rows of a table that accounts have in a question's round.
fn of_round(question: &Question, columns: &'static str, table: &'static str) -> Lookup {
    let same = vec![("question =", question.id.value()), ("round =", i64::from(question.round).value())];
    Lookup { columns, table, same, key: "account" }
}

impl Reader {
    /// An account's ballot; an empty one where there is none.
    pub async fn ballot(&mut self, question: &Question, account: AccountId) -> Result<Ballot> {
        Ok(self.ballots(question, &[account]).await?.remove(&account).unwrap_or_default())
    }

    /// The ballots of accounts; those who have none are absent.
    pub async fn ballots(&mut self, question: &Question, accounts: &[AccountId]) -> Result<HashMap<AccountId, Ballot>> {
        const ANSWERS: &str = "account, concession, version, camp, acceptance, realism, dealt, weight, unfreezes";
        const BESIDE: &str = "account, tiers, accepts, accepts_camp, accepts_weight";
        let answers: Vec<AnswerRow> = self.looked_up(&of_round(question, ANSWERS, "answer"), accounts).await?;
        let beside: Vec<BallotRow> = self.looked_up(&of_round(question, BESIDE, "ballot"), accounts).await?;
        let mut ballots: HashMap<AccountId, Ballot> = HashMap::new();
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

    /// Some of a question's ballots, by account: those after `after`; empty at the end. People without answers are left out:
    /// what they say of the point counts with none.
    pub async fn ballots_after(&mut self, question: &Question, after: Option<AccountId>) -> Result<Vec<(AccountId, Ballot)>> {
        const SQL: &str =
            "SELECT account FROM answer WHERE question = $1 AND round = $2 AND account > $3 GROUP BY account ORDER BY account LIMIT 256";
        let (id, round, after) = (question.id, i64::from(question.round), after.map_or_else(String::new, |account| account.to_string()));
        let accounts: Vec<AccountId> = self.column(SQL, row![id, round, after]).await?;
        let mut ballots: Vec<_> = self.ballots(question, &accounts).await?.into_iter().collect();
        ballots.sort_unstable_by_key(|(account, _)| *account);
        Ok(ballots)
    }

    /// How many answers an account has given, by question.
    pub async fn answered(&mut self, framework: FrameworkId, account: AccountId) -> Result<BTreeMap<String, i64>> {
        const SQL: &str = "SELECT a.question, COUNT(*) FROM answer a JOIN question q ON q.id = a.question AND q.round = a.round
            WHERE q.framework = $1 AND a.account = $2 GROUP BY a.question";
        let rows: Vec<(String, i64)> = self.all(SQL, row![framework, account]).await?;
        Ok(rows.into_iter().collect())
    }

    /// The tally recounted from every ballot of the question's round.
    pub async fn recount(&mut self, question: &Question) -> Result<Tally> {
        const SQL: &str = "SELECT account, concession, version, camp, acceptance, realism, dealt, weight, unfreezes FROM answer
            WHERE question = $1 AND round = $2 ORDER BY account";
        let rows = self.all::<AnswerRow>(SQL, row![question.id, question.round]).await?;
        let mut tally = Tally { at_seq: question.ballot_seq, ..Tally::default() };
        for person in rows.chunk_by(|a, b| a.account == b.account) {
            let answers = person.iter().filter_map(|row| Option::<Answer>::from(row.clone()));
            let answers = answers.map(|answer| (answer.concession, answer)).collect();
            tally.count(&Ballot { answers, ..Ballot::default() }, 1);
        }
        Ok(tally)
    }

    /// The cards that take answers, oldest first, as they lie before an account.
    pub async fn deck(&mut self, question: &Question, account: AccountId) -> Result<Vec<DeckCard>> {
        const SQL: &str = "SELECT c.id, c.author = $3 AS own, EXISTS (SELECT 1 FROM answer a
                WHERE a.question = $1 AND a.round = $2 AND a.account = $3 AND a.concession = c.id) AS answered
            FROM concession c WHERE c.question = $1 AND c.state = 'ranked' ORDER BY c.created_at, c.id";
        let (id, round) = (question.id, i64::from(question.round));
        self.all(SQL, row![id, round, account]).await
    }

    /// Counters by camp and card, but for realism and "can't say": what a dealer must know. One statement over all ballots.
    pub async fn card_counts(&mut self, question: &Question) -> Result<BTreeMap<(String, ConcessionId), Counter>> {
        const SQL: &str = "SELECT camp, concession, acceptance, COUNT(*) AS people, CAST(SUM(weight) AS BIGINT) AS weight,
                CAST(SUM(weight * weight) AS BIGINT) AS squares
            FROM answer WHERE question = $1 AND round = $2 AND dealt AND camp IS NOT NULL AND acceptance <> 'cannot_say'
            GROUP BY camp, concession, acceptance";
        let (id, round) = (question.id, i64::from(question.round));
        let rows: Vec<CountRow> = self.all(SQL, row![id, round]).await?;
        let mut counts: BTreeMap<(String, ConcessionId), Counter> = BTreeMap::new();
        for row in rows {
            let counter = row.counter();
            counts.entry((row.camp, row.concession)).or_default().add(&counter, 1);
        }
        Ok(counts)
    }

    /// What answers to valid deals will weigh, by the camp they were dealt for and card, where none was given yet.
    pub async fn promised(&mut self, question: &Question, now: Millis) -> Result<Promised> {
        const SQL: &str = "SELECT d.camp, d.concession, CAST(SUM(d.weight) AS BIGINT) FROM deal d
            WHERE d.question = $1 AND d.round = $2 AND d.expires_at > $3 AND d.camp IS NOT NULL AND d.weight IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.question = $1 AND a.round = $2 AND a.account = d.account AND a.concession = d.concession)
            GROUP BY d.camp, d.concession";
        let (id, round) = (question.id, i64::from(question.round));
        let rows: Vec<(String, ConcessionId, i64)> = self.all(SQL, row![id, round, now]).await?;
        Ok(rows.into_iter().map(|(camp, card, weight)| ((camp, card), weight)).collect())
    }

    /// An account's answers to older texts of cards that rank, oldest card first; not those to its own cards, which nobody is dealt.
    pub async fn stale_answers(&mut self, question: &Question, account: AccountId) -> Result<Vec<Answer>> {
        const SQL: &str = "SELECT a.account, a.concession, a.version, a.camp, a.acceptance, a.realism, a.dealt, a.weight, a.unfreezes FROM answer a
            JOIN concession c ON c.id = a.concession WHERE a.question = $1 AND a.round = $2 AND a.account = $3 AND a.version < c.material
            AND c.state = 'ranked' AND c.author <> $3 ORDER BY c.created_at, c.id";
        let (id, round) = (question.id, i64::from(question.round));
        let rows = self.all::<AnswerRow>(SQL, row![id, round, account]).await?;
        Ok(rows.into_iter().filter_map(Into::into).collect())
    }

    /// Cards dealt to accounts, and until when each may be answered; accounts without are absent.
    pub async fn deals(&mut self, question: &Question, accounts: &[AccountId], now: Millis) -> Result<HashMap<AccountId, Deals>> {
        let lookup = of_round(question, "account, concession, expires_at", "deal");
        let rows: Vec<(AccountId, ConcessionId, Millis)> = self.looked_up(&lookup, accounts).await?;
        let mut deals: HashMap<AccountId, Deals> = HashMap::new();
        for (account, card, until) in rows.into_iter().filter(|(_, _, until)| *until > now) {
            deals.entry(account).or_default().insert(card, until);
        }
        Ok(deals)
    }
}

impl Tx {
    /// Keeps answers of a question and round, replacing earlier ones; each person and card at most once.
    pub async fn put_answers(&mut self, question: &Question, answers: &[(AccountId, Answer)], now: Millis) -> Result<()> {
        const SQL: &str = "INSERT INTO answer (question, round, account, concession, version, camp, acceptance, realism, dealt, weight, at,
            unfreezes) ";
        const REPLACE: &str = " ON CONFLICT (question, round, account, concession) DO UPDATE SET version = excluded.version, camp = excluded.camp,
            acceptance = excluded.acceptance, realism = excluded.realism, dealt = excluded.dealt, weight = excluded.weight, at = excluded.at,
            unfreezes = excluded.unfreezes";
        let row = |(account, answer): &(AccountId, Answer)| {
            let Answer { concession, version, camp, acceptance, realism, dealt, weight, unfreezes, .. } = answer;
            let (id, round) = (question.id, i64::from(question.round));
            let (acceptance, realism, unfreezes) = (Word::Known(*acceptance), realism.map(Word::Known), unfreezes.map(Word::Known));
            row![id, round, account, concession, version, camp, acceptance, realism, dealt, weight, now, unfreezes]
        };
        self.insert_rows(SQL, &answers.iter().map(row).collect::<Vec<_>>(), REPLACE).await
    }

    /// Takes one answer back.
    pub async fn delete_answer(&mut self, question: &Question, account: AccountId, concession: ConcessionId) -> Result<()> {
        const SQL: &str = "DELETE FROM answer WHERE question = $1 AND round = $2 AND account = $3 AND concession = $4";
        self.run(SQL, row![question.id, question.round, account, concession]).await
    }

    /// Keeps what stands beside an account's answers: the order, and what it says of the point.
    pub async fn put_beside(&mut self, question: &Question, account: AccountId, ballot: &Ballot) -> Result<()> {
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

    /// Remembers that a card was dealt.
    pub async fn put_deal(&mut self, (question, round): (QuestionId, u32), account: AccountId, concession: ConcessionId, deal: &Deal) -> Result<()> {
        const SQL: &str = "INSERT INTO deal (question, round, account, concession, expires_at, camp, weight) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (question, round, account, concession) DO UPDATE SET expires_at = excluded.expires_at, camp = excluded.camp,
                weight = excluded.weight";
        self.run(SQL, row![question, round, account, concession, deal.until, deal.camp, deal.weight]).await
    }

    /// Redeems an anonymous hand; returns the hash of the one this account redeemed, which may be an earlier one.
    pub async fn redeem_hand(&mut self, question: &Question, account: AccountId, hash: &str) -> Result<String> {
        const INSERT: &str = "INSERT INTO redeemed_hand (question, round, account, hash) VALUES ($1, $2, $3, $4)
            ON CONFLICT (question, round, account) DO NOTHING";
        const SELECT: &str = "SELECT hash FROM redeemed_hand WHERE question = $1 AND round = $2 AND account = $3";
        let (id, round) = (question.id, i64::from(question.round));
        self.run(INSERT, row![id, round, account, hash]).await?;
        self.sole(SELECT, row![id, round, account]).await
    }
}
