//! The integration tests: one binary, so that it links once.
mod live;
mod proxy;
mod tallies;
mod types;
