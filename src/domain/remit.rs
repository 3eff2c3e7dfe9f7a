//! A remit: the points and languages to which a moderator's decisions may be limited. What they see
//! is not limited: a decision needs its context.
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::text::{Check, LANGUAGES};

/// What somebody may decide about; the default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remit {
    /// Numbers of points of the current revision; `None`: all.
    pub points: Option<BTreeSet<u32>>,
    /// `en`, `uk`, `ru`, `und`; `None`: all.
    pub languages: Option<BTreeSet<String>>,
}

/// Where a thing is, as far as a remit is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A person, the framework, the site: no point and no language has them.
    Whole,
    /// A comment, a thread or a card.
    Thing {
        /// The points it is about; what is about none is within every limit of points.
        points: Vec<u32>,
        /// Its own language, where it has one.
        language: Option<String>,
    },
    /// A point with all that is said on it, in every language.
    Point(u32),
}

impl Remit {
    /// A remit as somebody typed it; its faults go to `check`.
    pub fn typed(
        check: &mut Check,
        points: Option<Vec<u32>>,
        languages: Option<Vec<String>>,
        known: &[u32],
    ) -> Self {
        check.ensure(
            points.as_ref().is_none_or(|points| !points.is_empty()),
            "points",
            "required",
            "At least one, or leave the limit out.",
        );
        let known = points.iter().flatten().all(|point| known.contains(point));
        check.ensure(known, "points", "invalid", "There is no such point.");
        check.ensure(
            languages.as_ref().is_none_or(|tags| !tags.is_empty()),
            "languages",
            "required",
            "At least one, or leave the limit out.",
        );
        let tags = languages
            .iter()
            .flatten()
            .all(|tag| LANGUAGES.contains(&tag.as_str()) || tag == "und");
        check.ensure(tags, "languages", "invalid", "Of en, uk, ru, und.");
        Self {
            points: points.map(|points| points.into_iter().collect()),
            languages: languages.map(|tags| tags.into_iter().collect()),
        }
    }

    /// A remit that leaves nothing to decide about.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            points: Some(BTreeSet::new()),
            languages: Some(BTreeSet::new()),
        }
    }

    /// Whether nothing is out of it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a thing on `point` in `language` is within it; what has no point, or no language, is
    /// within every such limit.
    #[must_use]
    pub fn covers(&self, point: Option<u32>, language: Option<&str>) -> bool {
        let within = |point| {
            self.points
                .as_ref()
                .is_none_or(|points| points.contains(&point))
        };
        point.is_none_or(within)
            && language.is_none_or(|tag| {
                self.languages
                    .as_ref()
                    .is_none_or(|tags| tags.contains(tag))
            })
    }

    /// Whether what is at `place` is within it: for a card of several points, one of them is
    /// enough.
    #[must_use]
    pub fn covers_place(&self, place: &Place) -> bool {
        match place {
            Place::Whole => self.is_whole(),
            Place::Point(point) => self.languages.is_none() && self.covers(Some(*point), None),
            Place::Thing { points, language } if points.is_empty() => {
                self.covers(None, language.as_deref())
            }
            Place::Thing { points, language } => points
                .iter()
                .any(|point| self.covers(Some(*point), language.as_deref())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(points: &[u32], language: &str) -> Place {
        Place::Thing {
            points: points.to_vec(),
            language: Some(language.into()),
        }
    }

    #[test]
    fn a_remit_covers_its_points_and_languages_alone() {
        let remit = Remit {
            points: Some([2, 5].into()),
            languages: Some(["uk".into()].into()),
        };
        assert!(remit.covers_place(&thing(&[2], "uk")));
        assert!(
            remit.covers_place(&thing(&[1, 5], "uk")),
            "one of a card's points is enough"
        );
        assert!(
            remit.covers_place(&thing(&[], "uk")),
            "a card of no point is everybody's"
        );
        assert!(!remit.covers_place(&thing(&[1], "uk")));
        assert!(!remit.covers_place(&thing(&[2], "ru")));
        assert!(
            !remit.covers_place(&Place::Whole),
            "people and the framework are nobody's part"
        );
    }

    #[test]
    fn a_whole_point_is_within_a_limit_of_points_and_of_none_of_languages() {
        let points = Remit {
            points: Some([2].into()),
            languages: None,
        };
        assert!(points.covers_place(&Place::Point(2)) && !points.covers_place(&Place::Point(1)));
        assert!(
            !Remit {
                points: None,
                languages: Some(["uk".into()].into())
            }
            .covers_place(&Place::Point(2))
        );
    }

    #[test]
    fn no_limit_covers_everything() {
        assert!(Remit::default().covers_place(&Place::Whole));
        assert!(Remit::default().covers_place(&thing(&[7], "und")));
    }

    #[test]
    fn a_limit_names_points_and_languages_there_are() {
        let faults = |points: Option<Vec<u32>>, languages: Option<&str>| {
            let mut check = Check::default();
            Remit::typed(
                &mut check,
                points,
                languages.map(|tag| vec![tag.into()]),
                &[1, 2],
            );
            check.finish().err().map(|faults| faults[0].field.clone())
        };
        assert_eq!(faults(Some(vec![1]), Some("und")), None);
        assert_eq!(faults(Some(vec![3]), None).as_deref(), Some("points"));
        assert_eq!(faults(Some(vec![]), None).as_deref(), Some("points"));
        assert_eq!(faults(None, Some("fr")).as_deref(), Some("languages"));
    }
}
