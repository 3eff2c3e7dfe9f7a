//! The second factor: signing in with it, what ends when it is confirmed, and roles that wait for
//! it.
use demarche::{domain::permission::Role, id::Id, service::people::second_factor};
use reqwest::Method;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::harness::{Answer, Person, World, both, decision};

const SITE: &str = "00000000-0000-0000-0000-000000000000";

/// The code of a step so many after the present one, as an app shows it.
fn code(world: &World, key: &str, steps: i64) -> String {
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(key).unwrap())
        .build()
        .unwrap();
    totp.generate(u64::try_from(world.clock.now() / 1_000 + steps * 30).unwrap())
        .to_string()
}

/// The code of a step that has just begun and is later than any used before.
fn fresh(world: &World, key: &str) -> String {
    world.clock.advance(60_000 - world.clock.now() % 30_000);
    code(world, key, 0)
}

async fn set_up(person: &Person) -> String {
    let made = person
        .post("/me/second-factor", json!({ "password": "correct horse" }))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["secret"].as_str().unwrap().into()
}

/// Sets up and confirms a second factor; its key.
async fn secured(world: &World, person: &Person) -> String {
    let key = set_up(person).await;
    let done = person
        .put("/me/second-factor", json!({ "code": fresh(world, &key) }))
        .await;
    assert_eq!(done.status, 200, "{}", done.body);
    key
}

async fn remove(person: &Person, body: Value) -> Answer {
    person
        .send(
            Method::DELETE,
            "/me/second-factor",
            None,
            Some(body.to_string().into()),
        )
        .await
}

/// Signs in as `handle`, with what else is brought.
async fn sign_in(person: &Person, handle: &str, with: &Value) -> Answer {
    let mut body = json!({ "handle": handle });
    body.as_object_mut()
        .unwrap()
        .extend(with.as_object().unwrap().clone());
    person.post("/session", body).await
}

/// Somebody with recovery codes.
async fn with_codes(world: &World, handle: &str) -> (Person, Vec<String>) {
    let visitor = world.visitor();
    let made = visitor
        .post(
            "/accounts",
            json!({ "handle": handle, "password": "correct horse" }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let codes = made.body["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    (
        Person {
            token: made.cookie,
            id: made.body["account"]["id"].as_str().unwrap().into(),
            ..visitor
        },
        codes,
    )
}

/// Everything that moderators decide, in an order in which each is possible.
async fn decisions(world: &World, alice: &Person) -> Vec<Value> {
    let (thread, comment) = alice.thread(1, "First").await;
    let (confirmed, held) = (
        world.proposed(alice, "A pipeline").await,
        world.proposed(alice, "A railway").await,
    );
    let framework = world.framework.to_string();
    let list = [
        ("comment", comment.as_str(), "hide"),
        ("comment", &comment, "restore"),
        ("thread", &thread, "lock"),
        ("thread", &thread, "unlock"),
        ("thread", &thread, "hide"),
        ("thread", &thread, "restore"),
        ("concession", &confirmed, "confirm_scope"),
        ("concession", &held, "hold"),
        ("account", &alice.id, "ban"),
        ("account", &alice.id, "lift"),
        ("framework", &framework, "pause"),
        ("framework", &framework, "resume"),
        ("site", SITE, "pause"),
        ("site", SITE, "resume"),
    ];
    list.iter()
        .map(|(kind, id, action)| decision(kind, id, action))
        .collect()
}

/// Asserts that everything that needs a role of moderator and above is refused, over REST and the
/// socket.
async fn is_refused(world: &World, person: &Person, decisions: &[Value]) {
    for decision in decisions {
        let made = person.post("/moderation/decisions", decision.clone()).await;
        assert_eq!(made.problem().0, "forbidden", "{decision}: {}", made.body);
    }
    assert_eq!(
        person.get("/moderation/queue?framework=test").await.status,
        403
    );
    assert_eq!(
        person
            .get("/frameworks/test/changes?after=0&stream=moderators")
            .await
            .status,
        403
    );
    for (method, path, body) in [
        (Method::POST, "close", json!({})),
        (Method::PUT, "closing", json!({ "closes_at": null })),
    ] {
        let moved = person
            .send(
                method,
                &format!("/questions/{}/{path}", world.question),
                None,
                Some(body.to_string().into()),
            )
            .await;
        assert_eq!(moved.problem().0, "forbidden", "{path}: {}", moved.body);
    }
    let mut socket = person.socket().await;
    for decision in decisions {
        let mut command = decision.clone();
        command["type"] = "decide".into();
        let nack = socket.command(world.framework, command).await;
        assert_eq!(
            (&nack["type"], &nack["problem"]["code"]),
            (&json!("nack"), &json!("forbidden")),
            "{decision}"
        );
    }
    assert_eq!(
        socket.follow(world.framework, "moderators", None).await["problem"]["code"],
        "forbidden"
    );
}

both! {
    a_moderator_without_a_second_factor_may_nothing_of_it_and_all_of_it_right_after("--second-factor", "required"),
    every_role_above_participant_waits_and_what_one_is_otherwise_stays("--second-factor", "required"),
    a_role_that_waits_still_protects_from_those_below("--second-factor", "required"),
    where_it_is_optional_a_role_holds_without,
    a_key_is_asked_for_once_it_is_confirmed_and_told_of_after_the_password_alone,
    a_code_works_once_on_whichever_node_and_in_a_race,
    the_step_before_and_the_step_after_pass_and_two_steps_away_fail,
    wrong_codes_spend_the_budget_of_attempts("--budgets", "on"),
    confirming_ends_every_other_session_and_token_and_keeps_ones_own,
    no_session_begins_around_a_confirmation,
    a_recovery_code_stands_in_for_the_password_or_for_the_code_and_not_for_both,
    a_new_password_by_a_link_leaves_the_second_factor,
    removing_it_narrows_a_live_subscription_at_once("--second-factor", "required"),
    a_recovery_code_removes_it_where_the_app_is_lost,
    the_host_removes_it_and_every_session_ends("--second-factor", "required"),
}

async fn a_moderator_without_a_second_factor_may_nothing_of_it_and_all_of_it_right_after(
    world: World,
) {
    let alice = world.participant("alice", "kyiv").await;
    let editor = world.admin("editor").await;
    let todo = decisions(&world, &alice).await;
    is_refused(&world, &editor, &todo).await;
    let seen = editor.get("/frameworks/test").await.body;
    assert_eq!(
        (
            &seen["you"]["role"],
            &seen["you"]["waiting_role"],
            &seen["you"]["second_factor_missing"]
        ),
        (&json!("member"), &json!("admin"), &json!(true))
    );
    assert!(
        !seen["streams"]
            .as_array()
            .unwrap()
            .contains(&json!("moderators"))
    );
    let detail = editor.get("/moderation/queue?framework=test").await.body;
    assert!(
        detail["detail"].as_str().unwrap().contains("second factor"),
        "{detail}"
    );

    let key = secured(&world, &editor).await;
    let new = sign_in(
        &world.visitor(),
        "editor",
        &json!({ "password": "correct horse", "code": fresh(&world, &key) }),
    )
    .await;
    let editor = Person {
        token: new.cookie,
        ..editor
    };
    for decision in &todo {
        let made = editor.post("/moderation/decisions", decision.clone()).await;
        assert_eq!(made.status, 201, "{decision}: {}", made.body);
    }
    assert_eq!(
        editor.get("/moderation/queue?framework=test").await.status,
        200
    );
    let mut socket = editor.at(world.node(1)).socket().await;
    assert_eq!(
        socket.follow(world.framework, "moderators", None).await["type"],
        "subscribed"
    );
    assert_eq!(
        editor
            .post(&format!("/questions/{}/close", world.question), json!({}))
            .await
            .status,
        200
    );
    let you = editor.get("/frameworks/test").await.body["you"].clone();
    assert_eq!(
        (
            &you["role"],
            &you["waiting_role"],
            &you["second_factor_missing"]
        ),
        (&json!("admin"), &json!(null), &json!(false))
    );
}

async fn every_role_above_participant_waits_and_what_one_is_otherwise_stays(world: World) {
    let alice = world.person("alice").await;
    let (thread, comment) = alice.thread(1, "To be hidden").await;
    let owner = world.with_role("olga", Role::Owner).await;
    secured(&world, &owner).await;
    assert_eq!(
        owner
            .post(
                "/moderation/decisions",
                decision("comment", &comment, "hide")
            )
            .await
            .status,
        201
    );
    for role in [Role::Moderator, Role::Mediator, Role::Owner] {
        let person = world
            .with_role(&format!("waits-{}", role as u8), role)
            .await;
        let you = person.get("/frameworks/test").await.body["you"].clone();
        assert_eq!(
            (&you["role"], &you["waiting_role"]),
            (&json!("member"), &json!(role))
        );
        assert_eq!(
            person.get(&format!("/comments/{comment}")).await.body["body"],
            json!(null),
            "a hidden text shows to moderators alone"
        );
        // They write and answer as anybody does, and what they were given is not lost by it.
        person.comment(&thread, "As anybody").await;
        assert_eq!(
            person
                .post(
                    "/frameworks/test/membership",
                    json!({ "camp": "kyiv", "consent": true })
                )
                .await
                .status,
            200
        );
        secured(&world, &person).await;
        assert_eq!(
            person.get("/frameworks/test").await.body["you"]["role"],
            json!(role)
        );
        assert_eq!(
            person.get(&format!("/comments/{comment}")).await.body["body"],
            "To be hidden"
        );
    }
}

async fn a_role_that_waits_still_protects_from_those_below(world: World) {
    let (owner, moderator) = (
        world.with_role("olga", Role::Owner).await,
        world.with_role("max", Role::Moderator).await,
    );
    secured(&world, &moderator).await;
    assert_eq!(
        moderator
            .post(
                "/moderation/decisions",
                decision("account", &owner.id, "ban")
            )
            .await
            .problem()
            .0,
        "forbidden"
    );
}

async fn where_it_is_optional_a_role_holds_without(world: World) {
    let moderator = world.with_role("max", Role::Moderator).await;
    assert_eq!(
        moderator
            .get("/moderation/queue?framework=test")
            .await
            .status,
        200
    );
    assert_eq!(
        moderator.get("/frameworks/test").await.body["you"]["second_factor_missing"],
        false
    );
    assert_eq!(
        moderator.get("/site").await.body["second_factor_required"],
        false
    );
}

async fn a_key_is_asked_for_once_it_is_confirmed_and_told_of_after_the_password_alone(
    world: World,
) {
    let alice = world.person("alice").await;
    let visitor = world.visitor();
    let password = json!({ "password": "correct horse" });
    assert_eq!(
        alice
            .post("/me/second-factor", json!({ "password": "battery staple" }))
            .await
            .problem(),
        ("bad_request", "password")
    );
    assert_eq!(
        alice
            .put("/me/second-factor", json!({ "code": "123456" }))
            .await
            .problem()
            .0,
        "conflict"
    );
    let (first, second) = (set_up(&alice).await, set_up(&alice).await);
    assert_eq!(
        sign_in(&visitor, "alice", &password).await.status,
        201,
        "nothing is confirmed"
    );
    assert_eq!(
        alice
            .put(
                "/me/second-factor",
                json!({ "code": fresh(&world, &first) })
            )
            .await
            .problem(),
        ("bad_request", "code")
    );
    assert_eq!(alice.get("/me").await.body["second_factor"], json!(null));
    assert_eq!(
        alice
            .put(
                "/me/second-factor",
                json!({ "code": fresh(&world, &second) })
            )
            .await
            .status,
        200
    );
    assert!(alice.get("/me").await.body["second_factor"].is_i64());
    assert_eq!(
        alice
            .post("/me/second-factor", password.clone())
            .await
            .problem()
            .0,
        "conflict"
    );

    let asked = sign_in(&visitor, "alice", &password).await;
    assert_eq!(
        (asked.status, asked.problem().0, &asked.cookie),
        (401, "second_factor_required", &None)
    );
    let (wrong, unknown) = (
        json!({ "password": "battery staple", "code": code(&world, &second, 1) }),
        json!({ "password": "battery staple" }),
    );
    let answers = (
        sign_in(&visitor, "alice", &wrong).await,
        sign_in(&visitor, "nobody", &unknown).await,
    );
    assert_eq!(
        (answers.0.status, &answers.0.body),
        (401, &answers.1.body),
        "whoever lacks the password learns nothing"
    );
    let mut miss = sign_in(
        &visitor,
        "alice",
        &json!({ "password": "correct horse", "code": "000000" }),
    )
    .await;
    assert_eq!(
        (miss.status, miss.problem(), &miss.cookie),
        (401, ("unauthenticated", "code"), &None)
    );
    miss.body.as_object_mut().unwrap().remove("fields");
    assert_eq!(
        miss.body, answers.0.body,
        "but for the field it is the answer to a wrong secret"
    );
    // None of these used the code up.
    assert_eq!(
        sign_in(
            &visitor,
            "alice",
            &json!({ "password": "correct horse", "code": code(&world, &second, 1) })
        )
        .await
        .status,
        201
    );
}

async fn a_code_works_once_on_whichever_node_and_in_a_race(world: World) {
    let alice = world.person("alice").await;
    let key = set_up(&alice).await;
    let confirming = fresh(&world, &key);
    assert_eq!(
        alice
            .put("/me/second-factor", json!({ "code": confirming }))
            .await
            .status,
        200
    );
    let again = sign_in(
        &world.visitor(),
        "alice",
        &json!({ "password": "correct horse", "code": confirming }),
    )
    .await;
    assert_eq!(
        (again.status, again.problem().1),
        (401, "code"),
        "the code that confirmed was used"
    );

    let body = json!({ "password": "correct horse", "code": fresh(&world, &key) });
    let tries = (0..8).map(|number| {
        let (visitor, body) = (world.visitor().at(world.node(number)), body.clone());
        async move { sign_in(&visitor, "alice", &body).await.status }
    });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401, 401, 401, 401, 401, 401, 401]);
    for number in 0..2 {
        assert_eq!(
            sign_in(&world.visitor().at(world.node(number)), "alice", &body)
                .await
                .problem()
                .1,
            "code"
        );
    }
}

async fn the_step_before_and_the_step_after_pass_and_two_steps_away_fail(world: World) {
    let alice = world.person("alice").await;
    let key = secured(&world, &alice).await;
    // A step that has just begun: there is time to ask before the next one begins.
    world.clock.advance(120_000 - world.clock.now() % 30_000);
    for (steps, status) in [(-2, 401), (-1, 201), (2, 401), (0, 201), (1, 201), (0, 401)] {
        let body = json!({ "password": "correct horse", "code": code(&world, &key, steps) });
        assert_eq!(
            sign_in(&world.visitor(), "alice", &body).await.status,
            status,
            "{steps} steps away"
        );
    }
}

async fn wrong_codes_spend_the_budget_of_attempts(world: World) {
    let alice = world.person("alice").await;
    let key = secured(&world, &alice).await;
    for attempt in 0..10 {
        let miss = sign_in(
            &world.visitor(),
            "alice",
            &json!({ "password": "correct horse", "code": "12345" }),
        )
        .await;
        assert_eq!(miss.status, 401, "attempt {attempt}");
    }
    let right = sign_in(
        &world.visitor(),
        "alice",
        &json!({ "password": "correct horse", "code": fresh(&world, &key) }),
    )
    .await;
    assert_eq!(right.problem().0, "rate_limited");
    // Whoever is signed in has a limit of their own.
    for attempt in 0..10 {
        let miss = remove(
            &alice,
            json!({ "password": "correct horse", "code": "12345" }),
        )
        .await;
        assert_eq!(miss.problem(), ("bad_request", "code"), "attempt {attempt}");
    }
    assert_eq!(
        alice
            .put("/me/second-factor", json!({ "code": "12345" }))
            .await
            .problem()
            .0,
        "rate_limited"
    );
    assert_eq!(
        remove(
            &alice,
            json!({ "password": "correct horse", "code": "12345" })
        )
        .await
        .problem()
        .0,
        "rate_limited"
    );
}

async fn confirming_ends_every_other_session_and_token_and_keeps_ones_own(world: World) {
    let alice = world.person("alice").await;
    let other = sign_in(
        &world.visitor(),
        "alice",
        &json!({ "password": "correct horse" }),
    )
    .await;
    let other = Person {
        token: other.cookie,
        ..alice.clone()
    };
    let made = alice
        .post(
            "/me/tokens",
            json!({ "name": "a script", "password": "correct horse" }),
        )
        .await;
    let token = Person {
        token: None,
        ..alice.clone()
    };
    let bearer = || {
        token
            .client
            .get(format!("{}/api/v1/me", token.url))
            .bearer_auth(made.body["token"].as_str().unwrap())
            .send()
    };
    assert_eq!(bearer().await.unwrap().status(), 200);
    let mut sockets = (other.at(world.node(1)).socket().await, alice.socket().await);
    assert_eq!(
        sockets.0.follow(world.framework, "public", None).await["type"],
        "subscribed"
    );
    secured(&world, &alice).await;
    assert_eq!(sockets.0.ended().await, Some(4001));
    assert_eq!(other.get("/me").await.status, 401);
    assert_eq!(bearer().await.unwrap().status(), 401);
    assert_eq!(
        alice.get("/me/sessions").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        sockets.1.follow(world.framework, "public", None).await["type"],
        "subscribed",
        "one's own goes on"
    );
}

async fn no_session_begins_around_a_confirmation(world: World) {
    let alice = world.person("alice").await;
    let key = set_up(&alice).await;
    let code = fresh(&world, &key);
    let tries = (0..8).map(|number| {
        let (visitor, alice, code) = (
            world.visitor().at(world.node(number)),
            alice.clone(),
            code.clone(),
        );
        async move {
            if number == 3 {
                assert_eq!(
                    alice
                        .put("/me/second-factor", json!({ "code": code }))
                        .await
                        .status,
                    200
                );
                return None;
            }
            let token = sign_in(&visitor, "alice", &json!({ "password": "correct horse" }))
                .await
                .cookie?;
            // Whoever got in may have made a token before the session ended.
            let _ = Person {
                token: Some(token.clone()),
                ..visitor.clone()
            }
            .post(
                "/me/tokens",
                json!({ "name": "t", "password": "correct horse" }),
            )
            .await;
            Some(Person {
                token: Some(token),
                ..visitor
            })
        }
    });
    let others = futures_util::future::join_all(tries).await;
    assert_eq!(
        alice.get("/me/sessions").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "the one that confirmed"
    );
    for other in others.into_iter().flatten() {
        world
            .eventually("a session that began before ends", || async {
                other.get("/me").await.status == 401
            })
            .await;
    }
}

async fn a_recovery_code_stands_in_for_the_password_or_for_the_code_and_not_for_both(world: World) {
    let (alice, codes) = with_codes(&world, "alice").await;
    let visitor = world.visitor();
    let both = json!({ "password": "correct horse", "recovery_code": codes[0] });
    assert_eq!(
        sign_in(&visitor, "alice", &json!({ "recovery_code": codes[7] }))
            .await
            .status,
        201,
        "without a second factor it is enough"
    );
    let key = secured(&world, &alice).await;

    let alone = sign_in(&visitor, "alice", &json!({ "recovery_code": codes[0] })).await;
    assert_eq!(
        (alone.status, alone.problem().0),
        (401, "second_factor_required"),
        "and was not used up"
    );
    let wrong = sign_in(
        &visitor,
        "alice",
        &json!({ "password": "battery staple", "recovery_code": codes[0] }),
    )
    .await;
    assert_eq!(
        (wrong.status, wrong.problem()),
        (401, ("unauthenticated", ""))
    );
    assert_eq!(sign_in(&visitor, "alice", &both).await.status, 201);
    let again = sign_in(&visitor, "alice", &both).await;
    assert_eq!(
        (again.status, again.problem()),
        (401, ("unauthenticated", "recovery_code")),
        "each is good once"
    );

    let miss = sign_in(
        &visitor,
        "alice",
        &json!({ "recovery_code": codes[1], "code": "000000" }),
    )
    .await;
    assert_eq!(
        (miss.status, miss.problem()),
        (401, ("unauthenticated", "code"))
    );
    let right = json!({ "recovery_code": codes[1], "code": fresh(&world, &key) });
    let back = sign_in(&visitor, "alice", &right).await;
    assert_eq!(
        back.status, 201,
        "a wrong code used no recovery code up: {}",
        back.body
    );
    let alice = Person {
        token: back.cookie,
        ..alice
    };
    assert_eq!(
        alice
            .post("/me/password", json!({ "new": "another horse" }))
            .await
            .status,
        200,
        "the old one was not asked for"
    );
    let all = json!({ "password": "another horse", "recovery_code": codes[2], "code": fresh(&world, &key) });
    assert_eq!(
        sign_in(&visitor, "alice", &all).await.problem(),
        ("bad_request", "recovery_code")
    );
}

async fn a_new_password_by_a_link_leaves_the_second_factor(world: World) {
    let alice = world.person("alice").await;
    let key = secured(&world, &alice).await;
    let token = demarche::service::people::accounts::reset_link(&world.node(0).services, "alice")
        .await
        .unwrap_or_else(|_| panic!("alice exists"));
    let visitor = world.visitor();
    assert_eq!(
        visitor
            .post(
                "/password-resets",
                json!({ "token": token, "password": "another horse" })
            )
            .await
            .status,
        200
    );
    assert_eq!(
        sign_in(&visitor, "alice", &json!({ "password": "another horse" }))
            .await
            .problem()
            .0,
        "second_factor_required"
    );
    assert_eq!(
        sign_in(
            &visitor,
            "alice",
            &json!({ "password": "another horse", "code": fresh(&world, &key) })
        )
        .await
        .status,
        201
    );
}

async fn removing_it_narrows_a_live_subscription_at_once(world: World) {
    let moderator = world.with_role("max", Role::Moderator).await;
    let key = secured(&world, &moderator).await;
    let mut sockets = (
        moderator.socket().await,
        moderator.at(world.node(1)).socket().await,
    );
    assert_eq!(
        sockets.0.follow(world.framework, "moderators", None).await["type"],
        "subscribed"
    );
    assert_eq!(
        sockets.1.follow(world.framework, "moderators", None).await["type"],
        "subscribed"
    );
    let proof = |code: &str| json!({ "password": "correct horse", "code": code });
    assert_eq!(
        remove(&moderator, json!({ "password": "correct horse" }))
            .await
            .problem(),
        ("bad_request", "code")
    );
    assert_eq!(
        remove(&moderator, proof("000000")).await.problem(),
        ("bad_request", "code")
    );
    let right = fresh(&world, &key);
    assert_eq!(
        remove(
            &moderator,
            json!({ "password": "battery staple", "code": right })
        )
        .await
        .problem(),
        ("bad_request", "password")
    );
    assert_eq!(
        moderator
            .get("/moderation/queue?framework=test")
            .await
            .status,
        200,
        "so far it stands"
    );
    assert_eq!(remove(&moderator, proof(&right)).await.status, 200);
    for socket in [&mut sockets.0, &mut sockets.1] {
        let frame = socket.until(|frame| frame["type"] == "revoked").await;
        assert_eq!(
            (&frame["framework"], &frame["stream"]),
            (&json!(world.framework.to_string()), &json!("moderators"))
        );
    }
    assert_eq!(
        moderator
            .get("/moderation/queue?framework=test")
            .await
            .status,
        403
    );
    assert_eq!(remove(&moderator, proof("000000")).await.status, 404);
    assert_eq!(
        sign_in(
            &world.visitor(),
            "max",
            &json!({ "password": "correct horse" })
        )
        .await
        .status,
        201
    );
}

async fn a_recovery_code_removes_it_where_the_app_is_lost(world: World) {
    let (alice, codes) = with_codes(&world, "alice").await;
    secured(&world, &alice).await;
    assert_eq!(
        remove(
            &alice,
            json!({ "password": "correct horse", "recovery_code": "2222-2222-2222-2222" })
        )
        .await
        .problem(),
        ("bad_request", "recovery_code")
    );
    assert_eq!(
        remove(
            &alice,
            json!({ "password": "correct horse", "recovery_code": codes[0] })
        )
        .await
        .status,
        200
    );
    assert_eq!(alice.get("/me").await.body["second_factor"], json!(null));
}

async fn the_host_removes_it_and_every_session_ends(world: World) {
    let moderator = world.with_role("max", Role::Moderator).await;
    secured(&world, &moderator).await;
    let mut socket = moderator.socket().await;
    assert_eq!(
        socket.follow(world.framework, "moderators", None).await["type"],
        "subscribed"
    );
    let services = &world.node(0).services;
    assert!(
        second_factor::reset(services, "max")
            .await
            .is_ok_and(|removed| removed)
    );
    assert_eq!(socket.ended().await, Some(4001));
    assert_eq!(moderator.get("/me").await.status, 401);
    let back = sign_in(
        &world.visitor(),
        "max",
        &json!({ "password": "correct horse" }),
    )
    .await;
    assert_eq!(back.status, 201);
    let moderator = Person {
        token: back.cookie,
        ..moderator
    };
    assert_eq!(
        moderator
            .get("/moderation/queue?framework=test")
            .await
            .status,
        403
    );
    assert!(
        second_factor::is_missing(services, moderator.id.parse::<Id<_>>().unwrap())
            .await
            .is_ok_and(|missing| missing)
    );
    assert!(
        second_factor::reset(services, "max")
            .await
            .is_ok_and(|removed| !removed),
        "and says so where there was none"
    );
}
