//! Rounds: opening, closing by hand and by the clock, what stays of one, receipts, and the
//! auditors' file.
use std::{process::Command, sync::Arc};

use demarche::{
    domain::{
        commitment::{self, Hash},
        permission::Role,
        recount::BallotFile,
        stream::EventKind,
        word::Word,
    },
    id::Id,
    service::{people::appoint, reads::rounds, way_in::clock},
};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::harness::{Person, World, both, process::Place, project, proposal, required};

/// The address of something about the test's question.
fn of(world: &World, rest: &str) -> String {
    format!("/questions/{}{rest}", world.question)
}

async fn mediator(world: &World) -> Person {
    world.with_role("leading", Role::Mediator).await
}

async fn question(world: &World) -> Value {
    world
        .visitor()
        .at(world.node(1))
        .get("/frameworks/test")
        .await
        .body["questions"][0]
        .clone()
}

/// Two cards that four of each camp judge; the first two of each camp put them in order.
async fn judged(world: &World) -> (Vec<String>, Vec<Person>) {
    let author = world.person("author").await;
    let cards = vec![
        world.card(&author, "Loved by one").await,
        world.card(&author, "=Both, \"perhaps\"").await,
    ];
    let mut people = vec![];
    for number in 0..4 {
        for camp in ["kyiv", "moscow"] {
            let reader = world.participant(&format!("{camp}-{number}"), camp).await;
            reader.deal(&world.question).await;
            reader
                .answer(&cards[0], if camp == "kyiv" { "yes" } else { "no" })
                .await;
            reader
                .answer(&cards[1], if number == 0 { "no" } else { "yes" })
                .await;
            people.push(reader);
        }
    }
    people[2]
        .put(
            &of(world, "/order"),
            json!({ "tiers": [[cards[1]], [cards[0]]] }),
        )
        .await;
    (cards, people)
}

fn hash(text: &Value) -> Hash {
    let text = text.as_str().unwrap();
    core::array::from_fn(|place| u8::from_str_radix(&text[2 * place..2 * place + 2], 16).unwrap())
}

/// Whether a receipt leads to a root, as a browser finds out.
fn leads(receipt: &Value, root: &Value) -> bool {
    let path: Vec<Hash> = receipt["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(hash)
        .collect();
    let number = |field: &str| usize::try_from(receipt[field].as_u64().unwrap()).unwrap();
    commitment::included(
        &hash(root),
        &hash(&receipt["commitment"]),
        number("index"),
        number("size"),
        &path,
    )
}

/// The ballot file as the operator exports it.
async fn exported(world: &World, round: u32, open: bool) -> Result<BallotFile, String> {
    let services = &world.node(1).services;
    let question = services
        .store
        .read()
        .await
        .unwrap()
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    rounds::export(services, question, round, open)
        .await
        .map_err(|failure| failure.told().detail)
}

/// What the independent script says of a file; `None` without Python.
fn script(file: &BallotFile) -> Option<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ballots.json");
    std::fs::write(&path, serde_json::to_vec(file).unwrap()).unwrap();
    let Ok(output) = Command::new("python3")
        .arg(project().join("docs/recount/recount.py"))
        .arg(path)
        .output()
    else {
        assert!(!required(), "python3 is required by DEMARCHE_REQUIRE_ALL");
        println!("SKIPPED: there is no python3");
        return None;
    };
    Some((
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    ))
}

both! {
    a_mediator_closes_and_opens_and_others_may_not,
    a_closing_time_must_lie_ahead_and_can_be_taken_back,
    the_clock_closes_once_and_in_nobodys_name,
    of_many_who_close_at_once_one_does,
    no_answer_gets_in_after_the_close,
    what_is_published_is_the_recount_of_the_file,
    a_receipt_leads_to_the_root_and_a_foreign_one_does_not,
    a_closed_round_stays_and_a_hidden_card_loses_its_words_alone,
    a_table_opens_in_a_spreadsheet_and_runs_nothing,
    a_ballot_file_is_for_named_auditors,
    a_board_shows_as_the_round_was_opened,
    a_repeated_close_has_one_effect,
}

async fn a_mediator_closes_and_opens_and_others_may_not(world: World) {
    let lead = mediator(&world).await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let reader = world.participant("reader", "kyiv").await;
    for (method, path) in [("post", "/close"), ("post", "/rounds"), ("put", "/closing")] {
        for (person, code) in [
            (&moderator, "forbidden"),
            (&reader, "forbidden"),
            (&world.visitor(), "unauthenticated"),
        ] {
            let answer = if method == "post" {
                person.post(&of(&world, path), json!({})).await
            } else {
                person.put(&of(&world, path), json!({})).await
            };
            assert_eq!(answer.problem().0, code, "{path}");
        }
    }
    assert_eq!(
        lead.post(&of(&world, "/rounds"), json!({}))
            .await
            .problem()
            .0,
        "conflict"
    );
    let card = world.card(&world.person("author").await, "A card").await;
    let closed = lead.post(&of(&world, "/close"), json!({})).await;
    assert_eq!(
        (closed.status, &closed.body["question"]["state"]),
        (200, &json!("closed")),
        "{}",
        closed.body
    );
    assert_eq!(
        lead.at(world.node(1))
            .post(&of(&world, "/close"), json!({}))
            .await
            .problem()
            .0,
        "conflict"
    );
    assert_eq!(
        reader
            .post(&of(&world, "/deal"), json!({}))
            .await
            .problem()
            .0,
        "closed"
    );
    assert_eq!(reader.answer(&card, "yes").await.problem().0, "closed");
    assert_eq!(
        reader
            .put(&of(&world, "/order"), json!({ "tiers": [] }))
            .await
            .problem()
            .0,
        "closed"
    );
    assert_eq!(
        reader
            .post(&of(&world, "/concessions"), proposal("Late"))
            .await
            .problem()
            .0,
        "closed"
    );
    let opened = lead
        .post(&of(&world, "/rounds"), json!({ "reveal": "live" }))
        .await
        .body["question"]
        .clone();
    assert_eq!(
        (&opened["state"], &opened["round"], &opened["reveal"]),
        (&json!("open"), &json!(2), &json!("live"))
    );
    assert_eq!(question(&world).await, opened);
    assert_eq!(
        reader.deal(&world.question).await,
        [card],
        "cards carry over"
    );
}

async fn a_closing_time_must_lie_ahead_and_can_be_taken_back(world: World) {
    let lead = mediator(&world).await;
    let now = world.clock.now();
    for bad in [json!(now - 1), json!(now + 367 * 86_400_000), json!("soon")] {
        let answer = lead
            .put(&of(&world, "/closing"), json!({ "closes_at": bad }))
            .await;
        assert_eq!(answer.problem(), ("bad_request", "closes_at"), "{bad}");
    }
    let later = now + 86_400_000;
    assert_eq!(
        lead.put(&of(&world, "/closing"), json!({ "closes_at": later }))
            .await
            .body["question"]["closes_at"],
        later
    );
    assert_eq!(question(&world).await["closes_at"], later);
    assert_eq!(
        lead.put(&of(&world, "/closing"), json!({ "closes_at": null }))
            .await
            .body["question"]["closes_at"],
        Value::Null
    );
}

async fn the_clock_closes_once_and_in_nobodys_name(world: World) {
    let lead = mediator(&world).await;
    let mut socket = world.visitor().at(world.node(1)).socket().await;
    socket.follow(world.framework, "public", None).await;
    lead.put(
        &of(&world, "/closing"),
        json!({ "closes_at": world.clock.now() + 60_000 }),
    )
    .await;
    world.clock.advance(60_000);
    let due = tokio::time::Instant::now();
    socket
        .until(|frame| {
            frame["kind"] == "question_changed" && frame["data"]["object"]["state"] == "closed"
        })
        .await;
    // Two seconds by design; a laden machine gets some more.
    assert!(
        due.elapsed() < std::time::Duration::from_secs(6),
        "{:?}",
        due.elapsed()
    );
    // Both nodes look once more, at the same time.
    let (one, other) = tokio::join!(
        clock::close_due(&world.node(0).services.desk),
        clock::close_due(&world.node(1).services.desk)
    );
    assert!(one.is_ok() && other.is_ok());
    let mut reader = world.node(0).services.store.read().await.unwrap();
    let changes = reader
        .changes(world.framework, "public", 0, 100)
        .await
        .unwrap();
    let closing = Word::Known(EventKind::QuestionChanged);
    let closed: Vec<_> = changes
        .iter()
        .filter(|change| change.actor.is_none() && change.kind == closing)
        .collect();
    assert_eq!(closed.len(), 1, "{changes:?}");
    assert_eq!(
        reader
            .rounds(world.question.parse().unwrap())
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn of_many_who_close_at_once_one_does(world: World) {
    let lead = mediator(&world).await;
    let (mut racing, start) = (tokio::task::JoinSet::new(), Arc::new(Barrier::new(8)));
    for number in 0..8 {
        let (lead, path, start) = (
            lead.at(world.node(number)),
            of(&world, "/close"),
            start.clone(),
        );
        racing.spawn(async move {
            start.wait().await;
            lead.post(&path, json!({})).await.status
        });
    }
    let mut statuses = racing.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[200].as_slice(), &[409; 7]].concat());
    assert_eq!(
        world.visitor().get(&of(&world, "/rounds")).await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

async fn no_answer_gets_in_after_the_close(world: World) {
    let card = world.card(&world.person("author").await, "Raced for").await;
    let lead = mediator(&world).await;
    let mut readers = vec![];
    for number in 0..6 {
        let reader = world.participant(&format!("reader-{number}"), "kyiv").await;
        reader.deal(&world.question).await;
        readers.push(reader);
    }
    let (mut racing, start) = (tokio::task::JoinSet::new(), Arc::new(Barrier::new(7)));
    for (number, reader) in readers.iter().enumerate() {
        let (mut socket, start) = (reader.at(world.node(number)).socket().await, start.clone());
        let (framework, card) = (world.framework.to_string(), card.clone());
        racing.spawn(async move {
            start.wait().await;
            let mut taken = 0;
            for turn in 0..40 {
                let acceptance = if turn % 2 == 0 { "yes" } else { "no" };
                let command = json!({ "type": "answer_card", "concession": card, "version": 1, "acceptance": acceptance });
                let answer = socket.command(&framework, command).await;
                match answer["type"].as_str() {
                    Some("ack") => taken += 1,
                    _ => assert_eq!(answer["problem"]["code"], "closed", "{answer}"),
                }
            }
            taken
        });
    }
    start.wait().await;
    let closed = lead
        .at(world.node(1))
        .post(&of(&world, "/close"), json!({}))
        .await;
    assert_eq!(closed.status, 200);
    let taken: i64 = racing.join_all().await.into_iter().sum();
    let services = &world.node(0).services;
    let stored = services
        .store
        .read()
        .await
        .unwrap()
        .question(world.question.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        stored.ballot_seq, taken,
        "every answer that was taken is in, and none besides"
    );
    // What was frozen is what is kept: nothing moved after it.
    let file = exported(&world, 1, false).await.unwrap();
    assert_eq!(file.recount().differences, Vec::<String>::new());
}

async fn what_is_published_is_the_recount_of_the_file(world: World) {
    let (cards, _) = judged(&world).await;
    assert!(
        exported(&world, 1, false)
            .await
            .unwrap_err()
            .contains("--open")
    );
    assert_eq!(exported(&world, 1, true).await.unwrap().ballots.len(), 8);
    mediator(&world)
        .await
        .post(&of(&world, "/close"), json!({}))
        .await;
    let view = world
        .visitor()
        .at(world.node(1))
        .get(&of(&world, "/rounds/1"))
        .await
        .body;
    assert_eq!(
        (&view["ballots"], &view["voters"]),
        (&json!(8), &json!({ "kyiv": 4, "moscow": 4 }))
    );
    assert_eq!(
        (&view["ranked"][0]["card"], &view["ranked"][0]["rank"]),
        (&json!(cards[1]), &json!(1))
    );
    assert_eq!(view["ranked"][1]["held_back_by"]["camp"], "moscow");
    assert!(
        view["ranked"][0]["second_opinions"]["schulze"]["rank"] == 1,
        "{view}"
    );
    let file = exported(&world, 1, false).await.unwrap();
    assert_eq!(file.recount().differences, Vec::<String>::new());
    assert_eq!(
        (
            json!(file.root),
            serde_json::to_value(&file.results.ranked).unwrap()
        ),
        (view["root"].clone(), view["ranked"].clone())
    );
    if let Some((agrees, words)) = script(&file) {
        assert!(agrees && words.contains(&file.root), "{words}");
    }
    let handles = ["kyiv-0", "moscow-3"]
        .into_iter()
        .any(|handle| serde_json::to_string(&file).unwrap().contains(handle));
    assert!(!handles, "the file names nobody");
}

async fn a_receipt_leads_to_the_root_and_a_foreign_one_does_not(world: World) {
    let (cards, people) = judged(&world).await;
    let before = people[0].get(&of(&world, "/receipt")).await.body;
    assert_eq!(
        (&before["root"], &before["path"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        people[0]
            .at(world.node(1))
            .get(&of(&world, "/receipt"))
            .await
            .body,
        before,
        "every node makes the same"
    );
    people[1].answer(&cards[1], "cannot_say").await;
    mediator(&world)
        .await
        .post(&of(&world, "/close"), json!({}))
        .await;
    let root = world.visitor().get(&of(&world, "/rounds")).await.body["items"][0]["root"].clone();
    let mut receipts = vec![];
    for person in &people {
        let receipt = person
            .at(world.node(1))
            .get(&of(&world, "/receipt?round=1"))
            .await
            .body;
        assert_eq!(receipt["root"], root);
        assert!(leads(&receipt, &root), "{receipt}");
        receipts.push(receipt);
    }
    assert_eq!(receipts[0]["commitment"], before["commitment"]);
    let mut foreign = receipts[0].clone();
    foreign["commitment"] = receipts[1]["commitment"].clone();
    assert!(!leads(&foreign, &root));
    assert_eq!(
        world
            .participant("late", "kyiv")
            .await
            .get(&of(&world, "/receipt?round=1"))
            .await
            .status,
        404
    );
    assert_eq!(
        world
            .visitor()
            .get(&of(&world, "/receipt"))
            .await
            .problem()
            .0,
        "unauthenticated"
    );
}

async fn a_closed_round_stays_and_a_hidden_card_loses_its_words_alone(world: World) {
    let (cards, _) = judged(&world).await;
    let lead = mediator(&world).await;
    lead.post(&of(&world, "/close"), json!({})).await;
    let before = world.visitor().get(&of(&world, "/rounds/1")).await.body;
    let hide = json!({ "object": { "kind": "concession", "id": cards[0] }, "action": "hide", "rule": "R1", "facts": "f" });
    assert_eq!(lead.post("/moderation/decisions", hide).await.status, 201);
    lead.post(&of(&world, "/rounds"), json!({ "reveal": "live" }))
        .await;
    let after = world
        .visitor()
        .at(world.node(1))
        .get(&of(&world, "/rounds/1"))
        .await
        .body;
    for field in [
        "ranked", "waiting", "voters", "root", "ballots", "rules", "camps",
    ] {
        assert_eq!(before[field], after[field], "{field}");
    }
    assert_eq!(
        (&after["cards"][0]["title"], &after["cards"][0]["state"]),
        (&Value::Null, &json!("hidden"))
    );
    assert_eq!(after["cards"][1]["title"], "=Both, \"perhaps\"");
    assert_eq!(
        lead.get(&of(&world, "/rounds/1")).await.body["cards"][0]["title"],
        "Loved by one"
    );
    // The next round begins with the same cards and no ballots.
    let board = world.visitor().get(&of(&world, "/tally")).await.body;
    assert_eq!(
        (&board["round"], &board["items"], &board["voters"]),
        (&json!(2), &json!([]), &json!({}))
    );
    assert_eq!(
        world.visitor().get(&of(&world, "/rounds/2")).await.status,
        404
    );
    assert_eq!(
        world.visitor().get(&of(&world, "/rounds/x")).await.status,
        404
    );
}

async fn a_table_opens_in_a_spreadsheet_and_runs_nothing(world: World) {
    judged(&world).await;
    mediator(&world)
        .await
        .post(&of(&world, "/close"), json!({}))
        .await;
    let address = format!(
        "{}/api/v1{}",
        world.node(0).url,
        of(&world, "/rounds/1.csv")
    );
    let answer = reqwest::get(address).await.unwrap();
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/csv")
    );
    let text = answer.text().await.unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(
        lines.len(),
        1 + 2 * 3,
        "a head, and a row per card and camp: {text}"
    );
    assert!(
        lines[1].contains(",\"'=Both, \"\"perhaps\"\"\",1,false,"),
        "{}",
        lines[1]
    );
    assert!(lines[1].contains(",kyiv,true,4,3,0,1,0,"), "{}", lines[1]);
}

async fn a_ballot_file_is_for_named_auditors(world: World) {
    judged(&world).await;
    let auditor = world.person("auditor").await;
    let lead = world.with_role("host", Role::Owner).await;
    lead.post(&of(&world, "/close"), json!({})).await;
    let path = of(&world, "/rounds/1/ballots");
    for person in [&auditor, &lead] {
        assert_eq!(
            person.get(&path).await.problem().0,
            "forbidden",
            "not even the owner, unless named"
        );
    }
    assert_eq!(
        world.visitor().get(&path).await.problem().0,
        "unauthenticated"
    );
    let services = &world.node(0).services;
    assert!(
        appoint::appoint_auditor(services, world.framework, auditor.id.parse().unwrap(), true)
            .await
            .is_ok()
    );
    let file: BallotFile =
        serde_json::from_value(auditor.at(world.node(1)).get(&path).await.body).unwrap();
    assert_eq!(
        (file.ballots.len(), file.recount().differences),
        (8, vec![])
    );
    assert_eq!(
        auditor.get(&of(&world, "/rounds/2/ballots")).await.status,
        404
    );
    assert!(
        appoint::appoint_auditor(
            services,
            world.framework,
            auditor.id.parse().unwrap(),
            false
        )
        .await
        .is_ok()
    );
    assert_eq!(auditor.get(&path).await.problem().0, "forbidden");
}

async fn a_board_shows_as_the_round_was_opened(world: World) {
    let (_, people) = judged(&world).await;
    let lead = mediator(&world).await;
    let newcomer = world.participant("newcomer", "neither").await;
    let stream = format!("tally/{}", world.question);
    let mut socket = people[0].at(world.node(1)).socket().await;
    assert_eq!(
        socket.follow(world.framework, &stream, None).await["type"],
        "subscribed"
    );
    lead.post(&of(&world, "/close"), json!({})).await;
    // Closed: everybody sees the whole board, down to the last ballot.
    let board = newcomer.get(&of(&world, "/tally")).await.body;
    assert_eq!(
        (&board["complete"], &board["voters"]),
        (&json!(true), &json!({ "kyiv": 4, "moscow": 4 }))
    );
    // Round 2, until the close: nobody, also not who followed the board of round 1.
    lead.post(&of(&world, "/rounds"), json!({ "reveal": "at_close" }))
        .await;
    socket
        .until(|frame| frame["type"] == "revoked" && frame["stream"] == stream.as_str())
        .await;
    assert_eq!(
        socket.follow(world.framework, &stream, None).await["problem"]["code"],
        "forbidden"
    );
    assert_eq!(
        people[0].get(&of(&world, "/tally")).await.body["reason"],
        "until_close"
    );
    lead.post(&of(&world, "/close"), json!({})).await;
    // Round 3, live: everybody.
    lead.post(&of(&world, "/rounds"), json!({ "reveal": "live" }))
        .await;
    let mut visitor = world.visitor().at(world.node(1)).socket().await;
    let followed = visitor.follow(world.framework, &stream, None).await;
    assert_eq!(
        (&followed["type"], &followed["snapshot"]["round"]),
        (&json!("subscribed"), &json!(3))
    );
    lead.post(&of(&world, "/close"), json!({})).await;
    // Round 4, after an answer: those who answered in round 1 have not answered in this one.
    lead.post(&of(&world, "/rounds"), json!({ "reveal": "after_answer" }))
        .await;
    visitor.until(|frame| frame["type"] == "revoked").await;
    assert_eq!(
        people[0].get(&of(&world, "/tally")).await.body["reason"],
        "answer_first"
    );
    let cards = people[0].deal(&world.question).await;
    for card in cards {
        people[0].answer(&card, "yes").await;
    }
    assert_eq!(
        people[0].get(&of(&world, "/tally")).await.body["complete"],
        true
    );
    assert_eq!(
        socket.follow(world.framework, &stream, None).await["type"],
        "subscribed"
    );
}

async fn a_repeated_close_has_one_effect(world: World) {
    let lead = mediator(&world).await;
    let key = Id::<()>::new().to_string();
    let send = async |node: usize| {
        lead.at(world.node(node))
            .send(
                reqwest::Method::POST,
                &of(&world, "/close"),
                Some(&key),
                Some(b"{}".to_vec()),
            )
            .await
    };
    let (first, again) = (send(0).await, send(1).await);
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.body, again.body);
}

/// Runs the built command on a data folder: whether it went well, and its words.
fn demarche(folder: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    let output = command
        .args(arguments)
        .env("DEMARCHE_DATA_DIR", folder)
        .env("DEMARCHE_LOG", "off")
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr),
    )
}

#[tokio::test]
async fn the_command_line_exports_and_recounts_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::embedded().await;
    let folder = place.folder.path();
    let path = folder.join("ballots.json");
    let file = path.to_str().unwrap();
    let export = [
        "export",
        "ballots",
        "--question",
        "main",
        "--round",
        "1",
        file,
    ];
    let (well, words) = demarche(folder, &export);
    assert!(!well && words.contains("--open"), "{words}");
    let (well, words) = demarche(folder, &[&export[..], &["--open"]].concat());
    assert!(well, "{words}");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let (well, words) = demarche(folder, &[&export[..], &["--open"]].concat());
    assert!(!well && words.contains("exists"), "{words}");
    for (wrong, field) in [
        (["--question", "none", "--round", "1"], "--question"),
        (["--question", "main", "--round", "2"], "--round"),
    ] {
        let (well, words) = demarche(
            folder,
            &[&["export", "ballots"], &wrong[..], &["other.json"]].concat(),
        );
        assert!(!well && words.contains(field), "{words}");
    }
    let (well, words) = demarche(folder, &["recount", file]);
    assert!(
        well && words.contains("every number is as published"),
        "{words}"
    );
    let forged = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\"root\":\"e3", "\"root\":\"e4");
    std::fs::write(&path, forged).unwrap();
    let (well, words) = demarche(folder, &["recount", file]);
    assert!(!well && words.contains("root: published e4"), "{words}");
    let (well, words) = demarche(folder, &["admin", "auditor", "nobody-here", "test"]);
    assert!(!well && words.contains("no account"), "{words}");
}
