//! A world to test in: a framework on real servers, people who use it over HTTP and sockets, on
//! either backend.
pub mod cluster;
pub mod ledger;
pub mod outage;
mod people;
pub mod process;
pub mod proxy;
pub mod raw;
mod sockets;
pub mod tables;
mod template;
pub mod verify;

use std::{path::PathBuf, sync::Arc};

use clap::Parser;
use demarche::{
    clock::Clock,
    domain::{framework::FrameworkId, permission::Role},
    id, server,
    service::{
        Services, import,
        people::{appoint, registration},
    },
    settings::Settings,
};
pub use people::{Answer, Person, decision};
use serde_json::Value;
pub use sockets::Socket;
use tempfile::TempDir;

/// Runs tests on both backends: `both! { a_sentence, another("--a-flag", "its value") }`. Each is a
/// function that takes a world; what stands behind its name are arguments of the server.
macro_rules! both {
    ($($name:ident $(($($argument:literal),*))?),+ $(,)?) => {
        $(mod $name {
            use $crate::harness::World;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                super::$name(World::embedded(&[$($($argument),*)?]).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn scaled_out() {
                if let Some(world) = World::scaled_out(&[$($($argument),*)?]).await {
                    super::$name(world).await;
                }
            }
        })+
    };
}
pub(crate) use both;

#[derive(Parser)]
#[command(args_override_self = true)]
struct Given {
    #[command(flatten)]
    settings: Settings,
}

/// Settings as the command line would read them.
pub fn settings(arguments: &[&str]) -> Settings {
    Given::parse_from(
        [
            &[
                "test",
                "--budgets",
                "off",
                "--bind",
                "127.0.0.1:0",
                "--floor",
                "1",
                "--enough",
                "3",
                "--settle-minutes",
                "0",
                "--second-factor",
                "optional",
            ],
            arguments,
        ]
        .concat(),
    )
    .settings
}

/// One server process's worth, in this process.
pub struct Node {
    pub services: Services,
    pub url: String,
    serving: Option<tokio::task::JoinHandle<anyhow::Result<()>>>,
}

/// A framework on one node (embedded) or two (scaled out).
pub struct World {
    pub nodes: Vec<Node>,
    pub framework: FrameworkId,
    pub question: String,
    pub clock: Clock,
    /// Confirms the cards of tests that are about something else.
    confirmer: tokio::sync::OnceCell<Person>,
    database: Option<String>,
    folder: Arc<TempDir>,
}

/// Whether a test may not be left out.
pub fn required() -> bool {
    std::env::var("DEMARCHE_REQUIRE_ALL").is_ok_and(|value| value == "1")
}

pub fn postgres() -> String {
    std::env::var("DEMARCHE_TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432".into())
}

pub fn redis() -> String {
    std::env::var("DEMARCHE_TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".into())
}

/// A name for a database that no other has.
fn new_name(kind: &str) -> String {
    let own = id::secret()[..12].to_lowercase().replace('-', "x");
    format!("{kind}_{own}")
}

/// Runs one statement on PostgreSQL; false where there is none.
async fn admin(statement: String) -> bool {
    use sqlx::{Connection, Executor};
    let Ok(mut connection) = sqlx::PgConnection::connect(&format!("{}/postgres", postgres())).await
    else {
        return false;
    };
    connection
        .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement)))
        .await
        .is_ok()
}

impl World {
    pub async fn embedded(arguments: &[&str]) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        Self::build(arguments, folder, None, 1).await
    }

    /// `None`, said aloud, where PostgreSQL or Redis is missing and not required.
    pub async fn scaled_out(arguments: &[&str]) -> Option<Self> {
        let name = new_name("demarche_test");
        if !template::database(&name).await
            || tokio::net::TcpStream::connect(redis().trim_start_matches("redis://"))
                .await
                .is_err()
        {
            assert!(
                !required(),
                "PostgreSQL and Redis are required by DEMARCHE_REQUIRE_ALL"
            );
            eprintln!(
                "SKIPPED: PostgreSQL or Redis does not answer; set DEMARCHE_TEST_DATABASE_URL and DEMARCHE_TEST_REDIS_URL"
            );
            return None;
        }
        Some(Self::build(arguments, Arc::new(TempDir::new().unwrap()), Some(name), 2).await)
    }

    async fn build(
        arguments: &[&str],
        folder: Arc<TempDir>,
        database: Option<String>,
        count: usize,
    ) -> Self {
        let clock = Clock::default();
        let mut nodes = vec![];
        for _ in 0..count {
            nodes.push(Node::of(&folder, database.as_deref(), arguments, clock.clone()).await);
        }
        import::import(
            &nodes[0].services,
            include_str!("../../data/framework.json"),
        )
        .await
        .unwrap_or_else(|_| panic!("the test's framework is good"));
        let mut reader = nodes[0].services.store.read().await.unwrap();
        let framework = reader.frameworks().await.unwrap().remove(0).id;
        let question = reader
            .questions(framework)
            .await
            .unwrap()
            .remove(0)
            .id
            .to_string();
        drop(reader);
        let confirmer = tokio::sync::OnceCell::new();
        Self {
            nodes,
            framework,
            question,
            clock,
            confirmer,
            database,
            folder,
        }
    }

    /// The address of its database; `None` where it is a file in its folder.
    pub fn database_url(&self) -> Option<String> {
        self.database
            .as_ref()
            .map(|name| format!("{}/{name}", postgres()))
    }

    /// Stops every node and starts as many anew on the same database.
    pub async fn restart(&mut self) {
        for place in 0..self.nodes.len() {
            self.nodes[place].stop().await;
            self.nodes[place] = Node::of(
                &self.folder,
                self.database.as_deref(),
                &[],
                self.clock.clone(),
            )
            .await;
        }
    }

    /// A folder of this world's own.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The database's address, on PostgreSQL.
    pub fn url(&self) -> Option<String> {
        Some(format!("{}/{}", postgres(), self.database.as_ref()?))
    }

    /// Another node: the same one where there is only one.
    pub fn node(&self, number: usize) -> &Node {
        &self.nodes[number % self.nodes.len()]
    }

    /// Somebody without an account.
    pub fn visitor(&self) -> Person {
        Person::new(self.node(0).url.clone(), None)
    }

    /// Somebody with an account, on the first node.
    pub async fn person(&self, handle: &str) -> Person {
        let mut person = self.visitor();
        let answer = person
            .post(
                "/accounts",
                serde_json::json!({ "handle": handle, "password": "correct horse" }),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        person.id = answer.body["account"]["id"].as_str().unwrap().into();
        person.token = answer.cookie;
        person
    }

    /// Somebody with a viewpoint whose answers weigh in full.
    pub async fn participant(&self, handle: &str, camp: &str) -> Person {
        let person = self.person(handle).await;
        self.vouch(&person).await;
        let answer = person
            .post(
                "/frameworks/test/membership",
                serde_json::json!({ "camp": camp, "consent": true }),
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        person
    }

    /// Somebody with a role.
    pub async fn with_role(&self, handle: &str, role: Role) -> Person {
        let person = self.person(handle).await;
        appoint::appoint(
            &self.node(0).services,
            self.framework,
            person.id.parse().unwrap(),
            role,
        )
        .await
        .unwrap();
        person
    }

    /// Somebody who runs the site.
    pub async fn admin(&self, handle: &str) -> Person {
        let (name, password) = (handle.to_owned(), "correct horse".to_owned());
        let applicant = registration::Applicant {
            handle: name,
            password,
            display_name: None,
            locale: None,
            invitation: None,
        };
        assert!(
            registration::create(&self.node(0).services, applicant, true, true)
                .await
                .is_ok()
        );
        let mut person = self.visitor();
        let answer = person
            .post(
                "/session",
                serde_json::json!({ "handle": handle, "password": "correct horse" }),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        person.id = answer.body["account"]["id"].as_str().unwrap().into();
        person.token = answer.cookie;
        person
    }

    /// Another framework beside the tests' own: its id and its question's.
    pub async fn another_framework(&self, slug: &str) -> (FrameworkId, String) {
        let text = include_str!("../../data/framework.json").replacen(
            r#""slug": "test""#,
            &format!(r#""slug": "{slug}""#),
            1,
        );
        assert!(import::import(&self.node(0).services, &text).await.is_ok());
        let mut reader = self.node(0).services.store.read().await.unwrap();
        let framework = reader.framework_by_slug(slug).await.unwrap().unwrap().id;
        (
            framework,
            reader
                .questions(framework)
                .await
                .unwrap()
                .remove(0)
                .id
                .to_string(),
        )
    }

    async fn vouch(&self, person: &Person) {
        let mut tx = self.node(0).services.store.write().await.unwrap();
        tx.vouch(person.id.parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A card that somebody proposes and a moderator finds not to be about land: it is ranked.
    pub async fn card(&self, author: &Person, title: &str) -> String {
        let card = self.proposed(author, title).await;
        self.confirm(&card).await;
        card
    }

    /// A moderator finds that a card is not about land.
    pub async fn confirm(&self, card: &str) {
        let moderator = self
            .confirmer
            .get_or_init(|| self.with_role("confirmer", Role::Moderator))
            .await;
        let decision = serde_json::json!({ "object": { "kind": "concession", "id": card }, "action": "confirm_scope", "rule": "R8", "facts": "Not about land." });
        let made = moderator.post("/moderation/decisions", decision).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }

    /// A card that somebody proposes; it is in the provisional lane.
    pub async fn proposed(&self, author: &Person, title: &str) -> String {
        let answer = author
            .post(
                &format!("/questions/{}/concessions", self.question),
                proposal(title),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["concession"]["id"].as_str().unwrap().into()
    }

    /// Waits until something holds, asking again and again; a generous deadline, never a duration
    /// to hope for.
    pub async fn eventually<F: Future<Output = bool>>(
        &self,
        what: &str,
        mut holds: impl FnMut() -> F,
    ) {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
        while !holds().await {
            assert!(
                tokio::time::Instant::now() < deadline,
                "it never came about: {what}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
    }
}

/// A good proposal.
pub fn proposal(title: &str) -> Value {
    serde_json::json!({ "title": title, "body": "They would do it.", "verifier": "The agency", "not_about_land": true, "language": "en" })
}

impl Drop for World {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            node.services.stop.cancel();
        }
        if let Some(name) = self.database.take() {
            remove(name);
        }
    }
}

/// Removes a database. The test's runtime may be ending: a thread of its own does it.
fn remove(name: String) {
    let _ = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(admin(format!(
            "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        )));
    })
    .join();
}

impl Node {
    /// One of a world's nodes.
    async fn of(
        folder: &TempDir,
        database: Option<&str>,
        arguments: &[&str],
        clock: Clock,
    ) -> Self {
        let data = folder.path().to_string_lossy().into_owned();
        let mut all = vec!["--data-dir", &data];
        let url = database.map(|name| format!("{}/{name}", postgres()));
        let live = database.map(|name| format!("{}?prefix={name}", redis()));
        if let (Some(url), Some(live)) = (&url, &live) {
            all.extend(["--database-url", url, "--redis-url", live]);
        }
        all.extend(arguments);
        Self::start(settings(&all), clock).await
    }

    pub async fn start(settings: Settings, clock: Clock) -> Self {
        let listener = server::listen(settings.bind).unwrap();
        let address = listener.local_addr().unwrap();
        let settings = Settings {
            bind: address,
            ..settings
        };
        let services = server::services(&settings, false, clock).await.unwrap();
        let edge = server::edge(&settings, address);
        let serving = tokio::spawn(server::serve(
            listener,
            services.clone(),
            edge,
            server::held(&settings),
        ));
        Self {
            services,
            url: format!("http://{address}"),
            serving: Some(serving),
        }
    }

    /// Stops as on SIGTERM and waits for the end.
    pub async fn stop(&mut self) {
        self.services.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap().unwrap();
        }
    }
}

/// The folder of this project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
