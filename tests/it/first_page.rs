//! What a page of the web app is before a script has run: whether it is there, what its head tells,
//! and what comes along.
use demarche::{domain::permission::Role, http::pages::PAGES};
use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use serde_json::{Value, json};

use crate::harness::{Person, World, both, proposal};

/// A page as a browser with these headers gets it.
async fn page(
    person: &Person,
    path: &str,
    headers: &[(reqwest::header::HeaderName, &str)],
) -> String {
    let mut request = person.client.get(format!("{}{path}", person.url));
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.send().await.unwrap().text().await.unwrap()
}

/// The text of the answers that come with a page.
fn along(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<script type=\"application/json\" id=\"arrived\">")?;
    Some(rest.split_once("</script>").expect("the element ends").0)
}

/// The answers that come with a page, by what would have been asked.
async fn arrived(person: &Person, path: &str) -> Value {
    let html = person.get(&format!("/{path}")).await;
    along(html.body.as_str().unwrap())
        .map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
}

both! {
    every_page_of_the_list_answers_when_it_is_opened_by_its_address,
    a_card_that_waits_is_a_page_for_its_author_alone,
    the_first_page_is_named_by_its_question_in_the_readers_language,
    a_page_names_its_one_address_and_the_same_in_each_language,
    search_engines_are_told_what_there_is_to_read,
    without_a_script_a_page_reads_in_words_and_not_in_keys,
    what_a_page_asks_for_first_comes_with_it_as_the_interface_would_answer,
    nothing_that_comes_with_a_page_can_end_its_element,
    what_comes_with_a_page_holds_no_counts_of_answers,
    answers_come_with_a_page_only_where_nobody_is_signed_in,
    nothing_of_a_private_debate_comes_with_a_page,
}

async fn every_page_of_the_list_answers_when_it_is_opened_by_its_address(world: World) {
    let author = world.participant("author", "kyiv").await;
    let mediator = world.with_role("mira", Role::Mediator).await;
    let card = world.card(&author, "A card").await;
    let (_, comment) = author.thread(1, "Something.").await;
    let done = mediator
        .post(&format!("/questions/{}/close", world.question), json!({}))
        .await;
    assert_eq!(done.status, 200, "{}", done.body);
    for (pattern, _) in PAGES {
        let parts: &[&str] = match *pattern {
            "/cards/{}" => &[&card],
            "/comments/{}" => &[&comment],
            "/moderation/items/{}/{}" => &["comment", &comment],
            "/order/{}" | "/propose/{}" => &[&world.question],
            "/rounds/{}/{}" => &[&world.question, "1"],
            "/pages/{}" => &["rules"],
            "/points/{}" => &["2"],
            _ => &["anything"],
        };
        let address = parts.iter().fold((*pattern).to_owned(), |address, part| {
            address.replacen("{}", part, 1)
        });
        for person in [world.visitor(), author.clone()] {
            assert_eq!(
                person.get(&format!("/{address}")).await.status,
                200,
                "{address}"
            );
        }
    }
    let nothing = "00000000-0000-7000-8000-000000000000";
    for address in [
        "/nowhere",
        "/log/nothing",
        "/points/77",
        "/points/x",
        "/pages/none",
        &format!("/cards/{nothing}"),
        "/_app/none.js",
    ] {
        assert_eq!(
            author.get(&format!("/{address}")).await.status,
            404,
            "{address}"
        );
    }
}

async fn a_card_that_waits_is_a_page_for_its_author_alone(world: World) {
    let author = world.participant("author", "kyiv").await;
    let other = world.participant("other", "kyiv").await;
    let mut draft = proposal("Words for nobody else");
    draft["body"] = "Kyiv recognises Crimea as Russian.".into();
    let made = author
        .post(&format!("/questions/{}/concessions", world.question), draft)
        .await;
    assert_eq!(made.body["concession"]["state"], "held");
    let address = format!(
        "//cards/{}",
        made.body["concession"]["id"].as_str().unwrap()
    );
    let own = author.get(&address).await;
    assert_eq!(own.status, 200);
    // A page's head is what is shown to those it is shared with.
    assert!(!own.body.as_str().unwrap().contains("Words for nobody else"));
    for person in [world.visitor(), other] {
        assert_eq!(person.get(&address).await.status, 404);
    }
}

async fn the_first_page_is_named_by_its_question_in_the_readers_language(world: World) {
    let visitor = world.visitor();
    for (path, asked, lang, question) in [
        ("/", "de, en;q=0.5", "en", "What could they offer?"),
        (
            "/",
            "uk-UA,uk;q=0.9,en;q=0.8",
            "uk",
            "Що вони могли б запропонувати?",
        ),
        ("/?lang=ru", "uk", "ru", "Что они могли бы предложить?"),
        ("/?lang=xx", "uk", "uk", "Що вони могли б запропонувати?"),
    ] {
        let html = page(&visitor, path, &[(ACCEPT_LANGUAGE, asked)]).await;
        assert!(
            html.contains(&format!("<html lang=\"{lang}\">")),
            "{path} {asked}: {html}"
        );
        assert!(
            html.contains(&format!("<title>{question} · Demarche</title>")),
            "{path} {asked}: {html}"
        );
        assert!(
            html.contains(&format!(
                "<meta property=\"og:title\" content=\"{question} · Demarche\">"
            )),
            "{path} {asked}"
        );
        assert!(
            html.contains("<meta property=\"og:image\" content=\"http"),
            "{path} {asked}"
        );
    }
}

async fn a_page_names_its_one_address_and_the_same_in_each_language(world: World) {
    let base = world.node(0).services.options.public_url.clone();
    for path in ["/", "/framework", "/points/2"] {
        let html = page(&world.visitor(), &format!("{path}?lang=uk"), &[]).await;
        assert!(
            html.contains(&format!("<link rel=\"canonical\" href=\"{base}{path}\">")),
            "{html}"
        );
        for tag in ["en", "uk", "ru"] {
            assert!(
                html.contains(&format!(
                    "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{base}{path}?lang={tag}\">"
                )),
                "{path} {tag}"
            );
        }
    }
    let own = page(&world.visitor(), "/account", &[]).await;
    assert!(
        own.contains("noindex") && !own.contains("canonical"),
        "{own}"
    );
}

async fn search_engines_are_told_what_there_is_to_read(world: World) {
    let (visitor, base) = (
        world.visitor(),
        world.node(0).services.options.public_url.clone(),
    );
    let robots = visitor.get("//robots.txt").await;
    assert_eq!(
        robots.body,
        format!("User-agent: *\nDisallow: /api/\nSitemap: {base}/sitemap.xml\n")
    );
    let map = visitor.get("//sitemap.xml").await;
    assert_eq!(
        map.headers["content-type"],
        "application/xml; charset=utf-8"
    );
    let map = map.body.as_str().unwrap().to_owned();
    let listed: Vec<&str> = map
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</loc>")?.0.strip_prefix(&base))
        .collect();
    assert!(listed.contains(&"/points/3"), "{map}");
    for path in listed {
        assert_eq!(visitor.get(&format!("/{path}")).await.status, 200, "{path}");
    }
}

async fn without_a_script_a_page_reads_in_words_and_not_in_keys(world: World) {
    let point = page(&world.visitor(), "/points/1", &[(ACCEPT_LANGUAGE, "uk")]).await;
    let noscript = point
        .split_once("<noscript>")
        .unwrap()
        .1
        .split_once("</noscript>")
        .unwrap()
        .0
        .to_owned();
    assert!(
        noscript.contains("<li>Росія: Yes.</li>") && !noscript.contains("russia"),
        "{noscript}"
    );
}

async fn what_a_page_asks_for_first_comes_with_it_as_the_interface_would_answer(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A </script><script> card").await;
    author.thread(1, "Something.").await;
    let visitor = world.visitor();
    let first = arrived(&visitor, "/").await;
    for path in ["/site", "/frameworks", "/frameworks/test"] {
        assert_eq!(
            first[format!("GET {path}")],
            visitor.get(path).await.body,
            "{path}"
        );
    }
    let deal = format!("/questions/{}/deal", world.question);
    let hand = &first[format!("POST {deal}")];
    assert_eq!(
        hand["cards"],
        visitor.post(&deal, json!({})).await.body["cards"]
    );
    assert_eq!(hand["cards"][0]["title"], "A </script><script> card");
    let card = format!("/concessions/{card}");
    let point = "/frameworks/test/points/1".to_owned();
    for (page, asked) in [
        ("/points/1".to_owned(), &point),
        (card.replace("concessions", "cards"), &card),
    ] {
        let along = arrived(&visitor, &page).await;
        for path in [asked.clone(), format!("{asked}/threads")] {
            assert_eq!(
                along[format!("GET {path}")],
                visitor.get(&path).await.body,
                "{path}"
            );
        }
    }
    assert_eq!(
        visitor.get(&format!("{point}/threads")).await.body["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    // No other page has a hand to begin with.
    let document = arrived(&visitor, "/framework").await;
    assert_eq!(
        document.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["GET /frameworks", "GET /frameworks/test", "GET /site"]
    );
}

async fn nothing_that_comes_with_a_page_can_end_its_element(world: World) {
    let author = world.participant("author", "kyiv").await;
    world.card(&author, "A </script><script> card").await;
    let html = world.visitor().get("//").await;
    let text = along(html.body.as_str().unwrap()).unwrap();
    assert!(
        text.contains("\\u003c/script>\\u003cscript> card") && !text.contains('<'),
        "{text}"
    );
}

async fn what_comes_with_a_page_holds_no_counts_of_answers(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A card").await;
    let before = arrived(&world.visitor(), "/").await;
    for number in 0..3 {
        let judge = world.participant(&format!("judge{number}"), "kyiv").await;
        judge.deal(&world.question).await;
        assert_eq!(judge.answer(&card, "yes").await.status, 200);
    }
    // Nothing in it moves with the answers: only the signature of the hand and its hour may.
    let rest = |mut all: Value| {
        let hand = &mut all[format!("POST /questions/{}/deal", world.question)];
        hand["deal"] = Value::Null;
        hand["expires_at"] = Value::Null;
        all["GET /frameworks/test"]["seq"] = Value::Null;
        all
    };
    assert_eq!(rest(arrived(&world.visitor(), "/").await), rest(before));
}

async fn answers_come_with_a_page_only_where_nobody_is_signed_in(world: World) {
    let author = world.participant("author", "kyiv").await;
    assert_eq!(arrived(&author, "/").await, Value::Null);
    let stale = Person::new(world.node(0).url.clone(), Some("of-no-session".into()));
    assert_eq!(arrived(&stale, "/").await, Value::Null);
    assert_eq!(
        along(
            &page(
                &world.visitor(),
                "/",
                &[(AUTHORIZATION, "Bearer of-no-session")]
            )
            .await
        ),
        None
    );
    assert_eq!(arrived(&world.visitor(), "/nowhere").await, Value::Null);
    let answer = world.visitor().get("//").await;
    assert_eq!(answer.headers["cache-control"], "private, no-cache");
    let vary: Vec<&str> = answer
        .headers
        .get_all("vary")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(
        vary.join(", ").contains("Accept-Language, Cookie"),
        "{vary:?}"
    );
}

async fn nothing_of_a_private_debate_comes_with_a_page(world: World) {
    let owner = world.with_role("olga", Role::Owner).await;
    let card = world
        .card(
            &world.participant("author", "kyiv").await,
            "Behind the door",
        )
        .await;
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    for path in ["/", "/framework", "/points/2", &format!("/cards/{card}")] {
        let html = page(&world.visitor(), path, &[]).await;
        for word in [
            "Behind the door",
            "What could they offer?",
            "A framework for tests",
            "/frameworks/test",
        ] {
            assert!(!html.contains(word), "{path}: {word}");
        }
    }
}
