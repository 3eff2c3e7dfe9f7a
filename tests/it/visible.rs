//! Texts are judged as readers see them: by the gate for land, the word list, search, likeness, and
//! what asks whether there is anything.
use serde_json::{Value, json};

use crate::{
    harness::{World, both, proposal},
    pace::{owner_with, say},
};

both! {
    the_gate_for_land_reads_what_readers_see_and_points_into_what_was_typed,
    what_shows_nothing_is_refused_wherever_something_must_show,
    the_word_list_knows_a_word_in_every_spelling,
    search_finds_a_word_in_every_spelling,
    likeness_and_heads_are_of_the_words_without_their_mark_up,
}

async fn the_gate_for_land_reads_what_readers_see_and_points_into_what_was_typed(world: World) {
    let author = world.participant("author", "kyiv").await;
    for (body, words) in [
        ("Kyiv recognises Crimea as Russian.", "recognises Crimea"),
        (
            "Kyiv recognises C**rimea** as Russian.",
            "recognises C**rimea",
        ),
        ("Kyiv cedes **D**onbas.", "cedes **D**onbas"),
        (
            "Kyiv recognises Cri&shy;mea as Russian.",
            "recognises Cri&shy;mea",
        ),
        (
            "Kyiv recognises &#67;rimea as Russian.",
            "recognises &#67;rimea",
        ),
        (
            "Kyiv cedes [D](https://x.example)onbas.",
            "cedes [D](https://x.example)onbas",
        ),
        ("Kyiv cedes Don<!-- -->bas.", "cedes Don<!-- -->bas"),
        ("Київ визнає **Кр**им російським.", "визнає **Кр**им"),
        ("Київ визнає Кр&zwj;им російським.", "визнає Кр&zwj;им"),
    ] {
        let draft = json!({ "title": "A promise in writing", "body": body, "verifier": "Anyone can read the text." });
        let asked = author
            .post(&format!("/questions/{}/scope-check", world.question), draft)
            .await
            .body;
        let mut card = proposal("A promise in writing");
        card["body"] = body.into();
        let made = author
            .post(&format!("/questions/{}/concessions", world.question), card)
            .await;
        assert_eq!(
            (
                &made.body["scope"]["verdict"],
                &made.body["concession"]["state"]
            ),
            (&json!("stop"), &json!("held")),
            "{body}"
        );
        assert_eq!(asked["verdict"], "stop", "{body}");
        let pointed = |found: &Value| {
            let at = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
            body.chars()
                .take(at("end"))
                .skip(at("start"))
                .collect::<String>()
        };
        let pointed: Vec<String> = asked["matches"]
            .as_array()
            .unwrap()
            .iter()
            .map(pointed)
            .collect();
        assert!(
            pointed.iter().any(|found| found == words),
            "{body}: {pointed:?}"
        );
    }
}

async fn what_shows_nothing_is_refused_wherever_something_must_show(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (thread, own) = author.thread(1, "Fine.").await;
    let place = "/frameworks/test/points/1/threads";
    let invisible = [
        "\u{200d}", "\u{2800}", "\u{3164}", "\u{34f}", "\u{fe0f}", "\u{ffa0}", "\u{a0}",
    ];
    let marks = [
        "&#8203;",
        "&nbsp;",
        "[](https://example.org)",
        "![](https://example.org/a.png)",
        "#",
        ">",
        "<!-- x -->",
    ];
    for blank in invisible.iter().chain(&marks) {
        let required = |answer: crate::harness::Answer, field: &str| {
            let fault = answer.body["fields"][0].clone();
            assert_eq!(
                (answer.status, &fault["field"], &fault["code"]),
                (400, &json!(field), &json!("required")),
                "{blank:?} {}",
                answer.body
            );
        };
        required(
            author
                .post(
                    place,
                    json!({ "title": "t", "kind": "remark", "body": blank }),
                )
                .await,
            "body",
        );
        required(say(&author, &thread, blank).await, "body");
        required(
            author
                .patch(
                    &format!("/comments/{own}"),
                    json!({ "version": 1, "body": blank }),
                )
                .await,
            "body",
        );
        let mut card = proposal("A step");
        card["body"] = (*blank).into();
        required(
            author
                .post(&format!("/questions/{}/concessions", world.question), card)
                .await,
            "body",
        );
    }
    for blank in invisible {
        let answer = author
            .post(
                place,
                json!({ "title": blank, "kind": "remark", "body": "b" }),
            )
            .await;
        assert_eq!(
            (answer.status, &answer.body["fields"][0]["code"]),
            (400, &json!("required")),
            "{blank:?}"
        );
    }
    let definition = say(&author, &thread, "[x]: https://example.org").await.body;
    assert!(
        definition["comment"]["html"]
            .as_str()
            .unwrap()
            .contains(">https://example.org</a>"),
        "{definition}"
    );
}

async fn the_word_list_knows_a_word_in_every_spelling(world: World) {
    let words = json!([{ "words": ["бомбист", "troublemaker", "п'яниця"], "effect": "refuse", "why": "R1." }]);
    owner_with(&world, json!({ "words": words })).await;
    let author = world.participant("author", "kyiv").await;
    let (thread, _) = author.thread(1, "Fine.").await;
    for body in [
        "бо\u{301}мбист",
        "п‘яниця",
        "п’яниця",
        "п´яниця",
        "п′яниця",
        "п＇яниця",
        "пʼяниця",
        "trouble&shy;maker",
        "trouble\u{34f}maker",
        "trouble\u{fe0f}maker",
        "trouble**maker**",
        "trouble<!-- -->maker",
        "trоublеmaker",
        "бoмбиcт",
        "TROUBLEMAKER",
        "&#116;roublemaker",
    ] {
        let refused = say(&author, &thread, body).await;
        assert_eq!(
            (refused.status, &refused.body["fields"][0]["code"]),
            (400, &json!("refused_word")),
            "{body}"
        );
    }
}

async fn search_finds_a_word_in_every_spelling(world: World) {
    let author = world.person("author").await;
    let (thread, _) = author.thread(1, "Fine.").await;
    let reader = world.visitor().at(world.node(1));
    for (text, query, shown) in [
        ("Це за\u{301}мокзз на горі", "замокзз", "за\u{301}мокзз"),
        ("слово пуп‘янокк тут", "пуп'янокк", "пуп‘янокк"),
        ("слово сім´яякк тут", "сім'яякк", "сім´яякк"),
        ("слово рум′янкк тут", "рум'янкк", "рум′янкк"),
        ("слово кін＇якк тут", "кін'якк", "кін＇якк"),
        ("Слово мiстозз (Latin i)", "містозз", "мiстозз"),
        ("гаран&shy;тіяяя", "гарантіяяя", "гарантіяяя"),
        ("İstanbulzz", "istanbulzz", "İstanbulzz"),
        ("до**говір**зз", "договірзз", "договірзз"),
    ] {
        author.comment(&thread, text).await;
        let found = reader.get(&format!("/search?q={query}")).await.body;
        let hit = &found["items"][0];
        let units: Vec<u16> = hit["snippet"]
            .as_str()
            .unwrap_or_default()
            .encode_utf16()
            .collect();
        let at = |end: usize| {
            usize::try_from(hit["matches"][0][end].as_u64().unwrap_or_default()).unwrap()
        };
        assert_eq!(
            String::from_utf16(&units[at(0)..at(1)]).unwrap(),
            shown,
            "{text}: {found}"
        );
    }
}

async fn likeness_and_heads_are_of_the_words_without_their_mark_up(world: World) {
    let author = world.participant("author", "kyiv").await;
    let body = "Moscow **opens** every [camp](https://example.org/a_b) to doctors&nbsp;and lets fami&shy;lies write each week.";
    let mut card = proposal("Doctors in the camps");
    card["body"] = body.into();
    let made = author
        .post(&format!("/questions/{}/concessions", world.question), card)
        .await
        .body;
    let id = made["concession"]["id"].as_str().unwrap();
    world.confirm(id).await;
    let plain = "Moscow opens every camp to doctors and lets families write each week.";
    let asked = json!({ "title": "Doctors in the camps", "body": plain });
    let alike = author
        .post(&format!("/questions/{}/similar", world.question), asked)
        .await
        .body;
    assert_eq!(alike["items"][0]["score"], 1.0, "{alike}");
    let page = world.visitor().get(&format!("//cards/{id}")).await;
    let head = format!("<meta name=\"description\" content=\"{plain}\">");
    assert!(page.body.as_str().unwrap().contains(&head), "{}", page.body);
}
