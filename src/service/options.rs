//! What a host sets.
use std::{path::PathBuf, sync::Arc};

use crate::{
    domain::{Millis, bridging::Rules, tally::Release},
    service::keep::{chain_key::ChainKey, logo::Logo},
    settings::Mutant,
};

/// What a host sets.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's name.
    pub name: String,
    /// A logo.
    pub logo: Option<Logo>,
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
    /// For how long a new card is neither dealt nor answered, in milliseconds.
    pub settle: Millis,
    /// When moved tallies show.
    pub release: Release,
    /// Whether roles of moderator and above hold only for accounts with a second factor.
    pub second_factor: bool,
    /// Whether rates, sockets and subscriptions are limited.
    pub budgets: bool,
    /// Where host-edited pages are.
    pub pages: PathBuf,
    /// What signs checkpoints.
    pub chain_key: Arc<ChainKey>,
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
