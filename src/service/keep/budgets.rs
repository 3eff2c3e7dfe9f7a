//! How much one account or address may do: soft limits, per account first, that refuse with a time
//! to try again.
use std::{hash::Hash, num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::{
    domain::account::{Account, AccountId},
    protocol::{command::Command, problem::Problem},
};

/// Commands a minute.
pub const COMMANDS: u32 = 60;
/// Commands at once.
pub const AT_ONCE: u32 = 20;

/// One limit for new accounts and one for standing ones.
struct Pair {
    new: DefaultKeyedRateLimiter<AccountId>,
    standing: DefaultKeyedRateLimiter<AccountId>,
}

/// The budgets of this node.
pub struct Budgets {
    on: bool,
    commands: DefaultKeyedRateLimiter<AccountId>,
    comments: Pair,
    concessions: Pair,
    answers: Pair,
    reports: Pair,
    invitations: Pair,
    previews: DefaultKeyedRateLimiter<String>,
    similar: DefaultKeyedRateLimiter<AccountId>,
    writes: DefaultKeyedRateLimiter<String>,
    registrations: DefaultKeyedRateLimiter<String>,
    scope_checks: DefaultKeyedRateLimiter<String>,
    notices: DefaultKeyedRateLimiter<String>,
    searches: DefaultKeyedRateLimiter<String>,
    exports: DefaultKeyedRateLimiter<AccountId>,
    whole: DefaultKeyedRateLimiter<String>,
}

fn limit<K: Hash + Eq + Clone>(
    count: u32,
    per: Duration,
    burst: u32,
) -> DefaultKeyedRateLimiter<K> {
    let one = |count: u32| NonZeroU32::new(count).expect("limits are above zero");
    let quota = Quota::with_period(per / count)
        .expect("periods are above zero")
        .allow_burst(one(burst));
    RateLimiter::keyed(quota)
}

fn pair(new: u32, standing: u32, per: Duration) -> Pair {
    Pair {
        new: limit(new, per, new),
        standing: limit(standing, per, standing),
    }
}

fn spend<K: Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Problem> {
    limiter.check_key(key).map_err(|until| {
        metrics::counter!("demarche_rate_limited").increment(1);
        let wait = until.wait_time_from(DefaultClock::default().now());
        Problem::rate_limited(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1))
    })
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

impl Budgets {
    /// The budgets, or none where the host lifted them.
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self {
            on,
            commands: limit(COMMANDS, MINUTE, AT_ONCE),
            comments: pair(10, 60, HOUR),
            concessions: pair(3, 10, DAY),
            answers: pair(240, 600, HOUR),
            reports: pair(20, 100, DAY),
            // A token has 256 bits: this only keeps guessing from costing us anything.
            invitations: pair(30, 60, HOUR),
            previews: limit(240, HOUR, 60),
            // One asks while one types: half a second apart at the closest, with pauses to think.
            similar: limit(60, MINUTE, 20),
            // Above what commands and forms need together, below what fills a table; a newsroom
            // shares an address.
            writes: limit(240, MINUTE, 120),
            // Newsrooms, VPNs and carriers share addresses: this stops floods, not people.
            registrations: limit(60, HOUR, 30),
            // A form asks whenever its writer pauses, and a newsroom shares an address.
            scope_checks: limit(240, MINUTE, 120),
            // A newsroom shares an address; what is sent is read by people.
            notices: limit(20, HOUR, 10),
            // One searches, looks, and searches again; a search of common words costs tens of
            // milliseconds.
            searches: limit(60, MINUTE, 30),
            // An export reads every table.
            exports: limit(6, HOUR, 3),
            // A page shows one; what is downloaded whole is downloaded once.
            whole: limit(60, MINUTE, 30),
        }
    }

    /// Whether limits are on.
    #[must_use]
    pub fn on(&self) -> bool {
        self.on
    }

    /// One more command of an account, at the door.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn command(&self, account: AccountId) -> Result<(), Problem> {
        if self.on {
            spend(&self.commands, &account)
        } else {
            Ok(())
        }
    }

    /// One more command of its kind, once the account's standing is known.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn kind(
        &self,
        account: &Account,
        standing: bool,
        command: &Command,
    ) -> Result<(), Problem> {
        let pair = match command {
            Command::PostThread { .. }
            | Command::PostComment { .. }
            | Command::TranslateConcession(_) => &self.comments,
            Command::ProposeConcession(_) => &self.concessions,
            Command::AnswerCard { .. } | Command::AnswerPoint { .. } => &self.answers,
            Command::Report { .. } => &self.reports,
            Command::Invite(_) | Command::AcceptInvitation(_) => &self.invitations,
            _ => return Ok(()),
        };
        // What an import brings is the host's own.
        if !self.on || account.sample {
            Ok(())
        } else {
            spend(
                if standing { &pair.standing } else { &pair.new },
                &account.id,
            )
        }
    }

    /// One more look for cards that are like a text.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn similar(&self, account: AccountId) -> Result<(), Problem> {
        if self.on {
            spend(&self.similar, &account)
        } else {
            Ok(())
        }
    }

    /// One more write of any kind, by an account or from a (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn write(&self, who: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.writes, &who.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more registration from this (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn registration(&self, visitor: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.registrations, &visitor.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more look at an invitation from this (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn preview(&self, visitor: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.previews, &visitor.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more draft for the gate from this (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn scope_check(&self, visitor: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.scope_checks, &visitor.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more notice, or one more look at what became of one, from this (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn notice(&self, visitor: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.notices, &visitor.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more search by this account or (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn search(&self, who: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.searches, &who.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more read of a whole table by this account or (hashed) address.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn whole(&self, who: &str) -> Result<(), Problem> {
        if self.on {
            spend(&self.whole, &who.to_owned())
        } else {
            Ok(())
        }
    }

    /// One more export of what is kept about an account.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn export(&self, account: AccountId) -> Result<(), Problem> {
        if self.on {
            spend(&self.exports, &account)
        } else {
            Ok(())
        }
    }

    /// Forgets keys that have all of their budget again.
    pub fn tidy(&self) {
        self.commands.retain_recent();
        self.similar.retain_recent();
        for pair in [
            &self.comments,
            &self.concessions,
            &self.answers,
            &self.reports,
            &self.invitations,
        ] {
            pair.new.retain_recent();
            pair.standing.retain_recent();
        }
        self.writes.retain_recent();
        self.registrations.retain_recent();
        self.scope_checks.retain_recent();
        self.notices.retain_recent();
        self.searches.retain_recent();
        self.exports.retain_recent();
        self.whole.retain_recent();
        self.previews.retain_recent();
    }
}
