//! Cards, deals, answers, boards.
use std::{sync::Arc, time::Duration};

use demarche::{
    domain::tally::{Counter, Tally},
    id::Id,
    service::boards::tally as tallies,
};
use serde_json::json;
use tokio::{
    sync::Barrier,
    time::{Instant, sleep},
};

use crate::harness::{World, both, proposal, verify::Tables};

/// The recounted tally, which the live one must equal.
async fn recounted(world: &World) -> Tally {
    let services = &world.node(0).services;
    let question = services
        .store
        .read()
        .await
        .unwrap()
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    tallies::recount(services, &question)
        .await
        .unwrap_or_else(|_| panic!("the store answers"))
        .0
}

/// Sixteen sockets of one person answer one card, four times each, over all nodes; what anybody
/// could see that is not one ballot.
async fn race(world: &World) -> Vec<String> {
    let author = world.person("author").await;
    let card = world.card(&author, "Raced for").await;
    let reader = world.participant("reader", "kyiv").await;
    reader.deal(&world.question).await;
    let (live, key) = (
        &world.node(1).services.live,
        (world.question.parse().unwrap(), 1),
    );
    live.load_tally(key, recounted(world).await, 0)
        .await
        .unwrap();
    let (mut racing, start) = (tokio::task::JoinSet::new(), Arc::new(Barrier::new(16)));
    for number in 0..16 {
        let (reader, card, framework, start) = (
            reader.at(world.node(number)),
            card.clone(),
            world.framework.to_string(),
            start.clone(),
        );
        racing.spawn(async move {
            let mut socket = reader.socket().await;
            start.wait().await;
            // All at once, so that several stand in one batch.
            let ids = ["yes", "no", "with_changes", "yes"].map(|acceptance| (Id::<()>::new().to_string(), acceptance));
            for (id, acceptance) in &ids {
                let command = json!({ "type": "answer_card", "concession": card, "version": 1, "acceptance": acceptance });
                socket.send(json!({ "type": "command", "id": id, "framework": framework, "command": command })).await;
            }
            for (id, _) in &ids {
                let ack = socket.until(|frame| frame["id"] == id.as_str()).await;
                assert_eq!(ack["type"], "ack", "{ack}");
            }
        });
    }
    let mut faults = vec![];
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        while let Some(done) = racing.try_join_next() {
            done.unwrap();
        }
        let running = live.running_tally(key).await.unwrap();
        if let Some(wrong) = running.as_ref().filter(|tally| !of_one_person(tally)) {
            faults.push(format!("counted more than one ballot: {wrong:?}"));
        }
        if racing.is_empty()
            && (!faults.is_empty() || running.is_some_and(|tally| tally.at_seq == 64))
        {
            break;
        }
        assert!(
            Instant::now() < deadline,
            "the tally never reaches the last ballot"
        );
        sleep(Duration::from_millis(1)).await;
    }
    let (counted, running) = (
        recounted(world).await,
        live.running_tally(key).await.unwrap(),
    );
    if (
        counted.counters.len(),
        counted.at_seq,
        counted.voters.get("kyiv"),
    ) != (1, 64, Some(&1))
        || !of_one_person(&counted)
    {
        faults.push(format!("stored more than one ballot: {counted:?}"));
    }
    if running.as_ref() != Some(&counted) {
        faults.push(format!(
            "counted {running:?} where the ballots are {counted:?}"
        ));
    }
    faults
}

/// Whether a tally holds at most one person's answer to one card.
fn of_one_person(tally: &Tally) -> bool {
    let one = |count: &i64| (0..=1).contains(count);
    let counts = |counter: &Counter| {
        [
            counter.yes,
            counter.with_changes,
            counter.no,
            counter.cannot_say,
        ]
    };
    tally.voters.values().all(one)
        && tally
            .counters
            .values()
            .all(|counter| counts(counter).iter().all(one) && one(&counter.answered()))
}

both! {
    what_rises_is_what_both_camps_accept,
    a_visitor_judges_a_hand_and_an_account_makes_it_count_once,
    only_dealt_answers_score,
    an_answer_is_replaced_withdrawn_and_ordered,
    a_note_becomes_a_comment_that_the_next_note_edits,
    notes_go_to_their_own_thread_whatever_others_are_called_and_however_many,
    a_thread_of_notes_that_an_older_node_opened_is_gone_on_with,
    one_person_has_one_ballot_however_many_sockets_race,
    a_ballot_that_is_looked_up_outside_the_lock_is_caught("--test-mutant", "check_then_insert"),
    a_changed_card_takes_answers_for_its_new_version_only,
    a_proposal_must_not_be_about_land_and_names_its_faults,
    the_board_is_live_for_those_who_answered_a_hand,
}

async fn what_rises_is_what_both_camps_accept(world: World) {
    let author = world.person("author").await;
    let (loved, bridging) = (
        world.card(&author, "Loved by one").await,
        world.card(&author, "Both could live with it").await,
    );
    for number in 0..4 {
        for camp in ["kyiv", "moscow"] {
            let reader = world.participant(&format!("{camp}-{number}"), camp).await;
            reader.deal(&world.question).await;
            assert_eq!(
                reader
                    .answer(&loved, if camp == "kyiv" { "yes" } else { "no" })
                    .await
                    .status,
                200
            );
            assert_eq!(
                reader
                    .answer(&bridging, if number == 0 { "no" } else { "yes" })
                    .await
                    .status,
                200
            );
        }
    }
    let late = world.participant("late", "neither").await;
    let hidden = late
        .get(&format!("/questions/{}/tally", world.question))
        .await
        .body;
    assert_eq!(
        (&hidden["hidden"], &hidden["reason"]),
        (&json!(true), &json!("answer_first"))
    );
    late.deal(&world.question).await;
    late.answer(&loved, "no").await;
    late.answer(&bridging, "yes").await;
    let path = format!("/questions/{}/tally", world.question);
    world
        .eventually("the board holds all nine ballots", async || {
            late.get(&path).await.body["at_seq"] == 18
        })
        .await;
    let board = late.at(world.node(1)).get(&path).await.body;
    assert_eq!(board["complete"], true);
    assert_eq!(board["items"][0]["concession"], bridging.as_str());
    assert_eq!(board["items"][0]["rank"], 1);
    assert_eq!(board["items"][1]["held_back_by"]["camp"], "moscow");
    assert_eq!(board["items"][1]["camps"]["moscow"]["yes"], 0);
    assert_eq!(
        board["voters"],
        json!({ "kyiv": 4, "moscow": 4, "neither": 1 })
    );
    assert_eq!(recounted(&world).await.at_seq, 18);
}

async fn a_visitor_judges_a_hand_and_an_account_makes_it_count_once(world: World) {
    let author = world.person("author").await;
    for number in 0..7 {
        world.card(&author, &format!("Card {number}")).await;
    }
    let visitor = world.visitor();
    let hand = visitor
        .post(&format!("/questions/{}/deal", world.question), json!({}))
        .await
        .body;
    let again = world
        .visitor()
        .at(world.node(1))
        .post(&format!("/questions/{}/deal", world.question), json!({}))
        .await
        .body;
    assert_eq!(hand["cards"], again["cards"], "redrawing buys nothing");
    let (deal, cards) = (
        hand["deal"].as_str().unwrap(),
        hand["cards"].as_array().unwrap(),
    );
    assert_eq!(cards.len(), 5);
    let part = visitor
        .get(&format!("/questions/{}/tally?deal={deal}", world.question))
        .await
        .body;
    assert_eq!(
        (&part["hidden"], &part["complete"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        part["items"].as_array().unwrap().len() + part["waiting"].as_array().unwrap().len(),
        5
    );

    let reader = world.participant("reader", "kyiv").await;
    let give = |card: &serde_json::Value, deal: &str| {
        let (reader, path) = (
            reader.clone(),
            format!("/concessions/{}/answer", card["id"].as_str().unwrap()),
        );
        let body = json!({ "version": 1, "acceptance": "yes", "deal": deal });
        async move { reader.put(&path, body).await }
    };
    for card in cards {
        assert_eq!(give(card, deal).await.body["answer"]["dealt"], true);
    }
    // A second hand, of another hour, is no second chance.
    world.clock.advance(3_600_000);
    let second = visitor
        .post(&format!("/questions/{}/deal", world.question), json!({}))
        .await
        .body;
    assert_ne!(second["deal"], hand["deal"]);
    let answered: Vec<_> = cards.iter().map(|card| &card["id"]).collect();
    let fresh = second["cards"]
        .as_array()
        .unwrap()
        .iter()
        .find(|card| !answered.contains(&&card["id"]))
        .cloned();
    if let Some(card) = fresh {
        assert_eq!(
            give(&card, second["deal"].as_str().unwrap()).await.body["answer"]["dealt"],
            false
        );
    }
    assert_eq!(
        give(&cards[0], "forged.token").await.body["answer"]["dealt"],
        true,
        "what was dealt stays dealt"
    );
    assert_eq!(recounted(&world).await.voters["kyiv"], 1);
}

async fn only_dealt_answers_score(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "Sought out").await;
    let reader = world.participant("reader", "kyiv").await;
    assert_eq!(
        reader.answer(&card, "yes").await.body["answer"]["dealt"],
        false
    );
    assert!(recounted(&world).await.counters.is_empty());
}

async fn an_answer_is_replaced_withdrawn_and_ordered(world: World) {
    let author = world.person("author").await;
    let (a, b) = (
        world.card(&author, "A").await,
        world.card(&author, "B").await,
    );
    let reader = world.participant("reader", "kyiv").await;
    reader.deal(&world.question).await;
    reader.answer(&a, "yes").await;
    reader.answer(&b, "yes").await;
    let order = |tiers: serde_json::Value| json!({ "tiers": tiers });
    let path = format!("/questions/{}/order", world.question);
    assert_eq!(
        reader.put(&path, order(json!([[b], [a]]))).await.body["ballot"]["tiers"],
        json!([[b], [a]])
    );
    assert_eq!(
        reader.put(&path, order(json!([[a, a]]))).await.problem(),
        ("bad_request", "tiers.0")
    );
    reader.answer(&b, "no").await;
    let ballot = reader
        .get(&format!("/questions/{}/ballot", world.question))
        .await
        .body;
    assert_eq!(
        ballot["tiers"],
        json!([[a]]),
        "what is no longer accepted leaves the order"
    );
    assert_eq!(
        reader.put(&path, order(json!([[b]]))).await.body["fields"][0]["code"],
        "not_accepted"
    );
    assert_eq!(
        reader
            .delete(&format!("/concessions/{a}/answer"))
            .await
            .status,
        200
    );
    let tally = recounted(&world).await;
    assert_eq!((tally.counters.len(), tally.voters["kyiv"]), (1, 1));
}

async fn a_note_becomes_a_comment_that_the_next_note_edits(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "A").await;
    let reader = world.participant("reader", "moscow").await;
    reader.deal(&world.question).await;
    let answer = |note: &str| json!({ "version": 1, "acceptance": "with_changes", "note": note });
    for note in ["Add a date", "Add two dates"] {
        assert_eq!(
            reader
                .put(&format!("/concessions/{card}/answer"), answer(note))
                .await
                .status,
            200
        );
    }
    let threads = reader
        .get(&format!("/concessions/{card}/threads"))
        .await
        .body;
    let thread = threads["items"][0]["id"].as_str().unwrap();
    let comments =
        reader.get(&format!("/threads/{thread}")).await.body["comments"]["items"].clone();
    assert_eq!(
        (
            comments.as_array().unwrap().len(),
            &comments[0]["body"],
            &comments[0]["version"]
        ),
        (1, &json!("Add two dates"), &json!(2))
    );
}

async fn notes_go_to_their_own_thread_whatever_others_are_called_and_however_many(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let under = format!("/concessions/{card}/threads");
    let open = async |title: &str| {
        let made = author
            .post(
                &under,
                json!({ "title": title, "body": "A thread.", "kind": "remark" }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["thread"]["id"].as_str().unwrap().to_owned()
    };
    let same_title = open("What would have to change").await;
    let note = async |handle: &str| {
        let reader = world.participant(handle, "moscow").await;
        reader.deal(&world.question).await;
        let answer = json!({ "version": 1, "acceptance": "with_changes", "note": format!("a note of {handle}") });
        reader
            .put(&format!("/concessions/{card}/answer"), answer)
            .await
    };
    assert_eq!(note("first").await.status, 200);
    for number in 0..60 {
        open(&format!("Thread {number}")).await;
    }
    assert_eq!(note("second").await.status, 200);
    assert_eq!(
        author.get(&format!("/threads/{same_title}")).await.body["comments"]["items"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "nobody else writes there"
    );
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    let threads = format!(
        "SELECT CAST(COUNT(*) AS TEXT) FROM thread WHERE title = 'What would have to change' AND concession = '{card}'"
    );
    assert_eq!(tables.one(&threads).await, "2");
    // A moderator's lock is not walked around: the answer waits for one without a note.
    let notes = tables
        .one(&format!("SELECT id FROM thread WHERE notes_of = '{card}'"))
        .await;
    assert_eq!(
        author.get(&format!("/threads/{notes}")).await.body["comments"]["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let moderator = world
        .with_role("watch", demarche::domain::permission::Role::Moderator)
        .await;
    let lock = json!({ "object": { "kind": "thread", "id": notes }, "action": "lock", "rule": "R1", "facts": "Enough." });
    assert_eq!(
        moderator.post("/moderation/decisions", lock).await.status,
        201
    );
    let refused = note("third").await;
    assert_eq!(
        (refused.status, refused.problem().0),
        (409, "closed"),
        "{}",
        refused.body
    );
    assert_eq!(tables.one(&threads).await, "2");
    assert_eq!(
        tables.one("SELECT CAST(COUNT(*) AS TEXT) FROM answer WHERE account = (SELECT id FROM account WHERE handle = 'third')").await,
        "0",
        "a refused command leaves nothing"
    );
}

async fn a_thread_of_notes_that_an_older_node_opened_is_gone_on_with(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let note = async |handle: &str| {
        let reader = world.participant(handle, "moscow").await;
        reader.deal(&world.question).await;
        let answer = json!({ "version": 1, "acceptance": "with_changes", "note": format!("a note of {handle}") });
        assert_eq!(
            reader
                .put(&format!("/concessions/{card}/answer"), answer)
                .await
                .status,
            200
        );
    };
    note("first").await;
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    tables.run("UPDATE thread SET notes_of = NULL").await;
    note("second").await;
    let items = author
        .get(&format!("/concessions/{card}/threads"))
        .await
        .body["items"]
        .clone();
    assert_eq!(
        (items.as_array().unwrap().len(), &items[0]["comments"]),
        (1, &json!(2)),
        "{items}"
    );
}

async fn one_person_has_one_ballot_however_many_sockets_race(world: World) {
    let faults = race(&world).await;
    assert!(faults.is_empty(), "{faults:#?}");
}

async fn a_ballot_that_is_looked_up_outside_the_lock_is_caught(world: World) {
    let faults = race(&world).await;
    assert!(
        faults.iter().any(|fault| fault.starts_with("counted")),
        "one person counted as several and nobody saw it: {faults:?}"
    );
}

async fn a_changed_card_takes_answers_for_its_new_version_only(world: World) {
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "A").await;
    let edit =
        json!({ "version": 1, "title": "A, dated", "body": "By May.", "verifier": "The agency" });
    assert_eq!(
        author
            .patch(&format!("/concessions/{card}"), edit.clone())
            .await
            .body["concession"]["version"],
        2
    );
    assert_eq!(
        author
            .patch(&format!("/concessions/{card}"), edit)
            .await
            .problem()
            .0,
        "conflict"
    );
    let reader = world.participant("reader", "kyiv").await;
    assert_eq!(reader.answer(&card, "yes").await.problem().0, "conflict");
    assert_eq!(
        author.delete(&format!("/concessions/{card}")).await.status,
        200
    );
    let tombstone = reader.get(&format!("/concessions/{card}")).await;
    assert_eq!(
        (tombstone.status, &tombstone.body["title"]),
        (200, &json!(null))
    );
    assert_eq!(reader.answer(&card, "yes").await.problem().0, "closed");
}

async fn a_proposal_must_not_be_about_land_and_names_its_faults(world: World) {
    let author = world.person("author").await;
    let mut bad = proposal("");
    bad["not_about_land"] = false.into();
    bad["points"] = json!([9]);
    bad["receivers"] = json!(["mars"]);
    let answer = author
        .post(&format!("/questions/{}/concessions", world.question), bad)
        .await;
    let mut fields: Vec<_> = answer.body["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["field"].as_str().unwrap())
        .collect();
    fields.sort_unstable();
    assert_eq!(fields, ["not_about_land", "points", "receivers", "title"]);
}

async fn the_board_is_live_for_those_who_answered_a_hand(world: World) {
    let author = world.person("author").await;
    let card = world.card(&author, "A").await;
    let (reader, other) = (
        world.participant("reader", "kyiv").await,
        world.participant("other", "moscow").await,
    );
    let mut socket = reader.at(world.node(1)).socket().await;
    let stream = format!("tally/{}", world.question);
    assert_eq!(
        socket.follow(world.framework, &stream, None).await["problem"]["code"],
        "forbidden"
    );
    reader.deal(&world.question).await;
    reader.answer(&card, "yes").await;
    let subscribed = socket.follow(world.framework, &stream, None).await;
    assert_eq!(subscribed["snapshot"]["complete"], true, "{subscribed}");
    other.deal(&world.question).await;
    for number in 0..6 {
        // Released in batches: five changed ballots.
        other
            .answer(&card, if number % 2 == 0 { "no" } else { "yes" })
            .await;
    }
    let tally = socket
        .until(|frame| frame["type"] == "tally" && !frame["voters"]["moscow"].is_null())
        .await;
    assert_eq!(tally["waiting"][0]["concession"], card.as_str());
}
