//! A framework's news as an Atom feed (RFC 4287): the newest comments and cards that everyone may
//! see, made anew for each reader from the rows as they are, so that what was taken from view is
//! gone from it at once.
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};

use crate::{
    domain::{
        Millis,
        account::Author,
        concession::Concession,
        framework::{Framework, FrameworkId},
        permission::Viewer,
        search::Findable,
        thread::Comment,
    },
    protocol::problem::Problem,
    service::{
        Outcome,
        node::Node,
        reads::{
            search::{Seen, seen},
            search_index,
        },
        sight::seen,
    },
    store::{Reader, Within},
};

/// How many entries.
const ENTRIES: usize = 50;
/// How many the index proposes at a time.
const PROPOSALS: i64 = 100;

/// The feed of a framework that everyone may read.
///
/// # Errors
/// `not_found` for others.
pub async fn feed(node: &Node, slug: &str) -> Outcome<String> {
    search_index::caught_up(node).await;
    let mut seen = seen::see_slug(node, None, slug).await?;
    if !seen.framework.public {
        return Err(Problem::not_found().into());
    }
    let entries = entries(
        &mut seen.reader,
        seen.framework.id,
        &node.options.public_url,
    )
    .await?;
    let Framework {
        id,
        slug,
        title,
        summary,
        ..
    } = seen.framework;
    let url = &node.options.public_url;
    let link = |rel: &str, href: String, kind: &str| Link {
        rel: rel.into(),
        href,
        mime_type: Some(kind.into()),
        ..Link::default()
    };
    let feed = Feed {
        title: Text::plain(format!("{title} · {}", node.options.name)),
        id: format!("urn:uuid:{id}"),
        updated: entries
            .iter()
            .map(|entry| entry.updated)
            .max()
            .unwrap_or_else(|| date(0)),
        subtitle: Some(Text::plain(summary)),
        links: vec![
            link(
                "self",
                format!("{url}/frameworks/{slug}/feed.atom"),
                "application/atom+xml",
            ),
            link("alternate", format!("{url}/"), "text/html"),
        ],
        entries,
        ..Feed::default()
    };
    Ok(feed.to_string())
}

async fn entries(reader: &mut Reader, framework: FrameworkId, url: &str) -> Outcome<Vec<Entry>> {
    let (mut entries, mut before) = (vec![], (Millis::MAX, String::new()));
    while entries.len() < ENTRIES {
        let within = Within {
            frameworks: &[framework],
            kind: None,
            before: before.clone(),
            limit: PROPOSALS,
        };
        let proposed = reader.latest(&within).await?;
        let shown = seen(reader, &proposed, |_| Viewer::PUBLIC).await?;
        entries.extend(
            shown
                .into_iter()
                .filter_map(|(_, seen)| Said::of(seen, url).map(Said::entry)),
        );
        match proposed
            .last()
            .filter(|_| i64::try_from(proposed.len()) == Ok(PROPOSALS))
        {
            Some(last) => before = (last.at, last.object.to_string()),
            None => break,
        }
    }
    entries.truncate(ENTRIES);
    Ok(entries)
}

/// What an entry says.
struct Said {
    id: String,
    title: String,
    href: String,
    author: Author,
    html: String,
    language: String,
    created_at: Millis,
    edited_at: Option<Millis>,
    kind: Findable,
}

impl Said {
    /// Threads have no entry of their own, as each begins with a comment.
    fn of(seen: Seen, url: &str) -> Option<Self> {
        match seen {
            Seen::Thread(_) => None,
            Seen::Comment(comment, thread) => Some(Self::comment(comment, thread.title, url)),
            Seen::Concession(card) => Some(Self::card(card, url)),
        }
    }

    fn comment(comment: Comment, title: String, url: &str) -> Self {
        let Comment {
            id,
            author,
            html,
            language,
            created_at,
            edited_at,
            ..
        } = comment;
        let (id, href, kind) = (
            id.to_string(),
            format!("{url}/comments/{id}"),
            Findable::Comment,
        );
        Self {
            id,
            title,
            href,
            author,
            html,
            language,
            created_at,
            edited_at,
            kind,
        }
    }

    fn card(card: Concession, url: &str) -> Self {
        let Concession {
            id,
            author,
            html,
            terms,
            created_at,
            edited_at,
            ..
        } = card;
        let (title, language) = (terms.title, terms.language);
        let (id, href, kind) = (
            id.to_string(),
            format!("{url}/cards/{id}"),
            Findable::Concession,
        );
        Self {
            id,
            title,
            href,
            author,
            html,
            language,
            created_at,
            edited_at,
            kind,
        }
    }

    fn entry(self) -> Entry {
        let category = serde_json::to_value(self.kind)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned));
        Entry {
            title: Text::plain(self.title),
            id: format!("urn:uuid:{}", self.id),
            updated: date(self.edited_at.unwrap_or(self.created_at)),
            published: Some(date(self.created_at)),
            authors: vec![Person {
                name: self.author.named(),
                ..Person::default()
            }],
            links: vec![Link {
                rel: "alternate".into(),
                href: self.href,
                ..Link::default()
            }],
            categories: vec![Category {
                term: category.unwrap_or_default(),
                ..Category::default()
            }],
            content: Some(Content {
                lang: Some(self.language).filter(|language| language != "und"),
                value: Some(self.html),
                content_type: Some("html".into()),
                ..Content::default()
            }),
            ..Entry::default()
        }
    }
}

fn date(at: Millis) -> FixedDateTime {
    let time = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    format!("{time:.0}").parse().expect("a time in RFC 3339")
}
