//! What was counted: the board of a round under way, and what came out of a closed one.
use crate::{
    domain::{
        bridging::Board,
        concession::{Concession, ConcessionState},
        framework::{Framework, Question},
        permission::{Sight, State, Viewer, visible_to},
        recount::Results,
        round::{Frozen, FrozenCard},
    },
    protocol::rest::{RoundCard, RoundEntry, RoundView, TallyView},
    store::RoundRow,
};

/// A board, of which `shown` tells the cards the reader may see.
#[must_use]
pub fn tally(
    framework: &Framework,
    question: &Question,
    at_seq: i64,
    board: Board,
    complete: bool,
) -> TallyView {
    let Board {
        voters,
        items,
        waiting,
    } = board;
    let (epoch, round) = (framework.epoch.clone(), question.round);
    TallyView {
        question: question.id,
        round,
        at_seq,
        epoch,
        hidden: false,
        reason: None,
        complete,
        voters,
        items,
        waiting,
    }
}

/// What came out of a round, with the titles of cards that still show to the viewer.
#[must_use]
pub fn round(row: RoundRow, cards: &[Concession], viewer: Viewer) -> RoundView {
    let RoundRow {
        question,
        round,
        opened_at,
        closed_at,
        ballots,
        root,
        frozen,
    } = row;
    let Frozen {
        rules,
        camps,
        cards: frozen,
        results,
    } = frozen;
    let frozen = frozen
        .into_iter()
        .map(|was| round_card(was, cards, viewer))
        .collect();
    let entry = RoundEntry {
        round,
        opened_at,
        closed_at,
        ballots,
        root,
    };
    let Results {
        voters,
        ranked,
        waiting,
        unfreeze,
    } = results;
    RoundView {
        question,
        entry,
        rules,
        camps,
        cards: frozen,
        voters,
        ranked,
        waiting,
        unfreeze,
    }
}

/// A card as it was counted in a round; its title only while the card still shows to the viewer.
fn round_card(was: FrozenCard, cards: &[Concession], viewer: Viewer) -> RoundCard {
    let FrozenCard {
        id,
        version,
        title,
        language,
    } = was;
    let now = cards.iter().find(|card| card.id == id);
    let whole = now.is_some_and(|card| {
        visible_to(viewer, card.author.id, State::Concession(card.state)) == Sight::Whole
    });
    let state = now.map_or(ConcessionState::Removed, |card| card.state);
    RoundCard {
        id,
        version,
        title: whole.then_some(title),
        language,
        state,
    }
}
