//! Redis is away, slow, or comes back with less than it had: nobody waits for it, and what was
//! shown is not taken back.
use std::{process::Stdio, time::Duration};

use demarche::{
    clock::Clock,
    domain::{
        ballot::Ballot,
        tally::{Delta, Release},
    },
    id,
    live::{Live, Redis},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::harness::{
    Node, World, both,
    outage::Proxy,
    process::{Place, command},
    redis, required, settings,
};

const HELD: Release = Release {
    ballots: i64::MAX,
    after: i64::MAX,
    at_least: i64::MAX,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_starts_while_redis_is_away_says_so_and_finds_it_when_it_comes() {
    let Some(world) = World::scaled_out(&[]).await else {
        return;
    };
    let proxy = Proxy::to(redis().trim_start_matches("redis://").to_owned()).await;
    for stalled in [false, true] {
        if stalled {
            proxy.stall();
        } else {
            proxy.cut();
        }
        let (folder, database, url) = (
            world.folder().to_string_lossy().into_owned(),
            world.url().unwrap(),
            format!("redis://{}", proxy.address),
        );
        let prefix = format!("test-{}", &id::secret()[..12]);
        let arguments = [
            "--data-dir",
            &folder,
            "--database-url",
            &database,
            "--redis-url",
            &url,
            "--redis-prefix",
            &prefix,
        ];
        let node = Node::start(settings(&arguments), Clock::default()).await;
        let said = world.visitor().at(&node).get("//readyz").await;
        assert_eq!(said.status, 200);
        assert!(
            said.body.as_str().unwrap().contains("Redis is away"),
            "{}",
            said.body
        );
        let alice = world
            .person(if stalled { "alice" } else { "bob" })
            .await
            .at(&node);
        alice.thread(1, "Written meanwhile.").await;
        assert_eq!(
            alice
                .get(&format!("/questions/{}/tally", world.question))
                .await
                .status,
            200
        );
        proxy.open();
        world
            .eventually("Redis is found", async || {
                alice.get("//readyz").await.body == "ready"
            })
            .await;
        node.services.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_beside_the_server_run_while_redis_is_away() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let run = async |verb: &str| {
        let mut command = command(&[], verb, place.folder.path(), place.url().as_deref());
        let output = command
            .args(["--redis-url", "redis://127.0.0.1:1"])
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
        )
    };
    let (code, said) = run("recount").await;
    assert!(
        code == Some(0) && said.contains("Redis does not answer"),
        "{code:?} {said}"
    );
    assert_eq!(run("reindex").await.0, Some(0));
    // Who checks the settings wants to know.
    let (code, said) = run("check-config").await;
    assert!(
        code == Some(1) && said.contains("DEMARCHE_REDIS_URL"),
        "{code:?} {said}"
    );
}

/// Something that speaks as Redis does, and answers this to each command by its name; to others,
/// that it is well.
async fn answering(
    answer: impl Fn(&str) -> Option<&'static str> + Send + Sync + Clone + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut bytes = [0; 16 * 1024];
                while let Ok(read @ 1..) = stream.read(&mut bytes).await {
                    let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
                    let lines: Vec<&str> = text.split("\r\n").collect();
                    // The first word of each command: two lines after its count.
                    for at in (0..lines.len()).filter(|at| lines[*at].starts_with('*')) {
                        let (name, first) = (lines[at + 2], lines.get(at + 4).unwrap_or(&""));
                        let said = match answer(name) {
                            Some(error) => format!("-{error}\r\n"),
                            None if name == "HELLO" => "%1\r\n+server\r\n+redis\r\n".to_owned(),
                            None if name == "SUBSCRIBE" => {
                                format!(">3\r\n+subscribe\r\n+{first}\r\n:1\r\n")
                            }
                            None if name == "UNLINK" => ":0\r\n".to_owned(),
                            None => "+OK\r\n".to_owned(),
                        };
                        if stream.write_all(said.as_bytes()).await.is_err() {
                            return;
                        }
                    }
                }
            });
        }
    });
    format!("redis://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_may_take_us_later_stops_no_start_and_one_that_refuses_us_does() {
    let open = async |url: String| {
        Redis::open(&url, "test", 0)
            .await
            .map(|redis| Live::Redis(redis).is_away())
    };
    assert!(!open(answering(|_| None).await).await.unwrap());
    for passing in [
        "ERR max number of clients reached",
        "LOADING Redis is loading",
        "MASTERDOWN no master",
        "CLUSTERDOWN down",
        "BUSY script",
    ] {
        assert!(
            open(answering(move |_| Some(passing)).await).await.unwrap(),
            "{passing}"
        );
    }
    // What listens and takes no writes is of no use either.
    for passing in [
        "READONLY a replica",
        "MISCONF no disk",
        "LOADING Redis is loading",
        "MOVED 1 127.0.0.1:1",
    ] {
        assert!(
            open(answering(move |name| (name == "UNLINK").then_some(passing)).await)
                .await
                .unwrap(),
            "{passing}"
        );
    }
    for refusing in [
        "NOAUTH Authentication required.",
        "WRONGPASS invalid username-password pair",
        "NOPERM no rights",
    ] {
        assert!(
            open(answering(move |_| Some(refusing)).await)
                .await
                .is_err(),
            "{refusing}"
        );
    }
}

both! {
    a_board_never_steps_back_to_an_older_place,
}

async fn a_board_never_steps_back_to_an_older_place(world: World) {
    let (author, reader) = (
        world.person("author").await,
        world.participant("reader", "kyiv").await,
    );
    let card = world.card(&author, "A card").await;
    reader.deal(&world.question).await;
    for acceptance in ["yes", "no", "yes"] {
        assert_eq!(reader.answer(&card, acceptance).await.status, 200);
    }
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
    let key = (question.id, question.round);
    let path = format!("/questions/{}/tally", world.question);
    // Counted from the ballots, as while the live state is away: everything shows.
    services.live.forget_tally(key).await.unwrap();
    assert_eq!(reader.get(&path).await.body["at_seq"], 3);
    // It comes back as it was: what it counts is right, what it shows is older.
    let counted = services
        .store
        .read()
        .await
        .unwrap()
        .recount(&question)
        .await
        .unwrap();
    services.live.forget_tally(key).await.unwrap();
    services
        .live
        .load_tally(
            key,
            demarche::domain::tally::Tally {
                at_seq: 2,
                ..counted
            },
            services.now(),
        )
        .await
        .unwrap();
    let nothing = Delta::between(key.0, key.1, 3, &Ballot::default(), &Ballot::default());
    services
        .live
        .move_tally(&nothing, HELD, services.now())
        .await
        .unwrap();
    assert_eq!(services.live.tally(key).await.unwrap().unwrap().0.at_seq, 2);
    assert_eq!(
        reader.get(&path).await.body["at_seq"],
        3,
        "a reader who saw the third change sees it still"
    );
    assert_eq!(
        services.live.tally(key).await.unwrap().unwrap().0.at_seq,
        3,
        "and so do those who read on another node"
    );
}

/// Comments that people write, each after the other's answer, in so long.
async fn written(
    node: &Node,
    people: &[crate::harness::Person],
    thread: &str,
    question: &str,
    long: Duration,
) -> usize {
    let until = tokio::time::Instant::now() + long;
    let all = people.iter().enumerate().map(|(number, person)| {
        let person = person.at(node);
        async move {
            let mut written = 0;
            while tokio::time::Instant::now() < until {
                if number % 4 == 0 {
                    assert_eq!(
                        person
                            .get(&format!("/questions/{question}/tally"))
                            .await
                            .status,
                        200
                    );
                }
                let made = person
                    .post(
                        &format!("/threads/{thread}/comments"),
                        json!({ "body": "Again.", "kind": "remark" }),
                    )
                    .await;
                assert_eq!(made.status, 201, "{}", made.body);
                written += 1;
            }
            written
        }
    });
    futures_util::future::join_all(all).await.into_iter().sum()
}

/// Measured, and so for `make faults`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes longer than a test may: make faults"]
async fn writes_with_redis_far_away_take_as_long_as_with_redis_near() {
    let Some(world) = World::scaled_out(&[]).await else {
        assert!(!required());
        return;
    };
    let far = Proxy::far(
        redis().trim_start_matches("redis://").to_owned(),
        Duration::from_millis(100),
    )
    .await;
    let (folder, database, url) = (
        world.folder().to_string_lossy().into_owned(),
        world.url().unwrap(),
        format!("redis://{far}"),
    );
    let prefix = format!("test-{}", &id::secret()[..12]);
    let arguments = [
        "--data-dir",
        &folder,
        "--database-url",
        &database,
        "--redis-url",
        &url,
        "--redis-prefix",
        &prefix,
    ];
    let distant = Node::start(settings(&arguments), Clock::default()).await;
    let mut people = vec![];
    for number in 0..16 {
        people.push(world.person(&format!("person{number}")).await);
    }
    let (thread, _) = people[0].thread(1, "Everybody writes here.").await;
    let (mut near, mut away) = (0, 0);
    // By turns, so that what else the machine does falls on both.
    for _ in 0..4 {
        near += written(
            world.node(0),
            &people,
            &thread,
            &world.question,
            Duration::from_secs(5),
        )
        .await;
        away += written(
            &distant,
            &people,
            &thread,
            &world.question,
            Duration::from_secs(5),
        )
        .await;
    }
    println!("with Redis near: {near}; behind 200 ms there and back: {away}");
    // Nearly as many; a wait for each would leave a third.
    assert!(
        away * 6 >= near * 5,
        "with Redis far away {away} were written, with Redis near {near}"
    );
    distant.services.stop.cancel();
}
