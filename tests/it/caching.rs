//! What may be kept of an answer, and the headers that every answer has.
use std::fs;

use demarche::domain::permission::Role;
use reqwest::{Method, header};

use crate::{
    harness::{Answer, World, both, project},
    limits::operations,
};

fn said<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    answer
        .headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect()
}

both! {
    nothing_may_be_kept_of_any_answer_under_the_interface,
    what_is_the_same_for_everybody_may_be_kept,
    every_answer_has_the_headers_that_keep_other_pages_out,
}

async fn nothing_may_be_kept_of_any_answer_under_the_interface(world: World) {
    let owner = world.with_role("olga", Role::Owner).await;
    let document = demarche::http::document();
    let mut asked = 0;
    for person in [world.visitor(), owner] {
        for (method, path, _) in operations(&document) {
            // The last two would end the session that the others need.
            if method == Method::DELETE && (path == "/me" || path == "/session") {
                continue;
            }
            let answer = person.send(method.clone(), &path, None, None).await;
            assert_eq!(
                said(&answer, "cache-control"),
                ["no-store"],
                "{method} {path}: {}",
                answer.status
            );
            assert!(
                said(&answer, "vary")
                    .join(", ")
                    .contains("Cookie, Authorization"),
                "{method} {path}"
            );
            asked += 1;
        }
        for path in [
            "/no-such-route",
            "/socket",
            "//api/no-such",
            "//readyz",
            "//frameworks/none/feed.atom",
        ] {
            assert_eq!(
                said(&person.get(path).await, "cache-control"),
                ["no-store"],
                "{path}"
            );
        }
    }
    assert!(asked > 150, "{asked}");
}

async fn what_is_the_same_for_everybody_may_be_kept(world: World) {
    let (visitor, person) = (world.visitor(), world.person("alice").await);
    for (path, kept, signed_in) in [
        ("//api/openapi.json", "public, max-age=300", "no-store"),
        (
            "//frameworks/test/feed.atom",
            "public, max-age=3",
            "no-store",
        ),
        ("//", "private, no-cache", "private, no-cache"),
        ("//points/1", "private, no-cache", "private, no-cache"),
    ] {
        assert_eq!(
            said(&visitor.get(path).await, "cache-control"),
            [kept],
            "{path}"
        );
        assert_eq!(
            said(&person.get(path).await, "cache-control"),
            [signed_in],
            "{path}"
        );
    }
    assert!(said(&visitor.get("//").await, "vary").contains(&"Accept-Language, Cookie"));
    let bearer = visitor
        .client
        .get(format!("{}/api/openapi.json", visitor.url))
        .header(header::AUTHORIZATION, "Bearer x");
    assert_eq!(
        bearer.send().await.unwrap().headers()[header::CACHE_CONTROL],
        "no-store"
    );
    let packed = visitor
        .client
        .get(format!("{}/api/openapi.json", visitor.url))
        .header(header::ACCEPT_ENCODING, "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
    assert!(packed.bytes().await.unwrap().starts_with(&[0x1f, 0x8b]));
}

async fn every_answer_has_the_headers_that_keep_other_pages_out(world: World) {
    let visitor = world.visitor();
    for path in [
        "//",
        "//healthz",
        "/site",
        "/socket",
        "/me",
        "//api/no-such",
        "//api/openapi.json",
        "//frameworks/test/feed.atom",
    ] {
        let answer = visitor.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(said(&answer, name), [value], "{path}");
        }
        assert!(
            said(&answer, "permissions-policy")[0].contains("camera=(), "),
            "{path}"
        );
        assert!(
            said(&answer, "content-security-policy")[0].starts_with("default-src 'none'"),
            "{path}"
        );
    }
}

#[test]
fn one_file_says_what_may_be_kept() {
    for entry in fs::read_dir(project().join("src/http")).unwrap().flatten() {
        let named =
            fs::read_to_string(entry.path()).is_ok_and(|text| text.contains("CACHE_CONTROL"));
        assert!(
            !named || entry.file_name() == "caching.rs",
            "{:?}",
            entry.file_name()
        );
    }
}
