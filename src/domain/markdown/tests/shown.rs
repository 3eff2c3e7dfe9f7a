//! What readers see: found in the source, without what is hidden, blank where it shows nothing.
use super::super::*;

#[test]
fn what_is_shown_is_read_without_its_mark_up_and_found_in_the_source() {
    let body = "So **бо**мба and [x](https://one.example), `code`\n\n> https://two.example &amp; [y][r] &#x431;омба\n\n[r]: https&#58;//three.example";
    let shown = Shown::of(body);
    assert_eq!(
        shown.text,
        "So бомба and x, code\n\nhttps://two.example & y бомба"
    );
    assert_eq!(
        shown.links,
        [
            "https://one.example",
            "https://two.example",
            "https://three.example"
        ]
    );
    let sources: Vec<_> = shown
        .text
        .match_indices("бомба")
        .map(|(at, word)| &body[shown.source(at..at + word.len())])
        .collect();
    assert_eq!(sources, ["бо**мба", "&#x431;омба"]);
    let at = shown.text.find('&').unwrap();
    assert_eq!(&body[shown.source(at..at + 1)], "&amp;");
    let plain = Shown::plain("*as it is*");
    assert_eq!(
        (plain.text.as_str(), plain.source(1..3)),
        ("*as it is*", 1..3)
    );
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
    for hidden in [
        "&shy;",
        "&#8203;",
        "&#x202E;",
        "&#xFDD0;",
        "&#xFDD0;0&#xFDD0;https://a.example ",
        "\u{fdd0}",
        "&#8288;",
        "&ZeroWidthSpace;",
    ] {
        let shown = Shown::of(&format!("tro{hidden}uble"));
        assert!(
            !shown.text.contains(crate::domain::text::is_invisible),
            "{hidden} {:?}",
            shown.text
        );
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
        assert!(
            Shown::of(blank).is_blank(),
            "{blank:?} {:?}",
            Shown::of(blank).text
        );
    }
    for seen in [
        "0",
        "👩‍🚀",
        "[x]: https://example.org",
        "[x](https://example.org)",
        "<b>",
        "`-`",
        "☺️",
        "~",
        "**",
        "&",
        "і\u{301}",
    ] {
        assert!(!Shown::of(seen).is_blank(), "{seen:?}");
    }
}
