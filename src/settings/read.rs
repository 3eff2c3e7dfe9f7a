//! Reads single settings; what does not read is told in words that say the mend.
use std::net::IpAddr;

use ipnet::IpNet;
use tracing::level_filters::LevelFilter;

pub(super) fn colour(raw: &str) -> Result<String, String> {
    let digits = raw.strip_prefix('#').unwrap_or_default();
    let fits = [3, 6].contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit());
    if fits {
        Ok(raw.into())
    } else {
        Err("a colour such as #1a4d2e".into())
    }
}

pub(super) fn filter(raw: &str) -> Result<String, String> {
    // A word alone that is no level would be read as a part of the program, and nothing else be
    // said.
    let known = |word: &str| {
        word.contains(['=', '[', ':'])
            || word.starts_with("demarche")
            || word.parse::<LevelFilter>().is_ok()
    };
    if let Some(word) = raw.split(',').map(str::trim).find(|word| !known(word)) {
        return Err(format!(
            "{word} is no level: off, error, warn, info, debug or trace; such as info,sqlx=warn"
        ));
    }
    tracing_subscriber::EnvFilter::builder()
        .parse(raw)
        .map(|_| raw.into())
        .map_err(|error| format!("{error}; such as info,sqlx=warn"))
}

/// A network, or a single address; one of IPv4 that is written as IPv6 is one of IPv4.
pub(super) fn network(raw: &str) -> Result<IpNet, String> {
    let network = raw
        .parse::<IpNet>()
        .or_else(|_| raw.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "an address, or a network such as 10.0.0.0/8")?;
    Ok(match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => v6
            .addr()
            .to_ipv4_mapped()
            .and_then(|v4| IpNet::new(v4.into(), v6.prefix_len() - 96).ok()),
        _ => None,
    }
    .unwrap_or(network))
}

pub(super) fn prefix(raw: &str) -> Result<String, String> {
    let fits = !raw.is_empty()
        && raw
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits {
        Ok(raw.into())
    } else {
        Err("letters, digits, - and _".into())
    }
}

pub(super) fn source_list(raw: &str) -> Result<String, String> {
    let fits = raw.is_ascii() && !raw.contains([';', ',', '\n']);
    if fits {
        Ok(raw.into())
    } else {
        Err("words without ; or ,".into())
    }
}
