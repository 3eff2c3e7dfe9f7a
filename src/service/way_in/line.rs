//! Where commands wait for a framework's writer: decisions in a lane of their own, taken first.
use std::collections::VecDeque;

use tokio::sync::mpsc::{self, error::TrySendError};

/// How many commands may wait for one framework's writer; beyond it they are refused at once,
/// before any work.
const QUEUE: usize = 4_096;
/// How many of those who keep a debate in order may wait besides.
const RESERVED: usize = 256;

/// Where a command waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// With those of everyone.
    Others,
    /// With what only moderators and above may do: for accounts that are.
    Decisions,
}

/// Where commands wait, in the order they came: the decisions of moderators in a lane of their own,
/// so that a flood that fills the other does not keep them from stopping it.
pub(crate) struct Lanes<T> {
    decisions: mpsc::Sender<T>,
    others: mpsc::Sender<T>,
}

/// The writer's end of the lanes.
pub(crate) struct Line<T> {
    decisions: Queue<T>,
    others: Queue<T>,
    /// Where the last batch was taken from.
    last: Lane,
}

/// The writer's end of one lane.
struct Queue<T> {
    /// What a batch took and did not come to.
    left: VecDeque<T>,
    coming: mpsc::Receiver<T>,
}

/// Two lanes and their other end.
pub(crate) fn line<T>() -> (Lanes<T>, Line<T>) {
    let ((decisions, first), (others, second)) = (mpsc::channel(RESERVED), mpsc::channel(QUEUE));
    let line = Line {
        decisions: Queue::new(first),
        others: Queue::new(second),
        last: Lane::Others,
    };
    (Lanes { decisions, others }, line)
}

impl<T> Lanes<T> {
    /// Puts something in a lane, unless that is full.
    pub fn put(&self, lane: Lane, one: T) -> Result<(), TrySendError<T>> {
        let lane = if lane == Lane::Decisions {
            &self.decisions
        } else {
            &self.others
        };
        lane.try_send(one)
    }

    /// Whether nobody takes anything any more.
    pub fn is_closed(&self) -> bool {
        self.others.is_closed()
    }
}

// By hand: what waits need not be cloned.
impl<T> Clone for Lanes<T> {
    fn clone(&self) -> Self {
        Self {
            decisions: self.decisions.clone(),
            others: self.others.clone(),
        }
    }
}

impl<T> Queue<T> {
    fn new(coming: mpsc::Receiver<T>) -> Self {
        Self {
            left: VecDeque::new(),
            coming,
        }
    }

    /// Takes what waits now, `most` at most.
    fn take(&mut self, into: &mut Vec<T>, most: usize) {
        let next = || {
            self.left
                .pop_front()
                .or_else(|| self.coming.try_recv().ok())
        };
        into.extend(std::iter::from_fn(next).take(most));
    }
}

impl<T> Line<T> {
    /// Takes what waits, `most` at most, decisions first and by themselves: they must not wait for
    /// a batch of others. False once the desk has closed and nothing waits any more.
    pub async fn take(&mut self, waiting: &mut Vec<T>, most: usize) -> bool {
        for (lane, queue) in [
            (Lane::Decisions, &mut self.decisions),
            (Lane::Others, &mut self.others),
        ] {
            queue.take(waiting, most);
            self.last = lane;
            if !waiting.is_empty() {
                return true;
            }
        }
        let (first, lane, queue) = tokio::select! {
            biased;
            first = self.decisions.coming.recv() => (first, Lane::Decisions, &mut self.decisions),
            first = self.others.coming.recv() => (first, Lane::Others, &mut self.others),
        };
        self.last = lane;
        if let Some(first) = first {
            waiting.push(first);
            queue.take(waiting, most - 1);
            return true;
        }
        // Both close at once; what waits in the other is still carried out.
        self.last = if lane == Lane::Decisions {
            Lane::Others
        } else {
            Lane::Decisions
        };
        let other = if lane == Lane::Decisions {
            &mut self.others
        } else {
            &mut self.decisions
        };
        other.coming.recv_many(waiting, most).await > 0
    }

    /// Puts back what a batch did not come to, before what has come since.
    pub fn give_back(&mut self, some: Vec<T>) {
        let queue = if self.last == Lane::Decisions {
            &mut self.decisions
        } else {
            &mut self.others
        };
        some.into_iter()
            .rev()
            .for_each(|one| queue.left.push_front(one));
    }

    /// Takes everything that waits.
    pub fn drain(&mut self) -> Vec<T> {
        let mut all = vec![];
        self.decisions.take(&mut all, usize::MAX);
        self.others.take(&mut all, usize::MAX);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_batch_did_not_come_to_stays_in_its_place_and_decisions_come_between() {
        let (lanes, mut line) = line();
        let mut taken = vec![];
        for number in 1..=4 {
            lanes.put(Lane::Others, number).unwrap();
        }
        assert!(line.take(&mut taken, 3).await);
        line.give_back(taken.split_off(1));
        assert_eq!(std::mem::take(&mut taken), [1]);
        lanes.put(Lane::Decisions, 8).unwrap();
        lanes.put(Lane::Decisions, 9).unwrap();
        assert!(line.take(&mut taken, 3).await);
        line.give_back(taken.split_off(1));
        assert_eq!(std::mem::take(&mut taken), [8]);
        assert!(line.take(&mut taken, 3).await);
        assert_eq!(std::mem::take(&mut taken), [9]);
        assert!(line.take(&mut taken, 2).await);
        assert_eq!(std::mem::take(&mut taken), [2, 3]);
        assert_eq!(line.drain(), [4]);
        lanes.put(Lane::Others, 5).unwrap();
        drop(lanes);
        assert!(line.take(&mut taken, 3).await);
        assert_eq!(std::mem::take(&mut taken), [5]);
        assert!(
            !line.take(&mut taken, 3).await,
            "the desk has closed and nothing waits"
        );
    }
}
