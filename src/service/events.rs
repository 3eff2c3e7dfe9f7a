//! Changes to events: a stored pointer becomes the object as it is now, as the stream's audience may see it.
use super::{Outcome, views};
use crate::{
    domain::{
        concession::ConcessionId,
        framework::{Framework, Question},
        permission::Viewer,
        stream::{EventKind, Stream},
        thread::{Thread, ThreadState},
    },
    protocol::event::{ConcessionCounters, Counters, Event, EventData, EventObject, PointCounters, QuestionCounters, ThreadCounters},
    store::{Change, Reader},
};

fn viewer(stream: Stream) -> Viewer {
    match stream {
        Stream::Public => Viewer::PUBLIC,
        Stream::Moderators => Viewer::MODERATORS,
        Stream::Account(account) => Viewer { account: Some(account), sees_hidden: false },
    }
}

/// The event of a change.
pub async fn materialise(reader: &mut Reader, framework: &Framework, stream: Stream, change: &Change) -> Outcome<Event> {
    let data = data(reader, framework, stream, change).await?;
    let data = data.unwrap_or_else(|| EventData { object: EventObject::Pointer { id: change.object.clone() }, counters: Counters::default() });
    Ok(Event { framework: framework.id, stream: stream.to_string(), epoch: framework.epoch.clone(), seq: change.seq, kind: change.kind, data })
}

/// The object and its counters; `None` for what is gone or not for this audience.
async fn data(reader: &mut Reader, framework: &Framework, stream: Stream, change: &Change) -> Outcome<Option<EventData>> {
    let viewer = viewer(stream);
    let plain = |object| Some(EventData { object, counters: Counters::default() });
    Ok(match change.kind {
        EventKind::ThreadOpened | EventKind::ThreadChanged => {
            let Ok(id) = change.object.parse() else { return Ok(None) };
            let Some(thread) = reader.thread(id).await? else { return Ok(None) };
            let (counters, point_id) = thread_counters(reader, framework, &thread).await?;
            let view = views::thread(thread.clone(), point_id.clone(), viewer).unwrap_or_else(|| views::thread_tombstone(thread, point_id));
            Some(EventData { object: EventObject::Thread(Box::new(view)), counters })
        }
        EventKind::CommentPosted | EventKind::CommentChanged => {
            let Ok(id) = change.object.parse() else { return Ok(None) };
            let Some(comment) = reader.comment(id).await? else { return Ok(None) };
            let Some(thread) = reader.thread(comment.thread).await? else { return Ok(None) };
            let hidden = thread.state == ThreadState::Hidden;
            let (counters, _) = thread_counters(reader, framework, &thread).await?;
            let view = views::comment(comment, hidden, viewer);
            let object = view.map_or_else(|| EventObject::Pointer { id: change.object.clone() }, |view| EventObject::Comment(Box::new(view)));
            Some(EventData { object, counters })
        }
        EventKind::ConcessionProposed | EventKind::ConcessionChanged => {
            let Ok(id) = change.object.parse() else { return Ok(None) };
            let Some(card) = reader.concession(id).await? else { return Ok(None) };
            let question = reader.question(card.question).await?.map(|Question { id, cards, .. }| QuestionCounters { id, cards });
            let counters = Counters { question, ..Counters::default() };
            Some(EventData { object: EventObject::Concession(Box::new(views::concession(card, viewer))), counters })
        }
        EventKind::FrameworkChanged => plain(EventObject::Framework { id: framework.id, pause: views::pause(framework) }),
        EventKind::DecisionMade | EventKind::Notice => {
            let to_author = stream != Stream::Public;
            let decision = reader.decision(&change.object).await?;
            decision.and_then(|decision| plain(EventObject::Decision(Box::new(views::decision(decision, to_author)))))
        }
        EventKind::MembershipChanged => match stream {
            Stream::Account(account) => {
                let membership = reader.membership(framework.id, account).await?;
                membership.and_then(|membership| plain(EventObject::Membership(views::membership(membership))))
            }
            _ => None,
        },
        EventKind::BallotChanged => change.object.parse().ok().and_then(|question| plain(EventObject::Ballot { question })),
        EventKind::ReportMade => None,
    })
}

/// The counts around a thread, and its point's id.
async fn thread_counters(reader: &mut Reader, framework: &Framework, thread: &Thread) -> Outcome<(Counters, Option<String>)> {
    let hidden = thread.state == ThreadState::Hidden;
    let own = ThreadCounters { id: thread.id, comments: if hidden { 0 } else { thread.comments }, last_at: if hidden { 0 } else { thread.last_at } };
    let mut counters = Counters { thread: Some(own), ..Counters::default() };
    let mut point_id = None;
    if let Some(number) = thread.point {
        let (threads, comments) = reader.point_count(framework.id, number).await?;
        counters.point = Some(PointCounters { number, threads, comments });
        point_id = reader.point_id(framework.id, number).await?;
    }
    if let Some(card) = thread.concession {
        counters.concession = Some(card_counters(reader, card).await?);
    }
    Ok((counters, point_id))
}

async fn card_counters(reader: &mut Reader, id: ConcessionId) -> Outcome<ConcessionCounters> {
    Ok(ConcessionCounters { id, comments: reader.concession_comments(id).await? })
}
