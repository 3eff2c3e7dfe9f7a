//! The words by which clients name commands.
use super::Command;

impl Command {
    /// Every command's `type`. Any other word is refused as `unknown_command`.
    pub const TYPES: &'static [&'static str] = &[
        "join",
        "leave",
        "mark_read",
        "post_thread",
        "post_comment",
        "edit_comment",
        "delete_comment",
        "propose_concession",
        "edit_concession",
        "withdraw_concession",
        "merge_concession",
        "translate_concession",
        "review_translation",
        "send_to_person",
        "confirm_scope",
        "deal_cards",
        "answer_card",
        "withdraw_answer",
        "answer_point",
        "set_order",
        "report",
        "decide",
        "second_decision",
        "undo_decision",
        "claim",
        "appeal",
        "decide_appeal",
        "open_round",
        "close_round",
        "set_closing",
        "set_pace",
        "invite",
        "accept_invitation",
        "revoke_invitation",
        "set_role",
        "set_visibility",
    ];
}
