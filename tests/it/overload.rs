//! More is written than can be saved: moderators still decide.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use demarche::{
    domain::permission::Role,
    id::Id,
    protocol::{command::Command, problem::Code},
    service::way_in::desk::By,
};
use futures_util::future;
use serde_json::json;
use tokio::time::Instant;

use crate::harness::{Person, Socket, World, both};

both! {
    a_moderator_decides_while_others_are_refused,
}

async fn a_moderator_decides_while_others_are_refused(world: World) {
    let (alice, moderator) = (
        world.person("alice").await,
        world.with_role("keeper", Role::Moderator).await,
    );
    let (thread, _) = alice.thread(1, "one").await;
    let mut comments = vec![];
    for number in 0..5 {
        comments.push(alice.comment(&thread, &format!("number {number}")).await);
    }
    // A queue that is kept full.
    let (services, framework, account) = (
        world.node(0).services.clone(),
        world.framework,
        alice.id.parse().unwrap(),
    );
    let (refused, done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (saw, stop) = (refused.clone(), done.clone());
    let flood = tokio::spawn(async move {
        while !stop.load(Relaxed) {
            let nowhere = json!({ "type": "post_comment", "thread": Id::<()>::new(), "body": "b", "kind": "remark" });
            let command = Command::read(nowhere.as_object().unwrap().clone()).unwrap();
            let by = By {
                account,
                session: None,
            };
            if let Err(problem) = services.desk.enqueue(by, framework, Id::new(), command) {
                assert_eq!(problem.code, Code::Overloaded);
                saw.store(true, Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    world
        .eventually("others are refused", async || refused.load(Relaxed))
        .await;
    for comment in comments {
        let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "No." });
        let made = moderator.post("/moderation/decisions", decision).await;
        assert_eq!(made.status, 201, "{}", made.body);
        // The reserved lane is not for everybody who asks.
        let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "No." });
        let refused = alice.post("/moderation/decisions", decision).await;
        assert!(
            ["overloaded", "forbidden"].contains(&refused.problem().0),
            "{}",
            refused.body
        );
    }
    done.store(true, Relaxed);
    flood.await.unwrap();
}

/// How many come at once.
const MANY: usize = 60;

/// What people flood a server with.
#[derive(Clone, Copy, Debug)]
enum Flood {
    Reads,
    SignIns,
    Sockets,
    Answers,
}

impl Flood {
    async fn wave(self, world: &World, person: &Person, thread: &str, number: usize) {
        match self {
            Self::Reads => {
                for path in [
                    format!("/threads/{thread}"),
                    format!("/search?q=number{number}"),
                    "/frameworks/test".into(),
                ] {
                    assert!([200, 503, 504].contains(&person.get(&path).await.status));
                }
            }
            Self::SignIns => {
                let wrong =
                    json!({ "handle": format!("nobody{number}"), "password": "a wrong password" });
                assert!(
                    [401, 429, 503, 504].contains(&person.post("/session", wrong).await.status)
                );
            }
            Self::Sockets => {
                if let Some(mut socket) = Socket::try_open(&person.url, None).await {
                    socket.try_follow(world.framework, "public", None).await;
                }
            }
            Self::Answers => {
                let body = json!({ "body": format!("again {number}"), "kind": "remark" });
                assert!(
                    [201, 429, 503, 504].contains(
                        &person
                            .post(&format!("/threads/{thread}/comments"), body)
                            .await
                            .status
                    )
                );
            }
        }
    }
}

/// How long a moderator waits for a decision at most, while many do this.
async fn waits(world: &World, flood: Flood) -> Duration {
    let handle = format!("{flood:?}").to_lowercase();
    let (author, moderator) = (
        world.person(&format!("author{handle}")).await,
        world
            .with_role(&format!("keeper{handle}"), Role::Moderator)
            .await,
    );
    let (thread, _) = author.thread(1, "one").await;
    let comments = future::join_all(
        (0..8).map(async |number| author.comment(&thread, &format!("number {number}")).await),
    )
    .await;
    let stop = AtomicBool::new(false);
    let floods = future::join_all((0..MANY).map(async |number| {
        let person = if number % 2 == 0 {
            author.at(world.node(number / 2))
        } else {
            world.visitor().at(world.node(number / 2))
        };
        let person = if matches!(flood, Flood::Answers) {
            author.at(world.node(number))
        } else {
            person
        };
        while !stop.load(Relaxed) {
            flood.wave(world, &person, &thread, number).await;
        }
    }));
    let decides = async {
        let mut longest = Duration::ZERO;
        for comment in comments {
            let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "No." });
            let begun = Instant::now();
            while moderator
                .post("/moderation/decisions", decision.clone())
                .await
                .status
                != 201
            {
                assert!(
                    begun.elapsed() < Duration::from_secs(30),
                    "nothing can be decided"
                );
            }
            longest = longest.max(begun.elapsed());
        }
        stop.store(true, Relaxed);
        longest
    };
    future::join(floods, decides).await.1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures: make faults"]
async fn a_moderator_decides_in_a_moment_whatever_others_flood_a_server_with() {
    for world in [
        Some(World::embedded(&[]).await),
        World::scaled_out(&[]).await,
    ]
    .into_iter()
    .flatten()
    {
        for flood in [Flood::Reads, Flood::SignIns, Flood::Sockets, Flood::Answers] {
            let longest = waits(&world, flood).await;
            println!(
                "beside {MANY} who do it again and again, {flood:?}: a decision took {longest:?} at most, {} nodes",
                world.nodes.len()
            );
            assert!(longest <= Duration::from_secs(5), "{flood:?}: {longest:?}");
        }
    }
}
