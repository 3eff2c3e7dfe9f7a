//! Every string has its limit, looked at before anything is done with it: in bodies, frames,
//! addresses and headers.
use std::collections::BTreeMap;

use demarche::{
    domain::{permission::Role, search::Query, text::Check},
    protocol::limits,
};
use reqwest::{Method, header};
use serde_json::{Map, Value, json};

use crate::harness::{Person, World, both};

/// More than any field takes, and within a body.
const LONG: usize = 60_000;
const ID: &str = "0199f0a2-0000-7000-8000-000000000001";

/// The string fields of a schema by their paths, with a body that holds a long one there.
fn strings(document: &Value, schema: &Value, depth: usize) -> BTreeMap<String, Value> {
    let schema = match schema["$ref"].as_str() {
        Some(name) => &document["components"]["schemas"][name.rsplit('/').next().unwrap()],
        None => schema,
    };
    let mut found = BTreeMap::new();
    for part in ["allOf", "oneOf", "anyOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            found.extend(strings(document, one, depth));
        }
    }
    let is = |word: &str| {
        schema["type"] == word
            || schema["type"]
                .as_array()
                .is_some_and(|types| types.iter().any(|one| one == word))
    };
    if is("string") {
        found.insert(String::new(), Value::String("x".repeat(LONG)));
    }
    if is("array") && depth > 0 {
        let inner = strings(document, &schema["items"], depth - 1);
        found.extend(
            inner
                .into_iter()
                .map(|(path, value)| (join("0", &path), json!([value]))),
        );
    }
    for (name, property) in schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|_| depth > 0)
    {
        let inner = strings(document, property, depth - 1);
        found.extend(inner.into_iter().map(|(path, value)| {
            (
                join(name, &path),
                Value::Object(Map::from_iter([(name.clone(), value)])),
            )
        }));
    }
    found
}

fn join(name: &str, path: &str) -> String {
    if path.is_empty() {
        name.into()
    } else {
        format!("{name}.{path}")
    }
}

/// Every operation: method, path with sample values, and its description.
pub fn operations(document: &Value) -> Vec<(Method, String, &Value)> {
    let mut all = vec![];
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path
            .strip_prefix("/api/v1")
            .unwrap()
            .replace("{slug}", "test")
            .replace("{kind}", "comment")
            .replace("{key}", "rules");
        let path = path.replace("{number}", "1").replace("{round}", "1");
        let path: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { ID } else { part })
            .collect();
        for (method, operation) in methods.as_object().unwrap() {
            all.push((
                method.to_uppercase().parse().unwrap(),
                path.join("/"),
                operation,
            ));
        }
    }
    all
}

async fn owner(world: &World) -> Person {
    world.with_role("olga", Role::Owner).await
}

fn named(answer: &Value) -> (&str, &str, &str) {
    let field = &answer["fields"][0];
    (
        answer["code"].as_str().unwrap_or_default(),
        field["field"].as_str().unwrap_or_default(),
        field["code"].as_str().unwrap_or_default(),
    )
}

both! {
    every_string_of_every_body_is_refused_by_its_length,
    every_string_of_every_frame_is_refused_by_its_length,
    every_part_of_an_address_is_refused_by_its_length,
    tokens_and_keys_in_headers_are_refused_by_their_length,
    places_and_versions_below_zero_are_faults_of_their_field,
}

async fn every_string_of_every_body_is_refused_by_its_length(world: World) {
    let (owner, document) = (owner(&world).await, demarche::http::document());
    let mut asked = 0;
    for (method, path, operation) in operations(&document) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            continue;
        }
        let mut fields = strings(&document, schema, 4);
        // A route that takes any command reads them all in one place: those are sent over a socket
        // below.
        if schema["$ref"] == "#/components/schemas/Command" {
            fields.retain(|path, _| path == "title" || path == "rule");
        }
        for (field, body) in fields {
            let answer = owner
                .send(method.clone(), &path, None, Some(body.to_string().into()))
                .await;
            assert_eq!(
                named(&answer.body),
                ("bad_request", field.as_str(), "too_long"),
                "{method} {path}: {}",
                answer.body
            );
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked}");
}

async fn every_string_of_every_frame_is_refused_by_its_length(world: World) {
    let (owner, document) = (owner(&world).await, demarche::http::document());
    let mut socket = owner.socket().await;
    let framework = world.framework.to_string();
    let mut asked = 0;
    for (field, body) in strings(
        &document,
        &json!({ "$ref": "#/components/schemas/Command" }),
        4,
    ) {
        if field == "type" {
            continue;
        }
        let mut command = body;
        command["type"] = "report".into();
        socket
            .send(
                json!({ "type": "command", "id": ID, "framework": framework, "command": command }),
            )
            .await;
        let nack = socket.until(|frame| frame["type"] == "nack").await;
        assert_eq!(
            (named(&nack["problem"]), &nack["id"]),
            (("bad_request", field.as_str(), "too_long"), &json!(ID)),
            "{nack}"
        );
        asked += 1;
    }
    assert!(asked > 30, "{asked}");
    let long = "x".repeat(LONG);
    for (name, other) in [
        ("ref", "stream"),
        ("stream", "ref"),
        ("epoch", "ref"),
        ("framework", "ref"),
    ] {
        let mut frame = json!({ "type": "subscribe", "framework": framework, "stream": "public", "ref": "short" });
        frame[name] = long.as_str().into();
        socket.send(frame).await;
        let nack = socket.until(|frame| frame["type"] == "nack").await;
        assert_eq!(named(&nack["problem"]), ("bad_request", name, "too_long"));
        let known = if other == "ref" {
            json!("short")
        } else {
            Value::Null
        };
        assert_eq!(nack["ref"], known, "what is too long is not said again");
    }
}

async fn every_part_of_an_address_is_refused_by_its_length(world: World) {
    let (owner, document) = (owner(&world).await, demarche::http::document());
    let long = "x".repeat(4_000);
    for (method, path, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let text =
                parameter["schema"]["type"] == "string" || parameter["schema"]["$ref"].is_string();
            if parameter["in"] == "query" {
                let answer = owner
                    .send(
                        method.clone(),
                        &format!("{path}?{name}={long}"),
                        None,
                        Some(b"{}".to_vec()),
                    )
                    .await;
                assert_eq!(
                    named(&answer.body),
                    ("bad_request", name, "too_long"),
                    "{method} {path}: {}",
                    answer.body
                );
            } else if text && !path.starts_with("/scope") {
                let place = path.replacen(if name == "slug" { "test" } else { ID }, &long, 1);
                if place != path {
                    let answer = owner
                        .send(method.clone(), &place, None, Some(b"{}".to_vec()))
                        .await;
                    assert_eq!(
                        named(&answer.body),
                        ("bad_request", "path", "too_long"),
                        "{method} {place:.60}: {}",
                        answer.body
                    );
                }
            }
        }
    }
}

async fn tokens_and_keys_in_headers_are_refused_by_their_length(world: World) {
    let person = world.person("alice").await;
    let long = "x".repeat(4_000);
    let ask = async |name: header::HeaderName, value: String| {
        let request = person
            .client
            .get(format!("{}/api/v1/me", person.url))
            .header(name, value);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(
        ask(header::AUTHORIZATION, format!("Bearer {long}")).await,
        401
    );
    assert_eq!(ask(header::COOKIE, format!("demarche={long}")).await, 401);
    let body = json!({ "camp": null, "consent": true })
        .to_string()
        .into_bytes();
    let answer = person
        .send(
            Method::POST,
            "/frameworks/test/membership",
            Some(&long),
            Some(body),
        )
        .await;
    assert_eq!(answer.problem(), ("bad_request", "Idempotency-Key"));
}

async fn places_and_versions_below_zero_are_faults_of_their_field(world: World) {
    let person = world.participant("alice", "kyiv").await;
    let mut socket = person.socket().await;
    let framework = world.framework.to_string();
    let epoch = person.get("/frameworks/test").await.body["epoch"].clone();
    socket.send(json!({ "type": "subscribe", "ref": "a", "framework": framework, "stream": "public", "epoch": epoch, "after": -1 })).await;
    let nack = socket.until(|frame| frame["type"] == "nack").await;
    assert_eq!(
        (
            named(&nack["problem"]).0,
            named(&nack["problem"]).1,
            &nack["ref"]
        ),
        ("bad_request", "after", &json!("a"))
    );
    for (command, field) in [
        (json!({ "type": "mark_read", "point": 1, "seq": -1 }), "seq"),
        (
            json!({ "type": "mark_read", "point": -1, "seq": 1 }),
            "point",
        ),
        (
            json!({ "type": "edit_comment", "comment": ID, "version": -1 }),
            "version",
        ),
        (
            json!({ "type": "confirm_scope", "concession": ID, "version": -1, "territorial": true }),
            "version",
        ),
        (
            json!({ "type": "answer_card", "concession": ID, "version": -1, "acceptance": "yes" }),
            "version",
        ),
    ] {
        socket
            .send(
                json!({ "type": "command", "id": ID, "framework": framework, "command": command }),
            )
            .await;
        let nack = socket.until(|frame| frame["type"] == "nack").await;
        assert_eq!(
            (named(&nack["problem"]).0, named(&nack["problem"]).1),
            ("bad_request", field),
            "{nack}"
        );
    }
    assert_eq!(
        person
            .get("/frameworks/test/changes?after=-1")
            .await
            .problem()
            .0,
        "bad_request"
    );
}

#[test]
fn what_is_far_too_long_is_refused_before_it_is_folded() {
    // U+FDFA is eighteen letters once it is folded: a text that was folded says so by its length.
    let long = "\u{fdfa}".repeat(20_000);
    let mut check = Check::default();
    assert_eq!(
        check.line("title", &long, 160),
        "",
        "what is refused was not cleaned"
    );
    assert_eq!(check.finish().unwrap_err()[0].code, "too_long");
    let faults = Query::read(&long).unwrap_err();
    assert_eq!((faults.len(), faults[0].code.as_str()), (1, "too_long"));
    assert!(
        limits::most("handle") * 18 < 5_000,
        "a handle of the longest costs little when it is folded"
    );
}
