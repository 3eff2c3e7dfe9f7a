//! The server is killed again and again while people write: what was acknowledged stays, once, in
//! its place.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use demarche::{
    domain::bridging::{self, Rules},
    id::{Id, below},
    service::sight::views,
    store::Store,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    harness::{
        Person, Socket,
        ledger::{Ledger, judge},
        process::{Place, Process},
        proposal,
        verify::Tables,
    },
    streams::reduce,
};

const CLIENTS: usize = 32;

/// How often the server is killed; `make faults` asks for more.
fn kills() -> usize {
    std::env::var("DEMARCHE_KILLS").map_or(20, |count| {
        count.parse().expect("DEMARCHE_KILLS is a number")
    })
}

/// What everyone writes about.
pub struct Matter {
    framework: String,
    question: String,
    threads: Vec<String>,
}

/// Somebody and the cards they were dealt.
#[derive(Clone)]
pub struct Writer {
    pub person: Person,
    cards: Vec<String>,
}

async fn account(url: &str, number: usize) -> Person {
    let mut person = Person::new(url.to_owned(), None);
    let made = person
        .post(
            "/accounts",
            json!({ "handle": format!("person{number}"), "password": "correct horse" }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    person.id = made.body["account"]["id"].as_str().unwrap().into();
    person.token = made.cookie;
    let camp = ["kyiv", "moscow", "neither"][number % 3];
    let joined = person
        .post(
            "/frameworks/test/membership",
            json!({ "camp": camp, "consent": true }),
        )
        .await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    person
}

/// Two people of different viewpoints find that a card is not about land.
async fn confirm(place: &Place, [one, other]: [&Person; 2], card: &str) {
    let store = place.store().await;
    let mut tx = store.write().await.unwrap();
    for person in [one, other] {
        tx.vouch(person.id.parse().unwrap()).await.unwrap();
    }
    tx.commit().await.unwrap();
    // A writer that answers too early, on purpose, is given the time to keep its word.
    becomes(one, card, "provisional").await;
    for person in [one, other] {
        let said = person
            .put(
                &format!("/concessions/{card}/scope"),
                json!({ "version": 1, "territorial": false }),
            )
            .await;
        assert_eq!(said.status, 200, "{}", said.body);
    }
    becomes(one, card, "ranked").await;
}

async fn becomes(person: &Person, card: &str, state: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while person.get(&format!("/concessions/{card}")).await.body["state"] != state {
        assert!(
            Instant::now() < until,
            "the card {card} never became {state}"
        );
        sleep(Duration::from_millis(20)).await;
    }
}

pub async fn prepare(place: &Place, url: &str) -> (Arc<Matter>, Vec<Writer>) {
    let people =
        futures_util::future::join_all((0..CLIENTS).map(|number| account(url, number))).await;
    let framework = people[0].get("/frameworks/test").await.body;
    let question = framework["questions"][0]["id"].as_str().unwrap().to_owned();
    let mut threads = vec![];
    for point in [1, 2, 3] {
        threads.push(people[0].thread(point, "Everybody writes here.").await.0);
    }
    for (number, person) in people.iter().take(6).enumerate() {
        let made = person
            .post(
                &format!("/questions/{question}/concessions"),
                proposal(&format!("Card {number}")),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        confirm(
            place,
            [&people[6], &people[7]],
            made.body["concession"]["id"].as_str().unwrap(),
        )
        .await;
    }
    let dealt = people.into_iter().map(async |person| Writer {
        cards: person.deal(&question).await,
        person,
    });
    let writers = futures_util::future::join_all(dealt).await;
    (
        Arc::new(Matter {
            framework: framework["id"].as_str().unwrap().into(),
            question,
            threads,
        }),
        writers,
    )
}

fn one_of<T>(some: &[T]) -> &T {
    &some[usize::try_from(below(some.len() as u64)).unwrap()]
}

/// A comment or an answer; a comment says by which command it came.
fn next_command(id: &str, matter: &Matter, cards: &[String]) -> Value {
    if below(2) == 0 {
        return json!({ "type": "post_comment", "thread": one_of(&matter.threads), "body": id, "kind": "remark" });
    }
    let (acceptance, realism) = (
        one_of(&["yes", "with_changes", "no", "cannot_say"]),
        one_of(&["likely", "maybe", "unlikely"]),
    );
    json!({ "type": "answer_card", "concession": one_of(cards), "version": 1, "acceptance": acceptance, "realism": realism })
}

/// One person who writes until told to stop, over whatever socket can be had. What was not
/// acknowledged is sent again with the same id, or given up now and then.
pub async fn write(
    writer: Writer,
    matter: Arc<Matter>,
    ledger: Arc<Ledger>,
    stop: Arc<AtomicBool>,
) {
    let Writer { person, cards } = writer;
    let mut owed: Option<(String, Value)> = None;
    while !stop.load(Ordering::Relaxed) {
        let Some(mut socket) = Socket::try_open(&person.url, person.token.as_deref()).await else {
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        while !stop.load(Ordering::Relaxed) {
            let (id, command) = owed.take().unwrap_or_else(|| {
                let id = Id::<()>::new().to_string();
                let command = next_command(&id, &matter, &cards);
                ledger.sent(&id, &command);
                (id, command)
            });
            let asked = Instant::now();
            let answer = socket.try_command(&id, &matter.framework, &command).await;
            ledger.answered(asked.elapsed());
            match answer {
                Some(ack) if ack["type"] == "ack" => ledger.acked(&id, &ack),
                Some(nack) => {
                    assert_eq!(nack["problem"]["retryable"], true, "{command}: {nack}");
                    owed = Some((id, command));
                }
                None => {
                    owed = Some((id, command)).filter(|_| below(3) > 0);
                    break;
                }
            }
        }
    }
}

/// Somebody who follows the public stream by the client's rule, over every restart, up to `until`;
/// what they see at the end.
async fn follow(url: String, framework: String, until: Arc<AtomicI64>) -> Value {
    let (mut epoch, mut state) = (String::new(), json!({ "seq": 0 }));
    let seq = |state: &Value| state["seq"].as_i64().unwrap();
    while seq(&state) < until.load(Ordering::Relaxed) {
        let Some(mut socket) = Socket::try_open(&url, None).await else {
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let from = (!epoch.is_empty()).then(|| (epoch.as_str(), seq(&state)));
        let Some(subscribed) = socket.try_follow(&framework, "public", from).await else {
            continue;
        };
        assert_eq!(subscribed["type"], "subscribed", "{subscribed}");
        epoch = subscribed["epoch"].as_str().unwrap().into();
        if subscribed["mode"] == "snapshot" {
            state = subscribed["snapshot"].clone();
        }
        while seq(&state) < until.load(Ordering::Relaxed) {
            let news = timeout(
                Duration::from_millis(100),
                socket.try_until(|frame| frame["type"] == "event" || frame["type"] == "lagging"),
            );
            match news.await {
                Err(_) => {}
                Ok(Some(event)) if event["seq"].as_i64() == Some(seq(&state) + 1) => {
                    reduce(&mut state, &event)
                }
                Ok(Some(event)) if event["seq"].as_i64().is_some_and(|at| at <= seq(&state)) => {}
                // A gap, a stream that lags, or the end of the connection: again from the last
                // place.
                Ok(_) => break,
            }
        }
    }
    state
}

/// Kills the server at random times, up to `within` ms after an answer, while everybody writes; the
/// longest time it took to be ready again.
async fn kill_often(server: &mut Process, ledger: &Ledger, times: usize, within: u64) -> Duration {
    let mut longest = Duration::ZERO;
    for _ in 0..times {
        let (before, deadline) = (ledger.acks(), Instant::now() + Duration::from_secs(20));
        while ledger.acks() == before {
            assert!(
                Instant::now() < deadline,
                "nobody could write since the last kill"
            );
            sleep(Duration::from_millis(1)).await;
        }
        sleep(Duration::from_millis(below(within))).await;
        server.kill().await;
        longest = longest.max(server.restart().await);
    }
    longest
}

/// Runs the storm on a server with some arguments: what was broken, and how many commands were
/// acknowledged.
async fn storm(
    place: &Place,
    arguments: &[&str],
    times: usize,
    within: u64,
) -> (Vec<String>, usize) {
    let mut server = Process::start(place, arguments).await;
    let (matter, all) = prepare(place, &server.url).await;
    let (ledger, stop) = (
        Arc::new(Ledger::new(place.folder.path())),
        Arc::new(AtomicBool::new(false)),
    );
    let until = Arc::new(AtomicI64::new(i64::MAX));
    let view = tokio::spawn(follow(
        server.url.clone(),
        matter.framework.clone(),
        until.clone(),
    ));
    let writers: Vec<_> = all
        .iter()
        .map(|writer| {
            tokio::spawn(write(
                writer.clone(),
                matter.clone(),
                ledger.clone(),
                stop.clone(),
            ))
        })
        .collect();
    let longest = kill_often(&mut server, &ledger, times, within).await;
    sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let store = place.store().await;
    let account = ledger.read();
    let mut faults = judge(&store, &account).await;
    println!(
        "{times} kills, {} of {} commands acknowledged, ready again after {longest:?} at most",
        account.acked.len(),
        account.sent.len()
    );
    if !faults.is_empty() {
        view.abort();
        return (faults, account.acked.len());
    }
    faults.extend(comments_differ(&all[0].person, &matter, &account).await);
    faults.extend(tally_differs(&all[0], &matter, &store).await);
    let fresh = Socket::open(&server.url, None)
        .await
        .follow(&matter.framework, "public", None)
        .await["snapshot"]
        .clone();
    until.store(fresh["seq"].as_i64().unwrap(), Ordering::Relaxed);
    if view.await.unwrap() != fresh {
        faults.push("a subscriber's view is not a fresh snapshot".into());
    }
    store.close().await;
    let tables = Tables {
        folder: place.folder.path().into(),
        url: place.url(),
    };
    faults.extend(
        tables
            .verify(&[])
            .await
            .faults()
            .iter()
            .map(|fault| format!("the chain: {fault}")),
    );
    (faults, account.acked.len())
}

/// Comments that are there twice, or were acknowledged and are not there.
pub async fn comments_differ(
    reader: &Person,
    matter: &Matter,
    account: &crate::harness::ledger::Account,
) -> Vec<String> {
    let mut bodies = std::collections::BTreeMap::<String, usize>::new();
    for thread in &matter.threads {
        let mut path = format!("/threads/{thread}");
        loop {
            let page = reader.get(&path).await.body;
            for comment in page["comments"]["items"].as_array().unwrap() {
                *bodies
                    .entry(comment["body"].as_str().unwrap().into())
                    .or_default() += 1;
            }
            let Some(next) = page["comments"]["next"].as_str() else {
                break;
            };
            path = format!("/threads/{thread}?after={next}");
        }
    }
    let twice = account
        .sent
        .iter()
        .filter(|id| bodies.get(*id).is_some_and(|count| *count > 1))
        .map(|id| format!("doubled: the comment of {id}"));
    let public = account
        .acked
        .iter()
        .filter(|(_, (_, stream, _))| stream == "public");
    let lost = public
        .filter(|(id, _)| !bodies.contains_key(*id))
        .map(|(id, _)| format!("lost: the comment of {id}"));
    twice.chain(lost).collect()
}

/// Whether the published board is the one counted from the ballots.
pub async fn tally_differs(
    Writer { person, cards }: &Writer,
    matter: &Matter,
    store: &Store,
) -> Option<String> {
    for card in cards {
        assert_eq!(person.answer(card, "no").await.status, 200);
    }
    let (question, deadline) = (
        matter.question.parse().unwrap(),
        Instant::now() + Duration::from_secs(20),
    );
    loop {
        // Ballots show some at a time: more come until the last one shows.
        let (card, acceptance): (&String, &&str) = (one_of(cards), one_of(&["yes", "no"]));
        assert_eq!(person.answer(card, acceptance).await.status, 200);
        let shown = person
            .get(&format!("/questions/{}/tally", matter.question))
            .await
            .body;
        let mut reader = store.read().await.unwrap();
        let question = reader.question(question).await.unwrap().unwrap();
        if shown["at_seq"].as_i64() == Some(question.ballot_seq) {
            let framework = reader.framework(question.framework).await.unwrap().unwrap();
            let cards = reader.ranked_cards(question.id).await.unwrap();
            let tally = reader.recount(&question).await.unwrap();
            let board = bridging::board(
                &tally,
                &cards,
                &framework.camps,
                Rules {
                    floor: 1,
                    enough: 3,
                },
            );
            let counted = serde_json::to_string(&views::tally(
                &framework,
                &question,
                tally.at_seq,
                board,
                true,
            ))
            .unwrap();
            let counted: Value = serde_json::from_str(&counted).unwrap();
            return (counted != shown)
                .then(|| format!("the board is {shown} and its ballots count to {counted}"));
        }
        assert!(
            Instant::now() < deadline,
            "the board stays at {} of {} ballots",
            shown["at_seq"],
            question.ballot_seq
        );
        sleep(Duration::from_millis(20)).await;
    }
}

async fn keeps_its_promises(place: Place) {
    let (faults, acked) = storm(&place, &[], kills(), 250).await;
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(
        acked >= kills(),
        "people could write between the kills: {acked}"
    );
}

async fn is_caught(place: Place) {
    let (faults, _) = storm(&place, &["--test-mutant", "ack_before_commit"], 5, 20).await;
    assert!(
        faults.iter().any(|fault| fault.starts_with("lost")),
        "five kills lost nothing that the oracle saw: {faults:?}"
    );
}

mod what_was_acknowledged_outlives_every_kill {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn embedded() {
        keeps_its_promises(Place::embedded().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            keeps_its_promises(place).await;
        }
    }
}

mod a_writer_that_answers_before_it_commits_is_caught {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn embedded() {
        is_caught(Place::embedded().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            is_caught(place).await;
        }
    }
}
