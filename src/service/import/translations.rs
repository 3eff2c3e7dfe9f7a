//! Translations that come with cards: shown as imported, not reviewed.
use crate::{
    domain::{
        account::AccountId,
        concession::{ConcessionId, texts},
        scope::{Verdict, judge_texts},
        text::{self, Check, Fault, LANGUAGES},
    },
    protocol::{command::TranslateConcession, problem::Code},
    service::{
        Outcome, Services,
        import::{
            files::CardFile,
            put::{Target, named_id},
        },
        way_in::job::Errand,
    },
};

/// Everything that is wrong with a card's translations, when the gate thinks so of the card.
pub(super) fn faults(card: &CardFile, verdict: Verdict) -> Vec<Fault> {
    let mut all = vec![];
    for (language, file) in &card.translations {
        let mut check = Check::default();
        let known = LANGUAGES.contains(&language.as_str()) && *language != card.language;
        check.ensure(
            known,
            "",
            "invalid",
            "A translation into one of en, uk, ru, and not the card's own language.",
        );
        check.line("title", &file.title, text::TITLE);
        check.markdown("body", &file.body, text::CARD_BODY);
        for (field, term, original) in [
            ("in_return", &file.in_return, &card.in_return),
            ("trigger", &file.trigger, &card.trigger),
        ] {
            check.optional(field, term.as_deref(), text::CARD_FIELD);
            check.ensure(
                term.is_none() || original.is_some(),
                field,
                "invalid",
                "The proposal says nothing about this.",
            );
        }
        check.optional("verifier", file.verifier.as_deref(), text::CARD_FIELD);
        let others = [
            ("in_return", &file.in_return),
            ("trigger", &file.trigger),
            ("verifier", &file.verifier),
        ];
        let judged = judge_texts(texts(
            &file.title,
            &file.body,
            others.map(|(field, text)| (field, text.as_deref())),
        ));
        if judged.verdict == Verdict::Stop && verdict != Verdict::Stop {
            let field = judged
                .matches
                .first()
                .map_or("body", |found| found.field.as_str());
            check.fault(
                field,
                "territorial",
                "This says something about land that the proposal does not.",
            );
        }
        for fault in check.finish().err().unwrap_or_default() {
            let field = [&format!("translations.{language}"), &fault.field]
                .map(String::as_str)
                .join(".");
            all.push(Fault {
                field: field.trim_end_matches('.').into(),
                ..fault
            });
        }
    }
    all
}

/// Puts a card's translations, each once; those of a card that has changed or is not shown are left
/// out.
pub(super) async fn put(
    services: &Services,
    target: &Target,
    author: AccountId,
    name: &str,
    id: ConcessionId,
    card: &CardFile,
) -> Outcome<()> {
    for (language, file) in &card.translations {
        let name = format!("{name}/{language}");
        if services
            .store
            .read()
            .await?
            .site_value(&name)
            .await?
            .is_some()
        {
            continue;
        }
        let file = file.clone();
        let given = TranslateConcession {
            concession: id,
            version: 1,
            language: language.clone(),
            title: file.title,
            body: file.body,
            in_return: file.in_return,
            verifier: file.verifier,
            trigger: file.trigger,
        };
        let errand = Errand::Translation(name.clone(), given.into());
        match services
            .desk
            .errand(author, target.framework.id, named_id(&name), errand)
            .await
        {
            Err(problem)
                if matches!(
                    problem.code,
                    Code::Unavailable | Code::UnknownOutcome | Code::Overloaded
                ) =>
            {
                return Err(problem.into());
            }
            _ => {}
        }
    }
    Ok(())
}
