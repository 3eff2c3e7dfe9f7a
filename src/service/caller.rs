//! Who asks: an account, the session it came by, and how much of what it may is asked for.
use crate::domain::{account::AccountId, permission::Scope};

/// Who asks: an account and the session it came by.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The session's id.
    pub session: String,
    /// Whether it is a cookie's.
    pub browser: bool,
    /// How much of what its account may it may.
    pub scope: Scope,
}

/// Whoever reads: an account, within a scope.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The account.
    pub account: AccountId,
    /// How much of what it may see is asked for.
    pub scope: Scope,
}

impl From<&Caller> for Asker {
    fn from(caller: &Caller) -> Self {
        Self {
            account: caller.account,
            scope: caller.scope,
        }
    }
}

impl From<AccountId> for Asker {
    fn from(account: AccountId) -> Self {
        Self {
            account,
            scope: Scope::Moderate,
        }
    }
}
