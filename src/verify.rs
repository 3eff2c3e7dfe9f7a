//! `demarche verify`: reads the tables and says whether the audit chain holds, what it vouches for
//! is still there, and the signed checkpoints fit it. It uses nothing else of this program, so that
//! a fault in the writer is no fault here, too: `docs/chain.md` is what both go by.
mod base;
mod chain;
mod checkpoints;
mod content;
mod moves;
mod rest;
mod said;
mod sums;
mod tables;
mod told;

use std::{collections::BTreeMap, path::PathBuf};

use base::Base;
use checkpoints::Checkpoints;
use told::{FrameworkReport, Report};

/// What to verify, and by what.
#[derive(clap::Args, Clone, Debug)]
pub struct Verify {
    /// postgres://… to read PostgreSQL instead of SQLite
    #[arg(long, env = "DEMARCHE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where SQLite's file is
    #[arg(long, env = "DEMARCHE_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// A file of checkpoints saved earlier: pages of the API, or one checkpoint a line
    #[arg(long)]
    pub checkpoints: Vec<PathBuf>,
    /// A public key that checkpoints may be signed by, in hexadecimal; without one, any key's
    /// signature will do
    #[arg(long)]
    pub key: Vec<String>,
    /// Only the framework of this name in addresses
    #[arg(long)]
    pub framework: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Look at pointers alone: shows that the tests of the content would notice
    #[arg(long, hide = true)]
    pub test_without_content: bool,
}

impl Verify {
    /// Verifies, prints what was found, and gives the exit code: 0 sound, 1 not sound, 2 could not
    /// read.
    pub async fn run(&self) -> u8 {
        match self.report().await {
            Ok(report) => {
                println!(
                    "{}",
                    if self.json {
                        report.json()
                    } else {
                        report.to_string()
                    }
                );
                u8::from(!report.sound())
            }
            Err(error) => {
                eprintln!("demarche verify: {error:#}");
                2
            }
        }
    }

    async fn report(&self) -> anyhow::Result<Report> {
        let mut saved = Checkpoints::read(&self.checkpoints, &self.key)?;
        let url = match std::env::var_os("DEMARCHE_DATABASE_URL_FILE")
            .filter(|_| self.database_url.is_none())
        {
            Some(path) => Some(std::fs::read_to_string(path)?.trim().to_owned()),
            None => self.database_url.clone(),
        };
        let mut base = Base::open(url.as_deref(), &self.data_dir).await?;
        let mut frameworks = base.frameworks().await?;
        if let Some(slug) = &self.framework {
            frameworks.retain(|framework| framework.slug == *slug);
            anyhow::ensure!(
                !frameworks.is_empty(),
                "--framework: there is no framework {slug}"
            );
        }
        let mut report = Report {
            keys: BTreeMap::new(),
            frameworks: vec![],
            strays: vec![],
        };
        for framework in &frameworks {
            saved.add(base.checkpoints(&framework.id).await?);
            let streams =
                chain::framework(&mut base, framework, &mut saved, !self.test_without_content)
                    .await?;
            report.frameworks.push(FrameworkReport {
                slug: framework.slug.clone(),
                id: framework.id.clone(),
                epoch: framework.epoch.clone(),
                streams,
            });
        }
        if self.framework.is_none() {
            report.strays = saved.strays();
        }
        report.keys = saved.keys();
        base.close().await;
        Ok(report)
    }
}
