//! What came out of a round as a table: one row per card and camp, the same columns in each.
use crate::{
    domain::{
        bridging::{CampNumbers, RealismNumbers},
        csv,
        framework::Camp,
        opinions::SecondOpinions,
        recount::{RankedCard, WaitingCard},
    },
    protocol::rest::RoundView,
};

/// Of the card, the same in each of its rows.
const CARD: &str = "question,round,card,version,title,place,tied,score,badge,held_back_by,likely,maybe,unlikely,approval,consensus,borda,schulze";
/// Of the camp. Numbers below the floor are empty.
const CAMP: &str = "camp,counts_for_order,answered,yes,with_changes,no,cannot_say,low,high,camp_likely,camp_maybe,camp_unlikely,needs";

/// The table as CSV.
#[must_use]
pub fn table(view: &RoundView) -> String {
    let mut rows = vec![
        CARD.split(',')
            .chain(CAMP.split(','))
            .map(str::to_owned)
            .collect::<Vec<String>>(),
    ];
    for card in &view.ranked {
        let about = [
            named(view, card.card),
            placed(card),
            realism(&card.realism),
            opinions(card.second_opinions.as_ref()),
        ]
        .concat();
        let of = |camp: &Camp| numbers(card.camps.get(&camp.key).and_then(Option::as_ref), None);
        rows.extend(
            view.camps
                .iter()
                .map(|camp| [about.clone(), which(camp), of(camp)].concat()),
        );
    }
    for card in &view.waiting {
        let WaitingCard {
            card: id,
            needs,
            realism: said,
            camps,
        } = card;
        let about = [
            named(view, *id),
            vec![String::new(); 5],
            realism(said),
            vec![String::new(); 4],
        ]
        .concat();
        let of = |camp: &Camp| {
            numbers(
                camps.get(&camp.key).and_then(Option::as_ref),
                needs.get(&camp.key).copied(),
            )
        };
        rows.extend(
            view.camps
                .iter()
                .map(|camp| [about.clone(), which(camp), of(camp)].concat()),
        );
    }
    csv::table(&rows)
}

fn named(view: &RoundView, id: crate::domain::concession::ConcessionId) -> Vec<String> {
    let card = view.cards.iter().find(|card| card.id == id);
    let version = card
        .map(|card| card.version.to_string())
        .unwrap_or_default();
    let title = card.and_then(|card| card.title.clone()).unwrap_or_default();
    vec![
        view.question.to_string(),
        view.entry.round.to_string(),
        id.to_string(),
        version,
        title,
    ]
}

fn placed(card: &RankedCard) -> Vec<String> {
    let place = card.rank.map(|rank| rank.to_string()).unwrap_or_default();
    vec![
        place,
        card.tied.to_string(),
        card.bridging.to_string(),
        card.badge.to_string(),
        card.held_back_by.camp.clone(),
    ]
}

fn realism(numbers: &RealismNumbers) -> Vec<String> {
    [numbers.likely, numbers.maybe, numbers.unlikely]
        .map(|count| count.to_string())
        .to_vec()
}

fn opinions(second: Option<&SecondOpinions>) -> Vec<String> {
    let Some(second) = second else {
        return vec![String::new(); 4];
    };
    let borda = second
        .borda
        .map(|borda| borda.to_string())
        .unwrap_or_default();
    vec![
        second.approval.to_string(),
        second.consensus.to_string(),
        borda,
        second.schulze.rank.to_string(),
    ]
}

fn which(camp: &Camp) -> Vec<String> {
    vec![camp.key.clone(), camp.in_score.to_string()]
}

fn numbers(camp: Option<&CampNumbers>, needs: Option<i64>) -> Vec<String> {
    let needs = needs.map(|count| count.to_string()).unwrap_or_default();
    let Some(CampNumbers {
        answered,
        yes,
        with_changes,
        no,
        cannot_say,
        low,
        high,
        realism: said,
    }) = camp
    else {
        return [vec![String::new(); 10], vec![needs]].concat();
    };
    let counts = [answered, yes, with_changes, no, cannot_say]
        .map(ToString::to_string)
        .to_vec();
    [
        counts,
        vec![low.to_string(), high.to_string()],
        realism(said),
        vec![needs],
    ]
    .concat()
}
