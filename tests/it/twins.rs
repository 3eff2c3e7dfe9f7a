//! Cards that say the same: finding and uniting them; cards that change; translations.

use demarche::{
    domain::{framework::Question, permission::Role, tally::Tally},
    service::{
        boards::tally as tallies,
        import::{self, Refused},
    },
};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, both, proposal, tables::Tables};

/// A question as it is now.
async fn question(world: &World) -> Question {
    world
        .node(0)
        .services
        .store
        .read()
        .await
        .unwrap()
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap()
}

/// The tally counted from the ballots, and the one that is running.
pub async fn tallied(world: &World) -> (Tally, Option<Tally>) {
    let question = question(world).await;
    tallies::recount(&world.node(0).services, &question)
        .await
        .unwrap_or_else(|_| panic!("the store answers"))
}

pub async fn ballot(world: &World, person: &Person) -> Value {
    person
        .get(&format!("/questions/{}/ballot", world.question))
        .await
        .body
}

async fn similar(world: &World, person: &Person, body: &str) -> Vec<Value> {
    let found = person
        .post(
            &format!("/questions/{}/similar", world.question),
            json!({ "title": "", "body": body }),
        )
        .await;
    assert_eq!(found.status, 200, "{}", found.body);
    found.body["items"].as_array().unwrap().clone()
}

pub fn edit(version: i64, body: &str) -> Value {
    json!({ "version": version, "title": "A", "body": body, "verifier": "The agency" })
}

async fn translated(person: &Person, card: &str, language: &str, title: &str) -> Value {
    let body = json!({ "version": 1, "language": language, "title": title, "body": "Вони <b onclick=x>це</b> зроблять.", "verifier": "Агентство" });
    let made = person
        .post(&format!("/concessions/{card}/translations"), body)
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["concession"]["translations"][language].clone()
}

async fn review(person: &Person, card: &str, translation: &Value, accepts: bool) -> Answer {
    let path = format!(
        "/concessions/{card}/translations/{}/review",
        translation["id"].as_str().unwrap()
    );
    person.put(&path, json!({ "accepts": accepts })).await
}

/// A moderator's decision about a card.
pub async fn decide(moderator: &Person, card: &str, action: &str, into: Option<&str>) -> Answer {
    let mut body = json!({ "object": { "kind": "concession", "id": card }, "action": action, "rule": "R7", "facts": "It says the same." });
    if let Some(into) = into {
        body["into"] = into.into();
    }
    moderator.post("/moderation/decisions", body).await
}

both! {
    a_proposer_sees_the_cards_that_say_the_same_and_none_that_are_hidden,
    who_may_merge_what,
    earlier_texts_are_kept_and_hidden_with_their_card,
    a_card_is_translated_and_reviewed_by_others,
    a_translation_of_an_older_text_says_so_and_hides_with_its_card,
    whoever_follows_sees_a_merge_and_a_translation,
    imported_cards_bring_translations_once_and_a_bad_one_is_named,
    a_repeated_merge_has_one_effect,
}

async fn a_proposer_sees_the_cards_that_say_the_same_and_none_that_are_hidden(world: World) {
    let (author, moderator) = (
        world.person("author").await,
        world.with_role("watch", Role::Moderator).await,
    );
    let text = "Every civilian held without charge goes home within sixty days";
    let mut long = proposal("Detainees go home");
    long["body"] = text.into();
    let card = author
        .post(&format!("/questions/{}/concessions", world.question), long)
        .await
        .body["concession"]["id"]
        .clone();
    world.card(&author, "Grain ships").await;
    let other = world.person("other").await;
    let found = similar(
        &world,
        &other,
        "All civilians held without charge go home in sixty days",
    )
    .await;
    assert_eq!((found.len(), &found[0]["concession"]["id"]), (1, &card));
    assert!(found[0]["score"].as_f64().unwrap() > 0.38);
    assert!(similar(&world, &other, "").await.is_empty());
    let translation = translated(
        &world.participant("translator", "kyiv").await,
        card.as_str().unwrap(),
        "uk",
        "Затримані повертаються",
    )
    .await;
    assert_eq!(translation["reviewed"], false);
    assert_eq!(
        similar(&world, &other, "Вони це зроблять, затримані повертаються")
            .await
            .len(),
        1,
        "a translation is compared too"
    );
    assert_eq!(
        decide(&moderator, card.as_str().unwrap(), "hide", None)
            .await
            .status,
        201
    );
    assert!(similar(&world, &other, text).await.is_empty());
    assert!(similar(&world, &author, text).await.is_empty());
    let path = format!("/questions/{}/similar", world.question);
    assert_eq!(
        world
            .visitor()
            .post(&path, json!({ "body": text }))
            .await
            .status,
        401
    );
    assert_eq!(
        other
            .post(&path, json!({ "title": "x".repeat(161) }))
            .await
            .problem(),
        ("bad_request", "title")
    );
}

async fn who_may_merge_what(world: World) {
    let (author, other) = (world.person("author").await, world.person("other").await);
    let (a, b) = (
        world.card(&author, "Ships sail").await,
        world.card(&other, "Ships sail freely").await,
    );
    let mut unlike = proposal("Detainees go home");
    unlike["body"] = "Every civilian held without charge is released.".into();
    let unlike = author
        .post(
            &format!("/questions/{}/concessions", world.question),
            unlike,
        )
        .await
        .body["concession"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let merge = |person: &Person, from: &str, into: &str| {
        let (person, path, body) = (
            person.clone(),
            format!("/concessions/{from}/merge"),
            json!({ "into": into }),
        );
        async move { person.post(&path, body).await }
    };
    assert_eq!(merge(&other, &a, &b).await.problem().0, "forbidden");
    assert_eq!(
        merge(&author, &a, &a).await.problem(),
        ("bad_request", "into")
    );
    assert_eq!(
        merge(&author, &a, &demarche::id::Id::<()>::new().to_string())
            .await
            .problem(),
        ("bad_request", "into")
    );
    assert_eq!(
        merge(&author, &unlike, &b).await.body["fields"][0]["code"],
        "not_alike"
    );
    assert_eq!(merge(&world.visitor(), &a, &b).await.status, 401);
    for card in [&unlike, &b] {
        translated(
            &world
                .participant(&format!("t-{}", &card[30..]), "kyiv")
                .await,
            card,
            "uk",
            "Однакове",
        )
        .await;
    }
    assert_eq!(
        merge(&author, &unlike, &b).await.body["fields"][0]["code"],
        "not_alike",
        "what nobody reviewed proves nothing"
    );

    let moderator = world.with_role("watch", Role::Moderator).await;
    assert_eq!(
        decide(&other, &unlike, "merge", Some(&b)).await.problem().0,
        "forbidden"
    );
    assert_eq!(
        decide(&moderator, &unlike, "merge", None).await.problem(),
        ("bad_request", "into")
    );
    assert_eq!(
        decide(&moderator, &unlike, "hide", Some(&b))
            .await
            .problem(),
        ("bad_request", "into")
    );
    let decided = decide(&moderator, &unlike, "merge", Some(&b)).await;
    assert_eq!(
        (decided.status, &decided.body["decision"]["into"]),
        (201, &json!(b)),
        "{}",
        decided.body
    );
    assert_eq!(
        decide(&moderator, &unlike, "merge", Some(&b))
            .await
            .problem()
            .0,
        "conflict"
    );
    let log = world
        .visitor()
        .get("/frameworks/test/moderation-log")
        .await
        .body;
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["into"]),
        (&json!("merge"), &json!(b))
    );
    assert_eq!(
        author.get("/me/posts").await.body["decisions"][0]["into"],
        b.as_str()
    );

    // Hidden and put back, it is merged still.
    assert_eq!(decide(&moderator, &unlike, "hide", None).await.status, 201);
    assert_eq!(
        world
            .visitor()
            .get(&format!("/concessions/{unlike}"))
            .await
            .body["title"],
        json!(null)
    );
    assert_eq!(
        decide(&moderator, &unlike, "restore", None).await.status,
        201
    );
    assert_eq!(
        world
            .visitor()
            .get(&format!("/concessions/{unlike}"))
            .await
            .body["state"],
        "merged"
    );
}

async fn earlier_texts_are_kept_and_hidden_with_their_card(world: World) {
    let (author, moderator) = (
        world.person("author").await,
        world.with_role("watch", Role::Moderator).await,
    );
    let card = world.card(&author, "A").await;
    let path = format!("/concessions/{card}");
    author.patch(&path, edit(1, "By May.")).await;
    author.patch(&path, edit(2, "By June.")).await;
    let texts = async |person: &Person| person.get(&format!("{path}/versions")).await;
    let found = texts(&world.visitor()).await.body;
    let words: Vec<_> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| {
            (
                text["version"].as_i64().unwrap(),
                text["body"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(
        words,
        [
            (1, "They would do it.".into()),
            (2, "By May.".into()),
            (3, "By June.".into())
        ]
    );
    decide(&moderator, &card, "hide", None).await;
    assert_eq!(texts(&world.visitor()).await.status, 404);
    assert_eq!(texts(&author).await.status, 200);
    assert_eq!(
        texts(&moderator).await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

async fn a_card_is_translated_and_reviewed_by_others(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "A").await;
    let (translator, reader) = (
        world.participant("translator", "kyiv").await,
        world.participant("reader", "moscow").await,
    );
    let first = translated(&translator, &card, "uk", "Картка").await;
    assert_eq!(
        (
            &first["title"],
            &first["by"]["handle"],
            &first["reviewed"],
            &first["of_version"],
            &first["stale"]
        ),
        (
            &json!("Картка"),
            &json!("translator"),
            &json!(false),
            &json!(1),
            &json!(false)
        )
    );
    assert!(!first["html"].as_str().unwrap().contains("<b"), "{first}");

    let send = |person: &Person, body: Value| {
        let (person, path) = (person.clone(), format!("/concessions/{card}/translations"));
        async move { person.post(&path, body).await }
    };
    let words =
        |language: &str| json!({ "version": 1, "language": language, "title": "T", "body": "B" });
    assert_eq!(
        send(&world.person("onlooker").await, words("uk"))
            .await
            .problem()
            .0,
        "forbidden"
    );
    assert_eq!(
        send(&translator, words("en")).await.problem(),
        ("bad_request", "language")
    );
    assert_eq!(
        send(&translator, words("und")).await.problem(),
        ("bad_request", "language")
    );
    let mut more = words("ru");
    more["in_return"] = "What the card does not say".into();
    assert_eq!(
        send(&translator, more).await.problem(),
        ("bad_request", "in_return")
    );
    let mut old = words("ru");
    old["version"] = 7.into();
    assert_eq!(send(&translator, old).await.problem().0, "conflict");

    assert_eq!(
        review(&translator, &card, &first, true).await.problem().0,
        "forbidden"
    );
    let new = world.person("new").await;
    new.post(
        "/frameworks/test/membership",
        json!({ "camp": "kyiv", "consent": true }),
    )
    .await;
    assert_eq!(
        review(&new, &card, &first, true).await.problem().0,
        "forbidden",
        "a new account reviews nothing"
    );
    // Two of one viewpoint, one without, and a moderator are not two viewpoints; and nobody is told
    // whose word was missing.
    let (friend, undecided) = (
        world.participant("friend", "moscow").await,
        world.participant("undecided", "kyiv").await,
    );
    let silent = json!({ "camp": null, "consent": true });
    let tables = Tables::of(&world);
    undecided.post("/frameworks/test/membership", silent).await;
    tables.await.run("UPDATE membership SET camp = NULL WHERE account IN (SELECT id FROM account WHERE handle = 'undecided')").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    assert_eq!(
        review(&moderator, &card, &first, true).await.problem().0,
        "forbidden",
        "whoever moderates is asked what all are asked"
    );
    let mut told = vec![];
    for person in [&reader, &reader, &friend, &undecided] {
        let said = review(person, &card, &first, true).await;
        let now = &said.body["concession"]["translations"]["uk"];
        assert_eq!((said.status, &now["reviewed"]), (200, &json!(false)));
        told.push(now.clone());
    }
    assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:?}");
    let other = world.participant("other", "kyiv").await;
    assert_eq!(
        review(&other, &card, &first, true).await.body["concession"]["translations"]["uk"]["reviewed"],
        true
    );
    assert_eq!(
        review(&reader, &card, &first, true).await.problem().0,
        "conflict"
    );
    assert_eq!(
        review(&reader, &card, &first, false).await.problem().0,
        "forbidden"
    );

    // Its words are fixed: what anybody writes now waits beside it, and is shown once it is reviewed.
    let second = translated(&translator, &card, "uk", "Інша").await;
    assert_eq!(second, first_as_reviewed(&first));
    let path = format!("/concessions/{card}");
    let waits = world.visitor().get(&path).await.body["waiting_translations"]["uk"].clone();
    assert_eq!(
        (&waits["title"], &waits["reviewed"]),
        (&json!("Інша"), &json!(false))
    );
    review(&reader, &card, &waits, true).await;
    let now = review(&other, &card, &waits, true).await.body["concession"].clone();
    assert_eq!(
        (
            &now["translations"]["uk"]["title"],
            &now["waiting_translations"]
        ),
        (&json!("Інша"), &json!({}))
    );

    // One that was not reviewed is replaced by its translator, and goes where a reader finds it wrong.
    let third = translated(&translator, &card, "ru", "Карточка").await;
    let fourth = translated(&translator, &card, "ru", "Карта").await;
    assert_eq!(review(&reader, &card, &third, true).await.status, 404);
    let said = review(&reader, &card, &fourth, false).await.body["concession"].clone();
    assert_eq!(said["translations"]["ru"], Value::Null);
}

fn first_as_reviewed(first: &Value) -> Value {
    let mut reviewed = first.clone();
    reviewed["reviewed"] = json!(true);
    reviewed
}

async fn a_translation_of_an_older_text_says_so_and_hides_with_its_card(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "A").await;
    let translator = world.participant("translator", "kyiv").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let one = translated(&translator, &card, "uk", "Картка").await;
    let shown = async |person: &Person| {
        person.get(&format!("/concessions/{card}")).await.body["translations"].clone()
    };
    author
        .patch(&format!("/concessions/{card}"), edit(1, "Something else."))
        .await;
    assert_eq!(shown(&world.visitor()).await["uk"]["stale"], true);
    decide(&moderator, &card, "hide", None).await;
    assert_eq!(shown(&world.visitor()).await, json!({}));
    assert_eq!(shown(&translator).await, json!({}));
    assert_eq!(shown(&moderator).await["uk"]["title"], "Картка");
    assert_eq!(review(&translator, &card, &one, false).await.status, 404);
}

async fn whoever_follows_sees_a_merge_and_a_translation(world: World) {
    let (author, reader) = (
        world.participant("author", "kyiv").await,
        world.participant("reader", "moscow").await,
    );
    let (from, into) = (
        world.card(&author, "Ships sail").await,
        world.card(&author, "Ships sail freely").await,
    );
    let mut socket = reader.at(world.node(1)).socket().await;
    socket.follow(world.framework, "public", None).await;
    translated(&reader, &into, "uk", "Кораблі").await;
    let told = socket
        .until(|frame| frame["kind"] == "concession_changed")
        .await;
    assert_eq!(
        told["data"]["object"]["translations"]["uk"]["title"],
        "Кораблі"
    );
    author
        .post(
            &format!("/concessions/{from}/merge"),
            json!({ "into": into }),
        )
        .await;
    let told = socket
        .until(|frame| frame["kind"] == "concession_changed")
        .await;
    assert_eq!(
        (
            &told["data"]["object"]["id"],
            &told["data"]["object"]["merged_into"]
        ),
        (&json!(from), &json!(into))
    );
    assert_eq!(told["data"]["counters"]["question"]["cards"], 1);
    let told = socket
        .until(|frame| frame["kind"] == "concession_changed")
        .await;
    assert_eq!(told["data"]["object"]["id"], into.as_str());
}

async fn imported_cards_bring_translations_once_and_a_bad_one_is_named(world: World) {
    let card = json!({
        "key": "lists", "question": "offer", "title": "Lists", "body": "Full lists.", "verifier": "The Red Cross", "language": "en",
        "translations": { "uk": { "title": "Списки", "body": "Повні списки." } },
    });
    let key = world.visitor().get("/frameworks/test").await.body["questions"][0]["key"].clone();
    let file = |card: &Value| {
        json!({ "format": "demarche.cards/1", "framework": "test", "label": "starter", "cards": [card] }).to_string()
    };
    let (mut card, services) = (card, &world.node(0).services);
    card["question"] = key;
    for said in ["1 of 1", "0 of 1"] {
        let done = import::import(services, &file(&card))
            .await
            .unwrap_or_else(|_| panic!("the file is good"));
        assert!(done.starts_with(said), "{done}");
    }
    let path = format!("/questions/{}/concessions", world.question);
    let seq = world.visitor().get(&path).await.body["seq"].clone();
    card["translations"]["ru"] = json!({ "title": "Списки пленных", "body": "Полные списки." });
    assert!(import::import(services, &file(&card)).await.is_ok());
    let found = world.visitor().get(&path).await.body;
    let texts = &found["items"][0]["translations"];
    assert_eq!(
        (&texts["uk"]["title"], &texts["ru"]["title"]),
        (&json!("Списки"), &json!("Списки пленных"))
    );
    assert_eq!(
        (&texts["uk"]["imported"], &texts["uk"]["reviewed"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        found["seq"].as_i64(),
        seq.as_i64().map(|seq| seq + 1),
        "one change, for the one that is new"
    );

    card["key"] = "other".into();
    card["translations"]["ru"]["in_return"] = "What the card does not say".into();
    let Err(Refused::File(bad)) = import::import(services, &file(&card)).await else {
        panic!("the card says nothing of this")
    };
    assert_eq!(bad.faults[0].field, "cards.0.translations.ru.in_return");
}

async fn a_repeated_merge_has_one_effect(world: World) {
    let author = world.person("author").await;
    let (from, into) = (
        world.card(&author, "Ships sail").await,
        world.card(&author, "Ships sail freely").await,
    );
    let (path, id) = (
        format!("/concessions/{from}/merge"),
        demarche::id::Id::<()>::new().to_string(),
    );
    let body = || Some(json!({ "into": into }).to_string().into_bytes());
    let first = author
        .send(reqwest::Method::POST, &path, Some(&id), body())
        .await;
    let again = author
        .at(world.node(1))
        .send(reqwest::Method::POST, &path, Some(&id), body())
        .await;
    assert_eq!(
        (first.status, again.status, &first.body),
        (200, 200, &again.body)
    );
    assert_eq!(
        author
            .post(&path, json!({ "into": into }))
            .await
            .problem()
            .0,
        "closed"
    );
}
