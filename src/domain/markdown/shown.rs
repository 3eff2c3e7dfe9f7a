//! What readers see of a text: the one thing that rules about words, land, links, likeness and
//! blankness are read on, and that searching, titles and heads are made of.
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::events::events;
use crate::domain::text::shows;

/// A field that others read.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Its name on the wire; empty for a single text.
    pub field: &'static str,
    /// As typed.
    pub text: &'a str,
    markdown: bool,
}

impl<'a> Text<'a> {
    /// A field that is shown as it is.
    #[must_use]
    pub const fn plain(field: &'static str, text: &'a str) -> Self {
        Self {
            field,
            text,
            markdown: false,
        }
    }

    /// A field with mark-up.
    #[must_use]
    pub const fn markdown(field: &'static str, text: &'a str) -> Self {
        Self {
            field,
            text,
            markdown: true,
        }
    }

    /// What readers see of it.
    #[must_use]
    pub fn shown(&self) -> Shown {
        if self.markdown {
            Shown::of(self.text)
        } else {
            Shown::plain(self.text)
        }
    }
}

/// What a reader sees of a text, and where its links lead.
#[derive(Default, Debug)]
pub struct Shown {
    /// The words, without mark-up: a line for a line, and an empty one between paragraphs, items
    /// and quotes.
    pub text: String,
    /// Addresses of links.
    pub links: Vec<String>,
    /// Where pieces of `text` begin and end, and where each stands in the source, in bytes.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Shown {
    /// A text without mark-up.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.into(),
            links: vec![],
            pieces: vec![(0..text.len(), 0..text.len())],
        }
    }

    /// A Markdown text.
    #[must_use]
    pub fn of(body: &str) -> Self {
        let mut shown = Self::default();
        for (event, source) in events(body) {
            match event {
                Event::Text(text) | Event::Code(text) => {
                    let start = shown.text.len();
                    shown.text.push_str(&text);
                    shown.pieces.push((start..shown.text.len(), source));
                }
                Event::HardBreak => shown.text.push('\n'),
                Event::Rule
                | Event::Start(Tag::Item)
                | Event::End(
                    TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::BlockQuote(_),
                ) => {
                    shown.part();
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    shown.links.push(dest_url.into_string())
                }
                _ => {}
            }
        }
        shown.text.truncate(shown.text.trim_end_matches('\n').len());
        shown
    }

    /// What comes next stands apart.
    fn part(&mut self) {
        while !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Whether a reader would see nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !shows(&self.text)
    }

    /// The words on one line.
    #[must_use]
    pub fn line(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where a part of the text stands in the source, in bytes of it.
    #[must_use]
    pub fn source(&self, at: Range<usize>) -> Range<usize> {
        let piece = |of: usize| {
            self.pieces[..self.pieces.partition_point(|(shown, _)| shown.start <= of)].last()
        };
        // What is spelt otherwise in the source is there as a whole or not at all.
        let start = piece(at.start).map_or(0, |(shown, source)| {
            let letters = shown.len() == source.len();
            if letters {
                (source.start + at.start - shown.start).min(source.end)
            } else {
                source.start
            }
        });
        // The end is looked for in the piece of the last byte: the next piece may stand further on.
        let end = piece(at.end.saturating_sub(1)).map_or(0, |(shown, source)| {
            let letters = shown.len() == source.len();
            if letters {
                (source.start + at.end - shown.start).min(source.end)
            } else {
                source.end
            }
        });
        start..end.max(start)
    }
}
