//! Nodes of two versions on one database: this one reads what a later one will have written, and a
//! later one what this writes.
mod columns;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use demarche::{
    domain::permission::Role,
    http::guards::{ROUTES, Route},
};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use self::columns::{documents, words};
use crate::{
    harness::{Person, World, both, project, tables, verify::Tables},
    migrations::still_there,
};

/// A word that no version has so far.
const LATER: &str = "a_later_word";

/// A database of people and of the sample rows of every migration, and who walks through it.
struct House {
    tables: Tables,
    people: Vec<Person>,
}

impl House {
    /// That `verify` finds nothing wrong with what people did here; the sample rows were never
    /// chained.
    async fn is_sound(&self) {
        let found = self.tables.verify(&[]).await;
        let here = found.report["frameworks"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["slug"] == "test")
            .unwrap();
        assert!(
            here["streams"]
                .as_array()
                .unwrap()
                .iter()
                .all(|stream| stream["bad"] == 0),
            "{here}"
        );
    }
}

async fn furnished(world: &World) -> House {
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    let owner = world.with_role("host", Role::Owner).await;
    let author = world.participant("author", "kyiv").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, comment) = author.thread(1, "said before the later version came").await;
    owner.reply(&thread, &comment, "and answered").await;
    let hidden = author.comment(&thread, "out of view").await;
    let object = json!({ "kind": "comment", "id": hidden });
    let made = moderator
        .post(
            "/moderation/decisions",
            json!({ "object": object, "action": "hide", "rule": "R1", "facts": "Rude." }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let report = json!({ "object": { "kind": "comment", "id": comment }, "reason": "spam" });
    assert_eq!(owner.post("/reports", report).await.status, 201);
    let card = world.card(&author, "A card").await;
    let note = json!({ "version": 1, "acceptance": "with_changes", "realism": "unlikely", "note": "Less of it." });
    let judge = world.participant("judge", "moscow").await;
    judge.deal(&world.question).await;
    assert_eq!(
        judge
            .put(&format!("/concessions/{card}/answer"), note)
            .await
            .status,
        200
    );
    let mut files: Vec<_> = fs::read_dir(project().join("tests/data/migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort_unstable();
    // The sample has one of its own.
    tables.run("DELETE FROM site WHERE key = 'hand_key'").await;
    for file in files {
        let rows = fs::read_to_string(file).unwrap();
        tables.run(&still_there(&rows)).await;
    }
    House {
        tables,
        people: vec![world.visitor(), author, judge, moderator, owner],
    }
}

/// Every address that is read, for the latest so many things of each kind.
async fn addresses(world: &World, tables: &Tables, latest: usize) -> Vec<String> {
    let mut paths = vec![];
    let list = async |query: &str| -> Vec<String> {
        serde_json::from_str(&tables.one(query).await).unwrap()
    };
    let all = async |table: &str, column: &str| {
        let group = if world.url().is_some() {
            "json_agg"
        } else {
            "json_group_array"
        };
        list(&format!("SELECT CAST({group}({column}) AS TEXT) FROM (SELECT {column} FROM {table} ORDER BY 1 DESC LIMIT {latest}) AS t")).await
    };
    let slugs = all("framework", "slug").await;
    let mut things = BTreeMap::new();
    for (prefix, table) in [
        ("/comments", "comment"),
        ("/concessions", "concession"),
        ("/threads", "thread"),
        ("/questions", "question"),
    ] {
        things.insert(prefix, all(table, "id").await);
    }
    for Route { method, path, .. } in ROUTES {
        if *method != "GET" {
            continue;
        }
        let first = format!("/{}", path.split('/').nth(1).unwrap());
        let ids = things
            .get(first.as_str())
            .cloned()
            .unwrap_or_else(|| vec!["x".into()]);
        for slug in slugs.iter().take(if path.contains("{slug}") {
            slugs.len()
        } else {
            1
        }) {
            for id in ids
                .iter()
                .take(if path.contains("{id}") { ids.len() } else { 1 })
            {
                for kind in ["comment", "thread", "concession"]
                    .iter()
                    .take(if path.contains("{kind}") { 3 } else { 1 })
                {
                    let object = things
                        .get(format!("/{kind}s").as_str())
                        .and_then(|ids| ids.first())
                        .cloned()
                        .unwrap_or_default();
                    let path = path
                        .replace("{kind}/{id}", &format!("{kind}/{object}"))
                        .replace("{slug}", slug)
                        .replace("{id}", id);
                    let path = path
                        .replace("{number}", "1")
                        .replace("{round}", "1")
                        .replace("{code}", "x")
                        .replace("{key}", "rules");
                    let query = match path.as_str() {
                        "/moderation/queue" => format!("?framework={slug}"),
                        "/search" => "?q=a".into(),
                        changes if changes.ends_with("/changes") => "?after=0".into(),
                        _ => String::new(),
                    };
                    paths.push(format!("{path}{query}"));
                }
            }
        }
        if path.ends_with("/changes") {
            paths.push("/frameworks/test/changes?stream=moderators&after=0".into());
        }
    }
    paths.extend([
        "//".into(),
        "//framework".into(),
        "//sample/atom.xml".into(),
    ]);
    paths.dedup();
    paths
}

/// Reads every address as everybody; nothing may fail, and no stream may have a gap.
async fn walk(
    people: &[Person],
    paths: &[String],
    after: &str,
) -> BTreeMap<(usize, String), (u16, Value)> {
    let mut seen = BTreeMap::new();
    for (number, person) in people.iter().enumerate() {
        for path in paths {
            let answer = person.get(path).await;
            assert!(
                answer.status < 500,
                "{path} after {after}: {} {}",
                answer.status,
                answer.body
            );
            if path.contains("/changes") && answer.status == 200 {
                let seqs: Vec<i64> = answer.body["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|event| event["seq"].as_i64().unwrap())
                    .collect();
                assert_eq!(
                    seqs,
                    (1..).take(seqs.len()).collect::<Vec<_>>(),
                    "{path} after {after}"
                );
            }
            seen.insert((number, path.clone()), (answer.status, answer.body));
        }
    }
    seen
}

/// Snapshots and resumes over a socket.
async fn sockets(world: &World, people: &[Person], after: &str) {
    for person in people {
        let mut socket = person.socket().await;
        for stream in ["public", "moderators", &format!("account/{}", person.id)] {
            let answer = socket.follow(world.framework, stream, None).await;
            let Some(seq) = answer["seq"].as_i64() else {
                continue;
            };
            let epoch = answer["epoch"].as_str().unwrap();
            let answer = socket
                .follow(world.framework, stream, Some((epoch, 0)))
                .await;
            assert_eq!(
                (&answer["type"], &answer["mode"]),
                (&json!("subscribed"), &json!("resumed")),
                "{stream} after {after}: {answer}"
            );
            assert!(socket.round_trip().await, "{stream} after {after}");
            let seqs: Vec<i64> = socket
                .arrived(stream)
                .iter()
                .map(|event| event["seq"].as_i64().unwrap())
                .collect();
            assert_eq!(
                seqs,
                (1..=seq).collect::<Vec<_>>(),
                "{stream} after {after}"
            );
        }
    }
}

/// Adds a field to every object of a document, at any depth where an object has fields of a type
/// and not names of things.
fn with_more(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(with_more);
            map.insert("a_later_field".into(), json!({ "b": [1] }));
        }
        Value::Array(items) => items.iter_mut().for_each(with_more),
        _ => {}
    }
}

both! {
    a_node_reads_what_a_later_schema_added_as_if_it_were_not_there,
    a_word_that_this_version_does_not_know_fails_no_read_and_leaves_no_gap,
    what_stands_in_columns_as_words_or_documents_is_read_as_such,
    a_change_of_a_kind_not_known_here_is_told_as_its_id_and_counted_by_verify,
    a_role_not_known_here_gives_the_least_rights_and_outlives_a_join,
    a_database_that_needs_a_later_version_is_refused_in_one_line,
}

async fn a_node_reads_what_a_later_schema_added_as_if_it_were_not_there(world: World) {
    let mut world = world;
    let mut house = furnished(&world).await;
    // What an older version left is made anew at a start.
    world.restart().await;
    house.people = house
        .people
        .iter()
        .map(|person| person.at(world.node(0)))
        .collect();
    let paths = addresses(&world, &house.tables, 4).await;
    let before = walk(&house.people, &paths, "nothing").await;
    assert!(before.len() > 200, "{}", before.len());
    let mut base = tables::Tables::of(&world).await;
    let columns = base.columns().await;
    let made: BTreeSet<&String> = columns
        .iter()
        .map(|(table, _)| table)
        .filter(|table| !table.starts_with("search_") && !table.starts_with('_'))
        .collect();
    for table in &made {
        for column in [
            "later_a TEXT",
            "later_b BIGINT NOT NULL DEFAULT 7",
            "later_c TEXT NOT NULL DEFAULT '{}'",
        ] {
            house
                .tables
                .run(&format!("ALTER TABLE {table} ADD COLUMN {column}"))
                .await;
        }
    }
    house.tables.run("CREATE TABLE later (id TEXT PRIMARY KEY, account TEXT REFERENCES account (id)); INSERT INTO later (id) VALUES ('a')").await;
    house.tables.run("INSERT INTO stream (framework, name, seq, hash) SELECT id, 'later', 0, '' FROM framework").await;
    let more = columns
        .iter()
        .filter(|(table, column)| made.contains(table) && documents().contains(column))
        .collect::<Vec<_>>();
    assert!(more.len() > 15, "{more:?}");
    for (table, column) in more {
        for document in documents_in(&mut base, table, column).await {
            let mut value: Value = serde_json::from_str(&document)
                .unwrap_or_else(|error| panic!("{table}.{column}: {error}: {document}"));
            // Names by key, not fields: what stands there is no addition.
            if column != "legends" {
                with_more(&mut value);
            }
            let quoted = |text: &str| text.replace('\'', "''");
            house
                .tables
                .run(&format!(
                    "UPDATE {table} SET {column} = '{}' WHERE {column} = '{}'",
                    quoted(&value.to_string()),
                    quoted(&document)
                ))
                .await;
        }
    }
    let bytes = if world.url().is_some() {
        "'\\x00'::bytea"
    } else {
        "x'00'"
    };
    house
        .tables
        .run(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, {bytes}, 1)"
        ))
        .await;
    world.restart().await;
    house.people = house
        .people
        .iter()
        .map(|person| person.at(world.node(0)))
        .collect();
    let after = walk(&house.people, &paths, "a later schema").await;
    for (place, (status, body)) in &before {
        let now = &after[place];
        assert_eq!(status, &now.0, "{place:?}: {}", now.1);
        // Times of sessions move, looks at things are counted, checkpoints are signed; what was
        // published of a round is told as it is kept.
        if !["/me", "/moderation", "//"]
            .iter()
            .any(|start| place.1.starts_with(start))
            && !["/rounds", "/checkpoints"]
                .iter()
                .any(|part| place.1.contains(part))
        {
            assert_eq!(body, &now.1, "{place:?}");
        }
    }
    sockets(&world, &house.people[1..], "a later schema").await;
    house.is_sound().await;
    // And it goes on writing.
    let (thread, _) = house.people[1]
        .thread(1, "written beside a later version")
        .await;
    house.people[1].comment(&thread, "twice").await;
    house.is_sound().await;
}

async fn a_word_that_this_version_does_not_know_fails_no_read_and_leaves_no_gap(world: World) {
    let mut world = world;
    let mut house = furnished(&world).await;
    world.restart().await;
    house.people = house
        .people
        .iter()
        .map(|person| person.at(world.node(0)))
        .collect();
    let paths = addresses(&world, &house.tables, 2).await;
    let columns = tables::Tables::of(&world).await.columns().await;
    let of_words = columns
        .iter()
        .filter(|(table, column)| words().contains(column) && !table.starts_with("search_words"))
        .collect::<Vec<_>>();
    assert!(of_words.len() > 30, "{of_words:?}");
    for (table, column) in of_words {
        let what = format!("{table}.{column}");
        house.tables.run(&format!("ALTER TABLE {table} ADD COLUMN kept_{column} TEXT; UPDATE {table} SET kept_{column} = {column}")).await;
        house
            .tables
            .run(&format!(
                "UPDATE {table} SET {column} = '{LATER}' WHERE {column} IS NOT NULL"
            ))
            .await;
        // Whoever sees most; and the public where it decides what shows.
        let people = if column == "state" {
            vec![house.people[0].clone(), house.people[4].clone()]
        } else {
            vec![house.people[4].clone()]
        };
        walk(&people, &paths, &what).await;
        sockets(&world, &house.people[4..], &what).await;
        house
            .tables
            .run(&format!(
                "UPDATE {table} SET {column} = kept_{column} WHERE kept_{column} IS NOT NULL; ALTER TABLE {table} DROP COLUMN kept_{column}"
            ))
            .await;
    }
    house.is_sound().await;
}

async fn what_stands_in_columns_as_words_or_documents_is_read_as_such(world: World) {
    furnished(&world).await;
    let kept = fs::read_to_string(project().join("tests/data/words.txt")).unwrap();
    let vocabulary: BTreeSet<&str> = kept
        .lines()
        .flat_map(|line| line.split(' ').skip(1))
        .collect();
    let mut unknown = vec![];
    let mut base = tables::Tables::of(&world).await;
    for (table, column) in base.columns().await {
        if table.starts_with("search_") || table.starts_with('_') {
            continue;
        }
        let values = documents_in(&mut base, &table, &column).await;
        let is_document = |text: &String| {
            serde_json::from_str::<Value>(text)
                .is_ok_and(|value| value.is_object() || value.is_array())
        };
        let a_word = !values.is_empty()
            && values
                .iter()
                .all(|value| vocabulary.contains(value.as_str()));
        let a_document = values.iter().any(is_document);
        if a_word && !words().contains(&column) || a_document && !documents().contains(&column) {
            unknown.push(format!("{table}.{column}"));
        }
    }
    assert_eq!(
        unknown, [""; 0],
        "read by `Word`, `Doc` or `Docs`, so that a later version's stops nothing"
    );
}

async fn a_change_of_a_kind_not_known_here_is_told_as_its_id_and_counted_by_verify(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (_, comment) = author
        .thread(1, "words that a later kind may have taken from view")
        .await;
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    let mut socket = author.socket().await;
    let at = socket.follow(world.framework, "public", None).await;
    // As a later node would: linked with the kind it has, which this version cannot make again.
    let head = at["seq"].as_i64().unwrap();
    tables.run(&relink("comment_posted", &tables).await).await;
    let events = author.get("/frameworks/test/changes?after=0").await.body;
    let told = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["kind"] == LATER)
        .cloned()
        .expect("the event is there");
    assert_eq!(told["data"]["object"], json!({ "id": comment }));
    assert_eq!(
        events["items"].as_array().unwrap().len(),
        usize::try_from(head).unwrap()
    );
    let found = tables.verify(&[]).await;
    assert_eq!(
        found.stream("public")["unknown"],
        json!(1),
        "{}",
        found.report
    );
    assert_eq!(found.code, 0, "{}", found.report);
}

async fn a_role_not_known_here_gives_the_least_rights_and_outlives_a_join(world: World) {
    let person = world.with_role("observer", Role::Owner).await;
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    assert_eq!(person.get("/frameworks/test/team").await.status, 200);
    tables
        .run(&format!(
            "UPDATE membership SET role = '{LATER}' WHERE account = '{}'",
            person.id
        ))
        .await;
    assert_eq!(person.get("/frameworks/test/team").await.status, 403);
    let joined = person
        .post(
            "/frameworks/test/membership",
            json!({ "camp": "kyiv", "consent": true }),
        )
        .await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    assert_eq!(
        tables
            .one(&format!(
                "SELECT role FROM membership WHERE account = '{}'",
                person.id
            ))
            .await,
        LATER
    );
}

async fn a_database_that_needs_a_later_version_is_refused_in_one_line(world: World) {
    let tables = Tables {
        folder: world.folder().into(),
        url: world.url(),
    };
    tables
        .run("UPDATE site SET value = '9999' WHERE key = 'least_migration'")
        .await;
    let found = match world.url() {
        Some(url) => demarche::store::Store::postgres(&url).await,
        None => demarche::store::Store::sqlite(world.folder(), None).await,
    };
    let said = found.map(|_| ()).unwrap_err().to_string();
    assert!(
        said.contains("needs migration 9999") && !said.contains('\n'),
        "{said}"
    );
}

/// The distinct documents of a column.
async fn documents_in(base: &mut tables::Tables, table: &str, column: &str) -> Vec<String> {
    let query = AssertSqlSafe(format!(
        "SELECT DISTINCT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL"
    ));
    match base {
        tables::Tables::Sqlite(conn) => sqlx::query_scalar(query).fetch_all(conn).await.unwrap(),
        tables::Tables::Postgres(conn) => sqlx::query_scalar(query).fetch_all(conn).await.unwrap(),
    }
}

/// Gives the last change of a kind the later kind, with the links from there on made again.
async fn relink(kind: &str, tables: &Tables) -> String {
    use sha2::{Digest, Sha256};
    let columns = "form, framework, stream, seq, kind, object, version, at, command, digest, hash";
    let list = |of: &str| {
        format!("SELECT {of} FROM (SELECT * FROM change WHERE stream = 'public' ORDER BY seq) AS c")
    };
    let rows = if tables.url.is_some() {
        tables
            .one(&list("CAST(json_agg(json_build_array(form, framework, stream, seq, kind, object, version, at, command, digest, hash)) AS TEXT)"))
            .await
    } else {
        tables
            .one(&list(&format!("json_group_array(json_array({columns}))")))
            .await
    };
    let rows: Vec<Vec<Value>> = serde_json::from_str(&rows).unwrap();
    let place = rows.iter().rposition(|row| row[4] == kind).unwrap();
    let (mut before, mut text) = (String::new(), String::new());
    for (number, row) in rows.iter().enumerate() {
        let kind = if number == place {
            json!(LATER)
        } else {
            row[4].clone()
        };
        let link = json!([
            row[0], before, row[1], row[2], row[3], kind, row[5], row[6], row[7], row[8], row[9]
        ]);
        before = Sha256::digest(link.to_string())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        text += &format!(
            "UPDATE change SET kind = {}, hash = '{before}' WHERE stream = 'public' AND seq = {};",
            kind.to_string().replace('"', "'"),
            row[3]
        );
    }
    text + &format!("UPDATE stream SET hash = '{before}' WHERE name = 'public';")
}
