//! Finds the rules in the words: where the lists meet, what stands between, and whether a "not" undoes it.
use super::{
    Verdict,
    rules::{Finder, Part, Pattern, Rules},
    words::Word,
};

/// How many words a "not" reaches ahead within its clause; "no part of this offer cedes" needs five.
const NOT_REACH: usize = 5;
/// How far back a preposition is looked for through fillers and other names of the same list.
const LOOK_BACK: usize = 8;
/// The words a gap (`...`) in a phrase may stand for.
const GAP: usize = 3;
/// The shortest word looked for inside a spelled-out one, in letters; shorter ones occur by chance.
const INSIDE: usize = 4;
/// No first word of a phrase is longer, in letters.
const LONGEST: usize = 24;

/// A phrase of a list in the words, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    first: usize,
    last: usize,
}

/// A rule found: the rule, its verdict here, and the words it spans, both ends included.
pub(super) struct Found<'r> {
    pub(super) finder: &'r Finder,
    pub(super) verdict: Verdict,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Every rule found, at most once for the same words.
pub(super) fn search<'r>(rules: &'r Rules, words: &[Word]) -> Vec<Found<'r>> {
    let text = Text { rules, words, hits: hits(rules, words) };
    let mut found: Vec<Found<'r>> = vec![];
    for finder in &rules.finders {
        let mut spans: Vec<(Hit, Verdict)> = finder.patterns.iter().flat_map(|pattern| text.matches(finder, pattern)).collect();
        spans.sort_unstable_by_key(|(span, _)| *span);
        let mut end = None;
        for (span, verdict) in spans {
            // Overlapping ones say the same thing again.
            if end.is_none_or(|end| span.first > end) {
                end = Some(span.last);
                found.push(Found { finder, verdict, first: span.first, last: span.last });
            }
        }
    }
    // What lies in the words of another rule that is as strict says less of the same.
    found.sort_by_key(|found| (found.first, std::cmp::Reverse(found.last)));
    let mut widest: [Option<(usize, usize)>; 2] = [None; 2];
    found.retain(|found| {
        let span = (found.first, found.last);
        let stops = usize::from(found.verdict == Verdict::Stop);
        let inside = widest[stops..].iter().flatten().any(|wider| wider.1 >= span.1 && *wider != span);
        if widest[stops].is_none_or(|wider| span.1 > wider.1) {
            widest[stops] = Some(span);
        }
        !inside
    });
    found.sort_by_key(|found| (found.first, found.last));
    found
}

/// The hits of every list, in order, those that their list's neighbours undo left out.
fn hits(rules: &Rules, words: &[Word]) -> Vec<Vec<Hit>> {
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
    let starts = |list: usize, at: usize| raw[list].binary_search_by_key(&at, |hit| hit.first).is_ok();
    let covers = |list: usize, at: usize| {
        let near = raw[list].partition_point(|hit| hit.first + LOOK_BACK < at);
        raw[list][near..].iter().take_while(|hit| hit.first <= at).any(|hit| hit.last >= at)
    };
    // Whether a name at a place only says whose the thing before it is.
    let is_owner = |list: usize, at: usize, mark: usize, whole: usize| {
        let back = (at.saturating_sub(LOOK_BACK)..at).rev().take_while(|before| words[*before].segment == words[at].segment);
        let passed: Vec<usize> = back.clone().take_while(|at| starts(rules.filler, *at) || starts(list, *at)).collect();
        let thing = back.clone().nth(passed.len());
        // "Донецька область" is the region, and no region of Donetsk's.
        let marked = passed.iter().chain([&at]).any(|at| starts(mark, *at) && !covers(rules.land, *at + 1));
        marked && thing.is_some_and(|thing| !covers(whole, thing))
    };
    let kept = |list: usize, hit: &&Hit| {
        let beside = |at: &usize| words.get(*at).is_some_and(|word| word.segment == words[hit.first].segment);
        let before =
            (hit.first.saturating_sub(LOOK_BACK)..hit.first).rev().filter(beside).find(|at| !starts(rules.filler, *at) && !starts(list, *at));
        let after = Some(hit.last + 1).filter(beside);
        let undone = |others: &[usize], at: Option<usize>| at.is_some_and(|at| others.iter().any(|other| starts(*other, at)));
        let of = &rules.lists[list];
        !undone(&of.not_after, before)
            && !undone(&of.not_before, after)
            && !undone(&of.without, Some(hit.first))
            && !of.owner.is_some_and(|(mark, whole)| is_owner(list, hit.first, mark, whole))
    };
    raw.iter().enumerate().map(|(list, hits)| hits.iter().filter(|hit| kept(list, hit)).copied().collect()).collect()
}

/// The phrases whose first word this may be.
fn phrases_at(rules: &Rules, word: &Word) -> Vec<(usize, usize)> {
    let mut phrases: Vec<(usize, usize)> = vec![];
    for reading in &word.readings {
        phrases.extend(rules.exact.get(reading.as_str()).into_iter().flatten());
        let starts = reading.char_indices().map(|(at, _)| at).take(if word.spelled { usize::MAX } else { 1 });
        for start in starts {
            let rest = &reading[start..];
            for (length, end) in rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST).enumerate() {
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
    let Some((part, after)) = rest.split_first() else { return Some(at) };
    let is = |next: usize, part: &Part| {
        words.get(next).filter(|word| word.segment == words[at].segment).is_some_and(|word| {
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
            (at + 1..=at + 1 + GAP).find(|next| is(*next, target)).and_then(|next| fits(after, words, next))
        }
        part => is(at + 1, part).then(|| fits(after, words, at + 1)).flatten(),
    }
}

struct Text<'r, 'w> {
    rules: &'r Rules,
    words: &'w [Word],
    hits: Vec<Vec<Hit>>,
}

impl Text<'_, '_> {
    /// The spans where a pattern holds and nothing undoes it.
    fn matches(&self, finder: &Finder, pattern: &Pattern) -> Vec<(Hit, Verdict)> {
        let mut spans = vec![];
        for hit in &self.hits[pattern.lists[0]] {
            self.extend(finder, pattern, &mut vec![*hit], &mut spans);
        }
        spans
    }

    /// Adds the hits of the next list to those chosen, or the span once every list has one.
    fn extend(&self, finder: &Finder, pattern: &Pattern, chosen: &mut Vec<Hit>, spans: &mut Vec<(Hit, Verdict)>) {
        let span = Hit { first: chosen.iter().map(|hit| hit.first).min().unwrap_or(0), last: chosen.iter().map(|hit| hit.last).max().unwrap_or(0) };
        let Some(list) = pattern.lists.get(chosen.len()) else {
            if !self.undone(finder, chosen, span) {
                spans.push((span, self.verdict(finder, span)));
            }
            return;
        };
        let (last, reach) = (chosen[chosen.len() - 1], pattern.within + GAP + 2);
        let from = if pattern.ordered { last.last } else { span.first.saturating_sub(reach) };
        let hits = &self.hits[*list];
        for hit in hits[hits.partition_point(|hit| hit.first < from)..].iter().take_while(|hit| hit.first <= span.last + reach) {
            let all = Hit { first: span.first.min(hit.first), last: span.last.max(hit.last) };
            let taken: usize = chosen.iter().chain([hit]).map(|hit| hit.last - hit.first + 1).sum();
            let apart = chosen.iter().all(|other| other.last < hit.first || hit.last < other.first || self.words[hit.first].spelled);
            let near = (all.last - all.first + 1).saturating_sub(taken) <= pattern.within;
            if apart && near && self.words[all.first].segment == self.words[all.last].segment {
                chosen.push(*hit);
                self.extend(finder, pattern, chosen, spans);
                chosen.pop();
            }
        }
    }

    fn undone(&self, finder: &Finder, chosen: &[Hit], span: Hit) -> bool {
        let between = |list: &usize| self.within(*list, span).any(|hit| chosen.iter().all(|part| hit.last < part.first || part.last < hit.first));
        finder.not_between.iter().any(between)
            || finder.unless.iter().any(|list| self.in_sentence(*list, span.first))
            || (!finder.negated && chosen.iter().any(|hit| self.negated(*hit)))
    }

    fn verdict(&self, finder: &Finder, span: Hit) -> Verdict {
        let softened = finder.soften.iter().any(|list| self.in_sentence(*list, span.first));
        if softened { Verdict::Review } else { finder.rule.verdict }
    }

    /// The hits of a list inside a span.
    fn within(&self, list: usize, span: Hit) -> impl Iterator<Item = &Hit> {
        let hits = &self.hits[list];
        hits[hits.partition_point(|hit| hit.first < span.first)..].iter().take_while(move |hit| hit.first <= span.last)
    }

    fn in_sentence(&self, list: usize, at: usize) -> bool {
        let sentence = self.words[at].sentence;
        let hits = &self.hits[list];
        let first = hits.partition_point(|hit| self.words[hit.first].sentence < sentence);
        hits.get(first).is_some_and(|hit| self.words[hit.first].sentence == sentence)
    }

    /// Whether a "not" stands shortly before, in the same clause, with no "and" or "but" in between.
    fn negated(&self, hit: Hit) -> bool {
        let clause = self.words[hit.first].clause;
        let starts = |list: usize, at: usize| self.hits[list].binary_search_by_key(&at, |hit| hit.first).is_ok();
        (hit.first.saturating_sub(NOT_REACH)..hit.first)
            .rev()
            .take_while(|at| self.words[*at].clause == clause && !starts(self.rules.joiner, *at))
            .any(|at| starts(self.rules.not, at) && !starts(self.rules.not_only, at))
    }
}
