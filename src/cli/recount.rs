//! Counting again: every tally of the site, or one ballot file; and writing such a file.
use std::{fs, path::Path};

use crate::{
    cli::aside::Aside,
    clock::Clock,
    domain::{
        framework::{Camp, Framework, Question},
        recount::{BallotFile, Recount},
    },
    server,
    service::{
        Failure, Services,
        boards::{opinions, tally},
        reads::rounds,
    },
    settings::Settings,
};

fn told(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("{}", failure.told())
}

/// Every question and the framework it is asked in.
async fn questions(services: &Services) -> anyhow::Result<Vec<(Framework, Question)>> {
    let mut reader = services.store.read().await?;
    let mut all = vec![];
    for framework in reader.frameworks().await? {
        let questions = reader.questions(framework.id).await?;
        all.extend(
            questions
                .into_iter()
                .map(|question| (framework.clone(), question)),
        );
    }
    Ok(all)
}

/// Recounts every question; with a running tally in Redis, the two must be equal.
pub async fn site(settings: &Settings) -> anyhow::Result<()> {
    let services = server::services(settings, false, Clock::default()).await?;
    if services.live.is_away() {
        println!("Redis does not answer: the running tallies are not compared");
    }
    let mut wrong = 0;
    for (framework, question) in questions(&services).await? {
        let (counted, live) = tally::recount(&services, &question).await.map_err(told)?;
        println!(
            "question {} round {}: {} ballot changes",
            question.key, question.round, counted.at_seq
        );
        for ((camp, card), counter) in &counted.counters {
            let numbers: Vec<String> = counter
                .fields()
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            println!("  {card} {camp}: {}", numbers.join(", "));
        }
        second_opinions(&services, &question, &framework.camps).await?;
        if let Some(live) = live.filter(|live| live.at_seq == counted.at_seq) {
            let agrees = live == counted;
            println!(
                "  the live tally at {} {}",
                live.at_seq,
                if agrees { "agrees" } else { "DIFFERS" }
            );
            wrong += usize::from(!agrees);
        }
    }
    if wrong > 0 {
        anyhow::bail!("{wrong} live tallies differ from their ballots")
    } else {
        Ok(())
    }
}

/// Prints what other ways of counting say of a question, and what would unfreeze its point.
async fn second_opinions(
    services: &Services,
    question: &Question,
    camps: &[Camp],
) -> anyhow::Result<()> {
    let mut reader = services.store.read().await?;
    let cards = reader.ranked_cards(question.id).await?;
    let counted = opinions::count(&mut reader, question, &cards, camps, services.options.rules)
        .await
        .map_err(told)?;
    for item in &counted.board.items {
        let Some(said) = counted.opinions.get(&item.concession) else {
            continue;
        };
        let borda = said
            .borda
            .map_or_else(|| "-".into(), |borda| format!("{borda:.6}"));
        let (approval, consensus, schulze) = (said.approval, said.consensus, said.schulze.rank);
        println!(
            "  {} second opinions: approval {approval:.6}, consensus {consensus:.6}, borda {borda}, schulze {schulze}",
            item.concession
        );
    }
    for (card, measure) in &counted.unfreeze {
        for (camp, found) in measure
            .camps
            .iter()
            .filter_map(|(camp, found)| found.map(|found| (camp, found)))
        {
            println!(
                "  {card} {camp} unfreezes: {:+.6}, {:+.6} to {:+.6}, n {:.3}",
                found.difference, found.low, found.high, found.n
            );
        }
    }
    Ok(())
}

/// Recounts a ballot file from itself alone; it is an error if anything differs from what was
/// published.
pub fn file(path: &Path) -> anyhow::Result<()> {
    let text =
        fs::read_to_string(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    let file: BallotFile = serde_json::from_str(&text)
        .map_err(|error| anyhow::anyhow!("{}: no ballot file: {error}", path.display()))?;
    let Recount {
        results,
        root,
        differences,
    } = file.recount();
    println!(
        "question {} round {}: {} ballots, {} cards",
        file.question,
        file.round,
        file.ballots.len(),
        file.cards.len()
    );
    for (camp, count) in &results.voters {
        println!("  {camp}: {count} people");
    }
    for card in &results.ranked {
        let place = card
            .rank
            .map_or_else(|| "-".into(), |rank| rank.to_string());
        println!(
            "  {place:>3}  {}  score {:.4}  held back by {}",
            card.card, card.bridging, card.held_back_by.camp
        );
    }
    println!(
        "  {} cards had too few answers\n  root {root}",
        results.waiting.len()
    );
    for difference in &differences {
        println!("{difference}");
    }
    if differences.is_empty() {
        println!("every number is as published");
        Ok(())
    } else {
        anyhow::bail!("{} differences", differences.len())
    }
}

/// Which round to write.
pub struct Wanted<'a> {
    /// The question's key.
    pub key: &'a str,
    /// The framework's name in addresses, where several ask a question of this key.
    pub framework: Option<&'a str>,
    /// The round.
    pub round: u32,
    /// Whether an open round will do.
    pub open: bool,
}

/// Writes the ballot file of a round.
pub async fn export(settings: &Settings, wanted: Wanted<'_>, path: &Path) -> anyhow::Result<()> {
    let services = server::services(settings, false, Clock::default()).await?;
    let fits = |(framework, question): &(Framework, Question)| {
        question.key == wanted.key && wanted.framework.is_none_or(|slug| framework.slug == slug)
    };
    let mut found: Vec<_> = questions(&services)
        .await?
        .into_iter()
        .filter(fits)
        .collect();
    let Some((_, question)) = found.pop() else {
        anyhow::bail!("--question: there is no question {}", wanted.key)
    };
    if !found.is_empty() {
        anyhow::bail!(
            "--question: several frameworks ask {}; name one with --framework",
            wanted.key
        );
    }
    if wanted.round == 0 || wanted.round > question.round {
        anyhow::bail!(
            "--round: question {} is in round {}",
            wanted.key,
            question.round
        );
    }
    let file = rounds::export(&services, question, wanted.round, wanted.open)
        .await
        .map_err(told)?;
    // It holds every ballot: for its owner's eyes, and never over something that is there.
    let aside = Aside::begin(path)?;
    fs::write(aside.path(), serde_json::to_vec(&file)?)?;
    aside.finish()?;
    println!(
        "written: {} ({} ballots); hand it to the auditors alone",
        path.display(),
        file.ballots.len()
    );
    Ok(())
}
