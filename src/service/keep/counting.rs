//! Counting a round as auditors will: every ballot under a pseudonym and with a salt, the results,
//! and the root over them.
use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    domain::{
        account::AccountId,
        ballot::Ballot,
        bridging::Rules,
        commitment::{self, Hash},
        framework::{Camp, Framework, Question},
        hex::hex,
        recount::{
            BallotFile, CountedBallot, CountedCamp, CountedCard, CountedWith, FORMAT, Results,
        },
        round::{Frozen, FrozenCard},
    },
    protocol::problem::Problem,
    service::Outcome,
    store::Reader,
};

/// How a round is counted on this site.
#[derive(Clone)]
pub struct Counting {
    rules: Rules,
    key: Hmac<Sha256>,
}

/// A round as it was counted.
pub struct Counted {
    /// What auditors get.
    pub file: BallotFile,
    /// The commitments of its ballots, in their order.
    pub leaves: Vec<Hash>,
    /// What stays for ever.
    pub frozen: Frozen,
}

impl Counting {
    /// Under these rules, with pseudonyms under this key.
    #[must_use]
    pub fn new(rules: Rules, key: &str) -> Self {
        Self {
            rules,
            key: Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length"),
        }
    }

    /// A ballot under its pseudonym. Pseudonym and salt follow from the site's key, so that they
    /// are fixed when the ballot is cast and nobody without the key can make or guess them
    /// (HMAC-SHA-256, RFC 2104).
    #[must_use]
    pub fn ballot(
        &self,
        question: &Question,
        account: AccountId,
        ballot: &Ballot,
    ) -> CountedBallot {
        CountedBallot::of(
            self.derive("person", question, account),
            self.derive("salt", question, account),
            ballot,
        )
    }

    fn derive(&self, label: &str, question: &Question, account: AccountId) -> String {
        let mut mac = self.key.clone();
        mac.update(format!("{label}|{}|{}|{account}", question.id, question.round).as_bytes());
        // 128 bits: neither guessed nor met twice.
        hex(&mac.finalize().into_bytes()[..16])
    }

    /// The present round of a question, from its ballots.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn count(
        &self,
        reader: &mut Reader,
        framework: &Framework,
        question: &Question,
    ) -> Outcome<Counted> {
        let ids = reader.ranked_cards(question.id).await?;
        let mut cards: BTreeMap<_, _> = reader
            .concessions_of(&ids)
            .await?
            .into_iter()
            .map(|card| (card.id, card))
            .collect();
        let frozen = |id| {
            cards.remove(id).map(|card| FrozenCard {
                id: card.id,
                version: card.version,
                title: card.terms.title,
                language: card.terms.language,
            })
        };
        let frozen: Vec<FrozenCard> = ids.iter().filter_map(frozen).collect();
        let ballots = reader.all_ballots(question).await?;
        let (counting, question, camps) = (self.clone(), question.clone(), framework.camps.clone());
        // Second opinions of many ballots take a while; the reactor has others to serve.
        let counted = tokio::task::spawn_blocking(move || {
            counting.counted(&question, camps, frozen, &ballots)
        });
        Ok(reader
            .beside(counted)
            .await?
            .map_err(|_| Problem::unavailable())?)
    }

    fn counted(
        &self,
        question: &Question,
        camps: Vec<Camp>,
        cards: Vec<FrozenCard>,
        ballots: &BTreeMap<AccountId, Ballot>,
    ) -> Counted {
        let mut ballots: Vec<CountedBallot> = ballots
            .iter()
            .map(|(account, ballot)| self.ballot(question, *account, ballot))
            .collect();
        ballots.sort_by(|a, b| a.person.cmp(&b.person));
        let rules = CountedWith::from(self.rules);
        let mut file = empty_file(question, rules, &camps, &cards, ballots);
        let leaves = file.leaves();
        file.root = commitment::hex(commitment::root(&leaves));
        file.results = file.count();
        let results = file.results.clone();
        Counted {
            file,
            leaves,
            frozen: Frozen {
                rules,
                camps,
                cards,
                results,
            },
        }
    }

    /// The file of a closed round: its ballots as they are kept, beside what was published then.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn file(
        &self,
        reader: &mut Reader,
        question: &Question,
        frozen: Frozen,
        root: String,
    ) -> Outcome<BallotFile> {
        let ballots = reader.all_ballots(question).await?;
        let mut ballots: Vec<CountedBallot> = ballots
            .iter()
            .map(|(account, ballot)| self.ballot(question, *account, ballot))
            .collect();
        ballots.sort_by(|a, b| a.person.cmp(&b.person));
        let file = empty_file(
            question,
            frozen.rules,
            &frozen.camps,
            &frozen.cards,
            ballots,
        );
        Ok(BallotFile {
            root,
            results: frozen.results,
            ..file
        })
    }
}

fn empty_file(
    question: &Question,
    rules: CountedWith,
    camps: &[Camp],
    cards: &[FrozenCard],
    ballots: Vec<CountedBallot>,
) -> BallotFile {
    BallotFile {
        format: FORMAT.into(),
        framework: question.framework,
        question: question.id,
        round: question.round,
        rules,
        camps: camps
            .iter()
            .map(|camp| CountedCamp {
                key: camp.key.clone(),
                in_score: camp.in_score,
            })
            .collect(),
        cards: cards
            .iter()
            .map(|card| CountedCard {
                id: card.id,
                version: card.version,
            })
            .collect(),
        ballots,
        root: String::new(),
        results: Results::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::framework::{Localized, QuestionState, Reveal},
        id::Id,
    };

    fn question(round: u32) -> Question {
        Question {
            id: Id::new(),
            framework: Id::new(),
            key: String::new(),
            giver: String::new(),
            point: 1,
            prompt: Localized {
                en: String::new(),
                uk: String::new(),
                ru: String::new(),
            },
            state: QuestionState::Open,
            round,
            reveal: Reveal::Live,
            cards: 0,
            ballot_seq: 0,
            opened_at: None,
            closes_at: None,
            closed_at: None,
        }
    }

    #[test]
    fn a_pseudonym_is_the_same_for_one_ballot_and_another_for_any_other() {
        let counting = |key| {
            Counting::new(
                Rules {
                    floor: 5,
                    enough: 8,
                },
                key,
            )
        };
        let (first, person, ballot) = (question(1), Id::new(), Ballot::default());
        let ours = counting("ours").ballot(&first, person, &ballot);
        assert_eq!(ours, counting("ours").ballot(&first, person, &ballot));
        assert_ne!(ours.person, ours.salt);
        let next = Question {
            round: 2,
            ..first.clone()
        };
        let others = [
            counting("theirs").ballot(&first, person, &ballot),
            counting("ours").ballot(&next, person, &ballot),
            counting("ours").ballot(&first, Id::new(), &ballot),
        ];
        for other in others {
            assert!(other.person != ours.person && other.salt != ours.salt);
        }
    }
}
