//! What goes over the wire, answer by answer, as it did when it was recorded: both backends say the
//! same bytes, but for ids, secrets and times. `UPDATE=1` records it anew.
use std::{collections::HashMap, fmt::Write, fs};

use demarche::domain::permission::Role;
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Person, Socket, World, both, project, proposal};

/// Headers that say something of an answer.
const HEADERS: [&str; 5] = ["content-type", "cache-control", "vary", "etag", "location"];

/// What is different in every run, by the order in which it first came.
#[derive(Default)]
struct Mask {
    names: HashMap<String, String>,
    counts: HashMap<&'static str, usize>,
}

impl Mask {
    /// The text with a name in place of every id, hash, secret and time.
    fn over(&mut self, text: &str) -> String {
        let part_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let (mut masked, mut rest) = (String::new(), text);
        while let Some(start) = rest.find(part_of_word) {
            let (before, from) = rest.split_at(start);
            let (word, after) =
                from.split_at(from.find(|c| !part_of_word(c)).unwrap_or(from.len()));
            masked.push_str(before);
            masked.push_str(&self.name(word));
            rest = after;
        }
        masked + rest
    }

    fn name(&mut self, word: &str) -> String {
        let all = |fits: fn(char) -> bool| word.chars().all(fits);
        let kind = match word.len() {
            // The decimals of a moment in hours.
            3.. if word.starts_with("00") && all(|c| c.is_ascii_digit()) => return "MOMENT".into(),
            13 if all(|c| c.is_ascii_digit()) && word.starts_with('1') => return "TIME".into(),
            36 if word.matches('-').count() == 4 && all(|c| c.is_ascii_hexdigit() || c == '-') => {
                "ID"
            }
            16 | 64 if all(|c| c.is_ascii_hexdigit()) => "HASH",
            43 => "SECRET",
            // JSON in base64: what a deal holds.
            _ if word.starts_with("eyJ") => "SEALED",
            _ => return self.names.get(word).cloned().unwrap_or_else(|| word.into()),
        };
        let Self { names, counts } = self;
        let new = || {
            let count = counts.entry(kind).or_default();
            *count += 1;
            format!("{kind}-{count}")
        };
        names.entry(word.into()).or_insert_with(new).clone()
    }
}

/// A recording.
struct Tape<'w> {
    world: &'w World,
    mask: Mask,
    text: String,
}

impl<'w> Tape<'w> {
    async fn of(world: &'w World) -> Self {
        let mut mask = Mask::default();
        let framework = world.visitor().get("/frameworks/test").await.body;
        mask.names
            .insert(framework["epoch"].as_str().unwrap().into(), "EPOCH".into());
        Self {
            world,
            mask,
            text: String::new(),
        }
    }

    /// Asks, and records what was answered; the answer.
    async fn ask(
        &mut self,
        person: &Person,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Value {
        let mut request = person
            .client
            .request(method.clone(), format!("{}{path}", person.url))
            .header(header::ORIGIN, &person.url);
        if let Some(token) = &person.token {
            request = request.header(header::COOKIE, format!("demarche={token}"));
        }
        if let Some(body) = &body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let mut said = format!("> {method} {path}\n");
        if let Some(body) = body {
            let _ = writeln!(said, "> {body}");
        }
        let _ = writeln!(said, "{}", answer.status().as_u16());
        for name in HEADERS {
            if let Some(value) = answer.headers().get(name) {
                let _ = writeln!(said, "{name}: {}", value.to_str().unwrap());
            }
        }
        let text = answer.text().await.unwrap();
        self.keep(&(said + &text));
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn get(&mut self, person: &Person, path: &str) -> Value {
        self.ask(person, Method::GET, &format!("/api/v1{path}"), None)
            .await
    }

    async fn write(&mut self, person: &Person, method: Method, path: &str, body: Value) -> Value {
        self.ask(person, method, &format!("/api/v1{path}"), Some(body))
            .await
    }

    async fn post(&mut self, person: &Person, path: &str, body: Value) -> Value {
        self.write(person, Method::POST, path, body).await
    }

    /// Records a frame.
    fn frame(&mut self, frame: &Value) {
        self.keep(&format!("< {frame}"));
    }

    /// A line for each field, so that a difference is easily found.
    fn keep(&mut self, text: &str) {
        let base = self.world.node(0).url.trim_start_matches("http://");
        let text = self
            .mask
            .over(&text.replace(base, "SITE"))
            .replace(",\"", ",\n\"");
        let _ = writeln!(self.text, "{text}\n");
    }

    /// Holds the recording against the one that was kept.
    fn compare(self, name: &str) {
        let file = project()
            .join("tests/data/wire")
            .join(format!("{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &self.text).unwrap();
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let differs = self
            .text
            .lines()
            .zip(kept.lines())
            .position(|(now, then)| now != then);
        let shown = |text: &str, at: usize| {
            text.lines()
                .skip(at.saturating_sub(12))
                .take(20)
                .collect::<Vec<_>>()
                .join("\n")
        };
        if let Some(at) = differs {
            panic!(
                "{name}, line {}: now\n{}\n\nkept\n{}",
                at + 1,
                shown(&self.text, at),
                shown(&kept, at)
            );
        }
        assert_eq!(
            self.text.len(),
            kept.len(),
            "{name}: one says more than the other"
        );
    }
}

/// The address of something about the test's question.
fn of(world: &World, rest: &str) -> String {
    format!("/questions/{}{rest}", world.question)
}

fn id(made: &Value, of: &str) -> String {
    made[of]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{of} of {made}"))
        .into()
}

both! {
    visitors_are_told_what_they_were_told,
    those_who_talk_are_told_what_they_were_told,
    those_who_judge_are_told_what_they_were_told,
    those_who_moderate_are_told_what_they_were_told,
    accounts_are_told_what_they_were_told,
}

async fn visitors_are_told_what_they_were_told(world: World) {
    let mut tape = Tape::of(&world).await;
    let visitor = world.visitor();
    for path in [
        "/frameworks",
        "/frameworks/test",
        "/frameworks/none",
        "/frameworks/test/points/2",
        "/frameworks/test/points/9",
        "/frameworks/test/revisions/1",
        "/frameworks/test/points/2/threads",
        "/frameworks/test/moderation-log",
        "/frameworks/test/moderation-log.csv",
        "/frameworks/test/moderation-record",
        "/frameworks/test/scope-ledger",
        "/frameworks/test/appointments",
        "/frameworks/test/changes?after=0",
        "/frameworks/test/changes?after=x",
        "/frameworks/test/team",
        "/me",
        "/search?q=test",
        "/search",
        "/moderation/queue?framework=test",
        "/threads/none",
        "/nowhere",
    ] {
        tape.get(&visitor, path).await;
    }
    for rest in [
        "/tally",
        "/concessions",
        "/opinions",
        "/rounds",
        "/ballot",
        "/rounds/1/ballots",
    ] {
        tape.get(&visitor, &of(&world, rest)).await;
    }
    tape.post(
        &visitor,
        &of(&world, "/scope-check"),
        json!({ "title": "Give the region back", "body": "All of it." }),
    )
    .await;
    tape.post(
        &visitor,
        "/session",
        json!({ "handle": "nobody", "password": "wrong horse" }),
    )
    .await;
    tape.post(
        &visitor,
        "/accounts",
        json!({ "handle": "x", "password": "short" }),
    )
    .await;
    tape.post(
        &visitor,
        "/accounts",
        json!({ "handle": "taras", "password": "correct horse", "more": 1 }),
    )
    .await;
    for page in [
        "/api/v1/frameworks/test/feed.atom",
        "/robots.txt",
        "/sitemap.xml",
    ] {
        tape.ask(&visitor, Method::GET, page, None).await;
    }
    tape.compare("visitors");
}

async fn those_who_talk_are_told_what_they_were_told(world: World) {
    let mut tape = Tape::of(&world).await;
    let (alice, boris) = (
        world.person("alice").await,
        world.participant("boris", "kyiv").await,
    );
    let mut socket = boris.socket().await;
    let subscribed = socket.follow(world.framework, "public", None).await;
    tape.frame(&json!({ "subscribed": subscribed["type"], "fields": subscribed.as_object().unwrap().keys().collect::<Vec<_>>() }));
    let opening = json!({ "title": "Who *verifies* it?", "body": "Read <b>this</b>: https://example.org/a_b", "kind": "question", "language": "en" });
    let made = tape
        .post(&alice, "/frameworks/test/points/2/threads", opening)
        .await;
    let (thread, first) = (id(&made, "thread"), id(&made, "comment"));
    // An event tells what its object is by now, so each is waited for: that of the thread, and that
    // of its first comment.
    for _ in 0..2 {
        tape.frame(&socket.event("public").await);
    }
    let reply = json!({ "body": "The agency.\nOr nobody.", "kind": "remark", "parent": first });
    let reply = id(
        &tape
            .post(&boris, &format!("/threads/{thread}/comments"), reply)
            .await,
        "comment",
    );
    tape.frame(&socket.event("public").await);
    let edit = json!({ "version": 1, "body": "The agency, soon." });
    tape.write(
        &boris,
        Method::PATCH,
        &format!("/comments/{reply}"),
        edit.clone(),
    )
    .await;
    tape.frame(&socket.event("public").await);
    tape.write(&boris, Method::PATCH, &format!("/comments/{reply}"), edit)
        .await;
    tape.write(
        &alice,
        Method::PATCH,
        &format!("/comments/{reply}"),
        json!({ "version": 2, "body": "mine" }),
    )
    .await;
    tape.post(
        &alice,
        &format!("/threads/{thread}/comments"),
        json!({ "body": " ", "kind": "remark" }),
    )
    .await;
    tape.post(
        &alice,
        &format!("/threads/{thread}/comments"),
        json!({ "body": "x", "kind": "shout" }),
    )
    .await;
    for path in [
        format!("/threads/{thread}"),
        format!("/comments/{reply}"),
        format!("/comments/{reply}/versions"),
    ] {
        tape.get(&world.visitor(), &path).await;
    }
    tape.get(&alice, &format!("/threads/{thread}?after=x"))
        .await;
    tape.write(
        &alice,
        Method::PUT,
        "/frameworks/test/points/2/read",
        json!({ "seq": 1 }),
    )
    .await;
    tape.get(&alice, "/frameworks/test").await;
    tape.get(&alice, "/frameworks/test/changes?after=0").await;
    tape.ask(
        &boris,
        Method::DELETE,
        &format!("/api/v1/comments/{reply}"),
        None,
    )
    .await;
    tape.frame(&socket.event("public").await);
    tape.get(&boris, &format!("/comments/{reply}")).await;
    tape.get(&alice, "/search?q=agency").await;
    tape.get(&alice, "/search?q=verifies").await;
    let ack = socket.command(world.framework, json!({ "type": "post_comment", "thread": thread, "body": "From a socket", "kind": "remark" })).await;
    tape.frame(&ack);
    tape.frame(&socket.event("public").await);
    tape.frame(
        &socket
            .command(
                world.framework,
                json!({ "type": "post_comment", "thread": thread }),
            )
            .await,
    );
    tape.compare("talking");
}

async fn those_who_judge_are_told_what_they_were_told(world: World) {
    let mut tape = Tape::of(&world).await;
    let author = world.participant("author", "moscow").await;
    let made = tape
        .post(
            &author,
            &of(&world, "/concessions"),
            proposal("Open the archives"),
        )
        .await;
    let card = id(&made, "concession");
    tape.post(
        &author,
        &of(&world, "/concessions"),
        proposal("Give the region back"),
    )
    .await;
    tape.post(
        &author,
        &of(&world, "/concessions"),
        json!({ "title": "", "body": "x" }),
    )
    .await;
    tape.post(
        &author,
        &of(&world, "/similar"),
        json!({ "title": "Open the archives", "body": "They would do it." }),
    )
    .await;
    tape.get(&world.visitor(), &format!("/concessions/{card}/scope"))
        .await;
    world.confirm(&card).await;
    let reader = world.participant("reader", "kyiv").await;
    tape.post(&reader, &of(&world, "/deal"), json!({})).await;
    let answer = json!({ "version": 1, "acceptance": "yes", "realism": "maybe" });
    tape.write(
        &reader,
        Method::PUT,
        &format!("/concessions/{card}/answer"),
        answer.clone(),
    )
    .await;
    tape.write(
        &author,
        Method::PUT,
        &format!("/concessions/{card}/answer"),
        answer.clone(),
    )
    .await;
    tape.write(
        &reader,
        Method::PUT,
        &format!("/concessions/{card}/answer"),
        json!({ "version": 7, "acceptance": "yes" }),
    )
    .await;
    tape.write(
        &world.visitor(),
        Method::PUT,
        &format!("/concessions/{card}/answer"),
        answer,
    )
    .await;
    tape.write(
        &reader,
        Method::PUT,
        &of(&world, "/order"),
        json!({ "tiers": [[card]] }),
    )
    .await;
    tape.write(
        &reader,
        Method::PUT,
        &of(&world, "/point-answer"),
        json!({ "accepts": "yes" }),
    )
    .await;
    tape.get(&reader, &of(&world, "/ballot")).await;
    tape.get(&reader, &of(&world, "/receipt")).await;
    for path in [
        format!("/concessions/{card}"),
        format!("/concessions/{card}/versions"),
        format!("/concessions/{card}/threads"),
    ] {
        tape.get(&world.visitor(), &path).await;
    }
    for rest in ["/tally", "/concessions", "/opinions"] {
        tape.get(&world.visitor(), &of(&world, rest)).await;
    }
    tape.ask(
        &reader,
        Method::DELETE,
        &format!("/api/v1/concessions/{card}/answer"),
        None,
    )
    .await;
    let leading = world.with_role("leading", Role::Mediator).await;
    tape.post(&reader, &of(&world, "/close"), json!({})).await;
    tape.post(&leading, &of(&world, "/close"), json!({})).await;
    tape.get(&world.visitor(), &of(&world, "/rounds")).await;
    tape.get(&world.visitor(), &of(&world, "/rounds/1")).await;
    tape.post(&leading, &of(&world, "/rounds"), json!({})).await;
    tape.get(&world.visitor(), "/frameworks/test").await;
    tape.compare("judging");
}

async fn those_who_moderate_are_told_what_they_were_told(world: World) {
    let mut tape = Tape::of(&world).await;
    let (alice, olena) = (
        world.person("alice").await,
        world.with_role("olena", Role::Moderator).await,
    );
    let (thread, comment) = alice.thread(2, "A rude word").await;
    let object = json!({ "kind": "comment", "id": comment });
    let mut desk: Socket = olena.socket().await;
    desk.follow(world.framework, "moderators", None).await;
    let boris = world.person("boris").await;
    tape.post(
        &boris,
        "/reports",
        json!({ "object": object, "reason": "insult", "note": "Rude." }),
    )
    .await;
    tape.post(
        &boris,
        "/reports",
        json!({ "object": object, "reason": "because" }),
    )
    .await;
    tape.frame(&desk.event("moderators").await);
    tape.get(&olena, "/moderation/queue?framework=test").await;
    tape.get(&boris, "/moderation/queue?framework=test").await;
    tape.get(&olena, &format!("/moderation/items/comment/{comment}"))
        .await;
    tape.write(
        &olena,
        Method::PUT,
        &format!("/moderation/items/comment/{comment}/claim"),
        json!({}),
    )
    .await;
    let hide = json!({ "object": object, "action": "hide", "rule": "R2", "facts": "A rude word." });
    tape.post(&boris, "/moderation/decisions", hide.clone())
        .await;
    let made = tape.post(&olena, "/moderation/decisions", hide).await;
    let decision = made["decision"]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    tape.get(&boris, &format!("/comments/{comment}")).await;
    tape.get(&alice, &format!("/comments/{comment}")).await;
    tape.get(&alice, "/me/posts").await;
    tape.get(&boris, "/me/reports").await;
    tape.post(
        &alice,
        "/appeals",
        json!({ "decision": decision, "statement": "It was no insult." }),
    )
    .await;
    tape.ask(
        &olena,
        Method::DELETE,
        &format!("/api/v1/moderation/decisions/{decision}"),
        None,
    )
    .await;
    for path in [
        "/moderation-log",
        "/moderation-record",
        "/changes?after=0",
        "/changes?stream=moderators&after=0",
        "/team",
    ] {
        tape.get(&olena, &format!("/frameworks/test{path}")).await;
    }
    tape.post(&world.visitor(), "/notices", json!({ "object": { "kind": "thread", "id": thread }, "reason": "doxxing", "statement": "See." })).await;
    tape.compare("moderating");
}

async fn accounts_are_told_what_they_were_told(world: World) {
    let mut tape = Tape::of(&world).await;
    let alice = world.person("alice").await;
    tape.get(&alice, "/me").await;
    tape.write(
        &alice,
        Method::PATCH,
        "/me",
        json!({ "display_name": "Alice A." }),
    )
    .await;
    tape.write(
        &alice,
        Method::PATCH,
        "/me",
        json!({ "display_name": "\u{202e}" }),
    )
    .await;
    tape.post(
        &alice,
        "/frameworks/test/membership",
        json!({ "camp": "moscow", "consent": true }),
    )
    .await;
    tape.post(
        &alice,
        "/frameworks/test/membership",
        json!({ "camp": "mars", "consent": true }),
    )
    .await;
    tape.get(&alice, "/frameworks/test").await;
    tape.post(
        &alice,
        "/me/tokens",
        json!({ "name": "reader", "scope": "read", "password": "correct horse" }),
    )
    .await;
    tape.get(&alice, "/me/sessions").await;
    tape.post(
        &alice,
        "/me/password",
        json!({ "current": "wrong horse", "new": "a better horse" }),
    )
    .await;
    let chief = world.admin("chief").await;
    tape.write(
        &chief,
        Method::PUT,
        &format!("/frameworks/test/team/{}", alice.id),
        json!({ "role": "moderator" }),
    )
    .await;
    tape.get(&chief, "/frameworks/test/team").await;
    tape.get(&world.visitor(), "/frameworks/test/appointments")
        .await;
    tape.post(
        &chief,
        "/frameworks/test/invitations",
        json!({ "role": "moderator", "hours": 1, "uses": 1 }),
    )
    .await;
    tape.get(&chief, "/frameworks/test/invitations").await;
    tape.write(&chief, Method::PUT, "/frameworks/test/pace", json!({}))
        .await;
    tape.write(
        &chief,
        Method::PUT,
        "/frameworks/test/visibility",
        json!({ "public": false }),
    )
    .await;
    tape.get(&world.visitor(), "/frameworks/test").await;
    tape.ask(
        &alice,
        Method::DELETE,
        "/api/v1/frameworks/test/membership",
        None,
    )
    .await;
    tape.ask(&alice, Method::DELETE, "/api/v1/session", None)
        .await;
    tape.get(&alice, "/me").await;
    tape.compare("accounts");
}
