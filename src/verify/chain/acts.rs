//! Changes of what moderators, mediators and owners do, and of what is reported to them.
use serde_json::Value;

use super::{
    Walk,
    digests::{Seen, by, gone, other},
};
use crate::verify::{base::Change, content, rest, tables::Rows};

impl Walk<'_> {
    pub(super) fn decision(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        let row = rows
            .decisions
            .get(&change.object)
            .ok_or_else(|| gone("decision", change))?;
        let now = content::decision(row, fits).ok_or_else(|| other("decision", change))?;
        // A second moderator, whoever takes it back and whoever decides about an appeal go on with
        // it.
        let opens = change.version == 1 && !self.said.last.contains_key(&change.object);
        self.said
            .take(&change.object, change.seq, change.version, Some(now));
        by(&row.moderator, change, opens).map(|()| Seen::Made)
    }

    pub(super) fn appeal(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        let row = rows
            .appeals
            .get(&change.object)
            .ok_or_else(|| gone("appeal", change))?;
        if content::appeal(row).iter().any(fits) {
            Ok(Seen::Made)
        } else {
            Err(other("appeal", change))
        }
    }

    /// A report, or a notice.
    pub(super) fn moderators(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        if let Some(notice) = rows.notices.get(&change.object) {
            self.said
                .take(&change.object, change.seq, 1, Some(String::new()));
            return if fits(&content::notice(notice)) {
                Ok(Seen::Made)
            } else {
                Err(other("notice", change))
            };
        }
        let Some(row) = rows.reports.get(&change.object) else {
            let last = change
                .actor
                .as_ref()
                .and_then(|account| self.around.last_reports.get(account));
            return if last.is_some_and(|last| *last > change.object) {
                Ok(Seen::Superseded)
            } else {
                Err(gone("report", change))
            };
        };
        if !fits(&content::report(row)) {
            return Err(other("report", change));
        }
        self.said
            .take(&change.object, change.seq, 1, Some(String::new()));
        by(&row.account, change, true).map(|()| Seen::Made)
    }

    /// A round that was opened or closed. Of an open one the tables hold the present settings
    /// alone.
    pub(super) fn question(
        &mut self,
        change: &Change,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        self.round_at(change);
        let row = self
            .around
            .questions
            .get(&change.object)
            .ok_or_else(|| gone("question", change))?;
        let place = (change.object.clone(), change.version);
        if let Some(round) = self
            .around
            .rounds
            .get(&place)
            .filter(|round| fits(&content::closed_round(round)))
        {
            let now = format!("closed round {} at {}", round.round, round.closed_at);
            self.said.rounds.insert(place);
            self.said
                .take(&change.object, change.seq, change.version, Some(now));
            return Ok(Seen::Made);
        }
        let present = fits(&content::open_round(row));
        let now = if present {
            rest::question_now(row)
        } else {
            "something else".into()
        };
        self.said
            .take(&change.object, change.seq, change.version, Some(now));
        Ok(if present {
            Seen::Made
        } else {
            Seen::Superseded
        })
    }

    pub(super) fn pause(
        &mut self,
        change: &Change,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        // The settings of the pace have versions, pauses have none; of settings that were changed
        // since nothing is left.
        if change.version > 0 {
            let pace: Value = serde_json::from_str(&self.around.framework.pace).unwrap_or_default();
            return match pace["version"].as_i64() {
                Some(version) if version > change.version => Ok(Seen::Superseded),
                _ if fits(&serde_json::json!({ "pace": pace })) => Ok(Seen::Made),
                _ => Err(other("pace", change)),
            };
        }
        for name in ["paused", "site_paused", "public"] {
            for value in [true, false] {
                if fits(&serde_json::json!({ name: value })) {
                    self.said.take(name, change.seq, 0, Some(value.to_string()));
                    return Ok(Seen::Made);
                }
            }
        }
        Err(other("pause", change))
    }
}

/// A role that was given or taken.
pub(super) fn appointment(
    change: &Change,
    rows: &Rows,
    fits: impl Fn(&Value) -> bool,
) -> Result<Seen, String> {
    match rows.appointments.get(&change.object) {
        Some(row) if fits(&content::appointment(row)) => Ok(Seen::Made),
        Some(_) => Err(other("appointment", change)),
        None => Err(gone("appointment", change)),
    }
}
