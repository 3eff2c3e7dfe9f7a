//! Raid mode: no viewpoint is joined, and what new accounts post is held, until somebody or the
//! clock ends it.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{DAY, Millis, permission::Role, text::Check};

/// How far ahead the end of raid mode may lie: a month.
pub(super) const LONGEST_RAID: Millis = 31 * DAY;

/// Raid mode: no viewpoint is joined, and what new accounts post is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Raid {
    /// Since when, in unix milliseconds.
    pub since: i64,
    /// What the person who switched it on is here; never who.
    pub by: Role,
    /// When it ends by itself; `null`: when somebody ends it.
    pub ends_at: Option<i64>,
}

impl Raid {
    /// Whether it is on.
    #[must_use]
    pub fn on(&self, now: Millis) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

/// Raid mode as somebody wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RaidOrder {
    /// When it ends by itself, in unix milliseconds, within 31 days; `null` or absent: when
    /// somebody ends it.
    #[serde(default)]
    pub ends_at: Option<i64>,
}

impl RaidOrder {
    /// Raid mode from now on, or as it has been on: since when and by whom stays while it goes on.
    pub(super) fn onto(
        self,
        before: Option<Raid>,
        by: Role,
        now: Millis,
        check: &mut Check,
    ) -> Option<Raid> {
        let before = before.filter(|raid| raid.on(now));
        if before.is_none_or(|raid| raid.ends_at != self.ends_at) {
            let ahead = self
                .ends_at
                .is_none_or(|end| (now..=now + LONGEST_RAID).contains(&end));
            check.ensure(
                ahead,
                "raid.ends_at",
                "invalid",
                "Ahead, and within 31 days.",
            );
        }
        Some(Raid {
            ends_at: self.ends_at,
            ..before.unwrap_or(Raid {
                since: now,
                by,
                ends_at: None,
            })
        })
    }
}
