//! The pages of the web app, in one list: which addresses there are, and what the head of each is
//! made from.
use crate::service::reads::heads::About;

/// Every page: its address, with `{}` for what differs, and what it is about. A test holds it
/// against the app's own routes.
#[rustfmt::skip]
pub const PAGES: &[(&str, About)] = &[
    ("/", About::Question),
    ("/account", About::Nothing),
    ("/cards/{}", About::Card),
    ("/comments/{}", About::Comment),
    ("/erased", About::Nothing),
    ("/framework", About::Framework),
    ("/invitation", About::Nothing),
    ("/lineage", About::Framework),
    ("/log", About::Nothing),
    ("/log/record", About::Nothing),
    ("/moderation", About::Nothing),
    ("/moderation/items/{}/{}", About::Nothing),
    ("/moderation/settings", About::Nothing),
    ("/my-items", About::Nothing),
    ("/notice", About::Nothing),
    ("/notice/{}", About::Nothing),
    ("/order/{}", About::Question),
    ("/pace", About::Nothing),
    ("/pages/{}", About::HostPage),
    ("/points/{}", About::Point),
    ("/propose/{}", About::Question),
    ("/register", About::Nothing),
    ("/reset", About::Nothing),
    ("/rounds/{}/{}", About::Round),
    ("/scope", About::Scope),
    ("/search", About::Nothing),
    ("/sign-in", About::Nothing),
    ("/team", About::Nothing),
];

/// A page of the list, by the address that somebody asked for.
pub struct Found<'a> {
    /// Its address in the list.
    pub pattern: &'static str,
    /// What it is about.
    pub about: About,
    /// The parts of the address that differ.
    pub parts: Vec<&'a str>,
}

/// The page at this path; `None` where there is no such page.
#[must_use]
pub fn page_at(path: &str) -> Option<Found<'_>> {
    let asked: Vec<&str> = path.trim_matches('/').split('/').collect();
    PAGES.iter().find_map(|(pattern, about)| {
        let known: Vec<&str> = pattern.trim_matches('/').split('/').collect();
        let fits = asked.len() == known.len()
            && asked
                .iter()
                .zip(&known)
                .all(|(asked, known)| *known == "{}" || asked == known);
        let parts = || {
            asked
                .iter()
                .zip(&known)
                .filter(|(_, known)| **known == "{}")
                .map(|(asked, _)| *asked)
                .collect()
        };
        fits.then(|| Found {
            pattern,
            about: *about,
            parts: parts(),
        })
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// The addresses of the app's routes under a folder, with `{}` for parameters.
    fn routes(folder: &Path, address: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder)
            .expect("the app's routes are there")
            .flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                let part = if name.starts_with('[') { "{}" } else { &name };
                routes(&entry.path(), &format!("{address}/{part}"), found);
            } else if name == "+page.svelte" {
                found.insert(if address.is_empty() {
                    "/".into()
                } else {
                    address.into()
                });
            }
        }
    }

    #[test]
    fn the_pages_are_the_routes_of_the_app() {
        let mut found = BTreeSet::new();
        routes(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/src/routes"),
            "",
            &mut found,
        );
        assert_eq!(
            PAGES
                .iter()
                .map(|(path, _)| (*path).to_owned())
                .collect::<BTreeSet<_>>(),
            found
        );
    }
}
