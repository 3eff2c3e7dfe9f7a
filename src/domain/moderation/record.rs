//! The record of moderation: how many decisions, how many overturned, how long things waited, per
//! viewpoint and language, so that anybody can see whether the sides are treated alike.
mod median;

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

pub use median::Median;

use self::median::median;
use super::{Act, DecisionState};
use crate::domain::{
    Millis,
    account::AccountId,
    breakdown::{Share, grouped, viewpoints},
};

/// A decision, as far as the record counts it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was done.
    pub action: Act,
    /// Whether nobody decided it.
    pub automated: bool,
    /// What has become of it.
    pub state: DecisionState,
    /// Whether it was appealed against.
    pub appealed: bool,
    /// How long the thing had waited.
    pub waited: Option<Millis>,
    /// The viewpoint of whom it concerned, on that day.
    pub camp: Option<String>,
    /// Whom it concerned.
    pub addressee: Option<AccountId>,
    /// The language of the thing.
    pub language: Option<String>,
}

/// One row of the record.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
pub struct RecordRow {
    /// A viewpoint's key, a language, or `other`.
    pub key: String,
    /// Decisions that took something from somebody.
    pub decisions: i64,
    /// Of those, the ones appealed against.
    pub appealed: Share,
    /// Of those, the ones reversed on appeal.
    pub overturned: Share,
    /// How long things had waited for a decision of a moderator.
    pub waited: Option<Median>,
}

/// How often something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct ActCount {
    /// What.
    pub action: Act,
    /// By moderators.
    pub moderators: i64,
    /// By the count of what people said.
    pub automated: i64,
}

/// The whole record.
#[derive(Clone, Debug, PartialEq, Serialize, TS, ToSchema)]
#[ts(rename = "ModerationRecord")]
#[schema(as = ModerationRecord)]
pub struct Record {
    /// Everything that took effect, by act, the most frequent first.
    pub acts: Vec<ActCount>,
    /// All together.
    pub total: RecordRow,
    /// By the viewpoint of whom it concerned, on the day of the decision.
    pub camps: Vec<RecordRow>,
    /// By language.
    pub languages: Vec<RecordRow>,
    /// The least number of people of a row by viewpoint.
    pub floor: i64,
}

/// The record of these decisions, all of which took effect. A viewpoint has a row of its own where
/// at least `floor` people of it were concerned, and only beside another one.
#[must_use]
pub fn record(entries: &[Entry], floor: i64) -> Record {
    let named = viewpoints(
        entries
            .iter()
            .map(|entry| (entry.camp.as_deref(), entry.addressee)),
        floor,
    );
    let named = |camp: &String| named.contains(camp.as_str());
    Record {
        acts: acts(entries),
        total: row("total", &entries.iter().collect::<Vec<_>>()),
        camps: rows(entries, |entry| entry.camp.clone().filter(named)),
        languages: rows(entries, |entry| entry.language.clone()),
        floor,
    }
}

fn acts(entries: &[Entry]) -> Vec<ActCount> {
    let mut counts: Vec<ActCount> = vec![];
    for Entry {
        action, automated, ..
    } in entries
    {
        let place = counts
            .iter()
            .position(|one| one.action == *action)
            .unwrap_or_else(|| {
                counts.push(ActCount {
                    action: *action,
                    moderators: 0,
                    automated: 0,
                });
                counts.len() - 1
            });
        *(if *automated {
            &mut counts[place].automated
        } else {
            &mut counts[place].moderators
        }) += 1;
    }
    counts.sort_by_key(|one| std::cmp::Reverse(one.moderators + one.automated));
    counts
}

fn rows(entries: &[Entry], key: impl Fn(&Entry) -> Option<String>) -> Vec<RecordRow> {
    grouped(entries, key)
        .iter()
        .map(|(key, entries)| row(key, entries))
        .filter(|row| row.decisions > 0)
        .collect()
}

fn row(key: &str, entries: &[&Entry]) -> RecordRow {
    let taking: Vec<_> = entries
        .iter()
        .filter(|entry| entry.action.appealable() && entry.state != DecisionState::Undone)
        .collect();
    let count = |holds: &dyn Fn(&Entry) -> bool| {
        i64::try_from(taking.iter().filter(|entry| holds(entry)).count()).unwrap_or(i64::MAX)
    };
    let decisions = count(&|_| true);
    let waited: Vec<Millis> = entries
        .iter()
        .filter(|entry| !entry.automated)
        .filter_map(|entry| entry.waited)
        .collect();
    RecordRow {
        key: key.into(),
        decisions,
        appealed: Share::new(count(&|entry| entry.appealed), decisions),
        overturned: Share::new(
            count(&|entry| entry.state == DecisionState::Overturned),
            decisions,
        ),
        waited: median(waited),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::{domain::HOUR, id::Id};

    fn entry(camp: Option<&str>, state: DecisionState, waited: Millis) -> Entry {
        Entry {
            action: Act::Hide,
            automated: false,
            state,
            appealed: state == DecisionState::Overturned,
            waited: Some(waited * HOUR),
            camp: camp.map(str::to_owned),
            addressee: Some(Id::new()),
            language: Some("uk".into()),
        }
    }

    #[test]
    fn a_viewpoint_shows_beside_another_one_and_from_the_floor_on() {
        let mut entries = vec![
            entry(Some("kyiv"), DecisionState::Done, 1),
            entry(Some("kyiv"), DecisionState::Overturned, 3),
        ];
        let keys = |entries: &[Entry]| {
            record(entries, 2)
                .camps
                .into_iter()
                .map(|row| row.key)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(&entries), ["other"]);
        entries.push(entry(Some("moscow"), DecisionState::Done, 5));
        assert_eq!(
            keys(&entries),
            ["other"],
            "one person of a viewpoint would be named by it"
        );
        entries.push(entry(Some("moscow"), DecisionState::Done, 7));
        assert_eq!(keys(&entries), ["kyiv", "moscow"]);
        let kyiv = &record(&entries, 2).camps[0];
        assert_eq!(
            (kyiv.decisions, kyiv.overturned.count, kyiv.overturned.of),
            (2, 1, 2)
        );
    }

    #[test]
    fn what_was_taken_back_at_once_counts_as_no_decision() {
        let entries = [
            entry(None, DecisionState::Undone, 1),
            entry(None, DecisionState::Done, 1),
        ];
        assert_eq!(record(&entries, 1).total.decisions, 1);
    }
}
