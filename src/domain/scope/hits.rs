//! Where the lists of the rules stand in the words: phrases found, and those that their neighbours
//! undo left out.
use super::{
    rules::{Part, Rules},
    words::Word,
};

/// How far back a preposition is looked for through fillers and other names of the same list.
const LOOK_BACK: usize = 8;
/// The words a gap (`...`) in a phrase may stand for.
pub(super) const GAP: usize = 3;
/// The shortest word looked for inside a spelled-out one, in letters; shorter ones occur by chance.
const INSIDE: usize = 4;
/// No first word of a phrase is longer, in letters.
const LONGEST: usize = 24;

/// A phrase of a list in the words, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub(super) first: usize,
    pub(super) last: usize,
}

/// The hits of every list, in order, those that their list's neighbours undo left out.
pub(super) fn hits(rules: &Rules, words: &[Word]) -> Vec<Vec<Hit>> {
    let raw = Raw {
        rules,
        words,
        hits: phrases(rules, words),
    };
    let kept = |(list, hits): (usize, &Vec<Hit>)| {
        hits.iter()
            .filter(|hit| !raw.undone(list, **hit))
            .copied()
            .collect()
    };
    raw.hits.iter().enumerate().map(kept).collect()
}

/// Where phrases of every list stand, in order.
fn phrases(rules: &Rules, words: &[Word]) -> Vec<Vec<Hit>> {
    let mut raw: Vec<Vec<Hit>> = rules.lists.iter().map(|_| vec![]).collect();
    for at in 0..words.len() {
        for (list, phrase) in phrases_at(rules, &words[at]) {
            if let Some(last) = fits(&rules.lists[list].phrases[phrase][1..], words, at) {
                let hit = Hit { first: at, last };
                if raw[list].last() != Some(&hit) {
                    raw[list].push(hit);
                }
            }
        }
    }
    raw.iter_mut().for_each(|hits| hits.sort_unstable());
    raw
}

/// The phrases of a text, before their neighbours are looked at.
struct Raw<'r, 'w> {
    rules: &'r Rules,
    words: &'w [Word],
    hits: Vec<Vec<Hit>>,
}

impl Raw<'_, '_> {
    /// Whether a hit of a list starts at a place.
    fn starts(&self, list: usize, at: usize) -> bool {
        self.hits[list]
            .binary_search_by_key(&at, |hit| hit.first)
            .is_ok()
    }

    /// Whether a place lies in a hit of a list.
    fn covers(&self, list: usize, at: usize) -> bool {
        let hits = &self.hits[list];
        let near = hits.partition_point(|hit| hit.first + LOOK_BACK < at);
        hits[near..]
            .iter()
            .take_while(|hit| hit.first <= at)
            .any(|hit| hit.last >= at)
    }

    /// Whether what stands beside a hit of a list undoes it.
    fn undone(&self, list: usize, hit: Hit) -> bool {
        let beside = |at: &usize| {
            self.words
                .get(*at)
                .is_some_and(|word| word.segment == self.words[hit.first].segment)
        };
        let passed = |at: &usize| self.starts(self.rules.filler, *at) || self.starts(list, *at);
        let before = (hit.first.saturating_sub(LOOK_BACK)..hit.first)
            .rev()
            .filter(beside)
            .find(|at| !passed(at));
        let after = Some(hit.last + 1).filter(beside);
        let undoes = |others: &[usize], at: Option<usize>| {
            at.is_some_and(|at| others.iter().any(|other| self.starts(*other, at)))
        };
        let of = &self.rules.lists[list];
        undoes(&of.not_after, before)
            || undoes(&of.not_before, after)
            || undoes(&of.without, Some(hit.first))
            || of
                .owner
                .is_some_and(|(mark, whole)| self.is_owner(list, hit.first, mark, whole))
    }

    /// Whether a name at a place only says whose the thing before it is.
    fn is_owner(&self, list: usize, at: usize, mark: usize, whole: usize) -> bool {
        let back = (at.saturating_sub(LOOK_BACK)..at)
            .rev()
            .take_while(|before| self.words[*before].segment == self.words[at].segment);
        let passed: Vec<usize> = back
            .clone()
            .take_while(|at| self.starts(self.rules.filler, *at) || self.starts(list, *at))
            .collect();
        let thing = back.clone().nth(passed.len());
        // "Донецька область" is the region, and no region of Donetsk's.
        let marked = passed
            .iter()
            .chain([&at])
            .any(|at| self.starts(mark, *at) && !self.covers(self.rules.land, *at + 1));
        marked && thing.is_some_and(|thing| !self.covers(whole, thing))
    }
}

/// The phrases whose first word this may be.
fn phrases_at(rules: &Rules, word: &Word) -> Vec<(usize, usize)> {
    let mut phrases: Vec<(usize, usize)> = vec![];
    for reading in &word.readings {
        phrases.extend(rules.exact.get(reading.as_str()).into_iter().flatten());
        let starts = reading
            .char_indices()
            .map(|(at, _)| at)
            .take(if word.spelled { usize::MAX } else { 1 });
        for start in starts {
            let rest = &reading[start..];
            for (length, end) in rest
                .char_indices()
                .map(|(at, c)| at + c.len_utf8())
                .take(LONGEST)
                .enumerate()
            {
                let inside = start > 0 || (word.spelled && end < rest.len());
                if inside && length + 1 < INSIDE {
                    continue;
                }
                phrases.extend(rules.stems.get(&rest[..end]).into_iter().flatten());
                if inside {
                    phrases.extend(rules.exact.get(&rest[..end]).into_iter().flatten());
                }
            }
        }
    }
    phrases.sort_unstable();
    phrases.dedup();
    phrases
}

/// The last word of a phrase whose first word stands at `at`, if the rest of it follows.
fn fits(rest: &[Part], words: &[Word], at: usize) -> Option<usize> {
    let Some((part, after)) = rest.split_first() else {
        return Some(at);
    };
    let is = |next: usize, part: &Part| {
        words
            .get(next)
            .filter(|word| word.segment == words[at].segment)
            .is_some_and(|word| {
                word.readings.iter().any(|reading| match part {
                    Part::Exact(exact) => reading == exact,
                    Part::Stem(stem) => reading.starts_with(stem.as_str()),
                    Part::Gap => false,
                })
            })
    };
    match part {
        Part::Gap => {
            let (target, after) = after.split_first()?;
            (at + 1..=at + 1 + GAP)
                .find(|next| is(*next, target))
                .and_then(|next| fits(after, words, next))
        }
        part => is(at + 1, part)
            .then(|| fits(after, words, at + 1))
            .flatten(),
    }
}
