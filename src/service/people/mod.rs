//! Accounts: these stand outside frameworks and are written in transactions of their own.
pub mod accounts;
pub mod appoint;
pub mod erasure;
pub mod links;
pub mod notices;
pub mod passwords;
pub mod proof;
pub mod registration;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
