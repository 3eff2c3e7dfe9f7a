//! The table: markdown on standard output, progress on standard error.
use std::{fs, process::Command, sync::LazyLock};

use crate::{
    Options, ROUNDS,
    check::{self, Ratio},
    measure::{Sample, Spread},
};

/// Says what machine and build this is.
pub fn heading(options: &Options) {
    let read = |path: &str| {
        fs::read_to_string(path)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let (kernel, load) = (read("/proc/sys/kernel/osrelease"), read("/proc/loadavg"));
    println!("{cores} cores, Linux {kernel}; load average at the start {load}.");
    println!(
        "Clients share the cores with the server they measure. Median of {ROUNDS} runs (least–most), server and reference in turn."
    );
    if options.quick {
        println!("**--quick: a smoke run on small data. These are no measurements.**");
    }
}

/// The commit that is measured, as the working tree says; a dash where it cannot be told.
static COMMIT: LazyLock<String> = LazyLock::new(|| {
    let asked = Command::new("git")
        .args(["describe", "--always", "--dirty", "--exclude=*"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let said = asked
        .ok()
        .filter(|said| said.status.success())
        .and_then(|said| String::from_utf8(said.stdout).ok());
    said.map_or_else(|| "–".to_owned(), |said| said.trim().to_owned())
});

/// Says how loaded the machine was in the end.
pub fn ending() {
    println!(
        "\nLoad average at the end {}.",
        fs::read_to_string("/proc/loadavg")
            .unwrap_or_default()
            .trim()
    );
}

/// Says what is going on.
pub fn progress(what: &str) {
    eprintln!("load: {what}");
}

/// What is good in a figure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// As of a rate.
    More,
    /// As of CPU.
    Less,
}

/// Rows under one title.
pub struct Table {
    title: String,
    rows: Vec<[String; 6]>,
    ratios: Vec<Ratio>,
    notes: Vec<String>,
}

impl Table {
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            rows: vec![],
            ratios: vec![],
            notes: vec![],
        }
    }

    /// One figure on both sides; `reach` is the ratio to reach.
    pub fn compare(&mut self, what: &str, product: Spread, reference: Option<Spread>, reach: &str) {
        let beside = reference.map_or_else(|| "–".to_owned(), figure);
        self.row([
            what,
            &figure(product),
            &beside,
            &ratio(product, reference),
            reach,
        ]);
    }

    /// A rate on both sides, with its latencies and CPU.
    pub fn rates(
        &mut self,
        what: &str,
        product: &[Sample],
        reference: Option<&[Sample]>,
        reach: &str,
    ) {
        let rate = |runs: &[Sample]| Spread::of(runs, |sample| sample.rate);
        let ratio = ratio(rate(product), reference.map(rate));
        self.row([
            what,
            &rate_cell(product),
            &reference.map_or_else(|| "–".to_owned(), rate_cell),
            &ratio,
            reach,
        ]);
        if let Some(reference) = reference {
            let cpu = |runs: &[Sample]| Spread::of(runs, |sample| sample.cpu);
            self.hold(
                &format!("{what}: a second"),
                Better::More,
                rate(product),
                rate(reference),
            );
            self.hold(
                &format!("{what}: CPU"),
                Better::Less,
                cpu(product),
                cpu(reference),
            );
        }
    }

    /// Notes a ratio that `--check` holds against the one kept.
    pub fn hold(&mut self, what: &str, better: Better, product: Spread, reference: Spread) {
        if reference.median > 0.0 {
            self.ratios.push(Ratio {
                row: format!("{}: {what}", self.title),
                better,
                ratio: product.median / reference.median,
            });
        }
    }

    fn row(&mut self, cells: [&str; 5]) {
        let [what, product, reference, ratio, reach] = cells.map(str::to_owned);
        self.rows
            .push([what, product, reference, ratio, reach, COMMIT.clone()]);
    }

    /// A sentence under the table.
    pub fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Prints it.
    pub fn print(self) {
        println!(
            "\n### {}\n\n| what | Demarche | reference | ratio | to reach | commit |\n|---|---|---|---|---|---|",
            self.title
        );
        for cells in self.rows {
            println!("| {} |", cells.join(" | "));
        }
        for note in self.notes {
            println!("\n{note}");
        }
        check::note(self.ratios);
    }
}

/// Of medians; a dash where there is nothing to divide by.
fn ratio(product: Spread, reference: Option<Spread>) -> String {
    let reference = reference.filter(|reference| reference.median > 0.0);
    reference.map_or_else(
        || "–".to_owned(),
        |reference| format!("{:.2}", product.median / reference.median),
    )
}

fn rate_cell(runs: &[Sample]) -> String {
    let spread = |figure: fn(&Sample) -> f64| Spread::of(runs, figure);
    let (p50, p99) = (
        spread(|sample| sample.p50).median,
        spread(|sample| sample.p99).median,
    );
    let cpu = spread(|sample| sample.cpu).median;
    format!(
        "{}/s; p50 {p50:.2} ms, p99 {p99:.2} ms; {} CPU-µs each",
        figure(spread(|sample| sample.rate)),
        number(cpu)
    )
}

fn figure(spread: Spread) -> String {
    format!(
        "{} ({}–{})",
        number(spread.median),
        number(spread.least),
        number(spread.most)
    )
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        high if high >= 999_500.0 => format!("{:.2} M", value / 1e6),
        high if high >= 99_950.0 => format!("{:.0} k", value / 1e3),
        high if high >= 9_995.0 => format!("{:.1} k", value / 1e3),
        high if high >= 99.95 => format!("{value:.0}"),
        high if high >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
