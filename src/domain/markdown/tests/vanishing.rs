//! What a parser would make vanish, or make something else of: lines, numbers, indents,
//! definitions, tags, comments.
use super::{super::*, html, words};

#[test]
fn numbers_of_a_list_stay_as_they_are_typed() {
    let starts = |body: &str| render(body).match_indices("<ol").count();
    assert_eq!(
        html("3. третій\n5. п'ятий"),
        "<ol start=\"3\">\n<li>третій</li>\n</ol>\n<ol start=\"5\">\n<li>п'ятий</li>\n</ol>\n"
    );
    assert_eq!(
        html("2. b\n1. a"),
        "<ol start=\"2\">\n<li>b</li>\n</ol>\n<ol>\n<li>a</li>\n</ol>\n"
    );
    for counted in [
        "1. a\n1. b\n1. c",
        "1. a\n2. b\n3. c",
        "7) a\n8) b",
        "1. a\n   1. x\n   2. y\n2. b\n3. c",
    ] {
        assert!(
            starts(counted) <= 2 && !render(counted).contains("</ol>\n<ol"),
            "{counted} {}",
            render(counted)
        );
    }
    let deep = (0..20)
        .map(|depth| format!("{}5. a\n{}9. b\n", "   ".repeat(depth), "   ".repeat(depth)))
        .collect::<String>();
    assert_eq!(
        render(&deep).matches("<ol").count(),
        render(&deep).matches("</ol>").count()
    );
}

#[test]
fn lines_stay_lines() {
    assert_eq!(
        html("Перший\nДругий\n• один\n– два"),
        "<p>Перший<br>\nДругий<br>\n• один<br>\n– два</p>\n"
    );
    assert_eq!(Shown::of("a\nb  \nc\n\nd").text, "a\nb\nc\n\nd");
}

#[test]
fn an_indent_is_no_code_and_a_fence_is() {
    assert_eq!(
        html("Вступ.\n\n\tЗвичайний **абзац**.\n\n    https://example.org/a"),
        {
            "<p>Вступ.</p>\n<p>Звичайний <strong>абзац</strong>.</p>\n<p><a href=\"https://example.org/a\">https://example.org/a</a></p>\n"
        }
    );
    assert_eq!(html("        deep\n      less"), "<p>deep<br>\nless</p>\n");
    for body in [
        "* one\n\n      two",
        "1. a\n\n\t\tb",
        "> \tquoted",
        "-     far",
        "-     -     -     far",
        "\t\t\t# x",
        "a\n\n \t b\n\n\n\t\tc",
    ] {
        let html = html(body);
        assert!(!html.contains("<code>"), "{body:?} {html}");
        assert_eq!(
            words(&html).split_whitespace().collect::<String>().len(),
            body.replace(['*', '>', '-', '#'], "")
                .replace("1.", "")
                .split_whitespace()
                .collect::<String>()
                .len(),
            "{body:?} {html}"
        );
    }
    assert_eq!(
        html("* one\n\n  ```\n      two\n  ```"),
        "<ul>\n<li>\n<p>one</p>\n<pre><code>    two\n</code></pre>\n</li>\n</ul>\n"
    );
    assert_eq!(
        html("```\n\tx <!-- y -->\n```"),
        "<pre><code>\tx &lt;!-- y --&gt;\n</code></pre>\n"
    );
}

#[test]
fn a_definition_that_nothing_refers_to_does_not_vanish() {
    assert_eq!(
        words(&render("[x]: https://example.org")).trim(),
        "[x]: https://example.org"
    );
    assert_eq!(
        html("[one][1] two\n\n[1]: https://example.org/_a_\n[2]: https://two.example"),
        {
            "<p><a href=\"https://example.org/_a_\">one</a> two</p>\n<p>[2]: <a href=\"https://two.example\">https://two.example</a></p>\n"
        }
    );
    assert_eq!(
        words(&render("[a]: b\n[a]: c\n\nd[0]: e")).trim(),
        "[a]: b\n[a]: c\nd[0]: e"
    );
}

#[test]
fn tags_are_words_comments_are_nothing_and_mark_up_goes_on_among_them() {
    assert_eq!(
        html("<div>\n**a**</div>"),
        "<p>&lt;div&gt;<br>\n<strong>a</strong>&lt;/div&gt;</p>\n"
    );
    assert_eq!(
        html("Don<!-- x\ny -->bas <!-- z"),
        "<p>Donbas &lt;!-- z</p>\n"
    );
    assert_eq!(
        html("a < b && c <d"),
        "<p>a &lt; b &amp;&amp; c &lt;d</p>\n"
    );
}
