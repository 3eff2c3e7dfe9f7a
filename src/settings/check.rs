//! What is wrong with settings that each read well by themselves: found before anything is opened, all at once, in words that
//! say the mend.
use std::path::PathBuf;

use url::{Host, Url};

use super::Settings;
use crate::service::logo::Logo;

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

/// What begins as our variables do and is none of them, each with the name that is most like it.
pub fn unknown(set: impl Iterator<Item = String>, known: &[String]) -> Vec<String> {
    let ours = set.filter(|name| name.starts_with("DEMARCHE_") && !known.contains(name) && !OTHERS.contains(&name.as_str()));
    ours.map(|name| {
        let nearest = known.iter().max_by(|one, other| strsim::jaro_winkler(one, &name).total_cmp(&strsim::jaro_winkler(other, &name)));
        format!("{name}: there is no such setting{}", nearest.map_or_else(String::new, |nearest| format!("; the nearest is {nearest}")))
    })
    .collect()
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
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {}: {error}", path.display()))?;
                *setting = Some(text.trim().to_owned());
            }
        }
        Ok(self)
    }
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
        let set = ["PATH".to_owned(), "DEMARCHE_BIND".into(), typo.clone()];
        assert_eq!(unknown(set.into_iter(), &known), [format!("{typo}: there is no such setting; the nearest is DEMARCHE_REGISTRATION")]);
    }
}
