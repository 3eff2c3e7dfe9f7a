//! A node that is paused, and lines that froze: the others write on, everybody is answered, and
//! nothing is lost or doubled.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{
    faults::{Matter, Writer, comments_differ, prepare, tally_differs, write},
    harness::{
        ledger::{Ledger, judge},
        outage::{Proxy, Way},
        process::{Place, Process},
    },
};

/// A database's address by way of a proxy.
pub async fn by_proxy(url: &str) -> (Proxy, String) {
    let (before, rest) = url.split_once('@').expect("an address with a user");
    let (server, name) = rest.split_once('/').expect("an address with a name");
    let proxy = Proxy::to(server.to_owned()).await;
    let url = format!("{before}@{}/{name}", proxy.address);
    (proxy, url)
}

/// People who write, and what they were told.
struct Load {
    matter: Arc<Matter>,
    all: Vec<Writer>,
    ledger: Arc<Ledger>,
    stop: Arc<AtomicBool>,
    writers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Everybody writes at a server.
    async fn begin(place: &Place, url: &str) -> Self {
        let (matter, all) = prepare(place, url).await;
        let (ledger, stop) = (
            Arc::new(Ledger::new(place.folder.path())),
            Arc::new(AtomicBool::new(false)),
        );
        let mut load = Self {
            matter,
            all,
            ledger,
            stop,
            writers: vec![],
        };
        load.also_at(url);
        load
    }

    /// Everybody writes there, too.
    fn also_at(&mut self, url: &str) {
        for writer in &self.all {
            let mut writer = writer.clone();
            writer.person.url = url.to_owned();
            self.writers.push(tokio::spawn(write(
                writer,
                self.matter.clone(),
                self.ledger.clone(),
                self.stop.clone(),
            )));
        }
    }

    /// Waits for one more acknowledgement.
    async fn progress(&self) {
        let (before, deadline) = (self.ledger.acks(), Instant::now() + Duration::from_secs(30));
        while self.ledger.acks() == before {
            assert!(Instant::now() < deadline, "nobody can write");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Everybody stops once their last command is answered; what the database says of all that was
    /// acknowledged.
    async fn end(self, place: &Place, url: &str) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        for writer in self.writers {
            writer.await.unwrap();
        }
        let (store, account) = (place.store().await, self.ledger.read());
        let mut faults = judge(&store, &account).await;
        let mut one = self.all[0].clone();
        one.person.url = url.to_owned();
        faults.extend(comments_differ(&one.person, &self.matter, &account).await);
        faults.extend(tally_differs(&one, &self.matter, &store).await);
        store.close().await;
        faults
    }
}

/// Whether a session of this database holds a transaction that has written, and does nothing.
async fn somebody_holds_a_lock(conn: &mut PgConnection) -> bool {
    const SQL: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND backend_xid IS NOT NULL";
    sqlx::query_scalar::<_, i64>(SQL)
        .fetch_one(conn)
        .await
        .unwrap()
        > 0
}

/// Pauses a node that holds a framework's lock; how long the other one could not write.
async fn paused() -> Option<Duration> {
    let place = Place::postgres().await?;
    let (paused, other) = (
        Process::start(&place, &[]).await,
        Process::start(&place, &[]).await,
    );
    let load = Load::begin(&place, &paused.url).await;
    let mut conn = PgConnection::connect(&place.url().unwrap()).await.unwrap();
    load.progress().await;
    let deadline = Instant::now() + Duration::from_secs(60);
    // Paused in the midst of a batch: tried until it is.
    loop {
        paused.signal("STOP").await;
        if somebody_holds_a_lock(&mut conn).await {
            break;
        }
        paused.signal("CONT").await;
        assert!(Instant::now() < deadline, "the node never held a lock");
        load.progress().await;
    }
    let mut one = load.all[0].person.clone();
    one.url.clone_from(&other.url);
    let begun = Instant::now();
    while one
        .post("/frameworks/test/points/3/threads", a_thread())
        .await
        .status
        != 201
    {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the other node cannot write while this one is paused"
        );
    }
    let waited = begun.elapsed();
    paused.signal("CONT").await;
    load.progress().await;
    let faults = load.end(&place, &other.url).await;
    assert!(faults.is_empty(), "{faults:#?}");
    println!("while one node was paused, the other wrote after {waited:?}");
    Some(waited)
}

fn a_thread() -> serde_json::Value {
    serde_json::json!({ "title": "t", "body": "b", "kind": "remark" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_paused_with_the_lock_does_not_stop_the_others() {
    paused().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures: make faults"]
async fn a_node_that_is_paused_with_the_lock_stops_the_others_for_seconds() {
    for _ in 0..3 {
        let Some(waited) = paused().await else { return };
        // The database waits four seconds for the paused node; without that it is as long as the
        // node stands.
        assert!(waited <= Duration::from_secs(6), "{waited:?}");
    }
}

/// Freezes every connection to the database, one way or both, some times, while people write; how
/// long nobody could write, and how long somebody waited for an answer, at most.
async fn stranded(ways: &[Way]) -> Option<(Duration, Duration)> {
    let place = Place::postgres().await?;
    let mut longest = Duration::ZERO;
    let (proxy, url) = by_proxy(&place.url().unwrap()).await;
    let server = Process::through(&place, &url, &[]).await;
    let load = Load::begin(&place, &server.url).await;
    for way in ways {
        load.progress().await;
        // What is connected now never gets another byte; what connects anew does, as when another
        // takes over an address.
        proxy.strand(*way);
        // What was on its way is answered; what comes after that was saved by a new connection.
        for _ in 0..40 {
            let begun = Instant::now();
            load.progress().await;
            longest = longest.max(begun.elapsed());
        }
    }
    let slowest = load.ledger.slowest();
    let faults = load.end(&place, &server.url).await;
    assert!(faults.is_empty(), "{faults:#?}");
    println!(
        "with its connections frozen, {ways:?}, a node wrote after {longest:?} and answered after {slowest:?} at most"
    );
    Some((longest, slowest))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_froze_are_replaced_and_everybody_is_answered() {
    stranded(&[Way::Both, Way::Back]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures: make faults"]
async fn connections_that_froze_are_replaced_in_seconds() {
    let Some((longest, slowest)) = stranded(&[Way::Both, Way::There, Way::Back, Way::Both]).await
    else {
        return;
    };
    assert!(
        longest <= Duration::from_secs(10) && slowest <= Duration::from_secs(10),
        "{longest:?} {slowest:?}"
    );
}

/// How a line to the database fails as a whole.
async fn stalls_and_recovers(fail: impl Fn(&Proxy)) {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let (proxy, url) = by_proxy(&place.url().unwrap()).await;
    let server = Process::through(&place, &url, &[]).await;
    let load = Load::begin(&place, &server.url).await;
    load.progress().await;
    fail(&proxy);
    let ready = async |wanted: u16| {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let answer = reqwest::get(format!("{}/readyz", server.url))
                .await
                .unwrap();
            if answer.status() == wanted {
                return answer.text().await.unwrap();
            }
            assert!(Instant::now() < deadline, "the server never said {wanted}");
        }
    };
    let said = ready(503).await;
    assert!(said.contains("the database does not answer"), "{said}");
    // Everybody, also over sockets, hears that nothing can be saved just now.
    let problem = load.all[1]
        .person
        .post("/frameworks/test/points/3/threads", a_thread())
        .await;
    assert!([503, 504].contains(&problem.status), "{problem:?}");
    proxy.open();
    assert_eq!(ready(200).await, "ready");
    load.progress().await;
    let faults = load.end(&place, &server.url).await;
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_database_stalls_says_that_it_is_not_ready_and_answers_everybody() {
    stalls_and_recovers(Proxy::stall).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_database_answers_in_drips_says_that_it_is_not_ready_and_answers_everybody()
{
    stalls_and_recovers(Proxy::drip).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_computation_keeps_its_lock_as_long_as_its_node_lives() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let store = place.store().await;
    let mut tx = store.write().await.unwrap();
    let framework = tx.frameworks().await.unwrap().remove(0);
    tx.lock_framework(framework.id).await.unwrap();
    // Longer than the database lets a transaction be silent.
    tx.beside(sleep(Duration::from_secs(6))).await.unwrap();
    tx.set_epoch(framework.id, "another").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    tx.lock_framework(framework.id).await.unwrap();
    // A node that stands still computes nothing and says nothing.
    sleep(Duration::from_secs(6)).await;
    assert!(tx.set_epoch(framework.id, "lost").await.is_err());
}
