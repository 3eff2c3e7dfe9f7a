//! Questions, published rounds, pauses and who may read, as they stand in the tables.
use crate::verify::{
    base::Framework, chain::Around, said::Said, tables::Question, told::StreamReport,
};

/// How a question stands, in one word.
pub fn question_now(row: &Question) -> String {
    match row.closed_at {
        Some(at) if row.state == "closed" => format!("closed round {} at {at}", row.round),
        _ => format!("open round {}", row.round),
    }
}

pub(super) fn rounds(around: &Around<'_>, said: &Said, report: &mut StreamReport) {
    for (place, round) in &around.rounds {
        if !said.rounds.contains(place) && !said.dim.contains(&place.0) {
            let why = format!(
                "what was published of round {} of question {} is not what was counted when it closed",
                round.round, round.question
            );
            report.fault(said.round_at.get(place).copied(), why);
        }
    }
    for (id, question) in &around.questions {
        let Some(last) = said.last.get(id) else {
            continue;
        };
        let now = question_now(question);
        if last.now.as_ref().is_some_and(|said| *said != now) {
            report.fault(
                Some(last.seq),
                format!("the question {id} is {now}, and its last change says otherwise"),
            );
        }
    }
    let Framework {
        paused,
        site_paused,
        public,
        ..
    } = around.framework;
    for (name, now) in [
        ("paused", paused),
        ("site_paused", site_paused),
        ("public", public),
    ] {
        let Some(last) = said.last.get(name) else {
            continue;
        };
        if last
            .now
            .as_ref()
            .is_some_and(|said| *said != now.to_string())
        {
            report.fault(
                Some(last.seq),
                format!("{name} is {now}, and its last change says otherwise"),
            );
        }
    }
}
