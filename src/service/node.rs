//! What one node of the site reaches, and what it remembers: everything that reads, acts or tells
//! works with this.
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::Clock,
    domain::{account::AccountId, framework::FrameworkId},
    id,
    live::{Hint, Live},
    service::{
        Options, Outcome,
        keep::{
            boards::Boards,
            budgets::Budgets,
            busy::Busy,
            counting::Counting,
            dealing::Dealer,
            devices::Devices,
            hand::Signer,
            host::Host,
            known::Known,
            opinions::Kept,
            presence::Presence,
            record::{Event, Record, Who},
            secrets::Hasher,
            shelf::Shelf,
            tries::Tries,
        },
    },
    settings::Mutant,
    store::{self, Store},
};

/// One node.
pub struct Node {
    /// The database.
    pub store: Store,
    /// The live state.
    pub live: Live,
    /// Time.
    pub clock: Clock,
    /// What the host set.
    pub options: Options,
    /// What the doors know without asking the database again.
    pub(crate) known: Known,
    /// Pages of threads as visitors read them.
    pub shelf: Shelf,
    /// Limits per account and address.
    pub budgets: Budgets,
    /// Who follows which board.
    pub boards: Boards,
    /// Second opinions, as they were last counted.
    pub opinions: Kept,
    /// Who is connected here.
    pub presence: Presence,
    /// Password hashing.
    pub hasher: Hasher,
    /// Tries at secrets.
    pub tries: Tries,
    /// Browsers that signed in before.
    pub devices: Devices,
    /// The record of what matters for security.
    pub record: Record,
    /// What it lends to acts.
    pub host: Host,
    /// Why nothing can be written, found at the start.
    pub unfit: OnceLock<String>,
    /// This boot of this node.
    pub boot: Arc<str>,
    /// What its writers do.
    pub busy: Busy,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    /// Background tasks.
    pub tasks: TaskTracker,
}

impl Node {
    /// A node over a database and a live state.
    ///
    /// # Errors
    /// When the site's keys cannot be read or made.
    pub(super) async fn new(
        store: Store,
        live: Live,
        clock: Clock,
        options: Options,
    ) -> store::Result<Self> {
        let mut tx = store.write().await?;
        let hand_key = tx.site_value_or("hand_key", &id::secret()).await?;
        let ballot_key = tx.site_value_or("ballot_key", &id::secret()).await?;
        let device_key = tx.site_value_or("device_key", &id::secret()).await?;
        let record_key = tx.site_value_or("record_key", &id::secret()).await?;
        tx.delete_expired(clock.now()).await?;
        tx.commit().await?;
        let host = Host {
            dealer: Dealer::new(Signer::new(&hand_key), options.rules, options.live_cards),
            counting: Counting::new(options.rules, &ballot_key),
            rules: options.rules,
            settle: options.settle,
            second_factor: options.second_factor,
            unlocked: (options.mutant == Some(Mutant::CheckThenInsert)).then(|| store.clone()),
        };
        Ok(Self {
            store,
            live,
            clock,
            known: Known::default(),
            shelf: Shelf::default(),
            budgets: Budgets::new(options.budgets),
            boards: Boards::default(),
            opinions: Kept::default(),
            presence: Presence::default(),
            hasher: Hasher::new(),
            tries: Tries::new(options.budgets),
            devices: Devices::new(&device_key),
            record: Record::new(&record_key),
            host,
            unfit: OnceLock::new(),
            boot: id::secret()[..8].into(),
            busy: Busy::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            options,
        })
    }

    /// Waits so long; `false` as soon as the server stops. For what is done now and then.
    pub(crate) async fn rest(&self, time: Duration) -> bool {
        self.stop
            .run_until_cancelled(tokio::time::sleep(time))
            .await
            .is_some()
    }

    /// Now, in unix milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Whether there is such a framework: a client may name any id, and each that is kept costs
    /// memory.
    ///
    /// # Errors
    /// When the database is away: nobody knows.
    pub async fn knows(&self, framework: FrameworkId) -> Outcome<bool> {
        if self.known.place(framework).is_some() {
            return Ok(true);
        }
        let there = self
            .store
            .read()
            .await?
            .framework(framework)
            .await?
            .is_some();
        if there {
            self.known.keep_place(framework, framework);
        }
        Ok(there)
    }

    /// Tells every node that what an account may do has changed; this node heeds it before this
    /// returns.
    pub(crate) fn rights_changed(&self, account: AccountId) {
        self.known.forget(account);
        self.live.publish(Hint::Rights(account));
    }

    /// Notes for the record of security what an account did, or what was done to it.
    pub fn note(&self, event: Event, account: AccountId, what: &str) {
        self.record
            .note(event, Who::Account(account), None, what, self.now());
    }
}
