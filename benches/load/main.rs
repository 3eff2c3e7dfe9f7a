//! `make bench`: drives the released binary with the real protocol, beside a bare reference in the
//! same run, and prints ratios. `docs/performance.md` tells what is measured and how.
mod ballots;
mod check;
mod client;
mod fanout;
mod idle;
mod measure;
mod process;
mod queue;
mod recount;
mod reference;
mod report;
mod thread;
mod world;
mod writes;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each point is measured; the median stands.
const ROUNDS: usize = 3;

/// Measures Demarche beside a bare reference.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Serve as the reference (the measurement starts it itself)
    Reference(reference::Settings),
}

/// What is measured and how.
#[derive(clap::Args, Clone)]
struct Options {
    /// Shorter points and smaller data: a smoke run, no measurement
    #[arg(long)]
    quick: bool,
    /// The main ratios, held against those kept in `benches/load/ratios.tsv`; with UPDATE=1 these
    /// are kept instead
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    check: bool,
    /// Only these parts
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// The server to measure
    #[arg(long, default_value = env!("CARGO_BIN_EXE_demarche"))]
    binary: PathBuf,
    /// Where PostgreSQL answers; databases of the run's own are made there and dropped
    #[arg(
        long,
        env = "DEMARCHE_TEST_DATABASE_URL",
        default_value = "postgres://postgres@127.0.0.1:5432"
    )]
    postgres: String,
    /// Subscribers of the fan-out
    #[arg(long, default_value_t = 1_000)]
    subscribers: usize,
    /// Idle sockets
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,
    /// What `cargo bench` passes
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Fanout,
    Answers,
    Comments,
    Thread,
    Idle,
    Ballots,
    Recount,
    Queue,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        let main = [Part::Fanout, Part::Answers, Part::Comments, Part::Thread];
        if self.check {
            main.contains(&part)
        } else {
            self.only.is_empty() || self.only.contains(&part)
        }
    }

    /// How long a point is measured, of `seconds` in a full run.
    fn time(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64(match (self.quick, self.check) {
            (true, _) => seconds / 5.0,
            (_, true) => seconds / 2.0,
            _ => seconds,
        })
    }

    /// How large something is, of `count` in a full run.
    fn size(&self, count: usize) -> usize {
        if self.quick {
            count.div_ceil(20)
        } else {
            count
        }
    }
}

fn main() -> ExitCode {
    // `cargo test --all-targets` starts benches without arguments: that is no request to measure.
    if std::env::args_os().len() == 1 {
        eprintln!(
            "load: nothing to do; run `cargo bench --bench load`, or pass --quick for a smoke run"
        );
        return ExitCode::SUCCESS;
    }
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the machine lets us start threads");
    let done = runtime.block_on(async {
        match cli.command {
            Some(Command::Reference(settings)) => reference::serve(settings).await,
            None => measure_all(&cli.options).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure_all(options: &Options) -> anyhow::Result<()> {
    process::raise_limit(options.sockets as u64 + 2_000);
    report::heading(options);
    if options.wants(Part::Fanout) {
        fanout::run(options).await?;
    }
    if options.wants(Part::Answers) || options.wants(Part::Comments) {
        writes::run(options).await?;
    }
    if options.wants(Part::Thread) {
        thread::run(options).await?;
    }
    if options.wants(Part::Idle) {
        idle::run(options).await?;
    }
    if options.wants(Part::Ballots) {
        ballots::run(options).await?;
    }
    if options.wants(Part::Recount) {
        recount::run(options).await?;
    }
    if options.wants(Part::Queue) {
        queue::run(options).await?;
    }
    report::ending();
    if options.check {
        check::judge()
    } else {
        Ok(())
    }
}
