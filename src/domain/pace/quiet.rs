//! Quiet hours by the clock of a place: a night may cross midnight and the days on which clocks
//! change.
use jiff::{Timestamp, ToSpan, Zoned, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::domain::{Millis, text::Check};

/// From when to when posting is paused, every day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// Begins, `HH:MM`.
    pub from: String,
    /// Ends, `HH:MM`; before `from` it is on the next day.
    pub to: String,
    /// Whose clock: a name of the IANA database, as `Europe/Kyiv`.
    pub zone: String,
}

/// One night, in unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
pub struct QuietWindow {
    /// Begins.
    pub starts_at: i64,
    /// Ends.
    pub ends_at: i64,
}

impl Quiet {
    /// The hours, with their faults added to `check`.
    pub(super) fn checked(self, check: &mut Check) -> Self {
        check.ensure(
            clock(&self.from).is_some(),
            "quiet.from",
            "invalid",
            "As in 22:00.",
        );
        check.ensure(
            clock(&self.to).is_some(),
            "quiet.to",
            "invalid",
            "As in 07:00.",
        );
        check.ensure(
            self.from != self.to,
            "quiet.to",
            "invalid",
            "Quiet hours end at another time than they begin.",
        );
        check.ensure(
            TimeZone::get(&self.zone).is_ok(),
            "quiet.zone",
            "invalid",
            "A time zone as in Europe/Kyiv.",
        );
        self
    }

    /// The night it is, or the next one. `None` where the hours cannot be read: they were checked
    /// when they were set.
    #[must_use]
    pub fn window(&self, now: Millis) -> Option<QuietWindow> {
        let (from, to) = (clock(&self.from)?, clock(&self.to)?);
        let zone = TimeZone::get(&self.zone).ok()?;
        let today = Timestamp::from_millisecond(now)
            .ok()?
            .to_zoned(zone.clone())
            .date();
        // Last night may not be over yet; tomorrow's begins after today's has ended.
        let nights = (-1..=1).filter_map(|day| {
            let date = today.checked_add(day.days()).ok()?;
            let last = if to > from {
                date
            } else {
                date.tomorrow().ok()?
            };
            // Where the clock skips the time, it is as much later; where it shows it twice, the
            // first counts.
            let at = |date: civil::Date, time: civil::Time| {
                Some(
                    Zoned::timestamp(&date.to_datetime(time).to_zoned(zone.clone()).ok()?)
                        .as_millisecond(),
                )
            };
            Some(QuietWindow {
                starts_at: at(date, from)?,
                ends_at: at(last, to)?,
            })
        });
        nights.into_iter().find(|night| now < night.ends_at)
    }
}

fn clock(text: &str) -> Option<civil::Time> {
    let (hour, minute) = text
        .split_once(':')
        .filter(|(hour, minute)| two_digits(hour) && two_digits(minute))?;
    civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn two_digits(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::HOUR;

    fn night() -> Quiet {
        Quiet {
            from: "22:00".into(),
            to: "07:00".into(),
            zone: "Europe/Kyiv".into(),
        }
    }

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    /// When the night it is at that time ends, `None` by day.
    fn until(quiet: &Quiet, text: &str) -> Option<String> {
        let window = quiet.window(at(text)).unwrap();
        (window.starts_at <= at(text)).then(|| {
            Timestamp::from_millisecond(window.ends_at)
                .unwrap()
                .to_string()
        })
    }

    #[test]
    fn a_night_crosses_midnight() {
        // Kyiv is two hours ahead in winter.
        assert_eq!(until(&night(), "2026-01-10T19:59:59Z"), None);
        assert_eq!(
            until(&night(), "2026-01-10T20:00:00Z").as_deref(),
            Some("2026-01-11T05:00:00Z")
        );
        assert_eq!(
            until(&night(), "2026-01-10T23:30:00Z").as_deref(),
            Some("2026-01-11T05:00:00Z")
        );
        assert_eq!(
            until(&night(), "2026-01-11T04:59:59Z").as_deref(),
            Some("2026-01-11T05:00:00Z")
        );
        assert_eq!(until(&night(), "2026-01-11T05:00:00Z"), None);
    }

    #[test]
    fn hours_within_a_day_do_not_cross_it() {
        let noon = Quiet {
            from: "12:00".into(),
            to: "13:30".into(),
            zone: "UTC".into(),
        };
        assert_eq!(
            until(&noon, "2026-05-01T12:45:00Z").as_deref(),
            Some("2026-05-01T13:30:00Z")
        );
        assert_eq!(
            (
                until(&noon, "2026-05-01T11:59:59Z"),
                until(&noon, "2026-05-01T13:30:00Z")
            ),
            (None, None)
        );
    }

    #[test]
    fn the_nights_on_which_clocks_change_end_by_the_clock() {
        let length = |text: &str| {
            let window = night().window(at(text)).unwrap();
            (window.ends_at - window.starts_at) / HOUR
        };
        // 29 March 2026: forward; 25 October 2026: back.
        assert_eq!(
            until(&night(), "2026-03-28T23:00:00Z").as_deref(),
            Some("2026-03-29T04:00:00Z")
        );
        assert_eq!(
            until(&night(), "2026-10-24T23:00:00Z").as_deref(),
            Some("2026-10-25T05:00:00Z")
        );
        assert_eq!(
            (
                length("2026-03-28T23:00:00Z"),
                length("2026-10-24T23:00:00Z"),
                length("2026-06-01T23:00:00Z")
            ),
            (8, 10, 9)
        );
    }

    #[test]
    fn an_end_that_the_clock_skips_comes_as_much_later_and_one_shown_twice_counts_once() {
        let half = Quiet {
            to: "03:30".into(),
            ..night()
        };
        assert_eq!(
            until(&half, "2026-03-29T00:59:00Z").as_deref(),
            Some("2026-03-29T01:30:00Z")
        );
        assert_eq!(
            until(&half, "2026-10-25T00:29:00Z").as_deref(),
            Some("2026-10-25T00:30:00Z")
        );
        assert_eq!(until(&half, "2026-10-25T01:00:00Z"), None);
    }

    #[test]
    fn hours_that_are_none_are_faults() {
        let fault = |quiet: Quiet| {
            let mut check = Check::default();
            quiet.checked(&mut check);
            check.finish().err().map(|faults| faults[0].field.clone())
        };
        assert_eq!(fault(night()), None);
        for from in ["24:00", "7:00", "22", "22:60", "+2:00"] {
            assert_eq!(
                fault(Quiet {
                    from: from.into(),
                    ..night()
                })
                .as_deref(),
                Some("quiet.from"),
                "{from}"
            );
        }
        assert_eq!(
            fault(Quiet {
                to: "22:00".into(),
                ..night()
            })
            .as_deref(),
            Some("quiet.to")
        );
        assert_eq!(
            fault(Quiet {
                zone: "Europe/Nowhere".into(),
                ..night()
            })
            .as_deref(),
            Some("quiet.zone")
        );
    }
}
