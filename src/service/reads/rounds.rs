//! Rounds: opening and closing them, by somebody or by the clock, and what came out of each.
use crate::{
    domain::{
        account::AccountId,
        commitment::{self, Hash},
        framework::{Question, QuestionId, QuestionState},
        permission::{self, Scope},
        recount::BallotFile,
    },
    protocol::{
        problem::{Code, Problem},
        rest::{List, ReceiptView, RoundEntry, RoundView},
    },
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        reads::round_table,
        sight::{seen, views},
    },
    store::RoundRow,
};

fn entry(row: &RoundRow) -> RoundEntry {
    let RoundRow {
        round,
        opened_at,
        closed_at,
        ballots,
        ref root,
        ..
    } = *row;
    RoundEntry {
        round,
        opened_at,
        closed_at,
        ballots,
        root: root.clone(),
    }
}

/// The closed rounds of a question, newest first.
pub async fn list(
    node: &Node,
    account: Option<Asker>,
    id: QuestionId,
) -> Outcome<List<RoundEntry>> {
    let (mut seen, question) = seen::see_question(node, account, id).await?;
    let rounds = seen.reader.rounds(question.id).await?;
    Ok(List {
        items: rounds.iter().map(entry).collect(),
        next: None,
    })
}

/// What came out of a round. A card that was taken from view since is without its title; its
/// numbers stay.
pub async fn view(
    node: &Node,
    account: Option<Asker>,
    id: QuestionId,
    round: u32,
) -> Outcome<RoundView> {
    let (mut seen, question) = seen::see_question(node, account, id).await?;
    let row = seen
        .reader
        .round(question.id, round)
        .await?
        .ok_or_else(Problem::not_found)?;
    let ids: Vec<_> = row.frozen.cards.iter().map(|card| card.id).collect();
    let cards = seen.reader.concessions_of(&ids).await?;
    Ok(views::round(row, &cards, seen.actor.viewer()))
}

/// As [`view`], as CSV: one row per card and camp.
pub async fn table(
    node: &Node,
    account: Option<Asker>,
    id: QuestionId,
    round: u32,
) -> Outcome<String> {
    Ok(round_table::table(&view(node, account, id, round).await?))
}

/// The receipt of somebody's ballot: before the close its commitment alone, then its path to the
/// published root.
pub async fn receipt(
    node: &Node,
    account: AccountId,
    id: QuestionId,
    round: Option<u32>,
) -> Outcome<ReceiptView> {
    let (mut seen, question) = seen::see_question(node, Some(account.into()), id).await?;
    let present = question.round;
    let question = Question {
        round: round.unwrap_or(present),
        ..question
    };
    let ballot = seen.reader.ballot(&question, account).await?;
    if ballot.answers.is_empty() {
        return Err(Problem::not_found().into());
    }
    let leaf = node
        .host
        .counting
        .ballot(&question, account, &ballot)
        .commitment(question.id, question.round);
    let commitment = commitment::hex(leaf);
    let open = ReceiptView {
        question: id,
        round: question.round,
        commitment,
        index: None,
        size: None,
        path: vec![],
        root: None,
    };
    if question.round == present && question.state == QuestionState::Open {
        return Ok(open);
    }
    let leaves = seen
        .reader
        .leaves(question.id, question.round)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(proved(open, &leaf, &hashes(&leaves)))
}

/// The receipt with the leaf's path; without one where the leaf is in no tree, which a voter must
/// be able to see.
fn proved(open: ReceiptView, leaf: &Hash, leaves: &[Hash]) -> ReceiptView {
    let root = Some(commitment::hex(commitment::root(leaves)));
    let found = leaves.iter().position(|other| other == leaf);
    let path = found
        .and_then(|index| commitment::inclusion(leaves, index))
        .unwrap_or_default();
    let small = |number: usize| u32::try_from(number).ok();
    ReceiptView {
        index: found.and_then(small),
        size: small(leaves.len()),
        path: path.iter().map(commitment::hex).collect(),
        root,
        ..open
    }
}

/// The hashes of a text of digests in hexadecimal.
fn hashes(text: &str) -> Vec<Hash> {
    let byte = |pair: &[u8]| {
        std::str::from_utf8(pair)
            .ok()
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .unwrap_or_default()
    };
    let bytes: Vec<u8> = text.as_bytes().chunks(2).map(byte).collect();
    bytes.as_chunks().0.to_vec()
}

/// The ballot file of a closed round, for whom the host named.
pub async fn audit(node: &Node, asker: Asker, id: QuestionId, round: u32) -> Outcome<BallotFile> {
    let (mut seen, question) = seen::see_question(node, Some(asker), id).await?;
    if asker.scope < Scope::Moderate {
        return Err(permission::Refusal::OutsideScope.into());
    }
    if !seen.reader.audits(seen.framework.id, asker.account).await? {
        return Err(Problem::new(
            Code::Forbidden,
            "Ballot files are for the auditors whom the host named.",
        )
        .into());
    }
    let row = seen
        .reader
        .round(question.id, round)
        .await?
        .ok_or_else(Problem::not_found)?;
    let file = node
        .host
        .counting
        .file(
            &mut seen.reader,
            &Question { round, ..question },
            row.frozen,
            row.root,
        )
        .await?;
    // That it was fetched is on record; by whom is between the owner and the auditors.
    tracing::info!(question = %id, round, "an auditor fetched a ballot file");
    metrics::counter!("demarche_ballot_files_fetched").increment(1);
    Ok(file)
}

/// The ballot file of a round, for the operator; of an open round only where that is wanted, with
/// the results as they stand.
pub async fn export(
    node: &Node,
    question: Question,
    round: u32,
    open: bool,
) -> Outcome<BallotFile> {
    let mut reader = node.store.read().await?;
    let question = Question { round, ..question };
    if let Some(row) = reader.round(question.id, round).await? {
        return node
            .host
            .counting
            .file(&mut reader, &question, row.frozen, row.root)
            .await;
    }
    let framework = reader
        .framework(question.framework)
        .await?
        .ok_or_else(Problem::not_found)?;
    if !open {
        return Err(
            Problem::new(Code::Conflict, "This round has not been closed: its ballots may still change. --open exports them all the same.").into()
        );
    }
    Ok(node
        .host
        .counting
        .count(&mut reader, &framework, &question)
        .await?
        .file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_read_as_they_were_written() {
        let leaves: Vec<Hash> = vec![
            [0; 32],
            [255; 32],
            core::array::from_fn(|place| u8::try_from(place).unwrap()),
        ];
        assert_eq!(
            hashes(&leaves.iter().map(commitment::hex).collect::<String>()),
            leaves
        );
        assert_eq!(hashes(""), Vec::<Hash>::new());
    }
}
