//! Which permissions a command needs: the one link from commands to the table in
//! `domain/permission.rs`. A command without an action does not compile.
use super::Command;
use crate::domain::{
    permission::{Action, Role},
    text::shows,
};

impl Command {
    /// The actions whoever sends it must be allowed, all of them. What depends on the object (whose
    /// it is, a moderator's limits) is decided where the object is loaded.
    #[must_use]
    pub fn needs(&self) -> &'static [Action] {
        match self {
            Self::Join { .. } | Self::Leave {} => &[Action::Join],
            Self::MarkRead { .. } => &[Action::MarkRead],
            Self::PostThread { .. } | Self::PostComment { .. } | Self::ProposeConcession(_) => {
                &[Action::Post]
            }
            Self::EditComment { .. } | Self::EditConcession(_) | Self::MergeConcession { .. } => {
                &[Action::ChangeOwn]
            }
            Self::DeleteComment { .. } | Self::WithdrawConcession { .. } => &[Action::TakeBack],
            Self::TranslateConcession(_) | Self::ReviewTranslation { .. } => &[Action::Translate],
            // A note is a comment, which others will read.
            Self::AnswerCard {
                note: Some(note), ..
            } if shows(note) => &[Action::Answer, Action::Post],
            Self::DealCards { .. }
            | Self::AnswerCard { .. }
            | Self::WithdrawAnswer { .. }
            | Self::AnswerPoint { .. }
            | Self::SetOrder { .. } => &[Action::Answer],
            // Asking for a look is no posting: like a report, neither a pause nor a sanction stops
            // it.
            Self::Report { .. } | Self::SendToPerson { .. } => &[Action::Report],
            Self::ConfirmScope { .. } => &[Action::ConfirmScope],
            Self::Decide(decide) => decide.action.needs(decide.object.kind()).alone(),
            // Which decision it is, and with that whether it bars somebody, is known once it is
            // loaded.
            Self::SecondDecision { .. } | Self::UndoDecision { .. } | Self::Claim { .. } => {
                &[Action::Moderate]
            }
            Self::Appeal { .. } => &[Action::Appeal],
            Self::DecideAppeal { .. } => &[Action::DecideAppeal],
            Self::SetPace(_) => &[Action::SetPace],
            Self::OpenRound { .. } | Self::CloseRound { .. } | Self::SetClosing { .. } => {
                &[Action::RunRounds]
            }
            Self::Invite(invite) if invite.role >= Role::Moderator => &[Action::Appoint],
            Self::Invite(_) | Self::RevokeInvitation { .. } => &[Action::Invite],
            Self::AcceptInvitation(_) => &[Action::AcceptInvitation],
            Self::SetRole(_) => &[Action::Appoint],
            Self::SetVisibility { .. } => &[Action::SetVisibility],
        }
    }
}
