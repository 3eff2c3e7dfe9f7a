//! Secrets that stand in files, so that they stand in no environment.
use std::path::PathBuf;

use super::Settings;

impl Settings {
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
                let text =
                    std::fs::read_to_string(&path).map_err(|error| told(&error.to_string()))?;
                if text.trim().is_empty() {
                    return Err(told("nothing stands in it"));
                }
                if setting.as_deref().is_some_and(|set| set != text.trim()) {
                    return Err(told(
                        "it says something else than the setting itself; give one of the two",
                    ));
                }
                *setting = Some(text.trim().to_owned());
            }
        }
        Ok(self)
    }
}
