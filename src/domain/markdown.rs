//! Markdown to safe HTML, once, when something is written.
use std::{ops::Range, sync::LazyLock};

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

/// How deep quotes and lists may nest: sanitising cost grows with the square of the depth.
const DEPTH: usize = 12;
/// The most HTML that is kept, in bytes.
const OUTPUT: usize = 64 * 1024;

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(["p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"].into())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into())].into())
        .url_schemes(["http", "https"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener noreferrer"));
    builder
});

/// The HTML of a Markdown text: paragraphs, emphasis, quotes, lists, code and links. Images become their words, headings
/// bold paragraphs, raw HTML plain text.
#[must_use]
pub fn render(body: &str) -> String {
    let mut html = String::with_capacity(body.len() * 2);
    push_html(&mut html, Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH).scan(Walk::default(), |walk, event| Some(walk.step(event))).flatten());
    if html.len() > OUTPUT {
        html.clear();
        push_html(&mut html, [Event::Start(Tag::Paragraph), Event::Text(body.into()), Event::End(TagEnd::Paragraph)].into_iter());
    }
    SANITISER.clean(&html).to_string()
}

/// The words of a Markdown text, without its marks, on one line.
#[must_use]
pub fn plain(body: &str) -> String {
    Shown::of(body).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a reader sees of a text, and where its links lead: what rules about words and links are read on, so that no mark-up
/// hides anything from them.
#[derive(Default, Debug)]
pub struct Shown {
    /// The words, without mark-up.
    pub text: String,
    /// Addresses of links.
    pub links: Vec<String>,
    /// Where pieces of `text` begin, and where each stands in the source, in bytes.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Shown {
    /// A text without mark-up.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self { text: text.into(), links: vec![], pieces: vec![(0, 0..text.len())] }
    }

    /// A Markdown text.
    #[must_use]
    pub fn of(body: &str) -> Self {
        let (mut shown, mut walk) = (Self::default(), Walk::default());
        for (event, source) in Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH).into_offset_iter() {
            match &event {
                Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                    shown.pieces.push((shown.text.len(), source));
                    shown.text.push_str(text);
                }
                Event::SoftBreak | Event::HardBreak | Event::Rule => shown.text.push('\n'),
                Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::BlockQuote(_)) => {
                    shown.text.push('\n')
                }
                _ => {}
            }
            let links = walk.step(event).into_iter().filter_map(|event| match event {
                Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
                _ => None,
            });
            shown.links.extend(links);
        }
        shown
    }

    /// Where a part of the text stands in the source, in characters of it.
    #[must_use]
    pub fn source(&self, body: &str, at: Range<usize>) -> Range<usize> {
        let byte = |at: usize, of: usize| {
            let piece = self.pieces.iter().rev().find(|(start, _)| *start <= of);
            piece.map_or(0, |(start, source)| (source.start + at - start).min(source.end))
        };
        let place = |byte: usize| body.char_indices().take_while(|(place, _)| *place < byte).count();
        // The end is looked for in the piece of the last byte: the next piece may stand further on.
        place(byte(at.start, at.start))..place(byte(at.end, at.end.saturating_sub(1)))
    }
}

/// The HTML of a host's page: headings and tables too, since the host is trusted to structure a page.
#[must_use]
pub fn render_page(body: &str) -> String {
    let mut html = String::with_capacity(body.len() * 2);
    push_html(&mut html, Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES));
    let mut builder = ammonia::Builder::default();
    builder.rm_tags(["img"]).url_schemes(["http", "https", "mailto"].into()).link_rel(Some("noopener noreferrer"));
    builder.clean(&html).to_string()
}

/// Where the walk through the document stands.
#[derive(Default)]
struct Walk {
    depth: usize,
    in_link: bool,
    in_code: bool,
}

impl Walk {
    fn step<'a>(&mut self, event: Event<'a>) -> Vec<Event<'a>> {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) if !self.in_link && !self.in_code => linked(&text),
            Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
            other => vec![other],
        }
    }

    fn open<'a>(&mut self, tag: Tag<'a>) -> Vec<Event<'a>> {
        match tag {
            Tag::Image { .. } | Tag::HtmlBlock => vec![],
            Tag::Heading { .. } => vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)],
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.depth += 1;
                if self.depth <= DEPTH { vec![Event::Start(tag)] } else { vec![] }
            }
            tag => {
                self.in_link |= matches!(tag, Tag::Link { .. });
                self.in_code |= matches!(tag, Tag::CodeBlock(_));
                vec![Event::Start(tag)]
            }
        }
    }

    fn close<'a>(&mut self, tag: TagEnd) -> Vec<Event<'a>> {
        match tag {
            TagEnd::Image | TagEnd::HtmlBlock => vec![],
            TagEnd::Heading(_) => vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)],
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.depth -= 1;
                if self.depth < DEPTH { vec![Event::End(tag)] } else { vec![] }
            }
            tag => {
                self.in_link &= tag != TagEnd::Link;
                self.in_code &= tag != TagEnd::CodeBlock;
                vec![Event::End(tag)]
            }
        }
    }
}

/// A text with its bare addresses made links.
fn linked<'a>(text: &str) -> Vec<Event<'a>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let spans = finder.spans(text);
    spans
        .flat_map(|span| {
            let words = Event::Text(span.as_str().to_owned().into());
            if span.kind().is_none() {
                return vec![words];
            }
            let link = Tag::Link {
                link_type: pulldown_cmark::LinkType::Autolink,
                dest_url: span.as_str().to_owned().into(),
                title: "".into(),
                id: "".into(),
            };
            vec![Event::Start(link), words, Event::End(TagEnd::Link)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_images_and_foreign_schemes_do_not_survive() {
        for attack in [
            "<script>alert(1)</script>",
            "![x](https://tracker.example/p.png)",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "<a href=\"data:text/html,x\">y</a>",
            "[x](//evil.example)",
        ] {
            let html = render(attack);
            let bad = ["<script", "<img", "href=\"javascript", "<a href=\"data", "href=\"//"];
            assert!(bad.iter().all(|bad| !html.contains(bad)), "{html}");
        }
    }

    #[test]
    fn plain_text_has_the_words_and_no_marks() {
        assert_eq!(plain("# One\n\n**two** [three](https://example.org)\nfour\n\n* five\n* <b>six</b>"), "One two three four five <b>six</b>");
    }

    #[test]
    fn what_is_shown_is_read_without_its_mark_up_and_found_in_the_source() {
        let body = "So **бо**мба and [x](https://one.example), `code`\n\n> https://two.example &amp; [y][r]\n\n[r]: https&#58;//three.example";
        let shown = Shown::of(body);
        assert_eq!(shown.text.trim_end(), "So бомба and x, code\nhttps://two.example & y");
        assert_eq!(shown.links, ["https://one.example", "https://two.example", "https://three.example"]);
        let at = shown.text.find("бомба").unwrap();
        let source = shown.source(body, at..at + "бомба".len());
        assert_eq!(body.chars().take(source.end).skip(source.start).collect::<String>(), "бо**мба");
        let plain = Shown::plain("*as it is*");
        assert_eq!((plain.text.as_str(), plain.source("*as it is*", 1..3)), ("*as it is*", 1..3));
    }

    #[test]
    fn links_are_marked_as_somebody_elses() {
        insta::assert_snapshot!(render("See https://example.org/a_b and [this](https://example.org)."), @r#"<p>See <a href="https://example.org/a_b" rel="nofollow ugc noopener noreferrer">https://example.org/a_b</a> and <a href="https://example.org" rel="nofollow ugc noopener noreferrer">this</a>.</p>"#);
    }

    #[test]
    fn nesting_is_capped_and_stays_balanced() {
        let html = render(&format!("{} deep", ">".repeat(4_000)));
        assert_eq!(html.matches("<blockquote>").count(), DEPTH);
        assert_eq!(html.matches("</blockquote>").count(), DEPTH);
    }
}
