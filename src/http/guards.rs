//! What guards each route: the source of `docs/permissions.md`. The handlers do not read it; a test holds it against the routes
//! there are, and asks the guarded ones.
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

/// Every route under `/api/v1`: method, path, guard.
#[rustfmt::skip]
pub const ROUTES: &[(&str, &str, Guard)] = &[
    ("POST", "/accounts", Guard::Anyone),
    ("DELETE", "/comments/{id}", Guard::Command("delete_comment")),
    ("GET", "/comments/{id}", Guard::Action(Action::Read)),
    ("PATCH", "/comments/{id}", Guard::Command("edit_comment")),
    ("GET", "/comments/{id}/versions", Guard::Action(Action::Read)),
    ("DELETE", "/concessions/{id}", Guard::Command("withdraw_concession")),
    ("GET", "/concessions/{id}", Guard::Action(Action::Read)),
    ("PATCH", "/concessions/{id}", Guard::Command("edit_concession")),
    ("DELETE", "/concessions/{id}/answer", Guard::Command("withdraw_answer")),
    ("PUT", "/concessions/{id}/answer", Guard::Command("answer_card")),
    ("POST", "/concessions/{id}/merge", Guard::Command("merge_concession")),
    ("POST", "/concessions/{id}/person", Guard::Command("send_to_person")),
    ("GET", "/concessions/{id}/scope", Guard::Action(Action::Read)),
    ("PUT", "/concessions/{id}/scope", Guard::Command("confirm_scope")),
    ("GET", "/concessions/{id}/threads", Guard::Action(Action::Read)),
    ("POST", "/concessions/{id}/threads", Guard::Command("post_thread")),
    ("POST", "/concessions/{id}/translations", Guard::Command("translate_concession")),
    ("PUT", "/concessions/{id}/translations/{translation}/review", Guard::Command("review_translation")),
    ("GET", "/concessions/{id}/versions", Guard::Action(Action::Read)),
    ("GET", "/frameworks", Guard::Anyone),
    ("GET", "/frameworks/{slug}", Guard::Action(Action::Read)),
    ("GET", "/frameworks/{slug}/appointments", Guard::Action(Action::Read)),
    ("GET", "/frameworks/{slug}/changes", Guard::Action(Action::Read)),
    ("GET", "/frameworks/{slug}/invitations", Guard::Action(Action::SeeTeam)),
    ("POST", "/frameworks/{slug}/invitations", Guard::Command("invite")),
    ("DELETE", "/frameworks/{slug}/invitations/{id}", Guard::Command("revoke_invitation")),
    ("DELETE", "/frameworks/{slug}/membership", Guard::Command("leave")),
    ("POST", "/frameworks/{slug}/membership", Guard::Command("join")),
    ("GET", "/frameworks/{slug}/moderation-log", Guard::Action(Action::Read)),
    ("GET", "/frameworks/{slug}/points/{number}", Guard::Action(Action::Read)),
    ("PUT", "/frameworks/{slug}/points/{number}/read", Guard::Command("mark_read")),
    ("GET", "/frameworks/{slug}/points/{number}/threads", Guard::Action(Action::Read)),
    ("POST", "/frameworks/{slug}/points/{number}/threads", Guard::Command("post_thread")),
    ("GET", "/frameworks/{slug}/revisions/{number}", Guard::Action(Action::Read)),
    ("GET", "/frameworks/{slug}/scope-ledger", Guard::Action(Action::Read)),
    ("GET", "/frameworks/{slug}/team", Guard::Action(Action::SeeTeam)),
    ("PUT", "/frameworks/{slug}/team/{account}", Guard::Command("set_role")),
    ("PUT", "/frameworks/{slug}/visibility", Guard::Command("set_visibility")),
    ("POST", "/invitations/accept", Guard::Command("accept_invitation")),
    ("POST", "/invitations/preview", Guard::Anyone),
    ("GET", "/me", Guard::Account),
    ("PATCH", "/me", Guard::Account),
    ("POST", "/me/password", Guard::Account),
    ("GET", "/me/posts", Guard::Account),
    ("DELETE", "/me/sessions", Guard::Account),
    ("GET", "/me/sessions", Guard::Account),
    ("DELETE", "/me/sessions/{id}", Guard::Account),
    ("POST", "/me/tokens", Guard::Account),
    ("DELETE", "/me/tokens/{id}", Guard::Account),
    ("POST", "/moderation/decisions", Guard::Command("decide")),
    ("GET", "/moderation/queue", Guard::Action(Action::SeeHidden)),
    ("GET", "/pages/{key}", Guard::Anyone),
    ("POST", "/password-resets", Guard::Anyone),
    ("GET", "/questions/{id}/ballot", Guard::Own),
    ("POST", "/questions/{id}/close", Guard::Command("close_round")),
    ("PUT", "/questions/{id}/closing", Guard::Command("set_closing")),
    ("GET", "/questions/{id}/concessions", Guard::Action(Action::Read)),
    ("POST", "/questions/{id}/concessions", Guard::Command("propose_concession")),
    ("POST", "/questions/{id}/deal", Guard::Command("deal_cards")),
    ("GET", "/questions/{id}/opinions", Guard::Action(Action::Read)),
    ("PUT", "/questions/{id}/order", Guard::Command("set_order")),
    ("PUT", "/questions/{id}/point-answer", Guard::Command("answer_point")),
    ("GET", "/questions/{id}/receipt", Guard::Own),
    ("GET", "/questions/{id}/rounds", Guard::Action(Action::Read)),
    ("POST", "/questions/{id}/rounds", Guard::Command("open_round")),
    ("GET", "/questions/{id}/rounds/{round}", Guard::Action(Action::Read)),
    ("GET", "/questions/{id}/rounds/{round}/ballots", Guard::Auditor),
    ("POST", "/questions/{id}/scope-check", Guard::Action(Action::Read)),
    ("POST", "/questions/{id}/similar", Guard::SignedIn),
    ("GET", "/questions/{id}/tally", Guard::Action(Action::Read)),
    ("POST", "/reports", Guard::Command("report")),
    ("GET", "/scope-rules", Guard::Anyone),
    ("DELETE", "/session", Guard::Account),
    ("POST", "/session", Guard::Anyone),
    ("GET", "/site", Guard::Anyone),
    ("GET", "/threads/{id}", Guard::Action(Action::Read)),
    ("POST", "/threads/{id}/comments", Guard::Command("post_comment")),
];
