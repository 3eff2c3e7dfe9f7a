//! Finds bare addresses in a text that was not parsed yet.
mod extent;

use std::ops::Range;

use url::Url;

use self::extent::{Open, length, trimmed};

/// An address in a text.
pub(super) struct Address {
    /// As it is shown.
    pub(super) words: String,
    /// Where it leads; none where it is only kept as it was typed.
    pub(super) href: Option<String>,
    /// Where it stands, `<` and `>` around it included.
    pub(super) at: Range<usize>,
}

/// How an address begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// With `http://` or `https://`.
    Web,
    /// With `www.`.
    Www,
    /// With another scheme, or as `example.org/path`: no link, but no mark-up either.
    Other,
}

/// The addresses of a text.
pub(super) fn addresses(source: &str) -> Vec<Address> {
    let mut found: Vec<Address> = vec![];
    let mut from = 0;
    let mut open = Open::default();
    for (start, host, kind) in starts(source) {
        if start < from {
            continue;
        }
        open.read(&source[from..start], source[..from].chars().next_back());
        let end = host + length(&source[host..], source[..start].ends_with('\''));
        let typed = open.without_closers(trimmed(&source[start..end]));
        let end = start + typed.len();
        from = end.max(host);
        let words = unescaped(typed);
        let href = if kind == Start::Www {
            format!("https://{words}")
        } else {
            words.clone()
        };
        let leads = Url::parse(&href).is_ok_and(|url| {
            url.host_str()
                .is_some_and(|host| host.contains(char::is_alphanumeric))
        });
        let bracketed = source[..start].ends_with('<') && source[end..].starts_with('>');
        let at = if bracketed {
            start - 1..end + 1
        } else {
            start..end
        };
        match kind {
            Start::Web if leads => found.push(Address {
                words,
                href: Some(href),
                at,
            }),
            Start::Www if leads && words.get(4..).unwrap_or_default().contains('.') => {
                found.push(Address {
                    words,
                    href: Some(href),
                    at,
                })
            }
            Start::Other if end > host => found.push(Address {
                words: typed.to_owned(),
                href: None,
                at: start..end,
            }),
            _ => {}
        }
    }
    found
}

/// Where addresses may begin, and where their hosts do, in order.
fn starts(source: &str) -> Vec<(usize, usize, Start)> {
    let with_scheme = source.match_indices("://").filter_map(|(at, _)| {
        let before = &source[..at];
        let web = scheme(before).map(|start| (start, at + 3, Start::Web));
        web.or_else(|| Some((other_scheme(before)?, at + 3, Start::Other)))
    });
    let inside = |before: &str, more: &[char]| {
        before.ends_with(|c: char| c.is_alphanumeric() || more.contains(&c))
    };
    let lower = source.to_ascii_lowercase();
    let www: Vec<_> = lower
        .match_indices("www.")
        .map(|(at, _)| at)
        .filter(|at| !inside(&source[..*at], &['.', '-', '/', '@']))
        .collect();
    let bare = source.match_indices('/').filter_map(|(at, _)| {
        let start = source[..at]
            .trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.'))
            .len();
        let (_, last) = source[start..at].rsplit_once('.')?;
        let named = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
        // Behind a backslash stands mark-up, which is read before anybody looks what is named.
        (named && !inside(&source[..start], &['/', '@', ':', '~', '\\'])).then_some((
            start,
            start,
            Start::Other,
        ))
    });
    let mut all: Vec<_> = with_scheme
        .chain(www.into_iter().map(|at| (at, at, Start::Www)))
        .chain(bare)
        .collect();
    // At one place a link goes before what is only typed.
    all.sort_by_key(|(start, _, kind)| (*start, *kind == Start::Other));
    all
}

/// Some editors write `\_` for `_`, in addresses too.
fn unescaped(address: &str) -> String {
    let mut chars = address.chars().peekable();
    let mut words = String::with_capacity(address.len());
    while let Some(c) = chars.next() {
        if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
            words.push(c);
        }
    }
    words
}

/// Where another scheme than those of the web starts.
fn other_scheme(before: &str) -> Option<usize> {
    let start = before
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'))
        .len();
    (before.len() - start >= 2 && before[start..].starts_with(|c: char| c.is_ascii_alphabetic()))
        .then_some(start)
}

/// Where the scheme before `://` starts, if it is one of the web.
fn scheme(before: &str) -> Option<usize> {
    let start = before
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
        .len();
    let word = &before[start..];
    // Right after other words, as in "див.https://", it is one too.
    let known = ["https", "http"].iter().find(|known| {
        word.len() >= known.len() && word[word.len() - known.len()..].eq_ignore_ascii_case(known)
    })?;
    let at = before.len() - known.len();
    (at == start
        || !before[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-')))
    .then_some(at)
}
