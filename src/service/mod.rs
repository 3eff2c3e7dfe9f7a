//! What people do: one file per thing, the writer that makes it durable, and the feed that tells everyone.
pub mod accounts;
pub mod answers;
pub mod atom;
pub mod budgets;
pub mod cards;
pub mod changes;
pub mod checkpoints;
pub mod command;
mod content;
pub mod counting;
pub mod dealing;
pub mod desk;
pub mod devices;
pub mod erasure;
pub mod events;
pub mod export;
pub mod feed;
pub mod frameworks;
mod gate;
pub mod hand;
pub mod heads;
pub mod health;
mod holds;
pub mod import;
pub mod invitations;
mod known;
pub mod lane;
mod ledger;
pub mod links;
pub mod logo;
mod mending;
pub mod merging;
pub mod moderation;
mod moves;
mod notes;
pub mod opinions;
pub mod outbox;
pub mod pace;
pub mod pages;
pub mod paging;
pub mod passwords;
pub mod presence;
pub mod proof;
mod receipts;
mod rights;
pub mod roles;
mod round_table;
pub mod rounds;
pub mod scope;
pub mod search;
pub mod second_factor;
pub mod secrets;
pub mod security;
pub mod sessions;
mod sheet;
pub mod shelf;
pub mod sign_in;
pub mod similar;
pub mod tallies;
pub mod threads;
pub mod translations;
pub mod tries;
mod turns;
pub mod views;
mod writer;

use std::{ops::Deref, path::PathBuf, sync::Arc};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::Clock,
    domain::{
        account::AccountId,
        bridging::Rules,
        framework::FrameworkId,
        permission::{Refusal, Role},
        tally::Release,
    },
    live::{Hint, Live},
    protocol::{
        command::{Command, CommandId},
        problem::Problem,
    },
    settings::Mutant,
    store::{self, Store},
};

/// What a host sets.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's name.
    pub name: String,
    /// A logo.
    pub logo: Option<logo::Logo>,
    /// A CSS colour.
    pub colour: Option<String>,
    /// A few words.
    pub intro: Option<String>,
    /// The host's own site.
    pub link_back: Option<String>,
    /// Who may register.
    pub registration: Registration,
    /// Whether the content is labelled sample data.
    pub demo: bool,
    /// From how many answers on cards rank and counts show.
    pub rules: Rules,
    /// How many cards of a question are dealt at a time.
    pub live_cards: usize,
    /// When moved tallies show.
    pub release: Release,
    /// Whether roles of moderator and above hold only for accounts with a second factor.
    pub second_factor: bool,
    /// Whether rates, sockets and subscriptions are limited.
    pub budgets: bool,
    /// Where host-edited pages are.
    pub pages: PathBuf,
    /// What signs checkpoints.
    pub chain_key: Arc<checkpoints::ChainKey>,
    /// Under which address readers find the site, without a slash at the end.
    pub public_url: String,
    /// Who may show the site in a frame: a CSP source list.
    pub frame_ancestors: String,
    /// A promise to break, for tests.
    pub mutant: Option<Mutant>,
}

/// Who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Registration {
    /// Anyone.
    Open,
    /// Whoever has an invitation link.
    Invitation,
    /// Nobody.
    Closed,
}

impl Registration {
    /// As on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }
}

/// Everything a request needs; one pointer to clone.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

impl Deref for Services {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What the services are made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The live state.
    pub live: Live,
    /// Time.
    pub clock: Clock,
    /// What the host set.
    pub options: Arc<Options>,
    /// Where writes go in.
    pub desk: desk::Desk,
    /// Where changes come out.
    pub feed: Arc<feed::Feed>,
    known: Arc<known::Known>,
    /// Pages of threads as visitors read them.
    pub shelf: Arc<shelf::Shelf>,
    /// Limits per account and address.
    pub budgets: Arc<budgets::Budgets>,
    /// Who follows which board.
    pub boards: Arc<tallies::Boards>,
    /// Second opinions, as they were last counted.
    pub opinions: opinions::Kept,
    /// Who is connected to this node.
    pub presence: Arc<presence::Presence>,
    /// Password hashing.
    pub hasher: secrets::Hasher,
    /// Tries at secrets.
    pub tries: tries::Tries,
    /// Browsers that signed in before.
    pub devices: devices::Devices,
    /// The record of what matters for security.
    pub record: Arc<security::Record>,
    /// Deals cards.
    pub dealer: Arc<dealing::Dealer>,
    /// How a round is counted.
    pub counting: counting::Counting,
    /// Why nothing can be written, found at the start.
    pub unfit: std::sync::OnceLock<String>,
    /// This node's boot.
    pub node: Arc<str>,
    /// What its writers do.
    pub busy: Arc<health::Busy>,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    /// Background tasks.
    pub tasks: TaskTracker,
}

impl Services {
    /// Wires the services and starts their background tasks.
    ///
    /// # Errors
    /// When the site's secret cannot be read or made.
    pub async fn start(store: Store, live: Live, clock: Clock, options: Options) -> store::Result<Self> {
        health::set(&store, &clock).await?;
        let mut tx = store.write().await?;
        let key = tx.site_value_or("hand_key", &crate::id::secret()).await?;
        let ballot_key = tx.site_value_or("ballot_key", &crate::id::secret()).await?;
        let device_key = tx.site_value_or("device_key", &crate::id::secret()).await?;
        let record_key = tx.site_value_or("record_key", &crate::id::secret()).await?;
        tx.delete_expired(clock.now()).await?;
        tx.commit().await?;
        let counting = counting::Counting::new(options.rules, &ballot_key);
        let options = Arc::new(options);
        let dealer = Arc::new(dealing::Dealer::new(hand::Signer::new(&key), options.rules, options.live_cards));
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let node: Arc<str> = crate::id::secret()[..8].into();
        let budgets = Arc::new(budgets::Budgets::new(options.budgets));
        let busy = Arc::new(health::Busy::default());
        let (hasher, tries) = (secrets::Hasher::new(), tries::Tries::new(options.budgets));
        let (devices, record) = (devices::Devices::new(&device_key), Arc::new(security::Record::new(&record_key)));
        let shelf: Arc<shelf::Shelf> = Arc::default();
        let shared = writer::Shared {
            store: store.clone(),
            live: live.clone(),
            clock: clock.clone(),
            options: options.clone(),
            dealer: dealer.clone(),
            counting: counting.clone(),
            budgets: budgets.clone(),
            record: record.clone(),
            shelf: shelf.clone(),
            node: node.clone(),
            busy: busy.clone(),
        };
        let desk = desk::Desk::new(shared, tasks.clone());
        let feed = Arc::new(feed::Feed::new(store.clone(), live.clone(), clock.clone(), options.mutant));
        let presence = Arc::new(presence::Presence::default());
        let (boards, opinions) = (Arc::default(), opinions::Kept::default());
        let known = Arc::default();
        let parts = Parts {
            store,
            live,
            clock,
            options,
            desk,
            feed,
            known,
            shelf,
            budgets,
            boards,
            opinions,
            presence,
            hasher,
            tries,
            devices,
            record,
            dealer,
            counting,
            unfit: std::sync::OnceLock::new(),
            node,
            busy,
            stop,
            tasks,
        };
        let services = Self(Arc::new(parts));
        if let Err(failure) = moderation::queue::explain(&services).await {
            // They stay listed without reasons, and are explained when something about them changes or at the next start.
            tracing::warn!(problem = %failure.told(), "what an older version left in the queue was not explained");
        }
        services.tasks.spawn(health::run(services.clone()));
        if let Err(failure) = accounts::fold_names(&services).await {
            tracing::warn!(problem = %failure.told(), "display names that an older version kept were not folded");
        }
        services.tasks.spawn(feed::run(services.clone()));
        services.tasks.spawn(budgets::run(services.clone()));
        services.tasks.spawn(rights::run(services.clone()));
        services.tasks.spawn(tallies::run(services.clone()));
        services.tasks.spawn(mending::run(services.clone()));
        services.tasks.spawn(presence::run(services.clone()));
        Ok(services)
    }

    /// Puts a command that came in by a door in line, within the account's budget.
    ///
    /// # Errors
    /// As [`desk::Desk::enqueue`], and `rate_limited`.
    pub async fn enqueue(
        &self,
        caller: &accounts::Caller,
        framework: FrameworkId,
        id: CommandId,
        command: Command,
    ) -> Result<desk::Waiting, Problem> {
        self.budgets.command(caller.account)?;
        if command.needs().iter().any(|action| action.rule().scope > caller.scope) {
            return Err(Refusal::OutsideScope.into());
        }
        // Anybody may send a decision; the reserved lane is for those who may make one.
        let reserved = command.needs().iter().any(|action| action.rule().least >= Role::Moderator)
            && self.moderates(caller.account, framework).await.map_err(Failure::told)?;
        let lane = if reserved { desk::Lane::Decisions } else { desk::Lane::Others };
        let by = desk::By { account: caller.account, session: Some(caller.session.clone()) };
        self.desk.enqueue_in(lane, by, framework, id, command)
    }

    async fn moderates(&self, account: AccountId, framework: FrameworkId) -> Outcome<bool> {
        let found = writer::actor(&mut self.store.read().await?, framework, account, self.now(), self.options.second_factor).await?;
        Ok(found.is_some_and(|(_, actor)| actor.role >= Role::Moderator))
    }

    /// Whether there is such a framework: a client may name any id, and each that is kept costs memory.
    ///
    /// # Errors
    /// When the database is away: nobody knows.
    pub async fn knows(&self, framework: FrameworkId) -> Outcome<bool> {
        if self.known.place(framework).is_some() {
            return Ok(true);
        }
        let there = self.store.read().await?.framework(framework).await?.is_some();
        if there {
            self.known.keep_place(framework, framework);
        }
        Ok(there)
    }

    /// Tells every node that what an account may do has changed; this node heeds it before this returns.
    pub(crate) fn rights_changed(&self, account: AccountId) {
        self.known.forget(account);
        self.live.publish(Hint::Rights(account));
    }

    /// Now, in unix milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

/// Why something was not done: a reason for the user, or a fault below that is logged once.
#[derive(Debug)]
pub enum Failure {
    /// For the user.
    Problem(Problem),
    /// Below.
    Store(store::Error),
}

impl<T: Into<Problem>> From<T> for Failure {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}
impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    /// What the user is told. A fault below is logged here, once, and becomes `unavailable`.
    #[must_use]
    pub fn told(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Store(error) => {
                tracing::error!(%error, "the store failed");
                Problem::unavailable()
            }
        }
    }
}

/// What a service returns.
pub type Outcome<T> = Result<T, Failure>;
