//! Browsers that signed in before. Each carries a mark that this site signed for one account;
//! nothing of it is kept here, and it says to nobody else whose it is. It opens nothing: whoever
//! has it only tries at a door of their own.
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::{
    domain::{DAY, Millis, account::AccountId},
    id,
};

/// How long a browser stays known after signing in, in milliseconds.
pub const LIFE: Millis = 365 * DAY;

/// Signs and knows marks.
pub struct Devices(Hmac<Sha256>);

impl Devices {
    /// By the site's key for them.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length"))
    }

    fn signature(&self, account: AccountId, day: Millis, number: &str) -> String {
        let mac = self
            .0
            .clone()
            .chain_update(format!("device\n{account}\n{day}\n{number}"));
        BASE64_URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16])
    }

    /// A mark for the browser that has just signed in. It tells the day and not the hour.
    #[must_use]
    pub fn mark(&self, account: AccountId, now: Millis) -> String {
        let (day, number) = (now / DAY, &id::secret()[..16]);
        format!("{day}.{number}.{}", self.signature(account, day, number))
    }

    /// The number of a mark that was made for this account and has not ended.
    #[must_use]
    pub fn known(&self, mark: &str, account: AccountId, now: Millis) -> Option<String> {
        let (day, rest) = mark.split_once('.')?;
        let (number, signature) = rest.split_once('.')?;
        let day: Millis = day.parse().ok()?;
        let fresh = (0..=LIFE / DAY).contains(&(now / DAY - day));
        let fits: bool = self
            .signature(account, day, number)
            .as_bytes()
            .ct_eq(signature.as_bytes())
            .into();
        (fresh && fits).then(|| number.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    #[test]
    fn a_mark_is_known_for_its_account_and_for_a_year() {
        let (devices, olena, taras, now) =
            (Devices::new("key"), Id::new(), Id::new(), 20_000 * DAY);
        let mark = devices.mark(olena, now);
        assert!(devices.known(&mark, olena, now + LIFE).is_some());
        assert!(devices.known(&mark, olena, now + LIFE + DAY).is_none());
        assert!(devices.known(&mark, taras, now).is_none());
        assert!(Devices::new("another").known(&mark, olena, now).is_none());
        for forged in ["", "1.2", "a.b.c", &mark.replacen("20000", "20001", 1)] {
            assert!(devices.known(forged, olena, now).is_none(), "{forged}");
        }
        assert!(!mark.contains(&olena.to_string()));
    }
}
