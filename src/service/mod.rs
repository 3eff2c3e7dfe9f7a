//! What people do: one file per thing, the writer that makes it durable, and the feed that tells everyone.
pub mod accounts;
pub mod answers;
pub mod atom;
pub mod budgets;
pub mod cards;
pub mod changes;
pub mod checkpoints;
pub mod command;
mod content;
pub mod counting;
pub mod dealing;
pub mod desk;
pub mod devices;
pub mod erasure;
pub mod events;
pub mod export;
mod failure;
pub mod feed;
pub mod frameworks;
mod gate;
pub mod hand;
pub mod heads;
pub mod health;
mod holds;
pub mod import;
pub mod invitations;
mod known;
pub mod lane;
mod ledger;
pub mod links;
pub mod logo;
mod mending;
pub mod merging;
pub mod moderation;
mod moves;
pub mod node;
mod notes;
pub mod opinions;
mod options;
pub mod outbox;
pub mod pace;
pub mod pages;
pub mod paging;
pub mod passwords;
pub mod presence;
pub mod proof;
mod receipts;
mod rights;
pub mod roles;
mod round_table;
pub mod rounds;
pub mod scope;
pub mod search;
pub mod second_factor;
pub mod secrets;
pub mod security;
mod services;
pub mod sessions;
mod sheet;
pub mod shelf;
pub mod sign_in;
pub mod similar;
mod start;
pub mod tallies;
pub mod threads;
pub mod translations;
pub mod tries;
mod turns;
pub mod views;
mod writer;

pub use self::{
    failure::{Failure, Outcome},
    options::{Options, Registration},
    services::{Parts, Services},
    start::start,
};
