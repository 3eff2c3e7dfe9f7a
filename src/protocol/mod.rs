//! What crosses the wire: commands in, events and bodies out, problems. REST and the socket share
//! all of it.
pub mod command;
pub mod event;
pub mod frame;
pub mod limits;
pub mod problem;
pub mod rest;
pub mod socket;
pub mod strict;
