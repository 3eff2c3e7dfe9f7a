//! Every setting: its flag, its name in the environment, its default.
mod addresses;
mod check;
mod files;
mod mutants;
mod names;
mod read;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use ipnet::IpNet;

use self::read::{colour, filter, network, prefix, source_list};
pub use self::{
    mutants::{Mutant, Mutants},
    names::{OTHERS, unknown},
};
use crate::service::Registration;

/// The settings of a server. Secrets may also be given as a file: the same name with `_FILE` at the
/// end.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The address to listen on
    #[arg(long, env = "DEMARCHE_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// The address under which readers find the site [default: http:// and the bind address]
    #[arg(long, env = "DEMARCHE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Where SQLite's file, host-edited pages and demo passwords are kept
    #[arg(long, env = "DEMARCHE_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// postgres://… to use PostgreSQL instead of SQLite
    #[arg(long, env = "DEMARCHE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The key that signs checkpoints, 32 bytes in hexadecimal or base64; all nodes need the same
    /// [default: made in the data folder as chain.key]
    #[arg(long, env = "DEMARCHE_CHAIN_KEY", hide_env_values = true)]
    pub chain_key: Option<String>,
    /// redis://… (or Valkey) to share presence and tallies between nodes
    #[arg(long, env = "DEMARCHE_REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,
    /// What Redis' keys and channel begin with: sites that share a Redis need one each
    #[arg(long, env = "DEMARCHE_REDIS_PREFIX", default_value = "demarche", value_parser = prefix)]
    pub redis_prefix: String,
    /// Where to serve Prometheus metrics; none unless set
    #[arg(long, env = "DEMARCHE_METRICS_BIND")]
    pub metrics_bind: Option<SocketAddr>,
    /// Addresses and networks (10.0.0.0/8) of proxies whose X-Forwarded-For is believed
    #[arg(long, env = "DEMARCHE_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// Connections one address may hold open, proxies that are trusted aside; 0: any number
    /// [default: 512; without budgets: any number]
    #[arg(long, env = "DEMARCHE_CONNECTIONS_PER_ADDRESS")]
    pub connections_per_address: Option<u32>,
    /// Limits per account and address
    #[arg(long, env = "DEMARCHE_BUDGETS", default_value = "on", value_parser = ["on", "off"])]
    pub budgets: String,
    /// Whether roles of moderator and above hold only for accounts with a second factor [default:
    /// required; demo: optional]
    #[arg(long, env = "DEMARCHE_SECOND_FACTOR", value_parser = ["required", "optional"])]
    pub second_factor: Option<String>,
    /// Who may register
    #[arg(
        long,
        env = "DEMARCHE_REGISTRATION",
        value_enum,
        default_value = "open"
    )]
    pub registration: Registration,
    /// The site's name
    #[arg(long, env = "DEMARCHE_SITE_NAME", default_value = "Demarche")]
    pub site_name: String,
    /// A logo: a file in the data folder (PNG, JPEG, GIF, WebP, SVG), or a path on this site that
    /// the proxy serves
    #[arg(long, env = "DEMARCHE_SITE_LOGO")]
    pub site_logo: Option<String>,
    /// The site's colour: #rgb or #rrggbb
    #[arg(long, env = "DEMARCHE_SITE_COLOUR", value_parser = colour)]
    pub site_colour: Option<String>,
    /// A few words above the question
    #[arg(long, env = "DEMARCHE_SITE_INTRO")]
    pub site_intro: Option<String>,
    /// The host's own site
    #[arg(long, env = "DEMARCHE_LINK_BACK")]
    pub link_back: Option<String>,
    /// Who may show the site in a frame: a CSP source list
    #[arg(
        long,
        env = "DEMARCHE_FRAME_ANCESTORS",
        default_value = "'none'",
        value_parser = source_list
    )]
    pub frame_ancestors: String,
    /// A camp's counts show from so many answers on [default: 5; demo: 3]
    #[arg(long, env = "DEMARCHE_FLOOR", value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub floor: Option<i64>,
    /// A card ranks when every counting camp has so many answers [default: 8; demo: 3]
    #[arg(long, env = "DEMARCHE_ENOUGH", value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub enough: Option<i64>,
    /// How many cards of a question are dealt at a time; the others wait, oldest first [default:
    /// 25]
    #[arg(
        long,
        env = "DEMARCHE_LIVE_CARDS",
        value_parser = clap::value_parser!(u32).range(5..=1000)
    )]
    pub live_cards: Option<u32>,
    /// For so many minutes after it was posted a card is neither dealt nor answered, and its author
    /// may change it [default: 10; demo: 0]
    #[arg(
        long,
        env = "DEMARCHE_SETTLE_MINUTES",
        value_parser = clap::value_parser!(u32).range(0..=1440)
    )]
    pub settle_minutes: Option<u32>,
    /// What the log holds: levels by part of the program
    #[arg(long, env = "DEMARCHE_LOG", default_value = "info,sqlx=warn", value_parser = filter)]
    pub log: String,
    /// Write logs as JSON or as text
    #[arg(
        long,
        env = "DEMARCHE_LOG_FORMAT",
        default_value = "text",
        value_parser = ["text", "json"]
    )]
    pub log_format: String,
    /// What to break on purpose
    #[command(flatten)]
    pub mutants: Mutants,
}
