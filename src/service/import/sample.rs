//! The labelled sample: invented people, what they wrote, and the answers of synthetic readers.
use std::{collections::BTreeMap, str::FromStr};

use serde_json::Value;

use crate::{
    domain::{
        account::{Account, AccountId, names},
        ballot::DEAL_LIFE,
        concession::{ConcessionId, ConcessionState},
        framework::QuestionId,
        text::Check,
        thread::{CommentId, ThreadId},
    },
    protocol::{command::Command, problem::Problem},
    service::{
        Outcome, Services,
        import::{
            Refused,
            files::{AnswersFile, SampleFile, ThreadFile},
            put::{Target, figurehead, named_id, part, put_card},
        },
        way_in::desk::By,
    },
    store::Deal,
};

/// Brings in a sample that was found good.
pub(super) async fn sample(
    services: &Services,
    file: &SampleFile,
    target: &Target,
) -> Result<String, Refused> {
    let mut coming = Coming {
        services,
        target,
        file,
        authors: BTreeMap::new(),
        cards: BTreeMap::new(),
    };
    coming.authors().await?;
    coming.cards().await?;
    let (mut comments, mut answers) = (0, 0);
    for (at, thread) in file.threads.iter().enumerate() {
        comments += coming.thread(at, thread).await?;
    }
    coming.shipped().await?;
    for (camp, count) in &file.readers {
        for number in 1..=*count {
            answers += coming.reader(camp, number).await?;
        }
    }
    Ok(format!(
        "sample: {} cards, {comments} comments, {answers} answers, all labelled",
        file.cards.len()
    ))
}

/// A sample that is being brought in, and what of it is there already, by its keys.
struct Coming<'a> {
    services: &'a Services,
    target: &'a Target,
    file: &'a SampleFile,
    authors: BTreeMap<String, Account>,
    cards: BTreeMap<String, (ConcessionId, QuestionId)>,
}

impl Coming<'_> {
    /// The people who write.
    async fn authors(&mut self) -> Outcome<()> {
        for author in &self.file.authors {
            let mut check = Check::default();
            let (handle, _) = names::handle(&mut check, &author.handle, true);
            let display_name = names::display_name(&mut check, author.display_name.as_deref())
                .map(|(name, _)| name);
            let made = figurehead(
                self.services,
                self.target,
                &handle,
                display_name.as_deref(),
                author.camp.as_deref(),
            )
            .await?;
            self.authors.insert(author.key.clone(), made);
        }
        Ok(())
    }

    /// The cards they propose.
    async fn cards(&mut self) -> Outcome<()> {
        for card in &self.file.cards {
            let by = &self.authors[card.author.as_deref().unwrap_or_default()];
            let name = format!("{}/sample/{}", self.file.framework, card.key);
            let state = if card.provisional {
                ConcessionState::Provisional
            } else {
                ConcessionState::Ranked
            };
            let card_of_file = part(self.target, card, state, true);
            let question = card_of_file.question;
            let (id, _) = put_card(self.services, self.target, by.id, &name, card_of_file).await?;
            self.cards.insert(card.key.clone(), (id, question));
        }
        Ok(())
    }

    /// The cards of earlier imports that are answered, too.
    async fn shipped(&mut self) -> Outcome<()> {
        let mut reader = self.services.store.read().await?;
        for name in self.file.answers.iter().map(AnswersFile::name) {
            let Some(id) = self
                .target
                .shipped
                .get(&name)
                .filter(|_| !self.cards.contains_key(&name))
            else {
                continue;
            };
            let card = reader
                .concession(*id)
                .await?
                .ok_or_else(Problem::not_found)?;
            self.cards.insert(name, (card.id, card.question));
        }
        Ok(())
    }

    /// A thread with its comments; how many these are.
    async fn thread(&self, at: usize, thread: &ThreadFile) -> Outcome<usize> {
        let (first, rest) = thread
            .comments
            .split_first()
            .expect("a thread of a good file has a comment");
        let open = Command::PostThread {
            point: thread.point,
            concession: thread.card.as_ref().map(|key| self.cards[key].0),
            title: thread.title.clone(),
            body: first.body.clone(),
            kind: first.kind,
            language: Some(first.language.clone()),
        };
        let slug = &self.target.framework.slug;
        let made = self
            .submit(
                self.authors[&thread.author].id,
                &format!("thread/{at}/{slug}"),
                open,
            )
            .await?;
        let thread_id: ThreadId = id_of(&made, "thread").ok_or_else(Problem::not_found)?;
        let mut ids: BTreeMap<&str, CommentId> = BTreeMap::new();
        ids.extend(id_of(&made, "comment").map(|id| (first.key.as_str(), id)));
        for comment in rest {
            let command = Command::PostComment {
                thread: thread_id,
                body: comment.body.clone(),
                kind: comment.kind,
                parent: comment
                    .parent
                    .as_deref()
                    .and_then(|key| ids.get(key).copied()),
                language: Some(comment.language.clone()),
            };
            let name = format!("comment/{}/{slug}", comment.key);
            let made = self
                .submit(self.authors[&comment.author].id, &name, command)
                .await?;
            ids.extend(id_of(&made, "comment").map(|id| (comment.key.as_str(), id)));
        }
        Ok(thread.comments.len())
    }

    /// One synthetic reader; how many cards they answer.
    async fn reader(&self, camp: &str, number: usize) -> Outcome<usize> {
        let reader = figurehead(
            self.services,
            self.target,
            &format!("sample-reader-{camp}-{number}"),
            None,
            Some(camp),
        )
        .await?;
        for of_point in self
            .file
            .point_answers
            .iter()
            .filter(|given| given.camp == camp)
        {
            let Some(accepts) = of_point.given.get(number - 1).copied() else {
                continue;
            };
            let question = self.target.questions[&of_point.question].id;
            let command = Command::AnswerPoint { question, accepts };
            self.submit(
                reader.id,
                &format!("point/{question}/{camp}/{number}"),
                command,
            )
            .await?;
        }
        let mut count = 0;
        for given in self.file.answers.iter().filter(|given| given.camp == camp) {
            let Some((acceptance, realism, unfreezes)) =
                given.given.get(number - 1).map(|one| one.parts())
            else {
                continue;
            };
            let (card, question) = self.cards[&given.name()];
            self.deal(reader.id, card, question).await?;
            let command = Command::AnswerCard {
                concession: card,
                version: 1,
                acceptance,
                realism,
                unfreezes,
                deal: None,
                note: None,
            };
            self.submit(
                reader.id,
                &format!("answer/{card}/{camp}/{number}"),
                command,
            )
            .await?;
            count += 1;
        }
        Ok(count)
    }

    /// Deals a card to a reader, who is about to answer it.
    async fn deal(
        &self,
        reader: AccountId,
        card: ConcessionId,
        question: QuestionId,
    ) -> Outcome<()> {
        let mut tx = self.services.store.write().await?;
        let deal = Deal {
            until: self.services.now() + DEAL_LIFE,
            camp: None,
            weight: 0,
        };
        tx.put_deal((question, 1), reader, card, &deal).await?;
        Ok(tx.commit().await?)
    }

    async fn submit(&self, account: AccountId, name: &str, command: Command) -> Outcome<Value> {
        let by = By {
            account,
            session: None,
        };
        let ack = self
            .services
            .desk
            .submit(by, self.target.framework.id, named_id(name), command)
            .await?;
        Ok(serde_json::from_str(ack.result.get()).expect("a result is JSON"))
    }
}

/// The id of what a command made.
fn id_of<T: FromStr>(made: &Value, what: &str) -> Option<T> {
    made[what]["id"].as_str()?.parse().ok()
}
