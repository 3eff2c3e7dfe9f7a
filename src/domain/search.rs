//! Searching: what a query asks for, whether texts answer it, and the piece of a text that shows
//! where.
mod texts;

use std::{cmp::Reverse, collections::BTreeSet, ops::Range};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::texts::{bag, card_texts, card_titles};
use super::{
    fold,
    text::{Check, Fault},
};

/// The longest query, in characters.
pub const QUERY: usize = 200;
/// From so many characters on the last word also finds longer ones: a single letter would find
/// nearly everything.
const PREFIX: usize = 2;
/// How much of a text a snippet shows, in characters.
const SNIPPET: usize = 220;
/// How much of that stands before the first match.
const BEFORE: usize = 60;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Findable {
    /// A thread, by its title.
    Thread,
    /// A comment.
    Comment,
    /// A card, also by its translations that show.
    Concession,
}

/// What somebody looks for: all of some words, the last of which may go on.
#[derive(Clone, Debug)]
pub struct Query {
    words: Vec<String>,
    last: String,
}

/// A piece of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Plain text; a part left out is marked by "…".
    pub text: String,
    /// Where the words stand in it: start and end, in UTF-16 code units.
    pub matches: Vec<(u32, u32)>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// Where it is longer than [`QUERY`] or has no word.
    pub fn read(raw: &str) -> Result<Self, Vec<Fault>> {
        let mut check = Check::default();
        check.ensure(
            raw.chars().count() <= QUERY,
            "q",
            "too_long",
            "At most 200 characters.",
        );
        check.finish()?;
        let mut check = Check::default();
        let mut words: Vec<String> = fold::words(raw).map(|(_, word)| word).collect();
        check.ensure(!words.is_empty(), "q", "required", "At least one word.");
        check.finish()?;
        let last = words.pop().unwrap_or_default();
        words.sort_unstable();
        words.dedup();
        Ok(Self { words, last })
    }

    /// The words that must stand there as they are, and the last one.
    #[must_use]
    pub fn parts(&self) -> (&[String], &str) {
        (&self.words, &self.last)
    }

    /// Whether longer words than the last one answer it too.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.last.chars().count() >= PREFIX
    }

    fn asks_for(&self, word: &str) -> bool {
        word == self.last
            || self.words.iter().any(|asked| asked == word)
            || (self.goes_on() && word.starts_with(&self.last))
    }

    /// Whether texts answer it together.
    #[must_use]
    pub fn answered_by(&self, texts: &[String]) -> bool {
        let there: BTreeSet<String> = texts
            .iter()
            .flat_map(|text| fold::words(text))
            .map(|(_, word)| word)
            .collect();
        let last = there.contains(&self.last)
            || (self.goes_on() && there.iter().any(|word| word.starts_with(&self.last)));
        last && self.words.iter().all(|word| there.contains(word))
    }

    /// The place of the text with the most of the words; of texts with as many, the first.
    #[must_use]
    pub fn best(&self, texts: &[String]) -> usize {
        let count = |text: &String| {
            fold::words(text)
                .filter(|(_, word)| self.asks_for(word))
                .map(|(_, word)| word)
                .collect::<BTreeSet<_>>()
                .len()
        };
        let most = texts
            .iter()
            .map(count)
            .enumerate()
            .max_by_key(|(at, count)| (*count, Reverse(*at)));
        most.map_or(0, |(at, _)| at)
    }

    /// The piece of the [best](Self::best) text around the first of the words.
    #[must_use]
    pub fn snippet(&self, texts: &[String]) -> Snippet {
        texts
            .get(self.best(texts))
            .map(|text| self.cut(text))
            .unwrap_or_default()
    }

    fn cut(&self, text: &str) -> Snippet {
        let mut found: Vec<Range<usize>> = fold::words(text)
            .filter(|(_, word)| self.asks_for(word))
            .map(|(range, _)| range)
            .collect();
        found.dedup();
        let first = found.first().map_or(0, |range| range.start);
        let start = text[..first]
            .char_indices()
            .rev()
            .nth(BEFORE - 1)
            .map_or(0, |(at, _)| at);
        let end = text[start..]
            .char_indices()
            .nth(SNIPPET)
            .map_or(text.len(), |(at, _)| start + at);
        let (before, after) = (
            if start > 0 { "…" } else { "" },
            if end < text.len() { "…" } else { "" },
        );
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let place = |at: usize| units(before) + units(&text[start..at]);
        let inside = found.into_iter().filter(|range| range.end <= end);
        let matches = inside
            .map(|range| (place(range.start), place(range.end)))
            .collect();
        Snippet {
            text: format!("{before}{}{after}", &text[start..end]),
            matches,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn all_words_must_stand_there_and_the_last_may_go_on() {
        let query = Query::read("обмін полон").unwrap();
        assert!(query.answered_by(&texts(&["Обмін", "усіх полонених"])));
        assert!(!query.answered_by(&texts(&["Обміняти полонених"])));
        assert!(
            !Query::read("ПЯТЬ д")
                .unwrap()
                .answered_by(&texts(&["п'ять днів"]))
        );
        assert!(
            Query::read("ґрунт")
                .unwrap()
                .answered_by(&texts(&["грунти"]))
        );
    }

    #[test]
    fn a_query_has_a_word_and_at_most_200_characters() {
        let code = |raw: &str| Query::read(raw).unwrap_err()[0].code.clone();
        assert_eq!(code("  …  "), "required");
        assert_eq!(code(&"a".repeat(QUERY + 1)), "too_long");
    }

    #[test]
    fn a_snippet_counts_its_matches_in_utf_16() {
        let query = Query::read("grain").unwrap();
        let Snippet { text, matches } = query.snippet(&texts(&["nothing", "😀 Grain ships"]));
        assert_eq!((text.as_str(), matches), ("😀 Grain ships", vec![(3, 8)]));
        let long = format!("{}grains{}", "ж ".repeat(100), " ж".repeat(300));
        let Snippet { text, matches } = query.snippet(&[long]);
        let units: Vec<u16> = text.encode_utf16().collect();
        let (start, end) = (matches[0].0 as usize, matches[0].1 as usize);
        assert_eq!(String::from_utf16(&units[start..end]).unwrap(), "grains");
        assert!(
            text.starts_with('…') && text.ends_with('…') && text.chars().count() <= SNIPPET + 2
        );
    }
}
