//! Whether the digest of a change is that of what the tables hold.
use serde_json::Value;

use super::{Walk, acts::appointment};
use crate::verify::{
    base::Change,
    sums::{canonical, sha256},
    tables::Rows,
};

impl Walk<'_> {
    /// That the digest is that of what the tables hold.
    pub(super) fn change(&mut self, change: &Change, rows: &Rows, content: bool) {
        let salt = change
            .salt
            .as_deref()
            .filter(|_| change.form == 2 && content);
        let Some(salt) = salt else {
            return self.unreadable(change);
        };
        let fits = |value: &Value| {
            sha256(canonical(&serde_json::json!([salt, change.actor, value]))) == change.digest
        };
        match self.again(change, rows, fits) {
            Ok(Seen::Made) => self.report.recomputed += 1,
            Ok(Seen::Superseded) => self.report.superseded += 1,
            Ok(Seen::Ballot) => self.report.ballots += 1,
            Ok(Seen::Unknown) => {
                self.report.unknown += 1;
                self.said
                    .take(&change.object, change.seq, change.version, None);
            }
            Err(why) => {
                self.report.fault(Some(change.seq), why);
                // It was told; what follows of the same object need not be told again.
                self.said
                    .take(&change.object, change.seq, change.version, None);
            }
        }
    }

    /// A change whose digest nobody can make again.
    fn unreadable(&mut self, change: &Change) {
        match (change.form, &change.salt) {
            (1, _) => self.report.older += 1,
            (_, None) => self.report.erased += 1,
            _ => self.report.superseded += 1,
        }
        self.round_at(change);
        self.said
            .take(&change.object, change.seq, change.version, None);
    }

    /// Makes the content again that a digest is over, and looks whether it `fits`.
    fn again(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        match change.kind.as_str() {
            // What only its author has seen is told on their own stream, and vouched for once it
            // shows.
            "comment_posted" | "comment_changed" | "thread_opened" | "thread_changed"
                if self.name != "public" =>
            {
                Ok(Seen::Superseded)
            }
            "comment_posted" | "comment_changed" => self.comment(change, rows, fits),
            "thread_opened" | "thread_changed" => self.thread(change, rows, fits),
            "concession_proposed" | "concession_changed" => self.card(change, rows, fits),
            "decision_made" | "notice" => self.decision(change, rows, fits),
            "report_made" => self.moderators(change, rows, fits),
            "question_changed" => self.question(change, fits),
            "framework_changed" => self.pause(change, fits),
            "team_changed" => appointment(change, rows, fits),
            "appeal_changed" => self.appeal(change, rows, fits),
            "membership_changed" | "queue_changed" | "point_changed" => pointer(fits(&Value::Null)),
            "ballot_changed" => Ok(Seen::Ballot),
            // A kind of a later version: it is linked, and only that version knows what it is a
            // digest of.
            _ => Ok(Seen::Unknown),
        }
    }

    pub(super) fn round_at(&mut self, change: &Change) {
        if change.kind == "question_changed" {
            self.said
                .round_at
                .insert((change.object.clone(), change.version), change.seq);
        }
    }

    /// The word of a change that was made again, if it may follow the one before.
    pub(super) fn goes_on(
        &mut self,
        change: &Change,
        opens: bool,
        now: String,
    ) -> Result<Seen, String> {
        let late = self.around.moves.late.contains(&change.object)
            && !self.said.last.contains_key(&change.object);
        let follows = late || self.said.follows(&change.object, change.version, opens);
        let before = self.said.last.get(&change.object).map(|last| last.version);
        self.said
            .take(&change.object, change.seq, change.version, Some(now));
        if follows {
            Ok(Seen::Made)
        } else {
            Err(format!(
                "its version {} does not follow {before:?}",
                change.version
            ))
        }
    }
}

/// What became of a digest.
pub(super) enum Seen {
    /// It was made again.
    Made,
    /// The tables hold something newer.
    Superseded,
    /// Of a ballot: not looked at.
    Ballot,
    /// Of a kind that this version does not know.
    Unknown,
}

/// A change that says only that something else is to be read again.
fn pointer(fits: bool) -> Result<Seen, String> {
    if fits {
        Ok(Seen::Made)
    } else {
        Err("its digest is not that of its account".into())
    }
}

pub(super) fn gone(what: &str, change: &Change) -> String {
    format!(
        "the {what} {} of version {} is not there",
        change.object, change.version
    )
}

pub(super) fn other(what: &str, change: &Change) -> String {
    format!(
        "the {what} {} says something else than it did in version {}, or was somebody else's",
        change.object, change.version
    )
}

/// Refuses where a thing is said to be by another than the one whose change brought it.
pub(super) fn by(author: &str, change: &Change, opens: bool) -> Result<(), String> {
    if !opens || change.actor.as_deref() == Some(author) {
        Ok(())
    } else {
        Err(format!(
            "{} is said to be by another account",
            change.object
        ))
    }
}
