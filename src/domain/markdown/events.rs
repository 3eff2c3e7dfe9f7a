//! The one stream of events that both the HTML and the visible text of a Markdown text are made
//! from, so that the two never say different things.
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{
    source::{Kind, Marked, Taken, taken},
    walk::walk,
};

/// How often a text is parsed anew because indents made code of it; what is still code after that
/// is shown line by line.
const ROUNDS: usize = 4;

/// An event, and where what it shows stands in the source, in bytes.
pub(super) type Placed = (Event<'static>, Range<usize>);

/// What a text shows: paragraphs, emphasis, quotes, lists, code in fences, links and lines.
pub(super) fn events(body: &str) -> Vec<Placed> {
    let mut out = taken(body);
    let mut references = false;
    for _ in 0..ROUNDS {
        let marked = Marked::new(body, out.clone());
        let more = vanishing(&marked, &mut references);
        if more.is_empty() {
            return walk(&marked);
        }
        out.extend(more);
    }
    walk(&Marked::new(body, out))
}

/// The parser of a text with its marks.
pub(super) fn parser<'m>(marked: &'m Marked<'_>) -> Parser<'m> {
    Parser::new_ext(&marked.text, Options::ENABLE_STRIKETHROUGH)
}

/// What has to be taken out too: indents that make code of a paragraph, and definitions of
/// references that nothing refers to.
fn vanishing(marked: &Marked<'_>, references: &mut bool) -> Vec<Taken> {
    let mut more = vec![];
    let mut iter = parser(marked).into_offset_iter();
    let mut used: Vec<Range<usize>> = vec![];
    let mut in_indented = false;
    while let Some((event, at)) = iter.next() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => in_indented = true,
            Event::End(TagEnd::CodeBlock) => in_indented = false,
            Event::Text(_) if in_indented => more.extend(indent(marked, at)),
            Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) if !id.is_empty() => {
                used.extend(
                    iter.reference_definitions()
                        .get(&id)
                        .map(|definition| definition.span.clone()),
                );
            }
            _ => {}
        }
    }
    if !*references && iter.reference_definitions().iter().count() > 0 {
        *references = true;
        let colons = marked.text.match_indices("]:").map(|(at, _)| at + 1);
        let unused = colons.filter(|at| !used.iter().any(|span| span.contains(at)));
        more.extend(unused.map(|at| marked.place(at)).map(|at| Taken {
            kind: Kind::Typed,
            at: at..at + 1,
        }));
    }
    more
}

/// The four columns before a line of indented code, and what blanks follow them.
fn indent(marked: &Marked<'_>, line: Range<usize>) -> Option<Taken> {
    let text = &marked.text;
    let content = text[line.clone()].trim_start_matches([' ', '\t']);
    if content.trim().is_empty() {
        return None;
    }
    let (mut start, mut columns) = (line.start, 0);
    while columns < 4 && text[..start].ends_with([' ', '\t']) {
        columns += if text[..start].ends_with('\t') { 4 } else { 1 };
        start -= 1;
    }
    let end = line.end - content.len();
    // A marker of a list wants one blank after it.
    let start = if start > 0 && !text[..start].ends_with(['\n', ' ']) {
        start + 1
    } else {
        start
    };
    (start < end).then(|| Taken {
        kind: Kind::Indent,
        at: marked.place(start)..marked.place(end - 1) + 1,
    })
}
