//! Databases that are copied from one that was migrated: running every migration anew is
//! most of what a short test would wait for.
use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
};

use demarche::store::Store;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

use super::{admin, new_name, postgres, project};

/// Makes a database with all tables on PostgreSQL; false where there is none.
pub async fn database(name: &str) -> bool {
    static TEMPLATE: OnceCell<Option<String>> = OnceCell::const_new();
    match TEMPLATE.get_or_init(template).await {
        Some(template) => admin(format!("CREATE DATABASE {name} TEMPLATE {template}")).await,
        None => false,
    }
}

/// The name of the database that is copied, which stays for later runs: it says which migrations it
/// has. Of several that make it at once, one has the name in the end.
async fn template() -> Option<String> {
    let name = format!("demarche_migrated_{:016x}", migrations());
    if !exists(&name).await? {
        let own = new_name("demarche_making");
        if !admin(format!("CREATE DATABASE {own}")).await {
            return None;
        }
        let store = Store::postgres(&format!("{}/{own}", postgres())).await;
        store.expect("it can be migrated").close().await;
        if !admin(format!("ALTER DATABASE {own} RENAME TO {name}")).await {
            admin(format!("DROP DATABASE {own} WITH (FORCE)")).await;
        }
    }
    Some(name)
}

/// Whether there is such a database; `None` where PostgreSQL does not answer.
async fn exists(name: &str) -> Option<bool> {
    let mut connection = PgConnection::connect(&format!("{}/postgres", postgres()))
        .await
        .ok()?;
    let sql = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    let found = connection
        .fetch_optional(sqlx::raw_sql(AssertSqlSafe(sql)))
        .await
        .ok()?;
    Some(found.is_some())
}

/// What tells these migrations from others.
fn migrations() -> u64 {
    let folder = fs::read_dir(project().join("migrations")).unwrap();
    let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.file_name().hash(&mut hasher);
        fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}
