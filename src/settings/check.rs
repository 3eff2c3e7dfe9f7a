//! What is wrong with settings that each read well by themselves: found before anything is opened,
//! all at once, in words that say the mend.
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Settings,
    addresses::{link, overlap, public},
};
use crate::service::keep::logo::Logo;

/// The longest name of a site, in characters.
const SITE_NAME: usize = 80;

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
        self.site_logo
            .as_deref()
            .filter(|name| !name.is_empty())
            .map(|name| Logo::named(name, &self.data_dir))
            .transpose()
    }

    /// The settings as they are used, with what is harmless put right.
    ///
    /// # Errors
    /// Everything that is wrong, each with the name of its setting.
    pub fn checked(mut self, demo: bool) -> Result<Self, Vec<String>> {
        let mut faults = vec![];
        rewrite(&mut self.public_url, public)
            .unwrap_or_else(|why| faults.push(format!("DEMARCHE_PUBLIC_URL: {why}")));
        rewrite(&mut self.link_back, link)
            .unwrap_or_else(|why| faults.push(format!("DEMARCHE_LINK_BACK: {why}")));
        if let Err(why) = self.logo() {
            faults.push(format!("DEMARCHE_SITE_LOGO: {why}"));
        }
        faults.extend(self.database_url.as_deref().and_then(no_postgres));
        if self
            .metrics_bind
            .is_some_and(|metrics| overlap(metrics, self.bind))
        {
            faults.push(
                "DEMARCHE_METRICS_BIND: the site itself is served there; choose another port"
                    .into(),
            );
        }
        if !self.site_name.contains(char::is_alphanumeric)
            || self.site_name.graphemes(true).count() > SITE_NAME
        {
            faults.push(format!("DEMARCHE_SITE_NAME: 1 to {SITE_NAME} characters, and a letter that shows: it stands at the top of every page"));
        }
        let (floor, enough) = self.counts(demo);
        if floor > enough {
            faults.push(format!(
                "DEMARCHE_FLOOR: {floor} is above DEMARCHE_ENOUGH, {enough}: a card that ranks shows numbers, so set it to {enough} or less"
            ));
        }
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(faults)
        }
    }
}

/// Puts an address as `read` reads it; none is set by an empty one.
fn rewrite(
    setting: &mut Option<String>,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<(), String> {
    *setting = setting
        .take()
        .filter(|raw| !raw.is_empty())
        .map(|raw| read(&raw))
        .transpose()?;
    Ok(())
}

/// The fault of an address of a database other than PostgreSQL.
fn no_postgres(url: &str) -> Option<String> {
    if ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return None;
    }
    let other = url.split_once("://").map_or(String::new(), |(scheme, _)| {
        format!(", and not with {scheme}://")
    });
    Some(format!(
        "DEMARCHE_DATABASE_URL: must start with postgres://{other}; leave it out to use SQLite"
    ))
}
