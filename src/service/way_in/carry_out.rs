//! From a command to the act that carries it out.
use crate::{
    protocol::{command::Command, problem::Problem, rest::CommandResult},
    service::{
        Outcome,
        acts::{
            answers, cards, comments, invitations, lane, membership, merging,
            moderation::{appeals, decisions, queue, reports, reversal},
            pace, roles, rounds, threads, translations,
        },
        work::Work,
    },
};

/// Carries out a command.
pub async fn carry_out(work: &mut Work<'_>, command: Command) -> Outcome<CommandResult> {
    // A link leads into a framework one may not read yet.
    let invited = matches!(command, Command::AcceptInvitation(_));
    if !work.actor.enters(work.framework.public) && !invited {
        return Err(Problem::not_found().into());
    }
    for action in command.needs() {
        work.permit(*action)?;
    }
    match command {
        Command::Join { camp, consent } => membership::join(work, camp, consent).await,
        Command::Leave {} => membership::leave(work).await,
        Command::MarkRead { point, seq } => membership::mark_read(work, point, seq).await,
        Command::PostThread {
            point,
            concession,
            title,
            body,
            kind,
            language,
        } => {
            let first = comments::Words {
                body,
                kind,
                language,
            };
            threads::post_thread(work, point, concession, &title, first).await
        }
        Command::PostComment {
            thread,
            body,
            kind,
            parent,
            language,
        } => comments::post_comment(
            work,
            thread,
            parent,
            comments::Words {
                body,
                kind,
                language,
            },
        ),
        Command::EditComment {
            comment,
            version,
            body,
            kind,
        } => comments::edit_comment(work, comment, version, body, kind).await,
        Command::DeleteComment { comment } => comments::delete_comment(work, comment).await,
        Command::ProposeConcession(proposal) => cards::propose(work, *proposal).await,
        Command::EditConcession(edit) => cards::edit(work, edit).await,
        Command::WithdrawConcession { concession } => cards::withdraw(work, concession).await,
        Command::MergeConcession { from, into } => merging::merge(work, from, into).await,
        Command::TranslateConcession(translation) => {
            translations::translate(work, translation).await
        }
        Command::ReviewTranslation {
            concession,
            translation,
            accepts,
        } => translations::review(work, concession, translation, accepts).await,
        Command::SendToPerson { concession } => lane::send_to_person(work, concession).await,
        Command::ConfirmScope {
            concession,
            version,
            territorial,
        } => lane::confirm(work, concession, version, territorial).await,
        Command::DealCards { question } => answers::deal(work, question).await,
        Command::AnswerCard {
            concession,
            version,
            acceptance,
            realism,
            unfreezes,
            deal,
            note,
        } => {
            let given = answers::Given {
                version,
                acceptance,
                realism,
                unfreezes,
                deal,
                note,
            };
            answers::answer(work, concession, given).await
        }
        Command::WithdrawAnswer { concession } => answers::withdraw(work, concession),
        Command::AnswerPoint { question, accepts } => {
            answers::answer_point(work, question, accepts)
        }
        Command::SetOrder { question, tiers } => answers::set_order(work, question, tiers),
        Command::Report {
            object,
            reason,
            note,
        } => reports::report(work, object, reason, note).await,
        Command::Decide(decide) => decisions::decide(work, decide).await,
        Command::SecondDecision {
            decision,
            agrees,
            seen,
        } => decisions::second(work, &decision, agrees, seen.as_deref()).await,
        Command::UndoDecision { decision } => reversal::undo(work, &decision).await,
        Command::Claim { object, release } => {
            queue::claim(work, object, release.unwrap_or(false)).await
        }
        Command::Appeal {
            decision,
            statement,
        } => appeals::appeal(work, decision, &statement).await,
        Command::DecideAppeal {
            appeal,
            reverse,
            answer,
        } => appeals::decide(work, &appeal, reverse, &answer).await,
        Command::OpenRound {
            question,
            reveal,
            closes_at,
        } => rounds::open(work, question, reveal, closes_at).await,
        Command::CloseRound { question } => rounds::close(work, question).await,
        Command::SetClosing {
            question,
            closes_at,
        } => rounds::set_closing(work, question, closes_at).await,
        Command::SetPace(order) => pace::set(work, order).await,
        Command::Invite(invite) => invitations::invite(work, invite).await,
        Command::AcceptInvitation(accepted) => invitations::accept(work, accepted).await,
        Command::RevokeInvitation { id } => invitations::revoke(work, &id).await,
        Command::SetRole(wanted) => roles::set_role(work, wanted).await,
        Command::SetVisibility { public } => roles::set_visibility(work, public).await,
    }
}
