//! What becomes of a text that somebody posts: it shows, it waits for a moderator, or it is not
//! taken.
use crate::{
    domain::{
        hold::{Admission, CommentHeldBy, CommentHold, Matched},
        markdown::{Shown, Text},
        pace::{LinkRule, WordEffect, wave},
        permission::Role,
        similar::Words,
        text::Fault,
    },
    protocol::problem::{Code, Problem},
    service::{
        gate::{Gate, Submission},
        work::Work,
    },
};

/// What becomes of a text that somebody posts: it shows, it waits for a moderator, or the problem
/// says why it is not taken.
///
/// # Errors
/// `closed` on a paused point, `slow_mode`, `bad_request` with the field for words and links that
/// are not taken.
pub fn admit(
    work: &Work<'_>,
    texts: &[Text<'_>],
    submission: Submission,
) -> std::result::Result<Admission, Problem> {
    // What an import brings is the host's own.
    if work.account.sample {
        return Ok(Admission::Show);
    }
    let moderates = work.actor.role >= Role::Moderator;
    if !moderates {
        in_time(work, submission)?;
    }
    let held = read(work, texts)?;
    if moderates {
        return Ok(Admission::Show);
    }
    let hold = |by, matched, wave: Option<wave::Wave>| {
        let (wave, earlier) = wave.map(|wave| (wave.id, wave.earlier)).unwrap_or_default();
        Admission::Hold(CommentHold {
            by,
            matched,
            wave,
            earlier,
            unseen: !matches!(submission, Submission::Edit(..)),
            since: work.now,
        })
    };
    if let Some(wave) = wave_of(work, texts, submission) {
        return Ok(hold(CommentHeldBy::Wave, None, Some(wave)));
    }
    if let Some(matched) = held {
        return Ok(hold(CommentHeldBy::Words, Some(matched), None));
    }
    let new = !work.actor.standing;
    if new && work.framework.pace.raided(work.now) {
        return Ok(hold(CommentHeldBy::Raid, None, None));
    }
    let shown = work
        .sheet
        .gate
        .shown
        .get(&work.account.id)
        .copied()
        .unwrap_or(0);
    if new
        && !matches!(submission, Submission::Card)
        && shown < i64::from(work.framework.pace.first_posts)
    {
        return Ok(hold(CommentHeldBy::FirstPosts, None, None));
    }
    Ok(Admission::Show)
}

/// Refuses what comes too early, or where posting is paused.
fn in_time(work: &Work<'_>, submission: Submission) -> std::result::Result<(), Problem> {
    let (Submission::Comment(point) | Submission::Edit(_, point)) = submission else {
        return Ok(());
    };
    let pace = &work.framework.pace;
    if pace.pauses(point) {
        return Err(Problem::new(
            Code::Closed,
            "Posting on this point is paused. You can still read and judge proposals.",
        ));
    }
    if let Submission::Comment(point) = submission {
        let (here, there) = work.sheet.gate.last(work.account.id, point);
        if let Some(wait) = pace.wait(point, here, there, work.now) {
            metrics::counter!("demarche_slow_mode").increment(1);
            return Err(Problem::slow_mode(u64::try_from(wait).unwrap_or(1)));
        }
    }
    Ok(())
}

/// Reads the texts for blocked links and for words of the list: what holds them, if anything does.
fn read(work: &Work<'_>, texts: &[Text<'_>]) -> std::result::Result<Option<Matched>, Problem> {
    let Gate { words, links, .. } = &work.sheet.gate;
    let mut held = None;
    if words.is_empty() && links.blocks_nothing() {
        return Ok(held);
    }
    for text in texts {
        let shown = text.shown();
        if let Some((rule, at)) = links.blocked(&shown.links, &shown.text) {
            return Err(refused(text, &shown, at, "blocked_link", &blocked(rule)));
        }
        if let Some(found) = words.find(&shown.text) {
            let matched = Matched {
                word: found.word.into(),
                why: found.rule.why.clone(),
            };
            if found.rule.effect == WordEffect::Refuse {
                let detail = format!("“{}” is not taken here: {}", matched.word, matched.why);
                return Err(refused(
                    text,
                    &shown,
                    Some(found.at),
                    "refused_word",
                    &detail,
                ));
            }
            held = held.or(Some(matched));
        }
    }
    Ok(held)
}

fn blocked(rule: &LinkRule) -> String {
    let label = rule
        .label
        .as_ref()
        .map(|label| format!(" ({label})"))
        .unwrap_or_default();
    format!("Links to {}{label} are not allowed here.", rule.domain)
}

fn refused(
    text: &Text<'_>,
    shown: &Shown,
    at: Option<std::ops::Range<usize>>,
    code: &'static str,
    detail: &str,
) -> Problem {
    metrics::counter!("demarche_refused", "by" => code).increment(1);
    let characters = |at: usize| {
        text.text
            .char_indices()
            .take_while(|(place, _)| *place < at)
            .count()
    };
    let span = at
        .map(|at| shown.source(at))
        .map(|at| (characters(at.start), characters(at.end)));
    Problem::bad_request(vec![Fault {
        span,
        ..Fault::new(text.field, code, detail)
    }])
}

/// The wave that a new account's comment belongs to, if any.
fn wave_of(work: &Work<'_>, texts: &[Text<'_>], submission: Submission) -> Option<wave::Wave> {
    let except = match submission {
        Submission::Card => return None,
        Submission::Comment(_) => None,
        Submission::Edit(own, _) => Some(own),
    };
    let recent = work
        .sheet
        .gate
        .recent
        .as_ref()
        .filter(|_| !work.actor.standing)?;
    // The last text is the comment; a thread's title stands before it.
    wave::wave(
        &Words::of("", texts.last()?.text),
        work.account.id,
        except,
        recent,
    )
}
