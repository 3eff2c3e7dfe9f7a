//! The link policy made ready: which entry an address falls under, and which blocked one a text
//! leads to or spells out.
use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use url::Url;

use super::{LinkEffect, LinkRule, ascii};
use crate::domain::text::is_invisible;

/// The link policy, ready to be compared.
#[derive(Clone, Debug, Default)]
pub struct LinkList(Vec<(String, LinkRule)>);

impl LinkList {
    /// Makes the policy ready.
    #[must_use]
    pub fn new(rules: &[LinkRule]) -> Self {
        Self(
            rules
                .iter()
                .filter_map(|rule| Some((ascii(&rule.domain)?, rule.clone())))
                .collect(),
        )
    }

    /// Whether nothing is blocked.
    #[must_use]
    pub fn blocks_nothing(&self) -> bool {
        self.0
            .iter()
            .all(|(_, rule)| rule.effect != LinkEffect::Block)
    }

    /// The entry of an address: that of the closest domain.
    #[must_use]
    pub fn rule(&self, address: &str) -> Option<&LinkRule> {
        let host = host(address)?;
        let covers = |domain: &str| {
            host.strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.0
            .iter()
            .filter(|(domain, _)| covers(domain))
            .max_by_key(|(domain, _)| domain.len())
            .map(|(_, rule)| rule)
    }

    /// The first blocked address among some that a text leads to, or that it spells out.
    #[must_use]
    pub fn blocked<'a>(
        &'a self,
        addresses: &[String],
        text: &str,
    ) -> Option<(&'a LinkRule, Option<Range<usize>>)> {
        let blocking = |address: &str| {
            self.rule(address)
                .filter(|rule| rule.effect == LinkEffect::Block)
        };
        let spelt_out = spelt(text)
            .into_iter()
            .find_map(|(address, at)| Some((blocking(address)?, Some(at))));
        // What nobody sees parts no address for a reader.
        let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        let seen = || {
            spelt(&seen)
                .into_iter()
                .find_map(|(address, _)| Some((blocking(address)?, None)))
        };
        spelt_out.or_else(seen).or_else(|| {
            addresses
                .iter()
                .find_map(|address| Some((blocking(address)?, None)))
        })
    }
}

/// Where an address leads.
fn host(address: &str) -> Option<String> {
    let url = Url::parse(address)
        .or_else(|_| Url::parse(&format!("https://{address}")))
        .ok()?;
    let url = if url.has_host() {
        url
    } else {
        Url::parse(&format!("https://{address}")).ok()?
    };
    url.host_str()
        .map(|host| host.trim_end_matches('.').to_owned())
}

/// The addresses that a text spells out, with or without `https://`: a reader copies what is no
/// link.
fn spelt(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(false);
    finder
        .links(text)
        .map(|link| (link.as_str(), link.start()..link.end()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> LinkList {
        let rule = |domain: &str, effect, label: Option<&str>| LinkRule {
            domain: domain.into(),
            effect,
            label: label.map(Into::into),
        };
        LinkList::new(&[
            rule("blocked.example", LinkEffect::Block, None),
            rule("fine.blocked.example", LinkEffect::Label, Some("archive")),
            rule("приклад.укр", LinkEffect::Block, None),
        ])
    }

    #[test]
    fn a_domain_covers_its_subdomains_and_nothing_else() {
        let list = list();
        let domain = |address: &str| list.rule(address).map(|rule| rule.domain.clone());
        for address in [
            "https://blocked.example/a",
            "http://WWW.Blocked.Example.",
            "https://user:pass@blocked.example:8443/",
            "https:\\\\blocked.example\\a",
            "https://%62locked.example",
            "https://blocked。example",
            "blocked.example",
            "blocked.example:8080/a",
        ] {
            assert_eq!(
                domain(address).as_deref(),
                Some("blocked.example"),
                "{address}"
            );
        }
        for address in [
            "https://unblocked.example",
            "https://blocked.example.org",
            "https://other.org/?blocked.example",
            "mailto:a@b",
            "no address",
        ] {
            assert_eq!(domain(address), None, "{address}");
        }
        assert_eq!(
            domain("https://a.fine.blocked.example").as_deref(),
            Some("fine.blocked.example")
        );
        assert_eq!(
            domain("https://xn--80aikifvh.xn--j1amh/").as_deref(),
            Some("приклад.укр")
        );
        assert_eq!(
            domain("https://ПРИКЛАД.укр/шлях").as_deref(),
            Some("приклад.укр")
        );
    }

    #[test]
    fn an_address_is_found_as_a_link_and_spelt_out() {
        let list = list();
        let blocked = |addresses: &[&str], text: &str| {
            let addresses: Vec<String> = addresses
                .iter()
                .map(|address| (*address).to_owned())
                .collect();
            list.blocked(&addresses, text)
                .map(|(rule, at)| (rule.domain.clone(), at.map(|at| text[at].to_owned())))
        };
        assert_eq!(
            blocked(&["https://blocked.example"], "here"),
            Some(("blocked.example".into(), None))
        );
        assert_eq!(
            blocked(&[], "see www.blocked.example/x, please"),
            Some((
                "blocked.example".into(),
                Some("www.blocked.example/x".into())
            ))
        );
        assert_eq!(
            blocked(&[], "blocked.\u{200d}example"),
            Some(("blocked.example".into(), None))
        );
        assert_eq!(
            blocked(&["https://fine.blocked.example"], "see example.org"),
            None
        );
        assert!(!list.blocks_nothing() && LinkList::default().blocks_nothing());
    }
}
