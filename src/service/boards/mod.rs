//! Boards: what was counted of a question, as much of it as a reader may see, and telling sockets
//! when it moves.
pub mod follow;
pub mod mending;
pub mod opinions;
pub mod released;
pub mod tally;
