//! What was found, for people and for programs.
use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// How many faults of a stream are told; the first is among them.
const TOLD: usize = 20;

/// Everything that was found.
#[derive(Serialize)]
pub struct Report {
    /// How many checkpoints each key signed.
    pub keys: BTreeMap<String, usize>,
    pub frameworks: Vec<FrameworkReport>,
    /// Checkpoints of streams that are not here.
    pub strays: Vec<String>,
}

/// What was found in a framework.
#[derive(Serialize)]
pub struct FrameworkReport {
    pub slug: String,
    pub id: String,
    pub epoch: String,
    pub streams: Vec<StreamReport>,
}

/// Something that does not fit.
#[derive(Clone, Serialize)]
pub struct Fault {
    /// The place it shows at; `None` for rows that no change is about.
    pub seq: Option<i64>,
    pub why: String,
}

/// What was found in a stream.
#[derive(Default, Serialize)]
pub struct StreamReport {
    pub stream: String,
    /// Changes read.
    pub changes: usize,
    /// Digests made again from the tables.
    pub recomputed: usize,
    /// Changes whose salt was taken away.
    pub erased: usize,
    /// Changes whose content the tables no longer hold, as they need not.
    pub superseded: usize,
    /// Changes of ballots: the rounds' commitments vouch for those.
    pub ballots: usize,
    /// Changes of kinds that this version does not know: their links were checked, their digests
    /// were not.
    pub unknown: usize,
    /// Changes of the first form: their links were checked, their digests were not.
    pub older: usize,
    /// Checkpoints of this epoch that hold.
    pub checkpoints: usize,
    /// Checkpoints of another epoch that hold all the same.
    pub before_restore: usize,
    /// Checkpoints of another epoch that do not: what they signed is not in this history.
    pub lost_in_restore: usize,
    /// The first place that does not fit.
    pub first_bad: Option<i64>,
    /// How many things do not fit.
    pub bad: usize,
    pub faults: Vec<Fault>,
}

impl StreamReport {
    /// Something does not fit.
    pub fn fault(&mut self, seq: Option<i64>, why: impl Into<String>) {
        self.bad += 1;
        let first = seq.is_some_and(|seq| self.first_bad.is_none_or(|first| seq < first));
        if first {
            self.first_bad = seq;
        }
        if first || self.faults.len() < TOLD {
            self.faults.push(Fault {
                seq,
                why: why.into(),
            });
        }
    }

    /// Puts what was found in the order of places.
    pub fn finish(&mut self) {
        self.faults
            .sort_by_key(|fault| (fault.seq.is_none(), fault.seq));
        self.faults.truncate(TOLD);
    }
}

impl Report {
    /// Whether everything fits.
    pub fn sound(&self) -> bool {
        self.strays.is_empty()
            && self
                .frameworks
                .iter()
                .flat_map(|one| &one.streams)
                .all(|stream| stream.bad == 0)
    }

    /// For programs.
    pub fn json(&self) -> String {
        let mut value = serde_json::to_value(self).expect("a report is JSON");
        value["sound"] = self.sound().into();
        value.to_string()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for framework in &self.frameworks {
            writeln!(f, "framework {}, epoch {}", framework.slug, framework.epoch)?;
            let (own, shared): (Vec<_>, Vec<_>) = framework
                .streams
                .iter()
                .partition(|stream| stream.stream.starts_with("account/"));
            for stream in shared
                .into_iter()
                .chain(own.iter().copied().filter(|stream| stream.bad > 0))
            {
                stream.fmt(f)?;
            }
            let good = own.iter().filter(|stream| stream.bad == 0);
            let (count, changes) = good.fold((0, 0), |(count, changes), stream| {
                (count + 1, changes + stream.changes)
            });
            writeln!(f, "  {count} streams of accounts: {changes} changes, sound")?;
        }
        for stray in &self.strays {
            writeln!(f, "{stray}")?;
        }
        for (key, count) in &self.keys {
            writeln!(f, "{count} checkpoints by the key {key}")?;
        }
        f.write_str(if self.sound() { "sound" } else { "NOT SOUND" })
    }
}

impl fmt::Display for StreamReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            stream,
            changes,
            recomputed,
            ..
        } = self;
        write!(
            f,
            "  {stream}: {changes} changes, {recomputed} made again from the tables"
        )?;
        let others = [
            (self.superseded, "superseded"),
            (self.erased, "erased"),
            (self.ballots, "of ballots"),
            (
                self.unknown,
                "of kinds that this version does not know, not made again",
            ),
            (self.older, "of the first form, not made again"),
            (self.checkpoints, "checkpoints hold"),
            (self.before_restore, "checkpoints of another epoch hold"),
            (
                self.lost_in_restore,
                "checkpoints of another epoch DO NOT HOLD: it was restored from a copy before them, or cut off",
            ),
        ];
        for (count, what) in others.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, ", {count} {what}")?;
        }
        let Some(first) = self.first_bad else {
            writeln!(
                f,
                "{}",
                if self.bad == 0 {
                    ": sound"
                } else {
                    ": NOT SOUND"
                }
            )?;
            return self
                .faults
                .iter()
                .try_for_each(|fault| writeln!(f, "    {}", fault.why));
        };
        writeln!(f, ": NOT SOUND from {first} on ({} faults)", self.bad)?;
        self.faults.iter().try_for_each(|fault| match fault.seq {
            Some(seq) => writeln!(f, "    at {seq}: {}", fault.why),
            None => writeln!(f, "    {}", fault.why),
        })
    }
}
