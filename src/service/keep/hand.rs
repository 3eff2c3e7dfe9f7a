//! Anonymous hands: the same five cards for every visitor of an hour, signed, so that redrawing
//! buys nothing and an account can redeem the one it judged.
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::domain::{
    HOUR, Millis,
    ballot::{DEAL_LIFE, HAND},
    concession::ConcessionId,
    framework::{Question, QuestionId},
};

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// The question.
    pub question: QuestionId,
    /// Its round.
    pub round: u32,
    /// The cards.
    pub cards: Vec<ConcessionId>,
    /// Until when they may be answered.
    pub expires_at: Millis,
}

/// Signs and reads tokens: HMAC-SHA-256 (RFC 2104) under a key the site keeps.
#[derive(Clone)]
pub struct Signer {
    key: Hmac<Sha256>,
}

impl Signer {
    /// A signer under this key.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self {
            key: Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length"),
        }
    }

    /// The hand of this hour from the cards that rank; without the key nobody knows the next one.
    #[must_use]
    pub fn of_hour(&self, question: &Question, mut cards: Vec<ConcessionId>, now: Millis) -> Hand {
        let hour = now / HOUR;
        cards.sort_by_cached_key(|card| {
            let mut mac = self.key.clone();
            mac.update(format!("{hour} {card}").as_bytes());
            mac.finalize().into_bytes().to_vec()
        });
        cards.truncate(HAND);
        Hand {
            question: question.id,
            round: question.round,
            cards,
            expires_at: hour * HOUR + DEAL_LIFE,
        }
    }

    /// The token of a hand.
    #[must_use]
    pub fn sign(&self, hand: &Hand) -> String {
        let body = BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(hand).expect("a hand is JSON"));
        let mut mac = self.key.clone();
        mac.update(body.as_bytes());
        format!(
            "{body}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    /// The hand of a token that this site signed and that has not expired.
    #[must_use]
    pub fn read(&self, token: &str, now: Millis) -> Option<Hand> {
        let (body, signature) = token.split_once('.')?;
        let mut mac = self.key.clone();
        mac.update(body.as_bytes());
        mac.verify_slice(&BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        let hand: Hand = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (hand.expires_at > now).then_some(hand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    #[test]
    fn a_token_is_read_by_its_site_alone_and_until_it_expires() {
        let hand = Hand {
            question: Id::new(),
            round: 1,
            cards: vec![Id::new()],
            expires_at: 10,
        };
        let token = Signer::new("ours").sign(&hand);
        assert_eq!(Signer::new("ours").read(&token, 9), Some(hand));
        assert_eq!(Signer::new("ours").read(&token, 10), None);
        assert_eq!(Signer::new("theirs").read(&token, 9), None);
        assert_eq!(Signer::new("ours").read(&token.replace('.', "x."), 9), None);
    }
}
