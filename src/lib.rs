//! Demarche: structured debate about a negotiating framework, where what rises is what every side
//! could accept.
//!
//! [`domain`] holds the rules and is pure; [`protocol`] is what crosses the wire; [`store`] is SQL;
//! [`live`] is presence, tallies and hints between nodes; [`service`] does what people do; [`http`]
//! and [`socket`] are the two doors; [`server`] wires them and [`cli`] starts them.
//! `docs/architecture.md` tells how they work together.
pub mod cli;
pub mod clock;
pub mod domain;
pub mod http;
pub mod id;
pub mod live;
pub mod protocol;
pub mod server;
pub mod service;
pub mod settings;
pub mod socket;
pub mod store;
pub mod verify;
