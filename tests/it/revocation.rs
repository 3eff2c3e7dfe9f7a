//! Rights that end, end at once: on every node, on open sockets, and inside the next command.
use demarche::{domain::permission::Role, id};
use serde_json::{Value, json};

use crate::harness::{Person, Socket, World, both, outage::Proxy, redis};

/// How often something restricted is told while we wait for a socket to lose its stream. Each is
/// seen by a witness first, so a server that heeds rights takes a few; one that does not tells all
/// of them.
const TOLD: usize = 100;

fn revoked<'a>(stream: &'a str) -> impl Fn(&Value) -> bool + 'a {
    move |frame| frame["type"] == "revoked" && frame["stream"] == stream
}

/// Somebody who may still follow a stream, on the socket's own node, and what makes it tell
/// something.
struct Witness<'a> {
    socket: Socket,
    stream: &'a str,
    moderator: Person,
    comment: String,
}

impl<'a> Witness<'a> {
    /// A moderator at the second node who decides something there.
    async fn new(world: &World, stream: &'a str) -> Self {
        let moderator = world.with_role("witness", Role::Moderator).await;
        let (_, comment) = world
            .person("looked-at")
            .await
            .thread(1, "Look at this.")
            .await;
        let mut socket = moderator.at(world.node(1)).socket().await;
        assert_eq!(
            socket.follow(world.framework, stream, None).await["type"],
            "subscribed"
        );
        Self {
            socket,
            stream,
            moderator,
            comment,
        }
    }

    /// Makes the stream tell something, and sees it told.
    async fn tell(&mut self) {
        let decision = json!({ "object": { "kind": "comment", "id": self.comment }, "action": "approve", "rule": "R1", "facts": "It is fine." });
        let made = self.moderator.post("/moderation/decisions", decision).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.body["decision"]["id"].clone();
        let stream = self.stream;
        self.socket
            .until(|frame| frame["stream"] == stream && frame["data"]["object"]["id"] == id)
            .await;
    }
}

/// The oracle: a socket whose right to a stream has ended is told so, and hears nothing of it from
/// then on.
async fn loses(socket: &mut Socket, witness: &mut Witness<'_>) -> Result<(), String> {
    let stream = witness.stream;
    for _ in 0..TOLD {
        witness.tell().await;
        if !socket.round_trip().await {
            return Ok(());
        }
        if socket.has(revoked(stream)) {
            socket.arrived(stream);
            witness.tell().await;
            let still = socket.round_trip().await;
            let after = socket.arrived(stream);
            return if still && after.is_empty() {
                Ok(())
            } else {
                Err(format!("after `revoked`: {after:?}"))
            };
        }
    }
    Err(format!(
        "{} events of {stream} and no `revoked`",
        socket.arrived(stream).len()
    ))
}

async fn set_role(owner: &Person, who: &Person, body: Value) {
    let answer = owner
        .put(&format!("/frameworks/test/team/{}", who.id), body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn following(world: &World, who: &Person, streams: &[&str]) -> Socket {
    let mut socket = who.at(world.node(1)).socket().await;
    for stream in streams {
        let answer = socket.follow(world.framework, stream, None).await;
        assert_eq!(answer["type"], "subscribed", "{stream}: {answer}");
    }
    socket
}

async fn a_role_is_dropped(world: &World) -> Result<(), String> {
    let (owner, dropped) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("dropped", Role::Moderator).await,
    );
    let mut witness = Witness::new(world, "moderators").await;
    let mut socket = following(world, &dropped, &["public", "moderators"]).await;
    set_role(&owner, &dropped, json!({ "role": "member" })).await;
    // Later commands are refused at once, whatever the sockets know.
    let decision = json!({ "type": "decide", "object": { "kind": "comment", "id": witness.comment }, "action": "hide", "rule": "R1", "facts": "No." });
    let refused = socket.command(world.framework, decision).await;
    assert_eq!(refused["problem"]["code"], "forbidden", "{refused}");
    loses(&mut socket, &mut witness).await?;
    // What everyone may read goes on.
    witness.tell().await;
    socket.event("public").await;
    Ok(())
}

async fn a_framework_is_closed(world: &World) -> Result<(), String> {
    let (owner, alice) = (
        world.with_role("host", Role::Owner).await,
        world.person("alice").await,
    );
    let inside = world.participant("inside", "kyiv").await;
    let mut witness = Witness::new(world, "public").await;
    let mut sockets = vec![];
    for who in [&alice, &world.visitor()] {
        sockets.push(following(world, who, &["public"]).await);
    }
    let mut stays = following(world, &inside, &["public"]).await;
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    for reader in [alice.at(world.node(1)), world.visitor().at(world.node(1))] {
        assert_eq!(reader.get("/frameworks/test").await.status, 404);
        assert_eq!(
            reader
                .get(&format!("/comments/{}", witness.comment))
                .await
                .status,
            404
        );
    }
    for socket in &mut sockets {
        loses(socket, &mut witness).await?;
        let again = socket.follow(world.framework, "public", None).await;
        assert_eq!(again["problem"]["code"], "not_found", "{again}");
    }
    witness.tell().await;
    stays.event("public").await;
    assert!(!stays.has(revoked("public")));
    Ok(())
}

/// Four streams and one socket, which then ends with `code` at something that is done.
async fn ends(world: &World, who: &Person, code: u16, done: impl AsyncFnOnce()) {
    let board = format!("tally/{}", world.question);
    let own = format!("account/{}", who.id);
    let mut socket = following(world, who, &["public", "moderators", &own, &board]).await;
    done().await;
    assert_eq!(socket.ended().await, Some(code));
}

/// A moderator who may see the whole board.
async fn insider(world: &World) -> Person {
    let moderator = world.with_role("insider", Role::Moderator).await;
    let author = world.participant("author", "kyiv").await;
    let card = world.card(&author, "Open the archive").await;
    let joined = moderator
        .post(
            "/frameworks/test/membership",
            json!({ "camp": "moscow", "consent": true }),
        )
        .await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    moderator.deal(&world.question).await;
    assert_eq!(moderator.answer(&card, "yes").await.status, 200);
    moderator
}

both! {
    a_role_that_is_dropped_ends_its_stream_on_every_node,
    a_framework_made_private_ends_its_streams_for_readers_and_nobody_else,
    a_right_that_ends_is_found_with_every_hint_lost("--test-drop-hints", "1"),
    a_boards_followers_lose_it_when_the_framework_is_made_private,
    limits_bite_at_once_and_take_no_sight,
    a_session_that_ends_closes_its_socket_and_no_other,
    a_ban_and_a_new_password_end_every_socket,
    the_oracle_sees_rights_that_are_checked_only_at_the_handshake("--test-mutant", "rights_at_handshake"),
}

async fn a_role_that_is_dropped_ends_its_stream_on_every_node(world: World) {
    a_role_is_dropped(&world).await.unwrap();
}

async fn a_framework_made_private_ends_its_streams_for_readers_and_nobody_else(world: World) {
    a_framework_is_closed(&world).await.unwrap();
}

async fn a_right_that_ends_is_found_with_every_hint_lost(world: World) {
    let (owner, dropped) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("dropped", Role::Moderator).await,
    );
    let mut socket = following(&world, &dropped, &["public", "moderators"]).await;
    set_role(&owner, &dropped, json!({ "role": "member" })).await;
    socket.until(revoked("moderators")).await;
    let mut reader = following(&world, &world.visitor(), &["public"]).await;
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    reader.until(revoked("public")).await;
}

async fn a_boards_followers_lose_it_when_the_framework_is_made_private(world: World) {
    let owner = world.with_role("host", Role::Owner).await;
    let insider = insider(&world).await;
    let board = format!("tally/{}", world.question);
    set_role(&owner, &insider, json!({ "role": "member" })).await;
    let mut socket = following(&world, &insider, &[&board]).await;
    // The part in it is taken, too: nothing is left that lets one read.
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    set_role(&owner, &insider, json!({ "role": "member" })).await;
    socket.until(revoked(&board)).await;
}

async fn limits_bite_at_once_and_take_no_sight(world: World) {
    let (owner, narrowed) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("narrowed", Role::Moderator).await,
    );
    let mut witness = Witness::new(&world, "moderators").await;
    let own = format!("account/{}", narrowed.id);
    let mut socket = following(&world, &narrowed, &["moderators", &own]).await;
    set_role(
        &owner,
        &narrowed,
        json!({ "role": "moderator", "points": [2] }),
    )
    .await;
    let decision = json!({ "type": "decide", "object": { "kind": "comment", "id": witness.comment }, "action": "hide", "rule": "R1", "facts": "No." });
    let refused = socket.command(world.framework, decision).await;
    assert_eq!(refused["problem"]["code"], "forbidden", "{refused}");
    assert_eq!(
        socket.event(&own).await["data"]["object"]["points"],
        json!([2])
    );
    witness.tell().await;
    socket.event("moderators").await;
    assert!(!socket.has(revoked("moderators")));
}

async fn a_session_that_ends_closes_its_socket_and_no_other(world: World) {
    let insider = insider(&world).await;
    let mut other = insider.clone();
    other.token = world
        .visitor()
        .post(
            "/session",
            json!({ "handle": "insider", "password": "correct horse" }),
        )
        .await
        .cookie;
    let mut stays = following(&world, &other, &["moderators"]).await;
    // This session, by itself.
    ends(&world, &insider, 4001, async || {
        assert_eq!(insider.delete("/session").await.status, 200)
    })
    .await;
    assert_eq!(
        insider
            .at(world.node(1))
            .post("/reports", json!({}))
            .await
            .status,
        401
    );
    assert!(stays.round_trip().await, "another session's socket stays");
    // Another session, from this one.
    let mut third = insider.clone();
    third.token = world
        .visitor()
        .post(
            "/session",
            json!({ "handle": "insider", "password": "correct horse" }),
        )
        .await
        .cookie;
    ends(&world, &third, 4001, async || {
        assert_eq!(other.delete("/me/sessions").await.status, 200)
    })
    .await;
    assert!(stays.round_trip().await);
}

async fn a_ban_and_a_new_password_end_every_socket(world: World) {
    let (insider, owner) = (
        insider(&world).await,
        world.with_role("host", Role::Owner).await,
    );
    let token = demarche::service::people::accounts::reset_link(&world.node(0).services, "insider")
        .await
        .unwrap_or_else(|_| panic!("a link"));
    ends(&world, &insider, 4001, async || {
        assert_eq!(
            world
                .visitor()
                .post(
                    "/password-resets",
                    json!({ "token": token, "password": "another horse" })
                )
                .await
                .status,
            200
        );
    })
    .await;
    let mut again = insider.clone();
    again.token = world
        .visitor()
        .post(
            "/session",
            json!({ "handle": "insider", "password": "another horse" }),
        )
        .await
        .cookie;
    ends(&world, &again, 4003, async || {
        let ban = json!({ "object": { "kind": "account", "id": again.id }, "action": "ban", "rule": "R1", "facts": "Again and again." });
        assert_eq!(owner.post("/moderation/decisions", ban).await.status, 201);
    })
    .await;
    let post = again
        .post(
            "/frameworks/test/points/1/threads",
            json!({ "title": "t", "body": "b", "kind": "remark" }),
        )
        .await;
    assert_eq!(post.problem().0, "forbidden");
    assert_eq!(
        again
            .get("/moderation/queue?framework=test")
            .await
            .problem()
            .0,
        "forbidden"
    );
}

async fn the_oracle_sees_rights_that_are_checked_only_at_the_handshake(world: World) {
    let said = a_role_is_dropped(&world).await;
    assert!(
        said.is_err_and(|said| said.contains("no `revoked`")),
        "the mutant passed"
    );
}

/// Redis goes away between the nodes: the database tells them all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_that_ends_is_found_with_redis_stopped() {
    let address = redis().trim_start_matches("redis://").to_owned();
    let proxy = Proxy::to(address).await;
    let (url, prefix) = (
        format!("redis://{}", proxy.address),
        format!("test-{}", &id::secret()[..12]),
    );
    let Some(world) = World::scaled_out(&["--redis-url", &url, "--redis-prefix", &prefix]).await
    else {
        return;
    };
    let (owner, dropped) = (
        world.with_role("host", Role::Owner).await,
        world.with_role("dropped", Role::Moderator).await,
    );
    let mut socket = following(&world, &dropped, &["public", "moderators"]).await;
    let mut reader = following(&world, &world.visitor(), &["public"]).await;
    proxy.cut();
    set_role(&owner, &dropped, json!({ "role": "member" })).await;
    socket.until(revoked("moderators")).await;
    assert_eq!(
        owner
            .put("/frameworks/test/visibility", json!({ "public": false }))
            .await
            .status,
        200
    );
    reader.until(revoked("public")).await;
}
