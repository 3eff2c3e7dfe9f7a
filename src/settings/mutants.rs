//! Promises broken on purpose, in builds for tests alone: only with the feature `mutants` is there
//! a way to ask for one. A released binary knows neither the flags nor the variables.
use clap::Args;

/// A promise broken on purpose: each shows that the test of that promise would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "mutants",
    derive(clap::ValueEnum),
    value(rename_all = "snake_case")
)]
pub enum Mutant {
    /// The writer answers before it commits.
    AckBeforeCommit,
    /// SQLite does not sync what it commits.
    SynchronousNormal,
    /// Only the process that carried a command out knows its repeat.
    DedupePerNode,
    /// A resume begins one change too late.
    ResumeOffByOne,
    /// What somebody answered before is looked up outside the lock under which the new answer is
    /// counted.
    CheckThenInsert,
    /// Sockets take frames of any size a library would.
    DefaultSizes,
    /// What a socket may do is looked at when it connects and subscribes, and never again.
    RightsAtHandshake,
}

/// What a build for tests was asked to break.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Mutants {
    /// Break a promise on purpose: shows that the fault tests would notice
    #[cfg(feature = "mutants")]
    #[arg(
        long = "test-mutant",
        env = "DEMARCHE_TEST_MUTANT",
        value_enum,
        hide = true
    )]
    mutant: Option<Mutant>,
    /// Drop one hint in so many between writers and sockets: a test of how gaps are found
    #[cfg(feature = "mutants")]
    #[arg(
        long = "test-drop-hints",
        env = "DEMARCHE_TEST_DROP_HINTS",
        default_value_t = 0,
        hide = true
    )]
    drop_hints: u64,
}

#[cfg(feature = "mutants")]
impl Mutants {
    /// The promise to break.
    #[must_use]
    pub const fn mutant(self) -> Option<Mutant> {
        self.mutant
    }

    /// One hint in so many is dropped; 0: none.
    #[must_use]
    pub const fn drop_hints(self) -> u64 {
        self.drop_hints
    }
}

#[cfg(not(feature = "mutants"))]
impl Mutants {
    /// None: this build keeps its promises.
    #[must_use]
    pub const fn mutant(self) -> Option<Mutant> {
        None
    }

    /// None.
    #[must_use]
    pub const fn drop_hints(self) -> u64 {
        0
    }
}
