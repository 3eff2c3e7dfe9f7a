//! What no door asks for: what the program does in an account's name, and what the site does
//! without one.
use crate::{
    domain::permission::{Actor, Role},
    service::{
        Outcome,
        acts::{
            cards, erasure,
            moderation::{notices, queue},
            roles, rounds, translations,
        },
        way_in::job::{Errand, SiteAct},
        work::{Site, Work},
    },
};

/// Runs an errand.
pub(crate) async fn run(work: &mut Work<'_>, errand: &Errand) -> Outcome<()> {
    let (name, done) = match errand {
        Errand::Erase(posts) => return erasure::erase_author(work, *posts).await,
        Errand::Card(name, _) | Errand::Translation(name, _)
            if work.tx.site_value(name).await?.is_some() =>
        {
            return Ok(());
        }
        Errand::Card(name, card) => {
            take_part(work);
            (name, cards::insert(work, (**card).clone()).await?.id)
        }
        Errand::Translation(name, translation) => {
            take_part(work);
            let concession = translation.concession;
            translations::translate(work, (**translation).clone()).await?;
            (name, concession)
        }
    };
    work.tx.site_value_or(name, &done.to_string()).await?;
    Ok(())
}

/// What a file brings was judged before it came: whoever is named as its author takes part and is
/// nobody new.
fn take_part(work: &mut Work<'_>) {
    let account = Some(work.account.id);
    work.actor = Actor {
        account,
        role: Role::Participant,
        standing: true,
        ..Actor::anonymous()
    };
}

/// Does what the site does.
pub(crate) async fn of_site(site: &mut Site<'_>, act: SiteAct) -> Outcome<()> {
    match act {
        SiteAct::Close(question) => rounds::close_due(site, question).await,
        SiteAct::Notice(notice) => notices::take(site, *notice).await,
        SiteAct::Appoint(account, role) => roles::appoint(site, account, role).await,
        SiteAct::Explain(object) => queue::explain(site, object).await,
    }
}
