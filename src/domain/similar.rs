//! How alike two cards are in their words, to show a proposer what is there already. It compares
//! words, not meanings: two cards in two languages are never alike, and a "not" weighs as much as
//! any other word.
use std::collections::HashMap;

use super::{concession::Concession, fold, markdown::Shown, translation::Translation};

/// From here on two cards are shown as alike. Measured on `tests/data/similar.tsv` (44 pairs in
/// three languages, written before it was chosen): 21 of 22 rewordings lie above it, all 22 pairs
/// of different ideas below. Pairs of neighbouring words were tried as well and parted the two
/// worse.
pub const ALIKE: f64 = 0.38;

/// Words keep this many letters: a rough stem for three languages at once.
const STEM: usize = 5;
/// A word of the title weighs this much; one of the body 1.
const TITLE: f64 = 1.5;

/// Words that say nothing about the idea, in the three languages. Negations are not among them.
const STOP: &str = " the a an of to and or in on for by with is are be that which it its they their at from as any all both under \
    will would may can has have \
    і й та або в у на з із до за по що який яка яке які яких це цей він вона вони їх його її від для при про як чи усі всі обидві \
    и или с со к который которая которое которые которых это он она они их его ее от для при о об как все обе ";

/// A card's words, ready to be compared.
#[derive(Clone, Debug, Default)]
pub struct Words {
    weights: HashMap<String, f64>,
    sum: f64,
}

impl Words {
    /// The words that a reader sees of a title and of a body, which is Markdown.
    #[must_use]
    pub fn of(title: &str, body: &str) -> Self {
        let mut words = Self::default();
        for (text, weight) in [(title, TITLE), (Shown::of(body).text.as_str(), 1.0)] {
            for stem in stems(text) {
                let kept = words.weights.entry(stem).or_default();
                *kept = weight.max(*kept);
            }
        }
        words.sum = words.weights.values().sum();
        words
    }

    /// Those of a card, and of each of its translations that counts.
    #[must_use]
    pub fn of_card(card: &Concession, counts: impl Fn(&Translation) -> bool) -> Vec<Self> {
        let own = Self::of(&card.terms.title, &card.terms.body);
        let others = card
            .translations
            .iter()
            .filter(|one| !one.stale(card.material) && counts(one))
            .map(|one| Self::of(&one.title, &one.body));
        std::iter::once(own).chain(others).collect()
    }

    /// How many different words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// From 0, no word in common, to 1, the same words: twice the weight of the common words by the
    /// weight of all (Dice).
    #[must_use]
    pub fn alike(&self, other: &Self) -> f64 {
        let sum = self.sum + other.sum;
        if sum == 0.0 {
            return 0.0;
        }
        let common: f64 = self
            .weights
            .iter()
            .filter_map(|(stem, weight)| other.weights.get(stem).map(|theirs| weight.min(*theirs)))
            .sum();
        2.0 * common / sum
    }
}

/// The stems of a text, folded, without stop words.
fn stems(text: &str) -> impl Iterator<Item = String> {
    fold::words(text)
        .map(|(_, word)| word)
        .filter(|word| tells(word))
        .map(|word| word.chars().take(STEM).collect())
}

fn tells(word: &str) -> bool {
    let single = word.chars().nth(1).is_none() && !word.chars().all(|c| c.is_ascii_digit());
    !word.is_empty() && !single && !STOP.contains(&format!(" {word} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line of the labelled list: whether it is one idea, the language, how alike the two are.
    fn measured() -> Vec<(bool, &'static str, f64)> {
        let lines = include_str!("../../tests/data/similar.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let pair = |line: &'static str| {
            let [verdict, language, title, body, other_title, other_body] =
                line.split('\t').collect::<Vec<_>>()[..]
            else {
                panic!("{line}")
            };
            (
                verdict == "same",
                language,
                Words::of(title, body).alike(&Words::of(other_title, other_body)),
            )
        };
        lines.map(pair).collect()
    }

    #[test]
    fn the_threshold_parts_the_labelled_list_as_its_comment_says() {
        let pairs = measured();
        let above = |same: bool| {
            pairs
                .iter()
                .filter(|(is, _, alike)| *is == same && *alike >= ALIKE)
                .count()
        };
        assert_eq!(
            (pairs.len(), above(true), above(false)),
            (44, 21, 0),
            "{pairs:?}"
        );
    }

    #[test]
    fn every_language_finds_most_of_its_rewordings() {
        for wanted in ["en", "uk", "ru"] {
            let pairs: Vec<_> = measured()
                .into_iter()
                .filter(|(same, language, _)| *same && *language == wanted)
                .collect();
            let found = pairs.iter().filter(|(_, _, alike)| *alike >= ALIKE).count();
            assert!(found + 1 >= pairs.len(), "{wanted}: {pairs:?}");
        }
    }

    #[test]
    fn spelling_and_case_do_not_tell_cards_apart() {
        let (a, b) = (
            Words::of("Її ґрунт, ЧАС", "Ещё п'ять днів"),
            Words::of("ЇЇ ГРУНТ час", "еще пʼять ДНІВ"),
        );
        assert!((a.alike(&b) - 1.0).abs() < 1e-9, "{a:?} {b:?}");
        assert_eq!(Words::of("", "").alike(&Words::of("the", "of")), 0.0);
    }

    #[test]
    fn it_is_the_same_both_ways() {
        let (a, b) = (
            Words::of("Grain ships", "sail from Odesa"),
            Words::of("Grain", "is sold in Odesa by ships"),
        );
        assert!((a.alike(&b) - b.alike(&a)).abs() < 1e-9 && a.alike(&b) > 0.0);
    }
}
