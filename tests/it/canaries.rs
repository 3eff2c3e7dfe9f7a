//! Leak canaries: a token in every field that some may not see, and every byte that somebody lower
//! receives is scanned for them, over REST, sockets, resumes, versions, search, feeds, heads,
//! exports and counts, through a whole random run of decisions.
use std::collections::BTreeMap;

use demarche::{domain::permission::Role, id};
use serde_json::{Value, json};

use crate::harness::{Person, Socket, World, both, proposal};

/// Which canaries may be seen by whom now: a thing that shows lends its tokens to everyone.
struct Cage {
    /// By token: what it is in.
    tokens: BTreeMap<String, String>,
}

impl Cage {
    /// A new token for something.
    fn token(&mut self, what: &str) -> String {
        let token = format!("canary-{}", &id::secret()[..10].replace(['-', '_'], "x"));
        self.tokens.insert(token.clone(), what.to_owned());
        token
    }

    /// The tokens that stand in a text.
    fn found(&self, text: &str) -> Vec<String> {
        self.tokens
            .iter()
            .filter(|(token, _)| text.contains(token.as_str()))
            .map(|(token, what)| format!("{what} ({token})"))
            .collect()
    }
}

/// Every address a reader may ask, for the things there are.
fn addresses(world: &World, things: &[(String, String)]) -> Vec<String> {
    let question = &world.question;
    let mut all: Vec<String> = [
        "/site",
        "/frameworks",
        "/frameworks/test",
        "/frameworks/test/points/1",
        "/frameworks/test/points/1/threads",
        "/frameworks/test/points/2/threads",
        "/frameworks/test/changes?after=0",
        "/frameworks/test/changes?stream=moderators&after=0",
        "/frameworks/test/moderation-log",
        "/frameworks/test/moderation-log.json",
        "/frameworks/test/moderation-log.csv",
        "/frameworks/test/moderation-record",
        "/frameworks/test/scope-ledger",
        "/frameworks/test/checkpoints",
        "/frameworks/test/team",
        "/frameworks/test/invitations",
        "/moderation/queue?framework=test",
        "/me",
        "/me/posts",
        "/me/reports",
        "/me/export",
        "/search?q=canary",
        "/search?q=canary&framework=test",
        "//frameworks/test/feed.atom",
    ]
    .map(str::to_owned)
    .to_vec();
    for under in [
        "concessions",
        "tally",
        "ballot",
        "opinions",
        "rounds",
        "receipt",
        "rounds/1",
        "rounds/1/ballots",
    ] {
        all.push(format!("/questions/{question}/{under}"));
    }
    for (kind, id) in things {
        let room = match kind.as_str() {
            "comment" => "comments",
            "thread" => "threads",
            _ => "concessions",
        };
        all.push(format!("/{room}/{id}"));
        all.push(format!("/{room}/{id}/versions"));
        all.push(format!("/moderation/items/{kind}/{id}"));
        all.push(format!(
            "//{}/{id}",
            if room == "concessions" { "cards" } else { room }
        ));
        if kind == "concession" {
            all.push(format!("/concessions/{id}/threads"));
            all.push(format!("/concessions/{id}/scope"));
        }
    }
    all
}

/// Everything one reader receives by asking.
async fn asked(reader: &Person, addresses: &[String]) -> Vec<(String, String)> {
    let mut all = vec![];
    for address in addresses {
        let answer = reader.get(address).await;
        all.push((address.clone(), answer.body.to_string()));
    }
    all
}

/// Everything one reader receives by following from the start.
async fn resumed(reader: &Person, world: &World, own: Option<&str>) -> Vec<(String, String)> {
    let mut socket = reader.socket().await;
    let head = socket.follow(world.framework, "public", None).await;
    let epoch = head["epoch"].as_str().unwrap().to_owned();
    let mut all = vec![("the public snapshot".to_owned(), head.to_string())];
    let mut streams = vec![
        "public".to_owned(),
        "moderators".to_owned(),
        format!("tally/{}", world.question),
    ];
    streams.extend(own.map(|account| format!("account/{account}")));
    for stream in streams {
        let mut again = reader.socket().await;
        let subscribed = again
            .follow(world.framework, &stream, Some((&epoch, 0)))
            .await;
        // The answer to a second request stands behind all that the first one brought.
        again.follow(world.framework, "track/1", None).await;
        let events: Vec<String> = again
            .arrived(&stream)
            .iter()
            .map(Value::to_string)
            .collect();
        all.push((
            format!("a resume of {stream}"),
            format!("{subscribed} {}", events.join(" ")),
        ));
    }
    all
}

/// A thing some may not see.
struct Thing {
    kind: &'static str,
    id: String,
}

/// A generator with its seed said aloud (splitmix64): a failing run can be run again.
struct Chance(u64);

impl Chance {
    fn of(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % count as u64).unwrap()
    }
}

/// What everybody lower may not receive is received by nobody lower: the first leak, if any.
async fn leaks(
    world: &World,
    cage: &Cage,
    things: &[Thing],
    readers: &[(&Person, Option<&str>)],
    live: &mut [Socket],
) -> Option<String> {
    let places: Vec<(String, String)> = things
        .iter()
        .map(|thing| (thing.kind.to_owned(), thing.id.clone()))
        .collect();
    let addresses = addresses(world, &places);
    for (reader, own) in readers {
        for (address, text) in asked(reader, &addresses)
            .await
            .into_iter()
            .chain(resumed(reader, world, *own).await)
        {
            let found = cage.found(&text);
            if !found.is_empty() {
                return Some(format!(
                    "{address} tells {}: {found:?}",
                    own.unwrap_or("a visitor")
                ));
            }
        }
    }
    for socket in live {
        // What came since everything was taken from view: an answer stands behind it.
        socket.follow(world.framework, "track/1", None).await;
        let text: Vec<String> = socket
            .arrived("public")
            .iter()
            .map(Value::to_string)
            .collect();
        let found = cage.found(&text.join(" "));
        if !found.is_empty() {
            return Some(format!("a live socket got {found:?}"));
        }
    }
    None
}

both! {
    no_byte_of_what_was_taken_from_view_reaches_anybody_lower,
}

async fn no_byte_of_what_was_taken_from_view_reaches_anybody_lower(world: World) {
    let mut cage = Cage {
        tokens: BTreeMap::new(),
    };
    let seed = u64::from_str_radix(&id::Id::<()>::new().to_string()[24..], 16).unwrap();
    eprintln!("seed {seed}");
    let mut chance = Chance(seed);
    let author = world.participant("author", "kyiv").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let reporter = world.participant("reporter", "moscow").await;
    let (visitor, member) = (
        world.visitor().at(world.node(1)),
        world.participant("member", "moscow").await,
    );
    let mut live = vec![
        visitor.socket().await,
        member.at(world.node(1)).socket().await,
    ];
    for socket in &mut live {
        socket.follow(world.framework, "public", None).await;
    }

    // Words in every field there is, in things of every kind, each edited once so that versions
    // hold some too.
    let mut things = vec![];
    for _ in 0..3 {
        let (title, first) = (
            cage.token("a thread's title"),
            cage.token("a first comment"),
        );
        let made = author
            .post(
                "/frameworks/test/points/1/threads",
                json!({ "title": title, "body": first, "kind": "remark" }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        let (thread, comment) = (
            made.body["thread"]["id"].as_str().unwrap().to_owned(),
            made.body["comment"]["id"].as_str().unwrap().to_owned(),
        );
        let edited = cage.token("an edited comment");
        assert_eq!(
            author
                .patch(
                    &format!("/comments/{comment}"),
                    json!({ "version": 1, "body": edited })
                )
                .await
                .status,
            200
        );
        let reply = author
            .reply(&thread, &comment, &cage.token("a reply"))
            .await;
        let mut card = proposal(&cage.token("a card's title"));
        for field in ["body", "in_return", "verifier", "trigger"] {
            card[field] = cage.token(field).into();
        }
        let made = author
            .post(
                &format!("/questions/{}/concessions", world.question),
                card.clone(),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        let card_id = made.body["concession"]["id"].as_str().unwrap().to_owned();
        world.confirm(&card_id).await;
        let mut edit = json!({ "version": 1 });
        for field in ["title", "body", "verifier"] {
            edit[field] = cage.token(&format!("an edited {field}")).into();
        }
        assert_eq!(
            author
                .patch(&format!("/concessions/{card_id}"), edit)
                .await
                .status,
            200
        );
        let kinds = [
            ("thread", thread),
            ("comment", comment),
            ("comment", reply),
            ("concession", card_id),
        ];
        things.extend(kinds.into_iter().map(|(kind, id)| Thing { kind, id }));
    }
    // What reporters write is for moderators alone; so are appeals, for their author too.
    for thing in &things {
        let note = cage.token("a reporter's note");
        let made = reporter.post("/reports", json!({ "object": { "kind": thing.kind, "id": thing.id }, "reason": "other", "note": note })).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let notice = json!({ "object": { "kind": things[0].kind, "id": things[0].id }, "reason": "other", "statement": cage.token("a notice"), "contact": cage.token("a contact") });
    assert_eq!(visitor.post("/notices", notice).await.status, 201);

    let object = json!({ "kind": "comment", "id": things.iter().find(|thing| thing.kind == "comment").unwrap().id });
    let mut asked_before = vec![];
    for (kind, sender, command) in [
        (
            "deal_cards",
            &member,
            json!({ "type": "deal_cards", "question": world.question }),
        ),
        (
            "claim",
            &moderator,
            json!({ "type": "claim", "object": object }),
        ),
    ] {
        let id = id::Id::<()>::new().to_string();
        let first = sender
            .socket()
            .await
            .command_as(&id, world.framework, command.clone())
            .await;
        assert!(
            !cage.found(&first.to_string()).is_empty(),
            "{kind} tells of what shows: {first}"
        );
        asked_before.push((id, kind, sender, command));
    }
    let let_go = moderator
        .delete(&format!(
            "/moderation/items/comment/{}/claim",
            object["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(let_go.status, 200, "{}", let_go.body);

    // A random run, each act of which may leave frames, caches and rows behind it.
    for _ in 0..40 {
        let at = chance.of(things.len());
        let action = [
            "hide", "remove", "restore", "hold", "approve", "lock", "unlock",
        ][chance.of(7)];
        let thing = &things[at];
        let status = moderator.decide(thing.kind, &thing.id, action).await.status;
        assert!([201, 400, 409].contains(&status), "{action}: {status}");
    }
    // In the end everything is out of view.
    for thing in &things {
        let status = moderator
            .decide(thing.kind, &thing.id, "remove")
            .await
            .status;
        assert!([201, 409].contains(&status));
    }
    let hidden = things.iter().find(|thing| thing.kind == "comment").unwrap();
    let decisions = author.get("/me/posts").await.body["decisions"]
        .as_array()
        .unwrap()
        .clone();
    let last = decisions.iter().find(|decision| {
        decision["object"]["id"] == hidden.id.as_str() && !decision["appeal_until"].is_null()
    });
    let appeal = json!({ "decision": last.unwrap()["id"], "statement": cage.token("an appeal") });
    assert_eq!(author.post("/appeals", appeal).await.status, 201);
    // What was answered while it showed is not told again: not to who was dealt a hand, not to who
    // had taken a thing up.
    for (id, kind, sender, command) in &asked_before {
        let mut socket = sender.at(world.node(1)).socket().await;
        let again = socket
            .command_as(id, world.framework, command.clone())
            .await;
        assert_eq!(again["duplicate"], true, "{again}");
        assert_eq!(
            cage.found(&again.to_string()),
            Vec::<String>::new(),
            "a repeat of {kind}"
        );
    }
    for socket in &mut live {
        socket.follow(world.framework, "track/1", None).await;
        socket.arrived("public");
    }

    // The frames a node kept are gone at once; whatever is cached elsewhere, within five seconds.
    let readers = [(&visitor, None), (&member, Some(member.id.as_str()))];
    assert_eq!(
        leaks(&world, &cage, &things, &readers, &mut live).await,
        None
    );
    // The moderators' streams and lists do not hold what was removed either: it shows where each
    // look is noted.
    let places: Vec<(String, String)> = things
        .iter()
        .map(|thing| (thing.kind.to_owned(), thing.id.clone()))
        .collect();
    let wide: Vec<String> = addresses(&world, &places)
        .into_iter()
        .filter(|address| !address.contains("/moderation/items/"))
        .collect();
    let removed: Vec<&String> = cage
        .tokens
        .iter()
        .filter(|(_, what)| what.contains("comment") || what.contains("card"))
        .map(|(token, _)| token)
        .collect();
    for (address, text) in asked(&moderator, &wide).await {
        assert!(
            !removed.iter().any(|token| text.contains(token.as_str())),
            "{address} tells a moderator outside the restricted view"
        );
    }

    // And the scan sees: what is put back is found again, by whoever may see it.
    assert_eq!(
        moderator
            .decide(things[0].kind, &things[0].id, "restore")
            .await
            .status,
        201
    );
    assert!(
        leaks(&world, &cage, &things, &readers[..1], &mut [])
            .await
            .is_some(),
        "a scan that finds nothing proves nothing"
    );
}
