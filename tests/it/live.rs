//! The live state keeps its promises in memory and in Redis alike: one suite over both, and what
//! only Redis can do, go away.
use std::{collections::BTreeMap, future::Future, time::Duration};

use demarche::{
    domain::{
        ballot::{Acceptance, Answer, Ballot, Realism},
        concession::ConcessionId,
        framework::{FrameworkId, QuestionId},
        presence::{Here, LIFE},
        stream::Stream,
        tally::{Applied, Counter, Delta, Release, Tally},
    },
    id::{self, Id},
    live::{Hint, Live, Local, Redis, RoundKey, Standing},
};
use tokio::time::{Instant, sleep, timeout};

use crate::harness::outage::{Proxy, Way};

/// Never by itself.
const HELD: Release = Release {
    ballots: i64::MAX,
    after: i64::MAX,
    at_least: i64::MAX,
};

/// Two nodes of one site.
pub struct Nodes(pub Live, pub Live);

fn redis_url() -> String {
    std::env::var("DEMARCHE_TEST_REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".into())
}

/// A prefix of this test's own, so that tests run side by side.
fn prefix() -> String {
    format!("test-{}", &id::secret()[..12])
}

/// Whether Redis answers; a test that needs it is left out loudly where it does not.
async fn redis_answers() -> bool {
    let Err(error) = Redis::connect(&redis_url(), &prefix(), 0).await else {
        return true;
    };
    assert!(
        std::env::var_os("DEMARCHE_REQUIRE_ALL").is_none(),
        "no Redis at DEMARCHE_TEST_REDIS_URL: {error}"
    );
    eprintln!("SKIPPED: no Redis at DEMARCHE_TEST_REDIS_URL: {error}");
    false
}

pub async fn on_local<F: Future<Output = ()>>(test: impl FnOnce(Nodes) -> F) {
    let live = Live::Local(Local::new(0));
    test(Nodes(live.clone(), live)).await;
}

pub async fn on_redis<F: Future<Output = ()>>(test: impl FnOnce(Nodes) -> F) {
    if !redis_answers().await {
        return;
    }
    let prefix = prefix();
    let node = async || Live::Redis(Redis::connect(&redis_url(), &prefix, 0).await.unwrap());
    let nodes = Nodes(node().await, node().await);
    let after = nodes.0.clone();
    test(nodes).await;
    after.flush().await.unwrap();
}

/// One suite, two backends.
macro_rules! both {
    ($($name:ident),* $(,)?) => {
        mod in_memory { $(#[tokio::test] async fn $name() { crate::live::on_local(super::$name).await })* }
        mod in_redis { $(#[tokio::test] async fn $name() { crate::live::on_redis(super::$name).await })* }
    };
}
pub(crate) use both;

both!(
    changes_move_a_tally_in_order_only,
    enough_changes_release_a_tally,
    time_releases_a_tally_that_moved_enough,
    a_load_replaces_all_but_a_later_tally,
    a_forgotten_tally_is_absent_whatever_place_it_claimed,
    counters_at_zero_vanish,
    any_sequence_of_ballots_counts_as_the_domain_counts_it,
    presence_sums_the_nodes_and_forgets_the_silent,
    a_hint_reaches_every_node_once,
    a_flush_forgets_everything,
);

fn key() -> RoundKey {
    (Id::new(), 1)
}

fn ballot(camp: &str, card: ConcessionId, acceptance: Acceptance) -> Ballot {
    let answer = Answer {
        concession: card,
        version: 1,
        camp: Some(camp.into()),
        acceptance,
        realism: Some(Realism::Maybe),
        dealt: true,
        weight: 1_000,
        unfreezes: None,
    };
    Ballot {
        answers: BTreeMap::from([(card, answer)]),
        tiers: vec![],
        point: None,
        seat: None,
    }
}

/// The `at_seq`-th change: one more *yes* of Kyiv's.
fn yes((question, round): RoundKey, at_seq: i64, card: ConcessionId) -> Delta {
    Delta::between(
        question,
        round,
        at_seq,
        &Ballot::default(),
        &ballot("kyiv", card, Acceptance::Yes),
    )
}

async fn changes_move_a_tally_in_order_only(Nodes(a, b): Nodes) {
    let (key, card) = (key(), Id::new());
    let one = yes(key, 1, card);
    assert_eq!(
        a.move_tally(&one, HELD, 0).await.unwrap(),
        None,
        "there is none to move"
    );
    a.load_tally(key, Tally::default(), 0).await.unwrap();
    assert_eq!(
        b.move_tally(&yes(key, 2, card), HELD, 0).await.unwrap(),
        Some(Applied::Gap)
    );
    assert_eq!(
        a.move_tally(&one, HELD, 0).await.unwrap(),
        Some(Applied::Yes)
    );
    assert_eq!(
        b.move_tally(&one, HELD, 0).await.unwrap(),
        Some(Applied::Old)
    );
    assert_eq!(
        b.move_tally(&yes(key, 2, card), HELD, 0).await.unwrap(),
        Some(Applied::Yes)
    );
    let (shown, at) = a.tally(key).await.unwrap().unwrap();
    assert_eq!((shown, at), (Tally::default(), 2), "nothing was released");
    let running = a.running_tally(key).await.unwrap().unwrap();
    assert_eq!(
        (
            running.at_seq,
            running.voters["kyiv"],
            running.counters[&("kyiv".into(), card)].yes
        ),
        (2, 2, 2)
    );
    assert_eq!(
        a.tally((key.0, 2)).await.unwrap(),
        None,
        "another round is another tally"
    );
}

async fn enough_changes_release_a_tally(Nodes(a, b): Nodes) {
    let (key, card, release) = (
        key(),
        Id::new(),
        Release {
            ballots: 3,
            after: i64::MAX,
            at_least: 2,
        },
    );
    a.load_tally(key, Tally::default(), 1_000).await.unwrap();
    let mut hints = b.hints();
    for at_seq in 1..=7 {
        a.move_tally(&yes(key, at_seq, card), release, 1_000 + at_seq)
            .await
            .unwrap();
        let shown = b.tally(key).await.unwrap().unwrap().0;
        assert_eq!(shown.at_seq, at_seq / 3 * 3);
        assert_eq!(shown.voters.get("kyiv").copied().unwrap_or(0), shown.at_seq);
    }
    for _ in 0..2 {
        assert_eq!(next(&mut hints).await, Hint::Tally(key.0));
    }
}

async fn time_releases_a_tally_that_moved_enough(Nodes(a, b): Nodes) {
    let (key, card, release) = (key(), Id::new(), Release::BATCHED);
    assert_eq!(a.release_due(key, release, 0).await.unwrap(), None);
    a.load_tally(key, Tally::default(), 1_000).await.unwrap();
    a.move_tally(&yes(key, 1, card), release, 1_000)
        .await
        .unwrap();
    assert_eq!(
        b.release_due(key, release, 90_000).await.unwrap(),
        Some(Standing {
            released: 0,
            running: 1
        }),
        "one is too few"
    );
    a.move_tally(&yes(key, 2, card), HELD, 2_000).await.unwrap();
    assert_eq!(
        b.release_due(key, release, 10_999).await.unwrap(),
        Some(Standing {
            released: 0,
            running: 2
        })
    );
    let mut hints = a.hints();
    assert_eq!(
        b.release_due(key, release, 11_000).await.unwrap(),
        Some(Standing {
            released: 2,
            running: 2
        })
    );
    assert_eq!(next(&mut hints).await, Hint::Tally(key.0));
    assert_eq!(a.tally(key).await.unwrap().unwrap().0.voters["kyiv"], 2);
    a.move_tally(&yes(key, 3, card), release, 11_001)
        .await
        .unwrap();
    a.move_tally(&yes(key, 4, card), release, 20_999)
        .await
        .unwrap();
    assert_eq!(
        a.tally(key).await.unwrap().unwrap().0.at_seq,
        2,
        "time counts from the last release"
    );
    a.move_tally(&yes(key, 5, card), release, 21_000)
        .await
        .unwrap();
    assert_eq!(a.tally(key).await.unwrap().unwrap().0.at_seq, 5);
}

async fn a_load_replaces_all_but_a_later_tally(Nodes(a, b): Nodes) {
    let key = key();
    let at = |at_seq, voters| Tally {
        at_seq,
        voters: BTreeMap::from([("kyiv".to_owned(), voters)]),
        ..Tally::default()
    };
    let mut hints = b.hints();
    for (loaded, stands) in [
        (at(7, 3), at(7, 3)),
        (at(6, 9), at(7, 3)),
        (at(7, 4), at(7, 4)),
        (at(9, 5), at(9, 5)),
    ] {
        a.load_tally(key, loaded, 0).await.unwrap();
        assert_eq!(
            b.tally(key).await.unwrap(),
            Some((stands.clone(), stands.at_seq))
        );
        assert_eq!(b.running_tally(key).await.unwrap(), Some(stands));
    }
    for _ in 0..3 {
        assert_eq!(next(&mut hints).await, Hint::Tally(key.0));
    }
    assert!(
        timeout(Duration::from_millis(100), hints.recv())
            .await
            .is_err(),
        "what was refused tells nobody"
    );
}

async fn a_forgotten_tally_is_absent_whatever_place_it_claimed(Nodes(a, b): Nodes) {
    let key = key();
    a.load_tally(
        key,
        Tally {
            at_seq: 1_000_000,
            ..Tally::default()
        },
        0,
    )
    .await
    .unwrap();
    b.forget_tally(key).await.unwrap();
    assert_eq!(a.tally(key).await.unwrap(), None);
    assert_eq!(a.running_tally(key).await.unwrap(), None);
    a.load_tally(
        key,
        Tally {
            at_seq: 3,
            ..Tally::default()
        },
        0,
    )
    .await
    .unwrap();
    assert_eq!(b.tally(key).await.unwrap().unwrap().1, 3);
}

async fn counters_at_zero_vanish(Nodes(a, _): Nodes) {
    let (key, card) = (key(), Id::new());
    a.load_tally(key, Tally::default(), 0).await.unwrap();
    let (none, some) = (Ballot::default(), ballot("a:camp", card, Acceptance::No));
    a.move_tally(
        &Delta::between(key.0, key.1, 1, &none, &some),
        Release::EACH,
        0,
    )
    .await
    .unwrap();
    let (shown, _) = a.tally(key).await.unwrap().unwrap();
    let counter = Counter {
        no: 1,
        maybe: 1,
        weight: 1_000,
        weight_squares: 1_000_000,
        ..Counter::default()
    };
    assert_eq!(
        shown.counters,
        BTreeMap::from([(("a:camp".to_owned(), card), counter)])
    );
    a.move_tally(
        &Delta::between(key.0, key.1, 2, &some, &none),
        Release::EACH,
        0,
    )
    .await
    .unwrap();
    let empty = Tally {
        at_seq: 2,
        ..Tally::default()
    };
    assert_eq!(a.tally(key).await.unwrap(), Some((empty, 2)));
}

async fn any_sequence_of_ballots_counts_as_the_domain_counts_it(Nodes(a, b): Nodes) {
    const CAMPS: [&str; 3] = ["kyiv", "moscow", "neither: ещё"];
    const ACCEPTANCES: [Acceptance; 4] = [
        Acceptance::Yes,
        Acceptance::WithChanges,
        Acceptance::No,
        Acceptance::CannotSay,
    ];
    let (key, cards) = (key(), [(); 4].map(|()| Id::new()));
    // A linear congruential generator with Knuth's numbers: the same sequence in every run.
    let mut seed = 42_u64;
    let mut below = |bound: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    let (mut expected, mut people) = (Tally::default(), vec![Ballot::default(); 6]);
    a.load_tally(key, expected.clone(), 0).await.unwrap();
    for at_seq in 1..=300 {
        let person = below(people.len());
        let mut after = people[person].clone();
        let card = cards[below(cards.len())];
        if after.answers.remove(&card).is_none() || below(2) == 0 {
            after
                .answers
                .extend(ballot(CAMPS[person % 3], card, ACCEPTANCES[below(4)]).answers);
        }
        let delta = Delta::between(key.0, key.1, at_seq, &people[person], &after);
        people[person] = after;
        assert_eq!(expected.apply(&delta), Applied::Yes);
        let node = if below(2) == 0 { &a } else { &b };
        assert_eq!(
            node.move_tally(&delta, Release::EACH, 0).await.unwrap(),
            Some(Applied::Yes)
        );
        assert_eq!(
            node.tally(key).await.unwrap(),
            Some((expected.clone(), at_seq))
        );
    }
    let mut recounted = Tally {
        at_seq: 300,
        ..Tally::default()
    };
    people.iter().for_each(|ballot| recounted.count(ballot, 1));
    assert_eq!(a.running_tally(key).await.unwrap(), Some(recounted));
}

async fn presence_sums_the_nodes_and_forgets_the_silent(Nodes(a, b): Nodes) {
    let (framework, other): (FrameworkId, FrameworkId) = (Id::new(), Id::new());
    let here = |count, point| Here {
        count,
        points: BTreeMap::from([(point, count)]),
    };
    let now = 1_000_000;
    assert_eq!(a.here(framework, now).await.unwrap(), Here::default());
    a.say_here("a", framework, here(2, 5), now).await.unwrap();
    b.say_here("b", framework, here(3, 5), now + 30_000)
        .await
        .unwrap();
    b.say_here("b", other, here(9, 1), now).await.unwrap();
    assert_eq!(a.here(framework, now + 30_000).await.unwrap(), here(5, 5));
    a.say_here("a", framework, here(4, 7), now + 1)
        .await
        .unwrap();
    let both = Here {
        count: 7,
        points: BTreeMap::from([(5, 3), (7, 4)]),
    };
    assert_eq!(
        b.here(framework, now + 30_000).await.unwrap(),
        both,
        "a node's word replaces its earlier one"
    );
    assert_eq!(
        b.here(framework, now + 1 + LIFE).await.unwrap(),
        here(3, 5),
        "a silent node is forgotten"
    );
    assert_eq!(
        b.here(framework, now + 10 * LIFE).await.unwrap(),
        Here::default()
    );
}

async fn a_hint_reaches_every_node_once(Nodes(a, b): Nodes) {
    let mut heard = [a.hints(), b.hints()];
    let hints = [
        Hint::Streams {
            framework: Id::new(),
            epoch: "e".into(),
            heads: vec![(Stream::Public, 7), (Stream::Account(Id::new()), 1)],
        },
        Hint::Tally(Id::new()),
        Hint::Rights(Id::new()),
    ];
    for hint in hints {
        a.publish(hint.clone());
        for receiver in &mut heard {
            assert_eq!(next(receiver).await, hint);
        }
    }
    for receiver in &mut heard {
        assert!(
            timeout(Duration::from_millis(100), receiver.recv())
                .await
                .is_err(),
            "once is enough"
        );
    }
}

async fn a_flush_forgets_everything(Nodes(a, b): Nodes) {
    let (key, framework) = (key(), Id::new());
    a.load_tally(key, Tally::default(), 0).await.unwrap();
    a.say_here(
        "a",
        framework,
        Here {
            count: 1,
            ..Here::default()
        },
        100_000,
    )
    .await
    .unwrap();
    b.flush().await.unwrap();
    assert_eq!(a.tally(key).await.unwrap(), None);
    assert_eq!(a.here(framework, 100_000).await.unwrap(), Here::default());
    assert_eq!(
        a.move_tally(&yes(key, 1, Id::new()), HELD, 0)
            .await
            .unwrap(),
        None
    );
}

async fn next(hints: &mut tokio::sync::broadcast::Receiver<Hint>) -> Hint {
    timeout(Duration::from_secs(5), hints.recv())
        .await
        .expect("a hint within 5 s")
        .unwrap()
}

/// Waits until calls answer, or until they fail, and that without hanging.
async fn until_away(live: &Live, away: bool) {
    let end = Instant::now() + Duration::from_secs(15);
    loop {
        let begun = Instant::now();
        let answered = live.tally(key()).await.is_ok();
        assert!(
            begun.elapsed() < Duration::from_millis(1_500),
            "a call took {:?}",
            begun.elapsed()
        );
        if answered != away {
            return;
        }
        assert!(
            Instant::now() < end,
            "still {}",
            if away { "answering" } else { "away" }
        );
        sleep(Duration::from_millis(50)).await;
    }
}

/// A connection to Redis that can be cut or stalled, and a straight one to the same state.
async fn by_proxy() -> Option<(Proxy, Live, Live)> {
    if !redis_answers().await {
        return None;
    }
    let (prefix, url) = (prefix(), redis_url());
    let address = url
        .trim_start_matches("redis://")
        .trim_end_matches('/')
        .to_owned();
    let proxy = Proxy::to(address).await;
    let far = Redis::connect(&format!("redis://{}", proxy.address), &prefix, 0)
        .await
        .unwrap();
    let near = Redis::connect(&url, &prefix, 0).await.unwrap();
    Some((proxy, Live::Redis(far), Live::Redis(near)))
}

#[tokio::test]
async fn nothing_that_answers_is_an_error_within_two_seconds() {
    let begun = Instant::now();
    assert!(
        Redis::connect("redis://127.0.0.1:1", "test", 0)
            .await
            .is_err()
    );
    assert!(
        Redis::connect("mongodb://localhost", "test", 0)
            .await
            .is_err()
    );
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    assert!(
        Redis::connect(
            &format!("redis://{}", silent.local_addr().unwrap()),
            "test",
            0
        )
        .await
        .is_err()
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_redis_that_is_gone_fails_calls_at_once_and_comes_back_by_itself() {
    let Some((proxy, far, near)) = by_proxy().await else {
        return;
    };
    let (key, card) = (key(), Id::new());
    near.load_tally(key, Tally::default(), 0).await.unwrap();
    for stalled in [false, true] {
        if stalled {
            proxy.stall()
        } else {
            proxy.cut()
        }
        until_away(&far, true).await;
        let begun = Instant::now();
        assert!(far.move_tally(&yes(key, 1, card), HELD, 0).await.is_err());
        assert!(far.load_tally(key, Tally::default(), 0).await.is_err());
        assert!(far.here(Id::new(), 0).await.is_err());
        assert!(far.flush().await.is_err());
        let mut own = far.hints();
        far.publish(Hint::Tally(key.0));
        assert_eq!(
            next(&mut own).await,
            Hint::Tally(key.0),
            "this node's sockets hear it all the same"
        );
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
        proxy.open();
        until_away(&far, false).await;
        hears(&far, &near, key.0).await;
        hears(&near, &far, key.0).await;
    }
    assert_eq!(
        far.move_tally(&yes(key, 1, card), HELD, 0).await.unwrap(),
        Some(Applied::Yes)
    );
    near.flush().await.unwrap();
}

#[tokio::test]
async fn a_link_that_died_silently_is_replaced() {
    let Some((proxy, far, near)) = by_proxy().await else {
        return;
    };
    // What is connected now never gets another byte; what connects anew does.
    proxy.strand(Way::Both);
    until_away(&far, true).await;
    until_away(&far, false).await;
    hears(&far, &near, Id::new()).await;
}

/// Waits until one node hears another.
async fn hears(listener: &Live, speaker: &Live, question: QuestionId) {
    let mut hints = listener.hints();
    for _ in 0..50 {
        speaker.publish(Hint::Tally(question));
        if let Ok(Ok(hint)) = timeout(Duration::from_millis(100), hints.recv()).await {
            assert_eq!(hint, Hint::Tally(question));
            return;
        }
    }
    panic!("a node does not hear another");
}
