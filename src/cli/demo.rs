//! What a fresh demo holds: the shipped framework, cards and labelled sample, and accounts to try
//! it with.
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt};

use crate::{
    cli::log,
    domain::{framework::FrameworkId, permission::Role},
    id,
    protocol::command::{Command, CommandId},
    service::{
        Failure, Services,
        import::{self, Refused},
        people::{
            accounts,
            registration::{self, Applicant},
        },
        way_in::desk::By,
    },
    settings::Settings,
};

const FRAMEWORK: &str = include_str!("../../frameworks/ukraine-2025.json");
const CARDS: &str = include_str!("../../frameworks/starter-cards.json");
const SAMPLE: &str = include_str!("../../frameworks/sample-discussion.json");
/// The demo accounts: handle, viewpoint, role.
/// Two moderators, of two viewpoints: what silences a side takes both.
const ACCOUNTS: [(&str, Option<&str>, Role); 9] = [
    ("kyiv-reader-1", Some("kyiv"), Role::Participant),
    ("kyiv-reader-2", Some("kyiv"), Role::Participant),
    ("moscow-reader-1", Some("moscow"), Role::Participant),
    ("moscow-reader-2", Some("moscow"), Role::Participant),
    ("third-reader-1", Some("neither"), Role::Participant),
    ("third-reader-2", Some("neither"), Role::Participant),
    ("demo-moderator", Some("kyiv"), Role::Moderator),
    ("demo-moderator-2", Some("moscow"), Role::Moderator),
    ("demo-owner", None, Role::Owner),
];

/// Fills an empty data folder; changes nothing in one that holds anything.
pub async fn fill(services: &Services, settings: &Settings) -> anyhow::Result<()> {
    let told = |refused: Refused| match refused {
        Refused::File(bad) => anyhow::anyhow!("the shipped data: {bad}"),
        Refused::Failure(failure) => anyhow::anyhow!("{}", failure.told()),
    };
    let mut reader = services.store.read().await?;
    if reader.site_value("demo").await?.is_some() || !reader.frameworks().await?.is_empty() {
        return Ok(());
    }
    drop(reader);
    log::say(format_args!(
        "Filling {} with the framework and labelled sample data …",
        settings.data_dir.display()
    ));
    for text in [FRAMEWORK, CARDS, SAMPLE] {
        import::import(services, text).await.map_err(told)?;
    }
    people(services, settings).await?;
    let mut tx = services.store.write().await?;
    tx.site_value_or("demo", "filled").await?;
    Ok(tx.commit().await?)
}

/// The accounts, and a file in the data folder by which they can be used.
async fn people(services: &Services, settings: &Settings) -> anyhow::Result<()> {
    let framework = services
        .store
        .read()
        .await?
        .frameworks()
        .await?
        .remove(0)
        .id;
    let mut list = String::from("Demo accounts of this data folder: handle, password, role.\n\n");
    for (handle, camp, role) in ACCOUNTS {
        let password = person(services, framework, handle, camp, role).await?;
        let also = match role {
            Role::Owner => Some("owner"),
            Role::Moderator => Some("moderator"),
            _ => None,
        };
        let what: Vec<&str> = camp.into_iter().chain(also).collect();
        list += &format!("{handle}\t{password}\t{}\n", what.join(", "));
    }
    let path = settings.data_dir.join("demo-accounts.txt");
    fs::create_dir_all(&settings.data_dir)?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)?;
    file.write_all(list.as_bytes())?;
    log::say(format_args!("Demo accounts are in {}", path.display()));
    Ok(())
}

/// Makes one account with its viewpoint and role; the password made for it.
async fn person(
    services: &Services,
    framework: FrameworkId,
    handle: &str,
    camp: Option<&str>,
    role: Role,
) -> anyhow::Result<String> {
    let told = |failure: Failure| anyhow::anyhow!("{}", failure.told());
    let password = id::secret()[..22].to_owned();
    let applicant = Applicant {
        handle: handle.into(),
        password: password.clone(),
        display_name: None,
        locale: None,
        invitation: None,
    };
    let (_, account) = registration::create(services, applicant, false, true)
        .await
        .map_err(told)?;
    if camp.is_some() {
        let join = Command::Join {
            camp: camp.map(Into::into),
            consent: true,
        };
        let by = By {
            account,
            session: None,
        };
        services
            .desk
            .submit(by, framework, CommandId::new(), join)
            .await?;
    }
    if role > Role::Participant {
        accounts::appoint(services, framework, account, role)
            .await
            .map_err(told)?;
    }
    Ok(password)
}
