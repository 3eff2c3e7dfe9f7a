//! Settings: what is wrong is told before anything is served, alike by `check-config` and `serve`.
use std::{collections::BTreeSet, fs, path::Path};

use demarche::{cli, settings::OTHERS};
use serde_json::json;

use crate::harness::{
    Person, World, both,
    process::{Place, Process, demarche, said},
    project,
};

/// What `check-config` and `serve` say of the same settings; both must refuse them.
async fn both_refuse(place: &Place, settings: &[(&str, &str)]) -> String {
    let mut all = vec![];
    for verb in ["check-config", "serve"] {
        let mut command = demarche(place, verb);
        command
            .env("DEMARCHE_BIND", "127.0.0.1:0")
            .envs(settings.iter().copied());
        let (done, words) = said(&mut command).await;
        assert!(!done, "{verb} took {settings:?}: {words}");
        all.push(words);
    }
    assert_eq!(all[0], all[1], "{settings:?}");
    all.pop().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_serve_would_refuse_check_config_refuses_in_the_same_words() {
    let place = Place::empty();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let typo = format!("DEMARCHE_{}", "REGISTRATON");
    fs::write(place.folder.path().join("page.png"), "<html>").unwrap();
    for (name, value, words) in [
        (typo.as_str(), "closed", "DEMARCHE_REGISTRATION"),
        ("DEMARCHE_BIND", &taken, "is taken"),
        ("DEMARCHE_METRICS_BIND", &taken, "DEMARCHE_METRICS_BIND"),
        ("DEMARCHE_CHAIN_KEY", "short", "DEMARCHE_CHAIN_KEY"),
        ("DEMARCHE_PUBLIC_URL", "https://example.org/debate", "path"),
        ("DEMARCHE_PUBLIC_URL", "example.org", "https://"),
        (
            "DEMARCHE_LINK_BACK",
            "javascript:alert(1)",
            "DEMARCHE_LINK_BACK",
        ),
        (
            "DEMARCHE_SITE_LOGO",
            "https://example.org/logo.png",
            "data folder",
        ),
        ("DEMARCHE_SITE_LOGO", "page.png", "no PNG"),
        ("DEMARCHE_SITE_LOGO", "../etc/passwd", "DEMARCHE_SITE_LOGO"),
        ("DEMARCHE_FLOOR", "9", "DEMARCHE_ENOUGH"),
        ("DEMARCHE_LOG", "info,,=x", "--log"),
        (
            "DEMARCHE_REDIS_URL",
            "http://127.0.0.1:1",
            "DEMARCHE_REDIS_URL",
        ),
        (
            "DEMARCHE_DATABASE_URL",
            "postgres://127.0.0.1:1/none",
            "DEMARCHE_DATABASE_URL",
        ),
        (
            "DEMARCHE_DATABASE_URL",
            "mysql://127.0.0.1/none",
            "postgres://, and not with mysql://",
        ),
        ("DEMARCHE_DATABASE_URL", "", "leave it out"),
        ("DEMARCHE_LOG", "warning", "is no level"),
        ("DEMARCHE_SITE_NAME", " \u{200b}", "DEMARCHE_SITE_NAME"),
        ("demarche_registration", "closed", "DEMARCHE_REGISTRATION"),
        ("DEMARSHE_REGISTRATION", "closed", "DEMARCHE_REGISTRATION"),
    ] {
        let said = both_refuse(&place, &[(name, value)]).await;
        assert!(said.contains(words), "{name}={value}: {said}");
    }
    let twice = [
        ("DEMARCHE_BIND", "127.0.0.1:18499"),
        ("DEMARCHE_METRICS_BIND", "0.0.0.0:18499"),
    ];
    assert!(
        both_refuse(&place, &twice)
            .await
            .contains("DEMARCHE_METRICS_BIND")
    );
    let (empty, full) = (
        place.folder.path().join("empty"),
        place.folder.path().join("full"),
    );
    fs::write(&empty, "\n").unwrap();
    fs::write(&full, "redis://127.0.0.1:1\n").unwrap();
    let file = |path: &Path| path.to_str().unwrap().to_owned();
    assert!(
        both_refuse(&place, &[("DEMARCHE_DATABASE_URL_FILE", &file(&empty))])
            .await
            .contains("nothing stands in it")
    );
    let two = [
        ("DEMARCHE_REDIS_URL", "redis://127.0.0.1:2"),
        ("DEMARCHE_REDIS_URL_FILE", &file(&full)),
    ];
    assert!(both_refuse(&place, &two).await.contains("one of the two"));
    let said = both_refuse(
        &place,
        &[
            ("DEMARCHE_LINK_BACK", "x"),
            ("DEMARCHE_PUBLIC_URL", "x"),
            ("DEMARCHE_FLOOR", "9"),
        ],
    )
    .await;
    assert_eq!(said.trim_end().lines().count(), 3, "all at once: {said}");
    let (done, words) =
        self::said(demarche(&place, "check-config").env("DEMARCHE_BIND", "127.0.0.1:0")).await;
    assert!(done, "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_address_in_capitals_with_its_own_port_takes_writes() {
    let place = Place::embedded().await;
    let mut server =
        Process::start(&place, &["--public-url", "HTTPS://Дебати.Example.org:443/"]).await;
    let made = reqwest::Client::new()
        .post(format!("{}/api/v1/accounts", server.url))
        .json(&json!({ "handle": "alice", "password": "correct horse" }))
        .send()
        .await
        .unwrap();
    let cookie = made.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert!(
        made.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Secure")
    );
    let write = async |origin: &str| {
        let body = json!({ "title": "One", "body": "Words.", "kind": "remark" });
        let to = format!("{}/api/v1/frameworks/test/points/1/threads", server.url);
        let sent = reqwest::Client::new()
            .post(to)
            .header("cookie", &cookie)
            .header("origin", origin)
            .json(&body)
            .send()
            .await;
        sent.unwrap().status().as_u16()
    };
    assert_eq!(write("https://xn--80abier3d.example.org").await, 201);
    assert_eq!(write("https://example.org").await, 403);
    server.kill().await;
}

/// The names of variables in a file or folder of the project.
fn named_in(path: &Path, into: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if !path.ends_with("node_modules") {
                named_in(&path, into);
            }
        }
    } else if let Ok(text) = fs::read_to_string(path) {
        for (at, _) in text.match_indices("DEMARCHE_") {
            let name = text[at..]
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || *c == '_')
                .collect::<String>();
            into.insert(name);
        }
    }
}

#[test]
fn every_variable_that_the_project_names_is_a_setting_or_one_for_building_and_testing() {
    let known = cli::variables();
    let mut named = BTreeSet::new();
    for path in [
        "Makefile",
        "Dockerfile",
        "compose.yaml",
        "build.rs",
        ".ci",
        "deploy",
        "docs",
        "benches",
        "tests",
        "src",
        "frontend/scripts",
        "frontend/vite.config.ts",
    ] {
        named_in(&project().join(path), &mut named);
    }
    // The beginning of all names, where it stands by itself.
    named.remove("DEMARCHE_");
    let strangers: Vec<_> = named
        .iter()
        .filter(|name| !known.contains(name) && !OTHERS.contains(&name.as_str()))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    assert!(
        OTHERS
            .iter()
            .all(|name| !known.contains(&(*name).to_owned()))
    );
    let docs = fs::read_to_string(project().join("docs/operating.md")).unwrap();
    let silent: Vec<_> = known
        .iter()
        .filter(|name| !name.contains("_TEST_") && !docs.contains(name.trim_end_matches("_FILE")))
        .collect();
    assert!(
        silent.is_empty(),
        "docs/operating.md does not speak of {silent:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logo_of_the_data_folder_is_served_so_that_nothing_in_it_runs() {
    let place = Place::embedded().await;
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    fs::write(place.folder.path().join("mark.svg"), drawing).unwrap();
    let mut server = Process::start(&place, &["--site-logo", "mark.svg"]).await;
    let visitor = Person::new(server.url.clone(), None);
    let address = visitor.get("/site").await.body["logo"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = reqwest::get(format!("{}{address}", server.url))
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"image/svg+xml".parse().unwrap())
    );
    // Its address changes with it.
    assert_eq!(
        answer.headers()["cache-control"],
        "public, max-age=31536000, immutable"
    );
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("sandbox")
            && !policy.contains("script-src"),
        "{policy}"
    );
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.text().await.unwrap(), drawing);
    server.kill().await;
}

/// The token of a link, if there is one.
async fn invited(place: &Place, registration: &str) -> (bool, Option<String>) {
    let (done, words) =
        said(demarche(place, "admin").args(["--registration", registration, "invite"])).await;
    (
        done,
        words
            .lines()
            .find_map(|line| line.split_once("invitation="))
            .map(|(_, token)| token.to_owned()),
    )
}

async fn register(server: &Process, handle: &str, token: Option<&String>) -> u16 {
    let body = json!({ "handle": handle, "password": "correct horse", "invitation": token });
    Person::new(server.url.clone(), None)
        .post("/accounts", body)
        .await
        .status
}

async fn links_end(place: Place) {
    // An open site has no links, a closed one neither.
    assert_eq!(invited(&place, "open").await, (true, None));
    assert_eq!(invited(&place, "closed").await, (false, None));
    let (_, first) = invited(&place, "invitation").await;
    let (_, second) = invited(&place, "invitation").await;
    let mut server = Process::start(&place, &["--registration", "invitation"]).await;
    assert_eq!(register(&server, "alice", first.as_ref()).await, 201);
    assert_eq!(
        register(&server, "boris", first.as_ref()).await,
        400,
        "one link, one person"
    );
    server.kill().await;
    for between in ["open", "closed"] {
        let (_, link) = invited(&place, "invitation").await;
        Process::start(&place, &["--registration", between])
            .await
            .kill()
            .await;
        let mut server = Process::start(&place, &["--registration", "invitation"]).await;
        for (handle, link) in [("clara", &second), ("dmytro", &link)] {
            assert_eq!(
                register(&server, handle, link.as_ref()).await,
                400,
                "a link from before the site was {between}"
            );
        }
        server.kill().await;
    }
}

mod links_of_the_host_end_when_registration_is_opened_or_closed {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn embedded() {
        links_end(Place::embedded().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            links_end(place).await;
        }
    }
}

both! {
    downloads_begin_so_that_a_spreadsheet_reads_their_letters,
}

async fn downloads_begin_so_that_a_spreadsheet_reads_their_letters(world: World) {
    for path in ["/frameworks/test/moderation-log.csv"] {
        let bytes = reqwest::get(format!("{}/api/v1{path}", world.node(0).url))
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        assert!(
            bytes.starts_with(b"\xef\xbb\xbf"),
            "{path}: {:?}",
            &bytes[..bytes.len().min(8)]
        );
    }
}
