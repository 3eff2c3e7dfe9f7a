//! The scripts that Redis runs, each as a whole: nobody sees half a change.
use redis::Script;

/// What moves a tally, releases it, and sets it as recounted.
pub(super) struct Scripts {
    pub shift: Script,
    pub release: Script,
    pub load: Script,
}

impl Default for Scripts {
    fn default() -> Self {
        Self {
            shift: Script::new(concat!(
                include_str!("../lua/due.lua"),
                include_str!("../lua/move.lua")
            )),
            release: Script::new(concat!(
                include_str!("../lua/due.lua"),
                include_str!("../lua/release.lua")
            )),
            load: Script::new(concat!(
                include_str!("../lua/due.lua"),
                include_str!("../lua/load.lua")
            )),
        }
    }
}
