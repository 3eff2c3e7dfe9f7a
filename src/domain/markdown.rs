//! Markdown to safe HTML, once, when something is written; and what readers see of it.
mod address;
mod events;
mod shown;
mod source;
mod walk;

use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

pub use shown::{Shown, Text};

/// The most HTML that is kept, in bytes.
const OUTPUT: usize = 64 * 1024;

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(
            [
                "p",
                "br",
                "strong",
                "em",
                "del",
                "code",
                "pre",
                "blockquote",
                "ul",
                "ol",
                "li",
                "a",
                "hr",
            ]
            .into(),
        )
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into())].into())
        .url_schemes(["http", "https"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener noreferrer"));
    builder
});

/// The HTML of a Markdown text: paragraphs, lines, emphasis, quotes, lists, code in fences and
/// links. Images become their words, headings bold paragraphs, raw HTML plain text. Where the
/// mark-up would take more than 64 KiB, the text is left without it.
#[must_use]
pub fn render(body: &str) -> String {
    let html = clean(events::events(body).into_iter().map(|(event, _)| event));
    html.unwrap_or_else(|| {
        let plain = [
            Event::Start(Tag::Paragraph),
            Event::Text(body.into()),
            Event::End(TagEnd::Paragraph),
        ];
        clean(plain.into_iter()).unwrap_or_default()
    })
}

/// The sanitised HTML of events, if it is short enough.
fn clean<'a>(events: impl Iterator<Item = Event<'a>>) -> Option<String> {
    let mut html = String::new();
    push_html(
        &mut html,
        events.map(|event| match event {
            // As it was typed: Cyrillic letters stay letters.
            Event::Start(Tag::Link { dest_url, .. }) => {
                Event::InlineHtml(format!("<a href=\"{}\">", escaped(&dest_url)).into())
            }
            Event::End(TagEnd::Link) => Event::InlineHtml("</a>".into()),
            other => other,
        }),
    );
    // Sanitising only adds to links, and costs more than it is worth where it cannot fit.
    let cleaned = (html.len() <= 2 * OUTPUT).then(|| SANITISER.clean(&html).to_string());
    cleaned.filter(|html| html.len() <= OUTPUT)
}

fn escaped(attribute: &str) -> String {
    attribute
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The words of a Markdown text, without its marks, on one line.
#[must_use]
pub fn plain(body: &str) -> String {
    Shown::of(body).line()
}

/// The HTML of a host's page: headings and tables too, since the host is trusted to structure a
/// page.
#[must_use]
pub fn render_page(body: &str) -> String {
    let mut html = String::with_capacity(body.len() * 2);
    push_html(
        &mut html,
        Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES),
    );
    let mut builder = ammonia::Builder::default();
    builder
        .rm_tags(["img"])
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer"));
    builder.clean(&html).to_string()
}

#[cfg(test)]
mod tests;
