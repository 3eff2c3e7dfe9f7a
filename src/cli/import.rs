//! Importing files, and looking whether they would be imported.
use std::{fs::File, io::Read, path::Path};

use crate::{
    clock::Clock,
    server,
    service::import::{self, Refused},
    settings::Settings,
};

/// The largest file that is read, in bytes: many times what a document or a set of cards takes.
const MOST: usize = 64_000_000;

/// The file, or the beginning of one that is too large.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![];
    File::open(file)?
        .take(MOST as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Imports a file, or only checks it.
pub async fn import(settings: &Settings, file: &Path, only_check: bool) -> anyhow::Result<()> {
    let bytes = read(file).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
    if bytes.len() > MOST {
        anyhow::bail!(
            "{}: larger than {} MB; nothing was imported",
            file.display(),
            MOST / 1_000_000
        );
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        anyhow::anyhow!(
            "{}: line {line}: not UTF-8; save the file as UTF-8",
            file.display()
        )
    })?;
    let services = server::services(settings, false, Clock::default()).await?;
    let done = if only_check {
        import::check(&services, &text).await
    } else {
        import::import(&services, &text).await
    };
    match done {
        Ok(said) if only_check => println!("{}: nothing is wrong; it is {said}", file.display()),
        Ok(said) => println!("{said}"),
        Err(Refused::File(bad)) => {
            for fault in &bad.faults {
                eprintln!("{}: {fault}", file.display());
            }
            let (count, what) = (
                bad.faults.len(),
                if only_check { "would be" } else { "was" },
            );
            anyhow::bail!(
                "{}: {count} {}; nothing {what} imported",
                file.display(),
                if count == 1 { "fault" } else { "faults" }
            );
        }
        Err(Refused::Failure(failure)) => anyhow::bail!("{}", failure.told()),
    }
    Ok(())
}
