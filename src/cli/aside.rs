//! A file that appears whole or not at all: it is written under another name, synced, and only then
//! called what was asked for.
use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// A file that is being written, readable by its owner alone; what is not finished goes.
pub struct Aside {
    file: PathBuf,
    unfinished: PathBuf,
    /// Locked, so that nobody takes what is being written for what a killed command left.
    folder: fs::File,
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> anyhow::Error + '_ {
    move |error| anyhow::anyhow!("{}: {error}", path.display())
}

fn is_free(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        Err(anyhow::anyhow!(
            "{} exists: name a new file",
            file.display()
        ))
    } else {
        Ok(())
    }
}

impl Aside {
    /// Begins a file that must not exist. What a killed command left of it is taken away.
    ///
    /// # Errors
    /// In words for the host.
    pub fn begin(file: &Path) -> anyhow::Result<Self> {
        is_free(file)?;
        let name = file
            .file_name()
            .ok_or_else(|| anyhow::anyhow!("{}: name a file", file.display()))?;
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or_else(|| Path::new("."));
        let opened = fs::File::open(folder).map_err(at(folder))?;
        // Where a file system knows no locks of folders, two files of one name at one time are the
        // host's to avoid.
        if matches!(opened.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            anyhow::bail!(
                "{}: another backup or export is being written into this folder",
                folder.display()
            );
        }
        let unfinished = folder.join(format!(".{}.unfinished", name.to_string_lossy()));
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(at(&unfinished)(error));
            }
            _ => {}
        }
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)
            .map_err(at(&unfinished))?;
        Ok(Self {
            file: file.into(),
            unfinished,
            folder: opened,
        })
    }

    /// Where to write: an empty file.
    pub fn path(&self) -> &Path {
        &self.unfinished
    }

    /// Syncs what was written and gives it its name.
    ///
    /// # Errors
    /// When the disk refuses, or something stands under the name meanwhile.
    pub fn finish(self) -> anyhow::Result<()> {
        let named = at(&self.file);
        fs::set_permissions(&self.unfinished, fs::Permissions::from_mode(0o600)).map_err(&named)?;
        fs::File::open(&self.unfinished)
            .and_then(|written| written.sync_all())
            .map_err(&named)?;
        is_free(&self.file)?;
        fs::rename(&self.unfinished, &self.file).map_err(&named)?;
        self.folder.sync_all().map_err(&named)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // It is gone where it was finished; where it stays, the next one takes it away.
        let _ = fs::remove_file(&self.unfinished);
    }
}
