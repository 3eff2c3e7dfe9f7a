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
    let mut check = Check::default();
    things(&mut check, decide, objects);
    check.ensure(
        RULES.contains(&decide.rule.as_str()),
        "rule",
        "invalid",
        "One of the published rules, R1 to R10.",
    );
    decide.facts = check.prose("facts", &decide.facts, text::FACTS);
    duration(&mut check, decide);
    destination(&mut check, decide, objects[0].kind());
    if decide.action == Act::Split {
        decide.title = Some(check.line(
            "title",
            decide.title.as_deref().unwrap_or_default(),
            text::TITLE,
        ));
    } else {
        check.ensure(
            decide.title.is_none(),
            "title",
            "invalid",
            "Only splitting makes a title.",
        );
    }
    Ok(check.finish()?)
}

/// What it is about: each thing once, of a kind that it can be done to, and named as whoever
/// decides saw it.
fn things(check: &mut Check, decide: &Decide, objects: &[Object]) {
    let (action, one) = (decide.action, objects.len() == 1);
    check.ensure(
        objects.len() <= AT_ONCE,
        "also",
        "too_many",
        "At most 100 things at once.",
    );
    for (place, object) in objects.iter().enumerate() {
        let field = if place == 0 {
            "action".to_owned()
        } else {
            format!("also[{}]", place - 1)
        };
        check.ensure(
            action.fits(object.kind()),
            &field,
            "invalid",
            "This cannot be done to that.",
        );
        check.ensure(
            !objects[..place].contains(object),
            &field,
            "duplicate",
            "It is named twice.",
        );
    }
    check.ensure(
        one || !action.alone(),
        "also",
        "invalid",
        "This is done to one thing at a time.",
    );
    let worded = matches!(
        objects[0],
        Object::Comment(_) | Object::Thread(_) | Object::Concession(_)
    );
    let detail = "Comments, threads and proposals have a version, and one at a time.";
    check.ensure(
        decide.version.is_none() || (one && worded),
        "version",
        "invalid",
        detail,
    );
    let named = decide.seen.is_empty() || decide.seen.len() == objects.len();
    check.ensure(
        named,
        "seen",
        "invalid",
        "One fingerprint for each thing, in their order.",
    );
}

fn duration(check: &mut Check, decide: &Decide) {
    let (hours, suspends) = (decide.duration_hours, decide.action == Act::Suspend);
    check.ensure(
        hours.is_none_or(|hours| (1..=LONGEST).contains(&hours)),
        "duration_hours",
        "invalid",
        "1 to 8,760 hours.",
    );
    check.ensure(
        hours.is_none() || suspends,
        "duration_hours",
        "invalid",
        "Only a suspension has a duration.",
    );
    check.ensure(
        hours.is_some() || !suspends,
        "duration_hours",
        "required",
        "How long it lasts.",
    );
}

/// Where a thing goes: the one it is merged into, or the place it is moved to.
fn destination(check: &mut Check, decide: &Decide, kind: Kind) {
    let (merges, moves) = (decide.action == Act::Merge, decide.action == Act::Move);
    let (card, thread) = (
        merges && kind == Kind::Concession,
        merges && kind == Kind::Thread,
    );
    check.ensure(
        decide.into.is_some() || !card,
        "into",
        "required",
        "The proposal to merge it into.",
    );
    let detail = "Only merging proposals and moving name a second proposal.";
    check.ensure(
        decide.into.is_none() || card || moves,
        "into",
        "invalid",
        detail,
    );
    check.ensure(
        decide.into_thread.is_some() || !thread,
        "into_thread",
        "required",
        "The thread to merge it into.",
    );
    check.ensure(
        decide.into_thread.is_none() || thread,
        "into_thread",
        "invalid",
        "Only merging threads has a second thread.",
    );
    let places = decide.into.is_some() != decide.point.is_some();
    check.ensure(
        !moves || places,
        "point",
        "required",
        "The point or the proposal to move it to.",
    );
    check.ensure(
        decide.point.is_none() || moves,
        "point",
        "invalid",
        "Only moving has a point.",
    );
}
