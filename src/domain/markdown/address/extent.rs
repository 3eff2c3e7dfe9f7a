//! How far an address goes: its host, its path, and what only follows it.

/// How far an address goes that stands after its `://`.
pub(super) fn length(rest: &str, quoted: bool) -> usize {
    let end = host(rest);
    if end > 0 && rest[end..].starts_with(['/', '?', '#']) {
        end + path(&rest[end..], quoted)
    } else {
        end
    }
}

/// How long the host is, with a name before it and a port after it.
fn host(rest: &str) -> usize {
    let run = rest
        .split(|c: char| c.is_whitespace() || c.is_control() || "/?#<>\"`|\\".contains(c))
        .next()
        .unwrap_or_default();
    let name = run.rfind('@').map_or(0, |at| at + 1);
    if let Some(address) = run[name..].strip_prefix('[') {
        return name
            + address.find(']').map_or(0, |end| end + 2)
            + port(address.split_once(']').map_or("", |(_, rest)| rest));
    }
    let inside = |c: char| {
        c.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(c)
            || matches!(c, '-' | '.' | '_' | '%')
    };
    let host = &run[name..name + run[name..].find(|c| !inside(c)).unwrap_or(run.len() - name)];
    let bare = host.trim_end_matches(['-', '.', '_', '%']);
    if bare.is_empty() {
        return 0;
    }
    name + bare.len()
        + if bare == host {
            port(&run[name + host.len()..])
        } else {
            0
        }
}

fn port(rest: &str) -> usize {
    let digits = rest.strip_prefix(':').map_or(0, |rest| {
        rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()
    });
    if digits > 0 { digits + 1 } else { 0 }
}

/// How long a path is, its query and fragment included: brackets in it are balanced, and it ends in
/// none of the signs that end a clause.
fn path(rest: &str, quoted: bool) -> usize {
    let (mut end, mut open, mut quotes) = (0, vec![], 0);
    for (at, c) in rest.char_indices() {
        let last = match c {
            '"' | '<' | '>' | '`' => break,
            // Parts values in a query; elsewhere it ends a cell of a table or an address.
            '|' => {
                let next = &rest[at + 1..];
                if !rest[..at].contains('?')
                    || next.starts_with("http")
                    || !next.starts_with(|c: char| c.is_alphanumeric() || c == '%')
                {
                    break;
                }
                false
            }
            c if c.is_whitespace() || c.is_control() => break,
            '(' | '[' | '{' => {
                open.push(c);
                false
            }
            ')' | ']' | '}' if open.pop() != Some(opening(c)) => break,
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

/// The bracket that one of these closes.
const fn opening(closing: char) -> char {
    match closing {
        ')' => '(',
        ']' => '[',
        _ => '{',
    }
}

/// An address without quotation marks and dashes that only follow it.
pub(super) fn trimmed(address: &str) -> &str {
    let surplus = |(opener, closer)| {
        (
            closer,
            address
                .matches(closer)
                .count()
                .saturating_sub(address.matches(opener).count()),
        )
    };
    let mut surplus = [('«', '»'), ('“', '”'), ('‘', '’')].map(surplus);
    let mut address = address;
    while let Some(last) = address.chars().next_back() {
        match surplus.iter_mut().find(|(closer, _)| *closer == last) {
            Some((_, left)) if *left > 0 => *left -= 1,
            None if matches!(
                last,
                '.' | ','
                    | ':'
                    | ';'
                    | '?'
                    | '!'
                    | '*'
                    | '…'
                    | '„'
                    | '“'
                    | '‘'
                    | '—'
                    | '–'
                    | '。'
                    | '，'
            ) => {}
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

/// Which mark-up is open in the paragraph before an address, so that its end is not taken for the
/// address's.
#[derive(Default)]
pub(super) struct Open {
    underscores: bool,
    tildes: bool,
}

impl Open {
    /// Reads on, from the end of the address before.
    pub(super) fn read(&mut self, text: &str, before: Option<char>) {
        let mut before = before;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied();
            let opens = after.is_none_or(|c| !c.is_whitespace())
                && before.is_none_or(|c| !c.is_alphanumeric());
            let closes = before.is_some_and(|c| !c.is_whitespace())
                && after.is_none_or(|c| !c.is_alphanumeric());
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
    pub(super) fn without_closers<'a>(&self, address: &'a str) -> &'a str {
        let address = if self.underscores {
            address.trim_end_matches('_')
        } else {
            address
        };
        if self.tildes {
            address.trim_end_matches('~')
        } else {
            address
        }
    }
}
