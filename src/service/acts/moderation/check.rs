//! Whether the words of a decision fit its act.
use crate::{
    domain::{
        moderation::{Act, Kind, Object, RULES},
        text::{self, Check},
    },
    protocol::command::Decide,
    service::Outcome,
};

/// The longest suspension, in hours: a year.
const LONGEST: u32 = 8_760;
/// Things decided about at once.
const AT_ONCE: usize = 100;

/// Whether the words of a decision fit its act.
pub(crate) fn check(decide: &mut Decide, objects: &[Object]) -> Outcome<()> {
    let (action, mut check) = (decide.action, Check::default());
    check.ensure(objects.len() <= AT_ONCE, "also", "too_many", "At most 100 things at once.");
    for (place, object) in objects.iter().enumerate() {
        let field = if place == 0 { "action".to_owned() } else { format!("also[{}]", place - 1) };
        check.ensure(action.fits(object.kind), &field, "invalid", "This cannot be done to that.");
        check.ensure(!objects[..place].contains(object), &field, "duplicate", "It is named twice.");
    }
    check.ensure(RULES.contains(&decide.rule.as_str()), "rule", "invalid", "One of the published rules, R1 to R10.");
    decide.facts = check.prose("facts", &decide.facts, text::FACTS);
    let hours = decide.duration_hours;
    check.ensure(hours.is_none_or(|hours| (1..=LONGEST).contains(&hours)), "duration_hours", "invalid", "1 to 8,760 hours.");
    check.ensure(hours.is_none() || action == Act::Suspend, "duration_hours", "invalid", "Only a suspension has a duration.");
    check.ensure(hours.is_some() || action != Act::Suspend, "duration_hours", "required", "How long it lasts.");
    let (card, thread) = (action == Act::Merge && objects[0].kind == Kind::Concession, action == Act::Merge && objects[0].kind == Kind::Thread);
    check.ensure(decide.into.is_some() || !card, "into", "required", "The proposal to merge it into.");
    check.ensure(
        decide.into.is_none() || card || action == Act::Move,
        "into",
        "invalid",
        "Only merging proposals and moving name a second proposal.",
    );
    check.ensure(decide.into_thread.is_some() || !thread, "into_thread", "required", "The thread to merge it into.");
    check.ensure(decide.into_thread.is_none() || thread, "into_thread", "invalid", "Only merging threads has a second thread.");
    let places = decide.into.is_some() != decide.point.is_some();
    check.ensure(action != Act::Move || places, "point", "required", "The point or the proposal to move it to.");
    check.ensure(decide.point.is_none() || action == Act::Move, "point", "invalid", "Only moving has a point.");
    if action == Act::Split {
        decide.title = Some(check.line("title", decide.title.as_deref().unwrap_or_default(), text::TITLE));
    } else {
        check.ensure(decide.title.is_none(), "title", "invalid", "Only splitting makes a title.");
    }
    let one = objects.len() == 1;
    check.ensure(one || !matches!(action, Act::Merge | Act::Split | Act::Move), "also", "invalid", "This is done to one thing at a time.");
    let versioned = decide.version.is_none() || (one && matches!(objects[0].kind, Kind::Comment | Kind::Thread | Kind::Concession));
    check.ensure(versioned, "version", "invalid", "Comments, threads and proposals have a version, and one at a time.");
    let named = decide.seen.is_empty() || decide.seen.len() == objects.len();
    check.ensure(named, "seen", "invalid", "One fingerprint for each thing, in their order.");
    Ok(check.finish()?)
}
