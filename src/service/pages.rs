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

/// A page in a language, or in English where it is not translated.
pub async fn page(services: &Services, key: &str, locale: &str) -> Outcome<HostPage> {
    if !KEYS.contains(&key) {
        return Err(Problem::not_found().into());
    }
    let wanted = if LANGUAGES.contains(&locale) { locale } else { "en" };
    for locale in [wanted, "en"] {
        let name = format!("{key}.{locale}.md");
        let edited = tokio::fs::read_to_string(services.options.pages.join(&name)).await.ok();
        let shipped = || Shipped::get(&name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
        if let Some(text) = edited.or_else(shipped) {
            return Ok(made(key, locale, &text));
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
