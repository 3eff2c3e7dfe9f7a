//! Finds the rules in the words: where the lists meet, what stands between, and whether a "not"
//! undoes it.
use super::{
    Verdict,
    hits::{GAP, Hit, hits},
    rules::{Finder, Pattern, Rules},
    words::Word,
};

/// How many words a "not" reaches ahead within its clause; "no part of this offer cedes" needs
/// five.
const NOT_REACH: usize = 5;

/// A rule found: the rule, its verdict here, and the words it spans, both ends included.
pub(super) struct Found<'r> {
    pub(super) finder: &'r Finder,
    pub(super) verdict: Verdict,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Every rule found, at most once for the same words.
pub(super) fn search<'r>(rules: &'r Rules, words: &[Word]) -> Vec<Found<'r>> {
    let text = Text {
        rules,
        words,
        hits: hits(rules, words),
    };
    let mut found: Vec<Found<'r>> = vec![];
    for finder in &rules.finders {
        let mut spans: Vec<(Hit, Verdict)> = finder
            .patterns
            .iter()
            .flat_map(|pattern| text.matches(finder, pattern))
            .collect();
        spans.sort_unstable_by_key(|(span, _)| *span);
        let mut end = None;
        for (span, verdict) in spans {
            // Overlapping ones say the same thing again.
            if end.is_none_or(|end| span.first > end) {
                end = Some(span.last);
                found.push(Found {
                    finder,
                    verdict,
                    first: span.first,
                    last: span.last,
                });
            }
        }
    }
    // What lies in the words of another rule that is as strict says less of the same.
    found.sort_by_key(|found| (found.first, std::cmp::Reverse(found.last)));
    let mut widest: [Option<(usize, usize)>; 2] = [None; 2];
    found.retain(|found| {
        let span = (found.first, found.last);
        let stops = usize::from(found.verdict == Verdict::Stop);
        let inside = widest[stops..]
            .iter()
            .flatten()
            .any(|wider| wider.1 >= span.1 && *wider != span);
        if widest[stops].is_none_or(|wider| span.1 > wider.1) {
            widest[stops] = Some(span);
        }
        !inside
    });
    found.sort_by_key(|found| (found.first, found.last));
    found
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
    fn extend(
        &self,
        finder: &Finder,
        pattern: &Pattern,
        chosen: &mut Vec<Hit>,
        spans: &mut Vec<(Hit, Verdict)>,
    ) {
        let span = Hit {
            first: chosen.iter().map(|hit| hit.first).min().unwrap_or(0),
            last: chosen.iter().map(|hit| hit.last).max().unwrap_or(0),
        };
        let Some(list) = pattern.lists.get(chosen.len()) else {
            if !self.undone(finder, chosen, span) {
                spans.push((span, self.verdict(finder, span)));
            }
            return;
        };
        let (last, reach) = (chosen[chosen.len() - 1], pattern.within + GAP + 2);
        let from = if pattern.ordered {
            last.last
        } else {
            span.first.saturating_sub(reach)
        };
        let hits = &self.hits[*list];
        for hit in hits[hits.partition_point(|hit| hit.first < from)..]
            .iter()
            .take_while(|hit| hit.first <= span.last + reach)
        {
            let all = Hit {
                first: span.first.min(hit.first),
                last: span.last.max(hit.last),
            };
            let taken: usize = chosen
                .iter()
                .chain([hit])
                .map(|hit| hit.last - hit.first + 1)
                .sum();
            let apart = chosen.iter().all(|other| {
                other.last < hit.first || hit.last < other.first || self.words[hit.first].spelled
            });
            let near = (all.last - all.first + 1).saturating_sub(taken) <= pattern.within;
            if apart && near && self.words[all.first].segment == self.words[all.last].segment {
                chosen.push(*hit);
                self.extend(finder, pattern, chosen, spans);
                chosen.pop();
            }
        }
    }

    fn undone(&self, finder: &Finder, chosen: &[Hit], span: Hit) -> bool {
        let between = |list: &usize| {
            self.within(*list, span).any(|hit| {
                chosen
                    .iter()
                    .all(|part| hit.last < part.first || part.last < hit.first)
            })
        };
        finder.not_between.iter().any(between)
            || finder
                .unless
                .iter()
                .any(|list| self.in_sentence(*list, span.first))
            || (!finder.negated && chosen.iter().any(|hit| self.negated(*hit)))
    }

    fn verdict(&self, finder: &Finder, span: Hit) -> Verdict {
        let softened = finder
            .soften
            .iter()
            .any(|list| self.in_sentence(*list, span.first));
        if softened {
            Verdict::Review
        } else {
            finder.rule.verdict
        }
    }

    /// The hits of a list inside a span.
    fn within(&self, list: usize, span: Hit) -> impl Iterator<Item = &Hit> {
        let hits = &self.hits[list];
        hits[hits.partition_point(|hit| hit.first < span.first)..]
            .iter()
            .take_while(move |hit| hit.first <= span.last)
    }

    fn in_sentence(&self, list: usize, at: usize) -> bool {
        let sentence = self.words[at].sentence;
        let hits = &self.hits[list];
        let first = hits.partition_point(|hit| self.words[hit.first].sentence < sentence);
        hits.get(first)
            .is_some_and(|hit| self.words[hit.first].sentence == sentence)
    }

    /// Whether a "not" stands shortly before, in the same clause, with no "and" or "but" in
    /// between.
    fn negated(&self, hit: Hit) -> bool {
        let clause = self.words[hit.first].clause;
        let starts = |list: usize, at: usize| {
            self.hits[list]
                .binary_search_by_key(&at, |hit| hit.first)
                .is_ok()
        };
        (hit.first.saturating_sub(NOT_REACH)..hit.first)
            .rev()
            .take_while(|at| self.words[*at].clause == clause && !starts(self.rules.joiner, *at))
            .any(|at| starts(self.rules.not, at) && !starts(self.rules.not_only, at))
    }
}
