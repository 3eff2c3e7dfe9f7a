//! The command line.
mod admin;
mod aside;
mod copies;
mod demo;
mod import;
mod log;
mod recount;
mod serve;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    clock::Clock,
    server,
    service::reads::search_index,
    settings::{self, Settings},
    verify::Verify,
};

/// Structured debate about a negotiating framework.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site
    Serve {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Fill an empty data folder with the framework, labelled sample data and demo accounts;
        /// loopback only
        #[arg(long)]
        demo: bool,
    },
    /// Import a framework, starter cards or a labelled sample
    Import {
        #[command(flatten)]
        settings: Box<Settings>,
        /// A JSON file
        file: PathBuf,
        /// Only say everything that is wrong with the file; nothing is imported
        #[arg(long)]
        check: bool,
    },
    /// Accounts and links, for the host
    Admin {
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(subcommand)]
        action: admin::Admin,
    },
    /// Recount every tally from the ballots and compare it with the published one; or recount a
    /// ballot file from itself alone
    Recount {
        #[command(flatten)]
        settings: Box<Settings>,
        /// A ballot file; without one, the site's tallies
        file: Option<PathBuf>,
    },
    /// Write what the site keeps to a file
    Export {
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(subcommand)]
        what: Export,
    },
    /// Build the index for searching anew
    Reindex {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Write a consistent copy of the data while the server runs
    Backup {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The file to write; must not exist
        file: PathBuf,
    },
    /// Bring a copy back into an empty data folder or database
    Restore {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The copy
        file: PathBuf,
    },
    /// Copy the whole site into another database: from SQLite to PostgreSQL, or back
    Copy {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Where to: postgres://… or sqlite:FOLDER; must hold no site
        #[arg(
            long,
            env = "DEMARCHE_COPY_TO",
            hide_env_values = true,
            required_unless_present = "to_file"
        )]
        to: Option<String>,
        /// A file that holds the address, for one with a password
        #[arg(long, env = "DEMARCHE_COPY_TO_FILE")]
        to_file: Option<PathBuf>,
    },
    /// Check the audit chain, what it vouches for, and the signed checkpoints; 0: sound, 1: not
    /// sound, 2: could not read
    Verify(Box<Verify>),
    /// Print the OpenAPI document
    Openapi,
    /// Check the settings and the connections they name, and exit
    CheckConfig {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Ask a running server whether it is ready (for containers)
    Healthcheck {
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

#[derive(Subcommand)]
enum Export {
    /// Every ballot of a round under pseudonyms, with what was published of them: for auditors
    /// alone
    Ballots {
        /// The question's key
        #[arg(long)]
        question: String,
        /// The framework's name in addresses, where several ask a question of this key
        #[arg(long)]
        framework: Option<String>,
        /// The round
        #[arg(long)]
        round: u32,
        /// Also where the round is still open
        #[arg(long)]
        open: bool,
        /// The file to write; must not exist
        file: PathBuf,
    },
}

/// How long what runs beside the server may take to end with it.
const LINGER: Duration = Duration::from_millis(300);

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let unknown = settings::unknown(
        std::env::vars_os().filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        }),
        &variables(),
    );
    if !unknown.is_empty() {
        eprintln!("demarche: {}", unknown.join("\ndemarche: "));
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the machine lets us start threads");
    let done = runtime.block_on(run(cli.command));
    // What still waits for a connection or a disk does not keep the process.
    runtime.shutdown_timeout(LINGER);
    log::end(
        done.as_ref()
            .err()
            .map(|error| error as &dyn std::fmt::Display),
    );
    done.unwrap_or(ExitCode::FAILURE)
}

/// The variables that this program reads, as its command line names them.
#[must_use]
pub fn variables() -> Vec<String> {
    fn of(command: &clap::Command, into: &mut Vec<String>) {
        for argument in command.get_arguments() {
            let Some(name) = argument.get_env().and_then(|name| name.to_str()) else {
                continue;
            };
            into.push(name.into());
            if argument.is_hide_env_values_set() {
                into.push(format!("{name}_FILE"));
            }
        }
        command
            .get_subcommands()
            .for_each(|command| of(command, into));
    }
    let mut all = vec![];
    of(&Cli::command(), &mut all);
    all.sort_unstable();
    all.dedup();
    all
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let done = match command {
        Command::Verify(verify) => return Ok(ExitCode::from(verify.run().await)),
        Command::Serve { settings, demo } => serve::serve(ready_for(*settings, demo)?, demo).await,
        Command::Import {
            settings,
            file,
            check,
        } => import::import(&ready(*settings)?, &file, check).await,
        Command::Admin { settings, action } => admin::admin(&ready(*settings)?, action).await,
        Command::Recount {
            file: Some(file), ..
        } => recount::file(&file),
        Command::Recount {
            settings,
            file: None,
        } => recount::site(&ready(*settings)?).await,
        Command::Export {
            settings,
            what:
                Export::Ballots {
                    question,
                    framework,
                    round,
                    open,
                    file,
                },
        } => {
            let wanted = recount::Wanted {
                key: &question,
                framework: framework.as_deref(),
                round,
                open,
            };
            recount::export(&ready(*settings)?, wanted, &file).await
        }
        Command::Reindex { settings } => reindex(&ready(*settings)?).await,
        Command::Backup { settings, file } => copies::backup(&ready(*settings)?, &file).await,
        Command::Restore { settings, file } => copies::restore(&ready(*settings)?, &file).await,
        Command::Copy {
            settings,
            to,
            to_file,
        } => {
            let file = to_file.map(std::fs::read_to_string).transpose()?;
            let to = file.or(to).expect("one of them is required");
            copies::copy(&ready(*settings)?, to.trim()).await
        }
        Command::Openapi => {
            println!("{:#}", crate::http::document());
            Ok(())
        }
        Command::CheckConfig { settings } => serve::check(ready(*settings)?).await,
        Command::Healthcheck { settings } => healthcheck(&ready(*settings)?).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn ready(settings: Settings) -> anyhow::Result<Settings> {
    ready_for(settings, false)
}

fn ready_for(settings: Settings, demo: bool) -> anyhow::Result<Settings> {
    let settings = settings.with_files().map_err(anyhow::Error::msg)?;
    log::start(&settings.log, settings.log_format == "json");
    settings
        .checked(demo)
        .map_err(|faults| anyhow::anyhow!("{}", faults.join("\ndemarche: ")))
}

async fn reindex(settings: &Settings) -> anyhow::Result<()> {
    let services = server::services(settings, false, Clock::default()).await?;
    let count = search_index::rebuild(&services)
        .await
        .map_err(|failure| anyhow::anyhow!("{}", failure.told()))?;
    println!("indexed: {count}");
    Ok(())
}

async fn healthcheck(settings: &Settings) -> anyhow::Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(settings.bind).await?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with("HTTP/1.1 200") {
        Ok(())
    } else {
        anyhow::bail!("not ready")
    }
}
