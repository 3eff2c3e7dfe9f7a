//! Streams: an audience's gapless sequence of changes.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{account::AccountId, framework::FrameworkId, permission::Action};

/// The kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the words say it; docs/protocol.md tells what each carries"
)]
pub enum EventKind {
    ThreadOpened,
    ThreadChanged,
    CommentPosted,
    CommentChanged,
    ConcessionProposed,
    ConcessionChanged,
    FrameworkChanged,
    DecisionMade,
    ReportMade,
    QueueChanged,
    PointChanged,
    AppealChanged,
    BallotChanged,
    MembershipChanged,
    QuestionChanged,
    Notice,
    TeamChanged,
}

/// An audience within a framework. Everyone allowed on a stream sees the same frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Whoever may read.
    Public,
    /// Whoever sees the queue.
    Moderators,
    /// One account.
    Account(AccountId),
}

impl Stream {
    /// The action it takes to follow it; an account's is besides for its owner alone.
    #[must_use]
    pub const fn needs(self) -> Action {
        match self {
            Self::Public | Self::Account(_) => Action::Read,
            Self::Moderators => Action::SeeHidden,
        }
    }
}

/// A stream of a framework.
pub type StreamKey = (FrameworkId, Stream);

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Moderators => f.write_str("moderators"),
            Self::Account(id) => write!(f, "account/{id}"),
        }
    }
}

/// There is no stream of that name.
#[derive(Debug)]
pub struct NoStream;

impl FromStr for Stream {
    type Err = NoStream;
    fn from_str(name: &str) -> Result<Self, NoStream> {
        match name {
            "public" => Ok(Self::Public),
            "moderators" => Ok(Self::Moderators),
            _ => name
                .strip_prefix("account/")
                .and_then(|id| id.parse().ok())
                .map(Self::Account)
                .ok_or(NoStream),
        }
    }
}

impl Serialize for Stream {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(|NoStream| D::Error::custom("not a stream"))
    }
}
