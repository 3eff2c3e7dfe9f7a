//! PostgreSQL stops at once, again and again, while people write: what was acknowledged was on the
//! disk.
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use demarche::id::below;
use tokio::time::{Instant, sleep};

use crate::{
    faults::{comments_differ, prepare, tally_differs, write},
    harness::{
        cluster::Cluster,
        ledger::{Ledger, judge},
        process::{Place, Process},
    },
};

/// Waits until somebody is acknowledged.
async fn progress(ledger: &Ledger) {
    let (before, deadline) = (ledger.acks(), Instant::now() + Duration::from_secs(20));
    while ledger.acks() == before {
        assert!(
            Instant::now() < deadline,
            "nobody could write since the last stop"
        );
        sleep(Duration::from_millis(1)).await;
    }
}

/// Stops the database so many times, up to `within` ms after an answer, while everybody writes:
/// what was broken, and how many commands were acknowledged. `spoiled`, the database answers before
/// it syncs, by a setting that came after the server looked at it.
async fn outages(
    cluster: &Cluster,
    spoiled: bool,
    times: usize,
    within: u64,
) -> (Vec<String>, usize) {
    cluster.execute("CREATE DATABASE demarche").await;
    let place = Place::at(cluster.url("demarche")).await;
    let server = Process::start(&place, &[]).await;
    let (matter, all) = prepare(&place, &server.url).await;
    if spoiled {
        cluster
            .execute("ALTER SYSTEM SET synchronous_commit = off")
            .await;
        cluster.execute("SELECT pg_reload_conf()").await;
    }
    let (ledger, stop) = (
        Arc::new(Ledger::new(place.folder.path())),
        Arc::new(AtomicBool::new(false)),
    );
    let writers: Vec<_> = all
        .iter()
        .map(|writer| {
            tokio::spawn(write(
                writer.clone(),
                matter.clone(),
                ledger.clone(),
                stop.clone(),
            ))
        })
        .collect();
    for _ in 0..times {
        progress(&ledger).await;
        sleep(Duration::from_millis(below(within))).await;
        cluster.stop_at_once().await;
        let begun = Instant::now();
        cluster.again().await;
        println!("the database is back after {:?}", begun.elapsed());
    }
    progress(&ledger).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    if spoiled {
        // Or the server's own store would refuse to look.
        cluster
            .execute("ALTER SYSTEM RESET synchronous_commit")
            .await;
        cluster.execute("SELECT pg_reload_conf()").await;
    }
    let (store, account) = (place.store().await, ledger.read());
    let mut faults = judge(&store, &account).await;
    println!(
        "{times} stops, {} of {} commands acknowledged",
        account.acked.len(),
        account.sent.len()
    );
    if faults.is_empty() {
        faults.extend(comments_differ(&all[0].person, &matter, &account).await);
        faults.extend(tally_differs(&all[0], &matter, &store).await);
    }
    store.close().await;
    (faults, account.acked.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_a_database_that_stops_at_once() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let (faults, acked) = outages(&cluster, false, 3, 250).await;
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(acked > 3, "people could write between the stops: {acked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_answers_before_it_syncs_is_caught() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    // Nothing else may write the log out meanwhile.
    cluster
        .execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        .await;
    cluster
        .execute("ALTER SYSTEM SET wal_writer_flush_after = '64MB'")
        .await;
    let (faults, _) = outages(&cluster, true, 1, 250).await;
    assert!(
        faults.iter().any(|fault| fault.starts_with("lost")),
        "a stop lost nothing that the oracle saw: {faults:?}"
    );
}
