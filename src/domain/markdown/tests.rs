//! What comes out of a text, and what must not; by topic in the files beside.
mod addresses;
mod anything;
mod shown;
mod vanishing;

use super::{walk::DEPTH, *};

/// Where the links of a text lead, as a browser reads them.
fn links(body: &str) -> Vec<String> {
    let html = render(body);
    let hrefs = html.split("<a ").skip(1).map(|rest| {
        rest.split("href=\"")
            .nth(1)
            .unwrap_or("\"none")
            .split('"')
            .next()
            .unwrap_or_default()
    });
    hrefs.map(decoded).collect()
}

fn decoded(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

/// The words of HTML.
fn words(html: &str) -> String {
    let text: String = html
        .split('<')
        .enumerate()
        .map(|(at, part)| {
            if at == 0 {
                part
            } else {
                part.split_once('>').map_or("", |(_, text)| text)
            }
        })
        .collect();
    decoded(&text)
}

/// HTML without what every link carries.
fn html(body: &str) -> String {
    render(body).replace(" rel=\"nofollow ugc noopener noreferrer\"", "")
}

#[test]
fn scripts_images_and_foreign_schemes_do_not_survive() {
    for attack in [
        "<script>alert(1)</script>",
        "![x](https://tracker.example/p.png)",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "<a href=\"data:text/html,x\">y</a>",
        "[x](//evil.example)",
        "<!-- <script>alert(1)</script> -->",
        "javascript://https://a.example/%0aalert(1)",
    ] {
        let html = render(attack);
        let bad = [
            "<script",
            "<img",
            "href=\"javascript",
            "<a href=\"data",
            "href=\"//",
        ];
        assert!(bad.iter().all(|bad| !html.contains(bad)), "{html}");
    }
}

#[test]
fn plain_text_has_the_words_and_no_marks() {
    assert_eq!(
        plain("# One\n\n**two** [three](https://example.org)\nfour\n\n* five\n* <b>six</b>"),
        "One two three four five <b>six</b>"
    );
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

#[test]
fn sixteen_kibibytes_give_at_most_sixty_four() {
    for unit in [
        "https://a.b ",
        "a\n",
        "*a* ",
        "[a](http://b)",
        "> ",
        "- a\n",
        "`a`",
        "&",
        "<a",
        "-     ",
        "[a]: b\n",
        "\t",
        "<!--",
        "_https://a.b/_ ",
        "\"",
        "**a** ",
    ] {
        let body = unit.repeat(12 * 1024 / unit.len());
        assert!(render(&body).len() <= OUTPUT, "{unit}");
        assert!(
            !render(&body).is_empty() || Shown::of(&body).is_blank(),
            "{unit}"
        );
    }
}
