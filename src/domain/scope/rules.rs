//! The rules of the gate: lists of words, and which of them must meet within how many words. They
//! stand in `rules.txt`.
mod parse;

use std::collections::HashMap;

pub(super) use parse::parse;

use super::Rule;

/// One word of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Exactly this word.
    Exact(String),
    /// A word that begins so.
    Stem(String),
    /// Up to three words of any kind.
    Gap,
}

/// A list: what counts as a hit, and beside what a hit does not count.
#[derive(Default)]
pub(super) struct List {
    /// Its phrases, each of at least one word.
    pub(super) phrases: Vec<Vec<Part>>,
    /// Lists that, standing before, undo a hit.
    pub(super) not_after: Vec<usize>,
    /// Lists that, standing right after, undo a hit.
    pub(super) not_before: Vec<usize>,
    /// Lists that, beginning at the same word, undo a hit.
    pub(super) without: Vec<usize>,
    /// Marks of an owner, and of what a place is the whole: an owner's name is no hit.
    pub(super) owner: Option<(usize, usize)>,
}

/// Which lists must meet.
pub(super) struct Pattern {
    /// The lists, one hit each.
    pub(super) lists: Vec<usize>,
    /// From the first word to the last there are at most this many words in between.
    pub(super) within: usize,
    /// Whether the hits must stand in the order of the lists.
    pub(super) ordered: bool,
}

/// A rule and how it is found.
pub(super) struct Finder {
    /// What people are told.
    pub(super) rule: Rule,
    /// Any of these finds it.
    pub(super) patterns: Vec<Pattern>,
    /// Lists that, standing between the hits, undo a match.
    pub(super) not_between: Vec<usize>,
    /// Lists that undo a match anywhere in its sentence.
    pub(super) unless: Vec<usize>,
    /// Lists that make a stop a review anywhere in its sentence.
    pub(super) soften: Vec<usize>,
    /// Whether "no" and "not" are part of what is found, and undo nothing.
    pub(super) negated: bool,
}

/// The whole file.
pub(super) struct Rules {
    /// Every list.
    pub(super) lists: Vec<List>,
    /// Every rule.
    pub(super) finders: Vec<Finder>,
    /// Phrases by their exact first word: list and phrase.
    pub(super) exact: HashMap<String, Vec<(usize, usize)>>,
    /// Phrases by their first stem: list and phrase.
    pub(super) stems: HashMap<String, Vec<(usize, usize)>>,
    /// The lists the search itself uses.
    pub(super) not: usize,
    /// Words that end the reach of a "not".
    pub(super) joiner: usize,
    /// "Not only" and the like: no negation.
    pub(super) not_only: usize,
    /// Words looked through on the way to what stands before.
    pub(super) filler: usize,
    /// Words for land, which a name before them describes.
    pub(super) land: usize,
}
