//! Reads `rules.txt`, line by line.
use std::collections::HashMap;

use super::{Finder, List, Part, Pattern, Rules};
use crate::domain::scope::{Letter, Rule, Verdict};

/// The lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The lists by name: rules and other lists may name one that stands further down.
fn names(text: &str) -> Result<HashMap<&str, usize>, String> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (at, line) in lines(text) {
        if let Some(name) = line.strip_prefix("list ") {
            let next = names.len();
            if names.insert(name, next).is_some() {
                return Err(format!("line {at}: the list {name} stands twice"));
            }
        }
    }
    Ok(names)
}

/// Reads the file.
///
/// # Errors
/// The line that does not read, and why.
pub(in crate::domain::scope) fn parse(text: &str) -> Result<Rules, String> {
    let names = names(text)?;
    let named = |name: &str| {
        names
            .get(name.trim())
            .copied()
            .ok_or_else(|| format!("there is no list {name}"))
    };
    let mut lists: Vec<List> = names.iter().map(|_| List::default()).collect();
    let mut finders: Vec<Finder> = vec![];
    let mut section = Section::Nowhere;
    for (at, line) in lines(text) {
        let (word, rest) = line
            .split_once(' ')
            .ok_or_else(|| format!("line {at}: one word alone"))?;
        let read = match (word, &mut section) {
            ("list", _) => named(rest).map(|list| section = Section::List(list)),
            ("rule", _) => {
                finders.push(Finder::named(rest));
                section = Section::Rule;
                Ok(())
            }
            (_, Section::List(list)) => in_list(&mut lists, *list, word, rest, &named),
            (_, Section::Rule) => in_rule(
                finders.last_mut().expect("a rule was opened"),
                word,
                rest,
                &named,
            ),
            (_, Section::Nowhere) => Err("neither in a list nor in a rule".into()),
        };
        read.map_err(|reason| format!("line {at}: {reason}"))?;
    }
    let [not, joiner, not_only, filler, land] = [
        named("not")?,
        named("joiner")?,
        named("not_only")?,
        named("filler")?,
        named("land")?,
    ];
    let (exact, stems) = index(&lists);
    Ok(Rules {
        lists,
        finders,
        exact,
        stems,
        not,
        joiner,
        not_only,
        filler,
        land,
    })
}

enum Section {
    Nowhere,
    List(usize),
    Rule,
}

impl Finder {
    fn named(id: &str) -> Self {
        let rule = Rule {
            id: id.to_owned(),
            letter: Letter::Edge,
            verdict: Verdict::Review,
            en: String::new(),
            uk: String::new(),
            ru: String::new(),
        };
        Self {
            rule,
            patterns: vec![],
            not_between: vec![],
            unless: vec![],
            soften: vec![],
            negated: false,
        }
    }
}

type Named<'a> = &'a dyn Fn(&str) -> Result<usize, String>;

fn in_list(
    lists: &mut [List],
    list: usize,
    word: &str,
    rest: &str,
    named: Named<'_>,
) -> Result<(), String> {
    match word {
        "en" | "uk" | "ru" => lists[list].phrases.extend(
            rest.split(',')
                .map(str::trim)
                .filter(|phrase| !phrase.is_empty())
                .map(phrase),
        ),
        "all-of" => {
            let phrases = lists[named(rest)?].phrases.clone();
            lists[list].phrases.extend(phrases);
        }
        "not-after" => lists[list].not_after.push(named(rest)?),
        "not-before" => lists[list].not_before.push(named(rest)?),
        "without" => lists[list].without.push(named(rest)?),
        "owner" => {
            let (mark, whole) = rest.split_once(" of ").ok_or("an owner of what?")?;
            lists[list].owner = Some((named(mark)?, named(whole)?));
        }
        _ => return Err(format!("a list has no {word}")),
    }
    Ok(())
}

fn in_rule(finder: &mut Finder, word: &str, rest: &str, named: Named<'_>) -> Result<(), String> {
    match word {
        "letter" => {
            finder.rule.letter = Letter::read(rest).ok_or("a letter is a, b, c, d, e or X-EDGE")?
        }
        "verdict" if rest == "stop" => finder.rule.verdict = Verdict::Stop,
        "verdict" if rest == "review" => finder.rule.verdict = Verdict::Review,
        "en" => rest.clone_into(&mut finder.rule.en),
        "uk" => rest.clone_into(&mut finder.rule.uk),
        "ru" => rest.clone_into(&mut finder.rule.ru),
        "when" => finder.patterns.push(pattern(rest, named)?),
        "not-between" => finder.not_between.push(named(rest)?),
        "unless" => finder.unless.push(named(rest)?),
        "soften" => finder.soften.push(named(rest)?),
        "even" if rest == "negated" => finder.negated = true,
        _ => return Err(format!("a rule has no {word} {rest}")),
    }
    Ok(())
}

/// `a + b within 5`, in any order; `a then b within 5`, in this one; `a`, alone.
fn pattern(text: &str, named: Named<'_>) -> Result<Pattern, String> {
    let (lists, within) = text.split_once(" within ").unwrap_or((text, "0"));
    let ordered = lists.contains(" then ");
    let lists = lists
        .split(if ordered { " then " } else { " + " })
        .map(named)
        .collect::<Result<_, _>>()?;
    Ok(Pattern {
        lists,
        within: within
            .trim()
            .parse()
            .map_err(|_| "within how many words?")?,
        ordered,
    })
}

fn phrase(text: &str) -> Vec<Part> {
    let part = |word: &str| match (word, word.strip_suffix('*')) {
        ("...", _) => Part::Gap,
        (_, Some(stem)) => Part::Stem(stem.to_owned()),
        _ => Part::Exact(word.to_owned()),
    };
    text.split_whitespace().map(part).collect()
}

type Index = HashMap<String, Vec<(usize, usize)>>;

fn index(lists: &[List]) -> (Index, Index) {
    let (mut exact, mut stems) = (Index::new(), Index::new());
    for (list, phrases) in lists.iter().enumerate() {
        for (at, phrase) in phrases.phrases.iter().enumerate() {
            match &phrase[0] {
                Part::Exact(word) => exact.entry(word.clone()).or_default().push((list, at)),
                Part::Stem(stem) => stems.entry(stem.clone()).or_default().push((list, at)),
                Part::Gap => {}
            }
        }
    }
    (exact, stems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_read_and_speak_three_languages() {
        let rules = parse(include_str!("../rules.txt")).unwrap();
        for finder in &rules.finders {
            let rule = &finder.rule;
            assert!(!finder.patterns.is_empty(), "{} finds nothing", rule.id);
            assert!(
                [&rule.en, &rule.uk, &rule.ru]
                    .iter()
                    .all(|text| text.ends_with('.')),
                "{} wants a sentence in each language",
                rule.id
            );
        }
        let ids: std::collections::HashSet<_> =
            rules.finders.iter().map(|finder| &finder.rule.id).collect();
        assert_eq!(ids.len(), rules.finders.len());
    }

    #[test]
    fn words_of_the_rules_are_written_as_they_are_compared() {
        for list in parse(include_str!("../rules.txt")).unwrap().lists {
            assert!(!list.phrases.is_empty());
            for part in list.phrases.iter().flatten() {
                if let Part::Exact(word) | Part::Stem(word) = part {
                    assert!(
                        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric()),
                        "{word}: letters only"
                    );
                    assert_eq!(
                        word,
                        &word.to_lowercase().replace('ё', "е").replace('ґ', "г")
                    );
                    // A word with letters of two scripts would never match.
                    assert!(
                        word.is_ascii() || word.chars().all(|c| !c.is_ascii_alphabetic()),
                        "{word} mixes scripts"
                    );
                }
            }
        }
    }

    #[test]
    fn a_line_that_does_not_read_is_named() {
        assert_eq!(
            parse("list a\n  en b\n\nrule c\n  when nothing")
                .err()
                .unwrap(),
            "line 5: there is no list nothing"
        );
        assert_eq!(
            parse("list a\n  de b").err().unwrap(),
            "line 2: a list has no de"
        );
    }
}
