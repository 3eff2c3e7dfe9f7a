//! Addresses: whole, whatever signs are in them and around them, and links to themselves alone.
use super::{super::*, html, links, words};

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
        for (before, after) in [
            ("", ""),
            ("Див. ", ", і далі"),
            ("(", ")"),
            ("«", "»."),
            ("* ", ""),
            ("a_b ", " c_d"),
            ("> ", "!"),
            ("<", ">"),
            ("", "\u{a0}і"),
        ] {
            assert_eq!(
                links(&format!("{before}{address}{after}")),
                [address],
                "{before}…{after}"
            );
        }
    }
}

#[test]
fn an_address_is_whole_however_it_begins() {
    for address in [
        "www.example.org/_foo_/bar",
        "WWW.приклад.укр/a*b*c",
        "www.example.org",
    ] {
        for (before, after) in [
            ("", ""),
            ("Див. ", ", і"),
            ("(", ")"),
            ("**", "**"),
            ("<", ">"),
            ("_", "_"),
        ] {
            assert_eq!(
                links(&format!("{before}{address}{after}")),
                [format!("https://{address}")],
                "{before}…{after}"
            );
            assert!(words(&render(&format!("{before}{address}{after}"))).contains(address));
        }
    }
}

#[test]
fn what_leads_nowhere_is_shown_as_it_is_typed() {
    for typed in [
        "ftp://example.org/_a_/b",
        "uk.wikipedia.org/wiki/_Київ_(місто)",
        "t.me/__a__",
        "magnet://x/*a*b",
        "example.org/?a=1&copy=2",
    ] {
        for (before, after) in [("", ""), ("Див. ", ", і"), ("(", ")"), ("**", "**")] {
            let body = format!("{before}{typed}{after}");
            assert_eq!(
                (words(&render(&body)).trim(), links(&body).len()),
                (body.replace("**", "").as_str(), 0)
            );
        }
    }
    for no_address in [
        "і/або",
        "24/7",
        "0.5/2",
        "п.5/а",
        "name@example.org",
        "www.",
        "wwwx.org",
        "a.www.b",
    ] {
        assert_eq!(
            (words(&render(no_address)).trim(), links(no_address).len()),
            (no_address, 0)
        );
    }
    assert_eq!(html("a/b*c*"), "<p>a/b<em>c</em></p>\n");
}

#[test]
fn nothing_hides_a_name_from_those_who_look_for_it() {
    for hidden in [
        "blocked\\.example/page",
        "blocked&#46;example/page",
        "*blocked*.example/page",
        "blo\\-cked.example/page",
    ] {
        assert!(
            words(&render(hidden))
                .trim()
                .replace('-', "")
                .ends_with("blocked.example/page"),
            "{hidden}"
        );
    }
}

#[test]
fn an_address_with_a_bar_or_with_escapes_is_whole() {
    for query in [
        "https://example.org/?titles=A|Б_в|C",
        "https://example.org/?family=Open+Sans:400|Roboto",
    ] {
        for (before, after) in [("", ""), ("|", "|"), ("", "|https://two.example|")] {
            assert_eq!(
                links(&format!("{before}{query}{after}"))[0],
                query,
                "{before}…{after}"
            );
        }
    }
    assert_eq!(
        links("| https://one.example/a|https://two.example/b|"),
        ["https://one.example/a", "https://two.example/b"]
    );
    assert_eq!(
        links(r"https://example.org/foo\_bar\_baz"),
        ["https://example.org/foo_bar_baz"]
    );
}

#[test]
fn what_a_link_would_have_led_to_does_not_vanish() {
    for (body, shown) in [
        (
            "[пошта](mailto:a@example.org)",
            "пошта (mailto:a@example.org)",
        ),
        ("[point](/points/5)", "point (/points/5)"),
        ("[x](example.org)", "x (example.org)"),
        ("[x][1]\n\n[1]: tel:112", "x (tel:112)"),
        ("[x]()", "x"),
    ] {
        assert_eq!(
            (Shown::of(body).text.as_str(), links(body).len()),
            (shown, 0),
            "{body}"
        );
        assert_eq!(words(&render(body)).trim(), shown);
    }
    assert_eq!(
        links("[x](www.example.org/a_b)"),
        ["https://www.example.org/a_b"]
    );
}

#[test]
fn mark_up_around_an_address_is_mark_up() {
    let link = r#"<a href="https://example.org/a">https://example.org/a</a>"#;
    assert_eq!(
        html("**https://example.org/a**"),
        format!("<p><strong>{link}</strong></p>\n")
    );
    assert_eq!(
        html("_https://example.org/a_"),
        format!("<p><em>{link}</em></p>\n")
    );
    assert_eq!(
        html("_see https://example.org/a_ and b"),
        format!("<p><em>see {link}</em> and b</p>\n")
    );
    assert_eq!(
        html("~~https://example.org/a~~"),
        format!("<p><del>{link}</del></p>\n")
    );
}

#[test]
fn an_address_in_code_or_in_a_link_is_not_linked_again() {
    assert_eq!(
        html("`https://example.org/_a_ <b>`"),
        "<p><code>https://example.org/_a_ &lt;b&gt;</code></p>\n"
    );
    assert_eq!(
        html("```\n<https://example.org/_a_>\n```"),
        "<pre><code>&lt;https://example.org/_a_&gt;\n</code></pre>\n"
    );
    let to = |href: &str, text: &str| format!("<p><a href=\"{href}\">{text}</a></p>\n");
    assert_eq!(
        html("[https://one.example/_a_](https://two.example/_b_)"),
        to("https://two.example/_b_", "https://one.example/_a_")
    );
    assert_eq!(
        html("[x](https://two.example/?a=1&amp;b=2 \"title\")"),
        to("https://two.example/?a=1&amp;b=2", "x")
    );
    assert_eq!(
        html("[x](<https://two.example/a_(b)>)"),
        to("https://two.example/a_(b)", "x")
    );
    assert_eq!(
        html("<https://one.example/_a_>"),
        to("https://one.example/_a_", "https://one.example/_a_")
    );
}
