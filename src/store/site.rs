//! The site's own values.
use super::{
    db::{Reader, Result, Tx},
    values::row,
};

impl Reader {
    /// One of the site's values.
    pub async fn site_value(&mut self, key: &str) -> Result<Option<String>> {
        self.value("SELECT value FROM site WHERE key = $1", row![key])
            .await
    }

    /// The site's own values whose keys begin so, with their keys.
    pub async fn site_values_of(&mut self, prefix: &str) -> Result<Vec<(String, String)>> {
        const SQL: &str =
            "SELECT key, value FROM site WHERE SUBSTR(key, 1, LENGTH($1)) = $1 ORDER BY key";
        self.all(SQL, row![prefix]).await
    }
}

impl Tx {
    /// Sets one of the site's values.
    pub async fn set_site_value(&mut self, key: &str, value: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO site (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.run(SQL, row![key, value]).await
    }

    /// Sets one of the site's values if it is not set, and returns what stands.
    pub async fn site_value_or(&mut self, key: &str, value: &str) -> Result<String> {
        const SQL: &str =
            "INSERT INTO site (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        self.run(SQL, row![key, value]).await?;
        Ok(self
            .site_value(key)
            .await?
            .unwrap_or_else(|| value.to_owned()))
    }

    /// Pauses or resumes posting on the whole site; false where it is so already.
    pub async fn set_site_paused(&mut self, paused: bool) -> Result<bool> {
        const PAUSE: &str =
            "INSERT INTO site (key, value) VALUES ('paused', 'true') ON CONFLICT (key) DO NOTHING";
        const RESUME: &str = "DELETE FROM site WHERE key = 'paused'";
        let statement = if paused { PAUSE } else { RESUME };
        Ok(self.changed(statement, row![]).await? == 1)
    }
}
