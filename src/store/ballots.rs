//! Ballots: answers, the cards dealt for them, how they are counted, and the rounds they belong to.
mod answers;
mod deals;
mod rounds;
mod seats;
mod tallies;

pub use self::{
    deals::{Deal, Deals, DeckCard},
    rounds::RoundRow,
};
