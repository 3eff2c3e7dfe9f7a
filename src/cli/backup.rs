//! Copies of the data, and bringing them back. SQLite is copied by itself; PostgreSQL by its own tools.
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use crate::{id, server, settings::Settings, store::Store};

/// Writes a consistent copy while the server runs.
pub async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        anyhow::bail!("{} exists: name a new file", file.display());
    }
    if let Some(url) = &settings.database_url {
        tool("pg_dump", &["--format=custom", "--no-owner", "--no-privileges", "--file", &file.to_string_lossy(), url])?;
    } else {
        let source = settings.data_dir.join("demarche.db");
        if !source.exists() {
            anyhow::bail!("DEMARCHE_DATA_DIR: there is no demarche.db in {}", settings.data_dir.display());
        }
        let store = server::store(settings).await?;
        store.copy_to(file).await?;
        store.close().await;
    }
    // It holds every ballot and password hash.
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    println!("written: {}", file.display());
    Ok(())
}

/// Brings a copy back into an empty place and rotates every epoch, so that no client takes an old position for a current one.
pub async fn restore(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    if !file.exists() {
        anyhow::bail!("{}: there is no such file", file.display());
    }
    if let Some(url) = &settings.database_url {
        tool("pg_restore", &["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname", url, &file.to_string_lossy()])?;
    } else {
        std::fs::create_dir_all(&settings.data_dir)?;
        let target = settings.data_dir.join("demarche.db");
        if target.exists() {
            anyhow::bail!("{} exists: restore into an empty folder", target.display());
        }
        std::fs::copy(file, &target)?;
    }
    let store = server::store(settings).await?;
    rotate(&store).await?;
    store.close().await;
    println!("restored from {}", file.display());
    Ok(())
}

async fn rotate(store: &Store) -> anyhow::Result<()> {
    let frameworks = store.read().await?.frameworks().await?;
    let mut tx = store.write().await?;
    for framework in frameworks {
        tx.set_epoch(framework.id, &id::secret()[..16]).await?;
    }
    Ok(tx.commit().await?)
}

fn tool(name: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(name).args(arguments).status();
    let status = status.map_err(|error| anyhow::anyhow!("{name} could not be started ({error}): install PostgreSQL's client tools"))?;
    if status.success() { Ok(()) } else { anyhow::bail!("{name} failed: {status}") }
}
