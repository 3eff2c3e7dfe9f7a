//! From a text as typed to words that can be compared: hidden characters gone, look-alikes folded,
//! spelled-out words joined, and each word still knowing where it stood.
mod parting;
mod readings;

use self::{
    parting::{Parting, parting},
    readings::readings,
};
use crate::domain::fold::{Letter, joins, letters};

/// The longest run of spaced letters joined into one word; longer ones are cut, so that the cost
/// stays linear.
const SPELLED: usize = 40;
/// The most signs that may stand inside one word.
const SIGNS: usize = 3;

/// One word of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// How it may be read, folded; one reading unless digits or scripts are mixed.
    pub(super) readings: Vec<String>,
    /// Where it starts, in bytes of the text.
    pub(super) start: usize,
    /// Where it ends (exclusive), in bytes of the text.
    pub(super) end: usize,
    /// Counts sentences: ended by a full stop, an empty line or a list item.
    pub(super) sentence: usize,
    /// Counts what colons, semicolons and sentence ends part.
    pub(super) segment: usize,
    /// Counts what commas, brackets, dashes and all the above part.
    pub(super) clause: usize,
    /// Whether it was put together from single letters, and may thus be several words.
    pub(super) spelled: bool,
}

/// A word before it is read, with what stood between it and the one before.
struct Piece {
    letters: Vec<char>,
    start: usize,
    end: usize,
    gap: String,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = vec![];
    let (mut sentence, mut segment, mut clause) = (0, 0, 0);
    let pieces = pieces(&letters(text));
    let mut at = 0;
    while at < pieces.len() {
        let run = spelled_run(&pieces[at..]);
        let (first, last) = (&pieces[at], &pieces[at + run - 1]);
        // A stop after a single letter abbreviates ("U.S. …", "c.e.d.e. …").
        let after_letter = at > 0 && pieces[at - 1].letters.len() == 1;
        let part = parting(
            first
                .gap
                .strip_prefix('.')
                .filter(|_| after_letter)
                .unwrap_or(&first.gap),
        );
        sentence += usize::from(part == Parting::Sentence);
        segment += usize::from(part >= Parting::Segment);
        clause += usize::from(part >= Parting::Clause);
        let letters: Vec<char> = pieces[at..at + run]
            .iter()
            .flat_map(|piece| piece.letters.iter().copied())
            .collect();
        let mut readings = readings(&letters);
        if let Some(next) = pieces
            .get(at + 1)
            .filter(|next| run == 1 && splits(&next.gap))
        {
            let both: Vec<char> = letters.iter().chain(&next.letters).copied().collect();
            readings.extend(self::readings(&both));
        }
        words.push(Word {
            readings,
            start: first.start,
            end: last.end,
            sentence,
            segment,
            clause,
            spelled: run > 1,
        });
        at += run;
    }
    words
}

fn pieces(letters: &[Letter]) -> Vec<Piece> {
    let mut pieces = vec![];
    let (mut gap, mut at) = (String::new(), 0);
    while at < letters.len() {
        let first = &letters[at];
        if !is_word(first.folded) {
            gap.push(first.folded);
            at += 1;
            continue;
        }
        let mut piece = Piece {
            letters: vec![],
            start: first.at.start,
            end: first.at.end,
            gap: std::mem::take(&mut gap),
        };
        while let Some(letter) = letters.get(at) {
            if is_word(letter.folded) {
                piece.letters.push(letter.folded);
                piece.end = letter.at.end;
            } else if !joins(letters, at) {
                break;
            }
            at += 1;
        }
        pieces.push(piece);
    }
    pieces
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '@' || c == '$'
}

/// Whether a gap may stand inside one word: signs without a blank, as in `Don-bas` or `D**on`.
fn splits(gap: &str) -> bool {
    (1..=SIGNS).contains(&gap.chars().count()) && !gap.contains(char::is_whitespace)
}

/// How many of the first pieces are one word: three or more single letters in a row, else one.
fn spelled_run(pieces: &[Piece]) -> usize {
    let single = |piece: &&Piece| piece.letters.len() == 1;
    let beside = |piece: &&Piece| {
        single(piece) && piece.gap.chars().count() <= SIGNS && !piece.gap.contains(',')
    };
    let run = pieces.iter().take(1).filter(single).count()
        + pieces
            .iter()
            .skip(1)
            .take(SPELLED - 1)
            .take_while(beside)
            .count();
    let letters = pieces
        .iter()
        .take(run)
        .filter(|piece| piece.letters[0].is_alphabetic())
        .count();
    if pieces[0].letters.len() == 1 && run >= 3 && letters * 2 > run {
        run
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        words(text)
            .into_iter()
            .map(|word| word.readings[0].clone())
            .collect()
    }

    #[test]
    fn hidden_characters_case_and_width_make_no_difference() {
        assert_eq!(
            read("Cri\u{200b}mea ＤＯＮＢＡＳ До\u{ad}нбас Кры\u{301}м"),
            ["crimea", "donbas", "донбас", "крым"]
        );
    }

    #[test]
    fn yo_ge_and_apostrophes_fold_and_short_i_stays() {
        assert_eq!(
            read("отдаёт Ґрати Слов’янськ Слов'янськ мій и\u{306} Русскии\u{306}"),
            {
                [
                    "отдает",
                    "грати",
                    "словянськ",
                    "словянськ",
                    "мій",
                    "й",
                    "русский",
                ]
            }
        );
    }

    #[test]
    fn spaced_letters_are_one_word_that_spans_them() {
        let words = words("Now c e d e it, Д.о.н.б.а.с");
        assert_eq!(words[1].readings[0], "cede");
        assert_eq!(
            (words[1].start, words[1].end, words[1].spelled),
            (4, 11, true)
        );
        assert_eq!(words[3].readings[0], "донбас");
        assert_eq!(read("and a I see"), ["and", "a", "i", "see"]);
    }

    #[test]
    fn digits_stand_for_letters_in_words_and_for_themselves_alone() {
        assert_eq!(
            read("C3de D0nbas 1991 100"),
            ["cede", "donbas", "1991", "100"]
        );
        assert!(
            words("Д0нбa3")
                .first()
                .unwrap()
                .readings
                .contains(&"донбаз".to_owned())
        );
        assert!(
            words("Luhan$k 1and")
                .last()
                .unwrap()
                .readings
                .contains(&"land".to_owned())
        );
    }

    #[test]
    fn mixed_scripts_fold_to_the_script_of_most_letters() {
        // Cyrillic С, е, а in Latin words; Latin p, i in Cyrillic ones; a Greek omicron.
        assert_eq!(
            read("Сrimea cеdes Кpим Донбαс d\u{3bf}nbas"),
            ["crimea", "cedes", "крим", "донбас", "donbas"]
        );
    }

    #[test]
    fn sentences_segments_and_clauses_are_told_apart() {
        let words = words("One, two: three. Four\nfive\n\nsix");
        let parts: Vec<_> = words
            .iter()
            .map(|word| (word.sentence, word.segment, word.clause))
            .collect();
        assert_eq!(
            parts,
            [
                (0, 0, 0),
                (0, 0, 1),
                (0, 1, 2),
                (1, 2, 3),
                (1, 2, 3),
                (2, 3, 4)
            ]
        );
    }

    #[test]
    fn words_stand_where_they_stand_in_the_text() {
        let text = "Від\u{200b}дати Крим";
        let found: Vec<_> = words(text)
            .iter()
            .map(|word| &text[word.start..word.end])
            .collect();
        assert_eq!(found, ["Від\u{200b}дати", "Крим"]);
    }
}
