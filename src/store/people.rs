//! Accounts, what belongs to them, and what they are in frameworks.
mod accounts;
mod acting;
mod appointments;
mod engagement;
mod erasure;
mod export;
mod invitations;
mod links;
mod members;
mod names;
mod rights;
mod roles;
mod sanctions;
mod second_factor;
mod sessions;

pub use self::{
    acting::Person,
    appointments::Appointment,
    engagement::{Engagement, ReadMark},
    erasure::Written,
    export::{LEFT_OUT, SECTIONS as EXPORTED, TOLD},
    invitations::Invitation,
    links::LinkKind,
    members::Membership,
    roles::Appointed,
    second_factor::SecondFactor,
    sessions::{SessionKind, SessionRow},
};
