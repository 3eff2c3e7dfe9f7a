//! Cards dealt to people, and what their answers will weigh.
use std::collections::{BTreeMap, HashMap};

use sqlx::FromRow;

use super::answers::of_round;
use crate::{
    domain::{
        Millis,
        account::AccountId,
        concession::ConcessionId,
        dealing::Promised,
        framework::{Question, QuestionId},
    },
    store::{
        db::{Reader, Result, Tx},
        values::row,
    },
};

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
    /// Whether they answered it after it was dealt to them.
    pub answered: bool,
}

impl Reader {
    /// The cards that take answers now, oldest line first, as they lie before an account.
    pub async fn deck(
        &mut self,
        question: &Question,
        account: AccountId,
        now: Millis,
    ) -> Result<Vec<DeckCard>> {
        const SQL: &str = "SELECT c.id, c.author = $3 AS own, EXISTS (SELECT 1 FROM answer a
                WHERE a.question = $1 AND a.round = $2 AND a.account = $3 AND a.concession = c.id AND a.dealt) AS answered
            FROM concession c WHERE c.question = $1 AND c.state = 'ranked' AND c.opens_at <= $4
            ORDER BY COALESCE(c.line, c.id), c.created_at, c.id";
        let (id, round) = (question.id, i64::from(question.round));
        self.all(SQL, row![id, round, account, now]).await
    }

    /// The cards that take answers now, oldest line first.
    pub async fn open_cards(
        &mut self,
        question: QuestionId,
        now: Millis,
    ) -> Result<Vec<ConcessionId>> {
        const SQL: &str = "SELECT id FROM concession WHERE question = $1 AND state = 'ranked'
            AND opens_at <= $2 ORDER BY COALESCE(line, id), created_at, id";
        self.column(SQL, row![question, now]).await
    }

    /// What answers to valid deals will weigh, by the camp they were dealt for and card, where none
    /// was given yet.
    pub async fn promised(&mut self, question: &Question, now: Millis) -> Result<Promised> {
        const SQL: &str = "SELECT d.camp, d.concession, CAST(SUM(d.weight) AS BIGINT) FROM deal d
            WHERE d.question = $1 AND d.round = $2 AND d.expires_at > $3 AND d.camp IS NOT NULL AND d.weight IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.question = $1 AND a.round = $2 AND a.account = d.account AND a.concession = d.concession)
            GROUP BY d.camp, d.concession";
        let (id, round) = (question.id, i64::from(question.round));
        let rows: Vec<(String, ConcessionId, i64)> = self.all(SQL, row![id, round, now]).await?;
        Ok(rows
            .into_iter()
            .map(|(camp, card, weight)| ((camp, card), weight))
            .collect())
    }

    /// Cards dealt to accounts, and until when each may be answered; accounts without are absent.
    pub async fn deals(
        &mut self,
        question: &Question,
        accounts: &[AccountId],
        now: Millis,
    ) -> Result<HashMap<AccountId, Deals>> {
        let lookup = of_round(question, "account, concession, expires_at", "deal");
        let rows: Vec<(AccountId, ConcessionId, Millis)> =
            self.looked_up(&lookup, accounts).await?;
        let mut deals: HashMap<AccountId, Deals> = HashMap::new();
        for (account, card, until) in rows.into_iter().filter(|(_, _, until)| *until > now) {
            deals.entry(account).or_default().insert(card, until);
        }
        Ok(deals)
    }
}

impl Tx {
    /// Remembers that a card was dealt.
    pub async fn put_deal(
        &mut self,
        (question, round): (QuestionId, u32),
        account: AccountId,
        concession: ConcessionId,
        deal: &Deal,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO deal (question, round, account, concession, expires_at, camp, weight) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (question, round, account, concession) DO UPDATE SET expires_at = excluded.expires_at, camp = excluded.camp,
                weight = excluded.weight";
        self.run(
            SQL,
            row![
                question,
                round,
                account,
                concession,
                deal.until,
                deal.camp,
                deal.weight
            ],
        )
        .await
    }

    /// Redeems an anonymous hand; returns the hash of the one this account redeemed, which may be
    /// an earlier one.
    pub async fn redeem_hand(
        &mut self,
        question: &Question,
        account: AccountId,
        hash: &str,
    ) -> Result<String> {
        const INSERT: &str =
            "INSERT INTO redeemed_hand (question, round, account, hash) VALUES ($1, $2, $3, $4)
            ON CONFLICT (question, round, account) DO NOTHING";
        const SELECT: &str =
            "SELECT hash FROM redeemed_hand WHERE question = $1 AND round = $2 AND account = $3";
        let (id, round) = (question.id, i64::from(question.round));
        self.run(INSERT, row![id, round, account, hash]).await?;
        self.sole(SELECT, row![id, round, account]).await
    }
}
