//! Getting in under attack: whom strangers' tries lock out, whose turn it is, what is metered, and
//! what is on record.
use std::{
    collections::BTreeSet,
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock},
};

use demarche::{
    domain::permission::Role,
    http::guards::{ROUTES, Route},
};
use futures_util::future::join_all;
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Person, World, both};

/// What signing in brought.
struct Signed {
    status: u16,
    body: Value,
    /// The mark of the browser.
    device: Option<String>,
}

/// Signs in from an address, with a browser that is known or not.
async fn sign_in(world: &World, from: &str, device: Option<&str>, body: &Value) -> Signed {
    let person = world.visitor();
    let mut request = person
        .client
        .post(format!("{}/api/v1/session", person.url))
        .header("x-forwarded-for", from);
    if let Some(device) = device {
        request = request.header(header::COOKIE, format!("demarche-device={device}"));
    }
    let response = request
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let cookies = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|cookie| cookie.to_str().ok());
    let device = cookies
        .filter_map(|cookie| cookie.strip_prefix("demarche-device="))
        .find_map(|rest| rest.split(';').next())
        .map(str::to_owned);
    let status = response.status().as_u16();
    Signed {
        status,
        body: serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
        device,
    }
}

fn right() -> Value {
    json!({ "handle": "alice", "password": "correct horse" })
}

fn wrong() -> Value {
    json!({ "handle": "alice", "password": "battery staple" })
}

/// Everything on the record of this process.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The record, from the first time it is asked for.
fn record() -> Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    let begin =
        || {
            let kept = Kept::default();
            let writer = kept.clone();
            let log = tracing_subscriber::fmt().json().with_env_filter(
                tracing_subscriber::EnvFilter::new("demarche::security=info"),
            );
            let _ = log.with_writer(move || writer.clone()).try_init();
            kept
        };
    KEPT.get_or_init(begin).clone()
}

/// The events about somebody, under their pseudonym of today, and what each was about.
fn events(world: &World, kept: &Kept, who: &str) -> BTreeSet<(String, String)> {
    let whole = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let lines = whole
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| line["fields"].clone());
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pseudonyms = world
        .nodes
        .iter()
        .map(|node| {
            node.services
                .record
                .pseudonym("account", who, world.clock.now())
        })
        .collect::<Vec<_>>();
    lines
        .filter(|fields| pseudonyms.contains(&word(&fields["who"])))
        .map(|fields| (word(&fields["event"]), word(&fields["what"])))
        .collect()
}

both! {
    strangers_lock_neither_a_known_browser_nor_another_address_nor_a_session("--budgets", "on", "--trusted-proxies", "127.0.0.1"),
    a_known_browser_has_a_limit_of_its_own("--budgets", "on", "--trusted-proxies", "127.0.0.1"),
    a_name_that_many_addresses_try_at_stays_open("--budgets", "on", "--trusted-proxies", "127.0.0.1"),
    a_crowd_from_one_address_shuts_sign_in_for_nobody("--budgets", "on", "--trusted-proxies", "127.0.0.1"),
    every_write_has_a_budget("--budgets", "on"),
    what_reads_a_whole_table_has_a_budget("--budgets", "on"),
    what_matters_for_security_is_on_record_without_names_or_addresses("--trusted-proxies", "127.0.0.1"),
}

async fn strangers_lock_neither_a_known_browser_nor_another_address_nor_a_session(world: World) {
    let made = world
        .visitor()
        .post(
            "/accounts",
            json!({ "handle": "alice", "password": "correct horse" }),
        )
        .await;
    let alice = Person {
        token: made.cookie.clone(),
        ..world.visitor()
    };
    let device = sign_in(&world, "10.0.0.1", None, &right())
        .await
        .device
        .unwrap();
    for attempt in 0..10 {
        assert_eq!(
            sign_in(&world, "10.0.0.2", None, &wrong()).await.status,
            401,
            "attempt {attempt}"
        );
    }
    let shut = sign_in(&world, "10.0.0.2", None, &right()).await;
    assert_eq!(
        (shut.status, &shut.body["code"]),
        (429, &json!("rate_limited"))
    );
    assert_eq!(
        sign_in(&world, "10.0.0.2", Some(&device), &right())
            .await
            .status,
        201,
        "a known browser, at the same address"
    );
    assert_eq!(
        sign_in(&world, "10.0.0.3", None, &right()).await.status,
        201,
        "another address"
    );
    let code = made.body["recovery_codes"][0].clone();
    assert_eq!(
        sign_in(
            &world,
            "10.0.0.4",
            None,
            &json!({ "handle": "alice", "recovery_code": code })
        )
        .await
        .status,
        201
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
    // A mark is good for its account alone, and a forged one for none.
    world.person("boris").await;
    for _ in 0..10 {
        sign_in(
            &world,
            "10.0.0.5",
            None,
            &json!({ "handle": "boris", "password": "battery staple" }),
        )
        .await;
    }
    for mark in [
        device.as_str(),
        "20000.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let other = sign_in(
            &world,
            "10.0.0.5",
            Some(mark),
            &json!({ "handle": "boris", "password": "correct horse" }),
        )
        .await;
        assert_eq!(other.status, 429);
    }
}

async fn a_known_browser_has_a_limit_of_its_own(world: World) {
    world.person("alice").await;
    let device = sign_in(&world, "10.0.0.1", None, &right())
        .await
        .device
        .unwrap();
    for attempt in 0..10 {
        assert_eq!(
            sign_in(&world, "10.0.0.1", Some(&device), &wrong())
                .await
                .status,
            401,
            "attempt {attempt}"
        );
    }
    assert_eq!(
        sign_in(&world, "10.0.0.1", Some(&device), &right())
            .await
            .status,
        429
    );
}

async fn a_name_that_many_addresses_try_at_stays_open(world: World) {
    world.person("alice").await;
    let device = sign_in(&world, "10.0.0.1", None, &right())
        .await
        .device
        .unwrap();
    for place in 0..6 {
        for _ in 0..9 {
            assert_eq!(
                sign_in(&world, &format!("10.1.0.{place}"), None, &wrong())
                    .await
                    .status,
                401
            );
        }
    }
    assert_eq!(
        sign_in(&world, "10.0.0.1", Some(&device), &right())
            .await
            .status,
        201
    );
    assert_eq!(
        sign_in(&world, "10.2.0.1", None, &right()).await.status,
        201,
        "slower, and open"
    );
}

async fn a_crowd_from_one_address_shuts_sign_in_for_nobody(world: World) {
    let people: Vec<String> = (0..20).map(|number| format!("person-{number}")).collect();
    for handle in &people {
        world.person(handle).await;
    }
    let crowd = join_all((0..80).map(async |number| {
        sign_in(
            &world,
            "10.0.0.9",
            None,
            &json!({ "handle": format!("nobody-{number}"), "password": "battery staple" }),
        )
        .await
        .status
    }));
    let others = join_all(people.iter().enumerate().map(async |(number, handle)| {
        sign_in(
            &world,
            &format!("10.3.0.{number}"),
            None,
            &json!({ "handle": handle, "password": "correct horse" }),
        )
        .await
        .status
    }));
    let (crowd, others) = tokio::join!(crowd, others);
    assert_eq!(others, [201; 20], "and of the crowd: {crowd:?}");
    assert!(
        crowd.iter().all(|status| [401, 503].contains(status)),
        "{crowd:?}"
    );
}

async fn every_write_has_a_budget(world: World) {
    let alice = world.person("alice").await;
    const ID: &str = "0199f0a2-0000-7000-8000-000000000001";
    let mut writes = 0;
    for Route { method, path, .. } in ROUTES.iter().filter(|route| route.method != "GET") {
        let path = path
            .replace("{slug}", "test")
            .replace("{kind}", "comment")
            .replace("{number}", "1");
        let path = path
            .split('/')
            .map(|part| if part.starts_with('{') { ID } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let body = if path == "/session" {
            wrong()
        } else {
            json!({})
        };
        let mut limited = false;
        // A burst of 120, and what comes back while it is spent.
        for _ in 0..400 {
            let answer = alice
                .send(
                    Method::from_bytes(method.as_bytes()).unwrap(),
                    &path,
                    None,
                    Some(body.to_string().into()),
                )
                .await;
            limited = answer.status == 429;
            if limited {
                break;
            }
        }
        assert!(limited, "{method} {path}");
        writes += 1;
    }
    assert!(writes > 50);
}

async fn what_reads_a_whole_table_has_a_budget(world: World) {
    let (visitor, alice) = (world.visitor(), world.person("alice").await);
    for path in [
        "moderation-log.csv",
        "moderation-log.json",
        "moderation-record",
        "scope-ledger",
    ] {
        let mut limited = false;
        for _ in 0..200 {
            limited |= visitor
                .get(&format!("/frameworks/test/{path}"))
                .await
                .status
                == 429;
            if limited {
                break;
            }
        }
        assert!(limited, "{path}");
        assert_eq!(
            visitor.get("/frameworks/test/moderation-log").await.status,
            200,
            "a page of it is for everybody"
        );
        assert_eq!(
            alice.get(&format!("/frameworks/test/{path}")).await.status,
            200,
            "an account has a budget of its own"
        );
    }
}

async fn what_matters_for_security_is_on_record_without_names_or_addresses(world: World) {
    let kept = record();
    let admin = world.admin("kanarienvogel").await;
    let (alice, moderator) = (
        world.person("zaunkoenig").await,
        world.with_role("max", Role::Moderator).await,
    );
    sign_in(
        &world,
        "203.0.113.77",
        None,
        &json!({ "handle": "zaunkoenig", "password": "battery staple" }),
    )
    .await;
    sign_in(
        &world,
        "203.0.113.77",
        None,
        &json!({ "handle": "rotkehlchen", "password": "battery staple" }),
    )
    .await;
    assert_eq!(
        alice.get("/moderation/queue?framework=test").await.status,
        403
    );
    let (_, comment) = alice.thread(1, "Something").await;
    let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "It happened." });
    assert_eq!(
        alice.post("/moderation/decisions", decision).await.status,
        403
    );
    let given = admin
        .put(
            &format!("/frameworks/test/team/{}", moderator.id),
            json!({ "role": "mediator" }),
        )
        .await;
    assert_eq!(given.status, 200, "{}", given.body);
    assert_eq!(
        alice
            .post(
                "/me/tokens",
                json!({ "name": "t", "password": "correct horse" })
            )
            .await
            .status,
        201
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
    let of = |who: &str| events(&world, &kept, who);
    let expected = [
        ("registered", ""),
        ("sign_in_failed", "secret"),
        ("right_refused", "GET /moderation/queue"),
        ("right_refused", "decide"),
        ("token_made", ""),
        ("password_changed", "by_password"),
    ];
    assert_eq!(
        of(&alice.id),
        expected
            .map(|(event, what)| (event.to_owned(), what.to_owned()))
            .into()
    );
    assert!(
        of(&admin.id).contains(&("admin_acted".into(), "set_role".into())),
        "{:?}",
        of(&admin.id)
    );
    let whole = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    for secret in [
        "kanarienvogel",
        "zaunkoenig",
        "rotkehlchen",
        "203.0.113",
        &alice.id,
        &admin.id,
    ] {
        assert!(!whole.contains(secret), "{secret}");
    }
}
