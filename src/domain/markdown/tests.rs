use proptest::prelude::*;

use super::{events::DEPTH, *};

/// Where the links of a text lead, as a browser reads them.
fn links(body: &str) -> Vec<String> {
    let html = render(body);
    let hrefs = html.split("<a ").skip(1).map(|rest| rest.split("href=\"").nth(1).unwrap_or("\"none").split('"').next().unwrap_or_default());
    hrefs.map(decoded).collect()
}

fn decoded(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// The words of HTML.
fn words(html: &str) -> String {
    let text: String =
        html.split('<').enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) }).collect();
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
    let body =
        "So **бо**мба and [x](https://one.example), `code`\n\n> https://two.example &amp; [y][r] &#x431;омба\n\n[r]: https&#58;//three.example";
    let shown = Shown::of(body);
    assert_eq!(shown.text, "So бомба and x, code\n\nhttps://two.example & y бомба");
    assert_eq!(shown.links, ["https://one.example", "https://two.example", "https://three.example"]);
    let sources: Vec<_> = shown.text.match_indices("бомба").map(|(at, word)| &body[shown.source(at..at + word.len())]).collect();
    assert_eq!(sources, ["бо**мба", "&#x431;омба"]);
    let at = shown.text.find('&').unwrap();
    assert_eq!(&body[shown.source(at..at + 1)], "&amp;");
    let plain = Shown::plain("*as it is*");
    assert_eq!((plain.text.as_str(), plain.source(1..3)), ("*as it is*", 1..3));
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
fn an_address_is_one_link_whatever_signs_are_in_it() {
    for address in [
        "https://uk.wikipedia.org/wiki/Україна_(значення)",
        "https://example.org/_foo_/bar",
        "https://example.org/__init__.py",
        "https://example.org/a*b*c",
        "https://example.org/?q[]=1&r[]=2",
        "https://example.org/~user/~other",
        "https://example.org/~~user/x~~",
        "https://example.org/abc_",
        "https://example.org/?a=1&copy=2",
        "https://example.org/?a=1&copy;=2",
        "https://example.org#top_of_it",
        "https://example.org/#/a/*b*/c",
        "https://приклад.укр",
        "https://user:secret@example.org:8443/a",
        "http://[::1]:8080/x",
        "HTTPS://приклад.укр/шлях?так=1",
        "http://localhost:8080/a__b__c",
        "https://uk.wikipedia.org/wiki/Слов’янськ",
        "https://example.org/Полк_«Азов»",
    ] {
        for (before, after) in
            [("", ""), ("Див. ", ", і далі"), ("(", ")"), ("«", "»."), ("* ", ""), ("a_b ", " c_d"), ("> ", "!"), ("<", ">"), ("", "\u{a0}і")]
        {
            assert_eq!(links(&format!("{before}{address}{after}")), [address], "{before}…{after}");
        }
    }
}

#[test]
fn an_address_is_whole_however_it_begins() {
    for address in ["www.example.org/_foo_/bar", "WWW.приклад.укр/a*b*c", "www.example.org"] {
        for (before, after) in [("", ""), ("Див. ", ", і"), ("(", ")"), ("**", "**"), ("<", ">"), ("_", "_")] {
            assert_eq!(links(&format!("{before}{address}{after}")), [format!("https://{address}")], "{before}…{after}");
            assert!(words(&render(&format!("{before}{address}{after}"))).contains(address));
        }
    }
    for typed in ["ftp://example.org/_a_/b", "uk.wikipedia.org/wiki/_Київ_(місто)", "t.me/__a__", "magnet://x/*a*b", "example.org/?a=1&copy=2"]
    {
        for (before, after) in [("", ""), ("Див. ", ", і"), ("(", ")"), ("**", "**")] {
            let body = format!("{before}{typed}{after}");
            assert_eq!((words(&render(&body)).trim(), links(&body).len()), (body.replace("**", "").as_str(), 0));
        }
    }
    for no_address in ["і/або", "24/7", "0.5/2", "п.5/а", "name@example.org", "www.", "wwwx.org", "a.www.b"] {
        assert_eq!((words(&render(no_address)).trim(), links(no_address).len()), (no_address, 0));
    }
    assert_eq!(html("a/b*c*"), "<p>a/b<em>c</em></p>\n");
    // Nothing hides a name from those who look for it.
    for hidden in ["blocked\\.example/page", "blocked&#46;example/page", "*blocked*.example/page", "blo\\-cked.example/page"] {
        assert!(words(&render(hidden)).trim().replace('-', "").ends_with("blocked.example/page"), "{hidden}");
    }
}

#[test]
fn an_address_with_a_bar_or_with_escapes_is_whole() {
    for query in ["https://example.org/?titles=A|Б_в|C", "https://example.org/?family=Open+Sans:400|Roboto"] {
        for (before, after) in [("", ""), ("|", "|"), ("", "|https://two.example|")] {
            assert_eq!(links(&format!("{before}{query}{after}"))[0], query, "{before}…{after}");
        }
    }
    assert_eq!(links("| https://one.example/a|https://two.example/b|"), ["https://one.example/a", "https://two.example/b"]);
    assert_eq!(links(r"https://example.org/foo\_bar\_baz"), ["https://example.org/foo_bar_baz"]);
}

#[test]
fn what_a_link_would_have_led_to_does_not_vanish() {
    for (body, shown) in [
        ("[пошта](mailto:a@example.org)", "пошта (mailto:a@example.org)"),
        ("[point](/points/5)", "point (/points/5)"),
        ("[x](example.org)", "x (example.org)"),
        ("[x][1]\n\n[1]: tel:112", "x (tel:112)"),
        ("[x]()", "x"),
    ] {
        assert_eq!((Shown::of(body).text.as_str(), links(body).len()), (shown, 0), "{body}");
        assert_eq!(words(&render(body)).trim(), shown);
    }
    assert_eq!(links("[x](www.example.org/a_b)"), ["https://www.example.org/a_b"]);
}

#[test]
fn numbers_of_a_list_stay_as_they_are_typed() {
    let starts = |body: &str| render(body).match_indices("<ol").count();
    assert_eq!(html("3. третій\n5. п'ятий"), "<ol start=\"3\">\n<li>третій</li>\n</ol>\n<ol start=\"5\">\n<li>п'ятий</li>\n</ol>\n");
    assert_eq!(html("2. b\n1. a"), "<ol start=\"2\">\n<li>b</li>\n</ol>\n<ol>\n<li>a</li>\n</ol>\n");
    for counted in ["1. a\n1. b\n1. c", "1. a\n2. b\n3. c", "7) a\n8) b", "1. a\n   1. x\n   2. y\n2. b\n3. c"] {
        assert!(starts(counted) <= 2 && !render(counted).contains("</ol>\n<ol"), "{counted} {}", render(counted));
    }
    let deep = (0..20).map(|depth| format!("{}5. a\n{}9. b\n", "   ".repeat(depth), "   ".repeat(depth))).collect::<String>();
    assert_eq!(render(&deep).matches("<ol").count(), render(&deep).matches("</ol>").count());
}

#[test]
fn mark_up_around_an_address_is_mark_up() {
    let link = r#"<a href="https://example.org/a">https://example.org/a</a>"#;
    assert_eq!(html("**https://example.org/a**"), format!("<p><strong>{link}</strong></p>\n"));
    assert_eq!(html("_https://example.org/a_"), format!("<p><em>{link}</em></p>\n"));
    assert_eq!(html("_see https://example.org/a_ and b"), format!("<p><em>see {link}</em> and b</p>\n"));
    assert_eq!(html("~~https://example.org/a~~"), format!("<p><del>{link}</del></p>\n"));
}

#[test]
fn an_address_in_code_or_in_a_link_is_not_linked_again() {
    assert_eq!(html("`https://example.org/_a_ <b>`"), "<p><code>https://example.org/_a_ &lt;b&gt;</code></p>\n");
    assert_eq!(html("```\n<https://example.org/_a_>\n```"), "<pre><code>&lt;https://example.org/_a_&gt;\n</code></pre>\n");
    let to = |href: &str, text: &str| format!("<p><a href=\"{href}\">{text}</a></p>\n");
    assert_eq!(html("[https://one.example/_a_](https://two.example/_b_)"), to("https://two.example/_b_", "https://one.example/_a_"));
    assert_eq!(html("[x](https://two.example/?a=1&amp;b=2 \"title\")"), to("https://two.example/?a=1&amp;b=2", "x"));
    assert_eq!(html("[x](<https://two.example/a_(b)>)"), to("https://two.example/a_(b)", "x"));
    assert_eq!(html("<https://one.example/_a_>"), to("https://one.example/_a_", "https://one.example/_a_"));
}

#[test]
fn lines_stay_lines() {
    assert_eq!(html("Перший\nДругий\n• один\n– два"), "<p>Перший<br>\nДругий<br>\n• один<br>\n– два</p>\n");
    assert_eq!(Shown::of("a\nb  \nc\n\nd").text, "a\nb\nc\n\nd");
}

#[test]
fn an_indent_is_no_code_and_a_fence_is() {
    assert_eq!(html("Вступ.\n\n\tЗвичайний **абзац**.\n\n    https://example.org/a"), {
        "<p>Вступ.</p>\n<p>Звичайний <strong>абзац</strong>.</p>\n<p><a href=\"https://example.org/a\">https://example.org/a</a></p>\n"
    });
    assert_eq!(html("        deep\n      less"), "<p>deep<br>\nless</p>\n");
    for body in ["* one\n\n      two", "1. a\n\n\t\tb", "> \tquoted", "-     far", "-     -     -     far", "\t\t\t# x", "a\n\n \t b\n\n\n\t\tc"] {
        let html = html(body);
        assert!(!html.contains("<code>"), "{body:?} {html}");
        assert_eq!(
            words(&html).split_whitespace().collect::<String>().len(),
            body.replace(['*', '>', '-', '#'], "").replace("1.", "").split_whitespace().collect::<String>().len(),
            "{body:?} {html}"
        );
    }
    assert_eq!(html("* one\n\n  ```\n      two\n  ```"), "<ul>\n<li>\n<p>one</p>\n<pre><code>    two\n</code></pre>\n</li>\n</ul>\n");
    assert_eq!(html("```\n\tx <!-- y -->\n```"), "<pre><code>\tx &lt;!-- y --&gt;\n</code></pre>\n");
}

#[test]
fn a_definition_that_nothing_refers_to_does_not_vanish() {
    assert_eq!(words(&render("[x]: https://example.org")).trim(), "[x]: https://example.org");
    assert_eq!(html("[one][1] two\n\n[1]: https://example.org/_a_\n[2]: https://two.example"), {
        "<p><a href=\"https://example.org/_a_\">one</a> two</p>\n<p>[2]: <a href=\"https://two.example\">https://two.example</a></p>\n"
    });
    assert_eq!(words(&render("[a]: b\n[a]: c\n\nd[0]: e")).trim(), "[a]: b\n[a]: c\nd[0]: e");
}

#[test]
fn tags_are_words_comments_are_nothing_and_mark_up_goes_on_among_them() {
    assert_eq!(html("<div>\n**a**</div>"), "<p>&lt;div&gt;<br>\n<strong>a</strong>&lt;/div&gt;</p>\n");
    assert_eq!(html("Don<!-- x\ny -->bas <!-- z"), "<p>Donbas &lt;!-- z</p>\n");
    assert_eq!(html("a < b && c <d"), "<p>a &lt; b &amp;&amp; c &lt;d</p>\n");
}

#[test]
fn a_comment_in_code_is_shown_and_found_where_it_stands() {
    let body = "a```\n```\n> <!--так-->";
    let shown = Shown::of(body);
    let at = shown.text.find("так").unwrap();
    assert_eq!(&body[shown.source(at..at + "так".len())], "так");
    assert_eq!(&body[shown.source(at..shown.text.len())], "так-->");
}

#[test]
fn what_is_hidden_is_taken_out_however_it_is_spelt() {
    for hidden in ["&shy;", "&#8203;", "&#x202E;", "&#xFDD0;", "&#xFDD0;0&#xFDD0;https://a.example ", "\u{fdd0}", "&#8288;", "&ZeroWidthSpace;"] {
        let shown = Shown::of(&format!("tro{hidden}uble"));
        assert!(!shown.text.contains(crate::domain::text::is_invisible), "{hidden} {:?}", shown.text);
        assert!(!render(&format!("tro{hidden}uble")).contains(crate::domain::text::is_invisible));
    }
}

#[test]
fn what_shows_nothing_is_blank() {
    for blank in [
        "",
        " ",
        "\u{a0}",
        "\u{2800}",
        "\u{3164}",
        "\u{34f}",
        "\u{fe0f}",
        "\u{ffa0}",
        "\u{200d}",
        "\u{115f}",
        "\u{2066}",
        "\u{e0001}",
        "&#8203;",
        "&nbsp;",
        "&#x2800;",
        "[](https://example.org)",
        "![](https://example.org/a.png)",
        "#",
        ">",
        "> >",
        "- ",
        "1.",
        "***",
        "---",
        "```\n```",
        "<!-- x -->",
        "&zwj;",
        "`\u{3164}`",
    ] {
        assert!(Shown::of(blank).is_blank(), "{blank:?} {:?}", Shown::of(blank).text);
    }
    for seen in ["0", "👩‍🚀", "[x]: https://example.org", "[x](https://example.org)", "<b>", "`-`", "☺️", "~", "**", "&", "і\u{301}"] {
        assert!(!Shown::of(seen).is_blank(), "{seen:?}");
    }
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
        assert!(!render(&body).is_empty() || Shown::of(&body).is_blank(), "{unit}");
    }
}

/// A stretch of an address that may end it.
const PIECE: &str = r"[a-z0-9а-яіїєґ_~/=%@+$-]{0,12}([.,:;?!&*'~_#]|\([a-zа-я_]{0,5}\)|\[[a-z]{0,3}\]|&copy|&amp;|__|~~)?[a-z0-9а-яії/]{1,8}";

proptest! {
    #[test]
    fn any_address_in_prose_is_one_link_to_itself(
        host in r"(www\.)?[a-z0-9]{1,8}(-[a-zа-яі]{1,5})?\.(org|укр|com\.ua|example:8080)",
        pieces in prop::collection::vec(PIECE, 0..4),
        start in r"(|Див\. |Перше слово _так_ і |- |1\. |\(|«|> |\*\*Увага\*\*: |рядок\n|a\n\n\t|snake_case ~ )",
        end in r"(|, і далі|\.|\)|»| _далі_|\nрядок| \*\*кінець\*\*|\?|\u{a0}і)",
    ) {
        let address = format!("https://{host}{}{}", if pieces.is_empty() { "" } else { "/" }, pieces.concat());
        // A quote that is never closed ends it: that is no address people copy.
        prop_assume!(!address.contains('\''));
        prop_assert_eq!(links(&format!("{start}{address}{end}")), [address]);
    }

    #[test]
    fn what_is_judged_is_what_is_shown(body in r"([a-zа-я]{1,5}|[ \n\t]|\n\n|\*\*|\*|_|~~|`|```\n|> |- |1\. |    |\[|\]|\(|\)|\[a\]: |&shy;|&amp;|&#67;|<b>|<!--|-->|<|https://a\.b/_c|# |!|\\){0,40}") {
        let shown = Shown::of(&body);
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("");
        prop_assert_eq!(squeezed(&words(&render(&body))), squeezed(&shown.text));
        for (at, c) in shown.text.char_indices() {
            let source = shown.source(at..at + c.len_utf8());
            prop_assert!(body.get(source).is_some());
        }
    }

    #[test]
    fn any_characters_at_all_are_rendered(body in any::<String>()) {
        prop_assert!(render(&body).len() <= OUTPUT);
        let shown = Shown::of(&body);
        prop_assert!(body.get(shown.source(0..shown.text.len())).is_some());
    }
}
