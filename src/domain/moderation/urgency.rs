//! Why a thing waits for a moderator, and how soon somebody should look: a score whose reasons are
//! shown.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Reason;

/// Reports of one kind count up to so many: a crowd that reports a thing for spam must not stand
/// above one report of an address.
const MOST: i64 = 9;

/// Why a thing waits.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(tag = "why", content = "reason", rename_all = "snake_case")]
pub enum Why {
    /// People with accounts reported it.
    Reported(Reason),
    /// People without accounts sent a notice.
    Noticed(Reason),
    /// It is held, and a person must look.
    Held,
    /// It is a card in the provisional lane.
    Provisional,
    /// A decision about it waits for a second moderator.
    SecondWanted,
    /// Its author appealed against a decision.
    Appealed,
}

impl Why {
    /// What one of it weighs. Urgent kinds weigh more than all others together can.
    const fn weight(self) -> i64 {
        match self {
            Self::Reported(reason) => of_reason(reason),
            // Nobody answers for a notice with their account.
            Self::Noticed(reason) => of_reason(reason) / 2,
            Self::SecondWanted => 40,
            Self::Appealed => 30,
            Self::Held => 10,
            Self::Provisional => 0,
        }
    }
}

const fn of_reason(reason: Reason) -> i64 {
    match reason {
        Reason::Hate | Reason::Illegal => 20,
        Reason::Insult | Reason::Territorial => 10,
        Reason::Spam | Reason::OffTopic | Reason::Duplicate | Reason::Other => 2,
        urgent => {
            assert!(urgent.urgent(), "every other kind stands above");
            1_000
        }
    }
}

/// One reason of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Because {
    /// Why.
    #[serde(flatten)]
    pub why: Why,
    /// How many times.
    pub count: i64,
    /// What it adds to the score.
    pub adds: i64,
}

/// The reasons of a score, the heaviest first.
#[must_use]
pub fn because(counts: impl IntoIterator<Item = (Why, i64)>) -> Vec<Because> {
    let reason = |(why, count): (Why, i64)| Because {
        why,
        count,
        adds: why.weight() * count.min(MOST),
    };
    let mut all: Vec<Because> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(reason)
        .collect();
    all.sort_by_key(|one| (std::cmp::Reverse(one.adds), one.why));
    all
}

/// How soon somebody should look: the sum over the reasons.
#[must_use]
pub fn score(because: &[Because]) -> i64 {
    because.iter().map(|one| one.adds).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(Why, i64)]) -> i64 {
        score(&because(counts.iter().copied()))
    }

    #[test]
    fn one_urgent_report_outweighs_everything_that_is_not() {
        let crowd = [
            Reason::Insult,
            Reason::Hate,
            Reason::Illegal,
            Reason::Spam,
            Reason::OffTopic,
            Reason::Territorial,
            Reason::Duplicate,
            Reason::Other,
        ];
        let both = |reason: &Reason| {
            [
                (Why::Reported(*reason), 10_000),
                (Why::Noticed(*reason), 10_000),
            ]
        };
        let mut all: Vec<_> = crowd.iter().flat_map(both).collect();
        all.extend([(Why::Held, 1), (Why::SecondWanted, 1), (Why::Appealed, 1)]);
        assert!(of(&all) < of(&[(Why::Reported(Reason::Doxxing), 1)]));
    }

    #[test]
    fn every_reason_is_shown_with_what_it_adds() {
        let all = because([
            (Why::Reported(Reason::Spam), 3),
            (Why::Reported(Reason::Threat), 1),
            (Why::Held, 0),
        ]);
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].why, all[0].adds),
            (Why::Reported(Reason::Threat), 1_000)
        );
        assert_eq!(score(&all), 1_006);
    }
}
