//! Where a request comes from: the one place where an address is read. REST, sockets, presence and
//! budgets all ask here.
use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use axum::{extract::FromRequestParts, http::HeaderMap, http::request::Parts};
use ipnet::IpNet;
use sha2::{Digest, Sha256};

use super::{ApiError, App};

/// The header a proxy writes the addresses into that it saw.
const FORWARDED: &str = "x-forwarded-for";

/// The other end of the connection, put into each request by the server.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Reads addresses, and knows whom to believe about them.
#[derive(Debug)]
pub struct Addresses {
    /// Proxies whose `X-Forwarded-For` is believed.
    proxies: Vec<IpNet>,
    /// Keys the hashes of addresses; new at every start, and nothing is kept under it.
    key: String,
    /// Whether the log has said that somebody else sends the header.
    warned: AtomicBool,
}

impl Addresses {
    /// A reader that believes these proxies.
    #[must_use]
    pub fn new(proxies: Vec<IpNet>, key: String) -> Self {
        Self {
            proxies,
            key,
            warned: AtomicBool::new(false),
        }
    }

    /// Whether this is a proxy of ours.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.proxies
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The address a request comes from: the peer's or, behind a proxy that is trusted, what that
    /// proxy saw, and so on along the chain of proxies. Whatever stands further to the left was
    /// written by somebody who is not trusted.
    #[must_use]
    pub fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut origin = peer.to_canonical();
        if !self.trusts(origin) {
            self.warn_of(origin, headers);
            return origin;
        }
        // Lines of the same name are one list (RFC 9110 section 5.3). Each proxy adds to its end:
        // the last is read first.
        let lines: Vec<&[u8]> = headers
            .get_all(FORWARDED)
            .iter()
            .map(axum::http::HeaderValue::as_bytes)
            .collect();
        for hop in lines
            .iter()
            .rev()
            .flat_map(|line| line.rsplit(|byte| *byte == b','))
        {
            let Some(address) = read(hop) else { break };
            origin = address;
            if !self.trusts(origin) {
                break;
            }
        }
        origin
    }

    /// As [`Addresses::origin`], of a request.
    #[must_use]
    pub fn origin_of(&self, parts: &Parts) -> IpAddr {
        let peer = parts
            .extensions
            .get::<Peer>()
            .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        self.origin(peer, &parts.headers)
    }

    /// The hash of an origin, which stands for it wherever something is counted.
    #[must_use]
    pub fn hashed(&self, origin: IpAddr) -> String {
        let hash = Sha256::new()
            .chain_update(&self.key)
            .chain_update(place(origin))
            .finalize();
        hash[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn warn_of(&self, peer: IpAddr, headers: &HeaderMap) {
        if !headers.contains_key(FORWARDED) || self.warned.swap(true, Ordering::Relaxed) {
            return;
        }
        // An address of a network of the host's own is a machine's. Any other may be a person's,
        // and is not for a log.
        let private = matches!(peer, IpAddr::V4(v4) if v4.is_private())
            || matches!(peer, IpAddr::V6(v6) if v6.is_unique_local());
        let peer = if peer.is_loopback() || private {
            peer.to_string()
        } else {
            "a public address".into()
        };
        tracing::warn!(
            %peer,
            "X-Forwarded-For came from an address that DEMARCHE_TRUSTED_PROXIES does not name, and is not believed. If that is a proxy of yours, \
             name it: until then everybody behind it counts as one address"
        );
    }
}

/// What counts as one place: an IPv4 address, and a /64 of IPv6, which one household has.
#[must_use]
pub fn place(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    }
}

/// One entry of the header: an address, perhaps with a port and in brackets.
fn read(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim();
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(hop);
    let address = bare
        .parse::<IpAddr>()
        .ok()
        .or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

/// Where a request comes from, as a hash.
pub struct Visitor(pub String);

impl FromRequestParts<App> for Visitor {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let addresses = &app.edge.addresses;
        Ok(Self(addresses.hashed(addresses.origin_of(parts))))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// Where a request with these lines comes from, through a peer.
    fn origin(peer: &str, lines: &[&str]) -> String {
        let proxies = ["10.0.0.0/8", "192.0.2.7/32", "2001:db8:ffff::/48"]
            .map(|network| network.parse().unwrap())
            .to_vec();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        Addresses::new(proxies, String::new())
            .origin(peer.parse().unwrap(), &headers)
            .to_string()
    }

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_is_believed_across_all_lines() {
        assert_eq!(
            origin("10.0.0.1", &["203.0.113.1, 203.0.113.2"]),
            "203.0.113.2"
        );
        assert_eq!(
            origin("10.0.0.1", &["198.51.100.1", "203.0.113.2"]),
            "203.0.113.2"
        );
        assert_eq!(
            origin(
                "10.0.0.1",
                &["198.51.100.1, 203.0.113.2", "192.0.2.7, 10.3.2.1"]
            ),
            "203.0.113.2"
        );
        assert_eq!(origin("10.0.0.1", &["10.3.2.1,192.0.2.7"]), "10.3.2.1");
        assert_eq!(origin("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn who_is_not_trusted_says_nothing_about_addresses() {
        assert_eq!(origin("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(origin("192.0.2.8", &["198.51.100.1"]), "192.0.2.8");
    }

    #[test]
    fn an_entry_that_cannot_be_read_ends_the_search() {
        for unreadable in [
            "unknown",
            "",
            "_hidden",
            "203.0.113.2:x",
            "203.0.113",
            "[203.0.113.2",
            "\u{442}",
            "1.2.3.4 5.6.7.8",
            "fe80::1%eth0",
        ] {
            assert_eq!(
                origin("10.0.0.1", &[&format!("198.51.100.1, {unreadable}")]),
                "10.0.0.1",
                "{unreadable}"
            );
            assert_eq!(
                origin("10.0.0.1", &["198.51.100.1", unreadable, "10.0.0.2"]),
                "10.0.0.2",
                "{unreadable}"
            );
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        for (said, meant) in [
            ("203.0.113.2:4711", "203.0.113.2"),
            ("[2001:db8::2]:443", "2001:db8::2"),
            ("[2001:db8::2]", "2001:db8::2"),
            ("2001:DB8::2", "2001:db8::2"),
            ("::ffff:203.0.113.2", "203.0.113.2"),
            ("[::ffff:203.0.113.2]:80", "203.0.113.2"),
        ] {
            assert_eq!(origin("10.0.0.1", &[said]), meant, "{said}");
        }
        // A listener for both families names peers of IPv4 so.
        assert_eq!(
            origin("::ffff:10.0.0.1", &["203.0.113.2, 2001:db8:ffff:9::1"]),
            "203.0.113.2"
        );
    }

    #[test]
    fn a_household_is_one_place() {
        let place = |address: &str| place(address.parse().unwrap());
        assert_eq!(place("2001:db8:1:2::3"), place("2001:db8:1:2:ffff::4"));
        assert_ne!(place("2001:db8:1:2::3"), place("2001:db8:1:3::3"));
        assert_eq!(place("::ffff:203.0.113.2"), place("203.0.113.2"));
    }
}
