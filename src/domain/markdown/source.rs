//! What is found in a text before it is parsed as Markdown: addresses, whose `_`, `*` and `&` are
//! no mark-up, and what would make a part of the text vanish. Each is replaced by a mark, which the
//! parser takes for a word, and put back afterwards.
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::address::{Address, addresses};

/// Stands around the number of a mark: a code point that is no character, so that nobody types it.
const MARK: char = '\u{fdd0}';

/// What a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An address that is a link: how it is shown, and where it leads.
    Address { words: String, href: String },
    /// Shown as it is typed.
    Typed,
    /// An HTML comment, which shows nothing.
    Comment,
    /// White space that would make code of a paragraph; there is no mark for it.
    Indent,
}

/// A part of the source that the parser does not see.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) kind: Kind,
    /// Where it stands in the source, in bytes.
    pub(super) at: Range<usize>,
}

/// A text with its marks, ready to be parsed.
pub(super) struct Marked<'b> {
    source: &'b str,
    /// What is parsed.
    pub(super) text: String,
    taken: Vec<Taken>,
    /// Where pieces of `text` begin, and where each stands in the source.
    pieces: Vec<(usize, usize)>,
}

/// A part of a text that was parsed.
pub(super) enum Part<'t> {
    /// As the parser gave it.
    Text(&'t str),
    /// What a mark stands for.
    Taken(&'t Taken),
}

impl<'b> Marked<'b> {
    /// The text with what was taken out of it, which may stand in any order.
    pub(super) fn new(source: &'b str, mut taken: Vec<Taken>) -> Self {
        taken.sort_by_key(|one| one.at.start);
        let mut marked = Self {
            source,
            text: String::with_capacity(source.len()),
            taken: vec![],
            pieces: vec![],
        };
        let mut from = 0;
        for one in taken {
            // What lies in another is gone with it.
            if one.at.start < from {
                continue;
            }
            marked.keep(from..one.at.start);
            from = one.at.end;
            if one.kind != Kind::Indent {
                marked.pieces.push((marked.text.len(), one.at.start));
                marked.text += &format!("{MARK}{}{MARK}", marked.taken.len());
                marked.taken.push(one);
            }
        }
        marked.keep(from..source.len());
        marked
    }

    fn keep(&mut self, at: Range<usize>) {
        self.pieces.push((self.text.len(), at.start));
        self.text += &self.source[at];
    }

    /// Where a place of the parsed text is in the source.
    pub(super) fn place(&self, at: usize) -> usize {
        let piece = self
            .pieces
            .partition_point(|(start, _)| *start <= at)
            .saturating_sub(1);
        self.pieces.get(piece).map_or(at, |(start, source)| {
            (source + at - start).min(self.source.len())
        })
    }

    /// Where in the source ends what ends at a place of the parsed text.
    pub(super) fn end(&self, at: usize) -> usize {
        let Some(last) = at.checked_sub(1) else {
            return 0;
        };
        let piece = self
            .pieces
            .partition_point(|(start, _)| *start <= last)
            .saturating_sub(1);
        let Some((start, source)) = self.pieces.get(piece) else {
            return at;
        };
        if self.text[*start..].starts_with(MARK)
            && let Ok(mark) = self.taken.binary_search_by_key(source, |one| one.at.start)
        {
            return self.taken[mark].at.end;
        }
        (source + at - start).min(self.source.len())
    }

    /// The source from `at` to `at`.
    pub(super) fn typed(&self, at: Range<usize>) -> &'b str {
        &self.source[at]
    }

    /// A text of the parser, parted into what was typed and what marks stand for.
    pub(super) fn parts<'t>(&'t self, text: &'t str) -> Vec<Part<'t>> {
        let (mut parts, mut rest) = (vec![], text);
        while let Some((before, after)) = rest.split_once(MARK) {
            let mark = after.split_once(MARK).and_then(|(number, after)| {
                Some((self.taken.get(number.parse::<usize>().ok()?)?, after))
            });
            // One that stands alone was spelt as an entity, and shows nothing.
            let (taken, after) = mark.map_or((None, after), |(taken, after)| (Some(taken), after));
            parts.extend((!before.is_empty()).then_some(Part::Text(before)));
            parts.extend(taken.map(Part::Taken));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then_some(Part::Text(rest)));
        parts
    }

    /// A text of the parser as it was typed.
    pub(super) fn unmarked(&self, text: &str) -> String {
        let typed = |part| match part {
            Part::Text(text) => text,
            Part::Taken(taken) => self.typed(taken.at.clone()),
        };
        self.parts(text).into_iter().map(typed).collect()
    }

    /// Where a link leads.
    pub(super) fn destination(&self, url: &str) -> String {
        if !url.contains(MARK) {
            return url.into();
        }
        let address = |part| match part {
            Part::Text(text) => text.to_owned(),
            Part::Taken(Taken {
                kind: Kind::Address { href, .. },
                ..
            }) => unescaped(href),
            Part::Taken(taken) => self.typed(taken.at.clone()).to_owned(),
        };
        self.parts(url).into_iter().map(address).collect()
    }
}

/// An address as Markdown reads it in a link: entities and escapes are characters.
fn unescaped(address: &str) -> String {
    let link = address
        .contains(['&', '\\'])
        .then(|| format!("[x](<{address}>)"));
    let read = link.and_then(|link| {
        Parser::new(&link).find_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        })
    });
    read.unwrap_or_else(|| address.to_owned())
}

/// What stands for itself in any text: addresses, comments, the `<` of tags, and our own mark.
pub(super) fn taken(source: &str) -> Vec<Taken> {
    let kind = |words, href: Option<String>| {
        href.map_or(Kind::Typed, |href| Kind::Address { words, href })
    };
    let mut taken: Vec<Taken> = addresses(source)
        .into_iter()
        .map(|Address { words, href, at }| Taken {
            kind: kind(words, href),
            at,
        })
        .collect();
    // Each end of a comment is looked for once: what lies in one is gone with it, and after the
    // last there is none.
    let (mut past, last) = (0, source.rfind("-->").unwrap_or(0));
    for (at, _) in source.match_indices('<') {
        let rest = &source[at..];
        let end = if at >= past && at < last && rest.starts_with("<!--") {
            rest[4..].find("-->")
        } else {
            None
        };
        if let Some(end) = end {
            past = at + 4 + end + 3;
            taken.push(Taken {
                kind: Kind::Comment,
                at: at..past,
            });
        } else if at >= past
            && rest[1..]
                .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
        {
            taken.push(Taken {
                kind: Kind::Typed,
                at: at..at + 1,
            });
        }
    }
    taken.extend(source.match_indices(MARK).map(|(at, mark)| Taken {
        kind: Kind::Indent,
        at: at..at + mark.len(),
    }));
    // At one place an address in brackets goes before its bracket.
    taken.sort_by_key(|one| (one.at.start, std::cmp::Reverse(one.at.end)));
    taken
}
