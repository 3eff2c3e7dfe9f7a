//! The link policy: domains that are blocked, and domains whose links carry a label. A domain
//! covers its subdomains.
mod list;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Host;
use utoipa::ToSchema;

pub use self::list::LinkList;
use crate::domain::text::{Check, shows};

/// Longest label, in graphemes: it stands beside the link.
pub const LABEL: usize = 60;

/// What happens to links to a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkEffect {
    /// A text with one is not taken.
    Block,
    /// The label stands beside them.
    Label,
}

/// One entry of the link policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRule {
    /// As in `example.org`, in any script.
    pub domain: String,
    /// What happens.
    pub effect: LinkEffect,
    /// As in "state media"; needed to label.
    #[serde(default)]
    pub label: Option<String>,
}

impl LinkRule {
    pub(super) fn checked(self, at: usize, check: &mut Check) -> Self {
        let domain = self.domain.trim().trim_matches('.').to_lowercase();
        let named = domain
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
        let fits = named && ascii(&domain).is_some_and(|ascii| ascii.contains('.'));
        check.ensure(
            fits,
            &format!("links.{at}.domain"),
            "invalid",
            "A domain as in example.org, without https:// and without a path.",
        );
        let mut own = Check::default();
        let label = self
            .label
            .as_deref()
            .filter(|label| shows(label))
            .map(|label| own.line("label", label, LABEL));
        let named = label.is_some() || self.effect == LinkEffect::Block;
        check.ensure(
            named && own.finish().is_ok(),
            &format!("links.{at}.label"),
            "invalid",
            "A label of 1 to 60 characters.",
        );
        Self {
            domain,
            effect: self.effect,
            label,
        }
    }
}

/// The domain as browsers ask for it; `None` where it is none.
fn ascii(domain: &str) -> Option<String> {
    // An address would pass as a host of a different kind.
    match Host::parse(domain).ok()? {
        Host::Domain(ascii) => Some(ascii),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_domain_is_a_fault() {
        let fault = |domain: &str, label: Option<&str>| {
            let mut check = Check::default();
            let rule = LinkRule {
                domain: domain.into(),
                effect: LinkEffect::Label,
                label: label.map(Into::into),
            };
            rule.checked(2, &mut check).domain.clear();
            check.finish().err().map(|faults| faults[0].field.clone())
        };
        assert_eq!(fault(" Example.ORG. ", Some("state media")), None);
        for bad in [
            "",
            "https://example.org",
            "example.org/path",
            "localhost",
            "127.0.0.1",
            "a b.org",
            "*.example.org",
        ] {
            assert_eq!(
                fault(bad, Some("state media")).as_deref(),
                Some("links.2.domain"),
                "{bad}"
            );
        }
        assert_eq!(fault("example.org", None).as_deref(), Some("links.2.label"));
    }
}
