//! `make bench-check`: the main ratios beside those kept, so that what makes a path slower is seen
//! when it comes.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use anyhow::{Context, ensure};

use crate::report::{Better, progress};

/// How much worse a ratio may be: machines and runs differ.
const WORSE: f64 = 0.2;

/// The server's median by the reference's.
pub struct Ratio {
    pub row: String,
    pub better: Better,
    pub ratio: f64,
}

impl Ratio {
    fn worse_than(&self, kept: f64) -> bool {
        match self.better {
            Better::More => self.ratio < kept * (1.0 - WORSE),
            Better::Less => self.ratio > kept * (1.0 + WORSE),
        }
    }
}

/// What this run has measured.
static MEASURED: Mutex<Vec<Ratio>> = Mutex::new(vec![]);

/// Adds the ratios of a table.
pub fn note(ratios: Vec<Ratio>) {
    MEASURED
        .lock()
        .expect("nobody panics with it")
        .extend(ratios);
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/ratios.tsv")
}

/// Holds what was measured against what is kept, or keeps it where `UPDATE` is set.
///
/// # Errors
/// Each row that is worse by more than a fifth, or that was not measured.
pub fn judge() -> anyhow::Result<()> {
    let measured = std::mem::take(&mut *MEASURED.lock().expect("nobody panics with it"));
    if std::env::var_os("UPDATE").is_some() {
        let lines: String = measured
            .iter()
            .map(|one| format!("{:.3}\t{}\n", one.ratio, one.row))
            .collect();
        return fs::write(file(), lines).context("keeping the ratios");
    }
    let kept = fs::read_to_string(file()).context("benches/load/ratios.tsv")?;
    let mut faults = vec![];
    for line in kept.lines() {
        let (was, row) = line.split_once('\t').context("a ratio, a tab, a row")?;
        let was: f64 = was.parse().with_context(|| format!("a ratio: {line}"))?;
        match measured.iter().find(|one| one.row == row) {
            Some(one) if one.worse_than(was) => {
                faults.push(format!("{row}: {:.2}, was {was:.2}", one.ratio))
            }
            Some(one) => progress(&format!("{row}: {:.2}, was {was:.2}", one.ratio)),
            None => faults.push(format!("{row}: not measured, was {was:.2}")),
        }
    }
    ensure!(
        faults.is_empty(),
        "worse by more than a fifth:\n{}",
        faults.join("\n")
    );
    Ok(())
}
