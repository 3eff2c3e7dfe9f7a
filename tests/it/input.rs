//! Bad input: a typed problem, no trace; and what pages and imports answer.
use serde_json::json;

use crate::harness::{World, both};

both! {
    bad_bodies_are_typed_problems,
    what_is_absent_is_not_found_as_a_problem,
    pages_carry_their_title_and_a_strict_policy,
    a_page_that_the_host_wrote_shows_in_every_language_before_the_one_that_ships,
}

async fn bad_bodies_are_typed_problems(world: World) {
    let alice = world.person("alice").await;
    let path = "/frameworks/test/points/1/threads";
    let send = async |body: &[u8]| {
        alice
            .send(reqwest::Method::POST, path, None, Some(body.to_vec()))
            .await
    };
    let nested = format!("{{\"title\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    for (body, field) in [
        (&b"{"[..], ""),
        (b"[]", ""),
        (b"\"\xff\"", ""),
        (nested.as_bytes(), ""),
        (
            br#"{"title":"t","title":"u","body":"b","kind":"remark"}"#,
            "",
        ),
        (br#"{"title":"t","body":"b","kind":"shout"}"#, "kind"),
        (br#"{"title":7,"body":"b","kind":"remark"}"#, "title"),
        (
            br#"{"title":"t","body":"b","kind":"remark","point":2}"#,
            "point",
        ),
        (
            br#"{"title":"t","body":"b","kind":"remark","extra":2}"#,
            "extra",
        ),
        (br#"{"title":"t","body":"b"}"#, "kind"),
        (
            br#"{"title":"t","body":"b","kind":"remark","language":"xx"}"#,
            "language",
        ),
    ] {
        let answer = send(body).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (400, ("bad_request", field)),
            "{}: {}",
            String::from_utf8_lossy(body),
            answer.body
        );
    }
    let long = json!({ "title": "t", "body": "й".repeat(4_001), "kind": "remark" });
    assert_eq!(
        alice.post(path, long).await.body["fields"][0]["code"],
        "too_long"
    );
    assert_eq!(send(&vec![b' '; 70_000]).await.problem().0, "too_large");
    assert_eq!(
        alice
            .put("/frameworks/test/points/1/read", json!({ "seq": 1e300 }))
            .await
            .problem(),
        ("bad_request", "seq")
    );
    assert_eq!(
        alice.get("/frameworks/test").await.body["points"][0]["threads"],
        0
    );
}

async fn what_is_absent_is_not_found_as_a_problem(world: World) {
    let visitor = world.visitor();
    let nothing = "00000000-0000-7000-8000-000000000000";
    for path in [
        "/frameworks/none",
        "/no-such",
        "/frameworks/test/points/77",
        &format!("/threads/{nothing}"),
        &format!("/concessions/{nothing}"),
        &format!("/questions/{nothing}/tally"),
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(
            (answer.status, answer.problem().0),
            (404, "not_found"),
            "{path}"
        );
    }
    assert_eq!(
        visitor.get("/threads/not-an-id").await.problem().0,
        "bad_request"
    );
    assert_eq!(visitor.delete("/frameworks").await.status, 405);
    assert_eq!(visitor.get("/socket").await.problem().0, "upgrade_required");
}

async fn pages_carry_their_title_and_a_strict_policy(world: World) {
    let page = world.visitor().get("//points/2").await;
    let html = page.body.as_str().unwrap();
    assert!(html.contains("<title>2. Two · Demarche</title>"), "{html}");
    assert!(html.contains("<noscript><h1>2. Two"));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(world.visitor().get("//no/such/page").await.status, 404);
    assert_eq!(world.visitor().get("//readyz").await.status, 200);
    assert_eq!(
        world.visitor().get("/pages/rules?locale=uk").await.body["locale"],
        "uk"
    );
}
async fn a_page_that_the_host_wrote_shows_in_every_language_before_the_one_that_ships(
    world: World,
) {
    let visitor = world.visitor();
    let title = |locale: &'static str| {
        let visitor = visitor.clone();
        async move {
            visitor
                .get(&format!("/pages/contact?locale={locale}"))
                .await
                .body["title"]
                .as_str()
                .unwrap()
                .to_owned()
        }
    };
    let shipped = title("uk").await;
    for node in &world.nodes {
        let folder = &node.services.options.pages;
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(
            folder.join("contact.en.md"),
            "# Who runs this\n\nThe River Post.\n",
        )
        .unwrap();
    }
    assert_eq!(
        (title("en").await, title("uk").await, title("ru").await),
        (
            "Who runs this".into(),
            "Who runs this".into(),
            "Who runs this".into()
        )
    );
    for node in &world.nodes {
        std::fs::remove_file(node.services.options.pages.join("contact.en.md")).ok();
        std::fs::write(
            node.services.options.pages.join("contact.uk.md"),
            "# Хто це веде\n\nРічкова пошта.\n",
        )
        .unwrap();
    }
    assert_eq!(
        (title("ru").await, title("en").await),
        ("Хто це веде".into(), "Хто це веде".into())
    );
    for node in &world.nodes {
        std::fs::write(
            node.services.options.pages.join("contact.ru.md"),
            "\u{feff}\n",
        )
        .unwrap();
    }
    assert_eq!(
        title("ru").await,
        "Хто це веде",
        "an empty file replaces nothing"
    );
    assert_ne!(shipped, "Хто це веде");
}
