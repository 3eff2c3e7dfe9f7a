//! What boards show follows the ballots: over two nodes, when changes get lost, and when the live
//! state says something else.
use std::{path::Path, time::Duration};

use clap::Parser;
use demarche::{
    clock::Clock,
    domain::{
        account::AccountId, ballot::Acceptance, concession::ConcessionId, framework::Question,
        tally::Tally,
    },
    live::{Live, RoundKey},
    protocol::command::{Command, CommandId},
    server,
    service::{
        self, Services,
        boards::tally as tallies,
        import,
        people::registration::{self, Applicant},
        way_in::desk::By,
    },
    settings::Settings,
    store::Store,
};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::live::{Nodes, both};

both!(
    two_nodes_count_every_ballot_once,
    a_change_that_got_lost_is_found_by_the_next_reader,
    a_live_state_that_forgot_everything_is_filled_from_the_ballots,
    a_tally_that_contradicts_its_ballots_is_mended_within_five_seconds,
);

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

async fn node(folder: &Path, live: Live) -> Services {
    let settings = Flags::parse_from(["demarche", "--budgets", "off", "--floor", "1"]).settings;
    service::start(
        Store::sqlite(folder, None).await.unwrap(),
        live,
        Clock::default(),
        server::options(&settings, true),
    )
    .await
    .unwrap()
}

/// Two nodes over one database that holds the shipped framework and cards.
struct Site {
    a: Services,
    b: Services,
    _folder: TempDir,
}

impl Drop for Site {
    fn drop(&mut self) {
        // Or they would fill the live state again after the test emptied it.
        self.a.stop.cancel();
        self.b.stop.cancel();
    }
}

impl Site {
    async fn new(Nodes(a, b): Nodes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (node(folder.path(), a).await, node(folder.path(), b).await);
        let files = ["ukraine-2025", "starter-cards"];
        for file in files.map(|name| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("frameworks")
                .join(name)
                .with_extension("json")
        }) {
            let text = std::fs::read_to_string(file).unwrap();
            assert!(import::import(&a, &text).await.is_ok());
        }
        Self {
            a,
            b,
            _folder: folder,
        }
    }

    /// A question with enough cards for a hand.
    async fn question(&self) -> Question {
        let mut reader = self.a.store.read().await.unwrap();
        let framework = reader.frameworks().await.unwrap().remove(0).id;
        reader
            .questions(framework)
            .await
            .unwrap()
            .into_iter()
            .find(|question| question.cards >= 5)
            .unwrap()
    }

    async fn recount(&self, question: &Question) -> Tally {
        let mut reader = self.a.store.read().await.unwrap();
        let question = reader.question(question.id).await.unwrap().unwrap();
        reader.recount(&question).await.unwrap()
    }

    /// Waits until the running tally is what was counted.
    async fn counts(&self, question: &Question, counted: &Tally) {
        let live = &self.b.live;
        within(
            Duration::from_secs(5),
            "the tally is the recount",
            async || live.running_tally(key(question)).await.unwrap().as_ref() == Some(counted),
        )
        .await;
    }

    /// Somebody with a viewpoint.
    async fn person(&self, handle: &str, camp: &str, question: &Question) -> Person {
        let applicant = Applicant {
            handle: handle.into(),
            password: "a long password".into(),
            display_name: None,
            locale: None,
            invitation: None,
        };
        let (_, account) = registration::create(&self.a, applicant, false, true)
            .await
            .unwrap();
        let person = Person {
            account,
            question: question.clone(),
        };
        person
            .does(
                &self.a,
                Command::Join {
                    camp: Some(camp.into()),
                    consent: true,
                },
            )
            .await;
        person
    }
}

struct Person {
    account: AccountId,
    question: Question,
}

impl Person {
    async fn does(&self, node: &Services, command: Command) -> serde_json::Value {
        let by = By {
            account: self.account,
            session: None,
        };
        let ack = node
            .desk
            .submit(by, self.question.framework, CommandId::new(), command)
            .await
            .unwrap();
        serde_json::from_str(ack.result.get()).unwrap()
    }

    /// The cards this person is dealt.
    async fn deal(&self, node: &Services) -> Vec<ConcessionId> {
        let result = self
            .does(
                node,
                Command::DealCards {
                    question: self.question.id,
                },
            )
            .await;
        let cards = result["hand"]["cards"].as_array().unwrap().iter();
        cards
            .map(|card| card["id"].as_str().unwrap().parse().unwrap())
            .collect()
    }

    async fn answers(&self, node: &Services, concession: ConcessionId, acceptance: Acceptance) {
        self.does(
            node,
            Command::AnswerCard {
                concession,
                version: 1,
                acceptance,
                realism: None,
                unfreezes: None,
                deal: None,
                note: None,
            },
        )
        .await;
    }

    /// Answers a hand, so that the whole board shows.
    async fn answers_all(&self, node: &Services) {
        for card in self.deal(node).await {
            self.answers(node, card, Acceptance::Yes).await;
        }
    }

    /// What this person sees: the place, and how many people of a camp.
    async fn sees(&self, node: &Services, camp: &str) -> (i64, i64) {
        let view = tallies::view(node, Some(self.account.into()), self.question.id, None)
            .await
            .unwrap();
        assert!(view.complete);
        (view.at_seq, view.voters.get(camp).copied().unwrap_or(0))
    }
}

fn key(question: &Question) -> RoundKey {
    (question.id, question.round)
}

/// Waits until something holds, for at most so long.
async fn within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + limit;
    while !holds().await {
        assert!(Instant::now() < end, "not within {limit:?}: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn two_nodes_count_every_ballot_once(nodes: Nodes) {
    let site = Site::new(nodes).await;
    let question = site.question().await;
    let people = [
        site.person("olena", "kyiv", &question).await,
        site.person("pavel", "moscow", &question).await,
    ];
    let start = site.recount(&question).await;
    site.a
        .live
        .load_tally(key(&question), start.clone(), 0)
        .await
        .unwrap();
    let votes = async |person: &Person, node: &Services| {
        let cards = person.deal(node).await;
        for turn in 0..30 {
            let acceptance = [Acceptance::Yes, Acceptance::No, Acceptance::CannotSay][turn % 3];
            person
                .answers(node, cards[turn % cards.len()], acceptance)
                .await;
        }
    };
    tokio::join!(votes(&people[0], &site.a), votes(&people[1], &site.b));
    let counted = site.recount(&question).await;
    assert_eq!(counted.at_seq, start.at_seq + 60);
    // Nobody reads and nobody recounts: the changes alone bring it there, though they come from two
    // sides.
    site.counts(&question, &counted).await;
}

async fn a_change_that_got_lost_is_found_by_the_next_reader(nodes: Nodes) {
    let site = Site::new(nodes).await;
    let question = site.question().await;
    let reader = site.person("olena", "kyiv", &question).await;
    site.a
        .live
        .load_tally(key(&question), site.recount(&question).await, 0)
        .await
        .unwrap();
    reader.answers_all(&site.a).await;
    let counted = site.recount(&question).await;
    site.counts(&question, &counted).await;
    let behind = Tally {
        at_seq: counted.at_seq - 1,
        ..Tally::default()
    };
    site.a.live.forget_tally(key(&question)).await.unwrap();
    site.a
        .live
        .load_tally(key(&question), behind, 0)
        .await
        .unwrap();
    let begun = Instant::now();
    assert_eq!(
        reader.sees(&site.b, "kyiv").await,
        (counted.at_seq, counted.voters["kyiv"])
    );
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(
        site.a.live.tally(key(&question)).await.unwrap(),
        Some((counted.clone(), counted.at_seq))
    );
}

async fn a_live_state_that_forgot_everything_is_filled_from_the_ballots(nodes: Nodes) {
    let site = Site::new(nodes).await;
    let question = site.question().await;
    let reader = site.person("olena", "kyiv", &question).await;
    reader.answers_all(&site.a).await;
    site.a.live.flush().await.unwrap();
    let counted = site.recount(&question).await;
    assert_eq!(
        reader.sees(&site.b, "kyiv").await,
        (counted.at_seq, counted.voters["kyiv"])
    );
    reader
        .does(
            &site.a,
            Command::WithdrawAnswer {
                concession: counted.counters.keys().next().unwrap().1,
            },
        )
        .await;
    let counted = site.recount(&question).await;
    site.counts(&question, &counted).await;
}

async fn a_tally_that_contradicts_its_ballots_is_mended_within_five_seconds(nodes: Nodes) {
    let site = Site::new(nodes).await;
    let question = site.question().await;
    let reader = site.person("olena", "kyiv", &question).await;
    reader.answers_all(&site.a).await;
    let right = site.recount(&question).await;
    // One claims other people, one claims ballots that were never cast.
    for at_seq in [right.at_seq, right.at_seq + 1_000] {
        let mut wrong = Tally {
            at_seq,
            ..right.clone()
        };
        wrong.voters.insert("kyiv".into(), 777);
        site.a.live.forget_tally(key(&question)).await.unwrap();
        site.a
            .live
            .load_tally(key(&question), wrong, 0)
            .await
            .unwrap();
        assert_eq!(
            reader.sees(&site.b, "kyiv").await,
            (at_seq, 777),
            "nobody noticed yet"
        );
        within(
            Duration::from_secs(5),
            "the right tally shows",
            async || reader.sees(&site.b, "kyiv").await == (right.at_seq, right.voters["kyiv"]),
        )
        .await;
        assert_eq!(
            site.a
                .live
                .running_tally(key(&question))
                .await
                .unwrap()
                .as_ref(),
            Some(&right)
        );
    }
}
