//! Walking the streams of a framework: places, links, digests, heads.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{
    base::{Base, Change, Framework, Head},
    checkpoints::Checkpoints,
    content,
    moves::Moves,
    rest,
    said::Said,
    sums::{canonical, sha256},
    tables::{self, Question, Round, Rows},
    told::StreamReport,
};

/// Changes read at a time, with the rows they are about.
const PAGE: i64 = 1_000;

/// What a framework's streams are compared with.
pub struct Around<'a> {
    pub framework: &'a Framework,
    pub questions: HashMap<String, Question>,
    pub rounds: HashMap<(String, i64), Round>,
    pub last_reports: HashMap<String, String>,
    pub moves: Moves,
}

/// Verifies all streams of a framework; without `content`, their pointers alone.
pub async fn framework(base: &mut Base, framework: &Framework, saved: &mut Checkpoints, content: bool) -> sqlx::Result<Vec<StreamReport>> {
    let (questions, rounds) = tables::rounds(base, &framework.id).await?;
    let last_reports = tables::last_reports(base, &framework.id).await?;
    let moves = Moves::read(base, &framework.id).await?;
    let around = Around { framework, questions, rounds, last_reports, moves };
    let heads: BTreeMap<String, Head> = base.heads(&framework.id).await?.into_iter().map(|head| (head.name.clone(), head)).collect();
    let mut names: BTreeSet<String> = base.streams(&framework.id).await?.into_iter().chain(heads.keys().cloned()).collect();
    // What stands in tables must be vouched for even where a stream has nothing.
    names.extend(["public".into(), "moderators".into()]);
    let mut reports = vec![];
    for name in names {
        reports.push(stream(base, &around, &name, heads.get(&name), saved, content).await?);
    }
    Ok(reports)
}

async fn stream(
    base: &mut Base,
    around: &Around<'_>,
    name: &str,
    head: Option<&Head>,
    saved: &mut Checkpoints,
    content: bool,
) -> sqlx::Result<StreamReport> {
    let framework = around.framework;
    let checkpoints = saved.take(&framework.id, name);
    let wanted: BTreeSet<i64> = checkpoints.iter().map(|one| one.seq).collect();
    let mut walk = Walk { around, name, seq: 0, hash: String::new(), said: Said::default(), report: StreamReport::default() };
    walk.report.stream = name.into();
    let mut hashes = BTreeMap::new();
    loop {
        let page = base.changes(&framework.id, name, walk.seq, PAGE).await?;
        let Some(last) = page.last() else { break };
        let run = (framework.id.as_str(), name, walk.seq, last.seq);
        let rows = if name == "public" { Rows::of_public(base, run).await? } else { Rows::of_all(base, run).await? };
        for change in page {
            walk.place(&change);
            walk.change(&change, &rows, content);
            if wanted.contains(&change.seq) {
                hashes.insert(change.seq, change.hash.clone());
            }
            (walk.seq, walk.hash) = (change.seq, change.hash);
        }
    }
    walk.head(head);
    let Walk { seq, said, mut report, .. } = walk;
    saved.compare(&checkpoints, &framework.epoch, seq, &hashes, &mut report);
    rest::check(base, around, name, &said, content, &mut report).await?;
    report.finish();
    Ok(report)
}

/// A walk along one stream.
struct Walk<'a> {
    around: &'a Around<'a>,
    name: &'a str,
    /// The last place, and its hash as it stands there.
    seq: i64,
    hash: String,
    said: Said,
    report: StreamReport,
}

impl Walk<'_> {
    /// That the row is the next one, and linked to the one before.
    fn place(&mut self, change: &Change) {
        self.report.changes += 1;
        let expected = self.seq + 1;
        if change.seq != expected {
            self.report.fault(Some(expected), format!("there is no change here; the next is {}", change.seq));
        }
        match link(&self.hash, &self.around.framework.id, self.name, change) {
            // A missing row is told once.
            _ if change.seq != expected => {}
            None => self.report.fault(Some(change.seq), format!("its form {} is not known", change.form)),
            Some(hash) if hash != change.hash => self.report.fault(Some(change.seq), "its hash is not that of the row and the hash before it"),
            Some(_) => {}
        }
    }

    /// That the table of heads says what the changes say.
    fn head(&mut self, head: Option<&Head>) {
        let (seq, hash) = head.map_or((0, ""), |head| (head.seq, head.hash.as_str()));
        if seq > self.seq {
            self.report.fault(Some(self.seq + 1), format!("the changes end at {}, and the head is said to be {seq}", self.seq));
        } else if seq < self.seq {
            self.report.fault(Some(seq + 1), format!("the changes go on to {}, and the head is said to be {seq}", self.seq));
        } else if hash != self.hash {
            self.report.fault(Some(seq), "the hash of the head is not that of the last change");
        }
    }

    /// That the digest is that of what the tables hold.
    fn change(&mut self, change: &Change, rows: &Rows, content: bool) {
        let salt = change.salt.as_deref().filter(|_| change.form == 2 && content);
        let Some(salt) = salt else {
            match (change.form, &change.salt) {
                (1, _) => self.report.older += 1,
                (_, None) => self.report.erased += 1,
                _ => self.report.superseded += 1,
            }
            self.round_at(change);
            self.said.take(&change.object, change.seq, change.version, None);
            return;
        };
        let fits = |value: &Value| sha256(canonical(&serde_json::json!([salt, change.actor, value]))) == change.digest;
        let found = match change.kind.as_str() {
            // What only its author has seen is told on their own stream, and vouched for once it shows.
            "comment_posted" | "comment_changed" | "thread_opened" | "thread_changed" if self.name != "public" => Ok(Seen::Superseded),
            "comment_posted" | "comment_changed" => self.comment(change, rows, fits),
            "thread_opened" | "thread_changed" => self.thread(change, rows, fits),
            "concession_proposed" | "concession_changed" => self.card(change, rows, fits),
            "decision_made" | "notice" => self.decision(change, rows, fits),
            "report_made" => self.moderators(change, rows, fits),
            "question_changed" => self.question(change, fits),
            "framework_changed" => self.pause(change, fits),
            "team_changed" => match rows.appointments.get(&change.object) {
                Some(row) if fits(&content::appointment(row)) => Ok(Seen::Made),
                Some(_) => Err(other("appointment", change)),
                None => Err(gone("appointment", change)),
            },
            "appeal_changed" => self.appeal(change, rows, fits),
            "membership_changed" | "queue_changed" | "point_changed" => plain(fits(&Value::Null)),
            "ballot_changed" => Ok(Seen::Ballot),
            // A kind of a later version: it is linked, and only that version knows what it is a digest of.
            _ => Ok(Seen::Unknown),
        };
        match found {
            Ok(Seen::Made) => self.report.recomputed += 1,
            Ok(Seen::Superseded) => self.report.superseded += 1,
            Ok(Seen::Ballot) => self.report.ballots += 1,
            Ok(Seen::Unknown) => {
                self.report.unknown += 1;
                self.said.take(&change.object, change.seq, change.version, None);
            }
            Err(why) => {
                self.report.fault(Some(change.seq), why);
                // It was told; what follows of the same object need not be told again.
                self.said.take(&change.object, change.seq, change.version, None);
            }
        }
    }

    fn round_at(&mut self, change: &Change) {
        if change.kind == "question_changed" {
            self.said.round_at.insert((change.object.clone(), change.version), change.seq);
        }
    }

    /// The word of a change that was made again, if it may follow the one before.
    fn goes_on(&mut self, change: &Change, opens: bool, now: String) -> Result<Seen, String> {
        let late = self.around.moves.late.contains(&change.object) && !self.said.last.contains_key(&change.object);
        let follows = late || self.said.follows(&change.object, change.version, opens);
        let before = self.said.last.get(&change.object).map(|last| last.version);
        self.said.take(&change.object, change.seq, change.version, Some(now));
        if follows { Ok(Seen::Made) } else { Err(format!("its version {} does not follow {before:?}", change.version)) }
    }

    fn comment(&mut self, change: &Change, rows: &Rows, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        let row = rows.comments.get(&change.object).ok_or_else(|| gone("comment", change))?;
        let text = match change.version == row.version {
            true => None,
            false => Some(rows.comment_texts.get(&(row.id.clone(), change.version)).ok_or_else(|| gone("text of the comment", change))?),
        };
        let opens = change.kind == "comment_posted";
        let now = content::comment(row, text, &self.around.moves, fits).ok_or_else(|| other("comment", change))?;
        by(&row.author, change, opens)?;
        self.goes_on(change, opens, now)
    }

    fn thread(&mut self, change: &Change, rows: &Rows, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        let row = rows.threads.get(&change.object).ok_or_else(|| gone("thread", change))?;
        let opens = change.kind == "thread_opened";
        let stood = self.around.moves.threads.get(&row.id).map_or(&[][..], Vec::as_slice);
        let united = self.around.moves.united.get(&row.id).map_or(&[][..], Vec::as_slice);
        let now = content::thread(row, stood, united, fits).ok_or_else(|| other("thread", change))?;
        let moderators = self.around.moves.opened.contains(&row.id) || self.around.moves.late.contains(&row.id);
        by(&row.author, change, opens && !moderators)?;
        self.goes_on(change, opens, now)
    }

    fn card(&mut self, change: &Change, rows: &Rows, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        let row = rows.cards.get(&change.object).ok_or_else(|| gone("card", change))?;
        for one in rows.translations.get(&change.object).into_iter().flatten() {
            if let Some(now) = content::translation(one, &fits) {
                let first = !self.said.last.contains_key(&one.id);
                self.said.take(&one.id, change.seq, one.version, Some(now));
                return by(&one.author, change, first).map(|()| Seen::Made);
            }
        }
        let text = match change.version == row.version {
            true => None,
            false => Some(rows.card_texts.get(&(row.id.clone(), change.version)).ok_or_else(|| gone("text of the card", change))?),
        };
        let opens = change.kind == "concession_proposed";
        let now = content::card(row, text, change.version, fits).ok_or_else(|| other("card or a translation of it", change))?;
        by(&row.author, change, opens)?;
        self.goes_on(change, opens, now)
    }

    fn decision(&mut self, change: &Change, rows: &Rows, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        let row = rows.decisions.get(&change.object).ok_or_else(|| gone("decision", change))?;
        let now = content::decision(row, fits).ok_or_else(|| other("decision", change))?;
        // A second moderator, whoever takes it back and whoever decides about an appeal go on with it.
        let opens = change.version == 1 && !self.said.last.contains_key(&change.object);
        self.said.take(&change.object, change.seq, change.version, Some(now));
        by(&row.moderator, change, opens).map(|()| Seen::Made)
    }

    fn appeal(&mut self, change: &Change, rows: &Rows, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        let row = rows.appeals.get(&change.object).ok_or_else(|| gone("appeal", change))?;
        if content::appeal(row).iter().any(fits) { Ok(Seen::Made) } else { Err(other("appeal", change)) }
    }

    /// A report, or a notice.
    fn moderators(&mut self, change: &Change, rows: &Rows, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        if let Some(notice) = rows.notices.get(&change.object) {
            self.said.take(&change.object, change.seq, 1, Some(String::new()));
            return if fits(&content::notice(notice)) { Ok(Seen::Made) } else { Err(other("notice", change)) };
        }
        let Some(row) = rows.reports.get(&change.object) else {
            let last = change.actor.as_ref().and_then(|account| self.around.last_reports.get(account));
            return if last.is_some_and(|last| *last > change.object) { Ok(Seen::Superseded) } else { Err(gone("report", change)) };
        };
        if !fits(&content::report(row)) {
            return Err(other("report", change));
        }
        self.said.take(&change.object, change.seq, 1, Some(String::new()));
        by(&row.account, change, true).map(|()| Seen::Made)
    }

    /// A round that was opened or closed. Of an open one the tables hold the present settings alone.
    fn question(&mut self, change: &Change, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        self.round_at(change);
        let row = self.around.questions.get(&change.object).ok_or_else(|| gone("question", change))?;
        let place = (change.object.clone(), change.version);
        if let Some(round) = self.around.rounds.get(&place).filter(|round| fits(&content::closed_round(round))) {
            let now = format!("closed round {} at {}", round.round, round.closed_at);
            self.said.rounds.insert(place);
            self.said.take(&change.object, change.seq, change.version, Some(now));
            return Ok(Seen::Made);
        }
        let present = fits(&content::open_round(row));
        let now = if present { rest::question_now(row) } else { "something else".into() };
        self.said.take(&change.object, change.seq, change.version, Some(now));
        Ok(if present { Seen::Made } else { Seen::Superseded })
    }

    fn pause(&mut self, change: &Change, fits: impl Fn(&Value) -> bool) -> Result<Seen, String> {
        // The settings of the pace have versions, pauses have none; of settings that were changed since nothing is left.
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

/// What became of a digest.
enum Seen {
    /// It was made again.
    Made,
    /// The tables hold something newer.
    Superseded,
    /// Of a ballot: not looked at.
    Ballot,
    /// Of a kind that this version does not know.
    Unknown,
}

fn plain(fits: bool) -> Result<Seen, String> {
    if fits { Ok(Seen::Made) } else { Err("its digest is not that of its account".into()) }
}

fn gone(what: &str, change: &Change) -> String {
    format!("the {what} {} of version {} is not there", change.object, change.version)
}

fn other(what: &str, change: &Change) -> String {
    format!("the {what} {} says something else than it did in version {}, or was somebody else's", change.object, change.version)
}

/// Refuses where a thing is said to be by another than the one whose change brought it.
fn by(author: &str, change: &Change, opens: bool) -> Result<(), String> {
    if !opens || change.actor.as_deref() == Some(author) { Ok(()) } else { Err(format!("{} is said to be by another account", change.object)) }
}

/// The hash of a row and the one before, by the row's form.
fn link(before: &str, framework: &str, stream: &str, change: &Change) -> Option<String> {
    let Change { seq, kind, object, version, actor, at, command, digest, form, .. } = change;
    let row = match form {
        1 => serde_json::json!([before, framework, stream, seq, kind, object, version, actor, at, command, digest]),
        2 => serde_json::json!([form, before, framework, stream, seq, kind, object, version, at, command, digest]),
        _ => return None,
    };
    Some(sha256(row.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_worked_by_hand_in_the_docs_is_right() {
        let docs = include_str!("../../docs/chain.md");
        let blocks: Vec<&str> = docs.split("```").skip(1).step_by(2).map(str::trim).collect();
        let (signed, row) = (blocks[0], blocks[1]);
        let parsed: Value = serde_json::from_str(signed).unwrap();
        assert_eq!(canonical(&parsed), signed);
        let change = Change {
            seq: 1,
            kind: "comment_posted".into(),
            object: "0199f0a2-0000-7000-8000-000000000061".into(),
            version: 1,
            actor: parsed[1].as_str().map(str::to_owned),
            at: 1_764_000_000_000,
            command: "0199f0a2-0000-7000-8000-0000000000b1".into(),
            digest: sha256(signed),
            hash: String::new(),
            salt: None,
            form: 2,
        };
        let hash = link("", "0199f0a2-0000-7000-8000-000000000021", "public", &change).unwrap();
        assert_eq!(hash, sha256(row));
        assert!(docs.contains(&format!("which is `{}`, and", change.digest)) && docs.contains(&format!("which is `{hash}`.")));
    }
}
