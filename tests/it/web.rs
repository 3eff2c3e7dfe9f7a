//! What browsers and proxies rely on: cookies over https, types, methods, and where a message ends.
use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    harness::{Answer, World, both},
    limits::operations,
};

fn said<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

/// Whether an answer that has a body says what it is and, where it is text, how its letters are
/// written.
fn is_typed(answer: &Answer) -> bool {
    let (kind, json) = (said(answer, "content-type"), !answer.body.is_string());
    let text = kind.starts_with("text/") || kind.contains("xml");
    let fits = if json {
        kind.starts_with("application/") && kind.contains("json")
    } else {
        text && kind.contains("; charset=utf-8")
    };
    answer.body == Value::String(String::new()) || fits
}

/// All that comes back for what is sent, until the other side has nothing to add.
async fn spoken(url: &str, sent: &str) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut heard = vec![];
    stream.read_to_end(&mut heard).await.unwrap();
    String::from_utf8_lossy(&heard).into_owned()
}

both! {
    over_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay_there("--public-url", "https://debate.example"),
    every_answer_with_a_body_says_what_it_is,
    an_address_takes_the_methods_it_names_and_tells_nobody_what_was_sent,
    the_name_of_a_scheme_has_no_case,
    a_body_that_a_form_of_another_site_could_send_is_none,
    a_name_that_stands_twice_in_a_query_is_a_fault,
    a_message_ends_where_its_framing_says_and_two_ends_are_none,
}

async fn over_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay_there(world: World) {
    let visitor = world.visitor();
    let who = json!({ "handle": "alice", "password": "correct horse" });
    let post = async |path: &str| {
        let to = format!("{}/api/v1{path}", visitor.url);
        let asked = visitor
            .client
            .post(to)
            .header(header::ORIGIN, "https://debate.example")
            .json(&who);
        asked.send().await.unwrap()
    };
    let mut set = vec![];
    for path in ["/accounts", "/session"] {
        let answer = post(path).await;
        assert_eq!(answer.status(), 201);
        assert_eq!(
            answer.headers()["strict-transport-security"],
            "max-age=31536000"
        );
        set.extend(
            answer
                .headers()
                .get_all(header::SET_COOKIE)
                .iter()
                .map(|cookie| cookie.to_str().unwrap().to_owned()),
        );
    }
    let names: Vec<_> = set
        .iter()
        .map(|cookie| cookie.split_once('=').unwrap().0)
        .collect();
    assert_eq!(
        names,
        [
            "__Host-demarche",
            "__Host-demarche",
            "__Host-demarche-device"
        ]
    );
    for cookie in &set {
        for attribute in ["; Path=/;", "; HttpOnly;", "; SameSite=Lax;", "; Secure"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    for path in ["//", "/site", "//healthz", "//no-such-page", "/socket"] {
        let answer = visitor.get(path).await;
        assert_eq!(
            said(&answer, "strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
        assert!(
            said(&answer, "content-security-policy")
                .contains("connect-src 'self' wss://debate.example;"),
            "{path}"
        );
    }
}

async fn every_answer_with_a_body_says_what_it_is(world: World) {
    let (visitor, person, document) = (
        world.visitor(),
        world.person("alice").await,
        demarche::http::document(),
    );
    for (method, path, _) in operations(&document) {
        for who in [&visitor, &person] {
            if method == Method::DELETE && path == "/session" {
                continue;
            }
            let answer = who
                .send(method.clone(), &path, None, Some(b"{}".to_vec()))
                .await;
            assert!(is_typed(&answer), "{method} {path}: {:?}", answer.headers);
        }
    }
    for path in [
        "//",
        "//healthz",
        "//readyz",
        "//robots.txt",
        "//sitemap.xml",
        "//frameworks/test/feed.atom",
        "//no-such-page",
        "//_app/none",
        "/none",
    ] {
        let answer = visitor.get(path).await;
        assert!(is_typed(&answer), "{path}: {:?}", answer.headers);
    }
}

async fn an_address_takes_the_methods_it_names_and_tells_nobody_what_was_sent(world: World) {
    let visitor = world.visitor();
    for path in [
        "//",
        "//points/1",
        "//healthz",
        "//site-logo",
        "//robots.txt",
        "/site",
        "/me",
        "/session",
        "/socket",
        "//api/openapi.json",
    ] {
        for method in ["TRACE", "TRACK", "OPTIONS", "PROPFIND"] {
            let answer = visitor
                .send(method.parse().unwrap(), path, None, None)
                .await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(
                !answer.body.to_string().contains("origin"),
                "{method} {path}: {}",
                answer.body
            );
            assert!(
                answer
                    .headers
                    .keys()
                    .all(|name| !name.as_str().starts_with("access-control-")),
                "{method} {path}"
            );
        }
    }
}

async fn the_name_of_a_scheme_has_no_case(world: World) {
    let alice = world.person("alice").await;
    let made = alice
        .post(
            "/me/tokens",
            json!({ "name": "reader", "password": "correct horse", "scope": "read" }),
        )
        .await;
    let token = made.body["token"].as_str().unwrap();
    let status = async |authorization: String| {
        let asked = world
            .visitor()
            .client
            .get(format!("{}/api/v1/me", alice.url))
            .header(header::AUTHORIZATION, authorization);
        asked.send().await.unwrap().status().as_u16()
    };
    for scheme in ["Bearer ", "bearer ", "BEARER  "] {
        assert_eq!(status(format!("{scheme}{token}")).await, 200, "{scheme}");
        assert_eq!(
            status(format!("{scheme}no-such-token")).await,
            401,
            "{scheme}"
        );
    }
}

async fn a_body_that_a_form_of_another_site_could_send_is_none(world: World) {
    let alice = world.person("alice").await;
    let sent = async |kind: &str| {
        let to = alice
            .client
            .patch(format!("{}/api/v1/me", alice.url))
            .header(
                header::COOKIE,
                format!("demarche={}", alice.token.as_deref().unwrap()),
            );
        to.header(header::CONTENT_TYPE, kind)
            .body(r#"{"locale":"en"}"#)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "application/jsonp",
        "",
    ] {
        assert_eq!(sent(kind).await, 400, "{kind}");
    }
    for kind in ["application/json", "Application/JSON ; charset=utf-8"] {
        assert_eq!(sent(kind).await, 200, "{kind}");
    }
}

async fn a_name_that_stands_twice_in_a_query_is_a_fault(world: World) {
    let alice = world.person("alice").await;
    let board = format!("/questions/{}/tally", world.question);
    for (path, name) in [
        ("/search", "q"),
        ("/pages/rules", "locale"),
        ("/me/sessions", "after"),
        (board.as_str(), "deal"),
    ] {
        let answer = alice.get(&format!("{path}?{name}=a&{name}=b")).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (400, ("bad_request", "query")),
            "{path}: {}",
            answer.body
        );
    }
}

async fn a_message_ends_where_its_framing_says_and_two_ends_are_none(world: World) {
    let url = &world.node(0).url;
    let last = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let begun = |headers: &str| {
        format!(
            "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}\r\n\r\n"
        )
    };
    // Chunks count and the length does not. Nothing more is read of a connection on which both were
    // named.
    let heard = spoken(
        url,
        &(begun("content-length: 60\r\ntransfer-encoding: chunked")
            + "2\r\n{}\r\n0\r\n\r\n"
            + last),
    )
    .await;
    assert!(
        heard.contains("missing field") && heard.matches("HTTP/1.1 ").count() == 1,
        "{heard}"
    );
    for headers in [
        "content-length: 0\r\ncontent-length: 5",
        "content-length: 0, 5",
        "content-length: +5",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: xchunked",
        "transfer-encoding : chunked",
        "content-length: 0\n\ttransfer-encoding: chunked",
    ] {
        let heard = spoken(url, &(begun(headers) + "0\r\n\r\n" + last)).await;
        assert!(
            heard.starts_with("HTTP/1.1 400") && heard.matches("HTTP/1.1 ").count() == 1,
            "{headers:?}: {heard}"
        );
    }
}
