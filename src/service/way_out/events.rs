//! Changes to events: a stored pointer becomes the object as it is now, as the stream's audience
//! may see it.
use std::collections::{BTreeSet, HashMap};

use crate::{
    domain::{
        concession::ConcessionId,
        framework::{Framework, FrameworkId, Question},
        permission::Viewer,
        stream::{EventKind, Stream},
        thread::{Comment, CommentId, Thread, ThreadId, ThreadState},
        word::Word,
    },
    protocol::{
        event::{
            ConcessionCounters, Counters, Event, EventData, EventObject, PointCounters,
            QuestionCounters, ThreadCounters,
        },
        rest::DecisionView,
    },
    service::{
        Outcome,
        sight::{
            appeals::with_appeals,
            entry,
            views::{self, For},
        },
    },
    store::{Change, Reader},
};

fn viewer(stream: Stream) -> Viewer {
    match stream {
        Stream::Public => Viewer::PUBLIC,
        Stream::Moderators => Viewer::MODERATORS,
        Stream::Account(account) => Viewer::of(account),
    }
}

/// The events of changes, in order. What threads and comments need is read by one query per table.
pub async fn materialise(
    reader: &mut Reader,
    framework: &Framework,
    stream: Stream,
    changes: &[Change],
) -> Outcome<Vec<Event>> {
    let talk = Talk::read(reader, framework, changes).await?;
    let mut events = Vec::with_capacity(changes.len());
    for change in changes {
        let data = data(reader, &talk, framework, stream, change).await?;
        let data = data.unwrap_or_else(|| EventData {
            object: EventObject::Pointer {
                id: change.object.clone(),
            },
            counters: Counters::default(),
        });
        let (stream, epoch) = (stream.to_string(), framework.epoch.clone());
        events.push(Event {
            framework: framework.id,
            stream,
            epoch,
            seq: change.seq,
            kind: change.kind.clone(),
            data,
        });
    }
    Ok(events)
}

/// The object and its counters; `None` for what is gone or not for this audience.
async fn data(
    reader: &mut Reader,
    talk: &Talk,
    framework: &Framework,
    stream: Stream,
    change: &Change,
) -> Outcome<Option<EventData>> {
    let viewer = viewer(stream);
    let plain = |object| {
        Some(EventData {
            object,
            counters: Counters::default(),
        })
    };
    // Who may see what a later version tells by a kind of its own, nobody knows here.
    let Word::Known(kind) = change.kind else {
        return Ok(None);
    };
    Ok(match kind {
        EventKind::ThreadOpened | EventKind::ThreadChanged => talk.thread(change, viewer),
        EventKind::CommentPosted | EventKind::CommentChanged => talk.comment(change, viewer),
        EventKind::ConcessionProposed | EventKind::ConcessionChanged => {
            card(reader, change, viewer).await?
        }
        EventKind::QuestionChanged => question(reader, change).await?,
        EventKind::FrameworkChanged => plain(EventObject::Framework {
            id: framework.id,
            pause: views::pause(framework),
            pace: Box::new((*framework.pace).clone()),
        }),
        EventKind::DecisionMade | EventKind::Notice | EventKind::AppealChanged => {
            decision(reader, &change.object, stream)
                .await?
                .and_then(|view| plain(EventObject::Decision(Box::new(view))))
        }
        EventKind::MembershipChanged => membership(reader, framework.id, stream)
            .await?
            .and_then(plain),
        EventKind::BallotChanged => change
            .object
            .parse()
            .ok()
            .and_then(|question| plain(EventObject::Ballot { question })),
        EventKind::QueueChanged if stream == Stream::Moderators => {
            queued(reader, framework.id, change).await?
        }
        EventKind::PointChanged => point(reader, framework.id, change).await?,
        EventKind::TeamChanged => {
            let appointment = reader.appointment(&change.object).await?;
            appointment
                .and_then(|one| plain(EventObject::Appointment(Box::new(views::appointment(one)))))
        }
        EventKind::ReportMade | EventKind::QueueChanged => None,
    })
}

/// A card, with the counts of its question and of what is said under it.
async fn card(reader: &mut Reader, change: &Change, viewer: Viewer) -> Outcome<Option<EventData>> {
    let Ok(id) = change.object.parse() else {
        return Ok(None);
    };
    let Some(card) = reader.concession(id).await? else {
        return Ok(None);
    };
    let question = reader
        .question(card.question)
        .await?
        .map(|Question { id, cards, .. }| QuestionCounters { id, cards });
    let comments = reader.concession_comments(id).await?;
    let counters = Counters {
        question,
        concession: Some(ConcessionCounters { id, comments }),
        ..Counters::default()
    };
    Ok(Some(EventData {
        object: EventObject::Concession(Box::new(views::concession(card, viewer))),
        counters,
    }))
}

async fn question(reader: &mut Reader, change: &Change) -> Outcome<Option<EventData>> {
    let Ok(id) = change.object.parse() else {
        return Ok(None);
    };
    let Some(question) = reader.question(id).await? else {
        return Ok(None);
    };
    let counters = Counters {
        question: Some(QuestionCounters {
            id,
            cards: question.cards,
        }),
        ..Counters::default()
    };
    Ok(Some(EventData {
        object: EventObject::Question(Box::new(views::question(&question))),
        counters,
    }))
}

/// What waits for moderators, or that it waits no more; with how many wait.
async fn queued(
    reader: &mut Reader,
    framework: FrameworkId,
    change: &Change,
) -> Outcome<Option<EventData>> {
    let Ok(id) = change.object.parse() else {
        return Ok(None);
    };
    let counters = Counters {
        waiting: Some(reader.waiting_count(framework).await?),
        ..Counters::default()
    };
    let object = match reader.waiting(framework, id).await? {
        Some(waiting) => {
            EventObject::Queued(Box::new(entry::entry(reader, framework, waiting).await?))
        }
        None => EventObject::Pointer {
            id: change.object.clone(),
        },
    };
    Ok(Some(EventData { object, counters }))
}

/// A membership, to its owner alone.
async fn membership(
    reader: &mut Reader,
    framework: FrameworkId,
    stream: Stream,
) -> Outcome<Option<EventObject>> {
    let Stream::Account(account) = stream else {
        return Ok(None);
    };
    let membership = reader.membership(framework, account).await?;
    Ok(membership.map(|membership| EventObject::Membership(views::membership(membership))))
}

/// A point as a pointer, with the counts of what is said on it.
async fn point(
    reader: &mut Reader,
    framework: FrameworkId,
    change: &Change,
) -> Outcome<Option<EventData>> {
    let Ok(number) = change.object.parse() else {
        return Ok(None);
    };
    let (threads, comments) = reader.point_count(framework, number).await?;
    let counters = Counters {
        point: Some(PointCounters {
            number,
            threads,
            comments,
        }),
        ..Counters::default()
    };
    Ok(Some(EventData {
        object: EventObject::Pointer {
            id: change.object.clone(),
        },
        counters,
    }))
}

/// A decision as a stream's audience sees it, with the appeal against it.
async fn decision(reader: &mut Reader, id: &str, stream: Stream) -> Outcome<Option<DecisionView>> {
    let whom = match stream {
        Stream::Public => For::Public,
        Stream::Moderators => For::Moderators,
        Stream::Account(_) => For::Addressee,
    };
    let Some(decision) = reader.decision(id).await? else {
        return Ok(None);
    };
    Ok(with_appeals(reader, vec![decision], whom).await?.pop())
}

/// The threads and comments that some changes are about, and the counts around them.
#[derive(Default)]
struct Talk {
    threads: HashMap<ThreadId, Thread>,
    comments: HashMap<CommentId, Comment>,
    /// Each point's id, threads and comments.
    points: HashMap<u32, (Option<String>, i64, i64)>,
    cards: HashMap<ConcessionId, i64>,
}

impl Talk {
    async fn read(reader: &mut Reader, framework: &Framework, changes: &[Change]) -> Outcome<Self> {
        let (mut threads, mut comments) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            match change.kind {
                Word::Known(EventKind::ThreadOpened | EventKind::ThreadChanged) => {
                    threads.extend(change.object.parse::<ThreadId>().ok())
                }
                Word::Known(EventKind::CommentPosted | EventKind::CommentChanged) => {
                    comments.extend(change.object.parse::<CommentId>().ok())
                }
                _ => {}
            }
        }
        let comments = reader
            .comments_of(&comments.into_iter().collect::<Vec<_>>())
            .await?;
        threads.extend(comments.iter().map(|comment| comment.thread));
        let threads = reader
            .threads(&threads.into_iter().collect::<Vec<_>>())
            .await?;
        let mut talk = Self::default();
        for thread in &threads {
            if let Some(number) = thread
                .point
                .filter(|number| !talk.points.contains_key(number))
            {
                let (threads, comments) = reader.point_count(framework.id, number).await?;
                talk.points.insert(
                    number,
                    (
                        reader.point_id(framework.id, number).await?,
                        threads,
                        comments,
                    ),
                );
            }
            if let Some(card) = thread
                .concession
                .filter(|card| !talk.cards.contains_key(card))
            {
                talk.cards
                    .insert(card, reader.concession_comments(card).await?);
            }
        }
        talk.threads = threads
            .into_iter()
            .map(|thread| (thread.id, thread))
            .collect();
        talk.comments = comments
            .into_iter()
            .map(|comment| (comment.id, comment))
            .collect();
        Ok(talk)
    }

    fn thread(&self, change: &Change, viewer: Viewer) -> Option<EventData> {
        let thread = self.threads.get(&change.object.parse().ok()?)?;
        let point_id = thread
            .point
            .and_then(|number| self.points.get(&number)?.0.clone());
        let view = views::thread(thread.clone(), point_id.clone(), viewer)
            .unwrap_or_else(|| views::thread_tombstone(thread.clone(), point_id));
        Some(EventData {
            object: EventObject::Thread(Box::new(view)),
            counters: self.around(thread),
        })
    }

    fn comment(&self, change: &Change, viewer: Viewer) -> Option<EventData> {
        let comment = self.comments.get(&change.object.parse().ok()?)?;
        let thread = self.threads.get(&comment.thread)?;
        let view = views::comment(comment.clone(), thread.state == ThreadState::Hidden, viewer);
        let object = view.map_or_else(
            || EventObject::Pointer {
                id: change.object.clone(),
            },
            |view| EventObject::Comment(Box::new(view)),
        );
        Some(EventData {
            object,
            counters: self.around(thread),
        })
    }

    /// The counts around a thread.
    fn around(&self, thread: &Thread) -> Counters {
        let hidden = thread.state == ThreadState::Hidden;
        let own = ThreadCounters {
            id: thread.id,
            comments: if hidden { 0 } else { thread.comments },
            last_at: if hidden { 0 } else { thread.last_at },
        };
        let point = thread.point.and_then(|number| {
            self.points
                .get(&number)
                .map(|(_, threads, comments)| (number, *threads, *comments))
        });
        Counters {
            thread: Some(own),
            point: point.map(|(number, threads, comments)| PointCounters {
                number,
                threads,
                comments,
            }),
            concession: thread.concession.and_then(|id| {
                self.cards.get(&id).map(|comments| ConcessionCounters {
                    id,
                    comments: *comments,
                })
            }),
            ..Counters::default()
        }
    }
}
