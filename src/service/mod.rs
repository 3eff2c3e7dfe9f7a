//! What people do, by floors: each names only itself and those before it in this list.
//!
//! What a node keeps ([`keep`]) and reaches ([`node`]); what somebody may see ([`sight`]); reading
//! ([`reads`]) and counting ([`boards`]); what a command changes (`acts`), by way of the one way in
//! ([`way_in`]); what everyone is told ([`way_out`]); and on top the services, the people with
//! their accounts ([`people`]) and what comes from files ([`import`]).
mod acts;
pub mod boards;
pub mod caller;
mod content;
mod failure;
mod gate;
pub mod import;
pub mod keep;
pub mod node;
mod options;
pub mod people;
pub mod reads;
mod services;
mod sheet;
pub mod sight;
mod start;
pub mod way_in;
pub mod way_out;
mod work;

pub use self::{
    failure::{Failure, Outcome},
    options::{Options, Registration},
    services::{Parts, Services},
    start::start,
};
