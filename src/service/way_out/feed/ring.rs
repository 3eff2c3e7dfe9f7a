//! The recent frames of a stream, without gaps, for those who were away for a moment. Bounded by
//! number, bytes and age.
use std::collections::VecDeque;

use crate::{
    domain::{Millis, stream::EventKind, word::Word},
    protocol::frame::Frame,
    service::{keep::outbox::Room, way_out::feed::WINDOW},
    store::Change,
};

/// How long a frame is kept, in milliseconds.
const KEPT: Millis = 300_000;
/// How many bytes of frames one stream keeps: a thousand frames of the longest texts would be
/// seventy times as much.
const BYTES: usize = 4 * 1024 * 1024;

/// A frame and the change it tells of.
struct Kept {
    seq: i64,
    at: Millis,
    object: String,
    frame: Frame,
}

/// The frames that are kept.
#[derive(Default)]
pub struct Ring {
    kept: VecDeque<Kept>,
    bytes: usize,
}

impl Ring {
    /// Keeps a frame. Goes what is old, and every earlier frame of an object that changed: a resume
    /// must not bring removed words back. The ring has no gaps, so everything before such a frame
    /// goes too.
    pub fn push(&mut self, change: &Change, frame: Frame, now: Millis) {
        let changed = match change.kind {
            Word::Known(EventKind::CommentChanged | EventKind::ConcessionChanged) => self
                .kept
                .iter()
                .rposition(|kept| kept.object == change.object),
            // What a hidden thread holds goes with it; and what a kind of a later version takes
            // from view, nobody knows here.
            Word::Known(EventKind::ThreadChanged) | Word::Other(_) => {
                self.kept.len().checked_sub(1)
            }
            Word::Known(_) => None,
        };
        let old = self
            .kept
            .iter()
            .take_while(|kept| kept.at < now - KEPT)
            .count();
        let over =
            (self.kept.len() + 1).saturating_sub(usize::try_from(WINDOW).unwrap_or(usize::MAX));
        self.drop_first(changed.map_or(0, |place| place + 1).max(old).max(over));
        self.bytes += frame.len();
        self.kept.push_back(Kept {
            seq: change.seq,
            at: change.at,
            object: change.object.clone(),
            frame,
        });
        while self.bytes > BYTES {
            self.drop_first(1);
        }
    }

    fn drop_first(&mut self, count: usize) {
        self.bytes -= self
            .kept
            .drain(..count)
            .map(|kept| kept.frame.len())
            .sum::<usize>();
    }

    /// The frames after a place, as many as there is room for; `None` where the ring does not reach
    /// back so far.
    pub fn after(&self, place: i64, room: Room) -> Option<Vec<(i64, Frame)>> {
        let reaches = self
            .kept
            .front()
            .is_some_and(|first| first.seq <= place + 1);
        let mut left = room;
        let fits = |kept: &&Kept| left.take(kept.frame.len());
        reaches.then(|| {
            self.kept
                .iter()
                .skip_while(|kept| kept.seq <= place)
                .take_while(fits)
                .map(|kept| (kept.seq, kept.frame.clone()))
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::frame::encode;

    fn change(seq: i64, kind: EventKind, object: &str) -> Change {
        Change {
            stream: "public".into(),
            seq,
            kind: Word::Known(kind),
            object: object.into(),
            version: 1,
            actor: None,
            at: 0,
            command: String::new(),
            digest: String::new(),
            hash: String::new(),
            form: 1,
        }
    }

    #[test]
    fn a_ring_holds_no_more_bytes_than_it_may_and_has_no_gaps() {
        let mut ring = Ring::default();
        let frame = encode(&"x".repeat(70_000));
        for seq in 1..=200 {
            ring.push(
                &change(seq, EventKind::CommentPosted, &seq.to_string()),
                frame.clone(),
                0,
            );
        }
        assert!(ring.bytes <= BYTES);
        assert_eq!(
            ring.bytes,
            ring.kept.iter().map(|kept| kept.frame.len()).sum::<usize>()
        );
        let first = ring.kept.front().unwrap().seq;
        assert!(first > 1 && ring.after(first - 2, Room::default()).is_none());
        let room = Room {
            frames: 1_000,
            bytes: 3 * frame.len(),
        };
        let got: Vec<i64> = ring
            .after(first + 9, room)
            .unwrap()
            .into_iter()
            .map(|(seq, _)| seq)
            .collect();
        assert_eq!(got, [first + 10, first + 11, first + 12]);
    }

    #[test]
    fn what_changed_leaves_the_ring_with_all_before_it() {
        let mut ring = Ring::default();
        for (seq, object) in [(1, "a"), (2, "b"), (3, "c")] {
            ring.push(
                &change(seq, EventKind::CommentPosted, object),
                encode(&object),
                0,
            );
        }
        ring.push(
            &change(4, EventKind::CommentChanged, "b"),
            encode(&"gone"),
            0,
        );
        assert_eq!(
            ring.kept.iter().map(|kept| kept.seq).collect::<Vec<_>>(),
            [3, 4]
        );
    }
}
