//! The integration tests: one binary, so that it links once.
mod accounts;
mod cards;
mod harness;
mod input;
mod live;
mod moderation;
mod proxy;
mod shape;
mod streams;
mod tallies;
mod threads;
mod types;
