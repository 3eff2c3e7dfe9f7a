//! Copies of the data: backup, restore, and carrying a site from one kind of database to the other.
//! Whatever is made appears whole or not at all, and what a killed command left stops nothing.
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::aside::Aside;
use crate::{
    server::{self, folder},
    settings::Settings,
    store::{Draft, TOOL},
};

/// Writes a consistent copy while the server runs.
pub async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    // It holds every ballot and password hash.
    let aside = Aside::begin(file)?;
    write(settings, aside.path()).await?;
    aside.finish()?;
    println!("written: {}", file.display());
    Ok(())
}

async fn write(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    if let Some(url) = &settings.database_url {
        // Looks whether it is a whole site, too.
        server::store(settings).await?.close().await;
        return tool(
            "pg_dump",
            &[
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--file",
                &file.to_string_lossy(),
                url,
            ],
            None,
        );
    }
    let source = settings.data_dir.join("demarche.db");
    if !source.exists() {
        anyhow::bail!(
            "DEMARCHE_DATA_DIR: there is no demarche.db in {}",
            settings.data_dir.display()
        );
    }
    let store = server::store(settings).await?;
    store.copy_to(file).await?;
    store.close().await;
    Ok(())
}

/// Brings a copy back into an empty place, with new epochs.
pub async fn restore(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    if !file.is_file() {
        anyhow::bail!("{}: there is no such file", file.display());
    }
    if let Some(url) = &settings.database_url {
        archive(file)?;
        let mut draft = Draft::in_postgres(url).await.map_err(database)?;
        let brought = tool(
            "pg_restore",
            &[
                "--exit-on-error",
                "--single-transaction",
                "--no-owner",
                "--no-privileges",
                "--dbname",
                url,
            ],
            Some(file),
        );
        let judged = match brought {
            Ok(()) => draft.judge().await.map_err(Into::into),
            Err(error) => Err(error),
        };
        finish(
            draft,
            judged.map_err(|error| anyhow::anyhow!("{}: {error}", file.display())),
        )
        .await?;
    } else {
        let _lock = own(&settings.data_dir)?;
        let mut draft = Draft::in_folder(&settings.data_dir).await?;
        let taken = draft.take_file(file).await;
        finish(draft, taken.map_err(Into::into)).await?;
    }
    println!("restored from {}", file.display());
    Ok(())
}

async fn finish<T>(draft: Draft, filled: anyhow::Result<T>) -> anyhow::Result<T> {
    match filled {
        Ok(done) => {
            draft.finish().await?;
            Ok(done)
        }
        Err(error) => {
            draft.abandon().await;
            Err(error)
        }
    }
}

fn database(error: crate::store::Error) -> anyhow::Error {
    anyhow::anyhow!("DEMARCHE_DATABASE_URL: {error}")
}

/// The data folder, private and taken by nobody else.
fn own(folder: &Path) -> anyhow::Result<folder::Lock> {
    let named = |words: String| anyhow::anyhow!("{}: {words}", folder.display());
    folder::private(folder, None).map_err(named)?;
    folder::lock(folder).map_err(named)
}

/// Where a copy goes.
enum Target {
    Postgres(String),
    Folder(PathBuf),
}

fn target(to: &str) -> anyhow::Result<Target> {
    if to.starts_with("postgres://") || to.starts_with("postgresql://") {
        return Ok(Target::Postgres(to.into()));
    }
    let path = to
        .strip_prefix("sqlite:")
        .map(|rest| rest.strip_prefix("//").unwrap_or(rest))
        .filter(|path| !path.is_empty());
    let path =
        PathBuf::from(path.ok_or_else(|| anyhow::anyhow!("--to: postgres://… or sqlite:FOLDER"))?);
    let named = path.file_name().is_some_and(|name| name == "demarche.db");
    Ok(Target::Folder(if named {
        path.parent().map(Into::into).unwrap_or_default()
    } else {
        path
    }))
}

/// Copies the whole site into another database, with new epochs.
pub async fn copy(settings: &Settings, to: &str) -> anyhow::Result<()> {
    let target = target(to)?;
    let _source = match settings.database_url {
        Some(_) => None,
        None if !settings.data_dir.join("demarche.db").exists() => {
            anyhow::bail!(
                "DEMARCHE_DATA_DIR: there is no demarche.db in {}",
                settings.data_dir.display()
            );
        }
        // What a server writes meanwhile would be lost without a word.
        None => Some(own(&settings.data_dir)?),
    };
    let store = server::store(settings).await?;
    let (_target, mut draft) = match &target {
        Target::Postgres(url) => (
            None,
            Draft::in_postgres(url)
                .await
                .map_err(|error| anyhow::anyhow!("--to: {error}"))?,
        ),
        Target::Folder(folder) => {
            let lock = own(folder).map_err(|error| anyhow::anyhow!("--to: {error}"))?;
            (
                Some(lock),
                Draft::in_folder(folder)
                    .await
                    .map_err(|error| anyhow::anyhow!("--to: {error}"))?,
            )
        }
    };
    let carried = store.carry_into(&mut draft).await;
    let carried = finish(
        draft,
        carried.map_err(|error| anyhow::anyhow!("nothing was copied: {error}")),
    )
    .await?;
    store.close().await;
    println!(
        "copied and read back: {} tables, {} rows; every framework has a new epoch",
        carried.tables, carried.rows
    );
    Ok(())
}

/// Whether a file is an archive of PostgreSQL that names a site's tables.
fn archive(file: &Path) -> anyhow::Result<()> {
    let listed = Command::new("pg_restore").arg("--list").arg(file).output();
    let listed = listed.map_err(|error| missing("pg_restore", &error))?;
    let list = String::from_utf8_lossy(&listed.stdout);
    let holds = |table: &str| {
        list.lines()
            .any(|line| line.contains(" TABLE DATA ") && line.split(' ').any(|word| word == table))
    };
    if !listed.status.success()
        || !["_sqlx_migrations", "framework", "account"]
            .iter()
            .all(|table| holds(table))
    {
        let said = String::from_utf8_lossy(&listed.stderr)
            .trim()
            .replace('\n', "; ");
        anyhow::bail!(
            "{}: this is no copy of a site on PostgreSQL{}",
            file.display(),
            if said.is_empty() {
                said
            } else {
                format!(": {said}")
            }
        );
    }
    Ok(())
}

fn missing(name: &str, error: &std::io::Error) -> anyhow::Error {
    anyhow::anyhow!("{name} could not be started ({error}): install PostgreSQL's client tools")
}

/// Runs one of PostgreSQL's tools, which reads a file through this process: if this process is
/// killed, it ends too.
fn tool(name: &str, arguments: &[&str], file: Option<&Path>) -> anyhow::Result<()> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::null());
    if file.is_some() {
        // By this name its connection is known and ended, should it outlive this process for a
        // moment.
        command.env("PGAPPNAME", TOOL).stdin(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| missing(name, &error))?;
    let fed = match (file, child.stdin.take()) {
        (Some(file), Some(mut input)) => fs::File::open(file)
            .and_then(|mut file| std::io::copy(&mut file, &mut input))
            .map(|_| ()),
        _ => Ok(()),
    };
    let status = child.wait()?;
    if status.success() {
        // A tool that is content may have read less than all.
        return fed.or_else(|error| {
            if error.kind() == std::io::ErrorKind::BrokenPipe {
                Ok(())
            } else {
                Err(error.into())
            }
        });
    }
    anyhow::bail!("{name} failed: {status}")
}
