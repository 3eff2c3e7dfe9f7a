//! Finds bare addresses in a text that was not parsed yet.
use std::ops::Range;

use url::Url;

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
        let href = if kind == Start::Www { format!("https://{words}") } else { words.clone() };
        let leads = Url::parse(&href).is_ok_and(|url| url.host_str().is_some_and(|host| host.contains(char::is_alphanumeric)));
        let bracketed = source[..start].ends_with('<') && source[end..].starts_with('>');
        let at = if bracketed { start - 1..end + 1 } else { start..end };
        match kind {
            Start::Web if leads => found.push(Address { words, href: Some(href), at }),
            Start::Www if leads && words.get(4..).unwrap_or_default().contains('.') => found.push(Address { words, href: Some(href), at }),
            Start::Other if end > host => found.push(Address { words: typed.to_owned(), href: None, at: start..end }),
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
    let inside = |before: &str, more: &[char]| before.ends_with(|c: char| c.is_alphanumeric() || more.contains(&c));
    let lower = source.to_ascii_lowercase();
    let www: Vec<_> = lower.match_indices("www.").map(|(at, _)| at).filter(|at| !inside(&source[..*at], &['.', '-', '/', '@'])).collect();
    let bare = source.match_indices('/').filter_map(|(at, _)| {
        let start = source[..at].trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.')).len();
        let (_, last) = source[start..at].rsplit_once('.')?;
        let named = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
        // Behind a backslash stands mark-up, which is read before anybody looks what is named.
        (named && !inside(&source[..start], &['/', '@', ':', '~', '\\'])).then_some((start, start, Start::Other))
    });
    let mut all: Vec<_> = with_scheme.chain(www.into_iter().map(|at| (at, at, Start::Www))).chain(bare).collect();
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
    let start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-')).len();
    (before.len() - start >= 2 && before[start..].starts_with(|c: char| c.is_ascii_alphabetic())).then_some(start)
}

/// Where the scheme before `://` starts, if it is one of the web.
fn scheme(before: &str) -> Option<usize> {
    let start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-')).len();
    let word = &before[start..];
    // Right after other words, as in "див.https://", it is one too.
    let known = ["https", "http"].iter().find(|known| word.len() >= known.len() && word[word.len() - known.len()..].eq_ignore_ascii_case(known))?;
    let at = before.len() - known.len();
    (at == start || !before[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'))).then_some(at)
}

/// How far an address goes that stands after its `://`.
fn length(rest: &str, quoted: bool) -> usize {
    let end = host(rest);
    if end > 0 && rest[end..].starts_with(['/', '?', '#']) { end + path(&rest[end..], quoted) } else { end }
}

/// How long the host is, with a name before it and a port after it.
fn host(rest: &str) -> usize {
    let run = rest.split(|c: char| c.is_whitespace() || c.is_control() || "/?#<>\"`|\\".contains(c)).next().unwrap_or_default();
    let name = run.rfind('@').map_or(0, |at| at + 1);
    if let Some(address) = run[name..].strip_prefix('[') {
        return name + address.find(']').map_or(0, |end| end + 2) + port(address.split_once(']').map_or("", |(_, rest)| rest));
    }
    let inside = |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) || matches!(c, '-' | '.' | '_' | '%');
    let host = &run[name..name + run[name..].find(|c| !inside(c)).unwrap_or(run.len() - name)];
    let bare = host.trim_end_matches(['-', '.', '_', '%']);
    if bare.is_empty() {
        return 0;
    }
    name + bare.len() + if bare == host { port(&run[name + host.len()..]) } else { 0 }
}

fn port(rest: &str) -> usize {
    let digits = rest.strip_prefix(':').map_or(0, |rest| rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    if digits > 0 { digits + 1 } else { 0 }
}

/// How long a path is, its query and fragment included: brackets in it are balanced, and it ends in none of the signs that end a clause.
fn path(rest: &str, quoted: bool) -> usize {
    let (mut end, mut open, mut quotes) = (0, vec![], 0);
    for (at, c) in rest.char_indices() {
        let last = match c {
            '"' | '<' | '>' | '`' => break,
            // Parts values in a query; elsewhere it ends a cell of a table or an address.
            '|' => {
                let next = &rest[at + 1..];
                if !rest[..at].contains('?') || next.starts_with("http") || !next.starts_with(|c: char| c.is_alphanumeric() || c == '%') {
                    break;
                }
                false
            }
            c if c.is_whitespace() || c.is_control() => break,
            '(' | '[' | '{' => {
                open.push(c);
                false
            }
            ')' | ']' | '}'
                if open.pop()
                    != Some(if c == ')' {
                        '('
                    } else if c == ']' {
                        '['
                    } else {
                        '{'
                    }) =>
            {
                break;
            }
            '\'' if quoted => break,
            '\'' => {
                quotes += 1;
                quotes % 2 == 0
            }
            '?' | '!' | '.' | ',' | ':' | ';' | '*' => false,
            _ => true,
        };
        if last {
            end = at + c.len_utf8();
        }
    }
    end
}

/// An address without quotation marks and dashes that only follow it.
fn trimmed(address: &str) -> &str {
    let surplus = |(opener, closer)| (closer, address.matches(closer).count().saturating_sub(address.matches(opener).count()));
    let mut surplus = [('«', '»'), ('“', '”'), ('‘', '’')].map(surplus);
    let mut address = address;
    while let Some(last) = address.chars().next_back() {
        match surplus.iter_mut().find(|(closer, _)| *closer == last) {
            Some((_, left)) if *left > 0 => *left -= 1,
            None if matches!(last, '.' | ',' | ':' | ';' | '?' | '!' | '*' | '…' | '„' | '“' | '‘' | '—' | '–' | '。' | '，') => {}
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

/// Which mark-up is open in the paragraph before an address, so that its end is not taken for the address's.
#[derive(Default)]
struct Open {
    underscores: bool,
    tildes: bool,
}

impl Open {
    /// Reads on, from the end of the address before.
    fn read(&mut self, text: &str, before: Option<char>) {
        let mut before = before;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied();
            let opens = after.is_none_or(|c| !c.is_whitespace()) && before.is_none_or(|c| !c.is_alphanumeric());
            let closes = before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !c.is_alphanumeric());
            match c {
                '\n' if after == Some('\n') => *self = Self::default(),
                '_' if opens || closes => self.underscores = opens,
                '~' if opens || closes => self.tildes = opens,
                _ => {}
            }
            before = Some(c);
        }
    }

    /// An address without the closing of what is open before it.
    fn without_closers<'a>(&self, address: &'a str) -> &'a str {
        let address = if self.underscores { address.trim_end_matches('_') } else { address };
        if self.tildes { address.trim_end_matches('~') } else { address }
    }
}
