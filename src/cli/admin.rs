//! What the host does with accounts and links.
use clap::Subcommand;

use crate::{
    clock::Clock,
    domain::{account::AccountId, framework::FrameworkId, permission::Role},
    id, server,
    service::{
        Failure, Registration, Services,
        people::{
            accounts, appoint,
            links::{self, SecretLink},
            passwords,
            registration::{self, Applicant},
            second_factor,
        },
    },
    settings::Settings,
};

/// What is asked for.
#[derive(Subcommand)]
pub enum Admin {
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
    /// Print a link by which one person may register, good for 14 days; where registration is by
    /// invitation
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

/// A failure, in words for the host.
fn told(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("{}", failure.told())
}

/// Does it, and says what came of it.
pub async fn admin(settings: &Settings, action: Admin) -> anyhow::Result<()> {
    let services = server::services(settings, false, Clock::default()).await?;
    match action {
        Admin::Create { handle } => create(&services, handle).await,
        Admin::ResetLink { handle } => {
            let token = accounts::reset_link(&services, &handle)
                .await
                .map_err(told)?;
            println!(
                "{}",
                links::address(&services.options.public_url, SecretLink::Reset, &token)
            );
            Ok(())
        }
        Admin::ResetSecondFactor { handle } => {
            let removed = second_factor::reset(&services, &handle)
                .await
                .map_err(told)?;
            let what = if removed {
                "has no second factor any more"
            } else {
                "had no second factor"
            };
            println!("{handle} {what}; all sessions and tokens have ended");
            Ok(())
        }
        Admin::Invite => invite(&services).await,
        Admin::Appoint {
            handle,
            framework,
            role,
        } => appoint(&services, &handle, &framework, &role).await,
        Admin::Auditor {
            handle,
            framework,
            remove,
        } => {
            let (account, framework) = named(&services, &handle, &framework).await?;
            appoint::appoint_auditor(&services, framework, account, !remove)
                .await
                .map_err(told)?;
            println!("done");
            Ok(())
        }
    }
}

async fn create(services: &Services, handle: String) -> anyhow::Result<()> {
    let password = id::secret()[..22].to_owned();
    let applicant = Applicant {
        handle: handle.clone(),
        password: password.clone(),
        display_name: None,
        locale: None,
        invitation: None,
    };
    let (view, _) = registration::create(services, applicant, true, true)
        .await
        .map_err(told)?;
    println!(
        "account: {handle}\npassword: {password}\nrecovery codes:\n  {}",
        view.recovery_codes.join("\n  ")
    );
    if services.options.second_factor {
        println!(
            "The account runs the site once it has set up a second factor: {}/account",
            services.options.public_url
        );
    }
    Ok(())
}

async fn invite(services: &Services) -> anyhow::Result<()> {
    let url = &services.options.public_url;
    match services.options.registration {
        // A link that lets somebody in would go on letting them in when registration closes.
        Registration::Open => {
            println!(
                "{url}/register\nRegistration is open: whoever has this address may register, until you close registration."
            )
        }
        Registration::Invitation => {
            let token = passwords::invitation(services).await.map_err(told)?;
            println!("{}", links::address(url, SecretLink::Register, &token));
        }
        Registration::Closed => anyhow::bail!(
            "registration is closed: no link lets anybody in; set DEMARCHE_REGISTRATION=invitation"
        ),
    }
    Ok(())
}

async fn appoint(
    services: &Services,
    handle: &str,
    framework: &str,
    role: &str,
) -> anyhow::Result<()> {
    let role = match role {
        "member" => Role::Member,
        "moderator" => Role::Moderator,
        "mediator" => Role::Mediator,
        "owner" => Role::Owner,
        _ => anyhow::bail!("a role is one of member, moderator, mediator, owner"),
    };
    let (account, framework) = named(services, handle, framework).await?;
    accounts::appoint(services, framework, account, role)
        .await
        .map_err(told)?;
    println!("done");
    if role > Role::Participant
        && second_factor::is_missing(services, account)
            .await
            .map_err(told)?
    {
        println!(
            "The role holds once {handle} has set up a second factor: {}/account",
            services.options.public_url
        );
    }
    Ok(())
}

/// An account and a framework by their names.
async fn named(
    services: &Services,
    handle: &str,
    framework: &str,
) -> anyhow::Result<(AccountId, FrameworkId)> {
    let mut reader = services.store.read().await?;
    let account = accounts::find(&mut reader, handle).await.map_err(told)?;
    let account = account
        .ok_or_else(|| anyhow::anyhow!("there is no account {handle}"))?
        .0;
    let found = reader
        .framework_by_slug(framework)
        .await?
        .ok_or_else(|| anyhow::anyhow!("there is no framework {framework}"))?;
    Ok((account.id, found.id))
}
