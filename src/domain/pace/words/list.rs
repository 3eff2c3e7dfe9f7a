//! The word list made ready: the first of its words in a text, one that refuses before one that
//! holds.
use std::ops::Range;

use super::{WordEffect, WordRule};
use crate::domain::fold;

/// The word list, ready to be compared.
#[derive(Clone, Debug, Default)]
pub struct WordList {
    phrases: Vec<(Phrase, usize)>,
    rules: Vec<WordRule>,
}

/// A word of the list, as written and as it is compared.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    written: String,
    words: Vec<(String, bool)>,
}

impl Phrase {
    /// `None` where it is no word or phrase.
    pub(super) fn of(written: &str) -> Option<Self> {
        let words: Option<Vec<_>> = written
            .split_whitespace()
            .map(|word| {
                let (stem, any) = word
                    .strip_suffix('*')
                    .map_or((word, false), |stem| (stem, true));
                let mut words = fold::words(stem);
                let folded = words
                    .next()
                    .map(|(_, word)| word)
                    .filter(|_| words.next().is_none())?;
                let whole = stem
                    .chars()
                    .all(|c| !c.is_ascii() || c.is_alphanumeric() || matches!(c, '\'' | '"' | '`'));
                (whole && (!any || folded.chars().count() >= 2)).then_some((folded, any))
            })
            .collect();
        words.filter(|words| !words.is_empty()).map(|words| Self {
            written: written.into(),
            words,
        })
    }

    fn begins(&self, tokens: &[(Range<usize>, String)]) -> bool {
        let fits = |((word, any), (_, token)): (&(String, bool), &(Range<usize>, String))| {
            if *any {
                token.starts_with(word)
            } else {
                token == word
            }
        };
        tokens.len() >= self.words.len() && self.words.iter().zip(tokens).all(fits)
    }
}

/// A word of the list that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// As the list has it.
    pub word: &'a str,
    /// The entry.
    pub rule: &'a WordRule,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
}

impl WordList {
    /// Makes the list ready.
    #[must_use]
    pub fn new(rules: &[WordRule]) -> Self {
        let phrases = rules.iter().enumerate().flat_map(|(at, rule)| {
            rule.words
                .iter()
                .filter_map(move |word| Some((Phrase::of(word)?, at)))
        });
        Self {
            phrases: phrases.collect(),
            rules: rules.to_vec(),
        }
    }

    /// Whether there are any words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// The first word of the list in a text, one that refuses before one that holds.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Found<'_>> {
        let tokens: Vec<(Range<usize>, String)> = fold::words(text).collect();
        let mut found: Vec<_> = self
            .phrases
            .iter()
            .filter_map(|(phrase, rule)| {
                let at = (0..tokens.len()).find(|at| phrase.begins(&tokens[*at..]))?;
                let last = &tokens[at + phrase.words.len() - 1].0;
                Some(Found {
                    word: &phrase.written,
                    rule: &self.rules[*rule],
                    at: tokens[at].0.start..last.end,
                })
            })
            .collect();
        found.sort_by_key(|found| (found.rule.effect == WordEffect::Hold, found.at.start));
        found.into_iter().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rules: &[(&[&str], WordEffect)]) -> WordList {
        let rule = |(words, effect): &(&[&str], WordEffect)| WordRule {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            effect: *effect,
            why: "Because.".into(),
        };
        WordList::new(&rules.iter().map(rule).collect::<Vec<_>>())
    }

    #[test]
    fn words_are_whole_folded_and_found_where_they_stand() {
        let list = list(&[(
            &["ґвалт", "ёлка", "п'ятниця", "rude*", "two words"],
            WordEffect::Hold,
        )]);
        let found = |text: &str| {
            list.find(text)
                .map(|found| (found.word.to_owned(), text[found.at].to_owned()))
        };
        assert_eq!(found("Який ГВАЛТ!"), Some(("ґвалт".into(), "ГВАЛТ".into())));
        assert_eq!(found("Это елка."), Some(("ёлка".into(), "елка".into())));
        assert_eq!(
            found("У пʼятниця, так"),
            Some(("п'ятниця".into(), "пʼятниця".into()))
        );
        assert_eq!(
            found("So RUDENESS it is"),
            Some(("rude*".into(), "RUDENESS".into()))
        );
        assert_eq!(
            found("These two, words are apart: two\nwords."),
            Some(("two words".into(), "two, words".into()))
        );
        assert_eq!(found("гвалтувати, crude, two more words"), None);
        assert_eq!(
            found("ｒｕｄｅ and ru\u{200d}de"),
            Some(("rude*".into(), "ｒｕｄｅ".into()))
        );
        assert_eq!(
            found("ru\u{200d}de"),
            Some(("rude*".into(), "ru\u{200d}de".into()))
        );
    }

    #[test]
    fn refusing_goes_before_holding() {
        let list = list(&[
            (&["mild"], WordEffect::Hold),
            (&["harsh"], WordEffect::Refuse),
        ]);
        assert_eq!(
            list.find("mild and harsh").map(|found| found.word),
            Some("harsh")
        );
        assert_eq!(
            list.find("mild").map(|found| found.rule.effect),
            Some(WordEffect::Hold)
        );
    }
}
