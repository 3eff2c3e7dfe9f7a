//! What commands do, inside the transaction of their framework's writer: permit, load, decide,
//! write.
pub mod admit;
pub mod answers;
pub mod cards;
pub mod comments;
pub mod erasure;
pub mod holds;
pub mod invitations;
pub mod lane;
pub mod membership;
pub mod merging;
pub mod moderation;
pub mod notes;
pub mod pace;
pub mod roles;
pub mod rounds;
pub mod threads;
pub mod translations;
