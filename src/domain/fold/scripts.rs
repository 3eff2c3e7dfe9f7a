//! Letters of Latin and Cyrillic that look alike, and words in which the two are mixed.

/// Letters that look alike in upper or in lower case.
const ALIKE: [(char, char); 25] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('d', 'ԁ'),
    ('e', 'е'),
    ('e', 'є'),
    ('h', 'н'),
    ('i', 'і'),
    ('i', 'ї'),
    ('j', 'ј'),
    ('k', 'к'),
    ('m', 'м'),
    ('n', 'п'),
    ('o', 'о'),
    ('p', 'р'),
    ('r', 'г'),
    ('s', 'ѕ'),
    ('t', 'т'),
    ('u', 'и'),
    ('w', 'ш'),
    ('x', 'х'),
    ('y', 'у'),
    ('q', 'ԛ'),
    ('w', 'ԝ'),
    ('h', 'һ'),
];

/// Whether a letter is Cyrillic.
#[must_use]
pub const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// A word in the script of most of its letters, Cyrillic where they are as many; `None` where it is
/// in one script, or has a letter that looks like none of the other.
#[must_use]
pub fn own(word: &str) -> Option<String> {
    let (mut latin, mut cyrillic) = (0, 0);
    for c in word.chars() {
        latin += usize::from(c.is_ascii_alphabetic());
        cyrillic += usize::from(is_cyrillic(c));
    }
    if latin == 0 || cyrillic == 0 {
        return None;
    }
    let to_latin = latin > cyrillic;
    word.chars()
        .map(|c| {
            if is_foreign(c, to_latin) {
                alike(c, to_latin)
            } else {
                Some(c)
            }
        })
        .collect()
}

const fn is_foreign(c: char, to_latin: bool) -> bool {
    if to_latin {
        is_cyrillic(c)
    } else {
        c.is_ascii_alphabetic()
    }
}

/// The letter of one script that a letter is or looks like.
#[must_use]
pub fn alike(c: char, latin: bool) -> Option<char> {
    let skeleton = || {
        let mut mapped = [0; 4];
        let mut skeleton =
            unicode_security::confusable_detection::skeleton(c.encode_utf8(&mut mapped))
                .collect::<Vec<_>>()
                .into_iter();
        skeleton
            .next()
            .filter(|first| skeleton.next().is_none() && first.is_ascii_alphabetic())
    };
    let as_latin = || if c.is_ascii() { Some(c) } else { skeleton() };
    if latin {
        return ALIKE
            .iter()
            .find(|(_, cyrillic)| *cyrillic == c)
            .map(|(latin, _)| *latin)
            .or_else(as_latin);
    }
    if is_cyrillic(c) {
        return Some(c);
    }
    as_latin()
        .and_then(|of| ALIKE.iter().find(|(latin, _)| *latin == of))
        .map(|(_, cyrillic)| *cyrillic)
}
