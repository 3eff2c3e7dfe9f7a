//! The command line.
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
    domain::{account::AccountId, framework::FrameworkId, permission::Role},
    server,
    service::{
        Registration, Services,
        people::{
            accounts, appoint,
            links::{self, SecretLink},
            passwords,
            registration::{self, Applicant},
            second_factor,
        },
        reads::search_index,
    },
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
        /// Fill an empty data folder with the framework, labelled sample data and demo accounts; loopback only
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
        action: Admin,
    },
    /// Recount every tally from the ballots and compare it with the published one; or recount a ballot file from itself alone
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
        #[arg(long, env = "DEMARCHE_COPY_TO", hide_env_values = true, required_unless_present = "to_file")]
        to: Option<String>,
        /// A file that holds the address, for one with a password
        #[arg(long, env = "DEMARCHE_COPY_TO_FILE")]
        to_file: Option<PathBuf>,
    },
    /// Check the audit chain, what it vouches for, and the signed checkpoints; 0: sound, 1: not sound, 2: could not read
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
    /// Every ballot of a round under pseudonyms, with what was published of them: for auditors alone
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

#[derive(Subcommand)]
enum Admin {
    /// Make an account that runs the site, with a password made for it
    Create {
        /// The handle
        handle: String,
    },
    /// Print a link by which an account may set a new password, good for a day
    ResetLink {
        /// The handle
        handle: String,
    },
    /// Remove the second factor of somebody who lost it, and end their sessions
    ResetSecondFactor {
        /// The handle
        handle: String,
    },
    /// Print a link by which one person may register, good for 14 days; where registration is by invitation
    Invite,
    /// Give an account a role in a framework
    Appoint {
        /// The handle
        handle: String,
        /// The framework's name in addresses
        framework: String,
        /// moderator, mediator or owner; member takes a role away
        role: String,
    },
    /// Let an account fetch the ballot files of a framework
    Auditor {
        /// The handle
        handle: String,
        /// The framework's name in addresses
        framework: String,
        /// Take it back
        #[arg(long)]
        remove: bool,
    },
}

/// How long what runs beside the server may take to end with it.
const LINGER: Duration = Duration::from_millis(300);

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let unknown = settings::unknown(
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))),
        &variables(),
    );
    if !unknown.is_empty() {
        eprintln!("demarche: {}", unknown.join("\ndemarche: "));
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the machine lets us start threads");
    let done = runtime.block_on(run(cli.command));
    // What still waits for a connection or a disk does not keep the process.
    runtime.shutdown_timeout(LINGER);
    log::end(done.as_ref().err().map(|error| error as &dyn std::fmt::Display));
    done.unwrap_or(ExitCode::FAILURE)
}

/// The variables that this program reads, as its command line names them.
#[must_use]
pub fn variables() -> Vec<String> {
    fn of(command: &clap::Command, into: &mut Vec<String>) {
        for argument in command.get_arguments() {
            let Some(name) = argument.get_env().and_then(|name| name.to_str()) else { continue };
            into.push(name.into());
            if argument.is_hide_env_values_set() {
                into.push(format!("{name}_FILE"));
            }
        }
        command.get_subcommands().for_each(|command| of(command, into));
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
        Command::Import { settings, file, check } => import::import(&ready(*settings)?, &file, check).await,
        Command::Admin { settings, action } => admin(&ready(*settings)?, action).await,
        Command::Recount { file: Some(file), .. } => recount::file(&file),
        Command::Recount { settings, file: None } => recount::site(&ready(*settings)?).await,
        Command::Export { settings, what: Export::Ballots { question, framework, round, open, file } } => {
            let wanted = recount::Wanted { key: &question, framework: framework.as_deref(), round, open };
            recount::export(&ready(*settings)?, wanted, &file).await
        }
        Command::Reindex { settings } => {
            let services = server::services(&ready(*settings)?, false, Clock::default()).await?;
            let count = search_index::rebuild(&services).await.map_err(|failure| anyhow::anyhow!("{}", failure.told()))?;
            println!("indexed: {count}");
            Ok(())
        }
        Command::Backup { settings, file } => copies::backup(&ready(*settings)?, &file).await,
        Command::Restore { settings, file } => copies::restore(&ready(*settings)?, &file).await,
        Command::Copy { settings, to, to_file } => {
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
    settings.checked(demo).map_err(|faults| anyhow::anyhow!("{}", faults.join("\ndemarche: ")))
}

async fn admin(settings: &Settings, action: Admin) -> anyhow::Result<()> {
    let services = server::services(settings, false, Clock::default()).await?;
    let told = |failure: crate::service::Failure| anyhow::anyhow!("{}", failure.told());
    let url = services.options.public_url.clone();
    match action {
        Admin::Create { handle } => {
            let password = crate::id::secret()[..22].to_owned();
            let applicant = Applicant { handle: handle.clone(), password: password.clone(), display_name: None, locale: None, invitation: None };
            let (view, _) = registration::create(&services, applicant, true, true).await.map_err(told)?;
            println!("account: {handle}\npassword: {password}\nrecovery codes:\n  {}", view.recovery_codes.join("\n  "));
            if services.options.second_factor {
                println!("The account runs the site once it has set up a second factor: {url}/account");
            }
        }
        Admin::ResetLink { handle } => {
            let token = accounts::reset_link(&services, &handle).await.map_err(told)?;
            println!("{}", links::address(&url, SecretLink::Reset, &token));
        }
        Admin::ResetSecondFactor { handle } => {
            let removed = second_factor::reset(&services, &handle).await.map_err(told)?;
            let what = if removed { "has no second factor any more" } else { "had no second factor" };
            println!("{handle} {what}; all sessions and tokens have ended");
        }
        Admin::Invite => match services.options.registration {
            // A link that lets somebody in would go on letting them in when registration closes.
            Registration::Open => {
                println!("{url}/register\nRegistration is open: whoever has this address may register, until you close registration.")
            }
            Registration::Invitation => {
                let token = passwords::invitation(&services).await.map_err(told)?;
                println!("{}", links::address(&url, SecretLink::Register, &token));
            }
            Registration::Closed => anyhow::bail!("registration is closed: no link lets anybody in; set DEMARCHE_REGISTRATION=invitation"),
        },
        Admin::Appoint { handle, framework, role } => {
            let role = match role.as_str() {
                "member" => Role::Member,
                "moderator" => Role::Moderator,
                "mediator" => Role::Mediator,
                "owner" => Role::Owner,
                _ => anyhow::bail!("a role is one of member, moderator, mediator, owner"),
            };
            let (account, framework) = named(&services, &handle, &framework).await?;
            accounts::appoint(&services, framework, account, role).await.map_err(told)?;
            println!("done");
            if role > Role::Participant && second_factor::is_missing(&services, account).await.map_err(told)? {
                println!("The role holds once {handle} has set up a second factor: {url}/account");
            }
        }
        Admin::Auditor { handle, framework, remove } => {
            let (account, framework) = named(&services, &handle, &framework).await?;
            appoint::appoint_auditor(&services, framework, account, !remove).await.map_err(told)?;
            println!("done");
        }
    }
    Ok(())
}

/// An account and a framework by their names.
async fn named(services: &Services, handle: &str, framework: &str) -> anyhow::Result<(AccountId, FrameworkId)> {
    let mut reader = services.store.read().await?;
    let account = accounts::find(&mut reader, handle).await.map_err(|failure| anyhow::anyhow!("{}", failure.told()))?;
    let account = account.ok_or_else(|| anyhow::anyhow!("there is no account {handle}"))?.0;
    let found = reader.framework_by_slug(framework).await?.ok_or_else(|| anyhow::anyhow!("there is no framework {framework}"))?;
    Ok((account.id, found.id))
}

async fn healthcheck(settings: &Settings) -> anyhow::Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(settings.bind).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { anyhow::bail!("not ready") }
}
