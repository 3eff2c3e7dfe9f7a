//! Taking what an account wrote and is out of one framework.
use crate::{
    domain::{
        account::{ERASED, Posts},
        moderation::{Kind, ThingId},
        stream::{EventKind, Stream},
    },
    service::{
        Outcome,
        acts::moderation::{queue, reports},
        content,
        work::Work,
    },
    store::Written,
};

/// Takes what the account that commands wrote and is out of one framework.
pub async fn erase_author(work: &mut Work<'_>, posts: Posts) -> Outcome<()> {
    let (framework, account) = (work.framework.id, work.account.id);
    // Years of somebody's posts take more than a batch has.
    work.tx.take_time().await?;
    let written = work.tx.written(framework, account).await?;
    if posts == Posts::Erase {
        work.tx.wipe_posts(framework, account, &written).await?;
    }
    work.tx.detach(framework, account, ERASED.into()).await?;
    tell_talk(work, &written).await?;
    look_again(work, &written, posts).await?;
    tell_cards(work, &written).await?;
    work.told.boards.extend(written.questions);
    work.told.rights.push(account);
    Ok(())
}

/// Tells of the comments and threads: whoever has any of it on the screen, or in a ring of recent
/// frames, gets it as it is now, empty, or without the name.
async fn tell_talk(work: &mut Work<'_>, written: &Written) -> Outcome<()> {
    for (id, version) in &written.comments {
        let Some(comment) = work.tx.comment(*id).await? else {
            continue;
        };
        work.tell(
            Stream::Public,
            EventKind::CommentChanged,
            id,
            *version,
            content::comment(&comment),
        );
    }
    for (id, _) in &written.threads {
        let Some(thread) = work.tx.thread(*id).await? else {
            continue;
        };
        work.tell(
            Stream::Public,
            EventKind::ThreadChanged,
            id,
            thread.version,
            content::thread(&thread),
        );
    }
    Ok(())
}

/// Looks again at what waits for moderators: of what is empty nothing is left to decide.
async fn look_again(work: &mut Work<'_>, written: &Written, posts: Posts) -> Outcome<()> {
    let comments = written.comments.iter().map(|(id, _)| id.cast());
    let things: Vec<ThingId> = comments
        .chain(written.threads.iter().map(|(id, _)| id.cast()))
        .chain(written.cards.iter().map(|id| id.cast()))
        .collect();
    for some in things.chunks(256) {
        for waiting in work.tx.waiting_of(some).await? {
            if posts == Posts::Erase && waiting.object.kind() != Kind::Thread {
                reports::taken_back(work, waiting.object).await?;
            }
            queue::touch(work, waiting.object).await?;
        }
    }
    Ok(())
}

/// Tells of the cards it wrote, translated or reviewed, as they are now.
async fn tell_cards(work: &mut Work<'_>, written: &Written) -> Outcome<()> {
    let mut cards = [&written.cards[..], &written.translated].concat();
    cards.sort_unstable();
    cards.dedup();
    for id in cards {
        let Some(card) = work.tx.concession(id).await? else {
            continue;
        };
        work.tell(
            Stream::Public,
            EventKind::ConcessionChanged,
            id,
            card.version,
            content::card(&card),
        );
    }
    Ok(())
}
