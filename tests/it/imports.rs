//! Files are checked whole before anything of them is written, and everything that is wrong is told
//! with its place.
use std::collections::{BTreeMap, BTreeSet};

use demarche::{
    domain::ballot::Assent,
    service::import::{self, Refused},
};
use serde_json::{Value, json};

use crate::harness::{
    Person, World, both,
    process::{Place, Process, demarche, said},
};

const GOOD: &str = include_str!("../data/framework.json");

/// The test's framework under another name.
fn second() -> Value {
    let mut file: Value = serde_json::from_str(GOOD).unwrap();
    file["slug"] = "second".into();
    file
}

/// The faults of a file, as field and reason.
async fn faults(world: &World, text: &str) -> Vec<(String, String)> {
    let services = &world.node(0).services;
    let told = |refused| match refused {
        Refused::File(bad) => bad.faults,
        Refused::Failure(failure) => panic!("{failure:?}"),
    };
    let checked = import::check(services, text).await.map_err(told);
    let imported = import::import(services, text).await.map_err(told);
    let (Err(one), Err(other)) = (checked, imported) else {
        panic!("nothing was found wrong with {text}")
    };
    assert_eq!(one, other, "a check finds what an import refuses");
    one.into_iter()
        .map(|fault| (fault.field, fault.reason))
        .collect()
}

/// A framework that is good but for one change is refused for one field.
async fn refuses(world: &World, pointer: &str, value: Value, field: &str) {
    let mut file = second();
    *file
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer}")) = value.clone();
    let found = faults(world, &file.to_string()).await;
    assert!(
        found.iter().any(|(at, _)| at == field),
        "{pointer} = {value}: {found:?}"
    );
}

fn card() -> Value {
    json!({ "key": "one", "question": "main", "title": "Lists", "body": "Full lists.", "verifier": "The Red Cross", "language": "en" })
}

fn cards(cards: &[Value]) -> String {
    json!({ "format": "demarche.cards/1", "framework": "test", "label": "starter", "cards": cards })
        .to_string()
}

fn sample() -> Value {
    json!({
        "format": "demarche.sample/1", "framework": "test", "label": "s", "disclaimer": "Invented.",
        "authors": [{ "key": "a", "handle": "author-a", "camp": "kyiv" }, { "key": "b", "handle": "author-b" }],
        "readers": { "kyiv": 2 },
        "cards": [{ "key": "one", "question": "main", "author": "a", "title": "Lists", "body": "Full lists.", "verifier": "The Red Cross", "language": "en" }],
        "threads": [{ "key": "t", "point": 1, "title": "One", "author": "a", "comments": [
            { "key": "c1", "author": "a", "kind": "remark", "body": "First.", "language": "en" },
            { "key": "c2", "parent": "c1", "author": "b", "kind": "remark", "body": "Second.", "language": "en" }] }],
        "answers": [{ "card": "one", "camp": "kyiv", "given": [["yes", "likely"], ["no", null]] }],
    })
}

both! {
    everything_wrong_with_a_framework_is_told_at_once_with_its_place,
    each_rule_of_a_framework_is_kept,
    a_source_of_two_outlets_is_two_sources_and_the_same_twice_is_refused,
    what_is_not_json_is_told_with_line_and_column,
    each_rule_of_cards_is_kept,
    each_rule_of_a_sample_is_kept_before_anything_is_written,
    readers_of_a_sample_answer_cards_that_were_there_and_say_what_would_unfreeze_the_point,
    an_author_whose_name_a_person_has_is_told_before_anything_is_written,
    many_faults_are_told_in_the_time_of_few,
    the_files_that_ship_are_good,
}

async fn everything_wrong_with_a_framework_is_told_at_once_with_its_place(world: World) {
    let text = GOOD
        .replacen("\"slug\": \"test\"", "\"slug\": \"Second one\"", 1)
        .replacen("\"summary\"", "\"sumary\"", 1)
        .replacen(
            "\"as_of\": \"2026-02\",\n  \"parties\"",
            "\"as_of\": \"yesterday\",\n  \"parties\"",
            1,
        )
        .replacen("\"key\": \"moscow\"", "\"key\": \"kyiv\"", 1)
        .replacen("\"status\": \"contested\"", "\"status\": \"quarrelled\"", 1)
        .replacen("\"to\": [3]", "\"to\": [99]", 1)
        .replacen("\"point\": 2", "\"point\": 9", 1);
    let Err(Refused::File(bad)) = import::check(&world.node(0).services, &text).await else {
        panic!("it is bad")
    };
    let found: Vec<(usize, &str)> = bad
        .faults
        .iter()
        .map(|fault| (fault.line, fault.field.as_str()))
        .collect();
    for (line, field) in [
        (3, "slug"),
        (5, "sumary"),
        (1, "summary"),
        (7, "as_of"),
        (14, "camps.1.key"),
        (29, "revisions.1.points.1.status"),
        (34, "lineage.1.to.0"),
        (36, "questions.0.point"),
    ] {
        assert!(found.contains(&(line, field)), "{line} {field}: {bad}");
    }
    let lines: Vec<&str> = text.lines().collect();
    for fault in &bad.faults {
        let rest: String = lines[fault.line - 1]
            .chars()
            .skip(fault.column - 1)
            .collect();
        assert!(rest.starts_with(['"', '{', '[', '9']), "{fault}: {rest}");
    }
    assert_eq!(
        world
            .node(0)
            .services
            .store
            .read()
            .await
            .unwrap()
            .frameworks()
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn each_rule_of_a_framework_is_kept(world: World) {
    for (pointer, value, field) in [
        ("/format", json!("demarche.framework/2"), "format"),
        ("/slug", json!("Ї"), "slug"),
        ("/title", json!("  \u{200b}"), "title"),
        ("/title", json!("ї".repeat(161)), "title"),
        ("/title", json!("a\0b"), "title"),
        ("/summary", json!("\u{202e}txet"), "summary"),
        ("/summary", json!("\u{2800}\u{301}"), "summary"),
        (
            "/revisions/1/points/0/positions/0/sources",
            json!([{ "url": "https://example.org/\0", "outlet": "X", "date": "2025" }]),
            "revisions.1.points.0.positions.0.sources.0.url",
        ),
        ("/language", json!("tlh"), "language"),
        ("/as_of", json!("2026-13"), "as_of"),
        ("/as_of", json!(2026), "as_of"),
        ("/parties/0/camp", json!("mars"), "parties.0.camp"),
        ("/parties/1/key", json!("ukraine"), "parties.1.key"),
        ("/parties/1/name/uk", json!("Україна"), "parties.1.name.uk"),
        ("/parties/1/name/uk", json!(null), "parties.1.name.uk"),
        ("/camps/2/key", json!("kyiv"), "camps.2.key"),
        ("/camps/2/key", json!(""), "camps.2.key"),
        ("/camps/0/in_score", json!("yes"), "camps.0.in_score"),
        ("/camps", json!([]), "camps"),
        ("/legends", json!([]), "legends"),
        ("/revisions/1/number", json!(3), "revisions.1.number"),
        ("/revisions/0/points", json!([]), "revisions.0.points"),
        (
            "/revisions/0/published_on",
            json!("2025-02-30"),
            "revisions.0.published_on",
        ),
        (
            "/revisions/1/points/1/number",
            json!(1),
            "revisions.1.points.1.number",
        ),
        (
            "/revisions/1/points/1/number",
            json!(0),
            "revisions.1.points.1.number",
        ),
        (
            "/revisions/1/points/1/title",
            json!(""),
            "revisions.1.points.1.title",
        ),
        (
            "/revisions/1/points/0/positions/0/party",
            json!("mars"),
            "revisions.1.points.0.positions.0.party",
        ),
        (
            "/revisions/1/points/0/positions/0/stated_on",
            json!("soon"),
            "revisions.1.points.0.positions.0.stated_on",
        ),
        (
            "/revisions/1/points/0/positions/0/sources",
            json!([{ "url": "javascript:alert(1)", "outlet": "X", "date": "2025" }]),
            "revisions.1.points.0.positions.0.sources.0.url",
        ),
        ("/lineage/0/from", json!([7]), "lineage.0.from.0"),
        ("/lineage/0/to", json!([1, 1]), "lineage.0.to.1"),
        ("/lineage/1/from", json!([1]), "lineage.1.from"),
        ("/lineage/0/relation", json!("born"), "lineage.0.relation"),
        ("/questions/0/point", json!(99), "questions.0.point"),
        ("/questions/0/giver", json!("mars"), "questions.0.giver"),
        (
            "/questions/0/prompt/ru",
            json!("x".repeat(401)),
            "questions.0.prompt.ru",
        ),
    ] {
        refuses(&world, pointer, value, field).await;
    }
    let mut twice = second();
    let question = twice["questions"][0].clone();
    twice["questions"].as_array_mut().unwrap().push(question);
    let link = twice["lineage"][1].clone();
    twice["lineage"].as_array_mut().unwrap().push(link);
    let found = faults(&world, &twice.to_string()).await;
    assert_eq!(
        found
            .iter()
            .map(|(field, _)| field.as_str())
            .collect::<Vec<_>>(),
        ["lineage.2", "questions.1.key"],
        "{found:?}"
    );
    let mut many = second();
    let party = many["parties"][0].clone();
    many["parties"] = (0..60)
        .map(|number| {
            let mut one = party.clone();
            one["key"] = format!("p{number}").into();
            one
        })
        .collect();
    assert!(
        faults(&world, &many.to_string())
            .await
            .iter()
            .any(|(field, _)| field == "parties")
    );
}

async fn a_source_of_two_outlets_is_two_sources_and_the_same_twice_is_refused(world: World) {
    let source = |outlet: &str| json!({ "url": "https://example.org/a", "outlet": outlet, "date": "2025-12" });
    let mut file = second();
    file["revisions"][1]["points"][1]["sources"] = json!([source("One"), source("Other")]);
    assert!(
        import::import(&world.node(0).services, &file.to_string())
            .await
            .is_ok()
    );
    let shown = world
        .visitor()
        .get("/frameworks/second/points/2")
        .await
        .body;
    assert_eq!(
        shown["point"]["sources"]
            .as_array()
            .or_else(|| shown["sources"].as_array())
            .map(Vec::len),
        Some(2),
        "{shown}"
    );
    file["slug"] = "third".into();
    file["revisions"][1]["points"][1]["sources"] = json!([source("One"), source("One")]);
    assert_eq!(
        faults(&world, &file.to_string()).await[0].0,
        "revisions.1.points.1.sources.1"
    );
}

async fn what_is_not_json_is_told_with_line_and_column(world: World) {
    let minified = second().to_string();
    for (text, line, column) in [
        (format!("{minified} x"), 1, minified.chars().count() + 2),
        (
            minified.replacen("\"slug\":", "\"slug\"", 1),
            1,
            minified[..minified.find("\"slug\":").unwrap()]
                .chars()
                .count()
                + 7,
        ),
        (format!("{GOOD}\n\n{{}}"), GOOD.matches('\n').count() + 3, 1),
        (String::new(), 1, 1),
        (" \n\t\n".into(), 3, 1),
        ("id;title\r\n1;Списки\r\n".into(), 1, 1),
        (
            "{\"format\": \"demarche.framework/1\", \"title\": \"a\0b\"}".into(),
            1,
            48,
        ),
        (
            "{\"format\": \"demarche.framework/1\", \"title\": \"\\ud83d\"}".into(),
            1,
            53,
        ),
        ("{\"format\": 'demarche.framework/1'}".into(), 1, 12),
        ("{\"title\": 1e999}".into(), 1, 16),
    ] {
        let Err(Refused::File(bad)) = import::check(&world.node(0).services, &text).await else {
            panic!("it is bad: {text}")
        };
        assert_eq!((bad.faults[0].line, bad.faults.len()), (line, 1), "{bad}");
        assert!(
            bad.faults[0].column.abs_diff(column) <= 1,
            "{bad} and not {column}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(import::check(&world.node(0).services, &deep).await.is_err());
    let twice = minified.replacen("\"slug\":", "\"slug\":\"first\",\"slug\":", 1);
    assert_eq!(
        faults(&world, &twice).await[0],
        ("slug".into(), "This field stands twice.".into())
    );
    let marked = format!("\u{feff}{}", second());
    assert!(
        import::import(&world.node(0).services, &marked)
            .await
            .is_ok_and(|said| said.contains("2 revisions"))
    );
    let again = import::import(&world.node(0).services, &marked).await;
    assert!(again.is_ok_and(|said| said.contains("nothing was changed")));
}

async fn each_rule_of_cards_is_kept(world: World) {
    for (field, value, told) in [
        ("question", json!("none"), "cards.1.question"),
        ("key", json!("one"), "cards.1.key"),
        ("title", json!(""), "cards.1.title"),
        ("title", json!("ї".repeat(161)), "cards.1.title"),
        (
            "body",
            json!("Russia recognises Crimea as Ukrainian and gives it back."),
            "cards.1.body",
        ),
        ("receivers", json!(["mars"]), "cards.1.receivers"),
        ("points", json!([99]), "cards.1.points"),
        ("category", json!("WATER"), "cards.1.category"),
        ("language", json!("tlh"), "cards.1.language"),
        (
            "sources",
            json!([{ "url": "ftp://example.org", "outlet": "X", "date": "2025" }]),
            "cards.1.sources.0.url",
        ),
        (
            "translations",
            json!({ "en": { "title": "A", "body": "B" } }),
            "cards.1.translations.en",
        ),
        (
            "translations",
            json!({ "uk": { "title": "А", "body": "Б", "trigger": "Скоро" } }),
            "cards.1.translations.uk.trigger",
        ),
        ("titel", json!("A"), "cards.1.titel"),
    ] {
        let mut bad = card();
        bad["key"] = "two".into();
        bad[field] = value.clone();
        let found = faults(&world, &cards(&[card(), bad])).await;
        assert!(
            found.iter().any(|(at, _)| at == told),
            "{field} = {value}: {found:?}"
        );
    }
    let elsewhere = cards(&[card()]).replacen("\"test\"", "\"none\"", 1);
    assert_eq!(faults(&world, &elsewhere).await[0].0, "framework");
    assert!(
        import::import(&world.node(0).services, &cards(&[card()]))
            .await
            .is_ok()
    );
}

async fn each_rule_of_a_sample_is_kept_before_anything_is_written(world: World) {
    for (pointer, value, told) in [
        ("/authors/1/key", json!("a"), "authors.1.key"),
        ("/authors/1/handle", json!("author-a"), "authors.1.handle"),
        ("/authors/1/handle", json!("x"), "authors.1.handle"),
        ("/authors/0/camp", json!("mars"), "authors.0.camp"),
        ("/readers", json!({ "mars": 2 }), "readers.mars"),
        ("/cards/0/author", json!("nobody"), "cards.0.author"),
        ("/threads/0/point", json!(99), "threads.0.point"),
        ("/threads/0/card", json!("one"), "threads.0"),
        ("/threads/0/title", json!(" "), "threads.0.title"),
        ("/threads/0/comments", json!([]), "threads.0.comments"),
        (
            "/threads/0/comments/1/key",
            json!("c1"),
            "threads.0.comments.1.key",
        ),
        (
            "/threads/0/comments/1/parent",
            json!("c9"),
            "threads.0.comments.1.parent",
        ),
        (
            "/threads/0/comments/1/author",
            json!("nobody"),
            "threads.0.comments.1.author",
        ),
        (
            "/threads/0/comments/1/body",
            json!("ї".repeat(4_001)),
            "threads.0.comments.1.body",
        ),
        (
            "/threads/0/comments/0/author",
            json!("b"),
            "threads.0.comments.0.author",
        ),
        ("/answers/0/card", json!("none"), "answers.0.card"),
        ("/answers/0/from", json!("starter"), "answers.0.card"),
        (
            "/point_answers",
            json!([{ "question": "none", "camp": "kyiv", "given": [] }]),
            "point_answers.0.question",
        ),
        (
            "/point_answers",
            json!([{ "question": "main", "camp": "kyiv", "given": ["no", "no", "no"] }]),
            "point_answers.0.given",
        ),
        (
            "/point_answers",
            json!([{ "question": "main", "camp": "kyiv", "given": ["perhaps"] }]),
            "point_answers.0.given.0",
        ),
        ("/answers/0/camp", json!("moscow"), "answers.0.given"),
        (
            "/answers/0/given/0",
            json!(["perhaps", null]),
            "answers.0.given.0",
        ),
    ] {
        let mut file = sample();
        match file.pointer_mut(pointer) {
            Some(place) => *place = value.clone(),
            None => {
                let (above, name) = pointer.rsplit_once('/').unwrap();
                file.pointer_mut(above).unwrap()[name] = value.clone();
            }
        }
        let found = faults(&world, &file.to_string()).await;
        assert!(
            found.iter().any(|(at, _)| at == told),
            "{pointer} = {value}: {found:?}"
        );
    }
    let question = format!("/questions/{}/concessions", world.question);
    assert_eq!(
        world.visitor().get(&question).await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let done = import::import(&world.node(0).services, &sample().to_string()).await;
    assert!(
        done.as_ref()
            .is_ok_and(|said| said.contains("1 cards, 2 comments, 2 answers")),
        "{done:?}"
    );
}

async fn readers_of_a_sample_answer_cards_that_were_there_and_say_what_would_unfreeze_the_point(
    world: World,
) {
    let services = &world.node(0).services;
    let card = json!({ "key": "law", "question": "main", "title": "A law", "body": "Write it down.", "verifier": "A court", "language": "en" });
    assert!(import::import(services, &cards(&[card])).await.is_ok());
    let mut file = sample();
    let given = json!([["yes", "likely", "yes"], ["no", null, "no"]]);
    file["answers"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "card": "law", "from": "starter", "camp": "kyiv", "given": given }));
    file["point_answers"] =
        json!([{ "question": "main", "camp": "kyiv", "given": ["no", "cannot_say"] }]);
    for _ in 0..2 {
        let done = import::import(services, &file.to_string()).await;
        assert!(
            done.as_ref().is_ok_and(|said| said.contains("4 answers")),
            "{done:?}"
        );
    }
    let mut reader = services.store.read().await.unwrap();
    let question = reader.questions(world.framework).await.unwrap().remove(0);
    let ballots = reader.ballots_after(&question, None).await.unwrap();
    let said: Vec<_> = ballots
        .iter()
        .map(|(_, ballot)| {
            let unfreezes = ballot
                .answers
                .values()
                .filter_map(|answer| answer.unfreezes)
                .next()
                .unwrap();
            (
                ballot.answers.len(),
                unfreezes,
                ballot.point.as_ref().unwrap().accepts,
            )
        })
        .collect();
    assert!(
        said.contains(&(2, Assent::Yes, Assent::No))
            && said.contains(&(2, Assent::No, Assent::CannotSay)),
        "{said:?}"
    );
    assert_eq!(said.len(), 2);
}

async fn an_author_whose_name_a_person_has_is_told_before_anything_is_written(world: World) {
    world.person("Author_B").await;
    let found = faults(&world, &sample().to_string()).await;
    assert_eq!(
        found,
        [(
            "authors.1.handle".into(),
            "A person has an account of this name.".into()
        )]
    );
    let mut tx = world.node(0).services.store.read().await.unwrap();
    assert!(
        tx.account_by_skeleton(&demarche::domain::account::names::skeleton("author-a"))
            .await
            .unwrap()
            .is_none()
    );
}

async fn many_faults_are_told_in_the_time_of_few(world: World) {
    let mut file = second();
    let party = file["parties"][0].clone();
    file["parties"] = (0..20_000).map(|_| party.clone()).collect();
    let found = faults(&world, &file.to_string()).await;
    assert!(
        found
            .iter()
            .filter(|(field, reason)| field.ends_with(".key") && reason.contains("twice"))
            .count()
            == 19_999
    );
}

async fn the_files_that_ship_are_good(world: World) {
    for text in [
        include_str!("../../frameworks/ukraine-2025.json"),
        include_str!("../../frameworks/starter-cards.json"),
        include_str!("../../frameworks/sample-discussion.json"),
    ] {
        let services = &world.node(0).services;
        let checked = import::check(services, text).await;
        assert!(checked.is_ok(), "{checked:?}");
        // Each is about what those before it bring.
        if !text.contains("demarche.sample/1") {
            assert!(import::import(services, text).await.is_ok());
        }
    }
}

/// A hand has five cards: any five of a question show numbers on four at least.
#[test]
fn one_card_of_a_question_at_most_lacks_answers_in_the_sample() {
    let text = include_str!("../../frameworks/sample-discussion.json");
    let sample: Value = serde_json::from_str(text).unwrap();
    let list = |key: &str| sample[key].as_array().unwrap();
    let question = |key: &Value| {
        let card = list("cards").iter().find(|card| card["key"] == *key);
        // The others are starter cards, which are asked with the main question.
        card.map_or("guarantees", |card| card["question"].as_str().unwrap())
    };
    let mut few: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for given in list("answers")
        .iter()
        .filter(|given| given["camp"] != "neither")
    {
        if given["given"].as_array().unwrap().len() < 3 {
            let cards = few.entry(question(&given["card"])).or_default();
            cards.insert(given["card"].to_string());
        }
    }
    assert!(
        few.contains_key("guarantees"),
        "the demo shows what lacks answers too"
    );
    assert!(few.values().all(|cards| cards.len() == 1), "{few:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_on_the_command_line_says_all_and_imports_nothing() {
    let place = Place::empty();
    let file = place.folder.path().join("file.json");
    let check = async |text: &str, option: Option<&str>| {
        std::fs::write(&file, text).unwrap();
        let mut command = demarche(&place, "import");
        said(command.args(option).arg(&file)).await
    };
    let bad = GOOD
        .replacen("\"slug\": \"test\"", "\"slug\": \"T\"", 1)
        .replacen("\"as_of\": \"2026-02\"", "\"as_of\": \"now\"", 1);
    for option in [Some("--check"), None] {
        let (done, words) = check(&bad, option).await;
        assert!(
            !done
                && words.contains("line 3, column 11, slug:")
                && words.contains("line 7, column 12, as_of:")
                && words.contains("2 faults"),
            "{words}"
        );
    }
    let (done, words) = check(GOOD, Some("--check")).await;
    assert!(done && words.contains("nothing is wrong"), "{words}");
    let mut server = Process::start(&place, &[]).await;
    let found = Person::new(server.url.clone(), None)
        .get("/frameworks")
        .await
        .body;
    assert_eq!(found["items"].as_array().unwrap().len(), 0, "{found}");
    server.kill().await;
    assert!(check(GOOD, None).await.0);
}
