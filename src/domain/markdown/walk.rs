//! The walk through a parsed text: what is shown of each of its parts.
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};
use url::Url;

use super::{
    events::{Placed, parser},
    source::{Kind, Marked, Part, Taken},
};
use crate::domain::text::is_hidden;

/// How deep quotes and lists may nest: sanitising cost grows with the square of the depth.
pub(super) const DEPTH: usize = 12;

/// Whether an address leads somewhere on the web: other links are refused.
fn is_web(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// What is shown of a text with its marks.
pub(super) fn walk(marked: &Marked<'_>) -> Vec<Placed> {
    let mut walk = Walk {
        marked,
        depth: 0,
        lists: vec![],
        in_link: false,
        nowhere: None,
        in_code: false,
        verbatim: false,
        out: vec![],
    };
    for (event, at) in parser(marked).into_offset_iter() {
        if matches!(event, Event::Start(Tag::Item)) {
            walk.number(&marked.text[at.start..], marked.place(at.start));
        }
        let start = marked.place(at.start);
        let end = if at.end > at.start {
            marked.end(at.end).max(start)
        } else {
            start
        };
        // Letter for letter what was typed, or an entity.
        walk.verbatim = matches!(&event, Event::Text(text) if marked.text.get(at) == Some(&**text));
        walk.step(event, start..end);
    }
    walk.out
}

/// Where the walk through the document stands.
struct Walk<'m, 'b> {
    marked: &'m Marked<'b>,
    depth: usize,
    /// Of each list around: the number it began with and the next one, where its items have
    /// numbers.
    lists: Vec<Option<(u64, u64)>>,
    in_link: bool,
    /// Where a link leads that leads nowhere on the web.
    nowhere: Option<String>,
    in_code: bool,
    /// Whether the text at hand stands so in what is parsed.
    verbatim: bool,
    out: Vec<Placed>,
}

impl Walk<'_, '_> {
    fn step(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, at),
            Event::End(tag) => self.close(tag, at),
            // Tags are taken out before, so there is no HTML; were there any, it would be text.
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text, at),
            Event::Code(code) => {
                let code = self.marked.unmarked(&code);
                self.emit(Event::Code(code.into()), at);
            }
            Event::SoftBreak => self.emit(Event::HardBreak, at),
            other => self.emit(other.into_static(), at),
        }
    }

    /// Numbers stay as they are typed: one that jumps begins a list of its own. Items that all have
    /// the first number are counted.
    fn number(&mut self, item: &str, at: usize) {
        let typed = item
            [..item.len() - item.trim_start_matches(|c: char| c.is_ascii_digit()).len()]
            .parse()
            .unwrap_or_default();
        let inside = self.depth <= DEPTH;
        let Some((first, next)) = self.lists.last_mut().and_then(Option::as_mut) else {
            return;
        };
        let jumps = typed != *next && typed != *first;
        if jumps {
            (*first, *next) = (typed, typed);
        }
        *next += 1;
        if jumps && inside {
            self.emit(Event::End(TagEnd::List(true)), at..at);
            self.emit(Event::Start(Tag::List(Some(typed))), at..at);
        }
    }

    fn emit(&mut self, event: Event<'static>, at: Range<usize>) {
        self.out.push((event, at));
    }

    fn text(&mut self, text: &str, at: Range<usize>) {
        if self.in_code {
            let text = self.marked.unmarked(text);
            return self.emit(Event::Text(text.into()), at);
        }
        let marked = self.marked;
        let mut from = at.start;
        for part in marked.parts(text) {
            match part {
                Part::Text(text) if self.verbatim => {
                    let end = (from + text.len()).min(at.end);
                    self.emit(Event::Text(text.to_owned().into()), from..end);
                    from = end;
                }
                Part::Text(text) => {
                    let shown: String = text.chars().filter(|c| !is_hidden(*c)).collect();
                    self.emit(Event::Text(shown.into()), at.clone());
                }
                Part::Taken(Taken { kind, at }) => {
                    from = at.end;
                    match kind {
                        Kind::Address { words, href } => self.address(words, href, at.clone()),
                        Kind::Typed => self.emit(
                            Event::Text(marked.typed(at.clone()).to_owned().into()),
                            at.clone(),
                        ),
                        Kind::Comment | Kind::Indent => {}
                    }
                }
            }
        }
    }

    /// An address is a link to itself, unless it stands in one.
    fn address(&mut self, words: &str, href: &str, at: Range<usize>) {
        let words = Event::Text(words.to_owned().into());
        if self.in_link {
            return self.emit(words, at);
        }
        let none = || CowStr::from("");
        let link = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: href.to_owned().into(),
            title: none(),
            id: none(),
        };
        self.emit(Event::Start(link), at.clone());
        self.emit(words, at.clone());
        self.emit(Event::End(TagEnd::Link), at);
    }

    fn open(&mut self, tag: Tag<'_>, at: Range<usize>) {
        match tag {
            Tag::Image { .. } | Tag::HtmlBlock => {}
            Tag::Heading { .. } => {
                self.emit(Event::Start(Tag::Paragraph), at.clone());
                self.emit(Event::Start(Tag::Strong), at);
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => self.emit(Event::Start(Tag::Paragraph), at),
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.depth += 1;
                if let Tag::List(start) = &tag {
                    self.lists.push(start.map(|start| (start, start)));
                }
                if self.depth <= DEPTH {
                    self.emit(Event::Start(tag.into_static()), at);
                }
            }
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let none = || CowStr::from("");
                let dest_url = self.marked.destination(&dest_url);
                if !is_web(&dest_url) {
                    self.nowhere = Some(dest_url);
                    return;
                }
                self.in_link = true;
                let dest_url = dest_url.into();
                self.emit(
                    Event::Start(Tag::Link {
                        link_type,
                        dest_url,
                        title: none(),
                        id: none(),
                    }),
                    at,
                );
            }
            tag => {
                self.in_code |= matches!(tag, Tag::CodeBlock(_));
                self.emit(Event::Start(tag.into_static()), at);
            }
        }
    }

    fn close(&mut self, tag: TagEnd, at: Range<usize>) {
        match tag {
            TagEnd::Image | TagEnd::HtmlBlock => {}
            TagEnd::Heading(_) => {
                self.emit(Event::End(TagEnd::Strong), at.clone());
                self.emit(Event::End(TagEnd::Paragraph), at);
            }
            TagEnd::Link if !self.in_link => {
                // What it would have led to does not vanish with it.
                let shown: String = self
                    .nowhere
                    .take()
                    .unwrap_or_default()
                    .chars()
                    .filter(|c| !is_hidden(*c))
                    .collect();
                if !shown.is_empty() {
                    self.emit(Event::Text(format!(" ({shown})").into()), at);
                }
            }
            TagEnd::CodeBlock if !self.in_code => self.emit(Event::End(TagEnd::Paragraph), at),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.depth -= 1;
                if matches!(tag, TagEnd::List(_)) {
                    self.lists.pop();
                }
                if self.depth < DEPTH {
                    self.emit(Event::End(tag), at);
                }
            }
            tag => {
                self.in_link &= tag != TagEnd::Link;
                self.in_code &= tag != TagEnd::CodeBlock;
                self.emit(Event::End(tag), at);
            }
        }
    }
}
