//! The host's pages: rules, privacy, contact, about, counting. A file in the data folder replaces
//! the text that ships.
use std::path::Path;

use rust_embed::Embed;

use crate::{
    domain::{
        markdown,
        text::{LANGUAGES, shows},
    },
    protocol::{problem::Problem, rest::HostPage},
    service::{Outcome, node::Node},
};

/// The pages there are.
pub const KEYS: [&str; 5] = ["rules", "privacy", "contact", "about", "counting"];

#[derive(Embed)]
#[folder = "pages/"]
struct Shipped;

/// A page: the host's own in this language, in English, or in any; where the host wrote none, the
/// one that ships, in this language or in English.
pub async fn page(node: &Node, key: &str, locale: &str) -> Outcome<HostPage> {
    if !KEYS.contains(&key) {
        return Err(Problem::not_found().into());
    }
    let wanted = if LANGUAGES.contains(&locale) {
        locale
    } else {
        "en"
    };
    let languages: Vec<&str> = [wanted, "en"].into_iter().chain(LANGUAGES).collect();
    // What the host wrote, in whatever language, is what holds here; what ships says nothing of
    // this site.
    for locale in &languages {
        let file = node.options.pages.join(format!("{key}.{locale}.md"));
        if let Some(text) = tokio::fs::read_to_string(file)
            .await
            .ok()
            .filter(|text| shows(text))
        {
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

/// A page's first line that is not empty is its title; one without a title is called as the one
/// that ships.
fn made(key: &str, locale: &str, text: &str) -> HostPage {
    let (title, body) = parted(text);
    let shipped = || {
        let file = Shipped::get(&format!("{key}.{locale}.md"))?;
        parted(&String::from_utf8_lossy(&file.data)).0
    };
    let title = title.or_else(shipped).unwrap_or_else(|| key.to_owned());
    HostPage {
        key: key.into(),
        locale: locale.into(),
        title,
        html: markdown::render_page(body),
    }
}

/// The title of a page, if it has one, and what follows.
fn parted(text: &str) -> (Option<String>, &str) {
    // Some editors put a mark in front.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.strip_prefix("# ") {
        Some(title) => (
            Some(markdown::plain(title)).filter(|title| shows(title)),
            rest,
        ),
        None => (None, text),
    }
}

/// What stands in the host's folder of pages and will not be shown, each with the reason.
#[must_use]
pub fn strange(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut told: Vec<String> = files
        .filter_map(|file| {
            Some(format!(
                "{}: {}",
                file.path().display(),
                why_not(&file.path())?
            ))
        })
        .collect();
    told.sort();
    told
}

fn why_not(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_string_lossy();
    let parts: Vec<&str> = name.split('.').collect();
    match parts[..] {
        [key, language, "md"] if KEYS.contains(&key) && LANGUAGES.contains(&language) => {
            match std::fs::read_to_string(file) {
                Ok(text) if shows(&text) => None,
                Ok(_) => Some("nothing stands in it, so it replaces nothing".into()),
                Err(error) => Some(format!("it cannot be read ({error}); save it as UTF-8")),
            }
        }
        _ => Some(format!(
            "no page is called so: {}, then .en.md, .uk.md or .ru.md",
            KEYS.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_title_however_the_file_was_saved() {
        for text in [
            "# Хто ми\n\nТекст",
            "\u{feff}# Хто ми\r\n\r\nТекст\r\n",
            "\n\n# **Хто** [ми](https://example.org)\nТекст",
        ] {
            let page = made("contact", "uk", text);
            assert_eq!(
                (page.title.as_str(), page.html.trim()),
                ("Хто ми", "<p>Текст</p>"),
                "{text:?}"
            );
        }
        let shipped = parted(&String::from_utf8_lossy(
            &Shipped::get("contact.uk.md").unwrap().data,
        ))
        .0
        .unwrap();
        assert_eq!(made("contact", "uk", "Без назви").title, shipped);
    }

    #[test]
    fn what_will_not_be_shown_is_told_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let put =
            |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        put("about.en.md", b"# About");
        put("rules.uk.md", b" \n");
        put("privacy.ru.md", b"\xff\xfe#");
        put("Contact.en.md", b"# Contact");
        put("about.de.md", b"# ...");
        put("notes.txt", b"x");
        let told = strange(folder.path());
        for name in [
            "rules.uk.md",
            "privacy.ru.md",
            "Contact.en.md",
            "about.de.md",
            "notes.txt",
        ] {
            assert_eq!(
                told.iter().filter(|told| told.contains(name)).count(),
                1,
                "{name}: {told:?}"
            );
        }
        assert_eq!(
            (told.len(), strange(&folder.path().join("none")).len()),
            (5, 0)
        );
    }
}
