//! Every setting: its flag, its name in the environment, its default.
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;

use crate::service::Registration;

/// A promise broken on purpose: each shows that the test of that promise would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Mutant {
    /// The writer answers before it commits.
    AckBeforeCommit,
    /// SQLite does not sync what it commits.
    SynchronousNormal,
    /// Only the process that carried a command out knows its repeat.
    DedupePerNode,
    /// A resume begins one change too late.
    ResumeOffByOne,
    /// What somebody answered before is looked up outside the lock under which the new answer is counted.
    CheckThenInsert,
    /// Sockets take frames of any size a library would.
    DefaultSizes,
    /// What a socket may do is looked at when it connects and subscribes, and never again.
    RightsAtHandshake,
}

/// The settings of a server. Secrets may also be given as a file: the same name with `_FILE` at the end.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// The address to listen on
    #[arg(long, env = "DEMARCHE_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// The address under which readers find the site, without a slash at the end [default: http:// and the bind address]
    #[arg(long, env = "DEMARCHE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Where SQLite's file, host-edited pages and demo passwords are kept
    #[arg(long, env = "DEMARCHE_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// postgres://… to use PostgreSQL instead of SQLite
    #[arg(long, env = "DEMARCHE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The key that signs checkpoints, 32 bytes in hexadecimal or base64; all nodes need the same [default: made in the data folder as chain.key]
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
    /// Addresses of proxies whose X-Forwarded-For is believed
    #[arg(long, env = "DEMARCHE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Limits per account and address
    #[arg(long, env = "DEMARCHE_BUDGETS", default_value = "on", value_parser = ["on", "off"])]
    pub budgets: String,
    /// Whether roles of moderator and above hold only for accounts with a second factor [default: required; demo: optional]
    #[arg(long, env = "DEMARCHE_SECOND_FACTOR", value_parser = ["required", "optional"])]
    pub second_factor: Option<String>,
    /// Who may register
    #[arg(long, env = "DEMARCHE_REGISTRATION", value_enum, default_value = "open")]
    pub registration: Registration,
    /// The site's name
    #[arg(long, env = "DEMARCHE_SITE_NAME", default_value = "Demarche")]
    pub site_name: String,
    /// The path of a logo on this server
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
    #[arg(long, env = "DEMARCHE_FRAME_ANCESTORS", default_value = "'none'", value_parser = source_list)]
    pub frame_ancestors: String,
    /// A camp's counts show from so many answers on [default: 5; demo: 3]
    #[arg(long, env = "DEMARCHE_FLOOR", value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub floor: Option<i64>,
    /// A card ranks when every counting camp has so many answers [default: 8; demo: 3]
    #[arg(long, env = "DEMARCHE_ENOUGH", value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub enough: Option<i64>,
    /// How many cards of a question are dealt at a time; the others wait, oldest first [default: 25]
    #[arg(long, env = "DEMARCHE_LIVE_CARDS", value_parser = clap::value_parser!(u32).range(5..=1000))]
    pub live_cards: Option<u32>,
    /// Write logs as JSON or as text
    #[arg(long, env = "DEMARCHE_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
    /// Drop one hint in so many between writers and sockets: a test of how gaps are found
    #[arg(long, env = "DEMARCHE_TEST_DROP_HINTS", default_value_t = 0, hide = true)]
    pub test_drop_hints: u64,
    /// Break a promise on purpose: shows that the fault tests would notice
    #[arg(long, env = "DEMARCHE_TEST_MUTANT", value_enum, hide = true)]
    pub test_mutant: Option<Mutant>,
}

fn colour(raw: &str) -> Result<String, String> {
    let digits = raw.strip_prefix('#').unwrap_or_default();
    let fits = [3, 6].contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit());
    if fits { Ok(raw.into()) } else { Err("a colour such as #1a4d2e".into()) }
}

fn prefix(raw: &str) -> Result<String, String> {
    let fits = !raw.is_empty() && raw.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits { Ok(raw.into()) } else { Err("letters, digits, - and _".into()) }
}

fn source_list(raw: &str) -> Result<String, String> {
    let fits = raw.is_ascii() && !raw.contains([';', ',', '\n']);
    if fits { Ok(raw.into()) } else { Err("words without ; or ,".into()) }
}

impl Settings {
    /// Reads what the environment gives as files.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn with_files(mut self) -> Result<Self, String> {
        let secrets = [
            (&mut self.database_url, "DEMARCHE_DATABASE_URL_FILE"),
            (&mut self.redis_url, "DEMARCHE_REDIS_URL_FILE"),
            (&mut self.chain_key, "DEMARCHE_CHAIN_KEY_FILE"),
        ];
        for (setting, name) in secrets {
            if let Some(path) = std::env::var_os(name) {
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {}: {error}", path.display()))?;
                *setting = Some(text.trim().to_owned());
            }
        }
        if let Some(url) = &self.public_url {
            let fits = (url.starts_with("https://") || url.starts_with("http://")) && !url.ends_with('/') && url.is_ascii();
            if !fits {
                return Err(format!("DEMARCHE_PUBLIC_URL: {url}: must start with http:// or https:// and not end with a slash"));
            }
        }
        Ok(self)
    }
}
