//! The host's pages: rules, privacy, contact, about, counting. A file in the data folder replaces the text that ships.
use rust_embed::Embed;

use super::{Outcome, Services};
use crate::{
    domain::{markdown, text::LANGUAGES},
    protocol::{problem::Problem, rest::HostPage},
};

/// The pages there are.
pub const KEYS: [&str; 5] = ["rules", "privacy", "contact", "about", "counting"];

#[derive(Embed)]
#[folder = "pages/"]
struct Shipped;

/// A page: the host's own in this language, in English, or in any; where the host wrote none, the one that ships, in this language
/// or in English.
pub async fn page(services: &Services, key: &str, locale: &str) -> Outcome<HostPage> {
    if !KEYS.contains(&key) {
        return Err(Problem::not_found().into());
    }
    let wanted = if LANGUAGES.contains(&locale) { locale } else { "en" };
    let languages: Vec<&str> = [wanted, "en"].into_iter().chain(LANGUAGES).collect();
    // What the host wrote, in whatever language, is what holds here; what ships says nothing of this site.
    for locale in &languages {
        if let Ok(text) = tokio::fs::read_to_string(services.options.pages.join(format!("{key}.{locale}.md"))).await {
            return Ok(made(key, locale, &text));
        }
    }
    for locale in languages {
        if let Some(file) = Shipped::get(&format!("{key}.{locale}.md")) {
            return Ok(made(key, locale, &String::from_utf8_lossy(&file.data)));
        }
    }
    Err(Problem::not_found().into())
}

/// A page's first line is its title.
fn made(key: &str, locale: &str, text: &str) -> HostPage {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (title, body) = match first.strip_prefix("# ") {
        Some(title) => (title.trim(), rest),
        None => (key, text),
    };
    HostPage { key: key.into(), locale: locale.into(), title: title.into(), html: markdown::render_page(body) }
}
