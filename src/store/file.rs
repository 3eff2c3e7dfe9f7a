//! The file of SQLite that was opened. Whoever puts a copy of a folder, or of a file, in its place
//! leaves this process with one that has no name any more: what is saved there is gone when it
//! ends.
use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::error::{Error, Result};

/// Where a file was opened, and which one.
#[derive(Clone, Debug)]
pub struct File(Arc<(PathBuf, (u64, u64))>);

fn number(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

impl File {
    pub(super) fn opened(path: PathBuf) -> Result<Self> {
        let number = number(&path).map_err(sqlx::Error::Io)?;
        Ok(Self(Arc::new((path, number))))
    }

    /// Refuses to go on where another file, or none, stands under the name.
    pub(super) fn ensure_there(&self) -> Result<()> {
        let (path, opened) = &*self.0;
        if number(path).is_ok_and(|number| number == *opened) {
            return Ok(());
        }
        let path = path.display();
        Err(Error::Unfit(format!(
            "{path} is not the file any more that this server opened: nothing can be saved. Start it anew"
        )))
    }
}
