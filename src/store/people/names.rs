//! Names, of which no two may look alike.
use crate::{
    domain::account::{AccountId, names},
    store::{
        db::{Reader, Result, Store, Tx},
        values::row,
    },
};

/// An account, its handle and display name, and what stands beside them: skeleton, and both as they
/// are written.
type Named = (
    AccountId,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

impl Store {
    /// A word that is another one after every change of a display name, which no stream tells.
    pub async fn named(&self) -> Result<String> {
        Ok(self
            .read()
            .await?
            .site_value("named")
            .await?
            .unwrap_or_default())
    }
}

impl Reader {
    /// Whether the handle or the display name of another account looks like a name that looks so;
    /// see [`names::looks`].
    pub async fn name_is_taken(&mut self, looks: &[String; 3], own: AccountId) -> Result<bool> {
        const SQL: &str = "SELECT id FROM account
            WHERE (skeleton IN ($1, $2) OR name_skeleton IN ($1, $2) OR written = $3 OR name_written = $3) AND id <> $4 LIMIT 1";
        let [skeleton, former, written] = looks;
        let found: Option<(AccountId,)> = self
            .found(SQL, row![skeleton, former, written, own])
            .await?;
        Ok(found.is_some())
    }
}

impl Tx {
    /// Says that a display name has changed, to every node: see [`Store::named`].
    pub async fn rename(&mut self) -> Result<()> {
        self.set_site_value("named", &AccountId::new().to_string())
            .await
    }

    /// Takes the lock on names: of two that look alike, one is kept.
    pub async fn lock_names(&mut self) -> Result<()> {
        // SQLite knows no FOR UPDATE; an update locks the row on both.
        const SQL: &str = "INSERT INTO site (key, value) VALUES ('names', '') ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.run(SQL, row![]).await
    }

    /// Keeps what each name looks like, where that does not stand beside it.
    pub async fn fold_names(&mut self) -> Result<()> {
        const READ: &str =
            "SELECT id, handle, display_name, name_skeleton, written, name_written FROM account";
        const WRITE: &str =
            "UPDATE account SET name_skeleton = $2, written = $3, name_written = $4 WHERE id = $1";
        let rows: Vec<Named> = self.all(READ, row![]).await?;
        for (id, handle, name, skeleton, written, name_written) in rows {
            let looks = [
                name.as_deref().map(names::skeleton),
                Some(names::written(&handle)),
                name.as_deref().map(names::written),
            ];
            if [skeleton, written, name_written] != looks {
                let [skeleton, written, name_written] = &looks;
                self.run(WRITE, row![id, skeleton, written, name_written])
                    .await?;
            }
        }
        Ok(())
    }
}
