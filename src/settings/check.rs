//! What is wrong with settings that each read well by themselves: found before anything is opened, all at once, in words that
//! say the mend.
use std::{net::SocketAddr, path::PathBuf};

use unicode_segmentation::UnicodeSegmentation;
use url::{Host, Url};

use crate::{service::keep::logo::Logo, settings::Settings};

/// The longest name of a site, in characters.
const SITE_NAME: usize = 80;

/// Variables that build and test the program, and are no settings of it.
pub const OTHERS: [&str; 11] = [
    "DEMARCHE_API",
    "DEMARCHE_BINARY",
    "DEMARCHE_DATA",
    "DEMARCHE_FRONTEND",
    "DEMARCHE_FRONTEND_DIST",
    "DEMARCHE_KILLS",
    "DEMARCHE_REQUIRE_ALL",
    "DEMARCHE_SKIP_FRONTEND",
    "DEMARCHE_TEST_DATABASE_URL",
    "DEMARCHE_TEST_REDIS_URL",
    "DEMARCHE_URL",
];

/// How many letters of a variable's name may be wrong for it to be taken for one of ours whose beginning is misspelt.
const MISSPELT: usize = 2;

/// Variables that are meant for this program and are none of its own, each with the name that is most like it. `set` is names and values.
pub fn unknown(set: impl Iterator<Item = (String, String)>, known: &[String]) -> Vec<String> {
    let ours = set.filter_map(|(name, value)| {
        if known.contains(&name) || OTHERS.contains(&name.as_str()) || is_of_kubernetes(&name, &value) {
            return None;
        }
        let written = name.to_uppercase().replace('-', "_");
        let like = |known: &String| strsim::jaro_winkler(known, &written);
        let nearest = known.iter().max_by(|one, other| like(one).total_cmp(&like(other)))?;
        let misspelt = strsim::damerau_levenshtein(nearest, &written) <= MISSPELT;
        (written.starts_with("DEMARCHE_") || misspelt).then(|| format!("{name}: there is no such setting; the nearest is {nearest}"))
    });
    ours.collect()
}

/// Kubernetes, and Docker where containers are linked, tell every container where a service is that is called as this program is.
fn is_of_kubernetes(name: &str, value: &str) -> bool {
    let Some(rest) = name.strip_prefix("DEMARCHE_") else { return false };
    let at = value.starts_with("tcp://") || value.starts_with("udp://");
    rest == "SERVICE_HOST" || rest.starts_with("SERVICE_PORT") || (rest == "PORT" && at) || (rest.starts_with("PORT_") && rest.contains("_TCP"))
}

impl Settings {
    /// From how many answers on a viewpoint's numbers show, and from how many a card ranks.
    #[must_use]
    pub fn counts(&self, demo: bool) -> (i64, i64) {
        let (floor, enough) = if demo { (3, 3) } else { (5, 8) };
        (self.floor.unwrap_or(floor), self.enough.unwrap_or(enough))
    }

    /// The logo that is set.
    ///
    /// # Errors
    /// In words for the host.
    pub fn logo(&self) -> Result<Option<Logo>, String> {
        self.site_logo.as_deref().filter(|name| !name.is_empty()).map(|name| Logo::named(name, &self.data_dir)).transpose()
    }

    /// The settings as they are used, with what is harmless put right.
    ///
    /// # Errors
    /// Everything that is wrong, each with the name of its setting.
    pub fn checked(mut self, demo: bool) -> Result<Self, Vec<String>> {
        let mut faults = vec![];
        match self.public_url.take().filter(|raw| !raw.is_empty()).map(|raw| public(&raw)).transpose() {
            Ok(url) => self.public_url = url,
            Err(why) => faults.push(format!("DEMARCHE_PUBLIC_URL: {why}")),
        }
        match self.link_back.take().filter(|raw| !raw.is_empty()).map(|raw| link(&raw)).transpose() {
            Ok(url) => self.link_back = url,
            Err(why) => faults.push(format!("DEMARCHE_LINK_BACK: {why}")),
        }
        if let Err(why) = self.logo() {
            faults.push(format!("DEMARCHE_SITE_LOGO: {why}"));
        }
        if let Some(url) = self.database_url.as_deref().filter(|url| !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))) {
            let other = url.split_once("://").map_or(String::new(), |(scheme, _)| format!(", and not with {scheme}://"));
            faults.push(format!("DEMARCHE_DATABASE_URL: must start with postgres://{other}; leave it out to use SQLite"));
        }
        if self.metrics_bind.is_some_and(|metrics| overlap(metrics, self.bind)) {
            faults.push("DEMARCHE_METRICS_BIND: the site itself is served there; choose another port".into());
        }
        if !self.site_name.contains(char::is_alphanumeric) || self.site_name.graphemes(true).count() > SITE_NAME {
            faults.push(format!("DEMARCHE_SITE_NAME: 1 to {SITE_NAME} characters, and a letter that shows: it stands at the top of every page"));
        }
        let (floor, enough) = self.counts(demo);
        if floor > enough {
            faults.push(format!(
                "DEMARCHE_FLOOR: {floor} is above DEMARCHE_ENOUGH, {enough}: a card that ranks shows numbers, so set it to {enough} or less"
            ));
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// Reads what the environment gives as files, by names with `_FILE` at their end.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn with_files(mut self) -> Result<Self, String> {
        let secrets = [
            (&mut self.database_url, "DEMARCHE_DATABASE_URL"),
            (&mut self.redis_url, "DEMARCHE_REDIS_URL"),
            (&mut self.chain_key, "DEMARCHE_CHAIN_KEY"),
        ];
        for (setting, name) in secrets {
            let name = format!("{name}_FILE");
            if let Some(path) = std::env::var_os(&name).map(PathBuf::from) {
                let told = |why: &str| format!("{name}: {}: {why}", path.display());
                let text = std::fs::read_to_string(&path).map_err(|error| told(&error.to_string()))?;
                if text.trim().is_empty() {
                    return Err(told("nothing stands in it"));
                }
                if setting.as_deref().is_some_and(|set| set != text.trim()) {
                    return Err(told("it says something else than the setting itself; give one of the two"));
                }
                *setting = Some(text.trim().to_owned());
            }
        }
        Ok(self)
    }
}

/// Whether nobody could listen on both addresses.
fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.port() != 0 && (everywhere || one.ip() == other.ip())
}

/// A site's address as browsers write it: lower case, punycode, no port that goes without saying, no slash at the end.
fn public(raw: &str) -> Result<String, String> {
    let url = Url::parse(raw.trim()).map_err(|error| format!("{raw}: not an address ({error}); write https://debate.example.org"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{raw}: must start with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{raw}: write it without a name and a password"));
    }
    let origin = url.origin().ascii_serialization();
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{raw}: a site stands at the root of its name, not below a path; give it a name or a port of its own, such as {origin}"));
    }
    match url.host() {
        Some(Host::Domain(name)) if name.split('.').any(|part| part.is_empty() || part.len() > 63) => {
            Err(format!("{raw}: {name} is no name of a machine; write a name in other letters in punycode, as xn--…"))
        }
        _ => Ok(origin),
    }
}

/// An address that a reader may be sent to.
fn link(raw: &str) -> Result<String, String> {
    let url = Url::parse(raw.trim()).map_err(|error| format!("{raw}: not an address ({error}); write https://example.org"))?;
    if matches!(url.scheme(), "http" | "https") { Ok(raw.trim().into()) } else { Err(format!("{raw}: must start with http:// or https://")) }
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
            ("https://Debate.Example.org:443", "https://debate.example.org"),
            ("http://демарш.укр:18417", "http://xn--80ahd2av2c.xn--j1amh:18417"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(public(raw).as_deref(), Ok(read));
        }
    }

    #[test]
    fn a_public_address_that_cannot_work_is_refused_with_the_mend() {
        let said = public("http://127.0.0.1:18415/demarche").unwrap_err();
        assert!(said.contains("path") && said.contains("http://127.0.0.1:18415"), "{said}");
        for raw in
            ["debate.example.org", "ftp://example.org", "https://a:b@example.org", "https://example.org/?x=1", "https://", "https://a..example.org"]
        {
            assert!(public(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_link_back_runs_nothing() {
        assert!(link("https://example.org/about?x=1").is_ok());
        for raw in ["javascript:alert(1)", "data:text/html,x", "//example.org", "example.org"] {
            assert!(link(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn an_unknown_variable_is_told_with_the_nearest_name() {
        let known = ["DEMARCHE_REGISTRATION", "DEMARCHE_BIND", "DEMARCHE_REDIS_URL"].map(str::to_owned);
        let typo = format!("DEMARCHE_{}", "REGISTRATON");
        let set = ["PATH".to_owned(), "DEMARCHE_BIND".into(), typo.clone()].map(|name| (name, "closed".to_owned()));
        assert_eq!(unknown(set.into_iter(), &known), [format!("{typo}: there is no such setting; the nearest is DEMARCHE_REGISTRATION")]);
    }

    #[test]
    fn a_variable_in_small_letters_or_with_a_misspelt_beginning_is_told_too() {
        let known = ["DEMARCHE_REGISTRATION", "DEMARCHE_BIND", "DEMARCHE_REDIS_URL"].map(str::to_owned);
        let told = |name: &str, value: &str| unknown([(name.to_owned(), value.to_owned())].into_iter(), &known);
        for typo in
            ["demarche_registration", "Demarche_Bind", "DEMARCHE-BIND", "DEMARSHE_REGISTRATION", "DEMARCH_REDIS_URL", "DEMARCHEBIND", "DÉMARCHE_BIND"]
        {
            assert!(told(typo, "x").iter().all(|said| said.starts_with(typo)) && told(typo, "x").len() == 1, "{typo}");
        }
        for other in ["PATH", "REDIS_URL", "BIND", "DATABASE_URL", "REGISTRATION", "DEMOCRACY_URL"] {
            assert!(told(other, "x").is_empty(), "{other}");
        }
        for (name, value) in
            [("SERVICE_HOST", "10.0.0.1"), ("SERVICE_PORT_HTTP", "80"), ("PORT", "tcp://10.0.0.1:80"), ("PORT_80_TCP_ADDR", "10.0.0.1")]
        {
            assert!(told(&format!("DEMARCHE_{name}"), value).is_empty(), "{name}");
        }
        assert_eq!(told(&format!("DEMARCHE_{}", "PORT"), "8080").len(), 1);
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
