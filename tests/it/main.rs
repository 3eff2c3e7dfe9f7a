//! The integration tests: one binary, so that it links once.
mod accounts;
mod cards;
mod conformance;
mod durability;
mod faults;
mod harness;
mod input;
mod live;
mod moderation;
mod properties;
mod resume;
mod retries;
mod shape;
mod streams;
mod tallies;
mod threads;
mod types;
