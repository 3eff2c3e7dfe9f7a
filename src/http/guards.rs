//! What guards each route: the source of `docs/permissions.md`. The handlers do not read it; a test
//! holds it against the routes there are, and asks the guarded ones.
use crate::domain::permission::Action;

/// What lets somebody use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing: it is about the site, or proves itself by a secret.
    Anyone,
    /// A session: it is about the account that asks.
    Account,
    /// A session, and sight of the framework; it tells only of the account that asks.
    Own,
    /// A session, and sight of the framework.
    SignedIn,
    /// An action.
    Action(Action),
    /// What the command of this `type` needs.
    Command(&'static str),
    /// Being named an auditor on the command line, which no role is.
    Auditor,
}

/// A route under `/api/v1`.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What lets somebody use it.
    pub guard: Guard,
    /// Whether it goes through all that ever was decided or proposed, and costs more with every
    /// year: it has a budget of its own.
    pub whole: bool,
}

const fn route(method: &'static str, path: &'static str, guard: Guard) -> Route {
    Route {
        method,
        path,
        guard,
        whole: false,
    }
}

const fn whole(path: &'static str, guard: Guard) -> Route {
    Route {
        whole: true,
        ..route("GET", path, guard)
    }
}

/// Every route under `/api/v1`.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", "/accounts", Guard::Anyone),
    route("POST", "/appeals", Guard::Command("appeal")),
    route("POST", "/appeals/{id}/decision", Guard::Command("decide_appeal")),
    route("DELETE", "/comments/{id}", Guard::Command("delete_comment")),
    route("GET", "/comments/{id}", Guard::Action(Action::Read)),
    route("PATCH", "/comments/{id}", Guard::Command("edit_comment")),
    route("GET", "/comments/{id}/versions", Guard::Action(Action::Read)),
    route("DELETE", "/concessions/{id}", Guard::Command("withdraw_concession")),
    route("GET", "/concessions/{id}", Guard::Action(Action::Read)),
    route("PATCH", "/concessions/{id}", Guard::Command("edit_concession")),
    route("DELETE", "/concessions/{id}/answer", Guard::Command("withdraw_answer")),
    route("PUT", "/concessions/{id}/answer", Guard::Command("answer_card")),
    route("POST", "/concessions/{id}/merge", Guard::Command("merge_concession")),
    route("POST", "/concessions/{id}/person", Guard::Command("send_to_person")),
    route("GET", "/concessions/{id}/scope", Guard::Action(Action::Read)),
    route("PUT", "/concessions/{id}/scope", Guard::Command("confirm_scope")),
    route("GET", "/concessions/{id}/threads", Guard::Action(Action::Read)),
    route("POST", "/concessions/{id}/threads", Guard::Command("post_thread")),
    route("POST", "/concessions/{id}/translations", Guard::Command("translate_concession")),
    route("PUT", "/concessions/{id}/translations/{translation}/review", Guard::Command("review_translation")),
    route("GET", "/concessions/{id}/versions", Guard::Action(Action::Read)),
    route("GET", "/frameworks", Guard::Anyone),
    route("GET", "/frameworks/{slug}", Guard::Action(Action::Read)),
    route("GET", "/frameworks/{slug}/appointments", Guard::Action(Action::Read)),
    route("GET", "/frameworks/{slug}/changes", Guard::Action(Action::Read)),
    route("GET", "/frameworks/{slug}/checkpoints", Guard::Action(Action::Read)),
    route("GET", "/frameworks/{slug}/invitations", Guard::Action(Action::SeeTeam)),
    route("POST", "/frameworks/{slug}/invitations", Guard::Command("invite")),
    route("DELETE", "/frameworks/{slug}/invitations/{id}", Guard::Command("revoke_invitation")),
    route("DELETE", "/frameworks/{slug}/membership", Guard::Command("leave")),
    route("POST", "/frameworks/{slug}/membership", Guard::Command("join")),
    route("GET", "/frameworks/{slug}/moderation-log", Guard::Action(Action::Read)),
    whole("/frameworks/{slug}/moderation-log.csv", Guard::Action(Action::Read)),
    whole("/frameworks/{slug}/moderation-log.json", Guard::Action(Action::Read)),
    whole("/frameworks/{slug}/moderation-record", Guard::Action(Action::Read)),
    route("PUT", "/frameworks/{slug}/pace", Guard::Command("set_pace")),
    route("GET", "/frameworks/{slug}/points/{number}", Guard::Action(Action::Read)),
    route("PUT", "/frameworks/{slug}/points/{number}/read", Guard::Command("mark_read")),
    route("GET", "/frameworks/{slug}/points/{number}/threads", Guard::Action(Action::Read)),
    route("POST", "/frameworks/{slug}/points/{number}/threads", Guard::Command("post_thread")),
    route("GET", "/frameworks/{slug}/revisions/{number}", Guard::Action(Action::Read)),
    whole("/frameworks/{slug}/scope-ledger", Guard::Action(Action::Read)),
    route("GET", "/frameworks/{slug}/team", Guard::Action(Action::SeeTeam)),
    route("PUT", "/frameworks/{slug}/team/{account}", Guard::Command("set_role")),
    route("PUT", "/frameworks/{slug}/visibility", Guard::Command("set_visibility")),
    route("POST", "/invitations/accept", Guard::Command("accept_invitation")),
    route("POST", "/invitations/preview", Guard::Anyone),
    route("DELETE", "/me", Guard::Account),
    route("GET", "/me", Guard::Account),
    route("PATCH", "/me", Guard::Account),
    route("GET", "/me/export", Guard::Account),
    route("POST", "/me/password", Guard::Account),
    route("GET", "/me/posts", Guard::Account),
    route("POST", "/me/recovery-codes", Guard::Account),
    route("GET", "/me/reports", Guard::Account),
    route("DELETE", "/me/second-factor", Guard::Account),
    route("POST", "/me/second-factor", Guard::Account),
    route("PUT", "/me/second-factor", Guard::Account),
    route("DELETE", "/me/sessions", Guard::Account),
    route("GET", "/me/sessions", Guard::Account),
    route("DELETE", "/me/sessions/{id}", Guard::Account),
    route("POST", "/me/tokens", Guard::Account),
    route("DELETE", "/me/tokens/{id}", Guard::Account),
    route("POST", "/moderation/decisions", Guard::Command("decide")),
    route("DELETE", "/moderation/decisions/{id}", Guard::Command("undo_decision")),
    route("POST", "/moderation/decisions/{id}/second", Guard::Command("second_decision")),
    route("GET", "/moderation/items/{kind}/{id}", Guard::Action(Action::SeeRemoved)),
    route("DELETE", "/moderation/items/{kind}/{id}/claim", Guard::Command("claim")),
    route("PUT", "/moderation/items/{kind}/{id}/claim", Guard::Command("claim")),
    route("GET", "/moderation/queue", Guard::Action(Action::SeeHidden)),
    route("POST", "/notices", Guard::Anyone),
    route("POST", "/notices/outcome", Guard::Anyone),
    route("GET", "/pages/{key}", Guard::Anyone),
    route("POST", "/password-resets", Guard::Anyone),
    route("GET", "/questions/{id}/ballot", Guard::Own),
    route("POST", "/questions/{id}/close", Guard::Command("close_round")),
    route("PUT", "/questions/{id}/closing", Guard::Command("set_closing")),
    route("GET", "/questions/{id}/concessions", Guard::Action(Action::Read)),
    route("POST", "/questions/{id}/concessions", Guard::Command("propose_concession")),
    route("POST", "/questions/{id}/deal", Guard::Command("deal_cards")),
    route("GET", "/questions/{id}/opinions", Guard::Action(Action::Read)),
    route("PUT", "/questions/{id}/order", Guard::Command("set_order")),
    route("PUT", "/questions/{id}/point-answer", Guard::Command("answer_point")),
    route("GET", "/questions/{id}/receipt", Guard::Own),
    route("GET", "/questions/{id}/rounds", Guard::Action(Action::Read)),
    route("POST", "/questions/{id}/rounds", Guard::Command("open_round")),
    route("GET", "/questions/{id}/rounds/{round}", Guard::Action(Action::Read)),
    route("GET", "/questions/{id}/rounds/{round}/ballots", Guard::Auditor),
    route("POST", "/questions/{id}/scope-check", Guard::Action(Action::Read)),
    route("POST", "/questions/{id}/similar", Guard::SignedIn),
    route("GET", "/questions/{id}/tally", Guard::Action(Action::Read)),
    route("POST", "/reports", Guard::Command("report")),
    route("GET", "/scope-rules", Guard::Anyone),
    route("GET", "/search", Guard::Anyone),
    route("DELETE", "/session", Guard::Account),
    route("POST", "/session", Guard::Anyone),
    route("GET", "/site", Guard::Anyone),
    route("GET", "/threads/{id}", Guard::Action(Action::Read)),
    route("POST", "/threads/{id}/comments", Guard::Command("post_comment")),
];
