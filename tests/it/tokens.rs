//! API tokens, links and recovery codes: what they may, how they are made, and when they end.
use demarche::{domain::permission::Role, service::people::accounts::reset_link};
use reqwest::{Method, header};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::harness::{Answer, Person, World, both};

/// Asks with an API token.
async fn with_token(
    person: &Person,
    token: &str,
    method: Method,
    path: &str,
    body: Value,
) -> (u16, Value) {
    let request = person
        .client
        .request(method, format!("{}/api/v1{path}", person.url))
        .bearer_auth(token);
    let request = if body.is_null() {
        request
    } else {
        request
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string())
    };
    let response = request.send().await.unwrap();
    (
        response.status().as_u16(),
        serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
    )
}

async fn token(person: &Person, scope: &str) -> String {
    let made = person
        .post(
            "/me/tokens",
            json!({ "name": scope, "scope": scope, "password": "correct horse" }),
        )
        .await;
    assert_eq!(
        (made.status, &made.body["scope"]),
        (201, &json!(scope)),
        "{}",
        made.body
    );
    made.body["token"].as_str().unwrap().into()
}

/// Sets up a second factor; its codes, each of a step that nobody used.
async fn secured(world: &World, person: &Person) -> impl Fn() -> String {
    let made = person
        .post("/me/second-factor", json!({ "password": "correct horse" }))
        .await;
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(made.body["secret"].as_str().unwrap()).unwrap())
        .build()
        .unwrap();
    let clock = world.clock.clone();
    let fresh = move || {
        clock.advance(60_000 - clock.now() % 30_000);
        totp.generate(u64::try_from(clock.now() / 1_000).unwrap())
            .to_string()
    };
    assert_eq!(
        person
            .put("/me/second-factor", json!({ "code": fresh() }))
            .await
            .status,
        200
    );
    fresh
}

async fn erase(person: &Person, body: Value) -> Answer {
    person
        .send(Method::DELETE, "/me", None, Some(body.to_string().into()))
        .await
}

fn codes(answer: &Answer) -> Vec<String> {
    answer.body["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

both! {
    a_token_is_made_by_its_owner_alone_and_may_what_it_was_made_for,
    a_token_of_a_moderator_sees_and_decides_no_more_than_its_scope,
    a_token_ends_by_itself,
    an_account_keeps_so_many_sessions_and_tokens_and_lists_them_in_pages,
    what_is_sensitive_asks_for_the_second_factor_too,
    recovery_codes_are_renewed_and_those_before_are_worthless,
    only_the_newest_reset_link_works_and_none_after_a_change,
    a_recovery_code_sets_one_password_within_an_hour,
}

async fn a_token_is_made_by_its_owner_alone_and_may_what_it_was_made_for(world: World) {
    let alice = world.person("alice").await;
    assert_eq!(
        alice
            .post("/me/tokens", json!({ "name": "t" }))
            .await
            .problem(),
        ("bad_request", "password")
    );
    assert_eq!(
        alice
            .post(
                "/me/tokens",
                json!({ "name": "t", "password": "battery staple" })
            )
            .await
            .problem(),
        ("bad_request", "password")
    );
    let (read, write) = (token(&alice, "read").await, token(&alice, "write").await);
    let thread = json!({ "title": "A thread", "body": "By a script", "kind": "remark" });
    let opens = async |by: &str| {
        with_token(
            &alice,
            by,
            Method::POST,
            "/frameworks/test/points/1/threads",
            thread.clone(),
        )
        .await
        .0
    };
    assert_eq!((opens(&read).await, opens(&write).await), (403, 201));
    assert_eq!(
        with_token(&alice, &read, Method::GET, "/me", Value::Null)
            .await
            .0,
        200
    );
    // What is about the account itself no token does.
    for (method, path) in [
        (Method::PATCH, "/me"),
        (Method::DELETE, "/me"),
        (Method::POST, "/me/tokens"),
        (Method::POST, "/me/password"),
        (Method::GET, "/me/export"),
    ] {
        assert_eq!(
            with_token(&alice, &write, method.clone(), path, json!({}))
                .await
                .0,
            403,
            "{method} {path}"
        );
    }
}

async fn a_token_of_a_moderator_sees_and_decides_no_more_than_its_scope(world: World) {
    let (alice, moderator) = (
        world.person("alice").await,
        world.with_role("max", Role::Moderator).await,
    );
    let (_, comment) = alice.thread(1, "To be hidden").await;
    let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "It happened." });
    let (write, moderate) = (
        token(&moderator, "write").await,
        token(&moderator, "moderate").await,
    );
    assert_eq!(
        with_token(
            &moderator,
            &write,
            Method::POST,
            "/moderation/decisions",
            decision.clone()
        )
        .await
        .0,
        403
    );
    assert_eq!(
        with_token(
            &moderator,
            &moderate,
            Method::POST,
            "/moderation/decisions",
            decision
        )
        .await
        .0,
        201
    );
    let sees = async |by: &str| {
        let body = with_token(
            &moderator,
            by,
            Method::GET,
            &format!("/comments/{comment}"),
            Value::Null,
        )
        .await
        .1["body"]
            .clone();
        (
            body,
            with_token(
                &moderator,
                by,
                Method::GET,
                "/moderation/queue?framework=test",
                Value::Null,
            )
            .await
            .0,
        )
    };
    assert_eq!(sees(&write).await, (json!(null), 403));
    assert_eq!(sees(&moderate).await, (json!("To be hidden"), 200));
}

async fn a_token_ends_by_itself(world: World) {
    let alice = world.person("alice").await;
    let made = alice
        .post(
            "/me/tokens",
            json!({ "name": "a week", "days": 7, "password": "correct horse" }),
        )
        .await;
    let token = made.body["token"].as_str().unwrap();
    assert_eq!(
        (
            &made.body["scope"],
            with_token(&alice, token, Method::GET, "/me", Value::Null)
                .await
                .0
        ),
        (&json!("read"), 200)
    );
    for days in [0, 366] {
        let refused = alice
            .post(
                "/me/tokens",
                json!({ "name": "t", "days": days, "password": "correct horse" }),
            )
            .await;
        assert_eq!(refused.problem(), ("bad_request", "days"));
    }
    world.clock.advance(7 * 86_400_000);
    assert_eq!(
        with_token(&alice, token, Method::GET, "/me", Value::Null)
            .await
            .0,
        401
    );
}

async fn an_account_keeps_so_many_sessions_and_tokens_and_lists_them_in_pages(world: World) {
    let alice = world.person("alice").await;
    for _ in 0..20 {
        token(&alice, "read").await;
    }
    let more = alice
        .post(
            "/me/tokens",
            json!({ "name": "t", "password": "correct horse" }),
        )
        .await;
    assert_eq!(more.problem().0, "conflict", "{}", more.body);
    let mut last = alice.clone();
    for _ in 0..50 {
        world.clock.advance(1);
        last.token = world
            .visitor()
            .post(
                "/session",
                json!({ "handle": "alice", "password": "correct horse" }),
            )
            .await
            .cookie;
    }
    world
        .eventually("the oldest has ended", || async {
            alice.get("/me").await.status == 401
        })
        .await;
    let first = last.get("/me/sessions").await.body;
    assert_eq!(first["items"].as_array().unwrap().len(), 50);
    let rest = last
        .get(&format!(
            "/me/sessions?after={}",
            first["next"].as_str().unwrap()
        ))
        .await
        .body;
    assert_eq!(
        (rest["items"].as_array().unwrap().len(), &rest["next"]),
        (20, &json!(null))
    );
}

async fn what_is_sensitive_asks_for_the_second_factor_too(world: World) {
    let alice = world.person("alice").await;
    let fresh = secured(&world, &alice).await;
    let password = || json!({ "password": "correct horse" });
    let with = |mut body: Value, code: String| {
        body["code"] = code.into();
        body
    };
    let new = || json!({ "current": "correct horse", "new": "another horse" });
    let token = json!({ "name": "t", "password": "correct horse" });
    let erasing = json!({ "password": "another horse", "posts": "keep" });
    assert_eq!(
        alice.post("/me/tokens", token.clone()).await.problem(),
        ("bad_request", "code")
    );
    assert_eq!(
        alice
            .post("/me/tokens", with(token.clone(), "000000".into()))
            .await
            .problem(),
        ("bad_request", "code")
    );
    assert_eq!(
        alice.post("/me/tokens", with(token, fresh())).await.status,
        201
    );
    assert_eq!(
        alice.post("/me/recovery-codes", password()).await.problem(),
        ("bad_request", "code")
    );
    assert_eq!(
        alice
            .post("/me/recovery-codes", with(password(), fresh()))
            .await
            .status,
        201
    );
    assert_eq!(
        alice.post("/me/password", new()).await.problem(),
        ("bad_request", "code")
    );
    assert_eq!(
        alice
            .post("/me/password", with(new(), fresh()))
            .await
            .status,
        200
    );
    assert_eq!(
        erase(&alice, erasing.clone()).await.problem(),
        ("bad_request", "code")
    );
    assert_eq!(alice.get("/me").await.status, 200, "nothing was begun");
    assert_eq!(erase(&alice, with(erasing, fresh())).await.status, 200);
}

async fn recovery_codes_are_renewed_and_those_before_are_worthless(world: World) {
    let visitor = world.visitor();
    let made = visitor
        .post(
            "/accounts",
            json!({ "handle": "olena", "password": "correct horse" }),
        )
        .await;
    let olena = Person {
        token: made.cookie.clone(),
        ..visitor.clone()
    };
    let opens = async |code: &str| {
        visitor
            .post(
                "/session",
                json!({ "handle": "olena", "recovery_code": code }),
            )
            .await
            .status
    };
    let renewed = olena
        .post("/me/recovery-codes", json!({ "password": "correct horse" }))
        .await;
    assert_eq!(
        (
            opens(&codes(&made)[0]).await,
            opens(&codes(&renewed)[0]).await
        ),
        (401, 201)
    );
    let changed = olena
        .post(
            "/me/password",
            json!({ "current": "correct horse", "new": "another horse" }),
        )
        .await;
    assert_eq!(
        (
            opens(&codes(&renewed)[1]).await,
            opens(&codes(&changed)[0]).await
        ),
        (401, 201)
    );
    let token = reset_link(&world.node(0).services, "olena").await.unwrap();
    assert_eq!(
        visitor
            .post(
                "/password-resets",
                json!({ "token": token, "password": "third horse" })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        opens(&codes(&changed)[1]).await,
        401,
        "a link voids them, and gives none"
    );
}

async fn only_the_newest_reset_link_works_and_none_after_a_change(world: World) {
    let alice = world.person("alice").await;
    let visitor = world.visitor();
    let services = &world.node(0).services;
    let resets = async |token: &str, password: &str| {
        visitor
            .post(
                "/password-resets",
                json!({ "token": token, "password": password }),
            )
            .await
    };
    let (older, newer) = (
        reset_link(services, "alice").await.unwrap(),
        reset_link(services, "alice").await.unwrap(),
    );
    assert_eq!(
        resets(&older, "another horse").await.problem(),
        ("bad_request", "token")
    );
    assert_eq!(
        alice
            .post(
                "/me/password",
                json!({ "current": "correct horse", "new": "another horse" })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        resets(&newer, "third horse").await.problem(),
        ("bad_request", "token"),
        "its owner has set one meanwhile"
    );
    let newest = reset_link(services, "alice").await.unwrap();
    assert_eq!(resets(&newest, "third horse").await.status, 200);
}

async fn a_recovery_code_sets_one_password_within_an_hour(world: World) {
    let visitor = world.visitor();
    let made = visitor
        .post(
            "/accounts",
            json!({ "handle": "olena", "password": "correct horse" }),
        )
        .await;
    let enters = async |code: &str| {
        let signed = visitor
            .post(
                "/session",
                json!({ "handle": "olena", "recovery_code": code }),
            )
            .await;
        Person {
            token: signed.cookie,
            ..visitor.clone()
        }
    };
    let late = enters(&codes(&made)[0]).await;
    world.clock.advance(3_600_000);
    assert_eq!(
        late.post("/me/password", json!({ "new": "another horse" }))
            .await
            .problem(),
        ("bad_request", "current")
    );
    let olena = enters(&codes(&made)[1]).await;
    assert_eq!(
        olena
            .post("/me/password", json!({ "new": "another horse" }))
            .await
            .status,
        200
    );
    assert_eq!(
        olena
            .post("/me/password", json!({ "new": "third horse" }))
            .await
            .problem(),
        ("bad_request", "current"),
        "once"
    );
}
