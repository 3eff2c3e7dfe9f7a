//! A fair line for work that is dear, such as hashing passwords: two places at once, and whoever
//! waits is taken in an order in which one address, or one name under attack, costs the others next
//! to nothing (start-time fair queueing).
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// How many hold a turn at once; more would only wait for the same cores.
const RUNNING: usize = 2;
/// How many may wait; when one more comes, whoever would be last goes away.
const WAITING: usize = 64;
/// What a turn costs an address, and what it costs one name at that address: many people share an
/// address, few a name.
const COSTS: (u64, u64) = (1, 8);
/// From how many keys on those that owe nothing are forgotten.
const KEYS: usize = 1_024;

/// Whose work it is: the address it comes from, and the name it is about.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The address, as a hash, or what stands for it.
    pub place: String,
    /// The name.
    pub name: String,
}

impl Lane {
    /// A lane of its own, for somebody who is known.
    #[must_use]
    pub fn own(key: impl Into<String>) -> Self {
        let key = key.into();
        Self {
            place: key.clone(),
            name: key,
        }
    }
}

/// The line.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    running: usize,
    /// The tag of whoever was taken last.
    now: u64,
    arrivals: u64,
    /// Up to where each address and each name at an address has had its share.
    places: HashMap<String, u64>,
    names: HashMap<(String, String), u64>,
    waiting: Vec<Waiting>,
}

struct Waiting {
    /// When it is taken: the lowest first, of equals the first to come.
    tag: (u64, u64),
    take: oneshot::Sender<Turn>,
}

/// A place at work, until it is dropped.
pub struct Turn(Turns);

impl State {
    /// The tag of one more piece of work, which its lane pays for.
    fn tag(&mut self, lane: &Lane) -> (u64, u64) {
        if self.places.len() + self.names.len() > KEYS {
            let now = self.now;
            self.places.retain(|_, until| *until > now);
            self.names.retain(|_, until| *until > now);
        }
        let (now, (of_place, of_name)) = (self.now, COSTS);
        let place = self.places.entry(lane.place.clone()).or_default();
        let name = self
            .names
            .entry((lane.place.clone(), lane.name.clone()))
            .or_default();
        let (from_place, from_name) = (now.max(*place), now.max(*name));
        (*place, *name) = (from_place + of_place, from_name + of_name);
        self.arrivals += 1;
        (from_place.max(from_name), self.arrivals)
    }

    /// Whoever is next; they count as running.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let at = (0..self.waiting.len())
            .min_by_key(|at| self.waiting[*at].tag)
            .filter(|_| self.running < RUNNING)?;
        let Waiting { tag, take } = self.waiting.swap_remove(at);
        self.now = self.now.max(tag.0);
        self.running += 1;
        Some(take)
    }
}

impl Turns {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the numbers whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn; `None` where the line is full of those who come before.
    pub async fn take(&self, lane: &Lane) -> Option<Turn> {
        let taken = {
            let mut state = self.state();
            let tag = state.tag(lane);
            if state.waiting.is_empty() && state.running < RUNNING {
                state.running += 1;
                state.now = state.now.max(tag.0);
                return Some(Turn(self.clone()));
            }
            state.waiting.retain(|waiting| !waiting.take.is_closed());
            if state.waiting.len() >= WAITING {
                let last = (0..WAITING).max_by_key(|at| state.waiting[*at].tag)?;
                if state.waiting[last].tag < tag {
                    return None;
                }
                state.waiting.swap_remove(last);
            }
            let (take, taken) = oneshot::channel();
            state.waiting.push(Waiting { tag, take });
            taken
        };
        taken.await.ok()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.state();
            state.running -= 1;
            state.next()
        };
        // Whoever went away meanwhile drops the turn, which passes it on.
        if let Some(take) = next {
            let _ = take.send(Self(self.0.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::Pin, task::Poll};

    use futures_util::FutureExt;

    use super::*;

    type Coming = Pin<Box<dyn Future<Output = Option<Turn>> + Send>>;

    /// Comes to the line, and waits there.
    fn comes(turns: &Turns, place: &str, name: &str) -> Coming {
        let (turns, lane) = (
            turns.clone(),
            Lane {
                place: place.into(),
                name: name.into(),
            },
        );
        let mut coming: Coming = Box::pin(async move { turns.take(&lane).await });
        assert!(polled(&mut coming).is_pending(), "the line is not empty");
        coming
    }

    fn polled(coming: &mut Coming) -> Poll<Option<Turn>> {
        coming
            .as_mut()
            .now_or_never()
            .map_or(Poll::Pending, Poll::Ready)
    }

    /// A line at which two work, and whom they let go.
    async fn busy() -> (Turns, Turn, Turn) {
        let turns = Turns::default();
        let lane = Lane::own("first");
        let (one, two) = (
            turns.take(&lane).await.unwrap(),
            turns.take(&lane).await.unwrap(),
        );
        (turns, one, two)
    }

    /// How many turns pass before this one comes.
    fn passed(mut others: Vec<Coming>, mut own: Coming, first: Turn) -> usize {
        let mut held = first;
        for passed in 0..200 {
            drop(held);
            if let Poll::Ready(turn) = polled(&mut own) {
                assert!(turn.is_some(), "it was sent away");
                return passed;
            }
            let mut found = None;
            others.retain_mut(|other| match polled(other) {
                Poll::Pending => true,
                Poll::Ready(turn) => {
                    found = found.take().or(turn);
                    false
                }
            });
            held = found.expect("a turn goes to somebody");
        }
        panic!("it never came");
    }

    #[tokio::test]
    async fn one_address_costs_the_others_a_single_turn() {
        let (turns, first, _second) = busy().await;
        let crowd = (0..60)
            .map(|n| comes(&turns, "crowded", &format!("name-{n}")))
            .collect();
        let own = comes(&turns, "elsewhere", "olena");
        assert!(passed(crowd, own, first) <= 1);
    }

    #[tokio::test]
    async fn one_name_under_attack_costs_its_neighbours_at_the_address_little() {
        let (turns, first, _second) = busy().await;
        let crowd = (0..60).map(|_| comes(&turns, "shared", "victim")).collect();
        let own = comes(&turns, "shared", "olena");
        assert!(passed(crowd, own, first) <= 9);
    }

    #[tokio::test]
    async fn where_the_line_is_full_those_who_came_most_go_away() {
        let (turns, first, _second) = busy().await;
        let mut crowd: Vec<_> = (0..WAITING)
            .map(|n| comes(&turns, "crowded", &format!("name-{n}")))
            .collect();
        let lane = Lane {
            place: "crowded".into(),
            name: "one more".into(),
        };
        assert!(turns.take(&lane).await.is_none());
        let own = comes(&turns, "elsewhere", "olena");
        assert!(matches!(
            polled(crowd.last_mut().unwrap()),
            Poll::Ready(None)
        ));
        crowd.pop();
        assert!(passed(crowd, own, first) <= 1);
    }

    #[tokio::test]
    async fn whoever_goes_away_passes_the_turn_on() {
        let (turns, first, second) = busy().await;
        let (gone, mut stays) = (comes(&turns, "a", "a"), comes(&turns, "b", "b"));
        drop(first);
        drop(gone);
        assert!(matches!(polled(&mut stays), Poll::Ready(Some(_))));
        drop(second);
        assert_eq!(turns.state().running, 0);
    }
}
