//! How well the gate judges sentences that people labelled; `docs/scope.md` prints the tables.
use std::fmt::Write as _;

use super::{super::*, verdict};

/// A labelled sentence: id, verdict, text.
type Case = (&'static str, Verdict, &'static str);
/// The rules were written against these.
const DEVELOPMENT: &str = include_str!("../../../../tests/data/scope-cases.tsv");
/// Written before the rules and never tuned to.
const HELD_OUT: &str = include_str!("../../../../tests/data/scope-held-out.tsv");
/// Written after the rules, in other words than theirs, and never tuned to.
const AFTERWARDS: &str = include_str!("../../../../tests/data/scope-afterwards.tsv");

fn cases(file: &'static str) -> Vec<Case> {
    let rows = file.lines().filter(|line| !line.starts_with('#'));
    let case = |row: &'static str| {
        let fields: Vec<&str> = row.split('\t').collect();
        let verdict = match fields[1] {
            "PASS" => Verdict::Pass,
            "REVIEW" => Verdict::Review,
            "STOP" => Verdict::Stop,
            other => panic!("{other} is no verdict"),
        };
        (
            fields[0],
            verdict,
            *fields.last().expect("a row has fields"),
        )
    };
    rows.map(case).collect()
}

/// Written before the rules were widened, and never tuned to.
const HELD_OUT_AGAIN: &str = include_str!("../../../../tests/data/scope-held-out-2.tsv");
/// Written by somebody who had read the published rule and none of these words, and never tuned to.
const BY_A_STRANGER: &str = include_str!("../../../../tests/data/scope-held-out-3.tsv");
/// Written once the rules were widened again, to say it in other words than theirs, and never tuned
/// to.
const MEANT_TO_SLIP_THROUGH: &str = include_str!("../../../../tests/data/scope-held-out-4.tsv");

/// How often each labelled verdict was judged as each: `counts[labelled][judged]`.
struct Score {
    counts: [[usize; 3]; 3],
}

impl Score {
    fn of(cases: &[Case]) -> Self {
        let mut counts = [[0; 3]; 3];
        for (_, labelled, text) in cases {
            counts[*labelled as usize][judge(text).verdict as usize] += 1;
        }
        Self { counts }
    }

    fn all(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    fn exact(&self) -> usize {
        (0..3).map(|at| self.counts[at][at]).sum()
    }

    fn table(&self, name: &str) -> String {
        let mut table = format!(
            "{name}: {} of {} exact\n\n| labelled | pass | review | stop | recall | precision |\n|---|---|---|---|---|---|\n",
            self.exact(),
            self.all()
        );
        for (at, verdict) in ["pass", "review", "stop"].iter().enumerate() {
            let [pass, review, stop] = self.counts[at];
            let right = self.counts[at][at];
            let judged: usize = self.counts.iter().map(|row| row[at]).sum();
            let labelled = pass + review + stop;
            let _ = writeln!(
                table,
                "| {verdict} | {pass} | {review} | {stop} | {right} of {labelled} | {right} of {judged} |"
            );
        }
        table
    }
}

#[test]
fn the_development_sentences_are_judged_as_labelled() {
    let cases = cases(DEVELOPMENT);
    let score = Score::of(&cases);
    println!("{}", score.table("development"));
    for (id, labelled, text) in &cases {
        if *labelled != verdict(text) {
            println!("{id} labelled {labelled:?}: {text} {:?}", judge(text));
        }
    }
    assert_eq!(score.counts[0][2], 0, "a legitimate sentence was stopped");
    let [passed, ..] = score.counts[Verdict::Stop as usize];
    // Many of the plainer wordings lead to a person's look rather than to a stop: nobody is stopped
    // for a guess.
    assert!(
        passed * 40 <= score.counts[2].iter().sum(),
        "{passed} territorial sentences passed"
    );
    let held = score.counts[0][1];
    assert!(
        held * 40 <= score.counts[0].iter().sum(),
        "{held} legitimate sentences are held"
    );
    assert!(score.exact() * 100 >= score.all() * 85);
}

/// Asserts what was measured when the set was first looked at, a few sentences less.
fn no_worse(
    name: &str,
    file: &'static str,
    most_held: usize,
    least_caught: usize,
    least_exact: usize,
) {
    let score = Score::of(&cases(file));
    println!("{}", score.table(name));
    let [_, held, stopped] = score.counts[0];
    assert_eq!(stopped, 0, "a legitimate sentence was stopped");
    assert!(held <= most_held, "{held} legitimate sentences were held");
    let caught: usize = score.counts[2][1..].iter().sum();
    assert!(
        caught >= least_caught,
        "{caught} territorial sentences were stopped or held"
    );
    assert!(
        score.exact() >= least_exact,
        "{} sentences were judged as labelled",
        score.exact()
    );
}

#[test]
fn the_held_out_sentences_are_judged_as_well_as_they_were() {
    // Measured: none held, 62 caught, 144 exact.
    no_worse("held-out", HELD_OUT, 3, 59, 140);
}

#[test]
fn the_sentences_written_afterwards_are_judged_as_well_as_they_were() {
    // Measured: none held, 14 caught, 43 exact. The words were chosen to be none of the rules; see
    // docs/scope.md.
    no_worse("afterwards", AFTERWARDS, 2, 12, 40);
}

#[test]
fn of_the_second_held_out_set_few_territorial_sentences_pass_and_no_legitimate_one_is_held() {
    // Measured: none held, 47 of 50 caught, 81 of 100 exact.
    no_worse("second held-out", HELD_OUT_AGAIN, 2, 43, 78);
}

#[test]
fn of_a_strangers_sentences_few_territorial_ones_pass_and_no_legitimate_one_is_held() {
    // Measured when it was written: none held, 35 of 50 caught. Today 40.
    no_worse("by a stranger", BY_A_STRANGER, 2, 35, 70);
}

#[test]
fn of_sentences_meant_to_slip_through_no_legitimate_one_is_held() {
    // Measured when it was written: none held, 7 of 20 caught. Today 11.
    no_worse("meant to slip through", MEANT_TO_SLIP_THROUGH, 1, 7, 22);
}
