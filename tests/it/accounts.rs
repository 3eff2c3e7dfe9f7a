//! Accounts, sessions, tokens, viewpoints.
use serde_json::json;

use crate::harness::{Person, World, both};

both! {
    somebody_signs_up_out_and_in_again,
    an_unknown_name_and_a_wrong_secret_get_the_same_answer,
    a_recovery_code_works_once_and_lets_set_a_password,
    a_name_that_looks_like_another_is_taken,
    every_fault_of_a_registration_is_told_at_once,
    a_token_works_until_it_is_ended_and_its_socket_ends_with_it,
    a_page_of_another_site_cannot_act_with_our_cookie,
    a_viewpoint_needs_consent_and_changes_once_in_14_days,
    a_reset_link_sets_a_password_once,
}

async fn somebody_signs_up_out_and_in_again(world: World) {
    let alice = world.person("alice").await;
    assert_eq!(alice.get("/me").await.body["account"]["handle"], "alice");
    assert_eq!(alice.delete("/session").await.status, 200);
    assert_eq!(alice.get("/me").await.status, 401);
    let back = alice
        .post(
            "/session",
            json!({ "handle": "Alice", "password": "correct horse" }),
        )
        .await;
    assert_eq!(back.status, 201);
    let alice = Person {
        token: back.cookie,
        ..alice
    };
    assert_eq!(alice.get("/me").await.status, 200);
}

async fn an_unknown_name_and_a_wrong_secret_get_the_same_answer(world: World) {
    world.person("alice").await;
    let visitor = world.visitor();
    let wrong = visitor
        .post(
            "/session",
            json!({ "handle": "alice", "password": "battery staple" }),
        )
        .await;
    let unknown = visitor
        .post(
            "/session",
            json!({ "handle": "nobody", "password": "battery staple" }),
        )
        .await;
    assert_eq!((wrong.status, &wrong.body), (401, &unknown.body));
}

async fn a_recovery_code_works_once_and_lets_set_a_password(world: World) {
    let visitor = world.visitor();
    let made = visitor
        .post(
            "/accounts",
            json!({ "handle": "bohdan", "password": "correct horse" }),
        )
        .await;
    let codes = made.body["recovery_codes"].as_array().unwrap();
    assert_eq!(codes.len(), 8);
    let code = codes[0].as_str().unwrap();
    let signed = visitor
        .post(
            "/session",
            json!({ "handle": "bohdan", "recovery_code": code }),
        )
        .await;
    assert_eq!(signed.status, 201, "{}", signed.body);
    let bohdan = Person {
        token: signed.cookie,
        ..visitor.clone()
    };
    assert_eq!(
        bohdan
            .post("/me/password", json!({ "new": "another horse" }))
            .await
            .status,
        200
    );
    assert_eq!(
        visitor
            .post(
                "/session",
                json!({ "handle": "bohdan", "recovery_code": code })
            )
            .await
            .status,
        401
    );
    assert_eq!(
        visitor
            .post(
                "/session",
                json!({ "handle": "bohdan", "password": "another horse" })
            )
            .await
            .status,
        201
    );
}

async fn a_name_that_looks_like_another_is_taken(world: World) {
    world.person("cepa").await;
    let twin = world
        .visitor()
        .post(
            "/accounts",
            json!({ "handle": "сера", "password": "correct horse" }),
        )
        .await;
    assert_eq!(twin.problem(), ("bad_request", "handle"));
    assert_eq!(twin.body["fields"][0]["code"], "taken");
    assert_eq!(
        world
            .visitor()
            .post(
                "/accounts",
                json!({ "handle": "Олександра", "password": "correct horse" })
            )
            .await
            .status,
        201
    );
}

async fn every_fault_of_a_registration_is_told_at_once(world: World) {
    let answer = world
        .visitor()
        .post(
            "/accounts",
            json!({ "handle": "a b", "password": "short", "locale": "xx" }),
        )
        .await;
    let fields: Vec<_> = answer.body["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["handle", "password", "locale"]);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
}

async fn a_token_works_until_it_is_ended_and_its_socket_ends_with_it(world: World) {
    let alice = world.person("alice").await;
    let made = alice
        .post(
            "/me/tokens",
            json!({ "name": "a script", "password": "correct horse" }),
        )
        .await;
    assert_eq!(made.status, 201);
    let mut socket = alice.socket().await;
    socket.follow(world.framework, "public", None).await;
    let sessions = alice.get("/me/sessions").await;
    assert_eq!(sessions.body["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        alice
            .delete(&format!(
                "/me/sessions/{}",
                made.body["id"].as_str().unwrap()
            ))
            .await
            .status,
        200
    );
    assert_eq!(
        alice.get("/me/sessions").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(alice.delete("/session").await.status, 200);
    assert_eq!(socket.ended().await, Some(4001));
}

async fn a_page_of_another_site_cannot_act_with_our_cookie(world: World) {
    let alice = world.person("alice").await;
    let client = reqwest::Client::new();
    let forged = client
        .patch(format!("{}/api/v1/me", alice.url))
        .header("origin", "https://evil.example")
        .header(
            "cookie",
            format!("demarche={}", alice.token.clone().unwrap()),
        )
        .header("content-type", "application/json")
        .body(r#"{"display_name":"x"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), 403);
}

async fn a_viewpoint_needs_consent_and_changes_once_in_14_days(world: World) {
    let alice = world.person("alice").await;
    let join = |camp: serde_json::Value, consent: bool| json!({ "camp": camp, "consent": consent });
    assert_eq!(
        alice
            .post("/frameworks/test/membership", join(json!("kyiv"), false))
            .await
            .problem(),
        ("bad_request", "consent")
    );
    assert_eq!(
        alice
            .post("/frameworks/test/membership", join(json!("mars"), true))
            .await
            .problem(),
        ("bad_request", "camp")
    );
    assert_eq!(
        alice
            .post("/frameworks/test/membership", join(json!("kyiv"), true))
            .await
            .status,
        200
    );
    assert_eq!(
        alice
            .post("/frameworks/test/membership", join(json!("moscow"), true))
            .await
            .problem()
            .0,
        "closed"
    );
    assert_eq!(
        alice.delete("/frameworks/test/membership").await.status,
        200
    );
    assert_eq!(
        alice
            .post("/frameworks/test/membership", join(json!("moscow"), true))
            .await
            .problem()
            .0,
        "closed"
    );
    world.clock.advance(14 * 86_400_000);
    assert_eq!(
        alice
            .post("/frameworks/test/membership", join(json!("moscow"), true))
            .await
            .status,
        200
    );
}

async fn a_reset_link_sets_a_password_once(world: World) {
    world.person("alice").await;
    let token = demarche::service::people::accounts::reset_link(&world.node(0).services, "alice")
        .await
        .unwrap_or_else(|_| panic!("alice exists"));
    let visitor = world.visitor();
    let body = json!({ "token": token, "password": "another horse" });
    assert_eq!(
        visitor.post("/password-resets", body.clone()).await.status,
        200
    );
    assert_eq!(
        visitor.post("/password-resets", body).await.problem(),
        ("bad_request", "token")
    );
    assert_eq!(
        visitor
            .post(
                "/session",
                json!({ "handle": "alice", "password": "another horse" })
            )
            .await
            .status,
        201
    );
}
