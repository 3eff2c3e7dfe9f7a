//! What the head of a page says, and what is readable without a script: made from what everyone may
//! see.
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    domain::{
        framework::{Localized, QuestionId},
        markdown::plain as plain_words,
        text::LANGUAGES,
    },
    protocol::rest::{ConcessionView, FrameworkView, PointView, PublishedRule},
    service::{
        caller::Asker,
        node::Node,
        reads::{cards, frameworks, pages, rounds, threads},
    },
};

/// What a page of the web app is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The question, or one of them.
    Question,
    /// The document.
    Framework,
    /// A point, by number.
    Point,
    /// A card, by id.
    Card,
    /// A comment, by id.
    Comment,
    /// A closed round of a question, by id and number.
    Round,
    /// One of the host's pages, by key.
    HostPage,
    /// What counts as about land.
    Scope,
    /// Nothing that a head could tell: it is for the one who looks.
    Nothing,
}

/// A page's head.
pub struct Head {
    /// Title, description, Open Graph: HTML.
    pub tags: String,
    /// A `<noscript>` element.
    pub noscript: String,
    /// Whether there is such a page.
    pub found: bool,
}

struct Words {
    title: String,
    description: String,
    body: String,
}

/// Who asks for a page, and how.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Its path.
    pub path: &'a str,
    /// The language it is for.
    pub locale: &'a str,
    /// Who is signed in: their own things are there for them, and still told to nobody.
    pub asker: Option<Asker>,
}

/// The head of a page: what it is about, and the parts of its path that differ.
pub async fn head(node: &Node, asked: Asked<'_>, page: Option<(About, &[&str])>) -> Head {
    let words = match page {
        Some((about, parts)) => words(node, asked, about, parts).await,
        None => None,
    };
    let found = words.is_some();
    let site = node.options.name.clone();
    let words = words.unwrap_or(Words {
        title: site.clone(),
        description: String::new(),
        body: String::new(),
    });
    let title = if words.title == site {
        site.clone()
    } else {
        format!("{} · {site}", words.title)
    };
    let (title, description) = (escape(&title), escape(&words.description));
    let told = page.is_some_and(|(about, _)| about != About::Nothing) && found;
    let tags = [
        format!("<title>{title}</title><meta name=\"description\" content=\"{description}\">"),
        shared(node, asked, &title, &description),
        if told {
            addresses(node, asked.path)
        } else {
            "<meta name=\"robots\" content=\"noindex\">".into()
        },
        feed(node).await,
    ];
    Head {
        tags: tags.concat(),
        noscript: format!(
            "<noscript><h1>{title}</h1><p>{description}</p>{}</noscript>",
            words.body
        ),
        found,
    }
}

async fn words(node: &Node, asked: Asked<'_>, about: About, parts: &[&str]) -> Option<Words> {
    let part = parts.first().copied().unwrap_or_default();
    match about {
        About::Question => question(node, part, asked.locale).await,
        About::Framework => framework(node, asked.locale).await,
        About::Point => point(node, part.parse().ok()?, asked.locale).await,
        About::Card => {
            let id = part.parse().ok()?;
            match cards::one(node, None, id).await.ok().and_then(card) {
                Some(words) => Some(words),
                // Whose card waits sees it, and the head says nothing of it.
                None => cards::one(node, Some(asked.asker?), id)
                    .await
                    .ok()
                    .and_then(card)
                    .map(|_| plain(node)),
            }
        }
        About::Comment => threads::comment(node, asked.asker, part.parse().ok()?)
            .await
            .ok()
            .map(|_| plain(node)),
        About::Round => {
            result(
                node,
                part.parse().ok()?,
                parts.get(1)?.parse().ok()?,
                asked.locale,
            )
            .await
        }
        About::HostPage => {
            let page = pages::page(node, part, asked.locale).await.ok()?;
            Some(Words {
                description: page.title.clone(),
                title: page.title,
                body: page.html,
            })
        }
        About::Scope => {
            let PublishedRule { en, uk, ru } = crate::service::reads::scope::rules().rule;
            let rule = in_language(&Localized { en, uk, ru }, asked.locale);
            Some(Words {
                description: rule.chars().take(200).collect(),
                ..plain(node)
            })
        }
        About::Nothing => Some(plain(node)),
    }
}

/// What those show who share the page.
fn shared(node: &Node, asked: Asked<'_>, title: &str, description: &str) -> String {
    let base = escape(&node.options.public_url);
    let (url, site) = (
        escape(&format!("{}{}", node.options.public_url, asked.path)),
        escape(&node.options.name),
    );
    format!(
        "<meta property=\"og:title\" content=\"{title}\"><meta property=\"og:description\" content=\"{description}\">\
         <meta property=\"og:type\" content=\"website\"><meta property=\"og:url\" content=\"{url}\">\
         <meta property=\"og:site_name\" content=\"{site}\"><meta property=\"og:locale\" content=\"{}\">\
         <meta property=\"og:image\" content=\"{base}/share.png\"><meta property=\"og:image:width\" content=\"1200\">\
         <meta property=\"og:image:height\" content=\"630\"><meta name=\"twitter:card\" content=\"summary_large_image\">",
        match asked.locale {
            "uk" => "uk_UA",
            "ru" => "ru_RU",
            _ => "en_GB",
        }
    )
}

/// The one address of the page, and the same in each language.
fn addresses(node: &Node, path: &str) -> String {
    let url = escape(&format!("{}{path}", node.options.public_url));
    let language = |tag: &str| {
        format!("<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{url}?lang={tag}\">")
    };
    let languages: String = LANGUAGES.iter().map(|tag| language(tag)).collect();
    format!(
        "<link rel=\"canonical\" href=\"{url}\">{languages}<link rel=\"alternate\" hreflang=\"x-default\" href=\"{url}\">"
    )
}

async fn feed(node: &Node) -> String {
    let Some(slug) = slug(node).await else {
        return String::new();
    };
    let site = escape(&node.options.name);
    format!(
        "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"{site}\" href=\"/frameworks/{slug}/feed.atom\">"
    )
}

/// A page that says nothing of its own.
fn plain(node: &Node) -> Words {
    Words {
        title: node.options.name.clone(),
        description: String::new(),
        body: String::new(),
    }
}

/// The slug of the framework the site shows: the first one.
async fn slug(node: &Node) -> Option<String> {
    frameworks::list(node, None)
        .await
        .ok()?
        .items
        .into_iter()
        .next()
        .map(|entry| entry.slug)
}

async fn first(node: &Node) -> Option<FrameworkView> {
    frameworks::view(node, None, &slug(node).await?).await.ok()
}

/// The points, to read without a script.
fn listed(view: &FrameworkView) -> String {
    let points = view.shared.points.iter().map(|point| {
        let (title, summary) = (escape(&point.title), escape(&point.summary));
        format!(
            "<li value=\"{0}\"><a href=\"/points/{0}\">{title}</a>: {summary}</li>",
            point.number
        )
    });
    format!("<ol>{}</ol>", points.collect::<String>())
}

async fn framework(node: &Node, locale: &str) -> Option<Words> {
    let Some(view) = first(node).await else {
        return Some(plain(node));
    };
    let prompt = view
        .shared
        .questions
        .first()
        .map(|question| in_language(&question.prompt, locale));
    let body = listed(&view);
    Some(Words {
        description: prompt.unwrap_or_else(|| view.shared.summary.clone()),
        title: view.shared.title,
        body,
    })
}

/// The question of this id or, without one, the one that the site begins with.
async fn question(node: &Node, id: &str, locale: &str) -> Option<Words> {
    let Some(view) = first(node).await else {
        return Some(plain(node));
    };
    let named = |wanted: &str| {
        view.shared
            .questions
            .iter()
            .find(|question| question.id.to_string() == wanted)
    };
    let asked = if id.is_empty() {
        view.shared.questions.first()
    } else {
        Some(named(id)?)
    };
    let Some(asked) = asked else {
        return framework(node, locale).await;
    };
    Some(Words {
        title: in_language(&asked.prompt, locale),
        description: view.shared.title.clone(),
        body: listed(&view),
    })
}

fn in_language(text: &Localized, locale: &str) -> String {
    match locale {
        "uk" => text.uk.clone(),
        "ru" => text.ru.clone(),
        _ => text.en.clone(),
    }
}

async fn point(node: &Node, number: u32, locale: &str) -> Option<Words> {
    let view = first(node).await?;
    let PointView {
        entry, positions, ..
    } = frameworks::point(node, None, &view.shared.slug, number)
        .await
        .ok()?;
    let party = |key: &str| {
        let known = view.shared.parties.iter().find(|party| party.key == key);
        known.map_or_else(|| key.to_owned(), |party| in_language(&party.name, locale))
    };
    let positions = positions.iter().map(|position| {
        format!(
            "<li>{}: {}</li>",
            escape(&party(&position.party)),
            escape(&position.text)
        )
    });
    let positions: String = positions.collect();
    Some(Words {
        title: format!("{}. {}", entry.number, entry.title),
        description: entry.summary,
        body: format!("<ul>{positions}</ul>"),
    })
}

/// A closed round: the question, and the cards in their order.
async fn result(node: &Node, id: QuestionId, round: u32, locale: &str) -> Option<Words> {
    let view = rounds::view(node, None, id, round).await.ok()?;
    let question = node.store.read().await.ok()?.question(id).await.ok()??;
    let title = |id| {
        view.cards
            .iter()
            .find(|card| card.id == id)
            .and_then(|card| card.title.clone())
            .unwrap_or_default()
    };
    let cards = view.ranked.iter().map(|card| {
        format!(
            "<li value=\"{}\">{}</li>",
            card.rank.unwrap_or_default(),
            escape(&title(card.card))
        )
    });
    let body = format!("<ol>{}</ol>", cards.collect::<String>());
    Some(Words {
        title: in_language(&question.prompt, locale),
        description: view
            .ranked
            .iter()
            .map(|card| title(card.card))
            .collect::<Vec<_>>()
            .join("; "),
        body,
    })
}

fn card(view: ConcessionView) -> Option<Words> {
    let title = view.title?;
    let body = view.html.unwrap_or_default();
    let description = plain_words(&view.body.unwrap_or_default())
        .graphemes(true)
        .take(200)
        .collect();
    Some(Words {
        title,
        description,
        body,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
