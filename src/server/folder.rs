//! The data folder: for its owner's eyes alone, and for one server at a time.
use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// What nobody but the owner may do: read, write or enter.
const OTHERS: u32 = 0o077;
/// What everybody may do.
const WORLD: u32 = 0o007;
/// Of a folder in which everybody may make files, such as `/tmp`.
const STICKY: u32 = 0o1000;

/// Makes the folder and the file of SQLite in it, and sees to it that nobody else can read what is
/// there: it holds password hashes, viewpoints, answers and keys. What is open to others is closed,
/// and the log says so.
///
/// # Errors
/// In words for the host, where it cannot be closed or is not a folder of one's own.
pub fn private(folder: &Path, database: Option<&str>) -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    if !folder.exists() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(told)?;
    }
    let found = fs::metadata(folder).map_err(told)?;
    if !found.is_dir() {
        return Err("it is not a folder".into());
    }
    let shared =
        found.mode() & STICKY != 0 || fs::canonicalize(folder).map_err(told)?.parent().is_none();
    if shared {
        return Err("it is a folder that all share: name one of the site's own".into());
    }
    close(folder, &found, 0o700)?;
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let found = entry.metadata().map_err(told)?;
        if found.is_file() {
            close(&entry.path(), &found, 0o600)?;
        }
    }
    if let Some(name) = database {
        // SQLite gives its other files the mode of this one.
        fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(folder.join(name))
            .map_err(told)?;
    }
    Ok(())
}

fn close(path: &Path, found: &fs::Metadata, mode: u32) -> Result<(), String> {
    let was = found.mode() & 0o777;
    if was & OTHERS == 0 {
        return Ok(());
    }
    if let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
        if was & WORLD == 0 {
            // A volume that belongs to another user and is shared by a group on purpose.
            tracing::warn!(path = %path.display(), mode = format!("{was:o}"), "this is open to a group of users of the machine");
            return Ok(());
        }
        return Err(format!(
            "{} is open to others (mode {was:o}) and could not be closed: {error}; chmod {mode:o} it",
            path.display()
        ));
    }
    tracing::warn!(path = %path.display(), was = format!("{was:o}"), now = format!("{mode:o}"), "this was open to other users of the machine, and is closed now");
    Ok(())
}

/// The one server of a folder; it ends with the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    _file: fs::File,
}

/// Takes the folder for this process.
///
/// # Errors
/// In words for the host, where another process has it.
pub fn lock(folder: &Path) -> Result<Lock, String> {
    let path = folder.join("demarche.lock");
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(told)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::Error(error)) => return Err(told(error)),
        Err(fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Who it is helps, and is not needed.
            let _ = file.read_to_string(&mut holder);
            let holder = if holder.is_empty() {
                String::new()
            } else {
                format!(" (process {})", holder.trim())
            };
            return Err(format!(
                "a server{holder} uses this folder already: stop it first. A site on SQLite has one server; several nodes need PostgreSQL"
            ));
        }
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(told)?;
    Ok(Lock { _file: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_folder_and_its_files_are_made_private_and_those_that_were_open_are_closed() {
        let folder = std::env::temp_dir().join(format!("demarche-folder-{}", crate::id::secret()));
        private(&folder, Some("demarche.db")).unwrap();
        assert_eq!(
            (mode(&folder), mode(&folder.join("demarche.db"))),
            (0o700, 0o600)
        );
        for (path, open) in [(folder.join("demarche.db"), 0o666), (folder.clone(), 0o757)] {
            fs::set_permissions(path, fs::Permissions::from_mode(open)).unwrap();
        }
        private(&folder, Some("demarche.db")).unwrap();
        assert_eq!(
            (mode(&folder), mode(&folder.join("demarche.db"))),
            (0o700, 0o600)
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_that_all_share_is_refused() {
        for shared in ["/", "/tmp"] {
            assert!(
                private(Path::new(shared), None)
                    .unwrap_err()
                    .contains("all share"),
                "{shared}"
            );
        }
    }
}
