//! Nodes whose clocks differ: the database's decides, and a node whose own is wrong says so.
use demarche::{clock::Clock, domain::permission::Role, id, service::way_in::clock};
use serde_json::json;

use crate::harness::{Node, World, outage::Proxy, redis, settings};

/// How far off the second node's clock is, in milliseconds.
const OFF: i64 = 600_000;

/// A world, the way of its nodes to Redis, and one more node, on a machine whose clock is wrong.
async fn world_with_wrong_node(off: i64) -> Option<(World, Proxy, Node)> {
    let proxy = Proxy::to(redis().trim_start_matches("redis://").to_owned()).await;
    let (url, prefix) = (
        format!("redis://{}", proxy.address),
        format!("test-{}", &id::secret()[..12]),
    );
    let live = ["--redis-url", &url, "--redis-prefix", &prefix];
    let world = World::scaled_out(&live).await?;
    let (folder, database) = (
        world.folder().to_string_lossy().into_owned(),
        world.url().unwrap(),
    );
    let arguments = [
        &["--data-dir", &folder, "--database-url", &database],
        live.as_slice(),
    ]
    .concat();
    let node = Node::start(settings(&arguments), Clock::wrong_by(off)).await;
    Some((world, proxy, node))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_stays_open_until_the_databases_time_whatever_a_nodes_clock_shows() {
    let Some((world, _, ahead)) = world_with_wrong_node(OFF).await else {
        return;
    };
    let lead = world.with_role("leading", Role::Mediator).await;
    let closes_at = world.clock.now() + OFF / 2;
    let set = lead
        .put(
            &format!("/questions/{}/closing", world.question),
            json!({ "closes_at": closes_at }),
        )
        .await;
    assert_eq!(set.status, 200, "{}", set.body);
    assert!(clock::close_due(&ahead.services.desk).await.is_ok());
    let question = lead.get("/frameworks/test").await.body["questions"][0].clone();
    assert_eq!(
        (&question["state"], &question["closes_at"]),
        (&json!("open"), &json!(closes_at))
    );
    // By the same clock everybody else goes by, it closes there, too.
    ahead.services.clock.advance(OFF / 2 + 1_000);
    assert!(clock::close_due(&ahead.services.desk).await.is_ok());
    assert_eq!(
        lead.get("/frameworks/test").await.body["questions"][0]["state"],
        "closed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_mode_is_neither_passed_by_nor_drawn_out_by_a_wrong_clock() {
    for off in [OFF, -OFF] {
        let Some((world, _, wrong)) = world_with_wrong_node(off).await else {
            return;
        };
        let owner = world.with_role("owning", Role::Owner).await;
        let pace = json!({ "version": 0, "slow_seconds": 60, "slow_points": [], "paused_points": [], "first_posts": 0, "words": [], "links": [] });
        assert_eq!(owner.put("/frameworks/test/pace", pace).await.status, 200);
        let author = world.person("author").await;
        let (thread, _) = author.thread(1, "The first.").await;
        let there = author.at(&wrong);
        let early = there
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": "Too early.", "kind": "remark" }),
            )
            .await;
        assert_eq!(early.problem().0, "slow_mode", "{}", early.body);
        let wait = early.body["retry_after_ms"].as_i64().unwrap();
        assert!((1..=60_000).contains(&wait), "{wait}");
        // What was written there counts here by the same time.
        let other = world.person("other").await;
        assert_eq!(
            other
                .at(&wrong)
                .post(
                    &format!("/threads/{thread}/comments"),
                    json!({ "body": "Mine.", "kind": "remark" })
                )
                .await
                .status,
            201
        );
        let early = other
            .post(
                &format!("/threads/{thread}/comments"),
                json!({ "body": "Again.", "kind": "remark" }),
            )
            .await;
        let wait = early.body["retry_after_ms"]
            .as_i64()
            .expect("slow mode tells when");
        assert!((1..=60_000).contains(&wait), "{wait}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_closes_sockets_on_a_node_with_a_wrong_clock_while_redis_is_away() {
    for off in [OFF, -OFF] {
        let Some((world, proxy, wrong)) = world_with_wrong_node(off).await else {
            return;
        };
        let (owner, loud) = (
            world.with_role("owning", Role::Owner).await,
            world.person("loud").await,
        );
        let mut socket = loud.at(&wrong).socket().await;
        assert!(socket.round_trip().await);
        proxy.cut();
        let ban = json!({ "object": { "kind": "account", "id": loud.id }, "action": "ban", "rule": "R1", "facts": "Again and again." });
        assert_eq!(owner.post("/moderation/decisions", ban).await.status, 201);
        // A look at every socket once a minute would find it, too: much too late.
        let ended = tokio::time::timeout(std::time::Duration::from_secs(20), socket.ended()).await;
        assert_eq!(ended.expect("the sweep finds it"), Some(4003));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_says_that_its_clock_is_wrong_and_by_how_much() {
    let Some((world, _, wrong)) = world_with_wrong_node(-OFF).await else {
        return;
    };
    let said = world.visitor().at(&wrong).get("//readyz").await;
    assert_eq!(said.status, 200);
    let said = said.body.as_str().unwrap().to_owned();
    assert!(
        said.starts_with("ready\n") && said.contains("s behind the database's"),
        "{said}"
    );
    assert_eq!(
        world.visitor().get("//readyz").await.body,
        "ready",
        "a node whose clock is right has nothing to say"
    );
}
