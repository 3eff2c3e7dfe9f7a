//! Addresses in settings: the site's own, one that a reader may be sent to, and two that nobody
//! could listen on at once.
use std::net::SocketAddr;

use url::{Host, Url};

/// Whether nobody could listen on both addresses.
pub(super) fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.port() != 0 && (everywhere || one.ip() == other.ip())
}

/// A site's address as browsers write it: lower case, punycode, no port that goes without saying,
/// no slash at the end.
pub(super) fn public(raw: &str) -> Result<String, String> {
    let url = Url::parse(raw.trim()).map_err(|error| {
        format!("{raw}: not an address ({error}); write https://debate.example.org")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{raw}: must start with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{raw}: write it without a name and a password"));
    }
    let origin = url.origin().ascii_serialization();
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{raw}: a site stands at the root of its name, not below a path; give it a name or a port of its own, such as {origin}"
        ));
    }
    match url.host() {
        Some(Host::Domain(name))
            if name
                .split('.')
                .any(|part| part.is_empty() || part.len() > 63) =>
        {
            Err(format!(
                "{raw}: {name} is no name of a machine; write a name in other letters in punycode, as xn--…"
            ))
        }
        _ => Ok(origin),
    }
}

/// An address that a reader may be sent to.
pub(super) fn link(raw: &str) -> Result<String, String> {
    let url = Url::parse(raw.trim())
        .map_err(|error| format!("{raw}: not an address ({error}); write https://example.org"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(raw.trim().into())
    } else {
        Err(format!("{raw}: must start with http:// or https://"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_read_as_browsers_write_it() {
        for (raw, read) in [
            ("https://debate.example.org", "https://debate.example.org"),
            ("https://debate.example.org/", "https://debate.example.org"),
            ("HTTP://LocalHost:18416", "http://localhost:18416"),
            (
                "https://Debate.Example.org:443",
                "https://debate.example.org",
            ),
            (
                "http://демарш.укр:18417",
                "http://xn--80ahd2av2c.xn--j1amh:18417",
            ),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(public(raw).as_deref(), Ok(read));
        }
    }

    #[test]
    fn a_public_address_that_cannot_work_is_refused_with_the_mend() {
        let said = public("http://127.0.0.1:18415/demarche").unwrap_err();
        assert!(
            said.contains("path") && said.contains("http://127.0.0.1:18415"),
            "{said}"
        );
        for raw in [
            "debate.example.org",
            "ftp://example.org",
            "https://a:b@example.org",
            "https://example.org/?x=1",
            "https://",
            "https://a..example.org",
        ] {
            assert!(public(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_link_back_runs_nothing() {
        assert!(link("https://example.org/about?x=1").is_ok());
        for raw in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "example.org",
        ] {
            assert!(link(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn one_port_is_not_listened_on_twice() {
        let at = |address: &str| address.parse::<SocketAddr>().unwrap();
        assert!(
            overlap(at("127.0.0.1:80"), at("127.0.0.1:80"))
                && overlap(at("0.0.0.0:80"), at("10.0.0.1:80"))
                && overlap(at("[::]:80"), at("127.0.0.1:80"))
        );
        assert!(
            !overlap(at("127.0.0.1:80"), at("127.0.0.1:81"))
                && !overlap(at("127.0.0.1:80"), at("10.0.0.1:80"))
                && !overlap(at("127.0.0.1:0"), at("127.0.0.1:0"))
        );
    }
}
