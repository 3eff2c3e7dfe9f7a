//! The data the server starts on: put there through the store, so that no password is hashed and no
//! request is made.
use std::path::Path;

use anyhow::{Context, anyhow};
use clap::Parser;
use demarche::{
    clock::Clock,
    domain::{
        account::{Account, AccountId, Author},
        ballot::{Acceptance, Answer, Ballot, DEAL_LIFE, Realism, WEIGHT_STANDING},
        concession::{Concession, ConcessionId, ConcessionState, Terms},
        framework::{FrameworkId, Question, QuestionId},
        moderation::{Object, Reason, ThingId, Why, because, score},
        opinions::Counted,
        permission::{Role, Scope},
        thread::{Comment, CommentKind, CommentState, Thread, ThreadId, ThreadState},
    },
    id::{self, Id},
    live::{Live, Local},
    server,
    service::{self, boards::opinions, import, keep::secrets::token_hash},
    settings::Settings,
    store::{Deal, Membership, Report, SessionKind, SessionRow, Store, Tx, Waiting},
};
use tempfile::TempDir;

const FRAMEWORK: &str = include_str!("../../frameworks/ukraine-2025.json");
/// Cards of a question.
const CARDS: usize = 5;
/// Rows in one transaction.
const CHUNK: usize = 5_000;

/// Somebody with a token.
pub struct Person {
    pub account: AccountId,
    pub token: String,
}

/// A framework, people in it, cards dealt to them.
pub struct World {
    pub framework: FrameworkId,
    camps: Vec<String>,
    pub questions: Vec<Question>,
    /// Of each question.
    pub cards: Vec<Vec<ConcessionId>>,
    pub people: Vec<Person>,
    /// A thread with one comment.
    pub thread: ThreadId,
    store: Store,
    folder: TempDir,
    database: Option<String>,
}

#[derive(Parser)]
struct Given {
    #[command(flatten)]
    settings: Settings,
}

/// A comment of a usual length.
pub fn body(number: usize) -> String {
    format!(
        "Comment {number}: the agency would check this each quarter, and both sides would see its report before it is published."
    )
}

fn now() -> i64 {
    Clock::default().now()
}

impl World {
    /// Builds one on SQLite or, with the address of an empty database, on PostgreSQL.
    pub async fn build(people: usize, database: Option<String>) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let store = match &database {
            Some(url) => Store::postgres(url).await?,
            None => Store::sqlite(folder.path(), None).await?,
        };
        bring_in(&store).await?;
        let mut reader = store.read().await?;
        let framework = reader
            .frameworks()
            .await?
            .first()
            .context("the import made a framework")?
            .clone();
        let questions = reader.questions(framework.id).await?;
        drop(reader);
        let camps = framework.camps.into_iter().map(|camp| camp.key).collect();
        let mut world = Self {
            framework: framework.id,
            camps,
            questions,
            cards: vec![],
            people: vec![],
            thread: Id::new(),
            store,
            folder,
            database,
        };
        world.populate(people).await?;
        world.thread = world.add_thread(1).await?;
        Ok(world)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database, where it is not in the folder.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Lets go of the database, so that a server alone has it.
    pub async fn close(&self) {
        self.store.close().await;
    }

    async fn populate(&mut self, people: usize) -> anyhow::Result<()> {
        let mut tx = self.store.write().await?;
        for number in 0..people {
            let account = add_account(&mut tx, &format!("bench-{number}")).await?;
            let token = id::secret();
            tx.insert_session(&session(account), &token_hash(&token))
                .await?;
            let camp = Some(self.camp(number));
            let membership = Membership {
                joined: true,
                camp,
                role: Role::Participant,
                camp_changed_at: now(),
                ..Membership::none(self.framework)
            };
            tx.put_membership(account, &membership).await?;
            self.people.push(Person { account, token });
        }
        let author = self.people.first().context("at least one person")?.account;
        for question in &self.questions {
            let mut cards = vec![];
            for number in 0..CARDS {
                let card = card(self.framework, question, author, number);
                tx.insert_concession(&card).await?;
                for person in &self.people {
                    tx.put_deal(
                        (question.id, question.round),
                        person.account,
                        card.id,
                        &Deal {
                            until: now() + DEAL_LIFE,
                            camp: None,
                            weight: 0,
                        },
                    )
                    .await?;
                }
                cards.push(card.id);
            }
            self.cards.push(cards);
        }
        Ok(tx.commit().await?)
    }

    fn camp(&self, number: usize) -> String {
        self.camps[number % self.camps.len()].clone()
    }

    /// A thread of so many comments on the first point.
    pub async fn add_thread(&self, comments: usize) -> anyhow::Result<ThreadId> {
        let thread = thread(
            self.framework,
            author(self.people[0].account),
            i64::try_from(comments)?,
        );
        let mut tx = self.store.write().await?;
        tx.insert_thread(&thread).await?;
        for number in 0..comments {
            if number % CHUNK == CHUNK - 1 {
                tx.commit().await?;
                tx = self.store.write().await?;
            }
            let by = author(self.people[number % self.people.len()].account);
            tx.insert_comments(&[comment(&thread, by, number)]).await?;
        }
        tx.commit().await?;
        Ok(thread.id)
    }

    /// So many comments that were reported and wait, in a thread of their own; everybody here is a
    /// moderator.
    pub async fn add_queue(&self, count: usize) -> anyhow::Result<Vec<ThingId>> {
        let reasons = [
            Reason::Spam,
            Reason::OffTopic,
            Reason::Insult,
            Reason::Hate,
            Reason::Doxxing,
        ];
        let thread = thread(
            self.framework,
            author(self.people[0].account),
            i64::try_from(count)?,
        );
        let mut tx = self.store.write().await?;
        for person in &self.people {
            let membership = Membership {
                joined: true,
                role: Role::Moderator,
                ..Membership::none(self.framework)
            };
            tx.put_membership(person.account, &membership).await?;
        }
        tx.insert_thread(&thread).await?;
        let (reporter, mut items) = (add_account(&mut tx, "reporter").await?, vec![]);
        for number in 0..count {
            if number % CHUNK == CHUNK - 1 {
                tx.commit().await?;
                tx = self.store.write().await?;
            }
            let comment = comment(&thread, author(reporter), number);
            let object = Object::Comment(comment.id);
            tx.insert_comments(&[comment]).await?;
            let (id, reason, at) = (
                Id::<Report>::new().to_string(),
                reasons[number % reasons.len()],
                now(),
            );
            tx.insert_report(&Report {
                id,
                framework: self.framework,
                object,
                account: reporter,
                reason,
                note: None,
                closed_by: None,
                taken_back_at: None,
                at,
            })
            .await?;
            let because = because([(Why::Reported(reason), 1)]);
            let (point, language) = (thread.point, Some("en".into()));
            let waiting = Waiting {
                object,
                point,
                language,
                score: score(&because),
                because,
                opened_at: at,
                claim: None,
            };
            tx.put_waiting(self.framework, &waiting).await?;
            items.push(object.id());
        }
        tx.commit().await?;
        Ok(items)
    }

    /// So many ballots of other people for a question, each one dealt answer.
    pub async fn add_ballots(&self, place: usize, count: usize) -> anyhow::Result<()> {
        let question = &self.questions[place];
        let mut tx = self.store.write().await?;
        for number in 0..count {
            if number % CHUNK == CHUNK - 1 {
                tx.commit().await?;
                tx = self.store.write().await?;
            }
            let account = add_account(&mut tx, &format!("voter-{place}-{number}")).await?;
            let answer = answer(self.cards[place][number % CARDS], self.camp(number), number);
            tx.put_answers(question, &[(account, answer)], now())
                .await?;
        }
        count_ballots(&mut tx, question.id, count).await?;
        Ok(tx.commit().await?)
    }

    /// So many cards more to a question; all of its cards.
    pub async fn add_cards(
        &mut self,
        place: usize,
        count: usize,
    ) -> anyhow::Result<Vec<ConcessionId>> {
        let by = self.people.first().context("at least one person")?.account;
        let mut tx = self.store.write().await?;
        for number in self.cards[place].len()..count {
            let card = card(self.framework, &self.questions[place], by, number);
            tx.insert_concession(&card).await?;
            self.cards[place].push(card.id);
        }
        tx.commit().await?;
        Ok(self.cards[place].clone())
    }

    /// Ballots of as many other people.
    pub async fn add_judgements(&self, place: usize, ballots: &[Ballot]) -> anyhow::Result<()> {
        let question = &self.questions[place];
        let mut tx = self.store.write().await?;
        for (number, ballot) in ballots.iter().enumerate() {
            if number % CHUNK == CHUNK - 1 {
                tx.commit().await?;
                tx = self.store.write().await?;
            }
            let account = add_account(&mut tx, &format!("judge-{place}-{number}")).await?;
            let answers: Vec<_> = ballot
                .answers
                .values()
                .map(|answer| (account, answer.clone()))
                .collect();
            tx.put_answers(question, &answers, now()).await?;
            tx.put_beside(question, account, ballot).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Counts a question anew, as the server does when somebody asks for second opinions.
    pub async fn count(&self, place: usize) -> anyhow::Result<Counted> {
        let settings = Given::parse_from(["load"]).settings;
        let options = server::options(&settings, false);
        let mut reader = self.store.read().await?;
        let camps = reader
            .framework(self.framework)
            .await?
            .context("the framework")?
            .camps;
        opinions::count(
            &mut reader,
            &self.questions[place],
            &self.cards[place],
            &camps,
            options.rules,
        )
        .await
        .map_err(|error| anyhow!("{error:?}"))
    }

    /// Lets the first person have answered all cards of a question, so that its board shows.
    pub async fn answer_all(&self, place: usize) -> anyhow::Result<()> {
        let mut tx = self.store.write().await?;
        for card in &self.cards[place] {
            let answer = answer(*card, self.camp(0), 0);
            tx.put_answers(
                &self.questions[place],
                &[(self.people[0].account, answer)],
                now(),
            )
            .await?;
        }
        count_ballots(&mut tx, self.questions[place].id, self.cards[place].len()).await?;
        Ok(tx.commit().await?)
    }
}

/// Counts so many more ballot changes of a question.
async fn count_ballots(tx: &mut Tx, question: QuestionId, more: usize) -> anyhow::Result<()> {
    let before = tx
        .question(question)
        .await?
        .map_or(0, |question| question.ballot_seq);
    Ok(tx
        .set_ballot_seq(question, before + i64::try_from(more)?)
        .await?)
}

/// Imports the framework that is shipped.
async fn bring_in(store: &Store) -> anyhow::Result<()> {
    let settings = Given::parse_from(["load"]).settings;
    let services = service::start(
        store.clone(),
        Live::Local(Local::new(0)),
        Clock::default(),
        server::options(&settings, false),
    )
    .await?;
    import::import(&services, FRAMEWORK)
        .await
        .map_err(|refused| anyhow!("the shipped framework was refused: {refused:?}"))?;
    services.stop.cancel();
    services.desk.close();
    services.tasks.close();
    services.tasks.wait().await;
    Ok(())
}

async fn add_account(tx: &mut Tx, handle: &str) -> anyhow::Result<AccountId> {
    let id = Id::new();
    let account = Account {
        id,
        handle: handle.to_owned(),
        display_name: None,
        admin: false,
        locale: None,
        vouched: true,
        sample: false,
        created_at: now(),
    };
    tx.insert_account(&account, handle, None).await?;
    Ok(id)
}

fn session(account: AccountId) -> SessionRow {
    let id = Id::<SessionRow>::new().to_string();
    SessionRow {
        id,
        account,
        kind: SessionKind::Token,
        name: None,
        recovered: false,
        created_at: now(),
        expires_at: None,
        scope: Scope::Moderate,
    }
}

fn author(id: AccountId) -> Author {
    Author {
        id,
        handle: String::new(),
        display_name: None,
    }
}

fn card(framework: FrameworkId, question: &Question, by: AccountId, number: usize) -> Concession {
    let terms = Terms {
        title: format!("Card {number}"),
        body: "They would open the site to inspectors.".into(),
        in_return: None,
        verifier: "The agency".into(),
        trigger: None,
        receivers: vec![],
        category: None,
        points: vec![question.point],
        language: "en".into(),
    };
    let id = Id::new();
    Concession {
        id,
        framework,
        question: question.id,
        author: author(by),
        html: format!("<p>{}</p>", terms.body),
        terms,
        sources: vec![],
        state: ConcessionState::Ranked,
        version: 1,
        material: 1,
        edited_at: None,
        merged_into: None,
        translations: vec![],
        created_at: now(),
        opens_at: now(),
        fixed: false,
        grew_out_of: None,
        successor: None,
        line: id,
        sample: false,
    }
}

fn thread(framework: FrameworkId, author: Author, comments: i64) -> Thread {
    Thread {
        id: Id::new(),
        framework,
        point: Some(1),
        concession: None,
        title: "Who would check it".into(),
        state: ThreadState::Open,
        version: 1,
        author,
        comments,
        last_at: now(),
        created_at: now(),
        merged_into: None,
    }
}

fn comment(thread: &Thread, author: Author, number: usize) -> Comment {
    let body = body(number);
    Comment {
        id: Id::new(),
        framework: thread.framework,
        thread: thread.id,
        parent: None,
        depth: 0,
        author,
        kind: CommentKind::Remark,
        html: format!("<p>{body}</p>"),
        body,
        language: "en".into(),
        state: CommentState::Visible,
        version: 1,
        created_at: thread.created_at + i64::try_from(number).unwrap_or(0),
        edited_at: None,
        replies: 0,
        hold: None,
    }
}

fn answer(concession: ConcessionId, camp: String, number: usize) -> Answer {
    let acceptance = if number.is_multiple_of(3) {
        Acceptance::No
    } else {
        Acceptance::Yes
    };
    Answer {
        concession,
        version: 1,
        camp: Some(camp),
        acceptance,
        realism: Some(Realism::Maybe),
        dealt: true,
        weight: WEIGHT_STANDING,
        unfreezes: None,
    }
}
