//! What people's answers count for: one seat a person and round.
use sqlx::FromRow;

use crate::{
    domain::{account::AccountId, ballot::Seat, framework::Question},
    store::{
        db::{Result, Tx},
        values::row,
    },
};

#[derive(FromRow)]
pub(super) struct SeatRow {
    pub(super) account: AccountId,
    camp: Option<String>,
    weight: i64,
}

impl SeatRow {
    pub(super) const COLUMNS: &str = "account, camp, weight";

    pub(super) fn seat(self) -> Seat {
        Seat {
            camp: self.camp,
            weight: self.weight,
        }
    }
}

impl Tx {
    /// Keeps the seats of people in a round, each at most once.
    pub async fn put_seats(
        &mut self,
        question: &Question,
        seats: &[(AccountId, Seat)],
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO seat (question, round, account, camp, weight) ";
        const REPLACE: &str = " ON CONFLICT (question, round, account) DO UPDATE SET
            camp = excluded.camp, weight = excluded.weight";
        let row = |(account, seat): &(AccountId, Seat)| {
            let (id, round) = (question.id, i64::from(question.round));
            row![id, round, account, seat.camp, seat.weight]
        };
        self.insert_rows(SQL, &seats.iter().map(row).collect::<Vec<_>>(), REPLACE)
            .await
    }
}
