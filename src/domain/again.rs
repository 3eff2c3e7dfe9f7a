//! Where the words of a text stand again: quoted in an answer, passed on, or nearly the same. What
//! was taken from view at one place must not go on at another unseen.
use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{fold, markdown, pace::wave::SAME, similar::Words};

/// So many words in a row are no chance: a street with its number and town, or a telephone number
/// in its groups.
const RUN: usize = 5;
/// Of a quotation so many words in a hundred must stand in the text.
const QUOTED: usize = 80;
/// A title of fewer words says too little to be somebody's words again.
const LEAST: usize = 3;

/// How words stand again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "AgainHow")]
#[schema(as = AgainHow)]
pub enum How {
    /// Marked as a quotation.
    Quote,
    /// Some of them in a row.
    Copy,
    /// Nearly the same text.
    Near,
    /// In a text that it had before and that can still be read.
    Version,
}

/// A text whose words are looked for elsewhere.
pub struct Original {
    words: Vec<String>,
    known: HashSet<String>,
    bag: Words,
}

impl Original {
    /// The words of a Markdown text.
    #[must_use]
    pub fn of(body: &str) -> Self {
        let plain = markdown::plain(body);
        let words = words(&plain);
        Self {
            known: words.iter().cloned().collect(),
            words,
            bag: Words::of("", &plain),
        }
    }

    /// How the words stand again in another Markdown text, if they do.
    #[must_use]
    pub fn stands_in(&self, body: &str) -> Option<How> {
        if self.words.is_empty() {
            return None;
        }
        let plain = markdown::plain(body);
        let there = words(&plain);
        let quoted = words(&markdown::plain(&quotations(body)));
        let known = quoted
            .iter()
            .filter(|word| self.known.contains(*word))
            .count();
        if !quoted.is_empty() && known * 100 >= quoted.len() * QUOTED {
            Some(How::Quote)
        } else if self.bag.alike(&Words::of("", &plain)) >= SAME {
            Some(How::Near)
        } else {
            self.runs_through(&there).then_some(How::Copy)
        }
    }

    /// Whether so many of the words stand there in a row; of a short text, all of them.
    fn runs_through(&self, there: &[String]) -> bool {
        let length = RUN.min(self.words.len());
        let runs: HashSet<&[String]> = self.words.windows(length).collect();
        length >= LEAST && there.windows(length).any(|run| runs.contains(run))
    }

    /// Neighbouring words that are likely to stand in few other texts, the longest first: whatever
    /// repeats a run of them has some.
    #[must_use]
    pub fn pairs(&self, count: usize) -> Vec<String> {
        let length = |word: &String| word.chars().count();
        let mut pairs: Vec<&[String]> = self.words.windows(2).collect();
        pairs.sort_by_key(|pair| {
            (
                std::cmp::Reverse(length(&pair[0]) + length(&pair[1])),
                *pair,
            )
        });
        pairs.dedup();
        pairs
            .into_iter()
            .take(count)
            .map(|pair| pair.join(" "))
            .collect()
    }
}

fn words(plain: &str) -> Vec<String> {
    fold::words(plain).map(|(_, word)| word).collect()
}

/// What a Markdown text marks as quoted.
fn quotations(body: &str) -> String {
    let quoted = body
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix('>'));
    quoted
        .map(|line| line.trim_start_matches(['>', ' ']))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Іван живе на вулиці **Шевченка 12**, тел. +380 44 279-12-34, зайдіть до нього.";

    #[test]
    fn quotations_copies_and_near_copies_are_found_and_answers_are_not() {
        let original = Original::of(TEXT);
        for (text, how) in [
            (
                "> Іван живе на вулиці Шевченка 12\n\nЯк не соромно?",
                Some(How::Quote),
            ),
            ("> +380 44 279-12-34\n\nЦе його номер?", Some(How::Quote)),
            (
                "Запишіть собі: 380 44 279 12 34, дзвоніть.",
                Some(How::Copy),
            ),
            (
                "ІВАН живе на вулиці Шевченка 12, тел +380 44 279 12 34, зайдіть до нього!!!",
                Some(How::Near),
            ),
            ("Як вам не соромно писати таке про людину?", None),
            ("> Перемовини мають тривати\n\nІван правий.", None),
            ("", None),
        ] {
            assert_eq!(original.stands_in(text), how, "{text}");
        }
    }

    #[test]
    fn a_short_text_stands_again_only_whole() {
        let short = Original::of("Go home, fool");
        assert_eq!(
            short.stands_in("He said go home fool and left the whole table behind"),
            Some(How::Copy)
        );
        assert_eq!(
            short.stands_in("They go home in the evening, as people do when the day is over"),
            None
        );
        assert_eq!(
            Original::of("No.").stands_in("No, I do not think so at all, my friend"),
            None
        );
        assert_eq!(Original::of("***").stands_in("> anything"), None);
    }

    #[test]
    fn the_longest_neighbours_are_looked_for() {
        assert_eq!(
            Original::of("A parliament in a tent, in a tent").pairs(2),
            ["parliament in", "a parliament"]
        );
        assert!(Original::of("Word").pairs(2).is_empty());
    }
}
