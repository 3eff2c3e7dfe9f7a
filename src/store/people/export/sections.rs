//! The parts of an export. `SECTIONS` and `LEFT_OUT` name every column that refers to an account; a
//! test walks the schema and fails where one is in neither.

/// One part of an export: the rows of a table that are somebody's.
pub struct Section {
    /// Its name in the file.
    pub name: &'static str,
    /// The table.
    pub(super) table: &'static str,
    /// Which rows; `$1` is the account.
    pub(super) whose: &'static str,
    /// What is told of them.
    pub(super) columns: &'static str,
}

const fn section(
    name: &'static str,
    table: &'static str,
    whose: &'static str,
    columns: &'static str,
) -> Section {
    Section {
        name,
        table,
        whose,
        columns,
    }
}

/// The parts, in the order of the file.
pub const SECTIONS: &[Section] = &[
    section(
        "account",
        "account",
        "id = $1",
        "id handle display_name admin vouched sample locale created_at",
    ),
    section(
        "sessions",
        "session",
        "account = $1",
        "id kind name recovered created_at expires_at scope",
    ),
    section("reset_links", "link", "account = $1", "kind expires_at"),
    section(
        "memberships",
        "membership",
        "account = $1",
        "framework joined camp role camp_changed_at remit alias appointed_at",
    ),
    section(
        "audits",
        "auditor",
        "account = $1",
        "framework appointed_at",
    ),
    section(
        "threads",
        "thread",
        "author = $1",
        "id framework point concession title state version comments last_at created_at merged_into",
    ),
    section(
        "comments",
        "comment",
        "author = $1",
        "id framework thread parent depth kind body html language state version created_at edited_at replies",
    ),
    section(
        "comment_versions",
        "comment_version",
        "comment IN (SELECT id FROM comment WHERE author = $1)",
        "comment version body html at",
    ),
    section(
        "cards",
        "concession",
        "author = $1",
        "id framework question title body html in_return verifier deadline receivers category points sources language state version \
         material sample created_at opens_at fixed edited_at merged_into grew_out_of line",
    ),
    section(
        "card_versions",
        "concession_version",
        "concession IN (SELECT id FROM concession WHERE author = $1)",
        "concession version title body html in_return verifier deadline at",
    ),
    section(
        "card_holds",
        "scope_hold",
        "concession IN (SELECT id FROM concession WHERE author = $1)",
        "concession held_by held_at queued_at",
    ),
    section(
        "card_steps",
        "scope_step",
        "concession IN (SELECT id FROM concession WHERE author = $1)",
        "concession version step camp at",
    ),
    section(
        "translations",
        "translation",
        "author = $1",
        "id concession language version title body html in_return verifier deadline state at",
    ),
    section(
        "translations_reviewed",
        "translation",
        "reviewer = $1",
        "id concession language version state at",
    ),
    section(
        "ballots",
        "ballot",
        "account = $1",
        "question round tiers accepts accepts_camp accepts_weight",
    ),
    section(
        "seats",
        "seat",
        "account = $1",
        "question round camp weight",
    ),
    section(
        "answers",
        "answer",
        "account = $1",
        "question round concession version camp acceptance realism unfreezes dealt weight at",
    ),
    section(
        "answer_notes",
        "answer_note",
        "account = $1",
        "concession comment",
    ),
    section(
        "deals",
        "deal",
        "account = $1",
        "question round concession camp weight expires_at",
    ),
    section(
        "redeemed_hands",
        "redeemed_hand",
        "account = $1",
        "question round",
    ),
    section(
        "read_marks",
        "read_mark",
        "account = $1",
        "framework point seq at",
    ),
    section(
        "translations_found_true",
        "translation_review",
        "account = $1",
        "translation camp at",
    ),
    section(
        "scope_opinions",
        "scope_opinion",
        "account = $1",
        "concession version camp territorial cleared at",
    ),
    section(
        "reports",
        "report",
        "account = $1",
        "id framework kind object reason note closed_by taken_back_at at",
    ),
    section(
        "decisions_about_reports",
        "decision",
        "id IN (SELECT closed_by FROM report WHERE account = $1)",
        "id framework kind object action rule facts until automated target at",
    ),
    section(
        "reports_about_the_account",
        "report",
        "object = $1",
        "framework reason closed_by taken_back_at at",
    ),
    section(
        "decisions_about_you",
        "decision",
        "addressee = $1 OR object = $1",
        "id framework kind object action rule facts until automated target at",
    ),
    section(
        "decisions_by_you",
        "decision",
        "moderator = $1",
        "id framework kind object action rule facts until automated target at",
    ),
    section(
        "decisions_you_agreed_to",
        "decision",
        "seconded_by = $1",
        "id framework kind object action rule facts until automated target at state",
    ),
    section(
        "invitations_you_made",
        "invitation",
        "created_by = $1",
        "id framework role camp remit uses used created_at expires_at revoked_at",
    ),
    section(
        "rights_changed",
        "rights_change",
        "subject = 'account/' || $1",
        "at",
    ),
    section(
        "appeals",
        "appeal",
        "account = $1",
        "id framework decision statement at state answer decided_at",
    ),
    section(
        "appeals_you_decided",
        "appeal",
        "decided_by = $1",
        "id framework decision statement at state answer decided_at",
    ),
    section(
        "things_you_opened_as_a_moderator",
        "item_access",
        "account = $1",
        "framework kind object at",
    ),
    section(
        "looks_at_your_account",
        "item_access",
        "object = $1",
        "framework at",
    ),
    section(
        "things_you_took_up",
        "queue_item",
        "claimed_by = $1",
        "framework kind object claimed_until",
    ),
    section(
        "your_place_in_the_queue",
        "queue_item",
        "object = $1",
        "framework because opened_at",
    ),
    section(
        "second_factor",
        "second_factor",
        "account = $1",
        "confirmed_at last_step",
    ),
    section(
        "sanctions",
        "sanction",
        "account = $1",
        "framework until decision",
    ),
    section("commands", "command", "account = $1", "id epoch stream seq"),
    section(
        "changes",
        "change",
        "actor = $1",
        "framework stream seq kind object version at command",
    ),
    section(
        "own_stream",
        "change",
        "stream = 'account/' || $1",
        "framework stream seq kind object version at command",
    ),
    section(
        "own_stream_heads",
        "stream",
        "name = 'account/' || $1",
        "framework name seq",
    ),
    section("erasure", "erasure", "account = $1", "posts asked_at"),
];

/// Columns that refer to an account and of which the file says nothing, each with the reason.
pub const LEFT_OUT: &[(&str, &str, &str)] = &[
    (
        "recovery_code",
        "account",
        "only hashes of secrets are kept, and they stay secret",
    ),
    (
        "command",
        "result",
        "pointers to what the other sections tell, or the hand that somebody else was dealt, as it was dealt",
    ),
];

/// Columns that refer to an account, and the section that tells of them.
pub const TOLD: &[(&str, &str, &str)] = &[
    ("account", "id", "account"),
    ("session", "account", "sessions"),
    ("link", "account", "reset_links"),
    ("membership", "account", "memberships"),
    ("auditor", "account", "audits"),
    ("thread", "author", "threads"),
    ("comment", "author", "comments"),
    ("concession", "author", "cards"),
    ("translation", "author", "translations"),
    ("translation", "reviewer", "translations_reviewed"),
    ("ballot", "account", "ballots"),
    ("seat", "account", "seats"),
    ("answer", "account", "answers"),
    ("answer_note", "account", "answer_notes"),
    ("deal", "account", "deals"),
    ("redeemed_hand", "account", "redeemed_hands"),
    ("read_mark", "account", "read_marks"),
    ("translation_review", "account", "translations_found_true"),
    ("scope_opinion", "account", "scope_opinions"),
    ("report", "account", "reports"),
    ("report", "object", "reports_about_the_account"),
    ("decision", "object", "decisions_about_you"),
    ("decision", "addressee", "decisions_about_you"),
    ("decision", "moderator", "decisions_by_you"),
    ("decision", "seconded_by", "decisions_you_agreed_to"),
    ("invitation", "created_by", "invitations_you_made"),
    ("rights_change", "subject", "rights_changed"),
    ("appeal", "account", "appeals"),
    ("appeal", "decided_by", "appeals_you_decided"),
    ("item_access", "account", "things_you_opened_as_a_moderator"),
    ("item_access", "object", "looks_at_your_account"),
    ("queue_item", "claimed_by", "things_you_took_up"),
    ("queue_item", "object", "your_place_in_the_queue"),
    ("second_factor", "account", "second_factor"),
    ("sanction", "account", "sanctions"),
    ("command", "account", "commands"),
    ("command", "stream", "commands"),
    ("change", "actor", "changes"),
    ("change", "stream", "own_stream"),
    ("stream", "name", "own_stream_heads"),
    ("erasure", "account", "erasure"),
];
