//! What the head of a page says, and what is readable without a script: made from what everyone may see.
use unicode_segmentation::UnicodeSegmentation;

use super::{Services, cards, frameworks, pages, rounds, threads};
use crate::{
    domain::{
        framework::{Localized, QuestionId},
        markdown::plain as plain_words,
    },
    protocol::rest::{ConcessionView, FrameworkView, PointView},
};

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

/// The head of the page at `path`.
pub async fn head(services: &Services, path: &str, locale: &str) -> Head {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let words = match parts.as_slice() {
        [""] | ["framework" | "lineage"] | ["propose" | "order", _] => framework(services, locale).await,
        ["points", number] => match number.parse() {
            Ok(number) => point(services, number).await,
            Err(_) => None,
        },
        ["cards", id] => match id.parse() {
            Ok(id) => cards::one(services, None, id).await.ok().and_then(card),
            Err(_) => None,
        },
        ["rounds", question, round] => match (question.parse(), round.parse()) {
            (Ok(question), Ok(round)) => result(services, question, round, locale).await,
            _ => None,
        },
        ["pages", key] => {
            pages::page(services, key, locale).await.ok().map(|page| Words { description: page.title.clone(), title: page.title, body: page.html })
        }
        ["comments", id] => match id.parse() {
            Ok(id) => threads::comment(services, None, id).await.ok().map(|_| plain(services)),
            Err(_) => None,
        },
        ["sign-in" | "register" | "reset" | "account" | "log" | "moderation" | "search" | "erased" | "team" | "invitation" | "pace"] => {
            Some(plain(services))
        }
        _ => None,
    };
    let found = words.is_some();
    let site = services.options.name.clone();
    let words = words.unwrap_or(Words { title: site.clone(), description: String::new(), body: String::new() });
    let title = if words.title == site { site.clone() } else { format!("{} · {site}", words.title) };
    let (title, description) = (escape(&title), escape(&words.description));
    let url = escape(&format!("{}{path}", services.options.public_url));
    let feed = slug(services).await.map(|slug| {
        format!("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"{}\" href=\"/frameworks/{slug}/feed.atom\">", escape(&site))
    });
    let tags = format!(
        "<title>{title}</title><meta name=\"description\" content=\"{description}\"><meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"og:description\" content=\"{description}\"><meta property=\"og:type\" content=\"website\">\
         <meta property=\"og:url\" content=\"{url}\"><meta property=\"og:site_name\" content=\"{}\">{}",
        escape(&site),
        feed.unwrap_or_default()
    );
    Head { tags, noscript: format!("<noscript><h1>{title}</h1><p>{description}</p>{}</noscript>", words.body), found }
}

/// A page that says nothing of its own.
fn plain(services: &Services) -> Words {
    Words { title: services.options.name.clone(), description: String::new(), body: String::new() }
}

/// The slug of the framework the site shows: the first one.
async fn slug(services: &Services) -> Option<String> {
    frameworks::list(services, None).await.ok()?.items.into_iter().next().map(|entry| entry.slug)
}

async fn framework(services: &Services, locale: &str) -> Option<Words> {
    let Some(slug) = slug(services).await else { return Some(plain(services)) };
    let FrameworkView { shared, .. } = frameworks::view(services, None, &slug).await.ok()?;
    let points = shared.points.iter().map(|point| {
        let (title, summary) = (escape(&point.title), escape(&point.summary));
        format!("<li value=\"{0}\"><a href=\"/points/{0}\">{title}</a>: {summary}</li>", point.number)
    });
    let prompt = shared.questions.first().map(|question| in_language(&question.prompt, locale));
    let points: String = points.collect();
    Some(Words { description: prompt.unwrap_or_else(|| shared.summary.clone()), title: shared.title, body: format!("<ol>{points}</ol>") })
}

fn in_language(text: &Localized, locale: &str) -> String {
    match locale {
        "uk" => text.uk.clone(),
        "ru" => text.ru.clone(),
        _ => text.en.clone(),
    }
}

async fn point(services: &Services, number: u32) -> Option<Words> {
    let slug = slug(services).await?;
    let PointView { entry, positions, .. } = frameworks::point(services, None, &slug, number).await.ok()?;
    let positions = positions.iter().map(|position| format!("<li>{}: {}</li>", escape(&position.party), escape(&position.text)));
    let positions: String = positions.collect();
    Some(Words { title: format!("{}. {}", entry.number, entry.title), description: entry.summary, body: format!("<ul>{positions}</ul>") })
}

/// A closed round: the question, and the cards in their order.
async fn result(services: &Services, id: QuestionId, round: u32, locale: &str) -> Option<Words> {
    let view = rounds::view(services, None, id, round).await.ok()?;
    let question = services.store.read().await.ok()?.question(id).await.ok()??;
    let title = |id| view.cards.iter().find(|card| card.id == id).and_then(|card| card.title.clone()).unwrap_or_default();
    let cards = view.ranked.iter().map(|card| format!("<li value=\"{}\">{}</li>", card.rank.unwrap_or_default(), escape(&title(card.card))));
    let body = format!("<ol>{}</ol>", cards.collect::<String>());
    Some(Words {
        title: in_language(&question.prompt, locale),
        description: view.ranked.iter().map(|card| title(card.card)).collect::<Vec<_>>().join("; "),
        body,
    })
}

fn card(view: ConcessionView) -> Option<Words> {
    let title = view.title?;
    let body = view.html.unwrap_or_default();
    let description = plain_words(&view.body.unwrap_or_default()).graphemes(true).take(200).collect();
    Some(Words { title, description, body })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
