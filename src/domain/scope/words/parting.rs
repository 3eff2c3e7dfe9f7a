//! What a gap between words parts: clauses, what colons part, sentences.

/// What a gap between words parts, from least to most.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Parting {
    Nothing,
    Clause,
    Segment,
    Sentence,
}

pub(super) fn parting(gap: &str) -> Parting {
    let ends = |marks: &[char]| {
        gap.char_indices().any(|(at, c)| {
            marks.contains(&c) && gap[at + c.len_utf8()..].contains(char::is_whitespace)
        })
    };
    // One line break is only wrapping, unless a list marker follows it.
    let lines = gap.matches('\n').count() > 1
        || gap
            .split_once('\n')
            .is_some_and(|(_, rest)| rest.contains(['-', '*', '+', '•', '#', '>', '–', '—']));
    if lines || ends(&['.', '!', '?', '。']) {
        Parting::Sentence
    } else if ends(&[':', ';']) {
        Parting::Segment
    } else if gap.contains([',', '(', ')', '—', '–', '[', ']', '…']) || gap.contains(" - ") {
        Parting::Clause
    } else {
        Parting::Nothing
    }
}
